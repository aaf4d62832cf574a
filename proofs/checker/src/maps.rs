//! Maps by what they do: constants, gathers, copies, sums, placement.
//!
//! Every map comes back in normal form; what would be too large or does not fit is a [`Problem`].

use std::rc::Rc;

use num_traits::{One, Zero};

use crate::network::{Axis, Block, Map, Tile, Weight};
use crate::problem::{Problem, problem};

impl Block {
    /// The 1 x 1 block with this entry, without entries when it is 0.
    pub fn scalar(c: Weight) -> Self {
        Self { rows: 1, columns: 1, entries: if c.is_zero() { Vec::new() } else { vec![(0, 0, c)] } }
    }
    /// The block times c.
    pub fn scale(&self, c: &Weight) -> Self {
        let kept = self.entries.iter().filter(|_| !c.is_zero());
        Self { rows: self.rows, columns: self.columns, entries: kept.map(|(i, j, v)| (*i, *j, v * c)).collect() }
    }
}

/// n m, or a problem.
fn times(n: u64, m: u64) -> Result<u64, Problem> {
    n.checked_mul(m).ok_or_else(|| Problem(format!("a dimension of {n} times {m} is too large")))
}

/// n + m, or a problem.
fn plus(n: u64, m: u64) -> Result<u64, Problem> {
    n.checked_add(m).ok_or_else(|| Problem(format!("a dimension of {n} plus {m} is too large")))
}

impl Map {
    /// The zero map.
    pub fn zero(rows: u64, columns: u64) -> Self {
        Self { rows, columns, tiles: Rc::default() }
    }
    /// A block placed once; its entries are checked.
    pub fn literal(block: Block) -> Result<Self, Problem> {
        crate::shapes::block(&block)?;
        Self::normal(block.rows, block.columns, [Tile::once(Rc::new(block), 0, 0)])
    }
    /// The tile of one number c at these axes.
    fn scalar(rows: u64, columns: u64, start: (u64, u64), axes: Vec<Axis>, c: Weight) -> Result<Self, Problem> {
        Self::normal(rows, columns, [Tile { axes, ..Tile::once(Rc::new(Block::scalar(c)), start.0, start.1) }])
    }
    /// The identity on R^n.
    pub fn identity(n: u64) -> Result<Self, Problem> {
        Self::scaled_identity(n, Weight::one())
    }
    /// c times the identity on R^n.
    pub fn scaled_identity(n: u64, c: Weight) -> Result<Self, Problem> {
        Self::scalar(n, n, (0, 0), vec![Axis { count: n, row: 1, column: 1 }], c)
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
    /// I_n (x) A: n copies side by side.
    pub fn copies(&self, n: u64) -> Result<Self, Problem> {
        self.repeated(n, (n, self.rows), (n, self.columns))
    }
    /// (1 .. 1) (x) A: the sum of n copies, each on its own input.
    pub fn sum_of_copies(&self, n: u64) -> Result<Self, Problem> {
        self.repeated(n, (1, 0), (n, self.columns))
    }
    /// (1 .. 1)^T (x) A: n times the same output.
    pub fn repeat(&self, n: u64) -> Result<Self, Problem> {
        self.repeated(n, (n, self.rows), (1, 0))
    }
    fn repeated(&self, count: u64, down: (u64, u64), right: (u64, u64)) -> Result<Self, Problem> {
        if count == 1 {
            return Ok(self.clone());
        }
        let axis = Axis { count, row: down.1, column: right.1 };
        let tiles = self.tiles.iter().cloned().map(|mut tile| {
            tile.axes.insert(0, axis);
            tile
        });
        Self::normal(times(self.rows, down.0)?, times(self.columns, right.0)?, tiles)
    }
    /// c A.
    #[must_use]
    pub fn scale(&self, c: &Weight) -> Self {
        if c.is_one() {
            return self.clone();
        }
        let scaled = |tile: &Tile| Tile { block: Rc::new(tile.block.scale(c)), ..tile.clone() };
        let tiles = self.tiles.iter().filter(|_| !c.is_zero()).map(scaled).collect();
        Self { rows: self.rows, columns: self.columns, tiles }
    }
    /// -A.
    #[must_use]
    pub fn negate(&self) -> Self {
        self.scale(&-Weight::one())
    }
    /// A + B.
    pub fn add(&self, other: &Self) -> Result<Self, Problem> {
        if (self.rows, self.columns) != (other.rows, other.columns) {
            let (r, c, s, d) = (self.rows, self.columns, other.rows, other.columns);
            return problem(format!("a map of {r} rows and {c} columns is added to one of {s} rows and {d} columns"));
        }
        match (self.tiles.is_empty(), other.tiles.is_empty()) {
            (_, true) => Ok(self.clone()),
            (true, _) => Ok(other.clone()),
            _ => Self::normal(self.rows, self.columns, self.tiles.iter().chain(other.tiles.iter()).cloned()),
        }
    }
    /// The tiles, moved down and to the right.
    pub(crate) fn moved(&self, row: u64, column: u64) -> Result<Vec<Tile>, Problem> {
        let move_one =
            |tile: &Tile| Ok(Tile { row: plus(tile.row, row)?, column: plus(tile.column, column)?, ..tile.clone() });
        self.tiles.iter().map(move_one).collect()
    }
    /// The map inside a larger zero matrix, its first entry at (row, column).
    pub fn embed(&self, rows: u64, columns: u64, row: u64, column: u64) -> Result<Self, Problem> {
        if plus(self.rows, row)? > rows || plus(self.columns, column)? > columns {
            return problem("a map does not fit into the matrix it is placed in");
        }
        Self::normal(rows, columns, self.moved(row, column)?)
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
