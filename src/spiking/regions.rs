//! The pieces of the firing time of one neuron.

use super::error::SpikingError;
use super::neuron::Neuron;
use crate::arith::{Integer, Rational};
use crate::polyhedra::Halfspace;

/// The most synapses of a neuron whose pieces are listed.
pub const MAX_SYNAPSES: usize = 24;

/// One piece: the closure of the firing times of the neurons read for which the causal set is S.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiringRegion {
    /// The causal set S: coordinates of the neurons whose spikes arrive before the neuron fires, increasing.
    pub causal_set: Vec<usize>,
    /// A point inside, with all inequalities strict.
    pub interior: Vec<Rational>,
    /// The firing time is gradient . x + offset.
    pub gradient: Vec<Rational>,
    /// See `gradient`.
    pub offset: Rational,
    /// The halfspaces whose intersection the piece is; `None` for a causal set with a negative weight, whose piece need
    /// not be convex.
    pub halfspaces: Option<Vec<Halfspace>>,
}

/// A neuron as the function from the firing times of the neurons it reads (each fires once) to its first firing time.
///
/// # Statement
/// Let x_i be the firing times, a_i = x_i + d_i the arrival times, theta the threshold, all windows infinite. For a set S
/// of neurons with non-zero weights, W_S is the sum of its weights and t_S(x) = (theta + sum_S w_i a_i) / W_S.
///
/// 1. The causal set S = { i : a_i < t, w_i != 0 } of the first firing time t has W_S > 0, and t = t_S(x).
/// 2. Every S with W_S > 0 is the causal set of an open, connected set of x: the pieces are exactly these S.
/// 3. If all weights of S are positive, the closure of its piece is the polyhedron a_i <= t_S(x) for i in S and
///    a_j >= t_S(x) for all other j of non-zero weight.
///
/// So d synapses give at most 2^d - 1 pieces, and exactly as many if and only if all weights are positive; the pieces of
/// a neuron with positive weights are polyhedra.
///
/// Proof. 1. Just before t the potential is the line through the responses of S, of slope W_S. It is below theta before t
/// and theta at t, so W_S > 0, and solving for t gives t_S.
/// 2. Let S arrive at 0 and everything else at 2 theta / W_S. The potential is W_S t on \[0, 2 theta / W_S\] and reaches
/// theta at theta / W_S first; arrivals moved by at most e > 0 change the potential by at most e sum |w_i| up to e, and
/// leave a line of slope W_S afterwards, so for small e the causal set is still S. Connected: from any such x, move the
/// arrivals outside S far away (they arrive after t), then move the arrivals of negative weight in S far back at the same
/// pace. That lowers the potential before t and leaves the slope W_S after the old t: no earlier crossing appears, and
/// S stays causal as long as the outside is further away. At the end the potential falls first and is convex from there
/// on, it comes up to theta once, and S is causal if and only if a_i < t_S for its positive weights: a convex set of
/// arrivals, which the points reached from any two x share.
/// 3. With positive weights the potential of S never falls, so a_i < t_S for i in S gives potential < theta before t_S,
/// and a_j >= t_S for the others makes S causal; conversely these hold by definition.
///
/// # Source
/// SFK24 (the number of pieces and when it is attained), SMK26, Proposition 4.1 (the polyhedra); point 2 for weights of
/// any sign, with its witness and count, is ours.
#[derive(Debug, Clone)]
pub struct FiringRegions {
    sources: Vec<usize>,
    weights: Vec<Rational>,
    delays: Vec<Rational>,
    threshold: Rational,
    /// Coordinates of non-zero weight.
    active: Vec<usize>,
}

impl FiringRegions {
    /// The pieces of a neuron; coordinates are the neurons it reads, by increasing id.
    ///
    /// # Errors
    /// [`SpikingError::Neuron`] for windows that end, and for more than [`MAX_SYNAPSES`] synapses.
    pub fn new(neuron: &Neuron) -> Result<Self, SpikingError> {
        let refuse = |found: String, accepted| SpikingError::Neuron { id: neuron.id, found, accepted };
        if neuron.synapses.len() > MAX_SYNAPSES {
            let found = format!("has {} synapses", neuron.synapses.len());
            return Err(refuse(found, "at most 24 for the list of its regions"));
        }
        if let Some(found) = neuron.no_ramps() {
            return Err(refuse(found.to_owned(), "ramps without an end"));
        }
        let mut synapses: Vec<_> = neuron.synapses.iter().collect();
        synapses.sort_by_key(|synapse| synapse.from);
        let weights: Vec<Rational> = synapses.iter().map(|synapse| synapse.weight.clone()).collect();
        Ok(Self {
            sources: synapses.iter().map(|synapse| synapse.from).collect(),
            delays: synapses.iter().map(|synapse| synapse.delay.clone()).collect(),
            active: (0..weights.len()).filter(|&i| !weights[i].is_zero()).collect(),
            weights,
            threshold: neuron.threshold.clone(),
        })
    }

    /// The ids of the neurons that are read: the coordinates.
    pub fn sources(&self) -> &[usize] {
        &self.sources
    }
    /// The number d of coordinates.
    pub fn dimension(&self) -> usize {
        self.sources.len()
    }
    /// 2^d - 1, which the number of pieces does not exceed.
    pub fn upper_bound(&self) -> Integer {
        Integer::power_of_two(self.dimension() as u64) - Integer::one()
    }

