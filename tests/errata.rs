//! Networks as they were published or shown, with an error, built as printed and evaluated exactly; beside each the
//! form that is right.
#![allow(clippy::unwrap_used)]

use certinet::arith::Rational;
use certinet::construct::{
    MatrixProductMethod, ProductShape, SquaringMethod, matrix_product_for_error, product_network, squaring_network,
};
use certinet::evaluate::{Evaluator, evaluate_graph};
use certinet::network::calculus::compose_sparse;
use certinet::network::{Block, Layer, Layered, LinearMap, Network};

fn layer(rows: &[&[(i64, i64)]], bias: &[(i64, i64)]) -> Layer {
    let ratio = |&(p, q): &(i64, i64)| Rational::ratio(p, q);
    let rows: Vec<Vec<Rational>> = rows.iter().map(|row| row.iter().map(ratio).collect()).collect();
    let rows: Vec<&[Rational]> = rows.iter().map(Vec::as_slice).collect();
    let bias: Vec<Rational> = bias.iter().map(ratio).collect();
    Layer { map: LinearMap::literal(Block::from_rows(&rows)), bias: LinearMap::vector(&bias) }
}

fn value(network: &Layered, x: &[Rational]) -> Rational {
    let y = Evaluator::<Rational>::new(network).unwrap().evaluate(x).unwrap();
    assert_eq!(evaluate_graph(&Network::from(network), &[x.to_vec()]).unwrap(), y);
    y[0].clone()
}

/// 2 relu(x) - 4 relu(x - 1/2) + 2 relu(x - last)
fn tooth(last: i64) -> Layered {
    let hidden = layer(&[&[(1, 1)], &[(1, 1)], &[(1, 1)]], &[(0, 1), (-1, 2), (-last, 1)]);
    Layered::new(vec![hidden, layer(&[&[(2, 1), (-4, 1), (2, 1)]], &[(0, 1)])]).unwrap()
}

/// The talk ends the tooth with relu(x - 2). On \[0, 1\] that is the tooth; beyond 1 it goes on falling to -2.
#[test]
fn the_tooth_of_the_talk_leaves_the_unit_interval() {
    let (shown, right) = (tooth(2), tooth(1));
    for k in 0..=8 {
        let x = Rational::ratio(k, 8);
        let hat = Rational::from(2) * x.clone().min(&Rational::one() - &x);
        assert_eq!(value(&shown, std::slice::from_ref(&x)), hat);
        assert_eq!(value(&right, &[x]), hat);
    }
    let x = [Rational::ratio(3, 2)];
    assert_eq!(value(&shown, &x), Rational::from(-1));
    assert_eq!(value(&right, &x), Rational::zero());
    assert_eq!(value(&shown, &[Rational::from(2)]), Rational::from(-2));
}

/// The product network of width 5 with three levels, whose squares share an accumulator that starts at `offset`.
fn shared_accumulator(offset: i64) -> Layered {
    let fold = [(0, 1), (-1, 2), (0, 1), (-1, 2)];
    let (s, d): (&[_], &[_]) = (&[(1, 1), (1, 1), (0, 1), (0, 1)], &[(0, 1), (0, 1), (1, 1), (1, 1)]);
    let tooth = |zeros: usize| -> Vec<Vec<(i64, i64)>> {
        let pad = |mut row: Vec<(i64, i64)>| {
            row.extend(vec![(0, 1); zeros]);
            row
        };
        let (left, right) = (vec![(2, 1), (-4, 1), (0, 1), (0, 1)], vec![(0, 1), (0, 1), (2, 1), (-4, 1)]);
        vec![pad(left.clone()), pad(left), pad(right.clone()), pad(right)]
    };
    // (s, -s, d, -d) with s = (x + y) / 2, d = (x - y) / 2
    let signs = layer(
        &[&[(1, 2), (1, 2)], &[(-1, 2), (-1, 2)], &[(1, 2), (-1, 2)], &[(-1, 2), (1, 2)]],
        &[(0, 1), (0, 1), (0, 1), (0, 1)],
    );
    let absolute = layer(&[s, s, d, d], &fold);
    let join = |rows: &[Vec<(i64, i64)>], last: &[(i64, i64)], bias: i64| {
        let mut rows: Vec<&[(i64, i64)]> = rows.iter().map(Vec::as_slice).collect();
        rows.push(last);
        let mut folds = fold.to_vec();
        folds.push((bias, 1));
        layer(&rows, &folds)
    };
    let start = join(&tooth(0), &[(1, 1), (0, 1), (-1, 1), (0, 1)], offset);
    let add = join(&tooth(1), &[(-1, 4), (0, 1), (1, 4), (0, 1), (1, 1)], 0);
    // accumulator - (g_2(s) - g_2(d)) / 16 - (g_3(s) - g_3(d)) / 64, g_3 = 2 g_2 - 4 relu(g_2 - 1/2)
    let last = layer(&[&[(-6, 64), (4, 64), (6, 64), (-4, 64), (1, 1)]], &[(-offset, 1)]);
    Layered::new(vec![signs, absolute, start, add, last]).unwrap()
}

