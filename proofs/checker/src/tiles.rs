//! The normal form of a sum of tiles.
//!
//! In normal form axes have at least two positions, move something, do not run on into one another and are sorted;
//! blocks have step 1 and no empty border; all blocks with the same axes are one block; no block is empty. Two maps with
//! one normal form are equal; equal maps may still have two.

use std::collections::BTreeMap;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::{One, Zero};

use crate::network::{Axis, Block, Map, Tile, Weight};
use crate::problem::{Problem, problem};

/// Dimensions and distances stay below this.
pub const DIMENSION_LIMIT: u64 = 1 << 56;
/// The most bits of the weights of one block.
pub const BLOCK_BITS: u64 = 1 << 27;
/// The most bits of one weight, also of a sum or product of weights: networks inside networks double them with every call.
pub const WEIGHT_BITS: u64 = 1 << 17;

/// Entries by place, of blocks with the same axes.
pub type Entries = BTreeMap<(u64, u64), Weight>;
/// Sorted axes as (count, row, column).
pub type Axes = Vec<(u64, u64, u64)>;

impl Tile {
    /// The tile that places a block once.
    pub fn once(block: Rc<Block>, row: u64, column: u64) -> Self {
        Self { block, row, column, row_step: 1, column_step: 1, axes: Vec::new() }
    }

    /// Number of positions of the block.
    pub fn positions(&self) -> Option<u128> {
        self.axes.iter().try_fold(1u128, |n, axis| n.checked_mul(axis.count.into()))
    }

    /// One more than the last row and column reached, if they are below the limit.
    pub fn end(&self) -> Option<(u64, u64)> {
        let far = |start: u64, length: u64, step: u64, stride: fn(&Axis) -> u64| {
            let axes = self.axes.iter().map(|axis| (axis.count, stride(axis)));
            let end = axes.chain([(length, step)]).try_fold(u128::from(start) + 1, |end, (count, step)| {
                end.checked_add(u128::from(count.saturating_sub(1)) * u128::from(step))
            })?;
            u64::try_from(end).ok().filter(|&end| end < DIMENSION_LIMIT)
        };
        let rows = far(self.row, self.block.rows, self.row_step, |axis| axis.row)?;
        Some((rows, far(self.column, self.block.columns, self.column_step, |axis| axis.column)?))
    }

    /// The entries with their absolute places at the first position.
    pub fn strands(&self) -> impl Iterator<Item = (u64, u64, &Weight)> {
        // In normal form the steps are 1, and `end` holds below the limit.
        self.block.entries.iter().map(|(i, j, v)| (self.row + i, self.column + j, v))
    }

    /// The normal form of one tile, `None` when nothing remains.
    fn tidy(mut self) -> Option<Self> {
        let factor = tidy_axes(&mut self.axes);
        let block = &self.block;
        if factor.is_zero() || block.entries.is_empty() {
            return None;
        }
        let plain = (self.row_step == 1 || block.rows == 1) && (self.column_step == 1 || block.columns == 1);
        if plain && factor.is_one() && is_trimmed(block) {
            (self.row_step, self.column_step) = (1, 1);
            return Some(self);
        }
        let mut entries = Entries::new();
        for (i, j, v) in &block.entries {
            let place = (self.row + i * self.row_step, self.column + j * self.column_step);
            *entries.entry(place).or_insert_with(Weight::zero) += v * Weight::from(factor.clone());
        }
        from_entries(self.axes, entries)
    }
}

/// Sorts and joins axes; what moves nothing becomes a factor.
pub fn tidy_axes(axes: &mut Vec<Axis>) -> BigInt {
    let still = axes.iter().filter(|a| a.count == 0 || (a.row == 0 && a.column == 0));
    // sum over k of the same place: count times the block; a count of 0 empties the tile.
    let factor = still.fold(BigInt::one(), |product, axis| product * axis.count);
    axes.retain(|axis| axis.count > 1 && (axis.row, axis.column) != (0, 0));
    axes.sort_unstable_by_key(|axis| std::cmp::Reverse((axis.row, axis.column, axis.count)));
    // An outer axis that continues an inner one, (n, c r, c s) after (c, r, s), is one axis (n c, r, s).
    let joins = |outer: &Axis, inner: &Axis| {
        let far = |stride: u64| inner.count.checked_mul(stride);
        far(inner.row) == Some(outer.row) && far(inner.column) == Some(outer.column)
    };
    while let Some((i, j)) = (0..axes.len())
        .flat_map(|i| (i + 1..axes.len()).map(move |j| (i, j)))
        .find(|&(i, j)| matches!((axes.get(i), axes.get(j)), (Some(outer), Some(inner)) if joins(outer, inner)))
    {
        let outer = axes.remove(i);
        if let Some(inner) = axes.get_mut(j - 1) {
            // Below the limit, as the tile ends below it.
            inner.count = inner.count.saturating_mul(outer.count);
        }
    }
    factor
}

