//! Exact equality of two networks.

use rayon::prelude::*;

use super::cell::Cell;
use super::cover::CoverCell;
use super::error::{PolyhedraError, expect_dimension};
use super::local::{Functions, IntegerNetwork};
use super::refine::{Leaf, Refinement, refine};
use super::regions::domain_cell;
use super::restriction::restrict;
use crate::arith::Rational;
use crate::evaluate::{EvaluateError, Evaluator};
use crate::linalg::Matrix;
use crate::network::Layered;

/// Points that are tried before any region is computed.
const TRIALS: usize = 16;

/// Whether two networks are one function on a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Equality {
    /// They are, proved.
    Equal {
        /// The regions of the common refinement on which both maps were compared.
        regions: usize,
    },
    /// They are not.
    Unequal {
        /// A point of the domain at which they differ.
        witness: Vec<Rational>,
        /// The value of the first network there.
        left: Vec<Rational>,
        /// The value of the second network there.
        right: Vec<Rational>,
    },
    /// There are more regions than the limit, and no difference in those that were compared.
    Open {
        /// The regions that were compared.
        regions: usize,
    },
}

/// Decides whether two networks agree on a box, or on all of R^n for `None`.
///
/// **Statement.** `Equal`: left(x) = right(x) for all x of the domain: the regions of the second network within those of
/// the first cover the domain, both networks are affine on each, and the maps are equal. `Unequal`: the values shown
/// differ. Sides without length are accepted: the networks are compared on the flat.
/// **Complexity.** As [`super::regions()`], for the common refinement.
/// **Exactness.** Exact.
///
/// # Errors
/// [`PolyhedraError::Dimension`] for networks or a domain that do not fit, [`PolyhedraError::EndsReversed`],
/// [`PolyhedraError::Network`] for layers too large to write out.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::network::{Layer, Layered, LinearMap};
/// use certinet::polyhedra::{Equality, equal};
/// // max(x, 0) and x are equal on [0, 1] and differ on [-1, 1].
/// let layer = || Layer { map: LinearMap::identity(1), bias: LinearMap::zero(1, 1) };
/// let (relu, line) = (Layered::new(vec![layer(), layer()])?, Layered::new(vec![layer()])?);
/// let unit = [(Rational::zero(), Rational::one())];
/// assert_eq!(equal(&relu, &line, Some(&unit), 100)?, Equality::Equal { regions: 1 });
/// let wide = [(Rational::from(-1), Rational::one())];
/// assert!(matches!(equal(&relu, &line, Some(&wide), 100)?, Equality::Unequal { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn equal(
    left: &Layered,
    right: &Layered,
    domain: Option<&[(Rational, Rational)]>,
    limit: usize,
) -> Result<Equality, PolyhedraError> {
    equal_with_cells(left, right, domain, limit).map(|answer| answer.0)
}

/// As [`equal`], with the regions of the common refinement on which both maps were compared.
///
/// # Errors
/// As [`equal`].
pub fn equal_with_cells(
    left: &Layered,
    right: &Layered,
    domain: Option<&[(Rational, Rational)]>,
    limit: usize,
) -> Result<(Equality, Vec<CoverCell>), PolyhedraError> {
    expect_dimension("the input of the second network", right.input_dimension(), left.input_dimension())?;
    expect_dimension("the output of the second network", right.output_dimension(), left.output_dimension())?;
    if let Some(sides) = domain {
        expect_dimension("the domain", sides.len(), left.input_dimension())?;
        if let Some(number) = sides.iter().position(|(lo, hi)| lo > hi) {
            return Err(PolyhedraError::EndsReversed { side: number + 1 });
        }
        if sides.iter().any(|(lo, hi)| lo == hi) {
            return equal_on_flat(left, right, sides, limit);
        }
    }
    let start = domain_cell(left.input_dimension(), domain)?;
    let trials = (0..TRIALS).map(|number| trial(number, left.input_dimension(), domain));
    for point in trials {
        if let Some(unequal) = difference_at(left, right, point) {
            return Ok((unequal, Vec::new()));
        }
    }
    let (first, second) = (IntegerNetwork::new(left)?, IntegerNetwork::new(right)?);
    let outer = refine(&first, vec![start], limit);
    let cells: Vec<Cell> = outer.leaves.iter().map(|leaf| leaf.cell.clone()).collect();
    let Refinement { leaves, complete } = refine(&second, cells, limit);
    let candidate = leaves.par_iter().find_map_first(|leaf| {
        outer.leaves[leaf.origin].functions().zip(leaf.functions()).and_then(|(f, g)| differing_point(leaf, f, g))
    });
    if let Some(point) = candidate {
        // Two ways to the same values: the maps on the region, and the evaluation of the networks.
        let unequal = difference_at(left, right, point);
        let unequal =
            unequal.unwrap_or_else(|| panic!("networks with different maps on a region differ at a point of it"));
        return Ok((unequal, Vec::new()));
    }
    let regions = leaves.len();
    let cell = |leaf: &Leaf| CoverCell {
        pattern: [outer.leaves[leaf.origin].pattern.as_slice(), &leaf.pattern].concat(),
        interior: leaf.cell.short_point(),
    };
    let cells = leaves.par_iter().map(cell).collect();
    Ok((if outer.complete && complete { Equality::Equal { regions } } else { Equality::Open { regions } }, cells))
}

