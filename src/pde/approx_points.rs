//! The points of a grid that a coefficient is evaluated at in doubles, with what each of them keeps.

use super::{Coefficient, Shape};
use crate::arith::Rational;

/// Points at thirds (3 i + a, 3 j + b) of cells, i and j below `side`, row by row.
#[derive(Debug, Clone)]
pub struct Points {
    pub side: usize,
    pub rule: Rule,
}

/// How values come from parameters.
#[derive(Debug, Clone)]
pub enum Rule {
    /// The shift plus one parameter, or none.
    Pieces { shift: f64, pieces: Vec<u32> },
    /// The shift plus one parameter inside a disc whose radius is another.
    Discs { shift: f64, discs: Vec<Disc> },
    /// Sums of products.
    Products(Products),
}

/// The number of a piece that is none.
const NONE: u32 = u32::MAX;

/// The disc that is nearest to a point.
#[derive(Debug, Clone, Copy)]
pub struct Disc {
    pub index: u32,
    /// With the radius 1 of a disc that touches the sides of its square: the squared distance is `distance / whole^2`.
    whole: u32,
    distance: u64,
}

/// max(least, base + sum over f of T_f(x1) S_f(x2)).
#[derive(Debug, Clone)]
pub struct Products {
    pub base: f64,
    pub least: f64,
    terms: Vec<Term>,
    /// R_g at the abscissas, row g.
    left: Vec<f64>,
    /// S_f at the ordinates, row f.
    right: Vec<f64>,
    side: usize,
    /// The number of T_f.
    waves: usize,
}

/// scale y_i R_left(x1) S_right(x2) for a parameter i.
#[derive(Debug, Clone, Copy)]
struct Term {
    parameter: usize,
    scale: f64,
    left: usize,
    right: usize,
}

impl Disc {
    /// Whether the point lies in the disc of this radius, decided exactly.
    pub fn contains(&self, radius: f64) -> bool {
        let whole = f64::from(self.whole);
        let (distance, square) = (self.distance as f64, (radius * whole) * (radius * whole));
        // distance < 2^53 is exact, and three products are off by less than 4 units of 2^-53: beyond this margin doubles
        // decide.
        if (distance - square).abs() > 1e-14 * (distance + square) {
            return distance < square;
        }
        let Ok(radius) = Rational::from_f64(radius) else { return false };
        let scaled = &radius * &Rational::from(u64::from(self.whole));
        Rational::from(self.distance) <= &scaled * &scaled
    }
}

impl Points {
    pub fn new(coefficient: &Coefficient, side: usize, offset: [usize; 2]) -> Self {
        let shift = coefficient.shift().approx_f64();
        let places = move || (0..side * side).map(move |at| [3 * (at % side) + offset[0], 3 * (at / side) + offset[1]]);
        let rule = match coefficient.shape() {
            Shape::Chessboard { blocks } => {
                let piece = |place| coefficient.square(blocks, place).map_or(NONE, |piece| piece as u32);
                Rule::Pieces { shift, pieces: places().map(piece).collect() }
            }
            Shape::Cookies { blocks } => {
                let piece = |place| {
                    let disc = nearest(coefficient, blocks, place);
                    // distance / whole^2 <= (4/5)^2
                    let whole = u128::from(disc.whole);
                    if 25 * u128::from(disc.distance) <= 16 * whole * whole { disc.index } else { NONE }
                };
                Rule::Pieces { shift, pieces: places().map(piece).collect() }
            }
            Shape::CookiesVariable { blocks } => {
                Rule::Discs { shift, discs: places().map(|place| nearest(coefficient, blocks, place)).collect() }
            }
            Shape::Trigonometric { terms, scaling } => {
                Rule::Products(Products::trigonometric(coefficient, terms, scaling, side, offset))
            }
            Shape::ClippedPolynomial { degree } => {
                Rule::Products(Products::polynomial(coefficient, degree, side, offset))
            }
        };
        Self { side, rule }
    }
}

