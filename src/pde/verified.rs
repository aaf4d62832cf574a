//! The error of a network against the solutions, after the fact: at single parameters and on small boxes of them.

use crate::arith::elementary::pi;
use crate::arith::{Dyadic, Enclosure, Interval, Rational};
use crate::evaluate::{EvaluateError, MlpEvaluator, MlpRange};
use crate::linalg::clear_denominators;
use crate::network::Mlp;

use super::nodal_range::{NodalRange, weighted_sum};
use super::{Certified, DiscreteProblem, Grid, PdeError};

/// Significant bits of bounds.
const BITS: u64 = 64;

/// A network that maps parameters to nodal values, prepared for verification.
///
/// Outputs are the values at all nodes, row by row, or at the interior nodes only, the boundary being 0 then.
pub struct NodalNetwork<'a> {
    network: &'a Mlp,
    evaluator: MlpEvaluator<Dyadic>,
    grid: Grid,
}

/// What is proved in one norm, for all parameters of a box.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorBounds {
    /// |u_y - Phi(y)|; `None` where nothing finite bounds it.
    pub error: Option<Enclosure>,
    /// |u_y|.
    pub norm: Option<Enclosure>,
}

/// The errors of a network Phi against the exact solutions u_y of the discrete problem, for all y of a box.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The box.
    pub parameters: Vec<Enclosure>,
    /// The least and the largest value of the coefficient.
    pub coefficient: [Rational; 2],
    /// In the energy, |v|_a^2 = integral of a_y |grad v|^2. Outputs on the boundary need not be 0, and then this is no norm
    /// of the error: a constant has none.
    pub energy: ErrorBounds,
    /// In H^1, |v|^2 = integral of v^2 + |grad v|^2.
    pub h1: ErrorBounds,
}

