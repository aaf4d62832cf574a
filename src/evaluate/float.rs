//! f64 evaluation of structured networks in batches, with a rigorous bound on the rounding error where it is asked for.
//!
//! Tiles are run through in place, lanes innermost: a network of millions of weights is never written out. The theorem
//! behind the bound and its proof are in `float_kernel`.

use rayon::prelude::*;

use super::EvaluateError;
use super::float_kernel::{Entry, LaneOf, PreparedLayer, Running, RunningLane, TINY};
use crate::arith::Rational;
use crate::network::{Block, Layered, Tile};

/// A block of narrow networks, and of networks whose layers would not stay in the cache otherwise.
const MANY: usize = 32;
const FEW: usize = 8;
/// Layers of more neurons than this are run in blocks of `FEW`.
const NARROW_LAYER: usize = 2048;

/// Runs one layer on one block, neuron by neuron.
type Kernel<B> = fn(&PreparedLayer, &[B], &mut [B]);

/// An f64 with an upper bound on its distance to the exact value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounded {
    /// The computed value.
    pub value: f64,
    /// |value - exact value| is at most this; finite.
    pub error_upper: f64,
}

/// A layered network with its weights rounded to f64, and the errors of that rounding.
#[derive(Debug, Clone)]
pub struct FloatNetwork {
    layers: Vec<PreparedLayer>,
    inputs: usize,
    outputs: usize,
    width: usize,
}

impl FloatNetwork {
    /// Prepares a network.
    ///
    /// # Errors
    /// [`EvaluateError::WeightRange`] for a weight beyond the largest f64; small ones may round to 0.
    pub fn new(network: &Layered) -> Result<Self, EvaluateError> {
        let count = network.layers().len();
        let mut layers = Vec::with_capacity(count);
        for (number, layer) in network.layers().iter().enumerate() {
            let mut tiles = Vec::new();
            for tile in layer.map.tiles() {
                tiles.push((tile.clone(), entries(tile, &tile.block, number)?));
            }
            let mut bias = Vec::new();
            for tile in layer.bias.tiles() {
                let block = entries(tile, &tile.block, number)?;
                tile.for_each_position(|row, _| bias.extend(block.iter().map(|e| Entry { row: row + e.row, ..*e })));
            }
            layers.push(PreparedLayer { rows: layer.map.rows(), bias, tiles, relu: number + 1 < count });
        }
        let inputs = network.input_dimension();
        let width = layers.iter().map(|layer| layer.rows).max().unwrap_or(0).max(inputs);
        Ok(Self { layers, inputs, outputs: network.output_dimension(), width })
    }

    /// Evaluates a batch, inputs and outputs row by row; `outputs` is overwritten.
    ///
    /// # Exactness
    /// Approximate, no guarantee: overflow shows as an infinity or not at all. The values are those of
    /// [`Self::evaluate_batch`], the same with any number of threads.
    ///
    /// # Errors
    /// [`EvaluateError::Batch`].
    pub fn approx_evaluate_batch(&self, inputs: &[f64], outputs: &mut Vec<f64>) -> Result<(), EvaluateError> {
        let count = self.count(inputs.len())?;
        outputs.clear();
        outputs.resize(count * self.outputs, 0.0);
        if self.width <= NARROW_LAYER {
            self.run::<f64, [f64; MANY], MANY>(inputs, outputs, PreparedLayer::values);
        } else {
            self.run::<f64, [f64; FEW], FEW>(inputs, outputs, PreparedLayer::values);
        }
        Ok(())
    }

    /// Evaluates a batch with a bound on the error of each output; inputs are exact f64 numbers, row by row.
    ///
    /// # Statement
    /// For every output, |value - exact value| <= error_upper, weights that are not f64 numbers included.
    ///
    /// # Errors
    /// [`EvaluateError::Batch`]; [`EvaluateError::Overflow`] when an input is not finite or the range of f64 is left.
    pub fn evaluate_batch(&self, inputs: &[f64]) -> Result<Vec<Bounded>, EvaluateError> {
        let exact = |&value: &f64| Running { value, error: if value.is_finite() { 0.0 } else { f64::NAN } };
        self.bounded(&inputs.iter().map(exact).collect::<Vec<_>>())
    }

