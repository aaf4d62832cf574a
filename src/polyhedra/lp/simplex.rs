//! The exact simplex method on an integer tableau.

use core::cmp::Ordering;

use crate::arith::{Integer, Rational};
use crate::polyhedra::Halfspace;

/// A variable of the program: a coordinate (any sign) or the slack offset - normal . x >= 0 of a halfspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Variable {
    Coordinate(usize),
    Slack(usize),
}

impl Variable {
    fn is_slack(self) -> bool {
        matches!(self, Self::Slack(_))
    }
}

/// Where the method stopped.
pub(super) enum Ending {
    /// No column improves.
    Optimal,
    /// This row cannot become non-negative.
    Infeasible { row: usize },
    /// Moving this nonbasic variable (up or down) improves for ever.
    Unbounded { column: usize, up: bool },
}

/// d basic_i = constant_i - sum_j entry_ij nonbasic_j for every row, and for the objective in the last row.
///
/// d > 0 is the absolute value of the determinant of the basis, and every entry is a minor of the input: divisions in
/// [`Tableau::pivot`] leave no remainder.
pub(super) struct Tableau {
    /// Entries, and the constant in the last place; the last row is the objective.
    rows: Vec<Vec<Integer>>,
    denominator: Integer,
    basic: Vec<Variable>,
    nonbasic: Vec<Variable>,
}

impl Tableau {
    /// Slacks basic, coordinates nonbasic.
    pub(super) fn new(objective: &[Integer], halfspaces: &[Halfspace]) -> Self {
        let row = |half: &Halfspace| half.normal().iter().chain([half.offset()]).cloned().collect::<Vec<_>>();
        let mut rows: Vec<Vec<Integer>> = halfspaces.iter().map(row).collect();
        rows.push(objective.iter().map(|c| -c).chain([Integer::zero()]).collect());
        Self {
            rows,
            denominator: Integer::one(),
            basic: (0..halfspaces.len()).map(Variable::Slack).collect(),
            nonbasic: (0..objective.len()).map(Variable::Coordinate).collect(),
        }
    }

    /// Runs the method; the slacks in `basis` are made nonbasic first where they can be.
    pub(super) fn solve(&mut self, basis: &[usize]) -> Ending {
        self.eliminate_coordinates(basis);
        // Phase 1, the dual method for the objective 0: Bland's rule in the dual, finite.
        while let Some(row) = self.smallest(|i| self.constant(i).signum() < 0) {
            // d s_row = constant - sum entry_j s_j with constant < 0: some s_j with entry_j < 0 has to grow.
            let column = (0..self.nonbasic.len())
                .filter(|&j| self.nonbasic[j].is_slack() && self.rows[row][j].signum() < 0)
                .min_by_key(|&j| self.nonbasic[j]);
            match column {
                Some(column) => self.pivot(row, column),
                None => return Ending::Infeasible { row },
            }
        }
        // Phase 2, the primal method with Bland's rule, finite.
        loop {
            let objective = &self.rows[self.basic.len()];
            // A coordinate that is still nonbasic appears in no slack: it may move both ways without any constraint.
            let free = |j: &usize| !self.nonbasic[*j].is_slack() && !objective[*j].is_zero();
            if let Some(column) = (0..self.nonbasic.len()).find(free) {
                return Ending::Unbounded { column, up: objective[column].signum() < 0 };
            }
            let improving = (0..self.nonbasic.len())
                .filter(|&j| self.nonbasic[j].is_slack() && objective[j].signum() < 0)
                .min_by_key(|&j| self.nonbasic[j]);
            let Some(column) = improving else { return Ending::Optimal };
            match self.first_blocking(column) {
                Some(row) => self.pivot(row, column),
                None => return Ending::Unbounded { column, up: true },
            }
        }
    }

    fn constant(&self, row: usize) -> &Integer {
        &self.rows[row][self.nonbasic.len()]
    }

    /// The basic slack with the smallest name among rows with a property.
    fn smallest(&self, property: impl Fn(usize) -> bool) -> Option<usize> {
        let rows = (0..self.basic.len()).filter(|&i| self.basic[i].is_slack() && property(i));
        rows.min_by_key(|&i| self.basic[i])
    }

    /// The row whose slack reaches 0 first when the nonbasic variable grows; ties by the smallest name.
    fn first_blocking(&self, column: usize) -> Option<usize> {
        let rows = (0..self.basic.len()).filter(|&i| self.basic[i].is_slack() && self.rows[i][column].signum() > 0);
        rows.min_by(|&i, &k| {
            // constant_i / entry_i against constant_k / entry_k, entries positive.
            let left = self.constant(i) * &self.rows[k][column];
            let right = self.constant(k) * &self.rows[i][column];
            left.cmp(&right).then_with(|| self.basic[i].cmp(&self.basic[k]))
        })
    }

