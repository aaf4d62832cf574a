//! The interval experiment: diameters of solution sets from both sides, as the command prints them.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use std::fs;

use certinet::arith::Rational;
use certinet::barrier::intervals::{Centre, IntervalMatrix, PROBLEMS};
use certinet::linalg::Matrix;
use command::{json_of, number, refusal};
use folder::Folder;
use serde_json::{Value, json};
use session::certinet;

fn r(p: i64, q: i64) -> Rational {
    Rational::ratio(p, q)
}

fn square(x: &Rational) -> Rational {
    x * x
}

fn matrix(value: &Value) -> Vec<Vec<Rational>> {
    value.as_array().unwrap().iter().map(|row| row.as_array().unwrap().iter().map(number).collect()).collect()
}

/// The point n / a_j e_j for the largest a_j of two numbers, which must differ, none below 0.
fn on_axis(a: &[Rational], n: &Rational) -> Vec<Rational> {
    assert!(!a[0].is_negative() && !a[1].is_negative() && a[0] != a[1]);
    let first = a[0] > a[1];
    (0..2).map(|j| if (j == 0) == first { n / &a[j] } else { Rational::zero() }).collect()
}

/// The inverse of a regular matrix of size 2 from its adjugate.
fn inverse(a: &[Vec<Rational>]) -> Vec<Rational> {
    let size = &a[0][0] * &a[1][1] - &a[0][1] * &a[1][0];
    [&a[1][1], &-&a[0][1], &-&a[1][0], &a[0][0]].map(|x| x / &size).to_vec()
}

/// The minimiser for s != 0 up to 2^-400, by halving: f' changes its sign once in (-2, -1) for s > 0, else in (1, 2).
fn lowest(s: &Rational) -> Rational {
    let sign = Rational::from(s.signum());
    let (mut lo, mut hi) = (r(-2, 1), r(-1, 1));
    for _ in 0..400 {
        let middle = (&lo + &hi).scale_by_power_of_two(-1);
        let slope = (&middle * &middle * &middle - &middle) * r(4, 1) + s.abs();
        if slope.is_positive() { hi = middle } else { lo = middle }
    }
    lo * sign
}

/// The only solution for a member, computed here once more.
fn solution(problem: &str, member: &[Vec<Rational>]) -> Vec<Rational> {
    match problem {
        "l1" => on_axis(&member[0], &(&member[0][2] - &r(1, 8))),
        "lp" => on_axis(&member[0], &member[0][2]),
        "pseudoinverse" => inverse(member),
        "optimiser" => vec![lowest(&member[0][0])],
        _ => {
            let product: Rational = member[0].iter().zip(&member[1]).map(|(w, x)| w * x).sum();
            vec![Rational::from(u8::from(!product.is_negative()))]
        }
    }
}

