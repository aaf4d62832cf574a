//! Polynomials in several variables, for the distance of an affine map from a target.

use std::collections::BTreeMap;

use crate::arith::{Integer, Rational};
use crate::certify::Target;

/// A sum of terms c x_1^(e_1) .. x_n^(e_n); no coefficient is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Polynomial {
    pub(super) variables: usize,
    pub(super) terms: BTreeMap<Vec<u32>, Rational>,
}

impl Polynomial {
    /// The polynomial of a target; `None` for targets that are none.
    pub(super) fn of_target(target: &Target) -> Option<Self> {
        let of_one = |list: Vec<(u32, Rational)>| (1, list.into_iter().map(|(e, c)| (vec![e], c)).collect::<Vec<_>>());
        let (variables, list) = match target {
            Target::Square => of_one(vec![(2, Rational::one())]),
            Target::Power { exponent } => of_one(vec![(*exponent, Rational::one())]),
            Target::Polynomial { coefficients } => of_one((0..).zip(coefficients.iter().cloned()).collect()),
            Target::Product { factors } => (*factors, vec![(vec![1; *factors], Rational::one())]),
            Target::MultivariatePolynomial { variables, terms } => {
                (*variables, terms.iter().map(|(c, exponents)| (exponents.clone(), c.clone())).collect())
            }
            _ => return None,
        };
        let mut polynomial = Self { variables, terms: BTreeMap::new() };
        for (exponents, c) in list {
            polynomial.add(exponents, &c);
        }
        Some(polynomial)
    }
    /// a . x + b - self.
    pub(super) fn subtracted_from(&self, a: &[Rational], b: &Rational) -> Self {
        let terms = self.terms.iter().map(|(exponents, c)| (exponents.clone(), -c)).collect();
        let mut difference = Self { variables: self.variables, terms };
        for (j, a) in a.iter().enumerate() {
            difference.add((0..self.variables).map(|i| u32::from(i == j)).collect(), a);
        }
        difference.add(vec![0; self.variables], b);
        difference
    }
    fn add(&mut self, exponents: Vec<u32>, c: &Rational) {
        let sum = self.terms.remove(&exponents).unwrap_or_default() + c;
        if !sum.is_zero() {
            self.terms.insert(exponents, sum);
        }
    }
    /// The largest sum of exponents; 0 for constants.
    pub(super) fn degree(&self) -> u32 {
        self.terms.keys().map(|exponents| exponents.iter().sum()).max().unwrap_or(0)
    }
    /// The value. Exact.
    pub(super) fn value(&self, x: &[Rational]) -> Rational {
        let power = |x: &Rational, e: u32| i32::try_from(e).ok().and_then(|e| x.pow(e)).unwrap_or_default();
        let term = |(exponents, c): (&Vec<u32>, &Rational)| {
            let factors = exponents.iter().zip(x).filter(|(e, _)| **e > 0);
            factors.fold(c.clone(), |product, (&e, x)| product * power(x, e))
        };
        self.terms.iter().map(term).sum()
    }
    /// The matrix of second derivatives of a polynomial of degree at most 2.
    pub(super) fn hessian(&self) -> Vec<Vec<Rational>> {
        let mut hessian = vec![vec![Rational::zero(); self.variables]; self.variables];
        for (exponents, c) in &self.terms {
            let places: Vec<usize> =
                exponents.iter().enumerate().flat_map(|(j, &e)| core::iter::repeat_n(j, e as usize)).collect();
            if let [i, j] = places[..] {
                // c x_i x_j, and c x_i^2 with the second derivative 2 c.
                hessian[i][j] += c;
                hessian[j][i] += c;
            }
        }
        hessian
    }
    /// The gradient at 0.
    pub(super) fn linear_part(&self) -> Vec<Rational> {
        let unit = |j: usize| (0..self.variables).map(|i| u32::from(i == j)).collect::<Vec<u32>>();
        (0..self.variables).map(|j| self.terms.get(&unit(j)).cloned().unwrap_or_default()).collect()
    }
}

/// A polynomial in doubles, to guess with.
#[derive(Debug, Clone)]
pub(super) struct FloatPolynomial {
    terms: Vec<(Vec<u32>, f64)>,
}

