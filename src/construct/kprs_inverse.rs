//! The inverse of I - A by the Neumann series, power by power, as published.
//!
//! ```text
//! I + A + A^2 + .. + A^m,   each A^k by its own binary powering
//! ```
//!
//! Stage j of the network of A^k squares P_j = A^(2^j) and, where bit j of k is set, multiplies what the lower bits made
//! by P_j. Stages end with a ReLU on x + 1, one neuron an entry, so that the counts of stages add up: this is how the
//! size is had without lowering the whole, see [`published_size`].

use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count};
use super::matrix_facts::{BITS, FactBuilder, Factors, Known, halves, power_bound};
use super::matrix_inverse::{check_request, inverse_candidates, inverse_claim, neumann_terms, published_inverse};
use super::power_stages::{Stages, power, stage_count, stage_profile};
use super::proved::Proved;
use super::squaring::MAX_LEVELS;
use crate::arith::Rational;
use crate::certify::Proof;
use crate::certify::rules::matrix as rules;
use crate::network::{LinearMap, Size};

/// The largest number of powers that is built.
const MAX_TERMS: usize = 1 << 16;

/// Builds the network of A -> (I - A)^-1 power by power, for spectral norm |A| <= 1 - delta, within `error`.
///
/// # Statement
/// For all d x d matrices A with |A| <= 1 - delta: |R(A) - (I - A)^-1| <= the certified error <= `error`, in the
/// spectral norm.
///
/// Proof. Let m = ceil(log(error delta / 2) / log(1 - delta)), q_k = (1 - delta)^k >= |A^k|, and let c_k bound the
/// distance of the computed A^k to the exact one; c_1 = 0. With e the error of one product of factors of norm at most
/// 1 and h the highest power of two in k,
///
/// ```text
/// c_k <= q_{k/2} c_{k/2} + c_{k/2} (q_{k/2} + c_{k/2}) + e     for k = h,
/// c_k <= q_{k-h} c_h + c_{k-h} (q_h + c_h) + e                 for k > h,
/// ```
///
/// and |R(A) - (I - A)^-1| <= c_1 + .. + c_m + (1 - delta)^(m+1) / delta. All factors have norm at most q_k + c_k <= 1,
/// which is checked. The recursion is evaluated in rationals rounded upwards for the very levels that are built.
///
/// # Source
/// KPRS22, Theorem 3.8 and Propositions A.3, A.4: the same powers, squarings and products, nothing shared between
/// powers; explicit levels in place of open constants, and values carried by one neuron an entry.
/// The checker verifies it by the sections `matrix`, conclusion `neumann` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Input \[d^2\] (row by row), output \[d^2\].
///
/// # Size
/// m - 1 powers of floor(log2 k) squarings and as many products as further bits are set, about 12 d^3 weights a level
/// each; ceil(log2 m) stages deep.
///
/// # Exactness
/// Exact network, upper bound on the error. The size is exact.
///
/// # Errors
/// [`ConstructError::Parameter`] for an empty matrix, delta outside (0, 1), an error that is not positive, or more than
/// 2^16 powers.
pub fn kprs_inverse(size: usize, delta: &Rational, error: &Rational) -> Result<Construction, ConstructError> {
    let plan = Plan::new(size, delta, error)?;
    let network = plan.network()?;
    Ok(Construction {
        proof: Proof::new(network.parts),
        family: "matrix-inverse",
        method: "published",
        parameters: vec![
            ("size", Parameter::Count(size as u64)),
            ("delta", Parameter::Number(delta.clone())),
            ("terms", Parameter::Count(plan.terms as u64)),
            ("levels", Parameter::Count(plan.levels as u64)),
        ],
        network: network.network,
        claim: inverse_claim(size, delta, plan.certified.clone()),
        candidates: inverse_candidates(size, delta),
        published: Some(published_inverse(size, delta, error)),
        lower_bound: None,
        size: Some(plan.size()?),
    })
}

/// The exact size of the network of [`kprs_inverse`], without building or lowering it.
///
/// # Statement
/// Equal to the size of the layered form. Proof: all powers read the input in their first layer only, and lie side by
/// side; stages meet in a ReLU, so their layers add up; a carried matrix adds d^2 neurons and d^2 weights a layer; the
/// last layers stand side by side with their biases added.
///
/// # Complexity
/// O(m log m) steps of integer arithmetic and the lowering of six stages of at most two products.
///
/// # Errors
/// As [`kprs_inverse`].
pub fn published_size(size: usize, delta: &Rational, error: &Rational) -> Result<Size, ConstructError> {
    Plan::new(size, delta, error)?.size()
}

/// The choice of terms and levels.
struct Plan {
    d: usize,
    /// 1 - delta
    radius: Rational,
    terms: usize,
    levels: usize,
    /// What is known of A^0, A^1, .., A^m as computed.
    known: Vec<Known>,
    certified: Rational,
}

