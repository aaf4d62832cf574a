//! Progress bars: on stderr, only on a terminal, never with `--quiet`. indicatif enters here.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that disappears when it is dropped. It may be advanced from any thread.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar of `total` steps labelled `what`.
    pub fn new(what: &'static str, total: u64, quiet: bool) -> Self {
        let target =
            if quiet || !stderr().is_terminal() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(total), target).with_message(what);
        if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}, {per_sec}, {eta} left") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Says that `steps` more are done.
    pub fn advance(&self, steps: u64) {
        self.0.inc(steps);
    }

    /// The steps done.
    pub fn done(&self) -> u64 {
        self.0.position()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted_while_hidden() {
        let progress = Progress::new("rows", 3, true);
        progress.advance(2);
        assert_eq!(progress.done(), 2);
    }
}
