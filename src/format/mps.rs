//! Linear programs in the MPS format, read exactly.
//!
//! ```text
//! NAME          EXAMPLE           fixed form: fields start in columns 2, 5, 15, 25, 40 and 50
//! OBJSENSE                        free form: words between blanks, names without blanks
//!     MAX                         (the default is MIN)
//! ROWS
//!  N  COST                        the first N row is the objective, others are dropped
//!  L  LIM1                        L: at most, G: at least, E: equal to the right-hand side
//! COLUMNS
//!     X         COST             1.0   LIM1             1.0
//! RHS
//!     RHS       LIM1             4.0   COST            -2.0    the objective is c . x + 2
//! RANGES
//!     RNG       LIM1             2.5
//! BOUNDS
//!  UP BND       X                4.0
//! ENDATA
//! ```
//!
//! A right-hand side b of the objective adds the constant -b. A range R makes of the row with right-hand side b
//!
//! | type | sign of R | values |
//! |---|---|---|
//! | L | any | from b - \|R\| to b |
//! | G | any | from b to b + \|R\| |
//! | E | not negative | from b to b + R |
//! | E | negative | from b + R to b |
//!
//! Columns lie in [0, infinity) unless bounds say otherwise: LO, UP, FX one end or both; MI no lower, PL no upper, FR
//! none; BV, LI and UI also say that the column is integer. An upper bound below 0 without a lower bound removes the
//! lower bound 0, an upper bound 0 does not; MI leaves the upper end open. So CPLEX and others do; some programs differ.
//!
//! Decimals stand for themselves: `0.1` is 1/10, `1e30` is a large number and no infinity; `inf` in a bound is none.
//! Lines that start with `*` are comments.
//!
//! A text is read in the free form; where that fails, in the fixed form, where names may hold blanks.

mod build;
mod card;
mod error;
#[cfg(test)]
mod tests;

pub use error::{MpsError, Problem};

use crate::programs::LinearProgram;

/// A linear program as a file holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MpsFile {
    /// The name of the program; may be empty.
    pub name: String,
    /// The name of the objective.
    pub objective: String,
    /// The program, its columns continuous.
    pub program: LinearProgram,
    /// The numbers of columns that the file declares integer.
    pub integers: Vec<usize>,
}

/// Reads an MPS text.
///
/// **Exactness.** Exact: decimals stand for themselves.
///
/// # Errors
/// [`MpsError`] with the line; of a text in neither form, that of the form that was followed further.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::programs::{Answer, solve};
/// let text = "ROWS\n N cost\n G sum\nCOLUMNS\n x cost 3 sum 1\n y cost 2 sum 0.5\nRHS\n rhs sum 0.1\nENDATA\n";
/// let file = certinet::format::mps::read(text)?;
/// assert!(matches!(solve(&file.program), Answer::Optimal { value, .. } if value == Rational::ratio(3, 10)));
/// # Ok::<(), certinet::format::mps::MpsError>(())
/// ```
pub fn read(text: &str) -> Result<MpsFile, MpsError> {
    build::read(text, card::Form::Free).or_else(|free| {
        build::read(text, card::Form::Fixed).map_err(|fixed| if fixed.line > free.line { fixed } else { free })
    })
}

/// Words in messages are cut.
fn cut(word: &str) -> String {
    word.chars().take(60).collect()
}
