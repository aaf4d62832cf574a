//! Sparse polynomials of the inputs, in powers of several variables or in Chebyshev polynomials of one.

use std::collections::BTreeMap;

use super::COEFFICIENT_BITS;
use crate::interval::Interval;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::statement::Domain;

/// The most terms of a polynomial.
const MAX_TERMS: usize = 1 << 16;
/// The most pairs of terms in one product.
const MAX_PAIRS: usize = 1 << 20;

/// A product of powers as sorted (variable, exponent) with exponents above 0; in the Chebyshev basis T_k is (0, k).
pub(super) type Monomial = Vec<(u64, u64)>;

/// The basis of the polynomials of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// x_1^e_1 .. x_n^e_n
    Powers,
    /// T_k(t) with t = a x + b, a > 0, |t| <= 1 on the domain.
    Chebyshev {
        /// a
        factor: Number,
        /// b
        offset: Number,
    },
}

/// A sum of c times a basis polynomial, c not 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Polynomial(BTreeMap<Monomial, Number>);

impl Polynomial {
    /// A number.
    pub fn constant(c: Number) -> Self {
        Self::term(c, Vec::new())
    }
    fn term(c: Number, monomial: Monomial) -> Self {
        let mut sum = Self::default();
        sum.add(monomial, c);
        sum
    }
    fn add(&mut self, monomial: Monomial, c: Number) {
        use std::collections::btree_map::Entry;
        match self.0.entry(monomial) {
            Entry::Vacant(place) if !c.is_zero() => {
                place.insert(c.reduced());
            }
            Entry::Vacant(_) => {}
            Entry::Occupied(mut place) => {
                let sum = (place.get() + &c).reduced();
                if sum.is_zero() {
                    place.remove();
                } else {
                    place.insert(sum);
                }
            }
        }
    }
    fn checked(self) -> Result<Self, Problem> {
        let fits = |c: &Number| c.bits() <= COEFFICIENT_BITS;
        if self.0.len() <= MAX_TERMS && self.0.values().all(fits) {
            Ok(self)
        } else {
            problem("a polynomial has too many terms or too long coefficients")
        }
    }
    /// The sum of c_i p_i.
    ///
    /// # Errors
    /// When it is too large.
    pub fn sum<'a>(terms: impl IntoIterator<Item = (&'a Number, &'a Self)>) -> Result<Self, Problem> {
        let mut sum = Self::default();
        for (c, p) in terms {
            for (monomial, v) in &p.0 {
                sum.add(monomial.clone(), c * v);
            }
            if sum.0.len() > MAX_TERMS {
                break;
            }
        }
        sum.checked()
    }
    /// The coefficient c_0 and sum_{k > 0} |c_k| size_k with a bound of each basis polynomial: p lies in c_0 +- this sum.
    fn spread(&self, size: impl Fn(&Monomial) -> Number) -> Interval {
        let (mut constant, mut radius) = (Number::zero(), Number::zero());
        for (monomial, c) in &self.0 {
            if monomial.is_empty() {
                constant = c.clone();
            } else {
                radius = &radius + &(&c.abs() * &size(monomial));
            }
        }
        Interval::around(&constant, &radius)
    }
    /// The terms, sorted.
    pub(super) fn terms(&self) -> impl Iterator<Item = (&Monomial, &Number)> {
        self.0.iter()
    }
    /// The value at a point, in the basis of powers.
    ///
    /// # Errors
    /// When powers are too large.
    pub fn value_of_powers(&self, x: &[Number]) -> Result<Number, Problem> {
        let find = |j: u64| usize::try_from(j).ok().and_then(|j| x.get(j));
        let (mut sum, mut size) = (Number::zero(), 0u64);
        for (monomial, c) in &self.0 {
            let bits = |(j, e): &(u64, u64)| find(*j).map_or(0, Number::bits).saturating_add(1).saturating_mul(*e);
            size = monomial.iter().map(bits).fold(size.saturating_add(c.bits()), u64::saturating_add);
            if size > COEFFICIENT_BITS {
                return problem("an exponent is too large");
            }
            let powers = monomial.iter().map(|(j, e)| power(find(*j), *e));
            sum = &sum + &powers.fold(c.clone(), |product, power| &product * &power);
        }
        Ok(sum)
    }
    /// sum_k |c_k|, of the constant term too.
    pub fn absolute_sum(&self) -> Number {
        self.0.values().fold(Number::zero(), |sum, c| &sum + &c.abs())
    }
}

