//! The iteration of `parametric`: its constants, the bounds of its errors, and the proof made of these bounds.
//!
//! Every bound is a claim of FORMAT.md, section 13, under the letters used there: dyadic and rounded outwards. Certified
//! error and proof are one computation.

use std::sync::Arc;

use super::error::ConstructError;
use super::levels::fewest_levels;
use super::linear_solve::SolveMethod;
use super::matrix_inverse::power_of_two_above;
use super::parametric::ParametricSystem;
use super::solve_iteration::{Step, relaxation};
use crate::arith::Rational;
use crate::certify::Line;
use crate::certify::rules::diffusion;
use crate::network::Network;

/// The bits to which the error recursion is rounded upwards.
const BITS: u64 = 64;
/// The most iterates that are tried.
const MAX_ITERATES: usize = 2_000;

/// The iteration with exact products.
pub(super) struct Iteration<'a> {
    system: &'a ParametricSystem,
    pub(super) gamma: Rational,
    /// x >= 1 with x |I - gamma B| <= 1 for all parameters.
    inverse: Rational,
    /// s >= F / c, at least the norm of every solution.
    solution: Rational,
    /// root^2 >= p d
    root: Rational,
    /// The steps that make iterates 2, 3, ..
    steps: Vec<Step>,
    /// Bounds of 1 / t_1, 1 / t_2, ..
    decay: Vec<Rational>,
}

/// The bounds for one choice of levels.
pub(super) struct Bounds {
    /// Of the squares of the parameters, where there are products.
    pub(super) square_levels: usize,
    /// Of the steps that make iterates 3, 4, ..
    pub(super) levels: Vec<usize>,
    /// p and size of the first iterate.
    first: [Rational; 2],
    /// Of iterates 2, 3, ..
    pub(super) steps: Vec<StepBounds>,
}

/// The claims about one iterate.
pub(super) struct StepBounds {
    /// b >= |u_k|, the bound that the factors of the products are scaled by.
    pub(super) factor: Rational,
    perturbation: Rational,
    sum: Rational,
    /// sum_j (k + 1 - j) (t_j / t_k) p_j
    pub(super) total: Rational,
    /// Bound of the iterate.
    pub(super) size: Rational,
}

impl<'a> Iteration<'a> {
    /// The steps until 1 / t_K is below `decay`, and a few more; `bits` of accuracy for gamma and the weights of steps.
    ///
    /// # Errors
    /// [`ConstructError::Parameter`] where that takes too many.
    pub(super) fn new(system: &'a ParametricSystem, decay: &Rational, bits: u64) -> Result<Self, ConstructError> {
        let (c, upper) = (&system.lower, &system.upper);
        let condition = (upper / c).ceil_log2().unwrap_or(0).unsigned_abs();
        let (gamma, inverse) = relaxation((c, upper), condition + 6);
        let mut steps = Vec::new();
        let mut list = vec![(Rational::one() / &inverse).round_up(BITS)];
        let mut ratio = (inverse.clone(), inverse.clone());
        let mut beyond = 0;
        while beyond <= super::parametric::EXTRA_ITERATES {
            let step = Step::after(&ratio, &inverse, SolveMethod::Chebyshev, bits);
            ratio.clone_from(&step.ratio);
            // t_{k+1} >= rho_lo t_k
            let next = (&list[list.len() - 1] / &ratio.0).round_up(BITS);
            beyond += usize::from(next <= *decay);
            list.push(next);
            steps.push(step);
            if list.len() > MAX_ITERATES {
                let accepted = format!("a condition number that {MAX_ITERATES} iterates can serve");
                return Err(ConstructError::parameter("upper / lower", upper / c, accepted));
            }
        }
        Ok(Self {
            solution: (&system.load_upper / c).round_up(BITS),
            root: Rational::from(system.parameters() * system.size()).sqrt_up(BITS),
            system,
            gamma,
            inverse,
            steps,
            decay: list,
        })
    }
    /// A bound of 1 / t_K.
    pub(super) fn decay(&self, iterates: usize) -> &Rational {
        &self.decay[iterates - 1]
    }
    /// The most iterates.
    pub(super) fn longest(&self) -> usize {
        self.decay.len()
    }
    /// The weights of the steps that make iterates 2, 3, ..
    pub(super) fn weights(&self) -> impl Iterator<Item = &Rational> {
        self.steps.iter().map(|step| &step.weight)
    }

