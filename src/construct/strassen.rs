//! Strassen's matrix product: seven products of half the size in place of eight, recursively.
//!
//! With d = 2^k b, the first k digits of an entry's place are pairs (i, j) of bits, one a level. Level by level, each a
//! layer of its own, a digit of four blocks becomes one of seven linear forms; 7^k pairs of b x b matrices are multiplied
//! with shared squares; level by level seven products become four blocks again. Written out at once the forms would have
//! 12^k weights for each entry of a base block; in stages they have 12 (7^k - 4^k) / 3 an operand.
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
use super::matrix_product::{MatrixProductMethod, ProductShape, matrix_product_network};
use crate::arith::Rational;
use crate::network::{Axis, Block, Builder, LinearMap, Network, NetworkError, Tile, Value};

/// Blocks are halved as long as their dimension is even and the halves have at least this many rows; below, a level of
/// the recursion costs more sawtooth levels than it saves products.
const SMALLEST_BASE: usize = 32;

/// Twice the left forms in (A_11, A_12, A_21, A_22).
const LEFT: [[i64; 4]; 7] =
    [[1, 0, 0, 1], [0, 0, 1, 1], [2, 0, 0, 0], [0, 0, 0, 2], [1, 1, 0, 0], [-1, 0, 1, 0], [0, 1, 0, -1]];

/// Twice the right forms in (B_11, B_12, B_21, B_22).
const RIGHT: [[i64; 4]; 7] =
    [[1, 0, 0, 1], [2, 0, 0, 0], [0, 1, 0, -1], [-1, 0, 1, 0], [0, 0, 0, 2], [1, 1, 0, 0], [0, 0, 1, 1]];

/// What each product adds to (C_11, C_12, C_21, C_22).
const OUTPUT: [[i64; 4]; 7] =
    [[4, 0, 0, 4], [0, 0, 2, -2], [0, 2, 0, 2], [2, 0, 2, 0], [-2, 2, 0, 0], [0, 0, 0, 4], [4, 0, 0, 0]];

/// Accepts square matrices.
pub(super) fn check(shape: ProductShape) -> Result<(), ConstructError> {
    let ProductShape { rows, inner, columns } = shape;
    let accepted = format!("{rows}, as the rows: Strassen's product is for square matrices");
    if inner != rows {
        return Err(ConstructError::parameter("inner", inner, accepted));
    }
    if columns != rows {
        return Err(ConstructError::parameter("columns", columns, accepted));
    }
    Ok(())
}

/// The number k of levels of the recursion.
pub(super) fn halvings(d: usize) -> u32 {
    (0..d.trailing_zeros()).take_while(|&k| d >> (k + 1) >= SMALLEST_BASE).count() as u32
}

/// A dyadic bound of sqrt(320)^k, by which the Frobenius error grows from the products of base blocks to the whole.
pub(super) fn growth(halvings: u32) -> Rational {
    power(320, halvings).sqrt_up(40)
}

/// 12^k (3/2) b: the entrywise error as a multiple of B1 B2 2^(-2m-2).
fn entry_error(base: usize, halvings: u32) -> Rational {
    power(12, halvings) * Rational::from(base) * Rational::ratio(3, 2)
}

fn power(factor: i64, exponent: u32) -> Rational {
    (0..exponent).fold(Rational::one(), |power, _| power * Rational::from(factor))
}

