//! The solver against a second exact method, on small problems where ties abound, and on larger random ones.

use super::definition::Found;
use super::*;
use crate::arith::{Integer, Rational, SplitMix64};
use crate::linalg::{self, Matrix, dot, sub};
use certinet_check::{Verdict, check};

fn r(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q)
}

/// Numbers without a pattern, the same in every run.
struct Numbers(SplitMix64);

impl Numbers {
    fn below(&mut self, n: u64) -> u64 {
        (self.0.next_u64() >> 33) % n
    }
    fn within(&mut self, n: i64) -> i64 {
        self.below(2 * n as u64 + 1) as i64 - n
    }
    fn small(&mut self, epsilons: &[Rational]) -> Instance {
        let (m, n) = (1 + self.below(3) as usize, 1 + self.below(4) as usize);
        let size = 1 + self.below(3) as i64;
        let rows = (0..m).map(|_| (0..n).map(|_| r(self.within(size), 1)).collect()).collect();
        let data = (0..m).map(|_| r(self.within(3), 1)).collect();
        let epsilon = epsilons[self.below(epsilons.len() as u64) as usize].clone();
        Instance::new(Matrix::new(rows).unwrap(), data, epsilon).unwrap()
    }
}

/// The least norm by brute force: over all supports of independent columns and all signs the one point that the optimality
/// conditions leave, where it is feasible. Some minimiser is among them, since one has independent columns on its
/// support, and on it the norm is a linear function that is minimised over a ball in the coordinates (or over one point).
fn brute(instance: &Instance) -> Option<f64> {
    let (a, y, epsilon) = (instance.matrix(), instance.data(), instance.epsilon());
    let n = a.columns();
    let mut best: Option<f64> = None;
    for mask in 0..1u32 << n {
        let support: Vec<usize> = (0..n).filter(|j| mask >> j & 1 == 1).collect();
        let part = Matrix::from_fn(a.rows(), support.len(), |i, k| a[(i, support[k])].clone());
        let gram = part.transpose().product(&part).unwrap();
        let products = part.transpose().apply(y).unwrap();
        let Ok(u) = linalg::solve_vector(&gram, &products) else { continue };
        let rest = linalg::norm_squared(&sub(y, &part.apply(&u).unwrap()));
        let room = epsilon * epsilon - rest;
        if room.is_negative() {
            continue;
        }
        for signs in 0..1u32 << support.len() {
            let signs: Vec<Rational> = (0..support.len()).map(|k| r(1 - 2 * i64::from(signs >> k & 1), 1)).collect();
            let v = linalg::solve_vector(&gram, &signs).unwrap();
            let slope = dot(&signs, &v);
            // The minimum of signs . x over |A_S (x - u)|^2 <= room is at u - t v with t^2 = room / slope.
            let (t, q) = if slope.is_zero() {
                (Surd::zero(), Integer::zero())
            } else {
                Surd::square_root(&(&room / &slope)).unwrap()
            };
            let q = Rational::from(q);
            let x: Vec<Surd> = u.iter().zip(&v).map(|(u, v)| &Surd::from(u.clone()) - &t.scaled(v)).collect();
            if x.iter().zip(&signs).all(|(x, sign)| x.scaled(sign).sign(&q).is_ge()) {
                let value = surd_vector::one_norm(&x, &q).enclosure(&q, 60).0.approx_f64();
                best = Some(best.map_or(value, |best| best.min(value)));
            }
        }
    }
    best
}

fn value(optimum: &Optimum) -> f64 {
    optimum.value.enclosure(&Rational::from(&optimum.q), 60).0.approx_f64()
}

fn verified(instance: &Instance, solution: &Solution, claims: &Claims) -> bool {
    let mut bytes = Vec::new();
    write_certificate(instance, solution, claims, &mut bytes).unwrap();
    let outcome = check(bytes.as_slice()).unwrap();
    assert_eq!(outcome.verdict, Verdict::Verified, "{outcome:?} {}", String::from_utf8(bytes).unwrap());
    true
}

fn epsilons() -> Vec<Rational> {
    vec![r(0, 1), r(1, 2), r(1, 1), r(2, 1), r(3, 2), r(1, 10)]
}

