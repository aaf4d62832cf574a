//! The parts of the error and their sum.

use crate::arith::Rational;

use super::super::whole_box::Norm;
use super::system::ReducedProblem;

/// Significant bits of bounds.
const BITS: u64 = 48;

/// A relative error, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// rho: the reduced basis, over the whole box.
    pub basis: Rational,
    /// 1 / t_K: the iteration with exact products.
    pub iteration: Rational,
    /// What products and rounded matrices add.
    pub products: Rational,
    /// e: what basis and iteration make together.
    pub exact: Rational,
    /// The sum.
    pub total: Rational,
}

impl Norm {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Energy => "energy",
            Self::H1 => "h1",
        }
    }
    /// The factor between the norm of G and that of H1, see FORMAT.md, section 13; 1 for the energy norm.
    fn factor(self) -> Rational {
        match self {
            Self::Energy => Rational::one(),
            Self::H1 => Rational::ratio(102_502, 100_000),
        }
    }
    /// e, at least what a basis error of rho and an iteration error of `decay` make together: the errors are orthogonal in
    /// the energy norm; in the norm of G they are added.
    pub fn exact_part(self, problem: &ReducedProblem, rho: &Rational, decay: &Rational) -> Rational {
        let one = Rational::one();
        match self {
            Self::Energy => (rho * rho + decay * decay).sqrt_up(BITS),
            Self::H1 => {
                let ratio = (&one + &problem.defect) / (&one - &problem.defect);
                (rho + &(&(decay * &(&one + rho)) * &ratio)).round_up(BITS)
            }
        }
    }
    /// The largest total error of products that keeps the sum within `error`; `None` where nothing is left.
    pub fn allowed(
        self,
        problem: &ReducedProblem,
        error: &Rational,
        rho: &Rational,
        decay: &Rational,
    ) -> Option<Rational> {
        let left = error / &self.factor() - self.exact_part(problem, rho, decay);
        let allowed = left * &problem.load_lower / &problem.system.upper;
        allowed.is_positive().then_some(allowed)
    }
}

impl Budget {
    /// The sum for an iteration that errs by `decay` and products that err by `total`.
    pub fn new(problem: &ReducedProblem, norm: Norm, rho: &Rational, decay: &Rational, total: &Rational) -> Self {
        let exact = norm.exact_part(problem, rho, decay);
        // |e|_B / |u| <= C^(1/2) total / (f / C^(1/2)); in the norm of G the same.
        let products = (&(&problem.system.upper * total) / &problem.load_lower).round_up(BITS);
        let total = ((&exact + &products) * norm.factor()).round_up(24);
        Self { basis: rho.clone(), iteration: decay.clone(), products, exact, total }
    }
}
