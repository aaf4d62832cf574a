//! Polynomials in powers of the variables.

use std::collections::BTreeMap;

use num_traits::{One, Signed, Zero};

use crate::oracle::Q;

/// Coefficients by exponents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polynomial(pub BTreeMap<Vec<usize>, Q>);

impl Polynomial {
    pub fn constant(c: &Q, variables: usize) -> Self {
        Self(BTreeMap::from([(vec![0; variables], c.clone())]))
    }
    pub fn variable(j: usize, variables: usize) -> Self {
        let exponents = (0..variables).map(|k| usize::from(k == j)).collect();
        Self(BTreeMap::from([(exponents, Q::one())]))
    }
    /// self + c other
    pub fn add(mut self, other: &Self, c: &Q) -> Self {
        for (exponents, value) in &other.0 {
            *self.0.entry(exponents.clone()).or_insert_with(Q::zero) += value * c;
        }
        self.0.retain(|_, value| !value.is_zero());
        self
    }
    pub fn product(&self, other: &Self) -> Self {
        let mut product = Self(BTreeMap::new());
        for (left, a) in &self.0 {
            for (right, b) in &other.0 {
                let exponents = left.iter().zip(right).map(|(i, j)| i + j).collect();
                product = product.add(&Self(BTreeMap::from([(exponents, a * b)])), &Q::one());
            }
        }
        product
    }
    pub fn degree(&self) -> usize {
        self.0.keys().map(|exponents| exponents.iter().sum()).max().unwrap_or(0)
    }
    /// The target with this polynomial.
    pub fn target(&self, variables: usize) -> String {
        if variables == 1 {
            let coefficient = |k: usize| self.0.get(&vec![k]).cloned().unwrap_or_default();
            let words: Vec<String> = (0..=self.degree()).map(|k| coefficient(k).to_string()).collect();
            return format!("polynomial {}", words.join(" "));
        }
        let mut text = format!("multivariate-polynomial {variables} {}", self.0.len());
        for (exponents, c) in &self.0 {
            text += &format!(" {c}");
            exponents.iter().for_each(|e| text += &format!(" {e}"));
        }
        text
    }
    /// The sum of the absolute coefficients of a polynomial in x in the Chebyshev polynomials of t = a x + b.
    pub fn chebyshev_sum(&self, a: &Q, b: &Q) -> Q {
        let mut coefficients: Vec<Q> = Vec::new();
        for k in (0..=self.degree()).rev() {
            // Horner's rule: p = p x + c with x = (t - b) / a and t T_k = (T_(k+1) + T_|k-1|) / 2.
            let mut next = vec![Q::zero(); coefficients.len() + 1];
            for (k, c) in coefficients.iter().enumerate() {
                let half = c / a / Q::from(num_bigint::BigInt::from(2));
                next[k] -= c * b / a;
                next[k + 1] += &half;
                next[k.abs_diff(1)] += &half;
            }
            next[0] += self.0.get(&vec![k]).cloned().unwrap_or_default();
            coefficients = next;
        }
        coefficients.iter().map(Signed::abs).fold(Q::zero(), |sum, c| sum + c)
    }
}
