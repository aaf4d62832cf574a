//! The best answer that can be given.

use super::super::{Answer, DuelError, Family, Oracle, Solver};
use crate::arith::Rational;

/// Reads nothing and answers (K/2)(e_1 + e_2), the midpoint of the minimisers for s = 0: no answer has a smaller error
/// over the family in the limit, and the error of this one is K / sqrt(2).
#[derive(Debug, Clone)]
pub struct Midpoint {
    point: Vec<Rational>,
}

impl Midpoint {
    /// The midpoint for a family.
    pub fn new(family: &Family) -> Self {
        let mut point = vec![Rational::zero(); family.columns()];
        for column in family.critical() {
            point[column] = family.least_norm().scale_by_power_of_two(-1);
        }
        Self { point }
    }
}

impl Solver for Midpoint {
    fn name(&self) -> &str {
        "midpoint"
    }

    fn answer(&self, oracle: &mut Oracle) -> Result<Answer, DuelError> {
        let n = oracle.columns();
        if n != self.point.len() {
            return Err(DuelError::Dimension { found: self.point.len(), expected: n });
        }
        Ok(Answer { point: self.point.clone(), status: "midpoint".to_owned() })
    }
}
