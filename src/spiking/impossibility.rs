//! Whether one layer of spiking neurons is a ReLU: never without windows that end, decided with them.

use super::error::SpikingError;
use super::network::SpikingNetwork;
use super::neuron::{Neuron, Synapse};
use super::regions::MAX_SYNAPSES;
use super::simulate::{SimulateOptions, Spikes, simulate};
use crate::arith::Rational;

/// An input at which a neuron does not fire at relu(x) + constant, whatever the constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReluWitness {
    /// The firing time at x = 0, which is the constant; `None` when the neuron is silent there.
    pub constant: Option<Rational>,
    /// The input x.
    pub input: Rational,
    /// The first firing time there, not relu(x) + constant; `None` when the neuron is silent.
    pub time: Option<Rational>,
}

/// The answer of [`relu_by_one_layer`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum ReluByOneLayer {
    /// The first firing time is relu(x) + constant for all x of the interval; the neuron has a window that ends.
    Realised {
        /// The constant.
        constant: Rational,
    },
    /// It is not.
    Refuted(ReluWitness),
}

/// Decides whether the first firing time of one neuron is x -> relu(x) + constant on \[a, b\], a < 0 < b, when neuron
/// `input` fires at x and all others that are read fire at fixed times.
///
/// # Statement
/// Every network of one layer is such a neuron, as each output reads inputs only. Without windows that end the answer is
/// [`ReluByOneLayer::Refuted`], and the witness is 0, a or b.
///
/// Proof. Let T be the firing time at 0; the neuron fires (else 0 is a witness), and the constant can only be T. Let it
/// fire at T for x = a as well (else a is a witness). The potential at T is the threshold in both cases, it is
/// continuous, and only the response w (T - x - d)^+ of the input differs, if w != 0 is its weight and d its delay:
/// (T - a - d)^+ = (T - d)^+ with -a > 0, so both are 0, and a + d >= T. For x = b the spike arrives at b + d > T: up to T
/// the potential is what it is for x = a, and the neuron fires at T, not at T + b. (If the input is not read, it fires at T
/// always.)
///
/// With windows. On an interval of x on which no two of these times coincide - starts and ends of responses, and for every
/// set of responses that are on at one time the time at which their line reaches the threshold - and no constant
/// potential passes the threshold, all comparisons that decide the first firing time come out the same, and it is an
/// affine function of x, or the neuron is silent. All these are affine in x. So it is enough to look at the x where
/// two of them coincide, at 0 and the ends, and at two points of each interval between.
///
/// # Source
/// SFK24 (the lemma); the proof by three points and the decision with windows are ours. See
/// [`windowed_relu`](super::windowed_relu).
///
/// # Complexity
/// Without windows three simulations of one neuron; with windows O(d^2) of them for d synapses.
///
/// # Exactness
/// Exact.
///
/// # Errors
/// [`SpikingError::Parameter`] for an interval without points on both sides of 0, a neuron that reads neither `input`
/// nor one of the references, responses that are no ramps, and with windows more than [`MAX_SYNAPSES`] synapses; [`SpikingError`] as
/// [`SpikingNetwork::new`].
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::spiking::{ReluByOneLayer, relu_by_one_layer, windowed_relu};
/// let relu = windowed_relu(&Rational::one())?;
/// let interval = (&Rational::from(-5), &Rational::one());
/// let references = [(1, Rational::zero())];
/// let mut neuron = relu.neurons()[0].clone();
/// let answer = relu_by_one_layer(&neuron, 0, &references, interval)?;
/// assert_eq!(answer, ReluByOneLayer::Realised { constant: Rational::from(2) });
/// // Without its window it is none.
/// neuron.synapses[0].window = None;
/// assert!(matches!(relu_by_one_layer(&neuron, 0, &references, interval)?, ReluByOneLayer::Refuted(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn relu_by_one_layer(
    neuron: &Neuron,
    input: usize,
    references: &[(usize, Rational)],
    (lower, upper): (&Rational, &Rational),
) -> Result<ReluByOneLayer, SpikingError> {
    if !lower.is_negative() || !upper.is_positive() {
        let found = format!("[{lower}, {upper}]");
        return Err(SpikingError::Parameter { name: "the interval", found, accepted: "[a, b] with a < 0 < b" });
    }
    if neuron.synapses.iter().any(|synapse| synapse.shape.is_some()) {
        let (found, accepted) = ("responses that are no ramps".to_owned(), "ramps, with or without an end");
        return Err(SpikingError::Parameter { name: "the neuron", found, accepted });
    }
    let layer = Layer::new(neuron, input, references)?;
    let points = if layer.synapses.iter().all(|synapse| synapse.window.is_none()) {
        vec![lower.clone(), upper.clone()]
    } else if layer.synapses.len() > MAX_SYNAPSES {
        let found = format!("{} synapses with windows", layer.synapses.len());
        return Err(SpikingError::Parameter {
            name: "the neuron",
            found,
            accepted: "at most 24 with windows that end",
        });
    } else {
        layer.points(lower, upper)
    };
    let zero = Rational::zero();
    let Some(constant) = layer.first_spike(&zero)? else {
        return Ok(ReluByOneLayer::Refuted(ReluWitness { constant: None, input: zero, time: None }));
    };
    for x in points {
        let time = layer.first_spike(&x)?;
        if time.as_ref() != Some(&(&constant + &x.relu())) {
            return Ok(ReluByOneLayer::Refuted(ReluWitness { constant: Some(constant), input: x, time }));
        }
    }
    Ok(ReluByOneLayer::Realised { constant })
}

