//! Sums of f_m over groups of chains: what products share.
//!
//! A chain carries (g_k, relu(g_k - 1/2)); one accumulator a group carries sum f_k, which is a sum of numbers f_k(t) >= t^2
//! >= 0, or for differences, raised by the length n, n + sum (f_k(s) - f_k(d)) >= 0: ReLU changes neither.

use num_traits::One;

use super::{Builder, four_to_minus, ratio, rows, times};
use crate::network::{Map, Weight};
use crate::problem::Problem;

/// (c, -c)^T for each of n entries.
pub(super) fn signs(n: u64, c: &Weight) -> Result<Map, Problem> {
    rows(&[[c.clone()], [-c]])?.copies(n)
}

fn folds(chains: u64) -> Result<Map, Problem> {
    Map::vector(&[ratio(0, 1), ratio(-1, 2)])?.repeat(chains)
}

/// (|t|, relu(|t| - 1/2)) from pairs (t, -t): |t| = relu(t) + relu(-t).
pub(super) fn absolute_values(builder: &mut Builder, pairs: usize) -> Result<usize, Problem> {
    let chains = builder.dimension(pairs) / 2;
    let halves = builder.relu(pairs);
    let sum = super::integers(&[[1, 1], [1, 1]])?.copies(chains)?;
    let teeth = builder.affine(vec![(halves, sum)], folds(chains)?);
    Ok(builder.relu(teeth))
}

/// The chains of one sum: the teeth of the last level, the row that ends them, and the accumulator, if there is one.
pub(super) struct Chains {
    teeth: usize,
    last: Map,
    accumulator: Option<usize>,
}

/// What one chain adds to its group: sum_{k<m} of -g_k / 4^k (t for k = 0), then levels m - 1 and m together.
struct Level {
    /// The signs of the chains of one product: 1, or 1 and -1.
    signs: &'static [i64],
    groups: u64,
    length: u64,
}

impl Level {
    /// a g + b relu(g - 1/2) of every chain with its sign, summed over the group.
    fn row(&self, a: &Weight, b: &Weight) -> Result<Map, Problem> {
        let parts = self.signs.iter().map(|sign| rows(&[[a * ratio(*sign, 1), b * ratio(*sign, 1)]]));
        let row = Map::beside(&parts.collect::<Result<Vec<_>, _>>()?)?;
        row.sum_of_copies(self.length)?.copies(self.groups)
    }
}

/// The chains on `teeth` = (t, relu(t - 1/2)) with t in \[0, 1\]: for each of `groups` groups the sum over `length` products
/// of f_m(t), or of f_m(s) - f_m(d) for `differences`, (s, d) being two chains of one product.
pub(super) fn chains(
    builder: &mut Builder,
    mut teeth: usize,
    (groups, length, levels): (u64, u64, u64),
    differences: bool,
) -> Result<Chains, Problem> {
    let level = Level { signs: if differences { &[1, -1] } else { &[1] }, groups, length };
    let count = times(times(groups, length)?, level.signs.len() as u64)?;
    // g_{k+1} = 2 g_k - 4 relu(g_k - 1/2), twice
    let next = super::integers(&[[2, -4], [2, -4]])?.copies(count)?;
    let folds = folds(count)?;
    let mut accumulator: Option<usize> = None;
    for k in 0..levels - 1 {
        let c = if k == 0 { Weight::one() } else { -four_to_minus(k, 0) };
        let mut terms = vec![(teeth, level.row(&c, &ratio(0, 1))?)];
        let mut bias = Map::zero(groups, 1);
        match accumulator {
            Some(sum) => terms.push((sum, Map::scaled_identity(groups, Weight::one())?)),
            None if differences => bias = Map::constant(groups, Weight::from(num_bigint::BigInt::from(length)))?,
            None => {}
        }
        let sum = builder.affine(terms, bias);
        let following = builder.affine(vec![(teeth, next.clone())], folds.clone());
        teeth = builder.relu(following);
        accumulator = Some(builder.relu(sum));
    }
    // c g - (2 g - 4 relu(g - 1/2)) / 4^m with c = -4^-(m-1), or 1 for the first level
    let unit = four_to_minus(levels, 0);
    let c = if levels == 1 { Weight::one() } else { &unit * ratio(-4, 1) };
    let last = level.row(&(c - &unit * ratio(2, 1)), &(unit * ratio(4, 1)))?;
    Ok(Chains { teeth, last, accumulator })
}

impl Chains {
    /// The terms of c times `spread` of the group sums (raised by the length for differences of two levels or more).
    pub(super) fn terms(&self, spread: Option<&Map>, c: &Weight) -> Result<Vec<(usize, Map)>, Problem> {
        let apply = |map: &Map| spread.map_or_else(|| Ok(map.clone()), |spread| spread.product(map));
        let mut terms = vec![(self.teeth, apply(&self.last)?.scale(c))];
        if let Some(sum) = self.accumulator {
            terms.push((sum, apply(&Map::scaled_identity(self.last.rows, Weight::one())?)?.scale(c)));
        }
        Ok(terms)
    }
    /// Whether the sums come from an accumulator.
    pub(super) fn is_accumulated(&self) -> bool {
        self.accumulator.is_some()
    }
}
