//! Claims are exactly what the rules admit: a little less is rejected where it stands.

use certinet_check::Verdict;
use num_bigint::BigInt;

use crate::case::Case;
use crate::common::{file, sized, verdict};
use crate::numbers::{dyadic, number, power};
use crate::oracle::Q;
use crate::writer::write;

/// The least claims of a line: places of words, the sign of the change, its exponent.
fn tight(keyword: &str) -> Vec<(usize, i64, i64)> {
    let least = |places: std::ops::RangeInclusive<usize>| places.map(|k| (k, -1, -38)).collect::<Vec<_>>();
    match keyword {
        "bounds" => vec![(1, 1, -38), (2, -1, -38), (3, 1, -38), (4, -1, -38), (5, -1, -100), (6, -1, -38)],
        "affine" => vec![(2, 1, -18), (3, -1, -38), (4, -1, -38), (5, -1, -38)],
        "first" => least(1..=3),
        "second" => [vec![(2, 1, -28), (3, -1, -28)], least(4..=9)].concat(),
        "step" => [vec![(4, 1, -28), (5, -1, -28)], least(6..=11)].concat(),
        "conclude" => vec![(2, -1, -38)],
        _ => Vec::new(),
    }
}

#[test]
fn less_than_the_rules_admit_is_rejected() {
    let mut tried = 0;
    for case in crate::cases() {
        let lines = sized(&write(&case, 1.0).lines());
        for (place, line) in lines.iter().enumerate() {
            let words: Vec<&str> = line.split(' ').collect();
            let network = lines.iter().rposition(|line| line.starts_with("output ")).unwrap();
            if place < network {
                continue;
            }
            for (k, sign, e) in tight(words[0]) {
                // Where x or rho is at a bound of the writer, nothing is known.
                let value = number(words[k]);
                if words[0] == "affine" && k == 2 && value >= power(10) {
                    continue;
                }
                let other = dyadic(&(&value + Q::from(BigInt::from(sign)) * power(e)));
                let mut changed: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
                changed[k] = other;
                let mut all = lines.clone();
                all[place] = changed.join(" ");
                match verdict(&file(&all)) {
                    Verdict::Rejected { step, .. } if step == place as u64 + 1 => tried += 1,
                    found => panic!("{found} for word {k} of {line}, now {}", all[place]),
                }
            }
        }
        // E, as a fraction.
        let mut less = lines.clone();
        let error = lines[4].strip_prefix("error ").unwrap();
        let (top, bottom) = error.split_once('/').unwrap_or((error, "1"));
        let error = Q::new(top.parse().unwrap(), bottom.parse().unwrap()) - power(-200);
        less[4] = format!("error {error}");
        let found = verdict(&file(&less)).to_string();
        assert!(found.contains("rule conclude") && found.contains("E >= "), "{found}");
        // rho, as far as doubles know it.
        let found = verdict(&file(&sized_less(&lines, &write(&case, 1.0 - 1e-5).lines()))).to_string();
        let small =
            lines.iter().any(|line| line.starts_with("cells ") && number(line.split(' ').nth(2).unwrap()) < power(-20));
        assert!(small || (found.contains("rule leaf") && found.contains("<= rho^2 m")), "{found}");
    }
    println!("{tried} claims");
    assert!(tried > 500);
}

/// The other lines, with the size of these.
fn sized_less(lines: &[String], other: &[String]) -> Vec<String> {
    other.iter().map(|line| if line == "size ?" { lines[6].clone() } else { line.clone() }).collect()
}

