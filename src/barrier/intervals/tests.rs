#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::arith::Rational;
use crate::programs::{Answer, Column, LinearProgram, Range, Row, Sense, solve};

fn r(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q)
}

fn problems() -> impl Strategy<Value = &'static dyn IntervalProblem> {
    prop::sample::select(PROBLEMS.to_vec())
}

fn centres() -> impl Strategy<Value = Centre> {
    prop::sample::select(Centre::ALL.to_vec())
}

/// A member whose entries are the centre's plus t/8 of the radius.
fn member(interval: &IntervalMatrix, steps: &[i64]) -> Matrix {
    let columns = interval.shape().1;
    let radius = interval.radius();
    let entry = |i: usize, j: usize| {
        &interval.centre()[(i, j)] + &(radius * &r(steps.get(i * columns + j).copied().unwrap_or(0), 8))
    };
    Matrix::from_fn(interval.shape().0, columns, entry)
}

/// The largest and the smallest square of the distance of two enclosed points.
fn distances(a: &Point, b: &Point) -> (Rational, Rational) {
    let each: Vec<(Rational, Rational)> = a
        .iter()
        .zip(b)
        .map(|(a, b)| {
            let square = (a - b).square();
            (square.lo().clone(), square.hi().clone())
        })
        .collect();
    (each.iter().map(|(low, _)| low).sum(), each.iter().map(|(_, high)| high).sum())
}

