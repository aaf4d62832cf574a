//! `certinet pde verify`: the errors of a trained network against the solutions, proved after the fact.

use std::path::PathBuf;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::super::Run;
use super::super::budget::Budget;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::network::read_mlp;
use super::super::options::{RationalList, count, positive_rational, whole_number};
use super::problem::{Problem, ProblemOptions};
use super::solve::{draw, middle};
use crate::arith::{Enclosure, Integer, Rational};
use crate::network::Mlp;
use crate::pde::{DiscreteProblem, ErrorBounds, NodalNetwork, Verified};
use crate::report::{Cell, Column, Summary, Table};

/// The most parameters that are drawn.
const MAX_SAMPLES: u64 = 100_000;
/// The most boxes that cover all parameters.
const MAX_CELLS: u64 = 100_000;
/// Bytes that are counted for one weight of a prepared network.
const WEIGHT_BYTES: u128 = 96;
/// Significant bits of means.
const BITS: u64 = 64;

/// Bounds the errors of a network of floats (ONNX, from parameters to nodal values) against the exact discrete solutions.
///
/// At single parameters the network is evaluated exactly; with `--box` one bound holds for all parameters of the box,
/// and with `--cells` for all parameters that there are.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The network: .onnx; its outputs are the values at all nodes, row by row, or at the interior ones.
    network: PathBuf,
    #[command(flatten)]
    problem: ProblemOptions,
    /// The parameters y_1,..,y_p [default: the middle of the box].
    #[arg(long, value_name = "LIST", allow_hyphen_values = true, conflicts_with = "samples")]
    at: Option<RationalList>,
    /// Draw so many parameters instead.
    #[arg(long, value_name = "N", value_parser = count(MAX_SAMPLES))]
    samples: Option<u64>,
    /// Where the random numbers start; a seed of its own, so that samples are not those of a dataset of seed 1.
    #[arg(long, value_name = "SEED", requires = "samples", default_value = "2", value_parser = whole_number(0, u64::MAX))]
    seed: u64,
    /// Bound the errors for all parameters that are at most so far away, coordinate by coordinate.
    #[arg(long = "box", value_name = "RADIUS", value_parser = positive_rational)]
    radius: Option<Rational>,
    /// Cut the range of every parameter into K equal parts, and bound the errors on each of the K^p boxes: on all.
    #[arg(long, value_name = "K", conflicts_with_all = ["at", "samples", "radius"], value_parser = count(MAX_CELLS))]
    cells: Option<u64>,
}

impl Run for Verify {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        context.spare(&self.network)?;
        let network = read_mlp(&self.network)?;
        let problem = self.problem.problem()?;
        let place = || format!("file {}", self.network.display());
        let bytes = network.widths().parameters().saturating_mul(WEIGHT_BYTES);
        Budget::default().allow_memory("the network", &Integer::from(bytes)).map_err(|error| error.at(place()))?;
        let discrete = DiscreteProblem::new(problem.coefficient.clone(), &problem.load).map_err(CliError::new)?;
        let nodal = NodalNetwork::new(&network, &discrete).map_err(|error| CliError::new(error).at(place()))?;
        let boxes = self.boxes(&problem)?;
        let progress = context.progress("verifying", boxes.len() as u64);
        let one = |(index, parameters): (usize, Vec<Enclosure>)| {
            let verified = Verified::new(&discrete, &nodal, parameters);
            progress.advance(1);
            verified.map_err(|error| CliError::new(error).at(format!("sample {}", index + 1)))
        };
        let results: Result<Vec<Verified>, CliError> = boxes.into_par_iter().enumerate().map(one).collect();
        drop(progress);
        let summary = self.summary(&problem, &network, &results?)?;
        // Where boxes cover everything, their largest bound is the result.
        if self.cells.is_some() {
            context.deliver(&summary.record)?
        } else {
            context.deliver(&summary)?
        }
        Ok(Exit::Done)
    }
}

