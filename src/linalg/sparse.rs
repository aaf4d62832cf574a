//! Sparse matrices of rationals.

use super::{LinalgError, Matrix};
use crate::arith::Rational;

/// A sparse matrix: for each row its non-zero entries by increasing column. Immutable.
///
/// Two equal matrices have equal parts, since zeros are never stored.
///
/// ```
/// use certinet::{arith::Rational, linalg::SparseMatrix};
/// let a = SparseMatrix::from_triplets(2, 3, vec![(1, 2, Rational::one()), (0, 0, Rational::from(2))])?;
/// assert_eq!((a.nonzeros(), a.row(1)), (2, &[(2, Rational::one())][..]));
/// # Ok::<(), certinet::linalg::LinalgError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SparseMatrix {
    columns: usize,
    /// Row i is `entries[offsets[i]..offsets[i + 1]]`.
    offsets: Vec<usize>,
    entries: Vec<(u32, Rational)>,
}

impl SparseMatrix {
    /// A matrix from its rows of (column, value).
    ///
    /// # Errors
    /// [`LinalgError::OutOfRange`], [`LinalgError::DuplicateEntry`], [`LinalgError::NotSorted`],
    /// [`LinalgError::ZeroEntry`], [`LinalgError::TooLarge`] for 2^32 columns or more.
    pub fn new(columns: usize, rows: Vec<Vec<(u32, Rational)>>) -> Result<Self, LinalgError> {
        let count = rows.len();
        if u32::try_from(columns).is_err() {
            return Err(LinalgError::TooLarge { rows: count, columns });
        }
        let mut offsets = Vec::with_capacity(count + 1);
        offsets.push(0);
        let mut entries = Vec::with_capacity(rows.iter().map(Vec::len).sum());
        for (row, content) in rows.into_iter().enumerate() {
            let mut previous: Option<u32> = None;
            for (j, value) in content {
                let column = j as usize;
                if column >= columns {
                    return Err(LinalgError::OutOfRange { row, column, rows: count, columns });
                }
                if previous == Some(j) {
                    return Err(LinalgError::DuplicateEntry { row, column });
                }
                if previous.is_some_and(|p| p > j) {
                    return Err(LinalgError::NotSorted { row, column });
                }
                if value.is_zero() {
                    return Err(LinalgError::ZeroEntry { row, column });
                }
                previous = Some(j);
                entries.push((j, value));
            }
            offsets.push(entries.len());
        }
        Ok(Self { columns, offsets, entries })
    }
    /// A matrix from (row, column, value) in any order.
    ///
    /// # Errors
    /// [`LinalgError::OutOfRange`], [`LinalgError::DuplicateEntry`], [`LinalgError::ZeroEntry`],
    /// [`LinalgError::TooLarge`]: nothing is summed, dropped or clipped.
    pub fn from_triplets(
        rows: usize,
        columns: usize,
        mut triplets: Vec<(usize, usize, Rational)>,
    ) -> Result<Self, LinalgError> {
        if u32::try_from(columns).is_err() {
            return Err(LinalgError::TooLarge { rows, columns });
        }
        triplets.sort_by_key(|(i, j, _)| (*i, *j));
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        let mut entries: Vec<(u32, Rational)> = Vec::with_capacity(triplets.len());
        let mut previous = None;
        for (row, column, value) in triplets {
            let Some(j) = u32::try_from(column).ok().filter(|_| row < rows && column < columns) else {
                return Err(LinalgError::OutOfRange { row, column, rows, columns });
            };
            if previous == Some((row, column)) {
                return Err(LinalgError::DuplicateEntry { row, column });
            }
            if value.is_zero() {
                return Err(LinalgError::ZeroEntry { row, column });
            }
            previous = Some((row, column));
            while offsets.len() <= row {
                offsets.push(entries.len());
            }
            entries.push((j, value));
        }
        while offsets.len() <= rows {
            offsets.push(entries.len());
        }
        Ok(Self { columns, offsets, entries })
    }
    /// Parts that are known to be in order.
    fn from_sorted(columns: usize, rows: Vec<Vec<(u32, Rational)>>) -> Self {
        assert!(u32::try_from(columns).is_ok(), "a sparse matrix has below 2^32 columns");
        let mut offsets = vec![0];
        offsets.extend(rows.iter().scan(0, |end, row| {
            *end += row.len();
            Some(*end)
        }));
        Self { columns, offsets, entries: rows.into_iter().flatten().collect() }
    }
    /// The non-zero entries of a dense matrix.
    ///
    /// # Panics
    /// Panics for 2^32 columns or more.
    pub fn from_dense(a: &Matrix) -> Self {
        let nonzero = |i: usize| {
            let row = a.row(i).iter().enumerate();
            row.filter(|(_, x)| !x.is_zero()).map(|(j, x)| (j as u32, x.clone())).collect()
        };
        Self::from_sorted(a.columns(), (0..a.rows()).map(nonzero).collect())
    }
    /// The matrix of zeros.
    ///
    /// # Panics
    /// Panics for 2^32 columns or more.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self::from_sorted(columns, vec![Vec::new(); rows])
    }
    /// The identity of size n.
    ///
    /// # Panics
    /// Panics for 2^32 columns or more.
    pub fn identity(n: usize) -> Self {
        Self::from_sorted(n, (0..n).map(|i| vec![(i as u32, Rational::one())]).collect())
    }
    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.offsets.len() - 1
    }
    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }
    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows(), self.columns)
    }
    /// The number of non-zero entries.
    pub fn nonzeros(&self) -> usize {
        self.entries.len()
    }
    /// The non-zero entries of row i by increasing column.
    ///
    /// # Panics
    /// Panics when there is no row i.
    pub fn row(&self, i: usize) -> &[(u32, Rational)] {
        assert!(i < self.rows(), "row {i} of {}", self.rows());
        &self.entries[self.offsets[i]..self.offsets[i + 1]]
    }
    /// All non-zero entries as (row, column, value), by row and then column.
    pub fn triplets(&self) -> impl Iterator<Item = (usize, usize, &Rational)> {
        (0..self.rows()).flat_map(move |i| self.row(i).iter().map(move |(j, x)| (i, *j as usize, x)))
    }
    /// The entry in row i and column j, `None` where it is 0 or outside.
    pub fn get(&self, i: usize, j: usize) -> Option<&Rational> {
        if i >= self.rows() {
            return None;
        }
        let row = self.row(i);
        let place = row.binary_search_by_key(&j, |(column, _)| *column as usize).ok()?;
        row.get(place).map(|(_, x)| x)
    }
    /// t A. Exact.
    pub fn scale(&self, t: &Rational) -> Self {
        if t.is_zero() {
            return Self::zeros(self.rows(), self.columns);
        }
        let entries = self.entries.iter().map(|(j, x)| (*j, x * t)).collect();
        Self { columns: self.columns, offsets: self.offsets.clone(), entries }
    }
    /// The transpose.
    ///
    /// # Panics
    /// Panics for 2^32 rows or more.
    pub fn transpose(&self) -> Self {
        let mut rows = vec![Vec::new(); self.columns];
        for (i, j, x) in self.triplets() {
            rows[j].push((i as u32, x.clone()));
        }
        Self::from_sorted(self.rows(), rows)
    }
    /// A B, without the entries that cancel to zero. Exact.
    ///
    /// # Errors
    /// [`LinalgError::ShapeMismatch`].
    pub fn product(&self, other: &Self) -> Result<Self, LinalgError> {
        if self.columns != other.rows() {
            let (left, right) = (self.shape(), other.shape());
            return Err(LinalgError::ShapeMismatch { operation: "product", left, right });
        }
        let row = |i: usize| {
            let mut sums = std::collections::BTreeMap::<u32, Rational>::new();
            for (k, x) in self.row(i) {
                for (j, y) in other.row(*k as usize) {
                    *sums.entry(*j).or_default() += x * y;
                }
            }
            sums.into_iter().filter(|(_, x)| !x.is_zero()).collect()
        };
        Ok(Self::from_sorted(other.columns, (0..self.rows()).map(row).collect()))
    }
    /// A x. Exact.
    ///
    /// # Errors
    /// [`LinalgError::ShapeMismatch`].
    pub fn apply(&self, x: &[Rational]) -> Result<Vec<Rational>, LinalgError> {
        if self.columns != x.len() {
            let (left, right) = (self.shape(), (x.len(), 1));
            return Err(LinalgError::ShapeMismatch { operation: "product", left, right });
        }
        Ok((0..self.rows()).map(|i| self.row(i).iter().map(|(j, a)| a * &x[*j as usize]).sum()).collect())
    }
    /// The rows of A above the rows of B.
    ///
    /// # Errors
    /// [`LinalgError::ShapeMismatch`] when the columns differ in number.
    pub fn stack_vertically(&self, other: &Self) -> Result<Self, LinalgError> {
        if self.columns != other.columns {
            let (left, right) = (self.shape(), other.shape());
            return Err(LinalgError::ShapeMismatch { operation: "vertical stacking", left, right });
        }
        let shift = self.entries.len();
        let offsets = self.offsets.iter().copied().chain(other.offsets.iter().skip(1).map(|k| k + shift)).collect();
        let entries = self.entries.iter().chain(&other.entries).cloned().collect();
        Ok(Self { columns: self.columns, offsets, entries })
    }
    /// The columns of A left of the columns of B.
    ///
    /// # Errors
    /// [`LinalgError::ShapeMismatch`] when the rows differ in number, [`LinalgError::TooLarge`].
    pub fn stack_horizontally(&self, other: &Self) -> Result<Self, LinalgError> {
        if self.rows() != other.rows() {
            let (left, right) = (self.shape(), other.shape());
            return Err(LinalgError::ShapeMismatch { operation: "horizontal stacking", left, right });
        }
        let columns = self.columns + other.columns;
        if u32::try_from(columns).is_err() {
            return Err(LinalgError::TooLarge { rows: self.rows(), columns });
        }
        let shift = self.columns as u32;
        let row = |i: usize| {
            let right = other.row(i).iter().map(|(j, x)| (j + shift, x.clone()));
            self.row(i).iter().cloned().chain(right).collect()
        };
        Ok(Self::from_sorted(columns, (0..self.rows()).map(row).collect()))
    }
    /// The same matrix with its zeros written out; the caller knows that it fits in memory.
    pub fn to_dense(&self) -> Matrix {
        Matrix::from_fn(self.rows(), self.columns, |i, j| self.get(i, j).cloned().unwrap_or_default())
    }
}

