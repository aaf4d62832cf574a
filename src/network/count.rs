//! Exact counts of non-zero entries without writing a map out.
//!
//! A map is a sum of tiles. Its non-zeros are the placed entries of its tiles, less what coincides. Most tiles are
//! shown never to meet by peeling common axes; two tiles that run through the same rows in the same order (as the two
//! gathers of A A do) are compared by counting the solutions of one linear equation over a box; what is left is written
//! out under a budget. Every shortcut is held against [`Unrolled`] by property tests.

use std::sync::Arc;

use super::{Block, LinearMap, NetworkError, Tile, Unrolled};
use crate::arith::Rational;

/// The largest number of entries that counting may write out.
const WRITE_OUT_BUDGET: u128 = 1 << 26;

impl LinearMap {
    /// The exact number of non-zero entries.
    ///
    /// # Complexity
    /// O(T^2 s) for T tiles of s axes; gathers that meet add the trials of one linear equation, about 2d for A A.
    ///
    /// # Errors
    /// [`NetworkError::Budget`] when tiles overlap in a way that only writing out more than 2^26 entries would settle.
    pub fn nonzeros(&self) -> Result<u128, NetworkError> {
        match self.structured_nonzeros() {
            Some(count) => Ok(count),
            None => Ok(Unrolled::new(self, WRITE_OUT_BUDGET)?.nonzeros() as u128),
        }
    }

    fn structured_nonzeros(&self) -> Option<u128> {
        let tiles = self.tiles();
        if !tiles.iter().all(is_injective) {
            return None;
        }
        let mut count: u128 = tiles.iter().map(Tile::placed_entries).sum();
        let mut met = vec![false; tiles.len()];
        let mut order: Vec<usize> = (0..tiles.len()).collect();
        order.sort_by_key(|&i| tiles[i].row);
        for (at, &i) in order.iter().enumerate() {
            let (a, end) = (&tiles[i], tiles[i].row + tiles[i].row_extent());
            for &j in order[at + 1..].iter().take_while(|&&j| tiles[j].row < end) {
                let b = &tiles[j];
                if never_meet(a, b) {
                    continue;
                }
                let lost = lost_to_overlap(a, b)?;
                // With one partner a tile's entry meets at most one other entry, so the losses add up.
                if lost > 0 && (met[i] || met[j]) {
                    return None;
                }
                if lost > 0 {
                    (met[i], met[j]) = (true, true);
                    count -= lost;
                }
            }
        }
        Some(count)
    }
}

/// Whether no two positions of the tile put entries at one place; `false` means not shown.
fn is_injective(tile: &Tile) -> bool {
    if (tile.block.rows() > 1 && tile.row_step == 0) || (tile.block.columns() > 1 && tile.column_step == 0) {
        return false;
    }
    let mut tile = tile.clone();
    'peel: while !tile.axes.is_empty() {
        for a in 0..tile.axes.len() {
            let (axis, rest) = (tile.axes[a], tile.without_axis(a));
            // The rest lies in a window no longer than the stride: positions along the axis are disjoint.
            if axis.row >= rest.row_extent() || axis.column >= rest.column_extent() {
                tile = rest;
                continue 'peel;
            }
        }
        // The block's own steps are the longest: row and column of an entry tell its place in the block.
        let mut places = tile.clone();
        places.block = Arc::new(Block::scalar(Rational::one()));
        let rows_apart = tile.block.rows() <= 1 || tile.row_step >= places.row_extent();
        let columns_apart = tile.block.columns() <= 1 || tile.column_step >= places.column_extent();
        if !(rows_apart && columns_apart) || (tile.block.rows() <= 1 && tile.block.columns() <= 1) {
            return false;
        }
        tile = places;
    }
    true
}

/// Whether two tiles share no place; `false` means not shown.
fn never_meet(a: &Tile, b: &Tile) -> bool {
    let apart = |s: usize, e: usize, t: usize, f: usize| s + e <= t || t + f <= s;
    if apart(a.row, a.row_extent(), b.row, b.row_extent())
        || apart(a.column, a.column_extent(), b.column, b.column_extent())
    {
        return true;
    }
    for (i, axis) in a.axes.iter().enumerate() {
        for (j, other) in b.axes.iter().enumerate() {
            let (left, right) = (a.without_axis(i), b.without_axis(j));
            let window = |s: usize, e: usize, t: usize, f: usize| (s + e).max(t + f) - s.min(t);
            let rows = window(left.row, left.row_extent(), right.row, right.row_extent());
            let columns = window(left.column, left.column_extent(), right.column, right.column_extent());
            // Position k of one tile can only meet position k of the other, if there is one: both lie in the k-th window.
            let separated =
                (axis.row == other.row && axis.row >= rows) || (axis.column == other.column && axis.column >= columns);
            if separated && (axis.row, axis.column) == (other.row, other.column) && never_meet(&left, &right) {
                return true;
            }
        }
    }
    false
}

