//! Every word and line changed: each change is rejected, or states the theorem of the original, or one that exact solutions
//! at some parameters do not refute.

use std::collections::HashMap;

use certinet_check::Verdict;

use crate::case::Case;
use crate::common::{file, sized, verdict};
use crate::draw::Random;
use crate::mutate::{apply, mutants};
use crate::oracle::{Why, is_true, theorem, with_true_size};
use crate::writer::write;

/// How many changes of each file are tried.
const TRIES: usize = 6000;

#[test]
fn every_change_is_rejected_or_true() {
    let mut random = Random(21);
    let list: Vec<String> = (0..6)
        .map(|k| {
            let mut case = Case::random(&mut random, k % 2 == 0);
            case.levels.truncate(3);
            file(&sized(&write(&case, 1.0).lines()))
        })
        .collect();
    let (mut rejected, mut same, mut other, mut unknown) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    for (number, text) in list.iter().enumerate() {
        assert_eq!(verdict(text), Verdict::Verified);
        let mut known: HashMap<String, Result<(), Why>> = HashMap::new();
        let all = mutants(text, &list[(number + 1) % list.len()], &mut random);
        let step = (all.len() / TRIES).max(1);
        for mutant in all.iter().skip(number % step).step_by(step) {
            let changed = apply(text, &mutant.edit);
            let resized = if theorem(&changed) == theorem(text) { None } else { with_true_size(&changed) };
            let resized = resized.filter(|sized| *sized != changed);
            for changed in [Some(changed), resized].into_iter().flatten().filter(|changed| changed != text) {
                if verdict(&changed) != Verdict::Verified {
                    rejected += 1;
                    continue;
                }
                let found = theorem(&changed);
                if found == theorem(text) {
                    same += 1;
                    continue;
                }
                match known.entry(found).or_insert_with(|| is_true(&changed)) {
                    Ok(()) => other += 1,
                    Err(Why::TooLarge) => unknown += 1,
                    Err(why) => {
                        let lines = changed.lines().enumerate().filter(|(k, line)| text.lines().nth(*k) != Some(*line));
                        let lines: Vec<String> = lines.take(2).map(|(k, line)| format!("{}: {line}", k + 1)).collect();
                        wrong.push(format!("{}: {why}\n{}", mutant.kind, lines.join("\n")));
                    }
                }
            }
        }
    }
    println!("{rejected} rejected, {same} of the same theorem, {other} of another true one, {unknown} not decided");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(rejected > 20_000 && same > 100 && other > 20 && unknown * 100 < rejected);
}
