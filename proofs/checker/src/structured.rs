//! Reading `certinet-structured` JSON into networks.

use std::io::BufRead;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use crate::interned::Tiles;
use crate::json::Json;
use crate::network::{Block, Map, Network, Node, Operation, Tile, Weight};
use crate::problem::Problem;
use crate::shapes::check_shapes;

/// The keys of the format.
pub(crate) const KEYS: [&str; 5] = ["format", "version", "claim", "blocks", "networks"];

/// Reads the networks of a structured file; what it claims about them is passed over.
pub fn read(reader: impl BufRead) -> Result<Vec<Network>, Problem> {
    let mut json = Json::new(reader);
    let mut parts = Parts::default();
    json.object(&KEYS, &["claim"], |json, key| match key {
        0 if json.string()? == b"certinet-structured" => Ok(()),
        0 => json.fail("the format certinet-structured expected"),
        key => parts.value(json, key),
    })?;
    json.end()?;
    parts.finish()
}

/// What has been read of a structured file.
#[derive(Default)]
pub(crate) struct Parts {
    blocks: Vec<Rc<Block>>,
    networks: Vec<Network>,
    tiles: Tiles,
}

impl Parts {
    /// Reads the value of a key by its number in [`KEYS`]; blocks come before networks.
    pub fn value<R: BufRead>(&mut self, json: &mut Json<R>, key: usize) -> Result<(), Problem> {
        match key {
            1 if json.integer()? == 1 => Ok(()),
            1 => json.fail("version 1 expected"),
            2 if json.peek()? == Some(b'{') => json.pass(),
            2 => json.fail("an object expected"),
            3 if !self.networks.is_empty() => json.fail("blocks come before networks"),
            3 => json.array(|json| {
                self.blocks.push(Rc::new(block(json)?));
                Ok(())
            }),
            _ => json.array(|json| {
                let network = self.network(json)?;
                self.networks.push(network);
                Ok(())
            }),
        }
    }

    /// The networks, when their shapes are right.
    pub fn finish(self) -> Result<Vec<Network>, Problem> {
        check_shapes(&self.networks)?;
        Ok(self.networks)
    }

    fn network<R: BufRead>(&mut self, json: &mut Json<R>) -> Result<Network, Problem> {
        let mut network = Network { nodes: Vec::new(), output: 0 };
        json.object(&["nodes", "output"], &[], |json, key| match key {
            0 => json.array(|json| {
                let node = self.node(json, &network.nodes)?;
                network.nodes.push(node);
                Ok(())
            }),
            _ => {
                network.output = index(json)?;
                Ok(())
            }
        })?;
        Ok(network)
    }

    fn node<R: BufRead>(&mut self, json: &mut Json<R>, before: &[Node]) -> Result<Node, Problem> {
        let mut made = None;
        json.object(&["input", "affine", "relu", "call"], &["input", "affine", "relu", "call"], |json, key| {
            if made.is_some() {
                return json.fail("one operation for a node expected");
            }
            made = Some(match key {
                0 => {
                    let dimension = json.integer()?;
                    Node { operation: Operation::Input(dimension), dimension }
                }
                1 => self.affine(json, before)?,
                2 => {
                    let argument = index(json)?;
                    Node { operation: Operation::Relu(argument), dimension: dimension(json, before, argument)? }
                }
                _ => self.call(json)?,
            });
            Ok(())
        })?;
        made.map_or_else(|| json.fail("an operation expected"), Ok)
    }

    fn affine<R: BufRead>(&mut self, json: &mut Json<R>, before: &[Node]) -> Result<Node, Problem> {
        let (mut rows, mut terms, mut bias) = (0, Vec::new(), Rc::default());
        json.object(&["rows", "terms", "bias"], &[], |json, key| {
            match key {
                0 => rows = json.integer()?,
                1 => json.array(|json| {
                    let (mut argument, mut tiles) = (0, Rc::default());
                    json.object(&["argument", "map"], &[], |json, key| {
                        match key {
                            0 => argument = index(json)?,
                            _ => tiles = self.tiles(json)?,
                        }
                        Ok(())
                    })?;
                    let columns = dimension(json, before, argument)?;
                    terms.push((argument, Map { rows: 0, columns, tiles }));
                    Ok(())
                })?,
                _ => bias = self.tiles(json)?,
            }
            Ok(())
        })?;
        terms.iter_mut().for_each(|term| term.1.rows = rows);
        let bias = Map { rows, columns: 1, tiles: bias };
        Ok(Node { operation: Operation::Affine { terms, bias }, dimension: rows })
    }

