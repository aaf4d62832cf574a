//! The problem, and what solves it.

use crate::arith::{Integer, Rational};
use crate::linalg::Matrix;

use super::Surd;
use crate::barrier::BarrierError;

/// Minimise |x|_1 subject to |A x - y| <= epsilon in the Euclidean norm, over x in R^N.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    matrix: Matrix,
    data: Vec<Rational>,
    epsilon: Rational,
}

impl Instance {
    /// The problem for A (m x N), y (m) and epsilon >= 0.
    ///
    /// # Errors
    /// [`BarrierError::Data`] where y has not m entries, [`BarrierError::Epsilon`] below 0.
    pub fn new(matrix: Matrix, data: Vec<Rational>, epsilon: Rational) -> Result<Self, BarrierError> {
        if data.len() != matrix.rows() {
            return Err(BarrierError::Data { rows: matrix.rows(), entries: data.len() });
        }
        if epsilon.is_negative() {
            return Err(BarrierError::Epsilon { epsilon });
        }
        Ok(Self { matrix, data, epsilon })
    }
    /// A.
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }
    /// y.
    pub fn data(&self) -> &[Rational] {
        &self.data
    }
    /// epsilon.
    pub fn epsilon(&self) -> &Rational {
        &self.epsilon
    }
}

/// The minimisers of an [`Instance`] with the reason why they are all; numbers are a + b sqrt(q) for one q.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Optimum {
    /// q >= 0; where it is 0, all numbers are rational and b = 0.
    pub q: Integer,
    /// The least |x|_1.
    pub value: Surd,
    /// p in R^m with |a_j . p| <= 1 for all columns; the lower bound of |x|_1 that it gives is `value`.
    pub dual: Vec<Surd>,
    /// r with A^T r = 0 and |r|^2 = r . y = epsilon^2 > 0, where the dual alone is not enough: the range of A touches the
    /// ball, so that all feasible x have A x = y - r.
    pub normal: Option<Vec<Rational>>,
    /// The columns with |a_j . p| = 1, with the sign of a_j . p; minimisers are 0 elsewhere and have these signs.
    pub face: Vec<(usize, i32)>,
    /// Corners of the set of minimisers, which is the convex hull of all of its corners; there is at least one.
    pub vertices: Vec<Vec<Surd>>,
    /// Whether `vertices` are all corners; false where there are more than were looked for, and then at least two.
    pub complete: bool,
}

impl Optimum {
    /// Whether there is one minimiser only.
    pub fn is_unique(&self) -> bool {
        self.complete && self.vertices.len() == 1
    }
}

/// The outcome for an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Solution {
    /// There are minimisers.
    Optimal(Optimum),
    /// No x is feasible: A^T r = 0, r . y > 0 and (r . y)^2 > epsilon^2 |r|^2.
    Infeasible {
        /// r
        normal: Vec<Rational>,
    },
}
