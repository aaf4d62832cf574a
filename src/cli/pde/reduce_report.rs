//! What `certinet pde reduce` prints and writes.

use serde_json::{Map, Value, json};

use super::super::error::CliError;
use super::problem::Problem;
use super::reduce::{Check, Method, Reduce};
use crate::arith::Rational;
use crate::pde::reduced::{Chosen, Form, ReducedModel};
use crate::report::number::{Direction, Printed};
use crate::report::{Cell, Column, Summary, Table};

/// Significant digits of decimals.
const DIGITS: u32 = 4;

/// The report of a run: facts, and the decay of the basis.
///
/// # Errors
/// [`CliError`] from the table.
pub fn report(
    options: &Reduce,
    problem: &Problem,
    model: &ReducedModel,
    chosen: &Chosen,
    training: usize,
    checks: &[Check],
) -> Result<Summary, CliError> {
    let (method, seed, error) = options.settings();
    let last = chosen.decay.last().copied().unwrap_or_default();
    let mut json = problem.json();
    let mut put = |key: &str, value: Value| json[key] = value;
    put("method", json!(method.name()));
    put("reduced_dimension", json!(model.basis().dimension()));
    put("training", json!(training));
    put("seed", json!(seed.to_string()));
    put("requested_error", json!(error.map(Rational::to_string)));
    put("reached", json!(chosen.reached));
    put("decay_measure", json!(method.measure()));
    put("decay", json!(chosen.decay));
    put("estimated_error", json!(last));
    put("error_kind", json!("sampled"));
    put("check", summary(checks).map_or(Value::Null, |(json, _)| json));
    let mut record = problem
        .record()
        .with("method", Cell::text(method.name()))
        .with("training parameters", Cell::count(training as u64))
        .with("reduced dimension", Cell::count(model.basis().dimension() as u64))
        .with("estimated error", Cell::text(format!("about {last:.3e} ({})", method.measure())));
    if !chosen.reached {
        let goal = error.map_or_else(String::new, |error| Printed::new(error, DIGITS, Direction::Up).to_string());
        record = record.with("goal", Cell::text(format!("{goal} was not reached")));
    }
    for (name, cell) in summary(checks).map_or_else(Vec::new, |(_, cells)| cells) {
        record = record.with(name, cell);
    }
    let header = match method {
        Method::Greedy => "estimated error",
        Method::Pod => "part left out",
    };
    let mut decay = Table::new(vec![Column::right("d"), Column::right(header).with_legend(method.measure())]);
    for (k, value) in chosen.decay.iter().enumerate() {
        let cells = vec![Cell::count(k as u64 + 1), Cell::text(format!("{value:.3e}"))];
        decay.push(cells, json!({"dimension": k + 1, "value": value}))?;
    }
    Ok(Summary { record: record.with_json(json), table: decay })
}

/// Largest and middle values over the checked parameters, in JSON and for people.
fn summary(checks: &[Check]) -> Option<(Value, Vec<(String, Cell)>)> {
    let largest = |list: Vec<Option<Rational>>| -> Option<Rational> {
        list.into_iter().collect::<Option<Vec<_>>>()?.into_iter().max()
    };
    let bound = largest(checks.iter().map(|c| Some(c.checked.reduced.energy_error.clone())).collect())?;
    let relative = largest(checks.iter().map(|c| c.checked.reduced.relative_error()).collect());
    let error = largest(checks.iter().map(|c| Some(c.checked.true_error.hi().clone())).collect())?;
    // Lower bounds of the ratios for the least, upper bounds for the middle one; unknown ones count as large.
    let ratios: Vec<_> = checks.iter().filter_map(|c| c.checked.effectivity()).collect();
    let least = ratios.iter().map(|ratio| ratio.lo().clone()).min();
    let mut high: Vec<Rational> = ratios.iter().map(|ratio| ratio.hi().clone()).collect();
    high.sort();
    let median = high.get(checks.len() / 2).cloned();
    let violations = checks.iter().filter(|c| c.checked.is_violated()).count();
    let text = |x: &Option<Rational>| x.as_ref().map(|x| x.to_string());
    let json = json!({
        "parameters": checks.len(),
        "largest_error_bound": bound.to_string(),
        "largest_relative_error_bound": text(&relative),
        "largest_true_error_upper": error.to_string(),
        "least_effectivity_lower": text(&least),
        "median_effectivity_upper": text(&median),
        "violations": violations,
        "error_kind": "sampled",
        "samples": checks.iter().map(sample).collect::<Vec<_>>(),
    });
    let decimal = |x: &Option<Rational>, direction| {
        x.as_ref().map_or(Cell::None, |x| {
            let sign = if direction == Direction::Up { "<=" } else { ">=" };
            Cell::text(format!("{sign} {}", Printed::decimal(x, DIGITS, direction)))
        })
    };
    let cells = vec![
        ("checked parameters".to_owned(), Cell::count(checks.len() as u64)),
        ("largest error bound among them".to_owned(), Cell::UpperBound(bound)),
        ("the same, relative".to_owned(), relative.map_or(Cell::None, Cell::UpperBound)),
        ("largest true error among them".to_owned(), Cell::UpperBound(error)),
        ("least bound over true error".to_owned(), decimal(&least, Direction::Down)),
        ("median bound over true error".to_owned(), decimal(&median, Direction::Up)),
        ("bounds below the true error".to_owned(), Cell::count(violations as u64)),
    ];
    Some((json, cells))
}

fn sample(check: &Check) -> Value {
    let Check { y, checked } = check;
    json!({
        "y": y.iter().map(Rational::to_string).collect::<Vec<_>>(),
        "energy_error_bound": checked.reduced.energy_error.to_string(),
        "relative_error_bound": checked.reduced.relative_error().map(|x| x.to_string()),
        "true_error": [checked.true_error.lo().to_string(), checked.true_error.hi().to_string()],
        "error_kind": "bound",
    })
}

/// The basis with its exact matrices: V = mantissas / 2^exponent, A_y = constant G + sum of y_i A_i.
pub fn artefact(method: Method, problem: &Problem, model: &ReducedModel) -> String {
    let basis = model.basis();
    let (load, unit) = model.system().load();
    let mut map = Map::new();
    let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
    put("format", json!("certinet reduced basis"));
    put("version", json!(1));
    put("problem", problem.json());
    put("method", json!(method.name()));
    put("reduced_dimension", json!(basis.dimension()));
    put("exponent", json!(basis.exponent().to_string()));
    let columns = basis.columns().iter().map(|column| column.iter().map(i64::to_string).collect::<Vec<_>>());
    put("basis", json!(columns.collect::<Vec<_>>()));
    put("constant", json!(model.setting().affine().constant().to_string()));
    let mut forms = model.system().forms().iter().map(form);
    put("gram", forms.next().unwrap_or(Value::Null));
    put("matrices", json!(forms.collect::<Vec<_>>()));
    let load: Vec<String> = load.iter().map(|n| n.to_string()).collect();
    put("load", json!({"unit": unit.to_string(), "entries": load}));
    format!("{}\n", Value::Object(map))
}

fn form(form: &Form) -> Value {
    let entries: Vec<Vec<String>> =
        form.entries.iter().map(|row| row.iter().map(|n| n.to_string()).collect()).collect();
    json!({"unit": form.unit.to_string(), "entries": entries})
}
