//! `certinet eval NET --input "1/3,2/5"`: the value of a network at exact inputs.

use core::fmt;
use core::str::FromStr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;
use super::input::read_text;
use super::network::{allow_evaluation, read_layered};
use super::options::RationalList;
use crate::arith::{ArithError, Dyadic, Interval, Rational, Scalar};
use crate::evaluate::{EvaluateError, Evaluator, FloatNetwork};
use crate::network::Layered;
use crate::report::{Cell, Column, Record, Table};

/// Evaluates a network exactly, or in intervals, or in doubles.
#[derive(Debug, clap::Args)]
pub struct Eval {
    /// The network: .json, structured or layered, or .onnx.
    network: PathBuf,
    /// The input, exactly: "1/3,2/5".
    #[arg(long, value_name = "LIST", allow_hyphen_values = true, required_unless_present = "inputs")]
    input: Option<RationalList>,
    /// Many inputs, one a line: 1/3,2/5.
    #[arg(long, value_name = "FILE", conflicts_with = "input")]
    inputs: Option<PathBuf>,
    /// rational (exact), dyadic (exact, faster), interval (enclosures) or f64 (doubles with a proved error bound).
    #[arg(long, value_name = "NAME", default_value_t = Arithmetic::Rational)]
    arithmetic: Arithmetic,
}

/// The number systems of `eval`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// Exact rationals.
    Rational,
    /// Exact integers over powers of two.
    Dyadic,
    /// Intervals with f64 ends.
    Interval,
    /// Doubles.
    F64,
}

impl Arithmetic {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Rational, "rational"), (Self::Dyadic, "dyadic"), (Self::Interval, "interval"), (Self::F64, "f64")];
}

impl fmt::Display for Arithmetic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(arithmetic, _)| arithmetic == self).map_or("", |(_, name)| name);
        f.write_str(name)
    }
}

impl FromStr for Arithmetic {
    type Err = CliError;
    fn from_str(name: &str) -> Result<Self, CliError> {
        let found = Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(arithmetic, _)| arithmetic);
        found.ok_or_else(|| {
            CliError::new(format!("'{name}' is no arithmetic")).accepted("rational, dyadic, interval and f64 are")
        })
    }
}

/// One entry of an output, with what is known about it.
struct Output {
    json: Value,
    cell: Cell,
    /// An upper bound on the distance to the exact value, where the value is not exact.
    error: Option<Rational>,
}

impl Run for Eval {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        for path in self.inputs.iter().chain([&self.network]) {
            context.spare(path)?;
        }
        let layered = read_layered(&self.network)?;
        let (inputs, batch) = match (&self.input, &self.inputs) {
            (_, Some(path)) => (read_inputs(path, layered.input_dimension())?, true),
            (Some(input), None) => (vec![input.0.clone()], false),
            (None, None) => return Err(CliError::new("the input is missing").accepted("give --input or --inputs")),
        };
        allow_evaluation(&layered, inputs.len())?;
        let progress = context.progress("inputs", inputs.len() as u64);
        let step = || progress.advance(1);
        let outputs = match self.arithmetic {
            Arithmetic::Rational => evaluate(&layered, &inputs, step, |x: &Rational| exact(x.clone())),
            Arithmetic::Dyadic => evaluate(&layered, &inputs, step, |x: &Dyadic| exact(x.to_rational())),
            Arithmetic::Interval => evaluate(&layered, &inputs, step, enclosure),
            Arithmetic::F64 => evaluate_doubles(&layered, &inputs, step),
        }?;
        drop(progress);
        if batch {
            context.deliver(&table(&layered, outputs, self.arithmetic)?)?;
        } else {
            let output = outputs.into_iter().next().unwrap_or_default();
            let mut record = Record::new(record_json(&output, self.arithmetic));
            for (number, entry) in output.into_iter().enumerate() {
                record = record.with(format!("output_{number}"), entry.cell);
            }
            context.deliver(&record)?;
        }
        Ok(Exit::Done)
    }
}

fn record_json(output: &[Output], arithmetic: Arithmetic) -> Value {
    let values: Vec<&Value> = output.iter().map(|entry| &entry.json).collect();
    let mut record = json!({"output": values, "arithmetic": arithmetic.to_string()});
    let errors: Vec<String> = output.iter().filter_map(|entry| entry.error.as_ref()).map(Rational::to_string).collect();
    if arithmetic == Arithmetic::F64 {
        record["error_bounds"] = json!(errors);
    }
    record
}

