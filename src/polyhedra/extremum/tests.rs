#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::interval::{bernstein, binomials, sum_on_interval};
use super::*;
use crate::certify::Monomial;
use crate::evaluate::Evaluator;
use crate::linalg::{Matrix, solve_vector};
use crate::polyhedra::Halfspace;
use crate::polyhedra::tests::{layered, side};

type Sides = Vec<(Rational, Rational)>;

/// A small network of one output on a box, and a target of degree at most `degree`.
fn problems(dimensions: core::ops::Range<usize>, degree: u32) -> impl Strategy<Value = (Layered, Sides, Target)> {
    dimensions.prop_flat_map(move |n| {
        let widths = prop::collection::vec(1usize..4, 0..3);
        let weights = prop_oneof![prop::collection::vec(-1i64..2, 40), prop::collection::vec(-5i64..6, 40)];
        let network = (widths, weights, 1i64..4).prop_map(move |(hidden, weights, denominator)| {
            let widths: Vec<usize> = [n].into_iter().chain(hidden).chain([1]).collect();
            layered(&widths, &weights, denominator)
        });
        let term = (-4i64..5, prop::collection::vec(0..=degree, n));
        let terms = prop::collection::vec(term, 1..5).prop_map(move |terms| {
            let small = terms.into_iter().filter(|(_, exponents)| exponents.iter().sum::<u32>() <= degree);
            let terms: Vec<Monomial> = small.map(|(c, exponents)| (Rational::ratio(c, 3), exponents)).collect();
            Target::MultivariatePolynomial { variables: n, terms }
        });
        (network, prop::collection::vec(side(), n), terms)
    })
}

fn error_at(network: &Layered, target: &Target, x: &[Rational]) -> Rational {
    let value = Evaluator::<Rational>::new(network).unwrap().evaluate(x).unwrap();
    (&value[0] - &target.evaluate(x).unwrap()[0]).abs()
}

/// The points of a grid in a box.
fn grid(sides: &Sides, steps: usize) -> Vec<Vec<Rational>> {
    let point = |number: usize| {
        let step = |(j, (lo, hi)): (usize, &(Rational, Rational))| {
            let k = number / (steps + 1).pow(j as u32) % (steps + 1);
            lo + (hi - lo) * Rational::ratio(k as i64, steps as i64)
        };
        sides.iter().enumerate().map(step).collect()
    };
    (0..(steps + 1).pow(sides.len() as u32)).map(point).collect()
}

