//! A duel with solvers of min |x|_1 subject to |A x - y| <= epsilon: the minimiser jumps, and no solver sees where.
//!
//! | file | object |
//! |---|---|
//! | [`Family`] | problems whose minimiser jumps at s = 0, with exact minimisers |
//! | [`Oracle`] | what a solver may read, and the record of it |
//! | [`duel`] | the adversary: s is chosen after the answer, and agrees with all that was read |
//! | [`exact_data`] | the same solvers on data that are doubles, where nothing is hidden |
//! | [`solvers`] | solvers to try it on |
//!
//! The adversary computes exactly; floats are seen by the solvers only. What a duel shows is about one answer to one
//! problem, and about all answers from readings of the same accuracy. That there is no algorithm is the theorem behind
//! it, which a finite run does not prove.
//!
//! To add a solver, write a file in `solvers` and a line in its table; an outside crate is named in that file only.

mod double;
mod error;
mod exact;
mod family;
mod game;
mod oracle;
pub mod solvers;
#[cfg(test)]
mod tests;

pub use double::{is_double, nearest_double};
pub use error::DuelError;
pub use exact::{EXPONENTS, Trial, exact_data, has_exact_data, shifts, variants, worst};
pub use family::{Family, MAX_COLUMNS, MAX_HEIGHT};
pub use game::{Answer, Duel, Model, Rules, Solver, duel, duel_at};
pub use oracle::{Accuracy, Limits, MOST_BITS, Oracle, Place, Reading};
