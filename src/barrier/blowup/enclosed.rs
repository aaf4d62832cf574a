//! What is known of the value after some evaluations of the formula.

use std::ops::RangeInclusive;

use super::Problem;
use crate::arith::{Enclosure, Rational};
use crate::barrier::Formula;

/// The value of a problem after the formula was evaluated in some cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosed {
    /// The cells in which the formula was evaluated.
    pub evaluations: u64,
    /// The models among them.
    pub found: u64,
    /// The numbers of models that are still possible, all of them.
    pub models: RangeInclusive<u64>,
    /// The value of the solution lies here, and both ends are possible.
    pub enclosure: Enclosure,
}

impl Enclosed {
    /// After `evaluations` different assignments, `found` of them models.
    ///
    /// # Panics
    /// Panics unless found <= evaluations <= 2^n with n <= [`Formula::MAX_VARIABLES`].
    pub fn new(problem: Problem, variables: u32, evaluations: u64, found: u64) -> Self {
        assert!(variables <= Formula::MAX_VARIABLES, "assignments are numbers of 64 bits");
        let all = 1u64 << variables;
        assert!(found <= evaluations && evaluations <= all, "models are found in cells, cells are evaluated once");
        // Each cell that was not evaluated holds no model or one: found <= M <= found + (2^n - E), and all are taken.
        let models = found..=found + (all - evaluations);
        let value = |models: u64| problem.value_of_models(variables, models);
        let enclosure = Enclosure::hull(value(*models.start()), value(*models.end()));
        Self { evaluations, found, models, enclosure }
    }

    /// The number of models and the value, once every cell was evaluated.
    pub fn exact(&self) -> Option<(u64, &Rational)> {
        (self.models.start() == self.models.end()).then(|| (*self.models.start(), self.enclosure.lo()))
    }
}

/// Evaluates the formula in the assignments 0, 1, .., and encloses the value before the first, and after `steps` equal
/// parts of `evaluations` (2^n where that is less).
///
/// **Exactness.** Enclosure, each within the one before; its width falls by one weight with every evaluation.
pub fn enclosures(problem: Problem, formula: &Formula, evaluations: u64, steps: u64) -> Vec<Enclosed> {
    let (evaluations, steps) = (evaluations.min(formula.assignments()), steps.max(1));
    let part = |step: u64| (u128::from(evaluations) * u128::from(step) / u128::from(steps)) as u64;
    enclosures_at(problem, formula, (0..=steps).map(part))
}

/// Evaluates the formula in the assignments 0, 1, .., and encloses the value after these numbers of evaluations.
///
/// Numbers that are not above the one before are left out; beyond 2^n stands for 2^n.
///
/// **Exactness.** Enclosure, each within the one before; its width falls by one weight with every evaluation.
pub fn enclosures_at(problem: Problem, formula: &Formula, evaluations: impl IntoIterator<Item = u64>) -> Vec<Enclosed> {
    let (mut found, mut before) = (0, None);
    let mut all = Vec::new();
    for end in evaluations {
        let end = end.min(formula.assignments());
        if before.is_none_or(|before| end > before) {
            found += formula.count(before.unwrap_or(0)..end);
            all.push(Enclosed::new(problem, formula.variables(), end, found));
            before = Some(end);
        }
    }
    all
}
