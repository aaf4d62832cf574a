//! A linear program with one equation.

use super::axes::{self, Directions};
use super::l1::split;
use super::{Centre, Cover, IntervalMatrix, IntervalProblem, Point};
use crate::arith::{Enclosure, Rational};
use crate::linalg::Matrix;

/// Minimise x_1 + .. + x_N over a.x = y, x >= 0; the data are the row (a, y).
///
/// **Statement.** For y > 0 the minimisers are the convex hull of the points y/M e_j over the j with a_j = M, the largest
/// entry; there is none for M <= 0. For y = 0 the only one is 0, and y < 0 is the case -a, -y.
/// **Source.** BHV21, Lemma 11.1. *Proof.* In `axes`: y = a.x <= M (x_1 + .. + x_N).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lp;

impl IntervalProblem for Lp {
    fn name(&self) -> &'static str {
        "lp"
    }
    fn statement(&self) -> &'static str {
        "minimise x_1 + x_2 over a.x = y, x >= 0; a and y uncertain"
    }
    fn centre(&self, centre: Centre) -> Matrix {
        let second = if centre == Centre::Critical { Rational::one() } else { Rational::ratio(1, 2) };
        Matrix::column_vector(&[Rational::one(), second, Rational::one()]).transpose()
    }
    fn solutions(&self, member: &Matrix, _: u64) -> Vec<Point> {
        match member.entries().split_last() {
            Some((y, a)) if member.rows() == 1 && y.is_negative() => {
                let negated: Vec<Rational> = a.iter().map(|a| -a).collect();
                axes::minimisers(&negated, &-y, Directions::Along)
            }
            Some((y, a)) if member.rows() == 1 => axes::minimisers(a, y, Directions::Along),
            _ => Vec::new(),
        }
    }
    fn candidates(&self, interval: &IntervalMatrix) -> Vec<Matrix> {
        let Some((y, a)) = split(interval) else { return Vec::new() };
        let rows = axes::candidates(&a, &y, Directions::Along);
        rows.iter().map(|row| Matrix::column_vector(row).transpose()).collect()
    }
    fn cover(&self, interval: &IntervalMatrix, _: u64) -> Cover {
        let Some((y, a)) = split(interval) else { return Cover::Open };
        let negated: Vec<Enclosure> = a.iter().map(|a| -a).collect();
        // The members with y >= 0 and those with y <= 0, each where there are any.
        let parts = [(&a, y.clone()), (&negated, -&y)].map(|(a, n)| {
            let upwards = Enclosure::new(n.lo().clone().max(Rational::zero()), n.hi().clone());
            upwards.map(|n| axes::cover(a, &n, Directions::Along))
        });
        let mut boxes = Vec::new();
        for part in parts.into_iter().flatten() {
            match part {
                Cover::Boxes(mut more) => boxes.append(&mut more),
                other => return other,
            }
        }
        Cover::Boxes(boxes)
    }
}
