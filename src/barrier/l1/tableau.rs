//! Integer tableaus over one denominator: Gauss-Jordan steps without fractions.

use crate::arith::{Integer, Rational};
use crate::linalg::clear_denominators;

/// A system of equations: row i says that the sum of entry (i, j) / d times variable j over all j is its right-hand side.
///
/// **Source.** Integer pivoting (Edm67): where the integer matrix at the start has the denominator 1, every entry
/// after any sequence of pivots is a minor of it extended by an identity, up to sign, and the denominator is the
/// minor of the basis. So the division in [`Tableau::pivot`] leaves no remainder, and numbers stay as short as
/// determinants are.
#[derive(Debug, Clone)]
pub(super) struct Tableau {
    rows: Vec<Vec<Integer>>,
    denominator: Integer,
}

impl Tableau {
    /// The tableau of rational rows, each multiplied by its least common denominator.
    pub(super) fn of_rows<'a>(rows: impl IntoIterator<Item = &'a [Rational]>) -> Self {
        let rows = rows.into_iter().map(|row| clear_denominators(row).0);
        Self { rows: rows.collect(), denominator: Integer::one() }
    }
    /// Entry (i, j).
    pub(super) fn value(&self, i: usize, j: usize) -> Rational {
        Rational::new(self.rows[i][j].clone(), self.denominator.clone()).unwrap_or_default()
    }
    /// The tableau with the columns of the identity put before its own.
    pub(super) fn with_identity_before(mut self) -> Self {
        let n = self.rows.len();
        for (i, row) in self.rows.iter_mut().enumerate() {
            row.splice(0..0, (0..n).map(|j| if i == j { self.denominator.clone() } else { Integer::zero() }));
        }
        self
    }
    /// The number of rows.
    pub(super) fn height(&self) -> usize {
        self.rows.len()
    }
    /// Keeps these rows only.
    pub(super) fn retain(&mut self, kept: &[usize]) {
        self.rows = kept.iter().map(|&i| self.rows[i].clone()).collect();
    }
    /// d times entry (i, j).
    pub(super) fn entry(&self, i: usize, j: usize) -> &Integer {
        &self.rows[i][j]
    }
    /// The sign of entry (i, j).
    pub(super) fn sign(&self, i: usize, j: usize) -> i32 {
        self.rows[i][j].signum()
    }
    /// Among these rows the one with the shortest entry other than 0 in column j.
    pub(super) fn shortest(&self, rows: impl Iterator<Item = usize>, j: usize) -> Option<usize> {
        rows.filter(|&i| self.sign(i, j) != 0).min_by_key(|&i| self.rows[i][j].bits())
    }
    /// Makes column j the unit vector of row i; the entry there is not 0.
    pub(super) fn pivot(&mut self, i: usize, j: usize) {
        let top = self.rows[i].clone();
        let pivot = &top[j];
        for row in self.rows.iter_mut().enumerate().filter(|(k, _)| *k != i).map(|(_, row)| row) {
            let factor = row[j].clone();
            for (x, y) in row.iter_mut().zip(&top) {
                if x.is_zero() && (factor.is_zero() || y.is_zero()) {
                    continue;
                }
                let mut minor = pivot * &*x;
                if !factor.is_zero() && !y.is_zero() {
                    minor -= &(&factor * y);
                }
                // A division without remainder, see above.
                *x = minor.div_rem_euclid(&self.denominator).0;
            }
        }
        self.denominator = pivot.clone();
        if self.denominator.signum() < 0 {
            self.denominator = -&self.denominator;
            for x in self.rows.iter_mut().flatten() {
                *x = -&*x;
            }
        }
    }
}
