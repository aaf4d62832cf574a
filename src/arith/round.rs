//! Directed rounding of rationals to dyadic numbers of few bits.

use super::{Integer, Rational};

impl Rational {
    /// The largest multiple of 2^-k that is <= x (k may be negative).
    pub fn round_down_to_grid(&self, k: i64) -> Rational {
        // floor(x 2^k) 2^-k <= x < (floor(x 2^k) + 1) 2^-k
        let (n, d) = (self.numerator(), self.denominator());
        let scaled =
            if k >= 0 { n.shl(k as u64).div_rem_euclid(&d).0 } else { n.div_rem_euclid(&d.shl(k.unsigned_abs())).0 };
        Rational::from(scaled).scale_by_power_of_two(-k)
    }
    /// The smallest multiple of 2^-k that is >= x.
    pub fn round_up_to_grid(&self, k: i64) -> Rational {
        -(-self).round_down_to_grid(k)
    }
    /// A dyadic number y <= x with at most `bits` significant bits and x - y <= 2^(1-bits) |x|.
    pub fn round_down(&self, bits: u64) -> Rational {
        match self.floor_log2() {
            None => Rational::zero(),
            // grid 2^-(bits-1-e) with 2^e <= |x|: the mantissa has at most `bits` bits (or is the power 2^bits itself).
            Some(e) => self.round_down_to_grid(bits.max(1) as i64 - 1 - e),
        }
    }
    /// A dyadic number y >= x with at most `bits` significant bits and y - x <= 2^(1-bits) |x|.
    pub fn round_up(&self, bits: u64) -> Rational {
        -(-self).round_down(bits)
    }
    /// x 2^k, exactly.
    pub fn scale_by_power_of_two(&self, k: i64) -> Rational {
        self * &Rational::power_of_two(k)
    }
    /// An upper bound on the square root with a relative error below about 2^-bits.
    ///
    /// # Panics
    /// Panics when x is negative.
    pub fn sqrt_up(&self, bits: u64) -> Rational {
        let down = self.sqrt_down(bits);
        if &down * &down == *self {
            return down;
        }
        // sqrt_down returns floor(sqrt(x 4^k)) 2^-k, so one unit more exceeds the root.
        &down + &Rational::power_of_two(-self.sqrt_grid(bits))
    }
    /// A lower bound on the square root with a relative error below about 2^-bits.
    ///
    /// # Panics
    /// Panics when x is negative.
    pub fn sqrt_down(&self, bits: u64) -> Rational {
        assert!(!self.is_negative(), "the square root is of a number that is not negative");
        let k = self.sqrt_grid(bits);
        // floor(sqrt(floor(x 4^k))) = floor(sqrt(x 4^k))
        let root: Integer = self.scale_by_power_of_two(2 * k).floor().sqrt_floor();
        Rational::from(root).scale_by_power_of_two(-k)
    }
    /// The k for which sqrt(x) 2^k has at least `bits` bits.
    fn sqrt_grid(&self, bits: u64) -> i64 {
        bits as i64 - self.floor_log2().unwrap_or(0).div_euclid(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounding_is_directed_and_tight(p in any::<i64>(), q in 1..i64::MAX, bits in 1u64..80) {
            let x = Rational::ratio(p, q);
            let (down, up) = (x.round_down(bits), x.round_up(bits));
            let slack = x.abs().scale_by_power_of_two(1 - bits as i64);
            prop_assert!(down <= x && x <= up);
            prop_assert!(&x - &down <= slack && &up - &x <= slack);
            prop_assert!(down.numerator().bits() <= bits + down.numerator().trailing_zeros());
        }
        #[test]
        fn square_roots_bracket(p in 0..i64::MAX, q in 1..i64::MAX, bits in 1u64..100) {
            let x = Rational::ratio(p, q);
            let (down, up) = (x.sqrt_down(bits), x.sqrt_up(bits));
            prop_assert!(&down * &down <= x && x <= &up * &up);
            prop_assert!(&up - &down <= up.scale_by_power_of_two(1 - bits as i64));
        }
    }
}
