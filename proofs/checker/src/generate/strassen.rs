//! Strassen's product of d x d matrices, d = 2^k b: level by level a 2 x 2 digit of blocks becomes seven linear forms, 7^k
//! products of b x b matrices with shared squares are made, and level by level seven products become four blocks.
//!
//! Why: halves of sums of two blocks keep the norm at most B1, B2, so forms are carried and multiplied within bounds; with
//! F the Frobenius error of seven products the four blocks err by at most 12 F, 4 F, 4 F, 12 F, together sqrt(320) F, and
//! entries by 12 times those of the products, at most B1 B2 (1 + 12^j (3/2) b e_m) after j levels.

use num_bigint::BigInt;
use num_traits::One;

use super::{Builder, four_to_minus, ratio, times};
use crate::network::{Axis, Block, Map, Network, Tile, Weight};
use crate::problem::Problem;

type Table = [[i64; 4]; 7];

/// Twice the left forms in (A_11, A_12, A_21, A_22).
const LEFT: Table =
    [[1, 0, 0, 1], [0, 0, 1, 1], [2, 0, 0, 0], [0, 0, 0, 2], [1, 1, 0, 0], [-1, 0, 1, 0], [0, 1, 0, -1]];
/// Twice the right forms in (B_11, B_12, B_21, B_22).
const RIGHT: Table =
    [[1, 0, 0, 1], [2, 0, 0, 0], [0, 1, 0, -1], [-1, 0, 1, 0], [0, 0, 0, 2], [1, 1, 0, 0], [0, 0, 1, 1]];
/// What each product adds to (C_11, C_12, C_21, C_22).
const OUTPUT: Table =
    [[4, 0, 0, 4], [0, 0, 2, -2], [0, 2, 0, 2], [2, 0, 2, 0], [-2, 2, 0, 0], [0, 0, 0, 4], [4, 0, 0, 0]];

/// A number of levels k and the size b of the blocks at the end.
type Shape = (u32, u64);

fn power(base: u64, exponent: u32) -> Result<u64, Problem> {
    base.checked_pow(exponent).ok_or_else(|| Problem(format!("{base}^{exponent} blocks are too many")))
}

/// The network for d = 2^k b that calls `product` for b x b matrices.
///
/// # Errors
/// When it is too large.
pub fn strassen(
    (k, base): Shape,
    levels: u64,
    (b1, b2): (&Weight, &Weight),
    product: usize,
) -> Result<Network, Problem> {
    let d = times(power(2, k)?, base)?;
    let area = times(d, d)?;
    let mut builder = Builder::default();
    let (a, b) = (builder.input(area), builder.input(area));
    let mut forms = |x: usize, table: &Table, bound: &Weight| {
        let mut x = x;
        for level in 1..=k {
            let next = builder.linear(x, digit_map(table, &ratio(1, 2), (k, base), level, false)?);
            x = builder.carry(next, bound)?;
        }
        Ok(x)
    };
    let (left, right) = (forms(a, &LEFT, b1)?, forms(b, &RIGHT, b2)?);
    let products = power(7, k)?;
    let mut value = builder.call(product, products, vec![left, right], times(products, times(base, base)?)?);
    let mut growth = Weight::from(BigInt::from(base)) * ratio(3, 2) * four_to_minus(levels, 2);
    for level in (1..=k).rev() {
        // |entry| <= B1 B2 (1 + growth), rounded to a power of two
        let bound = power_of_two_above(&(Weight::one() + &growth)) * (b1 * b2);
        growth *= ratio(12, 1);
        value = builder.carry(value, &bound)?;
        value = builder.linear(value, digit_map(&OUTPUT, &Weight::one(), (k, base), level, true)?);
    }
    Ok(builder.finish(value))
}

/// The least power of two that is at least x >= 1.
fn power_of_two_above(x: &Weight) -> Weight {
    let mut power = BigInt::one();
    // 2^e >= p / q iff 2^e q >= p
    while &power * x.denom() < *x.numer() {
        power <<= 1u32;
    }
    Weight::from(power)
}

