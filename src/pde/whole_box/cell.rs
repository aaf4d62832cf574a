//! Boxes of parameters.

use crate::arith::Rational;

use super::Mode;
use super::blocks::{Block, gamma};
use super::classes::Classes;
use super::indices::Indices;

/// A box of parameters. Its sides are doubles that are exact.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The lower ends.
    pub low: Vec<f64>,
    /// The upper ends.
    pub high: Vec<f64>,
    /// (low + high) / 2, rounded.
    pub middle: Vec<f64>,
    /// (high - low) / 2, rounded.
    pub radius: Vec<f64>,
    /// The sides of positive length.
    pub variables: Vec<usize>,
}

/// The least and the largest coefficient of a class over a cell: outer bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// At most the least value.
    pub low: f64,
    /// At least the largest.
    pub high: f64,
}

/// A cell with what its polynomials are bounded by.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The cell.
    pub cell: &'a Cell,
    /// The coefficient on the blocks.
    pub ranges: &'a [Range],
    /// The blocks.
    pub blocks: &'a [Block],
    /// The multi-indices of polynomials.
    pub indices: &'a Indices,
}

/// Where to cut a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    /// The side.
    pub parameter: usize,
    /// Inside it.
    pub at: f64,
}

impl Cell {
    fn new(low: Vec<f64>, high: Vec<f64>) -> Self {
        let middle = low.iter().zip(&high).map(|(l, h)| 0.5 * (l + h)).collect();
        let radius = low.iter().zip(&high).map(|(l, h)| 0.5 * (h - l)).collect();
        let variables = (0..low.len()).filter(|i| low[*i] < high[*i]).collect();
        Self { low, high, middle, radius, variables }
    }
    /// The roots of a cover; `None` where doubles do not hold the domain.
    pub fn roots(classes: &Classes, mode: Mode) -> Option<Vec<Self>> {
        let number = |x: &Rational| Some(x.approx_f64()).filter(|y| Rational::from_f64(*y).ok().as_ref() == Some(x));
        let end = |k: usize| classes.domain().iter().map(|side| number(&side[k])).collect::<Option<Vec<f64>>>();
        let (low, high) = (end(0)?, end(1)?);
        Some(match mode {
            Mode::Box => vec![Self::new(low, high)],
            Mode::Faces => (0..low.len())
                .map(|face| {
                    let mut low = low.clone();
                    low[face] = high[face];
                    Self::new(low, high.clone())
                })
                .collect(),
        })
    }
    /// Whether a number lies strictly inside a side.
    pub fn has_inside(&self, parameter: usize, at: f64) -> bool {
        self.variables.contains(&parameter) && self.low[parameter] < at && at < self.high[parameter]
    }
    /// The parts below and above a cut.
    pub fn parts(&self, cut: &Cut) -> [Self; 2] {
        let mut parts = [self.clone(), self.clone()];
        parts[0].high[cut.parameter] = cut.at;
        parts[1].low[cut.parameter] = cut.at;
        parts.map(|part| Self::new(part.low, part.high))
    }
    /// The range of a_0 + sum of a_i y_i over the cell, for doubles a_i that are off by at most 2^-52 of themselves.
    pub fn range(&self, affine: &[f64]) -> Range {
        let (mut low, mut high, mut size) = (affine[0], affine[0], affine[0].abs());
        for (a, (l, h)) in affine[1..].iter().zip(self.low.iter().zip(&self.high)) {
            let (x, y) = (a * l, a * h);
            low += x.min(y);
            high += x.max(y);
            size += x.abs().max(y.abs());
        }
        let error = gamma(affine.len() + 8) * size;
        Range { low: low - error, high: high + error }
    }
    /// A cut of side i at the geometric mean of the coefficient where that varies most, and the ratio there; `None` where
    /// the side is too short to be cut.
    pub fn cut(&self, i: usize, classes: &[Vec<f64>]) -> Option<(f64, Cut)> {
        let (l, h) = (self.low[i], self.high[i]);
        let mut best = (0.0, 0.5);
        for affine in classes {
            let step = (affine[i + 1] * (h - l)).abs();
            let least = self.range(affine).low;
            let ratio = step / least;
            if ratio > best.0 {
                // From the end with the lower coefficient: sqrt(a (a + step)) - a.
                let share = ((1.0 + ratio).sqrt() - 1.0) / ratio;
                best = (ratio, if affine[i + 1] > 0.0 { share } else { 1.0 - share });
            }
        }
        // Multiples of a power of two below a 64th of the side: exact, and short.
        let grid = 2f64.powi((h - l).log2().floor() as i32 - 6);
        let at = ((l + best.1 * (h - l)) / grid).round() * grid;
        let fine = l < at && at < h && grid > 2f64.powi(-30) * (l.abs() + h.abs());
        fine.then_some((best.0, Cut { parameter: i, at }))
    }
    /// The cut of the side with the largest score, one number a side of positive length; without scores, of the side along
    /// which the coefficient varies most.
    pub fn best_cut(&self, classes: &[Vec<f64>], scores: &[f64]) -> Option<Cut> {
        let cuts = self.variables.iter().enumerate().filter_map(|(v, i)| {
            let (ratio, cut) = self.cut(*i, classes)?;
            Some((scores.get(v).copied().unwrap_or(ratio), cut))
        });
        // The first of equal ones.
        cuts.reduce(|best, next| if next.0 > best.0 * (1.0 + 1e-9) { next } else { best }).map(|(_, cut)| cut)
    }
}
