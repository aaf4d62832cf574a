//! Sums and differences of squares in groups: the sawtooth chains that products and matrix constructions share.

use super::error::ConstructError;
use crate::arith::Rational;
use crate::network::{Block, Builder, LinearMap, NetworkError, Value};

/// (c, -c)^T for each of n entries: the pairs that [`absolute_values`] takes.
pub(super) fn signs(n: usize, c: &Rational) -> LinearMap {
    LinearMap::literal(Block::from_rows(&[core::slice::from_ref(c), &[-c]])).copies(n)
}

/// Adds (|t|, |t| - 1/2) after ReLU for each pair (t, -t) of the argument.
///
/// # Shapes
/// Argument \[2c\], pairs (t, -t); result \[2c\], pairs (|t|, max(|t| - 1/2, 0)).
pub(super) fn absolute_values(builder: &mut Builder, pairs: Value) -> Result<Value, NetworkError> {
    let chains = builder.dimension(pairs) / 2;
    let halves = builder.relu(pairs);
    let absolute = LinearMap::literal(Block::from_ratios(&[[(1, 1), (1, 1)], [(1, 1), (1, 1)]])).copies(chains);
    let teeth = builder.affine(&[(halves, absolute)], folds(chains))?;
    Ok(builder.relu(teeth))
}

fn folds(chains: usize) -> LinearMap {
    LinearMap::vector(&[Rational::zero(), Rational::ratio(-1, 2)]).repeat(chains)
}

/// sum_k f_m(t_gk) for each group g, as affine terms that are not yet merged into a layer.
pub(super) struct SquareSums {
    teeth: Value,
    last: LinearMap,
    accumulator: Option<(Value, LinearMap)>,
}

impl SquareSums {
    /// Adds the chains: `teeth` holds (t, max(t - 1/2, 0)) with t in \[0, 1\] for `groups` times `length` chains.
    ///
    /// # Statement
    /// The terms sum to sum_k f_m(t_gk), each f_m(t) - t^2 in \[0, 2^(-2m-2)\].
    ///
    /// # Size
    /// Each chain and level 5 weights (2 + 2 + a threshold) and 1 into the accumulator of its group.
    pub(super) fn build(
        builder: &mut Builder,
        mut teeth: Value,
        groups: usize,
        length: usize,
        levels: usize,
    ) -> Result<Self, ConstructError> {
        let chains = groups * length;
        let next = LinearMap::literal(Block::from_ratios(&[[(2, 1), (-4, 1)], [(2, 1), (-4, 1)]])).copies(chains);
        let mut accumulator: Option<Value> = None;
        for k in 0..levels - 1 {
            // t - g_1 / 4 - .. is a sum of f_k(t) >= t^2 >= 0, so ReLU leaves the accumulator as it is.
            let c = if k == 0 { Rational::one() } else { -Rational::power_of_two(-2 * k as i64) };
            let level = LinearMap::literal(Block::from_rows(&[&[c, Rational::zero()]]));
            let mut terms = vec![(teeth, level.sum_of_copies(length).copies(groups))];
            if let Some(sum) = accumulator {
                terms.push((sum, LinearMap::identity(groups)));
            }
            let sum = builder.affine(&terms, LinearMap::zero(groups, 1))?;
            let following = builder.affine(&[(teeth, next.clone())], folds(chains))?;
            teeth = builder.relu(following);
            accumulator = Some(builder.relu(sum));
        }
        // Levels m - 1 and m: c g_{m-1} - (2 g_{m-1} - 4 max(g_{m-1} - 1/2, 0)) / 4^m.
        let unit = Rational::power_of_two(-2 * levels as i64);
        let c = if levels == 1 { Rational::one() } else { &unit * &Rational::from(-4) };
        let block = Block::from_rows(&[&[&c - &(&unit * &Rational::from(2)), &unit * &Rational::from(4)]]);
        let last = LinearMap::literal(block).sum_of_copies(length).copies(groups);
        Ok(Self { teeth, last, accumulator: accumulator.map(|sum| (sum, LinearMap::identity(groups))) })
    }

