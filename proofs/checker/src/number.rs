//! Exact numbers for claims: n 2^e / d with d odd, added and multiplied without a greatest common divisor.

use core::cmp::Ordering;
use core::ops::{Add, Mul, Neg, Sub};

use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{One, Signed, Zero};

use crate::network::Weight;

/// The number `numerator 2^exponent / denominator`; the denominator is odd and positive, `None` stands for 1.
///
/// Almost all numbers are dyadic: their sums are shifts and additions. One number has many forms; [`Number::reduced`] is
/// the one with the smallest parts.
#[derive(Debug, Clone)]
pub struct Number {
    numerator: BigInt,
    denominator: Option<Box<BigInt>>,
    exponent: i64,
}

/// n 2^k for k >= 0; the readers bound the exponents, see `lexer`.
fn shifted(n: &BigInt, k: i64) -> BigInt {
    n << usize::try_from(k).unwrap_or(0)
}

impl Number {
    /// The number n 2^e.
    pub fn dyadic(numerator: BigInt, exponent: i64) -> Self {
        Self { numerator, denominator: None, exponent }
    }
    /// 0.
    pub fn zero() -> Self {
        Self::dyadic(BigInt::ZERO, 0)
    }
    /// 1.
    pub fn one() -> Self {
        Self::power_of_two(0)
    }
    /// 2^e.
    pub fn power_of_two(exponent: i64) -> Self {
        Self::dyadic(BigInt::one(), exponent)
    }
    /// The number times 2^e.
    pub fn scaled(&self, exponent: i64) -> Self {
        Self { exponent: self.exponent.saturating_add(exponent), ..self.clone() }
    }
    /// Whether this is 0.
    pub fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }
    /// Whether this is below 0.
    pub fn is_negative(&self) -> bool {
        self.numerator.is_negative()
    }
    /// Whether this is above 0.
    pub fn is_positive(&self) -> bool {
        self.numerator.is_positive()
    }
    /// |x|.
    pub fn abs(&self) -> Self {
        Self { numerator: self.numerator.abs(), ..self.clone() }
    }
    /// x^2.
    pub fn square(&self) -> Self {
        self * self
    }
    /// 1 / x, `None` for 0.
    pub fn reciprocal(&self) -> Option<Self> {
        if self.is_zero() {
            return None;
        }
        let value = self.reduced();
        // The reduced numerator is odd: it may become a denominator.
        let sign = if value.is_negative() { -BigInt::one() } else { BigInt::one() };
        let numerator = sign * value.denominator.map_or_else(BigInt::one, |d| *d);
        let denominator = value.numerator.abs();
        let denominator = (!denominator.is_one()).then(|| Box::new(denominator));
        Some(Self { numerator, denominator, exponent: -value.exponent })
    }
    /// The same number with an odd numerator (0 with exponent 0) that has no factor in common with the denominator.
    pub fn reduced(&self) -> Self {
        let Some(zeros) = self.numerator.trailing_zeros() else { return Self::zero() };
        let mut value = self.clone();
        if zeros > 0 {
            value.numerator >>= zeros;
            value.exponent = value.exponent.saturating_add(i64::try_from(zeros).unwrap_or(i64::MAX));
        }
        if let Some(d) = &value.denominator {
            let common = num_integer::gcd(value.numerator.clone(), (**d).clone());
            let rest = &**d / &common;
            value.numerator /= common;
            value.denominator = (!rest.is_one()).then(|| Box::new(rest));
        }
        value
    }
    /// Bits of all parts together, the exponent counted as so many bits.
    pub fn bits(&self) -> u64 {
        let below = self.denominator.as_ref().map_or(0, |d| d.bits());
        self.numerator.bits().saturating_add(below).saturating_add(self.exponent.unsigned_abs())
    }
    /// The number as a canonical fraction; for numbers as small as the limits of the format.
    pub fn to_weight(&self) -> Weight {
        let d = self.denominator.as_ref().map_or_else(BigInt::one, |d| (**d).clone());
        if self.exponent >= 0 {
            Weight::new(shifted(&self.numerator, self.exponent), d)
        } else {
            Weight::new(self.numerator.clone(), shifted(&d, -self.exponent))
        }
    }
    fn numerator_times(&self, other: Option<&BigInt>) -> BigInt {
        other.map_or_else(|| self.numerator.clone(), |d| &self.numerator * d)
    }
    /// The numerators of both over one denominator and one power of two, which is returned too.
    fn aligned(&self, other: &Self) -> (BigInt, BigInt, i64) {
        let (mut a, mut b) = match (&self.denominator, &other.denominator) {
            (None, None) => (self.numerator.clone(), other.numerator.clone()),
            (p, q) if p == q => (self.numerator.clone(), other.numerator.clone()),
            // a / p and b / q are a q / p q and b p / p q
            (p, q) => (self.numerator_times(q.as_deref()), other.numerator_times(p.as_deref())),
        };
        let exponent = self.exponent.min(other.exponent);
        if self.exponent > exponent && !a.is_zero() {
            a = shifted(&a, self.exponent - exponent);
        }
        if other.exponent > exponent && !b.is_zero() {
            b = shifted(&b, other.exponent - exponent);
        }
        (a, b, exponent)
    }
    fn sum(&self, other: &Self, negate: bool) -> Self {
        if other.is_zero() {
            return self.clone();
        }
        if self.is_zero() {
            return if negate { -other } else { other.clone() };
        }
        let (a, b, exponent) = self.aligned(other);
        let denominator = match (&self.denominator, &other.denominator) {
            (p, q) if p == q => p.clone(),
            (Some(p), Some(q)) => Some(Box::new(&**p * &**q)),
            (p, q) => p.clone().or_else(|| q.clone()),
        };
        Self { numerator: if negate { a - b } else { a + b }, denominator, exponent }
    }
}

