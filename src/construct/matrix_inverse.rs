//! What the inverses share: the request, the claim, the bounds of products, the published size.

use super::construction::Published;
use super::error::{ConstructError, count, positive};
use super::logarithm::log2_down;
use super::matrix_product::{MAX_DIMENSION, WITNESS_LIMIT};
use crate::arith::Rational;
use crate::certify::{Claim, Domain, ErrorKind, Norm, Target};
use crate::network::{Builder, NetworkError, Value};

/// Accepts d >= 1, 0 < delta < 1, error > 0.
pub(super) fn check_request(size: usize, delta: &Rational, error: &Rational) -> Result<(), ConstructError> {
    count("size", size, 1, MAX_DIMENSION)?;
    if !delta.is_positive() || *delta >= Rational::one() {
        return Err(ConstructError::parameter("delta", delta, "a number strictly between 0 and 1"));
    }
    positive("error", error)
}

/// The claim of every inverse.
pub(super) fn inverse_claim(size: usize, delta: &Rational, error: Rational) -> Claim {
    Claim {
        target: Target::MatrixInverse { size },
        domain: Domain::SpectralBalls(vec![(size, size, &Rational::one() - delta)]),
        norm: Norm::Spectral { rows: size, columns: size },
        error,
        kind: ErrorKind::UpperBound,
        derivative_error: None,
    }
}

/// Matrices of norm 1 - delta at which truncation and product errors are large: the multiple of the identity, for which
/// the left-out terms attain their bound, and constant matrices, for which product errors add up.
pub(super) fn inverse_candidates(size: usize, delta: &Rational) -> Vec<Vec<Rational>> {
    if size.saturating_mul(size) > WITNESS_LIMIT {
        return Vec::new();
    }
    // Rounded downwards to few bits, so that exact evaluation stays cheap; still in the domain.
    let q = (&Rational::one() - delta).round_down(12);
    let n = size * size;
    let diagonal = |sign: &Rational| {
        (0..n).map(|e| if e % (size + 1) == 0 { &q * sign } else { Rational::zero() }).collect::<Vec<_>>()
    };
    let constant = vec![(&q / &Rational::from(size)).round_down(12); n];
    vec![diagonal(&Rational::one()), diagonal(&Rational::from(-1)), constant]
}

/// The smallest power of two that is at least x (2^-64 for x = 0).
pub(super) fn power_of_two_above(x: &Rational) -> Rational {
    Rational::power_of_two(x.ceil_log2().unwrap_or(-64))
}

/// The spectral error of a d x d direct matrix product with factors bounded by B1, B2: d sqrt(d d) B1 B2 2^(-2m-2).
pub(super) fn product_error(d: usize, left: &Rational, right: &Rational, levels: usize) -> Rational {
    (left * right * Rational::from(d) * Rational::from(d)).scale_by_power_of_two(-2 * levels as i64 - 2)
}

/// max(x + bound, 0) - bound: x itself for |x| <= bound, carried by one neuron an entry.
pub(super) fn offset_relu(builder: &mut Builder, x: Value, bound: &Rational) -> Result<Value, NetworkError> {
    let shifted = builder.shift(x, bound)?;
    let carried = builder.relu(shifted);
    builder.shift(carried, &-bound)
}

/// KPRS22, Theorem 3.8: M <= C m log2(m)^2 d^3 (log2(1/eps) + log2(m) + log2(d)), m = m(eps, delta).
pub(super) fn published_inverse(size: usize, delta: &Rational, error: &Rational) -> Published {
    let m = Rational::from(neumann_terms(delta, error));
    let d = Rational::from(size);
    let log_m = log2_down(&m).max(Rational::zero());
    let bracket = (log2_down(&(&Rational::one() / error)) + &log_m + log2_down(&d)).max(Rational::zero());
    Published {
        source: "KPRS22",
        formula:
            "M <= C m log2(m)^2 d^3 (log2(1/eps) + log2(m) + log2(d)), m = ceil(log(eps delta / 2) / log(1 - delta))"
                .to_owned(),
        layers: None,
        neurons: None,
        weights: None,
        weights_scale: Some(&m * &(&log_m * &log_m) * (&d * &d) * &d * &bracket),
        layers_scale: Some(&log_m * &bracket),
    }
}

/// m(eps, delta) = ceil(log(eps delta / 2) / log(1 - delta)): the smallest m with (1 - delta)^m <= eps delta / 2.
pub(super) fn neumann_terms(delta: &Rational, error: &Rational) -> u64 {
    let target = (error * delta).scale_by_power_of_two(-1);
    let q = &Rational::one() - delta;
    // Powers q^(2^j), rounded upwards, so that the m found has q^m <= target for certain.
    let mut powers = vec![q];
    while let Some(last) = powers.last()
        && *last > target
        && powers.len() < 63
    {
        powers.push((last * last).round_up(192));
    }
    let (mut m, mut reached) = (0u64, Rational::one());
    for (j, power) in powers.iter().enumerate().rev() {
        let next = (&reached * power).round_up(192);
        if next > target {
            (m, reached) = (m + (1 << j), next);
        }
    }
    m + 1
}

