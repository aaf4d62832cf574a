//! Certificates of linear programs, tested from their definitions.

use super::Solution;
use crate::arith::Rational;
use crate::polyhedra::Halfspace;

/// Whether an answer is certified; lengths that do not fit make it false.
pub(super) fn holds(solution: &Solution, objective: &[Rational], halfspaces: &[Halfspace]) -> bool {
    let n = objective.len();
    if halfspaces.iter().any(|half| half.dimension() != n) {
        return false;
    }
    let feasible = |x: &[Rational]| x.len() == n && halfspaces.iter().all(|half| half.contains(x));
    match solution {
        Solution::Optimal { point, value, multipliers } => {
            // For feasible x: c . x = sum y_i normal_i . x <= sum y_i offset_i = value, and the point attains it.
            feasible(point)
                && dot(objective, point) == *value
                && combine(multipliers, halfspaces, n).is_some_and(|(sum, bound)| sum == objective && bound == *value)
        }
        Solution::Infeasible { multipliers } => {
            // For feasible x: 0 = sum y_i normal_i . x <= sum y_i offset_i < 0.
            combine(multipliers, halfspaces, n)
                .is_some_and(|(sum, bound)| sum.iter().all(Rational::is_zero) && bound.is_negative())
        }
        Solution::Unbounded { point, ray } => {
            // point + t ray is feasible for all t >= 0, and c . ray > 0.
            feasible(point)
                && ray.len() == n
                && halfspaces.iter().all(|half| !half.value(ray).is_positive())
                && dot(objective, ray).is_positive()
        }
    }
}

fn dot(c: &[Rational], x: &[Rational]) -> Rational {
    c.iter().zip(x).map(|(c, x)| c * x).sum()
}

/// sum y_i normal_i and sum y_i offset_i; `None` for negative multipliers and unknown halfspaces.
fn combine(multipliers: &[(usize, Rational)], halfspaces: &[Halfspace], n: usize) -> Option<(Vec<Rational>, Rational)> {
    let (mut sum, mut bound) = (vec![Rational::zero(); n], Rational::zero());
    for (number, y) in multipliers {
        let half = halfspaces.get(*number)?;
        if y.is_negative() {
            return None;
        }
        for (sum, normal) in sum.iter_mut().zip(half.normal()) {
            *sum += Rational::from(normal) * y;
        }
        bound += Rational::from(half.offset()) * y;
    }
    Some((sum, bound))
}
