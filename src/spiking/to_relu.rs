//! From a spiking network of positive weights to a ReLU network.

use core::fmt;
use std::sync::Arc;

use super::error::SpikingError;
use super::network::SpikingNetwork;
use super::neuron::Neuron;
use super::regions::FiringRegions;
use crate::arith::Rational;
use crate::certify::rules::{block, spiking as rules};
use crate::certify::{Line, Part};
use crate::construct::{minimum, sorting_network};
use crate::network::{Block, Builder, LinearMap, Network, NetworkError, Value};

/// The most synapses of a neuron that becomes a minimum over all sets.
const MAX_TREE: usize = 16;
/// The most weights of the maps to the candidates of all neurons.
const MAX_WEIGHTS: u128 = 1 << 24;

/// How one spiking neuron becomes a ReLU network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToReluMethod {
    /// The minimum of all t_S by a binary tree: any positive weights.
    Tree,
    /// Arrivals sorted, then a minimum of d sums: equal weights.
    Sorting,
}

impl ToReluMethod {
    /// The methods.
    pub const ALL: [Self; 2] = [Self::Tree, Self::Sorting];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Sorting => "sorting",
        }
    }
}

impl fmt::Display for ToReluMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Converts a spiking network of positive weights, without windows, into a ReLU network.
///
/// # Statement
/// For all x in R^n, when input i fires at x_i, each output fires exactly once, and the ReLU network maps x to these firing
/// times. Every neuron is converted by `method`; without one, by sorting where its weights are equal, else by the tree.
///
/// Proof. With positive weights the potential never falls and rises without bound after the first arrival, so a neuron fires
/// exactly once, at t = min over S of t_S: its causal set S has t = t_S ([`FiringRegions`]); and for every S the potential
/// at t_S is sum over all i of w_i (t_S - a_i)^+ >= sum over S of w_i (t_S - a_i) = theta, so t <= t_S.
/// For equal weights w, t_S = (theta / w + sum_S a_i) / k is smallest for fixed k = |S| at the k smallest arrivals.
///
/// # Source
/// SFK24 states O(l 2^(2 d^3 + 3 d^2 + d)) neurons in l = ceil(log2(d + 1)) + 1 layers, or O(8^d) in O(d); the tree over
/// all t_S and the sorting are ours. ABMM18 for the tree of minima, Knu98 for sorting.
///
/// # Shapes
/// Input \[n\] (all input neurons, reference inputs too), output \[number of outputs\].
///
/// # Size
/// One neuron with d >= 2 synapses: by the tree d + 1 layers and 3 (2^d - 2) + 2 hidden neurons; by sorting
/// O(log^2 d) layers and O(d log^2 d) neurons.
///
/// # Exactness
/// Exact: error 0.
///
/// # Errors
/// [`SpikingError::Neuron`] for weights that are not positive, windows, neurons without synapses, sorting with different
/// weights, and a tree over more than 16 synapses; [`SpikingError::Network`] for too many trees.
pub fn to_relu(network: &SpikingNetwork, method: Option<ToReluMethod>) -> Result<Network, SpikingError> {
    Ok(Conversion::new(network, method)?.network)
}

/// The ReLU network with its proof (FORMAT.md, section 9.2).
pub(super) struct Conversion {
    pub(super) network: Network,
    /// About the networks that are called.
    pub(super) parts: Vec<Part>,
    /// The lines of the section between the first and the last.
    pub(super) lines: Vec<Line>,
}

