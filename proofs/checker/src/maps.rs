//! Maps by what they do: multiples of the identity, copies, sums; `generate/maps.rs` has more for the blocks.
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
pub(crate) fn times(n: u64, m: u64) -> Result<u64, Problem> {
    n.checked_mul(m).ok_or_else(|| Problem(format!("a dimension of {n} times {m} is too large")))
}

impl Map {
    /// The zero map.
    pub fn zero(rows: u64, columns: u64) -> Self {
        Self { rows, columns, tiles: Rc::default() }
    }
    /// The tile of one number c at these axes.
    pub(crate) fn scalar(
        rows: u64,
        columns: u64,
        start: (u64, u64),
        axes: Vec<Axis>,
        c: Weight,
    ) -> Result<Self, Problem> {
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
    /// I_n (x) A: n copies side by side.
    pub fn copies(&self, n: u64) -> Result<Self, Problem> {
        self.repeated(n, (n, self.rows), (n, self.columns))
    }
    /// (1 .. 1)^T (x) A: n times the same output.
    pub fn repeat(&self, n: u64) -> Result<Self, Problem> {
        self.repeated(n, (n, self.rows), (1, 0))
    }
    pub(crate) fn repeated(&self, count: u64, down: (u64, u64), right: (u64, u64)) -> Result<Self, Problem> {
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
}
