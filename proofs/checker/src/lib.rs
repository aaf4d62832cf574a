//! The independent checker of certinet's certificates. It shares no code with the library.

#![forbid(unsafe_code)]

pub mod algebra;
pub mod count;
pub mod lattice;
pub mod maps;
pub mod network;
pub mod problem;
pub mod tiles;
