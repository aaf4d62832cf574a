//! `--plot FILE.svg`: pictures of regions, firing times, potentials and spikes.
//!
//! | file | object |
//! |---|---|
//! | this one | writing a picture, alone or with a result; the window it shows |
//! | `network` | the regions of a network of one or two inputs |
//! | `firing` | the firing time of a neuron over a plane of its inputs |
//! | `spikes` | potentials and spikes over time |
//! | `growth` | the price of an exact solution value against the number of variables |
//! | `diameters` | diameters of solution sets against the bits of the data |
//! | `decay` | errors of a reduced basis against its dimension |

mod decay;
mod diameters;
mod firing;
mod growth;
mod network;
mod spikes;

pub use decay::decay_chart;
pub use diameters::{Curve, diameter_charts};
pub use firing::{Part, firing_chart};
pub use growth::growth_charts;
pub use network::region_chart;
pub use spikes::spike_charts;

use std::path::{Path, PathBuf};

use super::context::Context;
use super::error::CliError;
use super::output::write_file;
use crate::arith::Rational;
use crate::polyhedra::{Halfspace, Vertex, polygon};
use crate::report::Printable;
use crate::report::chart::{Chart, Point, draw};

/// A rectangle of the plane.
pub type Window = [(Rational, Rational); 2];

/// Writes charts to a file whose name ends in .svg.
pub fn write_plot(path: &Path, charts: &[Chart]) -> Result<(), CliError> {
    let text = draw(charts);
    write_file(path, |writer| Ok(writer.write_all(text.as_bytes())?))
}

/// Delivers a result and writes its picture where there is one: both, or neither when a file cannot be written.
///
/// # Errors
/// [`CliError`] when writing fails.
pub fn deliver_with_plot(
    context: &Context,
    result: &dyn Printable,
    plot: Option<(&Path, &[Chart])>,
) -> Result<(), CliError> {
    let Some((path, charts)) = plot else { return context.deliver(result) };
    let Some(output) = context.output() else {
        write_plot(path, charts)?;
        return context.deliver(result);
    };
    // The picture is written once the result stands beside its place, and the result appears once the picture stands.
    let text = result.print(context.format());
    write_file(output, |writer| {
        writer.write_all(text.as_bytes())?;
        write_plot(path, charts)
    })
}

/// Accepts the path of a picture unless it is a file that is read, or the file that --output names.
///
/// # Errors
/// [`CliError`] when two are one file.
pub fn spare_picture(picture: Option<&Path>, context: &Context, inputs: &[&Path]) -> Result<(), CliError> {
    let Some(path) = picture else { return Ok(()) };
    match inputs.iter().copied().chain(context.output()).find(|other| place_of(path) == place_of(other)) {
        None => Ok(()),
        Some(other) => Err(CliError::new(format!("the picture would be written over {}", other.display()))
            .at(format!("option --plot {}", path.display()))
            .accepted("give another file")),
    }
}

/// One name for one file, also where it does not exist yet.
fn place_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = || Some(folder.canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(beside).unwrap_or_else(|| path.to_owned())
}

/// Accepts the name of a picture.
pub fn picture(name: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(name);
    let svg = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("svg"));
    if svg { Ok(path) } else { Err("pictures are SVG files: accepted are names that end in .svg".to_owned()) }
}

/// A point for the screen.
fn on_screen(vertex: &Vertex) -> Point {
    (vertex[0].approx_f64(), vertex[1].approx_f64())
}

/// A rectangle that shows all corners of polyhedra of the plane with some space around, square when there are none.
fn window<'a>(polyhedra: impl Iterator<Item = (&'a [Halfspace], &'a [Rational])>) -> Window {
    let far = Rational::from(1i64 << 20);
    let all = [(-&far, far.clone()), (-&far, far.clone())];
    let mut corners: Vec<Vertex> = Vec::new();
    let mut insides: Vec<Vertex> = Vec::new();
    for (halfspaces, inside) in polyhedra {
        let near = |vertex: &Vertex| vertex.iter().all(|x| x.abs() < far);
        corners.extend(polygon(halfspaces, &all).into_iter().filter(near));
        if let [x, y] = inside {
            insides.push([x.clone(), y.clone()]);
        }
    }
    let shown = if corners.is_empty() { insides } else { corners };
    [0, 1].map(|axis| {
        let ends = (shown.iter().map(|v| &v[axis]).min(), shown.iter().map(|v| &v[axis]).max());
        let (lo, hi) = match ends {
            (Some(lo), Some(hi)) => (lo.clone(), hi.clone()),
            _ => (Rational::zero(), Rational::zero()),
        };
        let pad = ((&hi - &lo) * Rational::ratio(3, 10)).max(Rational::ratio(i64::from(lo == hi), 1));
        (lo - &pad, hi + pad)
    })
}
