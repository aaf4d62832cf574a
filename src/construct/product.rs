//! Products: x y as the difference of two squares.
//!
//! With s = (x / B1 + y / B2) / 2 and d = (x / B1 - y / B2) / 2, x y = B1 B2 (s^2 - d^2), and both |s| and |d| lie in
//! \[0, 1\] for |x| <= B1, |y| <= B2.

use std::sync::Arc;

use super::construction::{Construction, Parameter, Published};
use super::error::{ConstructError, count, positive};
use super::squares::SquareDifferences;
use super::squaring::{MAX_LEVELS, square_neurons_lower};
use crate::arith::Rational;
use crate::certify::rules::block;
use crate::certify::{Claim, Domain, ErrorKind, Norm, Proof, Target};
use crate::network::{Block, LinearMap, Network};

/// How x y is realised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductMethod {
    /// Two sawtooth chains and one shared accumulator with an offset: 13m + 11 weights.
    SharedAccumulator,
}

impl ProductMethod {
    /// All methods, the default first.
    pub const ALL: [Self; 1] = [Self::SharedAccumulator];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::SharedAccumulator => "shared-accumulator",
        }
    }
    /// The source, a key of the bibliography.
    pub fn source(self) -> &'static str {
        match self {
            Self::SharedAccumulator => "certinet",
        }
    }
}

/// Builds the product network with m levels on \[-B1, B1\] x \[-B2, B2\].
///
/// # Statement
/// For all |x| <= B1, |y| <= B2: |R(x, y) - x y| <= B1 B2 2^(-2m-2), attained; R(x, 0) = R(0, y) = 0; R is odd in each
/// argument. Almost everywhere |dR/dx - y| <= B2 2^-m and |dR/dy - x| <= B1 2^-m.
///
/// Proof. R = B1 B2 (f_m(|s|) - f_m(|d|)), and each f_m(t) - t^2 lies in \[0, 2^(-2m-2)\], so the difference of the two
/// lies in \[-2^(-2m-2), 2^(-2m-2)\]. On an axis |s| = |d|; a change of sign of x or y exchanges |s| and |d|.
///
/// # Source
/// Yar17, Proposition 3, with one accumulator shared by both squares. EPGB21, Proposition III.3, as printed in lecture
/// notes shares it without an offset, and the ReLU then cuts negative products off; here it starts at 1.
/// The checker verifies it by the rule `dot` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Inputs \[1\], \[1\]; output \[1\].
///
/// # Size
/// L = m + 2, 5m + 3 hidden neurons and 13m + 11 weights for m >= 2; fewer weights for m = 1.
///
/// # Exactness
/// Exact. Outside the domain nothing is claimed.
///
/// # Errors
/// [`ConstructError::Parameter`] for m = 0 or too large, or a bound that is not positive.
pub fn product(levels: usize, bound_left: &Rational, bound_right: &Rational) -> Result<Construction, ConstructError> {
    let network = Arc::new(product_network(levels, bound_left, bound_right)?);
    let m = levels as i64;
    let scale = bound_left * bound_right;
    let error = scale.scale_by_power_of_two(-2 * m - 2);
    // On the diagonal x = y = t B the product is a square, up to a factor: any square network of this error on
    // [-B, B] needs this many hidden neurons; one input is counted twice.
    let lower = square_neurons_lower(&Rational::from(2), &(&error / &scale)) + 1;
    Ok(Construction {
        proof: Proof::new(vec![block::dot(&network, 1, levels, (bound_left, bound_right))]),
        family: "product",
        method: ProductMethod::SharedAccumulator.name(),
        parameters: vec![
            ("levels", Parameter::Count(levels as u64)),
            ("bound-left", Parameter::Number(bound_left.clone())),
            ("bound-right", Parameter::Number(bound_right.clone())),
        ],
        network,
        // |s| = 2^(-m-1) is the midpoint of a cell and d = 0 a node, on the diagonal.
        candidates: vec![vec![bound_left.scale_by_power_of_two(-m - 1), bound_right.scale_by_power_of_two(-m - 1)]],
        published: Some(Published {
            source: "GHJZ22",
            formula: "three squares of M = 15m - 5 each".to_owned(),
            layers: None,
            neurons: None,
            weights: Some(3 * (15 * levels as u128 - 5)),
            weights_scale: None,
            layers_scale: None,
        }),
        lower_bound: Some(lower),
        size: None,
        claim: Claim {
            target: Target::Product { factors: 2 },
            domain: Domain::Box(vec![(-bound_left, bound_left.clone()), (-bound_right, bound_right.clone())]),
            norm: Norm::Maximum,
            error,
            kind: ErrorKind::Exact,
            derivative_error: Some(bound_left.clone().max(bound_right.clone()).scale_by_power_of_two(-m)),
        },
    })
}

/// Builds the product network with the fewest levels whose error is at most `error`.
///
/// # Errors
/// As [`product`]; also when the error is not positive.
pub fn product_for_error(
    error: &Rational,
    bound_left: &Rational,
    bound_right: &Rational,
) -> Result<Construction, ConstructError> {
    positive("error", error)?;
    positive("bound-left", bound_left)?;
    positive("bound-right", bound_right)?;
    product(product_levels(&(error / &(bound_left * bound_right)))?, bound_left, bound_right)
}

