//! The exact number of entries of a map that are not zero.
//!
//! In normal form an entry of a block is a strand: one number v at the places of its axes. The count is the sum of the
//! places of all strands, less what coincides. Two strands share the places at which a system of two linear equations
//! has solutions; [`Search`] finds them row by row, then column by column. A strand that meets more than one other (or
//! itself) is written out with those it meets, under a budget.

use std::collections::HashMap;

use num_integer::Integer;
use num_traits::Zero;

use crate::lattice::{Search, Unknown};
use crate::network::{Axis, Map, Tile, Weight};
use crate::problem::{Problem, problem};

/// The most trials of the search for places that two strands share.
const TRIALS: u64 = 1 << 26;
/// The most entries that are written out.
const WRITE_OUT: u128 = 1 << 22;

/// One entry of a tile in normal form.
#[derive(Clone, Copy)]
struct Strand<'a> {
    tile: &'a Tile,
    row: u64,
    column: u64,
    value: &'a Weight,
}

impl Map {
    /// The exact number of entries that are not zero.
    ///
    /// # Errors
    /// When the map is malformed, or tiles coincide in a way that the budgets do not settle.
    pub fn nonzeros(&self) -> Result<u128, Problem> {
        let map = self.tidy()?;
        let mut strands: Vec<Strand> = Vec::new();
        let mut starts = Vec::new();
        for tile in &map.tiles {
            starts.push(strands.len());
            strands.extend(tile.strands().map(|(row, column, value)| Strand { tile, row, column, value }));
        }
        starts.push(strands.len());
        let mut meetings = Meetings { strands: &strands, met: vec![Vec::new(); strands.len()], trials: TRIALS };
        for (i, a) in map.tiles.iter().enumerate() {
            for (j, b) in map.tiles.iter().enumerate().skip(i) {
                let parts = (starts.get(i..i + 2), starts.get(j..j + 2));
                if let (Some(&[p, q]), Some(&[s, t])) = parts {
                    meetings.between((a, p..q), (b, s..t))?;
                }
            }
        }
        meetings.total()
    }
}

struct Meetings<'a> {
    strands: &'a [Strand<'a>],
    /// For each strand the others (or itself) that it meets, with the number of shared places.
    met: Vec<Vec<(usize, u128)>>,
    trials: u64,
}

