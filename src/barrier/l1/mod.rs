//! Basis pursuit: minimisers of the 1-norm under a bound on the residual, exactly.

mod instance;
mod surd;

pub use instance::{Instance, Optimum, Solution};
pub use surd::Surd;
