//! What can go wrong with barriers.

use crate::arith::Rational;

/// Characters of a number that a message shows.
const SHOWN: usize = 60;

/// A request about a barrier that is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BarrierError {
    /// A literal of a variable that the formula does not have.
    #[error(
        "clause {clause} has the literal {literal}; accepted are numbers from 1 to {variables} and their negatives"
    )]
    Literal {
        /// The clause, from 1.
        clause: usize,
        /// The literal.
        literal: i32,
        /// The number of variables.
        variables: u32,
    },
    /// More variables than assignments can be numbered for.
    #[error("the formula has {variables} variables; at most {limit} are accepted")]
    Variables {
        /// The variables of the formula.
        variables: u32,
        /// The most that are accepted.
        limit: u32,
    },
    /// A right-hand side that does not fit the matrix.
    #[error("the right-hand side has {entries} entries; the matrix has {rows} rows")]
    Data {
        /// Rows of the matrix.
        rows: usize,
        /// Entries of the right-hand side.
        entries: usize,
    },
    /// A negative bound on the residual.
    #[error("epsilon is {}; accepted are numbers from 0 on", short(epsilon))]
    Epsilon {
        /// What was given.
        epsilon: Rational,
    },
    /// A solver's answer that does not pass the test of its definition.
    #[error("no answer was found that passes the test of its definition; please report the problem")]
    Unverified,
    /// More bits of a number than an oracle knows.
    #[error("{asked} bits of a number are asked for; {limit} are known")]
    Bits {
        /// The bits asked for.
        asked: u64,
        /// The bits that are known.
        limit: u64,
    },
    /// A reading outside the domain of the right-hand side.
    #[error("the solver reads at {}; accepted are numbers from 0 to 1", short(place))]
    Place {
        /// Where it reads.
        place: Rational,
    },
}

fn short(x: &Rational) -> String {
    x.to_string().chars().take(SHOWN).collect()
}
