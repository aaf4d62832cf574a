//! The oracle itself: it does not refute the corpus, and refutes what is false.
#![allow(clippy::unwrap_used)]

mod corpus_files;
mod draw;
mod oracle;

use num_bigint::BigInt;
use num_traits::Zero;
use oracle::{Q, Why, is_true};

/// The certificate with this line instead of the one that begins with the same word.
fn with(text: &str, line: &str) -> String {
    let word = line.split(' ').next().unwrap();
    let mut found = false;
    let lines = text.lines().map(|old| {
        let hit = !found && old.split(' ').next() == Some(word);
        found = found || hit;
        if hit { format!("{line}\n") } else { format!("{old}\n") }
    });
    lines.collect()
}

fn words(text: &str, word: &str) -> Vec<String> {
    let line = text.lines().find(|line| line.split(' ').next() == Some(word)).unwrap();
    line.split(' ').skip(1).map(str::to_owned).collect()
}

fn text_of(name: &str) -> String {
    corpus_files::all().into_iter().find(|file| file.0 == name).unwrap().1
}

#[test]
fn the_corpus_is_not_refuted() {
    for (name, text) in corpus_files::all() {
        let answer = is_true(&text);
        let large = name == "matrix-product-strassen";
        assert_eq!(answer, if large { Err(Why::TooLarge) } else { Ok(()) }, "{name}");
    }
}

#[test]
fn smaller_errors_are_refuted() {
    let mut factors: Vec<(i64, usize)> = Vec::new();
    for (name, text) in corpus_files::all().into_iter().filter(|file| !file.1.contains("\nregions ")) {
        let error: Q = words(&text, "error")[0].parse().unwrap();
        let exact = words(&text, "kind")[0] == "exact";
        if error.is_zero() || name == "matrix-product-strassen" {
            continue;
        }
        // Claims of an attained error: the next lower number is too small. Bounds: how far they are from what is seen.
        let least = |factor: i64| with(&text, &format!("error {}", &error / Q::from(BigInt::from(factor))));
        if exact {
            let lower = &error * Q::new(1_048_575.into(), 1_048_576.into());
            assert!(matches!(is_true(&with(&text, &format!("error {lower}"))), Err(Why::Error(_))), "{name}");
            let higher = with(&text, &format!("error {}", &error * Q::new(5.into(), 4.into())));
            assert!(matches!(is_true(&higher), Err(Why::NotAttained(_))), "{name}");
        }
        let found = (1..12).map(|k| 1i64 << k).find(|&factor| matches!(is_true(&least(factor)), Err(Why::Error(_))));
        let found = found.unwrap_or_else(|| panic!("{name}: no error was found"));
        match factors.iter_mut().find(|entry| entry.0 == found) {
            Some(entry) => entry.1 += 1,
            None => factors.push((found, 1)),
        }
    }
    factors.sort();
    println!("errors that are so many times smaller are refuted, in so many files: {factors:?}");
}

#[test]
fn other_sizes_are_refuted() {
    for (name, text) in corpus_files::all().into_iter().filter(|file| file.0 != "matrix-product-strassen") {
        let word = if text.contains("\nspiking-size ") { "spiking-size" } else { "size" };
        let size: Vec<i64> = words(&text, word).iter().map(|word| word.parse().unwrap()).collect();
        for place in 0..3 {
            let mut other = size.clone();
            other[place] += 1;
            let line = format!("{word} {} {} {}", other[0], other[1], other[2]);
            assert!(matches!(is_true(&with(&text, &line)), Err(Why::Size(..))), "{name}");
        }
    }
}

#[test]
fn other_domains_and_targets_are_refuted() {
    for (name, line) in [
        ("squaring-1", "domain cube 1 0 5/4"),
        ("squaring-1", "domain cube 1 -1/2 1"),
        ("squaring-bound", "domain cube 1 -2 2"),
        ("squaring-centred", "target power 3"),
        ("product-1", "domain box -1 1 -3/2 1"),
        ("product-1", "target multivariate-polynomial 2 1 1 2 0"),
        ("minimum-bound", "domain cube 3 -3 3"),
        ("minimum-2", "target maximum 2"),
        ("median-3", "target minimum 3"),
        ("absolute-value", "target interpolation -1 1 0 0 1 1"),
        ("interpolation", "target interpolation -1 2 0 0 1/2 3 2 -1/2"),
        ("matrix-product-direct", "domain balls 1 2 1 2 2 2"),
        ("matrix-inverse", "domain balls 2 2 7/8"),
        ("matrix-power-3", "target matrix-power 2 4"),
        ("symmetric-inverse", "domain symmetric 2 1/4 2"),
        ("linear-solve-number", "domain symmetric-system 1 1/8 2 2"),
        ("linear-solve-number", "domain symmetric-system 1 1/2 2 8"),
        ("polynomial", "target polynomial 1 -2 1/3 3/4"),
        ("reciprocal", "domain box 1/4 2"),
        ("power-3", "target power 4"),
        ("relu-to-spiking", "domain cube 1 0 5/4"),
        ("relu-to-spiking-product", "target multivariate-polynomial 2 1 1 2 0"),
        ("spiking-minimum", "target maximum 3"),
        ("spiking-from-relu", "coding 0 1 2 0"),
        ("firing-times", "coding 1 0"),
        ("firing-times", "outputs 2 1 3"),
    ] {
        let answer = is_true(&with(&text_of(name), line));
        assert!(matches!(answer, Err(Why::Error(_) | Why::NotAttained(_))), "{name}, {line}: {answer:?}");
    }
}

