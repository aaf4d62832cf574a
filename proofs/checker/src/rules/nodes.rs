//! Nodes of known form.

use crate::lexer::Tokens;
use crate::network::{Map, Network, Operation};
use crate::problem::{Problem, problem};

/// An argument and its map.
type Term = (usize, Map);

/// The operation of a node.
pub(super) fn operation(network: &Network, node: usize) -> Result<&Operation, Problem> {
    let node = network.nodes.get(node).ok_or_else(|| Problem(format!("there is no node {node}")))?;
    Ok(&node.operation)
}

/// The number of a node.
pub(super) fn node(network: &Network, tokens: &mut Tokens<'_>) -> Result<usize, Problem> {
    let number = tokens.natural()?;
    let found = usize::try_from(number).ok().filter(|&v| v < network.nodes.len());
    found.ok_or_else(|| Problem(format!("there is no node {number}")))
}

/// The terms and the bias of an affine node.
pub(super) fn affine(network: &Network, node: usize) -> Result<(&[Term], &Map), Problem> {
    match operation(network, node)? {
        Operation::Affine { terms, bias } => Ok((terms, bias)),
        _ => problem(format!("node {node} is not affine")),
    }
}

/// The argument, map and bias of an affine node of one argument.
pub(super) fn affine_of_one(network: &Network, node: usize) -> Result<(usize, &Map, &Map), Problem> {
    match affine(network, node)? {
        ([(x, map)], bias) => Ok((*x, map, bias)),
        _ => problem(format!("node {node} is affine in more than one argument")),
    }
}

/// The argument of a ReLU.
pub(super) fn relu(network: &Network, node: usize) -> Result<usize, Problem> {
    match operation(network, node)? {
        Operation::Relu(x) => Ok(*x),
        _ => problem(format!("node {node} is not a ReLU")),
    }
}

/// The network that a node calls once, and the arguments.
pub(super) fn single_call(network: &Network, node: usize) -> Result<(usize, &[usize]), Problem> {
    match operation(network, node)? {
        Operation::Call { network, copies: 1, arguments } => Ok((*network, arguments)),
        _ => problem(format!("node {node} does not call one copy of a network")),
    }
}
