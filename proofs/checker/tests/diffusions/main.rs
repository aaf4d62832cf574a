//! Certificates of parametric diffusion problems.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../draw/mod.rs"]
mod draw;
#[path = "../grammar/mod.rs"]
mod grammar;
#[path = "../mutate/mod.rs"]
mod mutate;
#[path = "../oracle/mod.rs"]
mod oracle;

mod case;
mod claims;
mod large;
mod leaves;
mod mutants;
mod numbers;
mod parts;
mod writer;

use case::Case;
use certinet_check::Verdict;
use common::{file, sized, verdict};
use draw::Random;
use writer::write;

/// Random problems: boxes, cones, many classes.
fn cases() -> Vec<Case> {
    let mut random = Random(5);
    let mut all: Vec<Case> = (0..24).map(|k| Case::random(&mut random, k % 2 == 0)).collect();
    all.push(Case::of_many_classes(&mut random));
    all
}

#[test]
fn random_problems_are_proved_and_true() {
    for (number, case) in cases().iter().enumerate() {
        let text = file(&sized(&write(case, 1.0).lines()));
        assert_eq!(verdict(&text), Verdict::Verified, "{number}: {case:?}");
        assert_eq!(oracle::is_true(&text), Ok(()), "{number}: {case:?}");
        println!("{number}: n {} p {} d {} {}", case.n, case.parameters(), case.columns, text.lines().nth(4).unwrap());
    }
}

/// The verdict on a large certificate, and its size and time.
fn timed(name: &str, large: &large::Large) {
    let lines = large.lines();
    let text = file(&sized(&lines));
    let start = std::time::Instant::now();
    let found = verdict(&text);
    let time = start.elapsed();
    println!("{name}: {} bytes, {time:?}", text.len());
    assert_eq!(found, Verdict::Verified, "{name}");
    assert!(time.as_secs() < 60, "{name}: {time:?}");
}

#[test]
fn large_certificates_take_seconds() {
    let one = numbers::int(1);
    // Without optimisation less has to do.
    let n = if cfg!(debug_assertions) { 20 } else { 100 };
    let square = |k: usize| {
        let cell = k / 2;
        usize::from(cell % n >= n / 2) + 2 * usize::from(cell / n >= n / 2)
    };
    let class = |i: usize| (0..5).map(|j| if j == 0 || j == i + 1 { one.clone() } else { &one - &one }).collect();
    let chessboard = large::Large {
        n,
        columns: 20,
        fluxes: 20,
        classes: (0..4).map(class).collect(),
        triangles: (0..2 * n * n).map(square).collect(),
        faces: true,
        degree: 8,
        leaves: 10,
        steps: 12,
    };
    timed("chessboard", &chessboard);
    let mut random = Random(1);
    let mut number = || oracle::Q::new(random.between(1, 1 << 40).into(), (1i64 << 40).into());
    let classes = (0..2 * n * n).map(|_| [vec![one.clone()], (0..4).map(|_| number()).collect()].concat()).collect();
    let trigonometric = large::Large {
        classes,
        triangles: (0..2 * n * n).collect(),
        faces: false,
        degree: 6,
        leaves: 40,
        ..chessboard
    };
    timed("trigonometric", &trigonometric);
}
