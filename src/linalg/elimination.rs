//! Fraction-free elimination: determinant, linear systems, inverse.
//!
//! Bareiss: after step k every entry of the remaining rows is a minor of the integer matrix, so each division by the
//! pivot before is exact and numbers stay as short as determinants are.

use rayon::prelude::*;

use super::integer_form::{RowForm, clear_denominators};
use super::{LinalgError, Matrix};
use crate::arith::{Integer, Rational};

/// Returns the determinant. Exact; 1 for the empty matrix.
///
/// **Complexity.** n^3/3 products and exact divisions of integers as long as minors of the matrix.
///
/// # Errors
/// [`LinalgError::NotSquare`].
///
/// ```
/// use certinet::{arith::Rational, linalg::{Matrix, determinant}};
/// let hilbert = Matrix::from_fn(3, 3, |i, j| Rational::ratio(1, (i + j + 1) as i64));
/// assert_eq!(determinant(&hilbert)?, Rational::ratio(1, 2160));
/// # Ok::<(), certinet::linalg::LinalgError>(())
/// ```
pub fn determinant(a: &Matrix) -> Result<Rational, LinalgError> {
    a.require_square()?;
    let form = RowForm::of(a);
    let mut rows = form.rows;
    let Echelon::Regular { odd } = eliminate(&mut rows, a.rows()) else {
        return Ok(Rational::zero());
    };
    let last = rows.last().and_then(|row| row.last()).cloned().unwrap_or(Integer::one());
    // Row i was multiplied by its denominator.
    let scale = form.denominators.into_iter().fold(Integer::one(), |product, d| product * d);
    Ok(Rational::new(if odd { -last } else { last }, scale).unwrap_or_default())
}

/// Returns the X with A X = B. Exact.
///
/// # Errors
/// [`LinalgError::NotSquare`], [`LinalgError::ShapeMismatch`], [`LinalgError::Singular`] with a kernel vector.
pub fn solve(a: &Matrix, b: &Matrix) -> Result<Matrix, LinalgError> {
    a.require_square()?;
    let n = a.rows();
    if b.rows() != n {
        return Err(LinalgError::ShapeMismatch { operation: "solution", left: a.shape(), right: b.shape() });
    }
    // The rows of [A | B] may be scaled freely: the solution stays.
    let mut rows: Vec<Vec<Integer>> = (0..n).map(|i| clear_denominators(&[a.row(i), b.row(i)].concat()).0).collect();
    if let Echelon::Singular { column } = eliminate(&mut rows, n) {
        return Err(LinalgError::Singular { kernel: kernel_vector(&rows, column, n) });
    }
    let denominator = leading_minor(&rows, n);
    let columns: Vec<Vec<Integer>> = (0..b.columns()).map(|j| back_substitute(&rows, n, n + j)).collect();
    let entry = |i: usize, j: usize| Rational::new(columns[j][i].clone(), denominator.clone()).unwrap_or_default();
    Ok(Matrix::from_fn(n, b.columns(), entry))
}

/// Returns the x with A x = b. Exact.
///
/// # Errors
/// As [`solve`].
///
/// ```
/// use certinet::{arith::Rational, linalg::{LinalgError, Matrix, solve_vector}};
/// let a = Matrix::from_fn(2, 2, |i, j| Rational::from((i + 1) * (j + 1)));
/// // The rows (1, 2) and (2, 4) are dependent: the error shows a vector that A maps to 0.
/// let kernel = vec![Rational::from(-2), Rational::from(1)];
/// assert_eq!(solve_vector(&a, &kernel), Err(LinalgError::Singular { kernel: kernel.clone() }));
/// ```
pub fn solve_vector(a: &Matrix, b: &[Rational]) -> Result<Vec<Rational>, LinalgError> {
    Ok(solve(a, &Matrix::column_vector(b))?.entries().to_vec())
}

/// Returns the inverse. Exact.
///
/// # Errors
/// [`LinalgError::NotSquare`], [`LinalgError::Singular`] with a kernel vector.
pub fn inverse(a: &Matrix) -> Result<Matrix, LinalgError> {
    solve(a, &Matrix::identity(a.rows()))
}

/// What elimination found in the first n columns.
enum Echelon {
    /// n pivots, on the diagonal; `odd` tells the parity of the row exchanges.
    Regular { odd: bool },
    /// The first `column` columns are independent, this one depends on them.
    Singular { column: usize },
}

/// Brings n integer rows of at least n columns to upper triangular form.
fn eliminate(rows: &mut [Vec<Integer>], n: usize) -> Echelon {
    let mut previous = Integer::one();
    let mut odd = false;
    for k in 0..n {
        // The shortest pivot keeps the products short.
        let pivot = (k..n).filter(|&i| !rows[i][k].is_zero()).min_by_key(|&i| rows[i][k].bits());
        let Some(pivot) = pivot else {
            return Echelon::Singular { column: k };
        };
        if pivot != k {
            rows.swap(pivot, k);
            odd = !odd;
        }
        let (done, rest) = rows.split_at_mut(k + 1);
        let top = &done[k];
        let step = |row: &mut Vec<Integer>| {
            let factor = core::mem::replace(&mut row[k], Integer::zero());
            for j in k + 1..row.len() {
                row[j] = bareiss(&top[k], &row[j], &factor, &top[j], &previous);
            }
        };
        if rest.len() * top.len() >= 1 << 10 {
            rest.par_iter_mut().for_each(step);
        } else {
            rest.iter_mut().for_each(step);
        }
        previous = top[k].clone();
    }
    Echelon::Regular { odd }
}

