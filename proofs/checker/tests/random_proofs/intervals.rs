//! Interval arithmetic on exact numbers.

use std::ops::{Add, Mul};

use num_traits::{Signed, Zero};

use crate::oracle::Q;
use crate::write::{dyadic, round_up};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    pub lo: Q,
    pub hi: Q,
}

impl Interval {
    pub fn new(lo: Q, hi: Q) -> Self {
        Self { lo, hi }
    }
    pub fn point(x: &Q) -> Self {
        Self::new(x.clone(), x.clone())
    }
    pub fn symmetric(x: &Q) -> Self {
        Self::new(-x.clone(), x.clone())
    }
    pub fn scale(&self, c: &Q) -> Self {
        self * &Self::point(c)
    }
    /// All x^2.
    pub fn square(&self) -> Self {
        let ends = self * self;
        if self.lo.is_negative() && self.hi.is_positive() {
            let most = self.magnitude();
            return Self::new(Q::zero(), &most * &most);
        }
        let (a, b) = (&self.lo * &self.lo, &self.hi * &self.hi);
        Self::new(a.clone().min(b), a.max(ends.hi))
    }
    pub fn intersect(&self, other: &Self) -> Self {
        Self::new(self.lo.clone().max(other.lo.clone()), self.hi.clone().min(other.hi.clone()))
    }
    pub fn magnitude(&self) -> Q {
        self.lo.abs().max(self.hi.abs())
    }
    /// Ends with few bits, outwards.
    pub fn rounded(&self) -> Self {
        Self::new(-round_up(&-&self.lo), round_up(&self.hi))
    }
    pub fn claim(&self) -> String {
        format!("{} {}", dyadic(&self.lo), dyadic(&self.hi))
    }
}

impl Add for &Interval {
    type Output = Interval;
    fn add(self, other: Self) -> Interval {
        Interval::new(&self.lo + &other.lo, &self.hi + &other.hi)
    }
}

impl Mul for &Interval {
    type Output = Interval;
    fn mul(self, other: Self) -> Interval {
        let all = [&self.lo * &other.lo, &self.lo * &other.hi, &self.hi * &other.lo, &self.hi * &other.hi];
        Interval::new(all.iter().min().unwrap().clone(), all.iter().max().unwrap().clone())
    }
}