/// As [`equal_with_cells`] on a box some of whose sides are points: the networks in the other coordinates.
fn equal_on_flat(
    left: &Layered,
    right: &Layered,
    sides: &[(Rational, Rational)],
    limit: usize,
) -> Result<(Equality, Vec<CoverCell>), PolyhedraError> {
    let open: Vec<usize> = (0..sides.len()).filter(|&i| sides[i].0 < sides[i].1).collect();
    let unit = |i: usize, k: usize| if open[k] == i { Rational::one() } else { Rational::zero() };
    let directions = Matrix::from_fn(sides.len(), open.len(), unit);
    let base: Vec<Rational> =
        sides.iter().map(|(lo, hi)| if lo == hi { lo.clone() } else { Rational::zero() }).collect();
    let short: Vec<(Rational, Rational)> = open.iter().map(|&i| sides[i].clone()).collect();
    let (f, g) = (restrict(left, &base, &directions)?, restrict(right, &base, &directions)?);
    let on_flat = |x: Vec<Rational>| {
        let mut point = base.clone();
        for (&i, x) in open.iter().zip(x) {
            point[i] = x;
        }
        point
    };
    let (answer, mut cells) = equal_with_cells(&f, &g, Some(&short), limit)?;
    for cell in &mut cells {
        cell.interior = on_flat(core::mem::take(&mut cell.interior));
    }
    let answer = match answer {
        Equality::Unequal { witness, left, right } => Equality::Unequal { witness: on_flat(witness), left, right },
        other => other,
    };
    Ok((answer, cells))
}

/// Points spread over the domain, the same on every run.
fn trial(number: usize, dimension: usize, domain: Option<&[(Rational, Rational)]>) -> Vec<Rational> {
    let coordinate = |axis: usize| {
        // Odd steps modulo 64 visit every residue.
        let fraction = Rational::ratio(((number + 1) * (2 * axis + 19) % 64) as i64, 64);
        match domain.and_then(|sides| sides.get(axis)) {
            Some((lo, hi)) => lo + (hi - lo) * fraction,
            None => Rational::from(16) * fraction - Rational::from(8),
        }
    };
    (0..dimension).map(coordinate).collect()
}

/// The answer when the networks differ at a point, evaluated exactly.
fn difference_at(left: &Layered, right: &Layered, point: Vec<Rational>) -> Option<Equality> {
    let value = |network: &Layered| -> Result<Vec<Rational>, EvaluateError> {
        Evaluator::<Rational>::new(network)?.evaluate(&point)
    };
    let (left, right) = (value(left).ok()?, value(right).ok()?);
    (left != right).then_some(Equality::Unequal { witness: point, left, right })
}

/// A point of the leaf at which two affine functions differ; `None` when they are the same.
fn differing_point(leaf: &Leaf, f: &Functions, g: &Functions) -> Option<Vec<Rational>> {
    let (f, g) = (f.affine_map(), g.affine_map());
    if f == g {
        return None;
    }
    let mut point = leaf.cell.short_point();
    let (matrix, offset) = (f.0.sub(&g.0).ok()?, crate::linalg::sub(&f.1, &g.1));
    let values = crate::linalg::add(&matrix.apply(&point).ok()?, &offset);
    if values.iter().any(|value| !value.is_zero()) {
        return Some(point);
    }
    // The difference is 0 here and not everywhere: it changes along some axis, and a small step stays inside.
    let (_, axis) = (0..matrix.rows())
        .flat_map(|i| (0..matrix.columns()).map(move |j| (i, j)))
        .find(|&(i, j)| matrix.get(i, j).is_some_and(|entry| !entry.is_zero()))?;
    let centre = point[axis].clone();
    let mut step = Rational::one();
    loop {
        point[axis] = &centre + &step;
        if leaf.cell.halfspaces().all(|half| half.slack(&point).is_positive()) {
            return Some(point);
        }
        step = step * Rational::ratio(1, 2);
    }
}
