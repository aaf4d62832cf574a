//! The pseudoinverse of Moore and Penrose.

use super::{Centre, Cover, IntervalMatrix, IntervalProblem, Point};
use crate::arith::{Enclosure, Rational};
use crate::linalg::{LinalgError, Matrix, determinant, inverse};

/// The pseudoinverse of a matrix; the data are the matrix.
///
/// **Statement.** Let A be the centre, C_ij its cofactors, r the radius.
///
/// 1. Where some C_ij is not 0 and |det A| <= r |C_ij|, no bound holds for all members.
/// 2. Where A is regular, let M = r |A^-1| J, J the matrix of ones. If (I - M)^-1 exists and has no negative entry, all
///    members B are regular, and |B^-1 - A^-1| <= ((I - M)^-1 - I) |A^-1| in every entry.
///
/// *Proof.* 1. A + t E_ij has the determinant det A + t C_ij. It is 0 for t = -det A / C_ij, |t| <= r, and tau C_ij for a
/// tau more; for all small tau of one sign this is a member, whose inverse has the entry (j, i) = C_ij / (tau C_ij) =
/// 1/tau. 2. From (I + M + .. + M^(n-1)) = (I - M)^-1 (I - M^n) <= (I - M)^-1 the series of the powers of M converges, to
/// (I - M)^-1. For a member B = A + E, |E| <= r J, let F = A^-1 E, |F| <= M. |F^n| <= M^n, so that I + F has the inverse
/// I - F + F^2 - .., and B^-1 = (I + F)^-1 A^-1 differs from A^-1 by at most (M + M^2 + ..) |A^-1|.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pseudoinverse;

impl IntervalProblem for Pseudoinverse {
    fn name(&self) -> &'static str {
        "pseudoinverse"
    }
    fn statement(&self) -> &'static str {
        "the pseudoinverse of a matrix of size 2; all entries uncertain"
    }
    fn centre(&self, centre: Centre) -> Matrix {
        let second = if centre == Centre::Critical { Rational::zero() } else { Rational::ratio(1, 2) };
        Matrix::diagonal(&[Rational::one(), second])
    }
    fn solutions(&self, member: &Matrix, _: u64) -> Vec<Point> {
        // Products of matrices of matching shapes do not fail.
        let result = pseudoinverse(member).ok();
        result.iter().map(|a| a.entries().iter().cloned().map(Enclosure::point).collect()).collect()
    }
    fn candidates(&self, interval: &IntervalMatrix) -> Vec<Matrix> {
        let (rows, columns) = interval.shape();
        let entries = (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j)));
        let one = |entry: (usize, usize), sign: i64| interval.member(|i, j| if (i, j) == entry { sign } else { 0 });
        let mut members: Vec<Matrix> = entries.flat_map(|entry| [one(entry, 1), one(entry, -1)]).collect();
        members.extend([interval.member(|_, _| 1), interval.member(|_, _| -1)]);
        members
    }
    fn cover(&self, interval: &IntervalMatrix, _: u64) -> Cover {
        let (rows, columns) = interval.shape();
        if rows != columns {
            return Cover::Open;
        }
        match cover(interval) {
            Ok(cover) => cover,
            // Neither statement applies: a singular matrix came up.
            Err(_) => Cover::Open,
        }
    }
}

fn cover(interval: &IntervalMatrix) -> Result<Cover, LinalgError> {
    let (centre, n) = (interval.centre(), interval.shape().0);
    let size = determinant(centre)?.abs();
    for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
        let cofactor = determinant(&minor(centre, i, j))?.abs();
        if !cofactor.is_zero() && size <= interval.radius() * &cofactor {
            return Ok(Cover::Unbounded);
        }
    }
    let inverted = inverse(centre)?;
    let absolute = inverted.map(Rational::abs);
    let ones = Matrix::from_fn(n, n, |_, _| interval.radius().clone());
    let identity = Matrix::identity(n);
    let series = inverse(&identity.sub(&absolute.product(&ones)?)?)?;
    if series.entries().iter().any(Rational::is_negative) {
        return Ok(Cover::Open);
    }
    let radii = series.sub(&identity)?.product(&absolute)?;
    let sides = inverted.entries().iter().zip(radii.entries());
    // (I - M)^-1 - I = M + M^2 + .. has no negative entry: the radii are not negative.
    Ok(Cover::Boxes(vec![sides.map(|(centre, radius)| Enclosure::around(centre, radius)).collect()]))
}