impl Meetings<'_> {
    /// Finds the strands of two tiles (or of one) that share places.
    fn between(
        &mut self,
        (a, left): (&Tile, std::ops::Range<usize>),
        (b, right): (&Tile, std::ops::Range<usize>),
    ) -> Result<(), Problem> {
        let apart = |s: (u64, u64), e: (u64, u64), t: (u64, u64), f: (u64, u64)| {
            e.0 <= t.0 || f.0 <= s.0 || e.1 <= t.1 || f.1 <= s.1
        };
        let start = |tile: &Tile| (tile.row, tile.column);
        let ends = a.end().zip(b.end());
        if ends.is_none_or(|(e, f)| apart(start(a), e, start(b), f)) {
            return Ok(());
        }
        let same = left == right;
        if same && a.axes.is_empty() {
            return Ok(()); // The entries of one block lie apart.
        }
        // All steps are multiples of g, so only places equal modulo g meet.
        let axes = || a.axes.iter().chain(&b.axes);
        let g = axes().fold((0, 0), |g, axis| (g.0.gcd(&axis.row), g.1.gcd(&axis.column)));
        let class = |n: u64, g: u64| if g == 0 { n } else { n % g };
        let place = |strand: &Strand| (class(strand.row, g.0), class(strand.column, g.1));
        let far = |axes: &[Axis], stride: fn(&Axis) -> u64| {
            axes.iter().map(|axis| i128::from(axis.count - 1) * i128::from(stride(axis))).sum::<i128>()
        };
        let (down, over) = (far(&a.axes, |axis| axis.row), far(&b.axes, |axis| axis.row));
        let mut classes: HashMap<(u64, u64), Vec<usize>> = HashMap::new();
        for (number, strand) in right.clone().zip(self.strands.get(right).unwrap_or_default()) {
            classes.entry(place(strand)).or_default().push(number);
        }
        let mut known: HashMap<(i128, i128), u128> = HashMap::new();
        for (number, strand) in left.clone().zip(self.strands.get(left).unwrap_or_default()) {
            let Some(others) = classes.get(&place(strand)) else { continue };
            // Strands are sorted by row: only those within reach of this one's rows are looked at.
            let row_of = |other: usize| self.strands.get(other).map_or(0, |other| i128::from(other.row));
            let row = i128::from(strand.row);
            let first = others.partition_point(|&other| row_of(other) + over < row);
            let within = others.iter().copied().skip(first).take_while(|&other| row_of(other) <= row + down);
            let within: Vec<usize> = within.filter(|&other| !same || other >= number).collect();
            for other in within {
                let Some(found) = self.strands.get(other) else { continue };
                let apart = (i128::from(found.row) - row, i128::from(found.column) - i128::from(strand.column));
                let shared = match known.get(&apart) {
                    Some(&shared) => shared,
                    None => {
                        let shared = self.shared(&a.axes, &b.axes, apart)?;
                        known.insert(apart, shared);
                        shared
                    }
                };
                // A strand is the same as itself at all its places; only further solutions say that it meets itself.
                let trivial = if number == other { a.positions().unwrap_or(0) } else { 0 };
                if shared > trivial {
                    self.met.get_mut(number).into_iter().for_each(|met| met.push((other, shared)));
                    if number != other {
                        self.met.get_mut(other).into_iter().for_each(|met| met.push((number, shared)));
                    }
                }
            }
        }
        Ok(())
    }

    /// The number of pairs of positions (k, l) with
    /// sum k_a row_a - sum l_b row_b = rows and sum k_a column_a - sum l_b column_b = columns.
    fn shared(&mut self, a: &[Axis], b: &[Axis], (rows, columns): (i128, i128)) -> Result<u128, Problem> {
        let unknown = |axis: &Axis, sign: i128| Unknown {
            count: axis.count.into(),
            step: sign * i128::from(axis.row),
            carried: [sign * i128::from(axis.column), 0],
        };
        let unknowns: Vec<Unknown> =
            a.iter().map(|axis| unknown(axis, 1)).chain(b.iter().map(|axis| unknown(axis, -1))).collect();
        let (mut total, trials) = (0u128, &mut self.trials);
        let mut left = *trials;
        // On each box of solutions of the first equation the second one is an equation in the box's directions.
        let mut visit = |[base, _]: [i128; 2], free: &[Unknown]| {
            let turned: Vec<Unknown> =
                free.iter().map(|one| Unknown { step: one.carried[0], carried: [0, 0], ..*one }).collect();
            let mut volumes = |_: [i128; 2], free: &[Unknown]| {
                let volume = free.iter().try_fold(1u128, |n, one| n.checked_mul(u128::try_from(one.count).ok()?));
                let sum = volume.and_then(|volume| total.checked_add(volume));
                total = sum.ok_or_else(|| Problem("a count is too large".to_owned()))?;
                Ok(())
            };
            let mut inner = Search { trials: left, visit: &mut volumes };
            inner.solve(&turned, columns - base, [0, 0])?;
            left = inner.trials;
            Ok(())
        };
        let mut outer = Search { trials: *trials, visit: &mut visit };
        outer.solve(&unknowns, rows, [0, 0])?;
        *trials = outer.trials.min(left);
        Ok(total)
    }

    /// The count, by groups of strands that meet.
    fn total(&self) -> Result<u128, Problem> {
        let mut total = 0u128;
        let mut done = vec![false; self.strands.len()];
        for first in 0..self.strands.len() {
            if done.get(first).is_none_or(|&done| done) {
                continue;
            }
            let (mut group, mut next) = (vec![first], 0);
            done.get_mut(first).into_iter().for_each(|done| *done = true);
            while let Some(&one) = group.get(next) {
                next += 1;
                for &(other, _) in self.met.get(one).into_iter().flatten() {
                    if let Some(done) = done.get_mut(other).filter(|done| !**done) {
                        *done = true;
                        group.push(other);
                    }
                }
            }
            let count = self.group(&group)?;
            total = total.checked_add(count).ok_or_else(|| Problem("a count is too large".to_owned()))?;
        }
        Ok(total)
    }

    /// The count of strands that meet one another and no other strand.
    fn group(&self, group: &[usize]) -> Result<u128, Problem> {
        let strands: Vec<Strand> = group.iter().filter_map(|&one| self.strands.get(one).copied()).collect();
        let too_large = || Problem("a count is too large".to_owned());
        let mut places = 0u128;
        for strand in &strands {
            let sum = strand.tile.positions().and_then(|n| places.checked_add(n));
            places = sum.ok_or_else(too_large)?;
        }
        let met = group.first().and_then(|&one| self.met.get(one)).map_or(&[][..], Vec::as_slice);
        match (strands.as_slice(), met) {
            ([_], []) => Ok(places),
            // Each place of one is at most one place of the other: 2 strands, 1 entry there, or none where they cancel.
            ([a, b], [(_, shared)]) if group.iter().all(|&one| self.met.get(one).is_some_and(|met| met.len() == 1)) => {
                let lost = if (a.value + b.value).is_zero() { 2 * shared } else { *shared };
                places.checked_sub(lost).ok_or_else(too_large)
            }
            _ => written_out(&strands, places),
        }
    }
}

