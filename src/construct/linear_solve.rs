//! Solutions of linear systems B u = f without inverting B.
//!
//! B is symmetric with spectrum in \[c, C\]. With gamma near 2 / (c + C) and G = I - gamma B,
//!
//! ```text
//! Richardson   u_{k+1} = G u_k + gamma f
//! Chebyshev    u_{k+1} = w_{k+1} (G u_k + gamma f) + (1 - w_{k+1}) u_{k-1}
//! ```
//!
//! start from u_0 = 0, u_1 = gamma f. Each step is one product of G with a vector; by 2 g u = (g + u)^2 - g^2 - u^2
//! it takes one square for each entry of G, the squares of G being shared by all steps.

use std::sync::Arc;

use super::construction::{Construction, Parameter, Published};
use super::error::{ConstructError, count, positive};
use super::matrix_inverse::published_inverse;
use super::matrix_product::{MAX_DIMENSION, WITNESS_LIMIT};
use super::solve_iteration::{Bounds, EXTRA_STEPS, Iteration};
use super::solve_network::network;
use crate::arith::Rational;
use crate::certify::{Claim, Domain, ErrorKind, Norm, Target};

/// The most layers of a network, as far as steps and levels tell.
const MAX_LAYERS: usize = 100_000;

/// How B^-1 f is realised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SolveMethod {
    /// Chebyshev semi-iteration: about sqrt(C/c) log(2/eps) / 2 steps.
    Chebyshev,
    /// Richardson iteration: about (C/c) log(1/eps) / 2 steps.
    Richardson,
}

impl SolveMethod {
    /// All methods, the default first.
    pub const ALL: [Self; 2] = [Self::Chebyshev, Self::Richardson];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chebyshev => "chebyshev",
            Self::Richardson => "richardson",
        }
    }
    /// The source, a key of the bibliography.
    pub fn source(self) -> &'static str {
        match self {
            Self::Chebyshev => "certinet",
            Self::Richardson => "DMU26",
        }
    }
}

/// A linear system to be solved: sizes and bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolveRequest {
    /// Rows d of the matrix.
    pub size: usize,
    /// Lower end c > 0 of the spectrum.
    pub lower: Rational,
    /// Upper end C of the spectrum.
    pub upper: Rational,
    /// Largest 2-norm R of the right-hand side.
    pub rhs_bound: Rational,
    /// Largest 2-norm of the error.
    pub error: Rational,
}

impl SolveRequest {
    fn check(&self) -> Result<(), ConstructError> {
        count("size", self.size, 1, MAX_DIMENSION)?;
        positive("lower", &self.lower)?;
        positive("rhs-bound", &self.rhs_bound)?;
        positive("error", &self.error)?;
        if self.upper < self.lower {
            let accepted = format!("a number of at least the lower end {}", self.lower);
            return Err(ConstructError::parameter("upper", &self.upper, accepted));
        }
        Ok(())
    }
}