impl Conversion {
    pub(super) fn new(network: &SpikingNetwork, method: Option<ToReluMethod>) -> Result<Self, SpikingError> {
        let mut builder = Network::builder();
        let input = builder.input(network.inputs());
        let mut times: Vec<Option<Value>> = vec![None; network.neuron_count()];
        let (mut weights, mut parts, mut lines) = (0, Vec::new(), Vec::new());
        for (number, neuron) in network.neurons().iter().enumerate() {
            let (arrivals, equal) = arrivals(network, neuron, &mut builder, input, &times)?;
            let chosen = method.unwrap_or(if equal { ToReluMethod::Sorting } else { ToReluMethod::Tree });
            let refuse = |found: String, accepted| SpikingError::Neuron { id: neuron.id, found, accepted };
            let place = network.inputs() + number;
            // The arrivals, and for each candidate at most d entries and its offset.
            let mut budget = |candidates: u128| {
                weights += (neuron.synapses.len() as u128 + 1) * (candidates + 2);
                let what = "the maps to the candidates of all neurons";
                if weights > MAX_WEIGHTS {
                    return Err(NetworkError::Budget { what, needed: weights, budget: MAX_WEIGHTS });
                }
                Ok(())
            };
            lines.push(rules::arrivals(arrivals, place));
            let time = match chosen {
                ToReluMethod::Sorting if !equal => {
                    return Err(refuse("has different weights".to_owned(), "equal weights for sorting"));
                }
                ToReluMethod::Sorting => {
                    budget(neuron.synapses.len() as u128 + 1)?;
                    let time = sorted(neuron, &mut builder, arrivals, &mut parts)?;
                    lines.push(rules::sorted(time, place));
                    time
                }
                ToReluMethod::Tree if neuron.synapses.len() > MAX_TREE => {
                    let found = format!("has {} synapses", neuron.synapses.len());
                    return Err(refuse(found, "at most 16 for the tree over all sets"));
                }
                ToReluMethod::Tree => {
                    budget(1 << neuron.synapses.len())?;
                    let time = tree(neuron, &mut builder, arrivals, &mut parts)?;
                    lines.push(rules::tree(time, place));
                    time
                }
            };
            times[place] = Some(time);
        }
        let output = output(network, &mut builder, input, &times)?;
        Ok(Self { network: builder.finish(output), parts, lines })
    }
}

/// The vector of the times of the outputs.
fn output(
    network: &SpikingNetwork,
    builder: &mut Builder,
    input: Value,
    times: &[Option<Value>],
) -> Result<Value, SpikingError> {
    let places: Vec<usize> = network.outputs().iter().filter_map(|id| network.place(*id)).collect();
    if let [place] = places[..]
        && let Some(time) = times[place]
    {
        return Ok(time);
    }
    let terms = gather(network.inputs(), &places, input, times)?;
    Ok(builder.affine(&terms, LinearMap::zero(places.len(), 1))?)
}

/// The terms of the vector of the firing times of these places.
fn gather(
    inputs: usize,
    places: &[usize],
    input: Value,
    times: &[Option<Value>],
) -> Result<Vec<(Value, LinearMap)>, SpikingError> {
    let rows = places.len();
    let mut from_inputs = Vec::new();
    let mut terms: Vec<(Value, LinearMap)> = Vec::new();
    for (row, &place) in places.iter().enumerate() {
        match times[place] {
            None => from_inputs.push((row, place, Rational::one())),
            Some(time) => terms.push((time, LinearMap::identity(1).embed(rows, 1, row, 0))),
        }
    }
    if !from_inputs.is_empty() {
        terms.insert(0, (input, LinearMap::literal(Block::new(rows, inputs, from_inputs)?)));
    }
    Ok(terms)
}