    /// Makes every coordinate basic that some slack depends on, preferring the slacks of `basis`.
    fn eliminate_coordinates(&mut self, basis: &[usize]) {
        let n = self.nonbasic.len();
        for &row in basis {
            // Row i holds slack i until that slack leaves, once.
            if !self.basic.get(row).is_some_and(|variable| variable.is_slack()) {
                continue;
            }
            let open = (0..n).find(|&j| !self.nonbasic[j].is_slack() && !self.rows[row][j].is_zero());
            if let Some(column) = open {
                self.pivot(row, column);
            }
        }
        for column in 0..n {
            if self.nonbasic[column].is_slack() {
                continue;
            }
            // Short pivots keep products short.
            let row = (0..self.basic.len())
                .filter(|&i| self.basic[i].is_slack() && !self.rows[i][column].is_zero())
                .min_by_key(|&i| self.rows[i][column].bits());
            if let Some(row) = row {
                self.pivot(row, column);
            }
        }
    }

    /// Exchanges a basic and a nonbasic variable whose entry is not 0.
    fn pivot(&mut self, row: usize, column: usize) {
        // From d b = k - sum e_j v_j - e v:   e v = k - sum e_j v_j - d b.
        let top = self.rows[row].clone();
        let pivot = &top[column];
        let negative = pivot.signum() < 0;
        let sign = |x: Integer| if negative { -x } else { x };
        for (i, entries) in self.rows.iter_mut().enumerate() {
            if i == row {
                continue;
            }
            let factor = core::mem::replace(&mut entries[column], Integer::zero());
            for (j, entry) in entries.iter_mut().enumerate() {
                if j == column {
                    continue;
                }
                // (e entry - factor e_j) / d, exact.
                let mut minor = pivot * &*entry;
                if !factor.is_zero() && !top[j].is_zero() {
                    minor -= &(&factor * &top[j]);
                }
                *entry = sign(exact_quotient(minor, &self.denominator));
            }
            entries[column] = sign(-factor);
        }
        let pivot = pivot.abs();
        let entries = &mut self.rows[row];
        for entry in entries.iter_mut() {
            *entry = sign(core::mem::replace(entry, Integer::zero()));
        }
        entries[column] = sign(core::mem::replace(&mut self.denominator, pivot));
        core::mem::swap(&mut self.basic[row], &mut self.nonbasic[column]);
    }

    fn ratio(&self, numerator: &Integer) -> Rational {
        Rational::new(numerator.clone(), self.denominator.clone()).unwrap_or_default()
    }

    /// The coordinates when all nonbasic variables are 0.
    pub(super) fn point(&self) -> Vec<Rational> {
        let mut point = vec![Rational::zero(); self.nonbasic.len()];
        for (row, variable) in self.basic.iter().enumerate() {
            if let Variable::Coordinate(j) = variable {
                point[*j] = self.ratio(self.constant(row));
            }
        }
        point
    }

    /// The direction of the coordinates when a nonbasic variable moves.
    pub(super) fn ray(&self, column: usize, up: bool) -> Vec<Rational> {
        let mut ray = vec![Rational::zero(); self.nonbasic.len()];
        let one = Rational::from(if up { 1 } else { -1 });
        if let Variable::Coordinate(j) = self.nonbasic[column] {
            ray[j] = one.clone();
        }
        for (row, variable) in self.basic.iter().enumerate() {
            if let Variable::Coordinate(j) = variable {
                ray[*j] = -self.ratio(&self.rows[row][column]) * &one;
            }
        }
        ray
    }

    /// The value, and the reduced costs of the nonbasic slacks: value - objective = sum y_j s_j.
    pub(super) fn dual(&self) -> (Rational, Vec<(usize, Rational)>) {
        let objective = self.basic.len();
        (self.ratio(self.constant(objective)), self.slack_entries(objective))
    }

    /// d s_row + sum entry_j s_j = constant < 0 with entries >= 0, for all x.
    pub(super) fn farkas(&self, row: usize) -> Vec<(usize, Rational)> {
        let mut multipliers = self.slack_entries(row);
        if let Variable::Slack(i) = self.basic[row] {
            multipliers.push((i, Rational::one()));
        }
        multipliers.sort_by_key(|entry| entry.0);
        multipliers
    }

    fn slack_entries(&self, row: usize) -> Vec<(usize, Rational)> {
        let named = |(variable, entry): (&Variable, &Integer)| match variable {
            Variable::Slack(i) if !entry.is_zero() => Some((*i, self.ratio(entry))),
            _ => None,
        };
        let mut entries: Vec<(usize, Rational)> = self.nonbasic.iter().zip(&self.rows[row]).filter_map(named).collect();
        entries.sort_by_key(|entry| entry.0);
        entries
    }
}

fn exact_quotient(n: Integer, d: &Integer) -> Integer {
    if n.is_zero() || d.cmp(&Integer::one()) == Ordering::Equal {
        return n;
    }
    let (quotient, remainder) = n.div_rem_euclid(d);
    assert!(remainder.is_zero(), "a division of an integer tableau leaves no remainder");
    quotient
}
