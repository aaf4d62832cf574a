//! Constructions with spiking networks, and the one of a single neuron.

use std::sync::Arc;

use super::certificate::lines;
use super::coding::evaluate;
use super::error::SpikingError;
use super::minimum::approximate_minimum;
use super::network::SpikingNetwork;
use crate::arith::Rational;
use crate::certify::rules::spiking as rules;
use crate::certify::{Claim, Domain, ErrorKind, Norm, Proof, SpikingPart, Target, Witness};
use crate::construct::{Construction, Parameter, Published};
use crate::network::Network;

/// A spiking network, and the ReLU network that it computes, where there is one.
#[derive(Debug, Clone)]
pub struct SpikingSubject {
    /// What is built; the claim is about it.
    pub network: SpikingNetwork,
    /// The network that the proof compares it with.
    pub relu: Option<Arc<Network>>,
}

/// A spiking network with the claim that its theorem proves.
pub type SpikingConstruction = Construction<SpikingSubject>;

/// One neuron that approximates the minimum; see [`approximate_minimum`].
///
/// # Statement
/// |S(x) - min x| <= (d - 1) theta / (2 d w) for all x in R^d, attained.
///
/// # Source
/// SFK24 (the bound); the checker verifies it by the rule `approximate-minimum` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Inputs d, one output.
///
/// # Size
/// d + 1 neurons, one layer, d synapses.
///
/// # Exactness
/// Exact error, attained.
///
/// # Errors
/// As [`approximate_minimum`].
pub fn spiking_minimum(
    size: usize,
    weight: &Rational,
    threshold: &Rational,
) -> Result<SpikingConstruction, SpikingError> {
    let built = approximate_minimum(size, weight, threshold)?;
    let spiking = SpikingPart { network: lines(&built.network, true), lines: vec![rules::approximate_minimum()] };
    Ok(SpikingConstruction {
        family: "spiking-minimum",
        method: "one-neuron",
        parameters: vec![
            ("size", Parameter::Count(size as u64)),
            ("weight", Parameter::Number(weight.clone())),
            ("threshold", Parameter::Number(threshold.clone())),
        ],
        claim: Claim {
            target: Target::Minimum { size },
            domain: Domain::Space { dimension: size },
            norm: Norm::Maximum,
            error: built.error,
            kind: ErrorKind::Exact,
            derivative_error: None,
        },
        proof: Proof { spiking: Some(spiking), ..Proof::default() },
        network: SpikingSubject { network: built.network, relu: None },
        candidates: vec![built.too_small, built.too_large],
        published: Some(Published {
            source: "SFK24",
            formula: "one neuron of d inputs, error at most (d - 1) theta / (2 d w)".to_owned(),
            layers: Some(1),
            neurons: Some(size as u128 + 1),
            weights: None,
            weights_scale: None,
            layers_scale: None,
        }),
        lower_bound: None,
        size: None,
    })
}

/// The neuron of [`spiking_minimum`] with the largest threshold whose error is at most `error`.
///
/// # Errors
/// As [`spiking_minimum`].
pub fn spiking_minimum_for_error(
    size: usize,
    weight: &Rational,
    error: &Rational,
) -> Result<SpikingConstruction, SpikingError> {
    // (d - 1) theta / (2 d w) = E; with one input every threshold has the error 0.
    let d = Rational::from(size);
    let factor = Rational::from(2) * &d * weight * error;
    let threshold = factor.checked_div(&(d - Rational::one())).unwrap_or_else(Rational::one);
    spiking_minimum(size, weight, &threshold)
}

/// Evaluates a spiking network exactly at the candidates of its construction and returns the one with the largest error.
///
/// # Exactness
/// Lower bound on the supremum of the error over the domain; exact at the input itself.
///
/// # Errors
/// As [`evaluate`].
pub fn measure_spiking(construction: &SpikingConstruction) -> Result<Option<Witness>, SpikingError> {
    let mut best: Option<Witness> = None;
    for input in &construction.candidates {
        let Some(wanted) = construction.claim.target.evaluate(input) else { continue };
        let found: Option<Vec<Rational>> = evaluate(&construction.network.network, input)?.into_iter().collect();
        let Some(found) = found else { continue };
        let error = found.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).max().unwrap_or_default();
        if best.as_ref().is_none_or(|witness| witness.error < error) {
            best = Some(Witness { input: input.clone(), error });
        }
    }
    Ok(best)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_minimum_for_an_error_has_this_error() {
        for size in 1..6 {
            let (weight, error) = (Rational::ratio(3, 2), Rational::ratio(1, 7));
            let built = spiking_minimum_for_error(size, &weight, &error).unwrap();
            let expected = if size == 1 { Rational::zero() } else { error };
            assert_eq!(built.claim.error, expected);
            assert_eq!(measure_spiking(&built).unwrap().unwrap().error, expected);
        }
        assert!(spiking_minimum_for_error(0, &Rational::one(), &Rational::one()).is_err());
    }
}
