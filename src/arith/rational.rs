//! Rational numbers.

use core::cmp::Ordering;
use core::fmt;
use core::iter::Sum;
use core::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use super::Integer;
use super::backend::active as backend;

/// A rational number in lowest terms with a positive denominator, exact.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rational(backend::Rat);

impl Rational {
    /// The number 0.
    pub fn zero() -> Self {
        Self::from(0)
    }
    /// The number 1.
    pub fn one() -> Self {
        Self::from(1)
    }
    /// numerator / denominator, reduced; `None` when the denominator is 0.
    pub fn new(numerator: Integer, denominator: Integer) -> Option<Self> {
        if denominator.is_zero() {
            return None;
        }
        Some(Self(backend::rat_new(numerator.0, denominator.0)))
    }
    /// p / q for small numbers.
    ///
    /// # Panics
    /// Panics when q is 0.
    pub fn ratio(p: i64, q: i64) -> Self {
        assert!(q != 0, "the denominator of a ratio is not zero");
        Self(backend::rat_new(Integer::from(p).0, Integer::from(q).0))
    }
    /// 2^k for any sign of k.
    pub fn power_of_two(k: i64) -> Self {
        let power = Integer::power_of_two(k.unsigned_abs());
        if k >= 0 { Self::from(power) } else { Self(backend::rat_new(Integer::one().0, power.0)) }
    }
    /// The numerator, with the sign.
    pub fn numerator(&self) -> Integer {
        Integer(backend::rat_numerator(&self.0))
    }
    /// The denominator, positive.
    pub fn denominator(&self) -> Integer {
        Integer(backend::rat_denominator(&self.0))
    }
    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        backend::rat_signum(&self.0)
    }
    /// Whether this is 0.
    pub fn is_zero(&self) -> bool {
        self.signum() == 0
    }
    /// Whether this is positive.
    pub fn is_positive(&self) -> bool {
        self.signum() > 0
    }
    /// Whether this is negative.
    pub fn is_negative(&self) -> bool {
        self.signum() < 0
    }
    /// Whether this is an integer.
    pub fn is_integer(&self) -> bool {
        backend::rat_is_integer(&self.0)
    }
    /// The absolute value.
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }
    /// max(x, 0).
    pub fn relu(&self) -> Self {
        if self.is_negative() { Self::zero() } else { self.clone() }
    }
    /// 1 / x; `None` for 0.
    pub fn recip(&self) -> Option<Self> {
        Self::new(self.denominator(), self.numerator())
    }
    /// x / y; `None` when y is 0.
    pub fn checked_div(&self, other: &Self) -> Option<Self> {
        if other.is_zero() { None } else { Some(Self(backend::rat_div(&self.0, &other.0))) }
    }
    /// x^k; `None` for 0 to a negative power.
    pub fn pow(&self, k: i32) -> Option<Self> {
        let (n, d) = (self.numerator().pow(k.unsigned_abs()), self.denominator().pow(k.unsigned_abs()));
        if k >= 0 { Self::new(n, d) } else { Self::new(d, n) }
    }
    /// Largest integer not above x.
    pub fn floor(&self) -> Integer {
        self.numerator().div_rem_euclid(&self.denominator()).0
    }
    /// Smallest integer not below x.
    pub fn ceil(&self) -> Integer {
        -(-self).floor()
    }
    /// The largest k with 2^k <= |x|; `None` for 0.
    pub fn floor_log2(&self) -> Option<i64> {
        if self.is_zero() {
            return None;
        }
        let (n, d) = (self.numerator().abs(), self.denominator());
        // 2^(bits-1) <= n < 2^bits gives floor(log2(n/d)) in {guess - 1, guess}, decided by one exact comparison.
        let guess = n.bits() as i64 - d.bits() as i64;
        let reached = if guess >= 0 { n >= d.shl(guess as u64) } else { n.shl(guess.unsigned_abs()) >= d };
        Some(if reached { guess } else { guess - 1 })
    }
    /// The smallest k with |x| <= 2^k; `None` for 0.
    pub fn ceil_log2(&self) -> Option<i64> {
        let k = self.floor_log2()?;
        Some(if self.abs() == Self::power_of_two(k) { k } else { k + 1 })
    }
    /// The number k of fraction bits when x = n / 2^k; `None` when x is not dyadic.
    pub fn dyadic_exponent(&self) -> Option<u64> {
        let d = self.denominator();
        let k = d.trailing_zeros();
        (d.bits() == k + 1).then_some(k)
    }
    /// The larger of two.
    pub fn max(self, other: Self) -> Self {
        Ord::max(self, other)
    }
    /// The smaller of two.
    pub fn min(self, other: Self) -> Self {
        Ord::min(self, other)
    }
}