fn steps() -> impl Strategy<Value = Vec<i64>> {
    prop::collection::vec(prop_oneof![Just(-8i64), Just(0), Just(8), -8i64..=8], 4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    /// Solutions of members never lie farther apart than the upper bound, nor outside a box that is the whole cover.
    #[test]
    fn random_members_keep_the_bounds(
        problem in problems(), centre in centres(), bits in prop_oneof![1u32..12, 1u32..400], first in steps(), other in steps(),
    ) {
        let interval = IntervalMatrix::around(problem.centre(centre), bits);
        let found = diameter(problem, &interval);
        let accuracy = u64::from(bits) + 100;
        let solved = [first, other].map(|steps| {
            let member = member(&interval, &steps);
            assert!(interval.contains(&member));
            problem.solutions(&member, accuracy)
        });
        let cover = problem.cover(&interval, accuracy);
        for a in solved.iter().flatten() {
            for b in solved.iter().flatten() {
                if let Upper::Squared(upper) = &found.upper {
                    prop_assert!(distances(a, b).0 <= *upper);
                }
            }
            if let Cover::Boxes(boxes) = &cover
                && let [only] = boxes.as_slice()
            {
                prop_assert!(a.iter().zip(only).all(|(a, side)| a.lo() <= side.hi() && side.lo() <= a.hi()));
            }
        }
        if let Upper::Squared(upper) = &found.upper {
            prop_assert!(found.lower_squared <= *upper);
        }
        // The members of the lower bound: in the interval, one solution each, as far apart as said.
        if let Some([a, b]) = &found.members {
            prop_assert!(interval.contains(a) && interval.contains(b));
            let (x, y) = (problem.solutions(a, accuracy), problem.solutions(b, accuracy));
            prop_assert_eq!((x.len(), y.len()), (1, 1));
            prop_assert!(distances(&x[0], &y[0]).1 >= found.lower_squared);
        } else {
            prop_assert!(found.lower_squared.is_zero());
        }
    }

    /// The exact linear program solver on l1 and lp: same least value, and its point among the minimisers.
    #[test]
    fn minimisers_agree_with_linear_programs(
        a in prop::collection::vec((-6i64..=6).prop_map(|p| r(p, 4)), 1..4), y in (-6i64..=6).prop_map(|p| r(p, 4)),
    ) {
        let row = |range: Range| vec![Row { name: "row".to_owned(), range }];
        let column = |j: usize, s: i64| Column {
            name: format!("x{j}{s}"),
            cost: Rational::one(),
            range: Range::at_least(Rational::zero()),
            entries: if a[j].is_zero() { vec![] } else { vec![(0, &a[j] * &Rational::from(s))] },
        };
        let data = Matrix::column_vector(&[a.clone(), vec![y.clone()]].concat()).transpose();
        let n = a.len();
        let columns: Vec<Column> = (0..n).map(|j| column(j, 1)).collect();
        let both: Vec<Column> = (0..n).flat_map(|j| [column(j, 1), column(j, -1)]).collect();
        let near = Range { lower: Some(&y - &r(1, 8)), upper: Some(&y + &r(1, 8)) };
        for (problem, columns, range) in
            [(&Lp as &dyn IntervalProblem, columns, Range::point(y.clone())), (&L1, both, near)]
        {
            let signed = columns.len() == 2 * n;
            let program = LinearProgram::new(Sense::Minimise, Rational::zero(), row(range.clone()), columns).unwrap();
            let found = problem.solutions(&data, 0);
            let Answer::Optimal { point, value, .. } = solve(&program) else {
                prop_assert!(found.is_empty());
                continue;
            };
            let point: Vec<Rational> =
                if signed { point.chunks(2).map(|pair| &pair[0] - &pair[1]).collect() } else { point };
            for corner in &found {
                let x: Vec<Rational> = corner.iter().map(|x| x.lo().clone()).collect();
                prop_assert!(corner.iter().all(|x| x.lo() == x.hi()));
                prop_assert!(range.contains(&crate::linalg::dot(&a, &x)));
                prop_assert!(signed || x.iter().all(|x| !x.is_negative()));
                prop_assert_eq!(&crate::linalg::one_norm(&x), &value);
            }
            // Corners lie on different half-axes: the point is a convex combination with these weights.
            let weight = |corner: &Point| {
                let own = corner.iter().position(|x| !x.lo().is_zero());
                own.map_or(Rational::one(), |j| &point[j] / corner[j].lo())
            };
            let weights: Vec<Rational> = found.iter().map(weight).collect();
            prop_assert!(weights.iter().all(|weight| !weight.is_negative()));
            prop_assert_eq!(weights.iter().sum::<Rational>(), Rational::one());
            for (j, x) in point.iter().enumerate() {
                let mixed: Rational = found.iter().zip(&weights).map(|(corner, w)| corner[j].lo() * w).sum();
                prop_assert_eq!(&mixed, x);
            }
        }
    }

    /// Any centre, not only those of the table: members keep to the cover, and no bound is claimed near a jump.
    #[test]
    fn covers_hold_for_any_interval(
        problem in problems(), entries in prop::collection::vec(-12i64..=12, 4), bits in 0u32..5, first in steps(), other in steps(),
    ) {
        let shape = problem.centre(Centre::Critical).shape();
        let centre = Matrix::from_fn(shape.0, shape.1, |i, j| r(entries[i * shape.1 + j], 8));
        let interval = IntervalMatrix::around(centre, bits);
        let found = diameter(problem, &interval);
        let solved = [first, other].map(|steps| problem.solutions(&member(&interval, &steps), 90));
        for a in solved.iter().flatten() {
            for b in solved.iter().flatten() {
                if let Upper::Squared(upper) = &found.upper {
                    prop_assert!(distances(a, b).0 <= *upper, "{} {:?} {:?}", problem.name(), a, b);
                }
            }
        }
    }

    /// What is called unbounded has members with solutions beyond 2^90.
    #[test]
    fn unbounded_sets_have_far_solutions(
        which in 0usize..3, entries in prop::collection::vec(-6i64..=6, 4), bits in 0u32..5,
    ) {
        let problem = PROBLEMS[which];
        let shape = problem.centre(Centre::Critical).shape();
        let centre = Matrix::from_fn(shape.0, shape.1, |i, j| r(entries[i * shape.1 + j], 8));
        let interval = IntervalMatrix::around(centre.clone(), bits);
        if diameter(problem, &interval).upper == Upper::Unbounded {
            let far = if which == 1 { nearly_singular(&interval) } else { nearly_zero(&interval, which == 0) };
            let reached = far.iter().any(|member| {
                let point = problem.solutions(member, 0).pop();
                let size = point.iter().flatten().map(|x| x.abs().lo().clone()).max();
                interval.contains(member) && size.is_some_and(|size| size >= Rational::power_of_two(90))
            });
            prop_assert!(reached, "{} {:?}", problem.name(), interval);
        }
    }

    /// Where both are known: the entrywise bound is within that of the Frobenius norm,
    /// |B^-1 - A^-1| <= |A^-1|^2 |E| / (1 - |A^-1| |E|).
    #[test]
    fn the_bound_on_inverses_is_within_the_classical_one(
        entries in prop::collection::vec(-12i64..=12, 4), bits in 1u32..30,
    ) {
        let centre = Matrix::from_fn(2, 2, |i, j| r(entries[2 * i + j], 4));
        let interval = IntervalMatrix::around(centre.clone(), bits);
        if let Ok(inverted) = crate::linalg::inverse(&centre) {
            let size = inverted.frobenius_squared().sqrt_up(80);
            let small = &size * &interval.radius().scale_by_power_of_two(1);
            if small < Rational::one() {
                let radius = &size * &small / (Rational::one() - &small);
                let Upper::Squared(upper) = diameter(&Pseudoinverse, &interval).upper else {
                    return Err(TestCaseError::fail("the classical bound holds, the entrywise one must"));
                };
                prop_assert!(upper <= (&radius * &radius).scale_by_power_of_two(2));
            }
        }
    }
}

/// Members of size 2 of tiny determinant: one entry is moved until it vanishes, and then by a little more.
fn nearly_singular(interval: &IntervalMatrix) -> Vec<Matrix> {
    let a = interval.centre();
    let det = &a[(0, 0)] * &a[(1, 1)] - &a[(0, 1)] * &a[(1, 0)];
    let mut all = Vec::new();
    for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let opposite = &a[(1 - i, 1 - j)];
        let cofactor = if i == j { opposite.clone() } else { -opposite };
        if let Some(t) = det.checked_div(&-cofactor) {
            for more in [Rational::power_of_two(-100), -Rational::power_of_two(-100)] {
                let moved = |k, l| if (k, l) == (i, j) { &t + &more } else { Rational::zero() };
                all.push(Matrix::from_fn(2, 2, |k, l| &a[(k, l)] + &moved(k, l)));
            }
        }
    }
    all
}

