//! The exact solver.

use super::corners::corners;
use super::definition::{Found, assemble, holds};
use super::guess::guess;
use super::lasso::{lasso, nothing};
use super::pursuit::{Pursuit, Reach, pursue, reach, touching};
use super::{Instance, Optimum, Solution};
use crate::arith::Rational;
use crate::barrier::BarrierError;

/// Minimises |x|_1 subject to |A x - y| <= epsilon, exactly.
///
/// **Statement.** The solution passes the test of its definition ([`holds`]). Where [`Optimum::complete`], the minimisers are
/// the convex hull of [`Optimum::vertices`].
/// **Source.** Equations (epsilon = 0, or a ball that the range of A touches) by linear programming; else the path of the
/// LASSO (OPT00, EHJT04): its last piece is guessed in doubles and proved exactly, and where that fails, the path is
/// followed exactly by Lemke's method.
/// **Complexity.** One exact system of the size of the support where the guess is right; finite in any case.
/// **Exactness.** Exact, in Q(sqrt q) for one q.
///
/// # Errors
/// [`BarrierError::Unverified`] should an answer not pass the test, which would be an error of this program.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::barrier::l1::{Instance, Solution, Surd, solve};
/// use certinet::linalg::Matrix;
/// // |x1| + |x2| over |x1 + 2 x2 - 1| <= 1/4: x = (0, 3/8).
/// let matrix = Matrix::from_fn(1, 2, |_, j| Rational::from(j + 1));
/// let instance = Instance::new(matrix, vec![Rational::one()], Rational::ratio(1, 4))?;
/// let Solution::Optimal(optimum) = solve(&instance)? else { panic!("x = 0 is not the only candidate") };
/// assert_eq!(optimum.value, Surd::from(Rational::ratio(3, 8)));
/// assert!(optimum.is_unique());
/// # Ok::<(), certinet::barrier::BarrierError>(())
/// ```
pub fn solve(instance: &Instance) -> Result<Solution, BarrierError> {
    let solution = candidate(instance, true).filter(|solution| holds(instance, solution));
    // A guess that fails the test is no answer: the exact path decides.
    let exact = || candidate(instance, false).filter(|solution| holds(instance, solution));
    solution.or_else(exact).ok_or(BarrierError::Unverified)
}

fn candidate(instance: &Instance, may_guess: bool) -> Option<Solution> {
    if let Some(found) = nothing(instance) {
        return finish(instance, found);
    }
    if instance.epsilon().is_zero() {
        return match pursue(instance.matrix(), instance.data(), true)? {
            Pursuit::Optimal { point, dual } => finish(instance, Found::rational(&point, &dual, None)),
            Pursuit::Infeasible { normal } => Some(Solution::Infeasible { normal }),
        };
    }
    if let Some(optimum) = guess(instance).filter(|_| may_guess).and_then(|found| finish(instance, found)) {
        return Some(optimum);
    }
    match reach(instance)? {
        Reach::Outside(normal) => Some(Solution::Infeasible { normal }),
        Reach::Touching(normal) => finish(instance, touching(instance, normal)?),
        Reach::Inside => finish(instance, lasso(instance)?),
    }
}

/// Face and corners of a minimiser.
pub(super) fn finish(instance: &Instance, found: Found) -> Option<Solution> {
    let Optimum { q, value, dual, normal, face, vertices, .. } = assemble(instance, found)?;
    let corners = corners(instance.matrix(), &face, vertices.first()?, &Rational::from(&q))?;
    let (vertices, complete) = (corners.points, corners.complete);
    Some(Solution::Optimal(Optimum { q, value, dual, normal, face, vertices, complete }))
}
