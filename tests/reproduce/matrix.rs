//! Integer matrices: products, exact solutions, and whether a symmetric matrix has negative eigenvalues.

use num_bigint::{BigInt, Sign};

/// A matrix as a list of rows.
pub type Matrix = Vec<Vec<BigInt>>;

/// The entries, row by row, as a matrix.
pub fn matrix(columns: usize, entries: &[BigInt]) -> Matrix {
    entries.chunks(columns).map(<[BigInt]>::to_vec).collect()
}

/// c I for a number c.
pub fn diagonal(size: usize, c: &BigInt) -> Matrix {
    let entry = |i, j| if i == j { c.clone() } else { BigInt::from(0) };
    (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect()
}

/// A^T.
pub fn transpose(a: &Matrix) -> Matrix {
    (0..a[0].len()).map(|j| a.iter().map(|row| row[j].clone()).collect()).collect()
}

/// A B.
pub fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let b = transpose(b);
    let inner = |row: &Vec<BigInt>, column: &Vec<BigInt>| row.iter().zip(column).map(|(x, y)| x * y).sum();
    a.iter().map(|row| b.iter().map(|column| inner(row, column)).collect()).collect()
}

/// c A - d B.
pub fn combine(c: &BigInt, a: &Matrix, d: &BigInt, b: &Matrix) -> Matrix {
    let row = |(x, y): (&Vec<BigInt>, &Vec<BigInt>)| x.iter().zip(y).map(|(x, y)| c * x - d * y).collect();
    a.iter().zip(b).map(row).collect()
}

/// Y and d with M Y = d R and d > 0, by fraction-free elimination; `None` for a singular M.
pub fn solve(m: &Matrix, r: &Matrix) -> Option<(Matrix, BigInt)> {
    let size = m.len();
    let mut a: Matrix = m.iter().zip(r).map(|(left, right)| [left.as_slice(), right].concat()).collect();
    let mut last = BigInt::from(1);
    for k in 0..size {
        let pivot = (k..size).find(|&i| a[i][k].sign() != Sign::NoSign)?;
        a.swap(k, pivot);
        let head = a[k].clone();
        for (_, row) in a.iter_mut().enumerate().filter(|(i, _)| *i != k) {
            let factor = row[k].clone();
            for (x, h) in row.iter_mut().zip(&head) {
                *x = (&head[k] * &*x - &factor * h) / &last;
            }
        }
        last = head[k].clone();
    }
    let sign = BigInt::from(if last.sign() == Sign::Minus { -1 } else { 1 });
    let y: Matrix = a.iter().map(|row| row[size..].iter().map(|x| x * &sign).collect()).collect();
    let d = last * sign;
    let (left, right) = (product(m, &y), combine(&d, r, &BigInt::from(0), r));
    assert!(left == right, "the solution solves");
    Some((y, d))
}

/// The least eigenvalue of a symmetric matrix against 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Least {
    Positive,
    Zero,
    Negative,
}

/// The sign of the least eigenvalue, by fraction-free elimination along the diagonal.
pub fn least_eigenvalue(matrix: &Matrix) -> Least {
    let (mut a, mut last, mut least) = (matrix.clone(), BigInt::from(1), Least::Positive);
    for k in 0..a.len() {
        match a[k][k].sign() {
            Sign::Minus => return Least::Negative,
            // [0 x; x y] has the determinant -x^2.
            Sign::NoSign if a[k][k + 1..].iter().any(|x| x.sign() != Sign::NoSign) => return Least::Negative,
            Sign::NoSign => least = Least::Zero,
            Sign::Plus => {
                let head = a[k].clone();
                for row in a.iter_mut().skip(k + 1) {
                    let factor = row[k].clone();
                    for (x, h) in row.iter_mut().zip(&head).skip(k) {
                        *x = (&head[k] * &*x - &factor * h) / &last;
                    }
                }
                last = head[k].clone();
            }
        }
    }
    least
}

/// The least eigenvalue of c^2 I - A^T A against 0, for A / q and c = p / r: the spectral norm of A against c.
pub fn norm_margin(a: &Matrix, q: &BigInt, (p, r): (&BigInt, &BigInt)) -> Least {
    // The smaller of A^T A and A A^T has the same largest eigenvalue.
    let flat = if a.len() < a[0].len() { transpose(a) } else { a.clone() };
    let gram = product(&transpose(&flat), &flat);
    let level = diagonal(gram.len(), &(p * p * q * q));
    least_eigenvalue(&combine(&BigInt::from(1), &level, &(r * r), &gram))
}

#[test]
fn small_matrices_are_known() {
    let of = |columns: usize, entries: &[i64]| {
        matrix(columns, &entries.iter().map(|&x| BigInt::from(x)).collect::<Vec<_>>())
    };
    let (y, d) = solve(&of(2, &[0, 2, 1, 5]), &of(1, &[4, 3])).unwrap();
    // x_2 = 2, x_1 = 3 - 10 = -7.
    assert_eq!((y, d), (of(1, &[-14, 4]), BigInt::from(2)));
    assert!(solve(&of(2, &[1, 2, 2, 4]), &of(1, &[4, 3])).is_none());
    for (entries, least) in [
        ([2, 1, 0, 1, 2, 1, 0, 1, 2], Least::Positive),
        ([1, 1, 0, 1, 1, 0, 0, 0, 3], Least::Zero),
        ([0, 0, 0, 0, 1, 2, 0, 2, 4], Least::Zero),
        ([0, 1, 0, 1, 1, 0, 0, 0, 3], Least::Negative),
        ([1, 2, 0, 2, 1, 0, 0, 0, 3], Least::Negative),
        ([1, 0, 0, 0, 1, 0, 0, 0, -1], Least::Negative),
    ] {
        assert_eq!(least_eigenvalue(&of(3, &entries)), least, "{entries:?}");
    }
    // [3 4] / 10 has the norm 1/2.
    let norm = |p: i64, r: i64| norm_margin(&of(2, &[3, 4]), &10.into(), (&p.into(), &r.into()));
    assert_eq!([norm(1, 2), norm(51, 100), norm(49, 100)], [Least::Zero, Least::Positive, Least::Negative]);
}
