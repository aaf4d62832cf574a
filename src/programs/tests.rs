#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::integers::Integers;
use super::solve::solve_from;
use super::walk::{Place, Position};
use super::*;
use crate::arith::{Integer, Rational};
use crate::polyhedra::{Halfspace, Solution, maximise};

fn number() -> impl Strategy<Value = Rational> {
    prop_oneof![
        4 => (-3i64..4).prop_map(Rational::from),
        2 => Just(Rational::zero()),
        1 => (-40i64..40, 1i64..9).prop_map(|(p, q)| Rational::ratio(p, q)),
        1 => (-40i64..40, 1i64..9).prop_map(|(p, q)| Rational::ratio(p, q).scale_by_power_of_two(90)),
    ]
}

fn nonzero() -> impl Strategy<Value = Rational> {
    (1i64..40, 1i64..9, any::<bool>()).prop_map(|(p, q, negative)| Rational::ratio(if negative { -p } else { p }, q))
}

fn range() -> impl Strategy<Value = Range> {
    (number(), prop_oneof![Just(Rational::zero()), number().prop_map(|x| x.abs())], 0..6).prop_map(
        |(lower, length, kind)| match kind {
            0 => Range::free(),
            1 => Range::at_least(lower),
            2 => Range::at_most(lower),
            3 => Range::point(lower),
            _ => Range { upper: Some(&lower + length), lower: Some(lower) },
        },
    )
}

fn programs() -> impl Strategy<Value = LinearProgram> {
    (0usize..6, 0usize..6).prop_flat_map(|(m, n)| {
        let rows = prop::collection::vec(range(), m);
        let column = (number(), range(), prop::collection::vec(number(), m));
        (any::<bool>(), number(), rows, prop::collection::vec(column, n)).prop_map(|(up, constant, rows, columns)| {
            let name = |letter: char, i: usize| format!("{letter}{i}");
            let rows = rows.into_iter().enumerate().map(|(i, range)| Row { name: name('r', i), range }).collect();
            let column = |(j, (cost, range, entries)): (usize, (Rational, Range, Vec<Rational>))| Column {
                name: name('x', j),
                cost,
                range,
                entries: entries.into_iter().enumerate().collect(),
            };
            let sense = if up { Sense::Maximise } else { Sense::Minimise };
            LinearProgram::new(sense, constant, rows, columns.into_iter().enumerate().map(column).collect()).unwrap()
        })
    })
}