/// Members (a, y) whose largest value is just above 0: on the way from a point where it is not to the upper corner.
fn nearly_zero(interval: &IntervalMatrix, both: bool) -> Vec<Matrix> {
    let row = interval.row(0);
    let (y, a) = row.split_last().unwrap();
    let mut all = Vec::new();
    for sign in [1, -1] {
        let oriented: Vec<_> = a.iter().map(|a| a.scale(&Rational::from(sign))).collect();
        let start = |a: &crate::arith::Enclosure| if both { Rational::zero() } else { a.lo().clone() };
        let along =
            |t: &Rational| -> Vec<Rational> { oriented.iter().map(|a| start(a) + t * &(a.hi() - &start(a))).collect() };
        let (mut lo, mut hi) = (Rational::zero(), Rational::one());
        for _ in 0..130 {
            let middle = (&lo + &hi).scale_by_power_of_two(-1);
            if along(&middle).iter().any(Rational::is_positive) { hi = middle } else { lo = middle }
        }
        for y in [y.lo(), y.hi()] {
            let values = along(&hi).into_iter().map(|a| a * Rational::from(sign)).chain([y.clone()]);
            all.push(Matrix::column_vector(&values.collect::<Vec<_>>()).transpose());
        }
    }
    all
}

/// The numbers of the table in the front page, at every k.
#[test]
fn critical_diameters_stay_and_regular_ones_shrink() {
    let known = |name: &str| match name {
        "l1" => r(49, 32),
        "lp" => r(2, 1),
        "optimiser" => r(4, 1),
        "classifier" => r(1, 1),
        _ => r(16, 1),
    };
    for problem in PROBLEMS {
        let all: Vec<[Diameter; 2]> =
            (1..=200).map(|bits| Centre::ALL.map(|centre| experiment(problem, centre, bits))).collect();
        for ([critical, regular], k) in all.iter().zip(1i64..) {
            assert!(critical.lower_squared >= known(problem.name()), "{} {k}", problem.name());
            match &critical.upper {
                Upper::Unbounded => assert_eq!(problem.name(), "pseudoinverse"),
                // The upper bound tends to the lower one.
                Upper::Squared(upper) => {
                    let excess = upper - &critical.lower_squared;
                    assert!(excess <= Rational::power_of_two(5 - k), "{} {k} {excess}", problem.name());
                }
                Upper::Open => panic!("{} has a bound", problem.name()),
            }
            if k >= 3 {
                let rate = regular.rate(64).unwrap();
                assert!(rate <= r(41, 1) && regular.upper(64).unwrap() <= Rational::power_of_two(6 - k));
                let lower = regular.lower(64);
                let upper = regular.upper(64).unwrap();
                // Both bounds shrink at the same rate.
                assert!(problem.name() == "classifier" || lower.scale_by_power_of_two(3) >= upper, "{k}");
            }
        }
        for pair in all.windows(2) {
            for (earlier, later) in pair[0].iter().zip(&pair[1]) {
                // Intervals are nested: a later lower bound holds before, an earlier upper bound later.
                if let Upper::Squared(upper) = &earlier.upper {
                    assert!(later.lower_squared <= *upper);
                }
            }
        }
    }
}

#[test]
fn jumps_of_pseudoinverses_grow() {
    for bits in [1, 7, 200, 3000] {
        let found = experiment(&Pseudoinverse, Centre::Critical, bits);
        assert_eq!(found.upper, Upper::Unbounded);
        // At least as far apart as the inverses of diag(1, 2^-k) and diag(1, -2^-k).
        let lower = found.lower(10);
        assert!(lower >= Rational::power_of_two(i64::from(bits) + 1), "{bits}");
    }
    // diag(1, 0) agrees with diag(1, 1/2) to one bit.
    assert_eq!(experiment(&Pseudoinverse, Centre::Regular, 1).upper, Upper::Unbounded);
    assert!(experiment(&Pseudoinverse, Centre::Regular, 2).upper(10).is_some());
}

#[test]
fn other_shapes_have_no_answer() {
    for problem in PROBLEMS {
        let strange = Matrix::zeros(3, 2);
        let interval = IntervalMatrix::around(strange.clone(), 2);
        if problem.name() != "pseudoinverse" {
            assert!(problem.solutions(&strange, 3).is_empty() && problem.candidates(&interval).is_empty());
        }
        assert_eq!(problem.cover(&interval, 3), Cover::Open, "{}", problem.name());
        assert_eq!(diameter(problem, &IntervalMatrix::around(Matrix::zeros(0, 0), 2)).lower_squared, Rational::zero());
    }
}
