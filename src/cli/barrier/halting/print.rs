//! The results of `certinet barrier halting`.

use serde_json::{Value, json};

use super::super::super::error::CliError;
use crate::arith::Integer;
use crate::barrier::turing::{Distance, Judgement, Problem, SignedPower, Stop, Verdict};
use crate::report::number::{Direction, Printed, thousands};
use crate::report::{Cell, Column, Format, Printable, Record, Table};

/// Powers up to this exponent are printed as numbers.
const WRITTEN_OUT: u64 = 64;
/// What a finite run shows, said under every result.
const HONEST: &str = "a run proves halting, a stretch that repeats proves never; a run that goes on proves nothing, \
                      and no run proves that a problem is not computable (the reductions in the documentation do)";

/// A machine, what is known about it, and what was read of its number.
#[derive(Debug, Clone)]
pub struct Subject {
    name: Option<String>,
    source: Option<String>,
    text: String,
    /// Whether it halts.
    pub verdict: Verdict,
    /// Bits and what they say.
    pub readings: Vec<(u64, SignedPower)>,
}

impl Subject {
    /// A machine that was not run yet.
    pub fn new(name: Option<String>, source: Option<String>, text: String) -> Self {
        let verdict = Verdict::Unknown { steps: 0, ones: 0, stop: Stop::Steps };
        Self { name, source, text, verdict, readings: Vec::new() }
    }

    /// The same with the results of its run.
    pub fn measured(&self, verdict: Verdict, readings: Vec<(u64, SignedPower)>) -> Self {
        Self { verdict, readings, ..self.clone() }
    }

    fn truth(&self) -> Option<SignedPower> {
        SignedPower::of_verdict(&self.verdict)
    }

    /// Steps and ones of the run; a loop is known without a run to an end.
    fn counts(&self) -> Option<(u64, u64)> {
        match self.verdict {
            Verdict::Halts { steps, ones } | Verdict::Unknown { steps, ones, .. } => Some((steps, ones)),
            Verdict::Never(_) => None,
        }
    }

    /// The number of bits from which on every solver of this kind is right.
    fn sure_from(&self) -> Option<u64> {
        match self.verdict {
            Verdict::Halts { steps, .. } => Some(steps),
            Verdict::Never(_) => Some(0),
            Verdict::Unknown { .. } => None,
        }
    }

    /// What is proved, in words.
    fn proved(&self) -> String {
        match &self.verdict {
            Verdict::Halts { steps, .. } => format!("halts at step {}, by its run", number(*steps)),
            Verdict::Never(proof) => {
                let side = match proof.shift {
                    0 => "in place".to_owned(),
                    shift if shift > 0 => format!("{shift} cells to the right"),
                    shift => format!("{} cells to the left", -shift),
                };
                format!(
                    "never halts: after step {} the next {} steps repeat, {side}",
                    number(proof.start),
                    number(proof.period)
                )
            }
            Verdict::Unknown { steps, stop, .. } => {
                let limit = if *stop == Stop::Cells { "cells of the tape" } else { "steps" };
                format!("nothing: the limit of {limit} was met after {} steps", number(*steps))
            }
        }
    }

    fn number_text(&self) -> String {
        self.truth().map_or_else(|| "unknown".to_owned(), |s| s.to_string())
    }

    /// The machine and its verdict, without answers.
    fn json(&self) -> Value {
        let (sign, exponent) = match self.truth() {
            None => (Value::Null, Value::Null),
            Some(SignedPower::Zero) => (json!(0), Value::Null),
            Some(SignedPower::Power { negative, exponent }) => (json!(if negative { -1 } else { 1 }), json!(exponent)),
        };
        let counts = self.counts();
        let mut json = json!({
            "machine": self.text,
            "name": self.name,
            "source": self.source,
            "steps": counts.map(|(steps, _)| steps),
            "ones": counts.map(|(_, ones)| ones),
            "verdict": self.verdict.name(),
            "proved": self.proved(),
            "s": self.truth().map(|s| s.to_string()),
            "s_sign": sign,
            "s_exponent": exponent,
            "sure_from": self.sure_from(),
        });
        if let Verdict::Never(proof) = &self.verdict {
            json["loop"] = json!({
                "start": proof.start,
                "period": proof.period,
                "shift": proof.shift,
                "from": proof.from,
                "window": proof.window.iter().map(u8::to_string).collect::<String>(),
            });
        }
        json
    }

