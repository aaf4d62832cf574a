//! The simplex method of the crate microlp.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use super::super::{Answer, DuelError, Oracle, Solver};
use super::{Doubles, answer_of};

/// The linear program in x = u - v, u, v >= 0: minimise the sum of u + v where y - epsilon <= A x <= y + epsilon.
///
/// For one row, or epsilon = 0, this is the problem itself; otherwise the Euclidean ball is no polyhedron, and the
/// solver refuses.
#[derive(Debug, Clone, Copy, Default)]
pub struct Simplex;

impl Solver for Simplex {
    fn name(&self) -> &str {
        "simplex"
    }

    fn answer(&self, oracle: &mut Oracle) -> Result<Answer, DuelError> {
        if oracle.rows() > 1 && oracle.epsilon().is_positive() {
            return Err(DuelError::Unsuitable { solver: self.name().to_owned(), rows: oracle.rows() });
        }
        let gave_up = |status: String| DuelError::GaveUp { solver: self.name().to_owned(), status };
        let doubles = Doubles::read(oracle)?;
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut variables = || -> Vec<Variable> {
            (0..doubles.columns()).map(|_| problem.add_var(1.0, (0.0, f64::INFINITY))).collect()
        };
        let (plus, minus) = (variables(), variables());
        for (row, &y) in doubles.matrix.iter().zip(&doubles.data) {
            let terms = || {
                let signed = |variables: &[Variable], sign: f64| -> Vec<(Variable, f64)> {
                    variables.iter().zip(row).map(|(&variable, &entry)| (variable, sign * entry)).collect()
                };
                [signed(&plus, 1.0), signed(&minus, -1.0)].concat()
            };
            problem.add_constraint(terms(), ComparisonOp::Le, y + doubles.epsilon);
            problem.add_constraint(terms(), ComparisonOp::Ge, y - doubles.epsilon);
        }
        let outcome = problem.solve().map_err(|error| gave_up(error.to_string()))?;
        let solution = outcome.into_solution().map_err(|_| gave_up("interrupted".to_owned()))?;
        let point: Vec<f64> =
            plus.iter().zip(&minus).map(|(&u, &v)| solution.var_value(u) - solution.var_value(v)).collect();
        answer_of(&point, format!("{:?}", solution.status()))
    }
}
