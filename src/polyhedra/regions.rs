//! The regions of a ReLU network: pattern, affine map, facets, interior point.

use core::cmp::Ordering;
use std::collections::HashSet;

use rayon::prelude::*;

use super::Halfspace;
use super::cell::Cell;
use super::error::{PolyhedraError, expect_dimension};
use super::local::{Functions, IntegerNetwork};
use super::refine::{Leaf, refine};
use crate::arith::Rational;
use crate::linalg::Matrix;
use crate::network::Layered;

/// A full-dimensional cell of constant activation pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Which neurons are active (positive inside), layer by layer; one that is 0 on the whole region is not.
    pub pattern: Vec<bool>,
    /// A of the network's x -> A x + b on this region, `[outputs, inputs]`.
    pub matrix: Matrix,
    /// b of the network's x -> A x + b on this region, `[outputs]`.
    pub offset: Vec<Rational>,
    /// The facets: the region is the intersection of these halfspaces, none of which follows from the others.
    pub halfspaces: Vec<Halfspace>,
    /// A point strictly inside, with short coordinates.
    pub interior: Vec<Rational>,
}

/// The regions of a network over a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Regions {
    /// All of them, sorted by pattern, inactive before active.
    Complete(Vec<Region>),
    /// There are more than the limit: the first ones in the same order, as many as the limit.
    Open(Vec<Region>),
}

impl Regions {
    /// The regions that were found.
    pub fn found(&self) -> &[Region] {
        match self {
            Self::Complete(regions) | Self::Open(regions) => regions,
        }
    }
    /// Whether these are all.
    pub fn is_complete(&self) -> bool {
        matches!(self, Self::Complete(_))
    }
    /// The number of different affine maps among the found regions.
    pub fn distinct_maps(&self) -> usize {
        let maps: HashSet<(&Matrix, &[Rational])> =
            self.found().iter().map(|region| (&region.matrix, region.offset.as_slice())).collect();
        maps.len()
    }
}

/// Enumerates the regions of a network over a box, or over all of R^n for `None`; at most `limit` of them.
///
/// **Statement.** When complete: the regions have disjoint interiors, cover the domain, and on each of them the network
/// is the region's affine map. Regions with equal maps are not merged.
/// **Source.** Layer by layer, a cell is cut by the hyperplanes on which neurons change sign. Each question "has this
/// open polyhedron a point?" is answered by a point or by multipliers (Farkas), which a floating-point walk guesses,
/// outward-rounded intervals prove, and the exact simplex method settles where they cannot.
/// **Complexity.** O(neurons of the next layer) questions a cell; memory linear in the regions.
/// **Exactness.** Exact; the same on every machine, with any number of threads.
///
/// # Errors
/// [`PolyhedraError::Dimension`], [`PolyhedraError::EndsReversed`], [`PolyhedraError::Flat`] for a domain that does not
/// fit, [`PolyhedraError::Network`] for layers too large to write out.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::network::{Layer, Layered, LinearMap};
/// use certinet::polyhedra::regions;
/// // max(x, 0): two regions, x <= 0 with the map 0 and x >= 0 with the map x.
/// let layer = || Layer { map: LinearMap::identity(1), bias: LinearMap::zero(1, 1) };
/// let network = Layered::new(vec![layer(), layer()])?;
/// let all = regions(&network, None, 100)?;
/// assert!(all.is_complete());
/// let text: Vec<String> = all.found().iter().map(|region| region.halfspaces[0].to_string()).collect();
/// assert_eq!(text, ["(1) . x <= 0", "(-1) . x <= 0"]);
/// assert_eq!(all.found()[1].matrix[(0, 0)], Rational::one());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn regions(
    network: &Layered,
    domain: Option<&[(Rational, Rational)]>,
    limit: usize,
) -> Result<Regions, PolyhedraError> {
    let start = domain_cell(network.input_dimension(), domain)?;
    let network = IntegerNetwork::new(network)?;
    let refinement = refine(&network, vec![start], limit);
    let regions = refinement.leaves.par_iter().filter_map(region).collect();
    Ok(if refinement.complete { Regions::Complete(regions) } else { Regions::Open(regions) })
}

/// The domain as a cell.
pub(super) fn domain_cell(dimension: usize, domain: Option<&[(Rational, Rational)]>) -> Result<Cell, PolyhedraError> {
    let Some(sides) = domain else {
        return Ok(Cell::new(&[], vec![Rational::zero(); dimension]));
    };
    check_sides(sides, dimension)?;
    let middle = sides.iter().map(|(lo, hi)| (lo + hi) * Rational::ratio(1, 2)).collect();
    Ok(Cell::new(&Halfspace::of_box(sides), middle))
}

/// Accepts the sides of a box with an inside.
pub(super) fn check_sides(sides: &[(Rational, Rational)], dimension: usize) -> Result<(), PolyhedraError> {
    expect_dimension("the domain", sides.len(), dimension)?;
    for (number, (lo, hi)) in sides.iter().enumerate() {
        let side = number + 1;
        match lo.cmp(hi) {
            Ordering::Less => {}
            Ordering::Equal => return Err(PolyhedraError::Flat { side }),
            Ordering::Greater => return Err(PolyhedraError::EndsReversed { side }),
        }
    }
    Ok(())
}

/// The region of a leaf whose functions are those of the output.
fn region(leaf: &Leaf) -> Option<Region> {
    let (matrix, offset) = leaf.functions().map(Functions::affine_map)?;
    Some(Region {
        pattern: leaf.pattern.clone(),
        matrix,
        offset,
        halfspaces: leaf.cell.halfspaces().cloned().collect(),
        interior: leaf.cell.short_point(),
    })
}
