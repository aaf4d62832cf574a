//! The price of an exact solution value against the number of variables.

use crate::barrier::blowup::Growth;
use crate::report::chart::{Axis, Chart, Ink, Key, Mark, Point};

/// The most curves of widths.
const CURVES: usize = 6;

/// Evaluations against variables, and widths of enclosures against evaluations, both by their logarithms.
pub fn growth_charts(place: &str, all: &[&Growth]) -> Vec<Chart> {
    let (from, to) = match (all.first(), all.last()) {
        (Some(first), Some(last)) => (f64::from(first.variables), f64::from(last.variables)),
        _ => (0.0, 1.0),
    };
    let curve = |evaluations: &dyn Fn(&Growth) -> f64, ink: Ink| -> Vec<Mark> {
        let at = |row: &&Growth| (f64::from(row.variables), evaluations(row).log2());
        let line: Vec<Point> = all.iter().map(at).filter(|point| point.1.is_finite()).collect();
        line.iter().map(|&point| Mark::Dot(point, ink)).chain([Mark::Line(line.clone(), ink)]).collect()
    };
    let (exact, half) = (Ink::Colour(0), Ink::Colour(1));
    let mut marks = curve(&|row| row.half as f64, half);
    marks.extend(curve(&|row| row.all as f64, exact));
    marks.extend(curve(&|row| row.digits as f64, Ink::Grey));
    let price = Chart {
        title: format!("evaluations of the formula until {place} is known"),
        x: Axis { whole: true, ..Axis::new("variables", from, to) },
        y: Axis::new("log2", 0.0, to.max(3.0) + 0.5),
        marks,
        legend: vec![
            (Key::Line, exact, "evaluations: exact".to_owned()),
            (Key::Line, half, "half of the bits".to_owned()),
            (Key::Line, Ink::Grey, "bits of the value".to_owned()),
        ],
        height: 480,
    };
    let (mut marks, mut legend, mut lowest, mut highest) = (Vec::new(), Vec::new(), 0.0, -1.0);
    // The last one, and others at equal distances.
    let step = all.len().div_ceil(CURVES).max(1);
    for (number, row) in all.iter().rev().step_by(step).enumerate() {
        let ink = Ink::Colour(number);
        let steps = row.enclosures.iter().filter(|step| step.evaluations > 0 && step.exact().is_none());
        let line: Vec<Point> =
            steps.map(|step| ((step.evaluations as f64).log2(), step.enclosure.width().approx_f64().log2())).collect();
        lowest = line.iter().fold(lowest, |lowest: f64, point| lowest.min(point.1));
        highest = line.iter().fold(highest, |highest: f64, point| highest.max(point.1));
        marks.extend(line.last().map(|&point| Mark::Dot(point, ink)));
        marks.push(Mark::Line(line, ink));
        legend.push((Key::Line, ink, format!("{} variables", row.variables)));
    }
    let widths = Chart {
        title: format!("width of the enclosure of {place}; after the dot it is exact"),
        x: Axis::new("log2 of the evaluations", 0.0, to + 0.5),
        y: Axis::new("log2 of the width", lowest - 1.0, highest + 1.0),
        marks,
        legend,
        height: 480,
    };
    vec![price, widths]
}