/// x -> slope x + constant.
#[derive(Clone)]
struct Line {
    slope: Rational,
    constant: Rational,
}

/// One neuron with the firing times that it reads.
struct Layer {
    network: SpikingNetwork,
    synapses: Vec<Synapse>,
    /// For each synapse the firing time; `None` for x.
    times: Vec<Option<Rational>>,
    threshold: Rational,
}

impl Layer {
    fn new(neuron: &Neuron, input: usize, references: &[(usize, Rational)]) -> Result<Self, SpikingError> {
        let mut times = Vec::with_capacity(neuron.synapses.len());
        for synapse in &neuron.synapses {
            let reference = references.iter().find(|(id, _)| *id == synapse.from);
            times.push(match reference {
                _ if synapse.from == input => None,
                Some((_, time)) => Some(time.clone()),
                None => {
                    let found = format!("one that reads neuron {}", synapse.from);
                    return Err(SpikingError::Parameter {
                        name: "the neuron",
                        found,
                        accepted: "one that reads the input and the references",
                    });
                }
            });
        }
        // The same neuron with its sources numbered in the order of its synapses.
        let number = |(from, synapse): (usize, &Synapse)| Synapse { from, ..synapse.clone() };
        let synapses: Vec<Synapse> = neuron.synapses.iter().enumerate().map(number).collect();
        let inputs = synapses.len().max(1);
        let plain = Neuron::new(inputs, neuron.threshold.clone(), synapses.clone());
        let network = SpikingNetwork::new(inputs, vec![plain], vec![inputs])?;
        Ok(Self { network, synapses, times, threshold: neuron.threshold.clone() })
    }

    fn first_spike(&self, x: &Rational) -> Result<Option<Rational>, SpikingError> {
        let mut inputs: Vec<Vec<Rational>> =
            self.times.iter().map(|time| vec![time.clone().unwrap_or_else(|| x.clone())]).collect();
        inputs.resize(self.network.inputs(), Vec::new());
        let options = SimulateOptions { spikes: Spikes::First, ..SimulateOptions::default() };
        let activity = simulate(&self.network, &inputs, &options)?;
        Ok(activity.firing_times(self.network.inputs()).and_then(|times| times.into_iter().next()))
    }

    /// Points of the interval that decide whether the first firing time is a given piecewise-affine function with a bend at
    /// 0: see the proof of [`relu_by_one_layer`].
    fn points(&self, lower: &Rational, upper: &Rational) -> Vec<Rational> {
        let moving = self.synapses.iter().zip(&self.times).find(|(_, time)| time.is_none()).map(|(synapse, _)| synapse);
        // (weight, start, end) of the responses that do not move.
        let fixed: Vec<(&Rational, Rational, Option<Rational>)> = self
            .synapses
            .iter()
            .zip(&self.times)
            .filter_map(|(synapse, time)| {
                let start = time.as_ref()? + &synapse.delay;
                let end = synapse.window.as_ref().map(|window| &start + window);
                Some((&synapse.weight, start, end))
            })
            .collect();
        let mut events: Vec<Rational> =
            fixed.iter().flat_map(|(_, start, end)| [Some(start.clone()), end.clone()]).flatten().collect();
        events.sort();
        events.dedup();
        let mut lines: Vec<Line> =
            events.iter().map(|event| Line { slope: Rational::zero(), constant: event.clone() }).collect();
        if let Some(synapse) = moving {
            let line = |constant| Line { slope: Rational::one(), constant };
            lines.push(line(synapse.delay.clone()));
            lines.extend(synapse.window.as_ref().map(|window| line(&synapse.delay + window)));
        }
        let mut critical = vec![lower.clone(), upper.clone(), Rational::zero()];
        // The responses that are on after an event, or before all; with and without that of the input.
        for after in std::iter::once(None).chain(events.iter().map(Some)) {
            let on = |(_, start, end): &&(&Rational, Rational, Option<Rational>)| {
                after.is_some_and(|event| start <= event && end.as_ref().is_none_or(|end| end > event))
            };
            let weight: Rational = fixed.iter().filter(on).map(|response| response.0).sum();
            let level: Rational = fixed.iter().filter(on).map(|response| response.0 * &response.1).sum();
            let level = level + &self.threshold;
            for synapse in [None, moving] {
                // W t = level + w (x + d)
                let (w, d) =
                    synapse.map_or_else(Default::default, |synapse| (synapse.weight.clone(), synapse.delay.clone()));
                let (slope, constant) = (&weight + &w, &level + &(&w * &d));
                match (w.checked_div(&slope), constant.checked_div(&slope)) {
                    (Some(slope), Some(constant)) => lines.push(Line { slope, constant }),
                    // A constant potential -(level - theta) - w (x + d) is theta.
                    _ => critical.extend((-constant).checked_div(&w)),
                }
            }
        }
        for (place, line) in lines.iter().enumerate() {
            for other in &lines[..place] {
                critical.extend((&other.constant - &line.constant).checked_div(&(&line.slope - &other.slope)));
            }
        }
        critical.retain(|x| lower <= x && x <= upper);
        critical.sort();
        critical.dedup();
        let third = Rational::ratio(1, 3);
        let between = critical.windows(2).flat_map(|ends| {
            let step = (&ends[1] - &ends[0]) * &third;
            [&ends[0] + &step, &ends[1] - &step]
        });
        let between: Vec<Rational> = between.collect();
        critical.extend(between);
        critical
    }
}

#[cfg(test)]
mod tests;
