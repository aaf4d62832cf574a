#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::barrier::Formula;

fn formulas() -> impl Strategy<Value = Formula> {
    (1u32..=6).prop_flat_map(|n| {
        let literal = (1..=n as i32, any::<bool>()).prop_map(|(j, sign)| if sign { j } else { -j });
        prop::collection::vec(prop::collection::vec(literal, 1..4), 0..8)
            .prop_map(move |clauses| Formula::new(n, clauses).unwrap())
    })
}

fn problems() -> impl Strategy<Value = Problem> {
    prop::sample::select(Problem::ALL.to_vec())
}

/// The data of a formula with every cell known.
fn data(formula: &Formula) -> Data {
    let known: BTreeMap<u64, bool> = (0..formula.assignments()).map(|k| (k, formula.holds(k))).collect();
    Data::new(formula.variables(), known, false).unwrap()
}

fn r(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q)
}

/// Coefficients of the polynomial of degree below values.len() with these values at 0, 1, 2, ..: Newton's form.
fn interpolate(values: &[Rational]) -> Vec<Rational> {
    let mut differences = values.to_vec();
    for order in 1..values.len() {
        for i in (order..values.len()).rev() {
            differences[i] = (&differences[i] - &differences[i - 1]) / Rational::from(order);
        }
    }
    let mut coefficients = vec![Rational::zero(); values.len()];
    for i in (0..values.len()).rev() {
        // p <- p (x - i) + difference i
        let shifted: Vec<Rational> = std::iter::once(Rational::zero()).chain(coefficients.iter().cloned()).collect();
        for (j, c) in coefficients.iter_mut().enumerate() {
            *c = &shifted[j] - &(&*c * &Rational::from(i));
        }
        coefficients[0] += &differences[i];
    }
    coefficients
}

/// The integral of a polynomial over [0, end].
fn integral(coefficients: &[Rational], end: &Rational) -> Rational {
    let powers = std::iter::successors(Some(end.clone()), |power| Some(power * end));
    coefficients.iter().zip(powers).zip(1i64..).map(|((c, power), k)| c * &power / Rational::from(k)).sum()
}

/// u(1/2) on the interval by integrating -u'' = g twice, cell by cell, from values of g alone; u(0) = u(1) = 0.
fn shoot(data: &Data, variables: u32) -> Rational {
    let cells = 4u64 << variables;
    let width = Rational::from(cells).recip().unwrap();
    let g = |x: &Rational| {
        let (t, factor) = Problem::Interval.reduce(std::slice::from_ref(x)).unwrap();
        data.at(&t).unwrap() * factor
    };
    // u = 0 and u' = 0 at 0; the middle value is corrected by the straight line that makes u(1) = 0.
    let (mut u, mut slope, mut middle) = (Rational::zero(), Rational::zero(), Rational::zero());
    for cell in 0..cells {
        if cell == cells / 2 {
            middle = u.clone();
        }
        // g is a polynomial of degree 4 on the cell: five values give it, in the unit of a quarter cell.
        let quarter = width.scale_by_power_of_two(-2);
        let start = &Rational::from(cell) * &width;
        let values: Vec<Rational> = (0..5i64).map(|i| g(&(&start + &(&quarter * &Rational::from(i))))).collect();
        let polynomial = interpolate(&values);
        let four = Rational::from(4);
        let first = &integral(&polynomial, &four) * &quarter;
        let mut twice = vec![Rational::zero()];
        twice.extend(polynomial.iter().zip(1i64..).map(|(c, k)| c / &Rational::from(k)));
        let second = integral(&twice, &four) * (&quarter * &quarter);
        u = u + &slope * &width - second;
        slope = slope - first;
    }
    middle - u.scale_by_power_of_two(-1)
}