fn table(layered: &Layered, outputs: Vec<Vec<Output>>, arithmetic: Arithmetic) -> Result<Table, CliError> {
    let columns = (0..layered.output_dimension()).map(|number| Column::right(format!("output_{number}")));
    let mut table = Table::new(columns.collect());
    for output in outputs {
        let json = record_json(&output, arithmetic);
        table.push(output.into_iter().map(|entry| entry.cell).collect(), json)?;
    }
    Ok(table)
}

fn evaluate<S: Scalar>(
    layered: &Layered,
    inputs: &[Vec<Rational>],
    step: impl Fn(),
    output: impl Fn(&S) -> Output,
) -> Result<Vec<Vec<Output>>, CliError> {
    let evaluator = Evaluator::<S>::new(layered).map_err(|error| refuse(&error))?;
    let mut outputs = Vec::new();
    for (number, input) in inputs.iter().enumerate() {
        let place = || format!("input {}", number + 1);
        let convert = |x: &Rational| {
            let no_value = || EvaluateError::NotRepresentable { weight: x.clone() };
            S::from_rational(x).ok_or_else(|| refuse(&no_value()).at(place()))
        };
        let point = input.iter().map(convert).collect::<Result<Vec<S>, _>>()?;
        let value = evaluator.evaluate(&point).map_err(|error| refuse(&error).at(place()))?;
        outputs.push(value.iter().map(&output).collect());
        step();
    }
    Ok(outputs)
}

fn refuse(error: &EvaluateError) -> CliError {
    match error {
        EvaluateError::NotRepresentable { weight } => {
            let number: String = weight.to_string().chars().take(60).collect();
            CliError::new(format!("{number} is not an integer over a power of two, as dyadic arithmetic needs"))
                .accepted("use --arithmetic rational")
        }
        other => CliError::new(other),
    }
}

/// Doubles, each with a bound on its distance to the exact value at the exact input.
fn evaluate_doubles(
    layered: &Layered,
    inputs: &[Vec<Rational>],
    step: impl Fn(),
) -> Result<Vec<Vec<Output>>, CliError> {
    let network = FloatNetwork::new(layered).map_err(|error| refuse(&error))?;
    let mut outputs = Vec::new();
    for (number, input) in inputs.iter().enumerate() {
        let place = || format!("input {}", number + 1);
        let values = network.evaluate_rational(input).map_err(|error| {
            let error = match &error {
                EvaluateError::Overflow { output, .. } => {
                    CliError::new(format!("output {output} is beyond the doubles"))
                }
                other => refuse(other),
            };
            error.at(place()).accepted("use --arithmetic rational")
        })?;
        let entries = values.iter().map(|bounded| double(bounded.value, bounded.error_upper));
        outputs.push(entries.collect::<Result<_, _>>().map_err(|error| CliError::new(error).at(place()))?);
        step();
    }
    Ok(outputs)
}

fn exact(x: Rational) -> Output {
    Output { json: json!(x.to_string()), cell: Cell::Exact(x), error: None }
}

fn enclosure(x: &Interval) -> Output {
    let lo = x.lo().map_or_else(|| "-inf".to_owned(), |lo| lo.to_string());
    let hi = x.hi().map_or_else(|| "inf".to_owned(), |hi| hi.to_string());
    // The decimals of doubles are shortest forms, which need not lie outside: the exact ends are printed.
    Output { json: json!([lo, hi]), cell: Cell::text(format!("[{lo}, {hi}]")), error: None }
}

/// A finite double with its error bound.
fn double(value: f64, error_upper: f64) -> Result<Output, ArithError> {
    let (exact, error) = (Rational::from_f64(value)?, Rational::from_f64(error_upper)?);
    let bound = Cell::UpperBound(error.clone()).to_reading();
    let cell = Cell::text(format!("{value:e} (error {bound})"));
    Ok(Output { json: json!(exact.to_string()), cell, error: Some(error) })
}

/// One input a line, entries separated by commas; empty lines are skipped.
fn read_inputs(path: &Path, dimension: usize) -> Result<Vec<Vec<Rational>>, CliError> {
    let text = read_text(path)?;
    let mut inputs = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = || format!("file {}, line {}", path.display(), number + 1);
        let input: RationalList = line.parse().map_err(|error| CliError::new(error).at(place()))?;
        if input.0.len() != dimension {
            let error = EvaluateError::Dimension { found: input.0.len(), expected: dimension };
            return Err(CliError::new(error).at(place()));
        }
        inputs.push(input.0);
    }
    if inputs.is_empty() {
        return Err(CliError::new("there is no input")
            .at(format!("file {}", path.display()))
            .accepted("give one input a line, such as 1/3,2/5"));
    }
    Ok(inputs)
}
