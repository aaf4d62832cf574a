//! A basis of equilibrated fluxes, chosen in doubles.

use rayon::prelude::*;

use super::super::PdeError;
use super::super::reduced::dense::{approx_add, approx_cholesky_solve, approx_dot};
use super::super::reduced::space::approx_combination;
use super::super::reduced::{ReducedModel, approx_training_set, basis};
use super::classes::Classes;
use super::fields::Differences;
use super::{CoverOptions, Fluxes, Norm};

/// A new flux below this share of its norm is not told from rounding.
const NEGLIGIBLE: f64 = 1e-9;
/// Squares of gaps below this share of the energy are rounding.
const NOISE: f64 = 1e-15;

/// What a choice of fluxes looked like.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The fluxes in doubles, sigma_0 first.
    pub fields: Vec<Vec<f64>>,
    /// The largest gap over the training set, relative to the energy norm, for 0, 1, .. fluxes besides sigma_0.
    pub gaps: Vec<f64>,
}

/// One training parameter: a growing Cholesky factor of the weighted Gram matrix of the W_j.
struct Point {
    inverse: Vec<f64>,
    /// What the norm adds to the square.
    factor: f64,
    /// Energy of the reduced solution.
    primal: f64,
    rows: Vec<Vec<f64>>,
    /// L^-1 (W . sigma_0)
    shares: Vec<f64>,
    /// Energy of the best flux.
    dual: f64,
    /// Whether its flux is there, or would help little.
    saturated: bool,
}

impl Point {
    fn gap(&self) -> f64 {
        self.factor * (self.dual - self.primal) / self.primal
    }
    /// Extends by the products of the newest W with sigma_0 and W_1, .., itself.
    fn extend(&mut self, with_start: f64, products: &[f64]) {
        let mut row: Vec<f64> = Vec::with_capacity(products.len());
        for (j, product) in products.iter().enumerate() {
            let known = approx_dot(&row, if j < self.rows.len() { &self.rows[j][..j] } else { &row });
            let rest = product - known;
            row.push(if j < self.rows.len() { rest / self.rows[j][j] } else { rest.max(0.0).sqrt() });
        }
        let diagonal = row.last().copied().unwrap_or(0.0);
        let share = with_start - approx_dot(&row[..row.len() - 1], &self.shares);
        let share = if diagonal > 0.0 { share / diagonal } else { 0.0 };
        self.dual -= 0.5 * share * share;
        // A direction that is not new has the diagonal 0 and takes no share.
        if diagonal <= 0.0 {
            row.pop();
            row.push(f64::INFINITY);
        }
        self.rows.push(row);
        self.shares.push(share);
    }
}

