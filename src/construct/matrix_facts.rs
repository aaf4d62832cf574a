//! Functions of one matrix, built together with their proofs: what is known of a matrix inside a network, and a builder
//! that writes a line of the certificate for every node it adds.
//!
//! The error recursions of `neumann`, `newton_schulz`, `matrix_power` and `kprs_inverse` use [`Known`] for the levels they
//! try, and [`FactBuilder`] for those they build: the checker tests every line against the same rules.

use std::collections::HashSet;
use std::sync::Arc;

use super::error::ConstructError;
use super::matrix_inverse::{offset_relu, product_error};
use super::matrix_product::{MatrixProductMethod, ProductShape, proved_matrix_product};
use super::proved::Proved;
use crate::arith::Rational;
use crate::certify::rules::matrix as rules;
use crate::certify::{Line, Part};
use crate::network::{Builder, LinearMap, Network, Value};

/// The bits to which bounds are rounded upwards: claims of a certificate.
pub(super) const BITS: u64 = 64;

/// A matrix t(X) + E inside a network: |t(X)| <= norm and |E| <= error, spectral norms, both dyadic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) norm: Rational,
    pub(super) error: Rational,
}

impl Known {
    /// X itself, |X| <= q.
    pub(super) fn input(radius: &Rational) -> Self {
        Self { norm: radius.round_up(BITS), error: Rational::zero() }
    }
    /// A bound of the matrix as computed.
    pub(super) fn bound(&self) -> Rational {
        &self.norm + &self.error
    }
    /// The product of two, made by a network that errs by at most `own`.
    ///
    /// V W - S T = S F + E (T + F), with |S T| <= |S| |T|.
    pub(super) fn product(&self, other: &Self, own: &Rational) -> Self {
        let error = &self.norm * &other.error + &self.error * &other.bound() + own;
        Self { norm: (&self.norm * &other.norm).round_up(BITS), error: error.round_up(BITS) }
    }
    /// The sum of several and c times the identity.
    pub(super) fn sum<'a>(terms: impl Iterator<Item = &'a Self>, identity: &Rational) -> Self {
        let zero = Self { norm: identity.abs(), error: Rational::zero() };
        let sum = terms.fold(zero, |sum, term| Self { norm: sum.norm + &term.norm, error: sum.error + &term.error });
        Self { norm: sum.norm.round_up(BITS), error: sum.error.round_up(BITS) }
    }
}

/// A d x d product network with the bounds of its factors.
#[derive(Debug, Clone)]
pub(super) struct Factors<'a> {
    pub(super) levels: usize,
    pub(super) left: &'a Rational,
    pub(super) right: &'a Rational,
}

impl Factors<'_> {
    /// The spectral error of the product.
    pub(super) fn error(&self, d: usize) -> Rational {
        product_error(d, self.left, self.right, self.levels)
    }
    /// The product itself.
    pub(super) fn build(&self, d: usize) -> Result<Proved, ConstructError> {
        let (shape, method) = (ProductShape::square(d), MatrixProductMethod::Direct);
        proved_matrix_product(shape, self.levels, (self.left, self.right), method)
    }
}

/// A network of one d x d matrix under construction, with the lines about its nodes.
pub(super) struct FactBuilder {
    size: usize,
    radius: Rational,
    builder: Builder,
    input: Value,
    lines: Vec<Line>,
    parts: Vec<Part>,
    powers: HashSet<u64>,
    /// Networks whose parts are there.
    used: HashSet<*const Network>,
}