/// u(1/2) of -(a u')' = 1 from values of a alone: a u' = c - x, and u(1) = 0 gives c; no symmetry is used.
fn diffuse(data: &Data, variables: u32) -> Rational {
    let cells = 4u64 << variables;
    let quarter = Rational::from(4 * cells).recip().unwrap();
    let coefficient = |x: &Rational| {
        let (t, factor) = Problem::Diffusion.reduce(std::slice::from_ref(x)).unwrap();
        let a = (Rational::one() + data.at(&t).unwrap() * factor).recip().unwrap();
        assert!(a >= r(16, 31) && a <= Rational::one());
        a
    };
    // The integrals of 1/a and of x/a up to x; 1/a is a polynomial of degree 4 on every cell.
    let (mut plain, mut moment) = (Rational::zero(), Rational::zero());
    let mut middle = (Rational::zero(), Rational::zero());
    for cell in 0..cells {
        if cell == cells / 2 {
            middle = (plain.clone(), moment.clone());
        }
        let at = |i: u64| &Rational::from(4 * cell + i) * &quarter;
        let values: Vec<Rational> = (0..5).map(|i| coefficient(&at(i)).recip().unwrap()).collect();
        let polynomial = interpolate(&values);
        let four = Rational::from(4);
        plain += &(integral(&polynomial, &four) * &quarter);
        // x = start + quarter s for the variable s of the polynomial.
        let mut product: Vec<Rational> = polynomial.iter().map(|c| c * &at(0)).chain([Rational::zero()]).collect();
        for (i, c) in polynomial.iter().enumerate() {
            product[i + 1] += &(c * &quarter);
        }
        moment += &(integral(&product, &four) * &quarter);
    }
    let c = &moment / &plain;
    c * middle.0 - middle.1
}

/// The value of a problem from point values of its data.
fn solve(problem: Problem, data: &Data, variables: u32) -> Rational {
    match problem {
        Problem::Interval => shoot(data, variables),
        Problem::Diffusion => diffuse(data, variables),
        Problem::Disk | Problem::Laplace => radial(problem, data, variables),
    }
}

