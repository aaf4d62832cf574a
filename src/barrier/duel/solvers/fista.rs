//! Accelerated proximal gradients.

use super::super::{Answer, DuelError, Oracle, Solver};
use super::{Doubles, answer_of};

/// Steps of the iteration for one parameter.
const STEPS: usize = 300;
/// Halvings in the search for the parameter.
const HALVINGS: usize = 50;
/// A residual that counts as 0.
const TINY: f64 = 1e-9;

/// FISTA on the LASSO, lambda |x|_1 + |A x - y|^2 / 2, in doubles, with the largest lambda for which the residual is at
/// most epsilon: there the minimiser is one of the constrained problem.
///
/// **Source.** BT09, with a constant step 1/|A|_F^2.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fista;

impl Solver for Fista {
    fn name(&self) -> &str {
        "fista"
    }

    fn answer(&self, oracle: &mut Oracle) -> Result<Answer, DuelError> {
        let problem = Doubles::read(oracle)?;
        let norm = |x: &[f64]| x.iter().map(|v| v * v).sum::<f64>().sqrt();
        let allowed = problem.epsilon.max(TINY);
        let (mut low, mut high) = (0.0, transposed(&problem, &problem.data).iter().fold(0.0, |a, b| b.abs().max(a)));
        let mut best: Option<Vec<f64>> = None;
        // The residual of the LASSO's minimiser does not fall as lambda grows.
        for _ in 0..HALVINGS {
            let lambda = (low + high) / 2.0;
            let x = lasso(&problem, lambda);
            if norm(&residual(&problem, &x)) <= allowed {
                best = Some(x);
                low = lambda;
            } else {
                high = lambda;
            }
        }
        match best {
            Some(x) => answer_of(&x, format!("residual within epsilon for lambda = {low:e}")),
            None => Err(DuelError::GaveUp { solver: self.name().to_owned(), status: "no convergence".to_owned() }),
        }
    }
}

/// y - A x
fn residual(problem: &Doubles, x: &[f64]) -> Vec<f64> {
    let product = |row: &[f64]| row.iter().zip(x).map(|(a, b)| a * b).sum::<f64>();
    problem.matrix.iter().zip(&problem.data).map(|(row, y)| y - product(row)).collect()
}

/// A^T r
fn transposed(problem: &Doubles, r: &[f64]) -> Vec<f64> {
    let column = |j: usize| problem.matrix.iter().zip(r).map(|(row, r)| row[j] * r).sum();
    (0..problem.columns()).map(column).collect()
}

/// The iteration from x = 0.
fn lasso(problem: &Doubles, lambda: f64) -> Vec<f64> {
    // The square of the Frobenius norm bounds that of the spectral norm.
    let smoothness: f64 = problem.matrix.iter().flatten().map(|a| a * a).sum();
    let mut x = vec![0.0; problem.columns()];
    let (mut ahead, mut momentum) = (x.clone(), 1.0f64);
    for _ in 0..STEPS {
        let gradient = transposed(problem, &residual(problem, &ahead));
        let step = |(z, g): (&f64, &f64)| {
            let v: f64 = z + g / smoothness;
            v.signum() * (v.abs() - lambda / smoothness).max(0.0)
        };
        let next: Vec<f64> = ahead.iter().zip(&gradient).map(step).collect();
        let faster = (1.0 + (1.0 + 4.0 * momentum * momentum).sqrt()) / 2.0;
        let weight = (momentum - 1.0) / faster;
        ahead = next.iter().zip(&x).map(|(new, old)| new + weight * (new - old)).collect();
        (x, momentum) = (next, faster);
    }
    x
}
