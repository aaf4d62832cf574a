//! Event-driven simulation: all firing times, exactly.

use super::error::SpikingError;
use super::ladder::{Ladder, Time};
use super::network::SpikingNetwork;
use super::neuron::{Neuron, Synapse};
use super::response::{Change, Response};
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

/// The most bits of the spikes of one neuron with a refractory response, which may fire for ever: 4,096 short spikes.
const MAX_BITS: u64 = 1 << 20;
/// What a spike counts besides its numbers: it costs a step through the list of events.
const SPIKE_BITS: u64 = 1 << 8;

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
/// fires at most k times without windows and 2 k times with windows; one with a refractory response may fire for ever, and
/// is refused after 4,096 spikes, earlier when their numbers grow long.
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
            let fired = match &neuron.refractory {
                None => fire(neuron, &sources, &ladder, until.as_ref(), options.spikes),
                Some(eta) => fire_again(neuron, eta, &sources, &ladder, options),
            };
            layer.push(fired.ok_or_else(|| work_error(network, place, options))?);
        }
        let factor = common_factor(&members, &layer, &read, &ladder, work);
        let factor = factor.map_err(|place| work_error(network, place, options))?;
        let before = ladder.top();
        ladder.climb(&factor);
        for (place, list) in members.into_iter().zip(layer) {
            let time = |crossing: Crossing<Integer>| {
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
    layer: &[Vec<Crossing<Integer>>],
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
    let shapes = synapses().filter_map(|synapse| synapse.shape.as_ref());
    let knots = shapes.flat_map(|shape| shape.knots().iter().map(|(age, _)| age));
    lcm_of_denominators(inputs.iter().flatten().chain(delays).chain(windows).chain(knots).chain(until))
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

/// The changes of the potential that a spike causes through a synapse, times its weight.
pub(super) fn weighted_changes(synapse: &Synapse) -> Vec<Change> {
    let ramp = Response::ramp();
    let mut changes = synapse.shape.as_ref().unwrap_or(&ramp).changes(synapse.window.as_ref());
    for change in &mut changes {
        change.slope *= &synapse.weight;
        change.jump *= &synapse.weight;
    }
    changes
}

/// The crossings of one neuron without a refractory response, in lowest terms.
fn fire(
    neuron: &Neuron,
    sources: &[&[Time]],
    ladder: &Ladder,
    until: Option<&Integer>,
    spikes: Spikes,
) -> Option<Vec<Crossing<Integer>>> {
    let changes: Vec<Vec<Change>> = neuron.synapses.iter().map(weighted_changes).collect();
    let heights = changes.iter().flatten().flat_map(|change| [&change.slope, &change.jump]);
    let common = Rational::from(lcm_of_denominators(heights.chain([&neuron.threshold])));
    // Over the common denominators c of slopes, jumps and threshold and D of times:
    // c D P(T / D) = sum of (c slope) (T - time) + D (c jump).
    let threshold = ladder.scale(&(&neuron.threshold * &common));
    let mut events = Vec::with_capacity(sources.iter().map(|times| times.len()).sum());
    for ((synapse, changes), times) in neuron.synapses.iter().zip(&changes).zip(sources) {
        if times.is_empty() || synapse.weight.is_zero() {
            continue;
        }
        let scaled = |change: &Change| {
            let jump = ladder.scale(&(&change.jump * &common));
            (ladder.scale(&(&change.age + &synapse.delay)), (&change.slope * &common).numerator(), jump)
        };
        let scaled: Vec<(Integer, Integer, Integer)> = changes.iter().map(scaled).collect();
        for time in *times {
            let time = ladder.numerator(time);
            events.extend(
                scaled.iter().map(|(age, slope, jump)| Event::<Integer>::new(&time + age, slope.clone(), jump)),
            );
        }
    }
    let scan = Scan { threshold, first: spikes == Spikes::First, until };
    let mut list = crossings::<Integer>(events, &scan, |_| Some(Vec::new()))?;
    for Crossing { numerator, divisor } in &mut list {
        let common = divisor.gcd(numerator);
        if common != Integer::one() {
            *numerator = numerator.div_rem_euclid(&common).0;
            *divisor = divisor.div_rem_euclid(&common).0;
        }
    }
    Some(list)
}

/// The crossings of one neuron with the refractory response eta, in lowest terms; `None` when there are too many.
///
/// Its own spikes come back as arrivals whose denominators are not known beforehand: rationals, not integers.
fn fire_again(
    neuron: &Neuron,
    eta: &Response,
    sources: &[&[Time]],
    ladder: &Ladder,
    options: &SimulateOptions,
) -> Option<Vec<Crossing<Integer>>> {
    let event = |time: &Rational, change: &Change| {
        Event::<Rational>::new(time + &change.age, change.slope.clone(), &change.jump)
    };
    let mut events = Vec::new();
    for (synapse, times) in neuron.synapses.iter().zip(sources) {
        let changes = weighted_changes(synapse);
        for time in *times {
            let arrival = ladder.value(time) + &synapse.delay;
            events.extend(changes.iter().map(|change| event(&arrival, change)));
        }
    }
    let own = eta.changes(None);
    let value = |crossing: &Crossing<Rational>| &crossing.numerator / &crossing.divisor;
    let scan = Scan {
        threshold: neuron.threshold.clone(),
        first: options.spikes == Spikes::First,
        until: options.until.as_ref(),
    };
    let mut bits = 0;
    let list = crossings::<Rational>(events, &scan, |crossing| {
        let time = value(crossing);
        bits += SPIKE_BITS + time.denominator().bits() + time.numerator().bits();
        (bits <= MAX_BITS).then(|| own.iter().map(|change| event(&time, change)).collect())
    })?;
    let units = Rational::from(ladder.denominator());
    let integral = |crossing: &Crossing<Rational>| {
        let time = value(crossing) * &units;
        Crossing { numerator: time.numerator(), divisor: time.denominator() }
    };
    Some(list.iter().map(integral).collect())
}

#[cfg(test)]
mod tests;
