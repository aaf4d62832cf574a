//! The last piece of the LASSO path: guessed in doubles, computed exactly.

use super::definition::Found;
use super::surd_vector::lift;
use super::{Instance, Surd};
use crate::arith::{Integer, Rational};
use crate::linalg::{Matrix, dot, norm_squared, solve, sub};

/// Steps of the path in doubles for each row and column.
const STEPS: usize = 8;
/// Relative size below which doubles are taken for 0.
const TINY: f64 = 1e-11;

/// A minimiser for epsilon > 0 where the doubles find its support and signs; it may be wrong and is tested by the caller.
///
/// On a piece of the path with support S and signs s, x_S = u - t v with G u = A_S^T y, G v = s for G = A_S^T A_S, and the
/// residual is r = (y - A_S u) + t A_S v with orthogonal parts: |r|^2 = |y - A_S u|^2 + t^2 (s . v). So |r| = epsilon for
/// t = sqrt((epsilon^2 - |y - A_S u|^2) / (s . v)), and p = r / t.
pub(super) fn guess(instance: &Instance) -> Option<Found> {
    let (support, signs) = approx_support(instance)?;
    let (a, y) = (instance.matrix(), instance.data());
    let part = Matrix::from_fn(a.rows(), support.len(), |i, k| a[(i, support[k])].clone());
    let gram = part.transpose().product(&part).ok()?;
    let products = part.transpose().apply(y).ok()?;
    let right = Matrix::from_fn(support.len(), 2, |k, c| if c == 0 { products[k].clone() } else { signs[k].clone() });
    let solution = solve(&gram, &right).ok()?;
    let (u, v) = (solution.column(0), solution.column(1));
    let rest = sub(y, &part.apply(&u).ok()?);
    let square = (instance.epsilon() * instance.epsilon() - norm_squared(&rest)).checked_div(&dot(&signs, &v))?;
    if !square.is_positive() {
        return None;
    }
    let (t, q): (Surd, Integer) = Surd::square_root(&square)?;
    // 1 / t = t / t^2
    let inverse = t.scaled(&square.recip()?);
    let mut point = vec![Surd::zero(); a.columns()];
    for (k, &j) in support.iter().enumerate() {
        point[j] = &Surd::from(u[k].clone()) - &t.scaled(&v[k]);
    }
    let image = lift(&part.apply(&v).ok()?);
    let dual = image.iter().zip(&rest).map(|(b, r)| b + &inverse.scaled(r)).collect();
    Some(Found { q, point, dual, normal: None })
}

/// The path in doubles (LARS with the LASSO's rule that a column leaves where its entry is 0), until |r| is epsilon.
fn approx_support(instance: &Instance) -> Option<(Vec<usize>, Vec<Rational>)> {
    let a = instance.matrix();
    let (m, n) = a.shape();
    let columns: Vec<Vec<f64>> = (0..n).map(|j| a.column(j).iter().map(Rational::approx_f64).collect()).collect();
    let y: Vec<f64> = instance.data().iter().map(Rational::approx_f64).collect();
    let epsilon = instance.epsilon().approx_f64();
    let products: Vec<f64> = columns.iter().map(|column| approx_dot(column, &y)).collect();
    let mut support: Vec<usize> = Vec::new();
    let mut signs: Vec<f64> = Vec::new();
    let first = (0..n).max_by(|&i, &j| products[i].abs().total_cmp(&products[j].abs()))?;
    let mut t = products[first].abs();
    support.push(first);
    signs.push(products[first].signum());
    let mut left = None;
    for _ in 0..STEPS * (m + n) {
        if support.is_empty() || support.len() > m {
            return None;
        }
        let gram = |i: usize, j: usize| approx_dot(&columns[support[i]], &columns[support[j]]);
        let right: Vec<f64> = support.iter().map(|&j| products[j]).collect();
        let u = approx_solve(support.len(), gram, &right)?;
        let v = approx_solve(support.len(), gram, &signs)?;
        let image = |x: &[f64]| -> Vec<f64> {
            (0..m).map(|i| support.iter().zip(x).map(|(&j, x)| columns[j][i] * x).sum()).collect()
        };
        let (b, c) = (image(&u), image(&v));
        let rest: Vec<f64> = y.iter().zip(&b).map(|(y, b)| y - b).collect();
        let slope = approx_dot(&signs, &v);
        let end = ((epsilon * epsilon - approx_dot(&rest, &rest)) / slope).max(0.0).sqrt();
        // The next t below this one at which a column joins or leaves.
        let mut event: Option<(f64, usize, f64)> = None;
        let mut propose = |at: f64, j: usize, sign: f64| {
            if at < t * (1.0 - TINY) && at > 0.0 && event.is_none_or(|(best, _, _)| at > best) {
                event = Some((at, j, sign));
            }
        };
        for (k, &j) in support.iter().enumerate() {
            // u - t v = 0
            propose(u[k] / v[k], j, 0.0);
        }
        for (j, column) in columns.iter().enumerate().filter(|(j, _)| !support.contains(j)) {
            // a_j . r = d + t e reaches t or -t.
            let (d, e) = (approx_dot(column, &rest), approx_dot(column, &c));
            for sign in [1.0, -1.0] {
                if left != Some((j, sign)) {
                    propose(d / (sign - e), j, sign);
                }
            }
        }
        match event {
            Some((at, j, sign)) if at > end => {
                t = at;
                if let Some(k) = support.iter().position(|&i| i == j) {
                    support.remove(k);
                    left = Some((j, signs.remove(k)));
                } else {
                    support.push(j);
                    signs.push(sign);
                    left = None;
                }
            }
            _ if end > 0.0 && end <= t => {
                let signs = signs.iter().map(|&sign| Rational::from(if sign < 0.0 { -1 } else { 1 }));
                return Some((support.clone(), signs.collect()));
            }
            _ => return None,
        }
    }
    None
}

fn approx_dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// The solution of a positive definite system by Cholesky's method; `None` near singular ones.
fn approx_solve(n: usize, g: impl Fn(usize, usize) -> f64, b: &[f64]) -> Option<Vec<f64>> {
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let sum = g(i, j) - (0..j).map(|k| l[i][k] * l[j][k]).sum::<f64>();
            if i == j {
                if sum.is_nan() || sum <= TINY * g(i, i) {
                    return None;
                }
                l[i][i] = sum.sqrt();
            } else {
                l[i][j] = sum / l[j][j];
            }
        }
    }
    let mut x = b.to_vec();
    for i in 0..n {
        x[i] = (x[i] - (0..i).map(|k| l[i][k] * x[k]).sum::<f64>()) / l[i][i];
    }
    for i in (0..n).rev() {
        x[i] = (x[i] - (i + 1..n).map(|k| l[k][i] * x[k]).sum::<f64>()) / l[i][i];
    }
    Some(x)
}
