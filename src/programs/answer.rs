//! What a linear program answers, with its reason.

use super::LinearProgram;
use super::check;
use crate::arith::Rational;

/// The exact answer to a linear program, with its certificate.
///
/// For multipliers y of the rows let d = c - A^T y (c = 0 when infeasible). Then c . x = y . (A x) + d . x for every x,
/// and each product on the right is bounded by an end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Answer {
    /// The optimum is attained.
    Optimal {
        /// A feasible point at which it is attained, one number a column.
        point: Vec<Rational>,
        /// The optimum, the objective's constant included.
        value: Rational,
        /// One multiplier a row: the bound that they give is the optimum.
        multipliers: Vec<Rational>,
    },
    /// There is no feasible point.
    Infeasible {
        /// One multiplier a row: they show 0 > 0 for every feasible point.
        multipliers: Vec<Rational>,
    },
    /// Values improve without bound.
    Unbounded {
        /// A feasible point.
        point: Vec<Rational>,
        /// A direction in which all points stay feasible and the objective improves.
        ray: Vec<Rational>,
    },
}

impl Answer {
    /// Whether this answer is certified for the program.
    ///
    /// Computed from the definition only, in rationals, independently of how the answer was found.
    pub fn holds(&self, program: &LinearProgram) -> bool {
        check::holds(self, program)
    }
}
