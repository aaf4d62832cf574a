//! The linear program min x_1 + .. + x_N subject to A x = y, x >= 0, with all of its minimisers.

use super::corners::corners;
use super::pursuit::{Pursuit, program, pursue};
use super::surd_vector::lift;
use super::{Optimum, Surd};
use crate::arith::{Integer, Rational};
use crate::barrier::BarrierError;
use crate::linalg::{Matrix, dot};
use crate::programs::{Answer, LinearProgram};

/// The outcome of the linear program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nonnegative {
    /// There are minimisers. The dual point p has a_j . p <= 1 for all columns, and p . y is the value; the face is the
    /// columns with a_j . p = 1, all with the sign 1. All numbers are rational.
    Optimal(Optimum),
    /// No x is feasible: a_j . r <= 0 for all columns and r . y > 0.
    Infeasible {
        /// r
        normal: Vec<Rational>,
    },
}

/// Minimises the sum of x >= 0 subject to A x = y, exactly, with all corners of the set of minimisers.
///
/// **Statement.** p . A x = p . y is at most the sum of x for every feasible x, with equality iff x is 0 outside the face.
/// **Exactness.** Exact.
///
/// # Errors
/// [`BarrierError::Data`] where y does not fit A; [`BarrierError::Unverified`] as for [`super::solve()`].
pub fn solve_nonnegative(a: &Matrix, y: &[Rational]) -> Result<Nonnegative, BarrierError> {
    if y.len() != a.rows() {
        return Err(BarrierError::Data { rows: a.rows(), entries: y.len() });
    }
    match pursue(a, y, false).ok_or(BarrierError::Unverified)? {
        Pursuit::Infeasible { normal } => Ok(Nonnegative::Infeasible { normal }),
        Pursuit::Optimal { point, dual } => optimum(a, y, &point, &dual).ok_or(BarrierError::Unverified),
    }
}

fn optimum(a: &Matrix, y: &[Rational], point: &[Rational], dual: &[Rational]) -> Option<Nonnegative> {
    let (zero, one) = (Rational::zero(), Rational::one());
    let slopes = a.transpose().apply(dual).ok()?;
    let face: Vec<(usize, i32)> = (0..slopes.len()).filter(|&j| slopes[j] == one).map(|j| (j, 1)).collect();
    let value: Rational = point.iter().sum();
    let found = corners(a, &face, &lift(point), &zero)?;
    let rational = |x: &[Surd]| x.iter().map(|x| x.rational.clone()).collect::<Vec<_>>();
    let is_minimiser = |x: &[Rational]| {
        x.iter().all(|x| !x.is_negative()) && a.apply(x).is_ok_and(|b| b == y) && x.iter().sum::<Rational>() == value
    };
    let holds = slopes.iter().all(|slope| *slope <= one)
        && dot(dual, y) == value
        && found.points.iter().all(|x| is_minimiser(&rational(x)));
    holds.then(|| {
        Nonnegative::Optimal(Optimum {
            q: Integer::zero(),
            value: Surd::from(value),
            dual: lift(dual),
            normal: None,
            face,
            vertices: found.points,
            complete: found.complete,
        })
    })
}

/// The linear program and its answer, for the certificate of linear programs.
///
/// # Errors
/// [`BarrierError::Unverified`] where the outcome is not that of this program.
pub fn nonnegative_answer(
    a: &Matrix,
    y: &[Rational],
    outcome: &Nonnegative,
) -> Result<(LinearProgram, Answer), BarrierError> {
    let program = program(a, y, false).ok_or(BarrierError::Unverified)?;
    let rational = |x: &[Surd]| x.iter().map(|x| x.rational.clone()).collect::<Vec<_>>();
    let answer = match outcome {
        Nonnegative::Infeasible { normal } => Answer::Infeasible { multipliers: normal.clone() },
        Nonnegative::Optimal(optimum) => Answer::Optimal {
            point: optimum.vertices.first().map(|x| rational(x)).unwrap_or_default(),
            value: optimum.value.rational.clone(),
            multipliers: rational(&optimum.dual),
        },
    };
    if answer.holds(&program) { Ok((program, answer)) } else { Err(BarrierError::Unverified) }
}
