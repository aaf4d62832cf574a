//! Integers that are machine numbers while they fit: what covers compute with.

use core::cmp::Ordering;
use std::borrow::Cow;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive};

use crate::lexer::Tokens;
use crate::network::Weight;
use crate::number::Number;
use crate::problem::Problem;

/// An integer; `Big` only where it does not fit, so that every integer has one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Int {
    /// One that fits.
    Small(i128),
    /// One that does not.
    Big(Box<BigInt>),
}

/// a b, if it fits.
fn product(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

impl From<BigInt> for Int {
    fn from(value: BigInt) -> Self {
        value.to_i128().map_or_else(|| Self::Big(Box::new(value)), Self::Small)
    }
}

impl Int {
    /// 0.
    pub const ZERO: Self = Self::Small(0);
    /// 1.
    pub const ONE: Self = Self::Small(1);

    fn big(&self) -> Cow<'_, BigInt> {
        match self {
            Self::Small(n) => Cow::Owned(BigInt::from(*n)),
            Self::Big(n) => Cow::Borrowed(n),
        }
    }
    /// Below, equal to or above 0.
    pub fn sign(&self) -> Ordering {
        match self {
            Self::Small(n) => n.cmp(&0),
            Self::Big(n) if n.is_negative() => Ordering::Less,
            Self::Big(_) => Ordering::Greater,
        }
    }
    /// Whether this is 0.
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }
    /// Words of 64 bits that it takes.
    pub fn words(&self) -> u64 {
        match self {
            Self::Small(n) if i64::try_from(*n).is_ok() => 1,
            Self::Small(_) => 2,
            Self::Big(n) => n.bits() / 64 + 1,
        }
    }
    /// -n
    pub fn negated(&self) -> Self {
        match self {
            Self::Small(n) => n.checked_neg().map_or_else(|| Self::from(-BigInt::from(*n)), Self::Small),
            Self::Big(n) => Self::from(-&**n),
        }
    }
    /// a b
    pub fn times(&self, other: &Self) -> Self {
        if let (Self::Small(a), Self::Small(b)) = (self, other)
            && let Some(value) = product(*a, *b)
        {
            return Self::Small(value);
        }
        Self::from(&*self.big() * &*other.big())
    }
    /// Adds a b.
    pub fn add_product(&mut self, a: &Self, b: &Self) {
        if let (Self::Small(sum), Self::Small(a), Self::Small(b)) = (&mut *self, a, b)
            && let Some(value) = product(*a, *b).and_then(|product| sum.checked_add(product))
        {
            *sum = value;
        } else if !a.is_zero() && !b.is_zero() {
            *self = Self::from(&*self.big() + &*a.big() * &*b.big());
        }
    }
    /// n / d for a divisor d.
    pub fn divided_by(&self, divisor: &Self) -> Option<Self> {
        match (self, divisor) {
            (_, Self::Small(0)) => None,
            (_, Self::Small(1)) => Some(self.clone()),
            (Self::Small(n), Self::Small(d)) => match (i64::try_from(*n), i64::try_from(*d)) {
                (Ok(n), Ok(d)) if d > 0 => (n % d == 0).then(|| Self::Small((n / d).into())),
                _ if *d > 0 => (n % d == 0).then(|| Self::Small(n / d)),
                _ => self.divided_slowly(divisor),
            },
            _ => self.divided_slowly(divisor),
        }
    }
    fn divided_slowly(&self, divisor: &Self) -> Option<Self> {
        let (quotient, rest) = self.big().div_rem(&divisor.big());
        (rest == BigInt::ZERO).then(|| Self::from(quotient))
    }
    /// a / g and b / g for the greatest common divisor g; not both are 0.
    pub fn reduced(&self, other: &Self) -> (Self, Self) {
        let divisor = self.big().gcd(&other.big());
        (Self::from(&*self.big() / &divisor), Self::from(&*other.big() / &divisor))
    }
    /// n / d as a number, d > 0.
    pub fn over(&self, denominator: &Self) -> Number {
        Number::from(&Weight::new(self.big().into_owned(), denominator.big().into_owned()))
    }
    /// Appends the bytes of this integer with their number: no two lists of integers look the same.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Small(n) => {
                // Bytes without those that repeat the sign.
                let unused = (if *n < 0 { !*n } else { *n }).leading_zeros().saturating_sub(1) / 8;
                let used = usize::try_from(16 - unused).unwrap_or(16);
                bytes.push(used.to_le_bytes()[0]);
                bytes.extend(n.to_le_bytes().iter().take(used));
            }
            Self::Big(n) => {
                let list = n.to_signed_bytes_le();
                // Small integers begin with a length below 255.
                bytes.push(255);
                bytes.extend((list.len() as u64).to_le_bytes());
                bytes.extend(list);
            }
        }
    }
}

/// Numerator and denominator of a fraction in lowest terms.
pub fn fraction(tokens: &mut Tokens<'_>) -> Result<(Int, Int), Problem> {
    let (numerator, denominator) = tokens.rational()?.into_raw();
    Ok((Int::from(numerator), Int::from(denominator)))
}

/// Makes `common` a multiple of a denominator; both are positive.
pub fn include(common: &mut Int, denominator: &Int) {
    if common.divided_by(denominator).is_none() {
        *common =
            if denominator.divided_by(common).is_some() { denominator.clone() } else { common.times(denominator) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<BigInt> {
        let mut list = vec![BigInt::ZERO];
        for shift in [0, 1, 7, 8, 15, 31, 62, 63, 64, 126, 127, 128, 200] {
            for offset in [-1, 0, 1] {
                let n: BigInt = (BigInt::from(1) << shift) + offset;
                list.extend([n.clone(), -n]);
            }
        }
        list
    }

    #[test]
    fn agrees_with_long_integers() {
        let mut seen = std::collections::HashMap::new();
        for a in all() {
            let x = Int::from(a.clone());
            assert_eq!(matches!(x, Int::Small(_)), a.to_i128().is_some());
            assert_eq!(*x.big(), a);
            assert_eq!(*x.negated().big(), -&a);
            assert_eq!(x.sign(), a.cmp(&BigInt::ZERO));
            assert!(a.bits() < 64 * x.words() + 1);
            let mut bytes = Vec::new();
            x.write(&mut bytes);
            assert_eq!(*seen.entry(bytes).or_insert_with(|| a.clone()), a);
            for b in all() {
                let y = Int::from(b.clone());
                assert_eq!(x.times(&y), Int::from(&a * &b));
                assert_eq!(x == y, a == b);
                let mut sum = y.clone();
                sum.add_product(&x, &x);
                assert_eq!(sum, Int::from(&b + &a * &a));
                let divides = b != BigInt::ZERO && a.is_multiple_of(&b);
                assert_eq!(x.divided_by(&y), divides.then(|| Int::from(&a / &b)), "{a} / {b}");
                if a.is_positive() && b.is_positive() {
                    let (p, q) = x.reduced(&y);
                    assert_eq!(p.times(&y), q.times(&x));
                    let mut common = x.clone();
                    include(&mut common, &y);
                    assert!(common.divided_by(&x).is_some() && common.divided_by(&y).is_some());
                }
            }
        }
    }
}