impl core::fmt::Debug for SparseMatrix {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}x{} ", self.rows(), self.columns)?;
        f.debug_list().entries(self.triplets()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::matrix::tests::matrix;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn operations_agree_with_dense_ones(
            (a, b, c) in (0usize..5, 0usize..5, 0usize..5)
                .prop_flat_map(|(m, k, n)| (matrix(m, k), matrix(k, n), matrix(m, k))),
        ) {
            let (s, t, u) = (SparseMatrix::from_dense(&a), SparseMatrix::from_dense(&b), SparseMatrix::from_dense(&c));
            prop_assert_eq!(s.to_dense(), a.clone());
            prop_assert_eq!(s.nonzeros(), a.entries().iter().filter(|x| !x.is_zero()).count());
            prop_assert_eq!(s.product(&t), a.product(&b).map(|p| SparseMatrix::from_dense(&p)));
            prop_assert_eq!(s.transpose(), SparseMatrix::from_dense(&a.transpose()));
            for w in [Rational::zero(), Rational::ratio(-2, 3)] {
                prop_assert_eq!(s.scale(&w), SparseMatrix::from_dense(&a.scale(&w)));
            }
            for j in 0..b.columns() { prop_assert_eq!(s.apply(&b.column(j)), a.apply(&b.column(j))); }
            // Stacking agrees entry by entry, and horizontal stacking is vertical stacking transposed.
            let above = s.stack_vertically(&u).map_err(|e| TestCaseError::fail(e.to_string()))?;
            let expected = Matrix::from_fn(2 * a.rows(), a.columns(), |i, j| {
                if i < a.rows() { a[(i, j)].clone() } else { c[(i - a.rows(), j)].clone() }
            });
            prop_assert_eq!(above, SparseMatrix::from_dense(&expected));
            let beside = s.stack_horizontally(&u);
            prop_assert_eq!(beside.map(|h| h.transpose()), s.transpose().stack_vertically(&u.transpose()));
            // The same matrix from shuffled triplets and from rows.
            let mut triplets: Vec<_> = s.triplets().map(|(i, j, x)| (i, j, x.clone())).collect();
            triplets.reverse();
            prop_assert_eq!(SparseMatrix::from_triplets(s.rows(), s.columns(), triplets), Ok(s.clone()));
            let rows = (0..s.rows()).map(|i| s.row(i).to_vec()).collect();
            prop_assert_eq!(SparseMatrix::new(s.columns(), rows), Ok(s));
        }
    }

    #[test]
    fn constructors_refuse() {
        let (one, zero) = (Rational::one, Rational::zero);
        let triplets = |list| SparseMatrix::from_triplets(2, 2, list);
        let outside = |row, column| Err(LinalgError::OutOfRange { row, column, rows: 2, columns: 2 });
        assert_eq!(triplets(vec![(2, 0, one())]), outside(2, 0));
        assert_eq!(triplets(vec![(0, 2, one())]), outside(0, 2));
        assert_eq!(triplets(vec![(0, 0, zero())]), Err(LinalgError::ZeroEntry { row: 0, column: 0 }));
        let twice = triplets(vec![(1, 1, one()), (0, 0, one()), (1, 1, one())]);
        assert_eq!(twice, Err(LinalgError::DuplicateEntry { row: 1, column: 1 }));
        let rows = |row| SparseMatrix::new(2, vec![row, vec![]]);
        assert_eq!(rows(vec![(2, one())]), outside(0, 2));
        assert_eq!(rows(vec![(0, one()), (0, one())]), Err(LinalgError::DuplicateEntry { row: 0, column: 0 }));
        assert_eq!(rows(vec![(1, one()), (0, one())]), Err(LinalgError::NotSorted { row: 0, column: 0 }));
        assert_eq!(rows(vec![(1, zero())]), Err(LinalgError::ZeroEntry { row: 0, column: 1 }));
        assert!(matches!(SparseMatrix::new(1 << 40, vec![]), Err(LinalgError::TooLarge { .. })));
        assert!(SparseMatrix::identity(2).product(&SparseMatrix::zeros(3, 2)).is_err());
        assert_eq!(SparseMatrix::identity(3).to_dense(), Matrix::identity(3));
    }
}
