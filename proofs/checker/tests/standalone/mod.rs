//! Certificates without a network, as lines.
#![allow(clippy::unwrap_used)]

use certinet_check::{Verdict, check};

/// The verdict on these lines with their end.
pub fn verdict(lines: &[&str]) -> Verdict {
    let text = format!("{}\nend {}\n", lines.join("\n"), lines.len());
    check(text.as_bytes()).unwrap().verdict
}

/// Each case replaces a line and is rejected in a rule for a reason.
pub fn rejected(lines: &[&str], cases: &[(&str, &str, &str)]) {
    assert_eq!(verdict(lines), Verdict::Verified);
    for (old, new, reason) in cases {
        let place = lines.iter().position(|line| line == old).unwrap_or_else(|| panic!("no line {old}"));
        let mut changed = lines.to_vec();
        changed[place] = new;
        match verdict(&changed) {
            Verdict::Rejected { rule, why, .. } => {
                assert!(format!("{rule}: {why}").contains(reason), "{new}: {rule}: {why}");
            }
            other => panic!("{new}: {other}"),
        }
    }
}
