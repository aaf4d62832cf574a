//! The inverse of I - A by the Newton-Schulz iteration, with precision that grows from step to step.
//!
//! ```text
//! R = I - (I - A) X,   X <- X + X R,   so that R <- R^2
//! ```
//!
//! The iteration corrects itself: the error of one step is squared away by the next, so only the last steps need all
//! their levels. The network keeps T = X - I, and R = A - T + A T.

use std::sync::Arc;

use super::construction::{Construction, Parameter};
use super::error::ConstructError;
use super::levels::cheaper_length;
use super::matrix_inverse::{
    check_request, inverse_candidates, inverse_claim, offset_relu, power_of_two_above, product_error, published_inverse,
};
use super::matrix_product::{MatrixProductMethod, ProductShape, matrix_product_network};
use crate::arith::Rational;
use crate::certify::Proof;
use crate::network::{LinearMap, Network};

/// The bits to which the error recursion is rounded upwards.
const BITS: u64 = 64;
/// The most steps that are tried.
const MAX_STEPS: usize = 80;

/// Bounds of one step, powers of two: |A|, and |T| and |R| as computed.
struct Step {
    matrix_bound: Rational,
    iterate_bound: Rational,
    residual_bound: Rational,
}

/// Builds the network of A -> (I - A)^-1 by Newton-Schulz steps, for spectral norm |A| <= 1 - delta, within `error`.
///
/// # Statement
/// For all d x d matrices A with |A| <= 1 - delta: |R(A) - (I - A)^-1| <= the certified error <= `error`, in the
/// spectral norm.
///
/// Proof. Let B = I - A, X = I + T the iterate as computed, R = I - B X its exact residual, r >= |R|. The network
/// computes R + E (E the error of the product A T) and X + X (R + E) + F (F the error of the product T (R + E)), whose
/// residual is
///
/// ```text
/// I - (I - R)(I + R + E) - B F = R^2 - (I - R) E - B F,   so   r <- r^2 + (1 + r) |E| + (2 - delta) |F|.
/// ```
///
/// The start X = I + A has R = A^2 exactly. Finally |X - B^-1| = |B^-1 R| <= r / delta. The factors are bounded by
/// T = B^-1 (A - R), |T| <= (1 - delta + r) / delta, and |R + E| <= r + |E|.
///
/// # Source
/// Sch33 for the iteration; error recursion and network are ours.
///
/// # Shapes
/// Input \[d^2\] (row by row), output \[d^2\].
///
/// # Size
/// 2 K products for K steps, K about log2(log(1 / (error delta)) / delta) - 1, of 12 m d^3 weights each with m growing
/// from step to step.
///
/// # Exactness
/// Exact network, upper bound on the error.
///
/// # Errors
/// [`ConstructError::Parameter`] for an empty matrix, delta outside (0, 1), or an error that is not positive.
pub fn newton_schulz_inverse(size: usize, delta: &Rational, error: &Rational) -> Result<Construction, ConstructError> {
    check_request(size, delta, error)?;
    let shortest = (0..MAX_STEPS)
        .find(|&steps| exact_error(delta, steps) < *error)
        .ok_or_else(|| ConstructError::parameter("delta", delta, "a number that 80 steps can serve"))?;
    let certifies = |steps: usize, levels: &[usize]| {
        recursion(size, delta, steps, levels).is_some_and(|(_, certified)| certified <= *error)
    };
    let (steps, levels) = cheaper_length(shortest, |steps| 2 * steps, certifies)?;
    let (bounds, certified) = recursion(size, delta, steps, &levels)
        .ok_or_else(|| ConstructError::parameter("error", error, "an error that the iteration reaches"))?;
    Ok(Construction {
        proof: Proof::default(),
        family: "matrix-inverse",
        method: "newton-schulz",
        parameters: vec![
            ("size", Parameter::Count(size as u64)),
            ("delta", Parameter::Number(delta.clone())),
            ("steps", Parameter::Count(steps as u64)),
            ("levels", Parameter::Numbers(levels.iter().map(|&m| Rational::from(m)).collect())),
        ],
        network: Arc::new(network(size, &bounds, &levels)?),
        claim: inverse_claim(size, delta, certified),
        candidates: inverse_candidates(size, delta),
        published: Some(published_inverse(size, delta, error)),
        lower_bound: None,
        size: None,
    })
}

