//! Turing machines, the real numbers of machines, and solvers that read their bits, on the command line.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use certinet::arith::Rational;
use command::{json_of, number, refusal};
use folder::Folder;
use serde_json::{Value, json};
use session::certinet;

fn answer(arguments: &[&str], expected: u8) -> Value {
    let arguments: Vec<&str> =
        ["barrier", "halting"].iter().chain(arguments).copied().chain(["--format", "json"]).collect();
    let (code, stdout, stderr) = certinet(&arguments);
    assert_eq!((code, stderr.as_str()), (expected, ""), "{arguments:?}");
    serde_json::from_str(&stdout).unwrap()
}

/// The row of a problem and a number of bits.
fn row<'a>(answer: &'a Value, problem: &str, bits: u64) -> &'a Value {
    let rows = answer["rows"].as_array().unwrap();
    rows.iter().find(|row| row["problem"] == json!(problem) && row["bits"] == json!(bits)).unwrap()
}

#[test]
fn without_options_all_named_machines_are_shown() {
    let found = json_of(&["barrier", "halting"]);
    let rows = found["rows"].as_array().unwrap();
    let of = |name: &str| rows.iter().find(|row| row["name"] == json!(name)).unwrap();
    for (name, steps, ones, s) in [
        ("bb1", 1, 1, "2^-1"),
        ("bb2", 6, 4, "-(2^-6)"),
        ("bb3", 21, 5, "2^-21"),
        ("bb4", 107, 13, "2^-107"),
        ("bb5", 47_176_870, 4098, "-(2^-47176870)"),
    ] {
        let row = of(name);
        assert_eq!(
            (&row["verdict"], &row["steps"], &row["ones"], &row["s"], &row["sure_from"]),
            (&json!("halts"), &json!(steps), &json!(ones), &json!(s), &json!(steps))
        );
        for answer in row["answers"].as_array().unwrap() {
            let right = answer["bits"].as_u64().unwrap() >= steps;
            assert_eq!(answer["verdict"], json!(if right { "right" } else { "wrong" }), "{name}");
        }
    }
    for name in ["cycler", "translated"] {
        assert_eq!((&of(name)["verdict"], &of(name)["s"]), (&json!("never halts"), &json!("0")));
        assert!(of(name)["loop"]["period"].as_u64().unwrap() > 0);
    }
    for name in ["antihydra", "bigfoot", "skelet1"] {
        let row = of(name);
        assert_eq!((&row["verdict"], &row["s"], &row["sure_from"]), (&json!("unknown"), &Value::Null, &Value::Null));
        assert!(row["proved"].as_str().unwrap().starts_with("nothing"), "{row}");
    }
}

#[test]
fn a_machine_has_a_row_for_each_problem_and_number_of_bits() {
    let found = answer(&["--machine", "bb3"], 0);
    assert_eq!((&found["machine"], &found["name"]), (&json!("1RB1RZ_1LB0RC_1LC1LA"), &json!("bb3")));
    assert_eq!((&found["verdict"], &found["s"], &found["s_exponent"]), (&json!("halts"), &json!("2^-21"), &json!(21)));
    // The bits h - 1 and h are added to the usual ones.
    let early = row(&found, "l1", 20);
    assert_eq!((&early["read"], &early["answer"]), (&json!("0"), &json!("(7/16, 7/16)")));
    assert_eq!((&early["solution"], &early["verdict"]), (&json!("(0, 7/8/(1 + 2^-21))"), &json!("wrong")));
    // The square of the distance, from the definition.
    let half = Rational::ratio(7, 16);
    let weight = Rational::ratio(7, 8) / (Rational::one() + Rational::power_of_two(-21));
    let square = &half * &half + (&weight - &half) * (&weight - &half);
    let bound = number(&early["distance"]["value"]);
    assert_eq!(early["distance"]["kind"], json!("lower bound"));
    assert!(&bound * &bound <= square && bound > Rational::ratio(61, 100));
    let late = row(&found, "l1", 21);
    assert_eq!(
        (&late["read"], &late["answer"], &late["verdict"]),
        (&json!("2^-21"), &late["solution"], &json!("right"))
    );
    assert_eq!(row(&found, "pseudoinverse", 20)["distance"], json!({"kind": "exact", "value": "2^21"}));
    assert_eq!(row(&found, "optimiser", 20)["verdict"], json!("wrong"));
    // The tie is broken to +, which is the sign of s.
    assert_eq!(row(&found, "classifier", 20)["verdict"], json!("right by luck"));
    let two = answer(&["--machine", "BB2", "--bits", "5,6", "--problem", "classifier"], 0);
    let rows: Vec<&Value> = two["rows"].as_array().unwrap().iter().map(|row| &row["verdict"]).collect();
    assert_eq!(rows, [&json!("wrong"), &json!("right")]);
}

