//! The five parametrisations of the diffusion coefficient.

use crate::arith::Rational;
use crate::arith::elementary::{pi, sin};

use super::grid::Triangle;
use super::load::power;
use super::{Grid, PdeError};

/// The most blocks a side, terms of trigonometric polynomials, and the highest degree of a polynomial.
const MAX_BLOCKS: usize = 32;
const MAX_TERMS: usize = 1024;
const MAX_DEGREE: usize = 32;
/// Sines are cut to multiples of 2^-40.
const SINE_BITS: i64 = 40;

/// The shape of a coefficient a_y.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// mu + sum over i of y_i i^sigma (1 + a_i), a_i = sin(floor((i+2)/2) pi x1) sin(ceil((i+2)/2) pi x2), y in \[0, 1\]^p.
    Trigonometric {
        /// p
        terms: usize,
        /// sigma
        scaling: i32,
    },
    /// mu + sum of y_i on the s x s squares, row by row from the lower left, y in \[0, 1\]^(s^2).
    Chessboard {
        /// s
        blocks: usize,
    },
    /// mu + sum of y_i on s x s discs of radius 0.8/(2 s) in the middle of the squares, y in \[0, 1\]^(s^2).
    Cookies {
        /// s
        blocks: usize,
    },
    /// As `Cookies` with radii y_(s^2 + i)/(2 s), y in \[0, 1\]^(s^2) x \[1/2, 9/10\]^(s^2).
    CookiesVariable {
        /// s
        blocks: usize,
    },
    /// max(mu, sum of y_k x^k over all monomials of degree up to k), y in \[-1, 1\]^p, p = (k+1)(k+2)/2.
    ClippedPolynomial {
        /// k
        degree: usize,
    },
}

/// The values of a term of a coefficient on triangles, as (number of the triangle, value).
pub type TermValues = Vec<(usize, Rational)>;

/// A parametrised coefficient on a grid: one number a triangle.
///
/// The value of a triangle is the coefficient at its midpoint; where the pieces of a chessboard follow the grid, that is
/// the coefficient itself. With `as_published`, as in the data of GPRSK21 (the code, not the paper): the coefficient is
/// interpolated linearly between nodes, so that the value of a triangle is the mean of its corners; the squares of the
/// chessboard are open, so that nodes on their sides have the value mu; every term of the trigonometric polynomial has
/// a further 1, and pi is 3.14159.
///
/// **Exactness.** Values are exact rationals; sines are cut to multiples of 2^-40, which defines the discrete problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coefficient {
    shape: Shape,
    shift: Rational,
    as_published: bool,
    grid: Grid,
    /// sin(f pi k h / 3) for f = 1, 2, .. and k = 0, 1, ..; empty for other shapes.
    sines: Vec<Vec<Rational>>,
}

impl Shape {
    /// The name on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Trigonometric { .. } => "trigonometric",
            Self::Chessboard { .. } => "chessboard",
            Self::Cookies { .. } => "cookies",
            Self::CookiesVariable { .. } => "cookies-variable",
            Self::ClippedPolynomial { .. } => "clipped-polynomial",
        }
    }
    /// p, the number of parameters.
    pub fn parameters(&self) -> usize {
        match *self {
            Self::Trigonometric { terms, .. } => terms,
            Self::Chessboard { blocks } | Self::Cookies { blocks } => blocks * blocks,
            Self::CookiesVariable { blocks } => 2 * blocks * blocks,
            Self::ClippedPolynomial { degree } => (degree + 1) * (degree + 2) / 2,
        }
    }
    /// Whether a_y is affine in y.
    pub fn is_affine(&self) -> bool {
        matches!(self, Self::Trigonometric { .. } | Self::Chessboard { .. } | Self::Cookies { .. })
    }
    /// The range of parameter i.
    pub fn range(&self, i: usize) -> [Rational; 2] {
        match *self {
            Self::ClippedPolynomial { .. } => [Rational::from(-1), Rational::one()],
            Self::CookiesVariable { blocks } if i >= blocks * blocks => [Rational::ratio(1, 2), Rational::ratio(9, 10)],
            _ => [Rational::zero(), Rational::one()],
        }
    }
    fn within_limits(&self) -> Result<(), PdeError> {
        let (what, given, least, most) = match *self {
            Self::Trigonometric { terms, scaling } => {
                if scaling.unsigned_abs() > 8 {
                    let given = scaling.unsigned_abs() as usize;
                    return Err(PdeError::Size { what: "the absolute value of the scaling", given, least: 0, most: 8 });
                }
                ("the number of parameters", terms, 1, MAX_TERMS)
            }
            Self::Chessboard { blocks } | Self::Cookies { blocks } | Self::CookiesVariable { blocks } => {
                ("the number of blocks a side", blocks, 1, MAX_BLOCKS)
            }
            Self::ClippedPolynomial { degree } => ("the degree", degree, 0, MAX_DEGREE),
        };
        if (least..=most).contains(&given) { Ok(()) } else { Err(PdeError::Size { what, given, least, most }) }
    }
}

