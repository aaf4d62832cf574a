//! Equality of a spiking network with a ReLU network, or with another spiking network.

use super::coding::{Coding, evaluate};
use super::error::SpikingError;
use super::network::SpikingNetwork;
use super::pieces::{FiringPiece, firing_pieces};
use super::simulate::Spikes;
use crate::arith::Rational;
use crate::evaluate::Evaluator;
use crate::network::Layered;
use crate::polyhedra::{Affine, Agreement, Piece, agrees};

/// Whether a spiking network computes the function of another network on a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum SpikingEquality {
    /// It does, proved for every point of the domain.
    Equal {
        /// The regions on which both functions were compared.
        regions: usize,
    },
    /// It does not.
    Unequal {
        /// A point of the domain at which they differ.
        witness: Vec<Rational>,
        /// The values of the first network there; none where an output does not fire exactly once.
        left: Vec<Option<Rational>>,
        /// The values of the second network there.
        right: Vec<Option<Rational>>,
    },
    /// Not decided.
    Open {
        /// The regions that were compared, without a difference inside any.
        regions: usize,
        /// Why it is not decided, in words.
        why: &'static str,
    },
}

const TOO_MANY: &str = "there are more regions than the limit";
const JUMPS: &str = "they are equal inside every region, but firing times may jump on the boundaries of regions";

/// The inputs of a network as functions of the values: shifted by the coding, reference inputs at their times.
///
/// # Errors
/// None for the networks that [`SpikingNetwork::with_coding`] accepts.
pub fn input_functions(network: &SpikingNetwork) -> Result<Vec<Affine>, SpikingError> {
    let coding = coding(network);
    let free = value_inputs(network);
    let variables: Vec<Affine> = (0..free).map(|i| Affine::variable(free, i).plus(&coding.input_offset)).collect();
    coding.with_references(network.inputs(), &variables, |time| Affine::constant(free, time.clone()))
}

/// The number of inputs that carry values.
pub fn value_inputs(network: &SpikingNetwork) -> usize {
    network.inputs() - coding(network).reference_inputs.len()
}

fn coding(network: &SpikingNetwork) -> Coding {
    network.coding().cloned().unwrap_or_default()
}

/// The values of the outputs as affine functions; `None` where an output does not fire exactly once.
fn values(network: &SpikingNetwork, piece: &FiringPiece) -> Option<Vec<Affine>> {
    let shift = -coding(network).output_offset;
    let value = |id: &usize| match piece.output(network, *id)?.as_slice() {
        [time] => Some(time.plus(&shift)),
        _ => None,
    };
    network.outputs().iter().map(value).collect()
}

/// Decides whether a spiking network and a ReLU network are one function on a box, or on R^n for `None`.
///
/// # Statement
/// `Equal`: for all x of the domain every output fires exactly once, and the values are those of the ReLU network.
/// `Unequal`: the values shown differ; each was evaluated at the witness.
///
/// Proof. The pieces of the spiking network ([`firing_pieces`]), cut by the neurons of the ReLU network, cover the domain, and
/// both are affine on each, the spiking network on its boundary, too, where the pieces are closed.
///
/// # Exactness
/// Exact.
///
/// # Errors
/// Those of [`firing_pieces`], [`SpikingError::Outputs`] for different numbers of outputs.
pub fn equals_relu(
    spiking: &SpikingNetwork,
    relu: &Layered,
    domain: Option<&[(Rational, Rational)]>,
    limit: usize,
) -> Result<SpikingEquality, SpikingError> {
    let (found, expected) = (relu.output_dimension(), spiking.outputs().len());
    if found != expected {
        return Err(SpikingError::Outputs { found, expected });
    }
    if relu.input_dimension() != value_inputs(spiking) {
        return Err(SpikingError::Inputs { found: relu.input_dimension(), expected: value_inputs(spiking) });
    }
    let unequal = |witness: Vec<Rational>| -> Result<SpikingEquality, SpikingError> {
        let left = evaluate(spiking, &witness)?;
        let right = Evaluator::<Rational>::new(relu)?.evaluate(&witness)?.into_iter().map(Some).collect();
        Ok(SpikingEquality::Unequal { witness, left, right })
    };
    let found = firing_pieces(spiking, &input_functions(spiking)?, domain, Spikes::All, limit)?;
    let mut pieces: Vec<(Piece, Vec<Affine>)> = Vec::with_capacity(found.pieces.len());
    for piece in &found.pieces {
        match values(spiking, piece) {
            Some(values) => pieces.push((piece.piece.clone(), values)),
            // The ReLU network has a value everywhere.
            None => return unequal(piece.piece.interior()),
        }
    }
    Ok(match agrees(relu, &pieces, limit)? {
        Agreement::Differs { point } => unequal(point)?,
        Agreement::Open { regions } => SpikingEquality::Open { regions, why: TOO_MANY },
        Agreement::Everywhere { regions } if !found.complete => SpikingEquality::Open { regions, why: TOO_MANY },
        Agreement::Everywhere { regions } if !found.is_closed() => SpikingEquality::Open { regions, why: JUMPS },
        Agreement::Everywhere { regions } => SpikingEquality::Equal { regions },
    })
}