impl FloatPolynomial {
    /// sign times a polynomial; approximate.
    pub(super) fn approx(of: &Polynomial, sign: i32) -> Self {
        let sign = f64::from(sign);
        Self { terms: of.terms.iter().map(|(exponents, c)| (exponents.clone(), sign * c.approx_f64())).collect() }
    }
    pub(super) fn approx_value(&self, x: &[f64]) -> f64 {
        self.terms.iter().map(|(exponents, c)| c * monomial(exponents, x, &[])).sum()
    }
    pub(super) fn approx_gradient(&self, x: &[f64]) -> Vec<f64> {
        (0..x.len()).map(|j| self.terms.iter().map(|(exponents, c)| c * monomial(exponents, x, &[j])).sum()).collect()
    }
    pub(super) fn approx_hessian(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let entry =
            |i: usize, j: usize| self.terms.iter().map(|(exponents, c)| c * monomial(exponents, x, &[i, j])).sum();
        (0..x.len()).map(|i| (0..x.len()).map(|j| entry(i, j)).collect()).collect()
    }
}

/// A derivative of x_1^(e_1) .. x_n^(e_n), in these variables one after another.
fn monomial(exponents: &[u32], x: &[f64], derivatives: &[usize]) -> f64 {
    let mut product = 1.0;
    for (j, (&e, x)) in exponents.iter().zip(x).enumerate() {
        let mut e = e as i32;
        for _ in derivatives.iter().filter(|&&d| d == j) {
            product *= f64::from(e);
            e -= 1;
        }
        if e < 0 {
            return 0.0;
        }
        product *= x.powi(e);
    }
    product
}

/// The monomials of degree 1 to D in n variables, and integer polynomials of degree at most D by their places.
#[derive(Debug)]
pub(super) struct Monomials {
    pub(super) list: Vec<Vec<u32>>,
    places: BTreeMap<Vec<u32>, usize>,
    pub(super) degree: u32,
}

impl Monomials {
    pub(super) fn new(variables: usize, degree: u32) -> Self {
        let mut list: Vec<Vec<u32>> = vec![vec![0; variables]];
        let (mut layer, mut known) = (list.clone(), BTreeMap::new());
        for _ in 0..degree {
            let mut next = Vec::new();
            for exponents in &layer {
                for j in 0..variables {
                    let mut larger: Vec<u32> = exponents.clone();
                    larger[j] += 1;
                    if known.insert(larger.clone(), ()).is_none() {
                        next.push(larger);
                    }
                }
            }
            list.extend(next.iter().cloned());
            layer = next;
        }
        let places = list.iter().cloned().enumerate().map(|(place, exponents)| (exponents, place)).collect();
        Self { list, places, degree }
    }
    /// The number of monomials of degree 0 to D.
    pub(super) fn count(variables: usize, degree: u32) -> u128 {
        // Binomial(n + D, D), step by step without remainders.
        (1..=u128::from(degree))
            .try_fold(1u128, |sum, k| Some(sum.checked_mul(variables as u128 + k)? / k))
            .unwrap_or(u128::MAX)
    }
    /// constant + coefficients . x, as places.
    pub(super) fn affine(&self, coefficients: impl Iterator<Item = Integer>, constant: Integer) -> Vec<Integer> {
        let mut row = vec![Integer::zero(); self.list.len()];
        row[0] = constant;
        // The monomials of degree 1 follow the constant one, in order.
        row.iter_mut().skip(1).zip(coefficients).for_each(|(place, c)| *place = c);
        row
    }
    /// The product; its degree is at most D.
    pub(super) fn product(&self, p: &[Integer], q: &[Integer]) -> Vec<Integer> {
        let mut row = vec![Integer::zero(); self.list.len()];
        let entries = |row: &[Integer]| (0..row.len()).filter(|&i| !row[i].is_zero()).collect::<Vec<_>>();
        let (left, right) = (entries(p), entries(q));
        for &i in &left {
            for &j in &right {
                let exponents: Vec<u32> = self.list[i].iter().zip(&self.list[j]).map(|(a, b)| a + b).collect();
                if let Some(&place) = self.places.get(&exponents) {
                    row[place] += &(&p[i] * &q[j]);
                }
            }
        }
        row
    }
}
