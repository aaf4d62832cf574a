//! Solutions of linear systems that depend on parameters, B_y c = f with B affine in y.
//!
//! With y_i = l_i + (h_i - l_i) t_i and B_y = B'_0 + sum of t_i B'_i the Chebyshev semi-iteration needs the products t_i u_j
//! only: p d of them a step, in place of the d^2 of a matrix that is an input. Its first iterate is a constant and its
//! second one affine in t, so that K iterates take K - 2 steps with products.

use std::sync::Arc;

use super::error::{ConstructError, count, positive};
use super::parametric_iteration::{Bounds, Iteration};
use super::squaring::{SquaringMethod, squaring_network};
use crate::arith::Rational;
use crate::certify::rules::block;
use crate::certify::{Line, Part};
use crate::linalg::{Matrix, dot};
use crate::network::{Block, LinearMap, Network, Value};

/// Iterates beyond the shortest iteration that are tried.
pub(super) const EXTRA_ITERATES: usize = 4;

/// A system with what is known of it, in the notation of FORMAT.md, section 13.
#[derive(Debug, Clone)]
pub struct ParametricSystem {
    /// l_i < h_i
    pub domain: Vec<(Rational, Rational)>,
    /// C_0, .., C_p, near B'_0, .., B'_p: symmetric, dyadic.
    pub matrices: Vec<Matrix>,
    /// g, near f: dyadic.
    pub load: Vec<Rational>,
    /// c > 0, below all eigenvalues of all B_y.
    pub lower: Rational,
    /// C, above them.
    pub upper: Rational,
    /// F >= |f|, |g|
    pub load_upper: Rational,
    /// beta, at least |C_y - B_y| for all y.
    pub matrix_error: Rational,
    /// phi >= |g - f|
    pub load_error: Rational,
    /// S >= |\[C_1 .. C_p\]|
    pub coupling: Rational,
}

/// A network y -> u_K with u_K = c_y - q(B_y) c_y + e, c_y = B_y^-1 f.
#[derive(Debug, Clone)]
pub struct ParametricSolution {
    /// The network.
    pub network: Arc<Network>,
    /// K
    pub iterates: usize,
    /// Levels of the squares of the parameters, then of the products of each step.
    pub levels: Vec<usize>,
    /// |q(B_y)| is at most this in the 2-norm and in that of B_y.
    pub decay: Rational,
    /// |e| is at most this in the 2-norm.
    pub total: Rational,
    /// |u_K| is at most this.
    pub size: Rational,
    /// What is proved about the squaring networks.
    pub parts: Vec<Part>,
    /// The lines of the iteration.
    pub lines: Vec<Line>,
}

impl ParametricSystem {
    /// p
    pub fn parameters(&self) -> usize {
        self.domain.len()
    }
    /// d
    pub fn size(&self) -> usize {
        self.load.len()
    }
}

/// Builds networks for a system, one for each number of iterates that is worth trying; the smallest is to be chosen by
/// whoever knows what else it is composed with.
///
/// `allowed(decay)` is the largest total error that may be left for products when the iteration itself errs by `decay`,
/// `None` where there is no room; `accuracy` is the bits that weights are rounded to.
///
/// # Statement
/// For all y of the domain: R(y) = c - q c + e with q = T_K(x G) / t_K, G = I - gamma B_y, |q| <= decay, |e| <= total.
///
/// Proof. t_K e_K = T_K(x G) e_0 + sum of U_{K-k}(x G) t_k p_k as in [`linear_solve`](super::linear_solve()), from u_0 = 0. A step
/// errs by w gamma times the error of the products, |C_y - B_y| |u| and |g - f|. A product t u, |u| <= b, is
/// b (2 t z - t) with z = u / (2 b) + 1/2 in \[0, 1\], and t z = 2 s^2 - t^2 / 2 - z^2 / 2 with s = (t + z) / 2: the errors e of
/// the squares of s and z and e0 of that of t leave \[-e/2 - e0/2, 2 e\], which 3 e / 4 centres; the ReLU that follows brings
/// it nearer to t z >= 0. So the product errs by at most b (5 e / 2 + e0).
///
/// # Source
/// KPRS22 for the task; the semi-iteration on parameters is ours. The checker verifies it by the sections `diffusion`.
///
/// # Shapes
/// Input \[p\], output \[d\].
///
/// # Size
/// A step with m levels has about 7 m d (p + 1) weights for squares and d^2 (p + 2) for the matrices.
///
/// # Exactness
/// Exact network, upper bounds.
///
/// # Errors
/// [`ConstructError::Parameter`] for systems without unknowns or parameters, 0 < c <= C violated, a condition number or
/// accuracy out of reach.
pub fn parametric_solutions(
    system: &ParametricSystem,
    accuracy: u64,
    decay: &Rational,
    allowed: impl Fn(&Rational) -> Option<Rational>,
) -> Result<Vec<ParametricSolution>, ConstructError> {
    count("size", system.size(), 1, super::matrix_product::MAX_DIMENSION)?;
    count("parameters", system.parameters(), 1, super::matrix_product::MAX_DIMENSION)?;
    let shapes = system.matrices.iter().all(|matrix| matrix.shape() == (system.size(), system.size()));
    if !shapes || system.matrices.len() != system.parameters() + 1 {
        let accepted = "a square matrix for the constant part and for each parameter";
        return Err(ConstructError::parameter("matrices", system.matrices.len(), accepted));
    }
    positive("lower", &system.lower)?;
    if system.upper < system.lower {
        return Err(ConstructError::parameter("upper", &system.upper, "a number of at least the lower end"));
    }
    positive("rhs-bound", &system.load_upper)?;
    let iteration = Iteration::new(system, decay, accuracy)?;
    let mut found = Vec::new();
    for iterates in 2..=iteration.longest() {
        let own = iteration.decay(iterates);
        let Some(allowed) = allowed(own) else { continue };
        let Some(bounds) = iteration.choose_levels(iterates, &allowed) else { continue };
        found.push(solution(system, &iteration, iterates, &bounds)?);
    }
    Ok(found)
}

