#![allow(clippy::unwrap_used)]

use super::super::coding::Coding;
use super::super::equality::input_functions;
use super::super::from_relu::{FromReluMethod, from_relu};
use super::super::minimum::windowed_relu;
use super::super::neuron::Synapse;
use super::super::numbers::Numbers;
use super::super::regions::FiringRegions;
use super::super::response::Response;
use super::super::simulate::{SimulateOptions, simulate};
use super::*;
use crate::evaluate::Evaluator;
use crate::network::{Block, Layer, Layered, LinearMap};
use crate::polyhedra::{Agreement, agrees};

fn random_network(numbers: &mut Numbers, plain: bool) -> SpikingNetwork {
    let inputs = 1 + numbers.below(3) as usize;
    let mut neurons = Vec::new();
    for id in inputs..inputs + 1 + numbers.below(3) as usize {
        let mut synapses = Vec::new();
        for from in 0..id {
            let mut synapse = Synapse::new(from, numbers.ratio(-2, 4), numbers.ratio(0, 2));
            synapse.window = (!plain && numbers.below(3) == 0).then(|| numbers.ratio(1, 4));
            if !plain && numbers.below(4) == 0 {
                let knots = vec![(Rational::zero(), Rational::zero()), (Rational::one(), numbers.ratio(-2, 3))];
                synapse.shape = Response::new(knots, Rational::zero());
            }
            if numbers.below(4) > 0 {
                synapses.push(synapse);
            }
        }
        neurons.push(Neuron::new(id, Rational::ratio(1 + numbers.below(4) as i64, 2), synapses));
    }
    let last = neurons.last().map_or(0, |neuron| neuron.id);
    SpikingNetwork::new(inputs, neurons, vec![last]).unwrap()
}

/// The firing times of all neurons that count.
fn simulated(network: &SpikingNetwork, inputs: &[Affine], x: &[Rational], spikes: Spikes) -> Vec<Vec<Rational>> {
    let times: Vec<Vec<Rational>> = inputs.iter().map(|input| vec![input.value(x)]).collect();
    let activity = simulate(network, &times, &SimulateOptions { spikes, ..SimulateOptions::default() }).unwrap();
    let ids = (0..network.inputs()).chain(network.neurons().iter().map(|neuron| neuron.id));
    let needed = needed(network);
    ids.zip(needed).map(|(id, needed)| if needed { activity.firing_times(id).unwrap() } else { Vec::new() }).collect()
}

fn promised(piece: &FiringPiece, network: &SpikingNetwork, x: &[Rational]) -> Vec<Vec<Rational>> {
    let needed = needed(network);
    let value = |(times, needed): (&Arc<Vec<Affine>>, bool)| {
        if needed { times.iter().map(|time| time.value(x)).collect() } else { Vec::new() }
    };
    piece.times.iter().zip(needed).map(value).collect()
}

#[test]
fn pieces_hold_what_simulation_finds() {
    let mut numbers = Numbers(11);
    let (mut seen, mut closed, mut several, mut cuts) = (0, 0, 0, 0);
    for round in 0..2000 {
        let plain = round % 2 == 0;
        let network = random_network(&mut numbers, plain);
        let dimension = 1 + numbers.below(2) as usize;
        let inputs: Vec<Affine> = (0..network.inputs())
            .map(|_| Affine {
                gradient: (0..dimension).map(|_| numbers.ratio(-2, 2)).collect(),
                constant: numbers.ratio(-1, 1),
            })
            .collect();
        let domain = vec![(Rational::from(-2), Rational::from(3)); dimension];
        let domain = (round % 3 > 0).then_some(domain.as_slice());
        let spikes = if numbers.below(2) == 0 { Spikes::All } else { Spikes::First };
        let found = firing_pieces(&network, &inputs, domain, spikes, 3000).unwrap();
        assert!(found.complete);
        cuts += found.pieces.len();
        for piece in found.pieces.iter().take(60) {
            let inside = piece.piece.interior();
            let expected = simulated(&network, &inputs, &inside, spikes);
            assert_eq!(promised(piece, &network, &inside), expected, "{network:?} {inside:?}");
            several += usize::from(expected.iter().any(|times| times.len() > 1));
            seen += 1;
            if !piece.closed {
                continue;
            }
            // A point of the boundary, on a random line through the inside.
            let direction: Vec<Rational> = (0..dimension).map(|_| numbers.ratio(-3, 3)).collect();
            let times = piece.piece.facets().into_iter().filter_map(|half| {
                let speed = half.value(&direction);
                speed.is_positive().then(|| half.slack(&inside) / speed)
            });
            if let Some(time) = times.min() {
                let point: Vec<Rational> = inside.iter().zip(&direction).map(|(x, d)| x + &time * d).collect();
                assert_eq!(promised(piece, &network, &point), simulated(&network, &inputs, &point, spikes));
                closed += 1;
            }
        }
        // Points of the domain lie in a piece.
        for _ in 0..20 {
            let x: Vec<Rational> =
                (0..dimension).map(|_| Rational::ratio(numbers.below(5000) as i64 - 2000, 1000)).collect();
            let holds = |piece: &&FiringPiece| piece.piece.facets().iter().all(|half| half.contains(&x));
            assert!(found.pieces.iter().any(|piece| holds(&piece)), "{x:?}");
        }
    }
    assert!(seen > 1000 && closed > 200 && several > 50 && cuts > 2000, "{seen} {closed} {several} {cuts}");
}