/// Decides whether two spiking networks are one function on a box, or on R^n for `None`; silence equals silence.
///
/// # Statement
/// As [`equals_relu`]: `Equal` says that the values agree everywhere, an output that has no value having none in both.
///
/// # Exactness
/// Exact.
///
/// # Errors
/// As [`equals_relu`].
pub fn equals_spiking(
    left: &SpikingNetwork,
    right: &SpikingNetwork,
    domain: Option<&[(Rational, Rational)]>,
    limit: usize,
) -> Result<SpikingEquality, SpikingError> {
    let (found, expected) = (right.outputs().len(), left.outputs().len());
    if found != expected {
        return Err(SpikingError::Outputs { found, expected });
    }
    if value_inputs(right) != value_inputs(left) {
        return Err(SpikingError::Inputs { found: value_inputs(right), expected: value_inputs(left) });
    }
    let both = side_by_side(left, right)?;
    let functions = input_functions(left)?.into_iter().chain(input_functions(right)?).collect::<Vec<_>>();
    let found = firing_pieces(&both, &functions, domain, Spikes::All, limit)?;
    let (a, b) = (coding(left).output_offset, coding(right).output_offset);
    let value = |piece: &FiringPiece, id: usize, shift: &Rational| match piece.output(&both, id).map(Vec::as_slice) {
        Some([time]) => Some(time.plus(&-shift)),
        _ => None,
    };
    let outputs: Vec<(usize, usize)> =
        (0..expected).map(|i| (both.outputs()[i], both.outputs()[expected + i])).collect();
    for piece in &found.pieces {
        for &(first, second) in &outputs {
            let witness = match (value(piece, first, &a), value(piece, second, &b)) {
                (Some(f), Some(g)) => agrees_inside(&piece.piece, &f.minus(&g)),
                (None, None) => None,
                _ => Some(piece.piece.interior()),
            };
            if let Some(witness) = witness {
                let (left, right) = (evaluate(left, &witness)?, evaluate(right, &witness)?);
                return Ok(SpikingEquality::Unequal { witness, left, right });
            }
        }
    }
    let regions = found.pieces.len();
    Ok(match (found.complete, found.is_closed()) {
        (false, _) => SpikingEquality::Open { regions, why: TOO_MANY },
        (true, false) => SpikingEquality::Open { regions, why: JUMPS },
        (true, true) => SpikingEquality::Equal { regions },
    })
}

/// A point strictly inside at which a difference is not 0; `None` when it is 0 everywhere.
fn agrees_inside(piece: &Piece, difference: &Affine) -> Option<Vec<Rational>> {
    use crate::polyhedra::Sign;
    match piece.sign(difference) {
        Sign::Zero => None,
        Sign::Both(parts) => Some(parts.1.interior()),
        Sign::Positive | Sign::Negative => Some(piece.interior()),
    }
}

