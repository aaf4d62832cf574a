//! Every block, evaluated exactly on grids, has its specification.
#![allow(clippy::unwrap_used)]

mod common;

use certinet_check::generate::{self, Extreme, Squaring};
use certinet_check::network::{Network, Weight};
use common::{evaluate, ratio};
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

/// 2^(-2m-2)
fn unit(m: u64) -> Weight {
    Weight::new(BigInt::one(), BigInt::one() << (2 * m + 2))
}

/// Numbers without a pattern, from -1 to 1.
fn numbers(count: usize, seed: u64) -> Vec<Weight> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ratio(((state >> 33) % 33) as i64 - 16, 16)
    };
    (0..count).map(|_| next()).collect()
}

fn product(a: &[Weight], b: &[Weight], (d, n, l): (usize, usize, usize)) -> Vec<Weight> {
    let entry = |i: usize, j: usize| (0..n).map(|k| &a[i * n + k] * &b[k * l + j]).sum();
    (0..d * l).map(|e| entry(e / l, e % l)).collect()
}

#[test]
fn squares_attain_both_ends_of_their_error() {
    for m in 1..6 {
        for bound in [None, Some(ratio(7, 3))] {
            for method in [Squaring::Delayed, Squaring::Centred, Squaring::BoundedWeights, Squaring::FourWide] {
                let network = [generate::squaring(m, bound.as_ref(), method).unwrap()];
                let b = bound.clone().unwrap_or_else(Weight::one);
                let from = if bound.is_some() { -4 << m } else { 0 };
                let errors = (from..=4 << m).map(|k| {
                    let x = &b * ratio(k, 4 << m);
                    let y = evaluate(&network, &[vec![x.clone()]]).remove(0);
                    if method != Squaring::Centred {
                        assert!(!y.is_negative() && y <= &b * &b);
                    }
                    y - &x * &x
                });
                let errors: Vec<Weight> = errors.collect();
                let most = &b * &b * unit(m);
                let shift = if method == Squaring::Centred { &most / ratio(2, 1) } else { Weight::zero() };
                assert_eq!(errors.iter().min(), Some(&-&shift));
                assert_eq!(errors.iter().max(), Some(&(most - shift)));
            }
        }
    }
}

#[test]
fn dot_products_stay_within_their_error_and_attain_it() {
    let (b1, b2) = (ratio(3, 2), ratio(5, 7));
    for m in 1..5 {
        for n in 1..4usize {
            let network = [generate::dot(n as u64, m, &b1, &b2).unwrap()];
            let most = &b1 * &b2 * unit(m) * ratio(n as i64, 1);
            for seed in 0..60 {
                let x: Vec<Weight> = numbers(n, seed).iter().map(|v| v * &b1).collect();
                let y: Vec<Weight> = numbers(n, seed + 99).iter().map(|v| v * &b2).collect();
                let found = evaluate(&network, &[x.clone(), y.clone()]).remove(0);
                assert!((&found - product(&x, &y, (1, n, 1)).remove(0)).abs() <= most);
                assert!(found.abs() <= &b1 * &b2 * ratio(n as i64, 1));
            }
            let small = |b: &Weight| vec![b * ratio(1, 2 << m); n];
            let found = evaluate(&network, &[small(&b1), small(&b2)]).remove(0);
            assert_eq!((found - product(&small(&b1), &small(&b2), (1, n, 1)).remove(0)).abs(), most);
        }
    }
}

fn products_stay_within(networks: &[Network], shape: (usize, usize, usize), factor: &Weight, carried: bool) {
    let (d, n, l) = shape;
    for seed in 0..20 {
        // Entries of at most 1 / dimension keep the norms at most 1; larger ones show that nothing is scaled away.
        let scale = ratio(1, d.max(n).max(l) as i64);
        let a: Vec<Weight> = numbers(d * n, seed).iter().map(|v| v * &scale).collect();
        let b: Vec<Weight> = numbers(n * l, seed + 50).iter().map(|v| v * &scale).collect();
        let found = evaluate(networks, &[a.clone(), b.clone()]);
        for (x, y) in found.iter().zip(product(&a, &b, shape)) {
            assert!((x - y).abs() <= *factor, "{shape:?} {carried}");
        }
    }
}

#[test]
fn matrix_products_stay_within_their_error() {
    let one = Weight::one();
    for (d, n, l) in [(1, 1, 1), (2, 3, 1), (3, 2, 4), (2, 2, 2)] {
        for m in 1..4 {
            let dot = generate::dot(n as u64, m, &one, &one).unwrap();
            let direct = generate::direct((d as u64, n as u64, l as u64), 0).unwrap();
            let entry = unit(m) * ratio(n as i64, 1);
            products_stay_within(&[dot, direct], (d, n, l), &entry, false);
            let shared = generate::shared_squares((d as u64, n as u64, l as u64), m, (&one, &one)).unwrap();
            products_stay_within(std::slice::from_ref(&shared), (d, n, l), &(&entry * ratio(3, 2)), false);
            let c = ratio(n as i64, 1) + &entry * ratio(3, 2);
            let carried = generate::carried_product([d as u64, n as u64, l as u64], &c, 0).unwrap();
            products_stay_within(&[shared, carried], (d, n, l), &(&entry * ratio(3, 2)), true);
        }
    }
    for (k, b) in [(0u32, 2usize), (1, 1), (1, 3), (2, 1), (2, 2), (3, 1)] {
        let d = b << k;
        for m in 1..4 {
            let base = generate::shared_squares((b as u64, b as u64, b as u64), m, (&one, &one)).unwrap();
            let strassen = generate::strassen((k, b as u64), m, (&one, &one), 0).unwrap();
            let entry = unit(m) * ratio(3 * b as i64, 2) * ratio(12i64.pow(k), 1);
            products_stay_within(&[base, strassen], (d, d, d), &entry, false);
        }
    }
}

