//! Normal forms, sums, products and counts of random maps, against the same written out.
#![allow(clippy::unwrap_used)]

mod random;

use certinet_check::algebra::equal;
use certinet_check::network::{Map, Weight};
use random::{Random, dense, dense_product};

#[test]
fn the_normal_form_is_the_same_matrix() {
    let mut random = Random(1);
    for _ in 0..20_000 {
        let map = random.tiles(14, 14);
        assert_eq!(dense(&map.tidy().unwrap()), dense(&map));
    }
}

#[test]
fn counts_are_those_of_the_written_out_matrix() {
    let mut random = Random(2);
    for case in 0..20_000 {
        let map = if case % 2 == 0 { random.tiles(14, 14) } else { random.map(12, 12) };
        assert_eq!(map.nonzeros().unwrap(), dense(&map).len() as u128, "{map:?}");
    }
}

#[test]
fn products_are_those_of_the_written_out_matrices() {
    let mut random = Random(3);
    for case in 0..20_000 {
        let (a, b) = match case % 3 {
            0 => (random.tiles(12, 16), random.tiles(16, 12)),
            1 => (random.map(6, 12), random.map(12, 8)),
            _ => (random.map(12, 12), random.map(12, 12)),
        };
        let product = a.product(&b).unwrap();
        assert_eq!((product.rows, product.columns), (a.rows, b.columns));
        assert_eq!(dense(&product), dense_product(&a, &b), "{a:?} {b:?}");
    }
}

#[test]
fn equality_is_that_of_the_written_out_matrices() {
    let mut random = Random(4);
    for _ in 0..5_000 {
        let (a, b) = (random.map(4, 4), random.map(4, 4));
        assert_eq!(equal(&a, &b).unwrap(), dense(&a) == dense(&b));
        // (A + B) - B = A, however it is put together.
        let again = a.add(&b).unwrap().add(&b.negate()).unwrap();
        assert!(equal(&a, &again).unwrap());
        let other = a.add(&Map::identity(4).unwrap().scale(&random.weight())).unwrap();
        assert!(!equal(&a, &other).unwrap());
    }
}

#[test]
fn structure_of_any_size_is_kept() {
    let d = 1_000_000;
    let one = || Weight::from_integer(1.into());
    // The two gathers of a product of d x d matrices: row (i, k, j) reads entry (i, k) and entry (k, j) of one matrix.
    let left = Map::gather(d * d, 0, &[(1000, d), (1000, 1), (1000, 0)]).unwrap();
    let right = Map::gather(d * d, 0, &[(1000, 0), (1000, d), (1000, 1)]).unwrap();
    let sum = left.add(&right).unwrap();
    // They read the same entry when (i, k) = (k, j): for i = k = j.
    assert_eq!(sum.nonzeros().unwrap(), 2 * 1000u128.pow(3) - 1000);
    assert_eq!(left.add(&right.negate()).unwrap().nonzeros().unwrap(), 2 * 1000u128.pow(3) - 2000);
    // Sums over copies of gathered entries.
    let total = Map::identity(1).unwrap().sum_of_copies(1000).unwrap().copies(1_000_000).unwrap();
    let product = total.product(&right).unwrap();
    assert_eq!(product.nonzeros().unwrap(), 1_000_000 * 1000);
    let identity = Map::identity(d * d).unwrap();
    assert!(equal(&left.product(&identity).unwrap(), &left).unwrap());
    let vector = Map::constant(d * d, one()).unwrap();
    let shifted = vector.add(&Map::strided_constant(d * d, 5, d - 1, d, -one()).unwrap()).unwrap();
    assert_eq!(shifted.nonzeros().unwrap(), u128::from(d * d - (d - 1)));
}

#[test]
fn what_does_not_fit_is_a_problem() {
    assert!(Map::identity(3).unwrap().product(&Map::identity(4).unwrap()).is_err());
    assert!(Map::identity(3).unwrap().add(&Map::identity(4).unwrap()).is_err());
    assert!(Map::identity(1 << 56).is_err());
    assert!(Map::identity(1 << 40).unwrap().copies(1 << 40).is_err());
    assert!(Map::gather(10, 5, &[(3, 3)]).is_err());
    assert!(Map::stack(&[Map::identity(3).unwrap(), Map::identity(2).unwrap()]).is_err());
}
