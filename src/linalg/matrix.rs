//! Dense matrices of rationals.

use core::ops::Index;

use super::LinalgError;
use super::integer_form::{RowForm, clear_denominators, map_rows};
use super::vector::{integer_dot, norm_squared, one_norm};
use crate::arith::Rational;

/// A dense matrix of rationals, row by row. Shapes may have 0 rows or columns.
///
/// ```
/// use certinet::{arith::Rational, linalg::Matrix};
/// let a = Matrix::from_fn(2, 2, |i, j| Rational::from(i + 2 * j));
/// assert_eq!(a.product(&Matrix::identity(2))?, a);
/// assert_eq!(a.first_asymmetry(), Some((0, 1)));
/// # Ok::<(), certinet::linalg::LinalgError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    entries: Vec<Rational>,
}

impl Matrix {
    /// A matrix from its rows.
    ///
    /// # Errors
    /// [`LinalgError::RaggedRows`] when their lengths differ.
    pub fn new(rows: Vec<Vec<Rational>>) -> Result<Self, LinalgError> {
        let expected = rows.first().map_or(0, Vec::len);
        if let Some((row, entries)) = rows.iter().enumerate().find(|(_, entries)| entries.len() != expected) {
            return Err(LinalgError::RaggedRows { row, found: entries.len(), expected });
        }
        Ok(Self { rows: rows.len(), columns: expected, entries: rows.into_iter().flatten().collect() })
    }
    /// The matrix with entry f(i, j) in row i and column j.
    pub fn from_fn(rows: usize, columns: usize, f: impl Fn(usize, usize) -> Rational) -> Self {
        let f = &f;
        let entries = (0..rows).flat_map(|i| (0..columns).map(move |j| f(i, j))).collect();
        Self { rows, columns, entries }
    }
    /// The matrix of one column.
    pub fn column_vector(x: &[Rational]) -> Self {
        Self { rows: x.len(), columns: 1, entries: x.to_vec() }
    }
    /// The matrix of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { rows, columns, entries: vec![Rational::zero(); rows * columns] }
    }
    /// The identity of size n.
    pub fn identity(n: usize) -> Self {
        Self::diagonal(&vec![Rational::one(); n])
    }
    /// The diagonal matrix.
    pub fn diagonal(d: &[Rational]) -> Self {
        let mut a = Self::zeros(d.len(), d.len());
        for (i, x) in d.iter().enumerate() {
            a.entries[i * d.len() + i] = x.clone();
        }
        a
    }
    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }
    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }
    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }
    /// All entries, row by row.
    pub fn entries(&self) -> &[Rational] {
        &self.entries
    }
    /// The entry in row i and column j; `None` outside.
    pub fn get(&self, i: usize, j: usize) -> Option<&Rational> {
        if i < self.rows && j < self.columns { self.entries.get(i * self.columns + j) } else { None }
    }
    /// Row i.
    ///
    /// # Panics
    /// Panics when there is no row i.
    pub fn row(&self, i: usize) -> &[Rational] {
        assert!(i < self.rows, "row {i} of {}", self.rows);
        &self.entries[i * self.columns..(i + 1) * self.columns]
    }
    /// Column j.
    ///
    /// # Panics
    /// Panics when there is no column j.
    pub fn column(&self, j: usize) -> Vec<Rational> {
        assert!(j < self.columns, "column {j} of {}", self.columns);
        (0..self.rows).map(|i| self[(i, j)].clone()).collect()
    }
    /// The same shape with f applied to every entry.
    pub fn map(&self, f: impl Fn(&Rational) -> Rational) -> Self {
        Self { rows: self.rows, columns: self.columns, entries: self.entries.iter().map(f).collect() }
    }
    /// The transpose.
    pub fn transpose(&self) -> Self {
        Self::from_fn(self.columns, self.rows, |i, j| self[(j, i)].clone())
    }
    /// A + B. Exact.
    ///
    /// # Errors
    /// [`LinalgError::ShapeMismatch`].
    pub fn add(&self, other: &Self) -> Result<Self, LinalgError> {
        self.entrywise("sum", other, |x, y| x + y)
    }
    /// A - B. Exact.
    ///
    /// # Errors
    /// [`LinalgError::ShapeMismatch`].
    pub fn sub(&self, other: &Self) -> Result<Self, LinalgError> {
        self.entrywise("difference", other, |x, y| x - y)
    }
    fn entrywise(
        &self,
        operation: &'static str,
        other: &Self,
        f: impl Fn(&Rational, &Rational) -> Rational,
    ) -> Result<Self, LinalgError> {
        if self.shape() != other.shape() {
            return Err(LinalgError::ShapeMismatch { operation, left: self.shape(), right: other.shape() });
        }
        let entries = self.entries.iter().zip(&other.entries).map(|(x, y)| f(x, y)).collect();
        Ok(Self { rows: self.rows, columns: self.columns, entries })
    }
    /// t A. Exact.
    pub fn scale(&self, t: &Rational) -> Self {
        self.map(|x| x * t)
    }
    /// A B. Exact.
    ///
    /// **Complexity.** rows x inner x columns integer products, by several threads when there are many; one greatest
    /// common divisor an entry of the result.
    ///
    /// # Errors
    /// [`LinalgError::ShapeMismatch`] when the columns of A are not as many as the rows of B.
    pub fn product(&self, other: &Self) -> Result<Self, LinalgError> {
        if self.columns != other.rows {
            let (left, right) = (self.shape(), other.shape());
            return Err(LinalgError::ShapeMismatch { operation: "product", left, right });
        }
        let (a, b) = (RowForm::of(self), RowForm::of(&other.transpose()));
        let work = self.rows * self.columns * other.columns;
        let rows = map_rows(self.rows, work, |i| {
            let entry = |j: usize| {
                let denominator = &a.denominators[i] * &b.denominators[j];
                Rational::new(integer_dot(&a.rows[i], &b.rows[j]), denominator).unwrap_or_default()
            };
            (0..other.columns).map(entry).collect::<Vec<_>>()
        });
        Ok(Self { rows: self.rows, columns: other.columns, entries: rows.into_iter().flatten().collect() })
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
        let (numerators, q) = clear_denominators(x);
        Ok(map_rows(self.rows, self.rows * self.columns, |i| {
            let (row, p) = clear_denominators(self.row(i));
            Rational::new(integer_dot(&row, &numerators), &p * &q).unwrap_or_default()
        }))
    }
    /// The largest sum of absolute values over the rows: the operator norm for the max norm. Exact.
    pub fn max_row_sum_norm(&self) -> Rational {
        (0..self.rows).map(|i| one_norm(self.row(i))).max().unwrap_or_default()
    }
    /// The largest absolute value of an entry. Exact.
    pub fn max_entry(&self) -> Rational {
        super::max_norm(&self.entries)
    }
    /// The square of the Frobenius norm (which is at least the spectral norm): the sum of the squares of all entries.
    /// Exact.
    pub fn frobenius_squared(&self) -> Rational {
        norm_squared(&self.entries)
    }
    /// The first place (i, j), i < j, row by row, whose entry differs from the one at (j, i); `None` when symmetric.
    ///
    /// For a matrix that is not square the first place without a mirror image counts as different.
    pub fn first_asymmetry(&self) -> Option<(usize, usize)> {
        for i in 0..self.rows {
            for j in 0..self.columns {
                if self.get(j, i) != self.get(i, j) {
                    return Some((i, j));
                }
            }
        }
        None
    }
    /// Checks that the matrix is symmetric.
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`], [`LinalgError::NotSymmetric`] with the first asymmetric pair.
    pub fn require_symmetric(&self) -> Result<(), LinalgError> {
        self.require_square()?;
        match self.first_asymmetry() {
            None => Ok(()),
            Some((row, column)) => Err(LinalgError::NotSymmetric { row, column }),
        }
    }
    /// Checks that the matrix is square.
    ///
    /// # Errors
    /// [`LinalgError::NotSquare`].
    pub fn require_square(&self) -> Result<(), LinalgError> {
        let (rows, columns) = self.shape();
        if rows == columns { Ok(()) } else { Err(LinalgError::NotSquare { rows, columns }) }
    }
}

impl Index<(usize, usize)> for Matrix {
    type Output = Rational;
    /// The entry in row i and column j.
    ///
    /// # Panics
    /// Panics outside the matrix.
    fn index(&self, (i, j): (usize, usize)) -> &Rational {
        assert!(i < self.rows && j < self.columns, "entry ({i}, {j}) of a {}x{} matrix", self.rows, self.columns);
        &self.entries[i * self.columns + j]
    }
}

impl core::fmt::Debug for Matrix {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries((0..self.rows).map(|i| self.row(i))).finish()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Small and large entries, doubles and odd denominators, many zeros.
    pub(in crate::linalg) fn entry() -> impl Strategy<Value = Rational> {
        prop_oneof![
            3 => Just(Rational::zero()),
            2 => Just(Rational::one()),
            4 => (-5i64..=5).prop_map(Rational::from),
            3 => (-50i64..50, 1i64..20).prop_map(|(p, q)| Rational::ratio(p, q)),
            2 => (any::<i32>(), -40i64..10).prop_map(|(p, k)| Rational::from(p).scale_by_power_of_two(k)),
        ]
    }
    pub(in crate::linalg) fn vector(n: usize) -> impl Strategy<Value = Vec<Rational>> {
        proptest::collection::vec(entry(), n)
    }
    pub(in crate::linalg) fn matrix(rows: usize, columns: usize) -> impl Strategy<Value = Matrix> {
        vector(rows * columns).prop_map(move |entries| Matrix { rows, columns, entries })
    }
    pub(in crate::linalg) fn square(max: usize) -> impl Strategy<Value = Matrix> {
        (0..=max).prop_flat_map(|n| matrix(n, n))
    }
    pub(in crate::linalg) fn symmetric(max: usize) -> impl Strategy<Value = Matrix> {
        square(max).prop_map(|a| Matrix::from_fn(a.rows(), a.rows(), |i, j| a[(i.min(j), i.max(j))].clone()))
    }

    proptest! {
        #[test]
        fn products_agree_with_sums(
            (a, b, c) in (0usize..5, 0usize..5, 0usize..5)
                .prop_flat_map(|(m, k, n)| (matrix(m, k), matrix(k, n), matrix(k, n)))
        ) {
            let product = a.product(&b).map_err(|e| TestCaseError::fail(e.to_string()))?;
            for i in 0..a.rows() {
                for j in 0..b.columns() {
                    let direct: Rational = (0..a.columns()).map(|k| &a[(i, k)] * &b[(k, j)]).sum();
                    prop_assert_eq!(&product[(i, j)], &direct);
                }
            }
            // A(B - C) = AB - AC, (AB)^T = B^T A^T
            let left = b.sub(&c).and_then(|d| a.product(&d));
            let right = a.product(&c).and_then(|ac| product.sub(&ac));
            prop_assert_eq!(left, right);
            prop_assert_eq!(Ok(product.transpose()), b.transpose().product(&a.transpose()));
            for j in 0..b.columns() { prop_assert_eq!(a.apply(&b.column(j)), Ok(product.column(j))); }
            prop_assert_eq!(b.add(&b), Ok(b.scale(&Rational::from(2))));
        }
        #[test]
        fn asymmetry_is_found(a in square(4)) {
            let asymmetry = a.first_asymmetry();
            prop_assert_eq!(asymmetry.is_none(), a == a.transpose());
            if let Some((i, j)) = asymmetry { prop_assert!(i < j && a[(i, j)] != a[(j, i)]); }
        }
    }

    #[test]
    fn large_products_by_threads_are_the_same() {
        let a = Matrix::from_fn(40, 30, |i, j| Rational::ratio((i * j) as i64 % 17 - 8, 1 + (i + j) as i64));
        let b = Matrix::from_fn(30, 40, |i, j| Rational::ratio((3 * i + j) as i64 % 11 - 5, 2));
        let product = a.product(&b).unwrap_or(Matrix::zeros(0, 0));
        let direct: Rational = (0..30).map(|k| &a[(39, k)] * &b[(k, 7)]).sum();
        assert_eq!(product.get(39, 7), Some(&direct));
    }

    #[test]
    fn norms_and_shapes() {
        let a = Matrix::from_fn(2, 2, |i, j| Rational::from(i as i64 - 3 * j as i64));
        assert_eq!(a.max_row_sum_norm(), Rational::from(3));
        assert_eq!(a.frobenius_squared(), Rational::from(14));
        assert_eq!(a.max_entry(), Rational::from(3));
        assert!(matches!(Matrix::zeros(2, 3).product(&a), Err(LinalgError::ShapeMismatch { .. })));
        assert!(matches!(Matrix::zeros(2, 3).add(&a), Err(LinalgError::ShapeMismatch { .. })));
        assert!(matches!(a.apply(&[]), Err(LinalgError::ShapeMismatch { .. })));
        let ragged = Matrix::new(vec![vec![Rational::one()], vec![]]);
        assert_eq!(ragged, Err(LinalgError::RaggedRows { row: 1, found: 0, expected: 1 }));
        assert!(a.get(0, 2).is_none() && a.get(2, 0).is_none());
        assert_eq!(Matrix::zeros(1, 2).require_symmetric(), Err(LinalgError::NotSquare { rows: 1, columns: 2 }));
    }
}