/// The error after K steps with exact products: (1 - delta)^(2^(K+1)) / delta, rounded upwards.
fn exact_error(delta: &Rational, steps: usize) -> Rational {
    let mut r = &Rational::one() - delta;
    for _ in 0..=steps {
        r = (&r * &r).round_up(BITS);
    }
    &r / delta
}

/// Bounds of every step and the certified error; `None` when the residual does not stay below 1.
///
/// Step k makes A T with levels\[2k\] and T (R + E) with levels\[2k + 1\].
fn recursion(d: usize, delta: &Rational, steps: usize, levels: &[usize]) -> Option<(Vec<Step>, Rational)> {
    let one = Rational::one();
    let first = &one - delta;
    let mut r = (&first * &first).round_up(BITS);
    let mut bounds = Vec::new();
    let matrix_bound = power_of_two_above(&first);
    for k in 0..steps {
        // T = B^-1 (A - R)
        let iterate_bound = power_of_two_above(&(&(&first + &r) / delta));
        let e = product_error(d, &matrix_bound, &iterate_bound, levels[2 * k]);
        let residual_bound = power_of_two_above(&(&r + &e));
        let f = product_error(d, &iterate_bound, &residual_bound, levels[2 * k + 1]);
        r = (&r * &r + (&one + &r) * e + (&one + &first) * f).round_up(BITS);
        if r >= one {
            return None;
        }
        bounds.push(Step { matrix_bound: matrix_bound.clone(), iterate_bound, residual_bound });
    }
    Some((bounds, (&r / delta).round_up(BITS)))
}

fn network(d: usize, bounds: &[Step], levels: &[usize]) -> Result<Network, ConstructError> {
    let shape = ProductShape::square(d);
    let n = d * d;
    let one = Rational::one();
    let product = |m: usize, left: &Rational, right: &Rational| {
        matrix_product_network(shape, m, (left, right), MatrixProductMethod::Direct).map(Arc::new)
    };
    let mut builder = Network::builder();
    let input = builder.input(n);
    // |A| <= 1: the input is carried with offset 1.
    let carried = if bounds.is_empty() { input } else { offset_relu(&mut builder, input, &one)? };
    let (mut matrix, mut iterate) = (input, input);
    for (k, step) in bounds.iter().enumerate() {
        let inner = product(levels[2 * k], &step.matrix_bound, &step.iterate_bound)?;
        let inner = builder.call(1, &inner, &[matrix, iterate])?;
        matrix = carried;
        if k == 0 {
            iterate = carried;
        }
        let residual =
            builder.combination(&[(matrix, one.clone()), (iterate, Rational::from(-1)), (inner, one.clone())])?;
        let residual = offset_relu(&mut builder, residual, &step.residual_bound)?;
        let outer = product(levels[2 * k + 1], &step.iterate_bound, &step.residual_bound)?;
        let outer = builder.call(1, &outer, &[iterate, residual])?;
        iterate = builder.combination(&[(iterate, one.clone()), (residual, one.clone()), (outer, one.clone())])?;
        if let Some(next) = bounds.get(k + 1) {
            iterate = offset_relu(&mut builder, iterate, &next.iterate_bound)?;
        }
    }
    let identity = LinearMap::strided_constant(n, 0, d, d + 1, one);
    let output = builder.affine(&[(iterate, LinearMap::identity(n))], identity)?;
    Ok(builder.finish(output))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::InverseMethod;
    use super::super::matrix_inverse::{REQUESTS, test_requests};

    #[test]
    fn errors_are_within_the_bound() {
        test_requests(InverseMethod::NewtonSchulz, &REQUESTS);
    }
}
