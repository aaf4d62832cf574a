//! An affine problem on a grid: exact data, and the same in doubles.

use crate::arith::Integer;

use super::super::{
    ApproxCoefficient, ApproxStiffness, Coefficient, DiscreteProblem, Factor, Grid, Load, PdeError, Stiffness,
};
use super::affine::Affine;
use crate::linalg::clear_denominators;

/// The problem A_y u = f with A_y = constant G + sum of y_i A_i, G the matrix of a = 1.
#[derive(Debug, Clone)]
pub struct Setting {
    affine: Affine,
    /// f is these integers over the denominator.
    right: Vec<Integer>,
    denominator: Integer,
    problem: DiscreteProblem,
    values: ApproxCoefficient,
    one: Stiffness<f64>,
    factor: Factor,
    matrices: Vec<Stiffness<f64>>,
}

impl Setting {
    /// The problem of a coefficient and a load.
    ///
    /// # Errors
    /// [`PdeError::NotAffine`], [`PdeError::Factorisation`]; as [`DiscreteProblem::new`].
    pub fn new(coefficient: &Coefficient, load: &Load) -> Result<Self, PdeError> {
        let affine = Affine::new(coefficient)?;
        let grid = coefficient.grid();
        let problem = DiscreteProblem::new(coefficient.clone(), load)?;
        let (right, denominator) = clear_denominators(problem.load());
        let ones = vec![1.0; grid.elements()];
        Ok(Self {
            right,
            denominator,
            factor: problem.solver().factor(&filled(grid, &ones))?,
            problem,
            values: ApproxCoefficient::new(coefficient),
            one: Stiffness::new(grid, &ones),
            matrices: (0..affine.parameters()).map(|i| affine.approx_matrix(i)).collect(),
            affine,
        })
    }
    /// The problem.
    pub fn problem(&self) -> &DiscreteProblem {
        &self.problem
    }
    /// The exact split.
    pub fn affine(&self) -> &Affine {
        &self.affine
    }
    /// The grid.
    pub fn grid(&self) -> Grid {
        self.affine.grid()
    }
    /// f as integers over a denominator.
    pub fn right(&self) -> (&[Integer], &Integer) {
        (&self.right, &self.denominator)
    }
    /// G v in doubles.
    pub fn approx_one(&self, v: &[f64]) -> Vec<f64> {
        self.one.apply(v)
    }
    /// A_i v in doubles.
    pub fn approx_term(&self, i: usize, v: &[f64]) -> Vec<f64> {
        self.matrices[i].apply(v)
    }
    /// The Riesz representer G^-1 r in doubles.
    pub fn approx_riesz(&self, r: &[f64]) -> Vec<f64> {
        self.factor.approx_solve(r)
    }
    /// The factors of G, A_1, .., A_p in A_y.
    pub fn approx_factors(&self, y: &[f64]) -> Vec<f64> {
        std::iter::once(self.affine.constant().approx_f64()).chain(y.iter().copied()).collect()
    }
    /// The values of a_y in doubles.
    ///
    /// # Errors
    /// As [`ApproxCoefficient::approx_values`].
    pub fn approx_values(&self, y: &[f64]) -> Result<Vec<f64>, PdeError> {
        self.values.approx_values(y)
    }
    /// The solution in doubles.
    ///
    /// # Errors
    /// As [`Self::approx_values`]; [`PdeError::Factorisation`].
    pub fn approx_solution(&self, y: &[f64]) -> Result<Vec<f64>, PdeError> {
        self.problem.solver().approx_solve(&filled(self.grid(), &self.approx_values(y)?), self.problem.approx_load())
    }
}

fn filled(grid: Grid, values: &[f64]) -> ApproxStiffness {
    let mut stiffness = ApproxStiffness::new(grid);
    stiffness.fill(values);
    stiffness
}
