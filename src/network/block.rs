//! Blocks: small literal sparse matrices, the leaves of every structured map.

use std::collections::BTreeMap;

use super::NetworkError;
use crate::arith::{Integer, Rational};

/// The most bits that the entries of one block may take over their common denominator.
const MAX_BLOCK_BITS: u128 = 1 << 33;

/// A literal sparse matrix of rationals: sorted entries, no zeros.
///
/// Blocks are shared by reference: a network of 10^9 products holds the product's block once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    rows: usize,
    columns: usize,
    entries: Vec<(usize, usize, Rational)>,
}

impl Block {
    /// Builds a block from entries (row, column, value) that are sorted, distinct and not zero.
    ///
    /// # Errors
    /// [`NetworkError::EntryOutside`], [`NetworkError::EntryOrder`], [`NetworkError::EntryZero`].
    pub fn new(rows: usize, columns: usize, entries: Vec<(usize, usize, Rational)>) -> Result<Self, NetworkError> {
        let mut last = None;
        for (row, column, value) in &entries {
            let (row, column) = (*row, *column);
            if row >= rows || column >= columns {
                return Err(NetworkError::EntryOutside { row, column, rows, columns });
            }
            if last.is_some_and(|place| place >= (row, column)) {
                return Err(NetworkError::EntryOrder { row, column });
            }
            if value.is_zero() {
                return Err(NetworkError::EntryZero { row, column });
            }
            last = Some((row, column));
        }
        Ok(Self { rows, columns, entries })
    }

    /// Builds a block from dense rows; zeros are dropped.
    ///
    /// # Panics
    /// Panics when the rows have different lengths.
    pub fn from_rows(rows: &[&[Rational]]) -> Self {
        let columns = rows.first().map_or(0, |row| row.len());
        assert!(rows.iter().all(|row| row.len() == columns), "the rows of a block have one length");
        let entries = rows.iter().enumerate().flat_map(|(i, row)| {
            row.iter().enumerate().filter(|(_, value)| !value.is_zero()).map(move |(j, value)| (i, j, value.clone()))
        });
        Self { rows: rows.len(), columns, entries: entries.collect() }
    }

    /// Builds a block from small fractions (numerator, denominator), row by row.
    ///
    /// # Panics
    /// Panics on a zero denominator or rows of different lengths.
    pub fn from_ratios<const C: usize>(rows: &[[(i64, i64); C]]) -> Self {
        let rows: Vec<Vec<Rational>> =
            rows.iter().map(|row| row.iter().map(|&(p, q)| Rational::ratio(p, q)).collect()).collect();
        Self::from_rows(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    /// Builds a block by summing entries at equal places and dropping zeros.
    pub(crate) fn from_sum(rows: usize, columns: usize, sum: BTreeMap<(usize, usize), Rational>) -> Self {
        let entries = sum.into_iter().filter(|(_, v)| !v.is_zero()).map(|((i, j), v)| (i, j, v)).collect();
        Self { rows, columns, entries }
    }

    /// The 1 x 1 block with entry v, empty when v is 0.
    pub fn scalar(v: Rational) -> Self {
        Self::from_rows(&[&[v]])
    }
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }
    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }
    /// The entries (row, column, value), sorted.
    pub fn entries(&self) -> &[(usize, usize, Rational)] {
        &self.entries
    }
    /// Number of non-zero entries.
    pub fn nonzeros(&self) -> usize {
        self.entries.len()
    }
    /// The least common denominator of the entries.
    ///
    /// # Errors
    /// [`NetworkError::BlockBits`] when the entries would take more than 2^33 bits over it.
    pub fn denominator(&self) -> Result<Integer, NetworkError> {
        let mut common = Integer::one();
        for (_, _, value) in &self.entries {
            let d = value.denominator();
            if common.div_rem_euclid(&d).1.is_zero() {
                continue;
            }
            common = common.lcm(&d);
            let needed = u128::from(common.bits()) * self.nonzeros() as u128;
            if needed > MAX_BLOCK_BITS {
                return Err(NetworkError::BlockBits { needed, limit: MAX_BLOCK_BITS });
            }
        }
        Ok(common)
    }
    /// The block times c.
    pub fn scale(&self, c: &Rational) -> Self {
        if c.is_zero() {
            return Self { rows: self.rows, columns: self.columns, entries: Vec::new() };
        }
        let entries = self.entries.iter().map(|(i, j, v)| (*i, *j, v * c)).collect();
        Self { rows: self.rows, columns: self.columns, entries }
    }
    /// The sum of two blocks of one shape.
    pub(crate) fn add(&self, other: &Self) -> Self {
        assert!(self.rows == other.rows && self.columns == other.columns, "added blocks have one shape");
        let mut sum: BTreeMap<(usize, usize), Rational> =
            self.entries.iter().map(|(i, j, v)| ((*i, *j), v.clone())).collect();
        for (i, j, v) in &other.entries {
            *sum.entry((*i, *j)).or_default() += v;
        }
        Self::from_sum(self.rows, self.columns, sum)
    }
    /// The block whose columns are summed into one.
    pub(crate) fn sum_columns(&self) -> Self {
        let mut sum: BTreeMap<(usize, usize), Rational> = BTreeMap::new();
        for (i, _, v) in &self.entries {
            *sum.entry((*i, 0)).or_default() += v;
        }
        Self::from_sum(self.rows, 1, sum)
    }
    /// Column j as a block of one column.
    pub(crate) fn column(&self, j: usize) -> Self {
        let entries = self.entries.iter().filter(|e| e.1 == j).map(|(i, _, v)| (*i, 0, v.clone())).collect();
        Self { rows: self.rows, columns: 1, entries }
    }
}