/// The vector of the arrival times at a neuron, in the order of its synapses, and whether its weights are equal.
fn arrivals(
    network: &SpikingNetwork,
    neuron: &Neuron,
    builder: &mut Builder,
    input: Value,
    times: &[Option<Value>],
) -> Result<(Value, bool), SpikingError> {
    let refuse = |found: &str, accepted| SpikingError::Neuron { id: neuron.id, found: found.to_owned(), accepted };
    let Some(first) = neuron.synapses.first() else {
        return Err(refuse("has no synapses and never fires", "neurons that read at least one neuron"));
    };
    if neuron.synapses.iter().any(|synapse| !synapse.weight.is_positive()) {
        return Err(refuse("has a weight that is not positive", "positive weights"));
    }
    if let Some(found) = neuron.no_ramps() {
        return Err(refuse(found, "ramps without an end"));
    }
    if neuron.refractory.is_some() {
        return Err(refuse("has a refractory response", "neurons without one"));
    }
    let equal = neuron.synapses.iter().all(|synapse| synapse.weight == first.weight);
    let places = network.place(neuron.id).map_or(&[][..], |place| network.sources(place));
    let terms = gather(network.inputs(), places, input, times)?;
    let delays: Vec<Rational> = neuron.synapses.iter().map(|synapse| synapse.delay.clone()).collect();
    Ok((builder.affine(&terms, LinearMap::vector(&delays))?, equal))
}

/// min over S of t_S, from the arrivals.
fn tree(neuron: &Neuron, builder: &mut Builder, arrivals: Value, parts: &mut Vec<Part>) -> Result<Value, SpikingError> {
    // Regions of the same neuron as a function of its arrivals: coordinates are places, delays are in the arrivals.
    let mut plain = neuron.clone();
    for (place, synapse) in plain.synapses.iter_mut().enumerate() {
        (synapse.from, synapse.delay) = (place, Rational::zero());
    }
    let regions = FiringRegions::new(&plain)?;
    let (mut entries, mut offsets) = (Vec::new(), Vec::new());
    for (row, region) in regions.iter().enumerate() {
        let gradient = region.causal_set.iter().map(|&i| (row, i, region.gradient[i].clone()));
        entries.extend(gradient);
        offsets.push(region.offset);
    }
    let map = LinearMap::literal(Block::new(offsets.len(), neuron.synapses.len(), entries)?);
    let candidates = builder.affine(&[(arrivals, map)], LinearMap::vector(&offsets))?;
    smallest(builder, candidates, offsets.len(), parts)
}

/// The smallest of these numbers.
fn smallest(
    builder: &mut Builder,
    candidates: Value,
    count: usize,
    parts: &mut Vec<Part>,
) -> Result<Value, SpikingError> {
    if count == 1 {
        return Ok(candidates);
    }
    let minimum = minimum(count, None)?;
    parts.extend(minimum.proof.parts);
    Ok(builder.call(1, &minimum.network, &[candidates])?)
}