/// The largest error for a target of degree at most 2, from all critical points of all faces of all regions.
fn by_faces(network: &Layered, target: &Target, sides: &Sides) -> Rational {
    let p = Polynomial::of_target(target).unwrap();
    let n = sides.len();
    let mut best = Rational::zero();
    for region in regions(network, Some(sides), 10_000).unwrap().found() {
        let q = p.subtracted_from(region.matrix.row(0), &region.offset[0]);
        let (hessian, linear) = (q.hessian(), q.linear_part());
        for choice in 0u32..1 << region.halfspaces.len() {
            let active: Vec<&Halfspace> = region
                .halfspaces
                .iter()
                .enumerate()
                .filter(|(k, _)| choice >> k & 1 == 1)
                .map(|(_, half)| half)
                .collect();
            if active.len() > n {
                continue;
            }
            let size = n + active.len();
            let entry = |i: usize, j: usize| match (i < n, j < n) {
                (true, true) => hessian[i][j].clone(),
                (true, false) => Rational::from(&active[j - n].normal()[i]),
                (false, true) => Rational::from(&active[i - n].normal()[j]),
                (false, false) => Rational::zero(),
            };
            let right: Vec<Rational> =
                linear.iter().map(|b| -b).chain(active.iter().map(|half| Rational::from(half.offset()))).collect();
            // Where the matrix is singular, the values of this face are taken on smaller faces as well.
            let Ok(mut x) = solve_vector(&Matrix::from_fn(size, size, entry), &right) else { continue };
            x.truncate(n);
            if region.halfspaces.iter().all(|half| half.contains(&x)) {
                best = best.max(q.value(&x).abs());
            }
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]
    #[test]
    fn quadratic_maxima_are_exact((network, sides, target) in problems(1..3, 2)) {
        let found = extremum(&network, &target, &sides, &ExtremumOptions::default()).unwrap();
        prop_assert_eq!(found.finding, Finding::Proved);
        let upper = found.upper.clone().unwrap();
        prop_assert_eq!(&error_at(&network, &target, &found.witness), &found.lower);
        prop_assert!(sides.iter().zip(&found.witness).all(|((lo, hi), x)| lo <= x && x <= hi));
        let best = by_faces(&network, &target, &sides);
        prop_assert!(found.lower <= best && best <= upper);
        prop_assert!(found.is_exact(), "{} < {} with {} cells", found.lower, upper, found.cells);
        for x in grid(&sides, 9) {
            prop_assert!(error_at(&network, &target, &x) <= upper);
        }
        // The bound itself, a little more and a little less.
        for (error, expected) in [
            (upper.clone(), Finding::Proved),
            (&upper + Rational::ratio(1, 50), Finding::Proved),
            (&upper * Rational::ratio(99, 100), if upper.is_zero() { Finding::Proved } else { Finding::Refuted }),
        ] {
            let options = ExtremumOptions { error: Some(error.clone()), ..ExtremumOptions::default() };
            let asked = extremum(&network, &target, &sides, &options).unwrap();
            prop_assert_eq!(asked.finding, expected);
            prop_assert_eq!(&error_at(&network, &target, &asked.witness), &asked.lower);
            if expected == Finding::Refuted {
                prop_assert!(asked.lower > error && asked.upper.is_none());
            }
        }
    }
    #[test]
    fn higher_degrees_are_enclosed((network, sides, target) in problems(1..3, 4)) {
        let found = extremum(&network, &target, &sides, &ExtremumOptions::default()).unwrap();
        prop_assert_eq!(found.finding, Finding::Proved);
        let upper = found.upper.clone().unwrap();
        prop_assert!(found.lower <= upper && upper <= &found.lower * Rational::ratio(101, 100));
        prop_assert_eq!(&error_at(&network, &target, &found.witness), &found.lower);
        for x in grid(&sides, 9) {
            prop_assert!(error_at(&network, &target, &x) <= upper);
        }
    }
    #[test]
    fn budgets_leave_true_bounds((network, sides, target) in problems(1..3, 3), max_cells in 1usize..8, max_regions in 1usize..4) {
        let options = ExtremumOptions { max_cells, max_regions, gap: Rational::ratio(1, 1000), ..ExtremumOptions::default() };
        let found = extremum(&network, &target, &sides, &options).unwrap();
        prop_assert_eq!(&error_at(&network, &target, &found.witness), &found.lower);
        let complete = regions(&network, Some(&sides), max_regions).unwrap().is_complete();
        prop_assert_eq!(found.finding == Finding::OpenRegions, !complete);
        if let Some(upper) = &found.upper {
            prop_assert!(complete && found.lower <= *upper);
            for x in grid(&sides, 7) {
                prop_assert!(error_at(&network, &target, &x) <= *upper);
            }
        }
    }
    #[test]
    fn bernstein_sums_are_the_polynomial(c in prop::collection::vec(-9i64..9, 1..7), a in -9i64..9, w in 1i64..9, k in 0i64..9) {
        let c: Vec<Rational> = c.into_iter().map(|c| Rational::ratio(c, 4)).collect();
        let (a, b, x) = (Rational::ratio(a, 3), Rational::ratio(a + w, 3), Rational::ratio(k, 5));
        let value = c.iter().rev().fold(Rational::zero(), |sum, c| sum * &x + c);
        let (d, s, t) = (c.len() - 1, (&x - &a) / (&b - &a), (&b - &x) / (&b - &a));
        let power = |x: &Rational, e: usize| x.pow(e as i32).unwrap();
        let sum: Rational = bernstein(&c, &a, &b).iter().zip(binomials(d)).enumerate()
            .map(|(k, (beta, binomial))| beta * binomial * power(&s, k) * power(&t, d - k)).sum();
        prop_assert_eq!(&sum, &value);
        // A bound that is far away is proved by a sum without cuts.
        let error = bernstein(&c, &a, &b).into_iter().max().unwrap() + Rational::from(k);
        let terms = sum_on_interval(&c, &a, &b, &error).unwrap();
        let slacks = [&x - &a, &b - &x];
        let sum: Rational = terms.iter()
            .map(|(c, factors)| factors.iter().fold(c.clone(), |product, &k| product * &slacks[k])).sum();
        prop_assert_eq!(sum, &error - &value);
        prop_assert!(terms.iter().all(|(c, _)| c.is_positive()));
    }
}

#[test]
fn more_dimensions_and_degenerate_forms() {
    // A plane against squares, differences and products in three variables on [-1, 1]^3.
    let plane = layered(&[3, 1], &[1, 0, -1, 0], 1);
    let sides = vec![(Rational::from(-1), Rational::one()); 3];
    let term = |c: i64, exponents: [u32; 3]| (Rational::from(c), exponents.to_vec());
    for terms in [
        vec![term(1, [2, 0, 0]), term(1, [0, 2, 0]), term(1, [0, 0, 2])],
        vec![term(1, [2, 0, 0]), term(-2, [1, 1, 0]), term(1, [0, 2, 0])],
        vec![term(1, [1, 1, 0]), term(1, [0, 1, 1]), term(1, [1, 0, 1])],
        vec![term(-1, [2, 0, 0]), term(3, [0, 1, 1])],
        vec![term(2, [0, 1, 0])],
        vec![term(1, [1, 0, 0]), term(-1, [0, 0, 1])],
        vec![],
    ] {
        let target = Target::MultivariatePolynomial { variables: 3, terms };
        let found = extremum(&plane, &target, &sides, &ExtremumOptions::default()).unwrap();
        assert!(found.is_exact(), "{target:?}");
        assert_eq!(found.lower, by_faces(&plane, &target, &sides), "{target:?}");
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let network = layered(&[2, 5, 4, 1], &[3, -2, 5, 1, -7, 4, 2, -5, 1, 6, -3, 7], 5);
    let sides = vec![(Rational::from(-1), Rational::from(2)); 2];
    let lines = |threads: usize, degree: u32| {
        let terms = vec![(Rational::from(-3), vec![degree, 0]), (Rational::one(), vec![1, 1])];
        let target = Target::MultivariatePolynomial { variables: 2, terms };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let found = extremum(&network, &target, &sides, &ExtremumOptions::default()).unwrap();
            let mut text = String::new();
            write_error_cover(&network, &sides, &found, &mut |part| {
                text.push_str(part);
                Ok(())
            })
            .unwrap();
            text
        })
    };
    for degree in [2, 3] {
        assert!(lines(1, degree) == lines(3, degree));
    }
}

