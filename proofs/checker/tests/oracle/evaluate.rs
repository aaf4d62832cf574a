//! Networks at a point, exactly, node by node.

use num_traits::{Signed, Zero};

use super::Q;
use super::parse::{Network, Node};

/// max(x, 0).
pub fn relu(x: &Q) -> Q {
    if x.is_positive() { x.clone() } else { Q::zero() }
}

/// The output of network `number` at `x`, the inputs one after another.
pub fn evaluate(networks: &[Network], number: usize, x: &[Q]) -> Vec<Q> {
    let network = &networks[number];
    let mut values: Vec<Vec<Q>> = Vec::new();
    let mut rest = x;
    for (node, &dimension) in network.nodes.iter().zip(&network.dimensions) {
        let value = match node {
            Node::Input => {
                let (value, after) = rest.split_at(dimension);
                rest = after;
                value.to_vec()
            }
            Node::Affine { terms, bias } => {
                let mut value = bias.clone();
                for (argument, entries) in terms {
                    for (row, column, weight) in entries {
                        let entry = &values[*argument][*column];
                        if !entry.is_zero() {
                            value[*row] += weight * entry;
                        }
                    }
                }
                value
            }
            Node::Relu(argument) => values[*argument].iter().map(relu).collect(),
            Node::Call { network: callee, copies, arguments } => {
                let mut value = Vec::with_capacity(dimension);
                for copy in 0..*copies {
                    let mut x = Vec::new();
                    for &argument in arguments {
                        let part = values[argument].len() / copies;
                        x.extend_from_slice(&values[argument][copy * part..(copy + 1) * part]);
                    }
                    value.extend(evaluate(networks, *callee, &x));
                }
                value
            }
        };
        values.push(value);
    }
    values.swap_remove(network.output)
}
