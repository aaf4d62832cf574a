//! certinet: neural networks you can prove.

pub mod arith;
pub mod certify;
pub mod cli;
pub mod construct;
pub mod evaluate;
pub mod format;
pub mod linalg;
pub mod network;
pub mod report;