    fn call<R: BufRead>(&self, json: &mut Json<R>) -> Result<Node, Problem> {
        let (mut network, mut copies, mut arguments) = (0, 0u64, Vec::new());
        json.object(&["network", "copies", "arguments"], &[], |json, key| {
            match key {
                0 => network = index(json)?,
                1 => copies = json.integer()?,
                _ => json.array(|json| {
                    arguments.push(index(json)?);
                    Ok(())
                })?,
            }
            Ok(())
        })?;
        let called = self.networks.get(network).and_then(|called| called.nodes.get(called.output));
        match called.and_then(|node| node.dimension.checked_mul(copies)) {
            Some(dimension) => Ok(Node { operation: Operation::Call { network, copies, arguments }, dimension }),
            None => json.fail(format_args!("network {network} is not listed before, or has too many copies")),
        }
    }

    fn tiles<R: BufRead>(&mut self, json: &mut Json<R>) -> Result<Rc<[Tile]>, Problem> {
        self.tiles.of(&self.blocks, |numbers| {
            json.array(|json| {
                let (mut places, mut axes) = ([0; 5], Vec::new());
                let keys = ["block", "row", "column", "row_step", "column_step", "axes"];
                json.object(&keys, &[], |json, key| match places.get_mut(key) {
                    Some(place) => json.integer().map(|n| *place = n),
                    None => json.array(|json| integers::<R, 3>(json).map(|axis| axes.extend(axis))),
                })?;
                numbers.extend(places);
                numbers.push(axes.len() as u64 / 3);
                numbers.extend(axes);
                Ok(())
            })
        })
    }
}

fn index<R: BufRead>(json: &mut Json<R>) -> Result<usize, Problem> {
    let n = json.integer()?;
    usize::try_from(n).or_else(|_| json.fail("a number that is too large"))
}

fn dimension<R: BufRead>(json: &mut Json<R>, before: &[Node], argument: usize) -> Result<u64, Problem> {
    let node = before.get(argument).map(|node| node.dimension);
    node.map_or_else(|| json.fail(format_args!("node {argument} is not listed before")), Ok)
}

/// An array of exactly these many integers.
fn integers<R: BufRead, const N: usize>(json: &mut Json<R>) -> Result<[u64; N], Problem> {
    let (mut found, mut count) = ([0; N], 0);
    json.array(|json| {
        let Some(place) = found.get_mut(count) else { return json.fail(format_args!("{N} integers expected")) };
        *place = json.integer()?;
        count += 1;
        Ok(())
    })?;
    if count == N { Ok(found) } else { json.fail(format_args!("{N} integers expected")) }
}

/// An exact integer with a sign.
pub(crate) fn big(text: &[u8]) -> Option<BigInt> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    if plain { BigInt::parse_bytes(text, 10) } else { None }
}

fn block<R: BufRead>(json: &mut Json<R>) -> Result<Block, Problem> {
    let (mut rows, mut columns, mut denominator, mut entries) = (0, 0, BigInt::zero(), Vec::new());
    json.object(&["rows", "columns", "denominator", "entries"], &[], |json, key| {
        match key {
            0 => rows = json.integer()?,
            1 => columns = json.integer()?,
            2 => match big(json.string()?).filter(Signed::is_positive) {
                Some(found) => denominator = found,
                None => return json.fail("a positive integer expected"),
            },
            _ => json.array(|json| {
                json.open(b'[')?;
                let mut first = true;
                json.one_more(&mut first)?;
                let row = json.integer()?;
                json.one_more(&mut first)?;
                let column = json.integer()?;
                json.one_more(&mut first)?;
                let Some(value) = big(json.string()?) else { return json.fail("an integer expected") };
                if json.element(b']', &mut first)? {
                    return json.fail("row, column and value expected");
                }
                entries.push((row, column, value));
                Ok(())
            })?,
        }
        Ok(())
    })?;
    if denominator.is_zero() {
        return json.fail("a denominator expected");
    }
    let weight = |(row, column, value)| (row, column, Weight::new(value, denominator.clone()));
    let block = Block { rows, columns, entries: entries.into_iter().map(weight).collect() };
    crate::shapes::block(&block).or_else(|problem| json.fail(problem))?;
    Ok(block)
}
