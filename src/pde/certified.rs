//! What is proved of an approximate solution: its residual, computed exactly, bounds its error.

use crate::arith::{Enclosure, Rational};
use crate::linalg::{dot, norm_squared};

use super::approx_stiffness::ApproxStiffness;
use super::{DiscreteProblem, PdeError, Stiffness};

/// Significant bits of bounds.
const BITS: u64 = 64;

/// An approximate solution of the discrete problem for one parameter with certified bounds.
///
/// The discrete problem: A u = f with the stiffness matrix A of the values of the coefficient on triangles and the exact
/// integrals f; u is the Galerkin solution in linear elements where the values are those of the coefficient
/// ([`super::Coefficient::is_exact`]).
#[derive(Debug, Clone, PartialEq)]
pub struct Certified {
    /// Values at the interior nodes.
    pub solution: Vec<f64>,
    /// The least and the largest value of the coefficient.
    pub coefficient: [Rational; 2],
    /// An upper bound of |u - solution| in the energy norm |v|_a^2 = v . A v.
    pub energy_error: Rational,
    /// A lower bound of |u|_a.
    pub energy_norm: Rational,
    /// f . u = |u|_a^2, the compliance.
    pub compliance: Enclosure,
}

impl Certified {
    /// Solves in doubles, and bounds the error.
    ///
    /// **Statement.** With r = f - A v for the solution v and e = u - v: |e|_a^2 = r . A^-1 r <= |r|^2 / lambda, where
    /// lambda = a_min lambda_G is at most the least eigenvalue of A: conductances are at least a_min times those of
    /// a = 1, whose matrix G has the least eigenvalue lambda_G = 4 - 4 cos(pi h). And f . u = f . v + v . r + |e|_a^2.
    ///
    /// *Proof of the last equation.* f . u - f . v = u . A e = (v + e) . A e = v . r + |e|_a^2, as A e = r.
    ///
    /// **Exactness.** Residual and energies are exact; bounds are rounded outwards.
    ///
    /// # Errors
    /// As [`super::Coefficient::values`] and [`super::Solver::approx_solve`].
    pub fn new(problem: &DiscreteProblem, y: &[Rational]) -> Result<Self, PdeError> {
        Self::of_values(problem, &problem.coefficient().values(y)?)
    }

    /// As [`Self::new`], for the values of the coefficient at a parameter.
    pub(super) fn of_values(problem: &DiscreteProblem, values: &[Rational]) -> Result<Self, PdeError> {
        let approx_values: Vec<f64> = values.iter().map(Rational::approx_f64).collect();
        let mut stiffness = ApproxStiffness::new(problem.grid());
        stiffness.fill(&approx_values);
        let solution = problem.solver().approx_solve(&stiffness, problem.approx_load())?;
        Self::bound(problem, values, solution)
    }

    /// Bounds the error of values at the interior nodes that come from elsewhere. Statement and proof as for [`Self::new`],
    /// which hold for whatever v.
    ///
    /// # Errors
    /// As [`super::Coefficient::values`]; [`PdeError::Solution`] for values that are not finite or not one an interior node.
    pub fn of_solution(problem: &DiscreteProblem, y: &[Rational], solution: Vec<f64>) -> Result<Self, PdeError> {
        Self::bound(problem, &problem.coefficient().values(y)?, solution)
    }

    fn bound(problem: &DiscreteProblem, values: &[Rational], solution: Vec<f64>) -> Result<Self, PdeError> {
        let (grid, right) = (problem.grid(), problem.load());
        if solution.len() != grid.unknowns() {
            return Err(PdeError::Solution);
        }
        let exact: Result<Vec<Rational>, _> = solution.iter().map(|x| Rational::from_f64(*x)).collect();
        let exact = exact.map_err(|_| PdeError::Solution)?;

        let image = Stiffness::new(grid, values).apply(&exact);
        let residual: Vec<Rational> = right.iter().zip(&image).map(|(f, a)| f - a).collect();
        let least = values.iter().min().cloned().unwrap_or_default();
        let largest = values.iter().max().cloned().unwrap_or_default();
        let eigenvalue = &least * problem.eigenvalue();
        let squared = (norm_squared(&residual) / eigenvalue).round_up(BITS);
        let start = dot(right, &exact) + dot(&exact, &residual);
        let compliance = Enclosure::hull(start.round_down(2 * BITS), (&start + &squared).round_up(2 * BITS));
        Ok(Self {
            solution,
            coefficient: [least, largest],
            energy_error: squared.sqrt_up(BITS),
            // |u|_a^2 = f . u; a negative lower end says nothing.
            energy_norm: compliance.lo().relu().sqrt_down(BITS),
            compliance,
        })
    }

    /// An upper bound of the relative error in the energy norm; `None` where the solution may be 0.
    pub fn relative_error(&self) -> Option<Rational> {
        self.energy_error.checked_div(&self.energy_norm).map(|x| x.round_up(BITS))
    }
}
