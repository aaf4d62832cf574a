//! The inverse of I - A: the methods side by side.

use super::error::ConstructError;
use super::{Construction, kprs_inverse, neumann_inverse, newton_schulz_inverse};
use crate::arith::Rational;

/// How (I - A)^-1 is realised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InverseMethod {
    /// The Neumann series as a product of doublings: [`neumann_inverse`].
    ProductForm,
    /// The Newton-Schulz iteration: [`newton_schulz_inverse`].
    NewtonSchulz,
    /// The Neumann series power by power: [`kprs_inverse`].
    Published,
}

impl InverseMethod {
    /// All methods, the default first.
    pub const ALL: [Self; 3] = [Self::ProductForm, Self::NewtonSchulz, Self::Published];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::ProductForm => "product-form",
            Self::NewtonSchulz => "newton-schulz",
            Self::Published => "published",
        }
    }
    /// The source, a key of the bibliography.
    pub fn source(self) -> &'static str {
        match self {
            Self::ProductForm => "certinet",
            Self::NewtonSchulz => "Sch33",
            Self::Published => "KPRS22",
        }
    }
}

/// Builds the network of A -> (I - A)^-1 by a method, for spectral norm |A| <= 1 - delta, within `error`.
///
/// # Errors
/// As the function of the method.
pub fn matrix_inverse(
    size: usize,
    delta: &Rational,
    error: &Rational,
    method: InverseMethod,
) -> Result<Construction, ConstructError> {
    match method {
        InverseMethod::ProductForm => neumann_inverse(size, delta, error),
        InverseMethod::NewtonSchulz => newton_schulz_inverse(size, delta, error),
        InverseMethod::Published => kprs_inverse(size, delta, error),
    }
}