/// Checks a method for requests (size, delta as p/q, error as a power of two).
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) fn test_requests(method: super::InverseMethod, requests: &[(usize, (i64, i64), i64)]) {
    for &(size, (p, q), bits) in requests {
        let (delta, error) = (Rational::ratio(p, q), Rational::power_of_two(bits));
        test_inverse(&super::matrix_inverse(size, &delta, &error, method).unwrap(), &error);
    }
}

/// The requests that fast methods are checked for.
#[cfg(test)]
pub(super) const REQUESTS: [(usize, (i64, i64), i64); 5] =
    [(1, (1, 2), -10), (2, (1, 2), -8), (2, (1, 10), -6), (3, (1, 3), -12), (2, (9, 10), -3)];

/// Checks an inverse against exact inverses on candidates and other matrices of the domain, two ways.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
fn test_inverse(inverse: &super::Construction, wanted: &Rational) {
    use crate::certify::measure;
    use crate::evaluate::{Evaluator, evaluate_graph};

    assert!(inverse.claim.error <= *wanted);
    let Norm::Spectral { rows: d, .. } = inverse.claim.norm else { panic!("a spectral norm") };
    let Domain::SpectralBalls(balls) = &inverse.claim.domain else { panic!("a spectral ball") };
    let q = &balls[0].2;
    let mut candidates = inverse.candidates.clone();
    // Maximum row sum and column sum at most q keep the spectral norm at most q.
    for seed in 0..3usize {
        let entry = |e: usize| Rational::ratio(((e * 29 + seed * 13) % 11) as i64 - 5, 5) * q / Rational::from(d);
        candidates.push((0..d * d).map(entry).collect());
    }
    let layered = inverse.network.layered().unwrap();
    let witness = measure(&layered, &inverse.claim, &candidates).unwrap().unwrap();
    assert!(witness.error <= inverse.claim.error);
    assert!(witness.error.is_positive());
    let other = &candidates[candidates.len() - 1];
    let graph = evaluate_graph(&inverse.network, std::slice::from_ref(other)).unwrap();
    assert_eq!(graph, Evaluator::<Rational>::new(&layered).unwrap().evaluate(other).unwrap());
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::super::{InverseMethod, matrix_inverse};
    use super::*;
    use crate::certify::measure;

    /// A d x d matrix of norm at most 1: diagonal, rotated, nilpotent or c a + s b with commuting a, b.
    fn contraction(d: usize, kind: u8, (x, y): (&Rational, &Rational)) -> Vec<Rational> {
        let (zero, one) = (Rational::zero(), Rational::one());
        let entry = |i: usize, j: usize| match kind {
            // Both ends of the spectrum and a number between.
            0 if i == j => [x.clone(), one.clone(), -&one][(i + d - 1) % 3].clone(),
            // x times a rotation by the angle of (3, 4, 5).
            1 if d > 1 && i < 2 && j < 2 => {
                let turn = [[3, -4], [4, 3]][i][j];
                x * &Rational::ratio(turn, 5)
            }
            // A Jordan block without its diagonal.
            2 if j == i + 1 => one.clone(),
            // x and (1 - |x|) y on the diagonal and off it: row and column sums at most 1.
            3 if i == j => x.clone(),
            3 if i + j == 1 => y * (&one - &x.abs()),
            4 if i == j => x.clone(),
            _ => zero.clone(),
        };
        (0..d * d).map(|e| entry(e / d, e % d)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Domains of every radius, small ones above all: a factor's bound that is not the one its product was built for
        /// shows there first.
        #[test]
        fn no_matrix_of_the_ball_refutes_a_bound(
            d in 1usize..4, radius in 1i64..64, shrink in 0i64..8, bits in 4i64..24,
            points in prop::collection::vec((0u8..5, -4096i64..4097, -64i64..65), 30),
        ) {
            let q = Rational::ratio(radius, 64).scale_by_power_of_two(-shrink);
            let (delta, error) = (&Rational::one() - &q, Rational::power_of_two(-bits));
            let candidates: Vec<Vec<Rational>> = points
                .iter()
                .map(|&(kind, x, y)| {
                    let unit = contraction(d, kind, (&Rational::ratio(x, 4096), &Rational::ratio(y, 64)));
                    unit.iter().map(|v| v * &q).collect()
                })
                .collect();
            // The published network has one branch a term: for short series only.
            let short = delta >= Rational::ratio(1, 2);
            for method in InverseMethod::ALL.into_iter().take(if short { 3 } else { 2 }) {
                let inverse = matrix_inverse(d, &delta, &error, method).unwrap();
                let layered = inverse.network.layered().unwrap();
                let witness = measure(&layered, &inverse.claim, &candidates).unwrap().unwrap();
                prop_assert!(
                    witness.error <= inverse.claim.error,
                    "{}: {} > {} at {:?}", inverse.method, witness.error, inverse.claim.error, witness.input
                );
            }
        }
    }
}
