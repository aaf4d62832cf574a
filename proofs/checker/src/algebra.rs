//! Products and equality of sums of tiles, kept structured.
//!
//! A product is taken entry by entry: entry v of a tile of A at (i, j) and entry w of a tile of B at (p, q) meet at the
//! positions k, l with j + sum k_a column_a = p + sum l_b row_b, and each meeting adds v w at row i + sum k_a row_a and
//! column q + sum l_b column_b. [`Search`] gives the meetings as boxes, which are axes again. Maps
//! that do not fit, or share no structure and are too large to be taken entry by entry, are a [`Problem`].

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Zero};

use crate::lattice::{Search, Unknown};
use crate::network::{Axis, Map, Tile, Weight};
use crate::problem::{Problem, problem};
use crate::tiles::{Axes, DIMENSION_LIMIT, axes_of, from_entries, key, tidy_axes};

/// The most meetings of entries, and trials to find them, in one product.
const TRIALS: u64 = 1 << 20;
/// The most bits of the common denominator of a map in a product.
const DENOMINATOR_BITS: u64 = 1 << 20;

/// Whether two maps are equal as matrices.
pub fn equal(a: &Map, b: &Map) -> Result<bool, Problem> {
    if (a.rows, a.columns) != (b.rows, b.columns) {
        return Ok(false);
    }
    if a == b {
        return Ok(true);
    }
    let (a, b) = (a.tidy()?, b.tidy()?);
    // A = B iff A - B has no entry that is not zero.
    Ok(a == b || a.add(&b.negate())?.nonzeros()? == 0)
}

impl Map {
    /// The normal form of this map.
    pub fn tidy(&self) -> Result<Self, Problem> {
        Self::normal(self.rows, self.columns, self.tiles.iter().cloned())
    }

    /// The number c when this normal form is c times the identity.
    pub fn identity_factor(&self) -> Option<&Weight> {
        let [tile] = &*self.tiles else { return None };
        let [(0, 0, c)] = tile.block.entries.as_slice() else { return None };
        let along = match tile.axes.as_slice() {
            [] => self.rows == 1,
            [Axis { count, row: 1, column: 1 }] => *count == self.rows,
            _ => false,
        };
        (along && self.rows == self.columns && (tile.row, tile.column) == (0, 0)).then_some(c)
    }

    /// The product A B of this map A with B.
    pub fn product(&self, b: &Self) -> Result<Self, Problem> {
        if self.columns != b.rows {
            return problem(format!("a map of {} columns is applied to {} rows", self.columns, b.rows));
        }
        let (a, b) = (self.tidy()?, b.tidy()?);
        // (c I) B = c B and A (c I) = c A.
        if let Some(c) = a.identity_factor() {
            return Ok(b.scale(c));
        }
        if let Some(c) = b.identity_factor() {
            return Ok(a.scale(c));
        }
        // All weights as integers over one denominator of A and one of B: sums need no common divisors.
        let denominators = (common_denominator(&a)?, common_denominator(&b)?);
        let mut sum = Sum { tiles: BTreeMap::new(), trials: TRIALS, denominators };
        for (left, right) in a.tiles.iter().flat_map(|left| b.tiles.iter().map(move |right| (left, right))) {
            sum.add(left, right)?;
        }
        let denominator = &sum.denominators.0 * &sum.denominators.1;
        let weight = |(place, value)| (place, Weight::new(value, denominator.clone()));
        let tiles = sum
            .tiles
            .into_iter()
            .filter_map(|(axes, entries)| from_entries(axes_of(&axes), entries.into_iter().map(weight).collect()));
        Self::normal(a.rows, b.columns, tiles.collect::<Vec<_>>())
    }
}

/// A sum of products of tiles.
struct Sum {
    tiles: BTreeMap<Axes, BTreeMap<(u64, u64), BigInt>>,
    denominators: (BigInt, BigInt),
    trials: u64,
}

/// A box of meetings: row and column offsets, axes, and how often each place is hit.
type Meeting = (u64, u64, Axes, BigInt);

