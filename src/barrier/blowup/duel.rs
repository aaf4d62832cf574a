//! A solver against the two data that agree with all it read.

use std::collections::BTreeMap;

use super::data::cell;
use super::{Data, Problem};
use crate::arith::Rational;
use crate::barrier::{BarrierError, Formula};

/// Answers a solver's readings of F, and keeps which cells it saw.
#[derive(Debug)]
pub struct Oracle<'a> {
    problem: Problem,
    formula: &'a Formula,
    places: Vec<Rational>,
    seen: BTreeMap<u64, bool>,
}

impl Oracle<'_> {
    /// The problem to solve.
    pub fn problem(&self) -> Problem {
        self.problem
    }

    /// The number n of variables: F has 2^n cells.
    pub fn variables(&self) -> u32 {
        self.formula.variables()
    }

    /// F(t) for t in [0, 1], exactly. The solver knows the form of F: a value above 0 is a bump of the cell.
    ///
    /// # Errors
    /// [`BarrierError::Place`] outside [0, 1].
    pub fn read(&mut self, t: &Rational) -> Result<Rational, BarrierError> {
        let (cell, bump) = cell(self.variables(), t)?;
        self.places.push(t.clone());
        // At an end of a cell every F is 0: the reading says nothing, and the cell stays unseen.
        if bump.is_zero() {
            return Ok(bump);
        }
        let has_bump = self.formula.holds(cell);
        self.seen.insert(cell, has_bump);
        Ok(if has_bump { bump } else { Rational::zero() })
    }
}

/// A solver that reads values of F and answers with the value of the solution.
///
/// A solver must depend on its readings only: the same readings, the same answer.
pub trait Solver {
    /// What it does, in a few words.
    fn name(&self) -> &'static str;

    /// The answer, exactly as the solver means it.
    ///
    /// # Errors
    /// [`BarrierError`] from the oracle.
    fn answer(&self, oracle: &mut Oracle) -> Result<Rational, BarrierError>;
}

/// The outcome of a duel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duel {
    /// The solver's answer.
    pub answer: Rational,
    /// Where it read F, in order.
    pub places: Vec<Rational>,
    /// The data with no bump where the solver saw nothing.
    pub low: Data,
    /// The data with a bump wherever the solver saw nothing.
    pub high: Data,
    /// The exact value of the solution for both.
    pub values: [Rational; 2],
    /// The distance of the two values: the number of unseen cells times the weight of one model.
    pub distance: Rational,
    /// The error of the answer on the worse of the two; at least half the distance.
    pub error: Rational,
    /// Whether the answer is nearer than half a weight to both values, so that rounding counts the models.
    pub survived: bool,
}

/// Lets a solver read the data of a formula, and fools it where it skipped a cell.
///
/// **Statement.** `low` and `high` have the values that the solver was given at all places where it read, so that on
/// both it would have given the same answer. Their solutions differ by (2^n - cells seen) weights, exactly; the answer is
/// wrong by half of that or more on one of them. A solver survives only when it saw all cells and is right.
///
/// **Exactness.** Exact.
///
/// # Errors
/// [`BarrierError`] from the solver.
pub fn duel(problem: Problem, formula: &Formula, solver: &dyn Solver) -> Result<Duel, BarrierError> {
    let mut oracle = Oracle { problem, formula, places: Vec::new(), seen: BTreeMap::new() };
    let answer = solver.answer(&mut oracle)?;
    let Oracle { places, seen, .. } = oracle;
    let low = Data::new(formula.variables(), seen.clone(), false)?;
    let high = Data::new(formula.variables(), seen, true)?;
    let values = [low.value(problem), high.value(problem)];
    let distance = &values[1] - &values[0];
    // |a - low| + |high - a| >= distance: the larger of the two is at least half of it.
    let error = (&answer - &values[0]).abs().max((&answer - &values[1]).abs());
    let survived = error < problem.weight(formula.variables()).scale_by_power_of_two(-1);
    Ok(Duel { answer, places, low, high, values, distance, error, survived })
}
