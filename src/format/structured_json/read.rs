//! Reading the structured form.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};

use super::super::json_parts::{Item, List, MAX_ENTRIES, MatrixEntry};
use super::super::network_error::ReadNetworkError;
use super::FORMAT;
use super::extent::{Extent, MAX_DIMENSION, MAX_PLACED, extent};
use crate::arith::Rational;
use crate::network::{Axis, Block, Builder, LinearMap, Network, Tile, Value};

/// The most axes of a tile.
const MAX_AXES: usize = 64;

/// What a structured file holds.
#[derive(Debug, Clone)]
pub struct StructuredFile {
    /// The network.
    pub network: Network,
    /// What the file says about it: kept as it is, believed by nobody.
    pub claim: Option<Map<String, Json>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    version: u64,
    claim: Option<Map<String, Json>>,
    blocks: List<BlockPart>,
    networks: List<NetworkPart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockPart {
    rows: usize,
    columns: usize,
    denominator: String,
    entries: List<BlockEntry>,
}

struct BlockEntry(MatrixEntry);

impl<'de> Deserialize<'de> for BlockEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        MatrixEntry::deserialize(deserializer).map(Self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkPart {
    nodes: List<NodePart>,
    output: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum NodePart {
    Input(usize),
    Affine(AffinePart),
    Relu(usize),
    Call(CallPart),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AffinePart {
    rows: usize,
    terms: List<TermPart>,
    bias: List<TilePart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermPart {
    argument: usize,
    map: List<TilePart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TilePart {
    block: usize,
    row: usize,
    column: usize,
    row_step: usize,
    column_step: usize,
    axes: Vec<(usize, usize, usize)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallPart {
    network: usize,
    copies: usize,
    arguments: Vec<usize>,
}

impl Item for BlockEntry {
    const LIST: &'static str = "entries";
    fn bits(&self) -> u64 {
        self.0.bits()
    }
}
impl Item for BlockPart {
    const LIST: &'static str = "blocks";
    fn bits(&self) -> u64 {
        self.entries.0.iter().map(Item::bits).sum()
    }
}
impl Item for NetworkPart {
    const LIST: &'static str = "networks";
}
impl Item for NodePart {
    const LIST: &'static str = "nodes";
}
impl Item for TermPart {
    const LIST: &'static str = "terms";
}
impl Item for TilePart {
    const LIST: &'static str = "tiles";
}

/// Reads a structured network.
///
/// **Exactness.** Exact.
///
/// # Errors
/// [`ReadNetworkError`] with the path: malformed JSON, unknown or missing keys, another format or version, blocks with
/// entries that are zero, repeated, out of order or outside, tiles outside their matrix, references to what is not
/// listed before, parts that do not fit together, and networks that are too large with their calls written out.
pub fn read(text: &str) -> Result<StructuredFile, ReadNetworkError> {
    let file: File = serde_json::from_str(text)?;
    if file.format != FORMAT {
        return Err(ReadNetworkError::Format { found: file.format.chars().take(60).collect() });
    }
    if file.version != 1 {
        return Err(ReadNetworkError::Version { found: file.version });
    }
    let found = file.blocks.0.iter().map(|block| block.entries.0.len() as u128).sum();
    check("blocks", found, MAX_ENTRIES, "entries")?;
    let mut reader = Reader { blocks: Vec::new(), networks: Vec::new(), extents: HashMap::new() };
    for (number, block) in file.blocks.0.into_iter().enumerate() {
        reader.blocks.push(Arc::new(read_block(number, block)?));
    }
    for (number, network) in file.networks.0.into_iter().enumerate() {
        let network = reader.network(number, &network)?;
        reader.networks.push(network);
    }
    let network =
        reader.networks.pop().ok_or_else(|| ReadNetworkError::Zero { place: "the length of networks".to_owned() })?;
    // Nothing else refers to the last network.
    let network = Arc::try_unwrap(network).unwrap_or_else(|shared| Network::clone(&shared));
    Ok(StructuredFile { network, claim: file.claim })
}

fn check(place: &str, found: u128, limit: u128, unit: &'static str) -> Result<(), ReadNetworkError> {
    if found <= limit {
        return Ok(());
    }
    Err(ReadNetworkError::TooLarge { place: place.to_owned(), found, limit, unit })
}

fn at_least_one(n: usize, place: impl FnOnce() -> String) -> Result<(), ReadNetworkError> {
    if n == 0 { Err(ReadNetworkError::Zero { place: place() }) } else { Ok(()) }
}

fn read_block(number: usize, block: BlockPart) -> Result<Block, ReadNetworkError> {
    let place = || format!("blocks[{number}]");
    let no_integer = |what: String, found: &str| {
        let found = found.chars().take(60).collect();
        ReadNetworkError::NoInteger { place: format!("blocks[{number}], {what}"), found }
    };
    let denominator: Rational =
        block.denominator.parse().map_err(|_| no_integer("denominator".to_owned(), &block.denominator))?;
    if !denominator.is_integer() || !denominator.is_positive() {
        return Err(no_integer("denominator".to_owned(), &block.denominator));
    }
    check(&place(), block.rows.max(block.columns) as u128, MAX_DIMENSION, "rows or columns")?;
    let mut entries = Vec::with_capacity(block.entries.0.len());
    for (index, BlockEntry(MatrixEntry(row, column, value))) in block.entries.0.into_iter().enumerate() {
        if !value.is_integer() {
            return Err(no_integer(format!("entries[{index}]"), &value.to_string()));
        }
        entries.push((row, column, &value / &denominator));
    }
    Block::new(block.rows, block.columns, entries).map_err(ReadNetworkError::network(place()))
}

struct Reader {
    blocks: Vec<Arc<Block>>,
    networks: Vec<Arc<Network>>,
    extents: HashMap<*const Network, Extent>,
}

impl Reader {
    fn network(&mut self, number: usize, part: &NetworkPart) -> Result<Arc<Network>, ReadNetworkError> {
        let mut builder = Network::builder();
        let mut values: Vec<Value> = Vec::new();
        for (index, node) in part.nodes.0.iter().enumerate() {
            let place = format!("networks[{number}], nodes[{index}]");
            let value = self.node(&place, node, &values, &mut builder)?;
            check(&place, builder.dimension(value) as u128, MAX_DIMENSION, "entries")?;
            values.push(value);
        }
        let place = format!("networks[{number}]");
        let output = argument(&format!("{place}, output"), part.output, &values)?;
        let network = Arc::new(builder.finish(output));
        let extent = extent(&network, |called| self.extents.get(&std::ptr::from_ref(called)));
        extent.check(&place)?;
        self.extents.insert(Arc::as_ptr(&network), extent);
        Ok(network)
    }

    fn node(
        &self,
        place: &str,
        node: &NodePart,
        values: &[Value],
        builder: &mut Builder,
    ) -> Result<Value, ReadNetworkError> {
        match node {
            NodePart::Input(dimension) => {
                at_least_one(*dimension, || format!("{place}, input"))?;
                check(place, *dimension as u128, MAX_DIMENSION, "entries")?;
                Ok(builder.input(*dimension))
            }
            NodePart::Relu(number) => Ok(builder.relu(argument(place, *number, values)?)),
            NodePart::Affine(part) => {
                at_least_one(part.rows, || format!("{place}, rows"))?;
                check(place, part.rows as u128, MAX_DIMENSION, "rows")?;
                let mut terms = Vec::new();
                for (port, term) in part.terms.0.iter().enumerate() {
                    let place = format!("{place}, terms[{port}]");
                    let value = argument(&place, term.argument, values)?;
                    let map = self.map(&place, (part.rows, builder.dimension(value)), &term.map)?;
                    terms.push((value, map));
                }
                let bias = self.map(&format!("{place}, bias"), (part.rows, 1), &part.bias)?;
                builder.affine(&terms, bias).map_err(ReadNetworkError::network(place))
            }
            NodePart::Call(part) => {
                at_least_one(part.copies, || format!("{place}, copies"))?;
                check(place, part.copies as u128, MAX_DIMENSION, "copies")?;
                let count = self.networks.len();
                let reference = || {
                    let (place, what) = (place.to_owned(), "network");
                    ReadNetworkError::Reference { place, what, found: part.network, count }
                };
                let network = self.networks.get(part.network).ok_or_else(reference)?;
                let largest = network.input_dimensions().into_iter().max().unwrap_or(0).max(network.output_dimension());
                check(place, largest as u128 * part.copies as u128, MAX_DIMENSION, "entries, all copies counted")?;
                let arguments = part.arguments.iter().map(|&number| argument(place, number, values));
                let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
                builder.call(part.copies, network, &arguments).map_err(ReadNetworkError::network(place))
            }
        }
    }

    fn map(&self, place: &str, shape: (usize, usize), tiles: &List<TilePart>) -> Result<LinearMap, ReadNetworkError> {
        let mut read = Vec::with_capacity(tiles.0.len());
        for (number, tile) in tiles.0.iter().enumerate() {
            read.push(self.tile(|| format!("{place}, tiles[{number}]"), shape, tile)?);
        }
        Ok(LinearMap::from_tiles(shape.0, shape.1, read))
    }

    fn tile(
        &self,
        place: impl Fn() -> String,
        (rows, columns): (usize, usize),
        tile: &TilePart,
    ) -> Result<Tile, ReadNetworkError> {
        let wrong = |problem| ReadNetworkError::Tile { place: place(), problem, rows, columns };
        let count = self.blocks.len();
        let block = self.blocks.get(tile.block).ok_or_else(|| ReadNetworkError::Reference {
            place: place(),
            what: "block",
            found: tile.block,
            count,
        })?;
        if tile.axes.len() > MAX_AXES {
            return Err(wrong("has more than 64 axes"));
        }
        if tile.axes.iter().any(|&(count, row, column)| count < 2 || (row == 0 && column == 0)) {
            return Err(wrong("has an axis that moves nothing"));
        }
        let steps = |block: usize, step: usize, axis: fn(&(usize, usize, usize)) -> usize| {
            let axes = tile.axes.iter().map(|a| (a.0, axis(a)));
            axes.chain([(block.max(1), step)]).try_fold(1u128, |extent, (count, stride)| {
                extent.checked_add((count as u128 - 1).checked_mul(stride as u128)?)
            })
        };
        let inside = |start: usize, extent: Option<u128>, end: usize| {
            extent.and_then(|extent| extent.checked_add(start as u128)).is_some_and(|last| last <= end as u128)
        };
        if !inside(tile.row, steps(block.rows(), tile.row_step, |a| a.1), rows) {
            return Err(wrong("reaches below the last row"));
        }
        if !inside(tile.column, steps(block.columns(), tile.column_step, |a| a.2), columns) {
            return Err(wrong("reaches beyond the last column"));
        }
        let entries = block.nonzeros() as u128;
        let placed = tile.axes.iter().try_fold(entries, |n, axis| n.checked_mul(axis.0 as u128));
        if placed.is_none_or(|placed| placed > MAX_PLACED) {
            return Err(wrong("places more than 2^56 entries"));
        }
        let axes = tile.axes.iter().map(|&(count, row, column)| Axis { count, row, column }).collect();
        let (row, column, row_step, column_step) = (tile.row, tile.column, tile.row_step, tile.column_step);
        Ok(Tile { block: Arc::clone(block), row, column, row_step, column_step, axes })
    }
}

fn argument(place: &str, number: usize, values: &[Value]) -> Result<Value, ReadNetworkError> {
    let (what, count) = ("node", values.len());
    let missing = || ReadNetworkError::Reference { place: place.to_owned(), what, found: number, count };
    values.get(number).copied().ok_or_else(missing)
}
