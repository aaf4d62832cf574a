//! What can be wrong with a question about polyhedra or regions.

use crate::network::NetworkError;

/// A question that does not fit together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolyhedraError {
    /// A point, a halfspace, a domain or a network has the wrong dimension.
    #[error("{what} has dimension {found} where {expected} is needed")]
    Dimension {
        /// What has it.
        what: &'static str,
        /// The dimension that was found.
        found: usize,
        /// The dimension that fits.
        expected: usize,
    },
    /// A side of a box whose lower end exceeds its upper end.
    #[error("side {side} of the domain has its lower end above its upper end")]
    EndsReversed {
        /// The side, from 1.
        side: usize,
    },
    /// A side of a box without length, where regions of full dimension are asked for.
    #[error("side {side} of the domain has no length, and so no region in it has full dimension")]
    Flat {
        /// The side, from 1.
        side: usize,
    },
    /// A dimension beyond what an algorithm is made for.
    #[error("{what} is computed up to dimension {limit}, not in dimension {found}")]
    TooManyDimensions {
        /// What was to be computed.
        what: &'static str,
        /// The dimension that was found.
        found: usize,
        /// The largest dimension that is accepted.
        limit: usize,
    },
    /// The network cannot be written out.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

/// Accepts a dimension.
pub(super) fn expect_dimension(what: &'static str, found: usize, expected: usize) -> Result<(), PolyhedraError> {
    if found == expected { Ok(()) } else { Err(PolyhedraError::Dimension { what, found, expected }) }
}
