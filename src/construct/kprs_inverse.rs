//! The inverse of I - A by the Neumann series, power by power, as published.
//!
//! ```text
//! I + A + A^2 + .. + A^m,   each A^k by its own binary powering
//! ```
//!
//! Stage j of the network of A^k squares P_j = A^(2^j) and, where bit j of k is set, multiplies what the lower bits made
//! by P_j. Stages end with a ReLU on x + 1, one neuron an entry, so that the counts of stages add up: this is how the
//! size is had without lowering the whole, see [`published_size`].

use std::sync::Arc;

use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count};
use super::matrix_inverse::{
    check_request, inverse_candidates, inverse_claim, neumann_terms, product_error, published_inverse,
};
use super::matrix_product::{MatrixProductMethod, ProductShape, matrix_product_network};
use super::power_stages::{Stages, stage_count, stage_profile};
use super::squaring::MAX_LEVELS;
use crate::arith::Rational;
use crate::certify::Proof;
use crate::network::{LinearMap, Network, Size};

/// The bits to which the error recursion is rounded upwards.
const BITS: u64 = 64;

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
        proof: Proof::default(),
        family: "matrix-inverse",
        method: "published",
        parameters: vec![
            ("size", Parameter::Count(size as u64)),
            ("delta", Parameter::Number(delta.clone())),
            ("terms", Parameter::Count(plan.terms as u64)),
            ("levels", Parameter::Count(plan.levels as u64)),
        ],
        network: Arc::new(network),
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
    terms: usize,
    levels: usize,
    certified: Rational,
}

impl Plan {
    fn new(d: usize, delta: &Rational, error: &Rational) -> Result<Self, ConstructError> {
        check_request(d, delta, error)?;
        let terms = usize::try_from(neumann_terms(delta, error)).unwrap_or(usize::MAX);
        count("powers needed for the error", terms, 1, MAX_TERMS)?;
        let powers = Powers::new(delta, terms);
        // Certificates are monotone in the levels: bisection between one that fails and one that passes.
        let certify = |levels: usize| powers.certified(d, levels).filter(|found| found <= error);
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
        Ok(Self { d, terms, levels: best.0, certified: best.1 })
    }

    fn stages(&self) -> Result<Stages, ConstructError> {
        let one = Rational::one();
        let product = matrix_product_network(
            ProductShape::square(self.d),
            self.levels,
            (&one, &one),
            MatrixProductMethod::Direct,
        )?;
        Stages::new(self.d * self.d, &Arc::new(product))
    }

    fn network(&self) -> Result<Network, ConstructError> {
        let (n, stages) = (self.d * self.d, self.stages()?);
        let depth = stage_count(self.terms);
        let mut builder = Network::builder();
        let input = builder.input(n);
        let mut sum = Vec::new();
        for k in 1..=self.terms {
            let power = Arc::new(stages.power(k, stage_count(k) < depth)?);
            sum.push((builder.call(1, &power, &[input])?, LinearMap::identity(n)));
        }
        let output = builder.affine(&sum, self.identity())?;
        Ok(builder.finish(output))
    }

    /// I as a vector, the term of k = 0.
    fn identity(&self) -> LinearMap {
        LinearMap::strided_constant(self.d * self.d, 0, self.d, self.d + 1, Rational::one())
    }

    fn size(&self) -> Result<Size, ConstructError> {
        let n = self.d * self.d;
        let kinds = stage_profile(n, &self.stages()?, self.levels + 2)?;
        Ok(kinds.sum_of_powers(self.terms, &self.identity())?.size()?)
    }
}

/// Norms of the powers and what the left-out ones add.
struct Powers {
    /// q_k for k = 0, .., m, rounded upwards.
    norms: Vec<Rational>,
    truncation: Rational,
}

impl Powers {
    fn new(delta: &Rational, terms: usize) -> Self {
        let q = &Rational::one() - delta;
        let mut norms = vec![Rational::one()];
        for k in 1..=terms + 1 {
            norms.push((&norms[k - 1] * &q).round_up(BITS));
        }
        // |sum_{k > m} A^k| <= (1 - delta)^(m+1) / delta
        let truncation = norms.pop().map_or_else(Rational::zero, |last| (&last / delta).round_up(BITS));
        Self { norms, truncation }
    }

    /// The certified error with m levels in every product; `None` where a factor may leave the unit ball.
    fn certified(&self, d: usize, levels: usize) -> Option<Rational> {
        let one = Rational::one();
        let e = product_error(d, &one, &one, levels);
        let mut c = vec![Rational::zero(); 2];
        let mut total = self.truncation.clone();
        for k in 2..self.norms.len() {
            let top = 1usize << k.ilog2();
            let (left, right) = if k == top { (k / 2, k / 2) } else { (k - top, top) };
            // |(X + C)(Y + D) - X Y| <= |X| |D| + |C| (|Y| + |D|)
            let bound = &self.norms[left] * &c[right] + &c[left] * &(&self.norms[right] + &c[right]) + &e;
            let bound = bound.round_up(BITS);
            if &self.norms[k] + &bound > one {
                return None;
            }
            total += &bound;
            c.push(bound);
        }
        Some(total.round_up(BITS))
    }
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
        let fewer = Powers::new(&delta, plan.terms).certified(2, plan.levels - 1);
        assert!(fewer.is_none_or(|found| found > error));
    }

    #[test]
    fn twelve_hundred_powers_are_counted() {
        let size = published_size(10, &Rational::ratio(1, 100), &Rational::ratio(1, 1000)).unwrap();
        assert!(size.weights > 1_000_000_000, "{size:?}");
    }
}
