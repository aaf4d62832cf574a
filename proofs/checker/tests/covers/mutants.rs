//! Changes of small covers: each is rejected, or proves something that brute force does not refute.

use crate::draw::Random;
use crate::mutate::{Edit, Mutant, apply, mutants};
use crate::oracle::{is_true, theorem, with_true_size};
use crate::quadratic::random_case;
use crate::random::{dense, disguised, equality_certificate, q, regions_certificate};
use crate::rejection;

/// Small certificates of every kind.
fn all() -> Vec<String> {
    let mut random = Random(11);
    let mut list = Vec::new();
    let unit = (q(-1, 1), q(3, 2));
    for widths in [&[1, 2, 1][..], &[1, 2, 2, 1], &[2, 2, 1]] {
        let n = widths[0];
        let network = dense(widths, &mut random);
        let sides = vec![unit.clone(); n];
        // The right numbers are those that the checker finds.
        let text = regions_certificate(&network, &sides, (0, 0));
        let found = rejection(&text);
        let numbers: Vec<&str> = found.split(' ').filter(|word| word.parse::<u64>().is_ok()).collect();
        list.push(text.replacen("regions 0 0", &format!("regions {} {}", numbers[0], numbers[1]), 1));
        let other = disguised(&network, &mut random);
        let sides = if n == 1 { Vec::new() } else { sides };
        list.push(equality_certificate(&[network, other], &sides, n));
    }
    (0..4).for_each(|_| list.push(random_case(&mut random).0));
    list
}

/// Other words in the place of a number.
const NUMBERS: [&str; 13] = ["0", "1", "2", "3", "4", "5", "-1", "-2", "1/2", "-1/2", "1/3", "3/2", "7"];

#[test]
fn every_change_is_rejected_or_true() {
    let (mut rejected, mut same, mut other, mut unknown) = (0, 0, 0, 0);
    let list = all();
    let mut random = Random(5);
    for (number, text) in list.iter().enumerate() {
        assert_eq!(rejection(text), "", "{text}");
        assert_eq!(is_true(text), Ok(()));
        let mut edits = mutants(text, &list[(number + 1) % list.len()], &mut random);
        for (line, words) in text.lines().enumerate() {
            for (place, word) in words.split(' ').enumerate() {
                if word.parse::<i64>().is_ok() || word.contains('/') {
                    let edit = |to: &&str| Edit::Word(line, place, (*to).to_owned());
                    edits.extend(NUMBERS.iter().map(|to| Mutant { kind: "small number", edit: edit(to) }));
                }
            }
        }
        for Mutant { kind, edit } in &edits {
            let changed = apply(text, edit);
            let sized = with_true_size(&changed).filter(|sized| *sized != changed);
            for changed in [Some(changed), sized].into_iter().flatten().filter(|changed| changed != text) {
                if !rejection(&changed).is_empty() {
                    rejected += 1;
                } else if theorem(&changed) == theorem(text) {
                    same += 1;
                } else {
                    match is_true(&changed) {
                        Ok(()) => other += 1,
                        Err(crate::oracle::Why::TooLarge) => unknown += 1,
                        Err(why) => panic!("{kind}: {why}\n{changed}\nfrom\n{text}"),
                    }
                }
            }
        }
    }
    println!("{rejected} rejected, {same} prove the same, {other} something else that is true, {unknown} not decided");
    assert!(rejected > 10_000 && same > 10 && other > 10);
    assert!(unknown * 100 < rejected);
}
