//! Dyadic numbers: integers over powers of two, never reduced.

use core::cmp::Ordering;
use core::fmt;
use core::ops::{Add, Mul, Neg, Sub};

use super::{Integer, Rational, Scalar};

/// The number m 2^-k for an integer m and k >= 0, exact.
///
/// Sums align the two numbers by a shift and products add the k: no greatest common divisor is ever taken, which is
/// what makes this faster than [`Rational`] on networks with dyadic weights. One number has many forms; equality and
/// order compare values. [`Dyadic::reduced`] returns the form with the smallest k.
///
/// ```
/// use certinet::arith::{Dyadic, Rational};
/// let half = Dyadic::try_from_rational(&Rational::ratio(1, 2));
/// assert_eq!(half.map(|x| (&x * &x).to_rational()), Some(Rational::ratio(1, 4)));
/// assert_eq!(Dyadic::try_from_rational(&Rational::ratio(1, 3)), None);
/// ```
#[derive(Clone)]
pub struct Dyadic {
    mantissa: Integer,
    fraction_bits: u64,
}

impl Dyadic {
    /// m 2^-k.
    pub fn new(mantissa: Integer, fraction_bits: u64) -> Self {
        Self { mantissa, fraction_bits }
    }
    /// The number 0.
    pub fn zero() -> Self {
        Self::new(Integer::zero(), 0)
    }
    /// The number as a dyadic one; `None` when its denominator is no power of two.
    pub fn try_from_rational(x: &Rational) -> Option<Self> {
        x.dyadic_exponent().map(|k| Self::new(x.numerator(), k))
    }
    /// The number, exactly.
    pub fn to_rational(&self) -> Rational {
        Rational::from(&self.mantissa).scale_by_power_of_two(-(self.fraction_bits as i64))
    }
    /// m of m 2^-k.
    pub fn mantissa(&self) -> &Integer {
        &self.mantissa
    }
    /// k of m 2^-k.
    pub fn fraction_bits(&self) -> u64 {
        self.fraction_bits
    }
    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        self.mantissa.signum()
    }
    /// The same number with the smallest k.
    pub fn reduced(&self) -> Self {
        if self.signum() == 0 {
            return Self::zero();
        }
        let shift = self.mantissa.trailing_zeros().min(self.fraction_bits);
        Self::new(self.mantissa.shr_floor(shift), self.fraction_bits - shift)
    }
    /// The two mantissas over the larger of the two k, and that k.
    fn align(&self, other: &Self) -> (Integer, Integer, u64) {
        let k = self.fraction_bits.max(other.fraction_bits);
        (self.mantissa.shl(k - self.fraction_bits), other.mantissa.shl(k - other.fraction_bits), k)
    }
    /// self += other, shifting only the one with fewer fraction bits.
    fn accumulate(&mut self, other: &Self) {
        match self.fraction_bits.cmp(&other.fraction_bits) {
            Ordering::Equal => self.mantissa += &other.mantissa,
            Ordering::Greater => self.mantissa += &other.mantissa.shl(self.fraction_bits - other.fraction_bits),
            Ordering::Less => {
                self.mantissa = self.mantissa.shl(other.fraction_bits - self.fraction_bits);
                self.fraction_bits = other.fraction_bits;
                self.mantissa += &other.mantissa;
            }
        }
    }
}

impl TryFrom<&Rational> for Dyadic {
    type Error = super::ArithError;

