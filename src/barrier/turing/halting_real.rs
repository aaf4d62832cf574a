//! The real number that says whether, when and how a machine halts.

use core::fmt;

use super::{Machine, Run, Stop, Verdict};
use crate::arith::Rational;
use crate::barrier::BarrierError;
use crate::barrier::real::Real;

/// 0, 2^-h or -2^-h, for any h, however large: only sign and exponent are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedPower {
    /// The number 0.
    Zero,
    /// 2^-exponent or its negative.
    Power {
        /// Whether the number is negative.
        negative: bool,
        /// The h of 2^-h.
        exponent: u64,
    },
}

impl SignedPower {
    /// +-2^-h for a machine that halts, + where the number of cells that are not blank is odd, - where it is even.
    pub fn of_halting(steps: u64, ones: u64) -> Self {
        Self::Power { negative: ones.is_multiple_of(2), exponent: steps }
    }

    /// The number of a verdict; `None` where the verdict is unknown.
    pub fn of_verdict(verdict: &Verdict) -> Option<Self> {
        match verdict {
            Verdict::Halts { steps, ones } => Some(Self::of_halting(*steps, *ones)),
            Verdict::Never(_) => Some(Self::Zero),
            Verdict::Unknown { .. } => None,
        }
    }

    /// The absolute value.
    pub fn abs(self) -> Self {
        match self {
            Self::Zero => Self::Zero,
            Self::Power { exponent, .. } => Self::Power { negative: false, exponent },
        }
    }

    /// The number written out.
    pub fn to_rational(self) -> Rational {
        match self {
            Self::Zero => Rational::zero(),
            Self::Power { negative, exponent } => {
                let power = Rational::power_of_two(-i64::try_from(exponent).unwrap_or(i64::MAX));
                if negative { -power } else { power }
            }
        }
    }
}

impl fmt::Display for SignedPower {
    /// `0`, `2^-6` or `-(2^-6)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero => f.write_str("0"),
            Self::Power { negative: false, exponent } => write!(f, "2^-{exponent}"),
            Self::Power { negative: true, exponent } => write!(f, "-(2^-{exponent})"),
        }
    }
}

/// The number s of a machine M: 2^-h or -2^-h where M halts at step h, 0 where it never does.
///
/// The sign is + where M leaves an odd number of cells that are not blank, and - where it leaves an even one.
///
/// **Statement.** s is a computable real number: for every k the program below ends, and |answer - s| <= 2^-k.
/// *Proof.* It runs M for at most k steps. If M halts at a step h <= k, the answer is s. Otherwise the answer is 0, and
/// either M never halts, so that s = 0, or it halts at a step h > k, so that |s| = 2^-h < 2^-k.
///
/// The answer does not depend on what was read before; the run goes on where it stopped.
#[derive(Debug, Clone)]
pub struct HaltingReal<'a> {
    machine: &'a Machine,
    run: Run,
    limit: u64,
}

impl<'a> HaltingReal<'a> {
    /// The number of a machine, of which at most `limit` bits are given: more would take more than `limit` steps.
    pub fn new(machine: &'a Machine, limit: u64) -> Self {
        Self { machine, run: Run::default(), limit }
    }

    /// The approximation as sign and exponent.
    ///
    /// # Errors
    /// [`BarrierError::Bits`] beyond the limit, or where the tape has no room for more steps.
    pub fn read(&mut self, bits: u64) -> Result<SignedPower, BarrierError> {
        if bits > self.limit {
            return Err(BarrierError::Bits { asked: bits, limit: self.limit });
        }
        match self.run.advance(self.machine, bits) {
            // The run may be further than `bits`, by an earlier reading.
            Stop::Halted if self.run.steps() <= bits => Ok(SignedPower::of_halting(self.run.steps(), self.run.ones())),
            Stop::Halted | Stop::Steps => Ok(SignedPower::Zero),
            Stop::Cells => Err(BarrierError::Bits { asked: bits, limit: self.run.steps() }),
        }
    }
}

impl Real for HaltingReal<'_> {
    fn approximation(&mut self, bits: u64) -> Result<Rational, BarrierError> {
        Ok(self.read(bits)?.to_rational())
    }
}
