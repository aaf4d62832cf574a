//! The commands that take a network or a matrix: count, eval, convert, apply.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use std::fs;

use certinet::arith::Rational;
use certinet::construct::neumann_inverse;
use certinet::format::structured_json;
use certinet::linalg::{Matrix, inverse, spectral_norm_lower};
use command::{json_of, number, refusal};
use folder::Folder;
use serde_json::{Value, json};
use session::certinet;

/// max(x + y, 0) / 2 - max(x - y, 0) / 3.
const NETWORK: &str = r#"{"format": "certinet-layered", "version": 1, "inputs": 2, "outputs": 1, "layers": [
    {"rows": 2, "columns": 2, "weights": [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, -1]], "bias": []},
    {"rows": 1, "columns": 2, "weights": [[0, 0, "1/2"], [0, 1, "-1/3"]], "bias": []}]}"#;

#[test]
fn networks_are_counted() {
    let folder = Folder::new();
    let network = folder.file("net.layered.json", NETWORK);
    let expected = json!({
        "inputs": 2, "outputs": 1, "layers": "2", "neurons": "5", "weights": "6", "first_layer_weights": "4",
        "last_layer_weights": "2", "width": "2", "dense_parameters": "9", "largest_weight": "1", "weight_bits": "2",
    });
    assert_eq!(json_of(&["count", &network]), expected);
    let (_, text, _) = certinet(&["count", &network]);
    assert!(text.contains("weights              6\n"), "{text}");
    let (_, csv, _) = certinet(&["count", &network, "--format", "csv", "--output", &folder.path("count.csv")]);
    assert_eq!(csv, "");
    assert!(fs::read_to_string(folder.path("count.csv")).unwrap().starts_with("inputs,outputs,layers,neurons,"));
}

#[test]
fn networks_are_evaluated() {
    let folder = Folder::new();
    let network = folder.file("net.json", NETWORK);
    let eval = |more: &[&str]| {
        let arguments: Vec<&str> = ["eval", network.as_str()].iter().chain(more).copied().collect();
        json_of(&arguments)
    };
    // (1/3 + 2/5) / 2 = 11/30; (2/5 + 1/3) / 2 - (2/5 - 1/3) / 3 = 31/90.
    assert_eq!(eval(&["--input", "1/3,2/5"])["output"], json!(["11/30"]));
    assert_eq!(eval(&["--input", "2/5,1/3"])["output"], json!(["31/90"]));
    assert_eq!(eval(&["--input", "-1,-1"])["output"], json!(["0"]));
    let interval = eval(&["--input", "2/5,1/3", "--arithmetic", "interval"]);
    let (lo, hi) = (number(&interval["output"][0][0]), number(&interval["output"][0][1]));
    let exact = Rational::ratio(31, 90);
    assert!(lo < exact && exact < hi && &hi - &lo < Rational::power_of_two(-48));
    let double = number(&eval(&["--input", "2/5,1/3", "--arithmetic", "f64"])["output"][0]);
    assert!((double - exact).abs() < Rational::power_of_two(-50));
    let batch = folder.file("inputs.csv", "1/3,2/5\n\n2/5, 1/3\n-1,-1\n");
    let rows = eval(&["--inputs", &batch]);
    let outputs: Vec<&Value> = rows.as_array().unwrap().iter().map(|row| &row["output"][0]).collect();
    assert_eq!(outputs, ["11/30", "31/90", "0"]);
    let (_, csv, _) = certinet(&["eval", &network, "--inputs", &batch, "--format", "csv"]);
    assert_eq!(csv, "output_0\n11/30\n31/90\n0\n");
    let dyadic = folder.file("dyadic.json", &NETWORK.replace("-1/3", "-1/4"));
    assert_eq!(json_of(&["eval", &dyadic, "--input", "1,1/2", "--arithmetic", "dyadic"])["output"], json!(["5/8"]));
    let here = folder.0.path();
    let message = refusal(here, &["eval", &network, "--input", "1,1/2", "--arithmetic", "dyadic"]);
    assert!(
        message.contains("-1/3 is not an integer over a power of two") && message.contains("rational"),
        "{message}"
    );
    let message = refusal(here, &["eval", &dyadic, "--input", "1,1/3", "--arithmetic", "dyadic"]);
    assert!(message.contains("1/3 is not") && message.contains("input 1"), "{message}");
}

