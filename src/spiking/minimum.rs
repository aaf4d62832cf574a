//! What one spiking neuron does: almost the minimum, a function that costs a ReLU network four neurons, a ReLU.

use super::coding::Coding;
use super::error::SpikingError;
use super::network::SpikingNetwork;
use super::neuron::{Neuron, Synapse};
use crate::arith::Rational;

/// One neuron that approximates the minimum.
#[derive(Debug, Clone)]
pub struct ApproximateMinimum {
    /// The network; its coding holds the offsets.
    pub network: SpikingNetwork,
    /// The largest error over all of R^d, attained.
    pub error: Rational,
    /// An input with value - min = -error: all numbers equal.
    pub too_small: Vec<Rational>,
    /// An input with value - min = +error: one number far below the others.
    pub too_large: Vec<Rational>,
}

/// Builds one neuron of d inputs whose firing time approximates the minimum.
///
/// # Statement
/// With equal weights w, threshold theta and delays 0 the neuron fires at t with
/// theta / (d w) <= t - min x <= theta / w for all x in R^d, both attained; so with the output offset
/// (d + 1) theta / (2 d w) the value differs from min x by at most (d - 1) theta / (2 d w), attained on both sides.
///
/// Proof. Let m = min x. The potential at t is w sum (t - x_i)^+ <= d w (t - m), with equality when all x_i = m: it is at
/// most theta up to m + theta / (d w). At m + theta / w it is at least w (theta / w) = theta, and exactly that when
/// all other x_i >= m + theta / w. The middle of the interval \[theta / (d w), theta / w\] is the offset, half its length
/// the error.
///
/// # Source
/// SFK24 (the bound); that it is attained on both sides is ours.
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
/// [`SpikingError::Parameter`] for d = 0, or a weight or threshold that is not positive.
pub fn approximate_minimum(
    size: usize,
    weight: &Rational,
    threshold: &Rational,
) -> Result<ApproximateMinimum, SpikingError> {
    let refuse = |name, found: String, accepted| Err(SpikingError::Parameter { name, found, accepted });
    if size == 0 {
        return refuse("the size", size.to_string(), "a positive integer");
    }
    for (name, value) in [("the weight", weight), ("the threshold", threshold)] {
        if !value.is_positive() {
            return refuse(name, value.to_string(), "a positive number");
        }
    }
    let synapses = (0..size).map(|from| Synapse::new(from, weight.clone(), Rational::zero())).collect();
    let neuron = Neuron::new(size, threshold.clone(), synapses);
    let latest = threshold / weight;
    let earliest = &latest / &Rational::from(size);
    let half = Rational::ratio(1, 2);
    let coding = Coding {
        input_offset: Rational::zero(),
        output_offset: (&earliest + &latest) * &half,
        reference_inputs: Vec::new(),
    };
    let mut too_large = vec![latest.clone(); size];
    too_large[0] = Rational::zero();
    Ok(ApproximateMinimum {
        network: SpikingNetwork::new(size, vec![neuron], vec![size])?.with_coding(coding)?,
        error: (latest - &earliest) * &half,
        too_small: vec![Rational::zero(); size],
        too_large,
    })
}

/// Builds one neuron for f(x) = -relu(-x - theta) / 2 - relu(-x + theta) / 2.
///
/// # Statement
/// With weights 1 from x and from a reference input at 0, threshold theta and the output offset theta, the value is f(x)
/// for all real x. Every ReLU network for f has at least four neurons, input and output counted.
///
/// Proof. The firing time is min(x + theta, (x + theta) / 2, theta) ([`super::FiringRegions`]), which is f(x) + theta: f is x
/// up to -theta, (x - theta) / 2 up to theta, and 0 from there on. A ReLU network with one input, one output and at most
/// one hidden neuron has at most two linear pieces, and f has three.
///
/// # Source
/// SFK24.
///
/// # Shapes
/// Inputs: x and the reference input; one output.
///
/// # Size
/// One neuron besides the two inputs.
///
/// # Exactness
/// Exact: error 0.
///
/// # Errors
/// [`SpikingError::Parameter`] for a theta that is not positive.
pub fn double_kink(threshold: &Rational) -> Result<SpikingNetwork, SpikingError> {
    if !threshold.is_positive() {
        let (found, accepted) = (threshold.to_string(), "a positive number");
        return Err(SpikingError::Parameter { name: "the threshold", found, accepted });
    }
    let synapses = (0..2).map(|from| Synapse::new(from, Rational::one(), Rational::zero())).collect();
    let neuron = Neuron::new(2, threshold.clone(), synapses);
    SpikingNetwork::new(2, vec![neuron], vec![2])?.with_coding(Coding {
        input_offset: Rational::zero(),
        output_offset: threshold.clone(),
        reference_inputs: vec![(1, Rational::zero())],
    })
}