/// Builds the network of (B, f) -> B^-1 f for symmetric B with spectrum in \[c, C\] and |f| <= R, within `error`.
///
/// # Statement
/// For all such B and f: |R(B, f) - B^-1 f| <= the certified error <= `error`, in the 2-norm.
///
/// Proof. Let gamma be dyadic, s >= max(|1 - gamma c|, |1 - gamma C|) with s < 1, Z = G / s, so that Z is symmetric
/// with |Z| <= 1. Let e_k be the error of u_k and p_k the perturbation that step k adds (product error, and what the
/// rounding of its coefficient w does). Chebyshev: with t_k = T_k(1/s) and w_{k+1} = 2 t_k / (s t_{k+1}),
///
/// ```text
/// t_{k+1} e_{k+1} = 2 Z t_k e_k - t_{k-1} e_{k-1} + t_{k+1} p_k,
/// t_K e_K = T_K(Z) e_0 + sum_{0<k<K} U_{K-1-k}(Z) t_{k+1} p_k,   |T_K(Z)| <= 1, |U_j(Z)| <= j + 1,
/// |e_K| <= |u| / t_K + sum_{0<k<K} (K - k) (t_{k+1} / t_K) |p_k|,   |u| <= R / c.
/// ```
///
/// Richardson: |e_K| <= s^K |u| + sum_{0<k<K} s^(K-1-k) |p_k|. The same bounds at every k < K bound |u_k|, hence the
/// factors of each product. The entries of G are at most s in absolute value.
///
/// One step computes G u_k entry by entry as B2 (2 sum s_ij^2 - sum g_ij^2 / 2 - sum (u_j / B2)^2 / 2) with
/// s_ij = (g_ij + u_j / B2) / 2. With m levels for this step and m' for the squares of G, e = 2^(-2m-2) and
/// e' = 2^(-2m'-2), its entrywise error lies in d B2 \[-(e + e') / 2, 2 e\]; 3 d B2 e / 4 is subtracted, and the 2-norm
/// of the error of the step is at most d sqrt(d) B2 (5 e / 4 + e' / 2).
///
/// # Source
/// KPRS22 for the task (there by inversion); Chebyshev semi-iteration with certified inexact steps is ours; DMU26 use
/// Richardson and conjugate gradients.
/// The checker verifies it by the sections `solve` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Inputs \[d^2\] (B row by row) and \[d\] (f); output \[d\].
///
/// # Size
/// K - 1 steps of about 6 m d^2 weights each, m growing from step to step, and 6 m' d^2 once.
///
/// # Exactness
/// Exact network, upper bound on the error.
///
/// # Errors
/// [`ConstructError::Parameter`] for an empty system, 0 < c <= C violated, or bounds that are not positive.
pub fn linear_solve(request: &SolveRequest, method: SolveMethod) -> Result<Construction, ConstructError> {
    request.check()?;
    let iteration = Iteration::new(request, method)?;
    let mut best: Option<(usize, Bounds)> = None;
    // A few steps more leave more room for the products; the cheapest is kept.
    for extra in EXTRA_STEPS {
        let Some(bounds) = iteration.choose_levels(iteration.shortest + extra) else { continue };
        let cost = bounds.levels.iter().map(|m| 7 * m + 10).sum::<usize>();
        if best.as_ref().is_none_or(|(kept, _)| cost < *kept) {
            best = Some((cost, bounds));
        }
    }
    let (_, bounds) =
        best.ok_or_else(|| ConstructError::parameter("error", &request.error, "an error the iteration reaches"))?;
    let levels = &bounds.levels;
    count("layers", levels.iter().map(|m| m + 2).sum(), 1, MAX_LAYERS)?;
    let network = Arc::new(network(&iteration.plan(&bounds))?);
    Ok(Construction {
        proof: iteration.proof(&network, &bounds),
        family: "linear-solve",
        method: method.name(),
        parameters: vec![
            ("size", Parameter::Count(request.size as u64)),
            ("lower", Parameter::Number(request.lower.clone())),
            ("upper", Parameter::Number(request.upper.clone())),
            ("rhs-bound", Parameter::Number(request.rhs_bound.clone())),
            ("steps", Parameter::Count(levels.len() as u64)),
            ("levels", Parameter::Numbers(levels.iter().map(|&m| Rational::from(m)).collect())),
        ],
        network,
        candidates: candidates(request),
        published: Some(published(request)),
        lower_bound: None,
        size: None,
        claim: Claim {
            target: Target::LinearSolve { size: request.size },
            domain: Domain::SymmetricSystem {
                size: request.size,
                lower: request.lower.clone(),
                upper: request.upper.clone(),
                rhs_bound: request.rhs_bound.clone(),
            },
            norm: Norm::Euclidean,
            error: bounds.error,
            kind: ErrorKind::UpperBound,
            derivative_error: None,
        },
    })
}

/// Systems B = Q with the extreme eigenvalues and a right-hand side in the slowest direction.
fn candidates(request: &SolveRequest) -> Vec<Vec<Rational>> {
    let d = request.size;
    if d.saturating_mul(d) > WITNESS_LIMIT {
        return Vec::new();
    }
    let system = |diagonal: &dyn Fn(usize) -> Rational, f: &dyn Fn(usize) -> Rational| {
        let mut input: Vec<Rational> =
            (0..d * d).map(|e| if e % (d + 1) == 0 { diagonal(e / (d + 1)) } else { Rational::zero() }).collect();
        input.extend((0..d).map(f));
        input
    };
    let unit = |j: usize| if j == 0 { request.rhs_bound.clone() } else { Rational::zero() };
    // Rounded inwards to few bits, so that exact evaluation stays cheap.
    let (lower, upper) = (request.lower.round_up(16), request.upper.round_down(16));
    if lower > upper {
        return vec![system(&|_| request.lower.clone(), &unit)];
    }
    let alternating = |i: usize| if i.is_multiple_of(2) { lower.clone() } else { upper.clone() };
    let flat = (&request.rhs_bound / &Rational::from(d).sqrt_up(20)).round_down(20);
    vec![system(&|_| lower.clone(), &unit), system(&|_| upper.clone(), &unit), system(&alternating, &|_| flat.clone())]
}

