//! The regions of a network of one or two inputs.

use std::collections::HashMap;

use super::super::error::CliError;
use super::{on_screen, window};
use crate::arith::Rational;
use crate::polyhedra::{Region, polygon};
use crate::report::chart::{Axis, Chart, Ink, Key, Mark, Point};

/// Entries of the legend.
const NAMED: usize = 8;

/// Two inputs: the regions, one colour for each affine map. One input: the graph with its breakpoints.
///
/// # Errors
/// [`CliError`] for more inputs.
pub fn region_chart(regions: &[Region], domain: Option<&[(Rational, Rational)]>) -> Result<Chart, CliError> {
    match regions.first().map(|region| region.interior.len()) {
        Some(1) => Ok(graph(regions, domain)),
        Some(2) => Ok(plane(regions, domain)),
        other => {
            Err(CliError::new(format!("a picture shows one or two inputs, the network has {}", other.unwrap_or(0)))
                .at("option --plot")
                .accepted("give --base and one or two --direction: the network on a line or a plane"))
        }
    }
}

fn plane(regions: &[Region], domain: Option<&[(Rational, Rational)]>) -> Chart {
    let view = match domain {
        Some([x, y]) => [x.clone(), y.clone()],
        _ => window(regions.iter().map(|region| (region.halfspaces.as_slice(), region.interior.as_slice()))),
    };
    let mut colours = HashMap::new();
    let (mut marks, mut edges) = (Vec::new(), Vec::new());
    for region in regions {
        let next = colours.len();
        let colour = *colours.entry((&region.matrix, &region.offset)).or_insert(next);
        let vertices = polygon(&region.halfspaces, &view);
        if !vertices.is_empty() {
            let outline: Vec<Point> = vertices.iter().map(on_screen).collect();
            edges.push(Mark::Edge(outline.iter().chain(outline.first()).copied().collect()));
            marks.push(Mark::Area(outline, Ink::Colour(colour)));
        }
    }
    marks.append(&mut edges);
    let maps = colours.len();
    let [x, y] = view.map(|(lo, hi)| (lo.approx_f64(), hi.approx_f64()));
    Chart {
        title: format!("{} regions, {maps} affine maps: one colour each", regions.len()),
        x: Axis::new("x_1", x.0, x.1),
        y: Axis::new("x_2", y.0, y.1),
        marks,
        legend: Vec::new(),
        height: 760,
    }
}

fn graph(regions: &[Region], domain: Option<&[(Rational, Rational)]>) -> Chart {
    let ends = |region: &Region| -> (Option<Rational>, Option<Rational>) {
        let end = |sign: i32| {
            let half = region.halfspaces.iter().find(|half| half.normal()[0].signum() == sign)?;
            Rational::from(half.offset()).checked_div(&Rational::from(&half.normal()[0]))
        };
        (end(-1), end(1))
    };
    let breaks: Vec<Rational> = regions.iter().flat_map(|region| <[_; 2]>::from(ends(region))).flatten().collect();
    let (lo, hi) = match (domain, breaks.iter().min(), breaks.iter().max()) {
        (Some([(lo, hi)]), ..) => (lo.clone(), hi.clone()),
        (_, Some(lo), Some(hi)) => {
            let pad = ((hi - lo) * Rational::ratio(3, 10)).max(Rational::one());
            (lo - &pad, hi + pad)
        }
        _ => (Rational::from(-1), Rational::one()),
    };
    let outputs = regions.first().map_or(0, |region| region.offset.len());
    let (mut marks, mut legend, mut heights) = (Vec::new(), Vec::new(), Vec::new());
    for region in regions {
        let (from, to) = ends(region);
        let (from, to) =
            (from.unwrap_or_else(|| lo.clone()).max(lo.clone()), to.unwrap_or_else(|| hi.clone()).min(hi.clone()));
        for output in 0..outputs {
            let point = |x: &Rational| {
                let y = &region.matrix[(output, 0)] * x + &region.offset[output];
                (x.approx_f64(), y.approx_f64())
            };
            let line = vec![point(&from), point(&to)];
            heights.extend(line.iter().map(|point| point.1));
            marks.extend(line.iter().map(|&point| Mark::Dot(point, Ink::Colour(output))));
            marks.push(Mark::Line(line, Ink::Colour(output)));
        }
    }
    if outputs > 1 {
        legend.extend((0..outputs.min(NAMED)).map(|i| (Key::Line, Ink::Colour(i), format!("output {}", i + 1))));
    }
    let (bottom, top) = heights.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &y| (a.min(y), b.max(y)));
    let pad = 0.05 * (top - bottom);
    Chart {
        title: format!("{} regions", regions.len()),
        x: Axis::new("x", lo.approx_f64(), hi.approx_f64()),
        y: Axis::new("value", bottom - pad, top + pad),
        marks,
        legend,
        height: 480,
    }
}
