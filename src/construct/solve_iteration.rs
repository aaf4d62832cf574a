//! The iterations of `linear_solve`: their constants, the bounds of their errors, and the proof made of these bounds.
//!
//! Every bound is a claim of FORMAT.md, section 7, under the letters used there: dyadic and rounded outwards. Certified
//! error and proof are one computation.

use std::sync::Arc;

use super::error::ConstructError;
use super::levels::polish;
use super::linear_solve::{SolveMethod, SolveRequest};
use super::matrix_inverse::power_of_two_above;
use super::solve_network::SolvePlan;
use crate::arith::Rational;
use crate::certify::rules::solve;
use crate::certify::{Part, Proof};
use crate::network::Network;

/// The steps beyond the shortest iteration that are tried.
pub(super) const EXTRA_STEPS: [usize; 4] = [0, 1, 2, 4];
/// The bits to which the error recursion is rounded upwards.
const BITS: u64 = 64;
/// The most steps that are tried.
const MAX_STEPS: usize = 20_000;
/// Levels that stand for exact products where the steps are chosen.
const MANY_LEVELS: usize = 500;
/// The most steps for which single levels are tried away.
const MAX_POLISHED: usize = 60;

/// The iteration with exact products: gamma, the contraction, and the weights of the steps.
pub(super) struct Iteration<'a> {
    request: &'a SolveRequest,
    method: SolveMethod,
    gamma: Rational,
    /// x >= 1 with x |I - gamma B| <= 1 for every B of the domain.
    inverse: Rational,
    /// s >= R / c >= |B^-1 f|.
    solution: Rational,
    /// F >= R.
    rhs_bound: Rational,
    /// root^2 >= d.
    root: Rational,
    /// The fewest steps that exact products would need.
    pub(super) shortest: usize,
    /// The steps 2, 3, .. as far as they may be used.
    steps: Vec<Step>,
}

/// What is known of one step before its levels are.
pub(super) struct Step {
    /// rho_lo and rho_hi, bounds of t_{k+1} / t_k.
    pub(super) ratio: (Rational, Rational),
    /// The dyadic weight w of the network.
    pub(super) weight: Rational,
    /// A bound of |w - 2 x t_k / t_{k+1}|.
    pub(super) slack: Rational,
}

impl Step {
    /// The step after one with these bounds of t_k / t_{k-1}.
    pub(super) fn after(ratio: &(Rational, Rational), x: &Rational, method: SolveMethod, weight_bits: u64) -> Self {
        if method == SolveMethod::Richardson {
            return Self { ratio: ratio.clone(), weight: Rational::one(), slack: Rational::zero() };
        }
        let twice = x + x;
        // t_{k+1} / t_k = 2 x - t_{k-1} / t_k increases with t_k / t_{k-1}; x >= 1 keeps it at least 1.
        let next = |ratio: &Rational| &twice - &(&Rational::one() / ratio);
        let ratio = (next(&ratio.0).round_down(weight_bits + 24), next(&ratio.1).round_up(weight_bits + 24));
        // w = 2 x / rho; |w - 2 x / rho| is largest at an end of the range of rho.
        let (upper, lower) = (&twice / &ratio.0, &twice / &ratio.1);
        let weight = upper.round_down(weight_bits);
        let slack = (&weight - &upper).abs().max((&weight - &lower).abs()).round_up(BITS);
        Self { ratio, weight, slack }
    }
}

/// gamma near 2 / (c + C), of so many bits, and x >= 1 with x |I - gamma B| <= 1 for all symmetric B with spectrum in \[c, C\].
///
/// Any gamma > 0 is sound: the norm is at most s = max(|1 - gamma c|, |1 - gamma C|). Any larger s is, too: not below
/// 2^-16 (B may be a multiple of the identity), and rounded so that x = 1/s is dyadic.
pub(super) fn relaxation((c, upper): (&Rational, &Rational), bits: u64) -> (Rational, Rational) {
    let gamma = (&Rational::from(2) / &(c + upper)).round_down(bits);
    let one = Rational::one();
    let s = (&one - &(&gamma * c)).abs().max((&one - &(&gamma * upper)).abs());
    let inverse = (&one / &s.max(Rational::power_of_two(-16))).round_down(BITS);
    (gamma, inverse)
}