fn is_trimmed(block: &Block) -> bool {
    let ends = block.entries.first().zip(block.entries.last());
    let rows = ends.is_some_and(|(first, last)| first.0 == 0 && last.0 + 1 == block.rows);
    let columns = || block.entries.iter().fold((u64::MAX, 0), |(low, high), e| (low.min(e.1), high.max(e.1)));
    rows && columns() == (0, block.columns.saturating_sub(1))
}

/// The tile of one block that has these entries at these places, zeros left out; `None` when nothing remains.
pub fn from_entries(axes: Vec<Axis>, entries: Entries) -> Option<Tile> {
    let entries: Vec<_> = entries.into_iter().filter(|(_, v)| !v.is_zero()).collect();
    let rows = entries.first().map(|e| e.0.0).zip(entries.last().map(|e| e.0.0));
    let columns = entries.iter().map(|e| e.0.1);
    let ((top, bottom), left, right) = (rows?, columns.clone().min()?, columns.max()?);
    let entries = entries.into_iter().map(|((i, j), v)| (i - top, j - left, v)).collect();
    let block = Block { rows: bottom - top + 1, columns: right - left + 1, entries };
    Some(Tile { axes, ..Tile::once(Rc::new(block), top, left) })
}

/// The axes as a key.
pub fn key(axes: &[Axis]) -> Axes {
    axes.iter().map(|axis| (axis.count, axis.row, axis.column)).collect()
}

/// The axes of a key.
pub fn axes_of(key: &Axes) -> Vec<Axis> {
    key.iter().map(|&(count, row, column)| Axis { count, row, column }).collect()
}

/// The bits of a weight.
pub fn bits(weight: &Weight) -> u64 {
    weight.numer().bits() + weight.denom().bits()
}

impl Map {
    /// The normal form of the sum of these tiles, whose blocks are sorted and without zeros (see [`crate::shapes`]).
    pub fn normal(rows: u64, columns: u64, tiles: impl IntoIterator<Item = Tile>) -> Result<Self, Problem> {
        if rows.max(columns) >= DIMENSION_LIMIT {
            return problem(format!("a matrix of {rows} rows and {columns} columns is too large"));
        }
        let mut tidy: Vec<Tile> = Vec::new();
        for tile in tiles {
            if tile.end().is_none_or(|end| end.0 > rows || end.1 > columns) {
                return problem(format!("a tile reaches outside a matrix of {rows} rows and {columns} columns"));
            }
            if tile.block.entries.iter().any(|e| e.0 >= tile.block.rows || e.1 >= tile.block.columns) {
                return problem("an entry lies outside its block");
            }
            tidy.extend(tile.tidy());
        }
        if tidy.len() > 1 {
            tidy.sort_by_cached_key(|tile| key(&tile.axes));
            let mut merged: Vec<Tile> = Vec::new();
            for run in tidy.chunk_by(|a, b| a.axes == b.axes) {
                match run {
                    [one] => merged.push(one.clone()),
                    [first, ..] => {
                        let mut sum = Entries::new();
                        for (i, j, v) in run.iter().flat_map(Tile::strands) {
                            *sum.entry((i, j)).or_insert_with(Weight::zero) += v;
                        }
                        merged.extend(from_entries(first.axes.clone(), sum));
                    }
                    [] => {}
                }
            }
            tidy = merged;
        }
        for tile in &tidy {
            let lengths = tile.block.entries.iter().map(|entry| bits(&entry.2));
            if lengths.clone().any(|length| length > WEIGHT_BITS) || lengths.sum::<u64>() > BLOCK_BITS {
                return problem(format!(
                    "a weight takes more than {WEIGHT_BITS} bits, or those of a block more than {BLOCK_BITS}"
                ));
            }
        }
        Ok(Self { rows, columns, tiles: tidy.into() })
    }
}