impl Sum {
    fn spend(&mut self, trials: usize) -> Result<(), Problem> {
        let left = self.trials.checked_sub(trials as u64);
        self.trials = left.ok_or_else(|| Problem("a product is too large".to_owned()))?;
        Ok(())
    }

    fn add(&mut self, a: &Tile, b: &Tile) -> Result<(), Problem> {
        self.spend(1)?;
        let ends = a.end().zip(b.end());
        if ends.is_none_or(|(left, right)| left.1 <= b.row || right.0 <= a.column) {
            return Ok(());
        }
        // Steps are multiples of g, so only places equal modulo g meet.
        let strides = a.axes.iter().map(|axis| axis.column).chain(b.axes.iter().map(|axis| axis.row));
        let g = strides.fold(0, |g, stride| g.gcd(&stride));
        let class = |place: u64| if g == 0 { place } else { place % g };
        let mut rows: HashMap<u64, Vec<(u64, u64, BigInt)>> = HashMap::new();
        for (p, q, w) in b.strands() {
            rows.entry(class(p)).or_default().push((p, q, w.numer() * (&self.denominators.1 / w.denom())));
        }
        let mut known: HashMap<i128, Vec<Meeting>> = HashMap::new();
        for (i, j, v) in a.strands() {
            let v = v.numer() * (&self.denominators.0 / v.denom());
            for (p, q, w) in rows.get(&class(j)).into_iter().flatten() {
                let target = i128::from(*p) - i128::from(j);
                let meetings = match known.entry(target) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => place.insert(self.meetings(a, b, target)?),
                };
                self.spend(1 + meetings.len())?;
                for (row, column, axes, times) in meetings.iter() {
                    let value = if times.is_one() { &v * w } else { &v * w * times };
                    let entries = self.tiles.entry(axes.clone()).or_default();
                    *entries.entry((i + row, q + column)).or_insert_with(BigInt::zero) += value;
                }
            }
        }
        Ok(())
    }

    /// The k, l with sum k_a column_a - sum l_b row_b = target; k steps the row by row_a, l the column by column_b.
    fn meetings(&mut self, a: &Tile, b: &Tile, target: i128) -> Result<Vec<Meeting>, Problem> {
        let left = a.axes.iter().map(|axis| (axis.count, i128::from(axis.column), axis.row, 0));
        let right = b.axes.iter().map(|axis| (axis.count, -i128::from(axis.row), 0, axis.column));
        let unknowns: Vec<Unknown> = left
            .chain(right)
            .map(|(count, step, row, column)| Unknown {
                count: count.into(),
                step,
                carried: [row.into(), column.into(), 0],
            })
            .collect();
        let mut meetings = Vec::new();
        let mut visit = |[row, column, _]: [i128; 3], free: &[Unknown]| {
            let mut axes = Vec::new();
            for Unknown { count, carried: [row, column, _], .. } in free {
                axes.push(Axis { count: distance(*count)?, row: distance(*row)?, column: distance(*column)? });
            }
            let times = tidy_axes(&mut axes);
            meetings.push((distance(row)?, distance(column)?, key(&axes), times));
            Ok(())
        };
        let mut search = Search { trials: self.trials, visit: &mut visit };
        search.solve(&unknowns, target, [0; 3])?;
        self.trials = search.trials;
        Ok(meetings)
    }
}

/// The least common denominator of all weights.
fn common_denominator(map: &Map) -> Result<BigInt, Problem> {
    let mut common = BigInt::one();
    for (_, _, weight) in map.tiles.iter().flat_map(|tile| &tile.block.entries) {
        if !common.is_multiple_of(weight.denom()) {
            common = common.lcm(weight.denom());
        }
        if common.bits() > DENOMINATOR_BITS {
            return problem(format!("the weights of a map have a common denominator of over {DENOMINATOR_BITS} bits"));
        }
    }
    Ok(common)
}

/// A distance below the limit.
pub(crate) fn distance(n: i128) -> Result<u64, Problem> {
    let fits = u64::try_from(n).ok().filter(|&n| n < DIMENSION_LIMIT);
    fits.ok_or_else(|| Problem("a distance in a product is too large".to_owned()))
}
