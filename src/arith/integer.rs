//! Integers of any size.

use core::cmp::Ordering;
use core::fmt;
use core::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use super::backend::active as backend;

/// An integer of any size, exact.
///
/// A thin shell around the backend's type (dashu, or GMP under the feature `gmp`), so that no outside type shows in
/// a public signature.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Integer(pub(super) backend::Int);

impl Integer {
    /// The integer 0.
    pub fn zero() -> Self {
        Self::from(0)
    }
    /// The integer 1.
    pub fn one() -> Self {
        Self::from(1)
    }
    /// 2^k.
    pub fn power_of_two(k: u64) -> Self {
        Self::one().shl(k)
    }
    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        backend::int_signum(&self.0)
    }
    /// Whether this is 0.
    pub fn is_zero(&self) -> bool {
        self.signum() == 0
    }
    /// The absolute value.
    pub fn abs(&self) -> Self {
        if self.signum() < 0 { -self } else { self.clone() }
    }
    /// Bits of the absolute value; 0 for 0.
    pub fn bits(&self) -> u64 {
        backend::int_bits(&self.0)
    }
    /// The largest k with 2^k dividing this; 0 for 0.
    pub fn trailing_zeros(&self) -> u64 {
        backend::int_trailing_zeros(&self.0)
    }
    /// n * 2^k.
    pub fn shl(&self, k: u64) -> Self {
        Self(backend::int_shl(&self.0, k as usize))
    }
    /// Floor of n / 2^k.
    pub fn shr_floor(&self, k: u64) -> Self {
        Self(backend::int_shr_floor(&self.0, k as usize))
    }
    /// Quotient q and remainder r of n = q d + r with 0 <= r < |d|.
    ///
    /// # Panics
    /// Panics when d is 0.
    pub fn div_rem_euclid(&self, d: &Self) -> (Self, Self) {
        assert!(!d.is_zero(), "the divisor of an integer division is not zero");
        let (q, r) = backend::int_div_rem_euclid(&self.0, &d.0);
        (Self(q), Self(r))
    }
    /// Greatest common divisor, not negative; gcd(0, 0) = 0.
    pub fn gcd(&self, other: &Self) -> Self {
        if self.is_zero() {
            return other.abs();
        }
        if other.is_zero() {
            return self.abs();
        }
        Self(backend::int_gcd(&self.0, &other.0))
    }
    /// Least common multiple, not negative.
    pub fn lcm(&self, other: &Self) -> Self {
        if self.is_zero() || other.is_zero() {
            return Self::zero();
        }
        (&self.div_rem_euclid(&self.gcd(other)).0 * other).abs()
    }
    /// Floor of the square root.
    ///
    /// # Panics
    /// Panics when this is negative.
    pub fn sqrt_floor(&self) -> Self {
        assert!(self.signum() >= 0, "the square root is of a number that is not negative");
        Self(backend::int_sqrt(&self.0))
    }
    /// n^k.
    pub fn pow(&self, k: u32) -> Self {
        Self(backend::int_pow(&self.0, k as usize))
    }
    /// The value as i128 where it fits.
    pub fn to_i128(&self) -> Option<i128> {
        backend::int_to_i128(&self.0)
    }
    /// The value as i64 where it fits.
    pub fn to_i64(&self) -> Option<i64> {
        self.to_i128().and_then(|n| i64::try_from(n).ok())
    }
    /// Appends the digits of the absolute value base 2^32, the lowest first; some leading ones may be 0.
    pub fn append_digits(&self, digits: &mut Vec<u32>) {
        backend::int_digits(&self.0, digits);
    }
    /// The number with these digits base 2^32, the lowest first, and this sign.
    pub fn from_digits(negative: bool, digits: &[u32]) -> Self {
        Self(backend::int_from_digits(negative, digits))
    }
    /// Reads an optional sign and decimal digits; nothing else is accepted.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        backend::int_parse(text.strip_prefix('+').unwrap_or(text)).map(Self)
    }
}

macro_rules! from_primitive {
    ($($t:ty),*) => {$(
        impl From<$t> for Integer {
            fn from(n: $t) -> Self {
                Self(backend::int_from_i128(n as i128))
            }
        }
    )*};
}
from_primitive!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, usize);

impl From<u128> for Integer {
    fn from(n: u128) -> Self {
        Self::from((n >> 64) as u64).shl(64) + Self::from(n as u64)
    }
}

macro_rules! binary {
    ($trait:ident, $method:ident, $function:ident) => {
        impl $trait<&Integer> for &Integer {
            type Output = Integer;
            fn $method(self, other: &Integer) -> Integer {
                Integer(backend::$function(&self.0, &other.0))
            }
        }
        impl $trait<Integer> for Integer {
            type Output = Integer;
            fn $method(self, other: Integer) -> Integer {
                Integer(backend::$function(&self.0, &other.0))
            }
        }
        impl $trait<&Integer> for Integer {
            type Output = Integer;
            fn $method(self, other: &Integer) -> Integer {
                Integer(backend::$function(&self.0, &other.0))
            }
        }
    };
}
binary!(Add, add, int_add);
binary!(Sub, sub, int_sub);
binary!(Mul, mul, int_mul);

impl AddAssign<&Integer> for Integer {
    fn add_assign(&mut self, other: &Integer) {
        backend::int_add_assign(&mut self.0, &other.0);
    }
}
impl SubAssign<&Integer> for Integer {
    fn sub_assign(&mut self, other: &Integer) {
        backend::int_sub_assign(&mut self.0, &other.0);
    }
}
impl Neg for &Integer {
    type Output = Integer;
    fn neg(self) -> Integer {
        Integer(backend::int_neg(&self.0))
    }
}
impl Neg for Integer {
    type Output = Integer;
    fn neg(self) -> Integer {
        -&self
    }
}
impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        backend::int_cmp(&self.0, &other.0)
    }
}
impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
impl fmt::Debug for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
