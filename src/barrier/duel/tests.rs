#![allow(clippy::unwrap_used)]

use core::cmp::Ordering;

use proptest::prelude::*;

use super::solvers::{Clarabel, Fista, Midpoint, Simplex, Truncated, Unrolled, unrolled_network};
use super::*;
use crate::arith::Rational;
use crate::barrier::l1::{Instance, Optimum, Solution, distance_squared, solve};
use crate::evaluate::evaluate_graph;
use crate::linalg::Matrix;

fn q(p: i64, r: i64) -> Rational {
    Rational::ratio(p, r)
}

fn family() -> Family {
    Family::new(1, 2, q(1, 1), q(1, 8)).unwrap()
}

fn all(family: &Family) -> Vec<Box<dyn Solver>> {
    vec![
        Box::new(Clarabel),
        Box::new(Simplex),
        Box::new(Fista),
        Box::new(Unrolled::default()),
        Box::new(Truncated { bits: 24 }),
        Box::new(Midpoint::new(family)),
    ]
}

fn one_norm(x: &[Rational]) -> Rational {
    x.iter().map(Rational::abs).fold(Rational::zero(), |a, b| a + b)
}

fn dot(x: &[Rational], y: &[Rational]) -> Rational {
    assert_eq!(x.len(), y.len());
    x.iter().zip(y).map(|(a, b)| a * b).fold(Rational::zero(), |a, b| a + b)
}

fn residual(instance: &Instance, x: &[Rational]) -> Vec<Rational> {
    let product = instance.matrix().apply(x).unwrap();
    instance.data().iter().zip(&product).map(|(y, z)| y - z).collect()
}

/// The conditions of an optimum without a normal, from their definitions.
fn holds(instance: &Instance, optimum: &Optimum) {
    assert!(optimum.q.is_zero() && optimum.normal.is_none());
    let rational = |x: &[crate::barrier::l1::Surd]| x.iter().map(|x| x.rational.clone()).collect::<Vec<_>>();
    let dual = rational(&optimum.dual);
    let value = &optimum.value.rational;
    let squared_epsilon = instance.epsilon() * instance.epsilon();
    for vertex in &optimum.vertices {
        let x = rational(vertex);
        let r = residual(instance, &x);
        assert!(dot(&r, &r) <= squared_epsilon);
        assert_eq!(one_norm(&x), *value);
        for (j, entry) in x.iter().enumerate().filter(|(_, entry)| !entry.is_zero()) {
            assert!(optimum.face.contains(&(j, entry.signum())));
        }
    }
    let gap = dot(&dual, instance.data()) - value;
    assert!(!gap.is_negative() && &gap * &gap >= &squared_epsilon * &dot(&dual, &dual));
    for j in 0..instance.matrix().columns() {
        let product = dot(&instance.matrix().column(j), &dual);
        assert!(product.abs() <= Rational::one());
        let on_face = optimum.face.iter().find(|(column, _)| *column == j);
        assert_eq!(on_face.map(|face| face.1), (product.abs() == Rational::one()).then(|| product.signum()));
    }
}

fn families() -> impl Strategy<Value = Family> {
    (1usize..4, 1usize..4, 1i64..200, 1i64..200, any::<bool>()).prop_map(|(rows, more, a, b, reversed)| {
        let (low, high) = (q(a.min(b) - 1, 97), q(a.max(b), 97));
        let family = Family::new(rows, rows + more, high, low).unwrap();
        if reversed { family.reverse() } else { family }
    })
}

