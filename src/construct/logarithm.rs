//! Rational lower bounds on binary logarithms, for the scales of published bounds.

use crate::arith::Rational;

/// A lower bound on log2(x) within 2^-16, for x > 0.
///
/// # Exactness
/// Lower bound: bits of the logarithm by repeated squaring, every rounding downwards.
pub fn log2_down(x: &Rational) -> Rational {
    let Some(whole) = x.floor_log2() else { return Rational::zero() };
    // x = 2^whole y with 1 <= y < 2; squaring y doubles its logarithm, and the next bit is 1 when y reaches 2.
    let mut y = x.scale_by_power_of_two(-whole);
    let mut result = Rational::from(whole);
    for bit in 1..=16 {
        y = (&y * &y).round_down(64);
        if y >= Rational::from(2) {
            y = y.scale_by_power_of_two(-1);
            result += Rational::power_of_two(-bit);
        }
    }
    result
}