/// Builds one neuron for relu(x), x <= B, by a window that ends.
///
/// # Statement
/// With T = B + 1, a synapse from x of weight -1, delay 0 and window T, one from a reference input at 0 of weight 1 and
/// delay B, and threshold 1, the neuron fires exactly once, at T + relu(x), for all x <= B. So the lemma that no layer of
/// spiking neurons realises ReLU ([`super::from_relu`]) needs windows that do not end.
///
/// Proof. The reference contributes (t - B)^+, which is below 1 before T = B + 1 and grows ever after, and x contributes
/// -(t - x) for x <= t <= x + T only. Before T the potential is below 1. If x < 0, the window is over at T: the neuron
/// fires there. If 0 <= x <= B, then for T <= t <= x + T the potential is (t - B) - (t - x) = x - B <= 0 < 1; just after
/// x + T it tends to x + T - B = x + 1 >= 1 and grows: the neuron fires at T + x = inf { t : potential >= 1 }.
///
/// # Source
/// SFK24 states the lemma; the neuron is ours.
///
/// # Shapes
/// Inputs: x and the reference input; one output.
///
/// # Size
/// One neuron besides the two inputs.
///
/// # Exactness
/// Exact for x <= B: error 0. For x > B + 1 the neuron fires at T.
///
/// # Errors
/// [`SpikingError::Parameter`] for B < 0.
pub fn windowed_relu(bound: &Rational) -> Result<SpikingNetwork, SpikingError> {
    if bound.is_negative() {
        let (found, accepted) = (bound.to_string(), "a number from 0 on");
        return Err(SpikingError::Parameter { name: "the bound", found, accepted });
    }
    let time = bound + &Rational::one();
    let inhibit = Synapse { window: Some(time.clone()), ..Synapse::new(0, Rational::from(-1), Rational::zero()) };
    let synapses = vec![inhibit, Synapse::new(1, Rational::one(), bound.clone())];
    let neuron = Neuron::new(2, Rational::one(), synapses);
    SpikingNetwork::new(2, vec![neuron], vec![2])?.with_coding(Coding {
        input_offset: Rational::zero(),
        output_offset: time,
        reference_inputs: vec![(1, Rational::zero())],
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::coding::evaluate;
    use super::*;
    use crate::evaluate::Evaluator;
    use crate::network::{Block, Layer, Layered, LinearMap};

    fn value(network: &SpikingNetwork, x: &[Rational]) -> Rational {
        evaluate(network, x).unwrap().pop().unwrap().unwrap()
    }

    #[test]
    fn the_minimum_is_missed_by_at_most_the_error_which_is_attained() {
        for (size, weight, threshold) in [(1, (1, 1), (2, 1)), (2, (3, 2), (1, 5)), (5, (1, 7), (1, 1))] {
            let (weight, threshold) = (Rational::ratio(weight.0, weight.1), Rational::ratio(threshold.0, threshold.1));
            let built = approximate_minimum(size, &weight, &threshold).unwrap();
            // (d - 1) theta / (2 d w)
            let d = Rational::from(size);
            let error = (&d - &Rational::one()) * &threshold / (Rational::from(2) * d * &weight);
            assert_eq!(built.error, error);
            let miss = |x: &[Rational]| value(&built.network, x) - x.iter().min().unwrap();
            assert_eq!((miss(&built.too_small), miss(&built.too_large)), (-&error, error.clone()));
            for seed in 0..200i64 {
                let entry = |i: i64| Rational::ratio((seed * (i * i + 3 * i + 1) + 5 * i) % 17 - 8, 1 + seed % 9);
                let x: Vec<Rational> = (0..size as i64).map(entry).collect();
                assert!(miss(&x).abs() <= error);
            }
        }
        assert!(approximate_minimum(0, &Rational::one(), &Rational::one()).is_err());
        assert!(approximate_minimum(2, &Rational::zero(), &Rational::one()).is_err());
        assert!(approximate_minimum(2, &Rational::one(), &Rational::from(-1)).is_err());
    }

    #[test]
    fn one_window_that_ends_makes_a_relu() {
        for bound in [Rational::zero(), Rational::ratio(7, 3), Rational::from(20)] {
            let network = windowed_relu(&bound).unwrap();
            for n in 0..400 {
                let x = &bound - &Rational::ratio(n, 7);
                assert_eq!(value(&network, std::slice::from_ref(&x)), x.relu());
            }
            let late = &bound + &Rational::from(2);
            assert!(value(&network, &[late]).is_zero());
        }
        assert!(windowed_relu(&Rational::from(-1)).is_err());
    }

    #[test]
    fn one_spiking_neuron_is_a_relu_network_of_four() {
        let theta = Rational::ratio(3, 2);
        let spiking = double_kink(&theta).unwrap();
        let half = Rational::ratio(-1, 2);
        let layered = Layered::new(vec![
            Layer {
                map: LinearMap::literal(Block::from_ratios(&[[(-1, 1)], [(-1, 1)]])),
                bias: LinearMap::vector(&[-&theta, theta.clone()]),
            },
            Layer { map: LinearMap::literal(Block::from_rows(&[&[half.clone(), half]])), bias: LinearMap::zero(1, 1) },
        ])
        .unwrap();
        assert_eq!(layered.size().unwrap().neurons, 4);
        let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
        for n in -40..40 {
            let x = [Rational::ratio(n, 8)];
            assert_eq!(vec![value(&spiking, &x)], evaluator.evaluate(&x).unwrap());
        }
        assert!(double_kink(&Rational::zero()).is_err());
    }
}
