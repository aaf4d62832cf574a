//! Floats and rationals: reading is exact, writing says how it rounds.

use super::{ArithError, Integer, Rational};

impl Rational {
    /// The exact value of a finite f64.
    ///
    /// # Errors
    /// [`ArithError::NotFinite`] for NaN and infinities.
    pub fn from_f64(x: f64) -> Result<Self, ArithError> {
        if !x.is_finite() {
            return Err(ArithError::NotFinite);
        }
        let bits = x.to_bits();
        let biased = ((bits >> 52) & 0x7ff) as i64;
        let fraction = (bits & ((1 << 52) - 1)) as i64;
        // normal: (2^52 + fraction) 2^(biased - 1075); subnormal: fraction 2^-1074
        let (mantissa, exponent) = if biased == 0 { (fraction, -1074) } else { (fraction + (1 << 52), biased - 1075) };
        let signed = if bits >> 63 == 1 { -mantissa } else { mantissa };
        Ok(Rational::from(signed).scale_by_power_of_two(exponent))
    }
    /// The exact value of a finite f32.
    ///
    /// # Errors
    /// [`ArithError::NotFinite`] for NaN and infinities.
    pub fn from_f32(x: f32) -> Result<Self, ArithError> {
        Self::from_f64(f64::from(x))
    }
    /// The largest f64 that is <= x (minus infinity below the range).
    pub fn to_f64_down(&self) -> f64 {
        -(-self).to_f64_up()
    }
    /// The smallest f64 that is >= x (infinity above the range).
    pub fn to_f64_up(&self) -> f64 {
        let Some(e) = self.floor_log2() else {
            return 0.0;
        };
        // The spacing of f64 around 2^e is 2^(e-52), and never below 2^-1074.
        let grid = (52 - e).min(1074);
        let n = self.round_up_to_grid(grid).scale_by_power_of_two(grid).numerator();
        // |n| <= 2^53 is an exact f64; the scaling below is by an exact power of two.
        let mantissa = n.to_i64().map_or(f64::INFINITY, |n| n as f64);
        // Below the range the scaling gives minus infinity, which is no upper bound: the smallest f64 >= x is f64::MIN.
        scale_f64(mantissa, -grid).max(f64::MIN)
    }
    /// The nearest f64 up to one unit in the last place, for display and for floating-point guesses only.
    pub fn approx_f64(&self) -> f64 {
        if self.is_negative() { self.to_f64_down() } else { self.to_f64_up() }
    }
}

/// m 2^k for an m of at most 54 bits whose result is a representable f64 or above the range.
fn scale_f64(m: f64, k: i64) -> f64 {
    let half = (k / 2) as i32;
    // Two factors keep each power in range; the product of an exactly representable result is exact.
    let (a, b) = (half, (k - i64::from(half)) as i32);
    if k > 1100 {
        return if m == 0.0 { 0.0 } else { f64::INFINITY.copysign(m) };
    }
    m * 2f64.powi(a) * 2f64.powi(b)
}

impl Integer {
    /// The value as an f64 up to rounding, for display and floating-point guesses only.
    pub fn approx_f64(&self) -> f64 {
        Rational::from(self).approx_f64()
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equality of floats is what is claimed")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn doubles_round_trip(bits in any::<u64>()) {
            let x = f64::from_bits(bits);
            prop_assume!(x.is_finite());
            let r = Rational::from_f64(x).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(r.to_f64_up(), x);
            prop_assert_eq!(r.to_f64_down(), x);
        }
        #[test]
        fn directed_conversion_brackets(p in any::<i64>(), q in 1..i64::MAX, k in -1200i64..1200) {
            let r = Rational::ratio(p, q).scale_by_power_of_two(k);
            let (lo, hi) = (r.to_f64_down(), r.to_f64_up());
            prop_assert!(lo < f64::INFINITY && hi > f64::NEG_INFINITY);
            if lo.is_finite() { prop_assert!(Rational::from_f64(lo).is_ok_and(|x| x <= r)); }
            if hi.is_finite() { prop_assert!(Rational::from_f64(hi).is_ok_and(|x| x >= r)); }
            prop_assert!(lo == hi || lo.next_up() == hi);
        }
    }
}