/// Chooses fluxes one at a time: that of the solution whose parameter has the largest gap between the energies of the
/// best flux and the reduced solution.
///
/// The gap is the hypercircle: its square is that of the error of the reduced solution plus that of the flux (Prager and
/// Synge). At the parameter with the largest gap the solution tells the two apart; where little of it is the flux's, its
/// flux would not help.
///
/// **Exactness.** Approximate.
///
/// # Errors
/// As `Setting::approx_solution`; [`PdeError::Factorisation`].
pub fn approx_fluxes(model: &ReducedModel, classes: &Classes, options: &CoverOptions) -> Result<Choice, PdeError> {
    let setting = model.setting();
    let differences = Differences::new(setting.grid());
    let training = approx_training_set(setting.problem().coefficient(), options.training, options.seed);
    let values: Vec<Vec<f64>> =
        classes.values().iter().map(|row| row.iter().map(|a| a.approx_f64()).collect()).collect();
    let flux = |y: &[f64]| -> Result<(Vec<f64>, f64), PdeError> {
        let u = setting.approx_solution(y)?;
        let a = setting.approx_values(y)?;
        let mut field = differences.gradient(&u);
        field.chunks_exact_mut(2).zip(&a).for_each(|(pair, a)| pair.iter_mut().for_each(|x| *x *= a));
        Ok((field, approx_dot(&u, setting.problem().approx_load())))
    };
    let by_class = |x: &[f64], y: &[f64]| {
        let mut sums = vec![0.0; values.len()];
        for (class, (x, y)) in classes.of_triangles().iter().zip(x.chunks_exact(2).zip(y.chunks_exact(2))) {
            sums[*class] += x[0] * y[0] + x[1] * y[1];
        }
        sums
    };
    let (start, _) = flux(&training[0])?;
    let size = approx_dot(&start, &start).sqrt();
    if !(size > 0.0 && size.is_finite()) {
        return Err(PdeError::NoSnapshot);
    }
    let own = by_class(&start, &start);
    let (forms, load) = model.system().approx();
    let point = |y: &Vec<f64>| {
        let matrix = approx_combination(forms, &setting.approx_factors(y));
        let c = approx_cholesky_solve(matrix, load.to_vec()).ok_or(PdeError::Factorisation)?;
        let at = |row: &Vec<f64>| 1.0 / row[1..].iter().zip(y).fold(row[0], |sum, (a, y)| sum + a * y);
        let inverse: Vec<f64> = values.iter().map(at).collect();
        let dual = 0.5 * approx_dot(&own, &inverse);
        let [low, high] = inverse.iter().fold([f64::INFINITY, 0.0], |[low, high], x| [x.min(low), x.max(high)]);
        let factor = if options.norm == Norm::H1 { high / low } else { 1.0 };
        Ok(Point {
            inverse,
            factor,
            primal: approx_dot(&c, load),
            rows: Vec::new(),
            shares: Vec::new(),
            dual,
            saturated: false,
        })
    };
    let mut points: Vec<Point> = training.par_iter().map(point).collect::<Result<_, PdeError>>()?;
    let mut choice = Choice { fields: vec![start], gaps: Vec::new() };
    let goal = (options.share * options.target).powi(2).max(NOISE);
    loop {
        choice.gaps.push(points.iter().map(Point::gap).fold(0.0, f64::max).sqrt());
        let open = points.iter().enumerate().filter(|(_, point)| !point.saturated && point.gap() > goal);
        let worst = open.max_by(|a, b| a.1.gap().total_cmp(&b.1.gap())).map(|(index, _)| index);
        let Some(index) = worst.filter(|_| choice.fields.len() <= options.fluxes) else { break };
        let (mut next, energy) = flux(&training[index])?;
        points[index].saturated = true;
        // (dual - energy) : (dual - primal) is the flux's part of the square.
        if points[index].dual - energy <= options.saturation * (points[index].dual - points[index].primal) {
            choice.gaps.pop();
            continue;
        }
        approx_add(&mut next, -1.0, &choice.fields[0]);
        let before = approx_dot(&next, &next).sqrt();
        for _ in 0..3 {
            for w in &choice.fields[1..] {
                let share = approx_dot(w, &next) / (size * size);
                approx_add(&mut next, -share, w);
            }
        }
        let after = approx_dot(&next, &next).sqrt();
        if after <= NEGLIGIBLE * before {
            choice.gaps.pop();
            continue;
        }
        // All fields have the norm of sigma_0, so that one unit suits them all.
        next.iter_mut().for_each(|x| *x *= size / after);
        choice.fields.push(next);
        let newest = &choice.fields[choice.fields.len() - 1];
        let rows: Vec<Vec<f64>> = choice.fields.par_iter().map(|w| by_class(w, newest)).collect();
        points.par_iter_mut().for_each(|point| {
            let products: Vec<f64> = rows.iter().map(|row| approx_dot(row, &point.inverse)).collect();
            point.extend(products[0], &products[1..]);
        });
    }
    Ok(choice)
}

/// Rounds fields to multiples of 2^-bits of the largest entry, up to a factor 2.
///
/// # Errors
/// [`PdeError::NoSnapshot`] where all are 0.
pub fn round(fields: &[Vec<f64>], bits: i64) -> Result<Fluxes, PdeError> {
    let exponent = basis::exponent_for(fields.iter().flatten(), bits).ok_or(PdeError::NoSnapshot)?;
    let whole = |field: &Vec<f64>| field.iter().map(|x| basis::mantissa(*x, exponent)).collect();
    Ok(Fluxes { fields: fields.iter().map(whole).collect(), exponent })
}
