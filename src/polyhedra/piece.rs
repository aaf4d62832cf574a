//! Pieces of a domain, cut by the signs of affine functions that are not known beforehand.

use super::cell::{Cell, Split};
use super::error::PolyhedraError;
use super::local::IntegerNetwork;
use super::lp::{Solution, maximise};
use super::refine::refine;
use super::regions::domain_cell;
use super::row::Row;
use super::{Affine, Halfspace};
use crate::arith::Rational;
use crate::network::Layered;

use std::sync::Arc;

/// A full-dimensional polyhedron with a point strictly inside.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::polyhedra::{Affine, Piece, Sign};
/// // x - 1/2 has both signs on [0, 1].
/// let piece = Piece::new(1, Some(&[(Rational::zero(), Rational::one())]))?;
/// let function = Affine::variable(1, 0).plus(&Rational::ratio(-1, 2));
/// let Sign::Both(parts) = piece.sign(&function) else { return Err("one sign".into()) };
/// let (negative, positive) = *parts;
/// assert!(matches!(negative.sign(&function), Sign::Negative));
/// assert!(function.value(&positive.interior()).is_positive());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Piece {
    cell: Cell,
}

/// The sign of an affine function on the inside of a piece. Exact.
#[derive(Debug, Clone)]
pub enum Sign {
    /// 0 everywhere.
    Zero,
    /// Positive everywhere inside.
    Positive,
    /// Negative everywhere inside.
    Negative,
    /// Both: the part on which it is negative, and that on which it is positive.
    Both(Box<(Piece, Piece)>),
}

impl Piece {
    /// A box, or all of R^n for `None`.
    ///
    /// # Errors
    /// As [`super::regions()`].
    pub fn new(dimension: usize, domain: Option<&[(Rational, Rational)]>) -> Result<Self, PolyhedraError> {
        Ok(Self { cell: domain_cell(dimension, domain)? })
    }
    /// The sign of a function on this piece.
    pub fn sign(&self, function: &Affine) -> Sign {
        if function.gradient.iter().all(Rational::is_zero) {
            return match function.constant.signum() {
                0 => Sign::Zero,
                1.. => Sign::Positive,
                _ => Sign::Negative,
            };
        }
        // gradient . x + constant <= 0
        let negative = Arc::new(Row::new(Halfspace::from_rationals(&function.gradient, &-&function.constant)));
        let positive = Arc::new(negative.opposite());
        match self.cell.split(&positive, &negative) {
            Split::Inside => Sign::Positive,
            Split::Outside => Sign::Negative,
            Split::Both(inner, outer) => Sign::Both(Box::new((
                Self { cell: self.cell.with(&negative, outer) },
                Self { cell: self.cell.with(&positive, inner) },
            ))),
        }
    }
    /// A point strictly inside, with short coordinates.
    pub fn interior(&self) -> Vec<Rational> {
        self.cell.short_point()
    }
    /// The facets.
    pub fn facets(&self) -> Vec<Halfspace> {
        let mut cell = self.cell.clone();
        cell.reduce();
        cell.halfspaces().cloned().collect()
    }
    /// The largest value of a function on the piece; `None` when it is unbounded. Exact.
    pub fn maximum(&self, function: &Affine) -> Option<Rational> {
        let halfspaces: Vec<Halfspace> = self.cell.halfspaces().cloned().collect();
        match maximise(&function.gradient, &halfspaces) {
            Ok(Solution::Optimal { value, .. }) => Some(value + &function.constant),
            _ => None,
        }
    }
}

/// Whether a network is a given affine map on each of some pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// It is.
    Everywhere {
        /// The regions of the network within the pieces, on which maps were compared.
        regions: usize,
    },
    /// It is not: a point strictly inside a piece at which they differ.
    Differs {
        /// The point.
        point: Vec<Rational>,
    },
    /// There are more regions than the limit, and no difference in those that were compared.
    Open {
        /// The regions that were compared.
        regions: usize,
    },
}

/// Compares a network on each piece with the affine map given for it, one function an output.
///
/// **Exactness.** Exact. **Complexity.** As [`super::regions()`], for the pieces cut by the network.
///
/// # Errors
/// As [`super::regions()`].
pub fn agrees(network: &Layered, pieces: &[(Piece, Vec<Affine>)], limit: usize) -> Result<Agreement, PolyhedraError> {
    let integers = IntegerNetwork::new(network)?;
    let refinement = refine(&integers, pieces.iter().map(|(piece, _)| piece.cell.clone()).collect(), limit);
    for leaf in &refinement.leaves {
        let Some((matrix, offset)) = leaf.functions().map(super::local::Functions::affine_map) else { continue };
        for (i, expected) in pieces[leaf.origin].1.iter().enumerate() {
            let found = Affine { gradient: matrix.row(i).to_vec(), constant: offset[i].clone() };
            let difference = found.minus(expected);
            if difference.is_zero() {
                continue;
            }
            // Not 0 on one of the two sides: a point strictly inside the part on which it has one sign.
            let piece = Piece { cell: leaf.cell.clone() };
            let point = match piece.sign(&difference) {
                Sign::Both(parts) => parts.1.interior(),
                _ => piece.interior(),
            };
            return Ok(Agreement::Differs { point });
        }
    }
    let regions = refinement.leaves.len();
    Ok(if refinement.complete { Agreement::Everywhere { regions } } else { Agreement::Open { regions } })
}
