//! Closed intervals with exact ends.

use core::ops::{Add, Mul};

use crate::number::Number;

/// The interval \[lo, hi\].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// Lower end.
    pub lo: Number,
    /// Upper end.
    pub hi: Number,
}

impl Interval {
    /// \[x, x\].
    pub fn point(x: Number) -> Self {
        Self { lo: x.clone(), hi: x }
    }
    /// \[c - r, c + r\] for r >= 0.
    pub fn around(c: &Number, r: &Number) -> Self {
        Self { lo: c - r, hi: c + r }
    }
    /// The exact set of x^2.
    pub fn square(&self) -> Self {
        let (a, b) = (self.lo.square(), self.hi.square());
        let (small, large) = if a <= b { (a, b) } else { (b, a) };
        // 0 lies inside iff lo <= 0 <= hi
        if self.lo.is_positive() || self.hi.is_negative() {
            Self { lo: small, hi: large }
        } else {
            Self { lo: Number::zero(), hi: large }
        }
    }
    /// The exact set of c x.
    pub fn scale(&self, c: &Number) -> Self {
        let (a, b) = (&self.lo * c, &self.hi * c);
        if c.is_negative() { Self { lo: b, hi: a } } else { Self { lo: a, hi: b } }
    }
    /// Points of both; lo > hi where there are none.
    pub fn intersection(&self, other: &Self) -> Self {
        Self { lo: Ord::max(&self.lo, &other.lo).clone(), hi: Ord::min(&self.hi, &other.hi).clone() }
    }
    /// Whether every point of the other interval lies in this one.
    pub fn contains(&self, other: &Self) -> bool {
        self.lo <= other.lo && other.hi <= self.hi
    }
    /// The largest |x|.
    pub fn magnitude(&self) -> Number {
        self.lo.abs().max(self.hi.abs())
    }
}

impl Add for &Interval {
    type Output = Interval;
    fn add(self, other: Self) -> Interval {
        Interval { lo: &self.lo + &other.lo, hi: &self.hi + &other.hi }
    }
}

impl Mul for &Interval {
    type Output = Interval;
    /// The exact set of x y: its ends are products of ends.
    fn mul(self, other: Self) -> Interval {
        if self.lo == self.hi {
            return other.scale(&self.lo);
        }
        if other.lo == other.hi {
            return self.scale(&other.lo);
        }
        // With known signs two products are enough.
        let (a, b, c, d) = (&self.lo, &self.hi, &other.lo, &other.hi);
        let (lo, hi) = match (!a.is_negative(), !b.is_positive(), !c.is_negative(), !d.is_positive()) {
            (true, _, true, _) => (a * c, b * d),
            (true, _, _, true) => (b * c, a * d),
            (true, _, _, _) => (b * c, b * d),
            (_, true, true, _) => (a * d, b * c),
            (_, true, _, true) => (b * d, a * c),
            (_, true, _, _) => (a * d, a * c),
            (_, _, true, _) => (a * d, b * d),
            (_, _, _, true) => (b * c, a * c),
            _ => ((a * d).min(b * c), (a * c).max(b * d)),
        };
        Interval { lo, hi }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;

    #[test]
    fn products_and_squares_are_those_of_the_ends() {
        let number = |k: i64| Number::dyadic(BigInt::from(k), -1);
        let all: Vec<Interval> = (-3..4)
            .flat_map(|a| (a..4).map(move |b| (a, b)))
            .map(|(a, b)| Interval { lo: number(a), hi: number(b) })
            .collect();
        for x in &all {
            for y in &all {
                let ends = [&x.lo * &y.lo, &x.lo * &y.hi, &x.hi * &y.lo, &x.hi * &y.hi];
                let product = x * y;
                assert_eq!(Some(&product.lo), ends.iter().min());
                assert_eq!(Some(&product.hi), ends.iter().max());
            }
            let square = x.square();
            assert!((x * x).contains(&square));
            assert_eq!(square.hi, x.magnitude().square());
            assert_eq!(square.lo.is_zero(), !x.lo.is_positive() && !x.hi.is_negative());
        }
    }
}