impl FactBuilder {
    /// A network with one input, the matrix X with |X| <= `radius`.
    pub(super) fn new(size: usize, radius: &Rational) -> Self {
        let mut builder = Network::builder();
        let input = builder.input(size * size);
        let lines = vec![rules::start(input, &Known::input(radius).norm)];
        let (powers, used) = (HashSet::new(), HashSet::new());
        Self { size, radius: radius.clone(), builder, input, lines, parts: Vec::new(), powers, used }
    }
    /// The matrix X.
    pub(super) fn input(&self) -> Value {
        self.input
    }
    /// What is known of it.
    pub(super) fn known_input(&self) -> Known {
        Known::input(&self.radius)
    }
    /// Adds a line about what was built.
    pub(super) fn state(&mut self, line: Line) {
        self.lines.push(line);
    }
    /// max(v + bound, 0) - bound, which is v: entries are at most the norm.
    pub(super) fn carry(&mut self, x: Value, bound: &Rational) -> Result<Value, ConstructError> {
        let carried = offset_relu(&mut self.builder, x, bound)?;
        self.lines.push(rules::carry(carried));
        Ok(carried)
    }
    /// Calls the product of two matrices; no line about its value.
    pub(super) fn call_product(&mut self, product: &Proved, x: Value, y: Value) -> Result<Value, ConstructError> {
        self.use_parts(product);
        Ok(self.builder.call(1, &product.network, &[x, y])?)
    }
    /// Calls the product of two matrices of which something is known.
    pub(super) fn product(
        &mut self,
        product: &Proved,
        (x, y): (Value, Value),
        known: &Known,
    ) -> Result<Value, ConstructError> {
        let value = self.call_product(product, x, y)?;
        self.lines.push(rules::product(value, &known.norm, &known.error));
        Ok(value)
    }
    /// Calls a network of one matrix on the matrix X itself.
    pub(super) fn apply(&mut self, function: &Proved, known: &Known) -> Result<Value, ConstructError> {
        self.use_parts(function);
        let value = self.builder.call(1, &function.network, &[self.input])?;
        self.lines.push(rules::apply(value, &known.norm, &known.error));
        Ok(value)
    }
    /// Adds the sum of c_i v_i, without a line.
    pub(super) fn add(&mut self, terms: &[(Value, Rational)]) -> Result<Value, ConstructError> {
        Ok(self.builder.combination(terms)?)
    }
    /// Adds the sum of values, of which something is known.
    pub(super) fn sum(&mut self, terms: &[Value], known: &Known) -> Result<Value, ConstructError> {
        let terms: Vec<(Value, Rational)> = terms.iter().map(|x| (*x, Rational::one())).collect();
        let value = self.add(&terms)?;
        self.lines.push(rules::combine(value, &known.norm, &known.error));
        Ok(value)
    }
    /// Adds the sum of values and the identity, without a line.
    pub(super) fn plus_identity(&mut self, terms: &[Value]) -> Result<Value, ConstructError> {
        let n = self.size * self.size;
        let terms: Vec<(Value, LinearMap)> = terms.iter().map(|x| (*x, LinearMap::identity(n))).collect();
        let identity = LinearMap::strided_constant(n, 0, self.size, self.size + 1, Rational::one());
        Ok(self.builder.affine(&terms, identity)?)
    }
    /// States |X^k| <= the number returned, by products of lower powers: k = h + (k - h), h the highest power of two in k,
    /// or halves where k is a power of two.
    pub(super) fn power(&mut self, exponent: u64) -> Rational {
        if exponent == 1 {
            let bound = self.known_input().norm;
            if self.powers.insert(1) {
                self.lines.push(rules::power(1, &bound, None));
            }
            return bound;
        }
        let (i, j) = halves(exponent);
        let (left, right) = (self.power(i), self.power(j));
        let bound = (&left * &right).round_up(BITS);
        if self.powers.insert(exponent) {
            self.lines.push(rules::power(exponent, &bound, Some((i, j))));
        }
        bound
    }
    /// Rows of the matrices.
    pub(super) fn size(&self) -> usize {
        self.size
    }
    /// The finished network with its proof.
    pub(super) fn finish(self, output: Value, conclusion: Line) -> Proved {
        let network = Arc::new(self.builder.finish(output));
        let mut lines = vec![rules::matrix(&network, self.size, &self.radius)];
        lines.extend(self.lines);
        lines.push(conclusion);
        let mut parts = self.parts;
        parts.push(Part { network: Arc::clone(&network), lines });
        Proved { network, parts }
    }
    fn use_parts(&mut self, callee: &Proved) {
        if self.used.insert(Arc::as_ptr(&callee.network)) {
            self.parts.extend(callee.parts.iter().cloned());
        }
    }
}

/// The two exponents whose powers are multiplied for the power k >= 2.
pub(super) fn halves(k: u64) -> (u64, u64) {
    let top = 1 << k.ilog2();
    if k == top { (k / 2, k / 2) } else { (k - top, top) }
}

/// A bound of |X^k|, |X| <= `radius`, for every k >= 1 by the products of [`FactBuilder::power`].
pub(super) fn power_bound(radius: &Rational, exponent: u64) -> Rational {
    if exponent == 1 {
        return Known::input(radius).norm;
    }
    let (i, j) = halves(exponent);
    let left = power_bound(radius, i);
    let right = if i == j { left.clone() } else { power_bound(radius, j) };
    (&left * &right).round_up(BITS)
}