/// What the error recursion finds for one choice of levels.
pub(super) struct Bounds {
    /// Levels of the squares of the matrix, then of each step.
    pub(super) levels: Vec<usize>,
    /// Of u_1 = gamma f: the bounds start and size.
    first: (Rational, Rational),
    /// Of each further iterate.
    steps: Vec<StepBounds>,
    /// Bound of |u_K - B^-1 f|.
    pub(super) error: Rational,
}

/// The claims about the iterate that one step makes.
struct StepBounds {
    /// b >= |u_k|, a power of two.
    factor: Rational,
    /// p: what the step adds to the error.
    perturbation: Rational,
    /// Bound of the error of the start, damped by all steps.
    start: Rational,
    /// sum_j (t_j / t_k) p_j
    sum: Rational,
    /// sum_j (k + 1 - j) (t_j / t_k) p_j; without the factor for Richardson.
    total: Rational,
    /// Bound of the iterate.
    size: Rational,
}

impl<'a> Iteration<'a> {
    /// Chooses gamma and the fewest steps that exact products would need.
    ///
    /// # Errors
    /// [`ConstructError::Parameter`] when the error or the condition number is out of reach.
    pub(super) fn new(request: &'a SolveRequest, method: SolveMethod) -> Result<Self, ConstructError> {
        let (c, upper) = (&request.lower, &request.upper);
        // Rounding to more bits than the condition number has keeps the contraction close to best.
        let bits = 16 + (upper / c).ceil_log2().unwrap_or(0).unsigned_abs();
        let (gamma, inverse) = relaxation((c, upper), bits);
        let solution = (&request.rhs_bound / c).round_up(BITS);
        let accuracy = (&solution / &request.error).ceil_log2().unwrap_or(0).max(0).unsigned_abs();
        // The last product alone errs by more than that.
        if accuracy > 2 * MANY_LEVELS as u64 + bits {
            let accepted = format!("an error of at least R / c 2^-{}", 2 * MANY_LEVELS as u64);
            return Err(ConstructError::parameter("error", &request.error, accepted));
        }
        let rhs_bound = power_of_two_above(&request.rhs_bound);
        let root = Rational::from(request.size).sqrt_up(BITS);
        let mut steps: Vec<Step> = Vec::new();
        let mut ratio = (inverse.clone(), inverse.clone());
        let mut start = solution.clone();
        let (mut shortest, mut made) = (None, 0);
        while shortest.is_none_or(|shortest| made < shortest + EXTRA_STEPS[EXTRA_STEPS.len() - 1]) {
            made += 1;
            if made > 1 {
                let step = Step::after(&ratio, &inverse, method, 32 + accuracy);
                ratio.clone_from(&step.ratio);
                steps.push(step);
            }
            start = (&start / &ratio.0).round_up(BITS);
            if shortest.is_none() && start < request.error {
                shortest = Some(made);
            } else if shortest.is_none() && made == MAX_STEPS {
                let accepted = format!("a condition number that {MAX_STEPS} steps can serve");
                return Err(ConstructError::parameter("upper / lower", upper / c, accepted));
            }
        }
        let shortest = shortest.unwrap_or(made);
        Ok(Self { request, method, gamma, inverse, solution, rhs_bound, root, shortest, steps })
    }

