//! Affine coefficients: a constant and terms, in integers.

use crate::arith::{Integer, Rational};
use crate::linalg::clear_denominators;

use super::super::{Coefficient, Grid, PdeError, Stiffness};
use super::conductance::{Conductances, over};

/// a_y = constant + sum of y_i a_i on triangles.
///
/// **Exactness.** The numbers are those of the coefficient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affine {
    grid: Grid,
    constant: Rational,
    terms: Vec<Term>,
}

/// One a_i: integers on some triangles over one denominator, 0 on others.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    denominator: Integer,
    values: Vec<(usize, Integer)>,
}

impl Affine {
    /// The split of a coefficient.
    ///
    /// # Errors
    /// [`PdeError::NotAffine`].
    pub fn new(coefficient: &Coefficient) -> Result<Self, PdeError> {
        let (constant, terms) = coefficient.affine_terms()?;
        let term = |values: Vec<(usize, Rational)>| {
            let (places, values): (Vec<usize>, Vec<Rational>) = values.into_iter().unzip();
            let (whole, denominator) = clear_denominators(&values);
            Term { values: places.into_iter().zip(whole).collect(), denominator }
        };
        Ok(Self { grid: coefficient.grid(), constant, terms: terms.into_iter().map(term).collect() })
    }
    /// The grid.
    pub fn grid(&self) -> Grid {
        self.grid
    }
    /// The part that no parameter changes.
    pub fn constant(&self) -> &Rational {
        &self.constant
    }
    /// p, the number of terms.
    pub fn parameters(&self) -> usize {
        self.terms.len()
    }
    /// The values of a_y, and the least one.
    ///
    /// # Errors
    /// [`PdeError::Length`], and [`PdeError::Coefficient`] where a value is not positive.
    pub fn at(&self, y: &[Rational]) -> Result<(Conductances, Rational), PdeError> {
        if y.len() != self.terms.len() {
            return Err(PdeError::Length { given: y.len(), expected: self.terms.len() });
        }
        // The factor of term i is y_i over its denominator.
        let mut numbers = vec![self.constant.clone()];
        numbers.extend(y.iter().zip(&self.terms).map(|(y, term)| y / &Rational::from(&term.denominator)));
        let (whole, denominator) = clear_denominators(&numbers);
        let mut values = vec![whole[0].clone(); self.grid.elements()];
        for (factor, term) in whole[1..].iter().zip(&self.terms) {
            for (element, value) in &term.values {
                values[*element] += &(factor * value);
            }
        }
        let (element, least) = values.iter().enumerate().min_by_key(|(_, value)| *value).unwrap_or((0, &denominator));
        let least = Rational::from(least) / Rational::from(&denominator);
        if !least.is_positive() {
            let place = self.grid.triangles().nth(element).map_or([0, 0], |triangle| triangle.midpoint());
            let place = Box::new(place.map(|k| self.grid.third(k)));
            return Err(PdeError::Coefficient { value: Box::new(least), place });
        }
        Ok((Conductances::new(self.grid, &values, denominator), least))
    }
    /// The matrix of term i alone.
    pub fn term(&self, i: usize) -> Conductances {
        let mut values = vec![Integer::zero(); self.grid.elements()];
        for (element, value) in &self.terms[i].values {
            values[*element] = value.clone();
        }
        Conductances::new(self.grid, &values, self.terms[i].denominator.clone())
    }
    /// The matrix G of a = 1.
    pub fn one(&self) -> Conductances {
        Conductances::new(self.grid, &vec![Integer::one(); self.grid.elements()], Integer::one())
    }
    /// The matrix of term i in doubles.
    pub fn approx_matrix(&self, i: usize) -> Stiffness<f64> {
        let Term { denominator, values: whole } = &self.terms[i];
        let mut values = vec![0.0; self.grid.elements()];
        for (element, value) in whole {
            values[*element] = over(value, denominator).approx_f64();
        }
        Stiffness::new(self.grid, &values)
    }
}

/// 2 G z in machine numbers, even ones; |z| <= 2^120.
pub fn doubled_one(grid: Grid, z: &[i128]) -> Vec<i128> {
    Stiffness::new(grid, &vec![2i128; grid.elements()]).apply(z)
}
