//! The machine over real numbers: its programs against exact linear algebra and linear programs, and its command.

#![allow(clippy::unwrap_used)]

mod command;
mod folder;
mod session;

use certinet::arith::Rational;
use certinet::barrier::bss::{Ending, Number, Run, RunOptions, Tower, read_number, read_program, run};
use certinet::linalg::{Matrix, inverse, spectral_norm_lower, spectral_norm_upper};
use certinet::programs::{Answer, Column, LinearProgram, Range, Row, Sense, solve};
use command::{json_of, number, refusal};
use folder::Folder;
use proptest::prelude::*;
use serde_json::json;
use session::certinet;

const L1: &str = include_str!("../examples/bss/l1.bss");
const PSEUDOINVERSE: &str = include_str!("../examples/bss/pseudoinverse.bss");
const CLASSIFIER: &str = include_str!("../examples/bss/classifier.bss");
const SPECTRAL_NORM: &str = include_str!("../examples/bss/spectral_norm.bss");

fn run_on(text: &str, input: &[Number], tower: &mut Tower) -> Run {
    let run = run(&read_program(text).unwrap(), input, tower, &RunOptions { steps: 100_000, trace: 0 }).unwrap();
    assert_eq!(run.ending, Ending::Halted);
    run
}

/// The outputs of a program on rational numbers, which are rational.
fn rationals(text: &str, input: &[Rational]) -> Vec<Rational> {
    let input: Vec<Number> = input.iter().cloned().map(Number::from).collect();
    run_on(text, &input, &mut Tower::new()).outputs.iter().map(|x| x.as_rational().unwrap().clone()).collect()
}

/// The outputs of a program on numbers with roots, and their field.
fn reals(text: &str, input: &[&str]) -> (Vec<Number>, Tower) {
    let mut tower = Tower::new();
    let input: Vec<Number> = input.iter().map(|text| read_number(text, &mut tower).unwrap()).collect();
    (run_on(text, &input, &mut tower).outputs, tower)
}

fn pseudoinverse(a: &Matrix) -> Matrix {
    let shape = [a.rows(), a.columns()].map(Rational::from);
    let input: Vec<Rational> = shape.iter().chain(a.entries()).cloned().collect();
    let entries = rationals(PSEUDOINVERSE, &input);
    assert_eq!(entries.len(), a.rows() * a.columns());
    Matrix::from_fn(a.columns(), a.rows(), |j, i| entries[j * a.rows() + i].clone())
}

fn product(factors: &[&Matrix]) -> Matrix {
    factors[1..].iter().fold(factors[0].clone(), |left, right| left.product(right).unwrap())
}

fn matrix(rows: usize, columns: usize) -> impl Strategy<Value = Matrix> {
    proptest::collection::vec((-3i64..=3, 1i64..=3), rows * columns).prop_map(move |list| {
        Matrix::from_fn(rows, columns, |i, j| Rational::ratio(list[i * columns + j].0, list[i * columns + j].1))
    })
}

