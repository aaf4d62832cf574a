//! Solutions in doubles: sparse Cholesky factors, the symbolic part computed once a grid.

use std::sync::Arc;

use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::cholesky::llt::factor::LltRegularization;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LltRef, SymbolicCholesky, SymmetricOrdering, factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMat};
use faer::{Conj, MatMut, Par, Side, Spec};

use super::approx_stiffness::ApproxStiffness;
use super::{Grid, PdeError, Stiffness};

/// Factors and solutions do not depend on the number of threads: faer works on the thread that calls it.
const SEQUENTIAL: Par = Par::Seq;

/// The pattern of the stiffness matrices of a grid, with the order of elimination and the pattern of their factors.
///
/// **Exactness.** Approximate: doubles; `Certified` bounds what comes out.
#[derive(Debug, Clone)]
pub struct Solver {
    grid: Grid,
    pattern: SymbolicSparseColMat<usize>,
    factor: Arc<SymbolicCholesky<usize>>,
}

/// What one solution after another is computed in.
pub struct SolverMemory {
    factor: Vec<f64>,
    stack: MemBuffer,
    correction: Vec<f64>,
}

impl Solver {
    /// The solver of a grid.
    ///
    /// # Errors
    /// [`PdeError::Memory`].
    pub fn new(grid: Grid) -> Result<Self, PdeError> {
        let one = Stiffness::new(grid, &vec![1.0; grid.elements()]);
        let (mut starts, mut rows) = (vec![0], Vec::new());
        for (row, column, _) in one.lower_entries() {
            starts.resize(column + 2, rows.len());
            rows.push(row);
            starts[column + 1] = rows.len();
        }
        let pattern = SymbolicSparseColMat::new_checked(grid.unknowns(), grid.unknowns(), starts, None, rows);
        let params = CholeskySymbolicParams::default();
        let factor = factorize_symbolic_cholesky(pattern.as_ref(), Side::Lower, SymmetricOrdering::Amd, params)
            .map_err(|_| PdeError::Memory { nodes: grid.nodes() })?;
        Ok(Self { grid, pattern, factor: Arc::new(factor) })
    }
    /// The grid.
    pub fn grid(&self) -> Grid {
        self.grid
    }

    /// Memory for one thread.
    ///
    /// # Errors
    /// [`PdeError::Memory`].
    pub fn memory(&self) -> Result<SolverMemory, PdeError> {
        let scratch = StackReq::any_of(&[
            self.factor.factorize_numeric_llt_scratch::<f64>(SEQUENTIAL, Spec::default()),
            self.factor.solve_in_place_scratch::<f64>(1, SEQUENTIAL),
        ]);
        let none = PdeError::Memory { nodes: self.grid.nodes() };
        let stack = MemBuffer::try_new(scratch).map_err(|_| none.clone())?;
        let mut factor = Vec::new();
        factor.try_reserve_exact(self.factor.len_val()).map_err(|_| none)?;
        factor.resize(self.factor.len_val(), 0.0);
        Ok(SolverMemory { factor, stack, correction: vec![0.0; self.grid.unknowns()] })
    }

    /// An approximation of A^-1 f, on one thread.
    ///
    /// **Complexity.** For n nodes a side O(n^3) operations and O(n^2 log n) numbers.
    ///
    /// # Errors
    /// [`PdeError::Factorisation`] where a pivot is not positive in doubles.
    pub fn approx_solve(&self, stiffness: &ApproxStiffness, load: &[f64]) -> Result<Vec<f64>, PdeError> {
        let mut solution = vec![0.0; load.len()];
        self.approx_solve_in(&mut self.memory()?, stiffness, load, &mut solution)?;
        Ok(solution)
    }

    /// The same, written to `solution`; nothing is allocated.
    ///
    /// # Errors
    /// As [`Self::approx_solve`].
    pub fn approx_solve_in(
        &self,
        memory: &mut SolverMemory,
        stiffness: &ApproxStiffness,
        load: &[f64],
        solution: &mut [f64],
    ) -> Result<(), PdeError> {
        let SolverMemory { factor, stack, correction } = memory;
        let factor = self.factorise(factor, stack, stiffness)?;
        solution.copy_from_slice(load);
        substitute(&factor, solution, stack);
        // One step of refinement: the residual is small, so its rounding matters little.
        stiffness.residual(load, solution, correction);
        substitute(&factor, correction, stack);
        solution.iter_mut().zip(&*correction).for_each(|(x, e)| *x += e);
        Ok(())
    }

    /// The Cholesky factor, for several right-hand sides.
    ///
    /// # Errors
    /// As [`Self::approx_solve`].
    pub fn factor(&self, stiffness: &ApproxStiffness) -> Result<Factor, PdeError> {
        let SolverMemory { factor: mut values, mut stack, .. } = self.memory()?;
        self.factorise(&mut values, &mut stack, stiffness)?;
        Ok(Factor { pattern: Arc::clone(&self.factor), values })
    }

    fn factorise<'a>(
        &'a self,
        values: &'a mut [f64],
        stack: &mut MemBuffer,
        stiffness: &ApproxStiffness,
    ) -> Result<LltRef<'a, usize, f64>, PdeError> {
        debug_assert_eq!(stiffness.grid(), self.grid);
        let matrix = SparseColMatRef::new(self.pattern.as_ref(), stiffness.lower_entries());
        self.factor
            .factorize_numeric_llt(
                values,
                matrix,
                Side::Lower,
                LltRegularization::default(),
                SEQUENTIAL,
                MemStack::new(stack),
                Spec::default(),
            )
            .map_err(|_| PdeError::Factorisation)
    }
}

fn substitute(factor: &LltRef<'_, usize, f64>, x: &mut [f64], stack: &mut MemBuffer) {
    let n = x.len();
    let x = MatMut::from_column_major_slice_mut(x, n, 1);
    factor.solve_in_place_with_conj(Conj::No, x, SEQUENTIAL, MemStack::new(stack));
}

/// A Cholesky factor in doubles.
#[derive(Debug, Clone)]
pub struct Factor {
    pattern: Arc<SymbolicCholesky<usize>>,
    values: Vec<f64>,
}

impl Factor {
    /// An approximation of A^-1 f, by substitution, without refinement.
    pub fn approx_solve(&self, load: &[f64]) -> Vec<f64> {
        let mut stack = MemBuffer::new(self.pattern.solve_in_place_scratch::<f64>(1, SEQUENTIAL));
        let mut solution = load.to_vec();
        substitute(&LltRef::new(&self.pattern, &self.values), &mut solution, &mut stack);
        solution
    }
}
