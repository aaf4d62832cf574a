//! Certificates about linear programs: each condition accepted and rejected, small ones against brute force.
#![allow(clippy::unwrap_used)]

mod standalone;

use certinet_check::Verdict;
use standalone::{rejected, verdict};

/// Minimise 1 + 2 x - y over x + y <= 3, 0 <= x - y/2, x >= 0, y in [-4, 5/2]: x = y = 0, the value 1.
const OPTIMUM: [&str; 10] = [
    "certinet-certificate 1 program",
    "program minimum 1",
    "rows 2",
    "row - 3",
    "row 0 -",
    "columns 2 1",
    "column 2 0 - 0 1 1 1",
    "column -1 -4 5/2 0 1 1 -1/2",
    "point 1 0 0",
    "multipliers 1 0 2",
];

fn optimum() -> Vec<&'static str> {
    OPTIMUM.into_iter().chain(["qed"]).collect()
}

const INFEASIBLE: [&str; 8] = [
    "certinet-certificate 1 program",
    "program infeasible",
    "rows 1",
    "row 7 -",
    "columns 2 0",
    "column 0 - 3 0 1",
    "column 0 0 3/2 0 2",
    "multipliers 3 3",
];

const UNBOUNDED: [&str; 9] = [
    "certinet-certificate 1 program",
    "program unbounded-above",
    "rows 1",
    "row -1 1",
    "columns 2 0",
    "column 1 0 - 0 1",
    "column 0 0 - 0 -1",
    "point 2 1 1",
    "ray 1 1 1",
];

#[test]
fn optima() {
    rejected(
        &optimum(),
        &[
            ("program minimum 1", "program minimum 2", "program: it does not hold that the point has the value V"),
            ("program minimum 1", "program maximum 1", "the multipliers"),
            ("program minimum 1", "program unbounded-below", "program: "),
            ("program minimum 1", "program about 1", "statement: 'about' is not said of programs"),
            ("row 0 -", "row 1 -", "the ranges of all rows"),
            ("row 0 -", "row -1 -", "the multipliers bound the values by V"),
            ("row 0 -", "row - 0", "no end that is missing"),
            ("row - 3", "row - -1", "the ranges of all rows"),
            ("column 2 0 - 0 1 1 1", "column 2 0 - 1 1 0 1", "the rows of a column increase"),
            ("column 2 0 - 0 1 1 1", "column 2 0 - 0 1 2 1", "there are rows 0 to 2"),
            ("column 2 0 - 0 1 1 1", "column 1 0 - 0 1 1 1", "no end that is missing"),
            ("columns 2 1", "columns 2 2", "the point has the value V"),
            ("columns 2 1", "columns 1 1", "program: "),
            ("point 1 0 0", "point 1 -1 0", "the ranges of all columns"),
            ("point 1 0 0", "point 1 1 1", "the point has the value V"),
            ("point 1 0 0", "point 1 0", "the line ends"),
            ("point 1 0 0", "point 0 0 0", "D > 0"),
            ("point 1 0 0", "point -1 0 0", "D > 0"),
            ("multipliers 1 0 2", "multipliers 1 0 1", "the multipliers bound"),
            ("multipliers 1 0 2", "multipliers 1 1 2", "no end that is missing"),
            ("multipliers 1 0 2", "multipliers 2 0 2", "the multipliers bound"),
            ("multipliers 1 0 2", "multipliers 1 0 3", "no end that is missing"),
            ("multipliers 1 0 2", "multipliers 0 0 0", "D > 0"),
            ("multipliers 1 0 2", "multipliers 1 0 2 0", "program: "),
            ("qed", "qed 1", "qed: "),
        ],
    );
}

