//! Cells cut by the neurons of a network, layer by layer.
//!
//! Every cell holds at least one region. So when there are more cells than regions are asked for, those behind the
//! first so many are dropped, and what is left at the end are the first regions in the order of patterns, on any
//! number of threads. At every layer, cells are cut only while there is room for their parts.

use std::sync::Arc;

use rayon::prelude::*;

use super::Halfspace;
use super::cell::{Cell, Split};
use super::local::{Functions, IntegerNetwork};
use super::row::Row;
use crate::arith::Integer;

/// Cells that are cut together before they are counted.
const CHUNK: usize = 256;
/// Cells whose functions are computed one from the other.
const GROUP: usize = 8;

/// A cell on which the neurons so far are affine.
#[derive(Clone)]
pub(super) struct Leaf {
    pub(super) cell: Cell,
    /// The number of the cell it was cut from.
    pub(super) origin: usize,
    /// Which neurons are active, layer by layer.
    pub(super) pattern: Vec<bool>,
    /// What the last layer so far is on the cell.
    functions: Option<Arc<Functions>>,
}

/// The regions of a network in some cells.
#[must_use]
pub(super) struct Refinement {
    /// The first regions, in the order of origins, then of patterns with inactive before active.
    pub(super) leaves: Vec<Leaf>,
    /// Whether these are all.
    pub(super) complete: bool,
}

impl Leaf {
    /// The affine functions of the last layer.
    pub(super) fn functions(&self) -> Option<&Functions> {
        self.functions.as_deref()
    }
}

/// Cuts cells into the regions of a network, at most `limit` of them.
///
/// **Statement.** The leaves are full-dimensional, have disjoint interiors, cover the cells when complete, and each
/// neuron has one sign on each leaf. A neuron whose function on a cell is 0 or of one sign cuts nothing; else the
/// exact [`Cell::split`] tells on which sides interior points are.
pub(super) fn refine(network: &IntegerNetwork, cells: Vec<Cell>, limit: usize) -> Refinement {
    let mut complete = cells.len() <= limit;
    let leaf = |(origin, cell)| Leaf { cell, origin, pattern: Vec::new(), functions: None };
    let mut leaves: Vec<Leaf> = cells.into_iter().take(limit).enumerate().map(leaf).collect();
    let hidden: Vec<usize> = network.hidden().collect();
    for layer in 0..=hidden.len() {
        let mut next: Vec<Leaf> = Vec::with_capacity(leaves.len());
        for chunk in leaves.chunks(CHUNK) {
            // Every cell gets a share of the room, and once more all that is left when it has more parts than that.
            let share = (limit.saturating_sub(next.len()) / chunk.len()).max(CHUNK);
            let parts: Vec<(Vec<Leaf>, bool)> = chunk
                .par_chunks(GROUP)
                .flat_map_iter(|group| expand_all(network, layer, &hidden, group, share))
                .collect();
            for (leaf, (mut part, mut whole)) in chunk.iter().zip(parts) {
                let room = limit.saturating_sub(next.len());
                if room == 0 {
                    complete = false;
                    break;
                }
                if !whole && share < room {
                    let functions = functions(network, layer, &hidden, leaf, None);
                    (part, whole) = expand(layer, &hidden, leaf, functions, room);
                }
                complete &= whole;
                next.extend(part);
            }
        }
        complete &= next.len() <= limit;
        next.truncate(limit);
        leaves = next;
    }
    Refinement { leaves, complete }
}

/// A neuron on a cell.
enum Gate {
    /// It does not cut the cell.
    Constant(bool),
    /// It is not negative inside the first row, not positive inside the second.
    Cut { active: Arc<Row>, inactive: Arc<Row> },
}

/// The part of a leaf's pattern that says which neurons before this layer are active.
fn active<'a>(layer: usize, hidden: &[usize], leaf: &'a Leaf) -> &'a [bool] {
    let last = layer.checked_sub(1).map_or(0, |before| hidden[before]);
    &leaf.pattern[leaf.pattern.len() - last..]
}

