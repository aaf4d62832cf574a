//! A reader and an exact simulation of spiking networks, on num-bigint alone: for networks whose neurons read spikes
//! through windows without end.

use std::collections::HashMap;

use num_bigint::BigInt;
use serde_json::Value;

use crate::layered::Scaled;
use crate::task::{Fraction, fraction};

/// Threshold, and (source, weight, delay) of each synapse; sources are places, inputs first.
type Neuron = (Fraction, Vec<(usize, Fraction, Fraction)>);

/// A spiking network.
pub struct Spiking {
    pub inputs: usize,
    neurons: Vec<Neuron>,
    outputs: Vec<usize>,
    offsets: [Fraction; 2],
    references: HashMap<usize, Fraction>,
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, String> {
    value[key].as_array().ok_or_else(|| format!("no list {key}"))
}

fn number(value: &Value, key: &str) -> Result<Fraction, String> {
    value[key].as_str().map(fraction).ok_or_else(|| format!("no number {key}"))
}

fn id(value: &Value) -> Result<usize, String> {
    value.as_u64().map(|id| id as usize).ok_or_else(|| "no id".to_owned())
}

impl Spiking {
    /// Reads a file.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file["format"] != "certinet-spiking" || file["version"] != 1 {
            return Err("another format".to_owned());
        }
        let all = id(&file["inputs"])?;
        let mut places: HashMap<usize, usize> = (0..all).map(|k| (k, k)).collect();
        let find = |places: &HashMap<usize, usize>, value: &Value| {
            places.get(&id(value)?).copied().ok_or_else(|| "an unknown id".to_owned())
        };
        let mut neurons = Vec::new();
        for (number_of, neuron) in list(&file, "neurons")?.iter().enumerate() {
            let mut synapses = Vec::new();
            for synapse in list(neuron, "synapses")? {
                if !synapse["window"].is_null() {
                    return Err("a window that ends".to_owned());
                }
                let source = find(&places, &synapse["from"])?;
                synapses.push((source, number(synapse, "weight")?, number(synapse, "delay")?));
            }
            neurons.push((number(neuron, "threshold")?, synapses));
            if places.insert(id(&neuron["id"])?, all + number_of).is_some() {
                return Err("an id that is taken".to_owned());
            }
        }
        let outputs = list(&file, "outputs")?.iter().map(|output| find(&places, output)).collect::<Result<_, _>>()?;
        let references = list(&file, "reference_inputs")?.iter();
        let references: HashMap<usize, Fraction> =
            references.map(|one| Ok((id(&one["id"])?, number(one, "time")?))).collect::<Result<_, String>>()?;
        let offsets = [number(&file, "input_offset")?, number(&file, "output_offset")?];
        Ok(Self { inputs: all - references.len(), neurons, outputs, offsets, references })
    }

    /// Layers, neurons with the inputs, synapses.
    pub fn counts(&self) -> Vec<(&'static str, u128)> {
        let mut layers = vec![0u128; self.inputs + self.references.len()];
        for (_, synapses) in &self.neurons {
            layers.push(1 + synapses.iter().map(|synapse| layers[synapse.0]).max().unwrap_or(0));
        }
        let synapses = self.neurons.iter().map(|neuron| neuron.1.len() as u128).sum();
        vec![("layers", *layers.iter().max().unwrap()), ("neurons", layers.len() as u128), ("weights", synapses)]
    }

    /// The values of the outputs; `None` where a neuron that is read or an output is silent.
    pub fn evaluate(&self, input: &Scaled) -> Option<Scaled> {
        let mut values = input.numerators.iter().map(|n| Fraction::new(n.clone(), input.denominator.clone()));
        let mut times: Vec<Fraction> = Vec::new();
        for place in 0..self.inputs + self.references.len() {
            times.push(match self.references.get(&place) {
                Some(time) => time.clone(),
                None => values.next()? + &self.offsets[0],
            });
        }
        for (threshold, synapses) in &self.neurons {
            let arrivals = synapses.iter().map(|(source, weight, delay)| (&times[*source] + delay, weight.clone()));
            times.push(first_spike(threshold, arrivals.collect())?);
        }
        let values: Vec<Fraction> = self.outputs.iter().map(|place| &times[*place] - &self.offsets[1]).collect();
        let denominator: BigInt = values.iter().map(|value| value.denom()).product();
        let numerators = values.iter().map(|value| value.numer() * (&denominator / value.denom())).collect();
        Some(Scaled { numerators, denominator })
    }
}

/// The first time at which the sum of w (t - a) over the arrivals (a, w) before t reaches the threshold.
pub fn first_spike(threshold: &Fraction, mut arrivals: Vec<(Fraction, Fraction)>) -> Option<Fraction> {
    arrivals.sort();
    let (mut slope, mut constant) = (fraction("0"), threshold.clone());
    for (place, (arrival, weight)) in arrivals.iter().enumerate() {
        slope += weight;
        constant += weight * arrival;
        // slope t = constant up to the next arrival; arrivals at one time are taken together.
        let next = arrivals.get(place + 1).map(|next| &next.0);
        if slope > fraction("0") && next != Some(arrival) {
            let time = &constant / &slope;
            if next.is_none_or(|next| time <= *next) {
                return Some(time);
            }
        }
    }
    None
}