impl Basis {
    /// The variable x_j, counted from 0.
    pub fn variable(&self, j: u64) -> Polynomial {
        match self {
            Self::Powers => Polynomial::term(Number::one(), vec![(j, 1)]),
            Self::Chebyshev { factor, offset } => {
                // x = (t - b) / a; a > 0
                let inverse = factor.reciprocal().unwrap_or_else(Number::zero);
                let mut x = Polynomial::constant(-&(offset * &inverse));
                x.add(vec![(0, 1)], inverse);
                x
            }
        }
    }
    /// p q, by x^i x^j = x^(i+j) or T_i T_j = (T_(i+j) + T_|i-j|) / 2.
    ///
    /// # Errors
    /// When it is too large.
    pub fn product(&self, p: &Polynomial, q: &Polynomial) -> Result<Polynomial, Problem> {
        if p.0.len().saturating_mul(q.0.len()) > MAX_PAIRS {
            return problem("a product of polynomials has too many terms");
        }
        let large = || Problem("an exponent is too large".to_owned());
        let mut product = Polynomial::default();
        for (left, c) in &p.0 {
            for (right, d) in &q.0 {
                let v = c * d;
                match (self, left.as_slice(), right.as_slice()) {
                    (Self::Chebyshev { .. }, [(_, i)], [(_, j)]) => {
                        let half = v.scaled(-1);
                        product.add(vec![(0, i.checked_add(*j).ok_or_else(large)?)], half.clone());
                        let low = i.abs_diff(*j);
                        product.add(if low == 0 { Vec::new() } else { vec![(0, low)] }, half);
                    }
                    _ => product.add(merged(left, right).ok_or_else(large)?, v),
                }
            }
        }
        product.checked()
    }
    /// The range of p that the basis shows: |T_k| <= 1.
    pub fn range(&self, p: &Polynomial) -> Option<Interval> {
        (*self != Self::Powers).then(|| p.spread(|_| Number::one()))
    }
    /// c_0 +- sum_{k > 0} |c_k| sup |basis_k| over a bounded box (for Chebyshev: one on which |t| <= 1).
    ///
    /// # Errors
    /// When a variable has no side.
    pub fn range_over(&self, p: &Polynomial, domain: &Domain) -> Result<Interval, Problem> {
        if let Some(range) = self.range(p) {
            return Ok(range);
        }
        let sizes: Option<BTreeMap<u64, Number>> =
            p.0.keys().flatten().map(|(j, _)| domain.side(*j).map(|(lo, hi)| (*j, lo.abs().max(hi.abs())))).collect();
        let Some(sizes) = sizes else { return problem("a variable has no bounded side") };
        let bits = |j: &u64, e: u64| sizes.get(j).map_or(0, Number::bits).saturating_add(1).saturating_mul(e);
        if p.0.keys().flatten().any(|(j, e)| bits(j, *e) > 16 * COEFFICIENT_BITS) {
            return problem("an exponent is too large");
        }
        // |x_1^e_1 .. x_n^e_n| <= the product of the largest |x_j|^e_j
        let size = |monomial: &Monomial| {
            let powers = monomial.iter().map(|(j, e)| power(sizes.get(j), *e));
            powers.fold(Number::one(), |product, power| &product * &power)
        };
        Ok(p.spread(size))
    }
    /// sum_k c_k x_j^k in this basis, by Horner's rule.
    ///
    /// # Errors
    /// When it is too large.
    pub fn horner(&self, coefficients: &[Number], j: u64) -> Result<Polynomial, Problem> {
        if coefficients.len() > 1 << 11 {
            return problem("a polynomial of degree 2048 or more is not changed to another basis");
        }
        let (x, one) = (self.variable(j), Number::one());
        coefficients.iter().rev().try_fold(Polynomial::default(), |sum, c| {
            let shifted = self.product(&sum, &x)?;
            Polynomial::sum([(&one, &shifted), (c, &Polynomial::constant(Number::one()))])
        })
    }
    /// x_1^e_1 x_2^e_2 .. with these exponents.
    ///
    /// # Errors
    /// When it is too large.
    pub fn monomial(&self, exponents: impl IntoIterator<Item = (u64, u64)>) -> Result<Polynomial, Problem> {
        let exponents = exponents.into_iter().filter(|(_, e)| *e > 0);
        match self {
            Self::Powers => Ok(Polynomial::term(Number::one(), exponents.collect())),
            Self::Chebyshev { .. } => {
                exponents.into_iter().try_fold(Polynomial::constant(Number::one()), |product, (j, e)| {
                    if j > 0 {
                        return problem("the Chebyshev basis is for one variable");
                    }
                    let e = usize::try_from(e).unwrap_or(usize::MAX).min(MAX_TERMS);
                    let mut coefficients = vec![Number::zero(); e];
                    coefficients.push(Number::one());
                    self.product(&product, &self.horner(&coefficients, j)?)
                })
            }
        }
    }
}

