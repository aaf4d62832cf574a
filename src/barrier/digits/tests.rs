//! Tests of the family by the exact simplex method and by algorithms that are fooled.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::family::{largest_eigenvalue_upper, smallest_eigenvalue_lower};
use super::*;
use crate::arith::Rational;
use crate::barrier::BarrierError;
use crate::linalg::Matrix;
use crate::programs::{Answer, Column, LinearProgram, Range, Row, Sense, solve};

fn q(p: i64, r: i64) -> Rational {
    Rational::ratio(p, r)
}

fn families() -> impl Iterator<Item = Family> {
    (1..7).flat_map(|digits| Norm::ALL.map(|norm| Family::new(digits, norm)))
}

/// min c'x subject to A x = y, x >= 0 by the exact simplex method.
fn solved(cost: &[Rational], a: &Matrix, y: &[Rational]) -> Answer {
    let exact = |value: &Rational| Range { lower: Some(value.clone()), upper: Some(value.clone()) };
    let rows = y.iter().enumerate().map(|(i, y)| Row { name: format!("r{i}"), range: exact(y) }).collect();
    let column = |j: usize| Column {
        name: format!("x{j}"),
        cost: cost[j].clone(),
        range: Range::at_least(Rational::zero()),
        entries: (0..a.rows()).map(|i| (i, a[(i, j)].clone())).filter(|(_, x)| !x.is_zero()).collect(),
    };
    let columns = (0..a.columns()).map(column).collect();
    solve(&LinearProgram::new(Sense::Minimise, Rational::zero(), rows, columns).unwrap())
}

fn shift() -> impl Strategy<Value = Rational> {
    (1i64..40, any::<bool>()).prop_map(|(n, negative)| {
        let power = Rational::power_of_two(-n);
        if negative { -power } else { power }
    })
}

#[test]
fn the_numbers_of_the_family_are_within_their_limits() {
    for family in families() {
        let [t1, t2] = family.heights();
        let norm = family.norm();
        // Half the distance of (t, 0) and (0, t) exceeds the bar, in both blocks.
        for (t, fewer) in [(t1, 0), (t2, 1)] {
            let half = t.scale_by_power_of_two(-1);
            assert!(norm.measure(&[half.clone(), -half]) > norm.measure_of(&family.bar(fewer)));
        }
        let condition = family.condition();
        assert!(condition.rhs <= q(3, 2) + q(1, 1000) && condition.rhs <= Rational::from(2));
        assert!(condition.gram < Rational::from(15) && condition.feasibility < Rational::from(66));
        // No condition number is below 1.
        assert!(condition.gram > Rational::one() && condition.feasibility > Rational::one());
        for shifts in [[q(0, 1), q(1, 2)], [q(-1, 4), q(-1, 2)], [q(1, 1024), q(1, 8)]] {
            let instance = family.instance(shifts).unwrap();
            let a = instance.matrix();
            let largest = |list: &[Rational]| list.iter().map(Rational::abs).fold(Rational::zero(), Rational::max);
            assert_eq!((largest(a.entries()), largest(&instance.rhs())), (Rational::one(), condition.rhs.clone()));
            let gram = a.product(&a.transpose()).unwrap();
            let ratio = largest_eigenvalue_upper(&gram) / smallest_eigenvalue_lower(&gram);
            assert!(ratio <= condition.gram.clone() + q(1, 1_000_000));
        }
        assert_eq!(family.instance([q(2, 3), q(1, 2)]), None);
    }
}

