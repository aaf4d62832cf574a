//! From a ReLU network on a box to a spiking network.

use core::fmt;

use super::coding::Coding;
use super::error::SpikingError;
use super::network::SpikingNetwork;
use super::relay::{Relay, Row};
use crate::arith::Rational;
use crate::certify::Line;
use crate::network::{Layer, Layered, Unrolled};

/// The most weights of a ReLU network that is converted.
const MAX_WEIGHTS: u128 = 1 << 24;

/// How a hidden layer x -> relu(W x + b) becomes layers of spiking neurons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FromReluMethod {
    /// z = W x + b, then -z, then relu(-(-z)): three layers.
    Published,
    /// z = -(W x + b), then relu(-z): two layers.
    #[default]
    Compact,
}

impl FromReluMethod {
    /// The methods.
    pub const ALL: [Self; 2] = [Self::Published, Self::Compact];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Compact => "compact",
        }
    }
}

impl fmt::Display for FromReluMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Converts a ReLU network into a spiking network with the same values on a box.
///
/// # Statement
/// Let R be the function of the ReLU network with L layers of widths N_0, .., N_L. For every x in the box, with input i
/// firing at x_i and the reference input at 0, output j of the result fires exactly once, at R(x)_j + `output_offset`.
///
/// Proof. `Relay::affine` and `Relay::reflect`, with ranges of all values over the box by interval arithmetic.
///
/// Two layers for one ReLU are necessary: no network of one layer of neurons without windows realises
/// x -> relu(x) + constant on an interval that holds \[a, 0\] and numbers above 0, whatever its reference inputs are. For
/// let the output fire at T for all x in \[a, 0\], and let w != 0 and d belong to the synapse from x. The potential at T is
/// the threshold for all these x, and only the response w (T - x - d)^+ depends on x, so it is 0: a + d >= T. For x > 0 the
/// spike arrives later still, so nothing changes up to T, and the output fires at T, not at T + x; [`super::relu_by_one_layer`]
/// finds the x. With a window that ends, one neuron is enough ([`super::windowed_relu`]).
///
/// # Source
/// SFK24 (published: 3 L - 2 layers and N(R) + L (2 d + 3) - (2 d + 2) neurons for width d). The neurons and thresholds,
/// and the compact method, are ours: the sign is absorbed by the affine layer.
///
/// # Shapes
/// `domain`: one interval (lower, upper) for each input. Inputs N_0 + 1 (the last is the reference), outputs N_L.
///
/// # Size
/// See [`from_relu_size`].
///
/// # Complexity
/// Time and space O(weights + neurons).
///
/// # Exactness
/// Exact, on the box; outside the result is another function.
///
/// # Errors
/// [`SpikingError::Domain`], [`SpikingError::EndsReversed`] for a box that does not fit, [`SpikingError::Network`] beyond
/// 2^24 weights.
pub fn from_relu(
    network: &Layered,
    domain: &[(Rational, Rational)],
    method: FromReluMethod,
) -> Result<SpikingNetwork, SpikingError> {
    convert(network, domain, method).map(|converted| converted.0)
}

/// The spiking network, and a line of its proof for every neuron (FORMAT.md, section 9.1).
pub(super) fn convert(
    network: &Layered,
    domain: &[(Rational, Rational)],
    method: FromReluMethod,
) -> Result<(SpikingNetwork, Vec<Line>), SpikingError> {
    let inputs = network.input_dimension();
    if domain.len() != inputs {
        return Err(SpikingError::Domain { found: domain.len(), expected: inputs });
    }
    if let Some(place) = domain.iter().position(|(lo, hi)| lo > hi) {
        return Err(SpikingError::EndsReversed { position: place + 1 });
    }
    let mut relay = Relay::new(domain.to_vec());
    let last = network.layers().len() - 1;
    for (number, layer) in network.layers().iter().enumerate() {
        if number == last {
            relay.affine(&rows(layer, &Rational::one())?, false);
            continue;
        }
        match method {
            FromReluMethod::Published => {
                relay.affine(&rows(layer, &Rational::one())?, true);
                relay.affine(&flip(relay.dimension()), true);
            }
            FromReluMethod::Compact => relay.affine(&rows(layer, &Rational::from(-1))?, true),
        }
        relay.reflect();
    }
    let (neurons, outputs, output_offset, lines) = relay.finish();
    let spiking = SpikingNetwork::new(inputs + 1, neurons, outputs)?.with_coding(Coding {
        input_offset: Rational::zero(),
        output_offset,
        reference_inputs: vec![(inputs, Rational::zero())],
    })?;
    Ok((spiking, lines))
}

