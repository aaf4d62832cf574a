//! Vertices and volume of polyhedra of small dimension.

use std::collections::BTreeSet;

use super::error::PolyhedraError;
use super::{Halfspace, Polyhedron};
use crate::arith::Rational;
use crate::linalg::{Matrix, solve_vector};

/// The largest dimension in which vertices and volumes are computed.
const MAX_DIMENSION: usize = 4;

impl Polyhedron {
    /// The vertices, sorted: the points at which n halfspaces with independent normals are active.
    ///
    /// **Complexity.** One linear system for each choice of n of m halfspaces. **Exactness.** Exact.
    ///
    /// # Errors
    /// [`PolyhedraError::TooManyDimensions`] beyond dimension 4.
    pub fn vertices(&self) -> Result<Vec<Vec<Rational>>, PolyhedraError> {
        expect_small("a list of vertices", self.dimension())?;
        let mut found = BTreeSet::new();
        self.collect_vertices(0, &mut Vec::new(), &mut found);
        Ok(found.into_iter().collect())
    }

    fn collect_vertices<'a>(
        &'a self,
        from: usize,
        active: &mut Vec<&'a Halfspace>,
        found: &mut BTreeSet<Vec<Rational>>,
    ) {
        if active.len() == self.dimension() {
            let a = Matrix::from_fn(active.len(), active.len(), |i, j| Rational::from(&active[i].normal()[j]));
            let b: Vec<Rational> = active.iter().map(|half| Rational::from(half.offset())).collect();
            // Dependent normals have no single common point.
            found.extend(solve_vector(&a, &b).ok().filter(|x| self.contains(x)));
            return;
        }
        for (number, half) in self.halfspaces().iter().enumerate().skip(from) {
            active.push(half);
            self.collect_vertices(number + 1, active, found);
            active.pop();
        }
    }

    /// The volume; `None` when the polyhedron is unbounded and full-dimensional.
    ///
    /// **Source.** Las83: by the divergence theorem n V = sum_i offset_i / |normal_i| V(facet i), and the
    /// facet, seen along an axis j with normal_ij != 0, has |normal_ij| / |normal_i| times its volume: the lengths
    /// cancel and everything stays rational.
    /// **Complexity.** m^n for m halfspaces in dimension n. **Exactness.** Exact.
    ///
    /// # Errors
    /// [`PolyhedraError::TooManyDimensions`] beyond dimension 4.
    pub fn volume(&self) -> Result<Option<Rational>, PolyhedraError> {
        expect_small("a volume", self.dimension())?;
        if self.interior_point().is_none() {
            return Ok(Some(Rational::zero()));
        }
        if self.is_bounded()? { self.bounded_volume().map(Some) } else { Ok(None) }
    }

    fn bounded_volume(&self) -> Result<Rational, PolyhedraError> {
        if self.interior_point().is_none() {
            return Ok(Rational::zero());
        }
        let n = self.dimension();
        if n == 0 {
            return Ok(Rational::one());
        }
        let facets = self.irredundant()?;
        let mut sum = Rational::zero();
        for (number, facet) in facets.halfspaces().iter().enumerate() {
            // A facet through the origin adds nothing, whatever its volume; a facet has a normal other than 0.
            let axis = facet.normal().iter().position(|a| !a.is_zero());
            let (Some(axis), false) = (axis, facet.offset().is_zero()) else { continue };
            let shadow = facets.shadow(number, axis)?;
            let height = Rational::from(facet.offset()) / Rational::from(facet.normal()[axis].abs());
            sum += height * shadow.bounded_volume()?;
        }
        Ok(sum / Rational::from(n))
    }

    /// A facet seen along an axis: the coordinate of the axis replaced through normal . x = offset in all others.
    fn shadow(&self, facet: usize, axis: usize) -> Result<Self, PolyhedraError> {
        let top = &self.halfspaces()[facet];
        let (pivot, sign) = (top.normal()[axis].abs(), top.normal()[axis].signum());
        let others = self.halfspaces().iter().enumerate().filter(|(number, _)| *number != facet);
        let replaced = others.map(|(_, half)| {
            // |p| (normal . x - offset) - sign h (top . x - top offset) has no x_axis; |p| > 0 keeps the direction.
            let factor = if sign > 0 { half.normal()[axis].clone() } else { -&half.normal()[axis] };
            let mix = |a: &crate::arith::Integer, t: &crate::arith::Integer| &pivot * a - &factor * t;
            let entries = half.normal().iter().zip(top.normal()).enumerate().filter(|(j, _)| *j != axis);
            let normal = entries.map(|(_, (a, t))| mix(a, t)).collect();
            Halfspace::new(normal, mix(half.offset(), top.offset()))
        });
        Self::new(self.dimension() - 1, replaced.collect())
    }
}

