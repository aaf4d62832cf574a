//! Spiking networks by simulation: every potential is followed from event to event; and statements about them.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::evaluate::evaluate;
use super::parse::{Certificate, Words};
use super::{Q, Why, domain, layered, target};
use crate::draw::Random;

/// Source, weight, delay, window.
pub type Synapse = (usize, Q, Q, Option<Q>);

/// The lines of a spiking network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spiking {
    pub inputs: usize,
    pub neurons: Vec<(Q, Vec<Synapse>)>,
    pub offsets: (Q, Q),
    pub references: Vec<(usize, Q)>,
    pub outputs: Vec<usize>,
}

/// The most inputs that are simulated.
const INPUTS: usize = 1 << 12;

fn unreadable<T>(why: &str) -> Result<T, Why> {
    Err(Why::Unreadable(why.to_owned()))
}

/// Reads the lines from `at` on.
pub fn read(lines: &[&str], at: &mut usize) -> Result<Spiking, Why> {
    let mut next = |word: &str| -> Result<Option<Words<'_>>, Why> {
        let mut words = Words::new(lines.get(*at).copied().unwrap_or(""));
        if words.word()? != word {
            return Ok(None);
        }
        *at += 1;
        Ok(Some(words))
    };
    let Some(mut words) = next("spiking")? else { return unreadable("no spiking network") };
    let inputs = words.natural()?;
    words.end()?;
    if inputs == 0 {
        return unreadable("no inputs");
    }
    if inputs > INPUTS {
        return Err(Why::TooLarge);
    }
    let mut neurons = Vec::new();
    while let Some(mut words) = next("neuron")? {
        let threshold = words.rational()?;
        let mut synapses: Vec<Synapse> = Vec::new();
        while !words.is_empty() {
            let (source, weight, delay, window) =
                (words.natural()?, words.rational()?, words.rational()?, words.word()?.to_owned());
            let window = if window == "-" { None } else { Some(Words::new(&window).rational()?) };
            let good = source < inputs + neurons.len()
                && !weight.is_zero()
                && !delay.is_negative()
                && window.as_ref().is_none_or(Signed::is_positive)
                && synapses.iter().all(|known| known.0 != source);
            if !good {
                return unreadable("a synapse");
            }
            synapses.push((source, weight, delay, window));
        }
        if !threshold.is_positive() {
            return unreadable("a threshold");
        }
        neurons.push((threshold, synapses));
    }
    let Some(mut words) = next("coding")? else { return unreadable("no coding") };
    let offsets = (words.rational()?, words.rational()?);
    let mut references: Vec<(usize, Q)> = Vec::new();
    while !words.is_empty() {
        let (id, time) = (words.natural()?, words.rational()?);
        if id >= inputs || references.last().is_some_and(|last| last.0 >= id) {
            return unreadable("a reference input");
        }
        references.push((id, time));
    }
    let Some(mut words) = next("outputs")? else { return unreadable("no outputs") };
    let mut outputs = Vec::new();
    while outputs.is_empty() || !words.is_empty() {
        outputs.push(words.natural()?);
    }
    if outputs.iter().any(|v| *v >= inputs + neurons.len()) {
        return unreadable("an output");
    }
    Ok(Spiking { inputs, neurons, offsets, references, outputs })
}

/// The firing times of a neuron, from its arrivals (time, weight, end of the window).
pub fn fires(threshold: &Q, arrivals: &[(Q, Q, Option<Q>)]) -> Vec<Q> {
    let mut events: Vec<&Q> = arrivals.iter().map(|arrival| &arrival.0).collect();
    events.extend(arrivals.iter().filter_map(|arrival| arrival.2.as_ref()));
    events.sort();
    events.dedup();
    let mut times = Vec::new();
    let mut above = false;
    for (number, &start) in events.iter().enumerate() {
        let end = events.get(number + 1);
        // After `start`, up to and with `end`, the potential is value + slope (t - start).
        let active = || arrivals.iter().filter(|(a, _, end)| a <= start && end.as_ref().is_none_or(|end| end > start));
        let slope = active().fold(Q::zero(), |sum, (_, w, _)| sum + w);
        let value = active().fold(Q::zero(), |sum, (a, w, _)| sum + w * (start - a));
        let up = value > *threshold || (value == *threshold && !slope.is_negative());
        if up && !above {
            times.push(start.clone());
        }
        above = up;
        if !above && slope.is_positive() {
            let time = start + (threshold - &value) / &slope;
            if end.is_none_or(|end| time <= **end) {
                times.push(time);
                above = true;
            }
        } else if above && slope.is_negative() {
            let time = start + (threshold - &value) / &slope;
            above = end.is_some_and(|end| time >= **end);
        }
    }
    times
}

