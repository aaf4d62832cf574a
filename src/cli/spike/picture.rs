//! The picture of one neuron: regions and firing times over a plane of its inputs.

use core::str::FromStr;

use super::super::error::CliError;
use super::super::options::rational;
use super::super::plot::{Part, Window, firing_chart};
use super::pieces::{MAX_PIECES, alone, times_in_words};
use crate::arith::Rational;
use crate::polyhedra::Affine;
use crate::report::chart::Chart;
use crate::spiking::{FiringRegions, Neuron, Spikes, firing_pieces};

/// A plane: for each input a number, or the axis along which it varies.
#[derive(Debug, Clone)]
pub struct Plane(Vec<Coordinate>);

#[derive(Debug, Clone, PartialEq)]
enum Coordinate {
    Axis(usize),
    Fixed(Rational),
}

impl FromStr for Plane {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let entries: Vec<Coordinate> = text
            .split(',')
            .map(|entry| match entry.trim() {
                "x" => Ok(Coordinate::Axis(0)),
                "y" => Ok(Coordinate::Axis(1)),
                number => rational(number).map(Coordinate::Fixed).map_err(|error| error.to_string()),
            })
            .collect::<Result<_, _>>()?;
        for axis in [0, 1] {
            if entries.iter().filter(|entry| **entry == Coordinate::Axis(axis)).count() != 1 {
                return Err(format!(
                    "'{}' has not one x and one y: accepted is a list x,y,0,1/2,..",
                    text.chars().take(60).collect::<String>()
                ));
            }
        }
        Ok(Self(entries))
    }
}

/// Draws a neuron of at least two synapses.
///
/// # Errors
/// [`CliError`] for a plane of other dimensions, and for more pieces than are drawn.
pub fn neuron_chart(neuron: &Neuron, plane: Option<&Plane>, view: Option<Window>) -> Result<Chart, CliError> {
    let (network, sources) = alone(neuron).map_err(CliError::new)?;
    let d = sources.len();
    if d < 2 {
        return Err(CliError::new(format!("neuron {} reads {d} neuron", neuron.id))
            .at("option --plot")
            .accepted("neurons that read at least two"));
    }
    let usual: Vec<Coordinate> =
        (0..d).map(|i| if i < 2 { Coordinate::Axis(i) } else { Coordinate::Fixed(Rational::zero()) }).collect();
    let plane = plane.map_or(usual.as_slice(), |plane| &plane.0);
    if plane.len() != d {
        return Err(CliError::new(format!(
            "{} entries are given, neuron {} reads {d} neurons",
            plane.len(),
            neuron.id
        ))
        .at("option --plane")
        .accepted("one entry for each neuron it reads, by increasing id"));
    }
    let input = |coordinate: &Coordinate| match coordinate {
        Coordinate::Axis(axis) => Affine::variable(2, *axis),
        Coordinate::Fixed(number) => Affine::constant(2, number.clone()),
    };
    let inputs: Vec<Affine> = plane.iter().map(input).collect();
    let found = firing_pieces(&network, &inputs, None, Spikes::First, MAX_PIECES).map_err(CliError::new)?;
    if !found.complete {
        return Err(CliError::new(format!("there are more than {} pieces in the plane", found.pieces.len()))
            .at("option --plot")
            .accepted("neurons with fewer"));
    }
    let causal = FiringRegions::new(neuron).ok();
    let mut parts = Vec::with_capacity(found.pieces.len());
    for piece in &found.pieces {
        let inside = piece.piece.interior();
        let times = piece.output(&network, d).map_or(&[][..], Vec::as_slice);
        let full: Vec<Rational> = inputs.iter().map(|input| input.value(&inside)).collect();
        let set = causal.as_ref().and_then(|regions| regions.first_spike(&full).ok().flatten());
        let name = match set {
            Some((_, set)) => {
                let ids: Vec<String> = set.iter().map(|&i| sources[i].to_string()).collect();
                format!("{{{}}}", ids.join(", "))
            }
            None if times.is_empty() => "silent".to_owned(),
            // Coordinates of the plane are called x and y.
            None => times_in_words(times).replace("x_1", "x").replace("x_2", "y"),
        };
        parts.push(Part { halfspaces: piece.piece.facets(), inside, time: times.first().cloned(), name });
    }
    let label = |axis: usize| {
        let place = plane.iter().position(|entry| *entry == Coordinate::Axis(axis)).unwrap_or(axis);
        let letter = if axis == 0 { "x" } else { "y" };
        format!("{letter} = firing time of neuron {}", sources[place])
    };
    let what = if causal.is_some() { "causal sets" } else { "firing times" };
    let title = format!("neuron {}: {what} by colour, firing time by contour lines", neuron.id);
    Ok(firing_chart(title, [label(0), label(1)], &parts, view))
}
