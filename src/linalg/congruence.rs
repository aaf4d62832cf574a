//! Quick proofs of positive definiteness: floats propose a congruence, integers check it.

use super::integer_form::map_rows;
use crate::arith::Integer;

/// Tries to prove that a symmetric integer matrix A is positive definite; `false` says nothing.
///
/// **Statement.** If R A R^T is strictly diagonally dominant with a positive diagonal for some square R, then A is
/// positive definite: R A R^T is positive definite by Gershgorin, so R^T x = 0 only for x = 0, so R is invertible, and
/// y^T A y = x^T (R A R^T) x > 0 for y = R^T x. R is the inverse of a floating-point Cholesky factor, rounded to
/// integers; R A R^T is computed exactly, so nothing is left of the floats.
pub(super) fn congruence_proves_positive(a: &[Vec<Integer>]) -> bool {
    let n = a.len();
    let Some(r) = scaled_inverse_factor(a) else {
        return n == 0;
    };
    // T = R A, then F = T R^T; R is lower triangular and F symmetric.
    let work = 8 * n * n * n;
    let f = map_rows(n, work, |i| {
        // Entries (i, j) of F with j <= i need the columns up to i of T only.
        let mut t = vec![Integer::zero(); i + 1];
        for (k, factor) in r[i].iter().enumerate() {
            for (sum, x) in t.iter_mut().zip(&a[k]) {
                *sum += &(factor * x);
            }
        }
        let entry = |j: usize| super::vector::integer_dot(&r[j], &t[..=j]);
        (0..=i).map(entry).collect::<Vec<_>>()
    });
    (0..n).all(|i| {
        let mut others = Integer::zero();
        for j in (0..n).filter(|&j| j != i) {
            others += &(if j < i { &f[i][j] } else { &f[j][i] }).abs();
        }
        f[i][i] > others
    })
}

/// The entries as doubles after one common power of two that brings the largest near 2^62; `None` for zero matrices.
pub(super) fn approx_scaled(a: &[Vec<Integer>]) -> Option<(Vec<Vec<f64>>, i64)> {
    let bits = a.iter().flatten().map(Integer::bits).max().filter(|&bits| bits > 0)?;
    let shift = bits as i64 - 62;
    let approx = |n: &Integer| {
        let scaled = if shift >= 0 { n.shr_floor(shift as u64) } else { n.shl(shift.unsigned_abs()) };
        scaled.to_i64().map_or(0.0, |m| m as f64)
    };
    Some((a.iter().map(|row| row.iter().map(approx).collect()).collect(), shift))
}

/// The rows, up to the diagonal, of an integer multiple of about L^-1 for A about L L^T; `None` where floats see no L.
fn scaled_inverse_factor(a: &[Vec<Integer>]) -> Option<Vec<Vec<Integer>>> {
    let n = a.len();
    let (mut l, _) = approx_scaled(a)?;
    // L L^T = A, row by row, in the lower triangle.
    for i in 0..n {
        for j in 0..=i {
            let inner: f64 = l[i][..j].iter().zip(&l[j][..j]).map(|(x, y)| x * y).sum();
            let sum = l[i][j] - inner;
            if j < i {
                l[i][j] = sum / l[j][j];
            } else if sum > 0.0 && sum.is_finite() {
                l[i][i] = sum.sqrt();
            } else {
                return None;
            }
        }
    }
    // R L = I, column by column: R_ij = -(sum over j <= k < i of L_ik R_kj) / L_ii.
    let mut r = vec![vec![0.0f64; n]; n];
    for i in 0..n {
        for k in 0..i {
            let factor = l[i][k] / l[i][i];
            let (before, rest) = r.split_at_mut(i);
            for j in 0..=k {
                rest[0][j] -= factor * before[k][j];
            }
        }
        r[i][i] = 1.0 / l[i][i];
    }
    let largest = r.iter().flatten().fold(0.0f64, |m, x| m.max(x.abs()));
    if !largest.is_finite() || largest <= 0.0 {
        return None;
    }
    let scale = 2f64.powi(61) / largest;
    scale.is_finite().then(|| {
        let quantise = |x: &f64| Integer::from((x * scale) as i64);
        r.iter().enumerate().map(|(i, row)| row[..=i].iter().map(quantise).collect()).collect()
    })
}