proptest! {
    #[test]
    fn the_closed_form_is_optimal(family in families(), p in -96i64..97) {
        let s = q(p, 97);
        let (instance, optimum) = (family.instance(&s).unwrap(), family.optimum(&s));
        holds(&instance, &optimum);
        prop_assert_eq!(optimum.is_unique(), p != 0);
        // The solver for all problems finds the same.
        let Solution::Optimal(solved) = solve(&instance).unwrap() else { panic!("feasible") };
        let corners = |optimum: &Optimum| {
            let mut corners: Vec<Vec<Rational>> =
                optimum.vertices.iter().map(|x| x.iter().map(|x| x.rational.clone()).collect()).collect();
            corners.sort();
            corners
        };
        prop_assert!(solved.complete && solved.value == optimum.value);
        prop_assert_eq!(corners(&solved), corners(&optimum));
        // The critical entry is where the family says.
        let [one, other] = family.critical();
        prop_assert_eq!(&instance.matrix()[(0, one)], &Rational::one());
        prop_assert_eq!(&instance.matrix()[(0, other)], &(Rational::one() + &s));
    }

    #[test]
    fn no_feasible_point_beats_it(
        family in families(), p in -96i64..97, z in proptest::collection::vec(-40i64..41, 6), t in 0i64..400
    ) {
        let s = q(p, 97);
        let (instance, optimum) = (family.instance(&s).unwrap(), family.optimum(&s));
        let vertex: Vec<Rational> = optimum.vertices[0].iter().map(|x| x.rational.clone()).collect();
        // A point near the minimiser: some are feasible.
        let z: Vec<Rational> = vertex.iter().zip(&z).map(|(x, d)| x + &(q(*d, 40) * q(t, 400))).collect();
        let r = residual(&instance, &z);
        let feasible = dot(&r, &r) <= instance.epsilon() * instance.epsilon();
        if feasible {
            let order = one_norm(&z).cmp(&optimum.value.rational);
            prop_assert!(order != Ordering::Less);
            prop_assert!(!(order == Ordering::Equal && optimum.is_unique()) || z == vertex);
        }
    }

    #[test]
    fn every_answer_is_wrong_on_one_side(
        family in families(), bits in 0u64..80, x in proptest::collection::vec(-50i64..50, 6), doubles in any::<bool>()
    ) {
        let point = x.iter().map(|&x| q(x, 31)).take(family.columns()).collect();
        let solver = Scripted { point, bits, doubles };
        let duel = duel(&family, &solver, &Rules { bar: Rational::zero(), limits: Limits::default() }).unwrap();
        let n = if doubles { 60 } else { bits.max(1) };
        prop_assert_eq!(duel.shift.abs(), Rational::power_of_two(-(n as i64)));
        prop_assert!(duel.distance_squared >= family.either_squared(&duel.shift.abs()));
        prop_assert!(family.either_squared(&duel.shift.abs()) < family.breakdown_squared());
        let squared = duel.distance_squared.clone();
        let found = distance_squared(&duel.instance, &duel.optimum, &duel.answer.point);
        prop_assert_eq!(found, Some((squared.clone(), squared)));
        for reading in &duel.readings {
            let entry = reading.place.entry(&duel.instance).unwrap();
            prop_assert!(reading.agrees(entry));
            // What goes on record holds, and for doubles is tight.
            let k = reading.bits(entry) as i64;
            let distance = (&reading.answer - entry).abs();
            prop_assert!(distance <= Rational::power_of_two(-k));
            prop_assert!(
                reading.accuracy != Accuracy::Double || k == 1074 || distance > Rational::power_of_two(-k - 1)
            );
        }
    }
}

/// Reads everything to so many bits, or as doubles, and answers what it was told to.
struct Scripted {
    point: Vec<Rational>,
    bits: u64,
    doubles: bool,
}

impl Solver for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }
    fn answer(&self, oracle: &mut Oracle) -> Result<Answer, DuelError> {
        for row in 0..oracle.rows() {
            let entries = (0..oracle.columns()).map(|column| Place::Matrix { row, column });
            for place in entries.chain([Place::Data { row }]) {
                if self.doubles {
                    oracle.read_double(place)?;
                }
                if !self.doubles || self.bits < 60 {
                    oracle.read(place, self.bits)?;
                }
            }
        }
        Ok(Answer { point: self.point.clone(), status: "told".to_owned() })
    }
}

