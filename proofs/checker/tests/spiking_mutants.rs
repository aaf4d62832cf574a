//! Every single word of the certificates of spiking networks, changed in every way there is: each change is rejected, or
//! states the theorem of the original, or one that a simulation of the neurons does not refute.
#![allow(clippy::unwrap_used)]

mod corpus_files;
mod draw;
mod grammar;
mod mutate;
mod oracle;

use std::collections::HashMap;

use certinet_check::check::{Verdict, check};
use draw::Random;
use mutate::{Edit, apply, mutants};

fn is_accepted(text: &str) -> bool {
    check(text.as_bytes()).unwrap().verdict == Verdict::Verified
}

#[test]
fn every_changed_word_is_rejected_or_leaves_a_true_statement() {
    let corpus = corpus_files::all();
    let about =
        |text: &str| text.contains("\nspiking-size ") || text.starts_with("certinet-certificate 1\ntarget spiking\n");
    let files: Vec<_> = corpus.iter().filter(|file| about(&file.1)).collect();
    assert!(files.len() >= 10);
    let (mut rejected, mut same, mut other, mut refuted) = (0, 0, 0, Vec::new());
    for (number, (name, text)) in files.iter().enumerate() {
        assert!(is_accepted(text), "{name}");
        assert_eq!(oracle::is_true(text), Ok(()), "{name}");
        let mut known: HashMap<String, Result<(), oracle::Why>> = HashMap::new();
        let theorem = oracle::theorem(text);
        for mutant in mutants(text, &corpus[number].1, &mut Random(number as u64)) {
            if !matches!(mutant.edit, Edit::Word(..) | Edit::Lines(..)) {
                continue;
            }
            let changed = apply(text, &mutant.edit);
            // The size of another network is another one: with it corrected the change reaches the rules.
            let sized = oracle::with_true_size(&changed).filter(|sized| *sized != changed);
            for changed in [Some(changed), sized].into_iter().flatten() {
                if !is_accepted(&changed) {
                    rejected += 1;
                    continue;
                }
                let found = oracle::theorem(&changed);
                if found == theorem {
                    same += 1;
                    continue;
                }
                match known.entry(found).or_insert_with(|| oracle::is_true(&changed)) {
                    Ok(()) => other += 1,
                    Err(why) => {
                        let lines = changed.lines().enumerate().filter(|(k, line)| text.lines().nth(*k) != Some(*line));
                        let lines: Vec<String> = lines.take(2).map(|(k, line)| format!("{}: {line}", k + 1)).collect();
                        refuted.push(format!("{name}, {}: {why}\n{}", mutant.kind, lines.join("\n")));
                    }
                }
            }
        }
    }
    println!("{rejected} rejected, {same} of the same theorem, {other} of another true one");
    assert!(refuted.is_empty(), "{}", refuted.join("\n\n"));
    assert!(rejected > 20_000 && same + other > 20);
}
