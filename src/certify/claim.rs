//! Claims: a network approximates a target on a domain up to an error.

use super::{Domain, Target};
use crate::arith::Rational;

/// The norm in which an error is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Norm {
    /// The largest absolute value over the entries of the output.
    Maximum,
    /// The spectral norm of the output read as a matrix, row by row.
    Spectral {
        /// Rows of the matrix.
        rows: usize,
        /// Columns of the matrix.
        columns: usize,
    },
    /// The 2-norm of the output vector.
    Euclidean,
    /// The energy norm of nodal values over that of the target.
    RelativeEnergy,
    /// The H1 norm of nodal values over that of the target.
    RelativeH1,
}

/// What is known about the error of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The error is the supremum over the domain.
    Exact,
    /// The error is an upper bound of the supremum.
    UpperBound,
}

impl ErrorKind {
    /// The word used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::UpperBound => "bound",
        }
    }
}

/// For all inputs in the domain, the norm of (network - target) is at most the error.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The function that is approximated.
    pub target: Target,
    /// The inputs for which the claim holds.
    pub domain: Domain,
    /// The norm of the error.
    pub norm: Norm,
    /// The error, in the units of the target.
    pub error: Rational,
    /// Whether the error is attained.
    pub kind: ErrorKind,
    /// A bound on the error of every first partial derivative, almost everywhere, where the theory has one.
    pub derivative_error: Option<Rational>,
}