    /// The number as a dyadic one.
    ///
    /// # Errors
    /// [`ArithError::NotDyadic`](super::ArithError::NotDyadic) when the denominator is no power of two.
    fn try_from(x: &Rational) -> Result<Self, Self::Error> {
        Self::try_from_rational(x)
            .ok_or_else(|| super::ArithError::NotDyadic { text: x.to_string().chars().take(60).collect() })
    }
}
impl Add for &Dyadic {
    type Output = Dyadic;
    fn add(self, other: &Dyadic) -> Dyadic {
        let mut sum = self.clone();
        sum.accumulate(other);
        sum
    }
}
impl Sub for &Dyadic {
    type Output = Dyadic;
    fn sub(self, other: &Dyadic) -> Dyadic {
        self + &-other
    }
}
impl Mul for &Dyadic {
    type Output = Dyadic;
    fn mul(self, other: &Dyadic) -> Dyadic {
        Dyadic::new(&self.mantissa * &other.mantissa, self.fraction_bits + other.fraction_bits)
    }
}
impl Neg for &Dyadic {
    type Output = Dyadic;
    fn neg(self) -> Dyadic {
        Dyadic::new(-&self.mantissa, self.fraction_bits)
    }
}
impl PartialEq for Dyadic {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Dyadic {}
impl PartialOrd for Dyadic {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Dyadic {
    fn cmp(&self, other: &Self) -> Ordering {
        self.signum().cmp(&other.signum()).then_with(|| {
            let (a, b, _) = self.align(other);
            a.cmp(&b)
        })
    }
}
impl fmt::Display for Dyadic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_rational(), f)
    }
}
impl fmt::Debug for Dyadic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} 2^-{}", self.mantissa, self.fraction_bits)
    }
}

impl Scalar for Dyadic {
    type Weight = Dyadic;
    fn zero() -> Self {
        Dyadic::zero()
    }
    fn from_rational(x: &Rational) -> Option<Self> {
        Dyadic::try_from_rational(x)
    }
    fn weight(w: &Rational) -> Option<Dyadic> {
        Dyadic::try_from_rational(w)
    }
    fn add_product(&mut self, w: &Dyadic, x: &Self) {
        if w.signum() != 0 && x.signum() != 0 {
            self.accumulate(&(w * x));
        }
    }
    fn add(&mut self, x: &Self) {
        self.accumulate(x);
    }
    fn relu(&mut self) {
        if self.signum() < 0 {
            *self = Dyadic::zero();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dyadic() -> impl Strategy<Value = Dyadic> {
        let mantissa = prop_oneof![Just(0i64), Just(1), Just(-1), Just(1 << 40), Just((1 << 40) - 1), any::<i64>()];
        (mantissa, 0u64..90).prop_map(|(m, k)| Dyadic::new(Integer::from(m), k))
    }

    proptest! {
        #[test]
        fn ring_operations_agree_with_rationals(x in dyadic(), y in dyadic()) {
            let (p, q) = (x.to_rational(), y.to_rational());
            prop_assert_eq!((&x + &y).to_rational(), &p + &q);
            prop_assert_eq!((&x - &y).to_rational(), &p - &q);
            prop_assert_eq!((&x * &y).to_rational(), &p * &q);
            prop_assert_eq!(x.cmp(&y), p.cmp(&q));
            prop_assert_eq!(Dyadic::try_from(&p), Ok(x.clone()));
            prop_assert_eq!(x.reduced().fraction_bits(), p.dyadic_exponent().unwrap_or(u64::MAX));
        }
        #[test]
        fn scalar_operations_agree_with_rationals(s in dyadic(), w in dyadic(), x in dyadic()) {
            let mut exact = s.to_rational();
            Scalar::add_product(&mut exact, &w.to_rational(), &x.to_rational());
            Scalar::relu(&mut exact);
            let mut sum = s;
            Scalar::add_product(&mut sum, &w, &x);
            Scalar::relu(&mut sum);
            prop_assert_eq!(sum.to_rational(), exact);
        }
    }

    #[test]
    fn only_powers_of_two_in_the_denominator_are_dyadic() {
        for (p, q) in [(1, 3), (5, 6), (-7, 10)] {
            assert!(Dyadic::try_from(&Rational::ratio(p, q)).is_err());
            assert!(<Dyadic as Scalar>::weight(&Rational::ratio(p, q)).is_none());
        }
    }
}
