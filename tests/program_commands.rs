//! The command about linear programs.

#![allow(clippy::unwrap_used)]

mod folder;
mod session;

use certinet::arith::Rational;
use folder::Folder;
use serde_json::{Value, json};
use session::certinet;

const SMALL: &str = "NAME small\nROWS\n N cost\n G sum\n E same\nCOLUMNS\n x cost 3 sum 1\n x same 1\n y cost 2 sum 0.5\nRHS\n b sum 0.1 cost -1\n b same 0.05\nENDATA\n";

fn json_of(arguments: &[&str], expected: u8) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let (code, stdout, stderr) = certinet(&arguments);
    assert_eq!((code, stderr.as_str()), (expected, ""), "{arguments:?}");
    serde_json::from_str(&stdout).unwrap()
}

#[test]
fn an_optimum_comes_with_point_and_multipliers() {
    let folder = Folder::new();
    let file = folder.file("small.mps", SMALL);
    let answer = json_of(&["lp", &file], 0);
    // x = 1/20 and y = 1/10: 3/20 + 1/5 + 1.
    assert_eq!(
        (&answer["status"], &answer["value"], &answer["decimal"]),
        (&json!("optimal"), &json!("27/20"), &json!("1.35"))
    );
    assert_eq!(answer["point"], json!({"x": "1/20", "y": "1/10"}));
    // 4 (x + y/2) - (x) = 3 x + 2 y: at least 4/10 - 1/20.
    assert_eq!(answer["multipliers"], json!({"sum": "4", "same": "-1"}));
    let (code, stdout, _) = certinet(&["lp", &file, "--value-only"]);
    assert_eq!((code, stdout.as_str()), (0, "status   optimal\nsense    minimise\nvalue    27/20\ndecimal  1.35\n"));
}

#[test]
fn programs_without_an_optimum_exit_with_1_and_a_reason() {
    let folder = Folder::new();
    let infeasible = folder.file("a.mps", &SMALL.replace("b sum 0.1", "b sum -9").replace("same 0.05", "same -1"));
    let answer = json_of(&["lp", &infeasible], 1);
    assert_eq!((&answer["status"], &answer["value"]), (&json!("infeasible"), &Value::Null));
    assert!(answer["multipliers"]["same"].as_str().unwrap().parse::<Rational>().unwrap().is_negative());
    let unbounded = folder.file("b.mps", &SMALL.replace("cost 2", "cost -2"));
    let answer = json_of(&["lp", &unbounded], 1);
    assert_eq!((&answer["status"], &answer["ray"]["x"]), (&json!("unbounded"), &json!("0")));
    assert!(answer["ray"]["y"].as_str().unwrap().parse::<Rational>().unwrap().is_positive());
}

#[test]
fn certificates_are_written_and_verified() {
    let folder = Folder::new();
    for (number, (cost, code, words)) in
        [("2", 0, "minimum 27/20, linear program of 2 rows and 2 columns"), ("-2", 1, "unbounded-below")]
            .iter()
            .enumerate()
    {
        let file = folder.file("a.mps", &SMALL.replace("cost 2", &format!("cost {cost}")));
        let certificate = folder.path(&format!("{number}.cert"));
        assert_eq!(certinet(&["lp", &file, "--certificate", &certificate]).0, *code);
        let (code, stdout, _) = certinet(&["check", &certificate]);
        assert_eq!((code, stdout.lines().next()), (0, Some("verified")));
        assert!(stdout.contains(words), "{stdout}");
    }
    let file = folder.file("a.mps", SMALL);
    let (code, _, stderr) = certinet(&["lp", &file, "--certificate", &file]);
    assert!(code == 2 && stderr.contains("--certificate"), "{stderr}");
}

#[test]
fn bad_input_is_one_line() {
    let folder = Folder::new();
    let bad = folder.file("bad.mps", "ROWS\n N cost\nCOLUMNS\n x cost one\nENDATA\n");
    let integer = folder.file("integer.mps", "ROWS\n N cost\nCOLUMNS\n x cost 1\nBOUNDS\n BV b x\nENDATA\n");
    let missing = folder.path("missing.mps");
    for (arguments, words) in [
        (vec!["lp", &bad], vec!["line 4", "'one' is no number", "accepted are decimals", "bad.mps"]),
        (vec!["lp", &integer], vec!["1 columns are declared integer, x the first", "--relax"]),
        (vec!["lp", &missing], vec!["there is no such file"]),
        (vec!["lp", &bad, "--output", &bad], vec!["--output"]),
    ] {
        let (code, stdout, stderr) = certinet(&arguments);
        assert_eq!((code, stdout.as_str(), stderr.lines().count()), (2, "", 1), "{stderr}");
        assert!(words.iter().all(|word| stderr.contains(word)), "{stderr}");
    }
    assert_eq!(json_of(&["lp", &integer, "--relax"], 0)["value"], json!("0"));
}