    /// What the solver of a problem answers, with each number of bits.
    fn answer_json(&self, problem: Problem, bits: u64, read: SignedPower) -> Value {
        let truth = self.truth();
        json!({
            "problem": problem.name(),
            "bits": bits,
            "read": problem.datum(read).to_string(),
            "answer": problem.answer(read),
            "solution": truth.map(|truth| problem.solution(truth)),
            "distance": truth.and_then(|truth| problem.distance(read, truth)).map(|distance| distance_json(&distance)),
            "verdict": truth.and_then(|truth| problem.judge(read, truth)).map(|judgement| judgement.to_string()),
        })
    }

    fn judgement(&self, problem: Problem, read: SignedPower) -> String {
        self.truth()
            .and_then(|truth| problem.judge(read, truth))
            .map_or_else(|| "unknown".to_owned(), |judgement: Judgement| judgement.to_string())
    }
}

fn number(n: u64) -> String {
    thousands(&Integer::from(n))
}

/// The kind of a distance with its number; a huge power of two stays a power.
fn distance_json(distance: &Distance) -> Value {
    match distance {
        Distance::Zero => json!({"kind": "exact", "value": "0"}),
        Distance::AtMost(bound) => json!({"kind": "upper bound", "value": bound.to_string()}),
        Distance::AtLeast(bound) => json!({"kind": "lower bound", "value": bound.to_string()}),
        Distance::PowerOfTwo(exponent) => json!({"kind": "exact", "value": format!("2^{exponent}")}),
    }
}

fn distance_cell(distance: Option<Distance>) -> Cell {
    match distance {
        None => Cell::None,
        Some(Distance::Zero) => Cell::count(0),
        Some(Distance::AtMost(bound)) => Cell::UpperBound(bound),
        // Few digits, rounded down.
        Some(Distance::AtLeast(bound)) => Cell::text(format!(">= {}", Printed::new(&bound, 4, Direction::Down))),
        Some(Distance::PowerOfTwo(exponent)) if exponent < WRITTEN_OUT => Cell::Count(Integer::power_of_two(exponent)),
        Some(Distance::PowerOfTwo(exponent)) => Cell::text(format!("2^{exponent}")),
    }
}

/// The result for many machines: one line each.
///
/// # Errors
/// [`CliError`] never in practice: rows have the shape of the table.
pub fn overview(subjects: &[Subject], bits: &[u64], problem: Problem) -> Result<Report, CliError> {
    let mut columns = vec![
        Column::left("machine"),
        Column::right("steps"),
        Column::right("ones").with_legend("cells that are not blank in the end"),
        Column::left("verdict"),
        Column::left("s")
            .with_legend("2^-h or -(2^-h) for a machine that halts at step h, for an odd or even number of ones"),
    ];
    columns.extend(bits.iter().map(|&k| Column::left(format!("{} bits", number(k)))));
    columns.push(
        Column::right("sure from").with_legend("bits that show s; with less the answer is wrong, or right by luck"),
    );
    let mut table = Table::new(columns);
    let mut rows = Vec::new();
    for subject in subjects {
        let counts = subject.counts();
        let count = |n: Option<u64>| n.map_or(Cell::None, Cell::count);
        let mut cells = vec![
            Cell::text(subject.name.as_deref().unwrap_or(&subject.text)),
            count(counts.map(|(steps, _)| steps)),
            count(counts.map(|(_, ones)| ones)),
            Cell::text(subject.verdict.name()),
            Cell::text(subject.number_text()),
        ];
        cells.extend(subject.readings.iter().map(|&(_, read)| Cell::text(subject.judgement(problem, read))));
        cells.push(count(subject.sure_from()));
        let mut json = subject.json();
        json["answers"] = subject.readings.iter().map(|&(k, read)| subject.answer_json(problem, k, read)).collect();
        table.push(cells, json.clone())?;
        rows.push(json);
    }
    let json = json!({
        "problem": problem.name(),
        "statement": problem.statement(),
        "bar": problem.bar().to_string(),
        "bits": bits,
        "rows": rows,
        "note": HONEST,
    });
    let below = Record::new(json).with("problem", Cell::text(problem.statement())).with("note", Cell::text(HONEST));
    Ok(Report { above: None, table, below })
}

