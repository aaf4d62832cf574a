//! Algorithms that read entries to finitely many bits, and the adversary that answers them.

use super::{COLUMNS, Family, Instance};
use crate::arith::Rational;
use crate::barrier::BarrierError;
use crate::barrier::real::{Reading, dyadic};

/// The most bits of an entry.
pub const MOST_BITS: u64 = 1 << 20;

/// One reading: which entry, and what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The block, 0 or 1.
    pub block: usize,
    /// The entry of the block, 0 or 1.
    pub entry: usize,
    /// What was read.
    pub reading: Reading,
}

/// Answers readings of the entries of one program, and keeps the list. All else in the program is known.
///
/// The answer to k bits is 1/4 as long as that is within 2^-k of the entry, else the entry to the nearest multiple of
/// 2^-k. So programs whose shifts are at most 2^(2-k) in absolute value are not told apart by k bits.
#[derive(Debug)]
pub struct Oracle<'a> {
    family: &'a Family,
    entries: [[Rational; 2]; 2],
    log: Vec<Query>,
}

impl<'a> Oracle<'a> {
    /// The oracle of a program.
    pub fn new(family: &'a Family, instance: &Instance) -> Self {
        Self { family, entries: [0, 1].map(|block| instance.entries(block)), log: Vec::new() }
    }

    /// The family, which the algorithm knows.
    pub fn family(&self) -> &'a Family {
        self.family
    }

    /// An entry to within 2^-bits.
    ///
    /// # Errors
    /// [`BarrierError::Bits`] beyond [`MOST_BITS`].
    pub fn read(&mut self, block: usize, entry: usize, bits: u64) -> Result<Rational, BarrierError> {
        if bits > MOST_BITS {
            return Err(BarrierError::Bits { asked: bits, limit: MOST_BITS });
        }
        let exact = &self.entries[block][entry];
        let usual = Reading { bits, answer: Rational::ratio(1, 4) };
        let reading = if usual.agrees(exact) { usual } else { Reading { bits, answer: dyadic(exact, bits) } };
        let answer = reading.answer.clone();
        self.log.push(Query { block, entry, reading });
        Ok(answer)
    }

    /// The readings, in order.
    pub fn log(&self) -> &[Query] {
        &self.log
    }

    /// The most bits that were read of a block; 0 where nothing was read.
    pub fn finest(&self, block: usize) -> u64 {
        self.log.iter().filter(|query| query.block == block).map(|query| query.reading.bits).max().unwrap_or(0)
    }
}

/// An algorithm: what it answers depends on what it read only.
pub trait Algorithm {
    /// The answer, a point.
    ///
    /// # Errors
    /// [`BarrierError`] from the oracle.
    fn answer(&self, oracle: &mut Oracle) -> Result<Vec<Rational>, BarrierError>;
}

/// Reads each block to more and more bits until it sees the sign of the shift; where it sees none within its limit it
/// answers with the middle of the two solutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patient {
    /// The most bits of each block; `None` for as many as it takes.
    pub limits: [Option<u64>; 2],
}

impl Patient {
    /// Reads nothing, answers with the middles: K - 2 digits.
    pub const MIDDLES: Self = Self { limits: [Some(0), Some(0)] };
    /// The middle of the first block, the sign of the second: K - 1 digits.
    pub const SIGN_OF_SECOND: Self = Self { limits: [Some(0), None] };

    /// The sign of the shift of a block, 0 where the limit does not show it.
    fn sign(self, oracle: &mut Oracle, block: usize) -> Result<i32, BarrierError> {
        let limit = self.limits[block].unwrap_or(u64::MAX);
        let mut bits = 0;
        while bits < limit {
            bits = (2 * bits).clamp(1, limit);
            let difference = oracle.read(block, 1, bits)? - oracle.read(block, 0, bits)?;
            // Each reading is off by at most 2^-bits; the difference of the entries is s/4.
            if difference.abs() > Rational::power_of_two(1 - i64::try_from(bits).unwrap_or(i64::MAX)) {
                return Ok(difference.signum());
            }
        }
        Ok(0)
    }
}

impl Algorithm for Patient {
    fn answer(&self, oracle: &mut Oracle) -> Result<Vec<Rational>, BarrierError> {
        let mut x = vec![Rational::zero(); COLUMNS];
        for block in [0, 1] {
            let height = &oracle.family().heights()[block];
            match self.sign(oracle, block)? {
                0 => x[3 * block..3 * block + 2].fill(height.scale_by_power_of_two(-1)),
                sign => x[3 * block + usize::from(sign > 0)] = height.clone(),
            }
        }
        x[COLUMNS - 1] = Rational::one();
        Ok(x)
    }
}

/// An algorithm against two programs that it cannot tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fooled {
    /// The most bits that it read of the block.
    pub bits: u64,
    /// The shifts of the block in the two programs are 2^-exponent and its negative.
    pub exponent: u64,
    /// Its answer.
    pub answer: Vec<Rational>,
    /// The measures of its error for both programs.
    pub errors: [Rational; 2],
}

impl Fooled {
    /// The measure of the larger error.
    pub fn worse(&self) -> Rational {
        self.errors[0].clone().max(self.errors[1].clone())
    }
}

/// Lets an algorithm answer where the shift of a block is 0 (1/2 in the other block), and gives it two programs with
/// shifts 2^-n and -2^-n that agree with all it read.
///
/// **Statement.** The error for one of the two is at least half of the distance of their solutions, for every algorithm
/// that ends. *Proof.* Let k be the most bits read of the block, and n = max(k - 2, 1). An entry with shift 2^-n is
/// 1/4 - 2^-(n+2), which is within 2^-k of 1/4: the oracle answers 1/4 for both programs, as it did for the shift 0. So
/// the answer is the same for both; its distances to the two solutions add up to the distance of these at least.
///
/// # Errors
/// [`BarrierError::Bits`] where the algorithm reads on and on.
pub fn fool(family: &Family, algorithm: &dyn Algorithm, block: usize) -> Result<Fooled, BarrierError> {
    let shifted = |s: Rational| {
        let half = Rational::ratio(1, 2);
        family.instance(if block == 0 { [s, half] } else { [half, s] })
    };
    // Shifts 0, 1/2 and 2^-n with n >= 1 are in the family.
    let within = BarrierError::Bits { asked: 0, limit: MOST_BITS };
    let instance = shifted(Rational::zero()).ok_or_else(|| within.clone())?;
    let mut oracle = Oracle::new(family, &instance);
    let answer = algorithm.answer(&mut oracle)?;
    let bits = oracle.finest(block);
    let exponent = bits.saturating_sub(2).max(1);
    let power = Rational::power_of_two(-i64::try_from(exponent).unwrap_or(i64::MAX));
    let error = |s: Rational| shifted(s).and_then(|instance| instance.error(&answer)).ok_or_else(|| within.clone());
    let errors = [error(power.clone())?, error(-power)?];
    Ok(Fooled { bits, exponent, answer, errors })
}
