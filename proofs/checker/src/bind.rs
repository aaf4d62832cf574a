//! Comparing the networks of a certificate with a network file.
//!
//! The file is read as a stream and never believed: the layered form is compared entry by entry with the one that
//! follows from the certificate, one group of neurons at a time; a structured file node by node.

use std::io::BufRead;

use num_bigint::BigInt;
use num_traits::Zero;

use crate::algebra::equal;
use crate::bind_spiking::bind_spiking;
use crate::check::{Outcome, Verdict};
use crate::json::Json;
use crate::layered::Layered;
use crate::lower::layered;
use crate::network::{Map, Network, Node, Operation, Weight, same};
use crate::problem::{Problem, problem};
use crate::shapes::check_shapes;
use crate::statement::{Approximation, Claim, Target};
use crate::structured::{Parts, big};
use crate::write_out::{Level, Weights};

/// What a file was found to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The layered form, with this many weights.
    Layered {
        /// The entries compared.
        weights: u128,
    },
    /// The same networks, node by node.
    Structured,
}

impl Outcome {
    /// Compares a network file with the network, or the spiking network, that the statement is about; a difference rejects.
    pub fn bind(&mut self, network: impl BufRead) {
        let spiking = self.statement.as_ref().is_some_and(|statement| statement.spiking);
        self.compare(if spiking { None } else { Some(self.networks.len()) }, network);
    }
    /// Compares a network file with the network, or the spiking network, that is the target; a difference rejects.
    pub fn bind_target(&mut self, network: impl BufRead) {
        let number = match self.statement.as_ref().map(|statement| &statement.claim) {
            Some(Claim::Approximation(Approximation { target: Target::Network(number), .. })) => Some(number + 1),
            Some(Claim::Approximation(Approximation { target: Target::Spiking, .. })) => None,
            _ => Some(0),
        };
        self.compare(number.map(|end| usize::try_from(end).unwrap_or(0)), network);
    }
    /// Compares a file with the last of the first so many networks, or with the spiking network.
    fn compare(&mut self, end: Option<usize>, network: impl BufRead) {
        let bound = match (end, &self.spiking) {
            _ if self.is_rejected() => return,
            (None, Some(spiking)) => bind_spiking(spiking, network),
            (Some(end @ 1..), _) => bind(self.networks.get(..end).unwrap_or_default(), network).map(|_| ()),
            _ => problem("the statement has no such network"),
        };
        if let Err(problem) = bound {
            self.verdict = Verdict::Rejected { step: 0, rule: "network", why: problem.0 };
        }
    }
}

/// Checks that a file holds the network of a certificate; its `format` key must come first.
///
/// # Errors
/// The first difference, with its place, or what is malformed.
pub fn bind(networks: &[Network], reader: impl BufRead) -> Result<Bound, Problem> {
    check_shapes(networks)?;
    let mut json = Json::new(reader);
    let mut file = File::Unknown;
    let keys = ["format", "version", "claim", "blocks", "networks", "inputs", "outputs", "layers"];
    let mut seen = Vec::new();
    json.object(&keys, &keys, |json, key| {
        seen.push(key);
        match (&mut file, key) {
            (File::Unknown, 0) => {
                file = match json.string()? {
                    b"certinet-layered" => File::Layered(Box::new(layered(networks)?), 0),
                    b"certinet-structured" => File::Structured(Parts::default()),
                    _ => return json.fail("the format certinet-layered or certinet-structured expected"),
                };
                Ok(())
            }
            (File::Unknown, _) => json.fail("the key \"format\" has to be the first one"),
            (File::Structured(parts), 1..=4) => parts.value(json, key),
            (File::Layered(..), 1) if json.integer()? == 1 => Ok(()),
            (File::Layered(layered, _), 5) => dimension(json, "the number of inputs", layered.level(0)?.dimension),
            (File::Layered(layered, _), 6) => {
                dimension(json, "the number of outputs", layered.level(layered.layers())?.dimension)
            }
            (File::Layered(layered, weights), 7) => {
                *weights = layers(json, layered)?;
                Ok(())
            }
            (File::Layered(..), 1) => json.fail("version 1 expected"),
            _ => json.fail("this key does not belong to the format"),
        }
    })?;
    json.end()?;
    let required: &[usize] = match file {
        File::Layered(..) => &[1, 5, 6, 7],
        _ => &[0, 1, 3, 4],
    };
    if let Some(key) = required.iter().find(|key| !seen.contains(key)).and_then(|&key| keys.get(key)) {
        return json.fail(format_args!("the key {key:?} is missing"));
    }
    match file {
        File::Unknown => json.fail("a network expected"),
        File::Layered(_, weights) => Ok(Bound::Layered { weights }),
        File::Structured(parts) => same_networks(networks, &parts.finish()?),
    }
}

/// A file of a known format.
enum File {
    Unknown,
    Layered(Box<Layered>, u128),
    Structured(Parts),
}

fn dimension<R: BufRead>(json: &mut Json<R>, what: &str, expected: u64) -> Result<(), Problem> {
    let found = json.integer()?;
    if found == expected { Ok(()) } else { json.fail(format_args!("{what} is {found}, {expected} expected")) }
}

