//! The firing time of a neuron over a plane of its inputs.

use std::collections::BTreeMap;

use super::{Window, on_screen, window};
use crate::arith::Rational;
use crate::polyhedra::{Affine, Halfspace, Vertex, polygon};
use crate::report::chart::{Axis, Chart, Ink, Key, Mark};

/// Contour lines.
const CONTOURS: f64 = 12.0;

/// A part of the plane with what the neuron does there.
pub struct Part {
    /// Its facets.
    pub halfspaces: Vec<Halfspace>,
    /// A point strictly inside.
    pub inside: Vec<Rational>,
    /// The first firing time; none where the neuron is silent.
    pub time: Option<Affine>,
    /// What its colour stands for.
    pub name: String,
}

/// The parts coloured by name, with contour lines of the firing time.
pub fn firing_chart(title: String, labels: [String; 2], parts: &[Part], view: Option<Window>) -> Chart {
    let view =
        view.unwrap_or_else(|| window(parts.iter().map(|part| (part.halfspaces.as_slice(), part.inside.as_slice()))));
    // Short names first: small causal sets before large ones.
    let mut colours: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    let mut shown: Vec<(&Part, Vec<Vertex>)> = Vec::new();
    for part in parts {
        let vertices = polygon(&part.halfspaces, &view);
        if !vertices.is_empty() {
            colours.entry((part.name.len(), &part.name)).or_insert(0);
            shown.push((part, vertices));
        }
    }
    for (number, colour) in colours.values_mut().enumerate() {
        *colour = number;
    }
    let mut marks: Vec<Mark> = shown
        .iter()
        .map(|(part, vertices)| {
            let ink = if part.time.is_some() {
                Ink::Colour(colours[&(part.name.len(), part.name.as_str())])
            } else {
                Ink::Grey
            };
            Mark::Area(vertices.iter().map(on_screen).collect(), ink)
        })
        .collect();
    marks.extend(edges(&shown));
    marks.extend(contours(&shown));
    let [x, y] = view.map(|(lo, hi)| (lo.approx_f64(), hi.approx_f64()));
    let [x_label, y_label] = labels;
    let ink = |name: &str, colour: usize| {
        let silent = parts.iter().any(|part| part.name == name && part.time.is_none());
        if silent { Ink::Grey } else { Ink::Colour(colour) }
    };
    Chart {
        title,
        x: Axis::new(x_label, x.0, x.1),
        y: Axis::new(y_label, y.0, y.1),
        marks,
        legend: colours.iter().map(|((_, name), &colour)| (Key::Area, ink(name, colour), (*name).to_owned())).collect(),
        height: 760,
    }
}

/// The sides at which the name changes, or the window ends.
fn edges(shown: &[(&Part, Vec<Vertex>)]) -> Vec<Mark> {
    let half = Rational::ratio(1, 2);
    let mut marks = Vec::new();
    for (part, vertices) in shown {
        for (i, from) in vertices.iter().enumerate() {
            let to = &vertices[(i + 1) % vertices.len()];
            // The side is cut at the corners of neighbours, so that each piece of it has one neighbour.
            let mut stops = vec![Rational::zero(), Rational::one()];
            stops.extend(shown.iter().flat_map(|(_, other)| other).filter_map(|corner| position(from, to, corner)));
            stops.sort();
            stops.dedup();
            for pair in stops.windows(2) {
                let at = |s: &Rational| [0, 1].map(|k| &from[k] + s * (&to[k] - &from[k]));
                let middle = at(&((&pair[0] + &pair[1]) * &half));
                let beyond = |other: &&(&Part, Vec<Vertex>)| {
                    other.0.name == part.name
                        && !core::ptr::eq(other.0, *part)
                        && other.0.halfspaces.iter().all(|half| half.contains(&middle))
                };
                if !shown.iter().any(|other| beyond(&other)) {
                    marks.push(Mark::Edge(vec![on_screen(&at(&pair[0])), on_screen(&at(&pair[1]))]));
                }
            }
        }
    }
    marks
}

/// Where a point lies on a side, strictly between its ends: s of from + s (to - from).
fn position(from: &Vertex, to: &Vertex, point: &Vertex) -> Option<Rational> {
    let (dx, dy) = (&to[0] - &from[0], &to[1] - &from[1]);
    let (px, py) = (&point[0] - &from[0], &point[1] - &from[1]);
    if &dx * &py != &dy * &px {
        return None;
    }
    let s = if dx.is_zero() { py.checked_div(&dy)? } else { px.checked_div(&dx)? };
    (s.is_positive() && s < Rational::one()).then_some(s)
}