#[test]
fn small_problems_agree_with_brute_force() {
    let mut numbers = Numbers(SplitMix64::new(1));
    let (mut infeasible, mut touching, mut several, mut irrational, mut zero) = (0, 0, 0, 0, 0);
    for _ in 0..1500 {
        let instance = numbers.small(&epsilons());
        let solution = solve(&instance).unwrap();
        assert!(holds(&instance, &solution));
        let least = brute(&instance);
        match &solution {
            Solution::Infeasible { .. } => {
                assert_eq!(least, None, "{instance:?}");
                infeasible += 1;
                verified(&instance, &solution, &Claims::default());
            }
            Solution::Optimal(optimum) => {
                let least = least.unwrap();
                assert!((least - value(optimum)).abs() < 1e-9, "{instance:?} {optimum:?} {least}");
                assert!(optimum.complete);
                touching += usize::from(optimum.normal.is_some());
                several += usize::from(!optimum.is_unique());
                irrational += usize::from(!optimum.q.is_zero());
                zero += usize::from(optimum.value == Surd::zero());
                assert_eq!(uniqueness(&instance, optimum).is_some(), optimum.is_unique());
                claims(&mut numbers, &instance, optimum);
            }
        }
    }
    // Every kind occurs.
    let counts = [infeasible, touching, several, irrational, zero];
    assert!(counts.iter().all(|&count| count >= 5), "{counts:?}");
}

/// Distances of random points: certified, and attained by a minimiser.
fn claims(numbers: &mut Numbers, instance: &Instance, optimum: &Optimum) {
    let q = Rational::from(&optimum.q);
    let s: Vec<Rational> = (0..instance.matrix().columns()).map(|_| r(numbers.within(4), 3)).collect();
    let found = separation(instance, optimum, &s).unwrap();
    let nearest: Vec<Surd> = found.difference.iter().zip(&s).map(|(h, s)| h + &Surd::from(s.clone())).collect();
    let mut with_nearest = optimum.clone();
    with_nearest.vertices.push(nearest);
    assert!(holds(instance, &Solution::Optimal(with_nearest)), "the nearest point is a minimiser");
    let (lower, upper) = distance_squared(instance, optimum, &s).unwrap();
    assert!(lower <= upper && (lower == upper || !optimum.q.is_zero()));
    for corner in &optimum.vertices {
        let h: Vec<Surd> = corner.iter().zip(&s).map(|(x, s)| x - &Surd::from(s.clone())).collect();
        assert!(found.squared.compare(&surd_vector::norm_squared(&h, &q), &q).is_le());
    }
    let claims = Claims { unique: optimum.is_unique(), answer: Some((s, lower)), readings: vec![] };
    verified(instance, &Solution::Optimal(optimum.clone()), &claims);
}

#[test]
fn the_exact_path_agrees_with_the_guess() {
    let mut numbers = Numbers(SplitMix64::new(7));
    let mut both = 0;
    for _ in 0..400 {
        let instance = numbers.small(&[r(1, 2), r(1, 1), r(1, 10), r(7, 5)]);
        let optimal = |found: Option<Found>| match solve::finish(&instance, found?)? {
            Solution::Optimal(optimum) if holds(&instance, &Solution::Optimal(optimum.clone())) => Some(optimum),
            _ => None,
        };
        let exact = optimal(lasso::lasso(&instance));
        let Solution::Optimal(known) = solve(&instance).unwrap() else { continue };
        if known.normal.is_none() && known.value != Surd::zero() {
            let exact = exact.unwrap();
            assert!((value(&exact) - value(&known)).abs() < 1e-9);
            let corners = |optimum: &Optimum| {
                let mut corners: Vec<String> = optimum.vertices.iter().map(|x| approximate(x, &optimum.q)).collect();
                corners.sort();
                corners
            };
            assert_eq!(corners(&exact), corners(&known));
            if let Some(guessed) = optimal(guess::guess(&instance)) {
                assert_eq!(corners(&guessed), corners(&exact));
                both += 1;
            }
        }
    }
    assert!(both > 100, "{both}");
}

fn approximate(x: &[Surd], q: &Integer) -> String {
    let q = Rational::from(q);
    x.iter().map(|x| format!("{:.9} ", x.enclosure(&q, 60).0.approx_f64() + 0.0)).collect()
}

