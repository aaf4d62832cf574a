//! One spiking neuron.

use super::response::Response;
use crate::arith::Rational;

/// A connection from one neuron to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synapse {
    /// The id of the neuron that is read.
    pub from: usize,
    /// The weight w, of any sign.
    pub weight: Rational,
    /// The delay d >= 0: a spike at time s arrives at s + d.
    pub delay: Rational,
    /// The window delta > 0, after which the response is 0; `None` when it never ends.
    pub window: Option<Rational>,
    /// The shape r of the response; `None` for the ramp r(s) = s of the slides.
    pub shape: Option<Response>,
}

impl Synapse {
    /// A synapse without a window, its response a ramp.
    pub fn new(from: usize, weight: Rational, delay: Rational) -> Self {
        Self { from, weight, delay, window: None, shape: None }
    }
    /// Whether the response is a ramp without an end.
    pub fn is_ramp(&self) -> bool {
        self.window.is_none() && self.shape.is_none()
    }

    /// The response to a spike that arrives at time a: w r(t - a) for a <= t <= a + delta, and 0 outside.
    ///
    /// The window is closed: at its end the response is w r(delta), just after it is 0. A ramp therefore starts
    /// continuously and ends with a jump; every response is continuous from the left.
    pub fn response(&self, arrival: &Rational, time: &Rational) -> Rational {
        let age = time - arrival;
        if age.is_negative() || self.window.as_ref().is_some_and(|window| age > *window) {
            return Rational::zero();
        }
        let value = self.shape.as_ref().map_or_else(|| age.clone(), |shape| shape.value(&age));
        value * &self.weight
    }
}

/// A spiking neuron: a threshold and the synapses it reads through.
///
/// # Firing times
/// The potential P(t) is the sum of the responses to all spikes of the neurons that are read. The neuron fires at time t
/// when P < threshold just before t and P comes up to the threshold at t: t = inf { s >= t : P(s) >= threshold }. Firing
/// times are thus the left ends of the intervals on which P >= threshold, one point intervals (P touches the threshold
/// from below) included. This is the t with P(t) = threshold of the slides, and also covers the one case in which that
/// equation has no solution: where the window of an inhibiting spike ends, P jumps up over the threshold and the neuron
/// fires at the end of that window.
///
/// A neuron fires at every such time. Firing changes its potential by the refractory response, if it has one: a spike of
/// its own at s adds eta(t - s) for t > s. There is no other reset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neuron {
    /// The id, not below the number of inputs.
    pub id: usize,
    /// The threshold, positive.
    pub threshold: Rational,
    /// The synapses, at most one from each neuron.
    pub synapses: Vec<Synapse>,
    /// The refractory response eta, often with a negative first knot; `None` for none.
    pub refractory: Option<Response>,
}

impl Neuron {
    /// What keeps its responses from being ramps without an end, in words.
    pub fn no_ramps(&self) -> Option<&'static str> {
        if self.synapses.iter().any(|synapse| synapse.window.is_some()) {
            return Some("has windows that end");
        }
        self.synapses.iter().any(|synapse| !synapse.is_ramp()).then_some("has responses that are no ramps")
    }
    /// A neuron without a refractory response.
    pub fn new(id: usize, threshold: Rational, synapses: Vec<Synapse>) -> Self {
        Self { id, threshold, synapses, refractory: None }
    }

    /// The potential at a time, by its definition, from the arrival times of each synapse and its own spikes.
    ///
    /// # Shapes
    /// `arrivals`: one list for each synapse; `own`: its own firing times.
    ///
    /// # Exactness
    /// Exact.
    pub fn potential(&self, arrivals: &[Vec<Rational>], own: &[Rational], time: &Rational) -> Rational {
        let responses = self.synapses.iter().zip(arrivals);
        let refractory = |eta: &Response| own.iter().map(|spike| eta.value(&(time - spike))).sum::<Rational>();
        responses
            .flat_map(|(synapse, times)| times.iter().map(|arrival| synapse.response(arrival, time)))
            .sum::<Rational>()
            + self.refractory.as_ref().map(refractory).unwrap_or_default()
    }

    /// The arrival times at each synapse, from the firing times of the neurons that are read.
    pub fn arrivals<'a>(&self, firing_times: impl Fn(usize) -> &'a [Rational]) -> Vec<Vec<Rational>> {
        let arrive = |synapse: &Synapse| firing_times(synapse.from).iter().map(|time| time + &synapse.delay).collect();
        self.synapses.iter().map(arrive).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_response_ends_with_its_closed_window() {
        let mut synapse = Synapse::new(0, Rational::from(3), Rational::zero());
        let response = |synapse: &Synapse, n: i64, d: i64| synapse.response(&Rational::one(), &Rational::ratio(n, d));
        assert_eq!(response(&synapse, 1, 1), Rational::zero());
        assert_eq!(response(&synapse, 3, 2), Rational::ratio(3, 2));
        assert_eq!(response(&synapse, 9, 1), Rational::from(24));
        synapse.window = Some(Rational::from(2));
        assert_eq!(response(&synapse, 3, 1), Rational::from(6));
        assert_eq!(response(&synapse, 3001, 1000), Rational::zero());
    }
}
