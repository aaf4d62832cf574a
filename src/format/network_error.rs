//! What can go wrong when a network is read or written.

use crate::network::NetworkError;

/// A text that is no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadNetworkError {
    /// The JSON text ends early, is malformed, or holds another value than its place takes.
    #[error("line {line}, column {column}: {problem}")]
    Json {
        /// The line, from 1; 0 when the trouble is with the whole text.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// The path to the value and what is wrong with it, as the JSON reader says it.
        problem: String,
    },
    /// The `format` key names no network format.
    #[error("the format is '{found}': accepted are certinet-structured and certinet-layered")]
    Format {
        /// The format found, cut to 60 characters; empty when the key is missing.
        found: String,
    },
    /// A version that is not read.
    #[error("version {found} is not read: accepted is version 1")]
    Version {
        /// The version found.
        found: u64,
    },
    /// Something is larger than what is read.
    #[error("{place}: {found} {unit}, at most {limit} are accepted")]
    TooLarge {
        /// Where, as a path into the file.
        place: String,
        /// The number found.
        found: u128,
        /// The largest number accepted.
        limit: u128,
        /// What is counted.
        unit: &'static str,
    },
    /// A number that must be at least 1 is 0.
    #[error("{place} is 0: at least 1 is accepted")]
    Zero {
        /// Where, as a path into the file.
        place: String,
    },
    /// Two dimensions that must agree do not.
    #[error("{place} is {found}: accepted is {expected}, as {other} is")]
    Mismatch {
        /// Where, as a path into the file.
        place: String,
        /// The number found.
        found: usize,
        /// The place it must agree with.
        other: String,
        /// The number there.
        expected: usize,
    },
    /// A reference to something that is not listed before.
    #[error("{place} refers to {what} {found}: accepted are 0 to {count} exclusive, what is listed before")]
    Reference {
        /// Where, as a path into the file.
        place: String,
        /// What is referred to.
        what: &'static str,
        /// The number found.
        found: usize,
        /// How many there are before this place.
        count: usize,
    },
    /// A tile reaches outside its matrix, or an axis of it moves nothing.
    #[error("{place}: a tile {problem}: accepted are tiles inside their {rows} x {columns} matrix")]
    Tile {
        /// Where, as a path into the file.
        place: String,
        /// What is wrong with the tile.
        problem: &'static str,
        /// Rows of the matrix.
        rows: usize,
        /// Columns of the matrix.
        columns: usize,
    },
    /// A block's number is no integer, or its denominator is not positive.
    #[error("{place} is {found}: accepted are integers, positive ones as denominators")]
    NoInteger {
        /// Where, as a path into the file.
        place: String,
        /// The number found, cut to 60 characters.
        found: String,
    },
    /// The parts do not fit together.
    #[error("{place}: {error}")]
    Network {
        /// Where, as a path into the file.
        place: String,
        /// What does not fit.
        error: NetworkError,
    },
    /// A file name that tells no format.
    #[error("'{name}' has no known extension: accepted are .json, .layered.json and .onnx")]
    Extension {
        /// The file name, cut to 60 characters.
        name: String,
    },
}

impl ReadNetworkError {
    pub(super) fn network(place: impl Into<String>) -> impl FnOnce(NetworkError) -> Self {
        let place = place.into();
        move |error| Self::Network { place, error }
    }
}

impl From<serde_json::Error> for ReadNetworkError {
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let text = error.to_string();
        // The position is said once, in front.
        let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem);
        let problem = text.replace("EOF while parsing", "the text ends inside").chars().take(300).collect();
        Self::Json { line, column, problem }
    }
}

/// A network that was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteNetworkError {
    /// The written form would exceed its budget.
    #[error("the file would hold {found} {unit}, at most {limit} are allowed")]
    TooLarge {
        /// The number needed.
        found: u128,
        /// The number allowed.
        limit: u128,
        /// What is counted.
        unit: &'static str,
    },
    /// The network could not be lowered or written out.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A slope that ONNX cannot hold.
    #[error("the slope of the activation is {slope}, which no float of 32 bits equals")]
    Slope {
        /// The slope, cut to 60 characters.
        slope: String,
    },
    /// The system failed to write.
    #[error("writing failed ({0})")]
    Io(#[from] std::io::Error),
    /// A file name that tells no format.
    #[error("'{name}' has no known extension: accepted are .layered.json, .json, .onnx and .dot")]
    Extension {
        /// The file name, cut to 60 characters.
        name: String,
    },
}
