//! The smallest network for the parametric map within an error.

use std::sync::Arc;

use crate::arith::Rational;
use crate::construct::{ConstructError, ParametricSolution, parametric_solutions};
use crate::network::{Network, Size};

use super::super::PdeError;
use super::super::reduced::ReducedModel;
use super::super::whole_box::Norm;
use super::network::nodal_network;
use super::system::ReducedProblem;
use super::total::Budget;

/// A network y -> u_y with its error over the whole box.
#[derive(Debug, Clone)]
pub struct ParametricMap {
    /// The rounded reduced problem.
    pub problem: ReducedProblem,
    /// The network of the reduced coefficients.
    pub solution: ParametricSolution,
    /// L, N and M of the network of the reduced coefficients.
    pub reduced_size: Size,
    /// The network of nodal values.
    pub network: Arc<Network>,
    /// The power of two that coefficients are scaled by before the basis.
    pub bound: Rational,
    /// The norm of errors.
    pub norm: Norm,
    /// The error, part by part.
    pub budget: Budget,
}

impl ParametricMap {
    /// The network with the fewest weights, among all numbers of iterates, for a basis whose error over the box is at most
    /// `rho` in this norm.
    ///
    /// **Statement.** For all parameters y of the box: |u_y - R(y)| <= total |u_y| in the norm, u_y the exact solution of the
    /// discrete problem. Proof: FORMAT.md, section 13.
    ///
    /// **Source.** KPRS22, Theorem 4.3, for the existence of such networks with constants left open.
    ///
    /// **Exactness.** Exact network, upper bound of the error, provided that rho bounds that of the basis.
    ///
    /// # Errors
    /// [`PdeError::Unreachable`] where rho leaves no room; as [`ReducedProblem::new`]; [`PdeError::Construct`].
    pub fn new(model: &ReducedModel, norm: Norm, rho: &Rational, error: &Rational) -> Result<Self, PdeError> {
        let (d, p) = (model.basis().dimension(), model.setting().affine().parameters());
        let log = |x: &Rational| x.ceil_log2().unwrap_or(0);
        let accuracy = -log(error);
        // The condition number is not known before the system is: 2^-20 more cost a few digits a weight.
        let rough = ReducedProblem::new(model, 20 + accuracy)?;
        let condition = log(&(&rough.system.upper / &rough.system.lower));
        // Rounding the matrices adds about 6 kappa beta to the relative error: a hundredth of it.
        let bits = accuracy + condition + log(&Rational::from(600 * (p + 1) * d));
        let problem = ReducedProblem::new(model, bits)?;
        let unreachable = || PdeError::Unreachable {
            error: Box::new(error.clone()),
            reached: Box::new(Budget::new(&problem, norm, rho, &Rational::zero(), &Rational::zero()).total),
        };
        let allowed = |decay: &Rational| norm.allowed(&problem, error, rho, decay);
        // Nine tenths of the iteration error that exact products would leave room for.
        let mut decay = error.scale_by_power_of_two(-1);
        while allowed(&decay).is_none() {
            decay = decay.scale_by_power_of_two(-1);
            if log(&decay) < 3 * log(error) - 64 {
                return Err(unreachable());
            }
        }
        let solutions =
            parametric_solutions(&problem.system, (accuracy + condition + 10).max(16) as u64, &decay, allowed)?;
        let mut best: Option<(Size, ParametricSolution)> = None;
        for solution in solutions {
            let size = solution.network.layered().and_then(|layered| layered.size()).map_err(ConstructError::from)?;
            if best.as_ref().is_none_or(|(least, _)| size.weights < least.weights) {
                best = Some((size, solution));
            }
        }
        let Some((reduced_size, solution)) = best else { return Err(unreachable()) };
        let bound = Rational::power_of_two(log(&solution.size));
        let network = nodal_network(&solution.network, model.basis(), &bound).map_err(ConstructError::from)?;
        Ok(Self {
            budget: Budget::new(&problem, norm, rho, &solution.decay, &solution.total),
            problem,
            reduced_size,
            network: Arc::new(network),
            bound,
            norm,
            solution,
        })
    }
}
