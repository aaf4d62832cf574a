//! Strassen's matrix product: seven products of half the size in place of eight, recursively.
//!
//! With d = 2^k, the k digits of an entry's place are pairs (i, j) of bits, one a level. Level by level, each a layer of
//! its own, a digit of four block entries becomes one of seven linear forms; 7^k numbers are multiplied; level by level
//! seven products become four block entries again. Written out at once the forms would have 12^k weights; in stages
//! they have 12 (7^k - 4^k) / 3 an operand.
//!
//! | product | left form | right form |
//! |---|---|---|
//! | M_1 | (A_11 + A_22) / 2 | (B_11 + B_22) / 2 |
//! | M_2 | (A_21 + A_22) / 2 | B_11 |
//! | M_3 | A_11 | (B_12 - B_22) / 2 |
//! | M_4 | A_22 | (B_21 - B_11) / 2 |
//! | M_5 | (A_11 + A_12) / 2 | B_22 |
//! | M_6 | (A_21 - A_11) / 2 | (B_11 + B_12) / 2 |
//! | M_7 | (A_12 - A_22) / 2 | (B_21 + B_22) / 2 |
//!
//! The halves keep the norms of the forms, and so their entries, at most those of A and B.

use std::sync::Arc;

use super::error::ConstructError;
use super::matrix_inverse::{offset_relu, power_of_two_above};
use super::matrix_product::ProductShape;
use super::squares::SquareDifferences;
use crate::arith::Rational;
use crate::network::{Axis, Block, Builder, LinearMap, Network, NetworkError, Tile, Value};

/// Twice the left forms in (A_11, A_12, A_21, A_22).
const LEFT: [[i64; 4]; 7] =
    [[1, 0, 0, 1], [0, 0, 1, 1], [2, 0, 0, 0], [0, 0, 0, 2], [1, 1, 0, 0], [-1, 0, 1, 0], [0, 1, 0, -1]];

/// Twice the right forms in (B_11, B_12, B_21, B_22).
const RIGHT: [[i64; 4]; 7] =
    [[1, 0, 0, 1], [2, 0, 0, 0], [0, 1, 0, -1], [-1, 0, 1, 0], [0, 0, 0, 2], [1, 1, 0, 0], [0, 0, 1, 1]];

/// What each product adds to (C_11, C_12, C_21, C_22).
const OUTPUT: [[i64; 4]; 7] =
    [[4, 0, 0, 4], [0, 0, 2, -2], [0, 2, 0, 2], [2, 0, 2, 0], [-2, 2, 0, 0], [0, 0, 0, 4], [4, 0, 0, 0]];

/// Accepts square matrices whose dimension is a power of two.
pub(super) fn check(shape: ProductShape) -> Result<(), ConstructError> {
    let ProductShape { rows, inner, columns } = shape;
    let accepted = "one power of two for rows, inner dimension and columns (pad the matrices with zeros)";
    if !rows.is_power_of_two() || rows > 1 << 10 {
        return Err(ConstructError::parameter("rows", rows, "a power of two up to 1024 for Strassen's product"));
    }
    if inner != rows {
        return Err(ConstructError::parameter("inner", inner, accepted));
    }
    if columns != rows {
        return Err(ConstructError::parameter("columns", columns, accepted));
    }
    Ok(())
}

/// Bounds on the entrywise and the spectral error as multiples of B1 B2 2^(-2m-2): 12^k and 320^(k/2), d = 2^k.
pub(super) fn unit_errors(d: usize) -> (Rational, Rational) {
    let power = |base: i64| (0..d.ilog2()).fold(Rational::one(), |power, _| power * Rational::from(base));
    (power(12), power(320).sqrt_up(40))
}

/// The network of A B for d = 2^k >= 2.
pub(super) fn network(d: usize, levels: usize, bounds: (&Rational, &Rational)) -> Result<Network, ConstructError> {
    let k = d.ilog2();
    let products = 7usize.pow(k);
    let mut builder = Network::builder();
    let (a, b) = (builder.input(d * d), builder.input(d * d));
    // (s, -s, d, -d) with s = (x / B1 + y / B2) / 2, d = (x / B1 - y / B2) / 2 for the last forms x, y
    let left = forms(&mut builder, a, &LEFT, bounds.0, [1, -1, 1, -1])?;
    let right = forms(&mut builder, b, &RIGHT, bounds.1, [1, -1, -1, 1])?;
    let signs = builder.affine(&[left, right], LinearMap::zero(4 * products, 1))?;
    let chains = SquareDifferences::build(&mut builder, signs, products, 1, levels)?;
    let scale = bounds.0 * bounds.1;
    let spread = |row: &[Rational]| transposed(&digit_map(&columns(&OUTPUT, row), row.len(), k, k));
    let scaled: Vec<Rational> = chains.last.iter().map(|c| c * &scale).collect();
    let mut terms = vec![(chains.teeth, spread(&scaled))];
    if let Some(sum) = chains.accumulator {
        // Accumulators are offset by 1.
        terms.push((builder.shift(sum, &Rational::from(-1))?, spread(std::slice::from_ref(&scale))));
    }
    let mut value = builder.affine(&terms, LinearMap::zero(4 * 7usize.pow(k - 1), 1))?;
    let output = columns(&OUTPUT, &[Rational::one()]);
    for level in (1..k).rev() {
        // Entries of products of blocks: at most B1 B2, and 12 times the error of the level below.
        let growth = unit_errors(d >> level).0.scale_by_power_of_two(-2 * levels as i64 - 2);
        let bound = &scale * &power_of_two_above(&(&Rational::one() + &growth));
        value = offset_relu(&mut builder, value, &bound)?;
        value = builder.linear(value, transposed(&digit_map(&output, 1, k, level)))?;
    }
    Ok(builder.finish(value))
}

