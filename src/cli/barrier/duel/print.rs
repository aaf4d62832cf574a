//! How the outcome of a duel is printed.

use std::path::Path;

use serde_json::{Value, json};

use super::{DataName, Outcome, root_lower};
use crate::arith::Rational;
use crate::barrier::duel::{Duel, Family, Model, Rules, Trial, worst};
use crate::cli::error::CliError;
use crate::report::number::{Direction, Printed};
use crate::report::{Cell, Column, Record, Table};

/// Significant digits of a distance in words.
const DIGITS: u32 = 6;
/// Matrices and points with at most this many entries in a row are shown.
const SHOWN: usize = 8;

/// The result of one solver.
pub(super) fn record(outcome: &Outcome, family: &Family, rules: &Rules, certificate: Option<&Path>) -> Record {
    let json = outcome_json(outcome, family, rules, certificate);
    // With exact data the problem that decides may have another shape.
    let shape = outcome.duel.as_ref().map_or(family, |duel| &duel.family);
    let data = tuple(shape.rows(), |i| if i == 0 { shape.height().to_string() } else { "0".into() });
    let mut record = Record::new(Value::Null)
        .with("problem", Cell::text(format!("min |x|_1 subject to |A x - y| <= {}", shape.epsilon())))
        .with("A", Cell::text(matrix_words(shape)))
        .with("y", Cell::text(data))
        .with("solver", Cell::text(&outcome.solver));
    match &outcome.duel {
        Ok(duel) => {
            let cells = |point: &[Rational]| tuple(point.len(), |j| coordinate(&point[j]));
            record = record
                .with("data", Cell::text(duel.model.name()))
                .with("readings", Cell::count(duel.readings.len()))
                .with("status", Cell::text(&duel.answer.status))
                .with("answer", Cell::text(cells(&duel.answer.point)))
                .with("1 + s", Cell::text(shift_words(&duel.shift)))
                .with("minimiser", Cell::text(cells(&duel.minimiser)))
                .with("distance", Cell::LowerBound(root_lower(&duel.distance_squared)));
            if duel.model != Model::ExactData {
                let either = root_lower(&family.either_squared(&duel.shift.abs()));
                record = record.with("any answer from these readings", Cell::LowerBound(either));
            }
            record = record
                .with("breakdown error", Cell::LowerBound(root_lower(&family.breakdown_squared())))
                .with("bar", Cell::Exact(rules.bar.clone()));
        }
        Err(error) => record = record.with("reason", Cell::text(error.to_string())),
    }
    if let Some(trials) = &outcome.trials {
        let (refuted, answered) = counts(trials);
        let tried = trials.len();
        record = record.with(
            "exact data",
            Cell::text(
                format!("{tried} problems: {refuted} refuted, {} survived", answered - refuted)
                    + &(if answered < tried { format!(", {} failed", tried - answered) } else { String::new() }),
            ),
        );
        if let Some(worst) = worst(trials) {
            record = record.with("largest distance there", Cell::LowerBound(root_lower(&worst.distance_squared)));
        }
    }
    record = record.with("verdict", Cell::text(outcome.verdict()));
    if let Some(path) = certificate {
        record = record.with("certificate", Cell::text(path.display().to_string()));
    }
    record.with_json(json)
}

