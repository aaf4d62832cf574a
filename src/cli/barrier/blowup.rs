//! `certinet barrier blowup --cnf FILE`: a boundary-value problem whose solution counts the models of a formula.

mod duel;
mod growth;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::{Value, json};

use super::super::Run;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::input::read_text;
use super::super::options::{count, whole_number};
use super::super::plot::picture;
use crate::arith::{Enclosure, Integer, Rational};
use crate::barrier::Formula;
use crate::barrier::blowup::{Enclosed, Problem, enclosures};
use crate::format::dimacs;
use crate::report::number::thousands;
use crate::report::{Cell, Column, Record, Summary, Table};

/// The most evaluations of a formula.
const MAX_EVALUATIONS: u64 = 1 << 36;
/// The most operations on words of 64 assignments, one a literal.
const MAX_OPERATIONS: u128 = 1 << 36;

/// Encloses a solution value that counts the models of a formula, or fools a solver that skips cells.
#[derive(Debug, clap::Args)]
pub struct Blowup {
    /// The formula, a DIMACS file.
    #[arg(long, value_name = "FILE", required_unless_present = "variables")]
    cnf: Option<PathBuf>,
    /// Take random formulas of so many variables instead, from A to B, and show how the price grows.
    #[arg(long, value_name = "A..B", group = "random", conflicts_with_all = ["cnf", "evaluations", "steps", "readings"])]
    variables: Option<growth::Variables>,
    /// The boundary-value problem.
    #[arg(long, value_name = "PROBLEM", default_value = "interval")]
    problem: ProblemName,
    /// Evaluate the formula in this many assignments only, from the first one on [default: all].
    #[arg(long, value_name = "E", value_parser = whole_number(0, MAX_EVALUATIONS))]
    evaluations: Option<u64>,
    /// Rows of the table after the first.
    #[arg(long, value_name = "R", default_value = "8", value_parser = count(1 << 10))]
    steps: u64,
    /// Let this solver answer instead, and fool it.
    #[arg(long, value_name = "SOLVER", group = "random", conflicts_with_all = ["evaluations", "steps"])]
    solver: Option<duel::SolverName>,
    /// How often the solver reads the right-hand side [default: 2^(n-1), at most 4096].
    #[arg(long, value_name = "N", requires = "solver", value_parser = whole_number(0, duel::MAX_READINGS))]
    readings: Option<u64>,
    /// Where the random numbers of the solver, or of the formulas, start.
    #[arg(long, value_name = "S", requires = "random", default_value = "1", value_parser = whole_number(0, u64::MAX))]
    seed: u64,
    /// Draw how the price grows.
    #[arg(long, value_name = "FILE.svg", requires = "variables", conflicts_with_all = ["cnf", "solver"], value_parser = picture)]
    plot: Option<PathBuf>,
}

/// The problems by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProblemName {
    /// Poisson's equation on an interval.
    Interval,
    /// Poisson's equation on the unit disk.
    Disk,
    /// Laplace's equation on the unit disk.
    Laplace,
    /// The diffusion equation on an interval.
    Diffusion,
}

impl From<ProblemName> for Problem {
    fn from(name: ProblemName) -> Self {
        match name {
            ProblemName::Interval => Self::Interval,
            ProblemName::Disk => Self::Disk,
            ProblemName::Laplace => Self::Laplace,
            ProblemName::Diffusion => Self::Diffusion,
        }
    }
}

impl Run for Blowup {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let problem = Problem::from(self.problem);
        if let Some(variables) = &self.variables {
            return growth::run(context, problem, variables, self.seed, self.plot.as_deref());
        }
        let Some(path) = &self.cnf else {
            return Err(CliError::new("there is no formula").accepted("give --cnf FILE or --variables A..B"));
        };
        context.spare(path)?;
        let text = read_text(path)?;
        let formula =
            dimacs::read(&text).map_err(|error| CliError::new(error).at(format!("file {}", path.display())))?;
        if let Some(solver) = self.solver {
            return duel::run(context, problem, &formula, solver, self.readings, self.seed);
        }
        let evaluations = allowed(&formula, path, self.evaluations)?;
        let rows = enclosures(problem, &formula, evaluations, self.steps);
        let Some(last) = rows.last() else {
            return Err(CliError::new("there is nothing to print"));
        };
        let exit = if last.exact().is_some() { Exit::Done } else { Exit::Open };
        let (record, table) = (summary(problem, &formula, last, &rows), steps(&rows)?);
        context.deliver(&Summary { record, table })?;
        Ok(exit)
    }
}