#[test]
fn infeasible_programs() {
    let lines: Vec<&str> = INFEASIBLE.into_iter().chain(["qed"]).collect();
    rejected(
        &lines,
        &[
            ("row 7 -", "row 6 -", "the multipliers show 0 > 0"),
            ("row 7 -", "row - 7", "no end that is missing"),
            ("column 0 - 3 0 1", "column 0 - 4 0 1", "the multipliers show 0 > 0"),
            ("column 0 - 3 0 1", "column 0 - 3 0 -1", "no end that is missing"),
            ("multipliers 3 3", "multipliers 3 0", "the multipliers show 0 > 0"),
            ("multipliers 3 3", "multipliers 3 -3", "no end that is missing"),
        ],
    );
    // Costs play no part.
    let mut costs = lines.clone();
    costs[5] = "column 100 - 3 0 1";
    assert_eq!(verdict(&costs), Verdict::Verified);
}

#[test]
fn unbounded_programs() {
    let lines: Vec<&str> = UNBOUNDED.into_iter().chain(["qed"]).collect();
    rejected(
        &lines,
        &[
            ("program unbounded-above", "program unbounded-below", "the objective improves along the ray"),
            ("row -1 1", "row 1/2 1", "the ranges of all rows"),
            ("column 1 0 - 0 1", "column 1 0 9 0 1", "the ray stays in all ranges"),
            ("column 1 0 - 0 1", "column 1 0 - 0 2", "the ray stays in all ranges"),
            ("column 1 0 - 0 1", "column 0 0 - 0 1", "the objective improves along the ray"),
            ("point 2 1 1", "point 2 -1 1", "the ranges of all columns"),
            ("ray 1 1 1", "ray 1 1 0", "the ray stays in all ranges"),
            ("ray 1 1 1", "ray 1 -1 -1", "the ray stays in all ranges"),
            ("ray 1 1 1", "ray 1 0 0", "the objective improves along the ray"),
        ],
    );
}

/// Whatever small numbers stand in the proof and the value: what is accepted is true on a grid.
#[test]
fn what_is_accepted_is_true() {
    let mut accepted = 0;
    for value in -3..=3 {
        for x in 0..=3 {
            for y in -4..=2 {
                for m in -3..=3 {
                    let (goal, point, multipliers) = (
                        format!("program minimum {value}"),
                        format!("point 1 {x} {y}"),
                        format!("multipliers 1 0 {m}"),
                    );
                    let mut lines = optimum();
                    (lines[1], lines[8], lines[9]) = (&goal, &point, &multipliers);
                    if verdict(&lines) == Verdict::Verified {
                        accepted += 1;
                        // Halves of the grid hold the vertices of the program.
                        let feasible =
                            |x2: i64, y2: i64| x2 + y2 <= 6 && 2 * x2 - y2 >= 0 && x2 >= 0 && (-8..=5).contains(&y2);
                        let values = (0..=20).flat_map(|x2| (-8..=5).map(move |y2| (x2, y2)));
                        let least = values.filter(|&(x2, y2)| feasible(x2, y2)).map(|(x2, y2)| 2 + 2 * x2 - y2).min();
                        assert_eq!(least, Some(2 * value));
                        assert!(feasible(2 * x, 2 * y) && 1 + 2 * x - y == value);
                    }
                }
            }
        }
    }
    assert!(accepted > 0);
}

#[test]
fn long_sums_end() {
    // Coprime denominators of many bits: the sum is refused before it is long.
    let mut lines: Vec<String> =
        ["certinet-certificate 1 program", "program minimum 0", "rows 1", "row - -"].map(str::to_owned).to_vec();
    let count = 200;
    lines.push(format!("columns {count} 0"));
    for k in 0..count {
        lines.push(format!("column 0 0 - 0 1/{}{}1", 3 + 7 * k, "0".repeat(6000)));
    }
    lines.push(format!("point 1{}", " 1".repeat(count)));
    lines.push("multipliers 1 0".to_owned());
    lines.push("qed".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    match verdict(&lines) {
        Verdict::Rejected { why, .. } => assert!(why.contains("2^20 bits"), "{why}"),
        other => panic!("{other}"),
    }
}
