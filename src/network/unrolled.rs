//! Maps written out: compressed sparse rows with a table of distinct weights.

use std::collections::HashMap;

use super::{LinearMap, NetworkError};
use crate::arith::Rational;

/// A linear map written out as compressed sparse rows.
///
/// Entries are sorted by column, equal places are summed, zeros are gone: the number of entries is the number of
/// weights, counted the slow and obvious way.
#[derive(Debug, Clone)]
pub struct Unrolled {
    columns: usize,
    starts: Vec<usize>,
    places: Vec<(u32, u32)>,
    weights: Vec<Rational>,
}

impl Unrolled {
    /// Writes a map out.
    ///
    /// # Errors
    /// [`NetworkError::Budget`] when rows or placed entries exceed the budget.
    pub fn new(map: &LinearMap, budget: u128) -> Result<Self, NetworkError> {
        let placed: u128 = map.tiles().iter().map(|tile| tile.placed_entries()).sum();
        let needed = placed.max(map.rows() as u128).max(map.columns() as u128);
        if needed > budget.min(u128::from(u32::MAX)) {
            return Err(NetworkError::Budget { what: "a linear map", needed, budget });
        }
        let mut interned = Interned::default();
        // Counting pass, then filling pass: entries land in their row in the order of the tiles.
        let mut starts = vec![0usize; map.rows() + 1];
        for tile in map.tiles() {
            tile.for_each_position(|row, _| {
                for (i, _, _) in tile.block.entries() {
                    starts[row + i * tile.row_step + 1] += 1;
                }
            });
        }
        for i in 0..map.rows() {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut places = vec![(0u32, 0u32); placed as usize];
        for tile in map.tiles() {
            let ids: Vec<u32> = tile.block.entries().iter().map(|(_, _, v)| interned.id(v)).collect();
            tile.for_each_position(|row, column| {
                for ((i, j, _), id) in tile.block.entries().iter().zip(&ids) {
                    let slot = &mut next[row + i * tile.row_step];
                    places[*slot] = ((column + j * tile.column_step) as u32, *id);
                    *slot += 1;
                }
            });
        }
        let mut unrolled = Self { columns: map.columns(), starts, places, weights: Vec::new() };
        unrolled.sort_and_merge(&mut interned);
        unrolled.weights = interned.values;
        Ok(unrolled)
    }

    fn sort_and_merge(&mut self, interned: &mut Interned) {
        let mut write = 0;
        for i in 0..self.starts.len() - 1 {
            let (start, end) = (self.starts[i], self.starts[i + 1]);
            self.places[start..end].sort_by_key(|place| place.0);
            self.starts[i] = write;
            let mut read = start;
            while read < end {
                let (column, first) = self.places[read];
                read += 1;
                if read < end && self.places[read].0 == column {
                    let mut sum = interned.values[first as usize].clone();
                    while read < end && self.places[read].0 == column {
                        sum += &interned.values[self.places[read].1 as usize];
                        read += 1;
                    }
                    if sum.is_zero() {
                        continue;
                    }
                    self.places[write] = (column, interned.id(&sum));
                } else {
                    self.places[write] = (column, first);
                }
                write += 1;
            }
        }
        if let Some(last) = self.starts.last_mut() {
            *last = write;
        }
        self.places.truncate(write);
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }
    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }
    /// Number of non-zero entries.
    pub fn nonzeros(&self) -> usize {
        self.places.len()
    }
    /// The entries (column, value) of row i, sorted by column.
    pub fn row(&self, i: usize) -> impl Iterator<Item = (usize, &Rational)> {
        self.row_places(i).iter().map(|&(column, id)| (column as usize, &self.weights[id as usize]))
    }
    /// The entries (column, number of the weight in [`Unrolled::weights`]) of row i.
    pub fn row_places(&self, i: usize) -> &[(u32, u32)] {
        &self.places[self.starts[i]..self.starts[i + 1]]
    }
    /// The table of distinct weights.
    pub fn weights(&self) -> &[Rational] {
        &self.weights
    }
}

#[derive(Default)]
struct Interned {
    ids: HashMap<Rational, u32>,
    values: Vec<Rational>,
}

impl Interned {
    fn id(&mut self, value: &Rational) -> u32 {
        if let Some(&id) = self.ids.get(value) {
            return id;
        }
        let id = self.values.len() as u32;
        self.ids.insert(value.clone(), id);
        self.values.push(value.clone());
        id
    }
}
