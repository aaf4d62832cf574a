//! Structured linear maps: sums of tiles.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Axis, Block, NetworkError, Tile};
use crate::arith::Rational;

/// The number of tiles that are compared one by one before a table of origins is kept.
const FEW_TILES: usize = 16;

/// A linear map (a matrix) kept as a sum of [`Tile`]s; a bias is a map of one column.
///
/// Nothing is written out until [`LinearMap::unroll`](super::Unrolled) is asked to: copies of a block, gathers,
/// sums and identities of any dimension take constant memory. Clones share their tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinearMap {
    rows: usize,
    columns: usize,
    tiles: Arc<[Tile]>,
}

impl LinearMap {
    /// The map with the given tiles; equal placements are added, empty tiles go.
    ///
    /// # Panics
    /// Panics when a tile reaches outside the matrix.
    pub fn from_tiles(rows: usize, columns: usize, tiles: impl IntoIterator<Item = Tile>) -> Self {
        let mut kept: Vec<Tile> = Vec::new();
        // Kept tiles by origin; few of them are searched without a table.
        let mut at_origin: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
        for tile in tiles {
            let Some(tile) = tile.collapse() else { continue };
            assert!(
                tile.row + tile.row_extent() <= rows && tile.column + tile.column_extent() <= columns,
                "a tile lies inside its matrix"
            );
            let same = |other: usize| kept[other].same_placement(&tile);
            let twin = if kept.len() < FEW_TILES {
                (0..kept.len()).find(|&other| same(other))
            } else {
                if at_origin.is_empty() {
                    for (number, tile) in kept.iter().enumerate() {
                        at_origin.entry((tile.row, tile.column)).or_default().push(number);
                    }
                }
                at_origin.get(&(tile.row, tile.column)).and_then(|here| here.iter().copied().find(|&other| same(other)))
            };
            if let Some(other) = twin {
                let block = kept[other].block.add(&tile.block);
                kept[other] = kept[other].with_block(block);
            } else {
                if !at_origin.is_empty() {
                    at_origin.entry((tile.row, tile.column)).or_default().push(kept.len());
                }
                kept.push(tile);
            }
        }
        kept.retain(|tile| tile.block.nonzeros() > 0);
        Self { rows, columns, tiles: kept.into() }
    }
    /// The map with tiles taken from finished maps and placed apart: nothing is left to normalise or to add.
    pub(super) fn from_tiles_apart(rows: usize, columns: usize, tiles: Vec<Tile>) -> Self {
        Self { rows, columns, tiles: tiles.into() }
    }
    /// The zero map.
    pub fn zero(rows: usize, columns: usize) -> Self {
        Self { rows, columns, tiles: Arc::default() }
    }
    /// A literal block.
    pub fn literal(block: Block) -> Self {
        Self::from_tiles(block.rows(), block.columns(), [Tile::once(Arc::new(block))])
    }
    /// The identity on R^n.
    pub fn identity(n: usize) -> Self {
        Self::scaled_identity(n, Rational::one())
    }
    /// c times the identity on R^n.
    pub fn scaled_identity(n: usize, c: Rational) -> Self {
        Self::literal(Block::scalar(c)).copies(n)
    }
    /// The constant vector (c, .., c) of R^n, a map of one column.
    pub fn constant(n: usize, c: Rational) -> Self {
        Self::literal(Block::scalar(c)).repeat(n)
    }
    /// The vector of R^rows with c at `offset`, `offset + stride`, .. (`count` places), else 0; a map of one column.
    pub fn strided_constant(rows: usize, offset: usize, count: usize, stride: usize, c: Rational) -> Self {
        let tile = Tile { row: offset, ..Tile::once(Arc::new(Block::scalar(c))) };
        Self::from_tiles(rows, 1, [tile.with_outer_axis(Axis { count, row: stride, column: 0 })])
    }
    /// A vector written out, a map of one column.
    pub fn vector(entries: &[Rational]) -> Self {
        let rows: Vec<&[Rational]> = entries.iter().map(core::slice::from_ref).collect();
        if entries.is_empty() { Self::zero(0, 1) } else { Self::literal(Block::from_rows(&rows)) }
    }
    /// A strided gather: output k, read as a multi-index over `axes` = (count, stride), last axis fastest, is the input
    /// at `offset + sum_a k_a stride_a`.
    ///
    /// Stride 0 repeats, exchanged strides transpose, an offset slices.
    pub fn gather(columns: usize, offset: usize, axes: &[(usize, usize)]) -> Self {
        let mut place = 1;
        let mut tile = Tile { column: offset, ..Tile::once(Arc::new(Block::scalar(Rational::one()))) };
        for &(count, stride) in axes.iter().rev() {
            tile = tile.with_outer_axis(Axis { count, row: place, column: stride });
            place *= count;
        }
        Self::from_tiles(place, columns, [tile])
    }
    /// The slice of `length` inputs from `offset` on.
    pub fn slice(columns: usize, offset: usize, length: usize) -> Self {
        Self::gather(columns, offset, &[(length, 1)])
    }