/// A network that does not fit the problem, or a problem that is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The number of inputs is not that of the parameters.
    #[error("the network takes {found} inputs; the problem has {expected} parameters")]
    Inputs {
        /// Inputs of the network.
        found: usize,
        /// Parameters of the problem.
        expected: usize,
    },
    /// The number of outputs fits no set of nodes.
    #[error(
        "the network has {found} outputs; accepted are {all} for all nodes of the grid and {interior} for the interior ones"
    )]
    Outputs {
        /// Outputs of the network.
        found: usize,
        /// All nodes.
        all: usize,
        /// Interior nodes.
        interior: usize,
    },
    /// The problem.
    #[error(transparent)]
    Problem(#[from] PdeError),
    /// The network's evaluation.
    #[error(transparent)]
    Evaluation(#[from] EvaluateError),
}

impl<'a> NodalNetwork<'a> {
    /// A network for the problem.
    ///
    /// # Errors
    /// [`VerifyError::Inputs`], [`VerifyError::Outputs`], [`VerifyError::Evaluation`] for a slope that is no integer over a
    /// power of two.
    pub fn new(network: &'a Mlp, problem: &DiscreteProblem) -> Result<Self, VerifyError> {
        let grid = problem.grid();
        let expected = problem.coefficient().shape().parameters();
        if network.input_dimension() != expected {
            return Err(VerifyError::Inputs { found: network.input_dimension(), expected });
        }
        let (all, interior, found) = (grid.nodes() * grid.nodes(), grid.unknowns(), network.output_dimension());
        if found != all && found != interior {
            return Err(VerifyError::Outputs { found, all, interior });
        }
        Ok(Self { network, evaluator: MlpEvaluator::new(network)?, grid })
    }
    /// The output that is the value at a node; `None` where the value is 0.
    fn output(&self, [i, j]: [usize; 2]) -> Option<usize> {
        let all = self.grid.nodes() * self.grid.nodes();
        if self.network.output_dimension() == all { Some(j * self.grid.nodes() + i) } else { self.grid.unknown(i, j) }
    }

    /// Phi(y): evaluated exactly, then rounded outwards to doubles.
    fn at(&self, y: &[Rational]) -> Result<NodalRange, EvaluateError> {
        // D y is whole, and the network is homogeneous with its biases.
        let (whole, denominator) = clear_denominators(y);
        let factor = Rational::from(&denominator);
        let input: Vec<Dyadic> = whole.into_iter().map(|x| Dyadic::new(x, 0)).collect();
        let scaled = self.evaluator.evaluate_scaled(&input, &factor)?;
        let value = |x: &Dyadic| Interval::from_rational(&(x.to_rational() / &factor));
        let values: Vec<Interval> = scaled.iter().map(value).collect();
        Ok(NodalRange::of_values(self.grid, |node| self.output(node).map_or(Interval::ZERO, |at| values[at])))
    }

    /// Phi on a box.
    fn over(&self, y: &[Enclosure]) -> Result<NodalRange, EvaluateError> {
        let range = MlpRange::new(self.network, y)?;
        Ok(NodalRange::new(
            self.grid,
            |node| self.output(node).map_or(Interval::ZERO, |at| range.value(at)),
            |a, b| match (self.output(a), self.output(b)) {
                (Some(a), Some(b)) => range.difference(a, b),
                (Some(a), None) => range.value(a),
                (None, Some(b)) => -range.value(b),
                (None, None) => Interval::ZERO,
            },
        ))
    }
}

impl Verified {
    /// Bounds the errors for all parameters of a box, a point among them.
    ///
    /// **Statement.** Let v be the solution in doubles at the middle m of the box and S = u_y - v, which is 0 on the
    /// boundary. Then |u_y - Phi(y)| is |Phi(y) - v| up to |S|, in either norm. Phi(y) - v is enclosed: at a point Phi is
    /// evaluated exactly, on a box by affine forms. As A_y S = (f - A_m v) + (A_m - A_y) v,
    ///
    /// |S|_(a_y) <= |f - A_m v|_(A_y^-1) + |(A_m - A_y) v|_(A_y^-1),
    ///
    /// the first term is at most e (a_m / a)^(1/2) for the bound e of [`Certified`] and the least coefficients a_m at m and a
    /// on the box, and the square of the second at most the sum over triangles T of d_T^2 / a_T times the integral of
    /// |grad v|^2, where d_T is the largest |a_y - a_m| and a_T the least a_y on T: by Cauchy-Schwarz, T by T, against a
    /// function of energy 1.
    ///
    /// In H^1: |grad S| <= |S|_(a_y) / a^(1/2), and the integral of S^2 is at most that of |grad S|^2 over 2 pi^2, the least
    /// eigenvalue of -Laplace on the square.
    ///
    /// **Exactness.** Enclosure, of everything that is printed.
    ///
    /// # Errors
    /// As [`Certified::new`] and [`super::Coefficient::ranges`].
    pub fn new(
        problem: &DiscreteProblem,
        network: &NodalNetwork<'_>,
        parameters: Vec<Enclosure>,
    ) -> Result<Self, VerifyError> {
        let middle: Vec<Rational> = parameters.iter().map(Enclosure::midpoint).collect();
        let certified = Certified::new(problem, &middle)?;
        let at_middle = problem.coefficient().values(&middle)?;
        let is_point = parameters.iter().all(|y| !y.width().is_positive());
        let (values, ranges) = if is_point {
            (network.at(&middle)?, at_middle.iter().cloned().map(Enclosure::point).collect())
        } else {
            (network.over(&parameters)?, problem.coefficient().ranges(&parameters)?)
        };
        let least = ranges.iter().map(|a| a.lo()).min().cloned().unwrap_or_default();
        let largest = ranges.iter().map(|a| a.hi()).max().cloned().unwrap_or_default();

        let solution = NodalRange::of_solution(problem.grid(), &certified.solution);
        let solution_gradients = solution.gradients_squared();
        // d_T^2 / a_T
        let change = |(range, middle): (&Enclosure, &Rational)| {
            let distance = (range.hi() - middle).max(middle - range.lo());
            Interval::from_rational(&(&distance * &distance / range.lo()).round_up(BITS))
        };
        let changes: Vec<Interval> = ranges.iter().zip(&at_middle).map(change).collect();
        let moved = if is_point { Interval::ZERO } else { weighted_sum(&changes, &solution_gradients) };
        let first = (&certified.energy_error * &(&certified.coefficient[0] / &least).round_up(BITS).sqrt_up(BITS))
            .round_up(BITS);
        let away = moved.hi().map(|moved| first + moved.sqrt_up(BITS));
        // |S|_H1 <= (1 + 1 / (2 pi^2))^(1/2) |S|_a / a^(1/2)
        let pi = pi(BITS).lo().clone();
        let poincare = Rational::one() + (Rational::ratio(1, 2) / (&pi * &pi)).round_up(BITS);
        let to_h1 = (poincare / &least).round_up(BITS).sqrt_up(BITS);
        let away_h1 = away.as_ref().map(|away| (away * &to_h1).round_up(BITS));

        let coefficients: Vec<Interval> = ranges.iter().map(Interval::from_enclosure).collect();
        let difference = values.minus(&solution);
        let energy = |gradients: &[Interval]| weighted_sum(&coefficients, gradients);
        let h1 = |range: &NodalRange, gradients: &[Interval]| {
            gradients.iter().fold(range.square_integral(), |sum, x| sum + *x)
        };
        let gradients = difference.gradients_squared();
        Ok(Self {
            parameters,
            coefficient: [least, largest],
            energy: ErrorBounds::new(&energy(&gradients), &energy(&solution_gradients), away.as_ref()),
            h1: ErrorBounds::new(&h1(&difference, &gradients), &h1(&solution, &solution_gradients), away_h1.as_ref()),
        })
    }
}

impl ErrorBounds {
    /// From the squares of |Phi(y) - v| and |v|, and |S|.
    fn new(difference: &Interval, solution: &Interval, away: Option<&Rational>) -> Self {
        let near = |square: &Interval| {
            let (lo, hi, away) = (square.lo()?, square.hi()?, away?);
            // Squares have lower ends of at least 0; a distance is at least 0 as well.
            let lo = (lo.relu().sqrt_down(BITS) - away).relu().round_down(BITS);
            Enclosure::new(lo, (hi.sqrt_up(BITS) + away).round_up(BITS))
        };
        Self { error: near(difference), norm: near(solution) }
    }
    /// |u_y - Phi(y)| / |u_y|; `None` where u_y may be 0 or nothing is known.
    pub fn relative(&self) -> Option<Enclosure> {
        let (error, norm) = (self.error.as_ref()?, self.norm.as_ref()?);
        Some(error.checked_div(norm)?.round_outward(BITS))
    }
}
