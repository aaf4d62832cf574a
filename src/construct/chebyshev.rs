//! Chebyshev polynomials: exact changes of basis, and their place in a straight-line program.
//!
//! T_0 = 1, T_1 = t, T_{j+1} = 2 t T_j - T_{j-1}; |T_k| <= 1 on \[-1, 1\].

use std::collections::BTreeMap;

use super::program::{Node, Program};
use crate::arith::Rational;

/// The Chebyshev coefficients of p(c + h t), p given by its monomial coefficients.
///
/// # Exactness
/// Exact.
///
/// # Complexity
/// O(n^2) operations for degree n.
pub(super) fn from_monomials(coefficients: &[Rational], c: &Rational, h: &Rational) -> Vec<Rational> {
    // Horner in the Chebyshev basis: q <- (c + h t) q + coefficient.
    let mut q: Vec<Rational> = Vec::new();
    for coefficient in coefficients.iter().rev() {
        q = times_line(&q, c, h);
        match q.first_mut() {
            Some(constant) => *constant += coefficient,
            None => q.push(coefficient.clone()),
        }
    }
    q
}

/// (c + h t) q in the Chebyshev basis: t T_0 = T_1, t T_k = (T_{k+1} + T_{k-1}) / 2.
fn times_line(q: &[Rational], c: &Rational, h: &Rational) -> Vec<Rational> {
    if q.is_empty() {
        return Vec::new();
    }
    let mut product: Vec<Rational> = q.iter().map(|x| x * c).collect();
    product.push(Rational::zero());
    let half = h.scale_by_power_of_two(-1);
    for (k, x) in q.iter().enumerate() {
        if k == 0 {
            product[1] += x * h;
        } else {
            product[k + 1] += x * &half;
            product[k - 1] += x * &half;
        }
    }
    product
}

/// T_0(t), .., T_n(t).
pub(super) fn values(t: &Rational, n: usize) -> Vec<Rational> {
    let mut values = vec![Rational::one(), t.clone()];
    let twice = t.scale_by_power_of_two(1);
    while values.len() <= n {
        let k = values.len();
        values.push(&(&twice * &values[k - 1]) - &values[k - 2]);
    }
    values.truncate(n + 1);
    values
}

/// Chebyshev polynomials of one node with values in \[-1, 1\], each computed once.
pub(super) struct Chebyshev {
    nodes: BTreeMap<usize, Node>,
}

impl Chebyshev {
    /// Of t, or -t, where t is the variable of the basis of the proof.
    pub(super) fn new(program: &mut Program, t: Node) -> Self {
        program.is_chebyshev(t);
        Self { nodes: BTreeMap::from([(1, t)]) }
    }

    /// T_k for k >= 1, by T_2k = 2 T_k^2 - 1 and T_{2k+1} = 2 T_k T_{k+1} - t.
    pub(super) fn node(&mut self, program: &mut Program, k: usize) -> Node {
        if let Some(&node) = self.nodes.get(&k) {
            return node;
        }
        let two = Rational::from(2);
        let node = if k.is_multiple_of(2) {
            let half = self.node(program, k / 2);
            let square = program.square(half, None);
            program.affine(vec![(square, two)], Rational::from(-1))
        } else {
            let (low, high) = (self.node(program, k / 2), self.node(program, k / 2 + 1));
            let product = program.product(low, high, None);
            let t = self.node(program, 1);
            program.affine(vec![(product, two), (t, Rational::from(-1))], Rational::zero())
        };
        // T_k(-t) = (-1)^k T_k(t)
        program.is_chebyshev(node);
        self.nodes.insert(k, node);
        node
    }

    /// sum_k c_k T_k, the result of the program.
    pub(super) fn sum(&mut self, program: &mut Program, coefficients: &[Rational]) {
        let mut terms = Vec::new();
        for (k, c) in coefficients.iter().enumerate().skip(1).filter(|(_, c)| !c.is_zero()) {
            terms.push((self.node(program, k), c.clone()));
        }
        program.affine(terms, coefficients.first().cloned().unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_bases_have_the_same_values(
            coefficients in prop::collection::vec((-9i64..10).prop_map(|k| Rational::ratio(k, 4)), 0..8),
            c in -5i64..6, h in 1i64..6, t in -4i64..5,
        ) {
            let (c, h, t) = (Rational::ratio(c, 3), Rational::ratio(h, 2), Rational::ratio(t, 4));
            let x = &c + &(&h * &t);
            let q = from_monomials(&coefficients, &c, &h);
            prop_assert_eq!(q.len(), coefficients.len());
            let t_values = values(&t, q.len());
            let left: Rational = q.iter().zip(&t_values).map(|(q, t)| q * t).sum();
            let mut power = Rational::one();
            let mut right = Rational::zero();
            for a in &coefficients {
                right += a * &power;
                power *= &x;
            }
            prop_assert_eq!(left, right);
        }
    }
}