/// The results of several solvers.
///
/// # Errors
/// Never: the rows have the shape of the table.
pub(super) fn table(outcomes: &[Outcome], family: &Family, rules: &Rules) -> Result<Table, CliError> {
    let mut table = Table::new(vec![
        Column::left("solver"),
        Column::left("status").with_legend("what the solver says of its answer"),
        Column::left("data"),
        Column::right("readings"),
        Column::left("1 + s").with_legend("of the problem that agrees with all readings"),
        Column::right("distance").with_legend("of the answer from the one minimiser"),
        Column::left("verdict"),
        Column::left("exact data").with_legend("problems whose data are doubles: refuted, of all tried"),
        Column::right("distance there").with_legend("the largest one"),
    ]);
    for outcome in outcomes {
        let mut cells = vec![Cell::text(&outcome.solver)];
        match &outcome.duel {
            Ok(duel) => cells.extend([
                Cell::text(&duel.answer.status),
                Cell::text(duel.model.name()),
                Cell::count(duel.readings.len()),
                Cell::text(shift_words(&duel.shift)),
                Cell::LowerBound(root_lower(&duel.distance_squared)),
            ]),
            Err(error) => cells.extend([Cell::text(error.to_string()), Cell::None, Cell::None, Cell::None, Cell::None]),
        }
        cells.push(Cell::text(outcome.verdict()));
        let trials = outcome.trials.as_deref();
        cells.push(trials.map_or(Cell::None, |trials| Cell::text(format!("{} of {}", counts(trials).0, trials.len()))));
        let largest = trials.and_then(worst).map(|duel| root_lower(&duel.distance_squared));
        cells.push(largest.map_or(Cell::None, Cell::LowerBound));
        table.push(cells, outcome_json(outcome, family, rules, None))?;
    }
    Ok(table)
}

/// How many trials are refuted, and how many have an answer.
fn counts(trials: &[Trial]) -> (usize, usize) {
    let answered = || trials.iter().filter_map(|trial| trial.outcome.as_ref().ok());
    (answered().filter(|duel| duel.refuted).count(), answered().count())
}

/// A coordinate, its digits cut off where there are many.
fn coordinate(x: &Rational) -> String {
    let printed = Printed::new(x, DIGITS, Direction::TowardsZero);
    let text = printed.to_string();
    match text.split_once('e') {
        _ if printed.is_exact() => text,
        Some((mantissa, exponent)) => format!("{mantissa}...e{exponent}"),
        None => format!("{text}..."),
    }
}

/// 1 + s for s = -2^-n or 2^-n.
fn shift_words(shift: &Rational) -> String {
    let sign = if shift.is_negative() { '-' } else { '+' };
    format!("1 {sign} 2^-{}", shift.dyadic_exponent().unwrap_or(0))
}

fn tuple(length: usize, entry: impl Fn(usize) -> String) -> String {
    let shown = length.min(SHOWN);
    let rest = if shown < length { ", .." } else { "" };
    format!("({}{rest})", (0..shown).map(entry).collect::<Vec<_>>().join(", "))
}

fn matrix_words(family: &Family) -> String {
    let [one, other] = family.critical();
    // The rows at s = 0 hold zeros and ones only; the critical entry is named.
    let zero = Rational::zero();
    let Ok(instance) = family.instance(&zero) else { return String::new() };
    let row = |i: usize| {
        tuple(family.columns(), |j| match (i, j) {
            (0, j) if j == other => "1 + s".to_owned(),
            (0, j) if j == one => "1".to_owned(),
            _ => instance.matrix()[(i, j)].to_string(),
        })
    };
    let rows: Vec<String> = (0..family.rows().min(SHOWN)).map(row).collect();
    rows.join("; ") + if family.rows() > SHOWN { "; .." } else { "" }
}

fn strings(numbers: &[Rational]) -> Value {
    numbers.iter().map(|x| json!(x.to_string())).collect()
}

/// A distance in words, rounded down.
fn distance_lower(squared: &Rational) -> String {
    Printed::decimal(&root_lower(squared), DIGITS, Direction::Down).to_string()
}

