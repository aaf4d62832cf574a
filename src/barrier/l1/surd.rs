//! Numbers a + b sqrt(q) with one fixed q.

use core::cmp::Ordering;
use core::ops::{Add, Mul, Neg, Sub};

use crate::arith::{Integer, Rational};

/// Primes whose squares are taken out of roots.
const SMALL_PRIMES: [u32; 15] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47];

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
    /// (sqrt(x), q): the root of a number that is not negative, as b sqrt(q) for an integer q without squares of small
    /// primes, or as a rational number and q = 0. `None` below 0.
    pub fn square_root(x: &Rational) -> Option<(Self, Integer)> {
        if x.is_negative() {
            return None;
        }
        // sqrt(n / d) = sqrt(n d) / d
        let (mut q, mut scale) = (&x.numerator() * &x.denominator(), Rational::from(x.denominator()).recip()?);
        let root = q.sqrt_floor();
        if &root * &root == q {
            return Some((Self::from(&scale * &Rational::from(root)), Integer::zero()));
        }
        for p in SMALL_PRIMES {
            let square = Integer::from(p * p);
            loop {
                let (quotient, remainder) = q.div_rem_euclid(&square);
                if !remainder.is_zero() {
                    break;
                }
                q = quotient;
                scale *= &Rational::from(p);
            }
        }
        Some((Self::of_root(scale), q))
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
    /// The number over another that is not 0, for sqrt(q); `None` for 0.
    pub fn over(&self, other: &Self, q: &Rational) -> Option<Self> {
        if other.sign(q) == Ordering::Equal {
            return None;
        }
        let Self { rational: a, root: b } = other;
        // 1 / (a + b sqrt(q)) = (a - b sqrt(q)) / (a^2 - b^2 q); where the denominator is 0, a = b sqrt(q) is rational.
        match (a * a - &(b * b) * q).recip() {
            Some(norm) => Some(self.times(&Self { rational: a.clone(), root: -b }, q).scaled(&norm)),
            None => Some(self.scaled(&(a + a).recip()?)),
        }
    }
    /// (lower, upper): the number itself twice where it is rational, else two dyadic numbers around it whose distance is
    /// about 2^-bits of it.
    pub fn enclosure(&self, q: &Rational, bits: u64) -> (Rational, Rational) {
        if self.root.is_zero() || q.is_zero() {
            return (self.rational.clone(), self.rational.clone());
        }
        // b sqrt(q) = +- sqrt(b^2 q), and one more multiplication than needed is spent where a cancels most of it.
        let square = &(&self.root * &self.root) * q;
        let mut precision = bits + 8;
        loop {
            let (low, high) = (square.sqrt_down(precision), square.sqrt_up(precision));
            let (low, high) = if self.root.is_negative() { (-high, -low) } else { (low, high) };
            let (low, high) = (&self.rational + &low, &self.rational + &high);
            // Ends of one sign at a small distance; a number that is 0 has a rational root.
            let near = |low: &Rational, high: &Rational| {
                (high - low).scale_by_power_of_two(bits as i64 + 2) <= low.abs().min(high.abs())
            };
            if low == high || near(&low, &high) || self.sign(q) == Ordering::Equal {
                if self.sign(q) == Ordering::Equal {
                    return (Rational::zero(), Rational::zero());
                }
                return if low == high { (low, high) } else { (low.round_down(bits), high.round_up(bits)) };
            }
            precision *= 2;
        }
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
