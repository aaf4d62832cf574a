//! The cells of a cover: bisection of what fails, breadth first, in parallel.

use core::ops::ControlFlow;
use std::collections::VecDeque;

use rayon::prelude::*;

use super::super::PdeError;
use super::blocks::Block;
use super::bound::{BoundMemory, Bounds};
use super::cell::{Cell, Cut, Place, Range};
use super::fit::{FitMemory, Fits};
use super::indices::Indices;
use super::{CoverOptions, Decision, Leaf, Progress, Step};
use crate::arith::Rational;

/// Cells between two reports.
const CHUNK: usize = 64;

/// What the bounds of all cells are computed from.
pub struct Problem<'a> {
    /// Guesses.
    pub fits: Fits,
    /// Proofs.
    pub bounds: Bounds,
    /// The blocks.
    pub blocks: Vec<Block>,
    /// The multi-indices of polynomials.
    pub indices: Indices,
    /// The coefficients of classes in doubles.
    pub classes: Vec<Vec<f64>>,
    /// The options.
    pub options: &'a CoverOptions,
}

/// A tree of cells, with what was decided for each.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    roots: Vec<usize>,
}

#[derive(Debug, Clone)]
enum Node {
    Open,
    Cut(Cut, [usize; 2]),
    Leaf(f64, Option<Leaf>),
}

/// A cell that waits.
struct Waiting {
    node: usize,
    cell: Cell,
    share: f64,
    /// The bound of the cell it was cut from.
    bound: f64,
}

/// Memory of one thread.
#[derive(Default)]
struct Memory {
    fit: FitMemory,
    bound: BoundMemory,
}