/// The same program as halfspaces, solved by the dense tableau.
fn by_tableau(program: &LinearProgram) -> Solution {
    let n = program.columns().len();
    let sign = Rational::from(if program.sense() == Sense::Maximise { 1 } else { -1 });
    let costs: Vec<Rational> = program.columns().iter().map(|column| &column.cost * &sign).collect();
    let mut halfspaces = Vec::new();
    let mut between = |normal: &[Rational], range: &Range| {
        if let Some(upper) = &range.upper {
            halfspaces.push(Halfspace::from_rationals(normal, upper));
        }
        if let Some(lower) = &range.lower {
            let normal: Vec<Rational> = normal.iter().map(|a| -a).collect();
            halfspaces.push(Halfspace::from_rationals(&normal, &-lower));
        }
    };
    for (j, column) in program.columns().iter().enumerate() {
        let unit: Vec<Rational> = (0..n).map(|k| Rational::from(i64::from(j == k))).collect();
        between(&unit, &column.range);
    }
    for (i, row) in program.rows().iter().enumerate() {
        let entry =
            |column: &Column| column.entries.iter().find(|e| e.0 == i).map_or(Rational::zero(), |e| e.1.clone());
        between(&program.columns().iter().map(entry).collect::<Vec<_>>(), &row.range);
    }
    maximise(&costs, &halfspaces).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]
    #[test]
    fn two_methods_agree(program in programs()) {
        let answer = solve(&program);
        prop_assert!(answer.holds(&program));
        let sign = Rational::from(if program.sense() == Sense::Maximise { 1 } else { -1 });
        match (&answer, by_tableau(&program)) {
            (Answer::Optimal { value, .. }, Solution::Optimal { value: other, .. }) => {
                prop_assert_eq!(value, &(program.constant() + other * sign));
            }
            (Answer::Infeasible { .. }, Solution::Infeasible { .. }) => {}
            (Answer::Unbounded { .. }, Solution::Unbounded { .. }) => {}
            (answer, other) => prop_assert!(false, "{:?} {:?}", answer, other),
        }
    }
    #[test]
    fn every_start_leads_to_the_same_value(
        program in programs(), chosen in prop::collection::vec(any::<usize>(), 0..8), ends in any::<u64>(),
    ) {
        let integers = Integers::new(&program);
        let mut position = Position::of_rows(&integers);
        // Any columns in the basis, dependent ones too, and any ends for the others.
        let all = integers.variables();
        for (place, j) in chosen.into_iter().enumerate().take(integers.rows) {
            let j = j % all.max(1);
            if position.places[j] != Place::Basic {
                let left = position.basis[place];
                position.places[left] = Place::rest(&integers.ranges[left]);
                position.basis[place] = j;
                position.places[j] = Place::Basic;
            }
        }
        for j in 0..all {
            if position.places[j] == Place::Lower && ends >> j & 1 == 1 && integers.ranges[j].upper.is_some() {
                position.places[j] = Place::Upper;
            }
        }
        let (answer, other) = (solve(&program), solve_from(&program, &integers, position));
        match (&answer, &other) {
            (Answer::Optimal { value, .. }, Answer::Optimal { value: other, .. }) => prop_assert_eq!(value, other),
            (a, b) => prop_assert_eq!(core::mem::discriminant(a), core::mem::discriminant(b)),
        }
    }
    #[test]
    fn changed_answers_are_refused(program in programs(), place in any::<usize>(), by in nonzero()) {
        let m = program.rows().len();
        let refused_optimum = |point, value, multipliers| !Answer::Optimal { point, value, multipliers }.holds(&program);
        let refused_infeasible = |multipliers| !Answer::Infeasible { multipliers }.holds(&program);
        let refused_ray = |point: &Vec<Rational>, ray: &Vec<Rational>| {
            !Answer::Unbounded { point: point.clone(), ray: ray.clone() }.holds(&program)
        };
        match solve(&program) {
            Answer::Optimal { point, value, multipliers } => {
                let value_off = Answer::Optimal { point: point.clone(), value: &value + &by, multipliers: multipliers.clone() };
                prop_assert!(!value_off.holds(&program));
                let short = Answer::Optimal { point: point.iter().skip(1).cloned().collect(), value: value.clone(), multipliers: multipliers.clone() };
                prop_assert!(point.is_empty() || !short.holds(&program));
                let long = multipliers.iter().cloned().chain([Rational::zero()]).collect();
                let long = Answer::Optimal { point: point.clone(), value: value.clone(), multipliers: long };
                prop_assert!(!long.holds(&program));
                // Infeasible would contradict the point, whatever the multipliers.
                prop_assert!(refused_infeasible(multipliers.clone()));
                // An optimum is not unbounded, whatever the ray.
                let mut ray = vec![Rational::zero(); point.len()];
                if let Some(r) = ray.get_mut(place % point.len().max(1)) {
                    *r = by;
                }
                let unbounded = Answer::Unbounded { point, ray };
                prop_assert!(!unbounded.holds(&program));
            }
            Answer::Infeasible { multipliers } => {
                let opposite = multipliers.iter().map(|y| -y).collect();
                let zero = vec![Rational::zero(); m];
                prop_assert!(refused_infeasible(zero));
                // y . r + d . x > 0 for all values in the ranges, so not < 0.
                prop_assert!(refused_infeasible(opposite));
                let point = vec![by; program.columns().len()];
                prop_assert!(refused_ray(&point, &point));
                let value = program.value(&point);
                prop_assert!(refused_optimum(point, value, multipliers));
            }
            Answer::Unbounded { point, ray } => {
                let back: Vec<Rational> = ray.iter().map(|r| -r).collect();
                prop_assert!(refused_ray(&point, &back));
                let zero = vec![Rational::zero(); ray.len()];
                prop_assert!(refused_ray(&point, &zero));
                let value = program.value(&point);
                let multipliers = vec![Rational::zero(); m];
                prop_assert!(refused_optimum(point, value, multipliers));
            }
        }
    }
}

fn column(name: &str, cost: Rational, range: Range, entries: &[(usize, Rational)]) -> Column {
    Column { name: name.to_owned(), cost, range, entries: entries.to_vec() }
}

