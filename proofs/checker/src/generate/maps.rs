//! Maps that blocks are made of: literals, constants, gathers, sums over copies, placement.

use std::rc::Rc;

use num_traits::{One, Zero};

use crate::maps::times;
use crate::network::{Axis, Block, Map, Tile, Weight};
use crate::problem::{Problem, problem};

/// n + m, or a problem.
fn plus(n: u64, m: u64) -> Result<u64, Problem> {
    n.checked_add(m).ok_or_else(|| Problem(format!("a dimension of {n} plus {m} is too large")))
}

impl Map {
    /// A block placed once; its entries are checked.
    pub fn literal(block: Block) -> Result<Self, Problem> {
        crate::shapes::block(&block)?;
        Self::normal(block.rows, block.columns, [Tile::once(Rc::new(block), 0, 0)])
    }
    /// The constant vector (c, .., c) of R^n, a map of one column.
    pub fn constant(n: u64, c: Weight) -> Result<Self, Problem> {
        Self::strided_constant(n, 0, n, 1, c)
    }
    /// The vector of R^rows with c at `offset`, `offset + stride`, .. (`count` places), else 0; a map of one column.
    pub fn strided_constant(rows: u64, offset: u64, count: u64, stride: u64, c: Weight) -> Result<Self, Problem> {
        Self::scalar(rows, 1, (offset, 0), vec![Axis { count, row: stride, column: 0 }], c)
    }
    /// A vector written out, a map of one column.
    pub fn vector(entries: &[Weight]) -> Result<Self, Problem> {
        let rows = entries.len() as u64;
        let entries = (0..).zip(entries).filter(|(_, c)| !c.is_zero()).map(|(i, c)| (i, 0, c.clone())).collect();
        Self::literal(Block { rows, columns: 1, entries })
    }
    /// A strided gather: output k, read as a multi-index over `axes` = (count, stride), last axis fastest, is the input
    /// at `offset + sum_a k_a stride_a`.
    pub fn gather(columns: u64, offset: u64, axes: &[(u64, u64)]) -> Result<Self, Problem> {
        let mut rows = 1;
        let mut placed = Vec::new();
        for &(count, stride) in axes.iter().rev() {
            placed.push(Axis { count, row: rows, column: stride });
            rows = times(rows, count)?;
        }
        if rows == 0 {
            return Ok(Self::zero(0, columns));
        }
        Self::scalar(rows, columns, (0, offset), placed, Weight::one())
    }
    /// The slice of `length` inputs from `offset` on.
    pub fn slice(columns: u64, offset: u64, length: u64) -> Result<Self, Problem> {
        Self::gather(columns, offset, &[(length, 1)])
    }
    /// (1 .. 1) (x) A: the sum of n copies, each on its own input.
    pub fn sum_of_copies(&self, n: u64) -> Result<Self, Problem> {
        self.repeated(n, (1, 0), (n, self.columns))
    }
    /// The tiles, moved down and to the right.
    pub(crate) fn moved(&self, row: u64, column: u64) -> Result<Vec<Tile>, Problem> {
        let move_one =
            |tile: &Tile| Ok(Tile { row: plus(tile.row, row)?, column: plus(tile.column, column)?, ..tile.clone() });
        self.tiles.iter().map(move_one).collect()
    }
    /// Maps with one input dimension, outputs one under another.
    pub fn stack(maps: &[Self]) -> Result<Self, Problem> {
        Self::place(maps, true, false)
    }
    /// Maps with one output dimension, inputs side by side, outputs added.
    pub fn beside(maps: &[Self]) -> Result<Self, Problem> {
        Self::place(maps, false, true)
    }
    /// The block-diagonal map.
    pub fn diagonal(maps: &[Self]) -> Result<Self, Problem> {
        Self::place(maps, true, true)
    }
    fn place(maps: &[Self], down: bool, right: bool) -> Result<Self, Problem> {
        let shape = maps.first().map_or((0, 0), |map| (map.rows, map.columns));
        if maps.iter().any(|map| (!down && map.rows != shape.0) || (!right && map.columns != shape.1)) {
            return problem("maps one under another or side by side have different dimensions");
        }
        let (mut row, mut column, mut tiles) = (0, 0, Vec::new());
        for map in maps {
            tiles.extend(map.moved(row, column)?);
            row = plus(row, if down { map.rows } else { 0 })?;
            column = plus(column, if right { map.columns } else { 0 })?;
        }
        Self::normal(if down { row } else { shape.0 }, if right { column } else { shape.1 }, tiles)
    }
}
