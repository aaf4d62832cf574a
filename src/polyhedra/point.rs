//! Interior points: exact, with enclosures, short.

use super::Halfspace;
use super::row::{Row, sign};
use crate::arith::{Integer, Interval, Rational};

/// A point that is known exactly: its doubles are its coordinates unless `exact` says otherwise.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) float: Vec<f64>,
    enclosure: Vec<Interval>,
    exact: Option<Vec<Rational>>,
}

impl Point {
    /// The point with these coordinates; `None` when one is not finite.
    pub(super) fn from_floats(float: Vec<f64>) -> Option<Self> {
        let enclosure = float.iter().map(|&x| Interval::new(x, x)).collect::<Option<Vec<_>>>()?;
        Some(Self { float, enclosure, exact: None })
    }
    /// The point with these coordinates.
    pub(super) fn from_rationals(x: Vec<Rational>) -> Self {
        let float = x.iter().map(Rational::approx_f64).collect();
        Self { float, enclosure: x.iter().map(Interval::from_rational).collect(), exact: Some(x) }
    }
    /// The coordinates, exactly.
    pub(super) fn coordinates(&self) -> Vec<Rational> {
        self.exact.clone().unwrap_or_else(|| {
            // Finite by construction.
            self.float.iter().map(|&x| Rational::from_f64(x).unwrap_or_default()).collect()
        })
    }
    /// The sign of offset - normal . x where intervals can tell.
    pub(super) fn quick_side(&self, row: &Row) -> Option<i32> {
        sign(row.slack(&self.enclosure))
    }
    /// The sign of offset - normal . x. Exact.
    pub(super) fn side(&self, row: &Row) -> i32 {
        self.quick_side(row).unwrap_or_else(|| row.halfspace.slack(&self.coordinates()).signum())
    }
}

/// The point of the coarsest binary grid near x that is strictly inside all rows, or x itself.
pub(super) fn shorten<'a>(x: &Point, rows: impl Iterator<Item = &'a Row> + Clone) -> Vec<Rational> {
    for bits in [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32] {
        let scale = (1u64 << bits) as f64;
        let rounded = x.float.iter().map(|x| (x * scale).round() / scale).collect();
        if let Some(candidate) = Point::from_floats(rounded)
            && rows.clone().all(|row| candidate.quick_side(row) == Some(1))
        {
            return candidate.coordinates();
        }
    }
    let halfspaces: Vec<&Halfspace> = rows.map(|row| &row.halfspace).collect();
    shorten_exactly(x.coordinates(), &halfspaces)
}

/// As [`shorten`], in exact arithmetic; x is strictly inside all halfspaces.
pub(super) fn shorten_exactly(x: Vec<Rational>, halfspaces: &[&Halfspace]) -> Vec<Rational> {
    let length = x.iter().map(|x| x.denominator().bits()).max().unwrap_or(0);
    let mut bits = 0;
    while bits < length {
        let rounded: Vec<Rational> = x.iter().map(|x| round(x, bits)).collect();
        if halfspaces.iter().all(|half| half.slack(&rounded).is_positive()) {
            return rounded;
        }
        bits = (bits + 1).max(bits * 3 / 2);
    }
    x
}

/// The multiple of 2^-bits nearest to x.
fn round(x: &Rational, bits: u64) -> Rational {
    let scaled = x.scale_by_power_of_two(bits as i64);
    let nearest: Integer = (scaled + Rational::ratio(1, 2)).floor();
    Rational::from(nearest).scale_by_power_of_two(-(bits as i64))
}
