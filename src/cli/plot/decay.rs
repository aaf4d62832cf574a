//! Errors of a reduced basis against its dimension.

use crate::report::chart::{Axis, Chart, Ink, Mark, Point};

/// The logarithm of a measure for the first 1, 2, .. vectors.
pub fn decay_chart(measure: &str, decay: &[f64]) -> Chart {
    let line: Vec<Point> = decay
        .iter()
        .enumerate()
        .map(|(k, value)| ((k + 1) as f64, value.log10()))
        .filter(|point| point.1.is_finite())
        .collect();
    let lowest = line.iter().fold(0.0, |lowest: f64, point| lowest.min(point.1));
    let highest = line.iter().fold(0.0, |highest: f64, point| highest.max(point.1));
    let dots = line.iter().map(|&point| Mark::Dot(point, Ink::Colour(0)));
    Chart {
        title: measure.to_owned(),
        x: Axis { whole: true, ..Axis::new("dimension", 0.0, decay.len() as f64 + 0.5) },
        y: Axis::new("log10", lowest - 0.5, highest + 0.5),
        marks: dots.chain([Mark::Line(line.clone(), Ink::Colour(0))]).collect(),
        legend: Vec::new(),
        height: 480,
    }
}
