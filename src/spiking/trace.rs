//! The membrane potential of one neuron as a function of time.

use super::error::SpikingError;
use super::network::SpikingNetwork;
use super::response::Change;
use super::simulate::{Activity, weighted_changes};
use crate::arith::Rational;

/// A time at which the potential changes its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakpoint {
    /// The time.
    pub time: Rational,
    /// The potential at the time, which is its limit from the left.
    pub value: Rational,
    /// Its limit from the right, another number where windows end or responses jump.
    pub value_after: Rational,
}

/// A potential: 0 before the first breakpoint, linear between breakpoints, of one slope after the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The breakpoints, increasing in time.
    pub breakpoints: Vec<Breakpoint>,
    /// The slope after the last breakpoint.
    pub last_slope: Rational,
}

/// Computes the potential of one neuron as an exact piecewise-linear function.
///
/// # Complexity
/// Time O(n log n), space O(n) for n arriving spikes.
///
/// # Exactness
/// Exact.
///
/// # Errors
/// [`SpikingError::NoNeuron`] for inputs and unknown ids.
pub fn trace(network: &SpikingNetwork, activity: &Activity, id: usize) -> Result<Trace, SpikingError> {
    let neuron = network.neuron(id).ok_or(SpikingError::NoNeuron { what: "the trace", id })?;
    // Changes (time, slope, constant) of the line slope t - constant.
    let mut changes: Vec<(Rational, Rational, Rational)> = Vec::new();
    let mut add = |times: &[Rational], list: &[Change]| {
        for (time, change) in times.iter().flat_map(|time| list.iter().map(move |change| (time, change))) {
            let time = time + &change.age;
            let constant = &time * &change.slope - &change.jump;
            changes.push((time, change.slope.clone(), constant));
        }
    };
    for synapse in &neuron.synapses {
        let times = activity.firing_times(synapse.from).unwrap_or_default();
        let arrivals: Vec<Rational> = times.iter().map(|time| time + &synapse.delay).collect();
        add(&arrivals, &weighted_changes(synapse));
    }
    if let Some(eta) = &neuron.refractory {
        add(&activity.firing_times(id).unwrap_or_default(), &eta.changes(None));
    }
    changes.sort_by(|a, b| a.0.cmp(&b.0));
    let mut trace = Trace { breakpoints: Vec::new(), last_slope: Rational::zero() };
    let mut constant = Rational::zero();
    for same in changes.chunk_by(|a, b| a.0 == b.0) {
        let time = same[0].0.clone();
        let value = &time * &trace.last_slope - &constant;
        for (_, slope, change) in same {
            trace.last_slope += slope;
            constant += change;
        }
        let value_after = &time * &trace.last_slope - &constant;
        trace.breakpoints.push(Breakpoint { time, value, value_after });
    }
    Ok(trace)
}