    /// Evaluates at one rational input; the error of rounding the input to f64 is part of the bound.
    ///
    /// # Errors
    /// As [`Self::evaluate_batch`].
    pub fn evaluate_rational(&self, input: &[Rational]) -> Result<Vec<Bounded>, EvaluateError> {
        if input.len() != self.inputs {
            return Err(EvaluateError::Dimension { found: input.len(), expected: self.inputs });
        }
        let start = input.iter().map(|x| {
            nearest(x).map_or(Running { value: 0.0, error: f64::NAN }, |(value, error)| Running { value, error })
        });
        self.bounded(&start.collect::<Vec<_>>())
    }

    fn bounded(&self, inputs: &[Running]) -> Result<Vec<Bounded>, EvaluateError> {
        let count = self.count(inputs.len())?;
        let mut outputs = vec![Running::default(); count * self.outputs];
        if self.width <= NARROW_LAYER {
            self.run::<Running, RunningLane<MANY>, MANY>(inputs, &mut outputs, PreparedLayer::bounded);
        } else {
            self.run::<Running, RunningLane<FEW>, FEW>(inputs, &mut outputs, PreparedLayer::bounded);
        }
        let checked = |(place, running): (usize, &Running)| {
            if running.value.is_finite() && running.error.is_finite() {
                Ok(Bounded { value: running.value, error_upper: running.error })
            } else {
                Err(EvaluateError::Overflow { input: place / self.outputs, output: place % self.outputs })
            }
        };
        outputs.iter().enumerate().map(checked).collect()
    }

    fn count(&self, found: usize) -> Result<usize, EvaluateError> {
        if self.inputs == 0 || !found.is_multiple_of(self.inputs) {
            return Err(EvaluateError::Batch { found, dimension: self.inputs });
        }
        Ok(found / self.inputs)
    }

    /// Runs blocks of L inputs over the threads; lanes never meet, so results do not depend on blocks or threads.
    fn run<T: Copy + Send + Sync, B: LaneOf<T>, const L: usize>(
        &self,
        inputs: &[T],
        outputs: &mut [T],
        kernel: Kernel<B>,
    ) {
        if self.outputs == 0 {
            return;
        }
        // Narrow networks: several blocks a task; wide ones are worth a task for each block.
        let blocks = if self.width <= NARROW_LAYER { 32 } else { 1 };
        let task = blocks * L;
        let buffers = || (vec![B::zero(); self.width], vec![B::zero(); self.width]);
        let tasks = outputs.par_chunks_mut(task * self.outputs).zip(inputs.par_chunks(task * self.inputs));
        tasks.for_each_init(buffers, |(from, to), (outputs, inputs)| {
            let blocks = outputs.chunks_mut(L * self.outputs).zip(inputs.chunks(L * self.inputs));
            for (outputs, inputs) in blocks {
                for (lane, input) in inputs.chunks_exact(self.inputs).enumerate() {
                    for (entry, &value) in input.iter().enumerate() {
                        from[entry].set(lane, value);
                    }
                }
                for layer in &self.layers {
                    kernel(layer, from, to);
                    core::mem::swap(from, to);
                }
                for (lane, output) in outputs.chunks_exact_mut(self.outputs).enumerate() {
                    for (neuron, value) in output.iter_mut().enumerate() {
                        *value = from[neuron].get(lane);
                    }
                }
            }
        });
    }
}

/// The nearest f64 and an upper bound on the distance to it, 0 or at least 2^-1000; `None` beyond the largest f64.
fn nearest(x: &Rational) -> Option<(f64, f64)> {
    let (lo, hi) = (x.to_f64_down(), x.to_f64_up());
    let distance = |end: f64| Rational::from_f64(end).ok().map(|end| (&end - x).abs());
    let (below, above) = (distance(lo)?, distance(hi)?);
    let (value, error) = if below <= above { (lo, below) } else { (hi, above) };
    let error = if error.is_zero() { 0.0 } else { error.to_f64_up().max(TINY) };
    Some((value, error))
}

fn entries(tile: &Tile, block: &Block, number: usize) -> Result<Vec<Entry>, EvaluateError> {
    let entry = |(i, j, w): &(usize, usize, Rational)| {
        let out_of_range =
            || EvaluateError::WeightRange { layer: number + 1, exponent: w.floor_log2().unwrap_or_default() };
        let (weight, error) = nearest(w).ok_or_else(out_of_range)?;
        Ok(Entry { row: i * tile.row_step, column: j * tile.column_step, weight, error })
    };
    block.entries().iter().map(entry).collect()
}
