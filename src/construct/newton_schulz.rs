//! The inverse of I - A by the Newton-Schulz iteration, with precision that grows from step to step.
//!
//! ```text
//! R = I - (I - A) X,   X <- X + X R,   so that R <- R^2
//! ```
//!
//! The iteration corrects itself: the error of one step is squared away by the next, so only the last steps need all
//! their levels. The network keeps T = X - I, and R = A - T + A T.

use super::construction::{Construction, Parameter};
use super::error::ConstructError;
use super::levels::cheaper_length;
use super::matrix_facts::{BITS, FactBuilder, Factors};
use super::matrix_inverse::{check_request, inverse_candidates, inverse_claim, power_of_two_above, published_inverse};
use super::proved::Proved;
use crate::arith::Rational;
use crate::certify::Proof;
use crate::certify::rules::matrix as rules;

/// The most steps that are tried.
const MAX_STEPS: usize = 80;

/// What is known at one step: an upper bound of the exact residual, and bounds, powers of two, of |A|, and of |T| and |R|
/// as computed.
struct Step {
    residual: Rational,
    matrix_bound: Rational,
    iterate_bound: Rational,
    residual_bound: Rational,
    /// Error of the product A T.
    inner_error: Rational,
}

/// What is known of the last iterate.
struct Last {
    residual: Rational,
    iterate_bound: Rational,
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
/// The checker verifies it by the sections `matrix`, conclusion `newton-schulz` (`proofs/FORMAT.md`).
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
        recursion(size, delta, steps, levels).is_some_and(|(_, _, certified)| certified <= *error)
    };
    let (steps, levels) = cheaper_length(shortest, |steps| 2 * steps, certifies)?;
    let (bounds, last, certified) = recursion(size, delta, steps, &levels)
        .ok_or_else(|| ConstructError::parameter("error", error, "an error that the iteration reaches"))?;
    let builder = FactBuilder::new(size, &(&Rational::one() - delta));
    let proved = network(builder, &bounds, &last, &levels, &certified)?;
    Ok(Construction {
        family: "matrix-inverse",
        method: "newton-schulz",
        parameters: vec![
            ("size", Parameter::Count(size as u64)),
            ("delta", Parameter::Number(delta.clone())),
            ("steps", Parameter::Count(steps as u64)),
            ("levels", Parameter::Numbers(levels.iter().map(|&m| Rational::from(m)).collect())),
        ],
        network: proved.network,
        claim: inverse_claim(size, delta, certified),
        proof: Proof::new(proved.parts),
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

/// Bounds of every step, what is known in the end, and the certified error; `None` when the residual does not stay below 1.
///
/// Step k makes A T with levels\[2k\] and T (R + E) with levels\[2k + 1\].
fn recursion(d: usize, delta: &Rational, steps: usize, levels: &[usize]) -> Option<(Vec<Step>, Last, Rational)> {
    let one = Rational::one();
    let first = &one - delta;
    // T = B^-1 (A - R)
    let iterate = |residual: &Rational| power_of_two_above(&(&(&first + residual) / delta));
    let mut residual = (&first * &first).round_up(BITS);
    let mut iterate_bound = iterate(&residual);
    let mut bounds = Vec::new();
    let matrix_bound = power_of_two_above(&first);
    for k in 0..steps {
        let r = &residual;
        let e = Factors { levels: levels[2 * k], left: &matrix_bound, right: &iterate_bound }.error(d);
        let residual_bound = power_of_two_above(&(r + &e));
        let f = Factors { levels: levels[2 * k + 1], left: &iterate_bound, right: &residual_bound }.error(d);
        let next = (r * r + (&one + r) * &e + (&one + &first) * f).round_up(BITS);
        if next >= one {
            return None;
        }
        let next_bound = iterate(&next);
        let matrix_bound = matrix_bound.clone();
        bounds.push(Step { residual, matrix_bound, iterate_bound, residual_bound, inner_error: e });
        (residual, iterate_bound) = (next, next_bound);
    }
    let error = (&residual / delta).round_up(BITS);
    Some((bounds, Last { residual, iterate_bound }, error))
}

fn network(
    mut facts: FactBuilder,
    bounds: &[Step],
    last: &Last,
    levels: &[usize],
    certified: &Rational,
) -> Result<Proved, ConstructError> {
    let one = Rational::one();
    let input = facts.input();
    // |A| <= 1: the input is carried with offset 1.
    let carried = if bounds.is_empty() { input } else { facts.carry(input, &one)? };
    let (mut matrix, mut iterate) = (input, input);
    let first = bounds.first().map_or((&last.iterate_bound, &last.residual), |s| (&s.iterate_bound, &s.residual));
    facts.state(rules::iterate(input, first.0, first.1));
    for (k, step) in bounds.iter().enumerate() {
        let Step { matrix_bound, iterate_bound, residual_bound, inner_error, .. } = step;
        let factors = Factors { levels: levels[2 * k], left: matrix_bound, right: iterate_bound };
        let inner = facts.call_product(&factors.build(facts.size())?, matrix, iterate)?;
        matrix = carried;
        if k == 0 {
            iterate = carried;
        }
        let residual = facts.add(&[(matrix, one.clone()), (iterate, Rational::from(-1)), (inner, one.clone())])?;
        facts.state(rules::residual(residual, residual_bound, inner_error));
        let residual = facts.carry(residual, residual_bound)?;
        let factors = Factors { levels: levels[2 * k + 1], left: iterate_bound, right: residual_bound };
        let outer = facts.call_product(&factors.build(facts.size())?, iterate, residual)?;
        iterate = facts.add(&[(iterate, one.clone()), (residual, one.clone()), (outer, one.clone())])?;
        let next = bounds.get(k + 1);
        let known = next.map_or((&last.iterate_bound, &last.residual), |next| (&next.iterate_bound, &next.residual));
        facts.state(rules::step(iterate, known.0, known.1));
        if let Some(next) = next {
            iterate = facts.carry(iterate, &next.iterate_bound)?;
        }
    }
    let output = facts.plus_identity(&[iterate])?;
    Ok(facts.finish(output, rules::conclude_newton_schulz(certified)))
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