/// The result for one machine: what is known, and a line for each problem and number of bits.
///
/// # Errors
/// [`CliError`] never in practice: rows have the shape of the table.
pub fn one(subject: &Subject, problem: Option<Problem>) -> Result<Report, CliError> {
    let problems = problem.map_or(Problem::ALL.to_vec(), |problem| vec![problem]);
    let mut table = Table::new(vec![
        Column::left("problem"),
        Column::right("bits"),
        Column::left("read of s"),
        Column::left("answer"),
        Column::left("solution"),
        Column::right("distance"),
        Column::left("verdict").with_legend("right within 1/4 of a solution"),
    ]);
    let mut rows = Vec::new();
    let mut below = Record::new(Value::Null);
    for problem in problems {
        below = below.with(problem.name(), Cell::text(problem.statement()));
        for &(bits, read) in &subject.readings {
            let truth = subject.truth();
            let json = subject.answer_json(problem, bits, read);
            let cells = vec![
                Cell::text(problem.name()),
                Cell::count(bits),
                Cell::text(problem.datum(read).to_string()),
                Cell::text(problem.answer(read)),
                truth.map_or(Cell::None, |truth| Cell::text(problem.solution(truth))),
                distance_cell(truth.and_then(|truth| problem.distance(read, truth))),
                Cell::text(subject.judgement(problem, read)),
            ];
            table.push(cells, json.clone())?;
            rows.push(json);
        }
    }
    let mut json = subject.json();
    json["rows"] = json!(rows);
    json["bar"] = json!("1/4");
    json["note"] = json!(HONEST);
    let mut record = Record::new(Value::Null).with("machine", Cell::text(&subject.text));
    for (name, words) in [("name", &subject.name), ("known as", &subject.source)] {
        if let Some(words) = words {
            record = record.with(name, Cell::text(words));
        }
    }
    record = record.with("verdict", Cell::text(subject.verdict.name())).with("proved", Cell::text(subject.proved()));
    if let Some((steps, ones)) = subject.counts() {
        record = record.with("steps", Cell::count(steps)).with("ones", Cell::count(ones));
    }
    record = record
        .with("s", Cell::text(subject.number_text()))
        .with("sure from", subject.sure_from().map_or(Cell::None, |k| Cell::text(format!("{} bits", number(k)))));
    Ok(Report { above: Some(record), table, below: below.with_json(json).with("note", Cell::text(HONEST)) })
}

/// A table with what stands above and below it; JSON is the object of the record below, CSV the table only.
pub struct Report {
    above: Option<Record>,
    table: Table,
    below: Record,
}

impl Printable for Report {
    fn print(&self, format: Format) -> String {
        match format {
            Format::Json => self.below.print(format),
            Format::Csv => self.table.print(format),
            _ => {
                let above = self.above.as_ref().map_or(String::new(), |record| record.print(format) + "\n");
                format!("{above}{}\n{}", self.table.print(format), self.below.print(format))
            }
        }
    }
}
