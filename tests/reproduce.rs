//! The default table once more, by other means: every row's network is built by its own command line, written out, and
//! read, counted and evaluated here with num-bigint and nothing of the library.
//!
//! For each row with at most `CERTINET_REPRODUCE_LIMIT` weights (an environment variable; 5000000 without it):
//!
//! - the counts of layers, neurons, weights and parameters are those of the row;
//! - the input of the witness is in the domain, and the exact error there is what the row says: equal in the maximum
//!   norm, equal to 63 binary places in the 2-norm, and in the spectral norm, where the row states a lower bound, at
//!   least that and at most twice that; none is above the bound, and all of this is decided exactly;
//! - where the row calls its error exact, the witness attains it;
//! - at further inputs of the domain the error is at most the bound.
//!
//! Target, domain and norm come from the options of the command line, not from the row.

#![allow(clippy::unwrap_used)]

#[path = "reproduce/layered.rs"]
mod layered;
#[path = "reproduce/matrix.rs"]
mod matrix;
mod rows;
mod session;
#[path = "reproduce/spiking.rs"]
mod spiking;
#[path = "reproduce/task.rs"]
mod task;

use std::fs;
use std::sync::{LazyLock, Mutex};
use std::time::Instant;

use layered::{Network, Scaled};
use matrix::{Least, norm_margin};
use num_bigint::BigInt;
use rows::{certinet, each};
use serde_json::Value;
use spiking::Spiking;
use task::{Fraction, Task, fraction, squares};

/// The default rows: a command line and the result.
static ROWS: LazyLock<Vec<(Vec<String>, Value)>> = LazyLock::new(|| {
    let Value::Array(rows) = serde_json::from_str(&certinet(&["table", "--format", "json"])).unwrap() else {
        panic!("the table is a list")
    };
    let lines = rows::command_lines();
    assert_eq!(lines.len(), rows.len());
    lines.into_iter().zip(rows).collect()
});

/// Whether the family builds a spiking network.
fn is_spiking(line: &[String]) -> bool {
    ["relu-to-spiking", "spiking-minimum"].contains(&line[0].as_str())
}

/// What a row is about.
enum Subject {
    Relu(Network),
    Spiking(Spiking),
}

impl Subject {
    fn inputs(&self) -> usize {
        match self {
            Self::Relu(network) => network.inputs,
            Self::Spiking(network) => network.inputs,
        }
    }
    fn counts(&self) -> Vec<(&'static str, u128)> {
        match self {
            Self::Relu(network) => network.counts(),
            Self::Spiking(network) => network.counts(),
        }
    }
    fn evaluate(&self, input: &Scaled) -> Result<Scaled, String> {
        match self {
            Self::Relu(network) => Ok(network.evaluate(input)),
            Self::Spiking(network) => network.evaluate(input).ok_or_else(|| "a silent neuron".to_owned()),
        }
    }
}

/// The network of a command line in the exchange form, or as spiking JSON.
fn build(line: &[String]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let name = if is_spiking(line) { "network.json" } else { "network.layered.json" };
    let path = folder.path().join(name).to_string_lossy().into_owned();
    let words: Vec<&str> =
        ["build"].into_iter().chain(line.iter().map(String::as_str)).chain(["--output", &path]).collect();
    certinet(&words);
    fs::read_to_string(&path).unwrap()
}

fn weights(row: &Value) -> u128 {
    row["weights"].as_str().unwrap().parse().unwrap()
}

/// `Err` with the first difference between the row and what is computed here.
fn compare(line: &[String], row: &Value, text: &str, further_inputs: usize) -> Result<(), String> {
    let network =
        if is_spiking(line) { Subject::Spiking(Spiking::read(text)?) } else { Subject::Relu(Network::read(text)?) };
    let task = Task::new(line);
    let says = |key: &str| row[key].as_str().ok_or_else(|| format!("no {key}"));
    let expect = |what: &str, holds: bool| if holds { Ok(()) } else { Err(what.to_owned()) };
    expect("family", says("family")? == task.family)?;
    expect("method", task.option("method").is_none_or(|method| row["method"] == method))?;
    expect("norm", says("norm")? == task.norm())?;
    for (key, count) in network.counts() {
        expect(key, says(key)? == count.to_string())?;
    }
    let bound: Fraction = fraction(says("error_bound")?);
    expect("error asked for", task.number("error").is_none_or(|error| bound <= error))?;
    let exact = match says("error_kind")? {
        "exact" => true,
        "bound" => false,
        kind => return Err(format!("error kind {kind}")),
    };
    let witness = &row["error_witness"];
    if !witness.is_null() {
        let list = witness["input"].as_array().ok_or("no input")?;
        let input = Scaled::parse(list.iter().map(|x| x.as_str().unwrap_or("")))?;
        let seen = fraction(witness["error"].as_str().ok_or("no error")?);
        expect("witness", input.numerators.len() == network.inputs() && task.contains(&input))?;
        check_error(&task, &network, &input, &bound, Some((&seen, exact))).map_err(|at| format!("witness: {at}"))?;
    }
    let mut seed = 1;
    for _ in 0..further_inputs {
        let input = task.input(network.inputs(), &mut seed);
        expect("further input", input.numerators.len() == network.inputs() && task.contains(&input))?;
        check_error(&task, &network, &input, &bound, None)?;
    }
    Ok(())
}

