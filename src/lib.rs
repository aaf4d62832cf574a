//! certinet: neural networks you can prove.

pub mod arith;
