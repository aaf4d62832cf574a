//! The pieces of a whole spiking network: simulated on polyhedra instead of points.

use core::mem;
use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::error::SpikingError;
use super::network::SpikingNetwork;
use super::neuron::Neuron;
use super::simulate::Spikes;
use super::symbolic::{Scanned, scan};
use crate::arith::Rational;
use crate::polyhedra::{Affine, Piece};

/// Pieces that are cut together before they are counted.
const CHUNK: usize = 16;

/// A firing time on a piece, and its range over the piece where that is bounded and was asked for.
#[derive(Debug, Clone)]
pub(super) struct Firing {
    pub(super) time: Affine,
    pub(super) range: Option<(Rational, Rational)>,
}

/// A polyhedron inside which every firing time is one affine function.
#[derive(Debug, Clone)]
pub struct FiringPiece {
    /// The polyhedron.
    pub piece: Piece,
    /// For every neuron, by place, its firing times; none for neurons that the outputs do not depend on.
    pub times: Vec<Arc<Vec<Affine>>>,
    /// Whether the firing times are these functions on the boundary as well.
    pub closed: bool,
}

/// The pieces of a network over a domain.
#[derive(Debug, Clone)]
#[must_use]
pub struct FiringPieces {
    /// The pieces; their interiors are disjoint.
    pub pieces: Vec<FiringPiece>,
    /// Whether they cover the domain.
    pub complete: bool,
}

impl FiringPieces {
    /// The number of different lists of firing times of all neurons among the pieces: what the pieces are if those of the
    /// same functions are put together.
    pub fn patterns(&self) -> usize {
        let patterns: HashSet<Vec<&Vec<Affine>>> =
            self.pieces.iter().map(|piece| piece.times.iter().map(|times| &**times).collect()).collect();
        patterns.len()
    }
    /// The number of different lists of firing times of the outputs.
    pub fn distinct_maps(&self, network: &SpikingNetwork) -> usize {
        let maps: HashSet<Vec<&Vec<Affine>>> = self
            .pieces
            .iter()
            .map(|piece| network.outputs().iter().filter_map(|id| piece.output(network, *id)).collect())
            .collect();
        maps.len()
    }
    /// Whether the firing times are known to be the functions of the pieces on all of the domain, boundaries included.
    pub fn is_closed(&self) -> bool {
        self.pieces.iter().all(|piece| piece.closed)
    }
}

impl FiringPiece {
    /// The firing times of the neuron with this id.
    pub fn output(&self, network: &SpikingNetwork, id: usize) -> Option<&Vec<Affine>> {
        network.place(id).and_then(|place| self.times.get(place)).map(|times| &**times)
    }
}

