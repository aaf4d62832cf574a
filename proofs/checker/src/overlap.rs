//! Places that strands share; a search that takes too many trials is a [`Problem`].

use num_traits::Zero;

use crate::algebra::distance;
use crate::lattice::{Search, Unknown};
use crate::network::{Axis, Weight};
use crate::problem::{Problem, problem};

/// The places (row + sum k_a row_a, column + sum k_a column_a), each reached once.
#[derive(Debug, Clone)]
pub struct Places {
    /// The first row.
    pub row: u64,
    /// The first column.
    pub column: u64,
    /// The axes.
    pub axes: Vec<Axis>,
}

/// The places of both, one for each pair (k, l) of positions that coincide.
pub fn shared(a: &Places, b: &Places, trials: &mut u64) -> Result<Vec<Places>, Problem> {
    // Rows first: sum k_a row_a - sum l_b row_b = b.row - a.row; the columns of both and the place in a are carried.
    let unknown = |axis: &Axis, sign: i128| {
        let (row, column) = (i128::from(axis.row), i128::from(axis.column));
        let place = if sign > 0 { (row, column) } else { (0, 0) };
        Unknown { count: axis.count.into(), step: sign * row, carried: [sign * column, place.0, place.1] }
    };
    let unknowns = a.axes.iter().map(|axis| unknown(axis, 1)).chain(b.axes.iter().map(|axis| unknown(axis, -1)));
    let unknowns: Vec<Unknown> = unknowns.collect();
    let columns = i128::from(b.column) - i128::from(a.column);
    let (mut places, mut left) = (Vec::new(), *trials);
    let mut visit = |[base, row, column]: [i128; 3], free: &[Unknown]| {
        // On each box of solutions the columns are an equation in the box's directions.
        let turned: Vec<Unknown> = free.iter().map(turned).collect();
        let mut found = |[row, column, _]: [i128; 3], free: &[Unknown]| {
            let axis = |one: &Unknown| {
                let [row, column, _] = one.carried;
                Ok(Axis { count: distance(one.count)?, row: distance(row)?, column: distance(column)? })
            };
            let axes = free.iter().filter(|one| one.count != 1).map(axis).collect::<Result<_, Problem>>()?;
            let (row, column) = (distance(row + i128::from(a.row))?, distance(column + i128::from(a.column))?);
            places.push(Places { row, column, axes });
            Ok(())
        };
        let mut inner = Search { trials: left, visit: &mut found };
        inner.solve(&turned, columns - base, [row, column, 0])?;
        left = inner.trials;
        Ok(())
    };
    let mut outer = Search { trials: *trials, visit: &mut visit };
    outer.solve(&unknowns, i128::from(b.row) - i128::from(a.row), [0; 3])?;
    let used = outer.trials;
    *trials = used.min(left);
    Ok(places)
}

/// The unknown with its first carried sum as the equation.
fn turned(one: &Unknown) -> Unknown {
    let [column, row, place] = one.carried;
    Unknown { count: one.count, step: column, carried: [row, place, 0] }
}

/// The number of places of disjoint parts.
pub fn volume(parts: &[Places]) -> Result<u128, Problem> {
    let one = |part: &Places| part.axes.iter().try_fold(1u128, |n, axis| n.checked_mul(axis.count.into()));
    let sum = parts.iter().try_fold(0u128, |sum, part| sum.checked_add(one(part)?));
    // Sums of 2^22 of these stay inside an i128.
    sum.filter(|sum| *sum < 1 << 100).ok_or_else(|| Problem("a count is too large".to_owned()))
}

/// The number of places of a region where value plus the sum of the strands there is not zero.
pub fn with_sum(
    region: &[Places],
    value: Weight,
    strands: &[(Places, &Weight)],
    trials: &mut u64,
    depth: u32,
) -> Result<i128, Problem> {
    if region.is_empty() {
        return Ok(0);
    }
    let Some(depth) = depth.checked_sub(1) else { return problem("too many tiles coincide at one place") };
    let mut total = if value.is_zero() { 0 } else { volume(region)? as i128 };
    // Over the strands in turn: on the part that a strand shares, its number comes in addition, for all later ones.
    for (number, (places, weight)) in strands.iter().enumerate() {
        let mut part = Vec::new();
        for one in region {
            part.extend(shared(one, places, trials)?);
        }
        let Some(left) = trials.checked_sub(1) else { return problem("tiles coincide in too many ways") };
        *trials = left;
        let later = strands.get(number + 1..).unwrap_or_default();
        total += with_sum(&part, &value + *weight, later, trials, depth)?;
        total -= with_sum(&part, value.clone(), later, trials, depth)?;
    }
    Ok(total)
}