#[test]
fn every_number_of_the_default_run_is_a_theorem() {
    let found = json_of(&["barrier", "interval"]);
    let rows = found["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2 * 5 * 8);
    for row in rows {
        let (name, bits) = (row["problem"].as_str().unwrap(), row["bits"].as_u64().unwrap() as u32);
        let problem = PROBLEMS.into_iter().find(|problem| problem.name() == name).unwrap();
        let critical = row["centre"] == "critical";
        let centre = if critical { Centre::Critical } else { Centre::Regular };
        let interval = IntervalMatrix::around(problem.centre(centre), bits);
        let lower = number(&row["diameter_squared_lower"]);
        let place = format!("{name}, {}, {bits}", row["centre"]);
        // The members lie in the interval; their distance, from other code, is what is printed.
        if let Value::Array(members) = &row["members"] {
            let members: Vec<Vec<Vec<Rational>>> = members.iter().map(matrix).collect();
            assert!(members.iter().all(|member| interval.contains(&Matrix::new(member.clone()).unwrap())), "{place}");
            let [x, y] = [0, 1].map(|i| solution(name, &members[i]));
            let distance: Rational = x.iter().zip(&y).map(|(x, y)| square(&(x - y))).sum();
            let slack = if name == "optimiser" { Rational::power_of_two(-200) } else { Rational::zero() };
            assert!(lower <= &distance + &slack && lower >= distance - Rational::power_of_two(-60), "{place}");
        } else {
            assert!(lower.is_zero(), "{place}");
        }
        // Formulas for the diameters, derived by hand.
        let radius = Rational::power_of_two(-i64::from(bits));
        let one = Rational::one();
        let upper = row["diameter_squared_upper"].as_str().map(|text| text.parse::<Rational>().unwrap());
        assert_eq!(row["unbounded"], json!(name == "pseudoinverse" && (critical || bits == 1)), "{place}");
        let expected = match (name, critical) {
            ("l1", true) => Some((square(&(r(7, 8) + &radius)), square(&((r(7, 8) + &radius) / (&one - &radius))))),
            ("lp", true) => Some((square(&(&one + &radius)), square(&((&one + &radius) / (&one - &radius))))),
            _ => None,
        };
        if let Some((least, most)) = expected {
            assert_eq!((lower.clone(), upper.clone()), (&least + &least, Some(&most + &most)), "{place}");
        }
        if name == "pseudoinverse" && !critical && bits >= 2 {
            let expected = &radius * &r(10, 1) / (&one - &radius * r(3, 1));
            assert_eq!(upper, Some(square(&expected)), "{place}");
        }
        let range = |n: &Rational| (n + &radius) / (&one - &radius) - (n - &radius) / (&one + &radius);
        if (name == "l1" || name == "lp") && !critical && bits >= 3 {
            let width = range(&if name == "l1" { r(7, 8) } else { one.clone() });
            assert_eq!((lower.clone(), upper.clone()), (square(&width), Some(square(&width))), "{place}");
        }
        if name == "classifier" {
            let both = Rational::from(u8::from(critical || bits < 3));
            assert_eq!((lower.clone(), upper.clone()), (both.clone(), Some(both)), "{place}");
        }
        if name == "optimiser" && critical {
            let width = lowest(&radius) * r(-2, 1);
            let near = |x: &Rational| (x - square(&width)).abs() <= Rational::power_of_two(-60);
            assert!(near(&lower) && near(upper.as_ref().unwrap()) && lower > r(4, 1), "{place}");
        }
        if name == "optimiser" && !critical && bits >= 2 {
            let width = lowest(&(r(1, 2) - &radius)) - lowest(&(r(1, 2) + &radius));
            let upper = upper.clone().unwrap().sqrt_up(600);
            assert!(upper >= width && upper <= width + Rational::power_of_two(-60 - i64::from(bits)), "{place}");
        }
        // Decimals are rounded to the safe side.
        let decimal = |key: &str| row[key].as_str().map(|text| square(&text.parse::<Rational>().unwrap()));
        assert!(decimal("diameter_lower").unwrap() <= lower, "{place}");
        assert_eq!(decimal("diameter_upper").is_some(), upper.is_some(), "{place}");
        if let (Some(decimal), Some(upper)) = (decimal("diameter_upper"), upper) {
            assert!(decimal >= upper && lower <= upper, "{place}");
        }
    }
    let rates = found["rates"].as_array().unwrap();
    let rate =
        |key: &str| rates.iter().map(|rate| rate[key].as_str().unwrap().parse().unwrap()).collect::<Vec<Rational>>();
    // (7/8 + 1) 2, 10, 4, 2 / (12 x^2 - 4) at the minimiser for s = 1/2, and none.
    for (rate, most) in
        rate("regular_rate_upper").iter().zip([r(376, 100), r(1001, 100), r(401, 100), r(22, 100), r(0, 1)])
    {
        assert!(*rate <= most && *rate >= most * r(9, 10), "{rate}");
    }
    let critical = rate("critical_diameter_lower");
    assert!(critical[0] > r(1237, 1000) && critical[2] > r(1414, 1000));
    assert!(critical[1] > Rational::power_of_two(200));
    // The minimisers at s = 2^-200 are beyond 1 by 2^-203, which decimals do not show.
    assert!(critical[3] >= r(2, 1) && critical[4] == Rational::one());
}

#[test]
fn rows_are_chosen() {
    let bits = |more: &[&str]| -> Vec<u64> {
        let found = json_of(&[&["barrier", "interval", "--problem", "lp"], more].concat());
        let rows = found["rows"].as_array().unwrap();
        assert!(rows.iter().all(|row| row["problem"] == "lp"));
        let (critical, regular) = rows.split_at(rows.len() / 2);
        assert!(critical.iter().all(|row| row["centre"] == "critical"));
        let of = |rows: &[Value]| rows.iter().map(|row| row["bits"].as_u64().unwrap()).collect::<Vec<_>>();
        assert_eq!(of(critical), of(regular));
        of(critical)
    };
    assert_eq!(bits(&[]), [1, 2, 5, 10, 20, 50, 100, 200]);
    assert_eq!(bits(&["--to", "300"]), [1, 2, 5, 10, 20, 50, 100, 200, 300]);
    assert_eq!(bits(&["--from", "3", "--to", "9", "--step", "4"]), [3, 7, 9]);
    assert_eq!(bits(&["--from", "10", "--to", "10"]), [10]);
    assert_eq!(bits(&["--from", "9", "--to", "10000"]), [9, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000]);
}

#[test]
fn the_table_says_what_is_proved() {
    let (code, text, _) = certinet(&["barrier", "interval", "--to", "20"]);
    assert_eq!(code, 0);
    for words in [
        "minimise ||x||_1 over |a.x - y| <= 1/8",
        "critical: diameter for every k <= 20",
        "unbounded",
        "Every number is proved for all data that agree with k bits of the centre.",
    ] {
        assert!(text.contains(words), "{text}");
    }
    let (_, csv, _) = certinet(&["barrier", "interval", "--problem", "classifier", "--to", "5", "--format", "csv"]);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "problem,centre,k,diameter at least,diameter at most");
    assert_eq!(
        lines[1..],
        [
            "classifier,critical,1,1,1",
            "classifier,critical,2,1,1",
            "classifier,critical,5,1,1",
            "classifier,regular,1,1,1",
            "classifier,regular,2,1,1",
            "classifier,regular,5,0,0",
        ]
    );
}