fn outcome_json(outcome: &Outcome, family: &Family, rules: &Rules, certificate: Option<&Path>) -> Value {
    let duel = outcome.duel.as_ref().ok();
    let of = |value: fn(&Duel) -> Value| duel.map_or(Value::Null, value);
    json!({
        "solver": outcome.solver,
        "verdict": outcome.verdict(),
        "reason": outcome.duel.as_ref().err().map(ToString::to_string),
        "status": of(|duel| json!(duel.answer.status)),
        "data": match outcome.decided_by { DataName::Oracle => "oracle", DataName::Exact => "exact" },
        "model": of(|duel| json!(duel.model.name())),
        "instance": of(|duel| {
            let matrix = duel.instance.matrix();
            json!({
                "matrix": (0..matrix.rows()).map(|i| strings(matrix.row(i))).collect::<Vec<_>>(),
                "rhs": strings(duel.instance.data()),
                "epsilon": duel.instance.epsilon().to_string(),
            })
        }),
        "s": of(|duel| json!(duel.shift.to_string())),
        "answer": of(|duel| strings(&duel.answer.point)),
        "minimiser": of(|duel| strings(&duel.minimiser)),
        "distance_squared": of(|duel| json!(duel.distance_squared.to_string())),
        "distance_lower": of(|duel| json!(distance_lower(&duel.distance_squared))),
        "bar": rules.bar.to_string(),
        "breakdown_squared": family.breakdown_squared().to_string(),
        "queries": of(|duel| json!(duel.readings.len())),
        "transcript": of(|duel| {
            let readings = duel.readings.iter().map(ToString::to_string);
            let status = format!("status {}", duel.answer.status);
            let answer: Vec<String> = duel.answer.point.iter().map(ToString::to_string).collect();
            json!(readings.chain([status, format!("answer {}", answer.join(" "))]).collect::<Vec<_>>())
        }),
        "proved": duel.map(|duel| proved(duel, family, rules)),
        "certificate": certificate.map(|path| path.display().to_string()),
        "exact_data": outcome.trials.as_deref().map(trials_json),
    })
}

/// What the duel proves, in one sentence.
fn proved(duel: &Duel, family: &Family, rules: &Rules) -> String {
    let distance = distance_lower(&duel.distance_squared);
    let given = if duel.model == Model::ExactData { "these data" } else { "readings that agree with this problem" };
    if !duel.refuted {
        return format!(
            "on the data that were tried the answer is nearer than {} to the minimiser; nothing is proved about others",
            rules.bar
        );
    }
    let answer = format!("the answer, given {given}, is at a distance of at least {distance} from the only minimiser");
    if duel.model == Model::ExactData {
        return answer;
    }
    let r = duel.shift.abs();
    let n = r.dyadic_exponent().unwrap_or(0);
    let either = distance_lower(&family.either_squared(&r));
    // Entries within 2^-60 of 1 round to the double 1: doubles are among the readings to at most 60 bits.
    format!(
        "{answer}; whatever is answered from readings of 1 + s to at most {n} bits is wrong by at least {either} \
         for s = -2^-{n} or for s = 2^-{n}"
    )
}

fn trials_json(trials: &[Trial]) -> Value {
    let (refuted, answered) = counts(trials);
    let worst = worst(trials);
    let list: Vec<Value> = trials
        .iter()
        .map(|trial| {
            let duel = trial.outcome.as_ref().ok();
            json!({
                "rows": trial.family.rows(),
                "columns": trial.family.columns(),
                "permuted": trial.family.is_reversed(),
                "s": trial.shift.to_string(),
                "verdict": duel.map_or("failed", |duel| if duel.refuted { "refuted" } else { "survived" }),
                "reason": trial.outcome.as_ref().err().map(ToString::to_string),
                "status": duel.map(|duel| &duel.answer.status),
                "distance_lower": duel.map(|duel| distance_lower(&duel.distance_squared)),
            })
        })
        .collect();
    json!({
        "refuted": refuted,
        "survived": answered - refuted,
        "failed": trials.len() - answered,
        "distance_squared": worst.map(|duel| duel.distance_squared.to_string()),
        "distance_lower": worst.map(|duel| distance_lower(&duel.distance_squared)),
        "s": worst.map(|duel| duel.shift.to_string()),
        "trials": list,
    })
}
