//! A B for matrices by rows: by one dot product an entry, or by 2 a b = (a + b)^2 - a^2 - b^2 with shared squares.
//!
//! Why: entries are at most the spectral norm, so every product is within its bounds; the error matrix has spectral norm
//! at most sqrt(d l) times its largest entry. Shared squares, a and b scaled to 1, s = (a + b) / 2: 2 f(s) - f(a) / 2 - f(b) / 2
//! errs in \[-e_m, 2 e_m\] a product, and half of e_m is taken off.

use num_bigint::BigInt;

use super::squares::{absolute_values, chains, signs};
use super::{Builder, four_to_minus, ratio, times};
use crate::network::{Map, Network, Weight};
use crate::problem::Problem;

/// Copies of network `dot`, entry (i, j) reading row i and column j.
///
/// # Errors
/// When the network is too large.
pub fn direct((d, n, l): (u64, u64, u64), dot: usize) -> Result<Network, Problem> {
    let (left, right, area) = (times(d, n)?, times(n, l)?, times(d, l)?);
    let mut builder = Builder::default();
    let (a, b) = (builder.input(left), builder.input(right));
    let x = builder.linear(a, Map::gather(left, 0, &[(d, n), (l, 0), (n, 1)])?);
    let y = builder.linear(b, Map::gather(right, 0, &[(d, 0), (l, 1), (n, l)])?);
    let output = builder.call(dot, area, vec![x, y], area);
    Ok(builder.finish(output))
}

/// B1 B2 (2 sum_k s_ijk^2 - sum_k a_ik^2 / 2 - sum_k b_kj^2 / 2) of numbers scaled to 1, centred.
///
/// # Errors
/// When the network is too large.
pub fn shared_squares(
    (d, n, l): (u64, u64, u64),
    levels: u64,
    (b1, b2): (&Weight, &Weight),
) -> Result<Network, Problem> {
    let (left, right, area) = (times(d, n)?, times(n, l)?, times(d, l)?);
    let products = times(area, n)?;
    let (p, q, half) = (b1.recip(), b2.recip(), ratio(1, 2));
    let mut builder = Builder::default();
    let (a, b) = (builder.input(left), builder.input(right));
    // Triple (i, j, k) reads a_ik and b_kj; columns of B are read as rows.
    let a_part = signs(products, &(&p * &half))?.product(&Map::gather(left, 0, &[(d, n), (l, 0), (n, 1)])?)?;
    let b_part = signs(products, &(&q * &half))?.product(&Map::gather(right, 0, &[(d, 0), (l, 1), (n, l)])?)?;
    let pairs = builder.affine(vec![(a, a_part), (b, b_part)], Map::zero(times(2, products)?, 1));
    let of_rows = builder.linear(a, signs(left, &p)?);
    let of_columns = builder.linear(b, signs(right, &q)?.product(&Map::gather(right, 0, &[(l, 1), (n, l)])?)?);
    let scale = b1 * b2;
    let mut terms = Vec::new();
    for (value, groups, factor, spread) in [
        (pairs, area, ratio(2, 1), None),
        (of_rows, d, -&half, Some(Map::gather(d, 0, &[(d, 1), (l, 0)])?)),
        (of_columns, l, -half, Some(Map::gather(l, 0, &[(d, 0), (l, 1)])?)),
    ] {
        let teeth = absolute_values(&mut builder, value)?;
        let sums = chains(&mut builder, teeth, (groups, n, levels), false)?;
        terms.extend(sums.terms(spread.as_ref(), &(factor * &scale))?);
    }
    let centre = -(scale * Weight::from(BigInt::from(n))) * four_to_minus(levels, 3);
    let output = builder.affine(terms, Map::constant(area, centre)?);
    Ok(builder.finish(output))
}