/// Two networks as one, the inputs and outputs of the first before those of the second.
fn side_by_side(left: &SpikingNetwork, right: &SpikingNetwork) -> Result<SpikingNetwork, SpikingError> {
    let inputs = left.inputs() + right.inputs();
    let total = inputs + left.neurons().len() + right.neurons().len();
    let mut neurons = Vec::with_capacity(total - inputs);
    let mut outputs = Vec::new();
    for (network, first_input, first_neuron) in
        [(left, 0, inputs), (right, left.inputs(), inputs + left.neurons().len())]
    {
        let id = |old: usize| match network.place(old) {
            Some(place) if place < network.inputs() => first_input + place,
            Some(place) => first_neuron + place - network.inputs(),
            // Networks name neurons of their own only.
            None => old,
        };
        for neuron in network.neurons() {
            let mut neuron = neuron.clone();
            neuron.id = id(neuron.id);
            neuron.synapses.iter_mut().for_each(|synapse| synapse.from = id(synapse.from));
            neurons.push(neuron);
        }
        outputs.extend(network.outputs().iter().map(|&old| id(old)));
    }
    SpikingNetwork::new(inputs, neurons, outputs)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::from_relu::{FromReluMethod, from_relu};
    use super::super::minimum::{approximate_minimum, double_kink, windowed_relu};
    use super::super::to_relu::to_relu;
    use super::*;
    use crate::network::{Layer, LinearMap};

    fn interval(lo: i64, hi: i64) -> Vec<(Rational, Rational)> {
        vec![(Rational::from(lo), Rational::from(hi))]
    }

    fn relu() -> Layered {
        let layer = || Layer { map: LinearMap::identity(1), bias: LinearMap::zero(1, 1) };
        Layered::new(vec![layer(), layer()]).unwrap()
    }

    #[test]
    fn conversions_are_equal_and_others_are_not() {
        let domain = interval(-2, 3);
        let published = from_relu(&relu(), &domain, FromReluMethod::Published).unwrap();
        let compact = from_relu(&relu(), &domain, FromReluMethod::Compact).unwrap();
        for network in [&published, &compact] {
            let equal = equals_relu(network, &relu(), Some(&domain), 100).unwrap();
            assert!(matches!(equal, SpikingEquality::Equal { regions } if regions >= 2), "{equal:?}");
        }
        let equal = equals_spiking(&published, &compact, Some(&domain), 100).unwrap();
        assert!(matches!(equal, SpikingEquality::Equal { .. }), "{equal:?}");
        // Another function, and a limit.
        let kink = double_kink(&Rational::one()).unwrap();
        for unequal in [
            equals_relu(&kink, &relu(), Some(&domain), 100).unwrap(),
            equals_spiking(&compact, &kink, Some(&domain), 100).unwrap(),
        ] {
            let SpikingEquality::Unequal { witness, left, right } = unequal else { panic!("{unequal:?}") };
            assert!(left != right && witness[0] >= domain[0].0 && witness[0] <= domain[0].1);
        }
        let open = equals_relu(&compact, &relu(), Some(&domain), 1).unwrap();
        assert!(matches!(open, SpikingEquality::Open { why: TOO_MANY, .. }), "{open:?}");
    }

    #[test]
    fn windows_leave_boundaries_open() {
        let network = windowed_relu(&Rational::from(3)).unwrap();
        let open = equals_relu(&network, &relu(), Some(&interval(-4, 3)), 100).unwrap();
        assert!(matches!(open, SpikingEquality::Open { why: JUMPS, .. }), "{open:?}");
        // Beyond its bound the neuron is no ReLU.
        let unequal = equals_relu(&network, &relu(), Some(&interval(-4, 9)), 100).unwrap();
        assert!(matches!(unequal, SpikingEquality::Unequal { .. }), "{unequal:?}");
    }

    #[test]
    fn firing_times_are_relu_networks_on_all_of_space() {
        for d in 1..5usize {
            let mut spiking = approximate_minimum(d, &Rational::from(2), &Rational::one()).unwrap().network;
            let mut coding = spiking.coding().unwrap().clone();
            coding.output_offset = Rational::zero();
            spiking = spiking.with_coding(coding).unwrap();
            let relu = to_relu(&spiking, None).unwrap().layered().unwrap();
            let equal = equals_relu(&spiking, &relu, None, 100_000).unwrap();
            assert!(matches!(equal, SpikingEquality::Equal { regions } if regions >= (1 << d) - 1), "{equal:?}");
        }
        assert!(equals_relu(&double_kink(&Rational::one()).unwrap(), &relu(), Some(&interval(0, 1)), 9).is_ok());
        assert!(
            equals_relu(&approximate_minimum(2, &Rational::one(), &Rational::one()).unwrap().network, &relu(), None, 9)
                .is_err()
        );
    }
}
