//! Proper orthogonal decomposition of all snapshots.

use faer::Mat;
use rayon::prelude::*;

use super::super::PdeError;
use super::dense::{approx_add, approx_dot};
use super::setting::Setting;
use super::space::Space;
use super::{Chosen, Goal};

/// Chooses the leading singular vectors of the solutions for all training parameters, each scaled to norm 1.
///
/// The snapshots are orthonormalised for G first and the small triangular factor is decomposed, so that singular values
/// are good down to rounding, not to its square root as with a Gram matrix. The decay lists the norm of the singular
/// values left out, over that of all; with a goal for the error the basis is the shortest one below it.
///
/// **Source.** Sirovich87, the method of snapshots, with the factor in place of the Gram matrix.
///
/// **Exactness.** Approximate.
///
/// # Errors
/// [`PdeError::Factorisation`], [`PdeError::NoSnapshot`].
pub fn approx_pod(setting: &Setting, training: &[Vec<f64>], goal: &Goal) -> Result<Chosen, PdeError> {
    let snapshots: Result<Vec<Vec<f64>>, PdeError> = training.par_iter().map(|y| setting.approx_solution(y)).collect();
    let mut frame: Vec<Vec<f64>> = Vec::new();
    let mut rows = Vec::new();
    let mut space = Space::default();
    for mut snapshot in snapshots? {
        let norm = approx_dot(&snapshot, &setting.approx_one(&snapshot)).sqrt();
        if norm > 0.0 && norm.is_finite() {
            snapshot.iter_mut().for_each(|x| *x /= norm);
            if let Some(direction) = space.direction(setting, snapshot.clone()) {
                space.extend(direction.clone());
                frame.push(setting.approx_one(&direction));
            }
            rows.push(frame.iter().map(|image| approx_dot(image, &snapshot)).collect::<Vec<f64>>());
        }
    }
    let rank = frame.len();
    if rank == 0 {
        return Err(PdeError::NoSnapshot);
    }
    let factor = Mat::from_fn(rank, rows.len(), |i, j| rows[j].get(i).copied().unwrap_or(0.0));
    let svd = factor.thin_svd().map_err(|_| PdeError::Factorisation)?;
    let values: Vec<f64> = (0..rank.min(rows.len())).map(|k| svd.S()[k]).collect();
    // Sums from the small end keep the digits of small tails.
    let mut tails = vec![0.0; values.len() + 1];
    for k in (0..values.len()).rev() {
        tails[k] = tails[k + 1] + values[k] * values[k];
    }
    let all: Vec<f64> = tails[1..].iter().map(|tail| (tail / tails[0]).sqrt()).collect();
    let enough = goal.error.and_then(|goal| all.iter().position(|tail| *tail <= goal)).map(|k| k + 1);
    let dimension = enough.unwrap_or(goal.dimension).min(goal.dimension).min(values.len());
    let vector = |k: usize| {
        let mut sum = vec![0.0; setting.grid().unknowns()];
        space.basis().iter().enumerate().for_each(|(i, v)| approx_add(&mut sum, svd.U()[(i, k)], v));
        sum
    };
    let reached = goal.error.is_none() || enough.is_some_and(|enough| enough <= dimension);
    Ok(Chosen { basis: (0..dimension).map(vector).collect(), decay: all[..dimension].to_vec(), reached })
}