/// The least 1-norm under |a x - y| <= eps by a linear program over x = p - q; `None` where nothing is feasible.
fn least_norm(a: &[Rational], y: &Rational, eps: &Rational) -> Option<Rational> {
    let range = Range { lower: Some(y - eps), upper: Some(y + eps) };
    let rows = vec![Row { name: "distance".to_owned(), range }];
    let column = |(i, x): (usize, Rational)| Column {
        name: format!("x{i}"),
        cost: Rational::one(),
        range: Range::at_least(Rational::zero()),
        entries: vec![(0, x)],
    };
    let columns = a.iter().flat_map(|x| [x.clone(), -x]).enumerate().map(column).collect();
    let program = LinearProgram::new(Sense::Minimise, Rational::zero(), rows, columns).unwrap();
    match solve(&program) {
        Answer::Optimal { value, .. } => Some(value),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn pseudoinverses_of_every_rank_are_those_of_linear_algebra(
        (b, c) in (1usize..5, 0usize..4, 1usize..5).prop_flat_map(|(n, r, m)| (matrix(n, r), matrix(r, m)))
    ) {
        // The Penrose equations, which have one solution.
        let a = product(&[&b, &c]);
        let p = pseudoinverse(&a);
        let (ap, pa) = (product(&[&a, &p]), product(&[&p, &a]));
        prop_assert_eq!(product(&[&ap, &a]), a.clone());
        prop_assert_eq!(product(&[&pa, &p]), p.clone());
        prop_assert_eq!(ap.transpose(), ap);
        prop_assert_eq!(pa.transpose(), pa);
        // Where B has full column rank and C full row rank: (B C)^+ = C' (C C')^-1 (B' B)^-1 B'.
        let (bt, ct) = (b.transpose(), c.transpose());
        if let (Ok(left), Ok(right)) = (inverse(&product(&[&c, &ct])), inverse(&product(&[&bt, &b]))) {
            prop_assert_eq!(product(&[&ct, &left, &right, &bt]), p);
        }
    }

    #[test]
    fn l1_minimisers_are_those_of_linear_programs(
        list in proptest::collection::vec(-2i64..=2, 2..6), y in -4i64..=4, eps in 0i64..=6, tie in -1i64..=1
    ) {
        // Small integers: ties and zeros are frequent; and a second entry 2^-100 away from the first, or equal to it.
        let mut a: Vec<Rational> = list.into_iter().map(Rational::from).collect();
        a[1] = &a[0] + &(Rational::from(tie) * Rational::power_of_two(-100));
        let (y, eps) = (Rational::from(y), Rational::ratio(eps, 2));
        let input: Vec<Rational> = [y.clone(), eps.clone()].iter().chain(&a).cloned().collect();
        let x = rationals(L1, &input);
        match least_norm(&a, &y, &eps) {
            None => prop_assert!(x.is_empty()),
            Some(least) => {
                prop_assert_eq!(x.len(), a.len());
                let value: Rational = a.iter().zip(&x).map(|(a, x)| a * x).sum();
                prop_assert!((value - &y).abs() <= eps);
                prop_assert_eq!(x.iter().map(Rational::abs).sum::<Rational>(), least);
            }
        }
    }

    #[test]
    fn spectral_norms_lie_between_the_bounds_of_linear_algebra(a in matrix(2, 2)) {
        let (mut tower, input) = (Tower::new(), a.entries().iter().cloned().map(Number::from).collect::<Vec<_>>());
        let outputs = run_on(SPECTRAL_NORM, &input, &mut tower).outputs;
        prop_assert_eq!(outputs.len(), 1);
        let below = |x: Rational, y: &Number| tower.sign(&tower.subtract(y, &Number::from(x)).unwrap());
        prop_assert!(below(spectral_norm_lower(&a, 40), &outputs[0]) >= 0);
        prop_assert!(below(spectral_norm_upper(&a, 40), &outputs[0]) <= 0);
    }
}

#[test]
fn answers_jump_where_the_problem_does() {
    let number = |text: &str| text.parse::<Rational>().unwrap();
    let tiny = Rational::power_of_two(-5000);
    // The minimiser changes its axis at s = 0, exactly.
    let solution = |s: &Rational| rationals(L1, &[number("1"), number("1/8"), number("1"), Rational::one() + s]);
    assert_eq!(solution(&Rational::zero()), [number("7/8"), number("0")]);
    assert_eq!(solution(&-&tiny), [number("7/8"), number("0")]);
    assert_eq!(solution(&tiny), [number("0"), number("7/8") / (Rational::one() + &tiny)]);
    // diag(1, s): 1/s, and 0 at 0.
    let jump = |s: &Rational| pseudoinverse(&Matrix::diagonal(&[Rational::one(), s.clone()]))[(1, 1)].clone();
    assert_eq!([jump(&tiny), jump(&Rational::zero())], [Rational::power_of_two(5000), Rational::zero()]);
    for (s, class) in [(-&tiny, -1), (Rational::zero(), 0), (tiny, 1)] {
        assert_eq!(rationals(CLASSIFIER, &[number("1/3"), number("1/3") + s]), [Rational::from(class)]);
    }
}

#[test]
fn roots_are_inputs_like_others() {
    // A tie that no number of decimals shows: sqrt(2) + sqrt(3) against sqrt(5 + 2 sqrt(6)).
    let entries = ["sqrt(2) + sqrt(3)", "sqrt(5 + 2*sqrt(6))", "sqrt(5 + 2*sqrt(6)) + 2^-300"];
    let (x, tower) = reals(L1, &["-1", "1/2", entries[0], entries[1]]);
    // -1/2 / (sqrt(2) + sqrt(3)) = (sqrt(2) - sqrt(3))/2, at the first of the two.
    assert_eq!((tower.text(&x[0]), x[1].is_zero()), ("1/2*sqrt(2) - 1/2*sqrt(3)".to_owned(), true));
    let (x, tower) = reals(L1, &["-1", "1/2", entries[0], entries[2]]);
    assert!(x[0].is_zero() && tower.sign(&x[1]) < 0);
    let (class, _) = reals(CLASSIFIER, &[entries[0], entries[1]]);
    assert_eq!(class, [Number::zero()]);
    // The singular matrix (1, sqrt 2; sqrt 2, 2) = v v' with v = (1, sqrt 2): its pseudoinverse is itself over 9.
    let (p, tower) = reals(PSEUDOINVERSE, &["2", "2", "1", "sqrt(2)", "sqrt(8)/2", "2"]);
    let texts: Vec<String> = p.iter().map(|x| tower.text(x)).collect();
    assert_eq!(texts, ["1/9", "1/9*sqrt(2)", "1/9*sqrt(2)", "2/9"]);
}

#[test]
fn programs_answer_nothing_where_there_is_no_answer() {
    let none: [&[&str]; 4] = [&["2", "2", "1"], &["1/2", "2", "1"], &["-1", "1", "1"], &["2"]];
    for input in none {
        assert!(reals(PSEUDOINVERSE, input).0.is_empty(), "{input:?}");
    }
    assert!(reals(L1, &["1", "-1", "1", "1"]).0.is_empty() && reals(L1, &["1", "1/2", "0", "0"]).0.is_empty());
}

#[test]
fn the_command_prints_outputs_counts_and_traces() {
    let file = "examples/bss/spectral_norm.bss";
    let answer = json_of(&["barrier", "bss", file, "--input", "1,2,3,4"]);
    assert_eq!(answer["status"], json!("halted"));
    let output =
        json!({"exact": "sqrt(15 + sqrt(221))", "lower": "5.4649857042190426504", "upper": "5.4649857042190426505"});
    assert_eq!(answer["outputs"], json!([output]));
    assert_eq!(answer["roots"], json!(["221", "15 + sqrt(221)"]));
    let counts = [&answer["steps"], &answer["operations"]["square_roots"]].map(number);
    assert_eq!(counts, [34, 2].map(Rational::from));
    let answer = json_of(&["barrier", "bss", "examples/bss/classifier.bss", "--input", "-1,-1", "--trace"]);
    assert_eq!(answer["trace"][0], json!({"line": 9, "instruction": "difference := in[1] - in[0]", "value": "0"}));
    assert_eq!(answer["trace"].as_array().unwrap().len(), 5);
}

#[test]
fn runs_without_an_end_are_open() {
    let folder = Folder::new();
    let file = folder.file("loop.bss", "output 1\nl: goto l\n");
    let (code, stdout, stderr) = certinet(&["barrier", "bss", &file, "--steps", "20"]);
    assert_eq!((code, stderr.as_str()), (3, ""));
    assert!(stdout.contains("the program does not halt within 20 steps, line 2"), "{stdout}");
}

#[test]
fn bad_input_is_one_line() {
    let folder = Folder::new();
    let good = folder.file("good.bss", "real x\nx := 1 / in[0]\noutput x\nhalt\n");
    let bad = folder.file("bad.bss", "real x\ny := 1\nhalt\n");
    for (arguments, words) in [
        (vec![&*good, "--input", "0"], vec!["line 2: division by zero", "good.bss", "accepted"]),
        (vec![&*good, "--input", "1,,2"], vec!["entry 2", "accepted are 1/2"]),
        (vec![&*good, "--input", "1,sqrt(-1)"], vec!["entry 2", "negative"]),
        (vec![&*good, "--steps", "0"], vec!["--steps"]),
        (vec![&*bad, "--input", "0"], vec!["line 2: 'y' is not declared", "bad.bss"]),
        (vec![&*bad, "--output", &*bad], vec!["--output"]),
    ] {
        let all: Vec<&str> = ["barrier", "bss"].into_iter().chain(arguments).collect();
        let line = refusal(folder.0.path(), &all);
        assert!(words.iter().all(|word| line.contains(word)), "{line}");
    }
}

#[test]
fn without_a_program_the_examples_run_beside_what_a_digital_computer_reads() {
    let rows = json_of(&["barrier", "bss"]);
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 4);
    let distance = |row: &serde_json::Value| number(&row["digital"]["distance"]["lower"]);
    for row in rows {
        // Where the solution jumps, 64 bits do not help; where it is continuous, they do.
        let continuous = row["program"] == "spectral_norm";
        assert_eq!(distance(row) < Rational::power_of_two(-60), continuous, "{row}");
        assert!(continuous || distance(row) >= Rational::one());
        let name = format!("examples/bss/{}.bss", row["program"].as_str().unwrap());
        let alone = json_of(&["barrier", "bss", &name, "--input", row["input"].as_str().unwrap(), "--bits", "64"]);
        assert_eq!((&alone["outputs"], &alone["digital"]), (&row["outputs"], &row["digital"]));
    }
    // Enough bits tell the inputs apart, where they differ.
    let rows = json_of(&["barrier", "bss", "--bits", "80"]);
    let far: Vec<_> = rows.as_array().unwrap().iter().filter(|row| distance(row) > Rational::ratio(1, 100)).collect();
    assert!(far.is_empty(), "{far:?}");
}

