//! Points at which a polynomial is large on a polytope: guessed in doubles, made exact for degree 2.

use crate::arith::Rational;
use crate::linalg::{LinalgError, Matrix, solve_vector};
use crate::polyhedra::lp::guess::{FloatRow, dot, eliminate};
use crate::polyhedra::polynomial::FloatPolynomial;
use crate::polyhedra::{Halfspace, Polynomial};

/// Steps of one ascent.
const STEPS: usize = 80;
/// Slopes below this, relative to the gradient, count as none.
const FLAT: f64 = 1e-9;

/// Goes up from a point of the polytope; returns where it ended and the rows that are active there. Approximate.
pub(super) fn approx_ascend(rows: &[&FloatRow], q: &FloatPolynomial, start: &[f64]) -> (Vec<f64>, Vec<usize>) {
    let n = start.len();
    let (mut x, mut active): (Vec<f64>, Vec<usize>) = (start.to_vec(), Vec::new());
    for _ in 0..STEPS {
        let (gradient, hessian) = (q.approx_gradient(&x), q.approx_hessian(&x));
        let basis = tangents(rows, &active, n);
        let slopes: Vec<f64> = basis.iter().map(|v| dot(v, &gradient)).collect();
        let bend = |u: &[f64], v: &[f64]| -> f64 { hessian.iter().zip(u).map(|(row, u)| u * dot(row, v)).sum() };
        let length = dot(&gradient, &gradient).sqrt().max(f64::MIN_POSITIVE);
        let bends = hessian.iter().flatten().map(|h| h.abs()).fold(0.0, f64::max);
        let level = dot(&slopes, &slopes).sqrt() <= FLAT * length;
        let curved = basis.iter().find(|v| bend(v, v) > FLAT * bends);
        let (direction, most) = match curved.filter(|_| level) {
            // A flat place that is no maximum.
            Some(v) => (v.clone(), f64::INFINITY),
            None if level => match worst(rows, &active, &gradient) {
                Some(k) => {
                    active.swap_remove(k);
                    continue;
                }
                None => break,
            },
            None => {
                let newton = newton(&basis, &slopes, &bend);
                let along = |weights: &[f64]| -> Vec<f64> {
                    (0..n).map(|j| basis.iter().zip(weights).map(|(v, w)| w * v[j]).sum()).collect()
                };
                match newton {
                    Some(weights) => (along(&weights), 1.0),
                    None => {
                        let direction = along(&slopes);
                        let curvature = bend(&direction, &direction);
                        let slope = dot(&slopes, &slopes);
                        (direction, if curvature < 0.0 { -slope / curvature } else { f64::INFINITY })
                    }
                }
            }
        };
        let (mut step, mut stop) = (most, None);
        for (k, row) in rows.iter().enumerate().filter(|(k, _)| !active.contains(k)) {
            let speed = dot(&row.normal, &direction);
            if speed > 1e-13 * dot(&direction, &direction).sqrt() {
                let time = row.approx_slack(&x).max(0.0) / speed;
                if time < step {
                    (step, stop) = (time, Some(k));
                }
            }
        }
        if !step.is_finite() {
            break;
        }
        let before = q.approx_value(&x);
        let moved = |step: f64| -> Vec<f64> { x.iter().zip(&direction).map(|(x, d)| x + step * d).collect() };
        let mut next = moved(step);
        // Far steps may overshoot where the polynomial is not quadratic.
        for _ in 0..30 {
            if q.approx_value(&next) >= before || step == 0.0 {
                break;
            }
            (step, stop) = (0.5 * step, None);
            next = moved(step);
        }
        x = next;
        active.extend(stop);
    }
    (x, active)
}

/// Orthonormal directions in which all active rows stay active.
fn tangents(rows: &[&FloatRow], active: &[usize], n: usize) -> Vec<Vec<f64>> {
    let unit = |j: usize| (0..n).map(|i| f64::from(u8::from(i == j))).collect::<Vec<f64>>();
    let mut all: Vec<Vec<f64>> = Vec::new();
    let mut normals = 0;
    for (place, candidate) in active.iter().map(|&k| rows[k].normal.clone()).chain((0..n).map(unit)).enumerate() {
        let size = dot(&candidate, &candidate).sqrt();
        let mut rest = candidate;
        // Twice is enough.
        for _ in 0..2 {
            for v in &all {
                let part = dot(v, &rest);
                rest.iter_mut().zip(v).for_each(|(r, v)| *r -= part * v);
            }
        }
        let length = dot(&rest, &rest).sqrt();
        if length > 1e-7 * size {
            all.push(rest.iter().map(|r| r / length).collect());
            normals += usize::from(place < active.len());
        }
    }
    all.split_off(normals)
}