/// Layers and neurons (inputs counted) of the result of [`from_relu`] for a ReLU network of these widths.
///
/// # Statement
/// With L layers, N = N_0 + .. + N_L and H = N_1 + .. + N_(L-1): published 3 L - 2 layers and N + 2 H + 3 L - 2 neurons,
/// which is N + L (2 d + 3) - (2 d + 2) for width d; compact 2 L - 1 layers and N + H + 2 L - 1 neurons, which is
/// N + (L - 1) (d + 2) + 1 for width d.
///
/// Proof. A hidden layer becomes three (two) layers of N_l neurons and a reference neuron each, the last layer one layer
/// without a reference neuron; the inputs get one reference input.
pub fn from_relu_size(widths: &[usize], method: FromReluMethod) -> (usize, usize) {
    let layers = widths.len().saturating_sub(1).max(1);
    let neurons: usize = widths.iter().sum();
    let hidden: usize = widths.iter().take(layers).skip(1).sum();
    match method {
        FromReluMethod::Published => (3 * layers - 2, neurons + 2 * hidden + 3 * layers - 2),
        FromReluMethod::Compact => (2 * layers - 1, neurons + hidden + 2 * layers - 1),
    }
}

/// The rows of a layer, times a sign.
fn rows(layer: &Layer, sign: &Rational) -> Result<Vec<Row>, SpikingError> {
    let (map, bias) = (Unrolled::new(&layer.map, MAX_WEIGHTS)?, Unrolled::new(&layer.bias, MAX_WEIGHTS)?);
    let row = |i: usize| Row {
        entries: map.row(i).map(|(column, weight)| (column, weight * sign)).collect(),
        bias: bias.row(i).map(|(_, weight)| weight * sign).sum(),
    };
    Ok((0..map.rows()).map(row).collect())
}