/// The number of evaluations, refused beforehand where the work would be too large.
fn allowed(formula: &Formula, path: &Path, evaluations: Option<u64>) -> Result<u64, CliError> {
    let evaluations = evaluations.unwrap_or(u64::MAX).min(formula.assignments());
    let literals = formula.literals().max(1) as u128;
    let operations = u128::from(evaluations.div_ceil(64)) * literals;
    if evaluations <= MAX_EVALUATIONS && operations <= MAX_OPERATIONS {
        return Ok(evaluations);
    }
    let limit = MAX_EVALUATIONS.min(u64::try_from(MAX_OPERATIONS / literals * 64).unwrap_or(u64::MAX));
    Err(CliError::new(format!(
        "{} evaluations of a formula of {} variables and {} literals are too many",
        thousands(&Integer::from(evaluations)),
        formula.variables(),
        formula.literals()
    ))
    .at(format!("file {}", path.display()))
    .accepted(format!("at most {} are accepted: give --evaluations", thousands(&Integer::from(limit)))))
}

/// The facts about the problem that every result has.
fn problem_json(problem: Problem, formula: &Formula) -> Value {
    json!({
        "problem": problem.name(),
        "equation": problem.equation(),
        "place": problem.place(),
        "variables": formula.variables(),
        "clauses": formula.clauses().len(),
        "cells": formula.assignments(),
        "weight": problem.weight(formula.variables()).to_string(),
        "offset": problem.offset().to_string(),
    })
}

fn problem_record(problem: Problem, formula: &Formula) -> Record {
    let record = Record::new(Value::Null)
        .with("problem", Cell::text(problem.equation()))
        .with("F", Cell::text(format!("one bump in each of 2^{} cells that is a model", formula.variables())));
    let offset = problem.offset();
    let record = if offset.is_zero() { record } else { record.with("no model", Cell::Exact(offset)) };
    record.with("one model", Cell::Exact(problem.weight(formula.variables())))
}

fn ends(enclosure: &Enclosure) -> Value {
    json!([enclosure.lo().to_string(), enclosure.hi().to_string()])
}

fn summary(problem: Problem, formula: &Formula, last: &Enclosed, rows: &[Enclosed]) -> Record {
    // The count is read off the value, not carried along.
    let exact = last.exact().map(|(_, value)| value.clone());
    let models = exact.as_ref().and_then(|value| problem.models(formula.variables(), value));
    let binary = exact.as_ref().map(|value| binary(value, &problem.weight(formula.variables())));
    let mut record = problem_record(problem, formula).with("evaluations", Cell::count(last.evaluations));
    let mut json = problem_json(problem, formula);
    json["evaluations"] = json!(last.evaluations);
    json["models"] = json!(models.as_ref().and_then(Integer::to_i64));
    json["models_interval"] = json!([last.models.start(), last.models.end()]);
    json["enclosure"] = ends(&last.enclosure);
    json["value"] = json!(exact.as_ref().map(Rational::to_string));
    json["binary"] = json!(binary);
    json["steps"] = rows
        .iter()
        .map(|row| {
            json!({
                "evaluations": row.evaluations,
                "found": row.found,
                "models_interval": [row.models.start(), row.models.end()],
                "enclosure": ends(&row.enclosure),
                "width": row.enclosure.width().to_string(),
            })
        })
        .collect();
    if let (Some(value), Some(models), Some(binary)) = (exact, models, binary) {
        record = record
            .with(problem.place(), Cell::Exact(value))
            .with("in binary", Cell::text(binary))
            .with("models", Cell::Count(models));
    } else {
        record = record
            .with(format!("{} at least", problem.place()), Cell::LowerBound(last.enclosure.lo().clone()))
            .with(format!("{} at most", problem.place()), Cell::UpperBound(last.enclosure.hi().clone()))
            .with("models", Cell::text(models_text(last)));
    }
    record.with_json(json)
}

/// A value from 0 to 1, a multiple of the weight 2^-d, with all its d digits; a 1 before the point does not occur.
fn binary(value: &Rational, weight: &Rational) -> String {
    let digits = usize::try_from(weight.dyadic_exponent().unwrap_or(0)).unwrap_or(0);
    let mantissa = (value / weight).floor().to_i128().unwrap_or(0);
    format!("0.{mantissa:0digits$b}")
}

fn models_text(row: &Enclosed) -> String {
    let number = |n: &u64| thousands(&Integer::from(*n));
    let (least, most) = (number(row.models.start()), number(row.models.end()));
    if least == most { least } else { format!("{least} to {most}") }
}

fn steps(rows: &[Enclosed]) -> Result<Table, CliError> {
    let mut table = Table::new(vec![
        Column::right("evaluations"),
        Column::right("models found"),
        Column::left("models possible"),
        Column::right("value at least"),
        Column::right("value at most"),
        Column::right("width"),
    ]);
    for row in rows {
        let cells = vec![
            Cell::count(row.evaluations),
            Cell::count(row.found),
            Cell::text(models_text(row)),
            Cell::LowerBound(row.enclosure.lo().clone()),
            Cell::UpperBound(row.enclosure.hi().clone()),
            Cell::Exact(row.enclosure.width()),
        ];
        table.push(cells, Value::Null)?;
    }
    Ok(table)
}