/// u(0) on the disk: the mean of the data over circles at eight radii, then the radial integral with the Green function.
fn radial(problem: Problem, data: &Data, variables: u32) -> Rational {
    let cells = 1u64 << variables;
    let mean_over_circle = |radius: Option<&Rational>| -> Rational {
        let quarter = Rational::from(4 * cells).recip().unwrap();
        (0..cells)
            .map(|cell| {
                let values: Vec<Rational> = (0..5u64)
                    .map(|i| {
                        let turn = &Rational::from(4 * cell + i) * &quarter;
                        let point: Vec<Rational> = radius.cloned().into_iter().chain([turn]).collect();
                        let (t, factor) = problem.reduce(&point).unwrap();
                        data.at(&t).unwrap() * factor
                    })
                    .collect();
                integral(&interpolate(&values), &Rational::from(4)) * &quarter
            })
            .sum()
    };
    if problem == Problem::Laplace {
        return mean_over_circle(None);
    }
    // The mean at radius r is a polynomial of r, given by its values at 0, 1/8, 2/8, ..
    let values: Vec<Rational> = (0..5i64).map(|i| mean_over_circle(Some(&r(i, 8)))).collect();
    let polynomial = interpolate(&values);
    // The integral of r^(k+1) log(1/r) over [0, 1] is 1 / (k + 2)^2, by parts; the variable of the polynomial is 8 r.
    let terms = polynomial
        .iter()
        .zip(0i64..)
        .map(|(c, k)| c * &Rational::from(8).pow(k as i32).unwrap() / r((k + 2) * (k + 2), 1));
    terms.sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    /// The value by the formula of the module is the value of the solution, computed from point values of the data.
    #[test]
    fn values_are_those_of_the_solutions(formula in formulas()) {
        let n = formula.variables();
        let data = data(&formula);
        let models = (0..formula.assignments()).filter(|&k| formula.holds(k)).count() as u64;
        for problem in Problem::ALL {
            let value = data.value(problem);
            prop_assert_eq!(&value, &solve(problem, &data, n), "{:?}", problem);
            prop_assert_eq!(problem.models(n, &value), Some(Integer::from(models)));
        }
    }

    #[test]
    fn enclosures_hold_the_value_at_every_step(
        formula in formulas(), problem in problems(), evaluations in 0u64..80, steps in 1u64..20,
    ) {
        let exact = data(&formula).value(problem);
        let all = enclosures(problem, &formula, evaluations, steps);
        let n = formula.variables();
        for (before, after) in all.iter().zip(&all[1..]) {
            prop_assert!(before.enclosure.encloses(&after.enclosure) && before.evaluations < after.evaluations);
        }
        for step in &all {
            prop_assert!(step.enclosure.contains(&exact));
            let unread = formula.assignments() - step.evaluations;
            prop_assert_eq!(step.enclosure.width(), problem.weight(n) * Rational::from(unread));
            let found = (0..step.evaluations).filter(|&k| formula.holds(k)).count() as u64;
            prop_assert_eq!(step.found, found);
        }
        let last = all.last().unwrap();
        prop_assert_eq!(last.evaluations, evaluations.min(formula.assignments()));
        prop_assert_eq!(last.exact().is_some(), evaluations >= formula.assignments());
    }

    /// Both data give every value that was read; their values, from the definition, differ as said; one fools the answer.
    #[test]
    fn duels_hold_when_they_are_done_again(
        formula in formulas(), problem in problems(), readings in 0u64..90, which in 0..3usize, seed in any::<u64>(),
    ) {
        let solver: &dyn Solver = match which {
            0 => &InOrder { readings },
            1 => &RandomCells { readings, seed },
            _ => &MidpointRule { readings },
        };
        let duel = duel(problem, &formula, solver).unwrap();
        let n = formula.variables();
        let truth = data(&formula);
        for t in &duel.places {
            let value = truth.at(t).unwrap();
            prop_assert_eq!(&duel.low.at(t).unwrap(), &value);
            prop_assert_eq!(&duel.high.at(t).unwrap(), &value);
        }
        let values = [solve(problem, &duel.low, n), solve(problem, &duel.high, n)];
        prop_assert_eq!(&duel.values, &values);
        prop_assert_eq!(&duel.distance, &(&values[1] - &values[0]));
        let errors = values.map(|value| (&duel.answer - &value).abs());
        prop_assert_eq!(&duel.error, errors.iter().max().unwrap());
        prop_assert!(duel.error.scale_by_power_of_two(1) >= duel.distance);
        let unseen = (0..formula.assignments()).filter(|k| !duel.low.known().contains_key(k)).collect::<Vec<_>>();
        prop_assert_eq!(&duel.distance, &(problem.weight(n) * Rational::from(unseen.len())));
        prop_assert_eq!(duel.low.first_unknown(), unseen.first().copied());
        if duel.survived {
            prop_assert!(unseen.is_empty());
            let count = ((&duel.answer - &problem.offset()) / problem.weight(n) + r(1, 2)).floor();
            prop_assert_eq!(Some(count), problem.models(n, &truth.value(problem)));
        }
        if which == 0 {
            // The middle is the best answer there is: it is off by half the distance exactly.
            prop_assert_eq!(duel.error.scale_by_power_of_two(1), duel.distance);
            prop_assert_eq!(duel.survived, readings >= formula.assignments());
        }
    }
}

/// A solver that looks where it likes.
struct Elsewhere(Rational);

impl Solver for Elsewhere {
    fn name(&self) -> &'static str {
        "elsewhere"
    }
    fn answer(&self, oracle: &mut Oracle) -> Result<Rational, crate::barrier::BarrierError> {
        oracle.read(&self.0)
    }
}

#[test]
fn places_outside_are_refused_and_ends_of_cells_say_nothing() {
    let formula = Formula::new(3, vec![]).unwrap();
    for place in [r(-1, 100), r(101, 100)] {
        let answer = duel(Problem::Disk, &formula, &Elsewhere(place.clone()));
        assert_eq!(answer, Err(crate::barrier::BarrierError::Place { place }));
    }
    for place in [r(0, 1), r(3, 8), r(1, 1)] {
        let duel = duel(Problem::Disk, &formula, &Elsewhere(place)).unwrap();
        assert_eq!((duel.answer, duel.low.known().len()), (r(0, 1), 0));
        assert_eq!(duel.distance, r(1, 32));
    }
    let seen = duel(Problem::Laplace, &formula, &Elsewhere(r(99, 100))).unwrap();
    assert_eq!(seen.low.known().keys().copied().collect::<Vec<_>>(), [7]);
    for point in [vec![], vec![r(1, 2); 3], vec![r(2, 1)], vec![r(-1, 2)]] {
        assert_eq!(Problem::Interval.reduce(&point), None);
    }
}

