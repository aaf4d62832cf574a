//! How the price grows with the number of variables.

use super::solvers::next_random;
use super::{Enclosed, Problem, enclosures_at};
use crate::arith::{Integer, Rational};
use crate::barrier::{BarrierError, Formula};

/// Clauses a variable. At two, where a clause fails for one assignment in eight, about 2^(0.6 n) models are to be expected:
/// neither none nor nearly all, for every n.
const DENSITY: u32 = 2;
/// Literals of a clause, of different variables.
const LITERALS: u32 = 3;

/// The formula of a seed: 2 n random clauses of three different variables each (fewer for n < 3).
///
/// Formulas of one seed and different n are drawn independently: nothing that holds for all of them is owed to one
/// formula, as it may be for the restrictions of a single formula to its first variables.
///
/// # Errors
/// [`BarrierError::Variables`] beyond [`Formula::MAX_VARIABLES`].
pub fn random_formula(variables: u32, seed: u64) -> Result<Formula, BarrierError> {
    if variables > Formula::MAX_VARIABLES {
        return Err(BarrierError::Variables { variables, limit: Formula::MAX_VARIABLES });
    }
    let mut state = seed;
    // Another start for every n: the outputs of the generator for one seed.
    for _ in 0..variables {
        state = next_random(&mut state);
    }
    let clause = |state: &mut u64| {
        let mut clause: Vec<i32> = Vec::new();
        while clause.len() < LITERALS.min(variables) as usize {
            let bits = next_random(state);
            // 1 <= variable <= n <= 62; the remainder of 63 bits favours none by more than n 2^-63.
            let variable = 1 + ((bits >> 1) % u64::from(variables)) as i32;
            if !clause.iter().any(|literal| literal.abs() == variable) {
                clause.push(if bits & 1 == 1 { variable } else { -variable });
            }
        }
        clause
    };
    Formula::new(variables, (0..DENSITY * variables).map(|_| clause(&mut state)).collect())
}

/// The price of one formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// The number n of variables.
    pub variables: u32,
    /// The enclosures after 0, 1, 2, 4, .., 2^(n-1) evaluations, and when 2^(n-1), .., 4, 2, 1, 0 are missing.
    pub enclosures: Vec<Enclosed>,
    /// The fewest evaluations after which the number of models is known to within 2^h, h = n/2 rounded up: half of its bits.
    pub half: u64,
    /// The fewest evaluations after which it is known: 2^n.
    pub all: u64,
    /// The exact value.
    pub value: Rational,
    /// The binary digits after the point that the value may have.
    pub digits: u64,
    /// The number of models, read off the value.
    pub models: Integer,
}

/// Encloses the value of a formula until it is exact.
///
/// **Statement.** After E evaluations the number of models is known to within 2^n - E and no better ([`Enclosed`]). That is
/// at most 2^h from E = 2^n - 2^h on, for no smaller E: half of the bits cost nearly as much as all.
/// **Complexity.** 2^n evaluations.
/// **Exactness.** Exact.
pub fn growth(problem: Problem, formula: &Formula) -> Growth {
    let (n, all) = (formula.variables(), formula.assignments());
    let first = (0..n).map(|i| 1u64 << i);
    let last = (0..n).rev().map(|i| all - (1 << i));
    let enclosures = enclosures_at(problem, formula, [0].into_iter().chain(first).chain(last).chain([all]));
    let half = all - (1 << n.div_ceil(2));
    let value = enclosures.last().and_then(Enclosed::exact).map(|(_, value)| value.clone()).unwrap_or_default();
    let models = problem.models(n, &value);
    assert!(models.is_some(), "the exact value is the offset plus a number of weights");
    let digits = problem.weight(n).dyadic_exponent().unwrap_or(0);
    Growth { variables: n, enclosures, half, all, value, digits, models: models.unwrap_or(Integer::zero()) }
}
