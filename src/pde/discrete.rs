//! The discrete problem: what all its parameters share.

use crate::arith::Rational;
use crate::arith::elementary::{cos, pi};

use super::{Coefficient, Grid, Load, PdeError, Solver};

/// Significant bits of the eigenvalue.
const BITS: u64 = 64;

/// A_y u = f for the parameters y of a coefficient: the stiffness matrix of its values on triangles, the exact integrals of
/// a load.
///
/// **Exactness.** Exact, but for the solver.
#[derive(Debug, Clone)]
pub struct DiscreteProblem {
    coefficient: Coefficient,
    load: Vec<Rational>,
    approx_load: Vec<f64>,
    terms: Load,
    solver: Solver,
    eigenvalue: Rational,
}

impl DiscreteProblem {
    /// The problem of a coefficient and a load.
    ///
    /// # Errors
    /// As [`Solver::new`].
    pub fn new(coefficient: Coefficient, load: &Load) -> Result<Self, PdeError> {
        let grid = coefficient.grid();
        let terms = load.clone();
        let load = load.integrals(&grid);
        Ok(Self {
            terms,
            approx_load: load.iter().map(Rational::approx_f64).collect(),
            load,
            solver: Solver::new(grid)?,
            eigenvalue: least_eigenvalue(grid),
            coefficient,
        })
    }
    /// The coefficient.
    pub fn coefficient(&self) -> &Coefficient {
        &self.coefficient
    }
    /// The grid.
    pub fn grid(&self) -> Grid {
        self.coefficient.grid()
    }
    /// f
    pub fn load(&self) -> &[Rational] {
        &self.load
    }
    /// The terms (c, e_1, e_2) of the polynomial that f is made of.
    pub fn load_terms(&self) -> &[(Rational, u32, u32)] {
        self.terms.terms()
    }
    /// f in doubles.
    pub fn approx_load(&self) -> &[f64] {
        &self.approx_load
    }
    /// The solver in doubles.
    pub fn solver(&self) -> &Solver {
        &self.solver
    }
    /// A lower bound of the least eigenvalue of the stiffness matrix of a = 1, see [`least_eigenvalue`].
    pub fn eigenvalue(&self) -> &Rational {
        &self.eigenvalue
    }
}

/// A lower bound of the least eigenvalue of the stiffness matrix of a = 1: 4 - 4 cos(pi h) = 4 - 2 cos - 2 cos, the sum of
/// those of the two second differences.
pub fn least_eigenvalue(grid: Grid) -> Rational {
    let cells = Rational::from(grid.cells());
    // cos decreases on [0, pi], so the lower end of pi gives the upper end of the cosine; h <= 1/2.
    let cosine = cos(&(pi(96).lo() / &cells), 96);
    ((Rational::one() - cosine.hi()) * Rational::from(4)).round_down(BITS)
}
