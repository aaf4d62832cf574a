//! Sorting by comparators: exact.

use std::collections::BTreeMap;

use super::error::{ConstructError, count};
use crate::arith::Rational;
use crate::network::{Block, Builder, LinearMap, Network, Value};

/// The most inputs of a sorting network.
const MAX_SIZE: usize = 255;

/// Builds the network that sorts n numbers, the smallest first, on all of R^n.
///
/// # Statement
/// R(x) is x in increasing order, for all x in R^n.
///
/// Proof. A comparator maps (x, y) to (min(x, y), max(x, y)) = (y - d, x + d), d = relu(y - x). Merge exchange sorts
/// (Knu98, Algorithm 5.2.2M). A number is carried as relu(x) - relu(-x).
///
/// # Source
/// Knu98, section 5.2.2 (Batcher's merge exchange); ABMM18 for minima by ReLU networks.
///
/// # Shapes
/// Input \[n\], output \[n\].
///
/// # Size
/// At most ceil(log2 n) (ceil(log2 n) + 1) / 2 + 1 layers; in a layer one neuron a comparator and two a number, so
/// O(n log^2 n) neurons.
///
/// # Exactness
/// Exact: error 0.
///
/// # Errors
/// [`ConstructError::Parameter`] for n = 0 or n > 255.
pub fn sorting_network(size: usize) -> Result<Network, ConstructError> {
    count("size", size, 1, MAX_SIZE)?;
    let wires: Vec<usize> = (0..size).collect();
    let mut builder = Network::builder();
    let mut x = builder.input(size);
    for stage in pruned(size, &wires) {
        x = compare(&mut builder, x, &stage, None)?;
    }
    Ok(builder.finish(x))
}

/// What a stage does: comparators (wire of the minimum, wire of the maximum), and the wires needed after it.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    comparators: Vec<(usize, usize)>,
    live: Vec<bool>,
}

/// Merge exchange for n wires, as comparators in order.
fn merge_exchange(n: usize) -> Vec<(usize, usize)> {
    let mut list = Vec::new();
    if n < 2 {
        return list;
    }
    let top = n.next_power_of_two() / 2;
    let mut p = top;
    while p > 0 {
        let (mut q, mut r, mut d) = (top, 0, p);
        loop {
            list.extend((0..n - d).filter(|i| i & p == r).map(|i| (i, i + d)));
            if q == p {
                break;
            }
            (d, q, r) = (q - p, q / 2, p);
        }
        p /= 2;
    }
    list
}

/// The comparators on which these wires depend, in stages of disjoint comparators, as early as possible.
pub(super) fn pruned(n: usize, wires: &[usize]) -> Vec<Stage> {
    let wanted: Vec<bool> = (0..n).map(|wire| wires.contains(&wire)).collect();
    let mut live = wanted.clone();
    let mut needed = Vec::new();
    for (i, j) in merge_exchange(n).into_iter().rev() {
        if live[i] || live[j] {
            (live[i], live[j]) = (true, true);
            needed.push((i, j));
        }
    }
    let mut ready = vec![0; n];
    let mut stages: Vec<Vec<(usize, usize)>> = Vec::new();
    for (i, j) in needed.into_iter().rev() {
        let stage: usize = Ord::max(ready[i], ready[j]);
        if stage == stages.len() {
            stages.push(Vec::new());
        }
        stages[stage].push((i, j));
        (ready[i], ready[j]) = (stage + 1, stage + 1);
    }
    // Which wires are read after each stage.
    let mut live = wanted;
    let mut list: Vec<Stage> = Vec::new();
    for comparators in stages.into_iter().rev() {
        let after = live.clone();
        for &(i, j) in &comparators {
            (live[i], live[j]) = (true, true);
        }
        list.push(Stage { comparators, live: after });
    }
    list.reverse();
    list
}

