//! Networks: exact computation graphs, their layered form, their size.
//!
//! | file | object |
//! |---|---|
//! | [`graph`](Network) | a network: a directed acyclic graph of operations on vectors (petgraph), with numbered ports |
//! | [`layered`](Layered) | the textbook form: affine maps with ReLU between them, kept structured |
//! | `lower` | from the graph to the layered form: levels, carried values, merged affine maps |
//! | [`linear_map`](LinearMap), [`tile`](Tile), [`block`](Block) | structured matrices: a sum of blocks placed at strided positions |
//! | `product`, `count` | products and exact non-zero counts of structured matrices |
//! | [`unrolled`](Unrolled) | a matrix written out, the slow and obvious way |
//! | [`calculus`] | compositions, parallels, sums, scalings, extensions of networks |
//! | [`profile`](Profile) | counts layer by layer, and what the calculus makes of them |
//! | [`size`](Size) | layers, neurons, weights, dense parameters |
//! | [`mlp`](Mlp) | fully connected networks of floats, as training leaves them |
//! | [`listing`](Listing) | a network as numbered parts, for files |
//!
//! The one structured leaf is the [`Tile`]: copies (I_n (x) A), sums over copies, repetitions, gathers and transposes of
//! any dimension are axes of a tile. So the layered form of a network of 10^12 weights takes kilobytes, and counting it
//! takes milliseconds; where a shortcut cannot decide, a map is written out under a budget, never guessed.
//!
//! This folder does not know what a network approximates, and never evaluates one. Start with [`Network::builder`]. To
//! add an operation, add a variant to [`Operation`], its case in `lower` and in `evaluate::evaluate_graph`.
mod block;
pub mod calculus;
mod count;
mod error;
mod graph;
mod layered;
mod linear_map;
mod listing;
mod lower;
mod mlp;
mod product;
mod profile;
mod size;
#[cfg(test)]
mod tests;
mod tile;
mod unrolled;

pub use block::Block;
pub use error::NetworkError;
pub use graph::{Builder, Network, Operation, Value};
pub use layered::{Layer, Layered};
pub use linear_map::LinearMap;
pub use listing::{ListedNetwork, ListedNode, ListedTile, Listing};
pub use mlp::{DenseLayer, Mlp, Precision, Widths};
pub use profile::{LayerCount, Profile};
pub use size::Size;
pub use tile::{Axis, Tile};
pub use unrolled::Unrolled;
