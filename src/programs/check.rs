//! Answers to linear programs, tested from their definitions.

use super::{Answer, LinearProgram, Range, Sense};
use crate::arith::Rational;

/// Whether an answer is certified; lengths that do not fit make it false.
pub(super) fn holds(answer: &Answer, program: &LinearProgram) -> bool {
    match answer {
        Answer::Optimal { point, value, multipliers } => {
            let costs: Vec<Rational> = program.columns().iter().map(|column| column.cost.clone()).collect();
            // No feasible point has a better value than the bound, and the point attains it.
            feasible(program, point)
                && program.value(point) == *value
                && bound(program, &costs, multipliers, program.sense())
                    .is_some_and(|bound| program.constant() + bound == *value)
        }
        Answer::Infeasible { multipliers } => {
            // 0 . x >= bound > 0 for every feasible x: there is none.
            let zero = vec![Rational::zero(); program.columns().len()];
            bound(program, &zero, multipliers, Sense::Minimise).is_some_and(|bound| bound.is_positive())
        }
        Answer::Unbounded { point, ray } => {
            // point + t ray is feasible for all t >= 0, and the objective improves by t |c . ray|.
            feasible(program, point) && ray.len() == program.columns().len() && {
                let gain = program.value(ray) - program.constant();
                let improves = match program.sense() {
                    Sense::Minimise => gain.is_negative(),
                    Sense::Maximise => gain.is_positive(),
                };
                improves
                    && program.columns().iter().zip(ray).all(|(column, r)| recedes(&column.range, r))
                    && program.rows().iter().zip(&program.row_values(ray)).all(|(row, r)| recedes(&row.range, r))
            }
        }
    }
}

fn feasible(program: &LinearProgram, x: &[Rational]) -> bool {
    x.len() == program.columns().len()
        && program.columns().iter().zip(x).all(|(column, x)| column.range.contains(x))
        && program.rows().iter().zip(&program.row_values(x)).all(|(row, value)| row.range.contains(value))
}

/// Whether x + t r stays in a range for every x in it and every t >= 0.
fn recedes(range: &Range, r: &Rational) -> bool {
    (range.upper.is_none() || !r.is_positive()) && (range.lower.is_none() || !r.is_negative())
}

/// A bound of c . x over all feasible x, from below when minimising; `None` where an end that it needs is missing.
fn bound(program: &LinearProgram, costs: &[Rational], multipliers: &[Rational], sense: Sense) -> Option<Rational> {
    if multipliers.len() != program.rows().len() {
        return None;
    }
    // c . x = sum_i y_i (A x)_i + sum_j d_j x_j with d = c - A^T y, and each term is at least (at most) y_i times an end.
    let mut sum = Rational::zero();
    for (row, y) in program.rows().iter().zip(multipliers) {
        sum += extreme(&row.range, y, sense)?;
    }
    for (column, c) in program.columns().iter().zip(costs) {
        let mut d = c.clone();
        for (row, a) in &column.entries {
            let y = &multipliers[*row];
            if !y.is_zero() {
                d -= &(a * y);
            }
        }
        sum += extreme(&column.range, &d, sense)?;
    }
    Some(sum)
}

/// The smallest (or largest) value of factor x over a range; `None` when there is none.
fn extreme(range: &Range, factor: &Rational, sense: Sense) -> Option<Rational> {
    let at_lower = match sense {
        Sense::Minimise => factor.is_positive(),
        Sense::Maximise => factor.is_negative(),
    };
    if factor.is_zero() {
        return Some(Rational::zero());
    }
    let end = if at_lower { &range.lower } else { &range.upper };
    end.as_ref().map(|end| factor * end)
}