/// The fewest levels m >= 1 with 2^(-2m-2) <= relative error.
///
/// # Errors
/// [`ConstructError::Parameter`] when more than [`MAX_LEVELS`] are needed or the error is not positive.
pub fn product_levels(relative_error: &Rational) -> Result<usize, ConstructError> {
    positive("error", relative_error)?;
    // 2^(-2m-2) <= e iff 2m + 2 >= -floor(log2(e)).
    let bits = -relative_error.floor_log2().unwrap_or(0) - 2;
    let levels = (bits + 1).div_euclid(2).max(1) as usize;
    count("levels needed for the error", levels, 1, MAX_LEVELS)?;
    Ok(levels)
}

/// The network of [`product`] alone: a [`dot_product_network`] of length 1.
///
/// # Errors
/// As [`product`].
pub fn product_network(
    levels: usize,
    bound_left: &Rational,
    bound_right: &Rational,
) -> Result<Network, ConstructError> {
    dot_product_network(1, levels, bound_left, bound_right)
}

/// Builds sum_k x_k y_k with one pair of sawtooth chains for each product and one accumulator for the whole sum.
///
/// # Statement
/// For all |x_k| <= B1, |y_k| <= B2: |R(x, y) - sum x_k y_k| <= n B1 B2 2^(-2m-2). Exactly the sum of n networks of
/// [`product`].
///
/// # Shapes
/// Inputs \[n\], \[n\]; output \[1\].
///
/// # Size
/// L = m + 2, weights n (12m + 10) + m + 1 for m >= 2.
///
/// # Errors
/// As [`product`].
pub fn dot_product_network(
    length: usize,
    levels: usize,
    bound_left: &Rational,
    bound_right: &Rational,
) -> Result<Network, ConstructError> {
    count("levels", levels, 1, MAX_LEVELS)?;
    count("inner dimension", length, 1, 1 << 32)?;
    positive("bound-left", bound_left)?;
    positive("bound-right", bound_right)?;
    let n = length;
    let half = Rational::ratio(1, 2);
    let (p, q) = (&half / bound_left, &half / bound_right);
    let column = |entries: [Rational; 4]| {
        let rows: Vec<&[Rational]> = entries.iter().map(core::slice::from_ref).collect();
        LinearMap::literal(Block::from_rows(&rows)).copies(n)
    };
    let mut builder = Network::builder();
    let (x, y) = (builder.input(n), builder.input(n));
    // (s, -s, d, -d) for each k
    let left = column([p.clone(), -&p, p.clone(), -&p]);
    let right = column([q.clone(), -&q, -&q, q.clone()]);
    let signs = builder.affine(&[(x, left), (y, right)], LinearMap::zero(4 * n, 1))?;
    let chains = SquareDifferences::build(&mut builder, signs, 1, n, levels)?;
    let scale = bound_left * bound_right;
    let last = LinearMap::literal(Block::from_rows(&[&chains.last])).sum_of_copies(n).scale(&scale);
    let (mut terms, mut bias) = (vec![(chains.teeth, last)], Rational::zero());
    if let Some(sum) = chains.accumulator {
        bias = -(&Rational::from(n) * &scale);
        terms.push((sum, LinearMap::scaled_identity(1, scale)));
    }
    let output = builder.affine(&terms, LinearMap::constant(1, bias))?;
    Ok(builder.finish(output))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::certify::measure;
    use crate::evaluate::{Evaluator, evaluate_graph};

    fn numbers() -> Vec<Rational> {
        [-8, -5, -3, -1, 0, 1, 2, 7, 8].iter().map(|&k| Rational::ratio(k, 8)).collect()
    }

    #[test]
    fn size_is_the_formula_and_the_bound_is_attained() {
        for m in 2..30 {
            let (b1, b2) = (Rational::from(3), Rational::ratio(5, 7));
            let product = product(m, &b1, &b2).unwrap();
            let layered = product.network.layered().unwrap();
            let size = layered.size().unwrap();
            assert_eq!((size.layers, size.weights), (m + 2, 13 * m as u128 + 11));
            assert_eq!(size.hidden_neurons(2, 1), 5 * m as u128 + 3);
            let witness = measure(&layered, &product.claim, &product.candidates).unwrap().unwrap();
            assert_eq!(witness.error, product.claim.error);
        }
    }

    #[test]
    fn odd_zero_on_the_axes_and_within_the_bound() {
        for m in 1..6 {
            let (b1, b2) = (Rational::from(2), Rational::from(3));
            let product = product(m, &b1, &b2).unwrap();
            let layered = product.network.layered().unwrap();
            let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
            for x in numbers() {
                for y in numbers() {
                    let (x, y) = (&x * &b1, &y * &b2);
                    let value = evaluator.evaluate(&[x.clone(), y.clone()]).unwrap().remove(0);
                    let graph = evaluate_graph(&product.network, &[vec![x.clone()], vec![y.clone()]]).unwrap();
                    assert_eq!(graph, vec![value.clone()]);
                    let mirrored = evaluator.evaluate(&[-&x, y.clone()]).unwrap().remove(0);
                    assert_eq!(mirrored, -&value);
                    assert!((&value - &(&x * &y)).abs() <= product.claim.error);
                    assert!(!(x.is_zero() || y.is_zero()) || value.is_zero());
                }
            }
        }
    }
}
