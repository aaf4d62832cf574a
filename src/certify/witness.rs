//! Witnesses: inputs at which the error is measured exactly.

use super::{Claim, Norm};
use crate::arith::Rational;
use crate::evaluate::{EvaluateError, Evaluator};
use crate::network::Layered;

/// An input of the domain and the error there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The input.
    pub input: Vec<Rational>,
    /// The error at this input: exact in the maximum norm, a lower bound in the others.
    pub error: Rational,
}

/// Evaluates the network exactly at the candidates and returns the one with the largest error.
///
/// # Exactness
/// Lower bound on the supremum of the error over the domain; at the input itself exact in the maximum norm.
///
/// # Errors
/// [`EvaluateError::Dimension`] when a candidate does not fit.
pub fn measure(
    network: &Layered,
    claim: &Claim,
    candidates: &[Vec<Rational>],
) -> Result<Option<Witness>, EvaluateError> {
    let evaluator = Evaluator::<Rational>::new(network);
    let mut best: Option<Witness> = None;
    for input in candidates {
        let Some(wanted) = claim.target.evaluate(input) else { continue };
        let found = evaluator.evaluate(input)?;
        let difference: Vec<Rational> = found.iter().zip(&wanted).map(|(a, b)| a - b).collect();
        let error = norm_lower(claim.norm, &difference);
        if best.as_ref().is_none_or(|witness| witness.error < error) {
            best = Some(Witness { input: input.clone(), error });
        }
    }
    Ok(best)
}

/// A lower bound on the norm, exact in the maximum norm.
fn norm_lower(norm: Norm, x: &[Rational]) -> Rational {
    match norm {
        Norm::Maximum => x.iter().map(Rational::abs).max().unwrap_or_default(),
        Norm::Spectral | Norm::Euclidean => x.iter().map(Rational::abs).max().unwrap_or_default(),
    }
}
