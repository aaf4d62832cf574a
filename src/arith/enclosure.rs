//! Closed intervals with rational ends.

use core::fmt;
use core::ops::{Add, Mul, Neg, Sub};

use super::{Rational, Scalar};

/// The closed interval [lo, hi] with rational ends, lo <= hi.
///
/// **Statement.** For x in X and y in Y, the result of an operation on X and Y contains the result on x and y. Sums,
/// differences, products and quotients are the exact ranges; nothing is rounded but by [`Enclosure::round_outward`].
///
/// ```
/// use certinet::arith::{Enclosure, Rational};
/// let x = Enclosure::hull(Rational::from(-1), Rational::from(2));
/// assert_eq!((&x * &x).hi(), &Rational::from(4));
/// assert!(x.recip().is_none());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Enclosure {
    lo: Rational,
    hi: Rational,
}

impl Enclosure {
    /// [lo, hi]; `None` when lo > hi.
    pub fn new(lo: Rational, hi: Rational) -> Option<Self> {
        (lo <= hi).then_some(Self { lo, hi })
    }
    /// The smallest interval that contains both numbers, in any order.
    pub fn hull(a: Rational, b: Rational) -> Self {
        if a <= b { Self { lo: a, hi: b } } else { Self { lo: b, hi: a } }
    }
    /// [x, x].
    pub fn point(x: Rational) -> Self {
        Self { lo: x.clone(), hi: x }
    }
    /// [x - radius, x + radius].
    ///
    /// # Panics
    /// Panics when the radius is negative.
    pub fn around(x: &Rational, radius: &Rational) -> Self {
        assert!(!radius.is_negative(), "the radius of an enclosure is not negative");
        Self { lo: x - radius, hi: x + radius }
    }
    /// The lower end.
    pub fn lo(&self) -> &Rational {
        &self.lo
    }
    /// The upper end.
    pub fn hi(&self) -> &Rational {
        &self.hi
    }
    /// hi - lo.
    pub fn width(&self) -> Rational {
        &self.hi - &self.lo
    }
    /// (lo + hi) / 2.
    pub fn midpoint(&self) -> Rational {
        (&self.lo + &self.hi).scale_by_power_of_two(-1)
    }
    /// Whether x lies in the interval, ends included.
    pub fn contains(&self, x: &Rational) -> bool {
        &self.lo <= x && x <= &self.hi
    }
    /// Whether the other interval lies in this one.
    pub fn encloses(&self, other: &Self) -> bool {
        self.lo <= other.lo && other.hi <= self.hi
    }
    /// The common part; `None` when the two are disjoint.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        Self::new(self.lo.clone().max(other.lo.clone()), self.hi.clone().min(other.hi.clone()))
    }
    /// An interval around this one whose ends have at most `bits` significant bits.
    ///
    /// **Statement.** Each end moves outward by at most 2^(1-bits) of its size.
    pub fn round_outward(&self, bits: u64) -> Self {
        Self { lo: self.lo.round_down(bits), hi: self.hi.round_up(bits) }
    }
    /// The range of max(x, 0).
    pub fn relu(&self) -> Self {
        Self { lo: self.lo.relu(), hi: self.hi.relu() }
    }
    /// The range of |x|.
    pub fn abs(&self) -> Self {
        let (a, b) = (self.lo.abs(), self.hi.abs());
        if self.contains(&Rational::zero()) { Self { lo: Rational::zero(), hi: a.max(b) } } else { Self::hull(a, b) }
    }
    /// The range of x^2, narrower than the product of the interval with itself.
    pub fn square(&self) -> Self {
        let size = self.abs();
        Self { lo: &size.lo * &size.lo, hi: &size.hi * &size.hi }
    }
    /// The range of w x.
    pub fn scale(&self, w: &Rational) -> Self {
        let (a, b) = (w * &self.lo, w * &self.hi);
        if w.is_negative() { Self { lo: b, hi: a } } else { Self { lo: a, hi: b } }
    }
    /// The range of 1/x; `None` when 0 lies in the interval.
    pub fn recip(&self) -> Option<Self> {
        if self.contains(&Rational::zero()) {
            return None;
        }
        // 1/x falls on each side of 0.
        Some(Self { lo: self.hi.recip()?, hi: self.lo.recip()? })
    }
    /// The range of x/y; `None` when 0 lies in the divisor.
    pub fn checked_div(&self, other: &Self) -> Option<Self> {
        other.recip().map(|inverse| self * &inverse)
    }
}

