//! Potentials and spikes over time.

use crate::arith::Rational;
use crate::report::chart::{Axis, Chart, Ink, Key, Mark};
use crate::spiking::{Neuron, Trace};

/// The membrane potential of one neuron with its threshold and firing times, and a raster of the spikes of all neurons.
pub fn spike_charts(traced: Option<(&Neuron, &Trace)>, raster: &[(usize, Vec<Rational>)]) -> Vec<Chart> {
    let spikes = raster.iter().flat_map(|(_, times)| times.iter());
    let turns = traced.iter().flat_map(|(_, trace)| trace.breakpoints.iter().map(|point| &point.time));
    let all: Vec<f64> = spikes.chain(turns).map(Rational::approx_f64).collect();
    let (first, last) = all.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &t| (a.min(t), b.max(t)));
    let (first, last) = if first <= last { (first, last) } else { (0.0, 1.0) };
    let pad = (0.08 * (last - first)).max(0.25);
    let time = Axis::new("time", first - pad, last + pad);
    let mut charts = Vec::new();
    if let Some((neuron, trace)) = traced {
        let own = raster.iter().find(|(id, _)| *id == neuron.id).map_or(&[][..], |(_, times)| times);
        charts.push(potential(neuron, trace, own, &time));
    }
    charts.push(spike_raster(raster, time));
    charts
}

fn potential(neuron: &Neuron, trace: &Trace, own: &[Rational], time: &Axis) -> Chart {
    let mut marks = Vec::new();
    let mut line = vec![(time.from, 0.0)];
    for point in &trace.breakpoints {
        let t = point.time.approx_f64();
        line.push((t, point.value.approx_f64()));
        if point.value != point.value_after {
            // A jump: the line ends and starts anew.
            let after = (t, point.value_after.approx_f64());
            marks.push(Mark::Dashed(vec![(t, point.value.approx_f64()), after], Ink::Colour(0)));
            marks.push(Mark::Line(core::mem::replace(&mut line, vec![after]), Ink::Colour(0)));
        }
    }
    if let Some(&(t, value)) = line.last() {
        line.push((time.to, value + (time.to - t) * trace.last_slope.approx_f64()));
    }
    marks.push(Mark::Line(line, Ink::Colour(0)));
    let threshold = neuron.threshold.approx_f64();
    marks.push(Mark::Dashed(vec![(time.from, threshold), (time.to, threshold)], Ink::Black));
    marks.extend(own.iter().map(|t| Mark::Dot((t.approx_f64(), threshold), Ink::Colour(1))));
    let values =
        trace.breakpoints.iter().flat_map(|point| [&point.value, &point.value_after]).map(Rational::approx_f64);
    let (low, high) =
        values.chain([0.0, threshold]).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), y| (a.min(y), b.max(y)));
    let pad = 0.12 * (high - low);
    Chart {
        title: format!("membrane potential of neuron {}", neuron.id),
        x: time.clone(),
        y: Axis::new("potential", low - pad, high + pad),
        marks,
        legend: vec![
            (Key::Line, Ink::Colour(0), "potential".to_owned()),
            (Key::Line, Ink::Black, format!("threshold {}", neuron.threshold)),
            (Key::Dot, Ink::Colour(1), "fires".to_owned()),
        ],
        height: 420,
    }
}

fn spike_raster(raster: &[(usize, Vec<Rational>)], time: Axis) -> Chart {
    let mut marks = Vec::new();
    for (row, (_, times)) in raster.iter().enumerate() {
        marks.extend(times.iter().map(|t| Mark::Tick((t.approx_f64(), row as f64), Ink::Colour(0))));
    }
    // Rows are places; ids that are places need no names.
    let named = raster.len() <= 40 && raster.iter().enumerate().any(|(row, (id, _))| row != *id);
    if named {
        let x = time.from;
        marks.extend(
            raster.iter().enumerate().map(|(row, (id, _))| Mark::Words((x, row as f64), format!("neuron {id}"))),
        );
    }
    let label = if named { "place" } else { "neuron" };
    let rows = raster.len() as f64;
    Chart {
        title: "spikes".to_owned(),
        x: time,
        y: Axis { whole: true, ..Axis::new(label, -0.5, rows - 0.5) },
        marks,
        legend: Vec::new(),
        height: (120 + 24 * raster.len() as u32).clamp(200, 900),
    }
}
