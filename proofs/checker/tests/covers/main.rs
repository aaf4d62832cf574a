//! Covers of random small networks, written by a naive search, against brute force: right numbers and errors are
//! accepted, others are rejected, and no change of an accepted certificate proves something false.
#![allow(clippy::unwrap_used)]

mod bernstein;
#[path = "../draw/mod.rs"]
mod draw;
#[path = "../grammar/mod.rs"]
mod grammar;
mod mutants;
#[path = "../mutate/mod.rs"]
mod mutate;
#[path = "../oracle/mod.rs"]
mod oracle;
mod quadratic;
mod random;
mod writer;

use certinet_check::check::{Verdict, check};

/// The rule that rejects, and why; empty for a certificate that is verified.
pub fn rejection(text: &str) -> String {
    match check(text.as_bytes()).unwrap().verdict {
        Verdict::Rejected { rule, why, .. } => format!("{rule}: {why}"),
        other => {
            assert_eq!(other, Verdict::Verified);
            String::new()
        }
    }
}