#[test]
fn eigenvalues_are_enclosed() {
    // Eigenvalues 1, 2 and 4: an orthogonal basis (1, 1, 1), (1, -1, 0), (1, 1, -2).
    let m = Matrix::from_fn(3, 3, |i, j| {
        let vectors = [[1i64, 1, 1], [1, -1, 0], [1, 1, -2]];
        let terms = vectors.iter().zip([(4, 3), (1, 2), (2, 6)]);
        terms.map(|(v, (value, length))| q(value * v[i] * v[j], length)).sum()
    });
    let (low, high) = (smallest_eigenvalue_lower(&m), largest_eigenvalue_upper(&m));
    let near = Rational::power_of_two(-30);
    assert!(low < Rational::one() && Rational::one() - low < near);
    assert!(high > Rational::from(4) && high - Rational::from(4) < near);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn solutions_are_those_of_the_simplex_method(digits in 1u32..7, which in 0usize..3, s1 in shift(), s2 in shift()) {
        let family = Family::new(digits, Norm::ALL[which]);
        let instance = family.instance([s1, s2]).unwrap();
        let solution = instance.solution().unwrap();
        let (a, y) = (instance.matrix(), instance.rhs());
        let ones = vec![Rational::one(); COLUMNS];
        let Answer::Optimal { value, .. } = solved(&ones, &a, &y) else { panic!() };
        prop_assert_eq!(&value, &solution.iter().cloned().sum::<Rational>());
        for i in 0..ROWS {
            prop_assert_eq!((0..COLUMNS).map(|j| &a[(i, j)] * &solution[j]).sum::<Rational>(), y[i].clone());
        }
        // It is the only one: among the points of this value, each coordinate is at most and at least that of it.
        let fixed = Matrix::from_fn(ROWS + 1, COLUMNS, |i, j| if i < ROWS { a[(i, j)].clone() } else { Rational::one() });
        let sides: Vec<Rational> = y.iter().cloned().chain([value]).collect();
        for (j, x) in solution.iter().enumerate() {
            for sign in [1, -1] {
                let cost: Vec<Rational> = (0..COLUMNS).map(|i| Rational::from(if i == j { sign } else { 0 })).collect();
                let Answer::Optimal { value, .. } = solved(&cost, &fixed, &sides) else { panic!() };
                prop_assert_eq!(value, &Rational::from(sign) * x);
            }
        }
    }

    #[test]
    fn changes_below_the_distance_leave_programs_feasible(
        digits in 1u32..7, which in 0usize..3, s1 in shift(), s2 in shift(),
        signs in proptest::collection::vec(-1i64..=1, ROWS * COLUMNS + ROWS)
    ) {
        let family = Family::new(digits, Norm::ALL[which]);
        let distance = family.condition().distance;
        let instance = family.instance([s1, s2]).unwrap();
        let change = |i: usize| &distance * &Rational::from(signs[i]);
        let a = instance.matrix();
        let changed = Matrix::from_fn(ROWS, COLUMNS, |i, j| &a[(i, j)] + &change(i * COLUMNS + j));
        let y: Vec<Rational> =
            instance.rhs().iter().enumerate().map(|(i, y)| y + &change(ROWS * COLUMNS + i)).collect();
        let nothing = vec![Rational::zero(); COLUMNS];
        let feasible = matches!(solved(&nothing, &changed, &y), Answer::Optimal { .. });
        prop_assert!(feasible);
    }

    #[test]
    fn every_algorithm_is_fooled(
        digits in 1u32..7, which in 0usize..3, block in 0usize..2, seed in 0i64..1000, bits in 0u64..60
    ) {
        /// Reads some entries and answers with numbers that depend on them in no useful way.
        struct Arbitrary(i64, u64);
        impl Algorithm for Arbitrary {
            fn answer(&self, oracle: &mut Oracle) -> Result<Vec<Rational>, BarrierError> {
                let mut sum = Rational::zero();
                for i in 0..4u64 {
                    let bits = self.1 * i / 3;
                    sum += oracle.read((i % 2) as usize, (i / 2) as usize, bits)?;
                }
                let height = oracle.family().heights()[0].clone();
                Ok((1..=COLUMNS as i64).map(|j| &height * &(&sum * &q(self.0 % (7 * j), 20))).collect())
            }
        }
        let family = Family::new(digits, Norm::ALL[which]);
        let bar = family.norm().measure_of(&family.bar(u32::try_from(block).unwrap()));
        let other = if block == 0 { [Some(bits), None] } else { [None, Some(bits)] };
        let algorithms: [&dyn Algorithm; 3] =
            [&Arbitrary(seed, bits), &Patient { limits: [Some(bits); 2] }, &Patient { limits: other }];
        for algorithm in algorithms {
            // The block without a limit has the shift 1/2, which is seen.
            let fooled = fool(&family, algorithm, block).unwrap();
            prop_assert!(fooled.worse() > bar);
            // Both programs give the readings and the answer of the program with shift 0.
            for sign in [1, -1] {
                let s = Rational::from(sign) * Rational::power_of_two(-(fooled.exponent as i64));
                let shifts = if block == 0 { [s, q(1, 2)] } else { [q(1, 2), s] };
                let instance = family.instance(shifts).unwrap();
                let mut oracle = Oracle::new(&family, &instance);
                prop_assert_eq!(&algorithm.answer(&mut oracle).unwrap(), &fooled.answer);
                for query in oracle.log() {
                    prop_assert!(query.reading.agrees(&instance.entries(query.block)[query.entry]));
                }
                let difference: Vec<Rational> =
                    instance.solution().unwrap().iter().zip(&fooled.answer).map(|(x, y)| x - y).collect();
                prop_assert_eq!(&family.norm().measure(&difference), &fooled.errors[usize::from(sign < 0)]);
            }
        }
    }

    #[test]
    fn patient_algorithms_have_their_digits(digits in 1u32..7, which in 0usize..3, s1 in shift(), s2 in shift()) {
        let family = Family::new(digits, Norm::ALL[which]);
        let instance = family.instance([s1, s2.clone()]).unwrap();
        for (algorithm, fewer) in [(Patient::SIGN_OF_SECOND, 1), (Patient::MIDDLES, 2)] {
            let mut oracle = Oracle::new(&family, &instance);
            let answer = algorithm.answer(&mut oracle).unwrap();
            prop_assert!(instance.error(&answer).unwrap() <= family.norm().measure_of(&family.bar(fewer)));
            // The entries are seen to differ by |s|/4 only beyond that many bits.
            let needed = u64::try_from(-s2.abs().floor_log2().unwrap()).unwrap() + 2;
            prop_assert_eq!(oracle.finest(0), 0);
            let read_enough = if fewer == 1 { oracle.finest(1) > needed } else { oracle.log().is_empty() };
            prop_assert!(read_enough);
        }
        // Without limits both signs are seen, and the answer is the solution.
        let mut oracle = Oracle::new(&family, &instance);
        prop_assert_eq!(Patient { limits: [None; 2] }.answer(&mut oracle).unwrap(), instance.solution().unwrap());
    }
}

#[test]
fn a_shift_that_is_not_promised_is_never_seen() {
    let family = Family::new(3, Norm::Two);
    let instance = family.instance([q(1, 2), Rational::zero()]).unwrap();
    let mut oracle = Oracle::new(&family, &instance);
    let error = Patient::SIGN_OF_SECOND.answer(&mut oracle).unwrap_err();
    assert_eq!(error, BarrierError::Bits { asked: 2 * MOST_BITS, limit: MOST_BITS });
}
