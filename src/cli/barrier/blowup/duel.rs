//! `certinet barrier blowup --cnf FILE --solver SOLVER`: a solver against two right-hand sides.

use clap::ValueEnum;
use serde_json::{Value, json};

use super::super::super::context::{Context, Exit};
use super::super::super::error::CliError;
use super::{problem_json, problem_record};
use crate::barrier::Formula;
use crate::barrier::blowup::{Data, Duel, InOrder, MidpointRule, Problem, RandomCells, Solver, duel};
use crate::report::{Cell, Record};

/// The most readings of a solver.
pub const MAX_READINGS: u64 = 1 << 18;
/// The most readings when none are asked for.
const DEFAULT_READINGS: u64 = 1 << 12;

/// The built-in solvers.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SolverName {
    /// The first cells in order; the middle of what is still possible.
    Order,
    /// Random cells; the mean.
    Random,
    /// The midpoint rule on a uniform grid.
    Midpoint,
}

/// Runs the duel and delivers its outcome.
///
/// # Errors
/// [`CliError`] when the solver reads outside the domain, or when writing fails.
pub fn run(
    context: &Context,
    problem: Problem,
    formula: &Formula,
    name: SolverName,
    readings: Option<u64>,
    seed: u64,
) -> Result<Exit, CliError> {
    let readings = readings.unwrap_or_else(|| (formula.assignments() / 2).min(DEFAULT_READINGS));
    let solver: &dyn Solver = match name {
        SolverName::Order => &InOrder { readings },
        SolverName::Random => &RandomCells { readings, seed },
        SolverName::Midpoint => &MidpointRule { readings },
    };
    let outcome = duel(problem, formula, solver).map_err(CliError::new)?;
    context.deliver(&record(problem, formula, solver.name(), &outcome))?;
    Ok(if outcome.survived { Exit::Done } else { Exit::Negative })
}

fn record(problem: Problem, formula: &Formula, solver: &str, duel: &Duel) -> Record {
    let seen = duel.low.known();
    let unseen = formula.assignments() - seen.len() as u64;
    let verdict = if duel.survived { "survived" } else { "refuted" };
    let mut json = problem_json(problem, formula);
    json["solver"] = json!(solver);
    json["verdict"] = json!(verdict);
    json["queries"] = json!(duel.places.len());
    json["cells_seen"] = json!(seen.len());
    json["cells_unseen"] = json!(unseen);
    json["first_unseen"] = json!(duel.low.first_unknown());
    json["answer"] = json!(duel.answer.to_string());
    json["distance"] = json!(duel.distance.to_string());
    json["error"] = json!(duel.error.to_string());
    json["low"] = data_json(problem, &duel.low);
    json["high"] = data_json(problem, &duel.high);
    let cells = |bump: bool| seen.iter().filter(|(_, b)| **b == bump).map(|(&cell, _)| cell).collect::<Vec<u64>>();
    json["seen_with_bump"] = json!(cells(true));
    json["seen_without_bump"] = json!(cells(false));
    let side = |data: &Data| {
        let elsewhere = if data.elsewhere() { "a bump in every other cell" } else { "no bump in any other cell" };
        format!("the bumps seen, {elsewhere}: {} models", data.bumps())
    };
    let [low, high] = &duel.values;
    problem_record(problem, formula)
        .with("solver", Cell::text(solver))
        .with("readings", Cell::count(duel.places.len()))
        .with("cells seen", Cell::count(seen.len()))
        .with("cells unseen", Cell::count(unseen))
        .with("first unseen", duel.low.first_unknown().map_or(Cell::None, Cell::count))
        .with("F low", Cell::text(side(&duel.low)))
        .with("F high", Cell::text(side(&duel.high)))
        .with(format!("{} low", problem.place()), Cell::Exact(low.clone()))
        .with(format!("{} high", problem.place()), Cell::Exact(high.clone()))
        .with("distance", Cell::Exact(duel.distance.clone()))
        .with("answer", Cell::Exact(duel.answer.clone()))
        .with("error", Cell::Exact(duel.error.clone()))
        .with("verdict", Cell::text(verdict))
        .with_json(json)
}

/// A right-hand side: the cells that were seen are the same for both and stand beside them.
fn data_json(problem: Problem, data: &Data) -> Value {
    json!({
        "bump_in_unseen_cells": data.elsewhere(),
        "models": data.bumps(),
        "value": data.value(problem).to_string(),
    })
}