/// Compares the layers; returns the number of weights.
fn layers<R: BufRead>(json: &mut Json<R>, layered: &Layered) -> Result<u128, Problem> {
    let (mut weights, mut count, mut number) = (Weights::default(), 0, 0);
    let mut below = layered.level(0)?;
    json.array(|json| {
        number += 1;
        if number > layered.layers() {
            return json.fail(format_args!("a layer beyond the last, {} expected", layered.layers()));
        }
        let level = layered.level(number)?;
        let mut layer = Layer { number, level: &level, below: &below, weights: &mut weights };
        json.object(&["rows", "columns", "weights", "bias"], &[], |json, key| match key {
            0 => dimension(json, &format!("layer {number}: the number of rows"), level.dimension),
            1 => dimension(json, &format!("layer {number}: the number of columns"), below.dimension),
            key => {
                count += layer.entries(json, key == 3)?;
                Ok(())
            }
        })?;
        below = level;
        Ok(())
    })?;
    if number < layered.layers() {
        return json.fail(format_args!("{number} layers found, {} expected", layered.layers()));
    }
    Ok(count)
}

struct Layer<'l, 'a> {
    number: u64,
    level: &'l Level<'a>,
    below: &'l Level<'a>,
    weights: &'l mut Weights,
}

impl Layer<'_, '_> {
    /// Compares the entries of the matrix or of the bias.
    fn entries<R: BufRead>(&mut self, json: &mut Json<R>, bias: bool) -> Result<u128, Problem> {
        let what = if bias { "bias" } else { "weights" };
        let place = |row: u32, column: u32| {
            let column = if bias { String::new() } else { format!(", column {column}") };
            format!("layer {}, {what}: row {row}{column}", self.number)
        };
        let (mut first, mut count) = (true, 0);
        json.open(b'[')?;
        self.level.entries(self.below, bias, self.weights, &mut |row, column, id, weights| {
            let Some((weight, text)) = weights.get(id) else { return json.fail("too many distinct weights") };
            if !json.element(b']', &mut first)? {
                return json.fail(format_args!("{}: expected {weight}, found the end", place(row, column)));
            }
            count += 1;
            let mut inside = true;
            json.open(b'[')?;
            json.one_more(&mut inside)?;
            let found = json.integer()?;
            let mut at = (found, 0);
            if !bias {
                json.one_more(&mut inside)?;
                at.1 = json.integer()?;
            }
            if at != (row.into(), column.into()) {
                let at = if bias { format!("row {}", at.0) } else { format!("row {}, column {}", at.0, at.1) };
                return json.fail(format_args!("{}: expected {weight}, found {at}", place(row, column)));
            }
            json.one_more(&mut inside)?;
            let found = json.string()?;
            // The written form of a weight is compared byte by byte, any other by its value.
            if found != text && !rational(found).is_some_and(|found| same(&found, weight)) {
                let found = String::from_utf8_lossy(found.get(..60).unwrap_or(found)).into_owned();
                return json.fail(format_args!("{}: expected {weight}, found {found:?}", place(row, column)));
            }
            if json.element(b']', &mut inside)? { json.fail("the entry is too long") } else { Ok(()) }
        })?;
        if json.element(b']', &mut first)? {
            return json.fail(format_args!("layer {}, {what}: an entry beyond the last", self.number));
        }
        Ok(count)
    }
}

/// An exact number p or p/q.
pub(crate) fn rational(text: &[u8]) -> Option<Weight> {
    let mut parts = text.splitn(2, |byte| *byte == b'/');
    let numerator = big(parts.next()?)?;
    let denominator = parts.next().map_or(Some(BigInt::from(1)), big)?;
    if denominator.is_zero() { None } else { Some(Weight::new(numerator, denominator)) }
}

/// Compares networks node by node.
fn same_networks(expected: &[Network], found: &[Network]) -> Result<Bound, Problem> {
    let differs = |place: String, found: usize, expected: usize, what: &str| {
        if found == expected { Ok(()) } else { problem(format!("{place}{found} {what} found, {expected} expected")) }
    };
    differs(String::new(), found.len(), expected.len(), "networks")?;
    for (number, (network, other)) in expected.iter().zip(found).enumerate() {
        let place = || format!("network {number}: ");
        differs(place(), other.nodes.len(), network.nodes.len(), "nodes")?;
        differs(place(), other.output, network.output, "as the output")?;
        for (index, (node, twin)) in network.nodes.iter().zip(&other.nodes).enumerate() {
            let at = |problem: Problem| problem.at(format!("network {number}, node {index}"));
            same_node(node, twin).map_err(at)?;
        }
    }
    Ok(Bound::Structured)
}

fn same_node(expected: &Node, found: &Node) -> Result<(), Problem> {
    if expected == found {
        return Ok(());
    }
    let (Operation::Affine { terms, bias }, Operation::Affine { terms: others, bias: other }) =
        (&expected.operation, &found.operation)
    else {
        return problem(format!("{found:.200?} found, {expected:.200?} expected"));
    };
    let arguments = |terms: &[(usize, Map)]| terms.iter().map(|term| term.0).collect::<Vec<_>>();
    if expected.dimension != found.dimension || arguments(terms) != arguments(others) {
        return problem("an affine map of another dimension or with other arguments");
    }
    for (number, ((_, map), (_, other))) in terms.iter().zip(others).enumerate() {
        if !equal(map, other)? {
            return problem(format!("the map of term {number} is another one"));
        }
    }
    if equal(bias, other)? { Ok(()) } else { problem("the bias is another one") }
}
