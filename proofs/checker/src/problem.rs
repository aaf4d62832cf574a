//! What is wrong with a certificate or a file: a sentence, never a panic.

use std::fmt;

/// Why something is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(pub String);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Problem {}

impl Problem {
    /// The problem with the place in front of it.
    pub fn at(self, place: impl fmt::Display) -> Self {
        Self(format!("{place}: {}", self.0))
    }
}

/// An error with this sentence.
pub fn problem<T>(sentence: impl Into<String>) -> Result<T, Problem> {
    Err(Problem(sentence.into()))
}
