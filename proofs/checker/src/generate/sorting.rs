//! Sorting by Batcher's merge exchange, and the part of it that one wire depends on.
//!
//! Why: merge exchange sorts (Knuth, The Art of Computer Programming 3, Algorithm 5.2.2M), and a comparator maps (x, y) to
//! (y - d, x + d) = (min, max), d = relu(y - x); numbers are carried as in `minimum`.

use std::collections::BTreeMap;
use std::ops::Range;

use num_traits::Zero;

use super::Builder;
use crate::network::{Block, Map, Network, Weight};
use crate::problem::Problem;

/// The most numbers that are sorted.
pub const MAX_SORTED: u64 = 255;

/// The network that sorts n numbers, the smallest first, on R^n.
///
/// # Errors
/// When it is too large.
pub fn sort(n: u64) -> Result<Network, Problem> {
    let mut builder = Builder::default();
    let mut x = builder.input(n);
    for stage in stages(n, 0..n) {
        x = compare(&mut builder, x, &stage, None)?;
    }
    Ok(builder.finish(x))
}

/// Disjoint comparators (wire of the minimum, wire of the maximum), and which wires are read after them.
pub(super) struct Stage {
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

/// The comparators on which these wires depend, each as early as possible.
pub(super) fn stages(n: u64, wires: Range<u64>) -> Vec<Stage> {
    let wanted: Vec<bool> = (0..n).map(|wire| wires.contains(&wire)).collect();
    let mut live = wanted.clone();
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
    let mut live = wanted;
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

/// The wires after a stage, from those before it; with a shift b, for numbers >= -b, the wires after it plus b.
pub(super) fn compare(
    builder: &mut Builder,
    x: usize,
    stage: &Stage,
    shift: Option<&Weight>,
) -> Result<usize, Problem> {
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
