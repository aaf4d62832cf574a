//! The nearest double of a rational number.

use core::cmp::Ordering;

use crate::arith::Rational;

/// The double nearest to x, of two the one with the even mantissa; `None` beyond the range.
///
/// **Exactness.** The choice is made in exact arithmetic between the two doubles that enclose x.
pub fn nearest_double(x: &Rational) -> Option<f64> {
    if x.is_zero() {
        return Some(0.0);
    }
    let (low, high) = (x.to_f64_down(), x.to_f64_up());
    let (below, above) = (x - &Rational::from_f64(low).ok()?, &Rational::from_f64(high).ok()? - x);
    Some(match below.cmp(&above) {
        Ordering::Less => low,
        Ordering::Greater => high,
        // Neighbours differ by one in their bits: one of the two is even.
        Ordering::Equal if low.to_bits() & 1 == 0 => low,
        Ordering::Equal => high,
    })
}

/// Whether x is a double.
pub fn is_double(x: &Rational) -> bool {
    nearest_double(x).is_some_and(|double| Rational::from_f64(double).is_ok_and(|value| value == *x))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::float_cmp)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ties_go_to_the_even_mantissa() {
        let near = |k: i64, sign: i64| Rational::one() + Rational::power_of_two(-k) * Rational::from(sign);
        assert_eq!(nearest_double(&near(52, 1)), Some(1.0 + f64::EPSILON));
        assert_eq!(nearest_double(&near(53, 1)), Some(1.0));
        assert_eq!(nearest_double(&near(53, -1)), Some(1.0 - f64::EPSILON / 2.0));
        assert_eq!(nearest_double(&near(54, -1)), Some(1.0));
        assert!(is_double(&near(52, 1)) && is_double(&near(53, -1)) && !is_double(&near(53, 1)));
        assert_eq!(nearest_double(&Rational::power_of_two(1024)), None);
    }

    proptest! {
        #[test]
        fn division_of_integers_rounds_to_the_same_double(p in -(1i64 << 53)..=(1i64 << 53), q in 1..=(1i64 << 53)) {
            // IEEE division of two exact doubles is correctly rounded.
            prop_assert_eq!(nearest_double(&Rational::ratio(p, q)), Some(p as f64 / q as f64));
        }
        #[test]
        fn doubles_are_their_own(bits in any::<u64>()) {
            let x = f64::from_bits(bits);
            prop_assume!(x.is_finite());
            prop_assert_eq!(nearest_double(&Rational::from_f64(x).unwrap()), Some(x));
        }
    }
}
