//! How many pieces neurons and layers can have.

use crate::arith::Integer;

/// What is known of the number of pieces of the firing times of m neurons that read the same d neurons, as functions on
/// R^d, all weights positive and windows infinite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerBounds {
    /// No layer has more.
    pub upper: Integer,
    /// Some layer has at least so many.
    pub lower: Integer,
    /// Most pieces when all weights into one neuron, and all neurons, share one ratio of weight to threshold.
    pub shared_weights: Integer,
}

/// Bounds the number of pieces of a layer of positive weights.
///
/// # Statement
/// With k = d (2^(d-1) - 1): upper = min(sum over i < d of C(m k, i), (2^d - 1)^m), lower = C(m - 1, d - 1),
/// shared_weights = (m + 1)^d - m^d.
///
/// Proof of the upper bound. Pieces of the layer are intersections of one piece of each neuron, which gives the power.
/// Walls lie on the hyperplanes a_j = t_S with S not empty and j outside S; for one neuron these are
/// sum over s of C(d, s) (d - s) = d 2^(d-1) - d = k. All of them contain the direction (1, .., 1), so they are m k
/// hyperplanes of a space of d - 1 dimensions, which cut it into at most sum over i <= d - 1 of C(m k, i) parts.
///
/// # Source
/// SMK26, Theorems 4.1 to 4.3 (lower bound and shared weights cited only).
///
/// # Exactness
/// Exact numbers; bounds as their names say.
pub fn layer_bounds(inputs: u32, neurons: u32) -> LayerBounds {
    let (d, m) = (inputs, neurons);
    if d == 0 || m == 0 {
        // No neuron, or neurons that never fire: at most one piece.
        let one = Integer::one();
        return LayerBounds { upper: one.clone(), lower: one.clone(), shared_weights: one };
    }
    let all = Integer::power_of_two(u64::from(d)) - Integer::one();
    let walls = (Integer::power_of_two(u64::from(d - 1)) - Integer::one()) * &Integer::from(d) * &Integer::from(m);
    let parts = (0..d).fold(Integer::zero(), |sum, i| sum + binomial(&walls, i));
    let upper = Ord::min(parts, all.pow(m));
    let lower = Ord::max(binomial(&Integer::from(m - 1), d - 1), Integer::one());
    let shared_weights = Integer::from(u64::from(m) + 1).pow(d) - Integer::from(m).pow(d);
    LayerBounds { upper, lower, shared_weights }
}

/// C(n, k), 0 for n < k.
fn binomial(n: &Integer, k: u32) -> Integer {
    let mut value = Integer::one();
    for i in 0..k {
        let factor = n - &Integer::from(i);
        if factor.signum() <= 0 {
            return Integer::zero();
        }
        // C(n, i) (n - i) is divisible by i + 1.
        value = (value * &factor).div_rem_euclid(&Integer::from(i + 1)).0;
    }
    value
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::neuron::{Neuron, Synapse};
    use super::super::regions::FiringRegions;
    use super::*;
    use crate::arith::Rational;

    #[test]
    fn one_neuron_attains_its_bound() {
        for d in 1..8 {
            let bounds = layer_bounds(d, 1);
            assert_eq!(bounds.shared_weights, Integer::power_of_two(u64::from(d)) - Integer::one());
            assert!(bounds.upper >= bounds.shared_weights && bounds.upper >= bounds.lower);
        }
        assert_eq!(layer_bounds(3, 2).upper, Integer::from(49));
        assert_eq!(layer_bounds(2, 5).upper, Integer::from(11));
        assert_eq!(binomial(&Integer::from(7), 3), Integer::from(35));
        assert_eq!(binomial(&Integer::from(2), 3), Integer::zero());
    }

    #[test]
    fn layers_on_a_grid_keep_to_the_bounds() {
        // Two inputs: x_0 = 0 loses nothing, since a common shift of the inputs shifts the outputs.
        for m in 1..6u32 {
            let neuron = |k: u32| {
                let synapse = |from: usize, delay: i64| Synapse::new(from, Rational::one(), Rational::from(delay));
                Neuron::new(2, Rational::one(), vec![synapse(0, 3 * i64::from(k)), synapse(1, 0)])
            };
            let layer: Vec<FiringRegions> = (0..m).map(|k| FiringRegions::new(&neuron(k)).unwrap()).collect();
            let patterns: BTreeSet<Vec<Vec<usize>>> = (-400..400)
                .map(|n| {
                    let x = [Rational::zero(), Rational::ratio(2 * n + 1, 16)];
                    layer.iter().map(|regions| regions.first_spike(&x).unwrap().unwrap().1).collect()
                })
                .collect();
            // Walls 3 k - 1 and 3 k + 1 of neuron k are apart: 2 m + 1 pieces, the most for d = 2.
            let bounds = layer_bounds(2, m);
            assert_eq!(Integer::from(patterns.len()), bounds.shared_weights);
            assert_eq!(bounds.shared_weights, bounds.upper);
            assert!(bounds.lower <= bounds.upper);
        }
    }
}
