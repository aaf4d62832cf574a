//! What a solver may read, and the record of what it read.

use core::fmt;

use super::double::nearest_double;
use super::{DuelError, Family};
use crate::arith::Rational;
use crate::barrier::l1::Instance;
use crate::barrier::real::{self, dyadic};

/// The bits at which the record of a double that is exact stops: no double has more.
const DOUBLE_BITS: u64 = 1074;

/// An entry of the data, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// An entry of the matrix.
    Matrix {
        /// Its row.
        row: usize,
        /// Its column.
        column: usize,
    },
    /// An entry of the right-hand side.
    Data {
        /// Its row.
        row: usize,
    },
}

impl Place {
    /// The entry itself, where the instance has it.
    pub fn entry<'a>(&self, instance: &'a Instance) -> Option<&'a Rational> {
        match *self {
            Self::Matrix { row, column } => instance.matrix().get(row, column),
            Self::Data { row } => instance.data().get(row),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Matrix { row, column } => write!(f, "matrix {row} {column}"),
            Self::Data { row } => write!(f, "data {row}"),
        }
    }
}

/// How an entry was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accuracy {
    /// A dyadic number at a distance of at most 2^-bits.
    Bits(u64),
    /// The nearest double.
    Double,
}

/// The most bits of one reading, so that the numbers of a duel stay within those that a certificate holds.
pub const MOST_BITS: u64 = 1 << 14;

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What was read.
    pub place: Place,
    /// How.
    pub accuracy: Accuracy,
    /// What was answered.
    pub answer: Rational,
}

impl Reading {
    /// Whether the entry x would have been a true answer, too.
    ///
    /// A double agrees with x where x rounds to it, which is more than a small distance.
    pub fn agrees(&self, x: &Rational) -> bool {
        match self.accuracy {
            Accuracy::Bits(bits) => real::Reading { bits, answer: self.answer.clone() }.agrees(x),
            Accuracy::Double => nearest_double(x)
                .is_some_and(|double| Rational::from_f64(double).is_ok_and(|double| double == self.answer)),
        }
    }
    /// The bits k for which |answer - x| <= 2^-k is on record: those asked for, or the most that hold of a double.
    pub fn bits(&self, x: &Rational) -> u64 {
        match self.accuracy {
            Accuracy::Bits(bits) => bits,
            Accuracy::Double => {
                let distance = (&self.answer - x).abs();
                // distance <= 2^ceil(log2 distance)
                distance.ceil_log2().map_or(DOUBLE_BITS, |log| u64::try_from(-log).unwrap_or(0).min(DOUBLE_BITS))
            }
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.accuracy {
            Accuracy::Bits(bits) => write!(f, "{} {bits}: {}", self.place, self.answer),
            Accuracy::Double => write!(f, "double {}: {:?}", self.place, self.answer.approx_f64()),
        }
    }
}

/// How much a solver may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Readings.
    pub readings: u64,
    /// Bits of one reading.
    pub bits: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { readings: 10_000, bits: MOST_BITS }
    }
}

/// The data of one problem, entry by entry, to as many bits as are asked for.
#[derive(Debug, Clone)]
pub struct Oracle {
    instance: Instance,
    limits: Limits,
    readings: Vec<Reading>,
}

impl Oracle {
    /// An oracle that answers for A_s.
    ///
    /// # Errors
    /// As [`Family::instance`].
    pub fn new(family: &Family, s: &Rational, limits: Limits) -> Result<Self, DuelError> {
        Ok(Self { instance: family.instance(s)?, limits, readings: Vec::new() })
    }
    /// The number m of rows.
    pub fn rows(&self) -> usize {
        self.instance.matrix().rows()
    }
    /// The number N of columns.
    pub fn columns(&self) -> usize {
        self.instance.matrix().columns()
    }
    /// The bound on the residual; it is told exactly.
    pub fn epsilon(&self) -> &Rational {
        self.instance.epsilon()
    }
    /// All readings, in order.
    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }
    pub(super) fn into_readings(self) -> Vec<Reading> {
        self.readings
    }
    /// An entry to within 2^-bits.
    ///
    /// # Errors
    /// [`DuelError::NoEntry`], [`DuelError::Bits`], [`DuelError::Readings`].
    pub fn read(&mut self, place: Place, bits: u64) -> Result<Rational, DuelError> {
        let entry = self.entry(place)?;
        if bits > self.limits.bits {
            return Err(DuelError::Bits { place, bits, limit: self.limits.bits });
        }
        let answer = dyadic(entry, bits);
        self.readings.push(Reading { place, accuracy: Accuracy::Bits(bits), answer: answer.clone() });
        Ok(answer)
    }
    /// An entry rounded to the nearest double.
    ///
    /// # Errors
    /// [`DuelError::NoEntry`], [`DuelError::Range`], [`DuelError::Readings`].
    pub fn read_double(&mut self, place: Place) -> Result<f64, DuelError> {
        let double = nearest_double(self.entry(place)?).ok_or(DuelError::Range { place })?;
        let answer = Rational::from_f64(double).map_err(|_| DuelError::Range { place })?;
        self.readings.push(Reading { place, accuracy: Accuracy::Double, answer });
        Ok(double)
    }
    fn entry(&self, place: Place) -> Result<&Rational, DuelError> {
        if self.readings.len() as u64 >= self.limits.readings {
            return Err(DuelError::Readings { limit: self.limits.readings });
        }
        let (rows, columns) = (self.rows(), self.columns());
        place.entry(&self.instance).ok_or(DuelError::NoEntry { place, rows, columns })
    }
}
