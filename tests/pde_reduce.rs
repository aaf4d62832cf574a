//! `certinet pde reduce`: bounds above true errors, artefacts, pictures, refusals.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use std::fs;

use certinet::arith::{Rational, SplitMix64};
use certinet::pde::reduced::{Checked, Goal, ReducedModel, Setting, approx_greedy, approx_training_set};
use certinet::pde::{Certified, Coefficient, DiscreteProblem, Grid, Load, Shape};
use command::{json_of, number, refusal};
use folder::Folder;
use serde_json::{Value, json};
use session::certinet;

fn reduce(options: &[&str]) -> Value {
    json_of(&[&["pde", "reduce", "--grid", "13"], options].concat())
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[test]
fn bounds_lie_above_true_errors_and_near_them() {
    let grid = Grid::new(33).unwrap();
    let coefficient = Coefficient::new(Shape::Chessboard { blocks: 2 }, Rational::ratio(1, 10), false, grid).unwrap();
    let load = Load::published();
    let problem = DiscreteProblem::new(coefficient.clone(), &load).unwrap();
    let setting = Setting::new(&coefficient, &load).unwrap();
    let training = approx_training_set(&coefficient, 200, 1);
    let all = approx_greedy(&setting, &training, &Goal { dimension: 24, error: None }).unwrap();
    let mut below = 0;
    for dimension in [4, 8, 12, 16, 20, 24] {
        let mut chosen = all.clone();
        chosen.basis.truncate(dimension);
        let model = ReducedModel::new(setting.clone(), &chosen).unwrap();
        let mut ratios = Vec::new();
        for index in 0..8 {
            let mut random = SplitMix64::stream(77, index);
            let y: Vec<Rational> = (0..4).map(|_| random.between(&Rational::zero(), &Rational::one())).collect();
            let checked = Checked::new(&model, &y).unwrap();
            let bound = &checked.reduced.energy_error;
            assert!(!checked.is_violated() && *bound >= *checked.true_error.lo());
            // The norms are nearly those of the whole system.
            let whole = Certified::new(&problem, &y).unwrap();
            let gap = &checked.reduced.energy_norm - &(whole.energy_norm.clone() + bound);
            assert!(!gap.is_positive());
            if *checked.true_error.lo() > Rational::ratio(1, 10_000_000_000) {
                ratios.push(checked.effectivity().unwrap().hi().approx_f64());
            } else {
                below += 1;
            }
        }
        ratios.sort_by(f64::total_cmp);
        if let Some(median) = ratios.get(ratios.len() / 2) {
            assert!((1.0..5.0).contains(median), "dimension {dimension}: median {median}");
        }
    }
    assert!(below > 0, "some errors are below what estimates in doubles can see");
}

#[test]
fn records_and_artefacts() {
    let folder = Folder::new();
    // An old file gives way.
    let (file, picture) = (folder.file("basis.json", "old"), folder.path("decay.svg"));
    let options =
        ["--reduced-dimension", "10", "--check", "4", "--training", "30", "--output", &file, "--plot", &picture];
    let result = reduce(&options);
    assert_eq!(result["reduced_dimension"], json!(10));
    assert_eq!((&result["method"], &result["error_kind"]), (&json!("greedy"), &json!("sampled")));
    let decay = list(&result["decay"]);
    assert_eq!(decay.len(), 10);
    assert!(decay[9] < decay[0] / 5.0);
    let check = &result["check"];
    assert_eq!((&check["violations"], &check["parameters"]), (&json!(0), &json!(4)));
    let samples = check["samples"].as_array().unwrap();
    let bounds: Vec<Rational> = samples.iter().map(|sample| number(&sample["energy_error_bound"])).collect();
    assert_eq!(bounds.iter().max(), Some(&number(&check["largest_error_bound"])));
    for sample in samples {
        assert!(number(&sample["energy_error_bound"]) >= number(&sample["true_error"][0]));
        assert_eq!(sample["error_kind"], json!("bound"));
    }
    assert!(number(&check["least_effectivity_lower"]) > Rational::ratio(99, 100));
    assert!(fs::read_to_string(picture).unwrap().starts_with("<svg"));

    // The artefact holds V, and its Gram matrix is that of V: sides of the grid, one after another.
    let basis: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let exponent: i64 = basis["exponent"].as_str().unwrap().parse().unwrap();
    let columns: Vec<Vec<Rational>> = basis["basis"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column.as_array().unwrap().iter().map(|m| number(m).scale_by_power_of_two(-exponent)).collect())
        .collect();
    let at = |v: &[Rational], i: usize, j: usize| {
        if (1..=11).contains(&i) && (1..=11).contains(&j) { v[(j - 1) * 11 + i - 1].clone() } else { Rational::zero() }
    };
    let unit = number(&basis["gram"]["unit"]);
    for (j, v) in columns.iter().enumerate() {
        for (k, w) in columns.iter().enumerate() {
            let mut sum = Rational::zero();
            for b in 0..=12 {
                for a in 0..12 {
                    sum += &((at(v, a + 1, b) - at(v, a, b)) * (at(w, a + 1, b) - at(w, a, b)));
                    sum += &((at(v, b, a + 1) - at(v, b, a)) * (at(w, b, a + 1) - at(w, b, a)));
                }
            }
            assert_eq!(&number(&basis["gram"]["entries"][j][k]) * &unit, sum);
        }
    }
    // On a chessboard the a_i add up to 1, so the matrices add up to the Gram matrix.
    let entry = |form: &Value| &number(&form["entries"][1][2]) * &number(&form["unit"]);
    let sum: Rational = basis["matrices"].as_array().unwrap().iter().map(entry).sum();
    assert_eq!(sum, entry(&basis["gram"]));
    assert_eq!(basis["constant"], json!("1/10"));
}

#[test]
fn goals_and_methods() {
    let goal = reduce(&["--error", "1e-3", "--training", "30"]);
    let decay = list(&goal["decay"]);
    assert!(decay.last().unwrap() <= &1e-3 && decay[decay.len() - 2] > 1e-3);
    assert_eq!(goal["reached"], json!(true));
    let pod = reduce(&["--method", "pod", "--error", "1e-3", "--training", "30", "--check", "2"]);
    let decay = list(&pod["decay"]);
    assert!(decay.windows(2).all(|pair| pair[0] > pair[1]) && decay.last().unwrap() <= &1e-3);
    assert_eq!(pod["check"]["violations"], json!(0));
    let open = certinet(&["pde", "reduce", "--grid", "9", "--error", "1e-9", "--reduced-dimension", "3"]);
    assert_eq!(open.0, 3);
    assert!(open.1.contains("was not reached"), "{}", open.1);
    for case in ["cookies", "trigonometric"] {
        let result = reduce(&["--case", case, "--reduced-dimension", "4", "--training", "20", "--check", "2"]);
        assert_eq!(result["check"]["violations"], json!(0), "{case}");
    }
    // One block: one solution spans all, whatever the dimension asked for.
    let line = reduce(&["--blocks", "1", "--check", "2"]);
    assert_eq!(line["reduced_dimension"], json!(1));
    assert!(number(&line["check"]["largest_relative_error_bound"]) < Rational::power_of_two(-30));
}

#[test]
fn refusals() {
    let folder = Folder::new();
    for (options, words) in [
        (vec!["--case", "clipped-polynomial"], "not affine"),
        (vec!["--case", "cookies-variable"], "not affine"),
        (vec!["--load", "0:0:0"], "loads that are not 0"),
        (vec!["--plot", "x.png"], "SVG"),
        (vec!["--reduced-dimension", "0"], "whole numbers from 1 to 256"),
        (vec!["--method", "pod", "--training", "100000"], "too many"),
    ] {
        let text = refusal(folder.0.path(), &[&["pde", "reduce", "--grid", "101"], options.as_slice()].concat());
        assert!(text.contains(words), "{options:?}: {text}");
    }
}