impl Problem<'_> {
    /// The outer bounds of the coefficient on the blocks.
    fn ranges(&self, cell: &Cell) -> Vec<Range> {
        let hull = |ranges: &[usize]| {
            let start = Range { low: f64::INFINITY, high: 0.0 };
            ranges
                .iter()
                .map(|class| cell.range(&self.classes[*class]))
                .fold(start, |hull, range| Range { low: hull.low.min(range.low), high: hull.high.max(range.high) })
        };
        self.blocks.iter().map(|block| hull(&block.classes)).collect()
    }
    /// The bound on a cell with the leaf that it belongs to; infinite without one.
    fn evaluate(&self, memory: &mut Memory, cell: &Cell) -> (f64, Option<Leaf>) {
        let ranges = self.ranges(cell);
        let place = Place { cell, ranges: &ranges, blocks: &self.blocks, indices: &self.indices };
        memory.bound.scores.clear();
        let leaf = self.fits.approx_leaf(&mut memory.fit, &place, self.options.target);
        let Some(leaf) = leaf else { return (f64::INFINITY, None) };
        let bound = self.bounds.upper(&mut memory.bound, &self.fits, &place, &leaf);
        (bound, Some(leaf))
    }
    /// Where to cut a cell that was evaluated last.
    fn cut(&self, memory: &Memory, cell: &Cell) -> Option<Cut> {
        cell.best_cut(&self.classes, &memory.bound.scores)
    }
    /// The estimated number of leaves below some cells, from one random way down after another: a leaf at depth k stands for
    /// 2^k (Knu75). Infinite beyond the cap.
    pub fn approx_leaves(&self, roots: &[Cell], ways: usize) -> f64 {
        let way = |index: usize| {
            let mut random = crate::arith::SplitMix64::stream(self.options.seed, index as u64);
            let mut memory = Memory::default();
            let (mut cell, mut leaves) = (roots[index % roots.len()].clone(), 1.0);
            loop {
                if self.evaluate(&mut memory, &cell).0 <= self.options.target {
                    return leaves;
                }
                leaves *= 2.0;
                let Some(cut) = self.cut(&memory, &cell) else { return f64::INFINITY };
                if leaves > 4.0 * self.options.cells as f64 {
                    return f64::INFINITY;
                }
                let [a, b] = cell.parts(&cut);
                cell = if random.next_u64() >> 63 == 0 { a } else { b };
            }
        };
        let total: f64 = (0..ways).into_par_iter().map(way).collect::<Vec<f64>>().iter().sum();
        total * roots.len() as f64 / ways as f64
    }

    /// Bisects until every cell has a bound below the target.
    ///
    /// # Errors
    /// [`PdeError::Cells`], [`PdeError::Stopped`].
    pub fn tree(
        &self,
        roots: Vec<Cell>,
        known: &[Decision],
        report: &mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Tree, PdeError> {
        let count = roots.len();
        let mut tree = Tree { nodes: vec![Node::Open; count], roots: (0..count).collect() };
        let share = 1.0 / count as f64;
        let mut open: VecDeque<Waiting> = roots
            .into_iter()
            .enumerate()
            .map(|(node, cell)| Waiting { node, cell, share, bound: f64::INFINITY })
            .collect();
        let mut decisions: Vec<Decision> = Vec::new();
        // A cell that waits has the bound of the one it was cut from.
        let beyond = |open: &VecDeque<Waiting>, leaves: usize, share: f64| PdeError::Cells {
            cells: leaves + open.len(),
            target: self.options.target,
            share,
            bound: open.iter().map(|cell| cell.bound).fold(self.options.target, f64::max),
        };
        let (mut leaves, mut done, mut largest) = (0, 0.0, 0.0f64);
        while !open.is_empty() {
            let chunk: Vec<_> = open.drain(..CHUNK.min(open.len())).collect();
            let start = decisions.len();
            let outcome =
                |memory: &mut Memory, (at, Waiting { cell, .. }): (usize, &Waiting)| match known.get(start + at) {
                    Some(Decision::Cut { parameter, at }) if cell.has_inside(*parameter, *at) => {
                        (f64::INFINITY, None, Some(Cut { parameter: *parameter, at: *at }))
                    }
                    Some(Decision::Leaf { bound }) if !self.options.keep => (*bound, None, None),
                    _ => {
                        let (bound, leaf) = self.evaluate(memory, cell);
                        let cut = if bound <= self.options.target { None } else { self.cut(memory, cell) };
                        (bound, leaf.filter(|_| self.options.keep), cut)
                    }
                };
            let outcomes: Vec<_> = chunk.par_iter().enumerate().map_init(Memory::default, outcome).collect();
            for (Waiting { node, cell, share, bound: before }, (bound, leaf, cut)) in chunk.iter().zip(outcomes) {
                if let Some(cut) = cut {
                    let children = [tree.nodes.len(), tree.nodes.len() + 1];
                    for (child, part) in children.into_iter().zip(cell.parts(&cut)) {
                        tree.nodes.push(Node::Open);
                        open.push_back(Waiting { node: child, cell: part, share: 0.5 * share, bound });
                    }
                    tree.nodes[*node] = Node::Cut(cut, children);
                    decisions.push(Decision::Cut { parameter: cut.parameter, at: cut.at });
                    continue;
                }
                let reached = bound <= self.options.target;
                if !reached {
                    open.push_back(Waiting {
                        node: *node,
                        cell: cell.clone(),
                        share: *share,
                        bound: before.min(bound),
                    });
                    return Err(beyond(&open, leaves, done));
                }
                tree.nodes[*node] = Node::Leaf(bound, leaf);
                decisions.push(Decision::Leaf { bound });
                leaves += 1;
                done += share;
                largest = largest.max(bound);
            }
            let progress = Progress { decisions: &decisions, leaves, open: open.len(), share: done, bound: largest };
            if report(&progress).is_break() {
                return Err(PdeError::Stopped);
            }
            if leaves + open.len() > self.options.cells {
                return Err(beyond(&open, leaves, done));
            }
        }
        Ok(tree)
    }
}

impl Tree {
    /// The largest bound of a leaf.
    pub fn bound(&self) -> f64 {
        let bounds = self.nodes.iter().map(|node| if let Node::Leaf(bound, _) = node { *bound } else { 0.0 });
        bounds.fold(0.0, f64::max)
    }
    /// The number of leaves.
    pub fn leaves(&self) -> usize {
        self.nodes.iter().filter(|node| matches!(node, Node::Leaf(..))).count()
    }
    /// The steps of a walk in depth-first order.
    pub fn steps(mut self) -> Vec<Step> {
        let mut steps = Vec::with_capacity(self.nodes.len());
        let mut next: Vec<usize> = self.roots.iter().rev().copied().collect();
        while let Some(node) = next.pop() {
            match core::mem::replace(&mut self.nodes[node], Node::Open) {
                Node::Cut(cut, [below, above]) => {
                    next.extend([above, below]);
                    // A double is a number.
                    let at = Rational::from_f64(cut.at).unwrap_or_default();
                    steps.push(Step::Cut { parameter: cut.parameter, at });
                }
                Node::Leaf(_, Some(leaf)) => steps.push(Step::Leaf(leaf)),
                Node::Leaf(_, None) | Node::Open => {}
            }
        }
        steps
    }
}
