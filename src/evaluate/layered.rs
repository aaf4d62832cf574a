//! Evaluation of the layered form over any [`Scalar`], structured, in batches.

use rayon::prelude::*;

use crate::arith::{Rational, Scalar};
use crate::network::{Layered, LinearMap, NetworkError, Tile};

/// What can go wrong when a network is evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// An input has the wrong dimension.
    #[error("the input has {found} entries, the network takes {expected}")]
    Dimension {
        /// Entries found.
        found: usize,
        /// Entries needed.
        expected: usize,
    },
    /// The wrong number of input vectors.
    #[error("{found} input vectors were given, the network takes {expected}")]
    Inputs {
        /// Vectors found.
        found: usize,
        /// Vectors needed.
        expected: usize,
    },
    /// A weight has no exact value or enclosure in the number system.
    #[error("the weight {weight} is not an integer over a power of two, as this arithmetic needs")]
    NotRepresentable {
        /// The weight.
        weight: Rational,
    },
    /// The network could not be lowered or written out.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A batch is not a whole number of inputs.
    #[error("{found} numbers are no whole number of inputs of {dimension} entries")]
    Batch {
        /// Numbers found.
        found: usize,
        /// Entries of one input.
        dimension: usize,
    },
    /// A weight or bias is not dyadic, so fixed-width evaluation cannot hold it.
    #[error("layer {layer}, row {row}, {}: {weight} is not an integer over a power of two",
        column.map_or_else(|| "bias".to_owned(), |column| format!("column {column}")))]
    NotDyadic {
        /// Layer, from 1.
        layer: usize,
        /// Row, from 0.
        row: usize,
        /// Column, from 0; none for the bias.
        column: Option<usize>,
        /// The weight.
        weight: Rational,
    },
    /// The bounds of an input are empty.
    #[error("entry {entry} of the input has the empty range {lo} .. {hi}")]
    Range {
        /// Entry of the input, from 0.
        entry: usize,
        /// Lower end, scaled.
        lo: i64,
        /// Upper end, scaled.
        hi: i64,
    },
    /// An input lies outside the bounds for which a plan was made.
    #[error("input {input}, entry {entry}: {value} lies outside {lo} .. {hi} (all scaled by the fraction bits)")]
    Outside {
        /// Input of the batch, from 0.
        input: usize,
        /// Entry of the input, from 0.
        entry: usize,
        /// The value, scaled.
        value: i64,
        /// Lower end, scaled.
        lo: i64,
        /// Upper end, scaled.
        hi: i64,
    },
    /// An output of a plan does not fit into 128 bits.
    #[error("output {output} does not fit into 128 bits: ask for rationals")]
    OutputWidth {
        /// Output, from 0.
        output: usize,
    },
    /// A weight lies outside the range of f64.
    #[error("layer {layer}: a weight of about 2^{exponent} lies outside the range of f64")]
    WeightRange {
        /// Layer, from 1.
        layer: usize,
        /// The exponent of the weight.
        exponent: i64,
    },
    /// An f64 evaluation left the range of f64, or an input is no finite number.
    #[error("input {input}: output {output} has no finite f64 value with a finite error bound")]
    Overflow {
        /// Input of the batch, from 0.
        input: usize,
        /// Output, from 0.
        output: usize,
    },
}

/// A layered network prepared for repeated evaluation over the number system S.
///
/// Weights are converted once; tiles are run through in place, never written out. If S encloses (see [`Scalar`]), so
/// does the result.
pub struct Evaluator<S: Scalar> {
    layers: Vec<PreparedLayer<S>>,
    input_dimension: usize,
}

struct PreparedLayer<S: Scalar> {
    rows: usize,
    tiles: Vec<PreparedTile<S>>,
    bias: Vec<(usize, S)>,
}

struct PreparedTile<S: Scalar> {
    tile: Tile,
    /// Entries (row offset, column offset, weight), steps multiplied in.
    entries: Vec<(usize, usize, S::Weight)>,
}

impl<S: Scalar> Evaluator<S> {
    /// Prepares a network.
    ///
    /// # Errors
    /// [`EvaluateError::NotRepresentable`] when S has no value for a weight.
    pub fn new(network: &Layered) -> Result<Self, EvaluateError> {
        let mut layers = Vec::new();
        for layer in network.layers() {
            let tiles = layer.map.tiles().iter().map(prepare).collect::<Result<_, _>>()?;
            layers.push(PreparedLayer { rows: layer.map.rows(), tiles, bias: bias_entries(&layer.bias)? });
        }
        Ok(Self { layers, input_dimension: network.input_dimension() })
    }

    /// Evaluates at many inputs, in parallel; results are in the order of the inputs.
    ///
    /// # Errors
    /// [`EvaluateError::Dimension`] for the first input that does not fit.
    pub fn evaluate_batch(&self, inputs: &[Vec<S>]) -> Result<Vec<Vec<S>>, EvaluateError> {
        let expected = self.input_dimension;
        if let Some(input) = inputs.iter().find(|input| input.len() != expected) {
            return Err(EvaluateError::Dimension { found: input.len(), expected });
        }
        inputs.par_iter().map(|input| self.evaluate(input)).collect()
    }

    /// Evaluates at one input.
    ///
    /// # Errors
    /// [`EvaluateError::Dimension`] when the input does not fit.
    pub fn evaluate(&self, input: &[S]) -> Result<Vec<S>, EvaluateError> {
        if input.len() != self.input_dimension {
            return Err(EvaluateError::Dimension { found: input.len(), expected: self.input_dimension });
        }
        let mut x = input.to_vec();
        for (number, layer) in self.layers.iter().enumerate() {
            let mut y = vec![S::zero(); layer.rows];
            for (row, value) in &layer.bias {
                y[*row].add(value);
            }
            for tile in &layer.tiles {
                tile.tile.for_each_position(|row, column| {
                    for (i, j, w) in &tile.entries {
                        y[row + i].add_product(w, &x[column + j]);
                    }
                });
            }
            if number + 1 < self.layers.len() {
                y.iter_mut().for_each(Scalar::relu);
            }
            x = y;
        }
        Ok(x)
    }
}

fn prepare<S: Scalar>(tile: &Tile) -> Result<PreparedTile<S>, EvaluateError> {
    let entry = |(i, j, w): &(usize, usize, Rational)| -> Result<_, EvaluateError> {
        let weight = S::weight(w).ok_or_else(|| EvaluateError::NotRepresentable { weight: w.clone() })?;
        Ok((i * tile.row_step, j * tile.column_step, weight))
    };
    Ok(PreparedTile { tile: tile.clone(), entries: tile.block.entries().iter().map(entry).collect::<Result<_, _>>()? })
}

fn bias_entries<S: Scalar>(bias: &LinearMap) -> Result<Vec<(usize, S)>, EvaluateError> {
    let mut entries = Vec::new();
    for tile in bias.tiles() {
        for (i, _, v) in tile.block.entries() {
            let value = S::from_rational(v).ok_or_else(|| EvaluateError::NotRepresentable { weight: v.clone() })?;
            tile.for_each_position(|row, _| entries.push((row + i * tile.row_step, value.clone())));
        }
    }
    Ok(entries)
}