impl From<&Weight> for Number {
    fn from(value: &Weight) -> Self {
        let zeros = value.denom().trailing_zeros().unwrap_or(0);
        let odd: BigInt = value.denom() >> zeros;
        let denominator = (!odd.is_one()).then(|| Box::new(odd));
        Self { numerator: value.numer().clone(), denominator, exponent: -i64::try_from(zeros).unwrap_or(0) }
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self::dyadic(BigInt::from_biguint(Sign::Plus, BigUint::from(value)), 0)
    }
}

impl Add for &Number {
    type Output = Number;
    fn add(self, other: Self) -> Number {
        self.sum(other, false)
    }
}

impl Sub for &Number {
    type Output = Number;
    fn sub(self, other: Self) -> Number {
        self.sum(other, true)
    }
}

impl Neg for &Number {
    type Output = Number;
    fn neg(self) -> Number {
        Number { numerator: -&self.numerator, ..self.clone() }
    }
}

impl Mul for &Number {
    type Output = Number;
    fn mul(self, other: Self) -> Number {
        let denominator = match (&self.denominator, &other.denominator) {
            (Some(p), Some(q)) => Some(Box::new(&**p * &**q)),
            (p, q) => p.clone().or_else(|| q.clone()),
        };
        let exponent = self.exponent.saturating_add(other.exponent);
        Number { numerator: &self.numerator * &other.numerator, denominator, exponent }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let signs = self.numerator.sign().cmp(&other.numerator.sign());
        if signs != Ordering::Equal || self.is_zero() {
            return signs;
        }
        if self.denominator.is_none() && other.denominator.is_none() {
            if self.exponent == other.exponent {
                return self.numerator.cmp(&other.numerator);
            }
            // 2^(bits - 1) <= |n| < 2^bits decides most cases without a shift.
            let top = |x: &Self| i128::from(x.numerator.bits()) + i128::from(x.exponent);
            let sizes = top(self).cmp(&top(other));
            if sizes != Ordering::Equal {
                return if self.is_negative() { sizes.reverse() } else { sizes };
            }
        }
        let (a, b, _) = self.aligned(other);
        a.cmp(&b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<(Number, Weight)> {
        let mut list = Vec::new();
        for n in [-12, -7, -1, 0, 1, 3, 8, 20] {
            for d in [1, 2, 3, 9, 12, 40] {
                let weight = Weight::new(BigInt::from(n), BigInt::from(d));
                list.push((Number::from(&weight), weight));
            }
        }
        list
    }

    #[test]
    fn agrees_with_fractions() {
        for (x, p) in all() {
            assert_eq!(x.to_weight(), p);
            assert_eq!(x.reciprocal().map(|r| r.to_weight()), (!p.is_zero()).then(|| p.recip()));
            for (y, q) in all() {
                assert_eq!((&x + &y).to_weight(), &p + &q);
                assert_eq!((&x - &y).to_weight(), &p - &q);
                assert_eq!((&x * &y).to_weight(), &p * &q);
                assert_eq!(x.cmp(&y), p.cmp(&q));
                assert_eq!((&(&x * &y) + &y).reduced().to_weight(), &p * &q + &q);
            }
        }
    }
}