#[test]
fn rounded_inputs_are_near_and_may_have_no_value() {
    let mut tower = Tower::new();
    for text in ["sqrt(2)", "1/3", "-sqrt(3)*1000", "0", "sqrt(5)-sqrt(6)", "2^-90", "123456789/7"] {
        let number = read_number(text, &mut tower).unwrap();
        for bits in [0, 1, 7, 64, 300] {
            let read = tower.approximation(&number, bits);
            assert!(read.dyadic_exponent().unwrap() <= u64::from(bits));
            let difference = tower.subtract(&number, &Number::from(read)).unwrap();
            let (low, high) = tower.enclosure(&difference, 10);
            assert!(
                low.abs().max(high.abs()) <= Rational::power_of_two(-i64::from(bits)) * Rational::ratio(1025, 1024)
            );
        }
    }
    let folder = Folder::new();
    let program = folder.file("inverse.bss", "real x\nx := 1 / in[0]\noutput x\nhalt\n");
    let line = refusal(folder.0.path(), &["barrier", "bss", &program, "--input", "2^-20", "--bits", "10"]);
    assert!(line.contains("on the rounded input") && line.contains("more --bits"), "{line}");
    assert!(refusal(folder.0.path(), &["barrier", "bss", "--input", "1"]).contains("PROGRAM"));
    assert!(refusal(folder.0.path(), &["barrier", "bss", &program, "--bits=-1"]).contains("--bits"));
}
