//! Networks: exact computation graphs, their layered form, their size.
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
