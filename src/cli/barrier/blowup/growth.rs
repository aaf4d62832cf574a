//! `certinet barrier blowup --variables A..B`: how the price grows with the number of variables.

use core::str::FromStr;
use std::path::Path;

use serde_json::{Value, json};

use super::super::super::context::{Context, Exit};
use super::super::super::error::CliError;
use super::super::super::options::{OptionError, whole_number};
use super::super::super::plot::{deliver_with_plot, growth_charts, spare_picture};
use super::binary;
use crate::barrier::blowup::{Growth, Problem, growth, random_formula};
use crate::report::{Cell, Column, Record, Summary, Table};

/// The most variables.
const MAX_VARIABLES: u64 = 30;

/// Numbers of variables, `A..B` with both ends, or one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variables {
    from: u32,
    to: u32,
}

impl FromStr for Variables {
    type Err = OptionError;
    fn from_str(text: &str) -> Result<Self, OptionError> {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let number = |text: &str| whole_number(1, MAX_VARIABLES)(text);
        // Numbers of at most MAX_VARIABLES.
        let (from, to) = (number(from)? as u32, number(to)? as u32);
        if from > to {
            let range = format!("ranges A..B with A <= B <= {MAX_VARIABLES}");
            return Err(OptionError::Range { value: text.chars().take(60).collect(), range });
        }
        Ok(Self { from, to })
    }
}

/// Evaluates one random formula for each number of variables and delivers the table.
///
/// # Errors
/// [`CliError`] when writing fails.
pub fn run(
    context: &Context,
    problem: Problem,
    variables: &Variables,
    seed: u64,
    plot: Option<&Path>,
) -> Result<Exit, CliError> {
    spare_picture(plot, context, &[])?;
    let progress = context.progress("evaluations", (variables.from..=variables.to).map(|n| 1u64 << n).sum());
    let mut all = Vec::new();
    for n in variables.from..=variables.to {
        let formula = random_formula(n, seed).map_err(CliError::new)?;
        all.push((growth(problem, &formula), formula.clauses().len()));
        progress.advance(1 << n);
    }
    drop(progress);
    let charts = plot.map(|_| growth_charts(problem.place(), &all.iter().map(|(row, _)| row).collect::<Vec<_>>()));
    let report = report(problem, seed, &all)?;
    deliver_with_plot(context, &report, plot.zip(charts.as_deref()))?;
    Ok(Exit::Done)
}

fn report(problem: Problem, seed: u64, all: &[(Growth, usize)]) -> Result<Summary, CliError> {
    let mut table = Table::new(vec![
        Column::right("variables"),
        Column::right("clauses"),
        Column::right("evaluations: half the bits"),
        Column::right("evaluations: exact"),
        Column::right("bits"),
        Column::left(format!("{} in binary", problem.place())),
        Column::right("models"),
    ]);
    for (row, clauses) in all {
        let n = row.variables;
        let binary = binary(&row.value, &problem.weight(n));
        let steps: Vec<Value> = row
            .enclosures
            .iter()
            .map(|step| json!({"evaluations": step.evaluations, "width": step.enclosure.width().to_string()}))
            .collect();
        let json = json!({
            "variables": n,
            "clauses": clauses,
            "evaluations_half": row.half,
            "evaluations": row.all,
            "bits": row.digits,
            "value": row.value.to_string(),
            "binary": binary,
            "models": row.models.to_i64(),
            "steps": steps,
        });
        let cells = vec![
            Cell::count(n),
            Cell::count(*clauses),
            Cell::count(row.half),
            Cell::count(row.all),
            Cell::count(row.digits),
            Cell::text(binary),
            Cell::Count(row.models.clone()),
        ];
        table.push(cells, json)?;
    }
    let rows: Vec<&Value> = table.rows().iter().map(|row| &row.json).collect();
    let json = json!({
        "problem": problem.name(),
        "equation": problem.equation(),
        "place": problem.place(),
        "seed": seed,
        "rows": rows,
    });
    let record = Record::new(json)
        .with("problem", Cell::text(problem.equation()))
        .with("formulas", Cell::text(format!("random, 2 n clauses of 3 of n variables, seed {seed}")))
        .with("half the bits", Cell::text("the number of models to within 2^h, h = n/2 rounded up"))
        .with(
            "fewer readings",
            Cell::text("who skips a cell of F is wrong by half of what a model adds, or more, on one of two data"),
        );
    Ok(Summary { record, table })
}
