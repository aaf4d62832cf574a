//! Whether a machine halts, as far as a run and a search tell.

use super::{Loop, Machine, Run, Stop};

/// The steps in which a stretch that repeats is searched for.
const SEARCHED: u64 = 1 << 20;

/// What is known about a machine. The first two are proved, by the run itself and by a [`Loop`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// The machine halts.
    Halts {
        /// After this many steps, the halting one counted.
        steps: u64,
        /// The cells that are not blank then.
        ones: u64,
    },
    /// The machine never halts.
    Never(Loop),
    /// Nothing is known: a finite run does not show that a machine never halts.
    Unknown {
        /// The steps made.
        steps: u64,
        /// The cells that are not blank then.
        ones: u64,
        /// Why the run ended: the steps or the cells.
        stop: Stop,
    },
}

impl Verdict {
    /// Runs a machine for at most `steps` steps, and searches the first 2^20 of them for a stretch that repeats.
    ///
    /// **Exactness.** [`Verdict::Never`] is given only where [`Loop::verify`] confirms it by a run of its own.
    pub fn of(machine: &Machine, steps: u64) -> Self {
        let mut run = Run::default();
        let searched = steps.min(SEARCHED);
        let mut stop = run.advance(machine, searched);
        if stop != Stop::Halted {
            match Loop::find(machine, searched) {
                Some(proof) if proof.verify(machine) => return Self::Never(proof),
                _ => stop = run.advance(machine, steps),
            }
        }
        match stop {
            Stop::Halted => Self::Halts { steps: run.steps(), ones: run.ones() },
            Stop::Steps | Stop::Cells => Self::Unknown { steps: run.steps(), ones: run.ones(), stop },
        }
    }

    /// `halts`, `never halts` or `unknown`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Halts { .. } => "halts",
            Self::Never(_) => "never halts",
            Self::Unknown { .. } => "unknown",
        }
    }
}