/// x^e, 0 where x is not known.
fn power(x: Option<&Number>, e: u64) -> Number {
    let (mut result, mut square, mut rest) = (Number::one(), x.cloned().unwrap_or_else(Number::zero), e);
    while rest > 0 {
        if rest % 2 == 1 {
            result = &result * &square;
        }
        rest /= 2;
        if rest > 0 {
            square = square.square();
        }
    }
    result
}

/// The product of two products of powers.
fn merged(left: &Monomial, right: &Monomial) -> Option<Monomial> {
    let mut sum: BTreeMap<u64, u64> = left.iter().copied().collect();
    for (j, e) in right {
        let place = sum.entry(*j).or_insert(0);
        *place = place.checked_add(*e)?;
    }
    Some(sum.into_iter().collect())
}

#[cfg(test)]
impl Polynomial {
    /// The value at a point, for tests.
    pub fn value(&self, basis: &Basis, x: &[Number]) -> Number {
        let chebyshev = |t: &Number, k: u64| {
            let (mut before, mut now) = (Number::one(), t.clone());
            for _ in 1..k {
                (before, now) = (now.clone(), &(t * &now).scaled(1) - &before);
            }
            now
        };
        let basis_value = |monomial: &Monomial| {
            monomial.iter().fold(Number::one(), |product, (j, e)| match basis {
                Basis::Powers => &product * &power(x.get(*j as usize), *e),
                Basis::Chebyshev { factor, offset } => &product * &chebyshev(&(&(factor * &x[0]) + offset), *e),
            })
        };
        self.0.iter().fold(Number::zero(), |sum, (monomial, c)| &sum + &(c * &basis_value(monomial)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn number(n: i64, e: i64) -> Number {
        Number::dyadic(n.into(), e)
    }

    #[test]
    fn both_bases_have_the_values_of_the_polynomial() {
        let third = Number::from(3).reciprocal().unwrap();
        let bases = [Basis::Powers, Basis::Chebyshev { factor: third.clone(), offset: number(-1, -2) }];
        let coefficients: Vec<Number> = [3, -1, 0, 5, 2].map(|c| &number(c, -1) * &third).to_vec();
        for basis in &bases {
            let p = basis.horner(&coefficients, 0).unwrap();
            let q = basis.product(&p, &basis.horner(&coefficients[..2], 0).unwrap()).unwrap();
            let cube = basis.monomial([(0, 3)]).unwrap();
            for k in -8..9 {
                let x = number(k, -2);
                let at =
                    |coefficients: &[Number]| coefficients.iter().rev().fold(Number::zero(), |sum, c| &(&sum * &x) + c);
                let point = std::slice::from_ref(&x);
                assert_eq!(p.value(basis, point), at(&coefficients));
                assert_eq!(q.value(basis, point), &at(&coefficients) * &at(&coefficients[..2]));
                assert_eq!(cube.value(basis, point), &x.square() * &x);
                let domain = Domain::Cube(1, number(-2, 0), number(2, 0));
                let range = basis.range_over(&p, &domain).unwrap();
                assert!(range.contains(&Interval::point(at(&coefficients))));
            }
        }
    }

    #[test]
    fn several_variables() {
        let basis = Basis::Powers;
        let p = basis.product(&basis.variable(0), &basis.variable(2)).unwrap();
        let q = basis.product(&p, &basis.variable(0)).unwrap();
        assert_eq!(q, basis.monomial([(0, 2), (1, 0), (2, 1)]).unwrap());
        let (one, minus) = (number(1, 0), number(-1, 0));
        assert_eq!(Polynomial::sum([(&one, &q), (&minus, &q)]).unwrap(), Polynomial::default());
        let domain = Domain::Cube(3, number(-3, 0), number(2, 0));
        assert_eq!(basis.range_over(&q, &domain).unwrap().hi, number(27, 0));
        assert!(basis.range_over(&q, &Domain::Space(3)).is_err());
    }
}
