//! The values of a coefficient over a box of parameters.

use crate::arith::{Enclosure, Rational};

use super::grid::Triangle;
use super::load::power;
use super::{Coefficient, PdeError, Shape};

impl Coefficient {
    /// For every triangle the range of the values of a_y over a box of parameters.
    ///
    /// **Exactness.** Enclosure: each parameter enters a triangle once, so ranges are attained, but for the radii of
    /// cookies, where a triangle that changes sides takes the hull, and for published coefficients on several corners.
    ///
    /// # Errors
    /// As [`Self::values`], for the ends of the box.
    pub fn ranges(&self, y: &[Enclosure]) -> Result<Vec<Enclosure>, PdeError> {
        for end in [Enclosure::lo, Enclosure::hi] {
            self.inside(&y.iter().map(|y| end(y).clone()).collect::<Vec<_>>())?;
        }
        let ranges = self.grid().triangles().map(|triangle| {
            let range = self.over_triangle(triangle, y);
            if range.lo().is_positive() {
                return Ok(range);
            }
            let place = triangle.midpoint().map(|k| self.grid().third(k));
            Err(PdeError::Coefficient { value: Box::new(range.lo().clone()), place: Box::new(place) })
        });
        ranges.collect()
    }

    fn over_triangle(&self, triangle: Triangle, y: &[Enclosure]) -> Enclosure {
        if !self.as_published() {
            return self.range_at(triangle.midpoint(), y);
        }
        let corners = triangle.corners().map(|corner| self.range_at(corner.map(|k| 3 * k), y));
        let sum = corners.iter().fold(Enclosure::point(Rational::zero()), |sum, range| &sum + range);
        sum.scale(&Rational::ratio(1, 3))
    }

    /// The range at (k1 h / 3, k2 h / 3).
    fn range_at(&self, place: [usize; 2], y: &[Enclosure]) -> Enclosure {
        let shift = Enclosure::point(self.shift().clone());
        match self.shape() {
            Shape::Trigonometric { scaling, .. } => {
                let terms = y.iter().enumerate().map(|(i, y)| {
                    let term = y.scale(&self.trigonometric(i + 1, scaling, place));
                    if self.as_published() { &term + &Enclosure::point(Rational::one()) } else { term }
                });
                terms.fold(shift, |sum, term| &sum + &term)
            }
            Shape::Chessboard { blocks } => match self.square(blocks, place) {
                Some(i) => &shift + &y[i],
                None => shift,
            },
            Shape::Cookies { blocks } => match self.disc(blocks, place, |_| Rational::ratio(4, 5)) {
                Some(i) => &shift + &y[i],
                None => shift,
            },
            Shape::CookiesVariable { blocks } => {
                // A point of a disc stays in it when the radius grows.
                let radius = |end: fn(&Enclosure) -> &Rational| move |i: usize| end(&y[blocks * blocks + i]).clone();
                let always = self.disc(blocks, place, radius(Enclosure::lo));
                let sometimes = self.disc(blocks, place, radius(Enclosure::hi));
                match (always, sometimes) {
                    (Some(i), _) => &shift + &y[i],
                    (None, Some(i)) => {
                        let inside = &shift + &y[i];
                        Enclosure::hull(
                            inside.lo().clone().min(self.shift().clone()),
                            inside.hi().clone().max(self.shift().clone()),
                        )
                    }
                    (None, None) => shift,
                }
            }
            Shape::ClippedPolynomial { degree } => {
                let [x1, x2] = place.map(|k| self.grid().third(k));
                let mut sum = Enclosure::point(Rational::zero());
                let mut parameters = y.iter();
                // Degree by degree, powers of x1 falling, as for single parameters.
                for total in 0..=degree {
                    for b in 0..=total {
                        if let Some(y) = parameters.next() {
                            let monomial = power(&x1, (total - b) as u32) * power(&x2, b as u32);
                            sum = &sum + &y.scale(&monomial);
                        }
                    }
                }
                let clip = |end: &Rational| end.clone().max(self.shift().clone());
                Enclosure::hull(clip(sum.lo()), clip(sum.hi()))
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::arith::SplitMix64;
    use crate::pde::Grid;

    #[test]
    fn values_lie_in_their_ranges() {
        let mut random = SplitMix64::new(2);
        let grid = Grid::new(9).unwrap();
        for shape in [
            Shape::Trigonometric { terms: 3, scaling: 1 },
            Shape::Chessboard { blocks: 2 },
            Shape::Cookies { blocks: 2 },
            Shape::CookiesVariable { blocks: 2 },
            Shape::ClippedPolynomial { degree: 2 },
        ] {
            for as_published in [false, true] {
                let coefficient = Coefficient::new(shape, Rational::ratio(1, 10), as_published, grid).unwrap();
                let draw = |random: &mut SplitMix64, i: usize| {
                    let [lo, hi] = shape.range(i);
                    random.between(&lo, &hi)
                };
                for width in [0, 1, 16] {
                    let share = Rational::ratio(width, 16);
                    let side = |i: usize| {
                        let (a, b) = (draw(&mut random, i), draw(&mut random, i));
                        let end = &a + &((&b - &a) * &share);
                        Enclosure::hull(a.clone().min(end.clone()), a.max(end))
                    };
                    let sides: Vec<Enclosure> = (0..shape.parameters()).map(side).collect();
                    let ranges = coefficient.ranges(&sides).unwrap();
                    for _ in 0..10 {
                        let y: Vec<Rational> = sides.iter().map(|y| random.between(y.lo(), y.hi())).collect();
                        let values = coefficient.values(&y).unwrap();
                        assert!(ranges.iter().zip(&values).all(|(range, value)| range.contains(value)), "{shape:?}");
                        if width == 0 {
                            assert!(ranges.iter().zip(&values).all(|(range, value)| range.lo() == value));
                        }
                    }
                }
            }
        }
    }
}
