//! The label of a linear classifier.

use super::{Centre, Cover, IntervalMatrix, IntervalProblem, Point};
use crate::arith::{Enclosure, Rational};
use crate::linalg::{Matrix, dot};

/// The label 1 where w.x >= 0, else 0; the data are the rows w and x.
///
/// Both labels occur exactly where the range of w.x holds numbers on both sides; the range is computed exactly, as each
/// entry occurs once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classifier;

fn label(one: bool) -> Point {
    vec![Enclosure::point(Rational::from(u8::from(one)))]
}

impl IntervalProblem for Classifier {
    fn name(&self) -> &'static str {
        "classifier"
    }
    fn statement(&self) -> &'static str {
        "the label, 1 where w.x >= 0, else 0; w and x uncertain"
    }
    fn centre(&self, centre: Centre) -> Matrix {
        let second = if centre == Centre::Critical { Rational::one() } else { Rational::ratio(1, 2) };
        let entries = [[Rational::one(), Rational::from(-1)], [Rational::one(), second]];
        Matrix::from_fn(2, 2, |i, j| entries[i][j].clone())
    }
    fn solutions(&self, member: &Matrix, _: u64) -> Vec<Point> {
        if member.rows() != 2 {
            return Vec::new();
        }
        vec![label(!dot(member.row(0), member.row(1)).is_negative())]
    }
    fn candidates(&self, interval: &IntervalMatrix) -> Vec<Matrix> {
        if interval.shape().0 != 2 {
            return Vec::new();
        }
        // In every product the corner of largest value, and in every product that of smallest.
        let corners = [(-1, -1), (-1, 1), (1, -1), (1, 1)];
        let product = |j: usize, (w, x): (i64, i64)| {
            let member = interval.member(|i, _| if i == 0 { w } else { x });
            &member[(0, j)] * &member[(1, j)]
        };
        let columns = 0..interval.shape().1;
        let ends: Vec<[Option<(i64, i64)>; 2]> = columns
            .map(|j| {
                let by_value = |a: &(i64, i64), b: &(i64, i64)| product(j, *a).cmp(&product(j, *b));
                [corners.into_iter().min_by(by_value), corners.into_iter().max_by(by_value)]
            })
            .collect();
        let at = |end: usize| {
            interval.member(|i, j| {
                let (w, x) = ends[j][end].unwrap_or((0, 0));
                if i == 0 { w } else { x }
            })
        };
        vec![at(0), at(1)]
    }
    fn cover(&self, interval: &IntervalMatrix, _: u64) -> Cover {
        if interval.shape().0 != 2 {
            return Cover::Open;
        }
        let (w, x) = (interval.row(0), interval.row(1));
        let zero = Enclosure::point(Rational::zero());
        let range = w.iter().zip(&x).fold(zero, |sum, (w, x)| &sum + &(w * x));
        let mut labels = Vec::new();
        if range.lo().is_negative() {
            labels.push(label(false));
        }
        if !range.hi().is_negative() {
            labels.push(label(true));
        }
        Cover::Boxes(labels)
    }
}
