//! Basis pursuit: minimisers of the 1-norm under a bound on the residual, exactly.

mod certificate;
mod instance;
mod separation;
mod surd;
mod tableau;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod uniqueness;

pub use certificate::{Claims, write_certificate};
pub use instance::{Instance, Optimum, Solution};
pub use separation::{Separation, distance_squared, separation};
pub use surd::Surd;
pub use uniqueness::{Uniqueness, uniqueness};
