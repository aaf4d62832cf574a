//! The weak greedy choice of snapshots.

use rayon::prelude::*;

use super::super::PdeError;
use super::estimator::Estimator;
use super::setting::Setting;
use super::space::Space;
use super::{Chosen, Goal};

/// Chooses a basis one snapshot at a time: the solution for the training parameter with the largest estimate.
///
/// The estimate is the dual norm of the residual over the square root of the least coefficient, over the energy norm of
/// the reduced solution.
///
/// **Source.** The weak greedy algorithm: BCDDPW11.
///
/// **Exactness.** Approximate: the decay is a list of estimates, largest over the training set only.
///
/// # Errors
/// As [`Setting::approx_solution`]; [`PdeError::NoSnapshot`].
pub fn approx_greedy(setting: &Setting, training: &[Vec<f64>], goal: &Goal) -> Result<Chosen, PdeError> {
    let least = |y: &Vec<f64>| Ok(setting.approx_values(y)?.into_iter().fold(f64::INFINITY, f64::min));
    let least = training.par_iter().map(least).collect::<Result<Vec<f64>, PdeError>>()?;
    let (mut space, mut estimator) = (Space::default(), Estimator::new(setting));
    let (mut decay, mut next) = (Vec::new(), 0);
    while space.basis().len() < goal.dimension {
        let snapshot = setting.approx_solution(&training[next])?;
        // Where the space holds the worst snapshot already, rounding is all that is left.
        let Some(direction) = space.direction(setting, snapshot) else { break };
        let images = space.push(setting, direction.clone());
        estimator.push(setting, &direction, &images);
        let estimate = |(y, least): (&Vec<f64>, &f64)| {
            let factors = setting.approx_factors(y);
            let Some((c, energy)) = space.approx_solve(&factors) else { return f64::INFINITY };
            estimator.approx_residual(&factors, &c) / (least.sqrt() * energy)
        };
        let estimates: Vec<f64> = training.par_iter().zip(&least).map(estimate).collect();
        let worst = estimates.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let Some((index, error)) = worst else { break };
        decay.push(*error);
        next = index;
        if goal.error.is_some_and(|goal| *error <= goal) {
            break;
        }
    }
    if decay.is_empty() {
        return Err(PdeError::NoSnapshot);
    }
    let reached = goal.error.is_none_or(|goal| decay.last().is_some_and(|last| *last <= goal));
    Ok(Chosen { basis: space.basis().to_vec(), decay, reached })
}