/// The step to the maximum of the quadratic model; `None` when it has none.
fn newton(basis: &[Vec<f64>], slopes: &[f64], bend: &impl Fn(&[f64], &[f64]) -> f64) -> Option<Vec<f64>> {
    let mut system: Vec<Vec<f64>> = basis
        .iter()
        .zip(slopes)
        .map(|(u, slope)| basis.iter().map(|v| -bend(u, v)).chain([*slope]).collect())
        .collect();
    // Negative definite exactly when elimination without exchanges meets positive pivots only.
    let mut copy = system.clone();
    for k in 0..copy.len() {
        if copy[k][k] <= 1e-12 {
            return None;
        }
        let (done, rest) = copy.split_at_mut(k + 1);
        for row in rest {
            let factor = row[k] / done[k][k];
            row.iter_mut().zip(&done[k]).for_each(|(a, b)| *a -= factor * b);
        }
    }
    eliminate(&mut system)
}

/// The active row that holds the ascent back most: the one with the most negative multiplier.
fn worst(rows: &[&FloatRow], active: &[usize], gradient: &[f64]) -> Option<usize> {
    let normal = |k: usize| rows[active[k]].normal.as_slice();
    let mut system: Vec<Vec<f64>> = (0..active.len())
        .map(|i| (0..active.len()).map(|j| dot(normal(i), normal(j))).chain([dot(normal(i), gradient)]).collect())
        .collect();
    let multipliers = eliminate(&mut system)?;
    let size = dot(gradient, gradient).sqrt();
    (0..active.len())
        .filter(|&k| multipliers[k] * dot(normal(k), normal(k)).sqrt() < -FLAT * size)
        .min_by(|&i, &j| multipliers[i].total_cmp(&multipliers[j]))
}

/// The critical point of a quadratic on the flat where the active halfspaces are 0. Exact.
///
/// Where there are many, more halfspaces are made active in the direction in which nothing changes.
pub(super) fn critical_point(
    q: &Polynomial,
    walls: &[&Halfspace],
    rows: &[&FloatRow],
    near: &[f64],
    active: &mut Vec<usize>,
) -> Option<Vec<Rational>> {
    let n = q.variables;
    let (hessian, linear) = (q.hessian(), q.linear_part());
    for _ in 0..=n {
        // H x + b = sum mu_k normal_k, normal_k . x = offset_k.
        let size = n + active.len();
        let normal = |k: usize, j: usize| Rational::from(&walls[active[k]].normal()[j]);
        let matrix = Matrix::from_fn(size, size, |i, j| match (i < n, j < n) {
            (true, true) => hessian[i][j].clone(),
            (true, false) => -normal(j - n, i),
            (false, true) => normal(i - n, j),
            (false, false) => Rational::zero(),
        });
        let right: Vec<Rational> =
            linear.iter().map(|b| -b).chain(active.iter().map(|&k| Rational::from(walls[k].offset()))).collect();
        match solve_vector(&matrix, &right) {
            Ok(mut x) => {
                x.truncate(n);
                return Some(x);
            }
            Err(LinalgError::Singular { kernel }) => {
                let direction: Vec<f64> = kernel[..n].iter().map(Rational::approx_f64).collect();
                let next = first_hit(rows, active, near, &direction)?;
                active.push(next);
            }
            Err(_) => return None,
        }
    }
    None
}

/// The row that is met first on the line through x, on either side.
fn first_hit(rows: &[&FloatRow], active: &[usize], x: &[f64], direction: &[f64]) -> Option<usize> {
    let length = dot(direction, direction).sqrt();
    let time = |k: &usize| {
        let speed = dot(&rows[*k].normal, direction).abs();
        if speed > 1e-9 * length { rows[*k].approx_slack(x).max(0.0) / speed } else { f64::INFINITY }
    };
    (0..rows.len()).filter(|k| !active.contains(k) && time(k).is_finite()).min_by(|i, j| time(i).total_cmp(&time(j)))
}
