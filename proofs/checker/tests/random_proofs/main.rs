//! Random proofs: small certificates are written at random, with claims exactly at the value of their rule, and then
//! changed. Exact claims are accepted, claims that are one unit lower are rejected, and whatever is accepted is not
//! refuted by brute force.
#![allow(clippy::unwrap_used)]

mod blocks;
#[path = "../draw/mod.rs"]
mod draw;
mod intervals;
mod matrix;
#[path = "../oracle/mod.rs"]
mod oracle;
mod powers;
mod scalar;
mod solve;
mod wrapped;
mod write;

use std::collections::HashSet;

use certinet_check::check::{Verdict, check};

/// What became of the certificates of one kind.
#[derive(Default)]
struct Tally {
    accepted: usize,
    rejected: usize,
    /// Theorems that were looked at.
    known: HashSet<String>,
}

impl Tally {
    /// Checks a certificate; what is accepted must not be refuted. Whether it is accepted.
    fn judge(&mut self, text: &str) -> bool {
        let verdict = check(text.as_bytes()).unwrap().verdict;
        if let Verdict::Rejected { .. } = verdict {
            self.rejected += 1;
            return false;
        }
        self.accepted += 1;
        assert_eq!(verdict, Verdict::Verified);
        if self.known.insert(oracle::theorem(text))
            && let Err(why) = oracle::is_true(text)
        {
            panic!("accepted though false: {why}\n{text}");
        }
        true
    }

    /// A certificate that has to be accepted.
    fn accepts(&mut self, text: &str) {
        if !self.judge(text) {
            panic!("{}\n{text}", check(text.as_bytes()).unwrap().verdict);
        }
    }

    /// A certificate that has to be rejected.
    fn rejects(&mut self, text: &str, why: &str) {
        assert!(!self.judge(text), "accepted, but {why}\n{text}");
    }

    fn print(&self, name: &str) {
        println!("{name}: {} accepted, {} rejected", self.accepted, self.rejected);
    }
}