/// The non-zeros lost because two injective tiles coincide: 1 where the sum stays, 2 where it cancels.
///
/// Needs both tiles to run through the same rows in the same order, each row reached once, or one of them to be a
/// constant column that covers the other; `None` otherwise.
fn lost_to_overlap(a: &Tile, b: &Tile) -> Option<u128> {
    if let Some(lost) = lost_under_constant(a, b).or_else(|| lost_under_constant(b, a)) {
        return Some(lost);
    }
    let same_rows = a.row == b.row
        && a.block.rows() == b.block.rows()
        && (a.row_step == b.row_step || a.block.rows() <= 1)
        && a.axes.len() == b.axes.len()
        && a.axes.iter().zip(&b.axes).all(|(p, q)| (p.count, p.row) == (q.count, q.row));
    let mut rows_only = a.clone();
    rows_only.column_step = 0;
    rows_only.axes.iter_mut().for_each(|axis| axis.column = 0);
    if !same_rows || !is_injective_in_rows(&rows_only) {
        return None;
    }
    // Entry (i, j) of a meets entry (i, l) of b at position k iff
    // a.column + j a.step + sum k_a p_a = b.column + l b.step + sum k_a q_a.
    let steps: Vec<(usize, i128)> =
        a.axes.iter().zip(&b.axes).map(|(p, q)| (p.count, p.column as i128 - q.column as i128)).collect();
    let mut lost = 0u128;
    for (i, j, v) in a.block.entries() {
        for (_, l, w) in b.block.entries().iter().filter(|entry| entry.0 == *i) {
            let target =
                b.column as i128 + (*l * b.column_step) as i128 - a.column as i128 - (*j * a.column_step) as i128;
            let cost = if v + w == Rational::zero() { 2 } else { 1 };
            lost += cost * solutions(&steps, target)?;
        }
    }
    Some(lost)
}

/// The loss where `constant` is one value in every row of one column and `tile` lies inside that column.
fn lost_under_constant(constant: &Tile, tile: &Tile) -> Option<u128> {
    let [(_, _, value)] = constant.block.entries() else { return None };
    let single = constant.block.rows() == 1 && constant.block.columns() == 1;
    // Injective in one column, as many positions as rows: every row from the first to the last is reached.
    let full = constant.column_extent() == 1 && constant.positions() == constant.row_extent() as u128;
    let inside = tile.column == constant.column
        && tile.column_extent() == 1
        && tile.row >= constant.row
        && tile.row + tile.row_extent() <= constant.row + constant.row_extent();
    (single && full && inside).then(|| {
        let cost = |entry: &Rational| if entry + value == Rational::zero() { 2 } else { 1 };
        tile.positions() * tile.block.entries().iter().map(|(_, _, entry)| cost(entry)).sum::<u128>()
    })
}

/// Whether the rows of all positions are distinct.
fn is_injective_in_rows(tile: &Tile) -> bool {
    let mut axes = tile.axes.clone();
    axes.sort_by_key(|axis| axis.row);
    // Mixed radix: each stride is at least the extent of everything inside it.
    let mut extent = 1 + (tile.block.rows().max(1) - 1) * tile.row_step;
    axes.iter().all(|axis| {
        let apart = axis.row >= extent;
        extent += (axis.count - 1) * axis.row;
        apart
    })
}

/// The number of integer points 0 <= k_a < count_a with sum_a k_a step_a = target; `None` beyond 2^27 trials.
///
/// The longest steps are tried first, and only where the shorter ones can still reach the target: for the two gathers of
/// a matrix product A A of dimension d these are about 2d trials, not d^3.
fn solutions(steps: &[(usize, i128)], target: i128) -> Option<u128> {
    // Steps of 0 multiply.
    let free: u128 = steps.iter().filter(|(_, step)| *step == 0).map(|(count, _)| *count as u128).product();
    let mut bound: Vec<(usize, i128)> = steps.iter().copied().filter(|(_, step)| *step != 0).collect();
    bound.sort_by_key(|(_, step)| core::cmp::Reverse(step.abs()));
    // The least and the greatest sum of the steps from a on.
    let mut reach = vec![(0i128, 0i128)];
    for &(count, step) in bound.iter().rev() {
        let (least, greatest) = reach[reach.len() - 1];
        let whole = (count as i128 - 1) * step;
        reach.push((least + whole.min(0), greatest + whole.max(0)));
    }
    reach.reverse();
    points(&bound, &reach, target, &mut (1 << 27)).map(|found| found * free)
}

fn points(axes: &[(usize, i128)], reach: &[(i128, i128)], target: i128, trials: &mut u64) -> Option<u128> {
    let Some((&(count, step), rest)) = axes.split_first() else { return Some(u128::from(target == 0)) };
    // k step lies in [target - greatest, target - least] of the rest; with s = |step| and the signs turned, k s does.
    let (least, greatest) = reach[1];
    let (low, high) = if step > 0 { (target - greatest, target - least) } else { (least - target, greatest - target) };
    let s = step.abs();
    let first = (-(-low).div_euclid(s)).max(0);
    let last = high.div_euclid(s).min(count as i128 - 1);
    if rest.is_empty() {
        return Some((last - first + 1).max(0) as u128);
    }
    let mut found = 0;
    for k in first..=last {
        *trials = trials.checked_sub(1)?;
        found += points(rest, &reach[1..], target - k * step, trials)?;
    }
    Some(found)
}