/// The functions before the ReLU of this layer on a leaf, with the help of those on a leaf beside it.
fn functions(
    network: &IntegerNetwork,
    layer: usize,
    hidden: &[usize],
    leaf: &Leaf,
    beside: Option<(&Leaf, &Functions)>,
) -> Functions {
    let to = active(layer, hidden, leaf);
    match (&leaf.functions, beside) {
        (None, _) => network.layer(layer, None),
        (Some(before), Some((other, result)))
            if other.functions.as_ref().is_some_and(|functions| Arc::ptr_eq(functions, before)) =>
        {
            network.layer_beside(layer, before, (active(layer, hidden, other), to), result)
        }
        (Some(before), _) => network.layer(layer, Some((before, to))),
    }
}

/// As [`expand`] for some leaves, of which neighbours often come from one cell.
fn expand_all(
    network: &IntegerNetwork,
    layer: usize,
    hidden: &[usize],
    leaves: &[Leaf],
    limit: usize,
) -> Vec<(Vec<Leaf>, bool)> {
    let mut all: Vec<Functions> = Vec::with_capacity(leaves.len());
    for (i, leaf) in leaves.iter().enumerate() {
        let beside = i.checked_sub(1).map(|before| (&leaves[before], &all[before]));
        all.push(functions(network, layer, hidden, leaf, beside));
    }
    leaves.iter().zip(all).map(|(leaf, functions)| expand(layer, hidden, leaf, functions, limit)).collect()
}

/// One layer more: the leaf cut by its neurons, or with the function of the output; whether these are all parts.
fn expand(layer: usize, hidden: &[usize], leaf: &Leaf, functions: Functions, limit: usize) -> (Vec<Leaf>, bool) {
    let functions = Arc::new(functions);
    if layer == hidden.len() {
        return (vec![Leaf { functions: Some(functions), ..leaf.clone() }], true);
    }
    let gates: Vec<Gate> = functions.rows.par_iter().map(|row| gate(row, &leaf.cell)).collect();
    let mut complete = true;
    let mut cells = vec![(leaf.cell.clone(), leaf.pattern.clone())];
    for gate in &gates {
        cells = match gate {
            Gate::Constant(active) => {
                cells.iter_mut().for_each(|(_, pattern)| pattern.push(*active));
                cells
            }
            Gate::Cut { active, inactive } => {
                cells.into_par_iter().flat_map_iter(|(cell, pattern)| cut(cell, &pattern, active, inactive)).collect()
            }
        };
        complete &= cells.len() <= limit;
        cells.truncate(limit);
    }
    let finish = |(mut cell, pattern): (Cell, Vec<bool>)| {
        cell.reduce();
        Leaf { cell, origin: leaf.origin, pattern, functions: Some(Arc::clone(&functions)) }
    };
    (cells.into_par_iter().map(finish).collect(), complete)
}

/// What a neuron with this affine function is on a cell.
fn gate(row: &[Integer], cell: &Cell) -> Gate {
    let (constant, normal) = match row.split_last() {
        Some((constant, normal)) => (constant, normal),
        None => return Gate::Constant(false),
    };
    if normal.iter().all(Integer::is_zero) {
        return Gate::Constant(constant.signum() > 0);
    }
    // normal . x + constant >= 0 is -normal . x <= constant.
    let negative: Vec<Integer> = normal.iter().map(|n| -n).collect();
    // Most neurons cut few cells: these are told apart before a common divisor is looked for.
    let unreduced = Row::new(Halfspace::unreduced(negative.clone(), constant.clone()));
    if let Some(active) = cell.quick_side(&unreduced) {
        return Gate::Constant(active);
    }
    let active = Row::new(Halfspace::new(negative, constant.clone()));
    let inactive = active.opposite();
    match cell.split(&active, &inactive) {
        Split::Inside => Gate::Constant(true),
        Split::Outside => Gate::Constant(false),
        Split::Both(..) => Gate::Cut { active: Arc::new(active), inactive: Arc::new(inactive) },
    }
}

/// The parts of a cell on both sides of a neuron, the inactive one first.
fn cut(cell: Cell, pattern: &[bool], active: &Arc<Row>, inactive: &Arc<Row>) -> Vec<(Cell, Vec<bool>)> {
    let with = |bit: bool| pattern.iter().copied().chain([bit]).collect::<Vec<bool>>();
    match cell.split(active, inactive) {
        Split::Inside => vec![(cell, with(true))],
        Split::Outside => vec![(cell, with(false))],
        Split::Both(inner, outer) => {
            vec![(cell.with(inactive, outer), with(false)), (cell.with(active, inner), with(true))]
        }
    }
}
