//! Exact evaluation in fixed-width integers: the speed of floating point, no error.
//!
//! ```text
//! inputs: integers at scale 2^-F, in a box ──► plan: each neuron a scale, a range, 64 / 128 / any bits ──► exact outputs
//! ```
//!
//! Layers run block by block in `[neuron][lane]` order, two buffers exchanged; see `fixed_kernel` for why wrapping
//! arithmetic is exact and `fixed_plan` for the choice of scales. There is no float here.

use rayon::prelude::*;

use super::EvaluateError;
use super::fixed_bounds::Range;
use super::fixed_kernel::{LANES, Lanes, Place, big, narrow, wide};
use super::fixed_plan::{PlanLayer, Width, compile};
use crate::arith::{Integer, Rational};
use crate::network::Layered;

/// Inputs that one task of a batch evaluates.
const TASK: usize = 32 * LANES;

/// What the inputs of a plan look like: entry j is n 2^-fraction_bits with lo_j <= n <= hi_j.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFormat {
    /// Fraction bits F of every entry.
    pub fraction_bits: u32,
    /// Bounds (lo, hi) of the scaled entries.
    pub bounds: Vec<(i64, i64)>,
}

impl InputFormat {
    /// Every entry in \[0, 1\]; F at most 62.
    pub fn unit(dimension: usize, fraction_bits: u32) -> Self {
        let one = 1i64.checked_shl(fraction_bits).filter(|one| *one > 0).unwrap_or(i64::MAX);
        Self { fraction_bits, bounds: vec![(0, one); dimension] }
    }
    /// Every scaled entry in \[-bound, bound\].
    pub fn symmetric(dimension: usize, fraction_bits: u32, bound: i64) -> Self {
        let bound = bound.saturating_abs();
        Self { fraction_bits, bounds: vec![(-bound, bound); dimension] }
    }
}

/// How a plan is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanOptions {
    /// The most weights that may be written out.
    pub budget: u128,
    /// The narrowest lanes to use; wider ones are for tests and comparisons, the results are the same.
    pub narrowest: Width,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self { budget: 1 << 26, narrowest: Width::Narrow }
    }
}

/// A layered network compiled for exact evaluation over a box of dyadic inputs.
#[derive(Debug, Clone)]
pub struct FixedPlan {
    layers: Vec<PlanLayer>,
    format: InputFormat,
    outputs: usize,
    output_scale: i64,
    /// The most neurons, 128-bit neurons and big neurons of a layer.
    slots: (usize, usize, usize),
}

