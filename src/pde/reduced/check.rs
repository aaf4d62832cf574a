//! A bound against the true error, which a second computation encloses.

use crate::arith::{Enclosure, Rational};
use crate::linalg::dot;

use super::super::{Certified, PdeError, Stiffness};
use super::{Reduced, ReducedModel};

/// Significant bits of ends.
const BITS: u64 = 64;

/// A reduced solution at one parameter, its bound, and its error enclosed by other means.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The reduced solution with its bound.
    pub reduced: Reduced,
    /// |u - v| in the energy norm.
    pub true_error: Enclosure,
}

impl Checked {
    /// Computes both.
    ///
    /// **Statement.** For a solution w of the whole system with |u - w| <= eps ([`Certified`]): |u - v| is |v - w| up to
    /// eps, by the triangle inequality twice. |v - w| is computed exactly, from the coefficient on the triangles and not
    /// from its affine parts.
    ///
    /// # Errors
    /// As [`Reduced::new`] and [`Certified::new`].
    pub fn new(model: &ReducedModel, y: &[Rational]) -> Result<Self, PdeError> {
        let problem = model.setting().problem();
        let reduced = Reduced::new(model, y)?;
        let values = problem.coefficient().values(y)?;
        let certified = Certified::of_values(problem, &values)?;
        let difference: Result<Vec<Rational>, PdeError> = reduced
            .solution
            .to_rationals()
            .into_iter()
            .zip(&certified.solution)
            .map(|(v, w)| Rational::from_f64(*w).map(|w| v - w).map_err(|_| PdeError::Factorisation))
            .collect();
        let difference = difference?;
        let matrix = Stiffness::new(problem.grid(), &values);
        let squared = dot(&difference, &matrix.apply(&difference));
        let (lo, hi) = (squared.sqrt_down(BITS), squared.sqrt_up(BITS));
        let eps = &certified.energy_error;
        let true_error = Enclosure::hull((&lo - eps).relu().round_down(BITS), (&hi + eps).round_up(BITS));
        Ok(Self { reduced, true_error })
    }
    /// Whether the bound lies below every value that the error can have: what must never happen.
    pub fn is_violated(&self) -> bool {
        self.reduced.energy_error < *self.true_error.lo()
    }
    /// The bound over the true error; `None` where the error may be 0.
    pub fn effectivity(&self) -> Option<Enclosure> {
        Enclosure::point(self.reduced.energy_error.clone()).checked_div(&self.true_error)
    }
}
