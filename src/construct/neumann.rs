//! The inverse of I - A by the product form of the Neumann series.
//!
//! ```text
//! sum_{k < 2^N} A^k = (I + A)(I + A^2) .. (I + A^(2^(N-1)))
//! ```
//!
//! With P_j = A^(2^j) and T_j = sum_{0 < k < 2^j} A^k, block j of the network computes P_{j+1} = P_j P_j beside
//! T_{j+1} = T_j + P_j + T_j P_j: two matrix products a block, 2N - 2 in all.

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

/// One block: bounds of its factors and of its results.
struct Stage {
    /// Power of two above the norm of P_j and of T_j as computed.
    power_bound: Rational,
    sum_bound: Rational,
}

/// Builds the network of A -> (I - A)^-1 in product form, for spectral norm |A| <= 1 - delta, within `error`.
///
/// # Statement
/// For all d x d matrices A with |A| <= 1 - delta: |R(A) - (I - A)^-1| <= the certified error <= `error`, in the
/// spectral norm.
///
/// Proof. Write q_j = (1 - delta)^(2^j) >= |P_j|, and a_j, t_j for the distances of the computed P_j, T_j to the exact
/// ones, e, e' for the errors of the two products of block j. Then a_0 = t_1 = 0,
///
/// ```text
/// a_{j+1} <= (2 q_j + a_j) a_j + e
/// t_{j+1} <= t_j + a_j + t_j (q_j + a_j) + |T_j| a_j + e',   |T_j| <= (1 - delta - q_j) / delta
/// ```
///
/// and |T_N + I - (I - A)^-1| <= q_N / delta. The products read factors of norm at most q_j + a_j and |T_j| + t_j, so
/// their errors are those of `matrix_product` with these bounds. The recursion is evaluated in rationals rounded
/// upwards for the very levels that are built.
///
/// # Source
/// KPRS22, Theorem 3.8, for the task; the product form and its recursion are ours.
///
/// # Shapes
/// Input \[d^2\] (row by row), output \[d^2\].
///
/// # Size
/// 2(N - 1) products of about 12 m d^3 weights each, N about log2(log(2 / (error delta)) / delta); each product has
/// the fewest levels m that the recursion accepts, the later powers fewer, as their entries are small.
///
/// # Exactness
/// Exact network, upper bound on the error.
///
/// # Errors
/// [`ConstructError::Parameter`] for an empty matrix, delta outside (0, 1), or an error that is not positive.
pub fn neumann_inverse(size: usize, delta: &Rational, error: &Rational) -> Result<Construction, ConstructError> {
    check_request(size, delta, error)?;
    let shortest = (1..64)
        .find(|&n| truncation(delta, n) < *error)
        .ok_or_else(|| ConstructError::parameter("delta", delta, "a number that 2^64 terms can serve"))?;
    let certifies = |doublings: usize, levels: &[usize]| recursion(size, delta, doublings, levels, error).is_some();
    let (doublings, levels) = cheaper_length(shortest, |doublings| 2 * (doublings - 1), certifies)?;
    let (stages, certified) = recursion(size, delta, doublings, &levels, error)
        .ok_or_else(|| ConstructError::parameter("error", error, "an error that the doublings reach"))?;
    Ok(Construction {
        proof: Proof::default(),
        family: "matrix-inverse",
        method: "product-form",
        parameters: vec![
            ("size", Parameter::Count(size as u64)),
            ("delta", Parameter::Number(delta.clone())),
            ("doublings", Parameter::Count(doublings as u64)),
            ("levels", Parameter::Numbers(levels.iter().map(|&m| Rational::from(m)).collect())),
        ],
        network: Arc::new(network(size, doublings, &stages, &levels)?),
        claim: inverse_claim(size, delta, certified),
        candidates: inverse_candidates(size, delta),
        published: Some(published_inverse(size, delta, error)),
        lower_bound: None,
        size: None,
    })
}

/// An upper bound on (1 - delta)^(2^N) / delta, the norm of the terms that are left out.
fn truncation(delta: &Rational, doublings: usize) -> Rational {
    let mut q = &Rational::one() - delta;
    for _ in 0..doublings {
        q = (&q * &q).round_up(BITS);
    }
    (&q / delta).round_up(BITS)
}