#[test]
fn a_coarse_grid_of_powers_of_two_reads_nothing() {
    // Every assignment is a model, and the midpoint rule answers 0.
    let formula = Formula::new(8, vec![]).unwrap();
    let coarse = duel(Problem::Interval, &formula, &MidpointRule { readings: 128 }).unwrap();
    assert_eq!((coarse.answer, coarse.low.known().len()), (r(0, 1), 0));
    assert_eq!((coarse.error, coarse.survived), (r(1, 16), false));
    // One point a cell sees all cells, and the rule is wrong by the height of the bump against its mean.
    let fine = duel(Problem::Interval, &formula, &MidpointRule { readings: 256 }).unwrap();
    assert_eq!((fine.answer, fine.distance, fine.survived), (r(15, 128), r(0, 1), false));
}

#[test]
fn the_price_doubles_with_every_variable() {
    for problem in Problem::ALL {
        for n in 1..=12 {
            let formula = random_formula(n, 5).unwrap();
            assert_eq!(formula.clauses().len(), 2 * n as usize);
            let clauses_are_proper = formula.clauses().iter().all(|clause| {
                let mut variables: Vec<u32> = clause.iter().map(|literal| literal.unsigned_abs()).collect();
                variables.sort_unstable();
                variables.dedup();
                variables.len() == 3.min(n as usize)
            });
            assert!(clauses_are_proper);
            let found = growth(problem, &formula);
            let models = (0..1 << n).filter(|&k| formula.holds(k)).count() as u64;
            assert_eq!((found.models.clone(), found.all), (Integer::from(models), 1 << n));
            assert_eq!(found.value, data(&formula).value(problem));
            assert_eq!(found.value.scale_by_power_of_two(found.digits as i64).denominator(), Integer::one());
            // From `half` on, and not before, the width is at most 2^h weights.
            let limit = problem.weight(n) * Rational::from(1u64 << n.div_ceil(2));
            for step in &found.enclosures {
                assert_eq!(step.enclosure.width() <= limit, step.evaluations >= found.half);
                assert!(step.enclosure.contains(&found.value));
                assert_eq!(step.exact().is_some(), step.evaluations == found.all);
            }
            assert!(found.enclosures.iter().any(|step| step.evaluations == found.half));
            assert_eq!(found.enclosures.len(), 2 * n as usize + 1);
        }
    }
    assert_eq!(random_formula(20, 7), random_formula(20, 7));
    assert!(random_formula(20, 7) != random_formula(20, 8));
    assert!(random_formula(63, 1).is_err() && random_formula(u32::MAX, 1).is_err());
    assert_eq!(growth(Problem::Laplace, &random_formula(0, 1).unwrap()).models, Integer::one());
}

#[test]
fn models_are_the_binary_digits() {
    // 5 variables: u(1/2) = M 2^-9.
    let formula = Formula::new(5, vec![vec![1, 2], vec![-3]]).unwrap();
    assert_eq!(data(&formula).value(Problem::Interval), r(12, 512));
    assert_eq!(Problem::Interval.models(5, &r(1, 1024)), None);
    assert_eq!(data(&formula).value(Problem::Diffusion), r(1, 8) + r(12, 512));
    assert_eq!(Problem::Diffusion.models(5, &r(65, 512)), Some(Integer::one()));
    let wide = Enclosed::new(Problem::Laplace, 62, 0, 0);
    assert_eq!((wide.models, wide.enclosure.hi().clone()), (0..=1 << 62, r(1, 2)));
}