fn solution(
    system: &ParametricSystem,
    iteration: &Iteration<'_>,
    iterates: usize,
    bounds: &Bounds,
) -> Result<ParametricSolution, ConstructError> {
    let mut squarings: Vec<(usize, Arc<Network>)> = Vec::new();
    let products = !bounds.levels.is_empty();
    for &m in std::iter::once(&bounds.square_levels).chain(&bounds.levels).filter(|_| products) {
        if squarings.iter().all(|(levels, _)| *levels != m) {
            squarings.push((m, Arc::new(squaring_network(m, None, SquaringMethod::Delayed)?)));
        }
    }
    let squaring = |m: usize| {
        let found = squarings.iter().find(|(levels, _)| *levels == m).map(|(_, network)| Arc::clone(network));
        found.unwrap_or_else(|| Arc::clone(&squarings[0].1))
    };
    let mut levels = vec![bounds.square_levels];
    levels.extend(&bounds.levels);
    Ok(ParametricSolution {
        network: Arc::new(network(system, iteration, bounds, squaring)?),
        iterates,
        levels: if products { levels } else { Vec::new() },
        decay: iteration.decay(iterates).clone(),
        total: bounds.total(),
        size: bounds.size(),
        parts: squarings
            .iter()
            .map(|(m, network)| block::squaring(network, *m, None, SquaringMethod::Delayed.name()))
            .collect(),
        lines: iteration.lines(bounds, squaring),
    })
}

