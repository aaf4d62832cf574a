//! Estimates of errors in doubles, whose cost does not depend on the grid.

use super::dense::{approx_add, approx_dot};
use super::setting::Setting;

/// What is left of a vector below this share of its norm counts as rounding.
const NEGLIGIBLE: f64 = 1e-13;

/// The residuals f - A_y v of all y and all v of a space, as coordinates in one orthonormal basis.
///
/// Residuals lie in the span of f and all A_i v_j. With q_1, q_2, .. orthonormal for G that span the Riesz representers,
/// the dual norm of r is the 2-norm of the numbers q_k . r: nothing is squared before it cancels, so that estimates are
/// good down to 1e-14 of the load, not to 1e-7 as with Gram matrices of representers.
///
/// **Source.** The stable evaluation: BEOR14.
///
/// **Exactness.** Approximate: guides the choice of snapshots, bounds nothing.
#[derive(Debug, Clone)]
pub struct Estimator {
    /// The q_k, and G q_k.
    range: Vec<[Vec<f64>; 2]>,
    right: Vec<f64>,
    /// Coordinates of G v_j, A_1 v_j, .., A_p v_j for every j; they may be shorter than the basis is now.
    images: Vec<Vec<Vec<f64>>>,
}

impl Estimator {
    /// The estimator of the empty space.
    pub fn new(setting: &Setting) -> Self {
        let mut empty = Self { range: Vec::new(), right: Vec::new(), images: Vec::new() };
        let right = setting.problem().approx_load();
        empty.right = empty.coordinates(setting, right, setting.approx_riesz(right));
        empty
    }
    /// Adds v to the space, given A_i v for all i; G v is its own representer's image.
    pub fn push(&mut self, setting: &Setting, v: &[f64], images: &[Vec<f64>]) {
        let mut list = vec![self.coordinates(setting, &setting.approx_one(v), v.to_vec())];
        for image in images {
            list.push(self.coordinates(setting, image, setting.approx_riesz(image)));
        }
        self.images.push(list);
    }
    /// Extends the basis by r where needed; z is its representer.
    fn coordinates(&mut self, setting: &Setting, r: &[f64], mut z: Vec<f64>) -> Vec<f64> {
        let mut list: Vec<f64> = self.range.iter().map(|[q, _]| approx_dot(q, r)).collect();
        for (x, [q, _]) in list.iter().zip(&self.range) {
            approx_add(&mut z, -x, q);
        }
        // Once more: the first pass leaves rounding of the size of r.
        for [q, image] in &self.range {
            let x = approx_dot(image, &z);
            approx_add(&mut z, -x, q);
        }
        let image = setting.approx_one(&z);
        let rest = approx_dot(&z, &image).max(0.0).sqrt();
        let norm = (approx_dot(&list, &list) + rest * rest).sqrt();
        if rest > NEGLIGIBLE * norm {
            list.push(rest);
            self.range.push([z, image].map(|x| x.iter().map(|x| x / rest).collect()));
        }
        list
    }
    /// The dual norm of f - A_y v for the factors 1 or y_i of G, A_1, .., A_p and v = sum of c_j v_j.
    pub fn approx_residual(&self, factors: &[f64], c: &[f64]) -> f64 {
        let mut sum = vec![0.0; self.range.len()];
        approx_add(&mut sum, 1.0, &self.right);
        for (c, images) in c.iter().zip(&self.images) {
            for (factor, image) in factors.iter().zip(images) {
                approx_add(&mut sum, -c * factor, image);
            }
        }
        approx_dot(&sum, &sum).sqrt()
    }
}