    /// The error recursion for levels.len() + 2 iterates.
    pub(super) fn bounds(&self, square_levels: usize, levels: &[usize]) -> Bounds {
        let system = self.system;
        let unit = |m: usize| Rational::power_of_two(-2 * m as i64 - 2);
        let rhs = &self.gamma * &system.load_upper;
        // u_1 = gamma g
        let first = [(&self.gamma * &system.load_error).round_up(BITS), rhs.round_up(BITS)];
        let [mut sum, mut size] = first.clone();
        let (mut total, mut before) = (sum.clone(), Rational::zero());
        let products = std::iter::once(None).chain(levels.iter().map(|m| Some(*m)));
        let mut steps = Vec::with_capacity(levels.len() + 1);
        for ((m, step), decay) in products.zip(&self.steps).zip(&self.decay[1..]) {
            let factor = power_of_two_above(&size);
            // S root b (5 e / 2 + e0): every product errs by b (5 e / 2 + e0), none is needed for u_2.
            let product = m.map_or_else(Rational::zero, |m| {
                let entry = unit(m) * Rational::ratio(5, 2) + unit(square_levels);
                &(&(&system.coupling * &self.root) * &factor) * &entry
            });
            let inexact = product + &system.matrix_error * &size + &system.load_error;
            let moved = &step.slack * &(&(&size + &rhs) + &before);
            let perturbation = (&(&step.weight.abs() * &self.gamma) * &inexact + moved).round_up(BITS);
            sum = (&sum / &step.ratio.0 + &perturbation).round_up(BITS);
            total = (&total / &step.ratio.0 + &sum).round_up(BITS);
            // |u_k| <= |c_G| (1 + 1 / t_k) + total
            let next = (&self.solution * &(Rational::one() + decay) + &total).round_up(BITS);
            before = std::mem::replace(&mut size, next);
            let (sum, total, size) = (sum.clone(), total.clone(), size.clone());
            steps.push(StepBounds { factor, perturbation, sum, total, size });
        }
        Bounds { square_levels, levels: levels.to_vec(), first, steps }
    }

    /// Few levels for K >= 2 iterates whose errors sum up to at most `allowed`.
    pub(super) fn choose_levels(&self, iterates: usize, allowed: &Rational) -> Option<Bounds> {
        let certifies = |levels: &[usize]| {
            // The squares of the parameters come last: they are few, so that levels are taken from others first.
            let (steps, squares) = levels.split_at(levels.len() - 1);
            self.bounds(squares[0], steps).total() <= *allowed
        };
        if iterates == 2 {
            let bounds = self.bounds(1, &[]);
            return (bounds.total() <= *allowed).then_some(bounds);
        }
        let levels = fewest_levels(iterates - 1, certifies).ok()?;
        let (steps, squares) = levels.split_at(levels.len() - 1);
        Some(self.bounds(squares[0], steps))
    }

    /// The lines of the iteration; the squaring networks by their levels.
    pub(super) fn lines(&self, bounds: &Bounds, squaring: impl Fn(usize) -> Arc<Network>) -> Vec<Line> {
        let constants = [&self.gamma, &self.inverse, &self.solution, &self.system.coupling, &self.root];
        let [perturbation, size] = &bounds.first;
        let mut lines = vec![diffusion::affine(constants), diffusion::first([self.decay(1), perturbation, size])];
        for (k, ((own, step), decay)) in bounds.steps.iter().zip(&self.steps).zip(&self.decay[1..]).enumerate() {
            let Step { ratio: (lower, upper), weight, slack } = step;
            let StepBounds { factor, perturbation, sum, total, size } = own;
            let claims = [lower, upper, slack, perturbation, decay, sum, total, size];
            match k.checked_sub(1) {
                None => lines.push(diffusion::second(weight, claims)),
                Some(product) => {
                    if product == 0 {
                        lines.push(diffusion::squares(&squaring(bounds.square_levels)));
                    }
                    lines.push(diffusion::step(&squaring(bounds.levels[product]), [weight, factor], claims));
                }
            }
        }
        lines
    }
}

impl Bounds {
    /// |u_K - (c_G + T_K(x G)(-c_G) / t_K)|
    pub(super) fn total(&self) -> Rational {
        self.steps.last().map_or_else(Rational::zero, |step| step.total.clone())
    }
    /// |u_K|
    pub(super) fn size(&self) -> Rational {
        self.steps.last().map_or_else(Rational::zero, |step| step.size.clone())
    }
}
