//! The levels of the squares and products of a program: as few weights as a local search finds, decided exactly.

use std::cell::Cell;

use super::error::{ConstructError, count};
use super::facts::Facts;
use super::program::{Program, Step};
use super::range::Range;
use super::squaring::MAX_LEVELS;
use crate::arith::Rational;

/// Groups up to which levels are exchanged between groups; beyond, each group is only lowered.
const EXCHANGE_GROUPS: usize = 40;

/// Groups beyond which all levels stay equal: lowering tries every group, and each try analyses the whole program.
const LOWERED_GROUPS: usize = 256;
/// The most work, in the units of [`Program::work`], after which the exchange of levels stops.
const EXCHANGE_WORK: usize = 1 << 18;

/// Levels at which `error_of` (the certified error, as a function of the range of the program's own error) is at most
/// `error`.
///
/// First the fewest equal levels; then single groups are lowered, and levels exchanged between groups, as long as the
/// weights decrease, so that in the end no single group can be lowered; programs of more than [`LOWERED_GROUPS`] groups
/// keep equal levels. The exact analysis accepts or refuses every step: the result is certified however it was found.
///
/// # Errors
/// [`ConstructError::Parameter`] when more than [`MAX_LEVELS`] levels would be needed.
pub(super) fn levels_for_error(
    program: &Program,
    error: &Rational,
    error_of: impl Fn(&Range) -> Rational,
) -> Result<Vec<usize>, ConstructError> {
    let (work, done) = (program.work(), Cell::new(0usize));
    let accepted = |levels: &[usize]| {
        done.set(done.get() + work);
        error_of(&program.error(levels)) <= *error
    };
    let mut enough = 1;
    while !accepted(&program.uniform(enough)) {
        if enough >= MAX_LEVELS || program.groups == 0 {
            return Err(ConstructError::parameter("error", error, "an error that the levels allowed can certify"));
        }
        enough = (2 * enough).min(MAX_LEVELS);
    }
    // More levels never increase the error: bisect.
    let mut too_few = 0;
    while enough - too_few > 1 {
        let middle = usize::midpoint(too_few, enough);
        if accepted(&program.uniform(middle)) { enough = middle } else { too_few = middle }
    }
    count("levels needed for the error", enough, 1, MAX_LEVELS)?;
    let mut levels = program.uniform(enough);
    if program.groups > LOWERED_GROUPS {
        return Ok(levels);
    }
    lower(program, &mut levels, None, &accepted);
    if program.groups > EXCHANGE_GROUPS {
        return Ok(levels);
    }
    let mut cost = weights_estimate(program, &levels);
    let mut improved = true;
    while improved {
        improved = false;
        for raised in 0..program.groups {
            if done.get() > EXCHANGE_WORK {
                return Ok(levels);
            }
            let mut other = levels.clone();
            other[raised] += 1;
            lower(program, &mut other, Some(raised), &accepted);
            lower(program, &mut other, None, &accepted);
            let price = weights_estimate(program, &other);
            if price < cost {
                (levels, cost, improved) = (other, price, true);
            }
        }
    }
    Ok(levels)
}

/// Lowers groups, the dearest first, while the error stays accepted; one group may be kept.
fn lower(program: &Program, levels: &mut [usize], keep: Option<usize>, accepted: &impl Fn(&[usize]) -> bool) {
    let price = prices(program);
    let mut order: Vec<usize> = (0..levels.len()).filter(|group| Some(*group) != keep).collect();
    order.sort_by_key(|&group| std::cmp::Reverse(price[group]));
    for group in order {
        while levels[group] > 1 {
            levels[group] -= 1;
            if !accepted(levels) {
                levels[group] += 1;
                break;
            }
        }
    }
}

/// Weights of one more level in each group.
fn prices(program: &Program) -> Vec<usize> {
    let mut prices = vec![0; program.groups];
    for step in &program.steps {
        match step {
            Step::Square { group, .. } => prices[*group] += 7,
            Step::Product { group, .. } => prices[*group] += 13,
            Step::Input | Step::Affine { .. } => {}
        }
    }
    prices
}

/// About the weights of the network: its squares, its products, and the values carried from layer to layer.
fn weights_estimate(program: &Program, levels: &[usize]) -> usize {
    let Facts { steps: facts, places: place, .. } = program.facts(levels);
    let mut last_use = place.clone();
    let mut weights = 0;
    for (number, step) in program.steps.iter().enumerate() {
        match step {
            Step::Input => {}
            // The terms of the result are folded into the accumulator where they are made.
            Step::Affine { terms, .. } if number + 1 == program.steps.len() => {
                let first = terms.iter().map(|(x, _)| place[x.0]).min().unwrap_or(0);
                weights += place[number] - first;
            }
            Step::Affine { terms, .. } => {
                for (x, _) in terms {
                    last_use[x.0] = last_use[x.0].max(place[number]);
                }
            }
            Step::Square { of, group } => {
                weights += 7 * levels[*group] + if facts[of.0].two_sided() { 8 } else { 0 };
            }
            Step::Product { left, right, group } => {
                weights += 13 * levels[*group] + 11;
                let start = place[left.0].max(place[right.0]);
                last_use[left.0] = last_use[left.0].max(start);
                last_use[right.0] = last_use[right.0].max(start);
            }
        }
    }
    weights + last_use.iter().zip(&place).map(|(end, start)| end - start).sum::<usize>()
}
