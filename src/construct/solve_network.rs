//! The network of the iterations in `linear_solve`: one block for each step.

use super::error::ConstructError;
use super::matrix_inverse::offset_relu;
use super::squares::{SquareSums, absolute_values};
use crate::arith::Rational;
use crate::network::{Block, Builder, LinearMap, Network, NetworkError, Value};

/// Everything that determines the network.
pub(super) struct SolvePlan {
    /// Rows d of the matrix.
    pub size: usize,
    /// G = I - gamma B.
    pub gamma: Rational,
    /// A bound of |f|.
    pub rhs_bound: Rational,
    /// Levels of the squares of the entries of G.
    pub matrix_levels: usize,
    /// Levels of steps 1, .., K - 1.
    pub levels: Vec<usize>,
    /// Weights w_2, .., w_K of the steps; 1 for Richardson.
    pub weights: Vec<Rational>,
    /// Bounds of |u_1|, .., |u_{K-1}|.
    pub iterate_bounds: Vec<Rational>,
}

/// Builds (B, f) -> u_K.
pub(super) fn network(plan: &SolvePlan) -> Result<Network, ConstructError> {
    let d = plan.size;
    let n = d * d;
    let mut builder = Network::builder();
    let (b, f) = (builder.input(n), builder.input(d));
    if plan.levels.is_empty() {
        let output = builder.linear(f, LinearMap::scaled_identity(d, plan.gamma.clone()))?;
        return Ok(builder.finish(output));
    }
    let row_squares = row_squares(&mut builder, b, plan)?;
    // |g_ij| <= 1: the entries of G are carried as g + 1, one neuron each; f likewise.
    let one = Rational::one();
    let identity = LinearMap::strided_constant(n, 0, d, d + 1, one.clone());
    let g = builder.affine(&[(b, LinearMap::scaled_identity(n, -&plan.gamma))], identity)?;
    let g = offset_relu(&mut builder, g, &one)?;
    let carried_f = offset_relu(&mut builder, f, &plan.rhs_bound)?;
    let step_f = |builder: &mut Builder| builder.linear(carried_f, LinearMap::scaled_identity(d, plan.gamma.clone()));
    let first = step_f(&mut builder)?;
    let mut previous: Option<Value> = None;
    let mut current = first;
    for (k, &levels) in plan.levels.iter().enumerate() {
        let bound = &plan.iterate_bounds[k];
        let pairs = if k == 0 {
            first_pairs(&mut builder, (b, f), plan, bound)?
        } else {
            pairs(&mut builder, (g, current), d, bound)?
        };
        let absolute = absolute_values(&mut builder, pairs)?;
        let sums = SquareSums::build(&mut builder, absolute, d, d, levels)?;
        let own = if k == 0 {
            builder.linear(f, signs(d, &(&plan.gamma / bound)))?
        } else {
            builder.linear(current, signs(d, &(&one / bound)))?
        };
        let own = absolute_values(&mut builder, own)?;
        let own = SquareSums::build(&mut builder, own, 1, d, levels)?;
        // w (G u + gamma f) + (1 - w) u_{k-1}, G u = bound (2 pairs - row squares / 2 - own squares / 2) - centre.
        let weight = &plan.weights[k];
        let scaled = |c: Rational| &(&c * weight) * bound;
        let mut terms = sums.terms(&LinearMap::scaled_identity(d, scaled(Rational::from(2))))?;
        let half = scaled(Rational::ratio(-1, 2));
        terms.extend(own.terms(&LinearMap::identity(1).scale(&half).repeat(d))?);
        terms.push((row_squares, LinearMap::scaled_identity(d, half)));
        terms.push((first, LinearMap::scaled_identity(d, weight.clone())));
        if let Some(before) = previous
            && *weight != one
        {
            terms.push((before, LinearMap::scaled_identity(d, &one - weight)));
        }
        // 3 d bound e / 4 with e = 2^(-2m-2)
        let centre = (scaled(Rational::from(3)) * Rational::from(d)).scale_by_power_of_two(-2 * levels as i64 - 4);
        let next = builder.affine(&terms, LinearMap::constant(d, -centre))?;
        previous = Some(current);
        current = match plan.iterate_bounds.get(k + 1) {
            Some(bound) => offset_relu(&mut builder, next, bound)?,
            None => next,
        };
    }
    Ok(builder.finish(current))
}

/// (c, -c)^T for each of n entries.
fn signs(n: usize, c: &Rational) -> LinearMap {
    LinearMap::literal(Block::from_rows(&[std::slice::from_ref(c), &[-c]])).copies(n)
}

/// +-(g_ij + u_j / bound) / 2 for all i, j, from carried g and u.
fn pairs(builder: &mut Builder, (g, u): (Value, Value), d: usize, bound: &Rational) -> Result<Value, NetworkError> {
    let half = Rational::ratio(1, 2);
    let columns = LinearMap::gather(d, 0, &[(d, 0), (d, 1)]);
    let right = signs(d * d, &(&half / bound)).product(&columns)?;
    builder.affine(&[(g, signs(d * d, &half)), (u, right)], LinearMap::zero(2 * d * d, 1))
}

/// The same for the first step, straight from the inputs: g = identity - gamma B, u_1 = gamma f.
fn first_pairs(
    builder: &mut Builder,
    (b, f): (Value, Value),
    plan: &SolvePlan,
    bound: &Rational,
) -> Result<Value, NetworkError> {
    let d = plan.size;
    let half = plan.gamma.scale_by_power_of_two(-1);
    let columns = LinearMap::gather(d, 0, &[(d, 0), (d, 1)]);
    let right = signs(d * d, &(&half / bound)).product(&columns)?;
    let bias = signed_identity(d, &Rational::ratio(1, 2))?;
    builder.affine(&[(b, signs(d * d, &-half)), (f, right)], bias)
}

/// The pairs (c, -c) on the diagonal entries of a d x d matrix, 0 elsewhere.
fn signed_identity(d: usize, c: &Rational) -> Result<LinearMap, NetworkError> {
    let place = |offset: usize, c: Rational| LinearMap::strided_constant(2 * d * d, offset, d, 2 * (d + 1), c);
    place(0, c.clone()).add(&place(1, -c))
}

/// max(sum_j f_m(|g_ij|), 0) for each row i: sums of squares are not negative, so the ReLU changes nothing.
fn row_squares(builder: &mut Builder, b: Value, plan: &SolvePlan) -> Result<Value, ConstructError> {
    let d = plan.size;
    let entries = builder.affine(&[(b, signs(d * d, &-&plan.gamma))], signed_identity(d, &Rational::one())?)?;
    let absolute = absolute_values(builder, entries)?;
    let sums = SquareSums::build(builder, absolute, d, d, plan.matrix_levels)?;
    let value = builder.affine(&sums.terms(&LinearMap::identity(d))?, LinearMap::zero(d, 1))?;
    Ok(builder.relu(value))
}