/// min over k of (theta / w + a_(1) + .. + a_(k)) / k, from the arrivals.
fn sorted(
    neuron: &Neuron,
    builder: &mut Builder,
    arrivals: Value,
    parts: &mut Vec<Part>,
) -> Result<Value, SpikingError> {
    let d = neuron.synapses.len();
    let ratio = neuron.synapses.first().and_then(|synapse| neuron.threshold.checked_div(&synapse.weight));
    let ratio = ratio.unwrap_or_default();
    let sorted = if d == 1 {
        arrivals
    } else {
        let network = Arc::new(sorting_network(d)?);
        parts.push(block::sort(&network, d));
        builder.call(1, &network, &[arrivals])?
    };
    let share = |k: usize| Rational::ratio(1, k as i64);
    let entries = (1..=d).flat_map(|k| (0..k).map(move |i| (k - 1, i, share(k)))).collect();
    let offsets: Vec<Rational> = (1..=d).map(|k| &ratio * &share(k)).collect();
    let map = LinearMap::literal(Block::new(d, d, entries)?);
    let candidates = builder.affine(&[(sorted, map)], LinearMap::vector(&offsets))?;
    smallest(builder, candidates, d, parts)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::coding::evaluate;
    use super::super::neuron::Synapse;
    use super::*;
    use crate::evaluate::{Evaluator, evaluate_graph};

    fn neuron(id: usize, first: usize, threshold: i64, weights: &[i64]) -> Neuron {
        let synapse = |(from, &weight): (usize, &i64)| {
            Synapse::new(first + from, Rational::ratio(weight, 2), Rational::ratio(from as i64 % 3, 2))
        };
        let synapses = weights.iter().enumerate().map(synapse).collect();
        Neuron::new(id, Rational::from(threshold), synapses)
    }

    fn equal_everywhere(spiking: &SpikingNetwork, relu: &Network) {
        let layered = relu.layered().unwrap();
        let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
        for seed in 0..120i64 {
            let entry = |i: i64| Rational::ratio((seed * (i * i + 3 * i + 1) + 5 * i) % 17 - 8, 1 + seed % 3);
            let x: Vec<Rational> = (0..spiking.inputs() as i64).map(entry).collect();
            let expected: Vec<Rational> = evaluate(spiking, &x).unwrap().into_iter().map(Option::unwrap).collect();
            assert_eq!(evaluator.evaluate(&x).unwrap(), expected);
            assert_eq!(evaluate_graph(relu, &[x]).unwrap(), expected);
        }
    }

    #[test]
    fn one_neuron_by_the_tree_and_by_sorting() {
        for d in 1..7usize {
            let weights: Vec<i64> = (0..d as i64).map(|i| 1 + i * i % 5).collect();
            let spiking = SpikingNetwork::new(d, vec![neuron(d, 0, 2, &weights)], vec![d]).unwrap();
            let relu = to_relu(&spiking, Some(ToReluMethod::Tree)).unwrap();
            equal_everywhere(&spiking, &relu);
            if d >= 2 {
                let size = relu.layered().unwrap().size().unwrap();
                assert_eq!((size.layers, size.hidden_neurons(d, 1)), (d + 1, 3 * ((1 << d) - 2) + 2));
                assert!(to_relu(&spiking, Some(ToReluMethod::Sorting)).is_err());
            }
            let spiking = SpikingNetwork::new(d, vec![neuron(d, 0, 2, &vec![3; d])], vec![d]).unwrap();
            for method in [None, Some(ToReluMethod::Sorting), Some(ToReluMethod::Tree)] {
                equal_everywhere(&spiking, &to_relu(&spiking, method).unwrap());
            }
        }
        let wide = SpikingNetwork::new(20, vec![neuron(20, 0, 1, &[1; 20])], vec![20]).unwrap();
        let size = to_relu(&wide, None).unwrap().layered().unwrap().size().unwrap();
        assert!(size.neurons < 2000 && size.layers <= 22, "{size:?}");
        assert!(to_relu(&wide, Some(ToReluMethod::Tree)).is_err());
    }

    #[test]
    fn deep_networks_with_skips() {
        let neurons = vec![
            neuron(3, 0, 1, &[1, 2, 3]),
            neuron(4, 1, 2, &[2, 2]),
            Neuron { id: 9, ..neuron(9, 2, 3, &[1, 4, 2]) },
        ];
        let spiking = SpikingNetwork::new(3, neurons, vec![9, 3, 1]).unwrap();
        equal_everywhere(&spiking, &to_relu(&spiking, None).unwrap());
    }

    #[test]
    fn what_is_no_minimum_is_refused() {
        let with = |change: fn(&mut Neuron)| {
            let mut bad = neuron(2, 0, 1, &[1, 2]);
            change(&mut bad);
            let spiking = SpikingNetwork::new(2, vec![bad], vec![2]).unwrap();
            to_relu(&spiking, None).unwrap_err().to_string()
        };
        assert!(with(|n| n.synapses[1].weight = Rational::from(-1)).contains("a weight that is not positive"));
        let ends = |n: &mut Neuron| {
            n.synapses[0].window = Some(Rational::one());
            n.synapses[1].weight = n.synapses[0].weight.clone();
        };
        assert!(with(ends).contains("has windows that end"));
        assert!(with(|n| n.synapses.clear()).contains("never fires"));
    }
}
