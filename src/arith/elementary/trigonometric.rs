//! The circle number, sine and cosine.

use super::super::{Enclosure, Integer, Rational};
use super::{div_down, fixed_down, guard, unfix, unfix_enclosure};

/// Encloses pi.
///
/// **Source.** Machin: pi = 16 atan(1/5) - 4 atan(1/239).
///
/// ```
/// use certinet::arith::elementary::pi;
/// assert!(pi(60).lo() > &"3.14159265358979323".parse()? && pi(60).hi() < &"3.14159265358979324".parse()?);
/// # Ok::<(), certinet::arith::ArithError>(())
/// ```
pub fn pi(bits: u64) -> Enclosure {
    let p = bits + guard(bits);
    let ((a, a_units), (b, b_units)) = (atan_of_inverse(5, p), atan_of_inverse(239, p));
    let value = a.shl(4) - b.shl(2);
    // |16 a - 16 atan(1/5)| <= 16 a_units, |4 b - 4 atan(1/239)| <= 4 b_units
    let radius = Integer::from(16 * a_units + 4 * b_units);
    unfix_enclosure(&(&value - &radius), &(&value + &radius), p)
}

/// Encloses the sine of a number.
///
/// ```
/// use certinet::arith::{Rational, elementary::{cos, sin}};
/// let x = Rational::ratio(22, 7);
/// assert!((&sin(&x, 50).square() + &cos(&x, 50).square()).contains(&Rational::one()));
/// ```
pub fn sin(x: &Rational, bits: u64) -> Enclosure {
    quarter_turned_sin(x, 0, bits)
}

/// Encloses the cosine of a number.
pub fn cos(x: &Rational, bits: u64) -> Enclosure {
    // cos x = sin(x + pi/2)
    quarter_turned_sin(x, 1, bits)
}

/// Encloses the sines of all numbers of an enclosure; wider than the range by at most the width of the enclosure.
pub fn sin_of(x: &Enclosure, bits: u64) -> Enclosure {
    widen(&sin(&x.midpoint(), bits), x)
}

/// Encloses the cosines of all numbers of an enclosure; wider than the range by at most the width of the enclosure.
pub fn cos_of(x: &Enclosure, bits: u64) -> Enclosure {
    widen(&cos(&x.midpoint(), bits), x)
}

/// The value at the midpoint of x, widened to all of x.
fn widen(value: &Enclosure, x: &Enclosure) -> Enclosure {
    // |sin a - sin b| <= |a - b| <= half the width for b the midpoint, and the same for cos; both stay in [-1, 1].
    let radius = x.width().scale_by_power_of_two(-1);
    clamp(&Enclosure::hull(value.lo() - &radius, value.hi() + &radius))
}

/// The part of an enclosure of a sine in [-1, 1].
fn clamp(x: &Enclosure) -> Enclosure {
    let (lo, hi) = (x.lo().clone().max(Rational::from(-1)), x.hi().clone().min(Rational::one()));
    Enclosure::hull(lo, hi)
}

/// sin(x + quarters pi/2).
fn quarter_turned_sin(x: &Rational, quarters: i64, bits: u64) -> Enclosure {
    // q pi/2 with |q| < 2^(log2|x| + 2) must be known to 2^-(bits + guard).
    let size = x.floor_log2().unwrap_or(0).max(0) as u64 + 4;
    let p = bits + guard(bits);
    let half_pi = pi(p + size).scale(&Rational::ratio(1, 2));
    // q is the integer nearest to x / (pi/2), or a neighbour of it: |r| <= pi/4 + 2^-p < 1 - any q is correct.
    let q = (x / &half_pi.midpoint() + Rational::ratio(1, 2)).floor();
    let r = &Enclosure::point(x.clone()) - &half_pi.scale(&Rational::from(&q));
    let n = fixed_down(&r.midpoint(), p);
    assert!(n.abs() <= Integer::power_of_two(p), "the reduced argument of a sine is at most 1 in absolute value");
    // |true r - n 2^-p| <= width(r)/2 + 2^-p, and sine and cosine have Lipschitz constant 1.
    let reduction = r.width().scale_by_power_of_two(-1) + Rational::power_of_two(-(p as i64));
    let turn = (&q + &Integer::from(quarters)).div_rem_euclid(&Integer::from(4)).1.to_i64();
    // sin(r + q pi/2) for q mod 4 = 0, 1, 2, 3: sin r, cos r, -sin r, -cos r
    let (value, units) = if matches!(turn, Some(0 | 2)) { sin_series(&n, p) } else { cos_series(&n, p) };
    let value = if matches!(turn, Some(2 | 3)) { -value } else { value };
    let radius = reduction + unfix(&Integer::from(units), p);
    clamp(&Enclosure::around(&unfix(&value, p), &radius))
}

/// sin(n 2^-p) for |n| <= 2^p up to the returned number of units of 2^-p.
fn sin_series(n: &Integer, p: u64) -> (Integer, u64) {
    alternating_series(n.clone(), n, 1, p)
}

/// cos(n 2^-p) for |n| <= 2^p up to the returned number of units of 2^-p.
fn cos_series(n: &Integer, p: u64) -> (Integer, u64) {
    alternating_series(Integer::power_of_two(p), n, 0, p)
}

/// first - first r^2/((d+1)(d+2)) + ..., for r = n 2^-p and |first|, |r| <= 1.
fn alternating_series(first: Integer, n: &Integer, degree: u64, p: u64) -> (Integer, u64) {
    let square = (n * n).shr_floor(p);
    let (mut term, mut sum) = (first, Integer::zero());
    let (mut d, mut terms, mut minus) = (degree, 0u64, false);
    while term.abs() > Integer::one() {
        if minus {
            sum -= &term;
        } else {
            sum += &term;
        }
        minus = !minus;
        terms += 1;
        let divisor = Integer::from((d + 1) * (d + 2)).shl(p);
        // With T the true term, t ours, s ours of r^2 (0 <= r^2 - s < 1 unit), and D = (d+1)(d+2) >= 2:
        // |t s/D - T r^2/D| <= (|t| |s - r^2| + r^2 |t - T|)/D <= (1 + |t - T|)/2 units, then one unit for the floor.
        // By induction |t - T| <= 3 units: 1 + (1 + 3)/2 = 3.
        term = div_down(&(&term * &square), &divisor);
        d += 2;
    }
    // The terms fall in size and alternate, so the tail is at most the first omitted term <= |t| + 3 <= 4 units.
    (sum, 3 * terms + 4)
}

/// atan(1/m) for m >= 2 up to the returned number of units of 2^-p.
fn atan_of_inverse(m: u64, p: u64) -> (Integer, u64) {
    let square = Integer::from(m * m);
    // power = floor(2^p / m^(2j+1)): nested floors of divisions by integers are one floor.
    let mut power = div_down(&Integer::power_of_two(p), &Integer::from(m));
    let (mut sum, mut odd, mut terms, mut minus) = (Integer::zero(), 1u64, 0u64, false);
    while !power.is_zero() {
        // Each term is below its true value by less than one unit.
        let term = div_down(&power, &Integer::from(odd));
        if minus {
            sum -= &term;
        } else {
            sum += &term;
        }
        minus = !minus;
        power = div_down(&power, &square);
        odd += 2;
        terms += 1;
    }
    // Alternating with falling terms: the tail is at most the first omitted term < 1 unit.
    (sum, terms + 1)
}