/// The network y -> u_K; the nodes are those of the checker's `generate/parametric`.
fn network(
    system: &ParametricSystem,
    iteration: &Iteration<'_>,
    bounds: &Bounds,
    squaring: impl Fn(usize) -> Arc<Network>,
) -> Result<Network, ConstructError> {
    let (p, d, gamma) = (system.parameters(), system.size(), &iteration.gamma);
    let (half, one) = (Rational::ratio(1, 2), Rational::one());
    let mut builder = Network::builder();
    let y = builder.input(p);
    let lengths: Vec<Rational> = system.domain.iter().map(|(lower, upper)| Rational::one() / (upper - lower)).collect();
    let shifts: Vec<Rational> = system.domain.iter().zip(&lengths).map(|((lower, _), c)| -(lower * c)).collect();
    let t = builder.affine(&[(y, diagonal(&lengths))], LinearMap::vector(&shifts))?;
    let t = builder.relu(t);
    let mut weights = iteration.weights();
    let products: Vec<_> = bounds.levels.iter().zip(&bounds.steps[1..]).collect();
    let squares = if products.is_empty() {
        None
    } else {
        let squares = builder.call(p, &squaring(bounds.square_levels), &[t])?;
        Some(builder.relu(squares))
    };
    // u_1 = gamma g, u_2 = w (u_1 - gamma C_0 u_1 + gamma g) - w gamma sum_i t_i C_i u_1
    let first: Vec<Rational> = system.load.iter().map(|x| gamma * x).collect();
    let images: Vec<Vec<Rational>> =
        system.matrices.iter().map(|matrix| (0..d).map(|j| dot(matrix.row(j), &first)).collect()).collect();
    let w = weights.next().cloned().unwrap_or_default();
    let scale = -(&w * gamma);
    let slope = Matrix::from_fn(d, p, |j, i| &scale * &images[i + 1][j]);
    let bias: Vec<Rational> = (0..d).map(|j| &w * &(&first[j] + &first[j]) + &scale * &images[0][j]).collect();
    let mut current = builder.affine(&[(t, literal(&slope))], LinearMap::vector(&bias))?;
    // What one step maps the iterate to, but for its weight: I - gamma C_0 and gamma times all C_i beside each other.
    let shifted = Matrix::from_fn(d, d, |j, k| {
        let entry = -(gamma * &system.matrices[0].entries()[j * d + k]);
        if j == k { one.clone() + entry } else { entry }
    });
    let beside = Matrix::from_fn(d, p * d, |j, k| gamma * &system.matrices[1 + k / d].entries()[j * d + k % d]);
    let row_sums = |matrix: &Matrix| -> Vec<Rational> {
        (0..d).map(|j| matrix.row(j).iter().fold(Rational::zero(), |sum, x| sum + x)).collect()
    };
    let (shifted_sums, term_sums) = (
        row_sums(&shifted),
        Matrix::from_fn(d, p, |j, i| {
            (0..d).fold(Rational::zero(), |sum, k| sum + &beside.entries()[j * p * d + i * d + k])
        }),
    );
    let mut before: Option<(Value, Rational)> = None;
    for (&m, own) in products {
        let (b, w) = (&own.factor, weights.next().cloned().unwrap_or_default());
        let rest = &one - &w;
        let scaled = LinearMap::scaled_identity(d, &half / b);
        let z = builder.affine(&[(current, scaled)], LinearMap::constant(d, half.clone()))?;
        let z = builder.relu(z);
        // (t_i + z_j) / 2 for all i, j, then z
        let rows = p * d + d;
        let left = LinearMap::gather(p, 0, &[(p, 1), (d, 0)]).scale(&half).embed(rows, p, 0, 0);
        let right = LinearMap::gather(d, 0, &[(p, 0), (d, 1)]).scale(&half).embed(rows, d, 0, 0);
        let right = right.add(&LinearMap::identity(d).embed(rows, d, p * d, 0))?;
        let sums = builder.affine(&[(t, left), (z, right)], LinearMap::zero(rows, 1))?;
        let sums = builder.call(rows, &squaring(m), &[sums])?;
        // 2 s^2 - z^2 / 2 - t^2 / 2 - 3 e / 4
        let squared = LinearMap::scaled_identity(p * d, Rational::from(2)).embed(p * d, rows, 0, 0);
        let own_squares = LinearMap::gather(d, 0, &[(p, 0), (d, 1)]).scale(&-&half).embed(p * d, rows, 0, p * d);
        let parameter_squares = LinearMap::gather(p, 0, &[(p, 1), (d, 0)]).scale(&-&half);
        let centre = -Rational::from(3).scale_by_power_of_two(-2 * m as i64 - 4);
        let mut terms = vec![(sums, squared.add(&own_squares)?)];
        terms.extend(squares.map(|squares| (squares, parameter_squares)));
        let r = builder.affine(&terms, LinearMap::constant(p * d, centre))?;
        let r = builder.relu(r);
        let (once, twice) = (b * &w, &(b * &w) + &(b * &w));
        let mut terms = vec![
            (z, literal(&shifted.scale(&twice))),
            (r, literal(&beside.scale(&-&twice))),
            (t, literal(&term_sums.scale(&once))),
        ];
        let mut bias: Vec<Rational> = (0..d).map(|j| &w * &first[j] - &once * &shifted_sums[j]).collect();
        match &before {
            None => bias.iter_mut().zip(&first).for_each(|(bias, x)| *bias += &(&rest * x)),
            Some((z, b)) => {
                let other = b * &rest;
                bias.iter_mut().for_each(|bias| *bias -= &other);
                terms.push((*z, LinearMap::scaled_identity(d, &other + &other)));
            }
        }
        current = builder.affine(&terms, LinearMap::vector(&bias))?;
        before = Some((z, b.clone()));
    }
    Ok(builder.finish(current))
}

/// Entries that are not 0 as one block.
fn literal(matrix: &Matrix) -> LinearMap {
    let rows: Vec<&[Rational]> = (0..matrix.rows()).map(|i| matrix.row(i)).collect();
    LinearMap::literal(Block::from_rows(&rows))
}

