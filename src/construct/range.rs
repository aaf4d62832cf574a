//! Closed intervals with rational ends: what is known about a number inside a construction.

use crate::arith::Rational;

/// The numbers from `lo` to `hi`, ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) lo: Rational,
    pub(super) hi: Rational,
}

impl Range {
    pub(super) fn new(lo: Rational, hi: Rational) -> Self {
        Self { lo, hi }
    }
    pub(super) fn point(x: Rational) -> Self {
        Self { lo: x.clone(), hi: x }
    }
    pub(super) fn zero() -> Self {
        Self::point(Rational::zero())
    }
    /// \[-b, b\].
    pub(super) fn symmetric(b: &Rational) -> Self {
        Self::new(-b, b.clone())
    }
    pub(super) fn add(&self, other: &Self) -> Self {
        Self::new(&self.lo + &other.lo, &self.hi + &other.hi)
    }
    pub(super) fn scale(&self, c: &Rational) -> Self {
        let (a, b) = (&self.lo * c, &self.hi * c);
        if c.is_negative() { Self::new(b, a) } else { Self::new(a, b) }
    }
    /// sum c_i x_i + constant
    pub(super) fn affine<'a>(terms: impl Iterator<Item = (&'a Self, &'a Rational)>, constant: &Rational) -> Self {
        terms.fold(Self::point(constant.clone()), |sum, (x, c)| sum.add(&x.scale(c)))
    }
    /// All products x y: the extremes of a bilinear function lie at corners.
    pub(super) fn product(&self, other: &Self) -> Self {
        let corners = [&self.lo * &other.lo, &self.lo * &other.hi, &self.hi * &other.lo, &self.hi * &other.hi];
        let lo = corners.iter().fold(&corners[0], |a, b| a.min(b)).clone();
        let hi = corners.iter().fold(&corners[0], |a, b| a.max(b)).clone();
        Self::new(lo, hi)
    }
    /// All squares x^2.
    pub(super) fn square(&self) -> Self {
        let (a, b) = (&self.lo * &self.lo, &self.hi * &self.hi);
        let least =
            if self.lo.is_positive() || self.hi.is_negative() { a.clone().min(b.clone()) } else { Rational::zero() };
        Self::new(least, a.max(b))
    }
    /// What two valid enclosures of one number say together.
    pub(super) fn intersect(&self, other: &Self) -> Self {
        Self::new(self.lo.clone().max(other.lo.clone()), self.hi.clone().min(other.hi.clone()))
    }
    /// The largest absolute value.
    pub(super) fn magnitude(&self) -> Rational {
        self.lo.abs().max(self.hi.abs())
    }
    /// A range that contains this one, its ends dyadic with few bits: numbers stay short along a long program.
    pub(super) fn outward(&self, bits: u64) -> Self {
        Self::new(self.lo.round_down(bits), self.hi.round_up(bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn range() -> impl Strategy<Value = (Range, Rational)> {
        (-8i64..9, 0i64..9, 0i64..5).prop_map(|(lo, length, part)| {
            let (lo, length) = (Rational::ratio(lo, 3), Rational::ratio(length, 3));
            let inside = &lo + &(&length * &Rational::ratio(part, 4));
            (Range::new(lo.clone(), &lo + &length), inside)
        })
    }

    proptest! {
        #[test]
        fn every_operation_encloses((a, x) in range(), (b, y) in range(), c in -4i64..5) {
            let c = Rational::from(c);
            let contains = |r: &Range, v: &Rational| r.lo <= *v && *v <= r.hi;
            prop_assert!(contains(&a.add(&b), &(&x + &y)));
            prop_assert!(contains(&a.scale(&c), &(&x * &c)));
            let one = Rational::one();
            let sum = Range::affine([(&a, &c), (&b, &one)].into_iter(), &one);
            prop_assert!(contains(&sum, &(&x * &c + &y + &one)));
            prop_assert!(contains(&a.product(&b), &(&x * &y)));
            prop_assert!(contains(&a.square(), &(&x * &x)));
            prop_assert!(contains(&a.outward(3), &a.lo) && contains(&a.outward(3), &a.hi));
            prop_assert!(x.abs() <= a.magnitude());
            // Attained at the ends.
            prop_assert!(a.square().hi == &a.lo * &a.lo || a.square().hi == &a.hi * &a.hi);
            if contains(&b, &x) {
                prop_assert!(contains(&a.intersect(&b), &x));
            }
        }
    }
}
