//! Solvers to fool.

use super::data::centre;
use super::{Enclosed, Oracle, Solver};
use crate::arith::{Integer, Rational};
use crate::barrier::BarrierError;

/// F at the centre of a bump.
fn height() -> Rational {
    Rational::ratio(15, 16)
}

/// Reads the first cells in order and answers with the middle of what is still possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InOrder {
    /// The number of readings; beyond the number of cells none is made.
    pub readings: u64,
}

impl Solver for InOrder {
    fn name(&self) -> &'static str {
        "order"
    }

    fn answer(&self, oracle: &mut Oracle) -> Result<Rational, BarrierError> {
        let n = oracle.variables();
        let readings = self.readings.min(1 << n);
        let mut found = 0;
        for cell in 0..readings {
            found += u64::from(oracle.read(&centre(n, cell))?.is_positive());
        }
        Ok(Enclosed::new(oracle.problem(), n, readings, found).enclosure.midpoint())
    }
}

/// Reads the centres of random cells, with repetition, and answers with the mean: the Monte Carlo method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RandomCells {
    /// The number of readings.
    pub readings: u64,
    /// Where the sequence of random numbers starts.
    pub seed: u64,
}

impl Solver for RandomCells {
    fn name(&self) -> &'static str {
        "random"
    }

    fn answer(&self, oracle: &mut Oracle) -> Result<Rational, BarrierError> {
        let n = oracle.variables();
        let mut state = self.seed;
        let mut sum = Rational::zero();
        for _ in 0..self.readings {
            // The upper n bits, 0 for n = 0.
            let cell = next_random(&mut state).checked_shr(64 - n).unwrap_or(0);
            sum += oracle.read(&centre(n, cell))?;
        }
        // A bump has the integral 1/2 over its cell and the value 15/16 at its centre.
        let share = mean(&sum, self.readings) / height();
        Ok(oracle.problem().value_of_integral(&share.scale_by_power_of_two(-1)))
    }
}

/// The splitmix64 generator: the state runs through all 64-bit numbers, its bits are mixed for the output.
pub(super) fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The midpoint rule on a uniform grid, which knows nothing of cells.
///
/// A grid of 2^j points with j < n meets ends of cells only, where every F is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MidpointRule {
    /// The number of points.
    pub readings: u64,
}

impl Solver for MidpointRule {
    fn name(&self) -> &'static str {
        "midpoint"
    }

    fn answer(&self, oracle: &mut Oracle) -> Result<Rational, BarrierError> {
        let Some(step) = Rational::from(self.readings).recip() else {
            return Ok(oracle.problem().value_of_integral(&Rational::zero()));
        };
        let mut sum = Rational::zero();
        for i in 0..self.readings {
            let odd = Integer::from(i).shl(1) + Integer::one();
            sum += oracle.read(&(&Rational::from(odd).scale_by_power_of_two(-1) * &step))?;
        }
        Ok(oracle.problem().value_of_integral(&mean(&sum, self.readings)))
    }
}

/// sum / count; 0 without terms.
fn mean(sum: &Rational, count: u64) -> Rational {
    sum.checked_div(&Rational::from(count)).unwrap_or_default()
}
