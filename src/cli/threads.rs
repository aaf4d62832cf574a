//! The number of threads. rayon's pool is made here, so that no command asks the machine.

use super::error::CliError;

/// The most threads `--threads` accepts.
pub const MAX_THREADS: u64 = 1024;

/// Bytes of stack a thread gets: as much as a main thread, so that `--threads` changes no recursion limit.
const STACK: usize = 8 << 20;

/// Runs `work` on at most this many threads; without a number, on rayon's default pool.
///
/// # Errors
/// [`CliError`] when the threads cannot be started.
pub fn with_threads<R, F>(threads: Option<u64>, work: F) -> Result<R, CliError>
where
    R: Send,
    F: FnOnce() -> R + Send,
{
    let Some(n) = threads else {
        return Ok(work());
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .stack_size(STACK)
        .num_threads(usize::try_from(n.clamp(1, MAX_THREADS)).unwrap_or(1))
        .build()
        .map_err(|error| {
            CliError::new(format!("the threads could not be started ({error})"))
                .at("option --threads")
                .accepted("use fewer")
        })?;
    Ok(pool.install(work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pool_has_the_size_asked_for() {
        assert_eq!(with_threads(Some(3), rayon::current_num_threads), Ok(3));
        assert_eq!(with_threads(None, || 7), Ok(7));
    }
}