#[test]
fn wrong_lines_are_rejected_for_a_reason() {
    let mut random = crate::draw::Random(77);
    let mut case = Case::random(&mut random, true);
    while case.parameters() < 2 || case.n < 3 {
        case = Case::random(&mut random, true);
    }
    (case.h1, case.levels, case.fluxes, case.cuts) = (true, vec![6, 7, 8], 1, 1);
    let lines = sized(&write(&case, 1.0).lines());
    let at = |word: &str| lines.iter().rposition(|line| line.split(' ').next() == Some(word)).unwrap();
    let n = case.n;
    let line = |word: &str| lines[at(word)].clone();
    let target = lines[1].clone();
    let general = {
        // The first class has all parameters.
        let mut words: Vec<String> = target.split(' ').map(str::to_owned).collect();
        let p = case.parameters();
        words[5..5 + p].iter_mut().for_each(|word| *word = "1".to_owned());
        words[6 + p] = "2".to_owned();
        words.join(" ")
    };
    let cells = line("cells");
    let rejected: Vec<(usize, String, &str)> = vec![
        (1, target.replacen(&format!("diffusion {n} "), "diffusion 1 ", 1), "from 2 to 2048"),
        (1, target.replacen(&format!("diffusion {n} "), "diffusion 2049 ", 1), "from 2 to 2048"),
        (1, target.replacen(&format!("diffusion {n} "), &format!("diffusion {} ", n + 1), 1), "the runs have all"),
        (1, format!("{target} 0"), "is not expected"),
        (1, general, "it does not hold"),
        (2, format!("domain cube {} 1 1", case.parameters()), "positive length"),
        (2, format!("domain cube {} 1 2", case.parameters() + 1), "the domain has p sides"),
        (2, format!("domain cube {} -100 2", case.parameters()), "a_y > 0"),
        (2, format!("domain space {}", case.parameters()), "a cube or a box"),
        (3, "norm maximum".to_owned(), "the norm is relative-energy"),
        (5, "kind exact".to_owned(), "the kind is bound"),
        (at("diffusion"), "diffusion 0".to_owned(), "has a specification already"),
        (at("diffusion"), format!("diffusion {}", case.levels.len() + 1), "the last network calls network i"),
        (at("diffusion"), format!("{} 1", line("diffusion")), "is not expected"),
        (at("form"), line("load"), "another order"),
        (at("form"), format!("{} 1", line("form")), "is not expected"),
        (at("form"), line("form").replacen("-16", "5000", 1), "an exponent of 5000"),
        (at("load"), line("form"), "another order"),
        (at("load"), format!("load -16 1{}", "0".repeat(90)), "below 2^256"),
        (at("second"), line("first"), "another order"),
        (at("squares"), line("flux"), "another order"),
        (at("squares"), format!("squares {}", case.levels.len()), "no specification"),
        (at("flux"), format!("{} 0", line("flux")), "is not expected"),
        (at("flux"), line("flux").rsplit_once(' ').unwrap().0.to_owned(), "ends too early"),
        (at("cells"), cells.replacen("faces", "all", 1), "faces or a box"),
        (at("cells"), "cells faces 0".to_owned(), "rho > 0"),
        (at("cells"), cells.replacen("faces", "box", 1), "rule "),
        (at("cut"), "cut 0 101".to_owned(), "v lies inside the side"),
        (at("cut"), format!("cut {} 1", case.parameters()), "the side is"),
        (at("cut"), line("leaf"), "rule "),
        (at("leaf"), "leaf 300 0".to_owned(), "the degree is 300"),
        (at("leaf"), format!("leaf 0 0{}", " 0".repeat(case.columns * 2 + 1)), "m > 0"),
        (at("leaf"), "leaf 200 0".to_owned(), "rule leaf"),
        (at("conclude"), line("leaf"), "a cell is left"),
        (at("conclude"), line("conclude").replacen("conclude ", "conclude -", 1), "b is that of the last network"),
    ];
    // Rays leave the set of problems unless every class has one parameter.
    let mut other = Case::random(&mut random, false);
    while other.parameters() < 2 {
        other = Case::random(&mut random, false);
    }
    let text = file(&sized(&write(&other, 1.0).lines())).replacen("\ncells box ", "\ncells faces ", 1);
    let found = verdict(&text).to_string();
    assert!(found.contains("rule cells") && found.contains("every class has one parameter"), "{found}");
    let mut wrong = Vec::new();
    for (place, to, why) in rejected {
        let mut changed = lines.clone();
        changed[place] = to;
        let found = verdict(&file(&changed)).to_string();
        if !found.starts_with("rejected step ") || !found.contains(why) {
            wrong.push(format!("{why}: {found}"));
        }
    }
    // Lines that are missing.
    for word in ["form", "load", "bounds", "affine", "first", "second", "squares", "cells", "leaf", "conclude"] {
        let mut changed = lines.clone();
        changed.remove(at(word));
        let found = verdict(&file(&changed)).to_string();
        if !found.starts_with("rejected step ") {
            wrong.push(format!("without {word}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_claim_is_one_readable_line() {
    let mut random = crate::draw::Random(4);
    let case = Case::random(&mut random, false);
    let lines = sized(&write(&case, 1.0).lines());
    let outcome = certinet_check::check(file(&lines).as_bytes()).unwrap();
    let claim = outcome.claim().unwrap();
    let [n, p, classes] = [case.n, case.parameters(), case.classes.len()];
    let norm = lines[3].strip_prefix("norm ").unwrap();
    let begin = format!("target diffusion {n} {p} {classes} .., domain {}, {norm} error ", case.domain());
    assert!(claim.starts_with(&begin), "{claim}");
}

#[test]
fn leaves_that_ask_for_much_work_are_rejected() {
    let mut random = crate::draw::Random(9);
    let mut case = Case::random(&mut random, false);
    while case.parameters() < 3 || case.n > 2 || case.sides[0][1] <= power(-1) {
        case = Case::random(&mut random, false);
    }
    (case.h1, case.levels, case.fluxes, case.cuts, case.degree) = (false, vec![6], 0, 0, 0);
    let lines = sized(&write(&case, 1.0).lines());
    let at = |word: &str| lines.iter().rposition(|line| line.split(' ').next() == Some(word)).unwrap();
    let with = |flux: &str, leaf: String| {
        let mut changed = lines.clone();
        changed[at("flux")] = flux.to_owned();
        changed[at("leaf")] = leaf;
        let start = std::time::Instant::now();
        let found = verdict(&file(&changed)).to_string();
        println!("{}: {:?}", found, start.elapsed());
        assert!(start.elapsed().as_secs() < 30, "{found}: {:?}", start.elapsed());
        found
    };
    let flux = |e: i64| format!("flux {e}{}", " 1".repeat(16));
    let leaf =
        |t: u64, e: i64, count: usize| format!("leaf {t} {e} 1{}", " 79228162514264337593543950335".repeat(count));
    // C(58, 3) multi-indices, numbers of thousands of bits; without optimisation C(23, 3).
    let (t, count) = if cfg!(debug_assertions) { (20, 1771) } else { (55, 30_856) };
    let found = with(&flux(4096), leaf(t, -4096, count));
    assert!(found.contains("takes too long") || found.contains("<= rho^2 m"), "{found}");
    for (t, why) in [(120, "at most 2^16 multi-indices"), (257, "from 0 to 256")] {
        assert!(with(&flux(0), leaf(t, 0, 10)).contains(why));
    }
    assert!(with(&flux(0), leaf(2, -4097, 10)).contains("from -2^12 to 2^12"));
    assert!(with(&flux(0), format!("leaf 0 -20 1 {}", 1u128 << 97)).contains("at most 96 are accepted"));
    // Cuts come to an end with the bits of their places.
    let mut changed = lines.clone();
    let cuts: Vec<String> = (1..300).map(|k| format!("cut 0 1*2^-{k}")).collect();
    changed.splice(at("leaf")..=at("leaf"), cuts);
    assert!(verdict(&file(&changed)).to_string().contains("v has at most 2^8 bits"));
}
