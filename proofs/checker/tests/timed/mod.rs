//! Verdicts on hostile files, with the time they take.

use std::time::{Duration, Instant};

use certinet_check::check::{Verdict, check};

/// How long one file may take, on a slow machine with other tests beside it and without optimisation.
const LIMIT: Duration = Duration::from_secs(30);

/// The slowest file so far.
#[derive(Default)]
pub struct Slowest(pub Duration, pub String);

impl Slowest {
    /// The verdict on a file.
    pub fn check(&mut self, text: &[u8]) -> Verdict {
        let start = Instant::now();
        let verdict = check(text).unwrap().verdict;
        let time = start.elapsed();
        if time > self.0 {
            *self = Self(time, String::from_utf8_lossy(&text[..text.len().min(3000)]).into_owned());
        }
        assert!(time < LIMIT, "{time:?} for\n{}", self.1);
        verdict
    }

    /// The verdict on a file that has to be rejected, with a step, a rule and a reason.
    #[allow(dead_code)] // the random files are also accepted
    pub fn rejects(&mut self, text: &str) -> String {
        match self.check(text.as_bytes()) {
            Verdict::Rejected { step, rule, why } => {
                assert!(step > 0 && !rule.is_empty() && !why.is_empty(), "step {step}, rule {rule}, {why}");
                assert!(why.len() < 2000, "{} bytes of a reason", why.len());
                format!("{rule}: {why}")
            }
            other => panic!("{other} for {}", &text[..text.len().min(2000)]),
        }
    }
}
