//! Matrices whose entries are known to a radius.

use crate::arith::{Enclosure, Rational};
use crate::linalg::Matrix;

/// All matrices at a distance of at most 2^-bits from a centre in every entry.
///
/// ```
/// use certinet::{arith::Rational, barrier::intervals::IntervalMatrix, linalg::Matrix};
/// let interval = IntervalMatrix::around(Matrix::identity(2), 3);
/// assert!(interval.contains(&Matrix::identity(2).map(|x| x + Rational::ratio(1, 8))));
/// assert!(!interval.contains(&Matrix::identity(2).map(|x| x + Rational::ratio(1, 7))));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntervalMatrix {
    centre: Matrix,
    bits: u32,
    radius: Rational,
}

impl IntervalMatrix {
    /// The matrices that agree with this one to so many bits.
    pub fn around(centre: Matrix, bits: u32) -> Self {
        Self { centre, bits, radius: Rational::power_of_two(-i64::from(bits)) }
    }
    /// The centre.
    pub fn centre(&self) -> &Matrix {
        &self.centre
    }
    /// The k of the radius 2^-k.
    pub fn bits(&self) -> u32 {
        self.bits
    }
    /// The radius, above 0.
    pub fn radius(&self) -> &Rational {
        &self.radius
    }
    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        self.centre.shape()
    }
    /// Whether a matrix has the shape of the centre and lies within the radius in every entry.
    pub fn contains(&self, member: &Matrix) -> bool {
        member.shape() == self.shape()
            && self.centre.entries().iter().zip(member.entries()).all(|(c, x)| (c - x).abs() <= self.radius)
    }
    /// The values of row i.
    ///
    /// # Panics
    /// Panics when there is no row i.
    pub fn row(&self, i: usize) -> Vec<Enclosure> {
        self.centre.row(i).iter().map(|x| Enclosure::around(x, &self.radius)).collect()
    }
    /// The member with entry c + f(i, j) radius for the centre's entry c, where f is from -1 to 1.
    pub fn member(&self, f: impl Fn(usize, usize) -> i64) -> Matrix {
        let entry = |i: usize, j: usize| &self.centre[(i, j)] + &(&self.radius * &Rational::from(f(i, j)));
        Matrix::from_fn(self.centre.rows(), self.centre.columns(), entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_lie_within_the_radius_in_every_entry() {
        let centre = Matrix::from_fn(2, 3, |i, j| Rational::from(i + 3 * j));
        let interval = IntervalMatrix::around(centre.clone(), 5);
        assert_eq!((interval.shape(), interval.bits(), interval.radius()), ((2, 3), 5, &Rational::ratio(1, 32)));
        assert!(interval.contains(&interval.member(|i, j| [-1, 0, 1][(i + j) % 3])));
        for entry in [(0, 0), (1, 2)] {
            for (step, inside) in [(1, true), (-1, true), (2, false), (-2, false)] {
                let moved = interval.member(|i, j| if (i, j) == entry { step } else { 0 });
                assert_eq!(interval.contains(&moved), inside);
                let lies = interval.row(entry.0)[entry.1].contains(&moved[entry]);
                assert_eq!(lies, inside);
            }
        }
        assert!(!interval.contains(&centre.transpose()) && !interval.contains(&Matrix::zeros(0, 0)));
    }
}
