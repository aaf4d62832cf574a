//! Floating-point eigenvectors of symmetric matrices, as guesses for `spectrum` to prove.

/// Approximate eigenvalues in increasing order, with unit eigenvectors, by cyclic Jacobi rotations.
///
/// No guarantee of any kind; the entries are finite and far from the ends of the range of f64.
pub(super) fn approx_eigenpairs(mut a: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let n = a.len();
    // Row k of v is the k-th eigenvector.
    let mut v: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect();
    const SWEEPS: usize = 40;
    for _ in 0..SWEEPS {
        let size: f64 = a.iter().flatten().map(|x| x * x).sum();
        let off: f64 = (0..n).flat_map(|i| a[i][..i].iter()).map(|x| 2.0 * x * x).sum();
        // Below the rounding of the sum of squares nothing more is gained but in the small eigenvalues.
        if off <= 1e-36 * size {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut v, p, q);
            }
        }
    }
    let mut pairs: Vec<(f64, Vec<f64>)> = v.into_iter().enumerate().map(|(i, x)| (a[i][i], x)).collect();
    pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
    pairs
}

/// Makes the entry (p, q) zero by a rotation of the coordinates p and q.
fn rotate(a: &mut [Vec<f64>], v: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q].abs() <= f64::MIN_POSITIVE {
        return;
    }
    // t = tan of the angle: the smaller root of t^2 + 2 theta t - 1 = 0
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for row in a.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    rotate_rows(a, p, q, c, s);
    rotate_rows(v, p, q, c, s);
}

fn rotate_rows(a: &mut [Vec<f64>], p: usize, q: usize, c: f64, s: f64) {
    let (before, rest) = a.split_at_mut(q);
    for (x, y) in before[p].iter_mut().zip(rest[0].iter_mut()) {
        (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenpairs_of_a_known_matrix() {
        // The second difference matrix has the eigenvalues 2 - 2 cos(k pi / (n + 1)).
        let n = 20;
        let entry = |i: usize, j: usize| {
            if i == j {
                2.0
            } else if i.abs_diff(j) == 1 {
                -1.0
            } else {
                0.0
            }
        };
        let a: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect();
        for (k, (value, vector)) in approx_eigenpairs(a.clone()).into_iter().enumerate() {
            let expected = 2.0 - 2.0 * ((k + 1) as f64 * core::f64::consts::PI / (n + 1) as f64).cos();
            assert!((value - expected).abs() < 1e-13);
            for (row, x) in a.iter().zip(&vector) {
                let image: f64 = row.iter().zip(&vector).map(|(r, y)| r * y).sum();
                assert!((image - value * x).abs() < 1e-13);
            }
        }
    }
}
