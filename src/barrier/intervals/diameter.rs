//! Diameters of solution sets, from both sides.

use super::{Centre, IntervalMatrix, IntervalProblem, Point};
use crate::arith::{Enclosure, Rational};
use crate::linalg::Matrix;

/// Bits by which solutions that are not rational are known better than their data.
const GUARD: u64 = 64;

/// Where the solutions of all members of an interval lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cover {
    /// In the convex hull of these boxes, one interval a coordinate.
    Boxes(Vec<Point>),
    /// In no bounded set: some members have solutions as far away as one likes. Proved.
    Unbounded,
    /// Nothing is known.
    Open,
}

/// What is proved about the diameter from above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upper {
    /// The square of the diameter is at most this.
    Squared(Rational),
    /// There is no bound. Proved.
    Unbounded,
    /// Nothing is known.
    Open,
}

/// Bounds on the diameter of the solution set over an interval, in the Euclidean (for matrices, Frobenius) norm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diameter {
    /// The k of the radius 2^-k.
    pub bits: u32,
    /// A lower bound on the square of the diameter.
    pub lower_squared: Rational,
    /// The two members that prove it, each with one solution; `None` where the bound is 0.
    pub members: Option<[Matrix; 2]>,
    /// The upper bound.
    pub upper: Upper,
}

impl Diameter {
    /// A lower bound on the diameter, rounded down to about so many bits.
    pub fn lower(&self, bits: u64) -> Rational {
        self.lower_squared.sqrt_down(bits)
    }
    /// An upper bound on the diameter, rounded up to about so many bits; `None` where there is none.
    pub fn upper(&self, bits: u64) -> Option<Rational> {
        match &self.upper {
            Upper::Squared(square) => Some(square.sqrt_up(bits)),
            Upper::Unbounded | Upper::Open => None,
        }
    }
    /// An upper bound on the diameter in units of the radius 2^-k, rounded up to about so many bits.
    pub fn rate(&self, bits: u64) -> Option<Rational> {
        self.upper(bits).map(|diameter| diameter.scale_by_power_of_two(i64::from(self.bits)))
    }
}

/// Bounds the diameter of the solution set over an interval of radius 2^-k around a centre of a problem.
///
/// As [`diameter`].
pub fn experiment(problem: &dyn IntervalProblem, centre: Centre, bits: u32) -> Diameter {
    diameter(problem, &IntervalMatrix::around(problem.centre(centre), bits))
}

/// Bounds the diameter of the solution set over an interval.
///
/// **Statement.** Solutions of the two members have at least the distance of the lower bound, and any two solutions of any
/// two members have at most the distance of the upper bound.
/// **Exactness.** Lower bound and upper bound; both are the diameter where only corners of the interval matter.
pub fn diameter(problem: &dyn IntervalProblem, interval: &IntervalMatrix) -> Diameter {
    let accuracy = u64::from(interval.bits()) + GUARD;
    let candidates = problem.candidates(interval).into_iter().filter(|member| interval.contains(member));
    // Members with one solution only: whatever function selects solutions, it takes both ends of the distance.
    let solved: Vec<(Matrix, Point)> = candidates
        .filter_map(|member| match <[Point; 1]>::try_from(problem.solutions(&member, accuracy)) {
            Ok([solution]) => Some((member, solution)),
            Err(_) => None,
        })
        .collect();
    let pairs =
        solved.iter().enumerate().flat_map(|(i, first)| solved[i + 1..].iter().map(move |other| (first, other)));
    let best = pairs.map(|(a, b)| (nearest_squared(&a.1, &b.1), a, b)).max_by(|a, b| a.0.cmp(&b.0));
    let (lower_squared, members) = match best {
        Some((square, a, b)) if square.is_positive() => (square, Some([a.0.clone(), b.0.clone()])),
        _ => (Rational::zero(), None),
    };
    let upper = match problem.cover(interval, accuracy) {
        // A convex hull has the diameter of the set: the distance to a point is convex, and so largest at extreme points.
        Cover::Boxes(boxes) => Upper::Squared(
            boxes
                .iter()
                .enumerate()
                .flat_map(|(i, first)| boxes[i..].iter().map(move |other| farthest_squared(first, other)))
                .max()
                .unwrap_or_default(),
        ),
        Cover::Unbounded => Upper::Unbounded,
        Cover::Open => Upper::Open,
    };
    let contradicts = matches!(&upper, Upper::Squared(square) if *square < lower_squared);
    assert!(!contradicts, "the solutions of two members lie in the cover of all members");
    Diameter { bits: interval.bits(), lower_squared, members, upper }
}

/// The square of the smallest distance of a point of one box to a point of another.
fn nearest_squared(a: &[Enclosure], b: &[Enclosure]) -> Rational {
    // max(lo_a - hi_b, lo_b - hi_a, 0) in every coordinate
    let gap = |a: &Enclosure, b: &Enclosure| (a.lo() - b.hi()).max(b.lo() - a.hi()).relu();
    a.iter().zip(b).map(|(a, b)| gap(a, b)).map(|gap| &gap * &gap).sum()
}

/// The square of the largest distance of a point of one box to a point of another.
fn farthest_squared(a: &[Enclosure], b: &[Enclosure]) -> Rational {
    // |x - y| <= max(hi_a - lo_b, hi_b - lo_a) in every coordinate, which is not negative
    let reach = |a: &Enclosure, b: &Enclosure| (a.hi() - b.lo()).max(b.hi() - a.lo());
    a.iter().zip(b).map(|(a, b)| reach(a, b)).map(|reach| &reach * &reach).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn boxes() -> impl Strategy<Value = (Point, Vec<Rational>)> {
        let side = (-9i64..9, 0i64..5, 0i64..=4).prop_map(|(lo, width, t)| {
            let side = Enclosure::hull(Rational::from(lo), Rational::from(lo + width));
            (side, Rational::from(lo) + Rational::ratio(width * t, 4))
        });
        prop::collection::vec(side, 3).prop_map(|sides| sides.into_iter().unzip())
    }

    proptest! {
        #[test]
        fn distances_of_boxes_bracket_those_of_points((a, x) in boxes(), (b, y) in boxes()) {
            let square: Rational = x.iter().zip(&y).map(|(x, y)| x - y).map(|d| &d * &d).sum();
            prop_assert!(nearest_squared(&a, &b) <= square && square <= farthest_squared(&a, &b));
        }
    }
}