/// Compares the exact error at an input with the bound, and with the error seen there.
fn check_error(
    task: &Task,
    network: &Subject,
    input: &Scaled,
    bound: &Fraction,
    seen: Option<(&Fraction, bool)>,
) -> Result<(), String> {
    let (found, wanted) = (network.evaluate(input)?, task.target(input));
    if found.numerators.len() != wanted.numerators.len() {
        return Err("number of outputs".to_owned());
    }
    // f / d - w / e = (f e - w d) / (d e)
    let q = &found.denominator * &wanted.denominator;
    let pairs = found.numerators.iter().zip(&wanted.numerators);
    let error: Vec<BigInt> = pairs.map(|(f, w)| f * &wanted.denominator - w * &found.denominator).collect();
    // The norm of the error against a number, exactly: Negative means that the norm is larger.
    let against = |c: &Fraction| -> Least {
        let (p, r) = (c.numer(), c.denom());
        let (norm, level) = match (task.norm(), task.output_columns()) {
            (_, Some(columns)) => return norm_margin(&matrix::matrix(columns, &error), &q, (p, r)),
            ("euclidean", _) => (squares(&error) * r * r, p * p * &q * &q),
            _ => {
                let largest = error.iter().map(|x| BigInt::from(x.magnitude().clone())).max().unwrap();
                (largest * r, p * &q)
            }
        };
        match level.cmp(&norm) {
            std::cmp::Ordering::Greater => Least::Positive,
            std::cmp::Ordering::Equal => Least::Zero,
            std::cmp::Ordering::Less => Least::Negative,
        }
    };
    let margin = against(bound);
    if margin == Least::Negative {
        return Err("the error is above the bound".to_owned());
    }
    let Some((seen, exact)) = seen else { return Ok(()) };
    if exact && margin != Least::Zero {
        return Err("the bound is not attained".to_owned());
    }
    match (against(seen), task.norm()) {
        (Least::Zero, _) => Ok(()),
        // A lower bound, but not an idle one.
        (Least::Negative, "spectral") if against(&(seen * BigInt::from(2))) != Least::Negative => Ok(()),
        // A root rounded down to 64 binary places.
        (Least::Negative, "euclidean")
            if against(&(seen + Fraction::new(1.into(), BigInt::from(1) << 63))) == Least::Positive =>
        {
            Ok(())
        }
        _ => Err(format!("the error is not {seen}")),
    }
}

#[test]
fn every_row_is_reproduced() {
    let limit = std::env::var("CERTINET_REPRODUCE_LIMIT").map_or(5_000_000, |text| text.parse().unwrap());
    let mut rows: Vec<&(Vec<String>, Value)> = ROWS.iter().filter(|(_, row)| weights(row) <= limit).collect();
    // The largest first, so that the threads end together.
    rows.sort_by_key(|(_, row)| std::cmp::Reverse(weights(row)));
    let differences = Mutex::new(Vec::new());
    each(&rows, |(line, row)| {
        let start = Instant::now();
        let further = if weights(row) > 10_000 { 1 } else { 5 };
        let result = compare(line, row, &build(line), further);
        println!("{result:?} {:.1} s {} weights: {}", start.elapsed().as_secs_f64(), weights(row), line.join(" "));
        if let Err(what) = result {
            differences.lock().unwrap().push(format!("{}: {what}", line.join(" ")));
        }
    });
    println!("{} of {} rows compared", rows.len(), ROWS.len());
    assert_eq!(differences.into_inner().unwrap(), Vec::<String>::new());
    assert!(limit < 5_000_000 || rows.len() > 130, "only {} rows are small enough", rows.len());
}

/// The row of a command line.
fn row(line: &str) -> &'static (Vec<String>, Value) {
    ROWS.iter().find(|(words, _)| words.join(" ") == line).unwrap()
}

/// A change of any single weight of a square is noticed, and so is a weight too few.
#[test]
fn a_changed_weight_is_noticed() {
    for line in ["squaring --error=2^-10 --method=delayed", "product --error=2^-10"] {
        let (words, row) = row(line);
        let text = build(words);
        assert_eq!(compare(words, row, &text, 100), Ok(()), "{line}");
        let file: Value = serde_json::from_str(&text).unwrap();
        let mut changes = 0;
        for (number, layer) in file["layers"].as_array().unwrap().iter().enumerate() {
            for key in ["weights", "bias"] {
                let list = layer[key].as_array().unwrap();
                for (place, entry) in list.iter().enumerate() {
                    let entry = entry.as_array().unwrap();
                    let value = entry.len() - 1;
                    let mut changed = file.clone();
                    let old = fraction(entry[value].as_str().unwrap());
                    changed["layers"][number][key][place][value] = (old * BigInt::from(2)).to_string().into();
                    let result = compare(words, row, &changed.to_string(), 100);
                    assert!(result.is_err(), "{line}: layer {number}, {key}, entry {place}");
                    let mut removed = file.clone();
                    removed["layers"][number][key].as_array_mut().unwrap().remove(place);
                    assert!(compare(words, row, &removed.to_string(), 0).is_err());
                    changes += 1;
                }
            }
        }
        assert_eq!(changes, weights(row));
    }
}

