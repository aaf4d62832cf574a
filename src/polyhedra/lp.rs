//! Exact linear programs with certificates.
//!
//! | file | object |
//! |---|---|
//! | this one | [`maximise`], the answers |
//! | `simplex` | the exact tableau: integers over one denominator |
//! | `check` | one small independent test for each answer |
//! | `guess` | floating-point walks that propose a basis or a point; nothing they say is believed |
//!
//! A proposed basis is where the exact simplex method starts, never where it stops: it stops at a certificate.

mod check;
pub(super) mod guess;
mod simplex;

use super::Halfspace;
use super::error::{PolyhedraError, expect_dimension};
use crate::arith::{Integer, Rational};
use simplex::{Ending, Tableau};

/// The exact answer to a linear program, with its certificate.
///
/// Multipliers are listed as (number of the halfspace, multiplier > 0), each halfspace at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Solution {
    /// The maximum is attained.
    Optimal {
        /// A feasible point at which it is attained.
        point: Vec<Rational>,
        /// The maximum.
        value: Rational,
        /// y >= 0 with sum y_i normal_i = c and sum y_i offset_i = value: no feasible point has a larger value.
        multipliers: Vec<(usize, Rational)>,
    },
    /// There is no feasible point.
    Infeasible {
        /// y >= 0 with sum y_i normal_i = 0 and sum y_i offset_i < 0 (Farkas).
        multipliers: Vec<(usize, Rational)>,
    },
    /// Values grow without bound.
    Unbounded {
        /// A feasible point.
        point: Vec<Rational>,
        /// r with normal_i . r <= 0 for all i and c . r > 0.
        ray: Vec<Rational>,
    },
}

impl Solution {
    /// Whether this answer is certified for the program: maximise c . x over the halfspaces.
    ///
    /// Computed from the definition only, in rationals, independently of how the answer was found.
    pub fn holds(&self, objective: &[Rational], halfspaces: &[Halfspace]) -> bool {
        check::holds(self, objective, halfspaces)
    }
}

/// Maximises c . x over an intersection of halfspaces, x free.
///
/// **Statement.** The answer is certified: [`Solution::holds`] is true for it.
/// **Source.** The simplex method with Bland's rule (Bla77) on an integer tableau (Edm67; every entry is a
/// minor, so numbers stay as short as determinants); a floating-point walk proposes the first basis.
/// **Shapes.** c: `[n]`, each normal: `[n]`.
/// **Complexity.** O(m n) integer operations a pivot for m halfspaces; n pivots when the proposed basis is right, finite
/// in any case.
/// **Exactness.** Exact.
///
/// # Errors
/// [`PolyhedraError::Dimension`].
///
/// ```
/// use certinet::{arith::Rational, polyhedra::{Halfspace, Solution, maximise}};
/// let unit = (Rational::zero(), Rational::one());
/// let square = Halfspace::of_box(&[unit.clone(), unit]);
/// let c = [Rational::one(), Rational::from(2)];
/// let solution = maximise(&c, &square)?;
/// assert!(solution.holds(&c, &square));
/// assert!(matches!(solution, Solution::Optimal { value, .. } if value == Rational::from(3)));
/// # Ok::<(), certinet::polyhedra::PolyhedraError>(())
/// ```
pub fn maximise(objective: &[Rational], halfspaces: &[Halfspace]) -> Result<Solution, PolyhedraError> {
    for half in halfspaces {
        expect_dimension("a halfspace", half.dimension(), objective.len())?;
    }
    let basis = guess::basis(objective, halfspaces);
    Ok(maximise_from(objective, halfspaces, &basis))
}

/// As [`maximise`], started from the halfspaces that are thought to be active at the maximum.
///
/// Any list will do: a good one saves pivots, a bad one costs some.
pub(super) fn maximise_from(objective: &[Rational], halfspaces: &[Halfspace], basis: &[usize]) -> Solution {
    // c = integers / scale; scaling the objective by a positive number does not move its maximum.
    let scale = objective.iter().fold(Integer::one(), |scale, c| scale.lcm(&c.denominator()));
    let cleared: Vec<Integer> =
        objective.iter().map(|c| c.numerator() * scale.div_rem_euclid(&c.denominator()).0).collect();
    let mut tableau = Tableau::new(&cleared, halfspaces);
    match tableau.solve(basis) {
        Ending::Optimal => {
            let per_scale = |y: Rational| y / Rational::from(&scale);
            let (value, multipliers) = tableau.dual();
            let multipliers = multipliers.into_iter().map(|(i, y)| (i, per_scale(y))).collect();
            Solution::Optimal { point: tableau.point(), value: per_scale(value), multipliers }
        }
        Ending::Infeasible { row } => Solution::Infeasible { multipliers: tableau.farkas(row) },
        Ending::Unbounded { column, up } => {
            Solution::Unbounded { point: tableau.point(), ray: tableau.ray(column, up) }
        }
    }
}

#[cfg(test)]
mod tests;