/// The product network of EPGB21, Proposition III.3, as lecture notes print it, shares one accumulator between both squares
/// without an offset: where x y < 0 it is negative, and the ReLU sets it to 0. Reconstructed with three levels.
#[test]
fn a_shared_accumulator_without_offset_loses_negative_products() {
    let (printed, right) = (shared_accumulator(0), shared_accumulator(1));
    let point = |p: i64, q: i64, r: i64, s: i64| [Rational::ratio(p, q), Rational::ratio(r, s)];
    assert_eq!(value(&printed, &point(1, 1, -1, 1)), Rational::zero());
    assert_eq!(value(&printed, &point(1, 2, -1, 2)), Rational::ratio(1, 4));
    assert_eq!(value(&right, &point(1, 1, -1, 1)), Rational::from(-1));
    assert_eq!(value(&right, &point(1, 2, -1, 2)), Rational::ratio(-1, 4));
    // Where no product is negative both are right, and with the offset it is our product network.
    let ours = product_network(3, &Rational::one(), &Rational::one()).unwrap().layered().unwrap();
    for i in -8..=8 {
        for j in -8..=8 {
            let x = point(i, 8, j, 8);
            assert_eq!(value(&right, &x), value(&ours, &x));
            if i * j >= 0 {
                assert_eq!(value(&printed, &x), value(&right, &x));
            }
        }
    }
}

/// Phi(alpha x) + Phi(-alpha x), times scale, for the four-wide Phi of a number of levels, on copies of x / 1.
fn global_square(levels: usize, alpha: &Rational, x: &Rational) -> Rational {
    let phi = squaring_network(levels, None, SquaringMethod::FourWide).unwrap().layered().unwrap();
    let t = alpha * x;
    let sum = value(&phi, std::slice::from_ref(&t)) + value(&phi, &[-&t]);
    &sum / &(alpha * alpha)
}

/// (Sqr(x + y) - Sqr(x) - Sqr(y)) / 2
fn global_product(levels: usize, alpha: &Rational, x: &Rational, y: &Rational) -> Rational {
    let square = |x: &Rational| global_square(levels, alpha, x);
    (square(&(x + y)) - square(x) - square(y)).scale_by_power_of_two(-1)
}

/// Levels of the published Phi(delta) for delta = 2^(-k): max(1, ceil(k / 2 - 1)).
fn published_levels(k: usize) -> usize {
    k.div_ceil(2).saturating_sub(1).max(1)
}

/// nnR 0.1.0 builds Prd(q, eps) from Sqr(q, eps) with the same eps and states an error of at most
/// eps max(1, |x|^q, |y|^q). With q = 6 and eps = 1/8 all its constants are rational: alpha = (eps / 2)^(1/4) = 1/2 and
/// delta = 2^(-1/2) eps^(3/2) = 2^-5. At x = y = 3/2 the error is 3/2, the bound 729/512.
#[test]
fn the_product_of_nnr_breaks_its_bound_where_its_constants_are_rational() {
    let (x, eps, alpha) = (Rational::ratio(3, 2), Rational::ratio(1, 8), Rational::ratio(1, 2));
    assert_eq!(alpha.pow(4).unwrap(), &eps * &Rational::ratio(1, 2));
    // delta^2 = eps^3 / 2
    assert_eq!(Rational::power_of_two(-10), eps.pow(3).unwrap() * Rational::ratio(1, 2));
    let levels = published_levels(5);
    // The square alone keeps its bound here.
    for k in 0..40 {
        let x = Rational::ratio(k, 8);
        let bound = &eps * &x.pow(6).unwrap().max(Rational::one());
        assert!((global_square(levels, &alpha, &x) - &x * &x).abs() <= bound);
    }
    let found = global_product(levels, &alpha, &x, &x);
    assert_eq!(found, Rational::ratio(3, 4));
    let error = (&found - &(&x * &x)).abs();
    assert_eq!(error, x);
    let bound = &eps * &x.pow(6).unwrap();
    assert_eq!(bound, Rational::ratio(729, 512));
    assert!(error > bound);
    // With eps / (2^(q-1) + 1) inside, as in the paper, the bound holds. 1/33 < 1/32 is no power of two: eps = 33/8 - with
    // it the inner one is 1/8, the network the same, and the bound 33 times as large.
    assert!(error <= &bound * &Rational::from(33));
}