/// A changed weight in the last layer of networks of matrices is noticed, and so are changed rows.
#[test]
fn changed_matrices_and_rows_are_noticed() {
    for line in [
        "matrix-product --rows=2 --inner=2 --columns=2 --error=1e-3 --method=direct",
        "matrix-inverse --size=2 --delta=1/2 --error=1/1000 --method=product-form",
        "matrix-power --size=2 --degree=10 --error=1/1000",
        "linear-solve --size=2 --lower=1/2 --upper=3/2 --error=1/1000 --method=chebyshev",
    ] {
        let (words, row) = row(line);
        let text = build(words);
        assert_eq!(compare(words, row, &text, 5), Ok(()), "{line}");
        let file: Value = serde_json::from_str(&text).unwrap();
        let last = file["layers"].as_array().unwrap().len() - 1;
        let noticed = |place: usize| {
            let mut changed = file.clone();
            changed["layers"][last]["weights"][place][2] = "-7/3".into();
            compare(words, row, &changed.to_string(), 5).is_err()
        };
        assert!((0..file["layers"][last]["weights"].as_array().unwrap().len()).any(noticed), "{line}");
        for (key, value) in [("width", "1"), ("error_bound", "1/1000000000"), ("norm", "maximum"), ("layers", "1")] {
            let mut other = row.clone();
            other[key] = value.into();
            assert!(compare(words, &other, &text, 0).is_err(), "{line}: {key}");
        }
        for (key, value) in [("error", "1/10"), ("input", "5")] {
            let mut other = row.clone();
            let place = &mut other["error_witness"][key];
            *(if key == "input" { &mut place[0] } else { place }) = value.into();
            assert!(compare(words, &other, &text, 0).is_err(), "{line}: {key}");
        }
    }
}

/// Any change of a number of a spiking network is noticed.
#[test]
fn a_changed_synapse_is_noticed() {
    for line in ["relu-to-spiking --error=2^-4 --method=compact", "spiking-minimum --size=2 --error=1/1000"] {
        let (words, row) = row(line);
        let text = build(words);
        assert_eq!(compare(words, row, &text, 100), Ok(()), "{line}");
        let file: Value = serde_json::from_str(&text).unwrap();
        let mut changes = 0;
        for (number, neuron) in file["neurons"].as_array().unwrap().iter().enumerate() {
            let half = |value: &Value| (fraction(value.as_str().unwrap()) / BigInt::from(2)).to_string();
            let mut changed = file.clone();
            changed["neurons"][number]["threshold"] = half(&neuron["threshold"]).into();
            assert!(compare(words, row, &changed.to_string(), 100).is_err(), "{line}: threshold of neuron {number}");
            for (place, synapse) in neuron["synapses"].as_array().unwrap().iter().enumerate() {
                let mut changed = file.clone();
                changed["neurons"][number]["synapses"][place]["weight"] = half(&synapse["weight"]).into();
                let result = compare(words, row, &changed.to_string(), 100);
                assert!(result.is_err(), "{line}: neuron {number}, synapse {place}");
                changes += 1;
            }
        }
        assert_eq!(changes, weights(row));
    }
}

/// Entries that are out of order, repeated, zero or outside are noticed.
#[test]
fn malformed_files_are_noticed() {
    let of = |weights: &str, bias: &str| {
        format!(
            r#"{{"format":"certinet-layered","version":1,"inputs":2,"outputs":1,
                "layers":[{{"rows":1,"columns":2,"weights":[{weights}],"bias":[{bias}]}}]}}"#
        )
    };
    let network = Network::read(&of(r#"[0,0,"1/2"],[0,1,"-3"]"#, r#"[0,"1/3"]"#)).unwrap();
    // 2 / 2 - 3 / 5 + 1 / 3 = 11 / 15
    let output = network.evaluate(&Scaled::parse(["2", "1/5"].into_iter()).unwrap());
    assert_eq!(output, Scaled { numerators: vec![11.into()], denominator: 15.into() });
    for (weights, bias) in [
        (r#"[0,1,"1/2"],[0,0,"-3"]"#, ""),
        (r#"[0,0,"1/2"],[0,0,"-3"]"#, ""),
        (r#"[0,0,"0"]"#, ""),
        (r#"[0,2,"1"]"#, ""),
        (r#"[0,0,"1"]"#, r#"[1,"1"]"#),
        (r#"[0,0,"1"]"#, r#"[0,"1"],[0,"1"]"#),
        (r#"[0,0,"1/0"]"#, ""),
        (r#"[0,0,"1/-2"]"#, ""),
        (r#"[0,0,"x"]"#, ""),
    ] {
        assert!(Network::read(&of(weights, bias)).is_err(), "{weights} {bias}");
    }
}