fn expect_small(what: &'static str, found: usize) -> Result<(), PolyhedraError> {
    if found <= MAX_DIMENSION {
        return Ok(());
    }
    Err(PolyhedraError::TooManyDimensions { what, found, limit: MAX_DIMENSION })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::arith::Integer;

    fn half(normal: &[i64], offset: i64) -> Halfspace {
        Halfspace::new(normal.iter().map(|&a| Integer::from(a)).collect(), Integer::from(offset))
    }

    #[test]
    fn simplices_and_boxes() {
        let mut factorial = 1;
        for n in 1..=4usize {
            // x_i >= 0, sum x_i <= 2: volume 2^n / n!, n + 1 vertices; moved by 5 along every axis as well.
            factorial *= n as i64;
            for shift in [0, 5] {
                let axis = |i: usize| (0..n).map(|j| if i == j { -1 } else { 0 }).collect::<Vec<i64>>();
                let mut halfspaces: Vec<Halfspace> = (0..n).map(|i| half(&axis(i), -shift)).collect();
                halfspaces.push(half(&vec![1; n], 2 + shift * n as i64));
                halfspaces.push(half(&vec![1; n], 100));
                let simplex = Polyhedron::new(n, halfspaces).unwrap();
                assert_eq!(simplex.vertices().unwrap().len(), n + 1);
                assert_eq!(simplex.volume(), Ok(Some(Rational::ratio(1 << n, factorial))));
                assert_eq!(simplex.irredundant().unwrap().halfspaces().len(), n + 1);
            }
            let sides = vec![(Rational::ratio(-1, 3), Rational::ratio(1, 2)); n];
            let cube = Polyhedron::new(n, Halfspace::of_box(&sides)).unwrap();
            assert_eq!(cube.vertices().unwrap().len(), 1 << n);
            assert_eq!(cube.volume().unwrap(), Rational::ratio(5, 6).pow(n as i32));
        }
    }

    #[test]
    fn flat_empty_and_unbounded_polyhedra() {
        let polyhedron = |halfspaces: Vec<Halfspace>| Polyhedron::new(2, halfspaces).unwrap();
        let flat = polyhedron(vec![half(&[1, 1], 0), half(&[-1, -1], 0), half(&[1, 0], 1), half(&[-1, 0], 1)]);
        assert!(!flat.is_empty().unwrap() && flat.interior_point().is_none() && flat.is_bounded().unwrap());
        assert_eq!((flat.volume(), flat.vertices().unwrap().len()), (Ok(Some(Rational::zero())), 2));
        let empty = polyhedron(vec![half(&[1, 1], 0), half(&[-1, -1], -1)]);
        assert!(empty.is_empty().unwrap() && empty.is_bounded().unwrap());
        assert_eq!((empty.volume(), empty.vertices().unwrap().len()), (Ok(Some(Rational::zero())), 0));
        let wedge = polyhedron(vec![half(&[-1, 0], 0), half(&[0, -1], 0)]);
        assert!(!wedge.is_bounded().unwrap() && wedge.interior_point().is_some());
        assert_eq!((wedge.volume(), wedge.vertices().unwrap().len()), (Ok(None), 1));
        assert!(matches!(
            Polyhedron::new(5, Vec::new()).unwrap().volume(),
            Err(PolyhedraError::TooManyDimensions { found: 5, .. })
        ));
    }
}
