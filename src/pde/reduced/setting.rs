//! An affine problem on a grid: exact data, and the same in doubles.

use crate::arith::{Integer, Rational};

use super::super::{ApproxStiffness, Coefficient, Factor, Grid, Load, PdeError, Solver, Stiffness, least_eigenvalue};
use super::affine::{Affine, common_denominator};

/// The problem A_y u = f with A_y = constant G + sum of y_i A_i, G the matrix of a = 1.
#[derive(Debug, Clone)]
pub struct Setting {
    affine: Affine,
    /// f is these integers over the denominator.
    right: Vec<Integer>,
    denominator: Integer,
    solver: Solver,
    one: Stiffness<f64>,
    factor: Factor,
    matrices: Vec<Stiffness<f64>>,
    /// Values on triangles, zeros left out.
    terms: Vec<Vec<(usize, f64)>>,
    approx_right: Vec<f64>,
    eigenvalue: Rational,
}

impl Setting {
    /// The problem of a coefficient and a load.
    ///
    /// # Errors
    /// [`PdeError::NotAffine`], [`PdeError::Factorisation`].
    pub fn new(coefficient: &Coefficient, load: &Load) -> Result<Self, PdeError> {
        let affine = Affine::new(coefficient)?;
        let grid = coefficient.grid();
        let integrals = load.integrals(&grid);
        let denominator = common_denominator(integrals.iter());
        let solver = Solver::new(grid)?;
        let one = Stiffness::new(grid, &vec![1.0; grid.elements()]);
        Ok(Self {
            right: integrals.iter().map(|x| (x * &Rational::from(&denominator)).numerator()).collect(),
            denominator,
            factor: solver.factor(&filled(grid, &vec![1.0; grid.elements()]))?,
            solver,
            one,
            terms: (0..affine.parameters()).map(|i| affine.approx_term(i)).collect(),
            matrices: (0..affine.parameters()).map(|i| affine.approx_matrix(i)).collect(),
            approx_right: integrals.iter().map(Rational::approx_f64).collect(),
            eigenvalue: least_eigenvalue(grid),
            affine,
        })
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
    /// A lower bound of the least eigenvalue of G.
    pub fn least_eigenvalue(&self) -> &Rational {
        &self.eigenvalue
    }
    /// f in doubles.
    pub fn approx_right(&self) -> &[f64] {
        &self.approx_right
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
    pub fn approx_values(&self, y: &[f64]) -> Vec<f64> {
        let mut values = vec![self.affine.constant().approx_f64(); self.grid().elements()];
        for (y, term) in y.iter().zip(&self.terms) {
            for (element, value) in term {
                values[*element] += y * value;
            }
        }
        values
    }
    /// The solution in doubles.
    ///
    /// # Errors
    /// [`PdeError::Factorisation`].
    pub fn approx_solution(&self, y: &[f64]) -> Result<Vec<f64>, PdeError> {
        self.solver.approx_solve(&filled(self.grid(), &self.approx_values(y)), &self.approx_right)
    }
}

fn filled(grid: Grid, values: &[f64]) -> ApproxStiffness {
    let mut stiffness = ApproxStiffness::new(grid);
    stiffness.fill(values);
    stiffness
}