#[test]
fn feasible_points_have_no_smaller_norm() {
    let mut numbers = Numbers(SplitMix64::new(3));
    let mut compared = 0;
    for _ in 0..300 {
        let instance = numbers.small(&[r(1, 1), r(2, 1), r(1, 2)]);
        let Solution::Optimal(optimum) = solve(&instance).unwrap() else { continue };
        let q = Rational::from(&optimum.q);
        for _ in 0..200 {
            let z: Vec<Rational> = (0..instance.matrix().columns()).map(|_| r(numbers.within(12), 6)).collect();
            let residual = sub(instance.data(), &instance.matrix().apply(&z).unwrap());
            if linalg::norm_squared(&residual) <= instance.epsilon() * instance.epsilon() {
                assert!(optimum.value.compare(&Surd::from(linalg::one_norm(&z)), &q).is_le());
                compared += 1;
            }
        }
    }
    assert!(compared > 1000, "{compared}");
}

#[test]
fn equal_columns_touching_balls_and_empty_problems() {
    let instance = |rows: Vec<Vec<i64>>, data: Vec<i64>, epsilon: Rational| {
        let rows = rows.into_iter().map(|row| row.into_iter().map(Rational::from).collect()).collect();
        let data = data.into_iter().map(Rational::from).collect();
        Instance::new(Matrix::new(rows).unwrap(), data, epsilon).unwrap()
    };
    let optimum = |instance: &Instance| match solve(instance).unwrap() {
        Solution::Optimal(optimum) => optimum,
        Solution::Infeasible { normal } => panic!("{normal:?}"),
    };
    // Twelve equal columns: a simplex.
    assert_eq!(optimum(&instance(vec![vec![1; 12]], vec![2], r(1, 2))).vertices.len(), 12);
    // Seven pairs of equal columns: 2^7 corners.
    let rows = (0..7).map(|i| (0..14).map(|j| i64::from(j / 2 == i)).collect()).collect();
    let pairs = optimum(&instance(rows, vec![1; 7], r(0, 1)));
    assert_eq!((pairs.vertices.len(), pairs.complete), (128, true));
    // Thirteen pairs: more than are looked for, and it says so.
    let rows = (0..13).map(|i| (0..26).map(|j| i64::from(j / 2 == i)).collect()).collect();
    let many = optimum(&instance(rows, vec![1; 13], r(0, 1)));
    assert!(!many.complete && !many.is_unique() && many.vertices.len() > 1000);
    // The range of A is the first axis; the ball around (1, 2) of radius 2 touches it.
    let touching = instance(vec![vec![1, 2], vec![0, 0]], vec![1, 2], r(2, 1));
    assert!(optimum(&touching).normal.is_some() && optimum(&touching).value == Surd::from(r(1, 2)));
    let outside = instance(vec![vec![1, 2], vec![0, 0]], vec![1, 2], r(199, 100));
    assert!(matches!(solve(&outside).unwrap(), Solution::Infeasible { .. }));
    // No columns, no rows.
    let empty = |rows: usize, columns: usize, epsilon: i64| {
        Instance::new(Matrix::zeros(rows, columns), vec![Rational::one(); rows], Rational::from(epsilon)).unwrap()
    };
    assert_eq!(optimum(&empty(0, 3, 0)).value, Surd::zero());
    assert_eq!(optimum(&empty(1, 0, 1)).vertices, vec![Vec::<Surd>::new()]);
    for epsilon in [r(0, 1), r(1, 2)] {
        let none = Instance::new(Matrix::zeros(1, 0), vec![Rational::one()], epsilon).unwrap();
        assert!(matches!(solve(&none).unwrap(), Solution::Infeasible { .. }));
    }
}

#[test]
fn larger_random_problems() {
    let mut numbers = Numbers(SplitMix64::new(11));
    for (m, n, epsilon) in [(6, 12, r(1, 3)), (6, 12, r(0, 1)), (8, 5, r(30, 1)), (8, 5, r(1, 100))] {
        let rows = (0..m).map(|_| (0..n).map(|_| r(numbers.within(999), 100)).collect()).collect();
        let data = (0..m).map(|_| r(numbers.within(999), 100)).collect();
        let instance = Instance::new(Matrix::new(rows).unwrap(), data, epsilon).unwrap();
        let solution = solve(&instance).unwrap();
        let unique = matches!(&solution, Solution::Optimal(optimum) if optimum.is_unique());
        verified(&instance, &solution, &Claims { unique, ..Claims::default() });
        if let (Some(found), Solution::Optimal(optimum)) = (lasso::lasso(&instance), &solution) {
            let q = Rational::from(&found.q);
            let norm = surd_vector::one_norm(&found.point, &q).enclosure(&q, 60).0.approx_f64();
            assert!((norm - value(optimum)).abs() < 1e-9);
        }
    }
}

