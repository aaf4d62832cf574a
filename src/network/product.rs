//! Products of structured maps, kept structured where the shapes allow it.
//!
//! This is what merging two affine maps needs. A product of two tiles stays structured when one of them is a gather or
//! a shifted identity, or when both repeat along a common axis; otherwise both maps are written out under a budget.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Axis, Block, LinearMap, NetworkError, Tile, Unrolled};
use crate::arith::Rational;

/// The largest number of entries that a product may write out when no structure applies.
const WRITE_OUT_BUDGET: u128 = 1 << 22;

impl LinearMap {
    /// The product A B of this map A with B.
    ///
    /// # Errors
    /// [`NetworkError::Dimension`] when the shapes do not fit, [`NetworkError::Budget`] when no structure applies and
    /// the maps are too large to write out.
    pub fn product(&self, b: &Self) -> Result<Self, NetworkError> {
        if self.columns() != b.rows() {
            return Err(NetworkError::Dimension {
                place: "product of linear maps".to_owned(),
                found: b.rows(),
                expected: self.columns(),
            });
        }
        if self.is_identity() {
            return Ok(b.clone());
        }
        if b.is_identity() {
            return Ok(self.clone());
        }
        let mut tiles = Vec::new();
        for left in self.tiles() {
            for right in b.tiles() {
                match tile_product(left, right) {
                    Some(product) => tiles.extend(product),
                    None => return self.written_out_product(b),
                }
            }
        }
        Ok(Self::from_tiles(self.rows(), b.columns(), tiles))
    }

    fn written_out_product(&self, b: &Self) -> Result<Self, NetworkError> {
        let (left, right) = (Unrolled::new(self, WRITE_OUT_BUDGET)?, Unrolled::new(b, WRITE_OUT_BUDGET)?);
        let mut sum: BTreeMap<(usize, usize), Rational> = BTreeMap::new();
        for i in 0..self.rows() {
            for (k, v) in left.row(i) {
                for (j, w) in right.row(k) {
                    *sum.entry((i, j)).or_default() += v * w;
                }
            }
            if sum.len() as u128 > WRITE_OUT_BUDGET {
                let needed = sum.len() as u128;
                return Err(NetworkError::Budget { what: "a product of maps", needed, budget: WRITE_OUT_BUDGET });
            }
        }
        Ok(Self::literal(Block::from_sum(self.rows(), b.columns(), sum)))
    }
}

/// The product of two tiles as tiles, or `None` when no structure applies.
fn tile_product(a: &Tile, b: &Tile) -> Option<Vec<Tile>> {
    // a reads columns [a.column, a.column + extent), b writes rows [b.row, b.row + extent).
    if a.column + a.column_extent() <= b.row || b.row + b.row_extent() <= a.column {
        return Some(Vec::new());
    }
    behind_gather(a, b)
        .or_else(|| shifted_rows(a, b))
        .or_else(|| common_axis(a, b))
        .or_else(|| free_axis(a, b))
        .or_else(|| literal(a, b))
}

/// a b where b is a gather (1 x 1 block, rows counted through without gaps): a reads the gathered columns directly.
fn behind_gather(a: &Tile, b: &Tile) -> Option<Vec<Tile>> {
    let gather = Gather::of(b)?;
    if a.column < b.row || a.column + a.column_extent() > b.row + b.row_extent() {
        return None;
    }
    let (_, _, value) = b.block.entries().first()?;
    let whole = Tile { block: Arc::new(a.block.scale(value)), ..a.clone() };
    if let Some(tile) = gather.compose(&whole) {
        return Some(vec![tile]);
    }
    // A block whose columns land at uneven distances is cut into its columns.
    (0..a.block.columns())
        .filter(|&j| whole.block.entries().iter().any(|e| e.1 == j))
        .map(|j| {
            let column = whole.column + j * whole.column_step;
            gather.compose(&Tile { column, column_step: 1, ..whole.with_block(whole.block.column(j)) })
        })
        .collect()
}