#[test]
fn all_solvers_are_refuted() {
    for family in [family(), family().reverse()] {
        for solver in all(&family) {
            let duel = duel(&family, solver.as_ref(), &Rules::default()).unwrap();
            let name = solver.name();
            assert!(duel.refuted && duel.distance_squared >= q(1, 16), "{name}");
            let doubles = !matches!(name, "truncated" | "midpoint");
            assert_eq!(duel.model, if doubles { Model::Double } else { Model::Oracle }, "{name}");
            // Interior points, gradients and midpoints answer near the middle, vertices at an end.
            let least = if matches!(name, "simplex" | "truncated") { q(1, 1) } else { q(61, 100) };
            assert!(duel.distance_squared >= &least * &least, "{name}: {}", duel.distance_squared.approx_f64());
            let expected = match name {
                "midpoint" => q(1, 2),
                "truncated" => Rational::power_of_two(-24),
                _ => Rational::power_of_two(-60),
            };
            assert_eq!(duel.shift.abs(), expected, "{name}");
        }
    }
}

#[test]
fn the_midpoint_has_the_breakdown_error() {
    let family = Family::new(2, 4, q(7, 3), q(1, 3)).unwrap();
    let duel = duel(&family, &Midpoint::new(&family), &Rules::default()).unwrap();
    assert_eq!(duel.distance_squared, family.breakdown_squared());
    assert_eq!(family.breakdown_squared(), q(2, 1));
    assert_eq!(duel.readings, []);
}

#[test]
fn a_higher_bar_takes_finer_data() {
    // 0.61 < K / sqrt(2), but not on the two minimisers for s = +-1/2.
    let family = family();
    let k = family.least_norm();
    let point = vec![k.scale_by_power_of_two(-1) + q(1, 50), k.scale_by_power_of_two(-1)];
    let solver = Scripted { point, bits: 0, doubles: false };
    let rules = Rules { bar: q(61, 100), ..Rules::default() };
    let outcome = duel(&family, &solver, &rules).unwrap();
    assert!(outcome.refuted && outcome.shift < q(1, 2) && outcome.shift > q(-1, 2));
    // Above the breakdown error there is an answer that survives.
    let rules = Rules { bar: q(62, 100), ..Rules::default() };
    assert!(!duel(&family, &Midpoint::new(&family), &rules).unwrap().refuted);
}

#[test]
fn exact_data_refute_tolerances() {
    let family = family();
    assert!(has_exact_data(&family) && !has_exact_data(&Family::new(1, 2, q(1, 1), q(1, 3)).unwrap()));
    let shifts = shifts(EXPONENTS);
    assert!(shifts.iter().all(|s| is_double(&(Rational::one() + s))) && shifts.len() == 90);
    let rules = Rules::default();
    for solver in all(&family) {
        let trials = exact_data(&variants(&family), &shifts, solver.as_ref(), &rules);
        let worst = worst(&trials).unwrap();
        assert!(worst.refuted && worst.model == Model::ExactData, "{}", solver.name());
        holds(&worst.instance, &worst.optimum);
        assert!(
            trials
                .iter()
                .filter_map(|trial| trial.outcome.as_ref().ok())
                .all(|duel| { duel.distance_squared <= worst.distance_squared })
        );
        let answered = trials.iter().filter(|trial| trial.outcome.is_ok()).count();
        let refuted = trials.iter().filter(|trial| trial.outcome.as_ref().is_ok_and(|duel| duel.refuted)).count();
        println!(
            "{}: {refuted} refuted, {answered} answered, {} trials, worst {:.4} at s = {:e}",
            solver.name(),
            trials.len(),
            worst.distance_squared.approx_f64().sqrt(),
            worst.shift.approx_f64()
        );
    }
    // Who reads enough bits of exact data is right.
    let exact = exact_data(&[family.clone(), family.reverse()], &shifts, &Truncated { bits: 52 }, &rules);
    assert!(exact.iter().all(|trial| trial.outcome.as_ref().is_ok_and(|duel| duel.distance_squared.is_zero())));
}

