//! Basis pursuit with one measurement.

use super::axes::{self, Directions};
use super::{Centre, Cover, IntervalMatrix, IntervalProblem, Point};
use crate::arith::{Enclosure, Rational};
use crate::linalg::Matrix;

/// Minimise ||x||_1 over |a.x - y| <= 1/8; the data are the row (a, y).
///
/// **Statement.** Let t = |y| - 1/8. For t <= 0 the only minimiser is 0. For t > 0 they are the convex hull of the points
/// sign(y) t/a_j e_j over the j of largest |a_j|; there is none for a = 0.
///
/// *Proof.* |a.x| >= t for t > 0, so that ||x||_1 max |a_j| >= |a.x| >= t. Both are equalities where a.x = sign(y) t, no
/// coordinate but those of largest |a_j| is used, and no two terms a_j x_j have different signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct L1;

/// The tolerance of the measurement.
fn tolerance() -> Rational {
    Rational::ratio(1, 8)
}

/// sign(y) max(|y| - 1/8, 0): does not decrease with y.
fn shrink(y: &Rational) -> Rational {
    let size = (y.abs() - tolerance()).relu();
    if y.is_negative() { -size } else { size }
}

impl IntervalProblem for L1 {
    fn name(&self) -> &'static str {
        "l1"
    }
    fn statement(&self) -> &'static str {
        "minimise ||x||_1 over |a.x - y| <= 1/8; a and y uncertain"
    }
    fn centre(&self, centre: Centre) -> Matrix {
        let second = if centre == Centre::Critical { Rational::one() } else { Rational::ratio(1, 2) };
        Matrix::column_vector(&[Rational::one(), second, Rational::one()]).transpose()
    }
    fn solutions(&self, member: &Matrix, _: u64) -> Vec<Point> {
        match member.entries().split_last() {
            Some((y, a)) if member.rows() == 1 => axes::minimisers(a, &shrink(y), Directions::Both),
            _ => Vec::new(),
        }
    }
    fn candidates(&self, interval: &IntervalMatrix) -> Vec<Matrix> {
        let Some((y, a)) = split(interval) else { return Vec::new() };
        let rows = axes::candidates(&a, &y, Directions::Both);
        rows.iter().map(|row| Matrix::column_vector(row).transpose()).collect()
    }
    fn cover(&self, interval: &IntervalMatrix, _: u64) -> Cover {
        let Some((y, a)) = split(interval) else { return Cover::Open };
        // The range of a monotone function.
        axes::cover(&a, &Enclosure::hull(shrink(y.lo()), shrink(y.hi())), Directions::Both)
    }
}

/// A row (a, y) of intervals.
pub(super) fn split(interval: &IntervalMatrix) -> Option<(Enclosure, Vec<Enclosure>)> {
    if interval.shape().0 != 1 {
        return None;
    }
    let mut row = interval.row(0);
    row.pop().map(|y| (y, row))
}