#[test]
fn extremes_and_medians_are_those_of_sorted_lists() {
    let bound = ratio(3, 1);
    for n in 1..8usize {
        for bound in [None, Some(&bound)] {
            let least = [generate::extreme(Extreme::Minimum, n as u64, bound).unwrap()];
            let largest = [generate::extreme(Extreme::Maximum, n as u64, bound).unwrap()];
            let sort = [generate::sort(n as u64).unwrap()];
            let middle = (n % 2 == 1).then(|| [generate::median(n as u64, bound).unwrap()]);
            for seed in 0..60 {
                let x: Vec<Weight> = numbers(n, seed).iter().map(|v| v * ratio(3, 1)).collect();
                let mut sorted = x.clone();
                sorted.sort();
                let input = std::slice::from_ref(&x);
                assert_eq!(evaluate(&sort, input), sorted);
                assert_eq!(evaluate(&least, input)[0], sorted[0]);
                assert_eq!(evaluate(&largest, input)[0], sorted[n - 1]);
                if let Some(middle) = &middle {
                    assert_eq!(evaluate(middle, input)[0], sorted[n / 2]);
                }
            }
        }
    }
}

#[test]
fn interpolants_go_through_their_points() {
    let absolute = [generate::absolute_value().unwrap()];
    let points = [(-1, 2), (0, -1), (2, 3), (3, 3), (5, 0)].map(|(x, y)| (ratio(x, 3), ratio(y, 2)));
    let network = [generate::interpolation(&points).unwrap()];
    let value = |x: Weight| evaluate(&network, &[vec![x]]).remove(0);
    for (x, y) in &points {
        assert_eq!(value(x.clone()), *y);
        assert_eq!(evaluate(&absolute, &[vec![x.clone()]])[0], x.abs());
    }
    for pair in points.windows(2) {
        let third = |a: &Weight, b: &Weight| (a * ratio(2, 1) + b) / ratio(3, 1);
        assert_eq!(value(third(&pair[0].0, &pair[1].0)), third(&pair[0].1, &pair[1].1));
    }
    assert_eq!((value(ratio(-9, 1)), value(ratio(9, 1))), (points[0].1.clone(), points[4].1.clone()));
    let constant = [generate::interpolation(&points[..1]).unwrap()];
    assert_eq!(evaluate(&constant, &[vec![ratio(7, 5)]])[0], points[0].1);
}

#[test]
fn the_iteration_is_that_of_its_formula() {
    // u_1 = gamma f, u_{k+1} = w (G u_k + gamma f) + (1 - w) u_{k-1}, each product within d b (5 e_m / 4 + e_m0 / 2).
    for d in 1..4usize {
        for count in 0..4usize {
            for (m, m0) in [(1, 2), (3, 1), (9, 9)] {
                let weights = [ratio(1, 1), ratio(5, 4), ratio(7, 4)];
                let steps: Vec<_> = weights.iter().take(count).map(|w| (m, w.clone(), ratio(16, 1))).collect();
                let gamma = ratio(1, 2);
                let plan = generate::Solve {
                    size: d as u64,
                    gamma: gamma.clone(),
                    rhs: ratio(2, 1),
                    matrix_levels: m0,
                    steps,
                };
                let network = [generate::solve(&plan).unwrap()];
                for seed in 0..8 {
                    // |g_ij| <= 1 for G = I - B / 2 with small B off the diagonal and from 0 to 2 on it.
                    let mut b = numbers(d * d, seed);
                    (0..d).for_each(|i| b[i * d + i] += ratio(1, 1));
                    let f: Vec<Weight> = numbers(d, seed + 7).iter().map(|v| v * ratio(2, 1)).collect();
                    let found = evaluate(&network, &[b.clone(), f.clone()]);
                    let times_g = |u: &[Weight]| -> Vec<Weight> {
                        let bu = product(&b, u, (d, d, 1));
                        u.iter().zip(bu).map(|(u, v)| u - &gamma * v).collect()
                    };
                    let first: Vec<Weight> = f.iter().map(|v| v * &gamma).collect();
                    let (mut before, mut now) = (vec![Weight::zero(); d], first.clone());
                    // Errors of entries grow by the row sums of |G|, at most d, and by the weights.
                    let unit = ratio(16 * d as i64, 1) * (unit(m) * ratio(5, 4) + unit(m0) * ratio(1, 2));
                    let (mut e_before, mut e_now) = (Weight::zero(), Weight::zero());
                    for w in weights.iter().take(count) {
                        let gu = times_g(&now);
                        let next: Vec<Weight> =
                            (0..d).map(|i| w * (&gu[i] + &first[i]) + (Weight::one() - w) * &before[i]).collect();
                        let e = w * (&e_now * ratio(d as i64, 1) + &unit) + (w - Weight::one()) * &e_before;
                        (before, now) = (now, next);
                        (e_before, e_now) = (e_now, e);
                    }
                    for (x, y) in found.iter().zip(&now) {
                        assert!((x - y).abs() <= e_now, "d {d}, {count} steps");
                    }
                }
            }
        }
    }
}
