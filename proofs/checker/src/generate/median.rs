//! The median of an odd number of values by Batcher's merge exchange, pruned to what the middle wire depends on.
//!
//! Why: merge exchange sorts (Knuth, The Art of Computer Programming 3, Algorithm 5.2.2M), and a comparator maps (x, y) to
//! (y - d, x + d) = (min, max), d = relu(y - x); numbers are carried as in `minimum`.

use std::collections::BTreeMap;

use num_traits::Zero;

use super::Builder;
use crate::network::{Block, Map, Network, Weight};
use crate::problem::Problem;

/// The most numbers of a median.
pub const MAX_MEDIAN: u64 = 255;

/// The network for n numbers, n odd, on R^n (no bound) or \[-B, B\]^n.
///
/// # Errors
/// When it is too large.
pub fn median(n: u64, bound: Option<&Weight>) -> Result<Network, Problem> {
    let stages = stages(n, n / 2);
    let mut builder = Builder::default();
    let mut x = builder.input(n);
    for (number, stage) in stages.iter().enumerate() {
        let shift = bound.map(|b| if number == 0 { b.clone() } else { Weight::zero() });
        x = compare(&mut builder, x, stage, shift.as_ref())?;
    }
    let back = bound.filter(|_| !stages.is_empty()).map_or_else(Weight::zero, |b| -b);
    let output = builder.affine(vec![(x, Map::slice(n, n / 2, 1)?)], Map::constant(1, back)?);
    Ok(builder.finish(output))
}

/// Disjoint comparators (wire of the minimum, wire of the maximum), and which wires are read after them.
struct Stage {
    comparators: Vec<(u64, u64)>,
    live: Vec<bool>,
}

fn is_live(live: &[bool], wire: u64) -> bool {
    usize::try_from(wire).ok().and_then(|wire| live.get(wire).copied()).unwrap_or(false)
}

fn make_live(live: &mut [bool], (i, j): (u64, u64)) {
    for wire in [i, j] {
        if let Some(flag) = usize::try_from(wire).ok().and_then(|wire| live.get_mut(wire)) {
            *flag = true;
        }
    }
}

/// Batcher's merge exchange (Knuth, algorithm 5.2.2M), all comparators in order: for each p = t, t/2, .., 1, t the largest power
/// of two below n, wires at distance p whose bit p is 0, then for q = t, t/2, .., 2p wires at distance q - p whose bit p is 1.
fn merge_exchange(n: u64) -> Vec<(u64, u64)> {
    let bits = n.checked_sub(1).and_then(u64::checked_ilog2).map_or(0, |top| top + 1);
    let powers = |lowest: u32| (lowest..bits).rev().map(|bit| 1u64 << bit);
    let stage = |distance: u64, bit: u64, set: bool| {
        let starts = 0..n.saturating_sub(distance);
        starts.filter(move |wire| (wire & bit != 0) == set).map(move |wire| (wire, wire + distance))
    };
    let merge = |p: u64| {
        let closer = powers(p.ilog2() + 1).flat_map(move |q| stage(q - p, p, true));
        stage(p, p, false).chain(closer)
    };
    powers(0).flat_map(merge).collect()
}

/// The comparators on which a wire depends, each as early as possible.
fn stages(n: u64, wire: u64) -> Vec<Stage> {
    let none = || vec![false; usize::try_from(n).unwrap_or(0)];
    let mut live = none();
    make_live(&mut live, (wire, wire));
    let mut needed = Vec::new();
    for (i, j) in merge_exchange(n).into_iter().rev() {
        if is_live(&live, i) || is_live(&live, j) {
            make_live(&mut live, (i, j));
            needed.push((i, j));
        }
    }
    // The number of stages a wire has gone through.
    let mut ready: BTreeMap<u64, usize> = BTreeMap::new();
    let mut stages: Vec<Vec<(u64, u64)>> = Vec::new();
    for (i, j) in needed.into_iter().rev() {
        let depth = |wire| ready.get(wire).copied().unwrap_or(0);
        let stage = depth(&i).max(depth(&j));
        if stages.len() <= stage {
            stages.push(Vec::new());
        }
        if let Some(comparators) = stages.get_mut(stage) {
            comparators.push((i, j));
        }
        ready.extend([(i, stage + 1), (j, stage + 1)]);
    }
    let mut live = none();
    make_live(&mut live, (wire, wire));
    let mut list = Vec::new();
    for comparators in stages.into_iter().rev() {
        let after = live.clone();
        for &pair in &comparators {
            make_live(&mut live, pair);
        }
        list.push(Stage { comparators, live: after });
    }
    list.reverse();
    list
}

