//! Closed halfspaces in canonical form.

use core::fmt;

use crate::arith::{Integer, Rational};

/// The closed halfspace normal . x <= offset, its integers without a common divisor.
///
/// **Statement.** Two halfspaces with normals other than 0 are equal as sets exactly when they are equal here. With
/// the normal 0 the halfspace is everything (offset 0 or 1) or nothing (offset -1).
///
/// ```
/// use certinet::{arith::Rational, polyhedra::Halfspace};
/// let half = Halfspace::from_rationals(&[Rational::ratio(2, 3), Rational::ratio(-4, 3)], &Rational::from(2));
/// assert_eq!(half.to_string(), "(1, -2) . x <= 3");
/// assert!(half.contains(&[Rational::from(5), Rational::one()]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Halfspace {
    normal: Vec<Integer>,
    offset: Integer,
}

impl Halfspace {
    /// The halfspace with this normal and offset, divided by their greatest common divisor.
    pub fn new(mut normal: Vec<Integer>, mut offset: Integer) -> Self {
        let parts = || normal.iter().filter(|n| !n.is_zero());
        if parts().next().is_none() {
            return Self { normal, offset: Integer::from(offset.signum()) };
        }
        // The power of two is found and removed by shifts; what is left is often free of common divisors at once.
        let all = || parts().chain((!offset.is_zero()).then_some(&offset));
        let twos = all().map(Integer::trailing_zeros).min().unwrap_or(0);
        if twos > 0 {
            normal = normal.iter().map(|n| n.shr_floor(twos)).collect();
            offset = offset.shr_floor(twos);
        }
        let mut divisor = offset.abs();
        for n in &normal {
            if divisor == Integer::one() {
                break;
            }
            divisor = divisor.gcd(n);
        }
        if divisor != Integer::one() {
            // A division without remainder by construction.
            normal = normal.iter().map(|n| n.div_rem_euclid(&divisor).0).collect();
            offset = offset.div_rem_euclid(&divisor).0;
        }
        Self { normal, offset }
    }
    /// As [`Halfspace::new`], a common divisor left where it is: equal only to itself, for questions that are asked once.
    pub(super) fn unreduced(normal: Vec<Integer>, offset: Integer) -> Self {
        Self { normal, offset }
    }
    /// The halfspace with a rational normal and offset.
    pub fn from_rationals(normal: &[Rational], offset: &Rational) -> Self {
        // Multiplying an inequality by a positive number does not change the set.
        let common = normal.iter().fold(offset.denominator(), |common, x| common.lcm(&x.denominator()));
        let clear = |x: &Rational| x.numerator() * common.div_rem_euclid(&x.denominator()).0;
        Self::new(normal.iter().map(clear).collect(), clear(offset))
    }
    /// The 2n halfspaces of a box with these sides, upper then lower for each.
    pub fn of_box(sides: &[(Rational, Rational)]) -> Vec<Self> {
        let unit = |axis: usize, sign: i64| {
            (0..sides.len())
                .map(|i| if i == axis { Rational::from(sign) } else { Rational::zero() })
                .collect::<Vec<_>>()
        };
        let pair = |(axis, (lo, hi)): (usize, &(Rational, Rational))| {
            [Self::from_rationals(&unit(axis, 1), hi), Self::from_rationals(&unit(axis, -1), &-lo)]
        };
        sides.iter().enumerate().flat_map(pair).collect()
    }
    /// The normal, pointing out.
    pub fn normal(&self) -> &[Integer] {
        &self.normal
    }
    /// The offset.
    pub fn offset(&self) -> &Integer {
        &self.offset
    }
    /// The dimension of the space.
    pub fn dimension(&self) -> usize {
        self.normal.len()
    }
    /// The closure of the complement: -normal . x <= -offset.
    pub fn opposite(&self) -> Self {
        Self { normal: self.normal.iter().map(|n| -n).collect(), offset: -&self.offset }
    }
    /// normal . x. Exact.
    ///
    /// # Panics
    /// Panics when the dimensions differ.
    pub fn value(&self, x: &[Rational]) -> Rational {
        assert_eq!(x.len(), self.dimension(), "a point and a halfspace lie in one space");
        self.normal.iter().zip(x).filter(|(n, _)| !n.is_zero()).map(|(n, x)| Rational::from(n) * x).sum()
    }
    /// offset - normal . x: positive strictly inside, 0 on the boundary, negative outside. Exact.
    ///
    /// # Panics
    /// As [`Halfspace::value`].
    pub fn slack(&self, x: &[Rational]) -> Rational {
        Rational::from(&self.offset) - self.value(x)
    }
    /// Whether x lies in the halfspace, boundary included.
    pub fn contains(&self, x: &[Rational]) -> bool {
        !self.slack(x).is_negative()
    }
}

impl fmt::Display for Halfspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let normal: Vec<String> = self.normal.iter().map(Integer::to_string).collect();
        write!(f, "({}) . x <= {}", normal.join(", "), self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn positive_multiples_are_one_halfspace(
            normal in prop::collection::vec(-9i64..10, 1..4), offset in -9i64..10, p in 1i64..50, q in 1i64..50,
        ) {
            let rational = |t: &Rational| {
                let normal: Vec<Rational> = normal.iter().map(|&n| Rational::from(n) * t).collect();
                Halfspace::from_rationals(&normal, &(Rational::from(offset) * t))
            };
            let (half, scaled) = (rational(&Rational::one()), rational(&Rational::ratio(p, q)));
            prop_assert_eq!(&half, &scaled);
            let divisor = half.normal().iter().fold(half.offset().clone(), |d, n| d.gcd(n));
            prop_assert!(divisor.is_zero() || divisor == Integer::one());
            prop_assert_eq!(half.opposite().opposite(), half.clone());
            // The canonical form is the same set.
            let x: Vec<Rational> = (0..normal.len()).map(|i| Rational::ratio(p - 25, q + i as i64)).collect();
            let direct: Rational = normal.iter().zip(&x).map(|(&n, x)| Rational::from(n) * x).sum();
            prop_assert_eq!(half.contains(&x), direct <= Rational::from(offset));
        }
    }

    #[test]
    fn boxes() {
        let sides = [(Rational::zero(), Rational::ratio(1, 2)), (Rational::from(-1), Rational::from(3))];
        let text: Vec<String> = Halfspace::of_box(&sides).iter().map(Halfspace::to_string).collect();
        assert_eq!(text, ["(2, 0) . x <= 1", "(-1, 0) . x <= 0", "(0, 1) . x <= 3", "(0, -1) . x <= 1"]);
    }
}