impl FixedPlan {
    /// Compiles a network whose weights are dyadic.
    ///
    /// # Complexity
    /// Time and memory linear in the weights written out, with exact rational bounds for every neuron.
    ///
    /// # Errors
    /// [`EvaluateError::NotDyadic`] with the weight, [`EvaluateError::Dimension`] or [`EvaluateError::Range`] when the
    /// format does not fit, [`EvaluateError::Network`] beyond the budget.
    ///
    /// ```
    /// use certinet::construct::{SquaringMethod, squaring};
    /// use certinet::evaluate::{FixedPlan, InputFormat, PlanOptions};
    /// let square = squaring(20, None, SquaringMethod::Delayed)?.network.layered()?;
    /// let plan = FixedPlan::new(&square, &InputFormat::unit(1, 53), PlanOptions::default())?;
    /// let mut outputs = Vec::new();
    /// plan.evaluate_batch(&[1 << 52, 1 << 51], &mut outputs)?;
    /// let one = 1i128 << plan.output_fraction_bits();
    /// assert_eq!(outputs, [one / 4, one / 16]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(network: &Layered, format: &InputFormat, options: PlanOptions) -> Result<Self, EvaluateError> {
        let expected = network.input_dimension();
        if format.bounds.len() != expected {
            return Err(EvaluateError::Dimension { found: format.bounds.len(), expected });
        }
        let mut ranges = Vec::with_capacity(expected);
        for (entry, &(lo, hi)) in format.bounds.iter().enumerate() {
            if lo > hi {
                return Err(EvaluateError::Range { entry, lo, hi });
            }
            let unscaled = |n: i64| Rational::from(n).scale_by_power_of_two(-i64::from(format.fraction_bits));
            ranges.push(Range { lo: unscaled(lo), hi: unscaled(hi) });
        }
        let scale = i64::from(format.fraction_bits);
        let (layers, output_scale) = compile(network, ranges, scale, options.budget, options.narrowest)?;
        let mut slots = (expected, 0, 0);
        for layer in &layers {
            slots.0 = slots.0.max(layer.places.len());
            slots.1 = slots.1.max(layer.wide.len());
            slots.2 = slots.2.max(layer.big.len());
        }
        Ok(Self { layers, format: format.clone(), outputs: network.output_dimension(), output_scale, slots })
    }

    /// The outputs are integers over 2^f: this f, the same for all outputs; negative for multiples of a power of two.
    pub fn output_fraction_bits(&self) -> i64 {
        self.output_scale
    }
    /// Number of outputs.
    pub fn output_dimension(&self) -> usize {
        self.outputs
    }
    /// Hidden and output neurons of 64 bits, of 128 bits, and of more.
    pub fn neurons_by_width(&self) -> [usize; 3] {
        let sum = |count: fn(&PlanLayer) -> usize| self.layers.iter().map(count).sum();
        [sum(|layer| layer.narrow.len()), sum(|layer| layer.wide.len()), sum(|layer| layer.big.len())]
    }

    /// Evaluates a batch, inputs and outputs row by row; `outputs` is overwritten with integers over
    /// 2^[`Self::output_fraction_bits`].
    ///
    /// # Exactness
    /// Exact, and the same with any number of threads.
    ///
    /// # Errors
    /// [`EvaluateError::Outside`] for an input outside the format's bounds, [`EvaluateError::Batch`],
    /// [`EvaluateError::OutputWidth`] when an output needs more than 128 bits.
    pub fn evaluate_batch(&self, inputs: &[i64], outputs: &mut Vec<i128>) -> Result<(), EvaluateError> {
        let count = self.check(inputs)?;
        let places = self.output_places();
        if let Some(output) = places.iter().position(|place| matches!(place, Place::Big(_))) {
            return Err(EvaluateError::OutputWidth { output });
        }
        outputs.clear();
        outputs.resize(count * self.outputs, 0);
        self.run(inputs, count, outputs, |lanes, neuron, lane| {
            let high = if let Place::Wide(slot) = places[neuron] { Some(slot) } else { None };
            lanes.wide(neuron, high, lane)
        });
        Ok(())
    }

    /// Evaluates a batch to rationals, inputs and outputs row by row; outputs may be of any size.
    ///
    /// # Errors
    /// As [`Self::evaluate_batch`], without [`EvaluateError::OutputWidth`].
    pub fn evaluate_batch_rational(&self, inputs: &[i64]) -> Result<Vec<Rational>, EvaluateError> {
        let count = self.check(inputs)?;
        let places = self.output_places();
        let mut outputs = vec![Integer::zero(); count * self.outputs];
        self.run(inputs, count, &mut outputs, |lanes, neuron, lane| lanes.integer(neuron, places[neuron], lane));
        Ok(outputs.iter().map(|n| Rational::from(n).scale_by_power_of_two(-self.output_scale)).collect())
    }

    fn output_places(&self) -> &[Place] {
        self.layers.last().map_or(&[], |layer| &layer.places)
    }

    /// The number of inputs, after every entry was held against its bounds.
    fn check(&self, inputs: &[i64]) -> Result<usize, EvaluateError> {
        let bounds = &self.format.bounds;
        let dimension = bounds.len();
        if dimension == 0 || !inputs.len().is_multiple_of(dimension) {
            return Err(EvaluateError::Batch { found: inputs.len(), dimension });
        }
        for (input, row) in inputs.chunks_exact(dimension).enumerate() {
            for (entry, (&value, &(lo, hi))) in row.iter().zip(bounds).enumerate() {
                if value < lo || value > hi {
                    return Err(EvaluateError::Outside { input, entry, value, lo, hi });
                }
            }
        }
        Ok(inputs.len() / dimension)
    }

    /// Runs blocks of inputs over the threads; block k writes outputs of block k only, so their order is fixed.
    fn run<T: Send>(
        &self,
        inputs: &[i64],
        count: usize,
        outputs: &mut [T],
        read: impl Fn(&Lanes, usize, usize) -> T + Sync,
    ) {
        if self.outputs == 0 || count == 0 {
            return;
        }
        let dimension = self.format.bounds.len();
        let tasks = outputs.par_chunks_mut(TASK * self.outputs).zip(inputs.par_chunks(TASK * dimension));
        let buffers = || {
            let lanes = Lanes::new(self.slots.0, self.slots.1, self.slots.2);
            (lanes.clone(), lanes)
        };
        tasks.for_each_init(buffers, |(from, to), (outputs, inputs)| {
            let blocks = outputs.chunks_mut(LANES * self.outputs).zip(inputs.chunks(LANES * dimension));
            for (outputs, inputs) in blocks {
                let count = inputs.len() / dimension;
                for (lane, input) in inputs.chunks_exact(dimension).enumerate() {
                    for (entry, &value) in input.iter().enumerate() {
                        from.low[entry][lane] = value;
                    }
                }
                // Lanes beyond the count hold old values: they wrap without harm and are not read.
                for layer in &self.layers {
                    layer.run(from, to, count);
                    core::mem::swap(from, to);
                }
                for (lane, output) in outputs.chunks_exact_mut(self.outputs).enumerate() {
                    for (neuron, value) in output.iter_mut().enumerate() {
                        *value = read(from, neuron, lane);
                    }
                }
            }
        });
    }
}

impl PlanLayer {
    fn run(&self, from: &Lanes, to: &mut Lanes, count: usize) {
        for group in &self.groups {
            let (terms, outputs) = (group.terms.clone(), group.outputs.clone());
            match group.width {
                Width::Narrow => narrow(&self.narrow_terms[terms], &self.narrow[outputs], &from.low, &mut to.low),
                Width::Wide => wide(&self.wide_terms[terms], &self.wide[outputs], from, to),
                Width::Big => big(&self.big_terms[terms], &self.big[outputs], from, to, count),
            }
        }
    }
}
