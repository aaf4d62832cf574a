//! Witnesses: inputs at which the error is measured exactly.

use super::{Claim, Norm};
use crate::arith::{Dyadic, Rational};
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
    // Dyadic numbers need no greatest common divisors; other weights or inputs fall back to rationals.
    let dyadic = Evaluator::<Dyadic>::new(network).ok();
    let rational = if dyadic.is_some() { None } else { Some(Evaluator::<Rational>::new(network)?) };
    let mut best: Option<Witness> = None;
    for input in candidates {
        let Some(wanted) = claim.target.evaluate(input) else { continue };
        let short: Option<Vec<Dyadic>> = input.iter().map(Dyadic::try_from_rational).collect();
        let found = match (&dyadic, &rational, short) {
            (Some(evaluator), _, Some(short)) => evaluator.evaluate(&short)?.iter().map(Dyadic::to_rational).collect(),
            (_, Some(evaluator), _) => evaluator.evaluate(input)?,
            (_, None, _) => Evaluator::<Rational>::new(network)?.evaluate(input)?,
        };
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
    let squares = |x: &[Rational]| x.iter().map(|v| v * v).sum::<Rational>();
    match norm {
        Norm::Maximum => x.iter().map(Rational::abs).max().unwrap_or_default(),
        Norm::Euclidean => squares(x).sqrt_down(64),
        // Relative to targets that are not evaluated here.
        Norm::RelativeEnergy | Norm::RelativeH1 => Rational::zero(),
        Norm::Spectral { rows, columns } => {
            // |E|_2 >= |E v| / |v| for every v; v from a few steps of v -> E^T E v on rounded numbers, starting from
            // the constant vector (which the extremal errors of the theory have as their singular vector).
            let apply = |v: &[Rational]| -> Vec<Rational> {
                (0..rows).map(|i| (0..columns).map(|j| &x[i * columns + j] * &v[j]).sum()).collect()
            };
            let quotient = |v: &[Rational]| squares(&apply(v)).checked_div(&squares(v)).unwrap_or_default();
            let mut v = vec![Rational::one(); columns];
            let mut best = quotient(&v);
            for _ in 0..4 {
                let w = apply(&v);
                let mut next: Vec<Rational> =
                    (0..columns).map(|j| (0..rows).map(|i| &x[i * columns + j] * &w[i]).sum()).collect();
                let largest = next.iter().map(Rational::abs).max().unwrap_or_default();
                let Some(scale) = largest.ceil_log2() else { break };
                next.iter_mut().for_each(|c| *c = c.scale_by_power_of_two(-scale).round_down_to_grid(32));
                best = best.max(quotient(&next));
                v = next;
            }
            best.sqrt_down(64)
        }
    }
}