/// The wires after a stage, from the wires before it; with a shift b, for values >= -b, the values after it plus b.
pub(super) fn compare(
    builder: &mut Builder,
    x: Value,
    stage: &Stage,
    shift: Option<&Rational>,
) -> Result<Value, ConstructError> {
    let n = stage.live.len();
    let (one, minus) = (Rational::one(), Rational::from(-1));
    // Neurons, each with its entries in the wires, its bias, and its entries in the new wires.
    let mut rows: Vec<Vec<(usize, Rational)>> = Vec::new();
    let mut bias = Vec::new();
    let mut after: BTreeMap<(usize, usize), Rational> = BTreeMap::new();
    let mut carry = |from: usize, to: usize, rows: &mut Vec<Vec<(usize, Rational)>>| {
        after.insert((to, rows.len()), one.clone());
        rows.push(vec![(from, one.clone())]);
        bias.push(shift.cloned().unwrap_or_default());
        if shift.is_none() {
            after.insert((to, rows.len()), minus.clone());
            rows.push(vec![(from, minus.clone())]);
            bias.push(Rational::zero());
        }
    };
    let mut compared = vec![false; n];
    for &(i, j) in &stage.comparators {
        (compared[i], compared[j]) = (true, true);
        // min = x_j - d on wire i, max = x_i + d on wire j
        if stage.live[i] {
            carry(j, i, &mut rows);
        }
        if stage.live[j] {
            carry(i, j, &mut rows);
        }
    }
    for wire in (0..n).filter(|&wire| stage.live[wire] && !compared[wire]) {
        carry(wire, wire, &mut rows);
    }
    for &(i, j) in &stage.comparators {
        // d = relu(x_j - x_i)
        if stage.live[i] {
            after.insert((i, rows.len()), minus.clone());
        }
        if stage.live[j] {
            after.insert((j, rows.len()), one.clone());
        }
        rows.push(vec![(i, minus.clone()), (j, one.clone())]);
        bias.push(Rational::zero());
    }
    let hidden = rows.len();
    let entries = rows.into_iter().enumerate();
    let entries = entries.flat_map(|(row, list)| list.into_iter().map(move |(column, v)| (row, column, v))).collect();
    let before = LinearMap::literal(Block::new(hidden, n, entries)?);
    let after = after.into_iter().map(|((row, column), v)| (row, column, v)).collect();
    let after = LinearMap::literal(Block::new(n, hidden, after)?);
    let hidden = builder.affine(&[(x, before)], LinearMap::vector(&bias))?;
    let hidden = builder.relu(hidden);
    Ok(builder.linear(hidden, after)?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::evaluate::evaluate_graph;

    #[test]
    fn numbers_are_sorted_with_ties_and_signs() {
        for n in 1..10 {
            let network = sorting_network(n).unwrap();
            let layers = network.layered().unwrap().size().unwrap().layers;
            let log = n.next_power_of_two().trailing_zeros() as usize;
            assert!(layers <= log * (log + 1) / 2 + 1);
            for seed in 0..40i64 {
                let x: Vec<Rational> =
                    (0..n as i64).map(|i| Rational::ratio((seed * (i * i + 3 * i + 1) + 5 * i) % 11 - 5, 2)).collect();
                let mut sorted = x.clone();
                sorted.sort();
                assert_eq!(evaluate_graph(&network, &[x]).unwrap(), sorted);
            }
        }
        assert!(sorting_network(0).is_err() && sorting_network(MAX_SIZE + 1).is_err());
    }

    #[test]
    fn merge_exchange_sorts_all_zeros_and_ones() {
        // A network of comparators that sorts all inputs of 0 and 1 sorts everything.
        for n in 1..13 {
            let comparators = merge_exchange(n);
            for bits in 0..1u32 << n {
                let mut wires: Vec<u32> = (0..n).map(|i| bits >> i & 1).collect();
                for &(i, j) in &comparators {
                    (wires[i], wires[j]) = (wires[i].min(wires[j]), wires[i].max(wires[j]));
                }
                assert!(wires.is_sorted());
            }
        }
    }
}
