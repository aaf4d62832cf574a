//! Closed intervals with f64 ends and outward rounding: the door for inari.

use core::fmt;
use core::ops::{Add, Mul, Neg, Sub};

use super::{Enclosure, Rational, Scalar};

/// A closed non-empty interval with f64 ends, rounded outward by every operation.
///
/// **Statement.** For x in X and y in Y, the result of an operation on X and Y contains the exact result on x and y.
/// An end that leaves the range of f64 becomes infinite, which still encloses.
///
/// ```
/// use certinet::arith::{Interval, Rational};
/// let third = Rational::ratio(1, 3);
/// let x = Interval::from_rational(&third);
/// assert!(x.contains(&third) && (x * x).contains(&Rational::ratio(1, 9)));
/// assert!(x.width_upper() <= f64::EPSILON);
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct Interval(inari::Interval);

impl Interval {
    /// [0, 0].
    pub const ZERO: Self = Self(inari::const_interval!(0.0, 0.0));

    /// The whole line.
    pub const ENTIRE: Self = Self(inari::Interval::ENTIRE);

    /// [lo, hi]; `None` when lo > hi, an end is NaN, lo is plus infinity or hi is minus infinity.
    pub fn new(lo: f64, hi: f64) -> Option<Self> {
        inari::Interval::try_from((lo, hi)).ok().map(Self)
    }
    /// The narrowest interval around a number.
    pub fn from_rational(x: &Rational) -> Self {
        Self::from_ends(x.to_f64_down(), x.to_f64_up())
    }
    /// The narrowest interval around an enclosure.
    pub fn from_enclosure(x: &Enclosure) -> Self {
        Self::from_ends(x.lo().to_f64_down(), x.hi().to_f64_up())
    }
    /// For ends already known to be in order.
    fn from_ends(lo: f64, hi: f64) -> Self {
        // The whole line encloses everything, should the ends ever be refused.
        Self::new(lo, hi).unwrap_or(Self(inari::Interval::ENTIRE))
    }
    /// The lower end, exact; `None` when it is infinite.
    pub fn lo(&self) -> Option<Rational> {
        Rational::from_f64(self.0.inf()).ok()
    }
    /// The upper end, exact; `None` when it is infinite.
    pub fn hi(&self) -> Option<Rational> {
        Rational::from_f64(self.0.sup()).ok()
    }
    /// The lower end as an f64.
    pub fn lo_f64(&self) -> f64 {
        self.0.inf()
    }
    /// The upper end as an f64.
    pub fn hi_f64(&self) -> f64 {
        self.0.sup()
    }
    /// The same interval with rational ends; `None` when an end is infinite.
    pub fn to_enclosure(&self) -> Option<Enclosure> {
        Enclosure::new(self.lo()?, self.hi()?)
    }
    /// Whether x lies in the interval, ends included; decided exactly.
    pub fn contains(&self, x: &Rational) -> bool {
        self.lo().is_none_or(|lo| lo <= *x) && self.hi().is_none_or(|hi| *x <= hi)
    }
    /// An upper bound on hi - lo.
    pub fn width_upper(&self) -> f64 {
        self.0.wid()
    }
    /// A number of the interval near its middle, for floating-point guesses only.
    pub fn approx_midpoint(&self) -> f64 {
        self.0.mid()
    }
    /// An enclosure of x/y; `None` when 0 lies in the divisor.
    pub fn checked_div(&self, other: &Self) -> Option<Self> {
        if other.0.contains(0.0) { None } else { Some(Self(self.0 / other.0)) }
    }
    /// The range of max(x, 0).
    pub fn relu(&self) -> Self {
        Self(self.0.max(Self::ZERO.0))
    }
    /// The range of |x|.
    pub fn abs(&self) -> Self {
        Self(self.0.abs())
    }
    /// An enclosure of x^2, narrower than the product of the interval with itself.
    pub fn square(&self) -> Self {
        Self(self.0.sqr())
    }
    /// An enclosure of w x + y with one rounding an end.
    pub fn multiply_add(&self, w: &Self, y: &Self) -> Self {
        Self(self.0.mul_add(w.0, y.0))
    }
    /// The smallest interval around both.
    pub fn hull(&self, other: &Self) -> Self {
        Self(self.0.convex_hull(other.0))
    }
    /// The common part; `None` when the two are disjoint.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let common = self.0.intersection(other.0);
        if common.is_empty() { None } else { Some(Self(common)) }
    }
    /// Whether the other interval lies in this one.
    pub fn encloses(&self, other: &Self) -> bool {
        other.0.subset(self.0)
    }
}

