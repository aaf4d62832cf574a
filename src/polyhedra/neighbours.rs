//! Regions from their patterns, and what lies behind a facet: a second way to enumerate.

use std::collections::{BTreeMap, VecDeque};

use super::error::{PolyhedraError, expect_dimension};
use super::local::IntegerNetwork;
use super::polyhedron::strict_point;
use super::regions::{Region, Regions, check_sides};
use super::{Halfspace, Polyhedron};
use crate::arith::{Integer, Rational};
use crate::network::Layered;

/// A network read by its activation patterns. No floating point decides or guesses here but inside [`super::maximise`].
pub struct Patterns {
    network: IntegerNetwork,
}

impl Patterns {
    /// The patterns of a network.
    ///
    /// # Errors
    /// [`PolyhedraError::Network`] when a layer is too large to write out.
    pub fn new(network: &Layered) -> Result<Self, PolyhedraError> {
        Ok(Self { network: IntegerNetwork::new(network)? })
    }

    /// The pattern at x + t d for all small t > 0. Exact.
    ///
    /// # Errors
    /// [`PolyhedraError::Dimension`].
    pub fn beside(&self, x: &[Rational], d: &[Rational]) -> Result<Vec<bool>, PolyhedraError> {
        expect_dimension("the point", x.len(), self.network.inputs())?;
        expect_dimension("the direction", d.len(), self.network.inputs())?;
        // Every neuron is value + t slope for small t > 0, and its sign is that of the first that is not 0.
        let mut values: Vec<(Rational, Rational)> = x.iter().cloned().zip(d.iter().cloned()).collect();
        let mut pattern = Vec::new();
        for number in 0..self.network.hidden().count() {
            values = self.network.affine(number, &values);
            for value in &mut values {
                let active = value.0.is_positive() || (value.0.is_zero() && value.1.is_positive());
                if !active {
                    *value = (Rational::zero(), Rational::zero());
                }
                pattern.push(active);
            }
        }
        Ok(pattern)
    }

    /// The region of a pattern over a box or R^n; `None` when no full-dimensional cell has this pattern. Exact.
    ///
    /// # Errors
    /// [`PolyhedraError::Dimension`] when the pattern or the domain does not fit.
    pub fn region(
        &self,
        pattern: &[bool],
        domain: Option<&[(Rational, Rational)]>,
    ) -> Result<Option<Region>, PolyhedraError> {
        let dimension = self.network.inputs();
        expect_dimension("the pattern", pattern.len(), self.network.hidden().sum())?;
        let sides = domain.unwrap_or_default();
        if domain.is_some() {
            check_sides(sides, dimension)?;
        }
        let mut layers = self.network.all_layers(pattern);
        let Some(output) = layers.pop() else { return Ok(None) };
        let mut halfspaces = Halfspace::of_box(sides);
        for (row, &active) in layers.iter().flat_map(|functions| &functions.rows).zip(pattern) {
            let Some((constant, normal)) = row.split_last() else { continue };
            if normal.iter().all(Integer::is_zero) {
                // The neuron is this constant on all of the cell.
                if active != (constant.signum() > 0) {
                    return Ok(None);
                }
                continue;
            }
            // normal . x + constant <= 0 when inactive, >= 0 when active.
            let half = Halfspace::new(normal.to_vec(), -constant);
            halfspaces.push(if active { half.opposite() } else { half });
        }
        let polyhedron = Polyhedron::new(dimension, halfspaces)?.irredundant()?;
        let Some(interior) = polyhedron.interior_point() else { return Ok(None) };
        let (matrix, offset) = output.affine_map();
        let halfspaces = polyhedron.halfspaces().to_vec();
        Ok(Some(Region { pattern: pattern.to_vec(), matrix, offset, halfspaces, interior }))
    }

