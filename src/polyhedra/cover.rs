//! Covers: the tree of cells that proves what a network is on each of its regions, line by line.
//!
//! A cell of the tree holds the regions that have the same decisions so far, and is covered by them. So a neuron of
//! the open layer with one sign on all of these regions has it on the cell, where it is affine: by Farkas it is a sum of
//! multiples of the slacks and a constant, which is the line `on` or `off`. A neuron with both signs is a `split`.
//! The format is section 8 of `proofs/FORMAT.md`.

use std::fmt::Write;
use std::io;
use std::sync::Arc;

use rayon::prelude::*;

use super::Region;
use super::error::{PolyhedraError, expect_dimension};
use super::local::{Functions, IntegerNetwork};
use super::slack::{Slack, Slacks};
use crate::arith::Rational;
use crate::network::Layered;

/// Cells of the tree with at most this many regions are walked as one piece of work.
const PIECE: usize = 128;
/// Pieces that are written together.
const BATCH: usize = 64;

/// A region as a cover needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverCell {
    /// Which neurons are active, layer by layer, of all networks one after another.
    pub pattern: Vec<bool>,
    /// A point inside: of the region, relative to the flat on which the domain lies.
    pub interior: Vec<Rational>,
}

/// What the lines of a leaf are, from the number of its region and the slacks of its cell.
pub(super) type Leaf<'a> = dyn Fn(usize, &[Arc<Slack>]) -> String + Sync + 'a;

/// The networks, their regions, and what is written at the leaves.
struct Cover<'a> {
    networks: Vec<IntegerNetwork>,
    /// The layers with neurons, as numbers of a network and of a layer of it.
    stages: Vec<(usize, usize)>,
    slacks: Slacks,
    cells: &'a [CoverCell],
    leaf: &'a Leaf<'a>,
}

/// A cell of the tree.
struct Node {
    /// The regions in it.
    cells: Vec<usize>,
    /// The number of the open layer.
    stage: usize,
    /// Where its neurons begin in a pattern.
    start: usize,
    /// The functions of the open layer; nothing when every neuron is decided.
    functions: Option<Arc<Functions>>,
    /// Which neurons of the open layer are decided.
    decided: Vec<bool>,
    slacks: Vec<Arc<Slack>>,
}

/// Writes the section that proves the number of regions, from `cover` to `conclude`, by pieces of whole lines.
///
/// **Statement.** For all regions of the network over the domain, as [`super::regions()`] returns them when complete, the lines
/// are the walk of `proofs/FORMAT.md`, section 8; every multiplier is exact.
/// **Complexity.** A linear program for each line `on` or `off`, usually one system of n equations.
/// **Exactness.** Exact; the same text with any number of threads.
///
/// # Errors
/// What `write` returns; an error also for regions that are not of this network.
pub fn write_regions_cover(
    network: &Layered,
    domain: Option<&[(Rational, Rational)]>,
    regions: &[Region],
    write: &mut dyn FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    let cell = |region: &Region| CoverCell { pattern: region.pattern.clone(), interior: region.interior.clone() };
    let cells: Vec<CoverCell> = regions.iter().map(cell).collect();
    let leaf = |cell: usize, _: &[Arc<Slack>]| format!("leaf{}\n", spaced(&cells[cell].interior));
    write_cover_lines(&[network], domain, &cells, &leaf, write)?;
    write("conclude\n")
}

/// Writes the section that proves two networks equal, from `cover` to `conclude`, by pieces of whole lines.
///
/// **Statement.** As [`write_regions_cover`], for the cells of [`super::equal_with_cells`] when the networks are equal.
///
/// # Errors
/// As [`write_regions_cover`].
pub fn write_equality_cover(
    left: &Layered,
    right: &Layered,
    domain: Option<&[(Rational, Rational)]>,
    cells: &[CoverCell],
    write: &mut dyn FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    write_cover_lines(&[left, right], domain, cells, &|_, _| "leaf\n".to_owned(), write)?;
    write("conclude\n")
}

/// Numbers, each behind a space.
pub(super) fn spaced(numbers: &[Rational]) -> String {
    let mut text = String::new();
    for x in numbers {
        // Writing to a string does not fail.
        let _ = write!(text, " {x}");
    }
    text
}

/// Writes `cover` and the tree down to its last leaf.
pub(super) fn write_cover_lines(
    networks: &[&Layered],
    domain: Option<&[(Rational, Rational)]>,
    cells: &[CoverCell],
    leaf: &Leaf<'_>,
    write: &mut dyn FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    let cover = Cover::new(networks, domain, cells, leaf).map_err(io::Error::other)?;
    cover.write(write)
}

/// Text that is ready, or a cell whose text is still to be made.
enum Piece {
    Text(String),
    Cell(Node),
}

impl<'a> Cover<'a> {
    fn new(
        networks: &[&Layered],
        domain: Option<&[(Rational, Rational)]>,
        cells: &'a [CoverCell],
        leaf: &'a Leaf<'a>,
    ) -> Result<Self, PolyhedraError> {
        let networks = networks.iter().map(|network| IntegerNetwork::new(network)).collect::<Result<Vec<_>, _>>()?;
        let neurons: usize = networks.iter().flat_map(IntegerNetwork::hidden).sum();
        let dimension = networks.first().map_or(0, IntegerNetwork::inputs);
        for network in &networks {
            expect_dimension("a network of the cover", network.inputs(), dimension)?;
        }
        if let Some(sides) = domain {
            expect_dimension("the domain", sides.len(), dimension)?;
        }
        for cell in cells {
            expect_dimension("a pattern of the cover", cell.pattern.len(), neurons)?;
            expect_dimension("an inner point of the cover", cell.interior.len(), dimension)?;
        }
        let layers = |(number, network): (usize, &IntegerNetwork)| {
            (0..network.hidden().count()).map(move |layer| (number, layer)).collect::<Vec<_>>()
        };
        let stages = networks.iter().enumerate().flat_map(layers).collect();
        Ok(Self { stages, networks, slacks: Slacks::new(dimension, domain), cells, leaf })
    }

