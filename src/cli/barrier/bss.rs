//! `certinet barrier bss [PROGRAM.bss --input "1,1/2,sqrt(2)"]`: a program over exact real numbers.

mod digital;
mod examples;

use std::path::PathBuf;

use serde_json::{Map, Value as Json, json};

use digital::Digital;

use super::super::Run as Command;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::input::read_text;
use super::super::options::whole_number;
use crate::arith::Rational;
use crate::barrier::bss::{
    Ending, Number, Program, Run, RunOptions, Step, Tower, Value, read_number, read_program, run,
};
use crate::report::number::{Direction, Printed};
use crate::report::{Cell, Record};

/// The steps a program may take unless more are allowed.
const STEPS: u64 = 1_000_000;
/// The most that can be allowed.
const MOST_STEPS: u64 = 1_000_000_000;
/// Steps that a trace shows.
const TRACED: usize = 10_000;
/// Significant digits of the ends of an enclosure, and bits that make them meaningful.
const DIGITS: u32 = 20;
const BITS: u32 = 80;
/// Significant digits of a number in a table.
const SHORT: u32 = 8;
/// Bits that a digital computer reads of the examples' inputs unless others are given, and the most.
const READ: u32 = 64;
const MOST_READ: u32 = 1 << 14;

/// Runs a program on a machine of Blum, Shub and Smale, over exact real numbers.
///
/// Numbers are rational or have square roots; all operations and all branches are exact. A program that does not halt
/// within the steps is open. With --bits, the same program also runs on what a digital computer reads of the input. Without
/// a program, those in examples/bss run on inputs that show the difference.
#[derive(Debug, clap::Args)]
pub struct Bss {
    /// The program, a text file.
    program: Option<PathBuf>,
    /// The inputs: "1,1/2,sqrt(2)"; none where the option is missing.
    #[arg(long, value_name = "LIST", allow_hyphen_values = true, requires = "program")]
    input: Option<String>,
    /// The most steps.
    #[arg(long, value_name = "N", default_value_t = STEPS, value_parser = whole_number(1, MOST_STEPS))]
    steps: u64,
    /// Also show the first 10000 steps with their values.
    #[arg(long, requires = "program")]
    trace: bool,
    /// Also run on the inputs rounded to multiples of 2^-K [default without a program: 64].
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(0..=i64::from(MOST_READ)))]
    bits: Option<u32>,
}

impl Command for Bss {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let options = RunOptions { steps: self.steps, trace: if self.trace { TRACED } else { 0 } };
        let Some(path) = &self.program else {
            return examples::deliver(context, self.bits.unwrap_or(READ), &options);
        };
        context.spare(path)?;
        let place = format!("file {}", path.display());
        let program = read_program(&read_text(path)?).map_err(|error| CliError::new(error).at(&place))?;
        let mut tower = Tower::new();
        let input = read_input(self.input.as_deref(), &mut tower)?;
        let run = run(&program, &input, &mut tower, &options).map_err(|error| CliError::new(error).at(&place))?;
        let digital = self.bits.map(|bits| digital::run_digital(&program, &input, &run, &mut tower, &options, bits));
        let digital = digital.transpose().map_err(|error| {
            CliError::new(error).at(format!("{place}, on the rounded input")).accepted("more --bits may do")
        })?;
        context.deliver(&record(&program, &run, &tower, self.trace, digital.as_ref()))?;
        Ok(if run.ending == Ending::Halted { Exit::Done } else { Exit::Open })
    }
}

fn read_input(list: Option<&str>, tower: &mut Tower) -> Result<Vec<Number>, CliError> {
    let entries = list.into_iter().flat_map(|list| list.split(',')).enumerate();
    entries
        .map(|(i, entry)| {
            read_number(entry.trim(), tower)
                .map_err(|error| CliError::new(error).at(format!("option --input, entry {}", i + 1)))
        })
        .collect()
}

