//! The interior-point solver clarabel.

use clarabel::algebra::CscMatrix;
use clarabel::solver::SupportedConeT::{NonnegativeConeT, SecondOrderConeT};
use clarabel::solver::{DefaultSettings, DefaultSolver, IPSolver, SolverStatus};

use super::super::{Answer, DuelError, Oracle, Solver};
use super::{Doubles, answer_of};

/// The cone program in (x, t): minimise t_1 + .. + t_N where |x_j| <= t_j and (epsilon, y - A x) is in the cone of
/// second order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clarabel;

impl Solver for Clarabel {
    fn name(&self) -> &str {
        "clarabel"
    }

    fn answer(&self, oracle: &mut Oracle) -> Result<Answer, DuelError> {
        let gave_up = |status: String| DuelError::GaveUp { solver: self.name().to_owned(), status };
        let Doubles { matrix, data, epsilon } = Doubles::read(oracle)?;
        let (m, n) = (data.len(), oracle.columns());
        // The solver's form is G z + s = h with s in the cones.
        let (mut rows, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let mut put = |row: usize, column: usize, value: f64| {
            rows.push(row);
            columns.push(column);
            values.push(value);
        };
        for j in 0..n {
            // s = t_j - x_j and s = t_j + x_j
            put(j, j, 1.0);
            put(j, n + j, -1.0);
            put(n + j, j, -1.0);
            put(n + j, n + j, -1.0);
        }
        for (i, row) in matrix.iter().enumerate() {
            for (j, &entry) in row.iter().enumerate().filter(|(_, entry)| entry.abs() > 0.0) {
                put(2 * n + 1 + i, j, entry);
            }
        }
        let total = 2 * n + 1 + m;
        let constraints = CscMatrix::new_from_triplets(total, 2 * n, rows, columns, values);
        let mut right = vec![0.0; 2 * n];
        right.push(epsilon);
        right.extend(&data);
        let costs: Vec<f64> = (0..2 * n).map(|k| if k < n { 0.0 } else { 1.0 }).collect();
        let cones = [NonnegativeConeT(2 * n), SecondOrderConeT(m + 1)];
        let settings = DefaultSettings { verbose: false, ..DefaultSettings::default() };
        let mut solver =
            DefaultSolver::new(&CscMatrix::zeros((2 * n, 2 * n)), &costs, &constraints, &right, &cones, settings)
                .map_err(|error| gave_up(error.to_string()))?;
        solver.solve();
        let status = solver.solution.status;
        match status {
            SolverStatus::Solved | SolverStatus::AlmostSolved => answer_of(&solver.solution.x[..n], status.to_string()),
            _ => Err(gave_up(status.to_string())),
        }
    }
}
