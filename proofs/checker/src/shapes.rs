//! What every list of networks must satisfy, however it was read.

use std::collections::HashSet;

use num_traits::Zero;

use crate::network::{Block, Map, Network, Node, Operation};
use crate::problem::{Problem, problem};
use crate::tiles::{BLOCK_BITS, DIMENSION_LIMIT, bits};

/// The most axes of a tile.
pub const AXES: usize = 64;

/// Checks that dimensions fit, tiles lie inside their matrices, and every reference points back.
pub fn check_shapes(networks: &[Network]) -> Result<(), Problem> {
    let mut blocks = HashSet::new();
    for (number, network) in networks.iter().enumerate() {
        for (index, node) in network.nodes.iter().enumerate() {
            let shapes = Shapes { networks, number, before: network.nodes.get(..index).unwrap_or_default() };
            let checked = shapes.node(node, &mut blocks);
            checked.map_err(|problem| problem.at(format!("network {number}, node {index}")))?;
        }
        if network.output >= network.nodes.len() {
            return problem(format!("network {number}: its output {} is no node", network.output));
        }
    }
    Ok(())
}

struct Shapes<'a> {
    networks: &'a [Network],
    number: usize,
    before: &'a [Node],
}

impl Shapes<'_> {
    fn argument(&self, number: usize) -> Result<u64, Problem> {
        let node = self.before.get(number).map(|node| node.dimension);
        node.ok_or_else(|| Problem(format!("argument {number} is not a node before it")))
    }

    fn node(&self, node: &Node, blocks: &mut HashSet<*const Block>) -> Result<(), Problem> {
        dimension(node.dimension)?;
        let made = match &node.operation {
            Operation::Input(dimension) => {
                if self.before.last().is_some_and(|node| !matches!(node.operation, Operation::Input(_))) {
                    return problem("an input after other nodes");
                }
                *dimension
            }
            Operation::Affine { terms, bias } => {
                if terms.is_empty() {
                    return problem("an affine map without a term");
                }
                for (argument, map) in terms {
                    shape(map, node.dimension, self.argument(*argument)?, blocks)?;
                }
                shape(bias, node.dimension, 1, blocks)?;
                node.dimension
            }
            Operation::Relu(argument) => self.argument(*argument)?,
            Operation::Call { network, copies, arguments } => {
                let called = self.networks.get(*network).filter(|_| *network < self.number);
                let Some(called) = called else { return problem(format!("network {network} is not listed before")) };
                let times = |n: u64| n.checked_mul(*copies).filter(|_| *copies > 0);
                let inputs = called.nodes.iter().take_while(|node| matches!(node.operation, Operation::Input(_)));
                let inputs: Vec<Option<u64>> = inputs.map(|node| times(node.dimension)).collect();
                if inputs.len() != arguments.len() {
                    return problem(format!("{} arguments for {} inputs", arguments.len(), inputs.len()));
                }
                for (argument, input) in arguments.iter().zip(inputs) {
                    if Some(self.argument(*argument)?) != input {
                        return problem(format!("argument {argument} does not have the dimension of the input"));
                    }
                }
                let output = called.nodes.get(called.output).and_then(|node| times(node.dimension));
                output.ok_or_else(|| Problem("a call without copies or of too many".to_owned()))?
            }
        };
        if made != node.dimension {
            return problem(format!("a dimension of {} is stated, {made} found", node.dimension));
        }
        Ok(())
    }
}

fn dimension(n: u64) -> Result<(), Problem> {
    if n == 0 || n >= DIMENSION_LIMIT {
        return problem(format!("a dimension of {n}, from 1 to 2^56 - 1 are accepted"));
    }
    Ok(())
}

fn shape(map: &Map, rows: u64, columns: u64, blocks: &mut HashSet<*const Block>) -> Result<(), Problem> {
    if (map.rows, map.columns) != (rows, columns) {
        let (r, c) = (map.rows, map.columns);
        return problem(format!("a map of {r} rows and {c} columns in the place of {rows} and {columns}"));
    }
    for (number, tile) in map.tiles.iter().enumerate() {
        if tile.axes.len() > AXES || tile.axes.iter().any(|axis| axis.count == 0) {
            return problem(format!("tile {number}: at most {AXES} axes of at least one position are accepted"));
        }
        if tile.end().is_none_or(|end| end.0 > rows || end.1 > columns) {
            return problem(format!("tile {number} reaches outside {rows} rows and {columns} columns"));
        }
        // Shared blocks are looked at once.
        if blocks.insert(std::rc::Rc::as_ptr(&tile.block)) {
            block(&tile.block).map_err(|problem| problem.at(format!("tile {number}")))?;
        }
    }
    Ok(())
}

/// Checks that a block's entries are sorted, distinct, inside, not zero, and of bounded size.
pub fn block(block: &Block) -> Result<(), Problem> {
    let (mut last, mut size) = (None, 0u64);
    for (i, j, v) in &block.entries {
        if *i >= block.rows || *j >= block.columns {
            return problem(format!("entry ({i}, {j}) lies outside a block of {} x {}", block.rows, block.columns));
        }
        if last.is_some_and(|last| last >= (*i, *j)) {
            return problem(format!("entry ({i}, {j}) is out of order or repeated"));
        }
        if v.is_zero() {
            return problem(format!("entry ({i}, {j}) is zero"));
        }
        last = Some((*i, *j));
        size = size.saturating_add(bits(v));
    }
    if size > BLOCK_BITS {
        return problem(format!("the weights of a block take {size} bits, at most {BLOCK_BITS} are accepted"));
    }
    Ok(())
}