/// The matrix without row i and column j.
fn minor(a: &Matrix, i: usize, j: usize) -> Matrix {
    let n = a.rows().saturating_sub(1);
    Matrix::from_fn(n, n, |k, l| a[(k + usize::from(k >= i), l + usize::from(l >= j))].clone())
}

/// Returns the pseudoinverse. Exact, for every shape and rank.
///
/// **Statement.** With A = F G, F of full column rank and G of full row rank, it is G^T (F^T A G^T)^-1 F^T.
///
/// # Errors
/// None that a matrix can cause.
///
/// ```
/// use certinet::{arith::Rational, barrier::intervals::pseudoinverse, linalg::Matrix};
/// let a = Matrix::from_fn(2, 2, |_, _| Rational::one());
/// assert_eq!(pseudoinverse(&a)?, a.scale(&Rational::ratio(1, 4)));
/// # Ok::<(), certinet::linalg::LinalgError>(())
/// ```
pub fn pseudoinverse(a: &Matrix) -> Result<Matrix, LinalgError> {
    let (rows, columns) = a.shape();
    // G: the reduced echelon form without rows of zeros. F: the columns of the pivots, as A = F G says there.
    let mut echelon: Vec<Vec<Rational>> = (0..rows).map(|i| a.row(i).to_vec()).collect();
    let mut pivots = Vec::new();
    for j in 0..columns {
        let Some(k) = (pivots.len()..rows).find(|&i| !echelon[i][j].is_zero()) else { continue };
        let top = pivots.len();
        echelon.swap(top, k);
        let pivot = echelon[top][j].clone();
        let row: Vec<Rational> = echelon[top].iter().map(|x| x / &pivot).collect();
        for (i, other) in echelon.iter_mut().enumerate() {
            let factor = other[j].clone();
            if i != top && !factor.is_zero() {
                other.iter_mut().zip(&row).for_each(|(x, y)| *x = &*x - &(&factor * y));
            }
        }
        echelon[top] = row;
        pivots.push(j);
    }
    let rank = pivots.len();
    if rank == 0 {
        return Ok(Matrix::zeros(columns, rows));
    }
    let left = Matrix::from_fn(rank, rows, |i, j| a[(j, pivots[i])].clone());
    let right = Matrix::from_fn(columns, rank, |i, j| echelon[j][i].clone());
    let core = inverse(&left.product(a)?.product(&right)?)?;
    right.product(&core)?.product(&left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matrices() -> impl Strategy<Value = Matrix> {
        (0usize..4, 0usize..4, 0usize..4).prop_flat_map(|(m, r, n)| {
            let factor = |rows: usize, columns: usize| {
                prop::collection::vec((-4i64..=4, 1i64..4), rows * columns).prop_map(move |entries| {
                    let entry = |i: usize, j: usize| entries[i * columns + j];
                    Matrix::from_fn(rows, columns, |i, j| Rational::ratio(entry(i, j).0, entry(i, j).1))
                })
            };
            // Products through a small dimension: every rank.
            (factor(m, r), factor(r, n)).prop_map(|(a, b)| a.product(&b).unwrap_or(Matrix::zeros(0, 0)))
        })
    }

    proptest! {
        /// The four equations of Penrose, which have one solution.
        #[test]
        fn the_equations_of_penrose_hold(a in matrices()) {
            let x = pseudoinverse(&a).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let product = |a: &Matrix, b: &Matrix| a.product(b).map_err(|error| TestCaseError::fail(error.to_string()));
            let (ax, xa) = (product(&a, &x)?, product(&x, &a)?);
            prop_assert_eq!(product(&ax, &a)?, a);
            prop_assert_eq!(product(&xa, &x)?, x);
            prop_assert_eq!(ax.transpose(), ax);
            prop_assert_eq!(xa.transpose(), xa);
        }
    }
}
