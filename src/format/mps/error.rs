//! What can be wrong with an MPS text.

use crate::programs::ProgramError;

/// A text that is no linear program: the line and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct MpsError {
    /// The line, from 1; the last one where something is missing.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a line of an MPS text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A section that is not read.
    #[error(
        "'{word}' is no section; accepted are NAME, OBJSENSE, ROWS, COLUMNS, RHS, RANGES, BOUNDS and ENDATA, data behind blanks"
    )]
    NoSection {
        /// The word, cut to 60 characters.
        word: String,
    },
    /// A section that comes too early, or a second time.
    #[error("section {section} stands here; accepted is {accepted}")]
    Order {
        /// The section.
        section: &'static str,
        /// What would be accepted.
        accepted: &'static str,
    },
    /// A line of another form than its section has.
    #[error("{found} words; accepted is {accepted}")]
    Form {
        /// Words found.
        found: usize,
        /// The form of a line.
        accepted: &'static str,
    },
    /// A word that is none of a few.
    #[error("'{word}' is {what}; accepted are {accepted}")]
    Word {
        /// The word, cut to 60 characters.
        word: String,
        /// What it is not.
        what: &'static str,
        /// What is read.
        accepted: &'static str,
    },
    /// A name that is not known.
    #[error("there is no {what} '{name}'; accepted are names that {section} lists")]
    Unknown {
        /// "row" or "column".
        what: &'static str,
        /// The name, cut to 60 characters.
        name: String,
        /// Where names are listed.
        section: &'static str,
    },
    /// Something that is given twice.
    #[error("{what} '{name}' is given a second time; accepted is once")]
    Repeated {
        /// What it is.
        what: &'static str,
        /// Its name, cut to 60 characters.
        name: String,
    },
    /// A second set of right-hand sides, ranges or bounds.
    #[error("'{found}' is a second set of {what} besides '{first}'; accepted is one")]
    SecondSet {
        /// What is given.
        what: &'static str,
        /// The first name.
        first: String,
        /// The other name.
        found: String,
    },
    /// A word that is no decimal number.
    #[error("'{word}' is no number; accepted are decimals such as -1.5 or 2e-3, exponents up to 1000")]
    NoNumber {
        /// The word, cut to 60 characters.
        word: String,
    },
    /// There is no objective.
    #[error("ROWS lists no objective; accepted is one row of type N")]
    NoObjective,
    /// The text ends early.
    #[error("the text ends without {missing}")]
    Ends {
        /// What is missing.
        missing: &'static str,
    },
    /// The parts do not make a program.
    #[error(transparent)]
    Program(#[from] ProgramError),
}