/// Lines of equal firing time at round numbers, each named once.
fn contours(shown: &[(&Part, Vec<Vertex>)]) -> Vec<Mark> {
    let values: Vec<f64> = shown
        .iter()
        .filter_map(|(part, vertices)| part.time.as_ref().map(|time| (time, vertices)))
        .flat_map(|(time, vertices)| vertices.iter().map(|vertex| time.value(vertex).approx_f64()))
        .collect();
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &t| (a.min(t), b.max(t)));
    let step = round_step((high - low) / CONTOURS);
    let Some(step) = step else { return Vec::new() };
    let mut marks = Vec::new();
    let (first, last) = ((low / step.approx_f64()).ceil() as i64, (high / step.approx_f64()).floor() as i64);
    for number in first..=last {
        let level = Rational::from(number) * &step;
        let mut longest: Option<(f64, (f64, f64))> = None;
        for (part, vertices) in shown {
            let Some(time) = &part.time else { continue };
            let [from, to] = match &crossing(vertices, &time.plus(&-&level))[..] {
                [from, to] => [on_screen(from), on_screen(to)],
                _ => continue,
            };
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            if longest.is_none_or(|(known, _)| length > known) {
                longest = Some((length, (0.5 * (from.0 + to.0), 0.5 * (from.1 + to.1))));
            }
            marks.push(Mark::Line(vec![from, to], Ink::Grey));
        }
        marks.extend(longest.map(|(_, middle)| Mark::Words(middle, level.to_string())));
    }
    marks
}

/// 1, 2 or 5 times a power of ten, not below a positive number.
fn round_step(least: f64) -> Option<Rational> {
    if !(least.is_finite() && least > 0.0) {
        return None;
    }
    let power = Rational::from(10).pow(least.log10().floor() as i32)?;
    [1i64, 2, 5, 10].map(|k| Rational::from(k) * &power).into_iter().find(|step| step.approx_f64() >= least)
}

/// The two points at which a function is 0 on the boundary of a convex polygon, where there are two.
fn crossing(vertices: &[Vertex], function: &Affine) -> Vec<Vertex> {
    let values: Vec<Rational> = vertices.iter().map(|vertex| function.value(vertex)).collect();
    let mut points = Vec::new();
    for i in 0..vertices.len() {
        let next = (i + 1) % vertices.len();
        if values[i].is_zero() {
            points.push(vertices[i].clone());
        } else if values[i].signum() * values[next].signum() < 0 {
            let s = &values[i] / (&values[i] - &values[next]);
            points.push([0, 1].map(|k| &vertices[i][k] + &s * (&vertices[next][k] - &vertices[i][k])));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contours_are_where_the_time_is_round() {
        let side = (Rational::zero(), Rational::from(3));
        let square = polygon(&[], &[side.clone(), side]);
        // x + y on [0, 3]^2: from 0 to 6 in steps of 1/2 times 1, 2, 5.
        let part = Part {
            halfspaces: Vec::new(),
            inside: vec![Rational::one(), Rational::one()],
            time: Some(Affine { gradient: vec![Rational::one(), Rational::one()], constant: Rational::zero() }),
            name: "{0, 1}".to_owned(),
        };
        let marks = contours(&[(&part, square)]);
        let lines: Vec<&Vec<(f64, f64)>> =
            marks.iter().filter_map(|mark| if let Mark::Line(line, _) = mark { Some(line) } else { None }).collect();
        assert_eq!(lines.len(), 11);
        for line in lines {
            let sums: Vec<f64> = line.iter().map(|(x, y)| x + y).collect();
            assert!((sums[0] - sums[1]).abs() < 1e-12 && (2.0 * sums[0]).fract().abs() < 1e-9, "{line:?}");
        }
        assert!(marks.contains(&Mark::Words((1.5, 1.5), "3".to_owned())));
        assert_eq!(round_step(0.0), None);
        assert_eq!(round_step(0.3), Some(Rational::ratio(1, 2)));
        assert_eq!(round_step(70.0), Some(Rational::from(100)));
    }
}