/// A gather as mixed-radix digits of its row number: (count, column stride), outermost first.
struct Gather {
    row: usize,
    column: usize,
    digits: Vec<(usize, usize)>,
}

impl Gather {
    fn of(tile: &Tile) -> Option<Self> {
        if tile.block.rows() != 1 || tile.block.columns() != 1 {
            return None;
        }
        let mut axes = tile.axes.clone();
        axes.sort_by_key(|axis| core::cmp::Reverse(axis.row));
        let mut place = 1;
        for axis in axes.iter().rev() {
            if axis.row != place {
                return None;
            }
            place *= axis.count;
        }
        Some(Self {
            row: tile.row,
            column: tile.column,
            digits: axes.iter().map(|axis| (axis.count, axis.column)).collect(),
        })
    }

    /// The tile that reads through the gather; `None` when a step of the tile would carry from one digit to the next.
    fn compose(&self, tile: &Tile) -> Option<Tile> {
        // Digits of the origin.
        let mut rest = tile.column - self.row;
        let mut reached = vec![0usize; self.digits.len()];
        let mut column = self.column;
        for (digit, &(count, stride)) in self.digits.iter().enumerate().rev() {
            reached[digit] = rest % count;
            column += reached[digit] * stride;
            rest /= count;
        }
        let mut axes = Vec::new();
        for axis in &tile.axes {
            let parts = self.split(axis.count, axis.column, &mut reached)?;
            // The innermost part steps by the axis' own row stride, the next by that times the count inside it.
            let mut row = axis.row;
            let at = axes.len();
            for (count, stride) in parts {
                axes.insert(at, Axis { count, row, column: stride });
                row *= count;
            }
        }
        let column_step = match self.split(tile.block.columns(), tile.column_step, &mut reached)?.as_slice() {
            [] => 1,
            [(_, stride)] => *stride,
            _ => return None,
        };
        // No digit is ever pushed past its count, so every position reads where the sum of the strides says.
        let fits = reached.iter().zip(&self.digits).all(|(&value, &(count, _))| value < count);
        fits.then_some(Tile { column, column_step, axes, ..tile.clone() })
    }

    /// Writes `count` steps of length `step` as steps along digits, innermost first; adds the largest digit values.
    fn split(&self, mut count: usize, step: usize, reached: &mut [usize]) -> Option<Vec<(usize, usize)>> {
        let mut parts = Vec::new();
        let (mut step, mut digit) = (step, self.digits.len());
        if step == 0 && count > 1 {
            return Some(vec![(count, 0)]);
        }
        while count > 1 {
            if digit == 0 {
                return None;
            }
            digit -= 1;
            let (size, stride) = self.digits[digit];
            if step.is_multiple_of(size) {
                step /= size;
                continue;
            }
            if !size.is_multiple_of(step) {
                return None;
            }
            let inside = count.min(size / step);
            if !count.is_multiple_of(inside) {
                return None;
            }
            parts.push((inside, stride * step));
            reached[digit] += (inside - 1) * step;
            count /= inside;
            step = 1;
        }
        Some(parts)
    }
}

/// a b where a is c times an identity placed at an offset that covers all rows of b.
fn shifted_rows(a: &Tile, b: &Tile) -> Option<Vec<Tile>> {
    if a.block.rows() != 1 || a.block.columns() != 1 {
        return None;
    }
    let length = match a.axes.as_slice() {
        [] => 1,
        [Axis { count, row: 1, column: 1 }] => *count,
        _ => return None,
    };
    if b.row < a.column || b.row + b.row_extent() > a.column + length {
        return None;
    }
    let (_, _, value) = a.block.entries().first()?;
    Some(vec![Tile { row: b.row - a.column + a.row, block: Arc::new(b.block.scale(value)), ..b.clone() }])
}