/// What is printed of a list of relative errors: the mean and the largest of their upper bounds; `None` where one has none.
fn mean_and_largest(bounds: &[Option<Enclosure>]) -> Option<[Rational; 2]> {
    let uppers: Vec<&Rational> = bounds.iter().map(|bound| bound.as_ref().map(Enclosure::hi)).collect::<Option<_>>()?;
    let sum: Rational = uppers.iter().map(|x| (*x).clone()).sum();
    let mean = sum.checked_div(&Rational::from(uppers.len()))?.round_up(BITS);
    Some([mean, (*uppers.iter().max()?).clone()])
}

fn ends(x: Option<&Enclosure>) -> Value {
    x.map_or(Value::Null, |x| json!([x.lo().to_string(), x.hi().to_string()]))
}

fn lower(x: Option<Enclosure>) -> Cell {
    x.map_or(Cell::None, |x| Cell::LowerBound(x.lo().clone()))
}

fn upper(x: Option<Enclosure>) -> Cell {
    x.map_or(Cell::None, |x| Cell::UpperBound(x.hi().clone()))
}

impl Verify {
    /// The boxes to verify, points among them.
    fn boxes(&self, problem: &Problem) -> Result<Vec<Vec<Enclosure>>, CliError> {
        if let Some(cells) = self.cells {
            return Self::cover(problem, cells);
        }
        let places: Vec<Vec<Rational>> = match (self.samples, &self.at) {
            (Some(samples), _) => (0..samples).map(|index| draw(problem, self.seed, index)).collect(),
            (None, Some(list)) => vec![list.0.clone()],
            (None, None) => vec![middle(problem)],
        };
        Ok(places.iter().map(|y| self.around(problem, y)).collect())
    }

    /// K^p boxes whose union is the box of all parameters: neighbours share their sides.
    fn cover(problem: &Problem, cells: u64) -> Result<Vec<Vec<Enclosure>>, CliError> {
        let shape = problem.coefficient.shape();
        let p = shape.parameters();
        let total = u32::try_from(p).ok().and_then(|p| cells.checked_pow(p)).filter(|total| *total <= MAX_CELLS);
        let total = total.ok_or_else(|| {
            CliError::new(format!("{cells}^{p} boxes are too many"))
                .at("option --cells")
                .accepted(format!("at most {MAX_CELLS} boxes are accepted"))
        })?;
        let side = |i: usize, k: u64| {
            let [least, most] = shape.range(i);
            let at = |k: u64| &least + &((&most - &least) * (Rational::from(k) / Rational::from(cells)));
            Enclosure::hull(at(k), at(k + 1))
        };
        let cell = |index: u64| {
            let mut rest = index;
            (0..p)
                .map(|i| {
                    let k = rest % cells;
                    rest /= cells;
                    side(i, k)
                })
                .collect()
        };
        Ok((0..total).map(cell).collect())
    }

    /// The box around a parameter, within the ranges of the problem.
    fn around(&self, problem: &Problem, y: &[Rational]) -> Vec<Enclosure> {
        let Some(radius) = &self.radius else { return y.iter().cloned().map(Enclosure::point).collect() };
        let shape = problem.coefficient.shape();
        let side = |(i, y): (usize, &Rational)| {
            // A list of the wrong length, or a number outside its range, is refused by the problem.
            let side = Enclosure::around(y, radius);
            if i >= shape.parameters() {
                return side;
            }
            let [least, most] = shape.range(i);
            side.intersect(&Enclosure::hull(least, most)).unwrap_or_else(|| Enclosure::point(y.clone()))
        };
        y.iter().enumerate().map(side).collect()
    }

