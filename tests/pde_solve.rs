//! `certinet pde solve`: certified solutions for single parameters.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use certinet::arith::Rational;
use command::{json_of, number, refusal};
use folder::Folder;
use session::certinet;

#[test]
fn constant_coefficients_scale_the_solution() {
    // u(t a) = u(a) / t, and so does the compliance.
    let compliance = |shift: &str| {
        let result = json_of(&["pde", "solve", "--blocks", "1", "--at", "0", "--shift", shift, "--grid", "17"]);
        assert_eq!(result["error_kind"], serde_json::Value::Null);
        assert_eq!(result["result"]["error_kind"], "bound");
        let ends: Vec<Rational> = result["result"]["compliance"].as_array().unwrap().iter().map(number).collect();
        assert!(number(&result["result"]["relative_error_bound"]) < Rational::power_of_two(-40));
        [ends[0].clone(), ends[1].clone()]
    };
    let (one, three) = (compliance("1"), compliance("3"));
    let scaled = three.map(|end| end * Rational::from(3));
    assert!(one[0] <= scaled[1] && scaled[0] <= one[1], "{one:?} and {scaled:?} are disjoint");
    assert!(&one[1] - &one[0] < Rational::power_of_two(-60));
}

#[test]
fn samples_do_not_depend_on_threads_and_agree_with_single_runs() {
    let all = |threads: &str| {
        let options =
            ["pde", "solve", "--case", "cookies-variable", "--grid", "13", "--random", "5", "--threads", threads];
        json_of(&options)
    };
    let rows = all("1");
    assert_eq!(rows, all("2"));
    for row in rows.as_array().unwrap() {
        let y: Vec<&str> = row["result"]["y"].as_array().unwrap().iter().map(|y| y.as_str().unwrap()).collect();
        let alone = json_of(&["pde", "solve", "--case", "cookies-variable", "--grid", "13", "--at", &y.join(",")]);
        assert_eq!(alone["result"], row["result"]);
    }
}

#[test]
fn a_solution_has_a_line_for_every_node() {
    let folder = Folder::new();
    let path = folder.file("solution.csv", "replaced");
    let (code, _, stderr) = certinet(&["pde", "solve", "--grid", "9", "--solution", &path]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (82, "x1,x2,u"));
    for line in &lines[1..] {
        let numbers: Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
        let boundary = numbers[..2].iter().any(|x| *x <= 0.0 || *x >= 1.0);
        assert_eq!(numbers[2] > 0.0, !boundary, "{line}");
    }
}

#[test]
fn bad_input_is_one_line() {
    let folder = Folder::new();
    let cases: [(&[&str], &str); 12] = [
        (&["--shift", "0"], "numbers above 0"),
        (&["--shift", "-1"], "numbers above 0"),
        (&["--grid", "2"], "whole numbers from 3 to 2049"),
        (&["--parameters", "5"], "the nearest are 4 and 9"),
        (&["--case", "clipped-polynomial", "--parameters", "7"], "the nearest are 6 and 10"),
        (&["--case", "trigonometric", "--blocks", "2"], "--blocks is for"),
        (&["--scaling", "1"], "--scaling is for"),
        (&["--degree", "2"], "--degree is for"),
        (&["--at", "1,2,3"], "3 parameters are given; the case has 4"),
        (&["--at", "0,0,2,0"], "parameter 3 is 2; accepted are numbers from 0 to 1"),
        (&["--load", "20:0"], "accepted are terms C:E1:E2"),
        (&["--blocks", "33"], "accepted are numbers from 1 to 32"),
    ];
    for (options, expected) in cases {
        let line = refusal(folder.0.path(), &[&["pde", "solve"], options].concat());
        assert!(line.contains(expected), "{options:?}: {line}");
    }
}