impl Coefficient {
    /// The coefficient of a shape with the shift mu > 0.
    ///
    /// # Errors
    /// [`PdeError::Shift`], [`PdeError::Size`].
    pub fn new(shape: Shape, shift: Rational, as_published: bool, grid: Grid) -> Result<Self, PdeError> {
        if !shift.is_positive() {
            return Err(PdeError::Shift { shift });
        }
        shape.within_limits()?;
        let sines = match shape {
            Shape::Trigonometric { terms, .. } => sines(grid, terms.div_ceil(2) + 1, as_published),
            _ => Vec::new(),
        };
        Ok(Self { shape, shift, as_published, grid, sines })
    }
    /// The shape.
    pub fn shape(&self) -> Shape {
        self.shape
    }
    /// mu
    pub fn shift(&self) -> &Rational {
        &self.shift
    }
    /// The grid.
    pub fn grid(&self) -> Grid {
        self.grid
    }
    /// Whether the values are those of the published code.
    pub fn as_published(&self) -> bool {
        self.as_published
    }
    /// sin(f pi k h / 3), row f - 1.
    pub(super) fn sines(&self) -> &[Vec<Rational>] {
        &self.sines
    }
    /// Whether the values are those of the coefficient itself, everywhere in each triangle.
    pub fn is_exact(&self) -> bool {
        match self.shape {
            Shape::Chessboard { blocks } => !self.as_published && self.grid.cells().is_multiple_of(blocks),
            _ => false,
        }
    }

    /// The values of a_y on the triangles.
    ///
    /// # Errors
    /// [`PdeError::Length`] and [`PdeError::Range`] for parameters outside the box, [`PdeError::Coefficient`] where a value
    /// is not positive.
    pub fn values(&self, y: &[Rational]) -> Result<Vec<Rational>, PdeError> {
        self.inside(y)?;
        let values = self.grid.triangles().map(|triangle| {
            let value = self.on_triangle(triangle, y);
            if value.is_positive() {
                return Ok(value);
            }
            let place = triangle.midpoint().map(|k| self.grid.third(k));
            Err(PdeError::Coefficient { value: Box::new(value), place: Box::new(place) })
        });
        values.collect()
    }

    /// The parts of a_y = constant + sum of y_i a_i; every a_i is the list of its values on triangles, zeros left out.
    ///
    /// # Errors
    /// [`PdeError::NotAffine`].
    pub fn affine_terms(&self) -> Result<(Rational, Vec<TermValues>), PdeError> {
        let mut terms = vec![Vec::new(); self.shape.parameters()];
        for (element, triangle) in self.grid.triangles().enumerate() {
            let [third, one] = [Rational::ratio(1, 3), Rational::one()];
            let places: Vec<([usize; 2], &Rational)> = if self.as_published {
                triangle.corners().iter().map(|corner| (corner.map(|k| 3 * k), &third)).collect()
            } else {
                vec![(triangle.midpoint(), &one)]
            };
            for (place, weight) in places {
                for (i, value) in self.terms_at(place)? {
                    let list: &mut TermValues = &mut terms[i];
                    match list.last_mut().filter(|last| last.0 == element) {
                        Some(last) => last.1 += &(weight * &value),
                        None => list.push((element, weight * &value)),
                    }
                }
            }
        }
        let ones = match self.shape {
            Shape::Trigonometric { terms, .. } if self.as_published => Rational::from(terms),
            _ => Rational::zero(),
        };
        Ok((&self.shift + &ones, terms))
    }

    /// The a_i that are not 0 at a point.
    fn terms_at(&self, place: [usize; 2]) -> Result<Vec<(usize, Rational)>, PdeError> {
        let one = |i: usize| (i, Rational::one());
        Ok(match self.shape {
            Shape::Trigonometric { terms, scaling } => {
                (0..terms).map(|i| (i, self.trigonometric(i + 1, scaling, place))).collect()
            }
            Shape::Chessboard { blocks } => self.square(blocks, place).into_iter().map(one).collect(),
            Shape::Cookies { blocks } => {
                self.disc(blocks, place, |_| Rational::ratio(4, 5)).into_iter().map(one).collect()
            }
            _ => return Err(PdeError::NotAffine { case: self.shape.name() }),
        })
    }

    pub(super) fn inside(&self, y: &[Rational]) -> Result<(), PdeError> {
        let expected = self.shape.parameters();
        if y.len() != expected {
            return Err(PdeError::Length { given: y.len(), expected });
        }
        for (i, value) in y.iter().enumerate() {
            let range = self.shape.range(i);
            if *value < range[0] || *value > range[1] {
                return Err(PdeError::Range { index: i + 1, value: Box::new(value.clone()), range: Box::new(range) });
            }
        }
        Ok(())
    }

