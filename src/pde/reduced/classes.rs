//! Triangles on which an affine coefficient is the same function of the parameters.

use std::collections::HashMap;

use crate::arith::Rational;

use super::super::{Coefficient, PdeError};

/// The classes of triangles with equal numbers a_0, a_1, .., a_p, where a_y = a_0 + sum of a_i y_i.
///
/// **Exactness.** The numbers are those of the coefficient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    numbers: Vec<Vec<Rational>>,
    of_triangle: Vec<usize>,
}

impl Classes {
    /// The classes of a coefficient, in the order in which triangles show them.
    ///
    /// # Errors
    /// [`PdeError::NotAffine`].
    pub fn new(coefficient: &Coefficient) -> Result<Self, PdeError> {
        let (constant, terms) = coefficient.affine_terms()?;
        let elements = coefficient.grid().elements();
        let mut rows = vec![vec![Rational::zero(); terms.len() + 1]; elements];
        for row in &mut rows {
            row[0].clone_from(&constant);
        }
        for (i, term) in terms.into_iter().enumerate() {
            for (element, value) in term {
                rows[element][i + 1] = value;
            }
        }
        let (mut numbers, mut known) = (Vec::new(), HashMap::new());
        let of_triangle = rows.into_iter().map(|row| {
            *known.entry(row.clone()).or_insert_with(|| {
                numbers.push(row);
                numbers.len() - 1
            })
        });
        let of_triangle = of_triangle.collect();
        Ok(Self { numbers, of_triangle })
    }
    /// a_0, .., a_p of each class.
    pub fn numbers(&self) -> &[Vec<Rational>] {
        &self.numbers
    }
    /// The class of each triangle.
    pub fn of_triangle(&self) -> &[usize] {
        &self.of_triangle
    }
    /// The least and the largest a_y over all classes and all y with l_i <= y_i <= h_i.
    pub fn range(&self, domain: &[(Rational, Rational)]) -> (Rational, Rational) {
        let ends = |numbers: &Vec<Rational>| {
            let mut ends = (numbers[0].clone(), numbers[0].clone());
            for (a, (lower, upper)) in numbers[1..].iter().zip(domain) {
                let (x, y) = (a * lower, a * upper);
                // An affine function takes its extrema at corners, one parameter at a time.
                let (low, high) = if x <= y { (x, y) } else { (y, x) };
                ends.0 += &low;
                ends.1 += &high;
            }
            ends
        };
        let all: Vec<(Rational, Rational)> = self.numbers.iter().map(ends).collect();
        let least = all.iter().map(|ends| &ends.0).min().cloned().unwrap_or_default();
        let most = all.iter().map(|ends| &ends.1).max().cloned().unwrap_or_default();
        (least, most)
    }
}