impl Add for Interval {
    type Output = Interval;
    fn add(self, other: Interval) -> Interval {
        Interval(self.0 + other.0)
    }
}
impl Sub for Interval {
    type Output = Interval;
    fn sub(self, other: Interval) -> Interval {
        Interval(self.0 - other.0)
    }
}
impl Mul for Interval {
    type Output = Interval;
    fn mul(self, other: Interval) -> Interval {
        Interval(self.0 * other.0)
    }
}
impl Neg for Interval {
    type Output = Interval;
    fn neg(self) -> Interval {
        Interval(-self.0)
    }
}
impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{:e}, {:e}]", self.0.inf(), self.0.sup())
    }
}

impl Scalar for Interval {
    type Weight = Interval;
    fn zero() -> Self {
        Self::ZERO
    }
    fn from_rational(x: &Rational) -> Option<Self> {
        Some(Interval::from_rational(x))
    }
    fn weight(w: &Rational) -> Option<Interval> {
        Some(Interval::from_rational(w))
    }
    fn add_product(&mut self, w: &Interval, x: &Self) {
        self.0 = w.0.mul_add(x.0, self.0);
    }
    fn add(&mut self, x: &Self) {
        self.0 += x.0;
    }
    fn relu(&mut self) {
        *self = Interval::relu(self);
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equality of floats is what is claimed")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rational() -> impl Strategy<Value = Rational> {
        let p = prop_oneof![Just(0i64), Just(1), Just(-1), -20i64..20, any::<i64>()];
        let q = prop_oneof![Just(1i64), Just(3), 1..i64::MAX];
        let k = prop_oneof![Just(0i64), -70i64..70, -1200i64..1200];
        (p, q, k).prop_map(|(p, q, k)| Rational::ratio(p, q).scale_by_power_of_two(k))
    }
    fn hull(x: &Rational, y: &Rational) -> Interval {
        Interval::from_enclosure(&Enclosure::hull(x.clone(), y.clone()))
    }

    proptest! {
        #[test]
        fn operations_enclose(x in rational(), y in rational(), other in rational()) {
            for (xs, ys) in [(Interval::from_rational(&x), Interval::from_rational(&y)), (hull(&x, &other), hull(&y, &other))] {
                prop_assert!(xs.contains(&x) && ys.contains(&y));
                prop_assert!((xs + ys).contains(&(&x + &y)));
                prop_assert!((xs - ys).contains(&(&x - &y)));
                prop_assert!((xs * ys).contains(&(&x * &y)));
                prop_assert!((-xs).contains(&-&x));
                prop_assert!(xs.square().contains(&(&x * &x)));
                prop_assert!(xs.relu().contains(&x.relu()) && xs.abs().contains(&x.abs()));
                prop_assert!(xs.multiply_add(&ys, &ys).contains(&(&x * &y + &y)));
                if let Some(quotient) = xs.checked_div(&ys) { prop_assert!(quotient.contains(&(&x / &y))); }
                if let Some(w) = xs.to_enclosure().map(|e| e.width()) {
                    prop_assert!(Rational::from_f64(xs.width_upper()).map_or(true, |upper| w <= upper));
                }
            }
        }
        #[test]
        fn points_are_tight(x in rational()) {
            let (xs, lo, hi) = (Interval::from_rational(&x), x.to_f64_down(), x.to_f64_up());
            prop_assert_eq!((xs.lo_f64(), xs.hi_f64()), (lo, hi));
        }
    }

    #[test]
    fn ends_outside_the_range_still_enclose() {
        for k in [1024, 4000] {
            let huge = Rational::power_of_two(k);
            assert!(Interval::from_rational(&huge).contains(&huge));
            assert!(Interval::from_rational(&-&huge).contains(&-&huge));
            assert!(!Interval::from_rational(&huge).contains(&Rational::zero()));
            let tiny = Rational::power_of_two(-k - 100);
            assert!(Interval::from_rational(&tiny).contains(&tiny));
            assert!(Interval::from_rational(&tiny).relu().contains(&tiny));
        }
    }

    #[test]
    fn refuses_what_is_no_interval() {
        for (lo, hi) in [(1.0, 0.0), (f64::NAN, 0.0), (f64::INFINITY, f64::INFINITY)] {
            assert!(Interval::new(lo, hi).is_none());
        }
        assert!(Interval::from_rational(&Rational::one()).checked_div(&Interval::ZERO).is_none());
    }
}
