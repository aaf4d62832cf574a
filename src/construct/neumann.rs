//! The inverse of I - A by the product form of the Neumann series.
//!
//! ```text
//! sum_{k < 2^N} A^k = (I + A)(I + A^2) .. (I + A^(2^(N-1)))
//! ```
//!
//! With P_j = A^(2^j) and T_j = sum_{0 < k < 2^j} A^k, block j of the network computes P_{j+1} = P_j P_j beside
//! T_{j+1} = T_j + P_j + T_j P_j: two matrix products a block, 2N - 2 in all.

use super::construction::{Construction, Parameter};
use super::error::ConstructError;
use super::levels::cheaper_length;
use super::matrix_facts::{BITS, FactBuilder, Factors, Known};
use super::matrix_inverse::{check_request, inverse_candidates, inverse_claim, power_of_two_above, published_inverse};
use super::proved::Proved;
use crate::arith::Rational;
use crate::certify::Proof;
use crate::certify::rules::matrix as rules;

/// The most doublings: 2^62 terms are counted in a machine word.
const MAX_DOUBLINGS: usize = 62;

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
/// t_{j+1} <= t_j + a_j + t_j (q_j + a_j) + |T_j| a_j + e',   |T_{j+1}| <= |T_j| + q_j + |T_j| q_j
/// ```
///
/// and |T_N + I - (I - A)^-1| <= q_N / delta. The products read factors of norm at most q_j + a_j and |T_j| + t_j, so
/// their errors are those of `matrix_product` with these bounds. The recursion is evaluated in rationals rounded
/// upwards for the very levels that are built.
///
/// # Source
/// KPRS22, Theorem 3.8, for the task; the product form and its recursion are ours.
/// The checker verifies it by the sections `matrix`, conclusion `neumann` (`proofs/FORMAT.md`).
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
    let shortest = (1..MAX_DOUBLINGS)
        .find(|&n| truncation(delta, n) < *error)
        .ok_or_else(|| ConstructError::parameter("delta", delta, "a number that 2^61 terms can serve"))?;
    let certifies =
        |doublings: usize, levels: &[usize]| Recursion::new(size, delta, doublings, levels, error).is_some();
    let (doublings, levels) = cheaper_length(shortest, |doublings| 2 * (doublings - 1), certifies)?;
    let recursion = Recursion::new(size, delta, doublings, &levels, error)
        .ok_or_else(|| ConstructError::parameter("error", error, "an error that the doublings reach"))?;
    let builder = FactBuilder::new(size, &(&Rational::one() - delta));
    let proved = recursion.network(builder, &levels)?;
    Ok(Construction {
        family: "matrix-inverse",
        method: "product-form",
        parameters: vec![
            ("size", Parameter::Count(size as u64)),
            ("delta", Parameter::Number(delta.clone())),
            ("doublings", Parameter::Count(doublings as u64)),
            ("levels", Parameter::Numbers(levels.iter().map(|&m| Rational::from(m)).collect())),
        ],
        network: proved.network,
        claim: inverse_claim(size, delta, recursion.error),
        proof: Proof::new(proved.parts),
        candidates: inverse_candidates(size, delta),
        published: Some(published_inverse(size, delta, error)),
        lower_bound: None,
        size: None,
    })
}

/// An upper bound on (1 - delta)^(2^N) / delta, the norm of the terms that are left out.
fn truncation(delta: &Rational, doublings: usize) -> Rational {
    let mut q = Known::input(&(&Rational::one() - delta)).norm;
    for _ in 0..doublings {
        q = (&q * &q).round_up(BITS);
    }
    (&q / delta).round_up(BITS)
}

/// One block: what is known of its factors and of its results, and the bounds its products are built for.
struct Stage {
    power: Known,
    sum: Known,
    /// T_j P_j
    mixed: Known,
    /// Powers of two above P_j and T_j as computed.
    power_bound: Rational,
    sum_bound: Rational,
}

/// The bounds of every block and the certified error.
struct Recursion {
    stages: Vec<Stage>,
    /// T_N, and T_N + I.
    last: Known,
    result: Known,
    error: Rational,
}

impl Recursion {
    /// For levels (P_1; T_2, P_2; T_3, P_3; ..; T_N); `None` when the error exceeds `limit`.
    ///
    /// Product number 0 makes P_1; block j >= 1 makes T_{j+1} with levels\[2j - 1\] and P_{j+1} with levels\[2j\].
    fn new(d: usize, delta: &Rational, doublings: usize, levels: &[usize], limit: &Rational) -> Option<Self> {
        let one = Rational::one();
        let mut power = Known::input(&(&one - delta));
        let mut sum = power.clone();
        let mut stages = Vec::new();
        for j in 0..doublings {
            let (power_bound, sum_bound) = (power_of_two_above(&power.bound()), power_of_two_above(&sum.bound()));
            let own = |m: usize, left, right| Factors { levels: m, left, right }.error(d);
            let (mut mixed, mut next_sum) = (sum.clone(), sum.clone());
            if j > 0 {
                mixed = sum.product(&power, &own(levels[2 * j - 1], &sum_bound, &power_bound));
                next_sum = Known::sum([&sum, &power, &mixed].into_iter(), &Rational::zero());
            }
            let mut next_power = power.clone();
            if j + 1 < doublings {
                next_power = power.product(&power, &own(levels[2 * j], &power_bound, &power_bound));
                // Both errors never shrink: without this exit a large one would be squared on and on.
                let hopeless = |error: &Rational| *error > one && error > limit;
                if next_sum.error > *limit || hopeless(&next_power.error) {
                    return None;
                }
            }
            stages.push(Stage { power, sum, mixed, power_bound, sum_bound });
            (power, sum) = (next_power, next_sum);
        }
        let result = Known::sum([&sum].into_iter(), &one);
        // |A^(2^N)|, the square of the last power used
        let tail = (&power.norm * &power.norm).round_up(BITS);
        let error = (&result.error + &(&tail / delta)).round_up(BITS);
        (error <= *limit).then_some(Self { stages, last: sum, result, error })
    }

    fn network(&self, mut facts: FactBuilder, levels: &[usize]) -> Result<Proved, ConstructError> {
        let input = facts.input();
        let (mut power, mut sum) = (input, input);
        for (j, stage) in self.stages.iter().enumerate() {
            let Stage { power_bound, sum_bound, .. } = stage;
            let next = self.stages.get(j + 1);
            let mut next_power = power;
            if let Some(next) = next {
                let factors = Factors { levels: levels[2 * j], left: power_bound, right: power_bound };
                let square = facts.product(&factors.build(facts.size())?, (power, power), &next.power)?;
                next_power = facts.carry(square, &next.power_bound)?;
            }
            if j > 0 {
                let factors = Factors { levels: levels[2 * j - 1], left: sum_bound, right: power_bound };
                let mixed = facts.product(&factors.build(facts.size())?, (sum, power), &stage.mixed)?;
                let known = next.map_or(&self.last, |next| &next.sum);
                sum = facts.sum(&[sum, power, mixed], known)?;
                if let Some(next) = next {
                    sum = facts.carry(sum, &next.sum_bound)?;
                }
            } else if let Some(next) = next {
                // T_1 = A is needed after the first block: carried with an offset, one neuron an entry.
                sum = facts.carry(input, &next.sum_bound)?;
            }
            power = next_power;
        }
        let output = facts.plus_identity(&[sum])?;
        facts.state(rules::combine(output, &self.result.norm, &self.result.error));
        facts.power(1 << self.stages.len());
        Ok(facts.finish(output, rules::conclude_neumann(&self.error)))
    }
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
