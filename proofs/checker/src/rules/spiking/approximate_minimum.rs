//! One neuron of equal weights as the minimum of its inputs.

use super::super::{Proof, Specification, require};
use super::subject;
use crate::interval::Interval;
use crate::lexer::Tokens;
use crate::number::Number;
use crate::problem::{Problem, problem};

/// `approximate-minimum`: the spiking network and its specification.
///
/// # Errors
/// When a condition fails.
pub fn approximate_minimum(proof: &Proof, tokens: Tokens<'_>) -> Result<(usize, Specification), Problem> {
    tokens.end()?;
    let spiking = subject(proof)?;
    let d = spiking.inputs;
    let [neuron] = spiking.neurons.as_slice() else { return problem("the spiking network has not one neuron") };
    let Some(first) = neuron.synapses.first() else { return problem("the neuron has no synapses") };
    // Sources are different: d of them below d are all inputs.
    let reads = neuron.synapses.iter().all(|synapse| synapse.source < d);
    require(reads && neuron.synapses.len() == d, "the neuron reads every input")?;
    let plain = neuron.synapses.iter().all(|synapse| synapse.window.is_none());
    require(plain, "windows are without end")?;
    let equal = |same: &dyn Fn(&crate::spiking::Synapse) -> bool| neuron.synapses.iter().all(same);
    require(first.weight.is_positive() && equal(&|s| s.weight == first.weight), "weights are equal and positive")?;
    require(equal(&|s| s.delay == first.delay), "delays are equal")?;
    require(spiking.references.is_empty(), "there are no reference inputs")?;
    require(spiking.outputs == [d], "the neuron is the output")?;
    let Some(inverse) = first.weight.reciprocal() else { return problem("the weight is 0") };
    let Some(share) = Number::from(d as u64).reciprocal() else { return problem("there are no inputs") };
    // theta / (d w) <= t - min a <= theta / w, both attained.
    let latest = &neuron.threshold * &inverse;
    let shift = &(&spiking.input_offset + &first.delay) - &spiking.output_offset;
    let error = &Interval { lo: &latest * &share, hi: latest } + &Interval::point(shift);
    let error = error.magnitude();
    Ok((proof.networks.len(), Specification::ApproximateMinimum { size: d as u64, error }))
}