impl Add for &Enclosure {
    type Output = Enclosure;
    fn add(self, other: &Enclosure) -> Enclosure {
        Enclosure { lo: &self.lo + &other.lo, hi: &self.hi + &other.hi }
    }
}
impl Sub for &Enclosure {
    type Output = Enclosure;
    fn sub(self, other: &Enclosure) -> Enclosure {
        Enclosure { lo: &self.lo - &other.hi, hi: &self.hi - &other.lo }
    }
}
impl Mul for &Enclosure {
    type Output = Enclosure;
    fn mul(self, other: &Enclosure) -> Enclosure {
        // xy is linear in x and in y, so its extreme values over the box are at corners.
        let (a, b) = (other.scale(&self.lo), other.scale(&self.hi));
        Enclosure { lo: a.lo.min(b.lo), hi: a.hi.max(b.hi) }
    }
}
impl Neg for &Enclosure {
    type Output = Enclosure;
    fn neg(self) -> Enclosure {
        Enclosure { lo: -&self.hi, hi: -&self.lo }
    }
}
impl From<Rational> for Enclosure {
    fn from(x: Rational) -> Self {
        Self::point(x)
    }
}
impl fmt::Display for Enclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {}]", self.lo, self.hi)
    }
}
impl fmt::Debug for Enclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Scalar for Enclosure {
    type Weight = Rational;
    fn zero() -> Self {
        Self::point(Rational::zero())
    }
    fn from_rational(x: &Rational) -> Option<Self> {
        Some(Self::point(x.clone()))
    }
    fn weight(w: &Rational) -> Option<Rational> {
        Some(w.clone())
    }
    fn add_product(&mut self, w: &Rational, x: &Self) {
        let product = x.scale(w);
        self.lo += product.lo;
        self.hi += product.hi;
    }
    fn add(&mut self, x: &Self) {
        self.lo += &x.lo;
        self.hi += &x.hi;
    }
    fn relu(&mut self) {
        *self = Enclosure::relu(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rational() -> impl Strategy<Value = Rational> {
        let p = prop_oneof![Just(0i64), Just(1), Just(-1), -20i64..20, any::<i64>()];
        let q = prop_oneof![Just(1i64), Just(2), 1i64..20, 1..i64::MAX];
        (p, q).prop_map(|(p, q)| Rational::ratio(p, q))
    }
    /// An interval and a number in it.
    fn member() -> impl Strategy<Value = (Enclosure, Rational)> {
        (rational(), rational(), 0i64..=8).prop_map(|(a, b, t)| {
            let interval = Enclosure::hull(a, b);
            let x = interval.lo() + interval.width() * Rational::ratio(t, 8);
            (interval, x)
        })
    }

    proptest! {
        #[test]
        fn operations_enclose((xs, x) in member(), (ys, y) in member(), bits in 1u64..70) {
            prop_assert!((&xs + &ys).contains(&(&x + &y)));
            prop_assert!((&xs - &ys).contains(&(&x - &y)));
            prop_assert!((&xs * &ys).contains(&(&x * &y)));
            prop_assert!((-&xs).contains(&-&x));
            prop_assert!(xs.square().contains(&(&x * &x)) && (&xs * &xs).encloses(&xs.square()));
            prop_assert!(xs.abs().contains(&x.abs()));
            prop_assert!(xs.relu().contains(&x.relu()));
            prop_assert!(xs.round_outward(bits).encloses(&xs));
            prop_assert_eq!(xs.recip().is_none(), xs.contains(&Rational::zero()));
            if let Some(quotient) = xs.checked_div(&ys) { prop_assert!(quotient.contains(&(&x / &y))); }
            let mut sum = ys.clone();
            Scalar::add_product(&mut sum, &y, &xs);
            prop_assert!(sum.contains(&(&y + &(&y * &x))));
        }
        #[test]
        fn ranges_are_attained((xs, _) in member(), (ys, _) in member()) {
            let product = &xs * &ys;
            let corners: Vec<Rational> = [xs.lo(), xs.hi()].iter().flat_map(|x| [*x * ys.lo(), *x * ys.hi()]).collect();
            prop_assert_eq!(corners.iter().min(), Some(product.lo()));
            prop_assert_eq!(corners.iter().max(), Some(product.hi()));
            prop_assert!(xs.contains(&xs.midpoint()));
        }
    }

    #[test]
    fn ends_are_ordered() {
        assert!(Enclosure::new(Rational::one(), Rational::zero()).is_none());
        let (low, high) = (Enclosure::point(Rational::zero()), Enclosure::point(Rational::one()));
        assert!(low.intersect(&high).is_none());
        assert_eq!(low.intersect(&low), Some(low));
    }
}