fn diagonal(entries: &[Rational]) -> LinearMap {
    match entries {
        [first, rest @ ..] if rest.iter().all(|x| x == first) => {
            LinearMap::scaled_identity(entries.len(), first.clone())
        }
        _ => literal(&Matrix::diagonal(entries)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::arith::SplitMix64;
    use crate::evaluate::{Evaluator, evaluate_graph};
    use crate::linalg::{norm_upper, solve_vector};

    /// B_y = diagonal + sum of y_i v_i v_i^T on a box, with everything that is known of it.
    fn system(p: usize, d: usize, random: &mut SplitMix64) -> ParametricSystem {
        let mut number = |most: i64| Rational::ratio(random.next_u64() as i64 % (most + 1), 8);
        let domain: Vec<(Rational, Rational)> = (0..p)
            .map(|i| (Rational::ratio(i as i64, 2), Rational::ratio(i as i64 + 1, 2) + Rational::ratio(1, 4)))
            .collect();
        let mut matrices = vec![Matrix::identity(d).scale(&Rational::ratio(3, 4))];
        let mut trace = Rational::zero();
        for (lower, upper) in &domain {
            let v: Vec<Rational> = (0..d).map(|_| number(5)).collect();
            let outer = Matrix::from_fn(d, d, |j, k| &v[j] * &v[k]);
            matrices[0] = matrices[0].add(&outer.scale(lower)).unwrap();
            matrices.push(outer.scale(&(upper - lower)));
            trace += &(dot(&v, &v) * upper);
        }
        let load: Vec<Rational> = (0..d).map(|j| Rational::ratio(j as i64 + 1, 4)).collect();
        let squares: Rational = matrices[1..].iter().map(Matrix::frobenius_squared).sum();
        ParametricSystem {
            lower: Rational::ratio(3, 4),
            upper: Rational::ratio(3, 4) + trace,
            load_upper: norm_upper(&load, 40),
            matrix_error: Rational::zero(),
            load_error: Rational::zero(),
            coupling: squares.sqrt_up(40),
            domain,
            matrices,
            load,
        }
    }

    #[test]
    fn coefficients_are_within_the_bounds() {
        let mut random = SplitMix64::stream(5, 0);
        for (p, d) in [(1, 1), (1, 3), (2, 2), (3, 2)] {
            let system = system(p, d, &mut random);
            let solutions =
                parametric_solutions(&system, 30, &Rational::ratio(1, 50), |_| Some(Rational::ratio(1, 500))).unwrap();
            assert!(solutions.len() >= 3);
            for solution in solutions {
                assert!(solution.total <= Rational::ratio(1, 500) && solution.levels.len() <= solution.iterates);
                let layered = solution.network.layered().unwrap();
                let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
                for sample in 0..8 {
                    // Corners, then points inside.
                    let share = |i: usize, random: &mut SplitMix64| {
                        if sample < 4 {
                            Rational::from(sample >> i & 1)
                        } else {
                            Rational::ratio((random.next_u64() % 65) as i64, 64)
                        }
                    };
                    let t: Vec<Rational> = (0..p).map(|i| share(i, &mut random)).collect();
                    let y: Vec<Rational> =
                        system.domain.iter().zip(&t).map(|((l, h), t)| l + &(&(h - l) * t)).collect();
                    let matrix = system.matrices[1..]
                        .iter()
                        .zip(&t)
                        .fold(system.matrices[0].clone(), |sum, (c, t)| sum.add(&c.scale(t)).unwrap());
                    let exact = solve_vector(&matrix, &system.load).unwrap();
                    let output = evaluator.evaluate(&y).unwrap();
                    assert_eq!(output, evaluate_graph(&solution.network, &[y]).unwrap());
                    let difference: Vec<Rational> = output.iter().zip(&exact).map(|(a, b)| a - b).collect();
                    let bound = &solution.decay * &norm_upper(&exact, 60) + &solution.total;
                    assert!(dot(&difference, &difference) <= &bound * &bound, "K = {}", solution.iterates);
                    assert!(norm_upper(&output, 40) <= solution.size);
                }
            }
        }
    }

    #[test]
    fn products_are_counted_in_levels() {
        // With exact products the error is that of the iteration alone; with few levels it is more, and still bounded.
        let system = system(2, 2, &mut SplitMix64::stream(9, 0));
        let weights = |allowed: Rational| {
            let list = parametric_solutions(&system, 60, &Rational::ratio(1, 20), |_| Some(allowed.clone())).unwrap();
            list[1].network.layered().unwrap().size().unwrap().weights
        };
        assert!(weights(Rational::power_of_two(-4)) < weights(Rational::power_of_two(-20)));
    }

    #[test]
    fn systems_that_do_not_fit_are_refused() {
        let good = system(1, 2, &mut SplitMix64::stream(1, 0));
        let refused = |system: &ParametricSystem| {
            parametric_solutions(system, 20, &Rational::ratio(1, 4), |_| Some(Rational::one())).is_err()
        };
        assert!(!refused(&good));
        assert!(refused(&ParametricSystem { matrices: vec![Matrix::identity(2)], ..good.clone() }));
        assert!(refused(&ParametricSystem { lower: Rational::zero(), ..good.clone() }));
        assert!(refused(&ParametricSystem { upper: Rational::ratio(1, 2), ..good.clone() }));
        assert!(refused(&ParametricSystem { load: Vec::new(), ..good }));
    }
}
