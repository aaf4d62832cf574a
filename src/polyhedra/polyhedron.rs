//! Intersections of halfspaces.

use super::Halfspace;
use super::error::{PolyhedraError, expect_dimension};
use super::lp::{Solution, maximise, maximise_from};
use super::point::shorten_exactly;
use crate::arith::{Integer, Rational};

/// The points in all of finitely many closed halfspaces of R^n.
///
/// ```
/// use certinet::{arith::Rational, polyhedra::{Halfspace, Polyhedron}};
/// let unit = (Rational::zero(), Rational::one());
/// let square = Polyhedron::new(2, Halfspace::of_box(&[unit.clone(), unit]))?;
/// assert!(square.is_bounded()? && square.interior_point().is_some());
/// assert_eq!(square.volume()?, Some(Rational::one()));
/// # Ok::<(), certinet::polyhedra::PolyhedraError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polyhedron {
    dimension: usize,
    halfspaces: Vec<Halfspace>,
}

impl Polyhedron {
    /// The intersection of these halfspaces of R^n.
    ///
    /// # Errors
    /// [`PolyhedraError::Dimension`].
    pub fn new(dimension: usize, halfspaces: Vec<Halfspace>) -> Result<Self, PolyhedraError> {
        for half in &halfspaces {
            expect_dimension("a halfspace", half.dimension(), dimension)?;
        }
        Ok(Self { dimension, halfspaces })
    }
    /// n of R^n.
    pub fn dimension(&self) -> usize {
        self.dimension
    }
    /// The halfspaces.
    pub fn halfspaces(&self) -> &[Halfspace] {
        &self.halfspaces
    }
    /// Whether x lies in it, boundary included.
    ///
    /// # Panics
    /// Panics when the dimensions differ.
    pub fn contains(&self, x: &[Rational]) -> bool {
        self.halfspaces.iter().all(|half| half.contains(x))
    }
    /// Whether it has no point. Exact.
    ///
    /// # Errors
    /// As [`maximise`].
    pub fn is_empty(&self) -> Result<bool, PolyhedraError> {
        let solution = maximise(&vec![Rational::zero(); self.dimension], &self.halfspaces)?;
        Ok(matches!(solution, Solution::Infeasible { .. }))
    }
    /// A point strictly inside all halfspaces, with short coordinates; `None` exactly when the polyhedron is not
    /// full-dimensional.
    pub fn interior_point(&self) -> Option<Vec<Rational>> {
        let halfspaces: Vec<&Halfspace> = self.halfspaces.iter().collect();
        let point = strict_point(&halfspaces, self.dimension, &[])?;
        Some(shorten_exactly(point, &halfspaces))
    }
    /// Whether it lies in some ball. Exact; true for the empty polyhedron.
    ///
    /// # Errors
    /// As [`maximise`].
    pub fn is_bounded(&self) -> Result<bool, PolyhedraError> {
        // Unbounded exactly when a coordinate is, up or down.
        for axis in 0..self.dimension {
            for sign in [1, -1] {
                let c: Vec<Rational> =
                    (0..self.dimension).map(|j| Rational::from(if j == axis { sign } else { 0 })).collect();
                if matches!(maximise(&c, &self.halfspaces)?, Solution::Unbounded { .. }) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
    /// The same set without halfspaces that follow from the others. Exact.
    ///
    /// For a full-dimensional polyhedron what is left are its facets, each once; else one of several choices, and for
    /// the empty set some halfspaces that have no common point.
    ///
    /// # Errors
    /// As [`maximise`].
    pub fn irredundant(&self) -> Result<Self, PolyhedraError> {
        let mut kept = self.halfspaces.clone();
        let mut number = 0;
        while number < kept.len() {
            let half = kept.remove(number);
            let normal: Vec<Rational> = half.normal().iter().map(Rational::from).collect();
            let follows = match maximise(&normal, &kept)? {
                // normal . x <= value <= offset on the others
                Solution::Optimal { value, .. } => value <= Rational::from(half.offset()),
                Solution::Infeasible { .. } => true,
                Solution::Unbounded { .. } => false,
            };
            if !follows {
                kept.insert(number, half);
                number += 1;
            }
        }
        Ok(Self { dimension: self.dimension, halfspaces: kept })
    }
}

/// A point strictly inside all halfspaces; `None` when there is none. Exact.
///
/// **Statement.** Maximises t <= 1 subject to normal_i . x + w_i t <= offset_i with weights w_i > 0: there is a point
/// strictly inside exactly when the maximum is positive.
pub(super) fn strict_point(halfspaces: &[&Halfspace], dimension: usize, hint: &[usize]) -> Option<Vec<Rational>> {
    let lift = |half: &&Halfspace| {
        // Weights as large as the normals keep the point away from all boundaries alike.
        let weight = Integer::power_of_two(half.normal().iter().map(Integer::bits).max().unwrap_or(0));
        Halfspace::new(half.normal().iter().cloned().chain([weight]).collect(), half.offset().clone())
    };
    let mut lifted: Vec<Halfspace> = halfspaces.iter().map(lift).collect();
    let mut up = vec![Integer::zero(); dimension];
    up.push(Integer::one());
    let objective: Vec<Rational> = up.iter().map(Rational::from).collect();
    lifted.push(Halfspace::new(up, Integer::one()));
    match maximise_from(&objective, &lifted, hint) {
        Solution::Optimal { mut point, value, .. } if value.is_positive() => {
            point.truncate(dimension);
            Some(point)
        }
        // The program is feasible (t very negative) and bounded (t <= 1), so this is a maximum that is not positive.
        _ => None,
    }
}
