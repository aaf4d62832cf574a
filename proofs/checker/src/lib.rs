//! The independent checker of certinet's certificates. It shares no code with the library.

#![forbid(unsafe_code)]

pub mod algebra;
pub mod count;
pub mod generate;
pub mod interval;
pub mod lattice;
pub mod lexer;
pub mod maps;
pub mod network;
pub mod number;
pub mod problem;
pub mod rules;
pub mod statement;
pub mod tiles;
