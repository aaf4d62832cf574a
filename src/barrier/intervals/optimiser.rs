//! A function with two wells, tilted.

use super::{Centre, Cover, IntervalMatrix, IntervalProblem, Point};
use crate::arith::{Enclosure, Integer, Rational};
use crate::linalg::Matrix;

/// Minimise f(x) = (x^2 - 1)^2 + s x over [-2, 2]; the datum is s.
///
/// **Statement.** For s = 0 the minimisers are -1 and 1. For s > 0 there is one, x(s): -2 for s >= 24, and else the only
/// zero of g(x) = f'(x) = 4 x^3 - 4 x + s in [-2, -1]. x(s) does not increase with s. For s < 0 it is -x(-s).
///
/// *Proof.* f(x) - f(-x) = 2 s x: for s > 0 every x > 0 is worse than -x, so all minimisers are <= 0, and on (-1, 0]
/// g(x) = 4 |x| (1 - x^2) + s > 0. They lie in [-2, -1], where g' = 12 x^2 - 4 > 0: g increases from s - 24 to s > 0. It
/// is positive throughout for s >= 24, except at -2 for s = 24, and else has one zero, where f is least. g increases with s
/// at every x, so its zero moves to the left. For s < 0 exchange x and -x.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Optimiser;

/// Bits at which the guess of a zero starts.
const START: u64 = 32;
/// Newton steps there: from -2 they reach all bits.
const STEPS: usize = 12;

impl IntervalProblem for Optimiser {
    fn name(&self) -> &'static str {
        "optimiser"
    }
    fn statement(&self) -> &'static str {
        "minimise (x^2 - 1)^2 + s x over [-2, 2]; s uncertain"
    }
    fn centre(&self, centre: Centre) -> Matrix {
        let slope = if centre == Centre::Critical { Rational::zero() } else { Rational::ratio(1, 2) };
        Matrix::column_vector(&[slope])
    }
    fn solutions(&self, member: &Matrix, bits: u64) -> Vec<Point> {
        let [s] = member.entries() else { return Vec::new() };
        match s.signum() {
            0 => vec![vec![Enclosure::point(Rational::from(-1))], vec![Enclosure::point(Rational::one())]],
            1 => vec![vec![left_minimiser(s, bits)]],
            _ => vec![vec![-&left_minimiser(&-s, bits)]],
        }
    }
    fn candidates(&self, interval: &IntervalMatrix) -> Vec<Matrix> {
        if interval.shape() != (1, 1) {
            return Vec::new();
        }
        [-1, 0, 1].map(|step| interval.member(|_, _| step)).to_vec()
    }
    fn cover(&self, interval: &IntervalMatrix, bits: u64) -> Cover {
        if interval.shape() != (1, 1) {
            return Cover::Open;
        }
        let slopes = &interval.row(0)[0];
        let left = left_well(slopes, bits);
        let right = left_well(&-slopes, bits).map(|x| -&x);
        Cover::Boxes(left.into_iter().chain(right).map(|x| vec![x]).collect())
    }
}

/// Where the minimisers <= 0 lie for all s in an interval; `None` where there are none.
fn left_well(slopes: &Enclosure, bits: u64) -> Option<Enclosure> {
    // x(s) does not increase with s > 0, and the minimiser -1 at s = 0 is not less than any of them.
    let minimiser = |s: &Rational| match s.signum() {
        1 => left_minimiser(s, bits),
        _ => Enclosure::point(Rational::from(-1)),
    };
    let (least, most) = (slopes.lo().clone().max(Rational::zero()), slopes.hi());
    (!most.is_negative()).then(|| Enclosure::hull(minimiser(most).lo().clone(), minimiser(&least).hi().clone()))
}

/// x(s) for s > 0, within 2^-bits.
fn left_minimiser(s: &Rational, bits: u64) -> Enclosure {
    if *s >= Rational::from(24) {
        return Enclosure::point(Rational::from(-2));
    }
    let p = bits + 3;
    let guess = approx_zero(&s.numerator(), &s.denominator(), p);
    bracket(s, p, &guess)
}

