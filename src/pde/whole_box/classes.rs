//! Triangles with the same coefficient, whatever the parameters are.

use std::collections::BTreeMap;

use crate::arith::Rational;

use super::super::{Coefficient, PdeError};
use super::Mode;

/// The classes of triangles on which a_y = a_k0 + sum of a_ki y_i has the same a_k0, .., a_kp.
///
/// **Exactness.** Exact.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    of: Vec<usize>,
    values: Vec<Vec<Rational>>,
    domain: Vec<[Rational; 2]>,
}

impl Classes {
    /// The classes of a coefficient, numbered in the order in which triangles meet them.
    ///
    /// # Errors
    /// [`PdeError::NotAffine`]; [`PdeError::Coefficient`] where the least value over the box is not positive.
    pub fn new(coefficient: &Coefficient) -> Result<Self, PdeError> {
        let grid = coefficient.grid();
        let (constant, terms) = coefficient.affine_terms()?;
        let mut rows = vec![vec![Rational::zero(); terms.len() + 1]; grid.elements()];
        rows.iter_mut().for_each(|row| row[0] = constant.clone());
        for (i, term) in terms.into_iter().enumerate() {
            for (element, value) in term {
                rows[element][i + 1] = value;
            }
        }
        let shape = coefficient.shape();
        let domain: Vec<[Rational; 2]> = (0..shape.parameters()).map(|i| shape.range(i)).collect();
        let (mut numbers, mut values, mut of) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (element, row) in rows.into_iter().enumerate() {
            let class = match numbers.get(&row) {
                Some(class) => *class,
                None => {
                    let least = domain.iter().zip(&row[1..]).fold(row[0].clone(), |sum, (side, a)| {
                        let [low, high] = side.each_ref().map(|y| y * a);
                        sum + low.min(high)
                    });
                    if !least.is_positive() {
                        let place = grid.triangles().nth(element).map_or([0, 0], |triangle| triangle.midpoint());
                        let place = Box::new(place.map(|k| grid.third(k)));
                        return Err(PdeError::Coefficient { value: Box::new(least), place });
                    }
                    numbers.insert(row.clone(), values.len());
                    values.push(row);
                    values.len() - 1
                }
            };
            of.push(class);
        }
        Ok(Self { of, values, domain })
    }
    /// The class of each triangle.
    pub fn of_triangles(&self) -> &[usize] {
        &self.of
    }
    /// a_k0, .., a_kp of each class.
    pub fn values(&self) -> &[Vec<Rational>] {
        &self.values
    }
    /// The sides of the box.
    pub fn domain(&self) -> &[[Rational; 2]] {
        &self.domain
    }
    /// p
    pub fn parameters(&self) -> usize {
        self.domain.len()
    }
    /// Whether faces of the box are enough.
    ///
    /// **Statement.** With x_i = c_i + y_i, c_i = a_k0 / a_ki the same for all classes of parameter i, the coefficient is
    /// a_ki x_i, so that a point on the ray through x has the coefficient times a constant. u then is u over that constant
    /// and the relative error of its best approximation is the same, and the ray up from a point of the box meets a face
    /// y_i = h_i as all x_i increase.
    pub fn mode(&self) -> Mode {
        let mut ratios: Vec<Option<Rational>> = vec![None; self.parameters()];
        for row in &self.values {
            let mut active = row.iter().enumerate().skip(1).filter(|(_, a)| !a.is_zero());
            let (Some((i, a)), None) = (active.next(), active.next()) else { return Mode::Box };
            if !a.is_positive() || row[0].is_negative() {
                return Mode::Box;
            }
            let ratio = &row[0] / a;
            match &ratios[i - 1] {
                Some(known) if *known != ratio => return Mode::Box,
                _ => ratios[i - 1] = Some(ratio),
            }
        }
        if ratios.iter().all(Option::is_some) { Mode::Faces } else { Mode::Box }
    }
}
