//! What can be wrong with a Matrix Market text.

/// A text that is no matrix: the line and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct MatrixMarketError {
    /// The line, from 1; 0 where the trouble is with the whole matrix.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a line of a Matrix Market text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The first line is no header.
    #[error(
        "no Matrix Market header: accepted is '%%MatrixMarket matrix array|coordinate real|integer general|symmetric|skew-symmetric'"
    )]
    NoHeader,
    /// A word of the header asks for what is not read.
    #[error("'{word}' matrices are not read: accepted are {accepted}")]
    Unsupported {
        /// The word.
        word: String,
        /// What is read.
        accepted: &'static str,
    },
    /// There is no line of sizes, or another one in its place.
    #[error("no sizes: accepted is {expected} in whole numbers")]
    NoSize {
        /// The form of the line.
        expected: &'static str,
    },
    /// A symmetric matrix with different numbers of rows and columns.
    #[error("a symmetric matrix is {rows}x{columns}: accepted are as many rows as columns")]
    SymmetricNotSquare {
        /// Its rows.
        rows: usize,
        /// Its columns.
        columns: usize,
    },
    /// A matrix that would take more memory than is allowed.
    #[error("a {rows}x{columns} matrix is too large: accepted is up to {} bytes", super::MAX_BYTES)]
    TooLarge {
        /// Rows asked for.
        rows: usize,
        /// Columns asked for.
        columns: usize,
    },
    /// More entries announced than there are places.
    #[error("{entries} entries do not fit a {rows}x{columns} matrix: accepted is one a place")]
    MoreEntriesThanPlaces {
        /// Entries announced.
        entries: usize,
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// More entries announced than the text has room for.
    #[error("{entries} entries are announced, but the text has {bytes} bytes: accepted is one entry a line")]
    TooShort {
        /// Entries announced.
        entries: usize,
        /// Bytes of the text.
        bytes: usize,
    },
    /// A line of entries has the wrong number of words.
    #[error("{found} words: accepted is {accepted}")]
    NoEntry {
        /// Words found; 4 stands for 4 or more.
        found: usize,
        /// The form of the line.
        accepted: &'static str,
    },
    /// An index is no number or outside the matrix.
    #[error("place ({row}, {column}): accepted are rows 1 to {rows} and columns 1 to {columns}")]
    BadIndex {
        /// The row, as written.
        row: String,
        /// The column, as written.
        column: String,
        /// Rows of the matrix.
        rows: usize,
        /// Columns of the matrix.
        columns: usize,
    },
    /// An entry on the wrong side of the diagonal.
    #[error("place ({row}, {column}): accepted are places below the diagonal, and on it unless skew-symmetric")]
    WrongTriangle {
        /// The row, from 1.
        row: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A place is given twice.
    #[error("place ({row}, {column}) is given a second time: accepted is one value a place")]
    Duplicate {
        /// The row, from 1.
        row: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A value is no number.
    #[error("'{word}' is no value: accepted are {accepted}")]
    NoValue {
        /// The word.
        word: String,
        /// What is read.
        accepted: &'static str,
    },
    /// A decimal is beyond the largest double.
    #[error("'{word}' is beyond the doubles: accepted are values up to 1.8e308 in absolute value")]
    BeyondDoubles {
        /// The word.
        word: String,
    },
    /// The text ends early.
    #[error("the text ends after {found} entries: accepted are {expected}")]
    TooFew {
        /// Entries announced.
        expected: usize,
        /// Entries found.
        found: usize,
    },
    /// The text goes on after the last entry.
    #[error("one entry too many: accepted are {expected}")]
    TooMany {
        /// Entries announced.
        expected: usize,
    },
}
