//! Affine functions with rational coefficients.

use crate::arith::Rational;

/// The function x -> gradient . x + constant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Affine {
    /// The gradient, `[n]`.
    pub gradient: Vec<Rational>,
    /// The constant.
    pub constant: Rational,
}

impl Affine {
    /// A constant function of n variables.
    pub fn constant(dimension: usize, constant: Rational) -> Self {
        Self { gradient: vec![Rational::zero(); dimension], constant }
    }
    /// Variable i of n.
    pub fn variable(dimension: usize, i: usize) -> Self {
        let mut variable = Self::constant(dimension, Rational::zero());
        if let Some(entry) = variable.gradient.get_mut(i) {
            *entry = Rational::one();
        }
        variable
    }
    /// The value at a point.
    pub fn value(&self, x: &[Rational]) -> Rational {
        self.gradient.iter().zip(x).map(|(a, x)| a * x).sum::<Rational>() + &self.constant
    }
    /// Adds factor times another function.
    pub fn add_multiple(&mut self, factor: &Rational, other: &Self) {
        if factor.is_zero() {
            return;
        }
        for (a, b) in self.gradient.iter_mut().zip(&other.gradient) {
            if !b.is_zero() {
                *a += factor * b;
            }
        }
        self.constant += factor * &other.constant;
    }
    /// This function minus another one.
    pub fn minus(&self, other: &Self) -> Self {
        let mut difference = self.clone();
        difference.add_multiple(&Rational::from(-1), other);
        difference
    }
    /// This function plus a constant.
    pub fn plus(&self, constant: &Rational) -> Self {
        Self { gradient: self.gradient.clone(), constant: &self.constant + constant }
    }
    /// This function times a number.
    pub fn times(&self, factor: &Rational) -> Self {
        let mut product = Self::constant(self.gradient.len(), Rational::zero());
        product.add_multiple(factor, self);
        product
    }
    /// Whether this is 0 everywhere.
    pub fn is_zero(&self) -> bool {
        self.constant.is_zero() && self.gradient.iter().all(Rational::is_zero)
    }
}