fn record(program: &Program, run: &Run, tower: &Tower, trace: bool, digital: Option<&Digital>) -> Record {
    let outputs: Vec<Printout> = run.outputs.iter().map(|number| Printout::new(number, tower)).collect();
    let counts: Map<String, Json> =
        run.counts.named().iter().map(|(name, count)| (name.replace(' ', "_"), json!(count.to_string()))).collect();
    let mut json = json!({
        "status": if run.ending == Ending::Halted { "halted" } else { "open" },
        "outputs": outputs.iter().map(Printout::json).collect::<Vec<_>>(),
        "steps": run.counts.steps().to_string(),
        "operations": counts,
        "roots": tower.radicands().iter().map(|radicand| tower.text(radicand)).collect::<Vec<_>>(),
    });
    let mut record = Record::new(Json::Null);
    match &run.ending {
        Ending::Halted => record = record.with("status", Cell::text("halted")),
        Ending::Open { line, limit } => {
            let words = format!("{limit}, line {line}");
            json["open"] = json!(words);
            record = record.with("status", Cell::text("open")).with("open", Cell::text(words));
        }
    }
    for (i, output) in outputs.iter().enumerate() {
        record = record.with(format!("output {i}"), Cell::text(output.words()));
    }
    if let Some(digital) = digital {
        for (i, number) in digital.run.outputs.iter().enumerate() {
            record = record.with(format!("digital {i}"), Cell::text(Printout::new(number, tower).words()));
        }
        let distance = digital.distance.as_ref().map(|x| Printout::new(x, tower).words());
        record = record.with("distance", Cell::text(words(distance)));
        json["digital"] = digital.json(tower);
    }
    record = record.with("steps", Cell::count(run.counts.steps()));
    for (name, count) in run.counts.named().into_iter().filter(|(_, count)| *count > 0) {
        record = record.with(name, Cell::count(count));
    }
    for (i, radicand) in tower.radicands().iter().enumerate() {
        record = record.with(format!("root{}", i + 1), Cell::text(format!("sqrt({})", tower.text(radicand))));
    }
    if trace {
        json["trace"] = run.trace.iter().map(|step| step_json(program, step, tower)).collect();
        for (i, step) in run.trace.iter().enumerate() {
            let line = &program.lines()[step.instruction];
            let value = step_value(step, tower).map_or(String::new(), |value| format!("   # {value}"));
            record = record.with(format!("step {}", i + 1), Cell::text(format!("{}: {}{value}", line.line, line.text)));
        }
    }
    record.with_json(json)
}

/// A number as it is printed.
struct Printout {
    exact: String,
    /// Words for an enclosure in decimals, where the number is no integer.
    decimal: Option<String>,
    ends: (Rational, Rational),
}

impl Printout {
    fn new(number: &Number, tower: &Tower) -> Self {
        let ends = tower.enclosure(number, BITS);
        // The lower end is rounded down, the upper one up.
        let low = Printed::decimal(&ends.0, DIGITS, Direction::Down);
        let high = Printed::decimal(&ends.1, DIGITS, Direction::Up);
        let integer = number.as_rational().is_some_and(Rational::is_integer);
        let decimal = match (integer, low.is_exact() && low == high) {
            (true, _) => None,
            (false, true) => Some(format!("= {low}")),
            (false, false) => Some(format!("in [{low}, {high}]")),
        };
        Self { exact: tower.text(number), decimal, ends }
    }
    /// The number, and an enclosure in decimals.
    fn words(&self) -> String {
        self.decimal.as_ref().map_or(self.exact.clone(), |decimal| format!("{} {decimal}", self.exact))
    }
    /// Some digits, followed by dots where there are more.
    fn short(&self) -> String {
        let printed = Printed::decimal(&self.ends.0, SHORT, Direction::TowardsZero);
        format!("{printed}{}", if printed.is_exact() && self.ends.0 == self.ends.1 { "" } else { ".." })
    }
    fn json(&self) -> Json {
        let low = Printed::decimal(&self.ends.0, DIGITS, Direction::Down);
        let high = Printed::decimal(&self.ends.1, DIGITS, Direction::Up);
        json!({"exact": self.exact, "lower": low.to_string(), "upper": high.to_string()})
    }
}

/// The distance, where it is known.
fn words(distance: Option<String>) -> String {
    distance.unwrap_or_else(|| "not comparable".to_owned())
}

fn step_value(step: &Step, tower: &Tower) -> Option<String> {
    step.value.as_ref().map(|value| match value {
        Value::Real(number) => tower.text(number),
        Value::Index(index) => index.to_string(),
    })
}

fn step_json(program: &Program, step: &Step, tower: &Tower) -> Json {
    let line = &program.lines()[step.instruction];
    json!({"line": line.line, "instruction": line.text, "value": step_value(step, tower)})
}
