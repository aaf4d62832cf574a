//! Linear programs with rows, columns and bounds, sparse, solved exactly.
//!
//! | file | object |
//! |---|---|
//! | `program` | [`LinearProgram`]: rows, columns, their [`Range`]s, the objective |
//! | `answer`, `check` | [`Answer`] and its test from the definition |
//! | [`solve`](solve()) | the last word: exact simplex pivots from a guessed basis |
//! | `integers` | the program in integers, rows as variables |
//! | `walk` | the simplex method in doubles: guesses a basis, never decides |
//! | `factors`, `field` | sparse elimination over doubles and over the integers modulo a prime |
//! | `lift` | exact solutions of sparse systems: digits modulo powers of a prime, then a proof by multiplication |
//!
//! Floats propose a basis. Whether it is optimal is read off two exact solutions, of the basis and of its transpose,
//! and where it is not, the simplex method goes on with exact numbers. Every answer is multiplied out once more before
//! it is returned.
//!
//! This folder knows nothing of files and of networks. Programs over few variables with many halfspaces, all dense,
//! are `polyhedra`'s. Start at [`solve()`].

mod answer;
mod check;
mod factors;
mod field;
mod integers;
mod lift;
mod program;
mod solve;
#[cfg(test)]
mod tests;
mod walk;

pub use answer::Answer;
pub use program::{Column, LinearProgram, ProgramError, Range, Row, Sense};
pub use solve::solve;