/// Counts by writing out, after the axes that all strands share and that keep their windows apart are taken out.
fn written_out(strands: &[Strand], places: u128) -> Result<u128, Problem> {
    let mut axes: Vec<Vec<Axis>> = strands.iter().map(|strand| strand.tile.axes.clone()).collect();
    let mut factor = 1u128;
    loop {
        let window = |without: &Axis, start: fn(&Strand) -> u64, stride: fn(&Axis) -> u64| {
            let ends = strands.iter().zip(&axes).map(|(strand, axes)| {
                let rest = axes.iter().filter(|axis| *axis != without);
                let far = rest.map(|axis| u128::from(axis.count - 1) * u128::from(stride(axis))).sum::<u128>();
                u128::from(start(strand)) + far + 1
            });
            let least = strands.iter().map(start).min().unwrap_or(0);
            ends.max().unwrap_or(0).saturating_sub(least.into())
        };
        // Positions along the axis lie in windows that do not overlap, so each window has the same count.
        let shared = axes.first().into_iter().flatten().copied().find(|axis| {
            axes.iter().all(|others| others.iter().filter(|other| *other == axis).count() == 1)
                && (u128::from(axis.row) >= window(axis, |strand| strand.row, |axis| axis.row)
                    || u128::from(axis.column) >= window(axis, |strand| strand.column, |axis| axis.column))
        });
        let Some(shared) = shared else { break };
        axes.iter_mut().for_each(|axes| axes.retain(|axis| *axis != shared));
        factor = factor.checked_mul(shared.count.into()).ok_or_else(|| Problem("a count is too large".to_owned()))?;
    }
    if places / factor > WRITE_OUT {
        return problem(format!("tiles coincide in a way that only writing out {} entries settles", places / factor));
    }
    let mut sum: HashMap<(u64, u64), Weight> = HashMap::new();
    for (strand, axes) in strands.iter().zip(&axes) {
        for_each_position(axes, strand.row, strand.column, &mut |row, column| {
            *sum.entry((row, column)).or_insert_with(Weight::zero) += strand.value;
        });
    }
    let count = sum.values().filter(|value| !value.is_zero()).count() as u128;
    count.checked_mul(factor).ok_or_else(|| Problem("a count is too large".to_owned()))
}

/// Calls f(row, column) at every position of the axes.
pub(crate) fn for_each_position(axes: &[Axis], row: u64, column: u64, f: &mut impl FnMut(u64, u64)) {
    match axes.split_first() {
        None => f(row, column),
        Some((axis, rest)) => {
            (0..axis.count).for_each(|k| for_each_position(rest, row + k * axis.row, column + k * axis.column, f));
        }
    }
}
