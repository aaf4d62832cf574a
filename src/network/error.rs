//! What can go wrong when a network is built, lowered or counted.

/// A network that does not fit together, or a request beyond its budget.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// A map, bias or argument has the wrong dimension.
    #[error("{place}: dimension {found} where {expected} is needed")]
    Dimension {
        /// Where: the operation or the layer.
        place: String,
        /// The dimension that was found.
        found: usize,
        /// The dimension that fits.
        expected: usize,
    },
    /// An operation has the wrong number of arguments.
    #[error("{place}: {found} arguments where {expected} are needed")]
    Arguments {
        /// Where: the operation.
        place: String,
        /// The number that was found.
        found: usize,
        /// The number that fits.
        expected: usize,
    },
    /// An entry lies outside its matrix.
    #[error("entry ({row}, {column}) lies outside a {rows} x {columns} matrix")]
    EntryOutside {
        /// Row of the entry, from 0.
        row: usize,
        /// Column of the entry, from 0.
        column: usize,
        /// Rows of the matrix.
        rows: usize,
        /// Columns of the matrix.
        columns: usize,
    },
    /// Two entries of a matrix share one place, or entries are not sorted by row and column.
    #[error("entry ({row}, {column}) is repeated or out of order: entries are sorted by row, then column")]
    EntryOrder {
        /// Row of the entry, from 0.
        row: usize,
        /// Column of the entry, from 0.
        column: usize,
    },
    /// A listed entry is 0.
    #[error("entry ({row}, {column}) is zero: only non-zero entries are listed")]
    EntryZero {
        /// Row of the entry, from 0.
        row: usize,
        /// Column of the entry, from 0.
        column: usize,
    },
    /// Writing out a structured map would exceed the budget.
    #[error("{what} would write out {needed} entries, the budget is {budget}")]
    Budget {
        /// What was to be written out.
        what: &'static str,
        /// The number of entries needed.
        needed: u128,
        /// The number of entries allowed.
        budget: u128,
    },
    /// A block whose entries are too long over one denominator.
    #[error("the entries of a block take {needed} bits over their common denominator, at most {limit} are allowed")]
    BlockBits {
        /// The bits needed.
        needed: u128,
        /// The bits allowed.
        limit: u128,
    },
    /// A count beyond 128 bits.
    #[error("{what} are at least 2^128, too many to be counted")]
    Uncountable {
        /// What was to be counted.
        what: &'static str,
    },
    /// A weight or bias that is no number.
    #[error("number {index} is not finite: weights and biases are finite")]
    NotFinite {
        /// Which one, from 0, weights before biases.
        index: usize,
    },
    /// A weight or bias that is longer than the precision of its network.
    #[error("layer {layer} holds a number that is no float of 32 bits")]
    NotOfPrecision {
        /// The layer, from 1.
        layer: usize,
    },
    /// A weight that is no double.
    #[error("layer {layer} holds the weight {weight}, which no double equals")]
    NoDouble {
        /// The layer, from 1.
        layer: usize,
        /// The weight, cut to 60 characters.
        weight: String,
    },
    /// A network without layers, or an output that is no value of the network.
    #[error("a network has at least one layer")]
    Empty,
}