impl Default for Rational {
    fn default() -> Self {
        Self::zero()
    }
}
impl From<Integer> for Rational {
    fn from(n: Integer) -> Self {
        Self(backend::rat_new(n.0, Integer::one().0))
    }
}
impl From<&Integer> for Rational {
    fn from(n: &Integer) -> Self {
        Self::from(n.clone())
    }
}
macro_rules! from_primitive {
    ($($t:ty),*) => {$(
        impl From<$t> for Rational {
            fn from(n: $t) -> Self {
                Self::from(Integer::from(n))
            }
        }
    )*};
}
from_primitive!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize);

macro_rules! binary {
    ($trait:ident, $method:ident, $function:ident) => {
        impl $trait<&Rational> for &Rational {
            type Output = Rational;
            fn $method(self, other: &Rational) -> Rational {
                Rational(backend::$function(&self.0, &other.0))
            }
        }
        impl $trait<Rational> for Rational {
            type Output = Rational;
            fn $method(self, other: Rational) -> Rational {
                Rational(backend::$function(&self.0, &other.0))
            }
        }
        impl $trait<&Rational> for Rational {
            type Output = Rational;
            fn $method(self, other: &Rational) -> Rational {
                Rational(backend::$function(&self.0, &other.0))
            }
        }
        impl $trait<Rational> for &Rational {
            type Output = Rational;
            fn $method(self, other: Rational) -> Rational {
                Rational(backend::$function(&self.0, &other.0))
            }
        }
    };
}
binary!(Add, add, rat_add);
binary!(Sub, sub, rat_sub);
binary!(Mul, mul, rat_mul);

macro_rules! division {
    ($left:ty, $right:ty) => {
        /// Exact quotient.
        ///
        /// # Panics
        /// Panics when the divisor is 0; use `checked_div` where that can happen.
        impl Div<$right> for $left {
            type Output = Rational;
            fn div(self, other: $right) -> Rational {
                assert!(!other.is_zero(), "the divisor of a rational division is not zero");
                Rational(backend::rat_div(&self.0, &other.0))
            }
        }
    };
}
division!(&Rational, &Rational);
division!(Rational, Rational);
division!(Rational, &Rational);
division!(&Rational, Rational);

impl AddAssign<&Rational> for Rational {
    fn add_assign(&mut self, other: &Rational) {
        self.0 = backend::rat_add(&self.0, &other.0);
    }
}
impl AddAssign<Rational> for Rational {
    fn add_assign(&mut self, other: Rational) {
        *self += &other;
    }
}
impl SubAssign<&Rational> for Rational {
    fn sub_assign(&mut self, other: &Rational) {
        self.0 = backend::rat_sub(&self.0, &other.0);
    }
}
impl MulAssign<&Rational> for Rational {
    fn mul_assign(&mut self, other: &Rational) {
        self.0 = backend::rat_mul(&self.0, &other.0);
    }
}
impl Neg for &Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        Rational(backend::rat_neg(&self.0))
    }
}
impl Neg for Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        -&self
    }
}
impl Sum for Rational {
    fn sum<I: Iterator<Item = Rational>>(terms: I) -> Rational {
        terms.fold(Rational::zero(), |sum, term| sum + term)
    }
}
impl<'a> Sum<&'a Rational> for Rational {
    fn sum<I: Iterator<Item = &'a Rational>>(terms: I) -> Rational {
        terms.fold(Rational::zero(), |sum, term| sum + term)
    }
}
impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        backend::rat_cmp(&self.0, &other.0)
    }
}
impl fmt::Display for Rational {
    /// `p/q`, or `p` for an integer: the form every certinet file uses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_integer() {
            f.pad_integral(!self.is_negative(), "", &self.numerator().abs().to_string())
        } else {
            f.pad(&format!("{}/{}", self.numerator(), self.denominator()))
        }
    }
}
impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