#[test]
fn senseless_statements_are_refuted() {
    for (name, line) in [
        ("squaring-1", "domain cube 1 1 0"),
        ("squaring-1", "domain cube 2 0 1"),
        ("squaring-1", "domain space 0"),
        ("squaring-1", "domain balls 1 1 1"),
        ("squaring-1", "target reciprocal"),
        ("squaring-1", "norm spectral 2 1"),
        ("squaring-1", "error -1/16"),
        ("median-3", "target median 2"),
        ("interpolation", "target interpolation 1 0 0 1"),
        ("matrix-inverse", "domain balls 2 2 1"),
        ("matrix-inverse", "domain balls 1 4 1/2"),
        ("matrix-inverse", "norm spectral 4 4"),
        ("symmetric-inverse", "domain symmetric 2 0 2"),
        ("symmetric-inverse", "domain symmetric 2 2 1"),
        ("reciprocal", "domain box 0 2"),
        ("linear-solve-number", "domain symmetric-system 1 1 2 -1"),
    ] {
        let answer = is_true(&with(&text_of(name), line));
        assert!(matches!(answer, Err(Why::Senseless(_))), "{name}, {line}: {answer:?}");
    }
}

#[test]
fn texts_outside_the_format_are_refuted() {
    let text = text_of("squaring-1");
    for (from, to) in [
        ("error 1/16", "error 2/32"),
        ("error 1/16", "error 01/16"),
        ("kind exact", "kind  exact"),
        ("kind exact", "kind exact "),
        ("network", "network\n"),
        ("block 2 1 1", "block 2 1 0"),
        ("block 2 1 1 0 0 1 1 0 1", "block 2 1 2 0 0 2 1 0 2"),
        ("block 2 1 1 0 0 1 1 0 1", "block 2 1 1 1 0 1 0 0 1"),
        ("relu 1", "relu 2"),
        ("output 3", "output 7"),
        ("certinet-certificate 1", "certinet-certificate 2"),
    ] {
        assert!(text.contains(from), "{from}");
        let answer = is_true(&text.replacen(from, to, 1));
        assert!(matches!(answer, Err(Why::Unreadable(_))), "{to}: {answer:?}");
    }
}

#[test]
fn changed_weights_are_refuted() {
    // Each weight of each block has its sign changed, or is doubled; the size does not change.
    for name in ["squaring-3", "product-2", "maximum-bound", "interpolation"] {
        let text = text_of(name);
        let (mut all, mut refuted) = (0, 0);
        for (number, line) in text.lines().enumerate().filter(|(_, line)| line.starts_with("block ")) {
            let words: Vec<&str> = line.split(' ').collect();
            for place in (6..words.len()).step_by(3) {
                let mut other: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
                other[place] = (-words[place].parse::<BigInt>().unwrap()).to_string();
                let lines = text.lines().enumerate();
                let changed =
                    lines.map(|(n, old)| if n == number { other.join(" ") + "\n" } else { format!("{old}\n") });
                all += 1;
                refuted += usize::from(is_true(&changed.collect::<String>()).is_err());
            }
        }
        assert_eq!(refuted, all, "{name}");
    }
}

/// Every threshold of a spiking network, and every weight, is needed.
#[test]
fn changed_neurons_are_refuted() {
    for name in ["relu-to-spiking", "spiking-from-relu-published", "spiking-minimum", "spiking-to-relu-tree"] {
        let text = text_of(name);
        let (mut all, mut refuted) = (0, 0);
        for (number, line) in text.lines().enumerate().filter(|(_, line)| line.starts_with("neuron ")) {
            let words: Vec<&str> = line.split(' ').collect();
            for place in std::iter::once(1).chain((3..words.len()).step_by(4)) {
                let mut other: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
                other[place] = (words[place].parse::<Q>().unwrap() * Q::new(3.into(), 2.into())).to_string();
                let lines = text.lines().enumerate();
                let changed =
                    lines.map(|(n, old)| if n == number { other.join(" ") + "\n" } else { format!("{old}\n") });
                all += 1;
                refuted += usize::from(is_true(&changed.collect::<String>()).is_err());
            }
        }
        assert!(all > 2 && refuted == all, "{name}: {refuted} of {all}");
    }
}

/// Windows, several spikes, touching and jumping over the threshold: the rules of firing, by hand.
#[test]
fn the_simulation_fires_by_the_definition() {
    let q = |n: i64| Q::from(BigInt::from(n));
    let arrival = |time: i64, weight: i64, end: Option<i64>| (q(time), q(weight), end.map(q));
    for (threshold, arrivals, expected) in [
        (2, vec![arrival(0, 1, None)], vec![q(2)]),
        (2, vec![], vec![]),
        // The window ends where the threshold is reached, or before.
        (2, vec![arrival(0, 1, Some(2))], vec![q(2)]),
        (3, vec![arrival(0, 1, Some(2))], vec![]),
        // Down and up again.
        (
            2,
            vec![arrival(0, 2, None), arrival(2, -4, None), arrival(6, 6, None)],
            vec![q(1), Q::new(15.into(), 2.into())],
        ),
        // Touches from below and falls.
        (2, vec![arrival(0, 1, None), arrival(2, -2, None)], vec![q(2)]),
        // Twice.
        (1, vec![arrival(0, 1, Some(3)), arrival(5, 1, Some(8))], vec![q(1), q(6)]),
        // An inhibition ends, and the potential jumps over the threshold.
        (1, vec![arrival(0, -1, Some(4)), arrival(2, 1, None)], vec![q(4)]),
    ] {
        assert_eq!(oracle::spiking::fires(&q(threshold), &arrivals), expected, "{arrivals:?}");
    }
}
