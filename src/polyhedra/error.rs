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
    /// A target that is no polynomial.
    #[error("the target {target} is no polynomial")]
    NoPolynomial {
        /// The target, as a formula.
        target: String,
    },
    /// A target whose degree is beyond what an algorithm is made for.
    #[error("in {variables} variables the error is bounded for targets of degree up to {limit}, not {degree}")]
    Degree {
        /// The number of variables.
        variables: usize,
        /// The degree that was found.
        degree: u32,
        /// The largest degree that is accepted.
        limit: u32,
    },
    /// The network cannot be written out.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

/// Accepts a dimension.
pub(super) fn expect_dimension(what: &'static str, found: usize, expected: usize) -> Result<(), PolyhedraError> {
    if found == expected { Ok(()) } else { Err(PolyhedraError::Dimension { what, found, expected }) }
}