#[test]
fn nonnegative_problems_agree_with_brute_force() {
    let mut numbers = Numbers(SplitMix64::new(5));
    let (mut several, mut infeasible) = (0, 0);
    for _ in 0..900 {
        let instance = numbers.small(&[r(0, 1)]);
        let (a, y) = (instance.matrix(), instance.data());
        let n = a.columns();
        // Basic solutions that are not negative, by supports.
        let basic = (0..1u32 << n).filter_map(|mask| {
            let support: Vec<usize> = (0..n).filter(|j| mask >> j & 1 == 1).collect();
            let part = Matrix::from_fn(a.rows(), support.len(), |i, k| a[(i, support[k])].clone());
            let gram = part.transpose().product(&part).unwrap();
            let u = linalg::solve_vector(&gram, &part.transpose().apply(y).unwrap()).ok()?;
            let fits = part.apply(&u).unwrap() == y && u.iter().all(Rational::is_positive);
            let mut x = vec![Rational::zero(); n];
            support.iter().zip(u).for_each(|(&j, u)| x[j] = u);
            fits.then_some(x)
        });
        let basic: Vec<Vec<Rational>> = basic.collect();
        let least = basic.iter().map(|x| x.iter().sum::<Rational>()).min();
        let outcome = solve_nonnegative(a, y).unwrap();
        assert!(nonnegative_answer(a, y, &outcome).is_ok_and(|(program, answer)| answer.holds(&program)));
        match outcome {
            Nonnegative::Infeasible { .. } => {
                assert_eq!(least, None);
                infeasible += 1;
            }
            Nonnegative::Optimal(optimum) => {
                assert_eq!(Some(&optimum.value.rational), least.as_ref());
                let mut corners: Vec<Vec<Rational>> =
                    optimum.vertices.iter().map(|x| x.iter().map(|x| x.rational.clone()).collect()).collect();
                let mut expected: Vec<Vec<Rational>> =
                    basic.into_iter().filter(|x| Some(x.iter().sum::<Rational>()) == least).collect();
                corners.sort();
                expected.sort();
                assert_eq!(corners, expected);
                several += usize::from(!optimum.is_unique());
            }
        }
    }
    assert!(several > 20 && infeasible > 20, "{several} {infeasible}");
}

#[test]
fn changed_solutions_fail_the_test_of_the_definition() {
    let mut numbers = Numbers(SplitMix64::new(13));
    let mut tested = 0;
    for _ in 0..200 {
        let instance = numbers.small(&epsilons());
        let solution = solve(&instance).unwrap();
        let Solution::Optimal(optimum) = solution else {
            let Solution::Infeasible { normal } = solution else { continue };
            let negated = normal.iter().map(|x| -x).collect();
            assert!(!holds(&instance, &Solution::Infeasible { normal: negated }));
            continue;
        };
        if optimum.value == Surd::zero() {
            continue;
        }
        let fails = |change: &dyn Fn(&mut Optimum)| {
            let mut changed = optimum.clone();
            change(&mut changed);
            !holds(&instance, &Solution::Optimal(changed))
        };
        let more = r(1_000_001, 1_000_000);
        assert!(fails(&|optimum| optimum.value = optimum.value.scaled(&more)));
        assert!(fails(&|optimum| optimum.value = -&optimum.value));
        for scale in [&more, &more.recip().unwrap()] {
            assert!(fails(&|optimum| optimum.dual = optimum.dual.iter().map(|x| x.scaled(scale)).collect()));
            assert!(fails(
                &|optimum| optimum.vertices[0] = optimum.vertices[0].iter().map(|x| x.scaled(scale)).collect()
            ));
        }
        assert!(fails(&|optimum| optimum.face.truncate(optimum.face.len() - 1)));
        assert!(fails(&|optimum| optimum.face[0].1 = -optimum.face[0].1));
        assert!(fails(&|optimum| optimum.vertices.push(vec![Surd::zero(); instance.matrix().columns()])));
        assert!(fails(&|optimum| optimum.vertices.clear()));
        if !instance.epsilon().is_zero() {
            assert!(fails(&|optimum| {
                let normal = vec![Rational::zero(); instance.matrix().rows()];
                optimum.normal = optimum.normal.is_none().then_some(normal);
            }));
        }
        tested += 1;
    }
    assert!(tested > 60, "{tested}");
}