    fn write(&self, write: &mut dyn FnMut(&str) -> io::Result<()>) -> io::Result<()> {
        write("cover\n")?;
        let mut pieces = Vec::new();
        let mut stack = vec![self.root()];
        while let Some(node) = stack.pop() {
            if node.cells.len() <= PIECE {
                pieces.push(Piece::Cell(node));
                continue;
            }
            let mut text = String::new();
            if let Some([first, second]) = self.lines(node, &mut text) {
                stack.push(second);
                stack.push(first);
            }
            pieces.push(Piece::Text(text));
        }
        let mut pieces = pieces.into_iter().peekable();
        while pieces.peek().is_some() {
            let batch: Vec<Piece> = pieces.by_ref().take(BATCH).collect();
            let texts: Vec<String> = batch.into_par_iter().map(|piece| self.text(piece)).collect();
            texts.iter().try_for_each(|text| write(text))?;
        }
        Ok(())
    }

    fn text(&self, piece: Piece) -> String {
        let (mut text, mut stack) = (String::new(), Vec::new());
        match piece {
            Piece::Text(text) => return text,
            Piece::Cell(node) => stack.push(node),
        }
        while let Some(node) = stack.pop() {
            if let Some([first, second]) = self.lines(node, &mut text) {
                stack.push(second);
                stack.push(first);
            }
        }
        text
    }

    fn root(&self) -> Node {
        let cells = (0..self.cells.len()).collect();
        let mut node =
            Node { cells, stage: 0, start: 0, functions: None, decided: Vec::new(), slacks: self.slacks.sides() };
        self.open(&mut node, None);
        node
    }

    /// Opens the layer of the node's stage, from the functions of the layer before it and which of them are active.
    fn open(&self, node: &mut Node, before: Option<(&Functions, &[bool])>) {
        let functions = self.stages.get(node.stage).map(|&(network, layer)| {
            let before = before.filter(|_| layer > 0);
            Arc::new(self.networks[network].layer(layer, before))
        });
        node.decided = vec![false; functions.as_ref().map_or(0, |functions| functions.rows.len())];
        node.functions = functions;
    }

    /// Writes the lines of a cell; returns the two cells of its split, or nothing behind a leaf.
    fn lines(&self, mut node: Node, text: &mut String) -> Option<[Node; 2]> {
        while let Some(functions) = node.functions.clone() {
            let start = node.start;
            let ones = |i: usize| node.cells.iter().filter(|&&cell| self.cells[cell].pattern[start + i]).count();
            let undecided: Vec<usize> = (0..node.decided.len()).filter(|&i| !node.decided[i]).collect();
            let counts: Vec<usize> = undecided.iter().map(|&i| ones(i)).collect();
            let all = node.cells.len();
            let constant: Vec<(usize, bool)> = undecided
                .iter()
                .zip(&counts)
                .filter(|(_, n)| **n == 0 || **n == all)
                .map(|(i, n)| (*i, *n > 0))
                .collect();
            let point = self.cells.get(*node.cells.first()?).map(|cell| cell.interior.as_slice())?;
            let line = |&(i, on): &(usize, bool)| self.slacks.sign_line(&functions, i, on, &node.slacks, point);
            let lines: Vec<String> =
                if all > PIECE { constant.par_iter().map(line).collect() } else { constant.iter().map(line).collect() };
            lines.iter().for_each(|line| text.push_str(line));
            for (i, _) in constant {
                node.decided[i] = true;
            }
            // The most even split makes the least deep tree.
            let open = undecided.iter().zip(&counts).filter(|(i, _)| !node.decided[**i]);
            let split = open.min_by_key(|(i, n)| ((**n).max(all - **n), **i)).map(|(i, _)| *i);
            if let Some(i) = split {
                let _ = writeln!(text, "split {i}");
                return Some(self.split(node, &functions, i));
            }
            let end = start + node.decided.len();
            let active = &self.cells[node.cells[0]].pattern[start..end];
            (node.stage, node.start) = (node.stage + 1, end);
            self.open(&mut node, Some((&functions, active)));
        }
        if let [cell] = node.cells[..] {
            text.push_str(&(self.leaf)(cell, &node.slacks));
        }
        None
    }

    fn split(&self, node: Node, functions: &Functions, i: usize) -> [Node; 2] {
        let (stage, start) = (node.stage, node.start);
        let (on, off): (Vec<usize>, Vec<usize>) =
            node.cells.into_iter().partition(|&cell| self.cells[cell].pattern[start + i]);
        let mut decided = node.decided;
        decided[i] = true;
        let half = |cells: Vec<usize>, on: bool| {
            let mut slacks = node.slacks.clone();
            slacks.push(Arc::new(self.slacks.of_neuron(functions, i, on)));
            Node { cells, stage, start, functions: node.functions.clone(), decided: decided.clone(), slacks }
        };
        [half(off, false), half(on, true)]
    }
}
