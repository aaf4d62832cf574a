//! Numbers written in firing times: time = value + offset.

use super::error::SpikingError;
use super::network::SpikingNetwork;
use super::simulate::{Activity, SimulateOptions, simulate};
use crate::arith::Rational;

/// How numbers are written in firing times: time = value + offset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coding {
    /// The offset of the inputs that carry values.
    pub input_offset: Rational,
    /// The offset of the outputs.
    pub output_offset: Rational,
    /// The inputs that always fire at one time, with that time.
    pub reference_inputs: Vec<(usize, Rational)>,
}

impl Coding {
    /// All input firing times, from those of the inputs that carry values, in the order of their ids.
    ///
    /// # Errors
    /// [`SpikingError::Inputs`] for the wrong number of times.
    pub fn with_references<T: Clone>(
        &self,
        inputs: usize,
        times: &[T],
        reference: impl Fn(&Rational) -> T,
    ) -> Result<Vec<T>, SpikingError> {
        let expected = inputs - self.reference_inputs.len();
        if times.len() != expected {
            return Err(SpikingError::Inputs { found: times.len(), expected });
        }
        let mut rest = times.iter();
        let all = (0..inputs).filter_map(|id| {
            let listed = self.reference_inputs.iter().find(|(listed, _)| *listed == id);
            listed.map(|(_, time)| reference(time)).or_else(|| rest.next().cloned())
        });
        Ok(all.collect())
    }

    /// The values of the outputs; `None` where an output does not fire exactly once.
    pub fn decode(&self, network: &SpikingNetwork, activity: &Activity) -> Vec<Option<Rational>> {
        let value = |id: &usize| match activity.firing_times(*id)?.as_slice() {
            [time] => Some(time - &self.output_offset),
            _ => None,
        };
        network.outputs().iter().map(value).collect()
    }
}

/// Computes the function of a network with a coding: values in, values out (`None` where an output does not fire exactly
/// once). Without a coding all offsets are 0.
///
/// # Exactness
/// Exact.
///
/// # Errors
/// [`SpikingError::Inputs`] for the wrong number of values, and those of [`simulate`].
pub fn evaluate(network: &SpikingNetwork, values: &[Rational]) -> Result<Vec<Option<Rational>>, SpikingError> {
    let coding = network.coding().cloned().unwrap_or_default();
    let times: Vec<Vec<Rational>> = values.iter().map(|value| vec![value + &coding.input_offset]).collect();
    let times = coding.with_references(network.inputs(), &times, |time| vec![time.clone()])?;
    let activity = simulate(network, &times, &SimulateOptions::default())?;
    Ok(coding.decode(network, &activity))
}
