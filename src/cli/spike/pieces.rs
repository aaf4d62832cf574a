//! The pieces of neurons with windows or other responses, and of whole networks.

use serde_json::{Value, json};

use super::strings;
use crate::arith::{Integer, Rational};
use crate::polyhedra::{Affine, Halfspace};
use crate::report::{Cell, Record};
use crate::spiking::{FiringPieces, Neuron, SpikingError, SpikingNetwork};

/// The most pieces that are listed.
pub const MAX_PIECES: usize = 20_000;

/// One neuron as a network of its own, its inputs the neurons it reads, by increasing id; and these ids.
pub fn alone(neuron: &Neuron) -> Result<(SpikingNetwork, Vec<usize>), SpikingError> {
    let mut own = neuron.clone();
    own.synapses.sort_by_key(|synapse| synapse.from);
    let sources: Vec<usize> = own.synapses.iter().map(|synapse| synapse.from).collect();
    for (place, synapse) in own.synapses.iter_mut().enumerate() {
        synapse.from = place;
    }
    own.id = sources.len();
    Ok((SpikingNetwork::new(sources.len(), vec![own], vec![sources.len()])?, sources))
}

/// The pieces with the firing times of the outputs.
pub fn record(network: &SpikingNetwork, found: &FiringPieces, count_only: bool) -> Record {
    let (count, patterns, maps) = (found.pieces.len(), found.patterns(), found.distinct_maps(network));
    let mut pieces = Vec::with_capacity(count);
    let mut lines = Vec::with_capacity(count);
    for piece in found.pieces.iter().take(if count_only { 0 } else { count }) {
        let interior = piece.piece.interior();
        let facets = piece.piece.facets();
        let outputs: Vec<&[Affine]> =
            network.outputs().iter().map(|id| piece.output(network, *id).map_or(&[][..], Vec::as_slice)).collect();
        let half = |half: &Halfspace| {
            let normal: Vec<String> = half.normal().iter().map(Integer::to_string).collect();
            json!({"normal": normal, "offset": half.offset().to_string()})
        };
        let time = |time: &Affine| json!({"gradient": strings(&time.gradient), "offset": time.constant.to_string()});
        let times = |list: &&[Affine]| list.iter().map(time).collect::<Value>();
        pieces.push(json!({
            "interior": strings(&interior),
            "times": outputs.iter().map(times).collect::<Value>(),
            "halfspaces": facets.iter().map(half).collect::<Value>(),
        }));
        let words: Vec<String> = outputs.iter().map(|list| times_in_words(list)).collect();
        let place = facets.iter().map(Halfspace::to_string).collect::<Vec<_>>().join(" and ");
        let place = if place.is_empty() { "everywhere".to_owned() } else { place };
        lines.push(format!("inside ({}); {}; where {place}", strings(&interior).join(", "), words.join(", ")));
    }
    let mut json = json!({
        "count": count,
        "complete": found.complete,
        "patterns": patterns,
        "distinct_maps": maps,
        "closed": found.is_closed(),
    });
    if !count_only {
        json["regions"] = pieces.into();
    }
    let mut record = Record::new(json)
        .with("pieces", Cell::count(count))
        .with("complete", Cell::text(if found.complete { "yes" } else { "no" }))
        .with("lists of firing times of all neurons", Cell::count(patterns))
        .with("lists of firing times of the outputs", Cell::count(maps));
    for (number, line) in lines.into_iter().enumerate() {
        record = record.with(format!("piece_{number}"), Cell::text(line));
    }
    if !found.complete {
        record = record.with("open", Cell::text(format!("there are more than {count} pieces")));
    }
    record
}

/// Firing times as formulas; `x_1` is the first input.
pub fn times_in_words(times: &[Affine]) -> String {
    let one = |time: &Affine| {
        let terms = time.gradient.iter().enumerate().filter(|(_, a)| !a.is_zero());
        let mut words: Vec<String> = terms
            .map(|(i, a)| if *a == Rational::one() { format!("x_{}", i + 1) } else { format!("{a} x_{}", i + 1) })
            .collect();
        if !time.constant.is_zero() || words.is_empty() {
            words.push(time.constant.to_string());
        }
        words.join(" + ")
    };
    if times.is_empty() { "silent".to_owned() } else { times.iter().map(one).collect::<Vec<_>>().join(" and ") }
}
