//! What can go wrong when a construction is asked for.

use crate::arith::Rational;
use crate::network::NetworkError;

/// Characters of a long value that a message shows.
const SHOWN: usize = 40;

/// A request that no network of the family meets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConstructError {
    /// A parameter is outside its range.
    #[error("{name} is {found}: accepted is {accepted}")]
    Parameter {
        /// Name of the parameter.
        name: &'static str,
        /// The value found.
        found: String,
        /// The range accepted.
        accepted: String,
    },
    /// The network could not be put together or lowered.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

impl ConstructError {
    /// The error for a parameter outside its range.
    pub fn parameter(name: &'static str, found: impl ToString, accepted: impl Into<String>) -> Self {
        Self::Parameter { name, found: shortened(found.to_string()), accepted: accepted.into() }
    }
}

/// The start of a long text: a message is one line that can be read.
fn shortened(text: String) -> String {
    if text.chars().count() <= SHOWN + 20 {
        return text;
    }
    let start: String = text.chars().take(SHOWN).collect();
    format!("{start}.. ({} characters)", text.chars().count())
}

/// Accepts positive numbers.
pub(super) fn positive(name: &'static str, x: &Rational) -> Result<(), ConstructError> {
    if x.is_positive() { Ok(()) } else { Err(ConstructError::parameter(name, x, "a positive number")) }
}

/// Accepts counts in a range.
pub(super) fn count(name: &'static str, n: usize, lower: usize, upper: usize) -> Result<(), ConstructError> {
    if (lower..=upper).contains(&n) {
        Ok(())
    } else {
        Err(ConstructError::parameter(name, n, format!("an integer from {lower} to {upper}")))
    }
}
