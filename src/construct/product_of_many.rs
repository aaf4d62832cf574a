//! Products of many numbers by a binary tree of products.

use super::certified::{Choice, Family};
use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count, positive};
use super::program::Program;
use crate::arith::Rational;
use crate::certify::Target;
use crate::certify::rules::scalar::Basis;

/// The most factors of a product network.
pub const MAX_FACTORS: usize = 1 << 12;

/// Builds the network for x_1 x_2 .. x_n on \[-B, B\]^n, every product with m levels.
///
/// # Statement
/// For all |x_i| <= B: |R(x) - x_1 .. x_n| <= E, computed with the network: at a node with factors u = s + e and
/// v = t + f, |u| <= C1, |v| <= C2, the error is e v + s f + delta with |delta| <= C1 C2 2^(-2m-2). R(x) = 0 where a
/// factor is 0, and R is odd in each argument.
///
/// Proof. The rule is that of [`super::product()`] and u v - s t = (u - s) v + s (v - t). A product network is 0 on its
/// axes, so a factor 0 makes every node above it 0; it is odd in each argument, and a composition of odd functions is
/// odd; carrying a value changes nothing.
///
/// # Source
/// OSZ20, section 2 (binary trees of products, up to constants); the explicit error and size are ours.
/// The checker verifies it by the sections `scalar` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Input \[n\], output \[1\].
///
/// # Size
/// n - 1 products of 13m + 11 weights each, joined, and the carried values where n is no power of two;
/// L = 1 + ceil(log2 n) (m + 1).
///
/// # Exactness
/// Upper bound.
///
/// # Errors
/// [`ConstructError::Parameter`] for n = 0 or n > 4096, m = 0, or a bound that is not positive.
pub fn product_of_many(levels: usize, factors: usize, bound: &Rational) -> Result<Construction, ConstructError> {
    build(Choice::Levels(levels), factors, bound)
}

/// Builds the network for x_1 x_2 .. x_n on \[-B, B\]^n with few weights and an error of at most `error`; products at one
/// depth of the tree have the same levels.
///
/// # Errors
/// As [`product_of_many`]; also when the error is not positive.
pub fn product_of_many_for_error(
    error: &Rational,
    factors: usize,
    bound: &Rational,
) -> Result<Construction, ConstructError> {
    build(Choice::Error(error), factors, bound)
}

fn build(choice: Choice<'_>, factors: usize, bound: &Rational) -> Result<Construction, ConstructError> {
    choice.check()?;
    count("size", factors, 1, MAX_FACTORS)?;
    positive("bound", bound)?;
    let mut program = Program::default();
    let mut row: Vec<_> = (0..factors).map(|_| program.input(&-bound, bound)).collect();
    let mut depth = 0;
    while row.len() > 1 {
        row = row
            .chunks(2)
            .map(|pair| match pair {
                [x, y] => program.product(*x, *y, Some(depth)),
                _ => pair[0],
            })
            .collect();
        depth += 1;
    }
    let family = Family {
        family: "product-of-many",
        method: "binary-tree",
        parameters: vec![("size", Parameter::Count(factors as u64)), ("bound", Parameter::Number(bound.clone()))],
        target: Target::Product { factors },
        sides: vec![(-bound, bound.clone()); factors],
        truncation: Rational::zero(),
        derivative_truncation: Rational::zero(),
        // Zero on the axes is kept.
        centred: false,
        basis: Some(Basis::Powers),
    };
    family.construct(program, choice)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::certify::measure;
    use crate::construct::product;
    use crate::evaluate::{Evaluator, evaluate_graph};

    #[test]
    fn certified_zero_on_the_axes_and_odd() {
        for n in 1..8 {
            let bound = Rational::ratio(3, 2);
            let many = product_of_many(2, n, &bound).unwrap();
            let layered = many.network.layered().unwrap();
            let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
            for seed in 0..60i64 {
                // Points of the grid \[-4, 4\] / 4 B, corners and zeros among them.
                let digit = |i: i64| (seed * (7 * i + 3) + i * i * 5) % 9 - 4;
                let x: Vec<Rational> = (0..n as i64).map(|i| &bound * &Rational::ratio(digit(i), 4)).collect();
                let y = evaluator.evaluate(&x).unwrap();
                assert_eq!(evaluate_graph(&many.network, std::slice::from_ref(&x)).unwrap(), y);
                let exact = x.iter().fold(Rational::one(), |p, x| p * x);
                assert!((&y[0] - &exact).abs() <= many.claim.error);
                assert!(!exact.is_zero() || y[0].is_zero());
                let mut mirrored = x.clone();
                mirrored[n - 1] = -&x[n - 1];
                assert_eq!(evaluator.evaluate(&mirrored).unwrap()[0], -&y[0]);
            }
        }
    }

    #[test]
    fn two_factors_are_the_product_network() {
        let bound = Rational::from(2);
        for m in 1..6 {
            let (many, two) = (product_of_many(m, 2, &bound).unwrap(), product(m, &bound, &bound).unwrap());
            assert_eq!(many.claim.error, two.claim.error);
            let size = |c: &Construction| c.network.layered().unwrap().size().unwrap();
            assert_eq!(size(&many), size(&two));
        }
    }

    #[test]
    fn the_error_asked_for_is_certified_and_nearly_met() {
        let error = "1e-4".parse().unwrap();
        for n in [3, 4, 8, 11] {
            let many = product_of_many_for_error(&error, n, &Rational::one()).unwrap();
            assert!(many.claim.error <= error);
            let layered = many.network.layered().unwrap();
            let witness = measure(&layered, &many.claim, &many.candidates).unwrap().unwrap();
            assert!(witness.error <= many.claim.error && !witness.error.is_zero());
            // Fewer levels everywhere would not do.
            assert!(product_of_many(3, n, &Rational::one()).unwrap().claim.error > error);
        }
    }
}