    fn summary(&self, problem: &Problem, network: &Mlp, results: &[Verified]) -> Result<Summary, CliError> {
        let h1: Vec<Option<Enclosure>> = results.iter().map(|verified| verified.h1.relative()).collect();
        let energy: Vec<Option<Enclosure>> = results.iter().map(|verified| verified.energy.relative()).collect();
        let kind = match (self.radius.is_some(), results.len()) {
            _ if self.cells.is_some() => "certified for all parameters",
            (true, 1) => "certified for all parameters of the box",
            (true, _) => "certified for all parameters of each of these boxes, sampled in between",
            (false, 1) => "certified at this point",
            (false, _) => "certified at each of these points, sampled in between",
        };
        let bounds = |x: &ErrorBounds, relative: &Option<Enclosure>| json!({"error": ends(x.error.as_ref()), "norm": ends(x.norm.as_ref()), "relative": ends(relative.as_ref())});
        let row = |((verified, h1), energy): ((&Verified, &Option<Enclosure>), &Option<Enclosure>)| {
            let y: Vec<Value> = verified.parameters.iter().map(|y| ends(Some(y))).collect();
            let coefficient: Vec<String> = verified.coefficient.iter().map(Rational::to_string).collect();
            json!({
                "y": y,
                "coefficient_range": coefficient,
                "h1": bounds(&verified.h1, h1),
                "energy": bounds(&verified.energy, energy),
            })
        };
        let rows: Vec<Value> = results.iter().zip(&h1).zip(&energy).map(row).collect();
        let widths = network.widths();
        let of_h1 = mean_and_largest(&h1);
        let of_energy = mean_and_largest(&energy);
        let pair = |x: &Option<[Rational; 2]>| {
            x.as_ref().map_or(Value::Null, |[mean, most]| json!({"mean": mean.to_string(), "max": most.to_string()}))
        };
        let mut json = problem.json();
        for (key, value) in [
            ("network", json!(self.network.display().to_string())),
            ("widths", json!(widths.as_slice())),
            ("trained_parameters", json!(widths.parameters().to_string())),
            ("radius", json!(self.radius.as_ref().map(Rational::to_string))),
            ("relative_h1_error", pair(&of_h1)),
            ("relative_energy_error", pair(&of_energy)),
            ("error_kind", json!("bound")),
            ("scope", json!(kind)),
            ("cells", json!(self.cells.map(|_| results.len()))),
            ("samples", if self.cells.is_some() { Value::Null } else { json!(rows) }),
        ] {
            json[key] = value;
        }
        let texts: Vec<String> = widths.as_slice().iter().map(ToString::to_string).collect();
        let cell = |x: Option<&Rational>| x.map_or(Cell::None, |x| Cell::UpperBound(x.clone()));
        let mut record = problem
            .record()
            .with("network", Cell::text(texts.join(", ")))
            .with("trained parameters", Cell::count(widths.parameters()));
        if let Some(radius) = &self.radius {
            record = record.with("radius of boxes", Cell::Exact(radius.clone()));
        }
        if self.cells.is_some() {
            record = record.with("boxes", Cell::count(results.len() as u64));
        }
        let record = record
            .with("mean relative H1 error", cell(of_h1.as_ref().map(|x| &x[0])))
            .with("largest", cell(of_h1.as_ref().map(|x| &x[1])))
            .with("mean relative energy error", cell(of_energy.as_ref().map(|x| &x[0])))
            .with("largest energy error", cell(of_energy.as_ref().map(|x| &x[1])))
            .with("scope", Cell::text(kind))
            .with_json(json);
        let legend = "errors of the network against the exact discrete solution, over the norm of that solution; \
                      the energy does not see constants, which outputs on the boundary may add";
        let mut table = Table::new(vec![
            Column::right("sample"),
            Column::right("H1 error at least"),
            Column::right("at most").with_legend(legend),
            Column::right("energy error at least"),
            Column::right("at most "),
        ]);
        for (index, ((h1, energy), row)) in h1.into_iter().zip(energy).zip(rows).enumerate() {
            let cells =
                vec![Cell::count(index as u64 + 1), lower(h1.clone()), upper(h1), lower(energy.clone()), upper(energy)];
            table.push(cells, row)?;
        }
        Ok(Summary { record, table })
    }
}