/// Cuts a box, or all of R^n for `None`, into pieces inside which every firing time is one affine function; at most `limit`.
///
/// # Statement
/// Let input i fire once, at `inputs`\[i\](x). For x inside a piece every neuron that an output depends on fires exactly at the
/// times of the piece (with [`Spikes::First`]: the first of each, and only these are passed on). Complete pieces cover the
/// domain. A closed piece: the same holds on its boundary.
///
/// Proof. [`super::simulate`], with numbers that are affine functions: each comparison either has one answer inside the
/// piece, or the piece is cut in two. Three cases need fewer comparisons, see `symbolic`.
///
/// # Complexity
/// O(events) exact comparisons a neuron and piece, each a small linear program.
///
/// # Exactness
/// Exact; the same with any number of threads.
///
/// # Errors
/// [`SpikingError::Inputs`] for another number of functions than inputs, [`SpikingError::Polyhedra`] for a domain that does
/// not fit.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::polyhedra::Affine;
/// use certinet::spiking::{Neuron, SpikingNetwork, Spikes, Synapse, firing_pieces};
/// // The toy neuron of the slides has three pieces.
/// let synapse = |from, delay: i64| Synapse::new(from, Rational::one(), Rational::from(delay));
/// let neuron = Neuron::new(2, Rational::one(), vec![synapse(0, 2), synapse(1, 1)]);
/// let network = SpikingNetwork::new(2, vec![neuron], vec![2])?;
/// let inputs = [Affine::variable(2, 0), Affine::variable(2, 1)];
/// let found = firing_pieces(&network, &inputs, None, Spikes::All, 100)?;
/// assert!(found.complete && found.is_closed());
/// assert_eq!(found.patterns(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn firing_pieces(
    network: &SpikingNetwork,
    inputs: &[Affine],
    domain: Option<&[(Rational, Rational)]>,
    spikes: Spikes,
    limit: usize,
) -> Result<FiringPieces, SpikingError> {
    if inputs.len() != network.inputs() {
        return Err(SpikingError::Inputs { found: inputs.len(), expected: network.inputs() });
    }
    let dimension = inputs.first().map_or(0, |input| input.gradient.len());
    let start = Piece::new(dimension, domain)?;
    let bounded = domain.is_some();
    let given = inputs.iter().map(|input| Arc::new(vec![firing(&start, input.clone(), bounded)])).collect();
    let mut states = vec![State { piece: start, times: given, closed: true }];
    let needed = needed(network);
    let mut complete = true;
    for (number, neuron) in network.neurons().iter().enumerate() {
        let place = network.inputs() + number;
        if !needed[place] {
            states.iter_mut().for_each(|state| state.times.push(Arc::default()));
            continue;
        }
        let mut next = Vec::with_capacity(states.len());
        for chunk in states.chunks(CHUNK) {
            // What is left of the limit bounds what each piece may become.
            let room = limit.saturating_sub(next.len());
            if room == 0 {
                complete = false;
                break;
            }
            let parts: Vec<(Vec<State>, bool)> =
                chunk.par_iter().map(|state| expand(network, neuron, place, state, spikes, bounded, room)).collect();
            for (part, whole) in parts {
                complete &= whole;
                next.extend(part);
            }
        }
        complete &= next.len() <= limit;
        next.truncate(limit);
        states = next;
    }
    let piece = |state: State| FiringPiece {
        times: state
            .times
            .iter()
            .map(|list| Arc::new(list.iter().map(|firing| firing.time.clone()).collect()))
            .collect(),
        piece: state.piece,
        closed: state.closed,
    };
    Ok(FiringPieces { pieces: states.into_iter().map(piece).collect(), complete })
}

/// A piece with what is known on it so far.
#[derive(Debug, Clone)]
struct State {
    piece: Piece,
    times: Vec<Arc<Vec<Firing>>>,
    closed: bool,
}

/// The places that an output depends on.
fn needed(network: &SpikingNetwork) -> Vec<bool> {
    let mut needed = vec![false; network.neuron_count()];
    for place in network.outputs().iter().filter_map(|id| network.place(*id)) {
        needed[place] = true;
    }
    for place in (network.inputs()..needed.len()).rev() {
        if needed[place] {
            network.sources(place).iter().for_each(|&source| needed[source] = true);
        }
    }
    needed
}

/// A firing time with its range.
fn firing(piece: &Piece, time: Affine, bounded: bool) -> Firing {
    let range = || {
        let least = piece.maximum(&time.times(&Rational::from(-1)))?;
        Some((-least, piece.maximum(&time)?))
    };
    Firing { range: if bounded { range() } else { None }, time }
}

/// One neuron more.
fn expand(
    network: &SpikingNetwork,
    neuron: &Neuron,
    place: usize,
    state: &State,
    spikes: Spikes,
    bounded: bool,
    limit: usize,
) -> (Vec<State>, bool) {
    let sources: Vec<&[Firing]> = network.sources(place).iter().map(|&source| state.times[source].as_slice()).collect();
    let (found, complete) = scan(neuron, &sources, &state.piece, spikes, limit);
    let next = |mut scanned: Scanned| {
        let times = mem::take(&mut scanned.times);
        let times = times.into_iter().map(|time| firing(&scanned.piece, time, bounded)).collect();
        let all = state.times.iter().cloned().chain([Arc::new(times)]).collect();
        State { piece: scanned.piece, times: all, closed: state.closed && scanned.closed }
    };
    (found.into_iter().map(next).collect(), complete)
}

#[cfg(test)]
mod tests;
