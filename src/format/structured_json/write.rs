//! Writing the structured form.

use std::io::Write;

use serde_json::{Map, Value as Json};

use super::super::network_error::WriteNetworkError;
use super::FORMAT;
use crate::arith::Integer;
use crate::network::{Block, ListedNetwork, ListedNode, ListedTile, Listing, Network, NetworkError};

/// Writes a network in the structured form, with a claim about it where there is one.
///
/// The same network gives the same bytes, however its parts are shared in memory.
///
/// # Errors
/// [`WriteNetworkError::Network`] when the entries of a block have too large a common denominator, before anything is
/// written; [`WriteNetworkError::Io`].
pub fn write(
    network: &Network,
    claim: Option<&Map<String, Json>>,
    writer: &mut dyn Write,
) -> Result<(), WriteNetworkError> {
    let listing = Listing::of(network);
    let denominators =
        listing.blocks().iter().map(|block| block.denominator()).collect::<Result<Vec<_>, NetworkError>>()?;
    write!(writer, "{{\"format\":\"{FORMAT}\",\"version\":1")?;
    if let Some(claim) = claim {
        write!(writer, ",\n\"claim\":")?;
        serde_json::to_writer(&mut *writer, claim).map_err(std::io::Error::from)?;
    }
    writer.write_all(b",\n\"blocks\":[")?;
    for (number, (block, denominator)) in listing.blocks().iter().zip(&denominators).enumerate() {
        writer.write_all(comma(number))?;
        write_block(block, denominator, writer)?;
    }
    writer.write_all(b"],\n\"networks\":[")?;
    for (number, network) in listing.networks().iter().enumerate() {
        writer.write_all(comma(number))?;
        write_network(network, writer)?;
    }
    writer.write_all(b"]}\n")?;
    Ok(())
}

/// What stands before item `number` of a list.
fn comma(number: usize) -> &'static [u8] {
    if number > 0 { b"," } else { b"" }
}

fn write_block(block: &Block, denominator: &Integer, writer: &mut dyn Write) -> std::io::Result<()> {
    let (rows, columns) = (block.rows(), block.columns());
    write!(writer, "\n{{\"rows\":{rows},\"columns\":{columns},\"denominator\":\"{denominator}\",\"entries\":[")?;
    for (number, (row, column, value)) in block.entries().iter().enumerate() {
        writer.write_all(comma(number))?;
        let (multiplier, _) = denominator.div_rem_euclid(&value.denominator());
        write!(writer, "[{row},{column},\"{}\"]", value.numerator() * multiplier)?;
    }
    writer.write_all(b"]}")
}

fn write_network(network: &ListedNetwork, writer: &mut dyn Write) -> std::io::Result<()> {
    writer.write_all(b"\n{\"nodes\":[")?;
    for (number, node) in network.nodes.iter().enumerate() {
        writer.write_all(comma(number))?;
        writer.write_all(b"\n ")?;
        write_node(node, writer)?;
    }
    write!(writer, "],\"output\":{}}}", network.output)
}

fn write_node(node: &ListedNode, writer: &mut dyn Write) -> std::io::Result<()> {
    match node {
        ListedNode::Input(dimension) => write!(writer, "{{\"input\":{dimension}}}"),
        ListedNode::Relu(argument) => write!(writer, "{{\"relu\":{argument}}}"),
        ListedNode::Call { network, copies, arguments } => {
            write!(writer, "{{\"call\":{{\"network\":{network},\"copies\":{copies},\"arguments\":{arguments:?}}}}}")
        }
        ListedNode::Affine { rows, terms, bias } => {
            write!(writer, "{{\"affine\":{{\"rows\":{rows},\"terms\":[")?;
            for (number, (argument, map)) in terms.iter().enumerate() {
                writer.write_all(comma(number))?;
                write!(writer, "{{\"argument\":{argument},\"map\":")?;
                write_map(map, writer)?;
                writer.write_all(b"}")?;
            }
            writer.write_all(b"],\"bias\":")?;
            write_map(bias, writer)?;
            writer.write_all(b"}}")
        }
    }
}

fn write_map(map: &[ListedTile], writer: &mut dyn Write) -> std::io::Result<()> {
    writer.write_all(b"[")?;
    for (number, tile) in map.iter().enumerate() {
        writer.write_all(comma(number))?;
        let ListedTile { block, row, column, row_step, column_step, axes } = tile;
        write!(writer, "{{\"block\":{block},\"row\":{row},\"column\":{column}")?;
        write!(writer, ",\"row_step\":{row_step},\"column_step\":{column_step},\"axes\":[")?;
        for (number, axis) in axes.iter().enumerate() {
            writer.write_all(comma(number))?;
            write!(writer, "[{},{},{}]", axis.count, axis.row, axis.column)?;
        }
        writer.write_all(b"]}")?;
    }
    writer.write_all(b"]")
}
