//! The independent checker of certinet's certificates. It shares no code with the library.

#![forbid(unsafe_code)]

pub mod algebra;
pub mod bind;
mod cache;
mod call;
pub mod count;
pub mod json;
pub mod lattice;
pub mod layered;
pub mod lower;
pub mod maps;
pub mod network;
pub mod overlap;
pub mod problem;
pub mod shapes;
pub mod structured;
pub mod tiles;
pub mod write_out;

pub use shapes::check_shapes;