/// The network of A B for d = 2^k b.
pub(super) fn network(
    d: usize,
    halvings: u32,
    levels: usize,
    bounds: (&Rational, &Rational),
) -> Result<Network, ConstructError> {
    let (k, base) = (halvings, d >> halvings);
    let mut builder = Network::builder();
    let (a, b) = (builder.input(d * d), builder.input(d * d));
    let left = forms(&mut builder, a, &LEFT, bounds.0, (k, base))?;
    let right = forms(&mut builder, b, &RIGHT, bounds.1, (k, base))?;
    let product =
        matrix_product_network(ProductShape::square(base), levels, bounds, MatrixProductMethod::SharedSquares)?;
    let mut value = builder.call(7usize.pow(k), &Arc::new(product), &[left, right])?;
    let output = block(&OUTPUT, &Rational::one());
    let scale = bounds.0 * bounds.1;
    for level in (1..=k).rev() {
        // Entries of products of blocks: at most B1 B2 and their error.
        let growth = entry_error(base, k - level).scale_by_power_of_two(-2 * levels as i64 - 2);
        let bound = &scale * &power_of_two_above(&(&Rational::one() + &growth));
        value = offset_relu(&mut builder, value, &bound)?;
        value = builder.linear(value, transposed(&digit_map(&output, (k, base), level)))?;
    }
    Ok(builder.finish(value))
}

/// The forms of one operand, level by level, each carried by one neuron an entry.
fn forms(
    builder: &mut Builder,
    x: Value,
    table: &[[i64; 4]; 7],
    bound: &Rational,
    (k, base): (u32, usize),
) -> Result<Value, NetworkError> {
    let halves = block(table, &Rational::ratio(1, 2));
    let mut x = x;
    for level in 1..=k {
        // |form entry| <= |form| <= bound
        let next = builder.linear(x, digit_map(&halves, (k, base), level))?;
        x = offset_relu(builder, next, bound)?;
    }
    Ok(x)
}

/// c times a table as dense rows.
fn block(table: &[[i64; 4]; 7], c: &Rational) -> Vec<Vec<Rational>> {
    table.iter().map(|entries| entries.iter().map(|&v| &Rational::from(v) * c).collect()).collect()
}

