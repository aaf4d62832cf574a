//! Problems whose data are doubles, on which nothing is rounded before the solver starts.

use super::{Duel, DuelError, Family, Rules, Solver, duel_at, is_double};
use crate::arith::Rational;

/// The exponents k for which 1 + 2^-k and 1 - 2^-k are doubles and s is small.
pub const EXPONENTS: core::ops::RangeInclusive<u32> = 8..=52;

/// One problem with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The shape and the order of the columns.
    pub family: Family,
    /// s
    pub shift: Rational,
    /// The answer beside the minimiser, or why there is none.
    pub outcome: Result<Duel, DuelError>,
}

/// Whether Y and epsilon are doubles, so that all data are.
pub fn has_exact_data(family: &Family) -> bool {
    is_double(family.height()) && is_double(family.epsilon())
}

/// s = -2^-k and 2^-k for these k.
pub fn shifts(exponents: impl IntoIterator<Item = u32>) -> Vec<Rational> {
    let magnitudes = exponents.into_iter().map(|k| Rational::power_of_two(-i64::from(k)));
    magnitudes.flat_map(|r| [-&r, r]).collect()
}

/// The family in both orders of the columns, and with two rows more.
pub fn variants(family: &Family) -> Vec<Family> {
    let wide = family.reshape(family.rows() + 2, family.columns() + 2).into_iter();
    [family.clone()].into_iter().chain(wide).flat_map(|family| [family.reverse(), family]).collect()
}

/// Runs a solver on all these problems; it reads the data as they are.
///
/// **Statement.** Where 1 + s, Y and epsilon are doubles, a solver that reads doubles is given the problem itself: what it
/// answers wrongly is not for the want of bits.
///
/// Problems that the solver does not take are left out; after a program that broke off none is started again.
pub fn exact_data(families: &[Family], shifts: &[Rational], solver: &dyn Solver, rules: &Rules) -> Vec<Trial> {
    let mut trials = Vec::with_capacity(families.len() * shifts.len());
    for family in families {
        for shift in shifts {
            let outcome = duel_at(family, shift, solver, rules);
            if matches!(outcome, Err(DuelError::Unsuitable { .. })) {
                continue;
            }
            let broke_off = matches!(outcome, Err(DuelError::Program { .. } | DuelError::NotStarted { .. }));
            trials.push(Trial { family: family.clone(), shift: shift.clone(), outcome });
            if broke_off {
                return trials;
            }
        }
    }
    trials
}

/// The trial with the largest distance; `None` where no trial has an answer.
pub fn worst(trials: &[Trial]) -> Option<&Duel> {
    let duels = trials.iter().filter_map(|trial| trial.outcome.as_ref().ok());
    // Of equal distances the first one is kept.
    duels.reduce(|worst, duel| if duel.distance_squared > worst.distance_squared { duel } else { worst })
}
