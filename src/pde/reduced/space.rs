//! A space that grows, in doubles: an orthonormal basis with the reduced matrices.

use super::dense::{approx_add, approx_cholesky_solve, approx_dot};
use super::setting::Setting;

/// A new direction below this share of its vector is not told from rounding.
const NEGLIGIBLE: f64 = 1e-12;

/// A basis orthonormal for G, and the matrices V^T A_i V of the constant part and of all terms.
#[derive(Debug, Clone, Default)]
pub struct Space {
    basis: Vec<Vec<f64>>,
    /// Entry (j, k) of matrix i at `forms[i][j][k]`; the first one is that of G.
    forms: Vec<Vec<Vec<f64>>>,
    right: Vec<f64>,
}

impl Space {
    /// The vectors.
    pub fn basis(&self) -> &[Vec<f64>] {
        &self.basis
    }
    /// The part of v that is new, scaled to norm 1; `None` where the space holds v up to rounding.
    pub fn direction(&self, setting: &Setting, mut v: Vec<f64>) -> Option<Vec<f64>> {
        let norm = approx_dot(&v, &setting.approx_one(&v)).sqrt();
        // The second pass makes the result orthogonal to rounding, the third where the first left little.
        for _ in 0..3 {
            let image = setting.approx_one(&v);
            let shares: Vec<f64> = self.basis.iter().map(|b| approx_dot(b, &image)).collect();
            shares.iter().zip(&self.basis).for_each(|(share, b)| approx_add(&mut v, -share, b));
        }
        let rest = approx_dot(&v, &setting.approx_one(&v)).sqrt();
        (rest > NEGLIGIBLE * norm && rest.is_finite()).then(|| v.iter().map(|x| x / rest).collect())
    }
    /// Adds a direction only, without matrices.
    pub fn extend(&mut self, v: Vec<f64>) {
        self.basis.push(v);
    }
    /// Adds a direction, and returns A_1 v, .., A_p v.
    pub fn push(&mut self, setting: &Setting, v: Vec<f64>) -> Vec<Vec<f64>> {
        let images: Vec<Vec<f64>> = (0..setting.affine().parameters()).map(|i| setting.approx_term(i, &v)).collect();
        self.right.push(approx_dot(&v, setting.problem().approx_load()));
        self.basis.push(v);
        self.forms.resize(images.len() + 1, Vec::new());
        let one = self.basis.last().map(|v| setting.approx_one(v)).unwrap_or_default();
        for (form, image) in self.forms.iter_mut().zip(std::iter::once(&one).chain(&images)) {
            let row: Vec<f64> = self.basis.iter().map(|b| approx_dot(b, image)).collect();
            form.iter_mut().zip(&row).for_each(|(above, entry)| above.push(*entry));
            form.push(row);
        }
        images
    }
    /// The Galerkin solution in the space for the factors of G, A_1, .., A_p, and its energy norm; `None` where the
    /// matrix breaks down in doubles.
    pub fn approx_solve(&self, factors: &[f64]) -> Option<(Vec<f64>, f64)> {
        let matrix = approx_combination(&self.forms, factors);
        let c = approx_cholesky_solve(matrix, self.right.clone())?;
        let energy = approx_dot(&c, &self.right).max(0.0).sqrt();
        Some((c, energy))
    }
}

/// Sum of factors times matrices.
pub fn approx_combination(forms: &[Vec<Vec<f64>>], factors: &[f64]) -> Vec<Vec<f64>> {
    let mut sum = forms.first().map_or_else(Vec::new, |form| vec![vec![0.0; form.len()]; form.len()]);
    for (form, factor) in forms.iter().zip(factors) {
        sum.iter_mut().zip(form).for_each(|(sum, row)| approx_add(sum, *factor, row));
    }
    sum
}
