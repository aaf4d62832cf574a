//! The function F of the data.

use std::collections::BTreeMap;

use super::Problem;
use crate::arith::{Integer, Rational};
use crate::barrier::{BarrierError, Formula};

/// The bump b(s) = 15 s^2 (1 - s)^2 on [0, 1], 0 elsewhere.
pub fn bump(s: &Rational) -> Rational {
    let one = Rational::one();
    if s.is_negative() || *s > one {
        return Rational::zero();
    }
    let root = s * &(&one - s);
    &(&root * &root) * &Rational::from(15)
}

/// The cell of t in [0, 1] and the value of its bump there; t = 1 belongs to the last cell.
pub(super) fn cell(variables: u32, t: &Rational) -> Result<(u64, Rational), BarrierError> {
    if t.is_negative() || *t > Rational::one() {
        return Err(BarrierError::Place { place: t.clone() });
    }
    let scaled = t.scale_by_power_of_two(i64::from(variables));
    let last = (1u64 << variables) - 1;
    // 0 <= floor <= 2^n <= 2^62 is an i64.
    let floor = scaled.floor().to_i64().and_then(|k| u64::try_from(k).ok()).unwrap_or(last);
    let cell = floor.min(last);
    Ok((cell, bump(&(scaled - Rational::from(cell)))))
}

/// The centre (k + 1/2) 2^-n of a cell, where its bump has the value 15/16.
pub(super) fn centre(variables: u32, cell: u64) -> Rational {
    let numerator = Integer::from(cell).shl(1) + Integer::one();
    Rational::from(numerator).scale_by_power_of_two(-1 - i64::from(variables))
}

/// A function F that is known in some cells and has all bumps, or none, elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    variables: u32,
    known: BTreeMap<u64, bool>,
    elsewhere: bool,
}

impl Data {
    /// Bumps in the known cells that say so, and in all other cells when `elsewhere` says so.
    ///
    /// **Shapes.** Cells are numbered from 0 to 2^n - 1; numbers beyond are dropped.
    ///
    /// # Errors
    /// [`BarrierError::Variables`] beyond [`Formula::MAX_VARIABLES`].
    pub fn new(variables: u32, mut known: BTreeMap<u64, bool>, elsewhere: bool) -> Result<Self, BarrierError> {
        if variables > Formula::MAX_VARIABLES {
            return Err(BarrierError::Variables { variables, limit: Formula::MAX_VARIABLES });
        }
        known.retain(|&cell, _| cell < 1 << variables);
        Ok(Self { variables, known, elsewhere })
    }

    /// The cells that are known, with whether there is a bump.
    pub fn known(&self) -> &BTreeMap<u64, bool> {
        &self.known
    }

    /// Whether cells that are not known have bumps.
    pub fn elsewhere(&self) -> bool {
        self.elsewhere
    }

    /// The smallest cell that is not known.
    pub fn first_unknown(&self) -> Option<u64> {
        // The known cells are in order: the first that differs from its place leaves a gap there.
        let place = (0u64..).zip(self.known.keys()).find(|(place, cell)| place != *cell).map(|(place, _)| place);
        place.or_else(|| Some(self.known.len() as u64).filter(|&next| next < 1 << self.variables))
    }

    /// F(t).
    ///
    /// # Errors
    /// [`BarrierError::Place`] outside [0, 1].
    pub fn at(&self, t: &Rational) -> Result<Rational, BarrierError> {
        let (cell, value) = cell(self.variables, t)?;
        let has_bump = self.known.get(&cell).copied().unwrap_or(self.elsewhere);
        Ok(if has_bump { value } else { Rational::zero() })
    }

    /// The number of bumps.
    pub fn bumps(&self) -> u64 {
        let among_known = self.known.values().filter(|&&bump| bump).count() as u64;
        let unknown = (1u64 << self.variables) - self.known.len() as u64;
        among_known + if self.elsewhere { unknown } else { 0 }
    }

    /// The exact value of a problem with these data.
    pub fn value(&self, problem: Problem) -> Rational {
        problem.value_of_models(self.variables, self.bumps())
    }
}