impl Spiking {
    /// The values of the outputs; nothing where one does not fire exactly once.
    pub fn evaluate(&self, x: &[Q]) -> Option<Vec<Q>> {
        let mut rest = x.iter();
        let mut spikes: Vec<Vec<Q>> = Vec::new();
        for id in 0..self.inputs {
            let reference = self.references.iter().find(|reference| reference.0 == id);
            spikes.push(vec![match reference {
                Some((_, time)) => time.clone(),
                None => rest.next()? + &self.offsets.0,
            }]);
        }
        for (threshold, synapses) in &self.neurons {
            let arrivals = synapses.iter().flat_map(|(source, weight, delay, window)| {
                spikes[*source].iter().map(move |time| {
                    let arrival = time + delay;
                    let end = window.as_ref().map(|window| &arrival + window);
                    (arrival, weight.clone(), end)
                })
            });
            let arrivals: Vec<_> = arrivals.collect();
            spikes.push(fires(threshold, &arrivals));
        }
        let value = |&v: &usize| match spikes[v].as_slice() {
            [time] => Some(time - &self.offsets.1),
            _ => None,
        };
        if rest.next().is_some() { None } else { self.outputs.iter().map(value).collect() }
    }
    pub fn dimension(&self) -> usize {
        self.inputs - self.references.len()
    }
    /// Layers, neurons, synapses.
    pub fn size(&self) -> (usize, usize, usize) {
        let mut layers = vec![0; self.inputs];
        for (_, synapses) in &self.neurons {
            layers.push(1 + synapses.iter().map(|synapse| layers[synapse.0]).max().unwrap_or(0));
        }
        let synapses = self.neurons.iter().map(|neuron| neuron.1.len()).sum();
        (layers.iter().copied().max().unwrap_or(0), layers.len(), synapses)
    }
}

fn senseless<T>(why: &str) -> Result<T, Why> {
    Err(Why::Senseless(why.to_owned()))
}

/// Tries to refute a statement about a spiking network, or one with the target `spiking`.
pub fn refute(certificate: &Certificate, spiking: &Spiking) -> Result<(), Why> {
    let domain = domain::read(&certificate.domain.join(" "))?;
    let last = certificate.networks.len().checked_sub(1);
    let dimensions = |number: usize| {
        let network = &certificate.networks[number];
        (network.inputs().iter().sum::<usize>(), network.dimensions[network.output])
    };
    let own = (spiking.dimension(), spiking.outputs.len());
    let (subject, size) = match last {
        _ if certificate.about_spiking => (own, spiking.size()),
        Some(last) => {
            let inputs = dimensions(last).0;
            (dimensions(last), layered::size(inputs, &layered::layers(&certificate.networks)?))
        }
        None => return senseless("no network"),
    };
    if certificate.size != [size.0, size.1, size.2].map(BigInt::from) {
        return Err(Why::Size(size.0, size.1, size.2));
    }
    if certificate.error.is_negative() || certificate.norm != ["maximum"] {
        return senseless("a negative error, or another norm");
    }
    type Function<'a> = Box<dyn Fn(&[Q]) -> Option<Vec<Q>> + 'a>;
    let words: Vec<&str> = certificate.target.iter().map(String::as_str).collect();
    let (shape, wanted): (_, Function) = match words.as_slice() {
        ["spiking"] => (own, Box::new(|x| spiking.evaluate(x))),
        ["network", i] => match i.parse::<usize>().ok().filter(|i| *i < certificate.networks.len()) {
            Some(i) => (dimensions(i), Box::new(move |x| Some(evaluate(&certificate.networks, i, x)))),
            None => return senseless("no such network"),
        },
        _ => {
            let target = target::read(&certificate.target.join(" "))?;
            if !target.fits(&domain) {
                return senseless("the target is no function on the domain");
            }
            ((domain.dimension(), target.outputs()), Box::new(move |x| Some(target.evaluate(x))))
        }
    };
    if subject != shape || domain.dimension() != subject.0 {
        return senseless("other dimensions");
    }
    let mut attained = certificate.error.is_zero();
    for x in domain.points(size.0, &mut Random(5)) {
        let found = match last {
            Some(last) if !certificate.about_spiking => Some(evaluate(&certificate.networks, last, &x)),
            _ => spiking.evaluate(&x),
        };
        let show = |values: &[Q]| values.iter().map(Q::to_string).collect::<Vec<_>>().join(" ");
        let (Some(found), Some(wanted)) = (found, wanted(&x)) else {
            return Err(Why::Error(format!("at {} an output does not fire once", show(&x))));
        };
        let error = found.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).max().unwrap_or_default();
        match error.cmp(&certificate.error) {
            Ordering::Greater => {
                let claim = &certificate.error;
                return Err(Why::Error(format!("at {} the error is {error}, {claim} is claimed", show(&x))));
            }
            Ordering::Equal => attained = true,
            Ordering::Less => {}
        }
    }
    if certificate.exact && !attained {
        return Err(Why::NotAttained("at no point that was tried".to_owned()));
    }
    Ok(())
}
