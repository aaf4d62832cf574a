//! Vectors: slices of rationals.

use super::integer_form::clear_denominators;
use crate::arith::{Integer, Rational};

/// Returns the inner product of two vectors. Exact.
///
/// # Panics
/// Panics when the lengths differ.
pub fn dot(x: &[Rational], y: &[Rational]) -> Rational {
    assert_eq!(x.len(), y.len(), "an inner product is of vectors of one length");
    let ((a, p), (b, q)) = (clear_denominators(x), clear_denominators(y));
    Rational::new(integer_dot(&a, &b), p * q).unwrap_or_default()
}

/// Returns the square of the 2-norm. Exact.
pub fn norm_squared(x: &[Rational]) -> Rational {
    let (a, p) = clear_denominators(x);
    Rational::new(integer_dot(&a, &a), &p * &p).unwrap_or_default()
}

/// Returns an upper bound on the 2-norm with a relative excess of about 2^-bits.
pub fn norm_upper(x: &[Rational], bits: u64) -> Rational {
    norm_squared(x).sqrt_up(bits)
}

/// Returns a lower bound on the 2-norm with a relative gap of about 2^-bits.
pub fn norm_lower(x: &[Rational], bits: u64) -> Rational {
    norm_squared(x).sqrt_down(bits)
}

/// Returns the largest absolute value, 0 for no entries. Exact.
pub fn max_norm(x: &[Rational]) -> Rational {
    x.iter().map(Rational::abs).max().unwrap_or_default()
}

/// Returns the sum of the absolute values. Exact.
pub fn one_norm(x: &[Rational]) -> Rational {
    x.iter().map(Rational::abs).sum()
}

/// Returns x + y. Exact.
///
/// # Panics
/// Panics when the lengths differ.
pub fn add(x: &[Rational], y: &[Rational]) -> Vec<Rational> {
    assert_eq!(x.len(), y.len(), "a sum is of vectors of one length");
    x.iter().zip(y).map(|(a, b)| a + b).collect()
}

/// Returns x - y. Exact.
///
/// # Panics
/// Panics when the lengths differ.
pub fn sub(x: &[Rational], y: &[Rational]) -> Vec<Rational> {
    assert_eq!(x.len(), y.len(), "a difference is of vectors of one length");
    x.iter().zip(y).map(|(a, b)| a - b).collect()
}

/// Returns t x. Exact.
pub fn scale(x: &[Rational], t: &Rational) -> Vec<Rational> {
    x.iter().map(|a| a * t).collect()
}

/// The inner product of two integer vectors of one length.
pub(super) fn integer_dot(a: &[Integer], b: &[Integer]) -> Integer {
    let mut sum = Integer::zero();
    for (x, y) in a.iter().zip(b) {
        if !x.is_zero() && !y.is_zero() {
            sum += &(x * y);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::matrix::tests::vector;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn inner_products_agree_with_sums(pair in (0usize..6).prop_flat_map(|n| (vector(n), vector(n)))) {
            let (x, y) = pair;
            let direct: Rational = x.iter().zip(&y).map(|(a, b)| a * b).sum();
            prop_assert_eq!(dot(&x, &y), direct);
            prop_assert_eq!(norm_squared(&x), dot(&x, &x));
            let (lo, hi) = (norm_lower(&x, 40), norm_upper(&x, 40));
            prop_assert!(&lo * &lo <= norm_squared(&x) && norm_squared(&x) <= &hi * &hi);
            prop_assert!(max_norm(&x) <= hi && lo <= one_norm(&x));
            // |x + y|^2 + |x - y|^2 = 2 |x|^2 + 2 |y|^2
            let two = Rational::from(2);
            let left = norm_squared(&add(&x, &y)) + norm_squared(&sub(&x, &y));
            prop_assert_eq!(left, (norm_squared(&x) + norm_squared(&y)) * &two);
            prop_assert_eq!(norm_squared(&scale(&x, &two)), norm_squared(&x) * Rational::from(4));
        }
    }
}
