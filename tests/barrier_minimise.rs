//! `certinet barrier minimise`: results, certificates that the independent checker reads, refusals.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use std::fs;

use certinet::arith::Rational;
use certinet::barrier::l1::{Claims, Instance, Solution, solve, write_certificate};
use certinet::linalg::Matrix;
use certinet_check::{Verdict, check};
use command::{json_of, number, refusal};
use folder::Folder;
use serde_json::{Value, json};
use session::certinet;

fn minimise(options: &[&str]) -> Value {
    let result = json_of(&[&["barrier", "minimise"], options].concat());
    digits_agree(&result, "value");
    if !result["distance_squared"].is_null() {
        digits_agree(&result, "distance_squared");
    }
    result
}

/// A number of a result: a + b sqrt(q).
fn parts(value: &Value) -> (Rational, Rational, u64) {
    let text = value.as_str().unwrap();
    let Some(text) = text.strip_suffix(')') else { return (number(value), Rational::zero(), 0) };
    let (front, q) = text.split_once("sqrt(").unwrap();
    let (a, b) = front.rsplit_once(' ').map_or(("0", front.to_owned()), |(a, b)| match a.strip_suffix(" -") {
        Some(a) => (a, format!("-{b}")),
        None => (a.strip_suffix(" +").unwrap(), b.to_owned()),
    });
    let b = match b.strip_suffix('*') {
        Some(b) => b.parse().unwrap(),
        None => format!("{b}1").parse().unwrap(),
    };
    (a.parse().unwrap(), b, q.parse().unwrap())
}

/// The decimal beside a number is near it.
fn digits_agree(result: &Value, name: &str) {
    let (a, b, q) = parts(&result[name]);
    let decimal: f64 = result[format!("{name}_decimal")].as_str().unwrap().trim_end_matches("...").parse().unwrap();
    let exact = a.approx_f64() + b.approx_f64() * (q as f64).sqrt();
    assert!((exact - decimal).abs() <= 1e-12 * exact.abs().max(1.0), "{result}");
}

fn rational(value: &Value) -> Rational {
    let (a, b, _) = parts(value);
    assert!(b.is_zero());
    a
}

fn points(list: &Value) -> Vec<Vec<Rational>> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|x| x.as_array().unwrap().iter().map(rational).collect()).collect()
}

fn r(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q)
}

#[test]
fn the_minimiser_jumps_with_one_entry() {
    let solve = |second: &str| minimise(&["--rows", &format!("1 {second}"), "--data", "1", "--epsilon", "1/4"]);
    let below = solve("1023/1024");
    assert_eq!(points(&below["minimisers"]), [[r(3, 4), r(0, 1)]]);
    assert_eq!((&below["unique"], &below["face"]), (&json!(true), &json!([{"column": 1, "sign": 1}])));
    let above = solve("1025/1024");
    assert_eq!(points(&above["minimisers"]), [[r(0, 1), r(3, 4) * r(1024, 1025)]]);
    let equal = solve("1");
    let mut corners = points(&equal["minimisers"]);
    corners.sort();
    assert_eq!(corners, [[r(0, 1), r(3, 4)], [r(3, 4), r(0, 1)]]);
    assert_eq!(
        (&equal["unique"], &equal["complete"], rational(&equal["value"])),
        (&json!(false), &json!(true), r(3, 4))
    );
}

#[test]
fn irrational_minimisers_and_distances_are_exact() {
    // |x|_1 over |x - (1, 1)| <= 1/2: both entries 1 - sqrt(2)/4.
    let options = ["--rows", "1 0; 0 1", "--data", "1 1", "--epsilon", "1/2", "--point", "1,1"];
    let result = minimise(&options);
    assert_eq!(parts(&result["value"]), (r(2, 1), r(-1, 2), 2));
    assert_eq!(parts(&result["minimisers"][0][1]), (r(1, 1), r(-1, 4), 2));
    assert_eq!(rational(&result["distance_squared"]), r(1, 4));
    let (code, text, _) = certinet(&[&["barrier", "minimise"], &options[..]].concat());
    assert_eq!(code, 0);
    assert!(text.contains("2 - 1/2*sqrt(2) = 1.292893218813452475"), "{text}");
}

