//! Numbers a + b sqrt(q) with one fixed q.

use core::cmp::Ordering;
use core::ops::{Add, Mul, Neg, Sub};

use crate::arith::Rational;

/// A number a + b sqrt(q); q is known to whoever computes with it ([`Surd::sign`], [`Surd::times`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surd {
    /// a
    pub rational: Rational,
    /// b
    pub root: Rational,
}

impl Surd {
    /// The number 0.
    pub fn zero() -> Self {
        Self::from(Rational::zero())
    }
    /// The number b sqrt(q).
    pub fn of_root(root: Rational) -> Self {
        Self { rational: Rational::zero(), root }
    }
    /// The number times a rational one.
    pub fn scaled(&self, t: &Rational) -> Self {
        Self { rational: &self.rational * t, root: &self.root * t }
    }
    /// The product, for sqrt(q).
    pub fn times(&self, other: &Self, q: &Rational) -> Self {
        Self {
            rational: &self.rational * &other.rational + &(&self.root * &other.root) * q,
            root: &self.rational * &other.root + &self.root * &other.rational,
        }
    }
    /// The sign of the number, for sqrt(q), q >= 0.
    pub fn sign(&self, q: &Rational) -> Ordering {
        let zero = Rational::zero();
        let root = if q.is_zero() { Ordering::Equal } else { self.root.cmp(&zero) };
        match (self.rational.cmp(&zero), root) {
            (sign, Ordering::Equal) => sign,
            (Ordering::Equal, sign) => sign,
            (a, b) if a == b => a,
            // Opposite signs: the part of larger absolute value decides.
            (a, b) => {
                let squares = (&self.rational * &self.rational).cmp(&(&(&self.root * &self.root) * q));
                match squares {
                    Ordering::Greater => a,
                    Ordering::Less => b,
                    Ordering::Equal => Ordering::Equal,
                }
            }
        }
    }
    /// The absolute value, for sqrt(q).
    pub fn abs(&self, q: &Rational) -> Self {
        if self.sign(q) == Ordering::Less { -self } else { self.clone() }
    }
    /// The order of two numbers, for sqrt(q).
    pub fn compare(&self, other: &Self, q: &Rational) -> Ordering {
        (self - other).sign(q)
    }
}

impl From<Rational> for Surd {
    fn from(rational: Rational) -> Self {
        Self { rational, root: Rational::zero() }
    }
}

impl Add for &Surd {
    type Output = Surd;
    fn add(self, other: Self) -> Surd {
        Surd { rational: &self.rational + &other.rational, root: &self.root + &other.root }
    }
}

impl Sub for &Surd {
    type Output = Surd;
    fn sub(self, other: Self) -> Surd {
        Surd { rational: &self.rational - &other.rational, root: &self.root - &other.root }
    }
}

impl Mul<&Rational> for &Surd {
    type Output = Surd;
    fn mul(self, t: &Rational) -> Surd {
        self.scaled(t)
    }
}

impl Neg for &Surd {
    type Output = Surd;
    fn neg(self) -> Surd {
        Surd { rational: -&self.rational, root: -&self.root }
    }
}
