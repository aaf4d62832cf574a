//! The independent checker of certinet's certificates. It shares no code with the library.
//!
//! | what | where |
//! |---|---|
//! | a file and its verdict | [`mod@check`], the command [`command`] |
//! | lines and tokens, numbers | [`lexer`], [`number`], [`interval`] |
//! | statement, blocks and networks of a certificate | [`statement`], [`reader`] |
//! | the rules, and the blocks they compare with | [`rules`], [`generate`] |
//! | networks as they are listed | [`network`], their shapes [`shapes`], made by [`maps`], read by [`structured`] |
//! | matrices as sums of tiles | normal form [`tiles`], products and equality [`algebra`], non-zero entries [`count`] |
//! | the search behind both | [`lattice`], [`overlap`] |
//! | the layered form and its size | [`lower`], [`layered`], written out [`write_out`] |
//! | comparing a network file | [`bind`], read by [`json`] |
//! | spiking networks | [`spiking`], comparing a file [`mod@bind_spiking`] |
//!
//! Whatever is wrong is a [`problem::Problem`]; nothing here panics, and every search has a budget.

#![forbid(unsafe_code)]

pub mod algebra;
pub mod bind;
pub mod bind_spiking;
mod cache;
mod call;
pub mod check;
pub mod command;
pub mod count;
pub mod generate;
mod interned;
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
mod raise;
pub mod reader;
pub mod rules;
pub mod shapes;
pub mod spiking;
pub mod statement;
pub mod structured;
pub mod tiles;
pub mod write_out;

pub use check::{Outcome, Verdict, check};
pub use shapes::check_shapes;
