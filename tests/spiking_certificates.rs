//! Random conversions: the certificate that the library writes is verified by the checker, and is about the very network.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use certinet::arith::Rational;
use certinet::certify::{Claim, Proof, write_certificate};
use certinet::construct::Construction;
use certinet::format::{layered_json, spiking_json};
use certinet::network::{Block, Layer, Layered, LinearMap, Network};
use certinet::spiking::{
    self, FromReluMethod, Neuron, SpikingNetwork, Synapse, ToReluMethod, computing, spiking_to_relu,
};
use certinet_check::{Verdict, check};

struct Numbers(u64);

impl Numbers {
    fn between(&mut self, lower: i64, upper: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        lower + ((self.0 >> 33) % (upper - lower + 1) as u64) as i64
    }
    fn ratio(&mut self, size: i64, denominator: i64) -> Rational {
        Rational::ratio(self.between(-size, size), self.between(1, denominator))
    }
    fn positive(&mut self) -> Rational {
        Rational::ratio(self.between(1, 6), self.between(1, 4))
    }
}

fn random_layered(numbers: &mut Numbers) -> Layered {
    let widths: Vec<usize> = (0..=numbers.between(1, 4)).map(|_| numbers.between(1, 4) as usize).collect();
    let layers = widths.windows(2).map(|pair| {
        let mut map = |rows: usize, columns: usize| {
            let entry = |numbers: &mut Numbers| {
                // Rows of zeros and single entries happen.
                if numbers.between(0, 2) == 0 { Rational::zero() } else { numbers.ratio(4, 3) }
            };
            let rows: Vec<Vec<Rational>> = (0..rows).map(|_| (0..columns).map(|_| entry(numbers)).collect()).collect();
            LinearMap::literal(Block::from_rows(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>()))
        };
        Layer { map: map(pair[1], pair[0]), bias: map(pair[1], 1) }
    });
    Layered::new(layers.collect()).unwrap()
}

#[test]
fn random_relu_networks_are_proved_equal() {
    let mut numbers = Numbers(17);
    for round in 0..150 {
        let layered = random_layered(&mut numbers);
        let domain = (0..layered.input_dimension()).map(|_| {
            let lo = numbers.ratio(5, 2);
            let length = if round % 7 == 0 { Rational::zero() } else { numbers.positive() };
            (lo.clone(), lo + length)
        });
        let domain: Vec<(Rational, Rational)> = domain.collect();
        for method in FromReluMethod::ALL {
            let built = computing(&Arc::new(Network::from(&layered)), &domain, method).unwrap();
            // The network that was lowered again is the same.
            assert_eq!(built.network.network, spiking::from_relu(&layered, &domain, method).unwrap());
            let (mut certificate, mut file) = (Vec::new(), Vec::new());
            spiking::write_certificate(&built, &mut certificate).unwrap();
            spiking_json::write(&built.network.network, &mut file).unwrap();
            let mut outcome = check(certificate.as_slice()).unwrap();
            outcome.bind(file.as_slice());
            let mut target = Vec::new();
            layered_json::write(&layered, 1 << 20, &mut target).unwrap();
            outcome.bind_target(target.as_slice());
            assert_eq!(outcome.verdict, Verdict::Verified, "{}", String::from_utf8(certificate).unwrap());
            // The spiking network is not its own target.
            outcome.bind_target(file.as_slice());
            assert!(outcome.is_rejected());
        }
    }
}

fn random_spiking(numbers: &mut Numbers) -> SpikingNetwork {
    let inputs = numbers.between(1, 3) as usize;
    let count = numbers.between(1, 4) as usize;
    let neurons = (0..count).map(|k| {
        let equal = (numbers.between(0, 1) == 0).then(|| numbers.positive());
        let mut sources: Vec<usize> = (0..inputs + k).collect();
        while sources.len() > 5 || (sources.len() > 1 && numbers.between(0, 2) == 0) {
            let place = numbers.between(0, sources.len() as i64 - 1) as usize;
            sources.remove(place);
        }
        // The order of synapses is not that of their sources.
        let turn = numbers.between(0, sources.len() as i64 - 1) as usize;
        sources.rotate_left(turn);
        let synapses = sources.into_iter().map(|from| {
            let weight = equal.clone().unwrap_or_else(|| numbers.positive());
            // Ids are not places.
            let from = if from < inputs { from } else { 100 - from };
            Synapse::new(from, weight, Rational::ratio(numbers.between(0, 4), 2))
        });
        let synapses = synapses.collect();
        Neuron::new(100 - inputs - k, numbers.positive(), synapses)
    });
    let neurons: Vec<Neuron> = neurons.collect();
    let mut outputs = vec![neurons[count - 1].id];
    for _ in 0..numbers.between(0, 2) {
        let place = numbers.between(0, (inputs + count) as i64 - 1) as usize;
        outputs.push(if place < inputs { place } else { neurons[place - inputs].id });
    }
    SpikingNetwork::new(inputs, neurons, outputs).unwrap()
}

fn text(construction: &Construction, claim: &Claim, proof: &Proof) -> Vec<u8> {
    let size = construction.network.layered().unwrap().size().unwrap();
    let mut certificate = Vec::new();
    write_certificate(&construction.network, claim, &size, proof, &mut certificate).unwrap();
    certificate
}

#[test]
fn random_spiking_networks_are_proved_equal() {
    let mut numbers = Numbers(23);
    for _ in 0..150 {
        let network = random_spiking(&mut numbers);
        for method in [None, Some(ToReluMethod::Tree)] {
            let built = spiking_to_relu(&network, method).unwrap();
            let certificate = text(&built, &built.claim, &built.proof);
            let verdict = check(certificate.as_slice()).unwrap().verdict;
            assert_eq!(verdict, Verdict::Verified, "{}", String::from_utf8(certificate).unwrap());
        }
        // The ReLU network of another spiking network is rejected: one threshold is larger.
        let mut neurons = network.neurons().to_vec();
        let id = neurons[neurons.len() - 1].id;
        neurons.iter_mut().filter(|neuron| neuron.id == id).for_each(|neuron| neuron.threshold += &Rational::one());
        let other = SpikingNetwork::new(network.inputs(), neurons, network.outputs().to_vec()).unwrap();
        let (built, other) = (spiking_to_relu(&network, None).unwrap(), spiking_to_relu(&other, None).unwrap());
        let proof = Proof { spiking: other.proof.spiking, ..built.proof.clone() };
        let certificate = text(&built, &built.claim, &proof);
        assert!(matches!(check(certificate.as_slice()).unwrap().verdict, Verdict::Rejected { .. }));
    }
}
