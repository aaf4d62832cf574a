//! Requests that are known beforehand to be too large.
//!
//! A limit met during the work is an answer (open, exit code 3); a request whose size can be computed first and exceeds
//! the budget is bad input (exit code 2). Sizes are exact integers, so that no request overflows the check itself.

use super::error::CliError;
use crate::arith::Integer;
use crate::report::number::thousands;

/// The most memory and the most stored weights a command may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Bytes.
    pub memory: Integer,
    /// Stored weights of an unrolled network.
    pub weights: Integer,
}

impl Default for Budget {
    /// 4 GiB and 100 million weights, on every machine.
    fn default() -> Self {
        Self { memory: Integer::power_of_two(32), weights: Integer::from(100_000_000) }
    }
}

impl Budget {
    /// Accepts a request for `bytes` of memory; `what` names what would be stored.
    ///
    /// # Errors
    /// [`CliError`] with both numbers.
    pub fn allow_memory(&self, what: &str, bytes: &Integer) -> Result<(), CliError> {
        allow(what, "bytes", bytes, &self.memory)
    }

    /// Accepts a network of this many stored weights.
    ///
    /// # Errors
    /// [`CliError`] with both numbers.
    pub fn allow_weights(&self, what: &str, weights: &Integer) -> Result<(), CliError> {
        allow(what, "weights", weights, &self.weights)
    }
}

fn allow(what: &str, unit: &str, request: &Integer, limit: &Integer) -> Result<(), CliError> {
    if request <= limit {
        return Ok(());
    }
    Err(CliError::new(format!("{what} would need {} {unit}", thousands(request)))
        .accepted(format!("at most {} {unit} are accepted", thousands(limit))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_beyond_the_budget_name_both_numbers() {
        let budget = Budget::default();
        assert_eq!(budget.allow_weights("the network", &Integer::from(100_000_000)), Ok(()));
        let message = budget.allow_weights("the network", &Integer::power_of_two(40)).err().map(|e| e.to_string());
        let expected = "the network would need 1,099,511,627,776 weights; at most 100,000,000 weights are accepted";
        assert_eq!(message.as_deref(), Some(expected));
        assert!(budget.allow_memory("the matrix", &(Integer::power_of_two(32) + Integer::one())).is_err());
    }
}
