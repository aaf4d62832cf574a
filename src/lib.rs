//! certinet: neural networks you can prove.

pub mod arith;
pub mod format;
pub mod linalg;