/// The hidden layer of a stage, neuron by neuron.
#[derive(Default)]
struct Hidden {
    before: Vec<(u64, u64, Weight)>,
    bias: Vec<Weight>,
    after: BTreeMap<(u64, u64), Weight>,
}

impl Hidden {
    /// A neuron with its entries in the wires before and in the wires after.
    fn add(&mut self, before: &[(u64, i64)], bias: Weight, after: &[(u64, i64)]) {
        let row = self.bias.len() as u64;
        self.before.extend(before.iter().map(|&(wire, c)| (row, wire, super::ratio(c, 1))));
        self.after.extend(after.iter().map(|&(wire, c)| ((wire, row), super::ratio(c, 1))));
        self.bias.push(bias);
    }
    /// The value of one wire on another one.
    fn carry(&mut self, from: u64, to: u64, shift: Option<&Weight>) {
        self.add(&[(from, 1)], shift.cloned().unwrap_or_else(Weight::zero), &[(to, 1)]);
        if shift.is_none() {
            self.add(&[(from, -1)], Weight::zero(), &[(to, -1)]);
        }
    }
}

fn compare(builder: &mut Builder, x: usize, stage: &Stage, shift: Option<&Weight>) -> Result<usize, Problem> {
    let n = stage.live.len() as u64;
    let mut hidden = Hidden::default();
    let mut compared = vec![false; stage.live.len()];
    let live = |wire: u64| is_live(&stage.live, wire);
    for &(i, j) in &stage.comparators {
        make_live(&mut compared, (i, j));
        // min = x_j - d on wire i, max = x_i + d on wire j
        for (from, to) in [(j, i), (i, j)] {
            if live(to) {
                hidden.carry(from, to, shift);
            }
        }
    }
    for wire in (0..n).filter(|&wire| live(wire) && !is_live(&compared, wire)) {
        hidden.carry(wire, wire, shift);
    }
    for &(i, j) in &stage.comparators {
        // d = relu(x_j - x_i)
        let uses: Vec<(u64, i64)> = [(i, -1), (j, 1)].into_iter().filter(|use_| live(use_.0)).collect();
        hidden.add(&[(i, -1), (j, 1)], Weight::zero(), &uses);
    }
    let rows = hidden.bias.len() as u64;
    let before = Map::literal(Block { rows, columns: n, entries: hidden.before })?;
    let after = hidden.after.into_iter().map(|((row, column), v)| (row, column, v)).collect();
    let after = Map::literal(Block { rows: n, columns: rows, entries: after })?;
    let node = builder.affine(vec![(x, before)], Map::vector(&hidden.bias)?);
    let node = builder.relu(node);
    Ok(builder.linear(node, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merge_exchange_sorts_zeros_and_ones() {
        // The 0-1 principle: a network that sorts all zeros and ones sorts everything.
        for n in 1..15u64 {
            let list = merge_exchange(n);
            for bits in 0u64..1 << n {
                let mut word = bits;
                for &(i, j) in &list {
                    if word >> i & 1 == 1 && word >> j & 1 == 0 {
                        word ^= 1 << i | 1 << j;
                    }
                }
                let ones = bits.count_ones();
                assert_eq!(word, ((1 << ones) - 1) << (n - u64::from(ones)));
            }
        }
    }
}
