//! Evaluation of the graph itself, operation by operation, in exact rationals.

use std::collections::HashMap;

use super::EvaluateError;
use crate::arith::Rational;
use crate::network::{LinearMap, Network, Operation, Value};

/// Evaluates a network by following its graph: the definition of the function it computes.
///
/// Slow and plain on purpose; [`super::Evaluator`] is the fast way, through the layered form.
///
/// # Shapes
/// `inputs`: one vector for each input of the network, of its dimension. Result: the output vector.
///
/// # Exactness
/// Exact.
///
/// # Errors
/// [`EvaluateError::Dimension`] when an input does not fit.
pub fn evaluate_graph(network: &Network, inputs: &[Vec<Rational>]) -> Result<Vec<Rational>, EvaluateError> {
    let dimensions = network.input_dimensions();
    if inputs.len() != dimensions.len() {
        return Err(EvaluateError::Inputs { found: inputs.len(), expected: dimensions.len() });
    }
    for (input, &expected) in inputs.iter().zip(&dimensions) {
        if input.len() != expected {
            return Err(EvaluateError::Dimension { found: input.len(), expected });
        }
    }
    let mut values: HashMap<Value, Vec<Rational>> = HashMap::new();
    for (value, input) in network.inputs().zip(inputs) {
        values.insert(value, input.clone());
    }
    for value in network.values() {
        let arguments = network.arguments(value);
        let result = match network.operation(value) {
            Operation::Input => continue,
            Operation::Affine { maps, bias } => {
                let mut sum = apply(bias, &[Rational::one()]);
                for (map, argument) in maps.iter().zip(&arguments) {
                    for (total, term) in sum.iter_mut().zip(apply(map, &values[argument])) {
                        *total += term;
                    }
                }
                sum
            }
            Operation::Relu => values[&arguments[0]].iter().map(Rational::relu).collect(),
            Operation::Call { copies, network } => {
                let mut outputs = Vec::new();
                for copy in 0..*copies {
                    let parts: Vec<Vec<Rational>> = arguments
                        .iter()
                        .map(|argument| {
                            let whole = &values[argument];
                            let length = whole.len() / copies;
                            whole[copy * length..(copy + 1) * length].to_vec()
                        })
                        .collect();
                    outputs.extend(evaluate_graph(network, &parts)?);
                }
                outputs
            }
        };
        values.insert(value, result);
    }
    Ok(values.remove(&network.output()).unwrap_or_default())
}

/// A x.
pub(crate) fn apply(map: &LinearMap, x: &[Rational]) -> Vec<Rational> {
    let mut y = vec![Rational::zero(); map.rows()];
    for tile in map.tiles() {
        tile.for_each_position(|row, column| {
            for (i, j, w) in tile.block.entries() {
                y[row + i * tile.row_step] += &(w * &x[column + j * tile.column_step]);
            }
        });
    }
    y
}