    /// The error recursion for K = levels.len() steps; levels\[0\] is that of the squares of the matrix.
    fn bounds(&self, levels: &[usize]) -> Bounds {
        let spread = &self.root * &Rational::from(self.request.size);
        let rhs = &self.gamma * &self.request.rhs_bound;
        // e_m0 / 2
        let matrix = Rational::power_of_two(-2 * levels[0] as i64 - 3);
        // e_1 = (I - gamma B) e_0: u_1 = gamma f is exact.
        let first = ((&self.solution / &self.inverse).round_up(BITS), rhs.round_up(BITS));
        let (mut start, mut size) = first.clone();
        let (mut sum, mut total, mut before) = (Rational::zero(), Rational::zero(), Rational::zero());
        let mut steps = Vec::with_capacity(levels.len() - 1);
        for (&m, Step { ratio: (ratio, _), weight, slack }) in levels[1..].iter().zip(&self.steps) {
            let factor = power_of_two_above(&size);
            // Each entry of G u errs by at most d b (5/4 e_m + e_m0 / 2), the 2-norm by sqrt(d) times that.
            let entry = Rational::from(5).scale_by_power_of_two(-2 * m as i64 - 4) + &matrix;
            let product = &(&spread * &factor) * &entry;
            // What a wrong weight changes: |w' - w| |G u_k + gamma f - u_{k-1}|.
            let moved = slack * &(&size + &rhs + &before);
            let perturbation = (&weight.abs() * &product + moved).round_up(BITS);
            start = (&start / ratio).round_up(BITS);
            match self.method {
                SolveMethod::Chebyshev => {
                    sum = (&sum / ratio + &perturbation).round_up(BITS);
                    total = (&total / ratio + &sum).round_up(BITS);
                }
                SolveMethod::Richardson => total = (&total / ratio + &perturbation).round_up(BITS),
            }
            // |u_k| <= |u| + |e_k|
            let next = (&self.solution + &start + &total).round_up(BITS);
            before = std::mem::replace(&mut size, next);
            let (start, sum, total, size) = (start.clone(), sum.clone(), total.clone(), size.clone());
            steps.push(StepBounds { factor, perturbation, start, sum, total, size });
        }
        let error = (&start + &total).round_up(BITS);
        Bounds { levels: levels.to_vec(), first, steps, error }
    }

    /// Few levels for K steps that certify the error.
    pub(super) fn choose_levels(&self, steps: usize) -> Option<Bounds> {
        let (size, error) = (self.request.size, &self.request.error);
        // Guesses in floating point: what one unit of error in step k contributes at the end, K - k times its damping.
        let many = self.bounds(&vec![MANY_LEVELS; steps]);
        if many.error >= *error {
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
            let moved = many.steps[k - 1].factor.approx_f64() * self.steps[k - 1].weight.approx_f64();
            sensitivity[k] = repeated * damping * moved;
            damping /= root;
        }
        sensitivity[0] = sensitivity.iter().sum::<f64>() / 2.5;
        let budget = (error - &many.error).approx_f64();
        let scale = (size as f64).powf(1.5) * 0.3125 / budget;
        let proposal = |surplus: f64| -> Vec<usize> {
            let level = |c: &f64| ((c * scale).max(f64::MIN_POSITIVE).log2() / 2.0 + surplus).ceil().clamp(1.0, 4000.0);
            sensitivity.iter().map(|c| level(c) as usize).collect()
        };
        let certifies = |levels: &[usize]| self.bounds(levels).error <= *error;
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
        Some(self.bounds(&levels))
    }

    /// Everything that determines the network.
    pub(super) fn plan(&self, bounds: &Bounds) -> SolvePlan {
        let weights = self.steps.iter().take(bounds.steps.len()).map(|step| step.weight.clone());
        SolvePlan {
            size: self.request.size,
            gamma: self.gamma.clone(),
            rhs_bound: self.rhs_bound.clone(),
            matrix_levels: bounds.levels[0],
            levels: bounds.levels[1..].to_vec(),
            weights: weights.collect(),
            iterate_bounds: bounds.steps.iter().map(|step| step.factor.clone()).collect(),
        }
    }

    /// The bounds as a proof about the network of [`Iteration::plan`].
    pub(super) fn proof(&self, network: &Arc<Network>, bounds: &Bounds) -> Proof {
        let request = self.request;
        let opening = solve::Opening {
            size: request.size,
            domain: (&request.lower, &request.upper, &request.rhs_bound),
            method: self.method.name(),
            constants: [&self.gamma, &self.inverse, &self.solution, &self.rhs_bound],
            matrix_levels: bounds.levels[0],
            root: &self.root,
        };
        let mut lines = vec![solve::solve(network, &opening), solve::first(&bounds.first.0, &bounds.first.1)];
        for ((step, own), &m) in self.steps.iter().zip(&bounds.steps).zip(&bounds.levels[1..]) {
            let Step { ratio: (lower, upper), weight, slack } = step;
            let StepBounds { factor, perturbation, start, sum, total, size } = own;
            let claims = [weight, factor, lower, upper, slack, perturbation, start, sum, total, size];
            lines.push(solve::step(m, claims));
        }
        lines.push(solve::conclude(&bounds.error));
        Proof::new(vec![Part { network: Arc::clone(network), lines }])
    }
}
