#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn halfspaces(n: usize) -> impl Strategy<Value = Vec<Halfspace>> {
    let entry = prop_oneof![3 => -3i64..4, 1 => Just(0), 1 => -1000i64..1000];
    let half = (prop::collection::vec(entry, n), -4i64..9);
    let half = half.prop_map(|(a, b)| Halfspace::new(a.into_iter().map(Integer::from).collect(), Integer::from(b)));
    prop::collection::vec(half, 0..9)
}

fn programs() -> impl Strategy<Value = (Vec<Rational>, Vec<Halfspace>, Vec<usize>)> {
    (0usize..5).prop_flat_map(|n| {
        let c = prop::collection::vec((-3i64..4, 1i64..4).prop_map(|(p, q)| Rational::ratio(p, q)), n);
        (c, halfspaces(n), prop::collection::vec(0usize..10, 0..6))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn every_answer_is_certified_from_every_start((c, halfspaces, basis) in programs()) {
        let guided = maximise(&c, &halfspaces).unwrap();
        prop_assert!(guided.holds(&c, &halfspaces), "{:?}", guided);
        let started = maximise_from(&c, &halfspaces, &basis);
        prop_assert!(started.holds(&c, &halfspaces), "{:?}", started);
        // Certified answers of different kinds exclude each other, values agree.
        match (&guided, &started) {
            (Solution::Optimal { value: a, .. }, Solution::Optimal { value: b, .. }) => prop_assert_eq!(a, b),
            (a, b) => prop_assert_eq!(core::mem::discriminant(a), core::mem::discriminant(b)),
        }
    }
    #[test]
    fn changed_answers_are_refused((c, halfspaces, _) in programs(), place in 0usize..8, by in 1i64..3) {
        let by = Rational::from(by);
        match maximise(&c, &halfspaces).unwrap() {
            Solution::Optimal { point, value, multipliers } => {
                let higher = Solution::Optimal { point: point.clone(), value: &value + &by, multipliers: multipliers.clone() };
                prop_assert!(!higher.holds(&c, &halfspaces));
                if !multipliers.is_empty() {
                    let mut wrong = multipliers.clone();
                    let place = place % wrong.len();
                    wrong[place].1 = -&wrong[place].1;
                    let wrong = Solution::Optimal { point, value, multipliers: wrong };
                    prop_assert!(!wrong.holds(&c, &halfspaces));
                }
            }
            Solution::Infeasible { multipliers } => {
                let zero = multipliers.iter().map(|(i, _)| (*i, Rational::zero())).collect();
                let zero = Solution::Infeasible { multipliers: zero };
                prop_assert!(!zero.holds(&c, &halfspaces));
                let far = multipliers.iter().map(|(i, y)| (i + halfspaces.len(), y.clone())).collect();
                let far = Solution::Infeasible { multipliers: far };
                prop_assert!(!far.holds(&c, &halfspaces));
            }
            Solution::Unbounded { point, ray } => {
                let back = ray.iter().map(|r| -r).collect();
                let back = Solution::Unbounded { point: point.clone(), ray: back };
                prop_assert!(!back.holds(&c, &halfspaces));
                let nowhere = Solution::Unbounded { point: Vec::new(), ray };
                prop_assert!(!nowhere.holds(&c, &halfspaces));
            }
        }
    }
}

#[test]
fn cycling_examples_end() {
    // Beale's example, maximise 3/4 x1 - 150 x2 + 1/50 x3 - 6 x4: the textbook rule cycles, the maximum is 1/20.
    let r = Rational::ratio;
    let c = [r(3, 4), r(-150, 1), r(1, 50), r(-6, 1)];
    let rows = [[r(1, 4), r(-60, 1), r(-1, 25), r(9, 1)], [r(1, 2), r(-90, 1), r(-1, 50), r(3, 1)]];
    let mut halfspaces: Vec<Halfspace> =
        rows.iter().map(|row| Halfspace::from_rationals(row, &Rational::zero())).collect();
    halfspaces.push(Halfspace::from_rationals(&[r(0, 1), r(0, 1), r(1, 1), r(0, 1)], &Rational::one()));
    for axis in 0..4 {
        let unit: Vec<Rational> = (0..4).map(|j| r(if j == axis { -1 } else { 0 }, 1)).collect();
        halfspaces.push(Halfspace::from_rationals(&unit, &Rational::zero()));
    }
    for basis in [vec![], vec![3, 4, 5, 6], vec![0, 1, 2]] {
        let solution = maximise_from(&c, &halfspaces, &basis);
        assert!(solution.holds(&c, &halfspaces));
        assert!(matches!(solution, Solution::Optimal { value, .. } if value == r(1, 20)));
    }
}

#[test]
fn dimensions_are_compared() {
    let half = Halfspace::new(vec![Integer::one()], Integer::one());
    assert!(matches!(maximise(&[], core::slice::from_ref(&half)), Err(PolyhedraError::Dimension { .. })));
    let solution = maximise(&[Rational::one()], core::slice::from_ref(&half)).unwrap();
    assert!(!solution.holds(&[Rational::one(), Rational::zero()], &[half]));
}