/// The published way to B^-1 f is to invert alpha B, alpha = 1 / (c + C): KPRS22, Theorem 3.8 with delta = c / (c + C)
/// and the error that B^-1 = alpha (alpha B)^-1 leaves.
fn published(request: &SolveRequest) -> Published {
    let sum = &request.lower + &request.upper;
    let error = &(&request.error * &sum) / &request.rhs_bound;
    published_inverse(request.size, &(&request.lower / &sum), &error.min(Rational::ratio(1, 4)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::certify::{measure, write_certificate};
    use crate::evaluate::{Evaluator, evaluate_graph};

    fn request(size: usize, lower: (i64, i64), upper: (i64, i64), error: i64) -> SolveRequest {
        SolveRequest {
            size,
            lower: Rational::ratio(lower.0, lower.1),
            upper: Rational::ratio(upper.0, upper.1),
            rhs_bound: Rational::ratio(3, 2),
            error: Rational::power_of_two(error),
        }
    }

    #[test]
    fn errors_are_within_the_bound() {
        for method in SolveMethod::ALL {
            for request in [
                request(1, (1, 2), (3, 2), -10),
                request(2, (1, 10), (19, 10), -8),
                request(3, (1, 1), (4, 1), -12),
                request(2, (2, 1), (2, 1), -9),
                request(3, (100, 1), (700, 1), -14),
            ] {
                let solve = linear_solve(&request, method).unwrap();
                assert!(solve.claim.error <= request.error);
                let layered = solve.network.layered().unwrap();
                let mut candidates = solve.candidates.clone();
                // A reflection of the diagonal: I - 2 v v^T / |v|^2 with v = (1, .., 1) on both sides.
                let d = request.size;
                let h = |i: usize, j: usize| Rational::from(i64::from(i == j)) - Rational::ratio(2, d as i64);
                let diagonal = |k: usize| if k == 0 { request.lower.clone() } else { request.upper.clone() };
                let mut rotated: Vec<Rational> =
                    (0..d * d).map(|e| (0..d).map(|k| h(e / d, k) * diagonal(k) * h(k, e % d)).sum()).collect();
                rotated.extend((0..d).map(|j| Rational::ratio(j as i64 + 1, d as i64 * 2)));
                candidates.push(rotated.clone());
                let witness = measure(&layered, &solve.claim, &candidates).unwrap().unwrap();
                assert!(witness.error <= solve.claim.error, "{method:?} {request:?}");
                let (b, f) = rotated.split_at(d * d);
                let graph = evaluate_graph(&solve.network, &[b.to_vec(), f.to_vec()]).unwrap();
                assert_eq!(graph, Evaluator::<Rational>::new(&layered).unwrap().evaluate(&rotated).unwrap());
            }
        }
    }

    #[test]
    fn a_certificate_has_one_line_for_each_iterate() {
        for method in SolveMethod::ALL {
            // B = 2 I needs no step beyond gamma f.
            for request in [request(3, (1, 10), (19, 10), -8), request(2, (2, 1), (2, 1), -9)] {
                let solve = linear_solve(&request, method).unwrap();
                let size = solve.network.layered().unwrap().size().unwrap();
                let mut text = Vec::new();
                write_certificate(&solve.network, &solve.claim, &size, &solve.proof, &mut text).unwrap();
                let text = String::from_utf8(text).unwrap();
                let count = |keyword: &str| text.lines().filter(|line| line.split(' ').next() == Some(keyword)).count();
                let iterates = solve.parameters.iter().find(|p| p.0 == "steps").unwrap().1.clone();
                assert_eq!(iterates, Parameter::Count(count("step") as u64 + 1));
                assert_eq!((count("solve"), count("first"), count("conclude"), count("qed")), (1, 1, 1, 1));
            }
        }
    }
}
