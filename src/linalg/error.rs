//! What can go wrong in linear algebra.

use crate::arith::Rational;

/// A matrix that does not fit the operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinalgError {
    /// The shapes of two operands do not match.
    #[error(
        "shapes do not match: {operation} of {}x{} and {}x{}", left.0, left.1, right.0, right.1
    )]
    ShapeMismatch {
        /// The operation, as a noun.
        operation: &'static str,
        /// Rows and columns of the left operand.
        left: (usize, usize),
        /// Rows and columns of the right operand; a vector is a matrix of one column.
        right: (usize, usize),
    },
    /// The rows of a matrix have different lengths.
    #[error("row {row} has {found} entries: accepted are {expected}, as in row 0")]
    RaggedRows {
        /// The first row that differs, from 0.
        row: usize,
        /// Its length.
        found: usize,
        /// The length of row 0.
        expected: usize,
    },
    /// An operation for square matrices got another one.
    #[error("the matrix is {rows}x{columns}: accepted are square matrices")]
    NotSquare {
        /// Its rows.
        rows: usize,
        /// Its columns.
        columns: usize,
    },
    /// An operation for matrices with entries got one without.
    #[error("the matrix has no entries: accepted are at least 1 row and 1 column")]
    Empty,
    /// An operation for symmetric matrices got another one.
    #[error("entries ({row}, {column}) and ({column}, {row}) differ: accepted are symmetric matrices")]
    NotSymmetric {
        /// Row of the first entry, row by row, that differs from its mirror image.
        row: usize,
        /// Its column.
        column: usize,
    },
    /// A matrix to be inverted is singular.
    #[error("the matrix is singular: it maps a vector that is not zero to zero")]
    Singular {
        /// A vector x, not 0, with A x = 0.
        kernel: Vec<Rational>,
    },
    /// A matrix to be factored is not positive definite.
    #[error("the matrix is not positive definite: x^T A x = {value} for a vector x that is not zero")]
    NotPositiveDefinite {
        /// A vector x, not 0, with x^T A x <= 0.
        witness: Vec<Rational>,
        /// x^T A x.
        value: Rational,
    },
    /// An entry lies outside the matrix.
    #[error("entry ({row}, {column}) lies outside a {rows}x{columns} matrix")]
    OutOfRange {
        /// Row of the entry, from 0.
        row: usize,
        /// Column of the entry, from 0.
        column: usize,
        /// Rows of the matrix.
        rows: usize,
        /// Columns of the matrix.
        columns: usize,
    },
    /// One place is given twice.
    #[error("entry ({row}, {column}) is given twice: accepted is one value a place")]
    DuplicateEntry {
        /// Row of the entry, from 0.
        row: usize,
        /// Column of the entry, from 0.
        column: usize,
    },
    /// A sparse matrix is given a zero.
    #[error("entry ({row}, {column}) is zero: sparse matrices hold non-zero entries only")]
    ZeroEntry {
        /// Row of the entry, from 0.
        row: usize,
        /// Column of the entry, from 0.
        column: usize,
    },
    /// The columns of a sparse row are not in increasing order.
    #[error("row {row} is not sorted at column {column}: accepted are increasing columns")]
    NotSorted {
        /// The row, from 0.
        row: usize,
        /// The first column that is smaller than the one before it.
        column: usize,
    },
    /// A matrix is beyond what is stored.
    #[error("a {rows}x{columns} matrix is too large: accepted are below 2^32 columns and what fits in memory")]
    TooLarge {
        /// Rows asked for.
        rows: usize,
        /// Columns asked for.
        columns: usize,
    },
}
