//! Networks as the certificate lists them: graphs of vector operations whose matrices are sums of tiles.

use std::rc::Rc;

use num_bigint::BigInt;
use num_rational::Ratio;

/// An exact weight.
pub type Weight = Ratio<BigInt>;

/// A literal sparse matrix: entries (row, column, value) sorted by place, distinct, not zero.
#[derive(Debug, Clone, Eq)]
pub struct Block {
    /// Number of rows.
    pub rows: u64,
    /// Number of columns.
    pub columns: u64,
    /// The entries.
    pub entries: Vec<(u64, u64, Weight)>,
}

/// Whether two weights are the same: they are canonical, so their parts are compared. `Ratio` compares by continued
/// fractions, which recurse as deep as a number has digits.
pub fn same(a: &Weight, b: &Weight) -> bool {
    a.numer() == b.numer() && a.denom() == b.denom()
}

impl PartialEq for Block {
    fn eq(&self, other: &Self) -> bool {
        let both = self.entries.iter().zip(&other.entries);
        (self.rows, self.columns, self.entries.len()) == (other.rows, other.columns, other.entries.len())
            && both.into_iter().all(|(a, b)| (a.0, a.1) == (b.0, b.1) && same(&a.2, &b.2))
    }
}

/// One direction in which a block is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// Number of positions.
    pub count: u64,
    /// Rows between positions.
    pub row: u64,
    /// Columns between positions.
    pub column: u64,
}

/// A block placed at strided positions: for all k with 0 <= k_a < count_a, entry (i, j) lies at row
/// `row + i row_step + sum_a k_a row_a` and column `column + j column_step + sum_a k_a column_a`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// The block.
    pub block: Rc<Block>,
    /// Row of the first entry.
    pub row: u64,
    /// Column of the first entry.
    pub column: u64,
    /// Distance between the block's rows.
    pub row_step: u64,
    /// Distance between the block's columns.
    pub column_step: u64,
    /// The axes.
    pub axes: Vec<Axis>,
}

/// A matrix: the sum of its tiles. A bias is a map of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map {
    /// Number of rows.
    pub rows: u64,
    /// Number of columns.
    pub columns: u64,
    /// The tiles; networks repeat their maps, so that these are shared.
    pub tiles: Rc<[Tile]>,
}

/// One operation on vectors; arguments are numbers of earlier nodes of the same network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// An input of this dimension; inputs are the first nodes of a network.
    Input(u64),
    /// The sum of map times argument, plus the bias.
    Affine {
        /// (argument, map)
        terms: Vec<(usize, Map)>,
        /// A map of one column.
        bias: Map,
    },
    /// max(x, 0), entry by entry.
    Relu(usize),
    /// I_copies (x) network: copy k reads part k of each argument.
    Call {
        /// Number of an earlier network.
        network: usize,
        /// Number of copies.
        copies: u64,
        /// One argument for each input of the network.
        arguments: Vec<usize>,
    },
}

/// A node with the dimension of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it computes.
    pub operation: Operation,
    /// The dimension of its value.
    pub dimension: u64,
}

/// A network: nodes after their arguments, inputs first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The number of the node that is the result.
    pub output: usize,
}
