//! Numbers v + w sqrt(q) with integers or rationals v, w, and one integer q >= 0 (section 12 of the format).

use std::cmp::Ordering;

use crate::number::Number;
use crate::problem::Problem;

use super::program::add;

/// A number v + w sqrt(q); q is handed in where it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surd {
    /// v
    pub rational: Number,
    /// w
    pub root: Number,
}

impl Surd {
    /// The number 0.
    pub fn zero() -> Self {
        Self { rational: Number::zero(), root: Number::zero() }
    }
    /// This + t x for a rational t.
    pub fn plus(&self, t: &Number, x: &Self) -> Result<Self, Problem> {
        Ok(Self { rational: add(&self.rational, t, &x.rational)?, root: add(&self.root, t, &x.root)? })
    }
    /// This + x y.
    pub fn plus_product(&self, x: &Self, y: &Self, q: &Number) -> Result<Self, Problem> {
        let roots = add(&Number::zero(), &x.root, &y.root)?;
        Ok(Self {
            rational: add(&add(&self.rational, &x.rational, &y.rational)?, &roots, q)?,
            root: add(&add(&self.root, &x.rational, &y.root)?, &x.root, &y.rational)?,
        })
    }
    /// The sign.
    pub fn sign(&self, q: &Number) -> Ordering {
        let zero = Number::zero();
        let (v, w) = (self.rational.cmp(&zero), if q.is_zero() { Ordering::Equal } else { self.root.cmp(&zero) });
        match (v, w) {
            (v, Ordering::Equal) => v,
            (Ordering::Equal, w) => w,
            (v, w) if v == w => v,
            // |v| against |w| sqrt(q)
            (v, w) => match self.rational.square().cmp(&(&self.root.square() * q)) {
                Ordering::Greater => v,
                Ordering::Less => w,
                Ordering::Equal => Ordering::Equal,
            },
        }
    }
}

impl From<Number> for Surd {
    fn from(rational: Number) -> Self {
        Self { rational, root: Number::zero() }
    }
}