#[test]
fn one_neuron_has_the_pieces_of_its_causal_sets() {
    let mut numbers = Numbers(5);
    for round in 0..40usize {
        let d = 1 + round % 4;
        let positive = round % 2 == 0;
        let weight = |numbers: &mut Numbers| if positive { numbers.ratio(1, 5) } else { numbers.ratio(-3, 4) };
        let synapses: Vec<Synapse> =
            (0..d).map(|i| Synapse::new(i, weight(&mut numbers), numbers.ratio(0, 2))).collect();
        let neuron = Neuron::new(d, Rational::one(), synapses);
        let expected = FiringRegions::new(&neuron).unwrap().count() as usize;
        let network = SpikingNetwork::new(d, vec![neuron], vec![d]).unwrap();
        let inputs: Vec<Affine> = (0..d).map(|i| Affine::variable(d, i)).collect();
        let found = firing_pieces(&network, &inputs, None, Spikes::First, 100_000).unwrap();
        assert!(found.complete);
        // Different causal sets have different times; a neuron may also stay silent.
        let silent = found.pieces.iter().any(|piece| piece.times[d].is_empty());
        assert_eq!(found.patterns() - usize::from(silent), expected, "{network:?}");
        assert!(found.is_closed() || !positive);
        if positive {
            assert_eq!(expected, (1 << d) - 1);
        }
    }
}

#[test]
fn a_converted_network_is_the_relu_network_everywhere() {
    let mut numbers = Numbers(3);
    let widths = [2, 3, 3, 1];
    let layer = |w: &[usize], numbers: &mut Numbers| {
        let rows: Vec<Vec<Rational>> = (0..w[1]).map(|_| (0..w[0]).map(|_| numbers.ratio(-3, 3)).collect()).collect();
        let bias: Vec<Rational> = (0..w[1]).map(|_| numbers.ratio(-1, 1)).collect();
        let rows: Vec<&[Rational]> = rows.iter().map(Vec::as_slice).collect();
        Layer { map: LinearMap::literal(Block::from_rows(&rows)), bias: LinearMap::vector(&bias) }
    };
    let relu = Layered::new(widths.windows(2).map(|w| layer(w, &mut numbers)).collect()).unwrap();
    let domain = vec![(Rational::from(-1), Rational::from(1)); 2];
    for method in FromReluMethod::ALL {
        let spiking = from_relu(&relu, &domain, method).unwrap();
        let inputs = input_functions(&spiking).unwrap();
        let found = firing_pieces(&spiking, &inputs, Some(&domain), Spikes::All, 10_000).unwrap();
        assert!(found.complete && found.is_closed());
        let offset = spiking.coding().map(|coding: &Coding| coding.output_offset.clone()).unwrap();
        let values = |shift: &Rational| -> Vec<(Piece, Vec<Affine>)> {
            let output = |piece: &FiringPiece| piece.output(&spiking, spiking.outputs()[0]).unwrap()[0].plus(shift);
            found.pieces.iter().map(|piece| (piece.piece.clone(), vec![output(piece)])).collect()
        };
        let equal = agrees(&relu, &values(&-&offset), 10_000).unwrap();
        assert!(matches!(equal, Agreement::Everywhere { regions } if regions >= found.pieces.len()), "{equal:?}");
        let off = agrees(&relu, &values(&(Rational::one() - offset)), 10_000).unwrap();
        let Agreement::Differs { point } = off else { panic!("{off:?}") };
        assert!(Evaluator::<Rational>::new(&relu).unwrap().evaluate(&point).is_ok());
    }
}

#[test]
fn a_window_that_ends_makes_two_pieces() {
    let network = windowed_relu(&Rational::from(3)).unwrap();
    let domain = [(Rational::from(-5), Rational::from(3))];
    let found = firing_pieces(&network, &input_functions(&network).unwrap(), Some(&domain), Spikes::All, 100).unwrap();
    assert!(found.complete && !found.is_closed());
    assert_eq!(found.distinct_maps(&network), 2);
    assert!(firing_pieces(&network, &[], Some(&domain), Spikes::All, 100).is_err());
    let few = firing_pieces(&network, &input_functions(&network).unwrap(), Some(&domain), Spikes::All, 1).unwrap();
    assert!(!few.complete);
}
