//! Exact arithmetic on data of so many bits.

use core::cmp::Ordering;

use super::super::{Answer, DuelError, Oracle, Place, Solver};
use crate::arith::Rational;

/// Reads every entry to K bits and gives an exact minimiser for what it read: all errors are those of the data.
#[derive(Debug, Clone, Copy)]
pub struct Truncated {
    /// The bits K.
    pub bits: u64,
}

impl Solver for Truncated {
    fn name(&self) -> &str {
        "truncated"
    }

    /// For one row: the whole norm on the first of the largest entries.
    fn answer(&self, oracle: &mut Oracle) -> Result<Answer, DuelError> {
        if oracle.rows() > 1 {
            return Err(DuelError::Unsuitable { solver: self.name().to_owned(), rows: oracle.rows() });
        }
        let entries = (0..oracle.columns()).map(|column| oracle.read(Place::Matrix { row: 0, column }, self.bits));
        let row = entries.collect::<Result<Vec<Rational>, _>>()?;
        let y = oracle.read(Place::Data { row: 0 }, self.bits)?;
        let mut point = vec![Rational::zero(); row.len()];
        let excess = y.abs() - oracle.epsilon();
        if excess.is_positive() {
            // |y| - epsilon <= |a . x| <= max |a_j| |x|_1
            let largest = (0..row.len()).reduce(|i, j| if row[j].abs() > row[i].abs() { j } else { i }).unwrap_or(0);
            let length = excess
                .checked_div(&row[largest])
                .ok_or_else(|| DuelError::GaveUp { solver: self.name().to_owned(), status: "infeasible".to_owned() })?;
            point[largest] = if y.cmp(&Rational::zero()) == Ordering::Less { -length } else { length };
        }
        Ok(Answer { point, status: format!("exact for {} bits", self.bits) })
    }
}
