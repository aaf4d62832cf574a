//! What can go wrong in a duel.

use super::Place;
use crate::arith::Rational;
use crate::barrier::BarrierError;

/// A duel that is refused, or that ends without a usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DuelError {
    /// A shape the family does not have.
    #[error("a matrix of {rows} rows and {columns} columns is asked for; accepted are 1 <= rows < columns <= {limit}")]
    Shape {
        /// Rows asked for.
        rows: usize,
        /// Columns asked for.
        columns: usize,
        /// The most columns.
        limit: usize,
    },
    /// Data for which the family has no jump.
    #[error("epsilon is {} and y is {}; accepted are 0 <= epsilon < y <= 2^{limit}", short(epsilon), short(height))]
    Height {
        /// The first entry of the right-hand side.
        height: Rational,
        /// The bound on the residual.
        epsilon: Rational,
        /// The binary logarithm of the largest y.
        limit: u32,
    },
    /// A place where there is no entry.
    #[error("{place} is read; there are {rows} rows and {columns} columns, counted from 0")]
    NoEntry {
        /// What was read.
        place: Place,
        /// Rows of the matrix.
        rows: usize,
        /// Columns of the matrix.
        columns: usize,
    },
    /// More readings than are answered.
    #[error("more than {limit} readings")]
    Readings {
        /// The most that are answered.
        limit: u64,
    },
    /// More bits of an entry than are answered.
    #[error("{bits} bits of {place} are asked for; at most {limit} are answered")]
    Bits {
        /// What was read.
        place: Place,
        /// The bits asked for.
        bits: u64,
        /// The most that are answered.
        limit: u64,
    },
    /// An entry that no double is near.
    #[error("{place} is out of the range of doubles")]
    Range {
        /// What was read.
        place: Place,
    },
    /// An answer of another dimension.
    #[error("the answer has {found} entries; {expected} are expected")]
    Dimension {
        /// Entries of the answer.
        found: usize,
        /// Columns of the matrix.
        expected: usize,
    },
    /// An answer that is not made of real numbers.
    #[error("entry {entry} of the answer is {value}, which is no number")]
    NotFinite {
        /// The entry, from 0.
        entry: usize,
        /// What it is.
        value: String,
    },
    /// A solver that says itself that it has no answer.
    #[error("{solver} gives up: {status}")]
    GaveUp {
        /// The solver.
        solver: String,
        /// What it says.
        status: String,
    },
    /// A problem that a solver does not take.
    #[error("{solver} does not take {rows} rows with epsilon above 0; accepted are one row, or epsilon 0")]
    Unsuitable {
        /// The solver.
        solver: String,
        /// Rows of the matrix.
        rows: usize,
    },
    /// An external program that broke off the duel.
    #[error("the program {reason}")]
    Program {
        /// What it did, as the end of a sentence.
        reason: String,
    },
    /// An external program that does not start.
    #[error("the program {program} does not start: {reason}")]
    NotStarted {
        /// The program.
        program: String,
        /// What the system says.
        reason: String,
    },
    /// Bad data.
    #[error(transparent)]
    Barrier(#[from] BarrierError),
}

fn short(x: &Rational) -> String {
    x.to_string().chars().take(60).collect()
}