/// The same with q = 6, eps = 1/2 at x = y = 1, where alpha = 2^(-1/2) is irrational: Prd = 1 - 2^(-1/2) = 0.2929..,
/// an error of 0.7071 > 1/2. delta = 2^-2, so Phi has one level.
#[test]
fn the_product_of_nnr_breaks_its_bound_at_one() {
    // alpha lies between these; 1 / alpha^2 = 2.
    let (lo, hi) = (Rational::ratio(1, 2).sqrt_down(80), Rational::ratio(1, 2).sqrt_up(80));
    assert!(&lo * &lo < Rational::ratio(1, 2) && &hi * &hi > Rational::ratio(1, 2));
    let one = Rational::one();
    let levels = published_levels(2);
    // For 1/2 <= alpha <= 1: Phi_1(alpha) = 3/2 alpha - 1/2 and Phi_1(2 alpha) = 2 alpha, so
    // Prd(1, 1) = (2 alpha - 2 (3/2 alpha - 1/2)) / (2 alpha^2) = (1 - alpha) / (2 alpha^2): decreasing in alpha.
    let closed = |alpha: &Rational| &(&one - alpha) / &(alpha * alpha).scale_by_power_of_two(1);
    for alpha in [&lo, &hi] {
        assert_eq!(global_product(levels, alpha, &one, &one), closed(alpha));
    }
    let (least, most) = (global_product(levels, &hi, &one, &one), global_product(levels, &lo, &one, &one));
    assert!(least <= most && &most - &least < Rational::power_of_two(-70));
    // 0.2928 < Prd < 0.2930, so the error 1 - Prd exceeds 1/2 = eps max(1, 1, 1).
    assert!(Rational::ratio(2928, 10_000) < least && most < Rational::ratio(2930, 10_000));
    assert!(&one - &most > Rational::ratio(7070, 10_000));
}

/// The talk gives O(d^3 log(1/eps)) for the product of d x d matrices. At fixed eps the weights of an entry's product
/// grow with the norm and the dimension all the same: the terms log2(d^2) and log2 max(1, Z^2) belong to the size.
#[test]
fn matrix_products_grow_with_norm_and_dimension_at_fixed_error() {
    let error = Rational::power_of_two(-10);
    let weights_per_product = |d: usize, bound: i64| {
        let bound = Rational::power_of_two(bound);
        let shape = ProductShape::square(d);
        let product = matrix_product_for_error(shape, &error, &bound, MatrixProductMethod::Direct).unwrap();
        let size = product.network.layered().unwrap().size().unwrap();
        (size.weights / (d * d * d) as u128, size.layers)
    };
    let (small, layers) = weights_per_product(4, 0);
    for bound in [10, 20, 40] {
        // One level, 12 weights for each product, for every doubling of Z.
        let (large, deep) = weights_per_product(4, bound);
        assert_eq!(deep, layers + bound as usize);
        assert!(large >= small + 12 * bound as u128);
    }
    // One level for every doubling of d: the error of an entry adds up d times, and d^2 entries make the norm.
    let (large, deep) = weights_per_product(4 << 10, 0);
    assert_eq!(deep, layers + 10);
    assert!(large >= small + 12 * 9);
}

/// The talk states the discrete theorem with + D and proves it with d D: V is a D x d matrix, and putting it behind a
/// network costs its D d entries, twice when the value between is carried as max(v, 0) and max(-v, 0).
#[test]
fn the_basis_behind_the_coefficients_costs_all_its_entries() {
    let (d, large) = (5, 70);
    let entries: Vec<Rational> = (0..d).map(|j| Rational::from(j as i64 + 1)).collect();
    let rows: Vec<&[Rational]> = vec![&entries; large];
    let v = Network::from(
        &Layered::new(vec![Layer {
            map: LinearMap::literal(Block::from_rows(&rows)),
            bias: LinearMap::zero(large, 1),
        }])
        .unwrap(),
    );
    let ones: [&[(i64, i64)]; 5] = [&[(1, 1)]; 5];
    let coefficients = Network::from(&Layered::new(vec![layer(&ones, &[(1, 1); 5])]).unwrap());
    let size = compose_sparse(&v, &coefficients).unwrap().layered().unwrap().size().unwrap();
    assert_eq!(size.weights, 2 * (d + d) as u128 + 2 * (large * d) as u128);
    assert!(size.weights > (large * d) as u128);
}
