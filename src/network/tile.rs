//! Tiles: one block placed at many strided positions.
//!
//! A tile is the one structured leaf of certinet. With a block E (r x c), an origin, steps and axes (count, row stride,
//! column stride), it is the sum over all multi-indices k, 0 <= k_a < count_a, of E placed so that its entry (i, j)
//! lies at row `row + i row_step + sum_a k_a row_a`, column `column + j column_step + sum_a k_a column_a`.
//!
//! | structure | axis for a map of R rows and C columns |
//! |---|---|
//! | copies, I_n (x) A | (n, R, C) |
//! | sum over copies, (1 .. 1) (x) A | (n, 0, C) |
//! | repetition, (1 .. 1)^T (x) A | (n, R, 0) |
//! | strided gather | block \[1\], axes (count, place value, stride) |

use std::sync::Arc;

use super::Block;
use crate::arith::Rational;

/// One direction in which a block is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Axis {
    /// Number of positions, at least 1.
    pub count: usize,
    /// Rows between positions.
    pub row: usize,
    /// Columns between positions.
    pub column: usize,
}

/// A block placed at strided positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// The block that is repeated.
    pub block: Arc<Block>,
    /// Row of the first entry.
    pub row: usize,
    /// Column of the first entry.
    pub column: usize,
    /// Distance between the block's rows.
    pub row_step: usize,
    /// Distance between the block's columns.
    pub column_step: usize,
    /// The axes, outermost first.
    pub axes: Vec<Axis>,
}

impl Tile {
    /// A block placed once at the origin.
    pub fn once(block: Arc<Block>) -> Self {
        Self { block, row: 0, column: 0, row_step: 1, column_step: 1, axes: Vec::new() }
    }

    /// Number of positions of the block.
    pub fn positions(&self) -> u128 {
        self.axes.iter().map(|axis| axis.count as u128).product()
    }

    /// Entries counted with repetition: positions times the block's non-zeros.
    pub fn placed_entries(&self) -> u128 {
        self.positions() * self.block.nonzeros() as u128
    }

    /// Number of rows from the first to the last one reached.
    pub(crate) fn row_extent(&self) -> usize {
        self.axes.iter().fold(1 + (self.block.rows().max(1) - 1) * self.row_step, |e, a| e + (a.count - 1) * a.row)
    }

    /// Number of columns from the first to the last one reached.
    pub(crate) fn column_extent(&self) -> usize {
        self.axes
            .iter()
            .fold(1 + (self.block.columns().max(1) - 1) * self.column_step, |e, a| e + (a.count - 1) * a.column)
    }

    /// The tile without its axis number a.
    pub(crate) fn without_axis(&self, a: usize) -> Self {
        let mut tile = self.clone();
        tile.axes.remove(a);
        tile
    }

    /// The tile with one more axis outside the others.
    pub(crate) fn with_outer_axis(mut self, axis: Axis) -> Self {
        if axis.count != 1 {
            self.axes.insert(0, axis);
        }
        self
    }

    pub(crate) fn with_block(&self, block: Block) -> Self {
        Self { block: Arc::new(block), ..self.clone() }
    }

    /// Whether two tiles place blocks of one shape at the same positions, in the same order.
    pub(crate) fn same_placement(&self, other: &Self) -> bool {
        self.row == other.row
            && self.column == other.column
            && self.axes == other.axes
            && (self.block.rows(), self.block.columns()) == (other.block.rows(), other.block.columns())
            && (self.row_step == other.row_step || self.block.rows() <= 1)
            && (self.column_step == other.column_step || self.block.columns() <= 1)
    }

    /// Sums what lies on itself by construction: an axis that moves nothing becomes a factor, columns at distance 0 are
    /// added, axes of one position go, axes that continue one another are joined. `None` when nothing remains.
    pub(crate) fn collapse(mut self) -> Option<Self> {
        let dead = self.axes.iter().filter(|a| a.row == 0 && a.column == 0);
        // Counts multiply beyond machine integers where huge sums meet huge repetitions.
        let factor = dead.map(|a| Rational::from(a.count)).reduce(|p, count| p * count);
        self.axes.retain(|a| a.count != 1 && (a.row != 0 || a.column != 0));
        self.merge_axes();
        if let Some(factor) = factor {
            self.block = Arc::new(self.block.scale(&factor));
        }
        if self.column_step == 0 && self.block.columns() > 1 {
            self.block = Arc::new(self.block.sum_columns());
            self.column_step = 1;
        }
        if self.block.nonzeros() == 0 || self.axes.iter().any(|a| a.count == 0) { None } else { Some(self) }
    }

    /// Joins neighbouring axes that run on into one another, so that equal placements look alike.
    fn merge_axes(&mut self) {
        let mut merged: Vec<Axis> = Vec::new();
        for inner in self.axes.drain(..) {
            match merged.last_mut() {
                Some(outer) if outer.row == inner.count * inner.row && outer.column == inner.count * inner.column => {
                    *outer = Axis { count: outer.count * inner.count, ..inner };
                }
                _ => merged.push(inner),
            }
        }
        self.axes = merged;
    }

    /// Calls f(row offset, column offset) for every position, outermost axis slowest.
    pub(crate) fn for_each_position(&self, mut f: impl FnMut(usize, usize)) {
        let (mut index, mut row, mut column) = (vec![0usize; self.axes.len()], self.row, self.column);
        loop {
            f(row, column);
            let mut a = self.axes.len();
            loop {
                if a == 0 {
                    return;
                }
                a -= 1;
                let axis = self.axes[a];
                if index[a] + 1 < axis.count {
                    index[a] += 1;
                    row += axis.row;
                    column += axis.column;
                    break;
                }
                row -= index[a] * axis.row;
                column -= index[a] * axis.column;
                index[a] = 0;
            }
        }
    }
}
