//! Conversions from and to ReLU networks as constructions: the claim, its proof, the published bound beside it.

use std::sync::Arc;

use super::certificate::lines;
use super::construction::{SpikingConstruction, SpikingSubject};
use super::error::SpikingError;
use super::from_relu::{FromReluMethod, convert};
use super::network::SpikingNetwork;
use super::neuron::{Neuron, Synapse};
use super::to_relu::{Conversion, ToReluMethod};
use crate::arith::Rational;
use crate::certify::rules::spiking as rules;
use crate::certify::{Claim, Domain, ErrorKind, Line, NetworkTarget, Norm, Part, Proof, SpikingPart, Target};
use crate::construct::{Construction, Parameter, Published};
use crate::network::{Layered, Network};

/// The sizes of SFK24 for a ReLU network of these widths, d the largest.
fn published(widths: &[usize]) -> Published {
    let (layers, neurons) = (widths.len() as u128 - 1, widths.iter().map(|&n| n as u128).sum::<u128>());
    let d = widths.iter().copied().max().unwrap_or(0) as u128;
    Published {
        source: "SFK24",
        formula:
            "3L - 2 layers, N + L(2d + 3) - (2d + 2) neurons for a ReLU network of L layers, N neurons and width d"
                .to_owned(),
        layers: Some(3 * layers - 2),
        // (L - 1)(2d + 3) + 1, so that L = 1 needs no subtraction below 0
        neurons: Some(neurons + (layers - 1) * (2 * d + 3) + 1),
        weights: None,
        weights_scale: None,
        layers_scale: None,
    }
}

fn widths(layered: &Layered) -> Vec<usize> {
    let rows = layered.layers().iter().map(|layer| layer.map.rows());
    std::iter::once(layered.input_dimension()).chain(rows).collect()
}

/// Converts a ReLU network, with the proof that the result is the same function on the box.
///
/// # Statement
/// S(x) = R(x) for all x in the box; see [`from_relu`](super::from_relu()).
///
/// # Source
/// SFK24; the checker verifies it by the section `firing` (`proofs/FORMAT.md`).
///
/// # Shapes
/// As [`from_relu`](super::from_relu()).
///
/// # Size
/// [`from_relu_size`](super::from_relu_size).
///
/// # Exactness
/// Exact: error 0 on the box.
///
/// # Errors
/// As [`from_relu`](super::from_relu()).
pub fn computing(
    relu: &Arc<Network>,
    domain: &[(Rational, Rational)],
    method: FromReluMethod,
) -> Result<SpikingConstruction, SpikingError> {
    let claim = Claim {
        target: Target::Network(NetworkTarget(Arc::clone(relu))),
        domain: Domain::Box(domain.to_vec()),
        norm: Norm::Maximum,
        error: Rational::zero(),
        kind: ErrorKind::Exact,
        derivative_error: None,
    };
    let layered = relu.layered()?;
    let (network, lines_of_neurons) = convert(&layered, domain, method)?;
    let section = section(relu, domain, lines_of_neurons);
    Ok(SpikingConstruction {
        family: "relu-to-spiking",
        method: method.name(),
        parameters: Vec::new(),
        claim,
        proof: Proof {
            spiking: Some(SpikingPart { network: lines(&network, true), lines: section }),
            ..Proof::default()
        },
        network: SpikingSubject { network, relu: Some(Arc::clone(relu)) },
        candidates: Vec::new(),
        published: Some(published(&widths(&layered))),
        lower_bound: None,
        size: None,
    })
}

/// `firing i box ..` .. `conclude`
fn section(relu: &Arc<Network>, domain: &[(Rational, Rational)], neurons: Vec<Line>) -> Vec<Line> {
    let mut section = vec![rules::firing(relu, domain)];
    section.extend(neurons);
    section.push(rules::conclude());
    section
}

/// Converts a construction of a ReLU network on a bounded box: the spiking network has its claim.
///
/// # Statement
/// S(x) = R(x) for all x in the domain of the claim, so that |S(x) - target(x)| has the same bound, attained where
/// that of R is.
///
/// # Source
/// As [`computing`].
///
/// # Shapes
/// As [`computing`].
///
/// # Size
/// [`from_relu_size`](super::from_relu_size) of the widths of the layered form of R.
///
/// # Exactness
/// As the construction.
///
/// # Errors
/// As [`computing`]; [`SpikingError::Parameter`] for a domain that is no bounded box.
pub fn relu_to_spiking(relu: Construction, method: FromReluMethod) -> Result<SpikingConstruction, SpikingError> {
    let domain = match &relu.claim.domain {
        Domain::Box(sides) => sides.clone(),
        Domain::Cube { dimension, lower, upper } => vec![(lower.clone(), upper.clone()); *dimension],
        other => {
            let (found, accepted) = (other.to_string(), "a bounded box");
            return Err(SpikingError::Parameter { name: "the domain", found, accepted });
        }
    };
    let built = computing(&relu.network, &domain, method)?;
    let mut parameters = vec![("of", Parameter::Word(relu.family.to_owned()))];
    parameters.extend(relu.parameters);
    Ok(SpikingConstruction {
        parameters,
        claim: relu.claim,
        proof: Proof { spiking: built.proof.spiking, ..relu.proof },
        candidates: relu.candidates,
        ..built
    })
}

