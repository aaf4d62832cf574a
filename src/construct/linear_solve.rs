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
use super::levels::polish;
use super::matrix_inverse::{power_of_two_above, published_inverse};
use super::matrix_product::{MAX_DIMENSION, WITNESS_LIMIT};
use super::solve_network::{SolvePlan, network};
use crate::arith::Rational;
use crate::certify::{Claim, Domain, ErrorKind, Norm, Proof, Target};

/// The bits to which the error recursion is rounded upwards.
const BITS: u64 = 64;
/// The most steps that are tried.
const MAX_STEPS: usize = 20_000;
/// The most layers of a network, as far as steps and levels tell.
const MAX_LAYERS: usize = 100_000;
/// Levels that stand for exact products where the steps are chosen.
const MANY_LEVELS: usize = 500;
/// The most steps for which single levels are tried away.
const MAX_POLISHED: usize = 60;

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
    let mut best: Option<(usize, Vec<usize>, Bounds)> = None;
    // A few steps more leave more room for the products; the cheapest is kept.
    for extra in [0, 1, 2, 4] {
        let Some((levels, bounds)) = iteration.choose_levels(request, iteration.shortest + extra) else { continue };
        let cost = levels.iter().map(|m| 7 * m + 10).sum::<usize>();
        if best.as_ref().is_none_or(|(kept, _, _)| cost < *kept) {
            best = Some((cost, levels, bounds));
        }
    }
    let (_, levels, bounds) =
        best.ok_or_else(|| ConstructError::parameter("error", &request.error, "an error the iteration reaches"))?;
    count("layers", levels.iter().map(|m| m + 2).sum(), 1, MAX_LAYERS)?;
    let network = network(&SolvePlan {
        size: request.size,
        gamma: iteration.gamma.clone(),
        rhs_bound: power_of_two_above(&request.rhs_bound),
        matrix_levels: levels[0],
        levels: levels[1..].to_vec(),
        weights: bounds.weights,
        iterate_bounds: bounds.iterates,
    })?;
    Ok(Construction {
        proof: Proof::default(),
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
        network: Arc::new(network),
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

/// The iteration with exact products: gamma, the contraction and the growth that damps the start.
struct Iteration {
    method: SolveMethod,
    gamma: Rational,
    /// x = 1 / s with |I - gamma B| <= s for every B of the domain.
    inverse: Rational,
    /// R / c >= |B^-1 f|.
    solution: Rational,
    /// The fewest steps that exact products would need.
    shortest: usize,
    /// Significant bits of the weights of the steps.
    weight_bits: u64,
}

/// What the error recursion finds for one choice of levels.
struct Bounds {
    /// Bounds of |u_1|, |u_2|, .., powers of two.
    iterates: Vec<Rational>,
    /// The dyadic weights w_2, .., w_K of the steps.
    weights: Vec<Rational>,
    /// Bound of |u_K - B^-1 f|.
    error: Rational,
}

impl Iteration {
    fn new(request: &SolveRequest, method: SolveMethod) -> Result<Self, ConstructError> {
        let (c, upper) = (&request.lower, &request.upper);
        // Any gamma is sound; rounding 2 / (c + C) to more bits than the condition number has keeps s close to best.
        let bits = 16 + (upper / c).ceil_log2().unwrap_or(0).unsigned_abs();
        let gamma = (&Rational::from(2) / &(c + upper)).round_down(bits);
        let one = Rational::one();
        let s = (&one - &(&gamma * c)).abs().max((&one - &(&gamma * upper)).abs());
        // Any larger s is sound: not below 2^-16 (B may be a multiple of the identity), and rounded so that 1/s is dyadic.
        let inverse = (&one / &s.max(Rational::power_of_two(-16))).round_down(BITS);
        let solution = (&request.rhs_bound / c).round_up(BITS);
        let accuracy = (&solution / &request.error).ceil_log2().unwrap_or(0).max(0).unsigned_abs();
        // The last product alone errs by more than that.
        if accuracy > 2 * MANY_LEVELS as u64 + bits {
            let accepted = format!("an error of at least R / c 2^-{}", 2 * MANY_LEVELS as u64);
            return Err(ConstructError::parameter("error", &request.error, accepted));
        }
        let mut iteration = Self { method, gamma, inverse, solution, shortest: 0, weight_bits: 32 + accuracy };
        let mut ratio = iteration.inverse.clone();
        let mut start = iteration.solution.clone();
        for steps in 1..=MAX_STEPS {
            start = (&start / &ratio).round_up(BITS);
            if start < request.error {
                iteration.shortest = steps;
                return Ok(iteration);
            }
            ratio = iteration.next_ratio(&ratio);
        }
        let accepted = format!("a condition number that {MAX_STEPS} steps can serve");
        Err(ConstructError::parameter("upper / lower", upper / c, accepted))
    }

    /// A lower bound of t_{k+1} / t_k from one of t_k / t_{k-1}.
    fn next_ratio(&self, ratio: &Rational) -> Rational {
        match self.method {
            // t_{k+1} / t_k = 2 x - t_{k-1} / t_k, increasing in t_k / t_{k-1}; x >= 1 keeps it at least 1.
            SolveMethod::Chebyshev => {
                (&self.inverse + &self.inverse - &Rational::one() / ratio).round_down(self.weight_bits + 24)
            }
            SolveMethod::Richardson => self.inverse.clone(),
        }
    }

    /// The error of one step with m levels and factor bound b, without the squares of the matrix and for d = 1.
    fn step_error(bound: &Rational, levels: usize) -> Rational {
        (bound * &Rational::from(5)).scale_by_power_of_two(-2 * levels as i64 - 4)
    }

    /// The error recursion for K = levels.len() steps; levels\[0\] is that of the squares of the matrix.
    fn bounds(&self, request: &SolveRequest, levels: &[usize]) -> Bounds {
        let d = Rational::from(request.size);
        let spread = &d * &d.sqrt_up(BITS);
        let matrix = Rational::power_of_two(-2 * levels[0] as i64 - 3);
        let one = Rational::one();
        let mut ratio = self.inverse.clone();
        // e_1 = (I - gamma B) e_0: u_1 = gamma f is exact.
        let mut start = (&self.solution / &ratio).round_up(BITS);
        let (mut sum, mut total) = (Rational::zero(), Rational::zero());
        let rhs = &self.gamma * &request.rhs_bound;
        let (mut before, mut size) = (Rational::zero(), rhs.round_up(BITS));
        let (mut iterates, mut weights) = (Vec::new(), Vec::new());
        for &m in &levels[1..] {
            let bound = power_of_two_above(&size);
            let product = &spread * &(Self::step_error(&bound, m) + &bound * &matrix);
            let next = self.next_ratio(&ratio);
            let (weight, rounding) = match self.method {
                SolveMethod::Richardson => (one.clone(), Rational::zero()),
                SolveMethod::Chebyshev => {
                    // w = 2 x / (t_{k+1} / t_k). The lower bound of the ratio carries a relative error below
                    // 2 k 2^(-bits-23) after k <= 2^15 steps, as r -> 2 x - 1/r does not expand for r >= 1, and
                    // rounding w adds 2^(1-bits): the slack covers both many times.
                    let exact = &(&self.inverse + &self.inverse) / &next;
                    let slack = exact.scale_by_power_of_two(4 - self.weight_bits as i64);
                    (exact.round_down(self.weight_bits), slack)
                }
            };
            // What a wrong weight changes: |w~ - w| |G u_k + gamma f - u_{k-1}|.
            let moved = &rounding * &(&size + &rhs + &before);
            let perturbation = (&weight * &product + moved).round_up(BITS);
            start = (&start / &next).round_up(BITS);
            match self.method {
                SolveMethod::Chebyshev => {
                    // sum_j (k + 1 - j) (t_{j+1} / t_{k+1}) p_j, from the sum of (t_{j+1} / t_{k+1}) p_j.
                    sum = (&sum / &next + &perturbation).round_up(BITS);
                    total = (&total / &next + &sum).round_up(BITS);
                }
                SolveMethod::Richardson => total = (&total / &next + &perturbation).round_up(BITS),
            }
            iterates.push(bound);
            weights.push(weight);
            before = size;
            size = (&self.solution + &start + &total).round_up(BITS);
            ratio = next;
        }
        Bounds { iterates, weights, error: (&start + &total).round_up(BITS) }
    }

    /// Few levels for K steps that certify the error.
    fn choose_levels(&self, request: &SolveRequest, steps: usize) -> Option<(Vec<usize>, Bounds)> {
        // Guesses in floating point: what one unit of error in step k contributes at the end, K - k times its damping.
        let many = self.bounds(request, &vec![MANY_LEVELS; steps]);
        if many.error >= request.error {
            return None;
        }
        let mut sensitivity = vec![0.0f64; steps];
        let (x, mut damping) = (self.inverse.approx_f64(), 1.0f64);
        let root = match self.method {
            SolveMethod::Chebyshev => x + (x * x - 1.0).max(0.0).sqrt(),
            SolveMethod::Richardson => x,
        };
        for k in (1..steps).rev() {
            let repeated = if self.method == SolveMethod::Chebyshev { (steps - k) as f64 } else { 1.0 };
            sensitivity[k] = repeated * damping * many.iterates[k - 1].approx_f64() * many.weights[k - 1].approx_f64();
            damping /= root;
        }
        sensitivity[0] = sensitivity.iter().sum::<f64>() / 2.5;
        let budget = (&request.error - &many.error).approx_f64();
        let scale = (request.size as f64).powf(1.5) * 0.3125 / budget;
        let proposal = |surplus: f64| -> Vec<usize> {
            let level = |c: &f64| ((c * scale).max(f64::MIN_POSITIVE).log2() / 2.0 + surplus).ceil().clamp(1.0, 4000.0);
            sensitivity.iter().map(|c| level(c) as usize).collect()
        };
        let certifies = |levels: &[usize]| self.bounds(request, levels).error <= request.error;
        // Exact arithmetic decides; the surplus is bisected to an eighth of a level.
        let (mut low, mut high) = (0u32, 8u32);
        while !certifies(&proposal(f64::from(high) / 8.0)) {
            (low, high) = (high, high * 2);
            if high > 4096 {
                return None;
            }
        }
        while high - low > 1 {
            let middle = low.midpoint(high);
            if certifies(&proposal(f64::from(middle) / 8.0)) { high = middle } else { low = middle }
        }
        let mut levels = proposal(f64::from(high) / 8.0);
        if steps <= MAX_POLISHED {
            polish(&mut levels, certifies);
        }
        let bounds = self.bounds(request, &levels);
        Some((levels, bounds))
    }
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
    use crate::certify::measure;
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
}
