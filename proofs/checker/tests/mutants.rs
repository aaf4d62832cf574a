//! Mutants of the corpus: each is rejected, or states the theorem of the original, or a theorem that brute force does not
//! refute.
#![allow(clippy::unwrap_used)]

mod corpus_files;
mod draw;
mod grammar;
mod mutate;
mod oracle;

use std::collections::{BTreeMap, HashMap};

use certinet_check::check::{Verdict, check};
use draw::Random;
use mutate::{Edit, Mutant, apply, mutants};
use oracle::Why;

/// How many mutants are tried, and how many more with their size corrected.
const TRIES: usize = 36_000;

#[derive(Default)]
struct Count {
    rejected: usize,
    same: usize,
    other: usize,
}

#[derive(Default)]
struct Tally {
    by_kind: BTreeMap<&'static str, Count>,
    /// Accepted ones by the first word of the line that was changed.
    by_line: BTreeMap<String, usize>,
    /// Theorems that were looked at.
    known: HashMap<String, Result<(), Why>>,
    refuted: Vec<String>,
}

#[test]
fn every_mutant_is_rejected_or_true() {
    let corpus = corpus_files::all();
    let mut tally = Tally::default();
    let share = TRIES / corpus.len();
    for (number, (name, text)) in corpus.iter().enumerate() {
        assert_eq!(verdict(text), Verdict::Verified, "{name}");
        let written_out = match oracle::is_true(text) {
            Ok(()) => true,
            Err(why) => {
                assert_eq!(why, Why::TooLarge, "{name}");
                false
            }
        };
        let mut random = Random(number as u64);
        let other = &corpus[(number * 7 + 3) % corpus.len()].1;
        let all = mutants(text, other, &mut random);
        // Every so many, from a place that differs from file to file.
        let mut accepted = Vec::new();
        let step = (all.len() / share).max(1);
        for mutant in all.iter().skip(number % step).step_by(step) {
            let changed = apply(text, &mutant.edit);
            if changed == *text {
                continue;
            }
            if tally.judge(name, text, &changed, mutant, mutant.kind) {
                accepted.push(changed.clone());
            }
            if written_out
                && oracle::theorem(&changed) != oracle::theorem(text)
                && let Some(sized) = oracle::with_true_size(&changed).filter(|sized| *sized != changed && sized != text)
            {
                tally.judge(name, text, &sized, mutant, "size corrected");
            }
        }
        // Changes of what was accepted.
        for _ in 0..(share / 4).min(8 * accepted.len()) {
            let (base, mutant) = (&accepted[random.below(accepted.len())], &all[random.below(all.len())]);
            if base.lines().count() == text.lines().count() {
                tally.judge(name, text, &apply(base, &mutant.edit), mutant, "two changes");
            }
        }
    }
    tally.print();
    assert!(tally.refuted.is_empty(), "{}", tally.refuted.join("\n\n"));
}

fn verdict(text: &str) -> Verdict {
    check(text.as_bytes()).unwrap().verdict
}

impl Tally {
    /// Whether it is accepted.
    fn judge(&mut self, name: &str, text: &str, changed: &str, mutant: &Mutant, kind: &'static str) -> bool {
        let count = self.by_kind.entry(kind).or_default();
        if let Verdict::Rejected { .. } = verdict(changed) {
            count.rejected += 1;
            return false;
        }
        let line = match &mutant.edit {
            Edit::Word(line, ..) | Edit::Everywhere(line, ..) | Edit::Lines(line, ..) => text.lines().nth(*line),
            _ => None,
        };
        let word = line.unwrap_or("text").split(' ').next().unwrap_or("").to_owned();
        *self.by_line.entry(format!("{word}: {kind}")).or_default() += 1;
        let theorem = oracle::theorem(changed);
        if theorem == oracle::theorem(text) && changed.starts_with("certinet-certificate 1\n") {
            count.same += 1;
            return true;
        }
        match self.known.entry(theorem).or_insert_with(|| oracle::is_true(changed)) {
            Ok(()) => count.other += 1,
            Err(Why::TooLarge) if oracle::is_weaker(text, changed) => count.other += 1,
            Err(why) => {
                let lines =
                    changed.lines().enumerate().filter(|(number, line)| text.lines().nth(*number) != Some(*line));
                let lines: Vec<String> =
                    lines.take(3).map(|(number, line)| format!("{}: {line}", number + 1)).collect();
                self.refuted.push(format!("{name}, {kind}: {why}\n{}", lines.join("\n")));
            }
        }
        true
    }

    fn print(&self) {
        let mut sum = Count::default();
        println!("{:<22}{:>9}{:>9}{:>9}", "kind", "rejected", "same", "true");
        for (kind, count) in &self.by_kind {
            println!("{kind:<22}{:>9}{:>9}{:>9}", count.rejected, count.same, count.other);
            sum.rejected += count.rejected;
            sum.same += count.same;
            sum.other += count.other;
        }
        println!("{:<22}{:>9}{:>9}{:>9}", "together", sum.rejected, sum.same, sum.other);
        println!("refuted: {}", self.refuted.len());
        self.by_line.iter().for_each(|(line, count)| println!("accepted, {line}: {count}"));
    }
}
