//! sum_k x_k y_k = B1 B2 sum_k (s_k^2 - d_k^2), s, d = (x / B1 +- y / B2) / 2, with f_m(|s|) - f_m(|d|) for s^2 - d^2.
//!
//! Why: |s|, |d| <= 1 and f_m(t) - t^2 in \[0, e_m\], so each difference errs by at most e_m and lies in \[-1, 1\]. Attained at
//! |s| = 2^(-m-1), the midpoint of a cell, and d = 0.

use num_bigint::BigInt;

use super::squares::chains;
use super::{Builder, integers, ratio, rows, times};
use crate::network::{Map, Network, Weight};
use crate::problem::Problem;

/// The network of n products of m levels.
///
/// # Errors
/// When it is too large.
pub fn dot(n: u64, levels: u64, b1: &Weight, b2: &Weight) -> Result<Network, Problem> {
    let (p, q) = (ratio(1, 2) / b1, ratio(1, 2) / b2);
    let mut builder = Builder::default();
    let (x, y) = (builder.input(n), builder.input(n));
    // (s, -s, d, -d)
    let left = rows(&[[p.clone()], [-&p], [p.clone()], [-p]])?.copies(n)?;
    let right = rows(&[[q.clone()], [-&q], [-&q], [q]])?.copies(n)?;
    let signs = builder.affine(vec![(x, left), (y, right)], Map::zero(times(4, n)?, 1));
    let signs = builder.relu(signs);
    // (|s|, |s| - 1/2, |d|, |d| - 1/2)
    let absolute = integers(&[[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]])?.copies(n)?;
    let folds = Map::vector(&[ratio(0, 1), ratio(-1, 2)])?.repeat(times(2, n)?)?;
    let teeth = builder.affine(vec![(signs, absolute)], folds);
    let teeth = builder.relu(teeth);
    let sums = chains(&mut builder, teeth, (1, n, levels), true)?;
    let scale = b1 * b2;
    // What the accumulator was raised by is taken off.
    let back = if sums.is_accumulated() { -Weight::from(BigInt::from(n)) * &scale } else { ratio(0, 1) };
    let terms = sums.terms(None, &scale)?;
    let output = builder.affine(terms, Map::constant(1, back)?);
    Ok(builder.finish(output))
}
