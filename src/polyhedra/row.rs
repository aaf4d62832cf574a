//! A halfspace seen three ways: exactly, in outward-rounded intervals, in doubles for guesses.

use super::Halfspace;
use super::lp::guess::FloatRow;
use crate::arith::{Integer, Interval, Rational};

/// A halfspace with enclosures of its scaled integers.
///
/// All three forms are of one inequality, scaled by one power of two, so that deep networks do not leave the range of
/// doubles.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) halfspace: Halfspace,
    pub(super) float: FloatRow,
    normal: Vec<Interval>,
    offset: Interval,
}

impl Row {
    pub(super) fn new(halfspace: Halfspace) -> Self {
        let (float, normal, offset) = enclose(&halfspace);
        Self { halfspace, float, normal, offset }
    }
    /// The closure of the complement.
    pub(super) fn opposite(&self) -> Self {
        let float = FloatRow { normal: self.float.normal.iter().map(|a| -a).collect(), offset: -self.float.offset };
        let normal = self.normal.iter().map(|a| -*a).collect();
        Self { halfspace: self.halfspace.opposite(), float, normal, offset: -self.offset }
    }
    pub(super) fn normal(&self) -> &[Interval] {
        &self.normal
    }
    pub(super) fn offset(&self) -> Interval {
        self.offset
    }
    /// An enclosure of (a positive multiple of) offset - normal . x.
    pub(super) fn slack(&self, x: &[Interval]) -> Interval {
        let terms = self.normal.iter().zip(x);
        -terms.fold(-self.offset, |sum, (a, x)| a.multiply_add(x, &sum))
    }
}

/// The sign of every number of an interval; `None` when it holds 0 and others.
pub(super) fn sign(x: Interval) -> Option<i32> {
    if x.lo_f64() > 0.0 {
        Some(1)
    } else if x.hi_f64() < 0.0 {
        Some(-1)
    } else if x == Interval::ZERO {
        Some(0)
    } else {
        None
    }
}

fn enclose(half: &Halfspace) -> (FloatRow, Vec<Interval>, Interval) {
    // Scaled so that the largest entry of the normal lies in [1/2, 1].
    let shift = half.normal().iter().map(Integer::bits).max().unwrap_or(0) as i64;
    let normal: Vec<Interval> = half.normal().iter().map(|n| scaled(n, shift)).collect();
    let offset = scaled(half.offset(), shift);
    let float =
        FloatRow { normal: normal.iter().map(Interval::approx_midpoint).collect(), offset: offset.approx_midpoint() };
    (float, normal, offset)
}

/// The halfspace in doubles, approximate.
pub(super) fn float_row(half: &Halfspace) -> FloatRow {
    enclose(half).0
}

/// An enclosure of n 2^-shift.
fn scaled(n: &Integer, shift: i64) -> Interval {
    let bits = n.bits() as i64;
    let cut = (bits - 53).max(0);
    let exponent = cut - shift;
    // n = m 2^cut + rest with 0 <= rest < 2^cut and |m| <= 2^53, an exact double.
    let m = if cut > 0 { n.shr_floor(cut as u64) } else { n.clone() };
    let (Some(m), true) = (m.to_i64(), (-900..900).contains(&exponent)) else {
        return Interval::from_rational(&Rational::from(n).scale_by_power_of_two(-shift));
    };
    // 2^exponent by its bits; times an integer of at most 54 bits, far from both ends of the range: exact.
    let unit = f64::from_bits(((exponent + 1023) as u64) << 52);
    let lo = m as f64 * unit;
    let hi = if cut > 0 { (m + 1) as f64 * unit } else { lo };
    Interval::new(lo, hi).unwrap_or_else(|| Interval::from_rational(&Rational::from(n).scale_by_power_of_two(-shift)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn scaled_integers_are_enclosed(p in any::<i128>(), k in 0u64..3000, cut in 0u64..120, shift in -3000i64..3000) {
            let n = Integer::from(p).shr_floor(cut).shl(k);
            let exact = Rational::from(&n).scale_by_power_of_two(-shift);
            let x = scaled(&n, shift);
            prop_assert!(x.contains(&exact));
            if p != 0 && exact.floor_log2().is_some_and(|e| (-800..800).contains(&e)) {
                prop_assert!(x.width_upper() <= exact.abs().to_f64_up() * 2f64.powi(-51));
            }
        }
        #[test]
        fn slacks_are_enclosed(a in any::<[i128; 3]>(), b in any::<i128>(), x in any::<[i32; 3]>()) {
            let half = Halfspace::new(a.iter().map(|&a| Integer::from(a)).collect(), Integer::from(b));
            let point: Vec<Rational> = x.iter().map(|&x| Rational::ratio(i64::from(x), 7)).collect();
            let enclosures: Vec<Interval> = point.iter().map(Interval::from_rational).collect();
            let row = Row::new(half.clone());
            if let Some(sign) = sign(row.slack(&enclosures)) {
                prop_assert_eq!(sign, half.slack(&point).signum());
            }
        }
    }
}