/// The bounds of every block and the certified error, for levels (P_1; T_2, P_2; T_3, P_3; ..; T_N); `None` when the
/// error exceeds `limit`.
///
/// Product number 0 makes P_1; block j >= 1 makes T_{j+1} with levels\[2j - 1\] and P_{j+1} with levels\[2j\].
fn recursion(
    d: usize,
    delta: &Rational,
    doublings: usize,
    levels: &[usize],
    limit: &Rational,
) -> Option<(Vec<Stage>, Rational)> {
    let one = Rational::one();
    let first = &one - delta;
    // Upper and lower bounds of q_j.
    let (mut q, mut q_lower) = (first.clone(), first.clone());
    let (mut a, mut t) = (Rational::zero(), Rational::zero());
    let mut sum = Rational::zero();
    let mut stages = Vec::new();
    for j in 0..doublings {
        let power_bound = power_of_two_above(&(&q + &a));
        let sum_bound = power_of_two_above(&(&sum + &t));
        if j > 0 {
            // t + a + |(T + t)(P + a) - T P| + e'
            let e = product_error(d, &sum_bound, &power_bound, levels[2 * j - 1]);
            t = (&t + &a + &t * &(&q + &a) + &sum * &a + e).round_up(BITS);
        }
        if j + 1 < doublings {
            // |(P + E)^2 - P^2| <= (2 |P| + a) a
            let e = product_error(d, &power_bound, &power_bound, levels[2 * j]);
            a = (&(&(&q + &q) + &a) * &a + e).round_up(BITS);
            // t never shrinks, a > 1 neither, and the next t exceeds a: without this exit a would be squared on and on.
            if t > *limit || (a > one && a > *limit) {
                return None;
            }
        }
        stages.push(Stage { power_bound, sum_bound });
        q = (&q * &q).round_up(BITS);
        q_lower = (&q_lower * &q_lower).round_down(BITS);
        sum = (&(&first - &q_lower) / delta).round_up(BITS);
    }
    let total = (&t + &(&q / delta)).round_up(BITS);
    (total <= *limit).then_some((stages, total))
}

fn network(d: usize, doublings: usize, stages: &[Stage], levels: &[usize]) -> Result<Network, ConstructError> {
    let shape = ProductShape::square(d);
    let n = d * d;
    let product = |m: usize, left: &Rational, right: &Rational| {
        matrix_product_network(shape, m, (left, right), MatrixProductMethod::Direct).map(Arc::new)
    };
    let identity = LinearMap::strided_constant(n, 0, d, d + 1, Rational::one());
    let mut builder = Network::builder();
    let input = builder.input(n);
    let (mut power, mut sum) = (input, input);
    for j in 0..doublings {
        let Stage { power_bound, sum_bound } = &stages[j];
        let next_power = if j + 1 < doublings {
            let square = product(levels[2 * j], power_bound, power_bound)?;
            let square = builder.call(1, &square, &[power, power])?;
            Some(offset_relu(&mut builder, square, &stages[j + 1].power_bound)?)
        } else {
            None
        };
        if j > 0 {
            let mixed = product(levels[2 * j - 1], sum_bound, power_bound)?;
            let mixed = builder.call(1, &mixed, &[sum, power])?;
            let one = Rational::one;
            sum = builder.combination(&[(sum, one()), (power, one()), (mixed, one())])?;
            if j + 1 < doublings {
                sum = offset_relu(&mut builder, sum, &stages[j + 1].sum_bound)?;
            }
        } else if doublings > 1 {
            // T_1 = A is needed after the first block: carried with an offset, one neuron an entry.
            sum = offset_relu(&mut builder, input, &stages[1].sum_bound)?;
        }
        power = next_power.unwrap_or(power);
    }
    let output = builder.affine(&[(sum, LinearMap::identity(n))], identity)?;
    Ok(builder.finish(output))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::InverseMethod;
    use super::super::matrix_inverse::{REQUESTS, test_requests};
    use super::*;

    #[test]
    fn errors_are_within_the_bound() {
        test_requests(InverseMethod::ProductForm, &REQUESTS);
    }

    #[test]
    fn the_promised_size_at_dimension_ten() {
        let inverse = neumann_inverse(10, &Rational::ratio(1, 10), &Rational::ratio(1, 1000)).unwrap();
        let size = inverse.network.layered().unwrap().size().unwrap();
        assert!(size.weights <= 3_100_000 && size.layers <= 147, "{size:?}");
    }
}