    /// The number of pieces.
    ///
    /// # Complexity
    /// Time O(2^d), each step one sum; constant for positive weights.
    pub fn count(&self) -> u64 {
        if self.active.iter().all(|&i| self.weights[i].is_positive()) {
            return (1 << self.active.len()) - 1;
        }
        // In the order of a Gray code each set differs from the one before in one element.
        let mut sum = Rational::zero();
        let mut members = 0u64;
        let mut count = 0;
        for step in 1..1u64 << self.active.len() {
            let change = step.trailing_zeros();
            let weight = &self.weights[self.active[change as usize]];
            members ^= 1 << change;
            if members >> change & 1 == 1 {
                sum += weight;
            } else {
                sum -= weight;
            }
            count += u64::from(sum.is_positive());
        }
        count
    }

    /// The pieces, one after the other: S counts upwards as a binary number whose lowest digit is the first coordinate.
    ///
    /// # Complexity
    /// O(d^2) numbers a piece; only one piece is held.
    pub fn iter(&self) -> impl Iterator<Item = FiringRegion> {
        (1..1u64 << self.active.len()).filter_map(|members| self.region(members))
    }

    fn region(&self, members: u64) -> Option<FiringRegion> {
        let causal_set: Vec<usize> =
            self.active.iter().enumerate().filter(|(bit, _)| members >> bit & 1 == 1).map(|(_, &i)| i).collect();
        let sum: Rational = causal_set.iter().map(|&i| &self.weights[i]).sum();
        if !sum.is_positive() {
            return None;
        }
        let inverse = sum.recip()?;
        let mut inside = vec![false; self.dimension()];
        for &i in &causal_set {
            inside[i] = true;
        }
        // t_S = gradient . x + offset with x = a - d
        let mut gradient = vec![Rational::zero(); self.dimension()];
        let mut constant = self.threshold.clone();
        for &i in &causal_set {
            gradient[i] = &self.weights[i] * &inverse;
            constant += &self.weights[i] * &self.delays[i];
        }
        // Arrivals 0 on S and 2 theta / W_S elsewhere.
        let far = &self.threshold * &inverse * Rational::from(2);
        let interior = (0..self.dimension()).map(|i| if inside[i] { -&self.delays[i] } else { &far - &self.delays[i] });
        let interior = interior.collect();
        let positive = causal_set.iter().all(|&i| self.weights[i].is_positive());
        let halfspaces = positive.then(|| self.halfspaces(&causal_set, &inside, &sum, &constant));
        Some(FiringRegion { causal_set, interior, gradient, offset: constant * &inverse, halfspaces })
    }

    /// a_i <= t_S on S and a_j >= t_S elsewhere, times W_S; `constant` is theta + sum_S w_i d_i.
    fn halfspaces(&self, causal_set: &[usize], inside: &[bool], sum: &Rational, constant: &Rational) -> Vec<Halfspace> {
        let mut line = vec![Rational::zero(); self.dimension()];
        for &i in causal_set {
            line[i] = self.weights[i].clone();
        }
        let negative: Vec<Rational> = line.iter().map(|w| -w).collect();
        let mut list = Vec::with_capacity(self.active.len());
        for &i in &self.active {
            let delayed = sum * &self.delays[i];
            if inside[i] {
                // W_S (x_i + d_i) - sum_S w x <= constant; nothing is asked of the only element of S.
                if causal_set.len() > 1 {
                    let mut normal = negative.clone();
                    normal[i] = sum - &self.weights[i];
                    list.push(Halfspace::from_rationals(&normal, &(constant - &delayed)));
                }
            } else {
                // sum_S w x + constant <= W_S (x_i + d_i)
                let mut normal = line.clone();
                normal[i] = -sum;
                list.push(Halfspace::from_rationals(&normal, &(&delayed - constant)));
            }
        }
        list
    }

    /// The first firing time and its causal set at these firing times of the neurons read; `None` when it stays silent.
    ///
    /// # Complexity
    /// O(d log d).
    ///
    /// # Exactness
    /// Exact.
    ///
    /// # Errors
    /// [`SpikingError::Inputs`] for another number of times than coordinates.
    pub fn first_spike(&self, times: &[Rational]) -> Result<Option<(Rational, Vec<usize>)>, SpikingError> {
        if times.len() != self.dimension() {
            return Err(SpikingError::Inputs { found: times.len(), expected: self.dimension() });
        }
        let mut order: Vec<(Rational, usize)> = self.active.iter().map(|&i| (&times[i] + &self.delays[i], i)).collect();
        order.sort();
        let (mut slope, mut constant) = (Rational::zero(), self.threshold.clone());
        for (place, (arrival, i)) in order.iter().enumerate() {
            slope += &self.weights[*i];
            constant += &self.weights[*i] * arrival;
            if !slope.is_positive() {
                continue;
            }
            let time = &constant / &slope;
            // The line of this prefix holds up to the next arrival; equal arrivals are taken in together.
            if time > *arrival && order.get(place + 1).is_none_or(|next| time <= next.0) {
                let mut causal_set: Vec<usize> = order[..=place].iter().map(|&(_, i)| i).collect();
                causal_set.sort_unstable();
                return Ok(Some((time, causal_set)));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