    /// The terms of `spread` applied to the vector of group sums.
    pub(super) fn terms(&self, spread: &LinearMap) -> Result<Vec<(Value, LinearMap)>, NetworkError> {
        let mut terms = vec![(self.teeth, spread.product(&self.last)?)];
        if let Some((sum, identity)) = &self.accumulator {
            terms.push((*sum, spread.product(identity)?));
        }
        Ok(terms)
    }
}

/// sum_k f_m(|s_gk|) - f_m(|d_gk|) for each group g, as the teeth and accumulators of its last layer.
///
/// The value of group g is `last` applied to each quadruple of `teeth` of the group and summed, plus the accumulator
/// less `length`, where there is one.
pub(super) struct SquareDifferences {
    /// (g, max(g - 1/2, 0)) of both chains of each product.
    pub(super) teeth: Value,
    /// The row that acts on each quadruple of teeth.
    pub(super) last: [Rational; 4],
    /// One accumulator for each group, offset by `length`; none for a single level.
    pub(super) accumulator: Option<Value>,
}

impl SquareDifferences {
    /// Adds the chains to `signs`, (s, -s, d, -d) before ReLU for `groups` times `length` products, |s|, |d| <= 1.
    ///
    /// # Size
    /// 10 weights a product and level, 2 into the accumulator of its group, 1 for each accumulator and level.
    pub(super) fn build(
        builder: &mut Builder,
        signs: Value,
        groups: usize,
        length: usize,
        levels: usize,
    ) -> Result<Self, NetworkError> {
        let n = groups * length;
        let signs = builder.relu(signs);
        // (|s|, |s| - 1/2, |d|, |d| - 1/2) for each product
        let pairs = |p: (i64, i64), q: (i64, i64)| {
            let (zero, upper) = ((0, 1), [p, q]);
            let (top, bottom) = ([upper[0], upper[1], zero, zero], [zero, zero, upper[0], upper[1]]);
            LinearMap::literal(Block::from_ratios(&[top, top, bottom, bottom])).copies(n)
        };
        let folds = folds(2 * n);
        let teeth = builder.affine(&[(signs, pairs((1, 1), (1, 1)))], folds.clone())?;
        let mut teeth = builder.relu(teeth);
        let next = pairs((2, 1), (-4, 1));
        // What level k adds to the accumulator: s_0 - d_0, then -(g_k(s) - g_k(d)) / 4^k.
        let level = |k: usize| {
            let c = if k == 0 { Rational::one() } else { -Rational::power_of_two(-2 * k as i64) };
            let zero = Rational::zero();
            let row = Block::from_rows(&[&[c.clone(), zero.clone(), -&c, zero]]);
            LinearMap::literal(row).sum_of_copies(length).copies(groups)
        };
        let mut accumulator: Option<Value> = None;
        for k in 0..levels - 1 {
            // The accumulator is length + sum_k (f_k(s) - f_k(d)) >= 0, so ReLU leaves it as it is.
            let mut terms = vec![(teeth, level(k))];
            let mut bias = LinearMap::constant(groups, Rational::from(length));
            if let Some(sum) = accumulator {
                terms.push((sum, LinearMap::identity(groups)));
                bias = LinearMap::zero(groups, 1);
            }
            let sum = builder.affine(&terms, bias)?;
            let following = builder.affine(&[(teeth, next.clone())], folds.clone())?;
            teeth = builder.relu(following);
            accumulator = Some(builder.relu(sum));
        }
        // Levels m - 1 and m from the last teeth: g_m = 2 g_{m-1} - 4 max(g_{m-1} - 1/2, 0).
        let unit = Rational::power_of_two(-2 * levels as i64);
        let c = if levels == 1 { Rational::one() } else { &unit * &Rational::from(-4) };
        let (a, b) = (&c - &(&unit * &Rational::from(2)), &unit * &Rational::from(4));
        let last = [a.clone(), b.clone(), -a, -b];
        Ok(Self { teeth, last, accumulator })
    }
}
