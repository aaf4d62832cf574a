//! Enclosures of elementary functions to any accuracy, with rational ends.
//!
//! | function | of | file |
//! |---|---|---|
//! | [`sqrt`], [`sqrt_of`] | a rational, an enclosure, not negative | this one |
//! | [`ln`], [`ln_of`] | positive | `exponential` |
//! | [`exp`], [`exp_of`] | at most 2^20 in absolute value | `exponential` |
//! | [`pi`], [`sin`], [`cos`], [`sin_of`], [`cos_of`] | any | `trigonometric` |
//!
//! **Statement.** For a rational x and `bits`, the enclosure of f(x) has dyadic ends and a width of at most
//! 2^-bits max(1, |f(x)|). For an enclosure X it contains f(x) for every x in X.
//!
//! Everything is integer arithmetic on numbers n 2^-p with p a little above `bits`: a series is summed with its
//! roundings counted in units of 2^-p and its tail bounded, each at the line where it happens. No float is used. To add
//! a function, reduce the argument to where its series converges geometrically, and count the same way.

mod exponential;
mod trigonometric;

pub use exponential::{MAX_EXPONENT_ARGUMENT, exp, exp_of, ln, ln_of};
pub use trigonometric::{cos, cos_of, pi, sin, sin_of};

use super::{Enclosure, Integer, Rational};

/// Encloses the square root of a number.
///
/// # Panics
/// Panics when x is negative.
///
/// ```
/// use certinet::arith::{Rational, elementary::sqrt};
/// let root = sqrt(&Rational::from(2), 100);
/// assert!(root.square().contains(&Rational::from(2)));
/// assert!(root.width() <= Rational::power_of_two(-99));
/// ```
pub fn sqrt(x: &Rational, bits: u64) -> Enclosure {
    Enclosure::hull(x.sqrt_down(bits + 1), x.sqrt_up(bits + 1))
}

/// Encloses the square roots of all numbers of an enclosure.
///
/// # Panics
/// Panics when the enclosure holds a negative number.
pub fn sqrt_of(x: &Enclosure, bits: u64) -> Enclosure {
    // The square root is increasing.
    Enclosure::hull(x.lo().sqrt_down(bits + 1), x.hi().sqrt_up(bits + 1))
}

/// floor(x 2^p).
fn fixed_down(x: &Rational, p: u64) -> Integer {
    x.scale_by_power_of_two(p as i64).floor()
}

/// ceil(x 2^p).
fn fixed_up(x: &Rational, p: u64) -> Integer {
    x.scale_by_power_of_two(p as i64).ceil()
}

/// n 2^-p.
fn unfix(n: &Integer, p: u64) -> Rational {
    Rational::from(n).scale_by_power_of_two(-(p as i64))
}

/// [lo 2^-p, hi 2^-p].
fn unfix_enclosure(lo: &Integer, hi: &Integer, p: u64) -> Enclosure {
    Enclosure::hull(unfix(lo, p), unfix(hi, p))
}

/// floor(n / d).
fn div_down(n: &Integer, d: &Integer) -> Integer {
    n.div_rem_euclid(d).0
}

/// ceil(n / d) for d > 0.
fn div_up(n: &Integer, d: &Integer) -> Integer {
    -(-n).div_rem_euclid(d).0
}

/// ceil(n / 2^p).
fn shr_up(n: &Integer, p: u64) -> Integer {
    -(-n).shr_floor(p)
}

/// Guard bits for a sum of up to p + 8 terms, each with a few units of rounding.
fn guard(bits: u64) -> u64 {
    16 + 2 * u64::from(u64::BITS - bits.leading_zeros())
}

#[cfg(test)]
mod tests;
