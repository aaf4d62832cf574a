//! Logarithm and exponential function.

use super::super::{Enclosure, Integer, Rational};
use super::{div_down, div_up, fixed_down, fixed_up, guard, shr_up, unfix_enclosure};

/// The largest |x| for which [`exp`] answers: beyond it the value alone would have millions of bits.
pub const MAX_EXPONENT_ARGUMENT: i64 = 1 << 20;

/// Encloses the natural logarithm of a number.
///
/// **Complexity.** O(p) products of integers of p = bits + O(log bits) bits.
///
/// # Panics
/// Panics when x is not positive.
///
/// ```
/// use certinet::arith::{Rational, elementary::ln};
/// let value = ln(&Rational::from(2), 60);
/// assert!(value.lo() > &"0.693147180559945309".parse()? && value.hi() < &"0.693147180559945310".parse()?);
/// # Ok::<(), certinet::arith::ArithError>(())
/// ```
pub fn ln(x: &Rational, bits: u64) -> Enclosure {
    assert!(x.is_positive(), "the logarithm is of a positive number");
    // x = 2^k m with 2/3 < m <= 4/3
    let mut k = x.floor_log2().unwrap_or(0);
    let mut m = x.scale_by_power_of_two(-k);
    if m > Rational::ratio(4, 3) {
        k += 1;
        m = m.scale_by_power_of_two(-1);
    }
    let p = bits + guard(bits);
    // ln m = 2 atanh(z) with z = (m - 1)/(m + 1), |z| <= 1/5
    let z = (&m - &Rational::one()) / (&m + &Rational::one());
    let (lo, hi) = twice_atanh(&z.abs(), p);
    let ln_m = unfix_enclosure(&lo, &hi, p);
    let ln_m = if z.is_negative() { -&ln_m } else { ln_m };
    if k == 0 {
        return ln_m;
    }
    // Units of 2^-p are multiplied by |k| <= 2 |ln x| + 2: the width stays relative to max(1, |ln x|).
    &ln_two(p).scale(&Rational::from(k)) + &ln_m
}

/// Encloses the logarithms of all numbers of an enclosure.
///
/// # Panics
/// Panics when the enclosure holds a number that is not positive.
pub fn ln_of(x: &Enclosure, bits: u64) -> Enclosure {
    // The logarithm is increasing.
    let (lo, hi) = (ln(x.lo(), bits), ln(x.hi(), bits));
    Enclosure::hull(lo.lo().clone(), hi.hi().clone())
}

/// Encloses the exponential of a number; `None` beyond [`MAX_EXPONENT_ARGUMENT`].
///
/// ```
/// use certinet::arith::{Rational, elementary::{exp, ln}};
/// let e = exp(&Rational::one(), 80);
/// assert!(e.is_some_and(|e| ln(e.lo(), 80).lo() <= &Rational::one() && ln(e.hi(), 80).hi() >= &Rational::one()));
/// ```
pub fn exp(x: &Rational, bits: u64) -> Option<Enclosure> {
    if x.abs() > Rational::from(MAX_EXPONENT_ARGUMENT) {
        return None;
    }
    // |k| < 2^21.6, so 24 more bits keep k ln 2 to a unit or two of 2^-(bits + guard).
    let p = bits + guard(bits) + 24;
    let ln2 = ln_two(p);
    let k = x.checked_div(ln2.hi())?.floor();
    // e^x = 2^k e^r with r = x - k ln 2 in [-2^-20, 1): k was floored with a slightly wrong ln 2.
    let r = &Enclosure::point(x.clone()) - &ln2.scale(&Rational::from(&k));
    let shift = k.to_i64()?;
    // One step back makes r positive, r < 2.
    let (shift, r) = if r.lo().is_negative() { (shift - 1, &r + &ln2) } else { (shift, r) };
    assert!(!r.lo().is_negative() && r.hi() < &Rational::from(2), "the reduced argument of exp lies in [0, 2)");
    let (lo, hi) = (exp_series(&fixed_down(r.lo(), p), p).0, exp_series(&fixed_up(r.hi(), p), p).1);
    let scale = Rational::power_of_two(shift);
    Some(unfix_enclosure(&lo, &hi, p).scale(&scale))
}

/// Encloses the exponentials of all numbers of an enclosure; `None` beyond [`MAX_EXPONENT_ARGUMENT`].
pub fn exp_of(x: &Enclosure, bits: u64) -> Option<Enclosure> {
    // The exponential is increasing.
    let (lo, hi) = (exp(x.lo(), bits)?, exp(x.hi(), bits)?);
    Some(Enclosure::hull(lo.lo().clone(), hi.hi().clone()))
}

/// ln 2 = 2 atanh(1/3).
fn ln_two(p: u64) -> Enclosure {
    let (lo, hi) = twice_atanh(&Rational::ratio(1, 3), p);
    unfix_enclosure(&lo, &hi, p)
}

/// Bounds on 2 atanh(z) for 0 <= z <= 1/3, in units of 2^-p.
fn twice_atanh(z: &Rational, p: u64) -> (Integer, Integer) {
    let (z_lo, z_hi) = (fixed_down(z, p), fixed_up(z, p));
    // atanh z = sum of z^(2j+1)/(2j+1), all terms >= 0 and increasing in z: floors below, ceilings above.
    let (square_lo, square_hi) = ((&z_lo * &z_lo).shr_floor(p), shr_up(&(&z_hi * &z_hi), p));
    let (mut power_lo, mut power_hi) = (z_lo, z_hi);
    let (mut sum_lo, mut sum_hi) = (Integer::zero(), Integer::zero());
    let mut odd = 1u64;
    while power_hi > Integer::one() {
        let d = Integer::from(odd);
        sum_lo += &div_down(&power_lo, &d);
        sum_hi += &div_up(&power_hi, &d);
        power_lo = (&power_lo * &square_lo).shr_floor(p);
        power_hi = shr_up(&(&power_hi * &square_hi), p);
        odd += 2;
    }
    // Tail: sum over j >= n of z^(2j+1)/(2j+1) <= z^(2n+1)/(1 - z^2) <= 9/8 z^(2n+1) <= 2 units, as z^(2n+1) <= 1 unit.
    sum_hi += &Integer::from(2);
    (sum_lo.shl(1), sum_hi.shl(1))
}

/// Bounds on e^r for r = n 2^-p in [0, 2 + 2^-p], in units of 2^-p.
fn exp_series(n: &Integer, p: u64) -> (Integer, Integer) {
    let one = Integer::power_of_two(p);
    let (mut term_lo, mut term_hi) = (one.clone(), one);
    let (mut sum_lo, mut sum_hi) = (Integer::zero(), Integer::zero());
    let mut j = 0u64;
    // All terms r^j/j! are >= 0: floors below, ceilings above.
    while j < 6 || term_hi > Integer::one() {
        sum_lo += &term_lo;
        sum_hi += &term_hi;
        j += 1;
        let d = Integer::from(j).shl(p);
        term_lo = div_down(&(&term_lo * n), &d);
        term_hi = div_up(&(&term_hi * n), &d);
    }
    // Tail: r^j/j! (1 + r/(j+1) + ...) <= r^j/j! / (1 - r/(j+1)) <= 2 r^j/j! for r < 2.1 and j >= 6.
    sum_hi += &term_hi.shl(1);
    (sum_lo, sum_hi)
}
