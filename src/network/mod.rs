//! Networks: exact computation graphs, their layered form, their size.
//!
//! [`Network`] is the graph, [`Layered`] the textbook form, [`Size`] its count; [`calculus`] composes networks, and
//! [`Profile`] counts what it composes from the counts of the parts.
//!
//! Nothing here prints, reads files, or looks at the clock or the environment.

mod block;
pub mod calculus;
mod count;
mod error;
mod graph;
mod layered;
mod linear_map;
mod lower;
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
pub use profile::{LayerCount, Profile};
pub use size::Size;
pub use tile::{Axis, Tile};
pub use unrolled::Unrolled;
