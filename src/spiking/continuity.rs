//! Whether the first firing time of a neuron is a continuous function.

use super::error::SpikingError;
use super::neuron::Neuron;
use crate::arith::Rational;

/// Two nearby inputs of one neuron with firing times far apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jump {
    /// The ids of the neurons that are read, increasing: the coordinates of the inputs.
    pub sources: Vec<usize>,
    /// Firing times of the neurons that are read.
    pub input: Vec<Rational>,
    /// The first firing time there.
    pub time: Rational,
    /// Firing times that differ by at most the distance.
    pub near: Vec<Rational>,
    /// The first firing time there is at least this, or the neuron stays silent.
    pub near_time_lower: Rational,
}

/// The answer of [`continuity`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Continuity {
    /// The first firing time is finite and continuous on all of R^d.
    Continuous {
        /// The smallest positive weight minus the sum of the absolute negative weights: the slope of the potential after
        /// the first spike of positive weight is at least this.
        slope_lower: Rational,
    },
    /// It jumps (or becomes infinite) at an input.
    Discontinuous(Jump),
    /// No weight is positive: the neuron never fires.
    Silent,
}

/// Decides whether the first firing time of a neuron without windows is a finite and continuous function of the firing
/// times of the neurons it reads.
///
/// # Statement
/// It is if and only if the smallest positive weight is greater than the sum of the absolute values of the negative
/// weights. Otherwise, for every distance e and every gap g there are inputs that differ by at most e in one norm (the
/// largest difference) whose first firing times differ by at least g, where silence counts as infinitely late; the answer
/// holds such inputs.
///
/// Proof. Let p be the smallest positive weight and B the sum of the absolute negative ones. If p > B, the potential is at
/// most 0 up to the first arrival of positive weight and has a slope of at least p - B > 0 ever after: it comes up to the
/// threshold exactly once. A change of the arrivals by e changes the potential by at most e sum |w_i|, so the firing time
/// moves by at most e sum |w_i| / (p - B). If p <= B, let the spike of weight p arrive at 0, all negative ones at
/// s = theta / p, all other positive ones at s + g. The potential is p t up to s and reaches theta at s: the neuron fires
/// at s. Let the negative ones arrive at s - e instead, with 0 < e < s: the potential rises to p (s - e) < theta, has the
/// slope p - B <= 0 from there to s + g, and the neuron does not fire before s + g.
///
/// # Source
/// SMK26 cites SFK24 for discontinuity with negative weights; the criterion and the witness are ours.
///
/// # Complexity
/// O(d).
///
/// # Exactness
/// Exact.
///
/// # Errors
/// [`SpikingError::Neuron`] for windows that end, [`SpikingError::Parameter`] for a distance or a gap that is not
/// positive.
pub fn continuity(neuron: &Neuron, distance: &Rational, gap: &Rational) -> Result<Continuity, SpikingError> {
    if let Some(found) = neuron.no_ramps() {
        let (found, accepted) = (found.to_owned(), "ramps without an end");
        return Err(SpikingError::Neuron { id: neuron.id, found, accepted });
    }
    for (name, value) in [("the distance", distance), ("the gap", gap)] {
        if !value.is_positive() {
            return Err(SpikingError::Parameter { name, found: value.to_string(), accepted: "a positive number" });
        }
    }
    let mut synapses: Vec<_> = neuron.synapses.iter().collect();
    synapses.sort_by_key(|synapse| synapse.from);
    let positive = synapses.iter().filter(|synapse| synapse.weight.is_positive());
    let Some(smallest) = positive.min_by(|a, b| a.weight.cmp(&b.weight)) else { return Ok(Continuity::Silent) };
    let against: Rational = synapses.iter().map(|synapse| (-&synapse.weight).relu()).sum();
    let slope_lower = &smallest.weight - &against;
    if slope_lower.is_positive() {
        return Ok(Continuity::Continuous { slope_lower });
    }
    let time = &neuron.threshold / &smallest.weight;
    // 0 < e < s
    let shift = distance.clone().min(&time * &Rational::ratio(1, 2));
    let late = &time + gap;
    let arrive = |earlier: &Rational| -> Vec<Rational> {
        let arrival = |from: usize, weight: &Rational| {
            if from == smallest.from {
                Rational::zero()
            } else if weight.is_negative() {
                &time - earlier
            } else {
                late.clone()
            }
        };
        synapses.iter().map(|synapse| arrival(synapse.from, &synapse.weight) - &synapse.delay).collect()
    };
    Ok(Continuity::Discontinuous(Jump {
        sources: synapses.iter().map(|synapse| synapse.from).collect(),
        input: arrive(&Rational::zero()),
        near: arrive(&shift),
        time,
        near_time_lower: late,
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::neuron::Synapse;
    use super::super::regions::FiringRegions;
    use super::*;

    fn neuron(threshold: i64, weights: &[i64]) -> Neuron {
        let synapse = |(from, &weight): (usize, &i64)| {
            Synapse::new(weights.len() - 1 - from, Rational::ratio(weight, 2), Rational::ratio(from as i64, 3))
        };
        let synapses = weights.iter().enumerate().map(synapse).collect();
        Neuron::new(weights.len(), Rational::from(threshold), synapses)
    }

    #[test]
    fn the_criterion_decides_and_its_witness_jumps() {
        let (distance, gap) = (Rational::power_of_two(-20), Rational::from(1000));
        let (mut smooth, mut jumps) = (0, 0);
        for code in 0..6i64.pow(4) {
            let weights: Vec<i64> = (0..4).map(|i| code / 6i64.pow(i) % 6 - 2).collect();
            let neuron = neuron(1 + code % 3, &weights);
            let regions = FiringRegions::new(&neuron).unwrap();
            match continuity(&neuron, &distance, &gap).unwrap() {
                Continuity::Silent => assert!(weights.iter().all(|&w| w <= 0) && regions.count() == 0),
                Continuity::Continuous { slope_lower } => {
                    smooth += 1;
                    // Every set with a positive weight has at least this sum: the slope of each piece.
                    for region in regions.iter() {
                        let of = |i: &usize| &neuron.synapses[3 - i].weight;
                        assert!(region.causal_set.iter().map(of).sum::<Rational>() >= slope_lower);
                    }
                    // Lipschitz, as proved: at most sum |w| / slope times the distance.
                    let sum: Rational = neuron.synapses.iter().map(|synapse| synapse.weight.abs()).sum();
                    let point = |shift: i64| -> Vec<Rational> {
                        (0..4).map(|i| Rational::ratio(code * (i + 2) % 7 + shift * (code % (i + 2)), 3)).collect()
                    };
                    let at = |x: &[Rational]| regions.first_spike(x).unwrap().unwrap().0;
                    let (x, y) = (point(0), point(1));
                    let far = x.iter().zip(&y).map(|(a, b)| (a - b).abs()).max().unwrap();
                    assert!((at(&x) - at(&y)).abs() <= far * &sum / &slope_lower);
                }
                Continuity::Discontinuous(jump) => {
                    jumps += 1;
                    let distances = jump.input.iter().zip(&jump.near).map(|(a, b)| (a - b).abs());
                    let largest = distances.max().unwrap();
                    assert!(largest.is_positive() && largest <= distance);
                    assert_eq!(regions.first_spike(&jump.input).unwrap().unwrap().0, jump.time);
                    assert_eq!(jump.near_time_lower, &jump.time + &gap);
                    let near = regions.first_spike(&jump.near).unwrap();
                    assert!(near.is_none_or(|(time, _)| time >= jump.near_time_lower));
                }
            }
        }
        assert!(smooth > 300 && jumps > 300, "{smooth} {jumps}");
    }

    #[test]
    fn bad_requests_are_refused() {
        let mut bad = neuron(1, &[1, 2]);
        assert!(continuity(&bad, &Rational::zero(), &Rational::one()).is_err());
        assert!(continuity(&bad, &Rational::one(), &Rational::from(-1)).is_err());
        bad.synapses[0].window = Some(Rational::one());
        assert!(continuity(&bad, &Rational::one(), &Rational::one()).is_err());
    }
}
