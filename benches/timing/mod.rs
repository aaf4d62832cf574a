//! Times of benches.

use std::time::Instant;

/// What a bench returns when it cannot run.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The shortest time of so many runs, in seconds: what other work on the machine adds is left out.
pub fn shortest(repeats: usize, mut run: impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    let mut best = f64::INFINITY;
    for _ in 0..repeats {
        let start = Instant::now();
        run()?;
        best = best.min(start.elapsed().as_secs_f64());
    }
    Ok(best)
}
