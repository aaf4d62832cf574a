//! The blocks and networks of a certificate.

use std::io::BufRead;
use std::rc::Rc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed};

use crate::interned::Tiles;
use crate::lexer::{Source, Tokens};
use crate::network::{Block, Map, Network, Node, Operation, Weight};
use crate::problem::{Problem, problem};
use crate::shapes::{AXES, check_shapes};

/// Reads all blocks and networks, which may be none where that is allowed; the source stands on the line after them.
///
/// # Errors
/// For lines in another form or order, or networks that do not fit together.
pub fn networks<R: BufRead>(source: &mut Source<R>, may_be_none: bool) -> Result<Vec<Network>, Problem> {
    let mut blocks = Vec::new();
    let mut networks = Vec::new();
    let mut tiles = Tiles::default();
    source.advance()?;
    loop {
        let mut tokens = source.tokens();
        match tokens.word()? {
            "block" if networks.is_empty() => {
                blocks.push(Rc::new(block(tokens)?));
                source.advance()?;
            }
            "network" => {
                tokens.end()?;
                let network = network(source, &blocks, &networks, &mut tiles)?;
                networks.push(network);
                source.advance()?;
            }
            _ => break,
        }
    }
    if networks.is_empty() && !may_be_none {
        return problem("there is no network");
    }
    check_shapes(&networks)?;
    Ok(networks)
}

/// `r c D` and the entries n / D.
fn block(mut tokens: Tokens<'_>) -> Result<Block, Problem> {
    let (rows, columns, denominator) = (tokens.natural()?, tokens.natural()?, tokens.integer()?);
    if !denominator.is_positive() {
        return problem("the denominator of a block is positive");
    }
    let mut entries: Vec<(u64, u64, Weight)> = Vec::new();
    let mut common = denominator.clone();
    while !tokens.is_empty() {
        let (i, j, n) = (tokens.natural()?, tokens.natural()?, tokens.integer()?);
        if !common.is_one() {
            common = common.gcd(&n);
        }
        // Order, places and zeros are looked at with the networks, and here for blocks that no network uses.
        let in_order = entries.last().is_none_or(|last| (last.0, last.1) < (i, j));
        if !in_order || i >= rows || j >= columns || n == BigInt::ZERO {
            return problem("the entries of a block are sorted, inside and not 0");
        }
        entries.push((i, j, if denominator.is_one() { Weight::from(n) } else { Weight::new(n, denominator.clone()) }));
    }
    if !common.is_one() {
        return problem("the entries of a block have a factor in common with its denominator");
    }
    Ok(Block { rows, columns, entries })
}

/// The nodes of a network after its first line, up to its output.
fn network<R: BufRead>(
    source: &mut Source<R>,
    blocks: &[Rc<Block>],
    networks: &[Network],
    tiles: &mut Tiles,
) -> Result<Network, Problem> {
    let mut nodes: Vec<Node> = Vec::new();
    loop {
        source.advance()?;
        let mut tokens = source.tokens();
        let dimension = |node: usize| {
            let found = nodes.get(node).map(|node| node.dimension);
            found.ok_or_else(|| Problem(format!("argument {node} is not a node before")))
        };
        let (operation, dimension) = match tokens.word()? {
            "input" => {
                let n = tokens.natural()?;
                (Operation::Input(n), n)
            }
            "affine" => {
                let (rows, count) = (tokens.natural()?, tokens.natural()?);
                let mut terms = Vec::new();
                for _ in 0..count {
                    let x = number(&mut tokens)?;
                    terms.push((x, map(&mut tokens, blocks, (rows, dimension(x)?), tiles)?));
                }
                let bias = map(&mut tokens, blocks, (rows, 1), tiles)?;
                terms.shrink_to_fit();
                (Operation::Affine { terms, bias }, rows)
            }
            "relu" => {
                let x = number(&mut tokens)?;
                (Operation::Relu(x), dimension(x)?)
            }
            "call" => {
                let (network, copies) = (number(&mut tokens)?, tokens.natural()?);
                let mut arguments = Vec::new();
                while !tokens.is_empty() {
                    arguments.push(number(&mut tokens)?);
                }
                let called = networks.get(network).and_then(|called| called.nodes.get(called.output));
                let Some(n) = called.and_then(|node| node.dimension.checked_mul(copies)) else {
                    return problem(format!("a call of {copies} copies of network {network} is not possible here"));
                };
                (Operation::Call { network, copies, arguments }, n)
            }
            "output" => {
                let output = number(&mut tokens)?;
                tokens.end()?;
                return Ok(Network { nodes, output });
            }
            other => return problem(format!("'{other}' is not a node")),
        };
        tokens.end()?;
        nodes.push(Node { operation, dimension });
    }
}

fn number(tokens: &mut Tokens<'_>) -> Result<usize, Problem> {
    Ok(usize::try_from(tokens.natural()?).unwrap_or(usize::MAX))
}

/// `t` and t tiles.
fn map(
    tokens: &mut Tokens<'_>,
    blocks: &[Rc<Block>],
    (rows, columns): (u64, u64),
    tiles: &mut Tiles,
) -> Result<Map, Problem> {
    let count = tokens.natural()?;
    let tiles = tiles.of(blocks, |numbers| {
        for _ in 0..count {
            for _ in 0..5 {
                numbers.push(tokens.natural()?);
            }
            let axes = tokens.natural()?;
            if axes > AXES as u64 {
                return problem(format!("a tile has at most {AXES} axes"));
            }
            numbers.push(axes);
            for _ in 0..3 * axes {
                numbers.push(tokens.natural()?);
            }
        }
        Ok(())
    })?;
    Ok(Map { rows, columns, tiles })
}