/// The rows of x -> -x.
fn flip(dimension: usize) -> Vec<Row> {
    (0..dimension).map(|i| Row { entries: vec![(i, Rational::from(-1))], bias: Rational::zero() }).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::coding::evaluate;
    use super::*;
    use crate::evaluate::Evaluator;
    use crate::network::{Block, LinearMap};

    struct Numbers(u64);

    impl Numbers {
        fn between(&mut self, lower: i64, upper: i64) -> i64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            lower + ((self.0 >> 33) % (upper - lower + 1) as u64) as i64
        }
        fn ratio(&mut self, size: i64, denominator: i64) -> Rational {
            Rational::ratio(self.between(-size, size), self.between(1, denominator))
        }
    }

    fn random_network(numbers: &mut Numbers, widths: &[usize]) -> Layered {
        let layer = |pair: &[usize]| {
            let mut matrix = |rows: usize, columns: usize| {
                let rows: Vec<Vec<Rational>> =
                    (0..rows).map(|_| (0..columns).map(|_| numbers.ratio(4, 3)).collect()).collect();
                let rows: Vec<&[Rational]> = rows.iter().map(Vec::as_slice).collect();
                LinearMap::literal(Block::from_rows(&rows))
            };
            Layer { map: matrix(pair[1], pair[0]), bias: matrix(pair[1], 1) }
        };
        Layered::new(widths.windows(2).map(layer).collect()).unwrap()
    }

    /// Compares both networks at corners and at points between.
    fn agree(layered: &Layered, spiking: &SpikingNetwork, domain: &[(Rational, Rational)], points: i64) -> usize {
        let evaluator = Evaluator::<Rational>::new(layered).unwrap();
        let mut numbers = Numbers(11);
        for number in 0..points {
            let x: Vec<Rational> = domain
                .iter()
                .enumerate()
                .map(|(i, (lo, hi))| {
                    let corner = number < 1 << domain.len();
                    let share = if corner {
                        Rational::from(number >> i & 1)
                    } else {
                        Rational::ratio(numbers.between(0, 60), 60)
                    };
                    lo + &((hi - lo) * &share)
                })
                .collect();
            let expected: Vec<Option<Rational>> = evaluator.evaluate(&x).unwrap().into_iter().map(Some).collect();
            assert_eq!(evaluate(spiking, &x).unwrap(), expected, "{x:?}");
        }
        points as usize
    }

    #[test]
    fn random_networks_are_equal_on_their_boxes_and_have_the_stated_sizes() {
        let mut numbers = Numbers(5);
        let mut points = 0;
        for round in 0..60 {
            let layers = numbers.between(1, 4);
            let widths: Vec<usize> = (0..=layers).map(|_| numbers.between(1, 4) as usize).collect();
            let layered = random_network(&mut numbers, &widths);
            let domain: Vec<(Rational, Rational)> = (0..widths[0])
                .map(|_| {
                    let lo = numbers.ratio(5, 2);
                    // A box of one point, once in a while.
                    let length = if round % 7 == 0 { Rational::zero() } else { numbers.ratio(6, 3).abs() };
                    (lo.clone(), lo + length)
                })
                .collect();
            for method in FromReluMethod::ALL {
                let spiking = from_relu(&layered, &domain, method).unwrap();
                assert_eq!((spiking.layers(), spiking.neuron_count()), from_relu_size(&widths, method));
                points += agree(&layered, &spiking, &domain, 40);
            }
        }
        assert!(points >= 4000);
    }

    #[test]
    fn sizes_are_the_published_formula_and_ours() {
        for d in 1..20 {
            for layers in 1..7 {
                let widths = vec![d; layers + 1];
                let neurons = d * (layers + 1);
                let published = neurons + layers * (2 * d + 3) - (2 * d + 2);
                assert_eq!(from_relu_size(&widths, FromReluMethod::Published), (3 * layers - 2, published));
                let compact = neurons + (layers - 1) * (d + 2) + 1;
                assert_eq!(from_relu_size(&widths, FromReluMethod::Compact), (2 * layers - 1, compact));
            }
        }
    }

    #[test]
    fn a_network_of_four_layers_and_width_sixteen() {
        let layered = random_network(&mut Numbers(9), &[16; 5]);
        let domain = vec![(Rational::from(-1), Rational::one()); 16];
        for (method, size) in [(FromReluMethod::Published, (10, 80 + 106)), (FromReluMethod::Compact, (7, 80 + 55))] {
            let spiking = from_relu(&layered, &domain, method).unwrap();
            assert_eq!((spiking.layers(), spiking.neuron_count()), size);
            agree(&layered, &spiking, &domain, 10);
        }
    }

    #[test]
    fn bad_boxes_are_refused() {
        let layered = random_network(&mut Numbers(1), &[2, 2, 1]);
        let interval = |lo: i64, hi: i64| (Rational::from(lo), Rational::from(hi));
        let compact = FromReluMethod::Compact;
        assert!(matches!(
            from_relu(&layered, &[interval(0, 1)], compact),
            Err(SpikingError::Domain { found: 1, expected: 2 })
        ));
        let reversed = from_relu(&layered, &[interval(0, 1), interval(1, 0)], compact);
        assert!(matches!(reversed, Err(SpikingError::EndsReversed { position: 2 })));
    }
}