/// The forms of one operand, all but the last level computed; the last level as a map onto its part of (s, -s, d, -d).
fn forms(
    builder: &mut Builder,
    x: Value,
    forms: &[[i64; 4]; 7],
    bound: &Rational,
    signs: [i64; 4],
) -> Result<(Value, LinearMap), NetworkError> {
    let half = Rational::ratio(1, 2);
    let k = (builder.dimension(x).ilog2()) / 2;
    let mut x = x;
    let block = columns(forms, std::slice::from_ref(&half));
    for level in 1..k {
        // |form entry| <= |form| <= bound
        let next = builder.linear(x, digit_map(&block, 1, k, level))?;
        x = offset_relu(builder, next, bound)?;
    }
    let unit = &(&half * &half) / bound;
    let column: Vec<Rational> = signs.iter().map(|&sign| &Rational::from(sign) * &unit).collect();
    Ok((x, digit_map(&columns(forms, &column), 4, k, k)))
}

/// The block of 7 t rows and 4 columns: each row of the table times each of t factors.
fn columns(table: &[[i64; 4]; 7], factors: &[Rational]) -> Vec<Vec<Rational>> {
    let row = |entries: &[i64; 4], c: &Rational| entries.iter().map(|&v| &Rational::from(v) * c).collect();
    table.iter().flat_map(|entries| factors.iter().map(move |c| row(entries, c))).collect()
}

/// A block on digit number `level` (from 1) of k, digits before it of base 7, digits after it of base 4.
///
/// # Shapes
/// `block`: 7 t rows, 4 columns; t > 1 only on the last digit. The map: t 7^level 4^(k-level) rows,
/// 7^(level-1) 4^(k-level+1) columns; on level 1 columns are the entries of a 2^k x 2^k matrix, row by row.
fn digit_map(block: &[Vec<Rational>], t: usize, k: u32, level: u32) -> LinearMap {
    let (done, finer) = (7usize.pow(level - 1), 4usize.pow(k - level));
    let (rows, columns) = (7 * t * done * finer, 4 * done * finer);
    let part = |from: usize, to: usize| {
        let rows: Vec<&[Rational]> = block.iter().map(|row| &row[from..to]).collect();
        Tile { row_step: finer, ..Tile::once(Arc::new(Block::from_rows(&rows))) }
    };
    if level > 1 {
        let axes =
            vec![Axis { count: done, row: 7 * t * finer, column: 4 * finer }, Axis { count: finer, row: 1, column: 1 }];
        return LinearMap::from_tiles(rows, columns, [Tile { column_step: finer, axes, ..part(0, 4) }]);
    }
    // The digit (i, j) on level l of a matrix stored row by row: i 2^(k-l) rows down, j 2^(k-l) columns right.
    let d = 1usize << k;
    let mut axes = Vec::new();
    for finest in (0..k - 1).rev() {
        let (place, step) = (4usize.pow(finest), 1usize << finest);
        axes.push(Axis { count: 2, row: 2 * place, column: d * step });
        axes.push(Axis { count: 2, row: place, column: step });
    }
    let half =
        |i: usize| Tile { column: i * d * d / 2, column_step: d / 2, axes: axes.clone(), ..part(2 * i, 2 * i + 2) };
    LinearMap::from_tiles(rows, columns, [half(0), half(1)])
}

