//! Event-driven simulation: all firing times, exactly.

use super::error::SpikingError;
use super::ladder::{Ladder, Time};
use super::network::SpikingNetwork;
use super::neuron::Neuron;
use super::scan::{Crossing, Event, Scan, crossings};
use crate::arith::{Integer, Rational};

/// Machine words that an event takes besides its numbers.
const EVENT_WORDS: u64 = 8;

/// Which spikes of a neuron count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spikes {
    /// Every upward crossing.
    #[default]
    All,
    /// The first one only: a neuron that has fired stays silent.
    First,
}

/// What [`simulate`] is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulateOptions {
    /// Which spikes count, for every neuron.
    pub spikes: Spikes,
    /// Only spikes up to this time; `None` for all.
    pub until: Option<Rational>,
    /// The most machine words of event times that are looked at.
    pub work: u64,
}

impl Default for SimulateOptions {
    fn default() -> Self {
        Self { spikes: Spikes::All, until: None, work: 1 << 27 }
    }
}

/// The firing times of all neurons.
#[derive(Debug, Clone)]
pub struct Activity<'a> {
    network: &'a SpikingNetwork,
    ladder: Ladder,
    /// For every place its firing times, increasing.
    times: Vec<Vec<Time>>,
}

impl Activity<'_> {
    /// The firing times of the neuron with this id, increasing; empty when it is silent, `None` for unknown ids.
    pub fn firing_times(&self, id: usize) -> Option<Vec<Rational>> {
        let times = &self.times[self.network.place(id)?];
        Some(times.iter().map(|time| self.ladder.value(time)).collect())
    }
    /// The number of spikes of all neurons, inputs included.
    pub fn spike_count(&self) -> usize {
        self.times.iter().map(Vec::len).sum()
    }
}

/// Computes the firing times of all neurons from those of the inputs.
///
/// # Statement
/// The result holds, for every neuron, exactly the firing times that [`Neuron`] defines (with [`Spikes::First`]: the
/// first of each, and only these are passed on), up to `until`.
///
/// Proof. A response to a spike at s is 0 up to s + d >= s, so what a neuron does up to a time depends on spikes up to
/// that time only, and layers are taken one after the other. For one neuron see `scan`.
///
/// # Shapes
/// `inputs`: one list of firing times for each input neuron, in any order; an empty list is a silent input.
///
/// # Complexity
/// O(n log n) comparisons and O(n) products of a short and a long integer for n arriving spikes. Times are kept over one
/// denominator a layer, at most the input's times the least common multiples of the weight sums of the layers below: for
/// weights of b bits, layers of n neurons, fewer than n (b + log2 n) bits more a layer. A neuron of k arriving spikes
/// fires at most k times without windows and 2 k times with windows.
///
/// # Exactness
/// Exact.
///
/// # Errors
/// [`SpikingError::Inputs`] for the wrong number of inputs, [`SpikingError::Work`] beyond the limit.
pub fn simulate<'a>(
    network: &'a SpikingNetwork,
    inputs: &[Vec<Rational>],
    options: &SimulateOptions,
) -> Result<Activity<'a>, SpikingError> {
    let expected = network.inputs();
    if inputs.len() != expected {
        return Err(SpikingError::Inputs { found: inputs.len(), expected });
    }
    let mut ladder = Ladder::new(common_denominator(network, inputs, options.until.as_ref()));
    let mut times: Vec<Vec<Time>> = inputs.iter().map(|list| input_times(list, &ladder, options)).collect();
    times.resize(network.neuron_count(), Vec::new());
    let levels = network.levels();
    let layers = levels.iter().copied().fold(0, Ord::max);
    let mut members = vec![Vec::new(); layers];
    for place in expected..levels.len() {
        members[levels[place] - 1].push(place);
    }
    let mut read = vec![false; network.neuron_count()];
    for place in expected..levels.len() {
        network.sources(place).iter().for_each(|&source| read[source] = true);
    }
    let mut work = options.work;
    for members in members {
        let until = options.until.as_ref().map(|until| ladder.scale(until));
        let mut layer = Vec::with_capacity(members.len());
        for &place in &members {
            let neuron = &network.neurons()[place - expected];
            let sources: Vec<&[Time]> = network.sources(place).iter().map(|&source| times[source].as_slice()).collect();
            let needed = words(&sources, &ladder);
            work = work.checked_sub(needed).ok_or_else(|| work_error(network, place, options))?;
            layer.push(fire(neuron, &sources, &ladder, until.as_ref(), options.spikes));
        }
        let factor = common_factor(&members, &layer, &read, &ladder, work);
        let factor = factor.map_err(|place| work_error(network, place, options))?;
        let before = ladder.top();
        ladder.climb(&factor);
        for (place, list) in members.into_iter().zip(layer) {
            let time = |crossing: Crossing| {
                let Crossing { numerator, divisor } = crossing;
                if !read[place] {
                    return Time { numerator, rung: before, divisor };
                }
                let numerator =
                    if divisor == factor { numerator } else { numerator * &factor.div_rem_euclid(&divisor).0 };
                Time { numerator, rung: before + 1, divisor: Integer::one() }
            };
            times[place] = list.into_iter().map(time).collect();
        }
    }
    Ok(Activity { network, ladder, times })
}