    fn on_triangle(&self, triangle: Triangle, y: &[Rational]) -> Rational {
        if !self.as_published {
            return self.at(triangle.midpoint(), y);
        }
        let corners = triangle.corners().map(|corner| self.at(corner.map(|k| 3 * k), y));
        corners.into_iter().sum::<Rational>() / Rational::from(3)
    }

    /// The coefficient at (k1 h / 3, k2 h / 3).
    fn at(&self, place: [usize; 2], y: &[Rational]) -> Rational {
        match self.shape {
            Shape::Trigonometric { scaling, .. } => {
                let terms = y.iter().enumerate().map(|(i, y)| {
                    let term = y * &self.trigonometric(i + 1, scaling, place);
                    if self.as_published { term + Rational::one() } else { term }
                });
                terms.fold(self.shift.clone(), |sum, term| sum + term)
            }
            Shape::Chessboard { blocks } => match self.square(blocks, place) {
                Some(i) => &self.shift + &y[i],
                None => self.shift.clone(),
            },
            Shape::Cookies { blocks } => self.cookie(blocks, place, y, |_| Rational::ratio(4, 5)),
            Shape::CookiesVariable { blocks } => self.cookie(blocks, place, y, |i| y[blocks * blocks + i].clone()),
            Shape::ClippedPolynomial { degree } => {
                let [x1, x2] = place.map(|k| self.grid.third(k));
                let mut sum = Rational::zero();
                let mut parameters = y.iter();
                // Degree by degree, powers of x1 falling.
                for total in 0..=degree {
                    for b in 0..=total {
                        if let Some(y) = parameters.next() {
                            sum += &(y * &(power(&x1, (total - b) as u32) * power(&x2, b as u32)));
                        }
                    }
                }
                sum.max(self.shift.clone())
            }
        }
    }

    /// i^sigma (1 + a_i).
    pub(super) fn trigonometric(&self, i: usize, scaling: i32, place: [usize; 2]) -> Rational {
        let [low, high] = [(i + 2) / 2, (i + 2).div_ceil(2)];
        let wave = &self.sines[low - 1][place[0]] * &self.sines[high - 1][place[1]];
        let scale = Rational::from(i).pow(scaling).unwrap_or_default();
        scale * (Rational::one() + wave)
    }

    /// The square that a point lies in; as published, points on sides lie in none. Midpoints on a side, which only occur
    /// where squares do not follow the grid, belong to the right and upper square.
    pub(super) fn square(&self, blocks: usize, place: [usize; 2]) -> Option<usize> {
        let whole = 3 * self.grid.cells();
        if self.as_published && place.iter().any(|k| (k * blocks).is_multiple_of(whole)) {
            return None;
        }
        let [i, j] = place.map(|k| (k * blocks / whole).min(blocks - 1));
        Some(j * blocks + i)
    }

    /// mu + y_i in disc i, whose radius is r_i / (2 s).
    fn cookie(&self, blocks: usize, place: [usize; 2], y: &[Rational], radius: impl Fn(usize) -> Rational) -> Rational {
        match self.disc(blocks, place, radius) {
            Some(i) => &self.shift + &y[i],
            None => self.shift.clone(),
        }
    }

    /// The disc that a point lies in.
    pub(super) fn disc(&self, blocks: usize, place: [usize; 2], radius: impl Fn(usize) -> Rational) -> Option<usize> {
        let whole = 3 * self.grid.cells();
        let [i, j] = place.map(|k| (k * blocks / whole).min(blocks - 1));
        let index = j * blocks + i;
        // 2 s x - (2 i + 1) is the distance from the middle in units of 1 / (2 s).
        let away =
            |k: usize, i: usize| Rational::from(2 * blocks * k) / Rational::from(whole) - Rational::from(2 * i + 1);
        let (dx, dy, r) = (away(place[0], i), away(place[1], j), radius(index));
        (&dx * &dx + &dy * &dy <= &r * &r).then_some(index)
    }
}

/// sin(f pi k h / 3), rounded down to multiples of 2^-40 from enclosures of 60 bits.
fn sines(grid: Grid, frequencies: usize, as_published: bool) -> Vec<Vec<Rational>> {
    let half_turn = if as_published { Rational::ratio(314_159, 100_000) } else { pi(80).lo().clone() };
    (1..=frequencies)
        .map(|f| {
            let angle = |k: usize| &half_turn * &(Rational::from(f) * grid.third(k));
            (0..=3 * grid.cells()).map(|k| sin(&angle(k), 60).lo().round_down_to_grid(SINE_BITS)).collect()
        })
        .collect()
}
