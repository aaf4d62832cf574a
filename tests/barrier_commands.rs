//! The commands about limits of digital computation.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use certinet::arith::Rational;
use command::{json_of, number, refusal};
use folder::Folder;
use serde_json::{Value, json};
use session::certinet;

/// (x1 or x2) and not x3: the assignments 1, 2 and 3 of 8.
const SMALL: &str = "c small\np cnf 3 2\n1 2\n0 -3 0\n%\n0\n";

fn answer(arguments: &[&str], expected: u8) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let (code, stdout, stderr) = certinet(&arguments);
    assert_eq!((code, stderr.as_str()), (expected, ""), "{arguments:?}");
    serde_json::from_str(&stdout).unwrap()
}

/// Every pair among `holes` pigeons' places excluded, every pigeon somewhere: models are the injections.
fn pigeons(pigeons: i32, holes: i32) -> String {
    let place = |pigeon: i32, hole: i32| pigeon * holes + hole + 1;
    let mut clauses = Vec::new();
    for pigeon in 0..pigeons {
        clauses.push((0..holes).map(|hole| place(pigeon, hole)).collect::<Vec<i32>>());
        for hole in 0..holes {
            clauses.extend((0..hole).map(|other| vec![-place(pigeon, hole), -place(pigeon, other)]));
            clauses.extend((0..pigeon).map(|other| vec![-place(pigeon, hole), -place(other, hole)]));
        }
    }
    let lines = clauses.iter().map(|clause| {
        let words: Vec<String> = clause.iter().chain([&0]).map(i32::to_string).collect();
        words.join(" ") + "\n"
    });
    format!("p cnf {} {}\n{}", pigeons * holes, clauses.len(), lines.collect::<String>())
}

#[test]
fn models_are_read_off_the_value() {
    let folder = Folder::new();
    let file = folder.file("small.cnf", SMALL);
    for (problem, value, digits) in [
        ("interval", "3/128", "0.0000011"),
        ("disk", "3/256", "0.00000011"),
        ("laplace", "3/16", "0.0011"),
        ("diffusion", "19/128", "0.0010011"),
    ] {
        let found = json_of(&["barrier", "blowup", "--cnf", &file, "--problem", problem, "--steps", "4"]);
        assert_eq!((&found["models"], &found["evaluations"], &found["value"]), (&json!(3), &json!(8), &json!(value)));
        assert_eq!((&found["enclosure"], &found["binary"]), (&json!([value, value]), &json!(digits)));
        let steps = found["steps"].as_array().unwrap();
        let evaluations: Vec<u64> = steps.iter().map(|step| step["evaluations"].as_u64().unwrap()).collect();
        assert_eq!(evaluations, [0, 2, 4, 6, 8]);
        // The width falls by the weight of one model with every evaluation.
        for step in steps {
            let unread = Rational::from(8 - step["evaluations"].as_u64().unwrap());
            assert_eq!(number(&step["width"]), number(&found["weight"]) * unread);
            assert!(number(&step["enclosure"][0]) <= number(&found["value"]));
            assert!(number(&step["enclosure"][1]) >= number(&found["value"]));
        }
    }
    let (code, stdout, _) = certinet(&["barrier", "blowup", "--cnf", &file, "--steps", "2"]);
    assert_eq!(code, 0);
    assert!(stdout.contains("in binary    0.0000011\nmodels       3\n"), "{stdout}");
    assert!(stdout.contains("3 to 7"), "{stdout}");
    let (_, stdout, _) = certinet(&["barrier", "blowup", "--cnf", &file, "--steps", "1", "--format", "csv"]);
    assert_eq!(stdout.lines().nth(2), Some("8,3,3,3/128,3/128,0"), "{stdout}");
}

#[test]
fn formulas_of_twenty_variables_take_moments() {
    let folder = Folder::new();
    let (four, five) = (folder.file("a.cnf", &pigeons(4, 5)), folder.file("b.cnf", &pigeons(5, 4)));
    // Injections of 4 pigeons into 5 holes: 5 * 4 * 3 * 2.
    assert_eq!(json_of(&["barrier", "blowup", "--cnf", &four])["models"], json!(120));
    assert_eq!(json_of(&["barrier", "blowup", "--cnf", &five])["models"], json!(0));
}

