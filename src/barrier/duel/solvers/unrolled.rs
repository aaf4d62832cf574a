//! Iterative soft thresholding as a network of fixed depth.

use super::super::{Answer, DuelError, Oracle, Solver};
use super::Doubles;
use crate::arith::Rational;
use crate::evaluate::evaluate_graph;
use crate::linalg::Matrix;
use crate::network::{LinearMap, Network, NetworkError};

/// A network of K steps x <- soft(x + A^T (y - A x) / L, epsilon / L) from x = 0, with L >= |A|^2 a power of two.
///
/// The weights are made from the doubles that were read, the network is evaluated exactly: nothing is rounded but the
/// data.
#[derive(Debug, Clone, Copy)]
pub struct Unrolled {
    /// The steps K.
    pub steps: usize,
}

impl Default for Unrolled {
    fn default() -> Self {
        Self { steps: 16 }
    }
}

impl Solver for Unrolled {
    fn name(&self) -> &str {
        "unrolled"
    }

    fn answer(&self, oracle: &mut Oracle) -> Result<Answer, DuelError> {
        let gave_up = |status: String| DuelError::GaveUp { solver: self.name().to_owned(), status };
        let Doubles { matrix, data, epsilon } = Doubles::read(oracle)?;
        let exact = |x: f64| Rational::from_f64(x).map_err(|error| gave_up(error.to_string()));
        let rows: Result<Vec<Vec<Rational>>, _> =
            matrix.iter().map(|row| row.iter().map(|&x| exact(x)).collect()).collect();
        let matrix = Matrix::new(rows?).map_err(|error| gave_up(error.to_string()))?;
        let data: Vec<Rational> = data.iter().map(|&x| exact(x)).collect::<Result<_, _>>()?;
        // |A| is at most the Frobenius norm; a matrix of zeros takes any step.
        let log = matrix.frobenius_squared().ceil_log2().unwrap_or(0);
        let step = Rational::power_of_two(-log);
        let threshold = exact(epsilon)? * &step;
        let network =
            unrolled_network(&matrix, self.steps, &step, &threshold).map_err(|error| gave_up(error.to_string()))?;
        let point = evaluate_graph(&network, &[data]).map_err(|error| gave_up(error.to_string()))?;
        Ok(Answer { point, status: format!("output of {} steps", self.steps) })
    }
}

/// The network y -> x_K with x_0 = 0 and x <- soft(x + t A^T (y - A x), theta).
///
/// soft(v, theta) = max(v - theta, 0) - max(-v - theta, 0) for theta >= 0, entry by entry.
///
/// **Source.** GL10: learned iterative soft thresholding has this form; the weights here are those of the iteration.
///
/// # Shapes
/// Input: y in R^m for A of shape m x N. Output: x_K in R^N.
///
/// # Size
/// K + 1 layers and 2 N K + 2 m (K - 1) hidden neurons for K >= 1: every step reads y, which is carried along.
///
/// # Errors
/// Never: the dimensions fit.
pub fn unrolled_network(
    matrix: &Matrix,
    steps: usize,
    step: &Rational,
    threshold: &Rational,
) -> Result<Network, NetworkError> {
    let n = matrix.columns();
    let back = matrix.transpose().scale(step);
    let mut builder = Network::builder();
    let y = builder.input(matrix.rows());
    // v and -v, one under the other, minus the threshold.
    let twice = |map: LinearMap| LinearMap::stack(&[map.clone(), map.negate()]);
    let of_data = twice(linear_map(&back));
    let gram = Matrix::from_fn(n, n, |i, j| {
        let product: Rational =
            (0..matrix.rows()).map(|k| &back[(i, k)] * &matrix[(k, j)]).fold(Rational::zero(), |a, b| a + b);
        if i == j { Rational::one() - product } else { -product }
    });
    let of_point = twice(linear_map(&gram));
    let difference = LinearMap::beside(&[LinearMap::identity(n), LinearMap::identity(n).negate()]);
    let bias = LinearMap::constant(2 * n, -threshold);
    let mut point = None;
    for _ in 0..steps {
        let terms: Vec<_> = [(y, of_data.clone())].into_iter().chain(point.map(|x| (x, of_point.clone()))).collect();
        let sum = builder.affine(&terms, bias.clone())?;
        let positive = builder.relu(sum);
        point = Some(builder.linear(positive, difference.clone())?);
    }
    let output = match point {
        Some(x) => x,
        None => builder.linear(y, LinearMap::zero(n, matrix.rows()))?,
    };
    Ok(builder.finish(output))
}

fn linear_map(matrix: &Matrix) -> LinearMap {
    let rows: Vec<&[Rational]> = (0..matrix.rows()).map(|i| matrix.row(i)).collect();
    LinearMap::literal(crate::network::Block::from_rows(&rows))
}
