//! The exact number of entries of a map that are not zero.
//!
//! In normal form an entry of a block is a strand: one number v at the places of its axes. The count is the sum of the
//! places of all strands, corrected where they coincide. Strands that meet, directly or through others, form a group;
//! groups are counted by inclusion and exclusion over the places that their strands share ([`crate::overlap`]). A group
//! with a strand that meets itself is written out, under a budget.

use std::collections::HashMap;

use num_integer::Integer;
use num_traits::Zero;

use crate::network::{Axis, Map, Tile, Weight};
use crate::overlap::{Places, shared, volume, with_sum};
use crate::problem::{Problem, problem};

/// The most trials of the search for places that strands share.
const TRIALS: u64 = 1 << 20;
/// The most pairs of strands and of tiles that are looked at.
const PAIRS: u64 = 1 << 26;
/// The most strands that coincide at one place before they are written out.
const DEPTH: u32 = 32;
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

impl Strand<'_> {
    fn places(&self) -> Places {
        Places { row: self.row, column: self.column, axes: self.tile.axes.clone() }
    }
}

impl Map {
    /// The exact number of entries that are not zero.
    pub fn nonzeros(&self) -> Result<u128, Problem> {
        let map = self.tidy()?;
        let mut strands: Vec<Strand> = Vec::new();
        let mut starts = Vec::new();
        for tile in map.tiles.iter() {
            starts.push(strands.len());
            strands.extend(tile.strands().map(|(row, column, value)| Strand { tile, row, column, value }));
        }
        starts.push(strands.len());
        let mut meetings =
            Meetings { strands: &strands, met: vec![Vec::new(); strands.len()], trials: TRIALS, pairs: PAIRS };
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
    /// For each strand the others (or itself) that it meets.
    met: Vec<Vec<usize>>,
    trials: u64,
    pairs: u64,
}

impl Meetings<'_> {
    fn spend(&mut self, pairs: usize) -> Result<(), Problem> {
        let left = self.pairs.checked_sub(pairs as u64);
        self.pairs = left.ok_or_else(|| Problem("a map has too many tiles and entries".to_owned()))?;
        Ok(())
    }

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
        self.spend(1)?;
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
        let mut known: HashMap<(i128, i128), bool> = HashMap::new();
        for (number, strand) in left.clone().zip(self.strands.get(left).unwrap_or_default()) {
            let Some(others) = classes.get(&place(strand)) else { continue };
            // Strands are sorted by row: only those within reach of this one's rows are looked at.
            let row_of = |other: usize| self.strands.get(other).map_or(0, |other| i128::from(other.row));
            let row = i128::from(strand.row);
            let first = others.partition_point(|&other| row_of(other) + over < row);
            let within = others.iter().copied().skip(first).take_while(|&other| row_of(other) <= row + down);
            let within: Vec<usize> = within.filter(|&other| !same || other >= number).collect();
            self.spend(within.len())?;
            for other in within {
                let Some(found) = self.strands.get(other) else { continue };
                let apart = (i128::from(found.row) - row, i128::from(found.column) - i128::from(strand.column));
                let meet = match known.get(&apart) {
                    Some(&meet) => meet,
                    None => {
                        let shared = volume(&shared(&strand.places(), &found.places(), &mut self.trials)?)?;
                        // A strand is the same as itself at all its places; only more pairs say that it meets itself.
                        let meet = shared > if number == other { a.positions().unwrap_or(0) } else { 0 };
                        known.insert(apart, meet);
                        meet
                    }
                };
                if meet {
                    self.met.get_mut(number).into_iter().for_each(|met| met.push(other));
                    self.met.get_mut(other).into_iter().for_each(|met| met.push(number));
                }
            }
        }
        Ok(())
    }

    /// The count, by groups of strands that meet.
    fn total(&mut self) -> Result<u128, Problem> {
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
                for &other in self.met.get(one).into_iter().flatten() {
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
    fn group(&mut self, group: &[usize]) -> Result<u128, Problem> {
        let strands: Vec<Strand> = group.iter().filter_map(|&one| self.strands.get(one).copied()).collect();
        let too_large = || Problem("a count is too large".to_owned());
        let mut places = 0u128;
        for strand in &strands {
            let sum = strand.tile.positions().and_then(|n| places.checked_add(n));
            places = sum.ok_or_else(too_large)?;
        }
        let met = |one: &usize| self.met.get(*one).map_or(&[][..], Vec::as_slice);
        if group.iter().all(|one| met(one).is_empty()) {
            return Ok(places);
        }
        if group.iter().any(|one| met(one).contains(one)) {
            return written_out(&strands, places);
        }
        let placed: Vec<(Places, &Weight)> = strands.iter().map(|strand| (strand.places(), strand.value)).collect();
        // Where the search gives up, writing out may still do.
        self.without_repetition(&placed).or_else(|_| written_out(&strands, places))
    }

    /// The count of all is the count of the rest, plus what is not zero on the first, less what of the rest was there.
    fn without_repetition(&mut self, strands: &[(Places, &Weight)]) -> Result<u128, Problem> {
        let (mut total, mut rest) = (0i128, strands);
        while let Some(((places, value), others)) = rest.split_first() {
            let region = std::slice::from_ref(places);
            total += with_sum(region, (*value).clone(), others, &mut self.trials, DEPTH)?;
            total -= with_sum(region, Weight::zero(), others, &mut self.trials, DEPTH)?;
            rest = others;
        }
        u128::try_from(total).map_err(|_| Problem("a count is too large".to_owned()))
    }
}

/// Counts by writing out.
fn written_out(strands: &[Strand], places: u128) -> Result<u128, Problem> {
    if places > WRITE_OUT {
        return problem(format!("tiles coincide in a way that only writing out {places} entries settles"));
    }
    let mut sum: HashMap<(u64, u64), Weight> = HashMap::new();
    for strand in strands {
        for_each_position(&strand.tile.axes, strand.row, strand.column, &mut |row, column| {
            *sum.entry((row, column)).or_insert_with(Weight::zero) += strand.value;
        });
    }
    Ok(sum.values().filter(|value| !value.is_zero()).count() as u128)
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
