//! Certificates of parametric diffusion problems.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../draw/mod.rs"]
mod draw;
#[path = "../oracle/mod.rs"]
mod oracle;

mod case;
mod leaves;
mod numbers;
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
