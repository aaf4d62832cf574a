//! Minimisers on the axes.
//!
//! For v(x) = a.x let M be the largest of the values s a_j over the directions s e_j, s = 1 or s in {1, -1}. Among all sums
//! x of multiples >= 0 of directions, v(x) <= M (sum of the multiples), with equality for those of largest value only. So
//! where v(x) = n > 0 is asked for, the least sum is n/M, and the points that attain it are the convex hull of the n/M s e_j
//! with s a_j = M; there is none for M <= 0.

use super::{Cover, Point};
use crate::arith::{Enclosure, Rational};

/// The directions: along the axes, or along and against them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Directions {
    Along,
    Both,
}

impl Directions {
    fn of(self, dimension: usize) -> impl Iterator<Item = (usize, i64)> {
        let signs: &[i64] = if self == Self::Both { &[1, -1] } else { &[1] };
        (0..dimension).flat_map(|j| signs.iter().map(move |&s| (j, s)))
    }
}

/// The corners n/M s e_j of the minimisers for n >= 0 and, by symmetry, of n < 0 where both directions are allowed.
pub(super) fn minimisers(a: &[Rational], n: &Rational, directions: Directions) -> Vec<Point> {
    let on_axis = |j: usize, x: Rational| {
        (0..a.len()).map(|i| Enclosure::point(if i == j { x.clone() } else { Rational::zero() })).collect()
    };
    if n.is_zero() {
        return vec![on_axis(a.len(), Rational::zero())];
    }
    let values: Vec<(usize, i64, Rational)> =
        directions.of(a.len()).map(|(j, s)| (j, s, &a[j] * &Rational::from(s))).collect();
    let Some(largest) = values.iter().map(|(.., v)| v).max().filter(|v| v.is_positive()) else { return Vec::new() };
    let attained = values.iter().filter(|(.., v)| v == largest);
    attained.map(|(j, s, v)| on_axis(*j, n / v * Rational::from(*s))).collect()
}

/// Where all these corners lie for a and n in intervals.
pub(super) fn cover(a: &[Enclosure], n: &Enclosure, directions: Directions) -> Cover {
    let on_axis = |j: usize, x: &Enclosure| -> Point {
        (0..a.len()).map(|i| if i == j { x.clone() } else { Enclosure::point(Rational::zero()) }).collect()
    };
    let zero = Enclosure::point(Rational::zero());
    let mut boxes = Vec::new();
    if n.contains(&Rational::zero()) {
        boxes.push(on_axis(a.len(), &zero));
    }
    let values: Vec<(usize, i64, Enclosure)> =
        directions.of(a.len()).map(|(j, s)| (j, s, a[j].scale(&Rational::from(s)))).collect();
    let (Some(least), Some(most)) =
        (values.iter().map(|(.., v)| v.lo()).max(), values.iter().map(|(.., v)| v.hi()).max())
    else {
        return Cover::Boxes(boxes);
    };
    // M <= most for every member: no n but 0 is reached.
    if *n == zero || !most.is_positive() {
        return Cover::Boxes(boxes);
    }
    // Members form a connected set, on which M is continuous, has the maximum `most`, and is somewhere <= 0: at the lower
    // ends, where only one direction counts, at a = 0 where both do (0 lies in all intervals then). So M takes every
    // small positive value, with an n that is not 0: n/M is unbounded.
    if !least.is_positive() {
        return Cover::Unbounded;
    }
    for (j, s, value) in &values {
        // A direction with s a_j = M has a value of at least `least`, as M >= least for every member.
        let attaining = Enclosure::new(value.lo().clone().max(least.clone()), value.hi().clone());
        if let Some(x) = attaining.and_then(|value| n.checked_div(&value)) {
            boxes.push(on_axis(*j, &x.scale(&Rational::from(*s))));
        }
    }
    Cover::Boxes(boxes)
}

/// Rows (a, y) in which each a_j in turn is small, middle or large and all others contribute as little as they can, y at
/// both ends: at these the minimisers on the axes have their largest and smallest coordinates.
pub(super) fn candidates(a: &[Enclosure], y: &Enclosure, directions: Directions) -> Vec<Vec<Rational>> {
    let least = |value: &Enclosure| match directions {
        Directions::Along => value.lo().clone(),
        Directions::Both if value.contains(&Rational::zero()) => Rational::zero(),
        Directions::Both if value.lo().is_positive() => value.lo().clone(),
        Directions::Both => value.hi().clone(),
    };
    let mut rows = Vec::new();
    for (j, own) in a.iter().enumerate() {
        for value in [own.lo().clone(), own.midpoint(), own.hi().clone()] {
            for end in [y.lo(), y.hi()] {
                let others = a.iter().enumerate().map(|(i, other)| if i == j { value.clone() } else { least(other) });
                rows.push(others.chain([end.clone()]).collect());
            }
        }
    }
    rows
}
