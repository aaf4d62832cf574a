//! Basis pursuit: minimisers of the 1-norm under a bound on the residual, exactly.
//!
//! | file | object |
//! |---|---|
//! | `instance` | [`Instance`], [`Optimum`], [`Solution`] |
//! | [`solve`](solve()) | the exact solver, for every rational problem |
//! | `guess` | the last piece of the LASSO path in doubles, then exactly |
//! | `lasso`, `complementary` | the whole path exactly, by Lemke's method |
//! | `pursuit` | equations A x = y, by linear programming |
//! | `corners` | all minimisers, where there are several |
//! | `definition` | the test of a solution: [`holds`] |
//! | `uniqueness`, `separation`, `nearest` | why there is one minimiser; how far a point is from the minimisers |
//! | `certificate` | [`write_certificate`], for the independent checker |
//! | `surd`, `surd_vector` | numbers a + b sqrt(q) |
//! | `tableau`, `ratio` | pivots in integers, the lexicographic ratio test |
//!
//! Floats guess a support; every answer is tested from the definition before it is returned.

mod certificate;
mod complementary;
mod corners;
mod definition;
mod guess;
mod instance;
mod lasso;
mod nearest;
mod pursuit;
mod ratio;
mod separation;
mod solve;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod solver_tests;
mod surd;
mod surd_vector;
mod tableau;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod uniqueness;

pub use certificate::{Claims, write_certificate};
pub use definition::holds;
pub use instance::{Instance, Optimum, Solution};
pub use separation::{Separation, distance_squared, separation};
pub use solve::solve;
pub use surd::Surd;
pub use uniqueness::{Uniqueness, uniqueness};
