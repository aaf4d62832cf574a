//! `certinet pde dataset`: many solutions as training data, in a file for numpy.

mod partial;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use serde_json::{Value, json};

use super::super::Run;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::{count, whole_number};
use super::problem::{Problem, ProblemOptions};
use crate::arith::Rational;
use crate::format::npz::{NpzWriter, approx_bytes};
use crate::pde::{Certified, Dataset as Samples, DatasetMemory, DiscreteProblem, Grid, PdeError, Shape};
use crate::report::number::thousands;
use crate::report::{Cell, Record};
use partial::{Partial, Row, free_bytes};

/// The most samples.
const MAX_COUNT: u64 = 1_000_000;
/// Rows are written in blocks of about this many bytes, and of at least this many rows.
const BLOCK: usize = 1 << 22;
const LEAST_BLOCK: usize = 8;

/// Draws parameters from the box, solves in doubles, and writes arrays for numpy: `parameters`, `solutions`, `meta`.
///
/// Solutions are approximate; `--certify` bounds the errors of the first ones. A run that was interrupted goes on where it
/// stopped when the same command is given again; unfinished rows are kept in FILE.partial.
#[derive(Debug, clap::Args)]
pub struct Dataset {
    #[command(flatten)]
    problem: ProblemOptions,
    /// How many samples.
    #[arg(long, value_name = "COUNT", value_parser = count(MAX_COUNT))]
    count: u64,
    /// Where the random numbers start.
    #[arg(long, value_name = "SEED", default_value = "1", value_parser = whole_number(0, u64::MAX))]
    seed: u64,
    /// Certify the errors of the first K samples.
    #[arg(long, value_name = "K", default_value = "0", value_parser = whole_number(0, MAX_COUNT))]
    certify: u64,
    /// Throw unfinished rows of an earlier run away.
    #[arg(long)]
    restart: bool,
}

/// What is proved of the first samples.
struct Bounds {
    energy: Rational,
    /// `None` where a solution may be 0.
    relative: Option<Rational>,
}

impl Run for Dataset {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let output = context.artefact()?;
        let problem = self.problem.problem()?;
        if self.certify > self.count {
            return Err(CliError::new(format!("{} of {} samples cannot be certified", self.certify, self.count))
                .at("option --certify")
                .accepted(format!("numbers up to {} are accepted", self.count)));
        }
        let meta = self.meta(&problem);
        let partial_path = Partial::path(output);
        self.fits(&problem, &meta, output, &partial_path)?;
        let samples = Samples::new(&problem.coefficient, &problem.load, self.seed).map_err(CliError::new)?;
        let grid = samples.grid();
        let sizes = [samples.parameters(), grid.unknowns()];
        let mut rows =
            Partial::open(partial_path, &format!("{meta}\ncount {}", self.count), sizes, self.count, self.restart)?;
        if rows.rows() > 0 {
            context.note(&format!("{} of {} samples are there from an earlier run", rows.rows(), self.count));
        }
        match self.compute(context, &samples, &mut rows) {
            Ok(()) => {}
            Err(Stop::Sample(index, error)) => {
                // The same would happen again, so nothing is kept.
                rows.remove()?;
                return Err(CliError::new(error).at(format!("sample {index}")));
            }
            Err(Stop::Other(error)) => return Err(error),
        }
        let bounds = self.certified(context, &problem, &rows)?;
        let residual = self.write(context, &meta, &rows, grid, samples.parameters())?;
        rows.remove()?;
        context.print(&self.record(&problem, output, residual, bounds.as_ref())?)?;
        Ok(Exit::Done)
    }
}

/// Why rows are not finished.
enum Stop {
    Sample(u64, PdeError),
    Other(CliError),
}

impl Dataset {
    /// All that the arrays depend on, as JSON.
    fn meta(&self, problem: &Problem) -> String {
        let mut meta = problem.json();
        if let Shape::Trigonometric { scaling, .. } = problem.coefficient.shape() {
            meta["scaling"] = json!(scaling);
        }
        meta["seed"] = json!(self.seed);
        meta["kind"] = json!("approximate");
        meta["program"] = json!(concat!("certinet ", env!("CARGO_PKG_VERSION")));
        meta.to_string()
    }