#[test]
fn certificates_are_verified() {
    let folder = Folder::new();
    let file = folder.path("c.cert");
    let name = file.as_str();
    let cases: [(&[&str], u8, &str); 9] = [
        (&["--rows", "1 1 1; 1 1 -2", "--data", "3 1/2", "--epsilon", "1/3", "--point", "1,-1,2"], 0, "answer"),
        (&["--rows", "1 2 3; 3 2 1", "--data", "1 1", "--epsilon", "1/3", "--point=1/7,0,2"], 0, "separation"),
        (&["--rows", "1 0; 0 1", "--data", "1 1", "--epsilon", "1/2", "--point=-1/7,2"], 0, "unique"),
        (&["--rows", "1 1; 1 1", "--data", "1 1", "--point", "0,0"], 0, "separation"),
        (&["--rows", "1 2; 0 0", "--data", "1 2", "--epsilon", "2"], 0, "normal"),
        (&["--rows", "1 2; 0 0", "--data", "1 2", "--epsilon", "199/100"], 1, "infeasible"),
        (&["--rows", "1 2; 2 4", "--data", "1 1"], 1, "infeasible"),
        (&["--nonnegative", "--rows", "1 1 -1; 0 1 1", "--data", "1 1"], 0, "program"),
        (&["--nonnegative", "--rows", "1 2", "--data", "-1"], 1, "program"),
    ];
    for (options, expected, word) in cases {
        let arguments = [&["barrier", "minimise", "--certificate", name], options].concat();
        let (code, stdout, stderr) = certinet(&arguments);
        assert_eq!((code, stderr.as_str()), (expected, ""), "{options:?} {stdout}");
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(word), "{text}");
        assert_eq!(check(text.as_bytes()).unwrap().verdict, Verdict::Verified, "{text}");
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn claims_that_are_not_true_are_rejected() {
    let rows = vec![vec![r(3, 1), r(1, 2), r(-1, 1)], vec![r(1, 1), r(2, 1), r(5, 3)]];
    let instance = Instance::new(Matrix::new(rows).unwrap(), vec![r(2, 1), r(1, 1)], r(1, 5)).unwrap();
    let solution = solve(&instance).unwrap();
    assert!(matches!(&solution, Solution::Optimal(optimum) if optimum.is_unique()));
    let mut bytes = Vec::new();
    let claims = Claims { unique: true, ..Claims::default() };
    write_certificate(&instance, &solution, &claims, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(check(text.as_bytes()).unwrap().verdict, Verdict::Verified);
    // Each integer of the statement and of the proof, changed by one; a change of the matrix might leave it true.
    let mut changed = 0;
    for (at, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !["certinet", "row", "end"].iter().any(|word| line.starts_with(word)))
    {
        for (k, word) in line.split(' ').enumerate().skip(1) {
            let Ok(n) = word.parse::<i128>() else { continue };
            let words = line.split(' ').enumerate();
            let words: Vec<String> =
                words.map(|(i, w)| if i == k { (n + 1).to_string() } else { w.to_owned() }).collect();
            let lines = text.lines().enumerate().map(|(i, l)| if i == at { words.join(" ") } else { l.to_owned() });
            let mutated: String = lines.map(|line| line + "\n").collect();
            let verdict = check(mutated.as_bytes()).unwrap().verdict;
            assert!(matches!(verdict, Verdict::Rejected { .. }), "{mutated}");
            changed += 1;
        }
    }
    assert!(changed > 20, "{changed}");
}

#[test]
fn files_and_inline_problems_agree() {
    let folder = Folder::new();
    let write = |name: &str, text: &str| folder.file(name, text);
    let a = write("a.mtx", "%%MatrixMarket matrix array real general\n2 3\n0.1\n1\n2\n-0.5\n1e-2\n3\n");
    let y = write("y.mtx", "%%MatrixMarket matrix array real general\n2 1\n1\n2\n");
    let s = write("s.mtx", "%%MatrixMarket matrix array real general\n3 1\n0\n1\n0\n");
    let files = minimise(&["--matrix", &a, "--rhs", &y, "--epsilon", "0.1", "--point", &s]);
    let inline =
        minimise(&["--rows", "1/10, 2, 1/100; 1 -1/2 3", "--data", "1, 2", "--epsilon", "1/10", "--point", "0,1,0"]);
    assert_eq!(files, inline);
}

#[test]
fn linear_programs_have_all_their_minimisers() {
    // The instance of Bastounis, Hansen and Vlacic with equal entries: a segment.
    let rows = "2 2 -1 0; 0 0 0 1";
    let result = minimise(&["--nonnegative", "--rows", rows, "--data", "3 0", "--point", "0,0,0,0"]);
    let mut corners = points(&result["minimisers"]);
    corners.sort();
    let (zero, x) = (r(0, 1), r(3, 2));
    assert_eq!(corners, [[&zero, &x, &zero, &zero], [&x, &zero, &zero, &zero]].map(|x| x.map(Clone::clone)));
    assert_eq!(rational(&result["distance_squared"]), r(9, 8));
}

#[test]
fn bad_input_is_one_line() {
    let folder = Folder::new();
    let refused = |options: &[&str]| refusal(folder.0.path(), &[&["barrier", "minimise"], options].concat());
    assert!(refused(&["--data", "1"]).contains("--rows"));
    assert!(refused(&["--rows", "1 2"]).contains("--data"));
    assert!(refused(&["--rows", "1 2; 3", "--data", "1 2"]).contains("option --rows"));
    assert!(refused(&["--rows", "1 a", "--data", "1"]).contains("option --rows, row 1"));
    assert!(refused(&["--rows", "1 2", "--data", "1 2"]).contains("2 entries; the matrix has 1 rows"));
    assert!(refused(&["--rows", "1 2", "--data", "1", "--epsilon", "-1"]).contains("epsilon is -1"));
    assert!(refused(&["--rows", "1 2", "--data", "1", "--point", "1"]).contains("the point has 1 entries"));
    assert!(refused(&["--rows", "1 2", "--data", "1", "--point", "no-such-file"]).contains("option --point"));
    assert!(refused(&["--rows", "1 2", "--data", "1", "--epsilon", "1", "--nonnegative"]).contains("--nonnegative"));
    assert!(refused(&["--rows", "", "--data", ""]).contains("the matrix is"));
    let wide = folder.file("wide.mtx", "%%MatrixMarket matrix coordinate real general\n2 2000 0\n");
    let name = wide.as_str();
    assert!(refused(&["--matrix", name, "--data", "1 2"]).contains("the matrix is 2 x 2000"));
    assert!(refused(&["--matrix", name, "--rhs", name, "--certificate", name]).contains("written over"));
}