#[test]
fn networks_are_converted() {
    let folder = Folder::new();
    let half = Rational::ratio(1, 2);
    let built = neumann_inverse(3, &half, &Rational::power_of_two(-6)).unwrap();
    let mut bytes = Vec::new();
    structured_json::write(&built.network, None, &mut bytes).unwrap();
    let network = folder.file("inverse.json", &String::from_utf8(bytes).unwrap());
    let (layered, again, dot) = (folder.path("a.layered.json"), folder.path("again.json"), folder.path("a.dot"));
    for (from, to) in [(&network, &layered), (&network, &again), (&network, &dot)] {
        assert_eq!(json_of(&["convert", from, "--output", to]), json!({"output": to}));
    }
    assert_eq!(fs::read(&network).unwrap(), fs::read(&again).unwrap());
    assert!(fs::read_to_string(&dot).unwrap().starts_with("digraph"));
    let back = folder.path("back.json");
    json_of(&["convert", &layered, "--output", &back]);
    // The same numbers by three ways, and the number of weights is that of the written entries.
    let count = json_of(&["count", &network]);
    assert_eq!(count, json_of(&["count", &layered]));
    assert_eq!(count, json_of(&["count", &back]));
    let written: Value = serde_json::from_str(&fs::read_to_string(&layered).unwrap()).unwrap();
    let entries = written["layers"].as_array().unwrap().iter();
    let entries =
        entries.map(|layer| layer["weights"].as_array().unwrap().len() + layer["bias"].as_array().unwrap().len());
    assert_eq!(count["weights"], entries.sum::<usize>().to_string());
    let input = "1/8,0,1/4,0,-1/8,0,1/16,0,1/5";
    let value = json_of(&["eval", &network, "--input", input]);
    assert_eq!(value, json_of(&["eval", &layered, "--input", input]));
    let here = folder.0.path();
    let small = folder.path("small.layered.json");
    let message = refusal(here, &["convert", &network, "--output", &small, "--max-weights", "100"]);
    assert!(message.contains("weights, at most 100 are allowed"), "{message}");
    refusal(here, &["convert", &network, "--output", &folder.path("a.txt")]);
    refusal(here, &["convert", &network]);
}

const MATRIX: &str = "%%MatrixMarket matrix array real symmetric\n3 3\n2\n-1\n0.1\n2.5\n-1\n2\n";
const RHS: &str = "%%MatrixMarket matrix array real general\n3 1\n1\n0.5\n-2\n";

#[test]
fn matrices_are_inverted() {
    let folder = Folder::new();
    let matrix = folder.file("b.mtx", MATRIX);
    for method in ["product-form", "newton-schulz"] {
        let result = json_of(&["apply", "matrix-inverse", "--matrix", &matrix, "--error", "1e-4", "--method", method]);
        let (error, bound) = (number(&result["error"]), number(&result["error_bound"]));
        assert!(error <= bound && bound <= Rational::ratio(1, 10_000));
        assert_eq!(result["certificate"], Value::Null);
        // The inverse and its error, once more.
        let tenth = Rational::from_f64(0.1).unwrap();
        let entry = |i: usize, j: usize| match (i.min(j), i.max(j)) {
            (0, 2) => tenth.clone(),
            (1, 1) => Rational::ratio(5, 2),
            (i, j) if i == j => Rational::from(2),
            _ => Rational::from(-1),
        };
        let exact = inverse(&Matrix::from_fn(3, 3, entry)).unwrap();
        let distance = Matrix::from_fn(3, 3, |i, j| number(&result["inverse"][i][j]) - &exact[(i, j)]);
        let lower = spectral_norm_lower(&distance, 40);
        assert!(lower <= error && (error - lower) < Rational::power_of_two(-40));
        let weights: u64 = result["weights"].as_str().unwrap().parse().unwrap();
        assert!(weights > 1000);
    }
}

#[test]
fn systems_are_solved() {
    let folder = Folder::new();
    let (matrix, rhs) = (folder.file("b.mtx", MATRIX), folder.file("f.mtx", RHS));
    let zero = folder.file("zero.mtx", "%%MatrixMarket matrix coordinate real general\n3 1 0\n");
    for (rhs, method) in [(&rhs, "chebyshev"), (&rhs, "richardson"), (&zero, "chebyshev")] {
        let arguments =
            ["apply", "linear-solve", "--matrix", &matrix, "--rhs", rhs, "--error", "2^-10", "--method", method];
        let result = json_of(&arguments);
        let (error, bound) = (number(&result["error"]), number(&result["error_bound"]));
        assert!(error <= bound && bound <= Rational::power_of_two(-10));
        assert_eq!(result["solution"].as_array().unwrap().len(), 3);
    }
    let (code, text, _) = certinet(&["apply", "linear-solve", "--matrix", &matrix, "--rhs", &rhs, "--error", "0.01"]);
    assert!(code == 0 && text.contains("measured error") && text.contains("certified error"), "{text}");
}

