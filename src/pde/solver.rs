//! Solutions in doubles: sparse Cholesky factors, the symbolic part computed once a grid.

use faer::linalg::solvers::Solve;
use faer::sparse::linalg::solvers::{Llt, SymbolicLlt};
use faer::sparse::{SparseColMat, SymbolicSparseColMat};
use faer::{Mat, Side};

use super::{Grid, PdeError, Stiffness};

/// The pattern of the stiffness matrices of a grid, with the order of elimination and the pattern of their factors.
///
/// **Exactness.** Approximate: doubles; `Certified` bounds what comes out.
#[derive(Debug, Clone)]
pub struct Solver {
    grid: Grid,
    pattern: SymbolicSparseColMat<usize>,
    factor: SymbolicLlt<usize>,
}

impl Solver {
    /// The solver of a grid.
    ///
    /// # Errors
    /// [`PdeError::Factorisation`] where there is no memory for it.
    pub fn new(grid: Grid) -> Result<Self, PdeError> {
        let one = Stiffness::new(grid, &vec![1.0; grid.elements()]);
        let (mut starts, mut rows) = (vec![0], Vec::new());
        for (row, column, _) in one.lower_entries() {
            starts.resize(column + 2, rows.len());
            rows.push(row);
            starts[column + 1] = rows.len();
        }
        let pattern = SymbolicSparseColMat::new_checked(grid.unknowns(), grid.unknowns(), starts, None, rows);
        let factor = SymbolicLlt::try_new(pattern.as_ref(), Side::Lower).map_err(|_| PdeError::Factorisation)?;
        Ok(Self { grid, pattern, factor })
    }

    /// An approximation of A^-1 f, on one thread.
    ///
    /// **Complexity.** For n nodes a side O(n^3) operations and O(n^2 log n) numbers.
    ///
    /// # Errors
    /// [`PdeError::Factorisation`] where a pivot is not positive in doubles.
    pub fn approx_solve(&self, stiffness: &Stiffness<f64>, load: &[f64]) -> Result<Vec<f64>, PdeError> {
        let factor = self.factor(stiffness)?;
        let mut solution = factor.approx_solve(load);
        // One step of refinement: the residual is small, so its rounding matters little.
        let residual: Vec<f64> = load.iter().zip(stiffness.apply(&solution)).map(|(f, a)| f - a).collect();
        let correction = factor.approx_solve(&residual);
        solution.iter_mut().zip(correction).for_each(|(x, e)| *x += e);
        Ok(solution)
    }

    /// The Cholesky factor, for several right-hand sides.
    ///
    /// # Errors
    /// [`PdeError::Factorisation`] where a pivot is not positive in doubles.
    pub fn factor(&self, stiffness: &Stiffness<f64>) -> Result<Factor, PdeError> {
        debug_assert_eq!(stiffness.grid(), self.grid);
        let values: Vec<f64> = stiffness.lower_entries().map(|(_, _, value)| value).collect();
        let matrix = SparseColMat::new(self.pattern.clone(), values);
        let factor = Llt::try_new_with_symbolic(self.factor.clone(), matrix.as_ref(), Side::Lower);
        factor.map(Factor).map_err(|_| PdeError::Factorisation)
    }
}

/// A Cholesky factor in doubles.
#[derive(Debug, Clone)]
pub struct Factor(Llt<usize, f64>);

impl Factor {
    /// An approximation of A^-1 f, by substitution, without refinement.
    pub fn approx_solve(&self, load: &[f64]) -> Vec<f64> {
        self.0.solve(&Mat::from_fn(load.len(), 1, |i, _| load[i])).col_as_slice(0).to_vec()
    }
}