#[test]
fn bad_questions_are_refused() {
    let (plane, two) = (layered(&[2, 1], &[1, 2, 3], 1), layered(&[1, 2], &[1, 2, 3], 1));
    let unit = (Rational::zero(), Rational::one());
    let ask = |network: &Layered, target: &Target, sides: &[(Rational, Rational)]| {
        extremum(network, target, sides, &ExtremumOptions::default()).err()
    };
    let product = Target::Product { factors: 2 };
    let square = [unit.clone(), unit.clone()];
    assert!(matches!(ask(&plane, &Target::AbsoluteValue, &square), Some(PolyhedraError::NoPolynomial { .. })));
    assert!(matches!(
        ask(&plane, &Target::Square, &square),
        Some(PolyhedraError::Dimension { what: "the target", .. })
    ));
    assert!(matches!(ask(&two, &Target::Square, &square[..1]), Some(PolyhedraError::Dimension { .. })));
    assert!(matches!(ask(&plane, &product, &square[..1]), Some(PolyhedraError::Dimension { what: "the domain", .. })));
    let flat = [unit.clone(), (unit.0.clone(), unit.0.clone())];
    assert_eq!(ask(&plane, &product, &flat), Some(PolyhedraError::Flat { side: 2 }));
    let high = Target::MultivariatePolynomial { variables: 2, terms: vec![(unit.1.clone(), vec![30, 0])] };
    assert_eq!(ask(&plane, &high, &square), Some(PolyhedraError::Degree { variables: 2, degree: 30, limit: 21 }));
}