/// The disc of the square that a point lies in.
fn nearest(coefficient: &Coefficient, blocks: usize, place: [usize; 2]) -> Disc {
    let whole = 3 * coefficient.grid().cells();
    let square = place.map(|k| (k * blocks / whole).min(blocks - 1));
    // 2 s k h / 3 - (2 i + 1) in units of 1 / whole: at most 2 s whole < 2^20, so that squares stay below 2^41.
    let away = |axis: usize| ((2 * blocks * place[axis]).abs_diff((2 * square[axis] + 1) * whole)) as u64;
    let distance = away(0) * away(0) + away(1) * away(1);
    Disc { index: (square[1] * blocks + square[0]) as u32, whole: whole as u32, distance }
}

/// A function of a row and a number of thirds, written out: one row after another, at `side` points.
fn table(rows: usize, side: usize, offset: usize, value: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let value = &value;
    (0..rows).flat_map(|row| (0..side).map(move |k| value(row, 3 * k + offset))).collect()
}

impl Products {
    fn polynomial(coefficient: &Coefficient, degree: usize, side: usize, offset: [usize; 2]) -> Self {
        let power = |row: usize, k: usize| {
            let x = coefficient.grid().third(k).approx_f64();
            (0..row).fold(1.0, |product, _| product * x)
        };
        let powers = (0..=degree).flat_map(|total| (0..=total).map(move |b| (total - b, b)));
        let term = |(parameter, (left, right))| Term { parameter, scale: 1.0, left, right };
        let [left, right] = offset.map(|offset| table(degree + 1, side, offset, power));
        let least = coefficient.shift().approx_f64();
        Self { base: 0.0, least, terms: powers.enumerate().map(term).collect(), left, right, side, waves: degree + 1 }
    }

    fn trigonometric(coefficient: &Coefficient, terms: usize, scaling: i32, side: usize, offset: [usize; 2]) -> Self {
        let sines = coefficient.sines();
        // i^sigma y_i times 1 and times the product of two sines.
        let pair = |i: usize| {
            let scale = Rational::from(i).pow(scaling).unwrap_or_default().approx_f64();
            let term = |left, right| Term { parameter: i - 1, scale, left, right };
            [term(0, 0), term((i + 2) / 2, (i + 2).div_ceil(2))]
        };
        // Row 0 is the constant 1, row f the sine of frequency f.
        let sine = |row: usize, k: usize| if row == 0 { 1.0 } else { sines[row - 1][k].approx_f64() };
        let [left, right] = offset.map(|offset| table(sines.len() + 1, side, offset, sine));
        let shift = coefficient.shift().approx_f64();
        let base = if coefficient.as_published() { shift + terms as f64 } else { shift };
        let terms = (1..=terms).flat_map(pair).collect();
        Self { base, least: f64::NEG_INFINITY, terms, left, right, side, waves: sines.len() + 1 }
    }

    /// T_f = sum over the terms with this f of scale y_i R_left, row f.
    pub fn waves(&self, y: &[f64], waves: &mut Vec<f64>) {
        waves.clear();
        waves.resize(self.waves * self.side, 0.0);
        for term in &self.terms {
            let factor = term.scale * y[term.parameter];
            let wave = &mut waves[term.right * self.side..][..self.side];
            for (value, left) in wave.iter_mut().zip(&self.left[term.left * self.side..]) {
                *value += factor * left;
            }
        }
    }

    /// The values of row j.
    pub fn row(&self, j: usize, waves: &[f64], row: &mut [f64]) {
        row.fill(self.base);
        for (f, wave) in waves.chunks_exact(self.side).enumerate() {
            let factor = self.right[f * self.side + j];
            for (value, wave) in row.iter_mut().zip(wave) {
                *value += factor * wave;
            }
        }
        for value in row {
            *value = value.max(self.least);
        }
    }
}