/// a b where both repeat along one axis: a = sum_k a'(k), b = sum_k b'(k), and a'(k) meets only b'(k).
fn common_axis(a: &Tile, b: &Tile) -> Option<Vec<Tile>> {
    for i in 0..a.axes.len() {
        for j in 0..b.axes.len() {
            let Some((outer, left, inner, right)) = matched_axes(a, i, b, j) else { continue };
            // Both stay inside one window of the stride's length, so different positions never meet.
            let start = left.column.min(right.row);
            let end = (left.column + left.column_extent()).max(right.row + right.row_extent());
            if end - start > outer.column {
                continue;
            }
            let axis = Axis { count: outer.count, row: outer.row, column: inner.column };
            let product = tile_product(&left, &right)?;
            return Some(product.into_iter().map(|tile| tile.with_outer_axis(axis)).collect());
        }
    }
    None
}

/// Axis i of a and axis j of b as one common direction, with what is left of both tiles; an axis that runs on into
/// finer steps is split where the other one needs it.
fn matched_axes(a: &Tile, i: usize, b: &Tile, j: usize) -> Option<(Axis, Tile, Axis, Tile)> {
    let (outer, inner) = (a.axes[i], b.axes[j]);
    let (columns, rows) = (outer.column, inner.row);
    if columns == 0 || rows == 0 {
        return None;
    }
    let split = |axis: Axis, k: usize| {
        let coarse = Axis { count: axis.count / k, row: axis.row * k, column: axis.column * k };
        (coarse, Axis { count: k, ..axis })
    };
    let (left, right) = (a.without_axis(i), b.without_axis(j));
    if columns == rows && outer.count == inner.count {
        Some((outer, left, inner, right))
    } else if columns.is_multiple_of(rows) && inner.count == outer.count * (columns / rows) {
        let (coarse, fine) = split(inner, columns / rows);
        Some((outer, left, coarse, right.with_outer_axis(fine)))
    } else if rows.is_multiple_of(columns) && outer.count == inner.count * (rows / columns) {
        let (coarse, fine) = split(outer, rows / columns);
        Some((coarse, left.with_outer_axis(fine), inner, right))
    } else {
        None
    }
}

/// a b where an axis of a repeats outputs (column stride 0) or an axis of b sums inputs (row stride 0): it moves out.
fn free_axis(a: &Tile, b: &Tile) -> Option<Vec<Tile>> {
    let outside = |product: Vec<Tile>, axis: Axis| product.into_iter().map(|tile| tile.with_outer_axis(axis)).collect();
    if let Some(i) = a.axes.iter().position(|axis| axis.column == 0) {
        return tile_product(&a.without_axis(i), b).map(|product| outside(product, a.axes[i]));
    }
    if let Some(j) = b.axes.iter().position(|axis| axis.row == 0) {
        return tile_product(a, &b.without_axis(j)).map(|product| outside(product, b.axes[j]));
    }
    None
}

/// The product of two blocks placed once.
fn literal(a: &Tile, b: &Tile) -> Option<Vec<Tile>> {
    if !a.axes.is_empty() || !b.axes.is_empty() {
        return None;
    }
    let mut sum: BTreeMap<(usize, usize), Rational> = BTreeMap::new();
    let rows_of_b = rows_by_place(b);
    for (i, k, v) in a.block.entries() {
        if let Some(row) = rows_of_b.get(&(a.column + k * a.column_step)) {
            for (j, w) in row {
                *sum.entry((*i, *j)).or_default() += v * *w;
            }
        }
    }
    let block = Arc::new(Block::from_sum(a.block.rows(), b.block.columns(), sum));
    Some(vec![Tile {
        block,
        row: a.row,
        column: b.column,
        row_step: a.row_step,
        column_step: b.column_step,
        axes: Vec::new(),
    }])
}

fn rows_by_place(b: &Tile) -> BTreeMap<usize, Vec<(usize, &Rational)>> {
    let mut rows: BTreeMap<usize, Vec<(usize, &Rational)>> = BTreeMap::new();
    for (i, j, v) in b.block.entries() {
        rows.entry(b.row + i * b.row_step).or_default().push((*j, v));
    }
    rows
}