/// A 7 x 4 block on digit number `level` (from 1) of k, digits before it of base 7, digits after it of base 4, then the
/// entries of a base block, row by row.
///
/// # Shapes
/// 7^level 4^(k-level) b^2 rows, 7^(level-1) 4^(k-level+1) b^2 columns; on level 1 columns are the entries of a matrix of
/// 2^k b rows, row by row.
fn digit_map(block: &[Vec<Rational>], (k, base): (u32, usize), level: u32) -> LinearMap {
    let (done, finer) = (7usize.pow(level - 1), 4usize.pow(k - level) * base * base);
    let (rows, columns) = (7 * done * finer, 4 * done * finer);
    let part = |from: usize, to: usize| {
        let rows: Vec<&[Rational]> = block.iter().map(|row| &row[from..to]).collect();
        Tile { row_step: finer, ..Tile::once(Arc::new(Block::from_rows(&rows))) }
    };
    if level > 1 {
        let axes =
            vec![Axis { count: done, row: 7 * finer, column: 4 * finer }, Axis { count: finer, row: 1, column: 1 }];
        return LinearMap::from_tiles(rows, columns, [Tile { column_step: finer, axes, ..part(0, 4) }]);
    }
    // The digit (i, j) on level l of a matrix stored row by row: i 2^(k-l) b rows down, j 2^(k-l) b columns right.
    let d = base << k;
    let mut axes = Vec::new();
    for finest in (0..k - 1).rev() {
        let (place, step) = (4usize.pow(finest) * base * base, base << finest);
        axes.push(Axis { count: 2, row: 2 * place, column: d * step });
        axes.push(Axis { count: 2, row: place, column: step });
    }
    axes.push(Axis { count: base, row: base, column: d });
    axes.push(Axis { count: base, row: 1, column: 1 });
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
    use super::super::matrix_product::matrix_product_for_error;
    use super::*;
    use crate::certify::Target;
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
    fn the_errors_grow_as_the_table_says() {
        // Entry c of the output adds the errors of the products with these factors; Frobenius norms add in squares.
        let column = |c: usize| OUTPUT.iter().map(|row| row[c].abs()).sum::<i64>();
        let columns = [column(0), column(1), column(2), column(3)];
        assert_eq!(Some(entry_error(5, 1)), columns.iter().max().map(|&c| Rational::from(c) * entry_error(5, 0)));
        let squares = Rational::from(columns.iter().map(|c| c * c).sum::<i64>());
        assert_eq!(growth(1), squares.sqrt_up(40));
        // Forms of blocks of norm at most B have norm at most B: halves of two blocks, or one block.
        for table in [LEFT, RIGHT] {
            assert!(table.iter().all(|row| row.iter().map(|v| v.abs()).sum::<i64>() == 2));
        }
    }

    #[test]
    fn products_are_within_the_bound_two_ways() {
        for (d, k, levels) in [(2, 1, 1), (2, 1, 3), (4, 2, 2), (6, 1, 3), (12, 2, 6), (8, 3, 10)] {
            let (b1, b2) = (Rational::from(2), Rational::ratio(3, 2));
            let network = network(d, k, levels, (&b1, &b2)).unwrap();
            let evaluator = Evaluator::<Rational>::new(&network.layered().unwrap()).unwrap();
            let base = Rational::from(d >> k);
            let (entry, spectral) = (entry_error(d >> k, k), growth(k) * &base * &base * Rational::ratio(3, 2));
            let unit = (&b1 * &b2).scale_by_power_of_two(-2 * levels as i64 - 2);
            let (entry, spectral) = (entry * &unit, spectral * &unit);
            let target = Target::MatrixProduct { rows: d, inner: d, columns: d };
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
                let wanted = target.evaluate(&input).unwrap();
                let mut squares = Rational::zero();
                for (x, y) in found.iter().zip(&wanted) {
                    let error = x - y;
                    assert!(error.abs() <= entry);
                    squares += &error * &error;
                }
                assert!(squares <= &spectral * &spectral);
                nonzero |= !squares.is_zero();
                if d <= 6 {
                    assert_eq!(found, evaluate_graph(&network, &[a, b]).unwrap());
                }
            }
            assert!(nonzero);
        }
    }

    #[test]
    fn counts_are_those_of_the_written_out_network() {
        for (d, k, levels) in [(1, 0, 3), (2, 1, 3), (4, 2, 3), (4, 1, 3), (6, 1, 1), (8, 3, 2), (12, 2, 2)] {
            let one = Rational::one();
            let layered = network(d, k, levels, (&one, &one)).unwrap().layered().unwrap();
            let count = |map: &LinearMap| Unrolled::new(map, 1 << 22).unwrap().nonzeros() as u128;
            let unrolled: u128 = layered.layers().iter().map(|l| count(&l.map) + count(&l.bias)).sum();
            assert_eq!(layered.size().unwrap().weights, unrolled);
        }
    }

    #[test]
    fn large_products_stay_structured_and_beat_shared_squares() {
        let (one, error) = (Rational::one(), Rational::power_of_two(-20));
        for (d, k) in [(64usize, 1), (128, 2), (1000, 3), (1024, 5)] {
            assert_eq!(halvings(d), k);
            let size = |method: MatrixProductMethod| {
                let product = matrix_product_for_error(ProductShape::square(d), &error, &one, method).unwrap();
                assert!(product.claim.error <= error);
                let layered = product.network.layered().unwrap();
                let tiles: usize = layered.layers().iter().map(|l| l.map.tiles().len() + l.bias.tiles().len()).sum();
                assert!(tiles < 16 * layered.layers().len(), "{tiles}");
                layered.size().unwrap()
            };
            let (strassen, shared) = (size(MatrixProductMethod::Strassen), size(MatrixProductMethod::SharedSquares));
            assert!(strassen.weights < shared.weights, "d {d}: {strassen:?} {shared:?}");
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        let one = Rational::one();
        for shape in [ProductShape { rows: 4, inner: 2, columns: 4 }, ProductShape { rows: 4, inner: 4, columns: 2 }] {
            assert!(matrix_product_for_error(shape, &one, &one, MatrixProductMethod::Strassen).is_err());
        }
    }
}