    /// The pattern behind a facet of a region, also where the facet bounds the domain: compare it with the region's own
    /// to see which neurons flip. Exact; `None` for a facet that the region does not have.
    ///
    /// **Statement.** At a point strictly inside a facet, a neuron that is 0 is 0 on the whole facet, so that on the
    /// other side, too, it has one sign near the facet: there is one region behind a facet.
    ///
    /// # Errors
    /// [`PolyhedraError::Dimension`] when the region is not one of this network.
    pub fn behind(&self, region: &Region, facet: usize) -> Result<Option<Vec<bool>>, PolyhedraError> {
        let Some(half) = region.halfspaces.get(facet) else { return Ok(None) };
        let dimension = self.network.inputs();
        expect_dimension("the region", region.interior.len(), dimension)?;
        let opposite = half.opposite();
        let others = region.halfspaces.iter().enumerate().filter(|(number, _)| *number != facet);
        let behind: Vec<&Halfspace> = others.map(|(_, half)| half).chain([&opposite]).collect();
        let Some(outside) = strict_point(&behind, dimension, &[]) else { return Ok(None) };
        let direction: Vec<Rational> = outside.iter().zip(&region.interior).map(|(q, p)| q - p).collect();
        // From inside to behind the facet, through the facet only: there the slack is 0.
        let (inner, outer) = (half.slack(&region.interior), half.slack(&outside));
        let time = inner.checked_div(&(&inner - &outer)).unwrap_or_default();
        let crossing: Vec<Rational> = region.interior.iter().zip(&direction).map(|(p, d)| p + &time * d).collect();
        self.beside(&crossing, &direction).map(Some)
    }
}

/// Enumerates the regions by walking through facets from one region to the next; at most `limit` of them.
///
/// **Statement.** As [`super::regions()`], found in another way: each region from its pattern by exact linear programs, its
/// neighbours by exact evaluation at a point of each facet. It is complete because two interior points of regions in a
/// convex domain are joined by a path that meets facets in their insides only. Slower; the first `limit` regions are
/// others.
/// **Exactness.** Exact.
///
/// # Errors
/// As [`super::regions()`].
pub fn flood_fill(
    network: &Layered,
    domain: Option<&[(Rational, Rational)]>,
    limit: usize,
) -> Result<Regions, PolyhedraError> {
    let patterns = Patterns::new(network)?;
    let dimension = network.input_dimension();
    let half = Rational::ratio(1, 2);
    let start: Vec<Rational> = match domain {
        Some(sides) => {
            check_sides(sides, dimension)?;
            sides.iter().map(|(lo, hi)| (lo + hi) * &half).collect()
        }
        None => vec![Rational::zero(); dimension],
    };
    let walls = domain.map(Halfspace::of_box).unwrap_or_default();
    // The start may lie on a boundary: directions (1, s, s^2, ..) lie beside it for all but finitely many s.
    let mut queue = VecDeque::new();
    let mut found: BTreeMap<Vec<bool>, Option<Region>> = BTreeMap::new();
    for s in 1i64.. {
        let powers = core::iter::successors(Some(Rational::one()), |power| Some(power * Rational::from(s)));
        let direction: Vec<Rational> = powers.take(dimension).collect();
        let pattern = patterns.beside(&start, &direction)?;
        if let Some(region) = patterns.region(&pattern, domain)? {
            queue.push_back(region.clone());
            found.insert(pattern, Some(region));
            break;
        }
    }
    while let Some(region) = queue.pop_front() {
        for (facet, half) in region.halfspaces.iter().enumerate() {
            if walls.contains(half) {
                continue;
            }
            let Some(pattern) = patterns.behind(&region, facet)? else { continue };
            if found.contains_key(&pattern) {
                continue;
            }
            if found.len() >= limit {
                return Ok(Regions::Open(found.into_values().flatten().collect()));
            }
            let next = patterns.region(&pattern, domain)?;
            queue.extend(next.clone());
            found.insert(pattern, next);
        }
    }
    Ok(Regions::Complete(found.into_values().flatten().collect()))
}
