//! Networks: exact computation graphs, their layered form, their size.
mod block;
mod count;
mod error;
mod graph;
mod layered;
mod linear_map;
mod lower;
mod product;
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
pub use size::Size;
pub use tile::{Axis, Tile};
pub use unrolled::Unrolled;