    /// Refuses what the disk cannot hold, and places that are none.
    fn fits(&self, problem: &Problem, meta: &str, output: &Path, partial: &Path) -> Result<(), CliError> {
        let place = || format!("output file {}", output.display());
        if std::fs::metadata(output).is_ok_and(|old| !old.is_file()) {
            return Err(CliError::new("the output is no ordinary file").at(place()).accepted("give a path to a file"));
        }
        let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(CliError::new(format!("the directory {} does not exist", folder.display()))
                .at(place())
                .accepted("create it first or choose another path"));
        }
        let grid = problem.coefficient.grid();
        let parameters = problem.coefficient.shape().parameters();
        let row = Partial::row_bytes(parameters, grid.unknowns()) as u64;
        let archive = approx_bytes(&shapes(self.count, parameters, grid), meta);
        // Unfinished rows are there until the archive is complete; those of an earlier run take their room already.
        let there = std::fs::metadata(partial).map_or(0, |file| file.len());
        let needed = (self.count * row).saturating_sub(there).saturating_add(archive);
        let Some(free) = free_bytes(folder) else { return Ok(()) };
        if needed <= free {
            return Ok(());
        }
        Err(CliError::new(format!(
            "the dataset takes {} bytes and the work {} more, {} bytes are free",
            thousands(&archive.into()),
            thousands(&(needed - archive).into()),
            thousands(&free.into())
        ))
        .at(place())
        .accepted("give a smaller --count or --grid, or another place"))
    }

    /// Computes the rows that are missing, block by block.
    fn compute(&self, context: &Context, samples: &Samples, rows: &mut Partial) -> Result<(), Stop> {
        let (p, unknowns) = (samples.parameters(), samples.grid().unknowns());
        let block = (BLOCK / Partial::row_bytes(p, unknowns)).clamp(LEAST_BLOCK, 1 << 12) as u64;
        let progress = context.progress("samples", self.count - rows.rows());
        // One memory for each thread that works at the same time.
        let memories: Mutex<Vec<DatasetMemory>> = Mutex::new(Vec::new());
        let one = |index: u64| {
            let kept = memories.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut memory = kept.map_or_else(|| samples.memory(), Ok)?;
            let mut row = Row { parameters: vec![0.0; p], residual: 0.0, solution: vec![0.0; unknowns] };
            row.residual = samples.approx_sample(&mut memory, index, &mut row.parameters, &mut row.solution)?;
            memories.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            progress.advance(1);
            Ok(row)
        };
        while rows.rows() < self.count {
            let start = rows.rows();
            let indices = start..self.count.min(start + block);
            let results: Vec<Result<Row, PdeError>> = indices.into_par_iter().map(one).collect();
            let mut done = Vec::with_capacity(results.len());
            for (index, result) in (start..).zip(results) {
                done.push(result.map_err(|error| Stop::Sample(index, error))?);
            }
            rows.append(&done).map_err(Stop::Other)?;
        }
        Ok(())
    }

    /// Bounds the errors of the first samples: of the very numbers in the file, for its very parameters.
    fn certified(&self, context: &Context, problem: &Problem, rows: &Partial) -> Result<Option<Bounds>, CliError> {
        let discrete = DiscreteProblem::new(problem.coefficient.clone(), &problem.load).map_err(CliError::new)?;
        let progress = context.progress("certifying", self.certify);
        let mut bounds: Option<Bounds> = None;
        let mut index = 0;
        let mut waiting = Vec::new();
        let mut flush = |waiting: &mut Vec<Row>, start: u64| -> Result<(), CliError> {
            let one = |(row, index): (Row, u64)| {
                let at = |error: &dyn std::fmt::Display| CliError::new(error).at(format!("sample {index}"));
                let y: Result<Vec<Rational>, _> = row.parameters.iter().map(|y| Rational::from_f64(*y)).collect();
                let y = y.map_err(|error| at(&error))?;
                let certified = Certified::of_solution(&discrete, &y, row.solution);
                progress.advance(1);
                certified.map_err(|error| at(&error))
            };
            let indexed: Vec<(Row, u64)> = waiting.drain(..).zip(start..).collect();
            let results: Vec<Result<Certified, CliError>> = indexed.into_par_iter().map(one).collect();
            for certified in results {
                let certified = certified?;
                let relative = certified.relative_error();
                bounds = Some(match bounds.take() {
                    None => Bounds { energy: certified.energy_error, relative },
                    Some(old) => Bounds {
                        energy: old.energy.max(certified.energy_error),
                        relative: old.relative.zip(relative).map(|(old, new)| old.max(new)),
                    },
                });
            }
            Ok(())
        };
        rows.read(self.certify, |row| {
            waiting.push(row);
            index += 1;
            if waiting.len() == LEAST_BLOCK { flush(&mut waiting, index - LEAST_BLOCK as u64) } else { Ok(()) }
        })?;
        let start = index - waiting.len() as u64;
        flush(&mut waiting, start)?;
        Ok(bounds)
    }

    /// Writes the archive; the largest relative residual.
    fn write(&self, context: &Context, meta: &str, rows: &Partial, grid: Grid, p: usize) -> Result<f64, CliError> {
        let mut residual = 0.0f64;
        let progress = context.progress("writing", self.count);
        context.write_artefact(|writer| {
            let mut npz = NpzWriter::new(writer);
            let [parameters, solutions] = shapes(self.count, p, grid);
            npz.doubles("parameters", parameters, |w| {
                rows.read(self.count, |row| Ok(w.write_all(&bytes(&row.parameters))?))
            })?;
            npz.doubles("solutions", solutions, |w| {
                rows.read(self.count, |row| {
                    residual = residual.max(row.residual);
                    progress.advance(1);
                    Ok(w.write_all(&bytes(&nodal(grid, &row.solution)))?)
                })
            })?;
            npz.text("meta", meta)?;
            Ok(npz.finish()?)
        })?;
        Ok(residual)
    }

    fn record(
        &self,
        problem: &Problem,
        output: &Path,
        residual: f64,
        bounds: Option<&Bounds>,
    ) -> Result<Record, CliError> {
        let place = || format!("output file {}", output.display());
        let bytes = std::fs::metadata(output).map_err(|error| CliError::from(error).at(place()))?.len();
        let grid = problem.coefficient.grid();
        let energy = bounds.map(|bounds| bounds.energy.clone());
        let relative = bounds.and_then(|bounds| bounds.relative.clone());
        let text = |x: &Option<Rational>| x.as_ref().map(Rational::to_string);
        let mut json = problem.json();
        for (key, value) in [
            ("count", json!(self.count)),
            ("seed", json!(self.seed)),
            ("nodal_values", json!(grid.nodes() * grid.nodes())),
            ("bytes", json!(bytes)),
            ("file", json!(output.to_string_lossy())),
            ("kind", json!("approximate")),
            ("largest_relative_residual", json!(residual)),
            ("certified", json!(self.certify)),
            ("energy_error_bound", json!(text(&energy))),
            ("relative_error_bound", json!(text(&relative))),
            ("error_kind", if bounds.is_some() { json!("bound") } else { Value::Null }),
        ] {
            json[key] = value;
        }
        let bound = |x: Option<Rational>| x.map_or(Cell::None, Cell::UpperBound);
        Ok(problem
            .record()
            .with("samples", Cell::count(self.count))
            .with("values each", Cell::count((grid.nodes() * grid.nodes()) as u64))
            .with("solutions", Cell::text("approximate"))
            .with("largest residual", Cell::text(format!("{residual:.2e} of the load (approximate)")))
            .with("certified samples", Cell::count(self.certify))
            .with("their energy error", bound(energy))
            .with("relative", bound(relative))
            .with("bytes", Cell::count(bytes))
            .with("file", Cell::text(output.to_string_lossy()))
            .with_json(json))
    }
}

/// The shapes of `parameters` and `solutions`.
fn shapes(count: u64, parameters: usize, grid: Grid) -> [[u64; 2]; 2] {
    [[count, parameters as u64], [count, (grid.nodes() * grid.nodes()) as u64]]
}

fn bytes(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// The values at all nodes, zeros on the boundary included, row by row.
fn nodal(grid: Grid, solution: &[f64]) -> Vec<f64> {
    let (n, side) = (grid.nodes(), grid.side());
    let mut values = vec![0.0; n * n];
    for (row, inner) in values.chunks_exact_mut(n).skip(1).zip(solution.chunks_exact(side)) {
        row[1..=side].copy_from_slice(inner);
    }
    values
}
