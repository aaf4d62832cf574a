//! Linear programs of which no algorithm gives K digits, on the command line.

#![allow(clippy::unwrap_used)]

mod command;
mod session;

use std::path::Path;

use certinet::arith::Rational;
use command::{json_of, number, refusal};
use serde_json::{Value, json};
use session::certinet;

fn rows(answer: &Value) -> &Vec<Value> {
    answer["rows"].as_array().unwrap()
}

/// 10^-k.
fn ten(k: i64) -> Rational {
    let power = Rational::from(10).pow(k.unsigned_abs() as i32).unwrap();
    if k > 0 { Rational::one() / power } else { power }
}

#[test]
fn digits_are_reached_or_not_in_every_norm() {
    for norm in ["1", "2", "inf"] {
        for k in [1i64, 2, 5, 40] {
            let answer =
                json_of(&["barrier", "digits", "--digits", &k.to_string(), "--norm", norm, "--bits", "1,7,300"]);
            let mut seen = Vec::new();
            for row in rows(&answer) {
                let (digits, error) = (row["digits"].as_i64().unwrap(), number(&row["error"]));
                assert_eq!(number(&row["bar"]), ten(digits));
                // What is printed is a bound in the direction that the verdict needs.
                match row["verdict"].as_str().unwrap() {
                    "reached" => assert!(error <= ten(digits) && row["error_kind"] == json!("upper bound"), "{row}"),
                    _ => assert!(error > ten(digits) && row["error_kind"] == json!("lower bound"), "{row}"),
                }
                seen.push((k - digits, row["verdict"] == json!("reached"), row["bits"].as_u64().unwrap()));
            }
            let of = |fewer: i64, reached: bool| {
                seen.iter().filter(|row| (row.0, row.1) == (fewer, reached)).map(|row| row.2).collect::<Vec<u64>>()
            };
            assert_eq!((of(0, true), of(0, false)), (vec![], vec![1, 7, 300]));
            // To see a shift of 2^-n takes more than n + 2 bits, here a power of two of them.
            assert_eq!((of(1, true), of(1, false)), (vec![8, 16, 512], vec![1, 7, 300]));
            assert_eq!((of(2, true), of(2, false)), (vec![0], vec![]));
        }
    }
}

#[test]
fn condition_numbers_do_not_grow_with_the_digits() {
    let bounds = |k: &str| {
        let answer = json_of(&["barrier", "digits", "--digits", k, "--norm", "inf"]);
        ["gram_condition_upper", "feasibility_condition_upper", "largest_right_hand_side"]
            .map(|key| number(&answer[key]))
    };
    let (few, many) = (bounds("1"), bounds("60"));
    assert!(few[0] == many[0] && many[1] < few[1] && many[2] < few[2]);
    assert!(few[0] < Rational::from(15) && few[1] < Rational::from(66) && few[2] <= Rational::from(2));
}

#[test]
fn the_table_says_what_is_proved() {
    let (code, stdout, stderr) = certinet(&["barrier", "digits", "--norm", "1"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    for words in [
        "no algorithm has errors up to 10^-3 for all programs; 10^-2 is reached",
        ">= 1.0001e-3",
        "10^-3",
        "<= 1.0001e-3",
    ] {
        assert!(stdout.contains(words), "{stdout}");
    }
    let (_, stdout, _) = certinet(&["barrier", "digits", "--digits", "1", "--bits", "4", "--format", "csv"]);
    assert_eq!(stdout.lines().count(), 5, "{stdout}");
}

#[test]
fn bad_input_is_one_line() {
    for (arguments, words) in [
        (vec!["--digits", "0"], vec!["--digits", "1 to 1000"]),
        (vec!["--digits", "1001"], vec!["1 to 1000"]),
        (vec!["--norm", "3"], vec!["3", "1, 2, inf"]),
        (vec!["--bits", "0"], vec!["entry 1", "1 to 100000"]),
        (vec!["--bits", "1,x"], vec!["entry 2", "x"]),
        (vec!["--bits", ""], vec!["entry 1"]),
    ] {
        let arguments: Vec<&str> = ["barrier", "digits"].into_iter().chain(arguments).collect();
        let line = refusal(Path::new("tests/command"), &arguments);
        assert!(words.iter().all(|word| line.contains(word)), "{line}");
    }
}