#[test]
fn verdicts_have_their_exit_codes() {
    let never = answer(&["--machine", "0RB1LA_0LA1RB"], 0);
    assert_eq!((&never["verdict"], &never["sure_from"]), (&json!("never halts"), &json!(0)));
    assert!(never["rows"].as_array().unwrap().iter().all(|row| row["verdict"] == json!("right")));
    let open = answer(&["--machine", "antihydra", "--steps", "100000"], 3);
    assert_eq!((&open["verdict"], &open["steps"]), (&json!("unknown"), &json!(100_000)));
    assert!(open["rows"].as_array().unwrap().iter().all(|row| row["verdict"].is_null() && row["solution"].is_null()));
    // What a run of so few steps does not show is open for a machine that halts, too.
    assert_eq!(answer(&["--machine", "bb4", "--steps", "106"], 3)["verdict"], json!("unknown"));
    assert_eq!(answer(&["--machine", "bb4", "--steps", "107"], 0)["verdict"], json!("halts"));
    assert_eq!(answer(&["--machine", "---1RA"], 0)["s"], json!("-(2^-1)"));
    let (code, stdout, _) = certinet(&["barrier", "halting", "--machine", "bb4"]);
    assert_eq!(code, 0);
    for words in ["halts at step 107, by its run", "right within 1/4", "no run proves that a problem is not computable"]
    {
        assert!(stdout.contains(words), "{stdout}");
    }
}

#[test]
fn machines_come_from_files() {
    let folder = Folder::new();
    let file = folder.file("some.txt", "# two\n1RB1LB_1LA1RZ\n\n 0RA0RA # right for ever\n");
    let found = answer(&["--file", &file, "--problem", "lp", "--bits", "3"], 0);
    let list = |key: &str| found["rows"].as_array().unwrap().iter().map(|row| row[key].clone()).collect::<Vec<_>>();
    assert_eq!(list("machine"), [json!("1RB1LB_1LA1RZ"), json!("0RA0RA")]);
    assert_eq!(list("verdict"), [json!("halts"), json!("never halts")]);
    assert_eq!(found["problem"], json!("lp"));
    let open = folder.file("open.txt", "1RB1LB_1LA1RZ\n1RB1RA_0LC1LE_1LD1LC_1LA0LB_1LF1RE_---0RA\n");
    assert_eq!(answer(&["--file", &open, "--steps", "1000"], 3)["rows"].as_array().unwrap().len(), 2);
    let (_, stdout, _) = certinet(&["barrier", "halting", "--file", &file, "--bits", "3", "--format", "csv"]);
    assert_eq!(stdout.lines().nth(1), Some("1RB1LB_1LA1RZ,6,4,halts,-(2^-6),wrong,6"), "{stdout}");
}

#[test]
fn bad_input_is_one_line() {
    let folder = Folder::new();
    let bad = folder.file("bad.txt", "1RB1LB_1LA1RZ\n1RB1LB_1LA5RZ\n");
    let empty = folder.file("empty.txt", "# nothing\n");
    let missing = folder.path("missing.txt");
    for (arguments, words) in [
        (vec!["--machine", "bb9"], vec!["state A ('bb9')", "option --machine", "antihydra"]),
        (vec!["--machine", "1RB1LB_1LA9RZ"], vec!["state B, symbol 1: '9RZ' is no transition"]),
        (vec!["--machine", "1RB1LB\n_1LA1RZ"], vec!["state A"]),
        (vec!["--machine", ""], vec!["accepted are three"]),
        (vec!["--machine", "bb2", "--file", &bad], vec!["--file"]),
        (vec!["--file", &bad], vec!["'5RZ'", "bad.txt, line 2"]),
        (vec!["--file", &bad, "--output", &bad], vec!["the file to write is the file to read"]),
        (vec!["--file", &empty], vec!["there is no machine", "one machine a line"]),
        (vec!["--file", &missing], vec!["there is no such file"]),
        (vec!["--bits", "3,,4"], vec!["--bits", "entry 2"]),
        (vec!["--bits", "-3"], vec!["-3"]),
        (vec!["--bits", "2000", "--steps", "1000"], vec!["option --bits", "at most 1000 are accepted"]),
        (vec!["--steps", "0"], vec!["whole numbers from 1"]),
        (vec!["--problem", "laplace"], vec!["l1, pseudoinverse, lp, optimiser, classifier"]),
    ] {
        let arguments: Vec<&str> = ["barrier", "halting"].into_iter().chain(arguments.iter().map(|w| &**w)).collect();
        let line = refusal(folder.0.path(), &arguments);
        for word in words {
            assert!(line.contains(word), "{arguments:?}: {line}");
        }
    }
}
