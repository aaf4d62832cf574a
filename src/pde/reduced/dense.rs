//! Small dense linear algebra in doubles, for guesses.

/// x . y; eight partial sums, so that the order is the same everywhere and the loop is wide.
pub fn approx_dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a, b) = (x.chunks_exact(8), y.chunks_exact(8));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a.zip(b) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// z += t x
pub fn approx_add(z: &mut [f64], t: f64, x: &[f64]) {
    z.iter_mut().zip(x).for_each(|(z, x)| *z += t * x);
}

/// The solution of a symmetric positive definite system, by Cholesky; `None` where a pivot is not positive.
pub fn approx_cholesky_solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    for j in 0..n {
        let (above, from) = matrix.split_at_mut(j);
        let _ = above;
        let (row, below) = from.split_first_mut()?;
        let pivot = row[j] - row[..j].iter().map(|x| x * x).sum::<f64>();
        if !(pivot > 0.0 && pivot.is_finite()) {
            return None;
        }
        row[j] = pivot.sqrt();
        for other in below {
            let product: f64 = other[..j].iter().zip(&row[..j]).map(|(x, y)| x * y).sum();
            other[j] = (other[j] - product) / row[j];
        }
    }
    for i in 0..n {
        let product: f64 = matrix[i][..i].iter().zip(&right).map(|(l, x)| l * x).sum();
        right[i] = (right[i] - product) / matrix[i][i];
    }
    for i in (0..n).rev() {
        let product: f64 = (i + 1..n).map(|k| matrix[k][i] * right[k]).sum();
        right[i] = (right[i] - product) / matrix[i][i];
    }
    Some(right)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_solved() {
        let matrix = vec![vec![4.0, 2.0, -1.0], vec![2.0, 5.0, 0.5], vec![-1.0, 0.5, 3.0]];
        let x = [1.0, -2.0, 3.0];
        let right: Vec<f64> = matrix.iter().map(|row| approx_dot(row, &x)).collect();
        let solution = approx_cholesky_solve(matrix.clone(), right).unwrap();
        assert!(solution.iter().zip(x).all(|(a, b)| (a - b).abs() < 1e-14));
        let mut indefinite = matrix;
        indefinite[2][2] = -3.0;
        assert!(approx_cholesky_solve(indefinite, vec![0.0; 3]).is_none());
    }
}