/// The zero of g for 0 < s < 24, within 8 units of 2^-p, whatever was guessed.
fn bracket(s: &Rational, p: u64, guess: &Integer) -> Enclosure {
    let (n, d) = (s.numerator(), s.denominator());
    let (left, right) = (-Integer::power_of_two(p + 1), -Integer::power_of_two(p));
    // The sign of g(x 2^-p): g times 8^p and the denominator of s.
    let sign = |x: &Integer| {
        let cubic = (&(x * x) * x).shl(2) - x.shl(2 * p + 2);
        (&cubic * &d + n.shl(3 * p)).signum()
    };
    let mut reach = Integer::from(4);
    let (mut lo, mut hi);
    // g increases on [-2, -1] from s - 24 < 0 to s > 0: a sign at one of its points says on which side the zero lies. The
    // bracket grows until both signs are right, at most to the whole interval.
    loop {
        lo = (guess - &reach).max(left.clone()).min(right.clone());
        hi = (guess + &reach).max(left.clone()).min(right.clone());
        if sign(&lo) <= 0 && sign(&hi) >= 0 {
            break;
        }
        reach = reach.shl(1);
    }
    // A bad guess: halves.
    while (&hi - &lo) > Integer::from(8) {
        let middle = (&lo + &hi).shr_floor(1);
        if sign(&middle) <= 0 { lo = middle } else { hi = middle }
    }
    let end = |x: Integer| Rational::from(x).scale_by_power_of_two(-i64::try_from(p).unwrap_or(i64::MAX));
    Enclosure::hull(end(lo), end(hi))
}

/// A guess of the zero for s = n/d in units of 2^-p: Newton's method with rounding, the number of bits doubled each time.
fn approx_zero(n: &Integer, d: &Integer, p: u64) -> Integer {
    let mut q = START.min(p);
    let mut x = -Integer::power_of_two(q + 1);
    let mut steps = STEPS;
    loop {
        let slope = n.shl(q).div_rem_euclid(d).0;
        for _ in 0..steps {
            let square = (&x * &x).shr_floor(q);
            let value = (&(&square * &x).shr_floor(q) - &x).shl(2) + &slope;
            let derivative = &square * &Integer::from(12) - Integer::power_of_two(q + 2);
            if derivative.is_zero() {
                break;
            }
            x -= &value.shl(q).div_rem_euclid(&derivative).0;
        }
        if q == p {
            return x;
        }
        let next = (2 * q).min(p);
        x = x.shl(next - q);
        (q, steps) = (next, 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn f(x: &Rational, s: &Rational) -> Rational {
        let well = x * x - Rational::one();
        &well * &well + s * x
    }

    proptest! {
        /// The value at the minimiser is not above the value anywhere on a grid of all of [-2, 2], up to its enclosure.
        #[test]
        fn minimisers_are_global(p in -4000i64..4000, q in 1i64..400, bits in 0u64..200) {
            let s = Rational::ratio(p, q);
            let member = Matrix::column_vector(std::slice::from_ref(&s));
            let points = Optimiser.solutions(&member, bits);
            prop_assert_eq!(points.len(), if p == 0 { 2 } else { 1 });
            for point in &points {
                let x = &point[0];
                prop_assert!(x.width() <= Rational::power_of_two(-(bits as i64)));
                prop_assert!(Enclosure::hull(Rational::from(-2), Rational::from(2)).encloses(x));
                // |f'| <= 24 + |s| on [-2, 2].
                let slack = (Rational::from(24) + s.abs()) * x.width();
                for i in -64i64..=64 {
                    prop_assert!(f(x.lo(), &s) <= f(&Rational::ratio(i, 32), &s) + &slack);
                }
            }
        }

        #[test]
        fn zeros_are_bracketed_to_many_bits(
            p in 1i64..2400, k in 0i64..300, bits in 0u64..2000, guess in any::<i64>(), shift in 0u64..200,
        ) {
            let s = Rational::ratio(p, 100).scale_by_power_of_two(-k);
            let g = |x: &Rational| (x * x * x - x) * Rational::from(4) + &s;
            // The guess of Newton's method, and any other.
            for x in [left_minimiser(&s, bits), bracket(&s, bits + 3, &Integer::from(guess).shl(shift))] {
                prop_assert!(!g(x.lo()).is_positive() && !g(x.hi()).is_negative());
                prop_assert!(x.width() <= Rational::power_of_two(-(bits as i64)));
                prop_assert!(Enclosure::hull(Rational::from(-2), Rational::from(-1)).encloses(&x));
            }
        }
    }

    #[test]
    fn steep_slopes_push_the_minimiser_to_the_end() {
        let at = |s: i64| Optimiser.solutions(&Matrix::column_vector(&[Rational::from(s)]), 40);
        for s in [24, 25, 1000] {
            assert_eq!(at(s), [[Enclosure::point(Rational::from(-2))]]);
            assert_eq!(at(-s), [[Enclosure::point(Rational::from(2))]]);
        }
        assert!(at(23)[0][0].lo() > &Rational::from(-2));
    }
}