#[test]
fn the_network_is_the_iteration() {
    let matrix = Matrix::new(vec![vec![q(1, 1), q(9, 8), q(0, 1)], vec![q(0, 1), q(0, 1), q(1, 1)]]).unwrap();
    let (step, threshold, y) = (q(1, 4), q(1, 32), vec![q(1, 1), q(-1, 2)]);
    for steps in 0..6 {
        let network = unrolled_network(&matrix, steps, &step, &threshold).unwrap();
        if steps > 0 {
            let size = network.layered().unwrap().size().unwrap();
            assert_eq!(size.layers, steps + 1);
            assert_eq!(size.hidden_neurons(2, 3), (2 * 3 * steps + 2 * 2 * (steps - 1)) as u128);
        }
        let mut x = vec![Rational::zero(); 3];
        for _ in 0..steps {
            let product = matrix.apply(&x).unwrap();
            let r: Vec<Rational> = y.iter().zip(&product).map(|(y, z)| y - z).collect();
            for (j, x) in x.iter_mut().enumerate() {
                let v = &*x + &(dot(&matrix.column(j), &r) * &step);
                let magnitude = (v.abs() - &threshold).relu();
                *x = magnitude * Rational::from(i64::from(v.signum()));
            }
        }
        assert_eq!(evaluate_graph(&network, std::slice::from_ref(&y)).unwrap(), x);
    }
}

#[test]
fn what_is_out_of_bounds_is_refused() {
    for (rows, columns) in [(0, 2), (2, 2), (3, 2), (1, 257)] {
        assert!(matches!(Family::new(rows, columns, q(1, 1), q(0, 1)), Err(DuelError::Shape { .. })));
    }
    for (y, epsilon) in [(q(1, 1), q(1, 1)), (q(1, 1), q(-1, 9)), (q(-1, 1), q(0, 1)), (q(1 << 41, 1), q(0, 1))] {
        assert!(matches!(Family::new(1, 2, y, epsilon), Err(DuelError::Height { .. })));
    }
    let family = family();
    let limits = Limits { readings: 2, bits: 10 };
    let mut oracle = Oracle::new(&family, &Rational::zero(), limits).unwrap();
    let place = Place::Matrix { row: 0, column: 1 };
    assert!(matches!(oracle.read(place, 11), Err(DuelError::Bits { bits: 11, limit: 10, .. })));
    assert!(matches!(oracle.read(Place::Data { row: 1 }, 1), Err(DuelError::NoEntry { .. })));
    assert!(matches!(oracle.read_double(Place::Matrix { row: 1, column: 0 }), Err(DuelError::NoEntry { .. })));
    oracle.read(place, 10).unwrap();
    oracle.read_double(place).unwrap();
    assert_eq!(oracle.read(place, 1), Err(DuelError::Readings { limit: 2 }));
    assert_eq!(oracle.readings().len(), 2);
    let solver = Scripted { point: vec![q(1, 1)], bits: 3, doubles: false };
    let outcome = duel(&family, &solver, &Rules::default());
    assert_eq!(outcome, Err(DuelError::Dimension { found: 1, expected: 2 }));
    let wide = Family::new(2, 3, q(1, 1), q(1, 8)).unwrap();
    assert!(matches!(duel(&wide, &Simplex, &Rules::default()), Err(DuelError::Unsuitable { rows: 2, .. })));
    // With epsilon = 0 the problem is linear for any number of rows.
    let equations = Family::new(2, 3, q(1, 1), q(0, 1)).unwrap();
    assert!(duel(&equations, &Simplex, &Rules::default()).unwrap().refuted);
}