/// The least common multiple of the divisors of the crossings that are read; the place at which the numbers of the layer
/// would become longer than the work that is left.
fn common_factor(
    members: &[usize],
    layer: &[Vec<Crossing>],
    read: &[bool],
    ladder: &Ladder,
    work: u64,
) -> Result<Integer, usize> {
    let mut factor = Integer::one();
    let mut spikes = 0u64;
    for (&place, list) in members.iter().zip(layer).filter(|(place, _)| read[**place]) {
        spikes += list.len() as u64;
        for Crossing { divisor, .. } in list {
            if !factor.div_rem_euclid(divisor).1.is_zero() {
                factor = factor.lcm(divisor);
            }
        }
        if spikes.saturating_mul((factor.bits() + ladder.denominator().bits()) / 64) > work {
            return Err(place);
        }
    }
    Ok(factor)
}

fn work_error(network: &SpikingNetwork, place: usize, options: &SimulateOptions) -> SpikingError {
    // Only neurons that are no inputs do work.
    let id = network.neurons()[place - network.inputs()].id;
    SpikingError::Work { id, limit: options.work }
}

/// The least common multiple of the denominators of all given times: inputs, delays, windows, horizon.
fn common_denominator(network: &SpikingNetwork, inputs: &[Vec<Rational>], until: Option<&Rational>) -> Integer {
    let synapses = || network.neurons().iter().flat_map(|neuron| &neuron.synapses);
    let delays = synapses().map(|synapse| &synapse.delay);
    let windows = synapses().filter_map(|synapse| synapse.window.as_ref());
    lcm_of_denominators(inputs.iter().flatten().chain(delays).chain(windows).chain(until))
}

fn lcm_of_denominators<'a>(numbers: impl Iterator<Item = &'a Rational>) -> Integer {
    numbers.filter(|x| !x.is_integer()).fold(Integer::one(), |lcm, x| {
        let denominator = x.denominator();
        if lcm.div_rem_euclid(&denominator).1.is_zero() { lcm } else { lcm.lcm(&denominator) }
    })
}

fn input_times(list: &[Rational], ladder: &Ladder, options: &SimulateOptions) -> Vec<Time> {
    let mut list: Vec<&Rational> =
        list.iter().filter(|time| options.until.as_ref().is_none_or(|until| *time <= until)).collect();
    list.sort();
    list.dedup();
    if options.spikes == Spikes::First {
        list.truncate(1);
    }
    list.into_iter().map(|time| Time { numerator: ladder.scale(time), rung: 0, divisor: Integer::one() }).collect()
}

/// The machine words of the arrival times of a neuron.
fn words(sources: &[&[Time]], ladder: &Ladder) -> u64 {
    let spikes = sources.iter().map(|times| times.len() as u64).sum::<u64>();
    let bits = |time: &Time| time.numerator.bits();
    let longest = sources.iter().filter_map(|times| times.last()).map(bits).fold(ladder.denominator().bits(), Ord::max);
    spikes.saturating_mul(EVENT_WORDS + longest / 64)
}

/// The crossings of one neuron, in lowest terms.
fn fire(
    neuron: &Neuron,
    sources: &[&[Time]],
    ladder: &Ladder,
    until: Option<&Integer>,
    spikes: Spikes,
) -> Vec<Crossing> {
    let weights = neuron.synapses.iter().map(|synapse| &synapse.weight);
    let common = Rational::from(lcm_of_denominators(weights.chain([&neuron.threshold])));
    // Over the common denominator c of weights and threshold and D of times: c D P(T / D) = sum of (c w) (T - A).
    let threshold = ladder.scale(&(&neuron.threshold * &common));
    let mut events = Vec::with_capacity(sources.iter().map(|times| times.len()).sum());
    for (synapse, times) in neuron.synapses.iter().zip(sources) {
        if times.is_empty() || synapse.weight.is_zero() {
            continue;
        }
        let weight = (&synapse.weight * &common).numerator();
        let delay = ladder.scale(&synapse.delay);
        let window = synapse.window.as_ref().map(|window| ladder.scale(window));
        for time in *times {
            let arrival = ladder.numerator(time) + &delay;
            if let Some(window) = &window {
                events.push(Event::end(&arrival + window, &arrival, &weight));
            }
            events.push(Event::start(arrival, weight.clone()));
        }
    }
    let mut list = crossings(events, &Scan { threshold, first: spikes == Spikes::First, until });
    for Crossing { numerator, divisor } in &mut list {
        let common = divisor.gcd(numerator);
        if common != Integer::one() {
            *numerator = numerator.div_rem_euclid(&common).0;
            *divisor = divisor.div_rem_euclid(&common).0;
        }
    }
    list
}

#[cfg(test)]
mod tests;