/// c times a table on digit number `level` of k (digits before it of base 7, after it of base 4, then the entries of a
/// block by rows); on level 1 the argument is a matrix by rows. Or the transposed map.
fn digit_map(table: &Table, c: &Weight, (k, base): Shape, level: u32, transposed: bool) -> Result<Map, Problem> {
    let entries = times(base, base)?;
    let (done, finer) = (power(7, level - 1)?, times(power(4, k - level)?, entries)?);
    let (rows, columns) = (times(7, times(done, finer)?)?, times(4, times(done, finer)?)?);
    let part = |from: usize, to: usize| {
        let mut list = Vec::new();
        for (i, row) in (0u64..).zip(table) {
            for (j, v) in (0u64..).zip(row.iter().take(to).skip(from)).filter(|(_, v)| **v != 0) {
                list.push((i, j, ratio(*v, 1) * c));
            }
        }
        Block { rows: 7, columns: (to - from) as u64, entries: list }
    };
    let mut tiles = Vec::new();
    let mut add = |block: Block, column: u64, (row_step, column_step): (u64, u64), axes: Vec<Axis>| {
        tiles.push(Tile { block: block.into(), row: 0, column, row_step, column_step, axes });
    };
    if level > 1 {
        let outer = Axis { count: done, row: times(7, finer)?, column: times(4, finer)? };
        add(part(0, 4), 0, (finer, finer), vec![outer, Axis { count: finer, row: 1, column: 1 }]);
    } else {
        // Block (i, j) of a digit with n entries below it lies i n rows down and j n columns right.
        let d = times(base, power(2, k)?)?;
        let mut axes = Vec::new();
        for finest in 0..k - 1 {
            let (place, step) = (times(power(4, finest)?, entries)?, times(base, power(2, finest)?)?);
            axes.push(Axis { count: 2, row: times(2, place)?, column: times(d, step)? });
            axes.push(Axis { count: 2, row: place, column: step });
        }
        axes.push(Axis { count: base, row: base, column: d });
        axes.push(Axis { count: base, row: 1, column: 1 });
        add(part(0, 2), 0, (finer, d / 2), axes.clone());
        add(part(2, 4), times(d, d / 2)?, (finer, d / 2), axes);
    }
    if transposed {
        Map::normal(columns, rows, tiles.into_iter().map(transpose))
    } else {
        Map::normal(rows, columns, tiles)
    }
}

fn transpose(tile: Tile) -> Tile {
    let mut entries: Vec<_> = tile.block.entries.iter().map(|(i, j, v)| (*j, *i, v.clone())).collect();
    entries.sort_by_key(|(i, j, _)| (*i, *j));
    let axes = tile.axes.iter().map(|axis| Axis { row: axis.column, column: axis.row, ..*axis }).collect();
    Tile {
        block: Block { rows: tile.block.columns, columns: tile.block.rows, entries }.into(),
        row: tile.column,
        column: tile.row,
        row_step: tile.column_step,
        column_step: tile.row_step,
        axes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seven_products_are_the_product() {
        // sum_r OUTPUT[r][c] (LEFT[r] / 2)[e] (RIGHT[r] / 2)[f] is 1 where C_c reads A_e B_f, else 0.
        for (c, (i, j)) in [(0, 0), (0, 1), (1, 0), (1, 1)].into_iter().enumerate() {
            for (e, f) in (0..16).map(|pair| (pair / 4, pair % 4)) {
                let sum: i64 = (0..7).map(|r| OUTPUT[r][c] * LEFT[r][e] * RIGHT[r][f]).sum();
                let reads = e / 2 == i && f % 2 == j && e % 2 == f / 2;
                assert_eq!(sum, if reads { 4 } else { 0 });
            }
            let column: i64 = OUTPUT.iter().map(|row| row[c].abs()).sum();
            assert_eq!(column, [12, 4, 4, 12][c]);
        }
        // Every form is half a sum of two blocks with signs, or one block.
        assert!(LEFT.iter().chain(&RIGHT).all(|row| row.iter().map(|v| v.abs()).sum::<i64>() == 2));
    }
}
