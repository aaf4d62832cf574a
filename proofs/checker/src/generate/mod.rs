//! The blocks, built from their parameters: a rule compares what stands in the certificate with what stands here.
//!
//! One file per block, which says why its specification holds. Nodes are in the order of the format: inputs first, then
//! as they are made.

mod dot;
mod interpolation;
mod maps;
mod matrix_product;
mod median;
mod minimum;
mod parametric;
mod solve;
mod sorting;
mod squares;
mod squaring;
mod strassen;
mod wrapped;

pub use dot::dot;
pub use interpolation::{absolute_value, interpolation};
pub use matrix_product::{direct, shared_squares};
pub use median::median;
pub use minimum::{Extreme, extreme};
pub use parametric::{Parametric, Step, output, parametric};
pub use solve::{Solve, solve};
pub use sorting::{MAX_SORTED, sort};
pub use squaring::{Squaring, squaring};
pub use strassen::strassen;
pub use wrapped::{carried_product, symmetric_inverse};

use num_bigint::BigInt;
use num_traits::{One, Zero};

use crate::algebra::equal;
use crate::network::{Block, Map, Network, Node, Operation, Weight};
use crate::problem::{Problem, problem};

/// A small fraction.
fn ratio(p: i64, q: i64) -> Weight {
    Weight::new(BigInt::from(p), BigInt::from(q))
}

/// 2^e
fn power_of_two(e: i64) -> Weight {
    let power = Weight::from(BigInt::one() << e.unsigned_abs());
    if e < 0 { power.recip() } else { power }
}

/// 2^(-2 m - k)
fn four_to_minus(m: u64, k: i64) -> Weight {
    power_of_two(-2 * i64::try_from(m).unwrap_or(0) - k)
}

/// A literal map from its rows.
fn rows<const C: usize>(rows: &[[Weight; C]]) -> Result<Map, Problem> {
    let entries = (0..).zip(rows).flat_map(|(i, row)| (0..).zip(row).map(move |(j, v)| (i, j, v.clone())));
    let entries = entries.filter(|entry| !entry.2.is_zero()).collect();
    Map::literal(Block { rows: rows.len() as u64, columns: C as u64, entries })
}

/// A literal map from small integers.
fn integers<const C: usize>(table: &[[i64; C]]) -> Result<Map, Problem> {
    rows(&table.iter().map(|row| row.map(|v| ratio(v, 1))).collect::<Vec<_>>())
}

/// a b, or a problem.
fn times(a: u64, b: u64) -> Result<u64, Problem> {
    a.checked_mul(b).ok_or_else(|| Problem(format!("a block of {a} times {b} entries is too large")))
}

/// A network under construction.
#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
}

impl Builder {
    fn push(&mut self, operation: Operation, dimension: u64) -> usize {
        self.nodes.push(Node { operation, dimension });
        self.nodes.len() - 1
    }
    fn dimension(&self, node: usize) -> u64 {
        self.nodes.get(node).map_or(0, |node| node.dimension)
    }
    fn input(&mut self, dimension: u64) -> usize {
        self.push(Operation::Input(dimension), dimension)
    }
    fn affine(&mut self, terms: Vec<(usize, Map)>, bias: Map) -> usize {
        let dimension = bias.rows;
        self.push(Operation::Affine { terms, bias }, dimension)
    }
    fn linear(&mut self, x: usize, map: Map) -> usize {
        let bias = Map::zero(map.rows, 1);
        self.affine(vec![(x, map)], bias)
    }
    fn relu(&mut self, x: usize) -> usize {
        let dimension = self.dimension(x);
        self.push(Operation::Relu(x), dimension)
    }
    fn call(&mut self, network: usize, copies: u64, arguments: Vec<usize>, dimension: u64) -> usize {
        self.push(Operation::Call { network, copies, arguments }, dimension)
    }
    /// x + c (1, .., 1)
    fn shift(&mut self, x: usize, c: Weight) -> Result<usize, Problem> {
        let n = self.dimension(x);
        Ok(self.affine(vec![(x, Map::scaled_identity(n, Weight::one())?)], Map::constant(n, c)?))
    }
    /// relu(x + c) - c = x for |x| <= c.
    fn carry(&mut self, x: usize, c: &Weight) -> Result<usize, Problem> {
        let raised = self.shift(x, c.clone())?;
        let raised = self.relu(raised);
        self.shift(raised, -c)
    }
    fn finish(self, output: usize) -> Network {
        Network { nodes: self.nodes, output }
    }
}

/// The chain of layers (map, bias) with a ReLU between each two.
fn chain(layers: Vec<(Map, Map)>) -> Network {
    let mut builder = Builder::default();
    let mut x = builder.input(layers.first().map_or(0, |layer| layer.0.columns));
    for (number, (map, bias)) in layers.into_iter().enumerate() {
        if number > 0 {
            x = builder.relu(x);
        }
        x = builder.affine(vec![(x, map)], bias);
    }
    builder.finish(x)
}

/// Whether two networks are the same, node by node: operations, arguments, dimensions, and maps as matrices.
///
/// # Errors
/// Where they differ.
pub fn same_network(expected: &Network, found: &Network) -> Result<(), Problem> {
    if expected.nodes.len() != found.nodes.len() {
        return problem(format!("{} nodes, not {}", found.nodes.len(), expected.nodes.len()));
    }
    if expected.output != found.output {
        return problem(format!("the output is node {}, not {}", found.output, expected.output));
    }
    for (number, (a, b)) in expected.nodes.iter().zip(&found.nodes).enumerate() {
        let same = a.dimension == b.dimension
            && match (&a.operation, &b.operation) {
                (Operation::Affine { terms: left, bias: p }, Operation::Affine { terms: right, bias: q }) => {
                    let mut same = left.len() == right.len() && equal(p, q)?;
                    for ((x, map), (y, other)) in left.iter().zip(right) {
                        same = same && x == y && equal(map, other)?;
                    }
                    same
                }
                (left, right) => left == right,
            };
        if !same {
            return problem(format!("node {number} is not that of the block"));
        }
    }
    Ok(())
}