    /// Number of rows (the dimension of the output).
    pub fn rows(&self) -> usize {
        self.rows
    }
    /// Number of columns (the dimension of the input).
    pub fn columns(&self) -> usize {
        self.columns
    }
    /// The tiles.
    pub fn tiles(&self) -> &[Tile] {
        &self.tiles
    }
    /// Whether this is the zero map.
    pub fn is_zero(&self) -> bool {
        self.tiles.is_empty()
    }
    /// Whether this is the identity, kept as one tile.
    pub fn is_identity(&self) -> bool {
        self.rows == self.columns && self.identity_factor().is_some_and(|c| *c == Rational::one())
    }
    /// The number c when this is c times the identity, kept as one tile.
    fn identity_factor(&self) -> Option<&Rational> {
        let [tile] = &*self.tiles else { return None };
        let [(0, 0, c)] = tile.block.entries() else { return None };
        let scalar = tile.block.rows() == 1 && tile.block.columns() == 1 && (tile.row, tile.column) == (0, 0);
        let along = match tile.axes.as_slice() {
            [] => self.rows == 1,
            [Axis { count, row: 1, column: 1 }] => *count == self.rows,
            _ => false,
        };
        (scalar && along && self.rows == self.columns).then_some(c)
    }

    /// I_n (x) A: n copies side by side.
    pub fn copies(&self, n: usize) -> Self {
        self.with_axis(n, n, n)
    }
    /// (1 .. 1) (x) A: the sum of n copies, each on its own input.
    pub fn sum_of_copies(&self, n: usize) -> Self {
        self.with_axis(n, 1, n)
    }
    /// (1 .. 1)^T (x) A: n times the same output.
    pub fn repeat(&self, n: usize) -> Self {
        self.with_axis(n, n, 1)
    }
    fn with_axis(&self, count: usize, row_factor: usize, column_factor: usize) -> Self {
        if count == 1 {
            return self.clone();
        }
        let row = if row_factor == 1 { 0 } else { self.rows };
        let column = if column_factor == 1 { 0 } else { self.columns };
        let tiles = self.tiles.iter().map(|tile| tile.clone().with_outer_axis(Axis { count, row, column }));
        Self::from_tiles(self.rows * row_factor, self.columns * column_factor, tiles)
    }
    /// c A.
    pub fn scale(&self, c: &Rational) -> Self {
        let tiles = self.tiles.iter().map(|tile| tile.with_block(tile.block.scale(c)));
        Self::from_tiles(self.rows, self.columns, tiles)
    }
    /// -A.
    pub fn negate(&self) -> Self {
        self.scale(&Rational::from(-1))
    }
    /// A + B.
    ///
    /// # Errors
    /// [`NetworkError::Dimension`] when the shapes differ.
    pub fn add(&self, other: &Self) -> Result<Self, NetworkError> {
        let place = || "sum of linear maps".to_owned();
        if self.rows != other.rows {
            return Err(NetworkError::Dimension { place: place(), found: other.rows, expected: self.rows });
        }
        if self.columns != other.columns {
            return Err(NetworkError::Dimension { place: place(), found: other.columns, expected: self.columns });
        }
        if other.is_zero() {
            return Ok(self.clone());
        }
        if self.is_zero() {
            return Ok(other.clone());
        }
        Ok(Self::from_tiles(self.rows, self.columns, self.tiles.iter().chain(other.tiles.iter()).cloned()))
    }
    /// The map inside a larger zero matrix, its first entry at (row, column).
    pub fn embed(&self, rows: usize, columns: usize, row: usize, column: usize) -> Self {
        let shifted =
            self.tiles.iter().map(|tile| Tile { row: tile.row + row, column: tile.column + column, ..tile.clone() });
        Self::from_tiles(rows, columns, shifted)
    }
    /// Maps with one input dimension, outputs one under another.
    ///
    /// # Panics
    /// Panics when the input dimensions differ or the list is empty.
    pub fn stack(maps: &[Self]) -> Self {
        let columns = maps.first().map_or(0, |map| map.columns);
        assert!(maps.iter().all(|map| map.columns == columns), "stacked maps have one input dimension");
        Self::place(maps, true, false)
    }
    /// Maps with one output dimension, inputs side by side, outputs added.
    ///
    /// # Panics
    /// Panics when the output dimensions differ.
    pub fn beside(maps: &[Self]) -> Self {
        let rows = maps.first().map_or(0, |map| map.rows);
        assert!(maps.iter().all(|map| map.rows == rows), "maps side by side have one output dimension");
        Self::place(maps, false, true)
    }
    /// The block-diagonal map.
    pub fn diagonal(maps: &[Self]) -> Self {
        Self::place(maps, true, true)
    }
    fn place(maps: &[Self], down: bool, right: bool) -> Self {
        let (mut row, mut column) = (0, 0);
        let mut tiles = Vec::new();
        for map in maps {
            let shifted = map.tiles.iter();
            tiles.extend(shifted.map(|t| Tile { row: t.row + row, column: t.column + column, ..t.clone() }));
            row += if down { map.rows } else { 0 };
            column += if right { map.columns } else { 0 };
        }
        let rows = if down { row } else { maps.first().map_or(0, |map| map.rows) };
        let columns = if right { column } else { maps.first().map_or(0, |map| map.columns) };
        Self::from_tiles(rows, columns, tiles)
    }
}
