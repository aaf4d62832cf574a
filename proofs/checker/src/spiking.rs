//! The spiking network of a certificate: its lines, its size.

use std::collections::HashSet;
use std::io::BufRead;

use num_bigint::BigInt;

use crate::lexer::{Source, Tokens};
use crate::number::Number;
use crate::problem::{Problem, problem};

/// The most inputs.
pub const MAX_INPUTS: u64 = 1 << 22;

/// What a neuron reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synapse {
    /// The neuron or input that is read.
    pub source: usize,
    /// The weight, not 0.
    pub weight: Number,
    /// The delay, not negative.
    pub delay: Number,
    /// The window, positive; none when it never ends.
    pub window: Option<Number>,
}

/// A neuron that is no input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neuron {
    /// theta > 0
    pub threshold: Number,
    /// At most one from each source.
    pub synapses: Vec<Synapse>,
}

/// Inputs 0, .., n - 1, then the neurons, each after those it reads; how numbers are written in firing times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpikingNetwork {
    /// n
    pub inputs: usize,
    /// The neurons from n on.
    pub neurons: Vec<Neuron>,
    /// a: an input fires at x + a.
    pub input_offset: Number,
    /// b: the value of an output is its firing time minus b.
    pub output_offset: Number,
    /// Inputs that fire at fixed times, increasing.
    pub references: Vec<(usize, Number)>,
    /// Inputs or neurons.
    pub outputs: Vec<usize>,
}

impl SpikingNetwork {
    /// Reads the lines of a spiking network; the source stands on its first line, and afterwards on the line after it.
    ///
    /// # Errors
    /// For lines in another form or order.
    pub fn read<R: BufRead>(source: &mut Source<R>) -> Result<Self, Problem> {
        let mut tokens = source.tokens();
        tokens.expect("spiking")?;
        let inputs = tokens.natural()?;
        tokens.end()?;
        let Some(inputs) = usize::try_from(inputs).ok().filter(|n| (1..=MAX_INPUTS).contains(&(*n as u64))) else {
            return problem(format!("a spiking network of {inputs} inputs, not 1 to {MAX_INPUTS}"));
        };
        let mut neurons = Vec::new();
        loop {
            source.advance()?;
            let mut tokens = source.tokens();
            match tokens.word()? {
                "neuron" => neurons.push(neuron(tokens, inputs + neurons.len())?),
                "coding" => break,
                other => return problem(format!("'{other}' is neither a neuron nor the coding")),
            }
        }
        let mut tokens = source.tokens();
        tokens.expect("coding")?;
        let (input_offset, output_offset) = (tokens.fraction()?, tokens.fraction()?);
        let mut references: Vec<(usize, Number)> = Vec::new();
        while !tokens.is_empty() {
            let input = before(&mut tokens, inputs)?;
            if references.last().is_some_and(|last| last.0 >= input) {
                return problem("reference inputs increase");
            }
            references.push((input, tokens.fraction()?));
        }
        source.advance()?;
        let mut tokens = source.tokens();
        tokens.expect("outputs")?;
        let mut outputs = vec![before(&mut tokens, inputs + neurons.len())?];
        while !tokens.is_empty() {
            outputs.push(before(&mut tokens, inputs + neurons.len())?);
        }
        source.advance()?;
        Ok(Self { inputs, neurons, input_offset, output_offset, references, outputs })
    }

    /// A neuron by its number; none for inputs.
    pub fn neuron(&self, number: usize) -> Option<&Neuron> {
        self.neurons.get(number.checked_sub(self.inputs)?)
    }
    /// The number of all neurons, inputs counted.
    pub fn count(&self) -> usize {
        self.inputs + self.neurons.len()
    }
    /// Layers, neurons with the inputs, synapses: a neuron is one layer above the highest it reads, inputs are layer 0.
    pub fn size(&self) -> [BigInt; 3] {
        let mut layers = vec![0u64; self.inputs];
        for neuron in &self.neurons {
            let below = neuron.synapses.iter().filter_map(|synapse| layers.get(synapse.source));
            layers.push(1 + below.copied().max().unwrap_or(0));
        }
        let synapses: usize = self.neurons.iter().map(|neuron| neuron.synapses.len()).sum();
        let highest = layers.into_iter().max().unwrap_or(0);
        [BigInt::from(highest), BigInt::from(self.count()), BigInt::from(synapses)]
    }
}

/// A number below `end`.
fn before(tokens: &mut Tokens<'_>, end: usize) -> Result<usize, Problem> {
    let number = tokens.natural()?;
    let found = usize::try_from(number).ok().filter(|&number| number < end);
    found.ok_or_else(|| Problem(format!("neuron {number} is not one of the {end} before")))
}

/// Threshold and synapses of the neuron of this number.
fn neuron(mut tokens: Tokens<'_>, number: usize) -> Result<Neuron, Problem> {
    let threshold = Number::from(&tokens.positive()?);
    let (mut synapses, mut sources) = (Vec::new(), HashSet::new());
    while !tokens.is_empty() {
        let source = before(&mut tokens, number)?;
        if !sources.insert(source) {
            return problem(format!("neuron {source} is read twice"));
        }
        let (weight, delay) = (tokens.fraction()?, tokens.fraction()?);
        if weight.is_zero() || delay.is_negative() {
            return problem("a weight is not 0, a delay is not negative");
        }
        let window = match tokens.peek(0) {
            "-" => tokens.word().map(|_| None)?,
            _ => Some(Number::from(&tokens.positive()?)),
        };
        synapses.push(Synapse { source, weight, delay, window });
    }
    Ok(Neuron { threshold, synapses })
}
