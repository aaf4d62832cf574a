//! Solutions for many parameters, as training data: drawn and solved in doubles.

use super::approx::{ApproxCoefficient, CoefficientMemory};
use super::{ApproxStiffness, Coefficient, Grid, Load, PdeError, Solver, SolverMemory};
use crate::arith::{Rational, SplitMix64};

/// A problem whose solutions are computed one after another, each from its number alone.
///
/// **Exactness.** Approximate. The parameters are doubles inside the box, so that a sample can be certified afterwards
/// ([`super::Certified::of_solution`]).
#[derive(Debug, Clone)]
pub struct Dataset {
    seed: u64,
    /// The lower end and the length of each parameter's range.
    ranges: Vec<[f64; 2]>,
    coefficient: ApproxCoefficient,
    load: Vec<f64>,
    solver: Solver,
}

/// What samples are computed in; one for each thread.
pub struct DatasetMemory {
    coefficient: CoefficientMemory,
    values: Vec<f64>,
    stiffness: ApproxStiffness,
    solver: SolverMemory,
    residual: Vec<f64>,
}

impl Dataset {
    /// Prepares a problem: everything that samples share.
    ///
    /// # Errors
    /// As [`Solver::new`].
    pub fn new(coefficient: &Coefficient, load: &Load, seed: u64) -> Result<Self, PdeError> {
        let (grid, shape) = (coefficient.grid(), coefficient.shape());
        let range = |i| {
            let [least, most] = shape.range(i);
            [least.approx_f64(), (most - least).approx_f64()]
        };
        Ok(Self {
            seed,
            ranges: (0..shape.parameters()).map(range).collect(),
            coefficient: ApproxCoefficient::new(coefficient),
            load: load.integrals(&grid).iter().map(Rational::approx_f64).collect(),
            solver: Solver::new(grid)?,
        })
    }
    /// The grid.
    pub fn grid(&self) -> Grid {
        self.solver.grid()
    }
    /// p, the number of parameters.
    pub fn parameters(&self) -> usize {
        self.ranges.len()
    }
    /// Memory for one thread.
    ///
    /// # Errors
    /// As [`Solver::memory`].
    pub fn memory(&self) -> Result<DatasetMemory, PdeError> {
        Ok(DatasetMemory {
            coefficient: CoefficientMemory::default(),
            values: vec![0.0; self.grid().elements()],
            stiffness: ApproxStiffness::new(self.grid()),
            solver: self.solver.memory()?,
            residual: vec![0.0; self.grid().unknowns()],
        })
    }

    /// The parameters of sample `index`, written to `y`.
    ///
    /// **Statement.** They lie in the box: a share is a multiple of 2^-32 below 1, so the value is below the upper end by
    /// 2^-32 of the length, and rounding moves it by less.
    pub fn draw(&self, index: u64, y: &mut [f64]) {
        let mut random = SplitMix64::stream(self.seed, index);
        for (y, [least, length]) in y.iter_mut().zip(&self.ranges) {
            // 32 bits and the power of two are exact in doubles.
            let share = (random.next_u64() >> 32) as f64 / (1u64 << 32) as f64;
            *y = least + length * share;
        }
    }

    /// Solves sample `index`: its parameters are written to `y`, the values at the interior nodes to `solution`. Returns
    /// |f - A u| / |f| in the Euclidean norm, 0 for f = 0, in doubles.
    ///
    /// The result depends on the problem, the seed and the index only: nothing is kept in `memory` from one call to the
    /// next, and all arithmetic is sequential.
    ///
    /// # Errors
    /// As [`ApproxCoefficient::approx_values_in`] and [`Solver::approx_solve_in`]; [`PdeError::Solution`] where the solution
    /// is not finite.
    pub fn approx_sample(
        &self,
        memory: &mut DatasetMemory,
        index: u64,
        y: &mut [f64],
        solution: &mut [f64],
    ) -> Result<f64, PdeError> {
        let DatasetMemory { coefficient, values, stiffness, solver, residual } = memory;
        self.draw(index, y);
        self.coefficient.approx_values_in(coefficient, y, values)?;
        stiffness.fill(values);
        self.solver.approx_solve_in(solver, stiffness, &self.load, solution)?;
        stiffness.residual(&self.load, solution, residual);
        let [residual, load] = [&*residual, &self.load].map(|v| v.iter().map(|x| x * x).sum::<f64>().sqrt());
        // The load may be 0; a NaN is no solution.
        let relative = if load > 0.0 { residual / load } else { residual };
        if relative.is_finite() { Ok(relative) } else { Err(PdeError::Solution) }
    }
}
