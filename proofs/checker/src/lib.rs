//! The independent checker of certinet's certificates. It shares no code with the library.

#![forbid(unsafe_code)]

pub mod algebra;
pub mod bind;
mod cache;
mod call;
pub mod check;
pub mod command;
pub mod count;
pub mod generate;
pub mod interval;
pub mod json;
pub mod lattice;
pub mod layered;
pub mod lexer;
pub mod lower;
pub mod maps;
pub mod network;
pub mod number;
pub mod overlap;
pub mod problem;
pub mod reader;
pub mod rules;
pub mod shapes;
pub mod statement;
pub mod structured;
pub mod tiles;
pub mod write_out;

pub use check::{Outcome, Verdict, check};
pub use shapes::check_shapes;
