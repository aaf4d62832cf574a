//! What can go wrong with numbers, with a program's text and in a run.

/// What the field does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// A division by 0.
    #[error("division by zero; accepted are divisors that are not 0")]
    DivisionByZero,
    /// The square root of a negative number.
    #[error("square root of a negative number; accepted are numbers >= 0")]
    NegativeRadicand,
    /// More independent square roots than the limit.
    #[error("more than {limit} independent square roots", limit = super::tower::MAX_ROOTS)]
    Roots,
    /// A number longer than the limit.
    #[error("a number of more than {limit} bits", limit = super::tower::MAX_BITS)]
    Bits,
}

impl FieldError {
    /// Whether a limit was met, as opposed to an operation that has no value.
    pub fn is_limit(self) -> bool {
        matches!(self, Self::Roots | Self::Bits)
    }
}

/// A text that is no number of the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionError {
    /// The text does not follow the grammar.
    #[error(
        "'{text}' is no number at character {position}; accepted are 1/2, 0.1, 2^-20, sqrt(2), and + - * / of these"
    )]
    Form {
        /// The text, cut to 60 characters.
        text: String,
        /// Where it stops to be one, from 1.
        position: usize,
    },
    /// Brackets inside brackets beyond the limit.
    #[error("brackets are nested too deeply; accepted are {limit} levels")]
    Depth {
        /// The limit.
        limit: usize,
    },
    /// An operation in it has no value, or a limit is met.
    #[error("'{text}': {error}")]
    Field {
        /// The text, cut to 60 characters.
        text: String,
        /// What is wrong.
        error: FieldError,
    },
}

/// A text that is no program: the line and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct ProgramError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a line of a program. Words are cut to 60 characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A line that is no instruction.
    #[error(
        "'{line}' is no instruction; accepted are x := y, x := y + z (or - * /), x := sqrt y, if x < 0 goto L, if x = 0 goto L, goto L, output x, halt, real NAMES, index NAMES, words between blanks"
    )]
    NoInstruction {
        /// The line.
        line: String,
    },
    /// A name with other characters, or too long.
    #[error(
        "'{word}' is no name; accepted are up to 60 letters, digits and _, a letter first, and no word of the language"
    )]
    NoName {
        /// The word.
        word: String,
    },
    /// A second meaning for one name.
    #[error("'{name}' is declared twice; accepted is one meaning for a name")]
    Twice {
        /// The name.
        name: String,
    },
    /// A name without a declaration before it.
    #[error("'{name}' is not declared; accepted are names in a line real or index above")]
    Undeclared {
        /// The name.
        name: String,
    },
    /// A word of the wrong kind.
    #[error("'{word}' is no {expected}; accepted are {accepted}")]
    Kind {
        /// The word.
        word: String,
        /// What should stand there.
        expected: &'static str,
        /// What would be accepted.
        accepted: &'static str,
    },
    /// A label that no line has.
    #[error("no line has the label '{label}'; accepted are labels of this program")]
    NoLabel {
        /// The label.
        label: String,
    },
    /// A label behind the last instruction.
    #[error("the label '{label}' stands before no instruction; accepted is an instruction after it")]
    LabelAtEnd {
        /// The label.
        label: String,
    },
    /// A program that can run past its end.
    #[error("the last instruction lets the program run past its end; accepted are halt and goto")]
    OpenEnd,
    /// A program without instructions.
    #[error("there is no instruction; accepted is a program of one at least")]
    Empty,
    /// A text with too many lines.
    #[error("there are more lines than {limit}; accepted are so many")]
    Long {
        /// The limit.
        limit: usize,
    },
}

/// An instruction without a value: the line it stands on and the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct RunError {
    /// The line of the program, from 1.
    pub line: usize,
    /// What happened there.
    pub fault: Fault,
}

/// Why an instruction has no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The field has no value.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A cell outside an array.
    #[error("{array}[{index}] is no cell; accepted are indices from 0 to {limit}")]
    Cell {
        /// The array.
        array: String,
        /// The index.
        index: i64,
        /// The largest index.
        limit: i64,
    },
    /// An index register beyond 64 bits.
    #[error("an index leaves the range of 64 bits; accepted are indices inside it")]
    Index,
}

pub(super) fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}
