//! `certinet lp FILE.mps`: the exact optimum of a linear program.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::Run;
use super::certificate;
use super::context::{Context, Exit};
use super::error::CliError;
use super::input::read_text;
use super::output::write_file;
use crate::arith::Rational;
use crate::certify::write_program_certificate;
use crate::format::mps::{self, MpsFile};
use crate::programs::{Answer, LinearProgram, Sense, solve};
use crate::report::number::{Direction, Printed};
use crate::report::{Cell, Record};

/// Significant digits of the decimal beside the exact optimum.
const DIGITS: u32 = 20;

/// Solves a linear program exactly: optimum, point and multipliers, or why there is none.
#[derive(Debug, clap::Args)]
pub struct Lp {
    /// The program: an MPS file, free or fixed; decimals stand for themselves.
    program: PathBuf,
    /// Solve although columns are declared integer, as if they were not.
    #[arg(long)]
    relax: bool,
    /// Print the status and the optimum only.
    #[arg(long)]
    value_only: bool,
    /// Also write the certificate to this file, for certinet-check.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

impl Run for Lp {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        context.spare(&self.program)?;
        certificate::spare(self.certificate.as_deref(), context, &[&self.program])?;
        let place = format!("file {}", self.program.display());
        let file = mps::read(&read_text(&self.program)?).map_err(|error| CliError::new(error).at(&place))?;
        if let (Some(&column), false) = (file.integers.first(), self.relax) {
            let name = &file.program.columns()[column].name;
            let what = format!("{} columns are declared integer, {name} the first", file.integers.len());
            return Err(CliError::new(what).at(&place).accepted("with --relax they are solved as if they were not"));
        }
        let answer = solve(&file.program);
        if let Some(path) = &self.certificate {
            write_file(path, |writer| {
                write_program_certificate(&file.program, &answer, writer).map_err(CliError::new)
            })?;
        }
        context.deliver(&record(&file, &answer, self.value_only))?;
        Ok(if matches!(answer, Answer::Optimal { .. }) { Exit::Done } else { Exit::Negative })
    }
}

fn record(file: &MpsFile, answer: &Answer, value_only: bool) -> Record {
    let program = &file.program;
    let sense = match program.sense() {
        Sense::Minimise => "minimise",
        Sense::Maximise => "maximise",
    };
    let (status, value, lists) = match answer {
        Answer::Optimal { point, value, multipliers } => (
            "optimal",
            Some(value),
            vec![("point", columns(program, point)), ("multipliers", rows(program, multipliers))],
        ),
        Answer::Infeasible { multipliers } => ("infeasible", None, vec![("multipliers", rows(program, multipliers))]),
        Answer::Unbounded { point, ray } => {
            ("unbounded", None, vec![("point", columns(program, point)), ("ray", columns(program, ray))])
        }
    };
    let decimal = value.map(|value| {
        let printed = Printed::decimal(value, DIGITS, Direction::TowardsZero);
        format!("{printed}{}", if printed.is_exact() { "" } else { "..." })
    });
    let mut json = json!({
        "name": file.name,
        "objective": file.objective,
        "sense": sense,
        "rows": program.rows().len(),
        "columns": program.columns().len(),
        "nonzeros": program.nonzeros(),
        "status": status,
        "value": value.map(Rational::to_string),
        "decimal": decimal,
    });
    let mut record = Record::new(Value::Null).with("status", Cell::text(status)).with("sense", Cell::text(sense));
    if let (Some(value), Some(decimal)) = (value, decimal) {
        record = record.with("value", Cell::text(value.to_string())).with("decimal", Cell::text(decimal));
    }
    if !value_only {
        for (what, list) in lists {
            for (name, number) in list.iter().filter(|(_, number)| !number.is_zero()) {
                record = record.with(format!("{what} {name}"), Cell::Exact((*number).clone()));
            }
            let object: Map<String, Value> =
                list.into_iter().map(|(name, number)| (name.to_owned(), Value::String(number.to_string()))).collect();
            json[what] = Value::Object(object);
        }
    }
    record.with_json(json)
}

type Named<'a> = Vec<(&'a str, &'a Rational)>;

fn columns<'a>(program: &'a LinearProgram, numbers: &'a [Rational]) -> Named<'a> {
    program.columns().iter().map(|column| column.name.as_str()).zip(numbers).collect()
}

fn rows<'a>(program: &'a LinearProgram, numbers: &'a [Rational]) -> Named<'a> {
    program.rows().iter().map(|row| row.name.as_str()).zip(numbers).collect()
}