/// (a d - b c) / e, a division without remainder.
pub(super) fn bareiss(a: &Integer, d: &Integer, b: &Integer, c: &Integer, e: &Integer) -> Integer {
    let mut minor = a * d;
    if !b.is_zero() && !c.is_zero() {
        minor -= &(b * c);
    }
    if minor.is_zero() { minor } else { exact_quotient(&minor, e) }
}

fn exact_quotient(n: &Integer, d: &Integer) -> Integer {
    let (quotient, remainder) = n.div_rem_euclid(d);
    assert!(remainder.is_zero(), "a division of fraction-free elimination leaves no remainder");
    quotient
}

/// The last pivot of the first k rows: the determinant, up to sign, of the first k columns in the exchanged rows.
fn leading_minor(rows: &[Vec<Integer>], k: usize) -> Integer {
    if k == 0 { Integer::one() } else { rows[k - 1][k - 1].clone() }
}

/// y with U y = d b for the triangle U of the first k rows and columns, b in column `column`, and d its last pivot.
///
/// By Cramer's rule y = d U^-1 b is a vector of integers, and so every division is exact.
pub(super) fn back_substitute(rows: &[Vec<Integer>], k: usize, column: usize) -> Vec<Integer> {
    let d = leading_minor(rows, k);
    let mut y = vec![Integer::zero(); k];
    for i in (0..k).rev() {
        let mut rest = &d * &rows[i][column];
        for j in i + 1..k {
            rest -= &(&rows[i][j] * &y[j]);
        }
        y[i] = exact_quotient(&rest, &rows[i][i]);
    }
    y
}

/// A vector of length n, not 0, that the eliminated matrix maps to 0: column `column` depends on those before it.
pub(super) fn kernel_vector(rows: &[Vec<Integer>], column: usize, n: usize) -> Vec<Rational> {
    let d = leading_minor(rows, column);
    // U (-y/d) + u = 0 for the column u: x = (-y/d, 1, 0, ..., 0).
    let mut x: Vec<Rational> = back_substitute(rows, column, column)
        .into_iter()
        .map(|y| Rational::new(-y, d.clone()).unwrap_or_default())
        .collect();
    x.push(Rational::one());
    x.resize(n, Rational::zero());
    x
}

#[cfg(test)]
mod tests {
    use super::super::matrix::tests::{matrix, square};
    use super::*;
    use proptest::prelude::*;

    /// By expansion along the first row.
    fn expanded(a: &Matrix) -> Rational {
        if a.rows() == 0 {
            return Rational::one();
        }
        let n = a.rows();
        (0..n)
            .map(|k| {
                let minor = Matrix::from_fn(n - 1, n - 1, |i, j| a[(i + 1, j + usize::from(j >= k))].clone());
                let term = &a[(0, k)] * &expanded(&minor);
                if k % 2 == 0 { term } else { -term }
            })
            .sum()
    }

    proptest! {
        #[test]
        fn determinants_agree_with_expansion(a in square(5)) {
            prop_assert_eq!(determinant(&a), Ok(expanded(&a)));
        }
        #[test]
        fn solutions_solve((a, b) in (0usize..6, 0usize..3).prop_flat_map(|(n, k)| (matrix(n, n), matrix(n, k)))) {
            match solve(&a, &b) {
                Ok(x) => {
                    prop_assert_eq!(a.product(&x), Ok(b));
                    prop_assert!(!expanded(&a).is_zero());
                    prop_assert_eq!(inverse(&a).and_then(|inverse| inverse.product(&a)), Ok(Matrix::identity(a.rows())));
                }
                Err(LinalgError::Singular { kernel }) => {
                    prop_assert!(kernel.iter().any(|x| !x.is_zero()));
                    prop_assert_eq!(a.apply(&kernel), Ok(vec![Rational::zero(); a.rows()]));
                    prop_assert!(expanded(&a).is_zero());
                }
                Err(other) => prop_assert!(false, "{}", other),
            }
        }
    }

    #[test]
    fn large_determinants_agree_with_a_factored_form() {
        // L U with unit diagonal of L: the determinant is the product of the diagonal of U.
        let n = 60;
        let small = |i: usize, j: usize| Rational::from(((i * 7 + j * 13) % 5) as i64 - 2);
        let lower = Matrix::from_fn(n, n, |i, j| {
            if i == j {
                Rational::one()
            } else if i > j {
                small(i, j)
            } else {
                Rational::zero()
            }
        });
        let upper = Matrix::from_fn(n, n, |i, j| {
            if i == j {
                Rational::ratio(1 + i as i64 % 3, 2)
            } else if i < j {
                small(i, j)
            } else {
                Rational::zero()
            }
        });
        let expected = (0..n).map(|i| upper[(i, i)].clone()).fold(Rational::one(), |a, b| a * b);
        assert_eq!(lower.product(&upper).and_then(|a| determinant(&a)), Ok(expected));
    }

    #[test]
    fn shapes_are_checked() {
        assert!(matches!(determinant(&Matrix::zeros(1, 2)), Err(LinalgError::NotSquare { .. })));
        assert!(matches!(solve(&Matrix::identity(2), &Matrix::zeros(3, 1)), Err(LinalgError::ShapeMismatch { .. })));
    }
}
