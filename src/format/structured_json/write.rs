//! Writing the structured form.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::super::network_error::WriteNetworkError;
use super::FORMAT;
use crate::arith::Integer;
use crate::network::{Block, LinearMap, Network, Operation, Value};

/// The most bits that the entries of one block may take over their common denominator.
const MAX_BLOCK_BITS: u128 = 1 << 33;

/// Writes a network in the structured form, with a claim about it where there is one.
///
/// The same network gives the same bytes, however its parts are shared in memory.
///
/// # Errors
/// [`WriteNetworkError::TooLarge`] when the entries of a block have too large a common denominator, before anything is
/// written; [`WriteNetworkError::Io`].
pub fn write(
    network: &Network,
    claim: Option<&Map<String, Json>>,
    writer: &mut dyn Write,
) -> Result<(), WriteNetworkError> {
    let mut listing = Listing::default();
    listing.network(network);
    let denominators = listing.blocks.iter().map(|block| denominator(block)).collect::<Result<Vec<_>, _>>()?;
    write!(writer, "{{\"format\":\"{FORMAT}\",\"version\":1")?;
    if let Some(claim) = claim {
        write!(writer, ",\n\"claim\":")?;
        serde_json::to_writer(&mut *writer, claim).map_err(std::io::Error::from)?;
    }
    writer.write_all(b",\n\"blocks\":[")?;
    for (number, (block, denominator)) in listing.blocks.iter().zip(&denominators).enumerate() {
        let comma = if number > 0 { "," } else { "" };
        write_block(block, denominator, comma, writer)?;
    }
    writer.write_all(b"],\n\"networks\":[")?;
    for (number, text) in listing.networks.iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        write!(writer, "{comma}\n{text}")?;
    }
    writer.write_all(b"]}\n")?;
    Ok(())
}

/// The least common denominator of a block.
fn denominator(block: &Block) -> Result<Integer, WriteNetworkError> {
    let mut common = Integer::one();
    for (_, _, value) in block.entries() {
        let d = value.denominator();
        if common.div_rem_euclid(&d).1.is_zero() {
            continue;
        }
        common = common.lcm(&d);
        let found = u128::from(common.bits()) * block.nonzeros() as u128;
        if found > MAX_BLOCK_BITS {
            let unit = "bits in a block over its common denominator";
            return Err(WriteNetworkError::TooLarge { found, limit: MAX_BLOCK_BITS, unit });
        }
    }
    Ok(common)
}

fn write_block(
    block: &Block,
    denominator: &Integer,
    comma: &str,
    writer: &mut dyn Write,
) -> Result<(), WriteNetworkError> {
    let (rows, columns) = (block.rows(), block.columns());
    let head = format_args!("{comma}\n{{\"rows\":{rows},\"columns\":{columns},\"denominator\":\"{denominator}\"");
    write!(writer, "{head},\"entries\":[")?;
    let mut comma = "";
    for (row, column, value) in block.entries() {
        let (multiplier, _) = denominator.div_rem_euclid(&value.denominator());
        write!(writer, "{comma}[{row},{column},\"{}\"]", value.numerator() * multiplier)?;
        comma = ",";
    }
    writer.write_all(b"]}")?;
    Ok(())
}

/// What has been listed so far: equal things once.
#[derive(Default)]
struct Listing {
    blocks: Vec<Arc<Block>>,
    /// Numbers of blocks by hash of their content, and by address as a short cut.
    block_numbers: HashMap<u64, Vec<usize>>,
    block_addresses: HashMap<*const Block, usize>,
    networks: Vec<String>,
    network_numbers: HashMap<String, usize>,
    network_addresses: HashMap<*const Network, usize>,
}

impl Listing {
    /// The number of a network, listed with what it calls if it is new.
    fn network(&mut self, network: &Network) -> usize {
        let mut order: Vec<Value> = network.inputs().collect();
        order.extend(network.values().into_iter().filter(|value| network.input_number(*value).is_none()));
        let numbers: HashMap<Value, usize> = order.iter().enumerate().map(|(number, value)| (*value, number)).collect();
        let mut text = String::from("{\"nodes\":[");
        for (number, value) in order.iter().enumerate() {
            text.push_str(if number > 0 { ",\n " } else { "\n " });
            let arguments: Vec<usize> = network.arguments(*value).iter().map(|argument| numbers[argument]).collect();
            self.node(network.operation(*value), network.dimension(*value), &arguments, &mut text);
        }
        // Writing to a string does not fail.
        let _ = write!(text, "],\"output\":{}}}", numbers[&network.output()]);
        if let Some(&number) = self.network_numbers.get(&text) {
            return number;
        }
        self.network_numbers.insert(text.clone(), self.networks.len());
        self.networks.push(text);
        self.networks.len() - 1
    }

    fn node(&mut self, operation: &Operation, dimension: usize, arguments: &[usize], text: &mut String) {
        let _ = match operation {
            Operation::Input => write!(text, "{{\"input\":{dimension}}}"),
            Operation::Relu => write!(text, "{{\"relu\":{}}}", arguments[0]),
            Operation::Call { copies, network } => {
                let number = match self.network_addresses.get(&Arc::as_ptr(network)) {
                    Some(&number) => number,
                    None => {
                        let number = self.network(network);
                        self.network_addresses.insert(Arc::as_ptr(network), number);
                        number
                    }
                };
                let head = format_args!("{{\"call\":{{\"network\":{number},\"copies\":{copies}");
                write!(text, "{head},\"arguments\":{arguments:?}}}}}")
            }
            Operation::Affine { maps, bias } => {
                let _ = write!(text, "{{\"affine\":{{\"rows\":{dimension},\"terms\":[");
                for (number, (map, argument)) in maps.iter().zip(arguments).enumerate() {
                    let comma = if number > 0 { "," } else { "" };
                    let _ = write!(text, "{comma}{{\"argument\":{argument},\"map\":");
                    self.map(map, text);
                    text.push('}');
                }
                text.push_str("],\"bias\":");
                self.map(bias, text);
                write!(text, "}}}}")
            }
        };
    }

    fn map(&mut self, map: &LinearMap, text: &mut String) {
        text.push('[');
        for (number, tile) in map.tiles().iter().enumerate() {
            let comma = if number > 0 { "," } else { "" };
            let block = self.block(&tile.block);
            let (row, column, row_step, column_step) = (tile.row, tile.column, tile.row_step, tile.column_step);
            let _ = write!(text, "{comma}{{\"block\":{block},\"row\":{row},\"column\":{column}");
            let _ = write!(text, ",\"row_step\":{row_step},\"column_step\":{column_step},\"axes\":[");
            for (number, axis) in tile.axes.iter().enumerate() {
                let comma = if number > 0 { "," } else { "" };
                let _ = write!(text, "{comma}[{},{},{}]", axis.count, axis.row, axis.column);
            }
            text.push_str("]}");
        }
        text.push(']');
    }

    fn block(&mut self, block: &Arc<Block>) -> usize {
        if let Some(&number) = self.block_addresses.get(&Arc::as_ptr(block)) {
            return number;
        }
        let mut hasher = DefaultHasher::new();
        (block.rows(), block.columns(), block.entries()).hash(&mut hasher);
        let alike = self.block_numbers.entry(hasher.finish()).or_default();
        let known = alike.iter().copied().find(|&number| self.blocks[number] == *block);
        let number = known.unwrap_or(self.blocks.len());
        if known.is_none() {
            alike.push(number);
            self.blocks.push(Arc::clone(block));
        }
        self.block_addresses.insert(Arc::as_ptr(block), number);
        number
    }
}