#[test]
fn bad_input_is_one_line_and_writes_nothing() {
    let folder = Folder::new();
    let here = folder.0.path();
    let network = folder.file("net.json", NETWORK);
    let broken = folder.file("broken.json", &NETWORK[..250]);
    let lines = folder.file("lines\n.json", "{\n\n7");
    let inputs = folder.file("inputs.csv", "1,2\n1,x\n");
    let short = folder.file("short.csv", "1\n");
    let empty = folder.file("empty.csv", "\n");
    let text = folder.file("net.txt", NETWORK);
    let matrix = folder.file("b.mtx", MATRIX);
    let rhs = folder.file("f.mtx", RHS);
    let indefinite = folder.file("i.mtx", &MATRIX.replace("2.5", "-2.5"));
    let head = "%%MatrixMarket matrix array real general\n";
    let lopsided = folder.file("l.mtx", &format!("{head}2 2\n1\n0.5\n0.25\n1\n"));
    let wide = folder.file("w.mtx", &format!("{head}1 2\n1\n0.5\n"));
    let missing = folder.path("missing.json");
    for (arguments, expected) in [
        (vec!["count", &missing], "there is no such file"),
        (vec!["count", &broken], "layers[1], "),
        (vec!["count", &lines], "lines\\n.json"),
        (vec!["count", &text], "accepted are .json, .layered.json and .onnx"),
        (vec!["count", here.to_str().unwrap()], "no known extension"),
        (vec!["eval", &network], "--input"),
        (vec!["eval", &network, "--input", "1"], "the input has 1 entries, the network takes 2"),
        (vec!["eval", &network, "--input", "1,x"], "'x' is not a number"),
        (vec!["eval", &network, "--input", "1,2", "--inputs", &inputs], "cannot be used with"),
        (vec!["eval", &network, "--inputs", &inputs], "line 2"),
        (vec!["eval", &network, "--inputs", &short], "line 1"),
        (vec!["eval", &network, "--inputs", &empty], "there is no input"),
        (vec!["eval", &network, "--input", "1,2", "--arithmetic", "f32"], "'f32' is no arithmetic"),
        (vec!["eval", &network, "--input", "1,1e400", "--arithmetic", "f64"], "beyond the doubles"),
        (vec!["convert", &broken, "--output", &missing], "the text ends inside"),
        (vec!["convert", &network, "--output", &network], "the file to write is the file to read"),
        (vec!["count", &network, "--output", &network], "the file to write is the file to read"),
        (vec!["apply", "matrix-inverse", "--matrix", &matrix, "--error", "1", "--output", &matrix], "the file to read"),
        (vec!["apply", "matrix-inverse", "--matrix", &matrix], "--error"),
        (vec!["apply", "matrix-inverse", "--matrix", &matrix, "--error", "0"], "numbers above 0"),
        (vec!["apply", "matrix-inverse", "--matrix", &matrix, "--error", "1", "--method", "lu"], "'lu' is no method"),
        (vec!["apply", "matrix-inverse", "--matrix", &network, "--error", "1"], "no Matrix Market header"),
        (
            vec!["apply", "matrix-inverse", "--matrix", &indefinite, "--error", "1"],
            "not positive definite: x^T B x = -",
        ),
        (
            vec!["apply", "matrix-inverse", "--matrix", &lopsided, "--error", "1"],
            "entry (1, 2) is 0.25 and entry (2, 1) is 0.5",
        ),
        (vec!["apply", "matrix-inverse", "--matrix", &wide, "--error", "1"], "the matrix is 1 x 2"),
        (vec!["apply", "linear-solve", "--matrix", &matrix, "--error", "1"], "--rhs"),
        (
            vec!["apply", "linear-solve", "--matrix", &matrix, "--rhs", &wide, "--error", "1"],
            "the right-hand side is 1 x 2",
        ),
        (vec!["apply", "linear-solve", "--matrix", &rhs, "--rhs", &rhs, "--error", "1"], "the matrix is 3 x 1"),
    ] {
        let message = refusal(here, &arguments);
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
}