impl Plan {
    fn new(d: usize, delta: &Rational, error: &Rational) -> Result<Self, ConstructError> {
        check_request(d, delta, error)?;
        let terms = usize::try_from(neumann_terms(delta, error)).unwrap_or(usize::MAX);
        count("powers needed for the error", terms, 1, MAX_TERMS)?;
        // |sum_{k > m} A^k| <= (1 - delta)^(m+1) / delta
        let radius = &Rational::one() - delta;
        let truncation = (&power_bound(&radius, terms as u64 + 1) / delta).round_up(BITS);
        // Certificates are monotone in the levels: bisection between one that fails and one that passes.
        let certify =
            |levels: usize| certified((d, delta, terms), &truncation, levels).filter(|(_, found)| found <= error);
        let (mut fails, mut passes, mut step) = (0, None, 8);
        while passes.is_none() && fails < MAX_LEVELS {
            let levels = (fails + step).min(MAX_LEVELS);
            match certify(levels) {
                Some(found) => passes = Some((levels, found)),
                None => fails = levels,
            }
            step *= 2;
        }
        let Some(mut best) = passes else {
            return Err(ConstructError::parameter(
                "error",
                error,
                "an error that the largest number of levels reaches",
            ));
        };
        while best.0 - fails > 1 {
            let middle = fails + (best.0 - fails) / 2;
            match certify(middle) {
                Some(found) => best = (middle, found),
                None => fails = middle,
            }
        }
        let (levels, (known, certified)) = best;
        Ok(Self { d, radius, terms, levels, known, certified })
    }

    fn product(&self) -> Result<Proved, ConstructError> {
        let one = Rational::one();
        Factors { levels: self.levels, left: &one, right: &one }.build(self.d)
    }

    fn network(&self) -> Result<Proved, ConstructError> {
        let stages = Stages::new(self.d, self.product()?)?;
        let depth = stage_count(self.terms);
        let mut facts = FactBuilder::new(self.d, &self.radius);
        let mut sum = Vec::new();
        for k in 1..=self.terms {
            let own = FactBuilder::new(self.d, &self.radius);
            let power = power(own, &stages, k, stage_count(k) < depth, &self.known)?;
            sum.push(facts.apply(&power, &self.known[k])?);
        }
        let output = facts.plus_identity(&sum)?;
        let known = Known::sum(self.known[1..].iter(), &Rational::one());
        facts.state(rules::combine(output, &known.norm, &known.error));
        facts.power(self.terms as u64 + 1);
        Ok(facts.finish(output, rules::conclude_neumann(&self.certified)))
    }

    /// I as a vector, the term of k = 0.
    fn identity(&self) -> LinearMap {
        LinearMap::strided_constant(self.d * self.d, 0, self.d, self.d + 1, Rational::one())
    }

    fn size(&self) -> Result<Size, ConstructError> {
        let n = self.d * self.d;
        let kinds = stage_profile(n, &self.product()?.network, self.levels + 2)?;
        Ok(kinds.sum_of_powers(self.terms, &self.identity())?.size()?)
    }
}

/// What is known of A^0, .., A^m with m levels in every product, and the certified error; `None` where a factor may leave
/// the unit ball.
fn certified(
    (d, delta, terms): (usize, &Rational, usize),
    truncation: &Rational,
    levels: usize,
) -> Option<(Vec<Known>, Rational)> {
    let one = Rational::one();
    let e = Factors { levels, left: &one, right: &one }.error(d);
    let unit = Known { norm: one.clone(), error: Rational::zero() };
    let mut known = vec![unit, Known::input(&(&one - delta))];
    for k in 2..=terms {
        let (left, right) = halves(k as u64);
        let power = known[left as usize].product(&known[right as usize], &e);
        if power.bound() > one {
            return None;
        }
        known.push(power);
    }
    let sum = Known::sum(known[1..].iter(), &one);
    Some((known, (truncation + &sum.error).round_up(BITS)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::InverseMethod;
    use super::super::matrix_inverse::test_requests;
    use super::*;

    #[test]
    fn errors_are_within_the_bound() {
        let requests = [(1, (1, 2), -6), (2, (1, 2), -5), (2, (1, 4), -2), (3, (2, 3), -5), (2, (9, 10), -1)];
        test_requests(InverseMethod::Published, &requests);
    }

    #[test]
    fn the_size_by_stages_is_the_size_of_the_layered_form() {
        let mut terms_seen = Vec::new();
        for d in 1..4 {
            for (delta, error) in [
                ((99, 100), (199, 100)),
                ((9, 10), (1, 1)),
                ((9, 10), (1, 10)),
                ((1, 2), (1, 2)),
                ((1, 2), (1, 100)),
                ((1, 3), (1, 1000)),
                ((1, 5), (1, 50)),
                ((1, 6), (1, 50)),
            ] {
                let (delta, error) = (Rational::ratio(delta.0, delta.1), Rational::ratio(error.0, error.1));
                let inverse = kprs_inverse(d, &delta, &error).unwrap();
                let Parameter::Count(terms) = inverse.parameters[2].1 else { panic!("a count") };
                terms_seen.push(terms);
                let written = inverse.network.layered().unwrap().size().unwrap();
                assert_eq!(inverse.size, Some(written), "d {d} terms {terms}");
                assert_eq!(published_size(d, &delta, &error), Ok(written));
            }
        }
        assert!(terms_seen.contains(&1) && terms_seen.iter().any(|&m| m.is_power_of_two() && m > 1), "{terms_seen:?}");
        assert!(terms_seen.iter().any(|&m| m > 30), "{terms_seen:?}");
    }

    #[test]
    fn the_levels_are_the_fewest() {
        let (delta, error) = (Rational::ratio(1, 3), Rational::ratio(1, 1000));
        let plan = Plan::new(2, &delta, &error).unwrap();
        assert!(plan.certified <= error);
        let truncation = (&power_bound(&plan.radius, plan.terms as u64 + 1) / &delta).round_up(BITS);
        let fewer = certified((2, &delta, plan.terms), &truncation, plan.levels - 1);
        assert!(fewer.is_none_or(|(_, found)| found > error));
    }

    #[test]
    fn twelve_hundred_powers_are_counted() {
        let size = published_size(10, &Rational::ratio(1, 100), &Rational::ratio(1, 1000)).unwrap();
        assert!(size.weights > 1_000_000_000, "{size:?}");
    }
}
