//! Dyadic weights as shifts and integer factors.

use super::fixed_kernel::{NarrowTerm, Place, WideTerm};
use crate::arith::{Integer, Rational};

/// A number mantissa 2^-scale with an odd mantissa (0 for zero).
#[derive(Debug, Clone)]
pub(super) struct Dyadic {
    pub mantissa: Integer,
    pub scale: i64,
}

impl Dyadic {
    /// The number, when it is dyadic.
    pub fn new(x: &Rational) -> Option<Self> {
        let fraction_bits = x.dyadic_exponent()?;
        let numerator = x.numerator();
        let zeros = numerator.trailing_zeros();
        Some(Self { mantissa: numerator.shr_floor(zeros), scale: fraction_bits as i64 - zeros as i64 })
    }
}

/// n modulo 2^128, as the i128 with that residue.
pub(super) fn residue(n: &Integer) -> i128 {
    let half = |n: &Integer| {
        // n - floor(n / 2^64) 2^64 lies in [0, 2^64).
        let low = n - &n.shr_floor(64).shl(64);
        low.to_i128().unwrap_or(0)
    };
    half(n) | (half(&n.shr_floor(64)) << 64)
}

/// An odd factor as at most two signed powers of two, (negative, exponent); `None` when it takes more.
fn powers(factor: i128) -> Option<[Option<(bool, u32)>; 2]> {
    let (size, negative) = (factor.unsigned_abs(), factor < 0);
    if size == 1 {
        return Some([Some((negative, 0)), None]);
    }
    // size = 2^a + 1 or 2^a - 1
    if (size - 1).is_power_of_two() {
        return Some([Some((negative, (size - 1).trailing_zeros())), Some((negative, 0))]);
    }
    let above = size.checked_add(1).filter(|n| n.is_power_of_two())?;
    Some([Some((negative, above.trailing_zeros())), Some((!negative, 0))])
}

/// The terms of mantissa 2^shift x in a 64-bit row.
pub(super) fn narrow_terms(mantissa: &Integer, shift: u64, source: u32, terms: &mut Vec<NarrowTerm>) {
    // A multiple of 2^64 is 0 modulo 2^64.
    if shift >= 64 {
        return;
    }
    let shift = shift as u32;
    let factor = residue(mantissa);
    if let (Some(powers), Some(_)) = (powers(factor), mantissa.to_i128()) {
        for (negative, exponent) in powers.into_iter().flatten() {
            if shift + exponent < 64 {
                terms.push(NarrowTerm::Shift { source, shift: shift + exponent, negative });
            }
        }
    } else {
        terms.push(NarrowTerm::Multiply { source, factor: (factor as i64).wrapping_shl(shift) });
    }
}

/// The terms of mantissa 2^shift x in a 128-bit row.
pub(super) fn wide_terms(mantissa: &Integer, shift: u64, source: u32, place: Place, terms: &mut Vec<WideTerm>) {
    if shift >= 128 {
        return;
    }
    assert!(!matches!(place, Place::Big(_)), "every reader of a big neuron is big");
    let high = if let Place::Wide(slot) = place { Some(slot) } else { None };
    let shift = shift as u32;
    let factor = residue(mantissa);
    if let (Some(powers), Some(_)) = (powers(factor), mantissa.to_i128()) {
        for (negative, exponent) in powers.into_iter().flatten() {
            if shift + exponent < 128 {
                terms.push(WideTerm::Shift { source, high, shift: shift + exponent, negative });
            }
        }
    } else {
        terms.push(WideTerm::Multiply { source, high, factor: factor.wrapping_shl(shift) });
    }
}
