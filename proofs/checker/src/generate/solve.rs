//! (B, f) -> u_K: u_1 = gamma f, u_{k+1} = w (G u_k + gamma f) + (1 - w) u_{k-1}, G = I - gamma B, u_0 = 0.
//!
//! Why: |g_ij| <= |G| <= 1, |f| <= F and |u_k| <= b make all carried values exact; G u = b sum_j (2 s_ij^2 - g_ij^2 / 2 -
//! (u_j / b)^2 / 2), s = (g + u / b) / 2, errs in an entry by d b \[-(e_m + e_m0) / 2, 2 e_m\], and 3 d b e_m / 4 is taken off.

use num_bigint::BigInt;
use num_traits::One;

use super::squares::{absolute_values, chains, signs};
use super::{Builder, four_to_minus, ratio, times};
use crate::network::{Map, Network, Weight};
use crate::problem::Problem;

/// What determines the network.
#[derive(Debug, Clone)]
pub struct Solve {
    /// Rows d of B.
    pub size: u64,
    /// G = I - gamma B.
    pub gamma: Weight,
    /// F >= |f|
    pub rhs: Weight,
    /// Levels m0 of the squares of the entries of G.
    pub matrix_levels: u64,
    /// (m, w, b) of each step.
    pub steps: Vec<(u64, Weight, Weight)>,
}

/// The network of a plan.
///
/// # Errors
/// When it is too large.
pub fn solve(plan: &Solve) -> Result<Network, Problem> {
    let (d, gamma) = (plan.size, &plan.gamma);
    let n = times(d, d)?;
    let (one, half) = (Weight::one(), ratio(1, 2));
    let mut builder = Builder::default();
    let (b, f) = (builder.input(n), builder.input(d));
    if plan.steps.is_empty() {
        let output = builder.linear(f, Map::scaled_identity(d, gamma.clone())?);
        return Ok(builder.finish(output));
    }
    // relu(sum_j f(|g_ij|)) for each row: sums of squares are not negative.
    let entries = builder.affine(vec![(b, signs(n, &-gamma)?)], signed_identity(d, &one)?);
    let entries = absolute_values(&mut builder, entries)?;
    let entries = chains(&mut builder, entries, (d, d, plan.matrix_levels), false)?;
    let rows = builder.affine(entries.terms(None, &one)?, Map::zero(d, 1));
    let rows = builder.relu(rows);
    // G is read again from the second step on.
    let g = if plan.steps.len() > 1 {
        let identity = Map::strided_constant(n, 0, d, d + 1, one.clone())?;
        let g = builder.affine(vec![(b, Map::scaled_identity(n, -gamma)?)], identity);
        builder.carry(g, &one)?
    } else {
        b
    };
    let carried = builder.carry(f, &plan.rhs)?;
    let first = builder.linear(carried, Map::scaled_identity(d, gamma.clone())?);
    let columns = Map::gather(d, 0, &[(d, 0), (d, 1)])?;
    let (mut previous, mut current): (Option<usize>, usize) = (None, first);
    for (k, (levels, w, bound)) in plan.steps.iter().enumerate() {
        let inverse = bound.recip();
        // The first step reads B and f: g = 1_(i = j) - gamma b, u = gamma f.
        let (pairs, bias, u, c) = if k == 0 {
            ((b, signs(n, &-(gamma * &half))?), signed_identity(d, &half)?, f, gamma * &inverse)
        } else {
            ((g, signs(n, &half)?), Map::zero(times(2, n)?, 1), current, inverse)
        };
        let pairs = builder.affine(vec![pairs, (u, signs(n, &(&c * &half))?.product(&columns)?)], bias);
        let pairs = absolute_values(&mut builder, pairs)?;
        let pairs = chains(&mut builder, pairs, (d, d, *levels), false)?;
        let own = builder.linear(u, signs(d, &c)?);
        let own = absolute_values(&mut builder, own)?;
        let own = chains(&mut builder, own, (1, d, *levels), false)?;
        let scale = w * bound;
        let mut terms = pairs.terms(None, &(ratio(2, 1) * &scale))?;
        let less = ratio(-1, 2) * &scale;
        terms.extend(own.terms(Some(&Map::constant(d, one.clone())?), &less)?);
        terms.push((rows, Map::scaled_identity(d, less)?));
        terms.push((first, Map::scaled_identity(d, w.clone())?));
        if let Some(before) = previous.filter(|_| !w.is_one()) {
            terms.push((before, Map::scaled_identity(d, &one - w)?));
        }
        // 3 d b w e_m / 4
        let centre = ratio(3, 1) * scale * Weight::from(BigInt::from(d)) * four_to_minus(*levels, 4);
        let next = builder.affine(terms, Map::constant(d, -centre)?);
        previous = Some(current);
        current = match plan.steps.get(k + 1) {
            Some((_, _, bound)) => builder.carry(next, bound)?,
            None => next,
        };
    }
    Ok(builder.finish(current))
}

/// The pairs (c, -c) on the diagonal of a d x d matrix of pairs.
fn signed_identity(d: u64, c: &Weight) -> Result<Map, Problem> {
    let rows = times(2, times(d, d)?)?;
    let place = |offset, c: Weight| Map::strided_constant(rows, offset, d, 2 * (d + 1), c);
    place(0, c.clone())?.add(&place(1, -c)?)
}