#[test]
fn a_part_of_the_evaluations_leaves_the_count_open() {
    let folder = Folder::new();
    let file = folder.file("small.cnf", SMALL);
    let open = answer(&["barrier", "blowup", "--cnf", &file, "--evaluations", "3"], 3);
    assert_eq!((&open["models"], &open["models_interval"]), (&Value::Null, &json!([2, 7])));
    assert_eq!((&open["enclosure"], &open["evaluations"]), (&json!(["1/64", "7/128"]), &json!(3)));
    let wide = folder.file("wide.cnf", "p cnf 62 2\n-1 0\n62 0\n");
    let open = answer(&["barrier", "blowup", "--cnf", &wide, "--evaluations", "1000"], 3);
    assert_eq!(open["models_interval"], json!([0, (1u64 << 62) - 1000]));
    assert_eq!(json_of(&["barrier", "blowup", "--cnf", &file, "--evaluations", "100"])["models"], json!(3));
}

#[test]
fn the_price_grows_with_the_variables() {
    let folder = Folder::new();
    let (svg, output) = (folder.path("a.svg"), folder.path("a.json"));
    for (problem, weight) in [("interval", 4), ("disk", 5), ("laplace", 1), ("diffusion", 4)] {
        let run =
            |seed: &str| json_of(&["barrier", "blowup", "--variables", "1..12", "--problem", problem, "--seed", seed]);
        let found = run("9");
        let rows = found["rows"].as_array().unwrap();
        assert_eq!((rows.len(), &found["seed"]), (12, &json!(9)));
        for (row, n) in rows.iter().zip(1i64..) {
            assert_eq!((&row["variables"], &row["evaluations"]), (&json!(n), &json!(1 << n)));
            assert_eq!((&row["bits"], &row["clauses"]), (&json!(n + weight), &json!(2 * n)));
            assert_eq!(row["evaluations_half"], json!((1 << n) - (1 << ((n + 1) / 2))));
            // The number of models is what the digits say.
            let digits = row["binary"].as_str().unwrap().strip_prefix("0.").unwrap();
            assert_eq!(digits.len() as i64, n + weight);
            let offset = if problem == "diffusion" { 1 << (n + 1) } else { 0 };
            assert_eq!(i64::from_str_radix(digits, 2).unwrap() - offset, row["models"].as_i64().unwrap());
            let one = Rational::power_of_two(-n - weight);
            for step in row["steps"].as_array().unwrap() {
                let unread = (1i64 << n) - step["evaluations"].as_i64().unwrap();
                assert_eq!(number(&step["width"]), &one * &Rational::from(unread));
            }
        }
        assert_eq!(found, run("9"));
        assert!(found != run("10"));
    }
    let arguments = ["barrier", "blowup", "--variables", "3", "--plot", &svg, "--output", &output];
    assert_eq!(certinet(&arguments), (0, String::new(), String::new()));
    let text = std::fs::read_to_string(&svg).unwrap();
    assert!(text.contains("evaluations of the formula until u(1/2) is known") && text.contains("3 variables"));
    let (_, text, _) = certinet(&["barrier", "blowup", "--variables", "2..3", "--format", "csv"]);
    assert_eq!(text.lines().count(), 3, "{text}");
}