#[test]
fn cycling_examples_end() {
    // Beale's example, maximise 3/4 x1 - 150 x2 + 1/50 x3 - 6 x4: the textbook rule cycles, the maximum is 1/20.
    let r = Rational::ratio;
    let at_least_0 = || Range::at_least(Rational::zero());
    let columns = vec![
        column("x1", r(3, 4), at_least_0(), &[(0, r(1, 4)), (1, r(1, 2))]),
        column("x2", r(-150, 1), at_least_0(), &[(0, r(-60, 1)), (1, r(-90, 1))]),
        column("x3", r(1, 50), at_least_0(), &[(0, r(-1, 25)), (1, r(-1, 50)), (2, r(1, 1))]),
        column("x4", r(-6, 1), at_least_0(), &[(0, r(9, 1)), (1, r(3, 1))]),
    ];
    let row = |b: i64| Row { name: format!("at most {b}"), range: Range::at_most(Rational::from(b)) };
    let program = LinearProgram::new(Sense::Maximise, Rational::zero(), vec![row(0), row(0), row(1)], columns).unwrap();
    let integers = Integers::new(&program);
    for answer in [solve(&program), solve_from(&program, &integers, Position::of_rows(&integers))] {
        assert!(matches!(answer, Answer::Optimal { value, .. } if value == r(1, 20)));
    }
}

#[test]
fn a_gap_below_the_doubles_is_seen() {
    // x + y <= 1, x + y >= 1 + e: infeasible for e > 0, one value for e = 0; doubles cannot tell.
    for (bits, gap) in [(60u64, true), (200, true), (60, false)] {
        let e = if gap { Rational::power_of_two(-(bits as i64)) } else { Rational::zero() };
        let rows = vec![
            Row { name: "up".to_owned(), range: Range::at_most(Rational::one()) },
            Row { name: "down".to_owned(), range: Range::at_least(Rational::one() + e) },
        ];
        let entries = [(0, Rational::one()), (1, Rational::one())];
        let columns = ["x", "y"].map(|name| column(name, Rational::one(), Range::at_least(Rational::zero()), &entries));
        let program = LinearProgram::new(Sense::Minimise, Rational::zero(), rows, columns.to_vec()).unwrap();
        assert_eq!(matches!(solve(&program), Answer::Infeasible { .. }), gap);
    }
}

#[test]
fn many_steps_without_the_guess_of_doubles() {
    // Klee-Minty cubes: maximise 2^(n-1) x_1 + .. + x_n, 2^(i+1) x_1 + .. + 4 x_(i-1) + x_i <= 5^i; the maximum is 5^n.
    let n = 7;
    let rows: Vec<Row> = (1..=n)
        .map(|i| Row { name: format!("r{i}"), range: Range::at_most(Rational::from(Integer::from(5).pow(i as u32))) })
        .collect();
    let power = |k: usize| Rational::power_of_two(k as i64);
    let columns: Vec<Column> = (1..=n)
        .map(|j| {
            let entries: Vec<(usize, Rational)> =
                (j..=n).map(|i| (i - 1, if i == j { Rational::one() } else { power(i - j + 1) })).collect();
            column(&format!("x{j}"), power(n - j), Range::at_least(Rational::zero()), &entries)
        })
        .collect();
    let program = LinearProgram::new(Sense::Maximise, Rational::zero(), rows, columns).unwrap();
    let integers = Integers::new(&program);
    let answer = solve_from(&program, &integers, Position::of_rows(&integers));
    assert!(matches!(answer, Answer::Optimal { value, .. } if value == Rational::from(5i64.pow(n as u32))));
}

#[test]
fn bad_programs_are_refused() {
    let row = |range: Range| Row { name: "r".to_owned(), range };
    let empty = Range { lower: Some(Rational::one()), upper: Some(Rational::zero()) };
    let new = |rows: Vec<Row>, columns: Vec<Column>| {
        LinearProgram::new(Sense::Minimise, Rational::zero(), rows, columns).unwrap_err()
    };
    let one = Rational::one;
    assert!(matches!(new(vec![row(empty.clone())], vec![]), ProgramError::EmptyRange { what: "row", .. }));
    assert!(matches!(
        new(vec![], vec![column("x", one(), empty, &[])]),
        ProgramError::EmptyRange { what: "column", .. }
    ));
    let far = column("x", one(), Range::free(), &[(1, one())]);
    assert!(matches!(new(vec![row(Range::free())], vec![far]), ProgramError::NoRow { row: 1, rows: 1, .. }));
    let twice = column("x", one(), Range::free(), &[(0, one()), (0, one())]);
    assert!(matches!(new(vec![row(Range::free())], vec![twice]), ProgramError::Repeated { .. }));
}