/// Converts a spiking network of positive weights, with the proof that the result computes its firing times.
///
/// # Statement
/// R(x) are the firing times of the outputs, for all x in R^n; see [`to_relu`](super::to_relu()).
///
/// # Source
/// SFK24, and ours; the checker verifies it by the section `times` (`proofs/FORMAT.md`).
///
/// # Shapes
/// As [`to_relu`](super::to_relu()).
///
/// # Size
/// As [`to_relu`](super::to_relu()).
///
/// # Exactness
/// Exact: error 0.
///
/// # Errors
/// As [`to_relu`](super::to_relu()).
pub fn spiking_to_relu(network: &SpikingNetwork, method: Option<ToReluMethod>) -> Result<Construction, SpikingError> {
    let inputs = network.inputs();
    let converted = Conversion::new(network, method)?;
    let relu = Arc::new(converted.network);
    let mut section = vec![rules::times(&relu)];
    section.extend(converted.lines);
    section.push(rules::conclude());
    let mut parts = converted.parts;
    parts.push(Part { network: Arc::clone(&relu), lines: section });
    let spiking = SpikingPart { network: lines(network, false), lines: Vec::new() };
    Ok(Construction {
        family: "spiking-to-relu",
        method: method.map_or("by-neuron", ToReluMethod::name),
        parameters: Vec::new(),
        network: relu,
        claim: Claim {
            target: Target::Spiking { inputs },
            domain: Domain::Space { dimension: inputs },
            norm: Norm::Maximum,
            error: Rational::zero(),
            kind: ErrorKind::Exact,
            derivative_error: None,
        },
        proof: Proof { parts, spiking: Some(spiking), shift: None },
        candidates: Vec::new(),
        published: None,
        lower_bound: None,
        size: None,
    })
}

/// The ReLU network of the firing time of one neuron with these weights, delays 0; without a method by sorting where it fits.
///
/// # Statement
/// As [`spiking_to_relu`].
///
/// # Source
/// As [`spiking_to_relu`].
///
/// # Shapes
/// Input \[d\], output \[1\].
///
/// # Size
/// As [`to_relu`](super::to_relu()).
///
/// # Exactness
/// Exact: error 0.
///
/// # Errors
/// As [`to_relu`](super::to_relu()).
pub fn neuron_to_relu(
    weights: &[Rational],
    threshold: &Rational,
    method: Option<ToReluMethod>,
) -> Result<Construction, SpikingError> {
    let d = weights.len();
    let synapses =
        weights.iter().enumerate().map(|(from, w)| Synapse::new(from, w.clone(), Rational::zero())).collect();
    let neuron = Neuron::new(d, threshold.clone(), synapses);
    let network = SpikingNetwork::new(d, vec![neuron], vec![d])?;
    let equal = weights.iter().all(|w| *w == weights[0]);
    let method = method.unwrap_or(if equal { ToReluMethod::Sorting } else { ToReluMethod::Tree });
    let shown = if equal { Parameter::Number(weights[0].clone()) } else { Parameter::Numbers(weights.to_vec()) };
    Ok(Construction {
        parameters: vec![
            ("size", Parameter::Count(d as u64)),
            (if equal { "weight" } else { "weights" }, shown),
            ("threshold", Parameter::Number(threshold.clone())),
        ],
        published: Some(Published {
            source: "SFK24",
            formula: "L = ceil(log2(d + 1)) + 1 and N = O(L 2^(2 d^3 + 3 d^2 + d)), or L = O(d) and N = O(8^d)"
                .to_owned(),
            // ceil(log2(d + 1)) is the number of bits of d.
            layers: Some(u128::from(usize::BITS - d.leading_zeros()) + 1),
            neurons: None,
            weights: None,
            weights_scale: None,
            layers_scale: None,
        }),
        ..spiking_to_relu(&network, Some(method))?
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::construction::measure_spiking;
    use super::super::from_relu::{from_relu, from_relu_size};
    use super::*;
    use crate::construct::{SquaringMethod, product, squaring};

    #[test]
    fn converted_squares_keep_their_claim_and_attain_it() {
        for method in FromReluMethod::ALL {
            for levels in 1..5 {
                let square = squaring(levels, None, SquaringMethod::Delayed).unwrap();
                let widths = widths(&square.network.layered().unwrap());
                let built = relu_to_spiking(square.clone(), method).unwrap();
                let network = &built.network.network;
                assert_eq!((network.layers(), network.neuron_count()), from_relu_size(&widths, method));
                assert_eq!(built.claim.error, square.claim.error);
                assert_eq!(measure_spiking(&built).unwrap().unwrap().error, square.claim.error);
                // The published sizes are those of the published method with all widths d.
                let published = built.published.unwrap();
                assert_eq!(published.layers, Some(3 * (widths.len() as u128 - 1) - 2));
                assert!(network.neuron_count() as u128 <= published.neurons.unwrap());
            }
        }
        let one = Rational::one();
        let built = relu_to_spiking(product(2, &one, &one).unwrap(), FromReluMethod::Compact).unwrap();
        let domain = vec![(-&one, one.clone()), (-&one, one.clone())];
        let same = from_relu(&built.network.relu.unwrap().layered().unwrap(), &domain, FromReluMethod::Compact);
        assert_eq!(built.network.network, same.unwrap());
    }

    #[test]
    fn domains_that_are_no_boxes_are_refused() {
        let minimum = crate::construct::minimum(2, None).unwrap();
        assert!(matches!(
            relu_to_spiking(minimum, FromReluMethod::Compact),
            Err(SpikingError::Parameter { name: "the domain", .. })
        ));
    }
}