/// The transposed map, tile by tile.
fn transposed(map: &LinearMap) -> LinearMap {
    let tiles = map.tiles().iter().map(|tile| {
        let mut rows = vec![vec![Rational::zero(); tile.block.rows()]; tile.block.columns()];
        for (i, j, v) in tile.block.entries() {
            rows[*j][*i] = v.clone();
        }
        let block = Block::from_rows(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
        Tile {
            block: Arc::new(block),
            row: tile.column,
            column: tile.row,
            row_step: tile.column_step,
            column_step: tile.row_step,
            axes: tile.axes.iter().map(|axis| Axis { row: axis.column, column: axis.row, ..*axis }).collect(),
        }
    });
    LinearMap::from_tiles(map.columns(), map.rows(), tiles)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::matrix_product::{MatrixProductMethod, matrix_product, matrix_product_for_error};
    use super::*;
    use crate::certify::Norm;
    use crate::evaluate::{Evaluator, evaluate_graph};
    use crate::network::Unrolled;

    #[test]
    fn the_seven_products_are_the_product() {
        // sum_r OUTPUT[r][c] (LEFT[r] / 2)[e] (RIGHT[r] / 2)[f] is 1 where C_c reads A_e B_f, else 0.
        for (c, (i, j)) in [(0, 0), (0, 1), (1, 0), (1, 1)].into_iter().enumerate() {
            for (e, f) in (0..16).map(|pair| (pair / 4, pair % 4)) {
                let sum: i64 = (0..7).map(|r| OUTPUT[r][c] * LEFT[r][e] * RIGHT[r][f]).sum();
                let reads = e / 2 == i && f % 2 == j && e % 2 == f / 2;
                assert_eq!(sum, if reads { 4 } else { 0 });
            }
        }
    }

    #[test]
    fn products_are_within_the_bound_two_ways() {
        for (d, levels) in [(2, 1), (2, 3), (4, 2), (4, 6), (8, 10)] {
            let (b1, b2) = (Rational::from(2), Rational::ratio(3, 2));
            let shape = ProductShape::square(d);
            let product = matrix_product(shape, levels, (&b1, &b2), MatrixProductMethod::Strassen).unwrap();
            assert_eq!(product.claim.norm, Norm::Spectral { rows: d, columns: d });
            let layered = product.network.layered().unwrap();
            let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
            let entry = unit_errors(d).0 * (&b1 * &b2).scale_by_power_of_two(-2 * levels as i64 - 2);
            let mut nonzero = false;
            for seed in 0..3 {
                // Row and column sums keep the spectral norms at most B1 and B2.
                let value = |e: usize, b: &Rational| {
                    Rational::ratio(((e * 29 + seed * 13) % 11) as i64 - 5, 5) * b / Rational::from(d)
                };
                let a: Vec<Rational> = (0..d * d).map(|e| value(e, &b1)).collect();
                let b: Vec<Rational> = (0..d * d).map(|e| value(3 * e + 1, &b2)).collect();
                let input = [a.clone(), b.clone()].concat();
                let found = evaluator.evaluate(&input).unwrap();
                let wanted = product.claim.target.evaluate(&input).unwrap();
                for (x, y) in found.iter().zip(&wanted) {
                    assert!((x - y).abs() <= entry);
                    nonzero |= x != y;
                }
                if d <= 4 {
                    assert_eq!(found, evaluate_graph(&product.network, &[a, b]).unwrap());
                }
            }
            assert!(nonzero);
        }
    }

    #[test]
    fn counts_are_those_of_the_written_out_network() {
        for (d, levels) in [(1, 3), (2, 3), (4, 3), (8, 2)] {
            let one = Rational::one();
            let product =
                matrix_product(ProductShape::square(d), levels, (&one, &one), MatrixProductMethod::Strassen).unwrap();
            let layered = product.network.layered().unwrap();
            let count = |map: &LinearMap| Unrolled::new(map, 1 << 22).unwrap().nonzeros() as u128;
            let unrolled: u128 = layered.layers().iter().map(|l| count(&l.map) + count(&l.bias)).sum();
            assert_eq!(layered.size().unwrap().weights, unrolled);
        }
    }

    #[test]
    fn large_products_stay_structured() {
        for d in [32usize, 64, 256] {
            let error = Rational::power_of_two(-20);
            let shape = ProductShape::square(d);
            let product =
                matrix_product_for_error(shape, &error, &Rational::one(), MatrixProductMethod::Strassen).unwrap();
            assert!(product.claim.error <= error);
            let layered = product.network.layered().unwrap();
            let tiles: usize = layered.layers().iter().map(|l| l.map.tiles().len() + l.bias.tiles().len()).sum();
            assert!(tiles < 12 * layered.layers().len(), "{tiles}");
            let largest = layered.layers().iter().flat_map(|l| l.map.tiles()).map(|t| t.block.nonzeros()).max();
            assert!(largest.unwrap() <= 4 * 12);
            let (size, m) = (layered.size().unwrap(), layered.layers().len() as u128);
            let products = 7u128.pow(d.ilog2());
            assert!(size.weights > 12 * products * (m - 12) && size.weights < 14 * products * (m + 12));
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        let one = Rational::one();
        for shape in [ProductShape::square(3), ProductShape { rows: 4, inner: 2, columns: 4 }] {
            assert!(matrix_product(shape, 3, (&one, &one), MatrixProductMethod::Strassen).is_err());
        }
    }
}