#[test]
fn solvers_that_skip_cells_are_refuted() {
    let folder = Folder::new();
    let file = folder.file("small.cnf", SMALL);
    for solver in ["order", "random", "midpoint"] {
        let arguments = ["barrier", "blowup", "--cnf", &file, "--solver", solver, "--readings", "5"];
        let duel = answer(&arguments, 1);
        assert_eq!((&duel["verdict"], &duel["queries"]), (&json!("refuted"), &json!(5)));
        let unseen = duel["cells_unseen"].as_u64().unwrap();
        let list = |key: &str| duel[key].as_array().unwrap().iter().map(|c| c.as_u64().unwrap()).collect::<Vec<_>>();
        let (with, without) = (list("seen_with_bump"), list("seen_without_bump"));
        assert!(with.iter().all(|cell| (1..4).contains(cell)) && without.iter().all(|cell| !(1..4).contains(cell)));
        assert_eq!(unseen, 8 - (with.len() + without.len()) as u64);
        // The exact values follow from the bumps: 2^-7 each.
        let weight = Rational::power_of_two(-7);
        assert_eq!(number(&duel["low"]["value"]), &weight * &Rational::from(with.len()));
        assert_eq!(number(&duel["high"]["value"]), &weight * &Rational::from(with.len() as u64 + unseen));
        assert_eq!(number(&duel["distance"]), &weight * &Rational::from(unseen));
        assert!(number(&duel["error"]).scale_by_power_of_two(1) >= number(&duel["distance"]));
    }
    let survived = json_of(&["barrier", "blowup", "--cnf", &file, "--solver", "order", "--readings", "8"]);
    assert_eq!((&survived["verdict"], &survived["error"]), (&json!("survived"), &json!("0")));
    assert_eq!(survived["first_unseen"], Value::Null);
    let random = |seed: &str| {
        answer(&["barrier", "blowup", "--cnf", &file, "--solver", "random", "--readings", "3", "--seed", seed], 1)
    };
    assert_eq!(random("7"), random("7"));
    assert!((0..9).any(|seed| random(&seed.to_string()) != random("7")));
    let (code, stdout, _) = certinet(&["barrier", "blowup", "--cnf", &file, "--solver", "order"]);
    assert_eq!(code, 1);
    assert!(stdout.contains("refuted") && stdout.contains("a bump in every other cell: 7 models"), "{stdout}");
}

#[test]
fn bad_input_is_one_line() {
    let folder = Folder::new();
    let bad = folder.file("bad.cnf", "p cnf 3 1\n1 4 0\n");
    let small = folder.file("small.cnf", SMALL);
    let wide = folder.file("wide.cnf", "p cnf 50 1\n1 2 0\n");
    let wider = folder.file("wider.cnf", "c\np cnf 63 1\n1 2 0\n");
    let (missing, picture) = (folder.path("missing.cnf"), folder.path("a.svg"));
    for (arguments, words) in [
        (vec!["--cnf", &bad], vec!["line 2", "'4' is no literal; accepted are numbers from 1 to 3"]),
        (vec!["--cnf", &wider], vec!["line 2", "63 variables; at most 62 are accepted"]),
        (vec!["--cnf", &wide], vec!["1,125,899,906,842,624 evaluations", "wide.cnf", "give --evaluations"]),
        (vec!["--cnf", &missing], vec!["there is no such file"]),
        (vec!["--cnf", &small, "--output", &small], vec!["the file to write is the file to read"]),
        (vec!["--cnf", &small, "--problem", "cube"], vec!["cube", "interval, disk, laplace, diffusion"]),
        (vec!["--cnf", &small, "--evaluations", "-1"], vec!["-1"]),
        (vec!["--cnf", &small, "--steps", "0"], vec!["whole numbers from 1 to 1024"]),
        (vec!["--cnf", &small, "--readings", "3"], vec!["--solver"]),
        (vec!["--cnf", &small, "--solver", "order", "--evaluations", "3"], vec!["--evaluations"]),
        (vec!["--cnf", &small, "--solver", "order", "--readings", "9999999"], vec!["whole numbers from 0 to 262144"]),
        (vec!["--variables", "4..3"], vec!["4..3", "ranges A..B with A <= B <= 30"]),
        (vec!["--variables", "0..3"], vec!["whole numbers from 1 to 30"]),
        (vec!["--variables", "1..31"], vec!["whole numbers from 1 to 30"]),
        (vec!["--variables", ".."], vec!["whole numbers from 1 to 30"]),
        (vec!["--variables", "3", "--cnf", &small], vec!["--variables", "--cnf"]),
        (vec!["--variables", "3", "--solver", "order"], vec!["--variables", "--solver"]),
        (vec!["--variables", "3", "--steps", "2"], vec!["--variables", "--steps"]),
        (vec!["--cnf", &small, "--seed", "3"], vec!["--variables"]),
        (vec!["--cnf", &small, "--plot", &picture], vec!["--plot", "--cnf"]),
        (vec!["--variables", "3", "--plot", &picture, "--output", &picture], vec!["the picture would be written over"]),
        (vec![], vec!["--cnf"]),
    ] {
        let arguments: Vec<&str> = ["barrier", "blowup"].into_iter().chain(arguments.iter().map(|w| &**w)).collect();
        let line = refusal(folder.0.path(), &arguments);
        for word in words {
            assert!(line.contains(word), "{arguments:?}: {line}");
        }
    }
}
