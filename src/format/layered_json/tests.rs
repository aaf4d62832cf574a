#![allow(clippy::unwrap_used)]

use super::*;
use crate::arith::Rational;
use crate::construct::{SquaringMethod, squaring};
use crate::evaluate::Evaluator;
use proptest::prelude::*;

const TEXT: &str = r#"{"format": "certinet-layered", "version": 1, "inputs": 2, "outputs": 1,
 "layers": [{"rows": 3, "columns": 2, "weights": [[0, 0, "1/2"], [0, 1, "0.5"], [2, 1, -3]], "bias": [[1, "2^-3"]]},
            {"rows": 1, "columns": 3, "weights": [[0, 2, "1e-3"]], "bias": []}]}"#;

fn written(network: &Layered) -> String {
    let mut bytes = Vec::new();
    write(network, 1000, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn message(old: &str, new: &str) -> String {
    assert!(TEXT.contains(old), "{old}");
    read(&TEXT.replacen(old, new, 1)).unwrap_err().to_string()
}

#[test]
fn a_file_is_read_and_written() {
    let network = read(TEXT).unwrap();
    let size = network.size().unwrap();
    assert_eq!((size.layers, size.neurons, size.weights), (2, 6, 5));
    let text = written(&network);
    let expected = "{\"format\":\"certinet-layered\",\"version\":1,\"inputs\":2,\"outputs\":1,\"layers\":[\n\
        {\"rows\":3,\"columns\":2,\"weights\":[[0,0,\"1/2\"],[0,1,\"1/2\"],[2,1,\"-3\"]],\"bias\":[[1,\"1/8\"]]},\n\
        {\"rows\":1,\"columns\":3,\"weights\":[[0,2,\"1/1000\"]],\"bias\":[]}]}\n";
    assert_eq!(text, expected);
    assert_eq!(read(&text), Ok(network));
}

#[test]
fn structure_is_written_out() {
    let levels = 5;
    let squaring = squaring(levels, None, SquaringMethod::ALL[0]).unwrap();
    let layered = squaring.network.layered().unwrap();
    let back = read(&written(&layered)).unwrap();
    assert_eq!(back.size(), layered.size());
    for k in 0..9 {
        let x = [Rational::ratio(k, 8)];
        let value = |n: &Layered| Evaluator::<Rational>::new(n).and_then(|e| e.evaluate(&x));
        assert_eq!(value(&back), value(&layered));
    }
    let mut bytes = Vec::new();
    assert!(matches!(write(&layered, 3, &mut bytes), Err(WriteNetworkError::TooLarge { limit: 3, .. })));
    assert!(bytes.is_empty());
}

#[test]
fn every_fault_is_named_with_its_place() {
    for (old, new, expected) in [
        ("certinet-layered", "certinet", "the format is 'certinet'"),
        ("\"version\": 1", "\"version\": 2", "version 2 is not read: accepted is version 1"),
        ("\"inputs\": 2,", "", "missing field `inputs`"),
        ("\"inputs\"", "\"input\"", "unknown field `input`"),
        ("\"inputs\": 2", "\"inputs\": 2, \"inputs\": 2", "duplicate field `inputs`"),
        ("\"inputs\": 2", "\"inputs\": 3", "layers[0], columns is 2: accepted is 3, as inputs is"),
        ("\"outputs\": 1", "\"outputs\": 2", "outputs is 2: accepted is 1, as layers[1], rows is"),
        ("\"columns\": 3", "\"columns\": 4", "layers[1], columns is 4: accepted is 3, as layers[0], rows is"),
        ("\"rows\": 3", "\"rows\": 0", "layers[0], rows is 0: at least 1 is accepted"),
        ("\"rows\": 3", "\"rows\": 99999999999", "layers[0], rows: 99999999999 neurons, at most"),
        ("\"rows\": 3", "\"rows\": -3", "layers[0], invalid value: integer `-3`"),
        ("\"0.5\"", "0.5", "layers[0], weights[1], 0.5 is a float, which is not exact: write a string such as \"1/2\""),
        ("\"0.5\"", "\"half\"", "layers[0], weights[1], 'half' is not a number"),
        ("\"0.5\"", "\"1/0\"", "a denominator is zero"),
        ("\"0.5\"", "\"0\"", "layers[0], weights: entry (0, 1) is zero"),
        ("\"0.5\"", "null", "layers[0], weights[1], invalid type: null"),
        ("[0, 1,", "[0, 0,", "layers[0], weights: entry (0, 0) is repeated or out of order"),
        ("[2, 1,", "[0, 0,", "layers[0], weights: entry (0, 0) is repeated or out of order"),
        ("[2, 1,", "[3, 1,", "layers[0], weights: entry (3, 1) lies outside a 3 x 2 matrix"),
        ("[2, 1,", "[2, 1, 1,", "layers[0], weights[2], "),
        ("[1, \"2^-3\"]", "[3, 1]", "layers[0], bias: entry (3, 0) lies outside a 3 x 1 matrix"),
        (
            "[[0, 2, \"1e-3\"]], \"bias\": []}]}",
            "[[0, 2, \"1e-3\"",
            "layers[1], weights[0], the text ends inside a list",
        ),
        ("\"bias\": []}]}", "\"bias\": []}]} 7", "trailing characters"),
    ] {
        let message = message(old, new);
        assert!(message.contains(expected), "{old} -> {new}: {message}");
    }
    let truncated = read(&TEXT[..200]).unwrap_err().to_string();
    assert!(truncated.starts_with("line 3, column ") && truncated.contains("layers[1], the text ends"), "{truncated}");
    let none = r#"{"format":"certinet-layered","version":1,"inputs":1,"outputs":1,"layers":[]}"#;
    assert_eq!(read(none).unwrap_err().to_string(), "layers: a network has at least one layer");
}

#[test]
fn large_files_are_read_in_one_pass() {
    use core::fmt::Write as _;
    let mut text = r#"{"format":"certinet-layered","version":1,"inputs":1000,"outputs":200,"layers":[
        {"rows":200,"columns":1000,"bias":[],"weights":["#
        .to_owned();
    for i in 0..200_000 {
        let comma = if i > 0 { "," } else { "" };
        write!(text, "{comma}[{},{},\"{}/1024\"]", i / 1000, i % 1000, 2 * i + 1).unwrap();
    }
    text.push_str("]}]}");
    assert_eq!(read(&text).unwrap().size().unwrap().weights, 200_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]
    #[test]
    fn mutated_files_never_panic(
        edits in proptest::collection::vec((any::<usize>(), 0u8..5, any::<char>(), "[0-9\\[\\]{}\":,./eE-]{1,3}"), 1..5),
    ) {
        let text = super::super::json_parts::mutated(TEXT, &edits);
        if let Ok(network) = read(&text) {
            prop_assert!(network.size().is_ok());
        }
    }
}