#[test]
fn diameters_are_drawn() {
    let folder = Folder::new();
    let (svg, json) = (folder.path("a.svg"), folder.path("a.json"));
    let (code, stdout, _) = certinet(&["barrier", "interval", "--plot", &svg, "--output", &json, "--format", "json"]);
    assert_eq!((code, stdout.as_str()), (0, ""));
    let text = fs::read_to_string(&svg).unwrap();
    assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"));
    for words in ["l1", "pseudoinverse", "lp", "optimiser", "classifier", "log2 of the diameter"] {
        assert!(text.contains(words), "{words}");
    }
    // One dot a regular row with a bound above 0, in two panels, and one in the legend.
    let written: Value = serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
    let rows = written["rows"].as_array().unwrap();
    let dots = rows
        .iter()
        .filter(|row| row["centre"] == "regular" && row["diameter_upper"].as_str().is_some_and(|d| d != "0"));
    assert_eq!(text.matches("<circle").count(), 2 * dots.count() + 1);
    // Neither file appears when one cannot be written.
    let (missing, other) = (folder.path("none/b.svg"), folder.path("b.json"));
    for arguments in [
        ["barrier", "interval", "--plot", &missing, "--output", &other],
        ["barrier", "interval", "--plot", &folder.path("b.svg"), "--output", &folder.path("none/b.json")],
    ] {
        assert!(refusal(folder.0.path(), &arguments).contains("none does not exist"));
    }
    assert!(refusal(folder.0.path(), &["barrier", "interval", "--plot", &missing]).contains("none does not exist"));
    // A picture is not written over the result, whether that file exists or not.
    let old = folder.file("old.svg", "old");
    for (plot, output) in [(folder.path("./b.svg"), folder.path("b.svg")), (folder.path("./old.svg"), old.clone())] {
        let line = refusal(folder.0.path(), &["barrier", "interval", "--plot", &plot, "--output", &output]);
        assert!(line.contains("the picture would be written over"), "{line}");
    }
    assert_eq!(fs::read_to_string(&old).unwrap(), "old");
}

#[test]
fn bad_input_is_one_line() {
    let folder = Folder::new();
    for (arguments, words) in [
        (vec!["--from", "30", "--to", "20"], vec!["the smallest k is 30, the largest 20", "--from"]),
        (vec!["--to", "0"], vec!["whole numbers from 1 to 10000"]),
        (vec!["--to", "10001"], vec!["whole numbers from 1 to 10000"]),
        (vec!["--step", "0"], vec!["whole numbers from 1 to 10000"]),
        (vec!["--to", "10000", "--step", "2"], vec!["add up to 25,010,000", "--step", "give a larger step"]),
        (vec!["--problem", "sort"], vec!["sort", "l1, pseudoinverse, lp, optimiser, classifier, all"]),
        (vec!["--plot", "a.png"], vec!["end in .svg"]),
    ] {
        let arguments: Vec<&str> = ["barrier", "interval"].into_iter().chain(arguments).collect();
        let line = refusal(folder.0.path(), &arguments);
        for word in words {
            assert!(line.contains(word), "{arguments:?}: {line}");
        }
    }
}
