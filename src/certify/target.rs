//! Targets: the functions that networks approximate, evaluated exactly.

use crate::arith::Rational;

/// A function with exact rational values at rational points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// x^2.
    Square,
    /// x_1 x_2 .. x_n.
    Product {
        /// Number of factors.
        factors: usize,
    },
    /// A B, matrices row by row.
    MatrixProduct {
        /// Rows of A.
        rows: usize,
        /// Columns of A, rows of B.
        inner: usize,
        /// Columns of B.
        columns: usize,
    },
    /// (I - A)^-1, matrices row by row.
    MatrixInverse {
        /// Rows of A.
        size: usize,
    },
    /// A^n, matrices row by row.
    MatrixPower {
        /// Rows of A.
        size: usize,
        /// The exponent n.
        exponent: usize,
    },
    /// B^-1 f: the matrix B row by row, then the vector f.
    LinearSolve {
        /// Rows of B.
        size: usize,
    },
}

impl Target {
    /// The exact value at an input; `None` where the target is not defined.
    ///
    /// # Shapes
    /// The input is laid out as the network's; so is the output.
    pub fn evaluate(&self, x: &[Rational]) -> Option<Vec<Rational>> {
        match self {
            Self::Square => Some(vec![&x[0] * &x[0]]),
            Self::Product { .. } => Some(vec![x.iter().fold(Rational::one(), |p, factor| p * factor)]),
            Self::MatrixProduct { rows, inner, columns } => {
                let (a, b) = x.split_at(rows * inner);
                let entry = |i: usize, j: usize| (0..*inner).map(|k| &a[i * inner + k] * &b[k * columns + j]).sum();
                Some((0..rows * columns).map(|e| entry(e / columns, e % columns)).collect())
            }
            Self::MatrixInverse { size } => {
                let identity = |e: usize| Rational::from(usize::from(e.is_multiple_of(size + 1)));
                let rows = |i: usize| {
                    let left = (0..*size).map(move |j| identity(i * size + j) - &x[i * size + j]);
                    left.chain((0..*size).map(move |j| identity(i * size + j))).collect::<Vec<_>>()
                };
                solve((0..*size).map(rows).collect())
            }
            Self::MatrixPower { size, exponent } => {
                let multiply = Self::MatrixProduct { rows: *size, inner: *size, columns: *size };
                let identity = |e: usize| Rational::from(usize::from(e.is_multiple_of(size + 1)));
                let start: Vec<Rational> = (0..size * size).map(identity).collect();
                // One factor after another: plain, and not the way networks take powers.
                (0..*exponent).try_fold(start, |power, _| multiply.evaluate(&[&power, x].concat()))
            }
            Self::LinearSolve { size } => {
                let (b, f) = x.split_at(size * size);
                let row = |i: usize| b[i * size..(i + 1) * size].iter().chain([&f[i]]).cloned().collect::<Vec<_>>();
                solve((0..*size).map(row).collect())
            }
        }
    }
    /// The formula, for reading.
    pub fn formula(&self) -> String {
        match self {
            Self::Square => "x^2".to_owned(),
            Self::Product { factors: 2 } => "x y".to_owned(),
            Self::Product { factors } => format!("x_1 .. x_{factors}"),
            Self::MatrixProduct { .. } => "A B".to_owned(),
            Self::MatrixInverse { .. } => "(I - A)^-1".to_owned(),
            Self::MatrixPower { exponent, .. } => format!("A^{exponent}"),
            Self::LinearSolve { .. } => "B^-1 f".to_owned(),
        }
    }
}

/// Gauss-Jordan elimination on the rows [B | F]: B^-1 F row by row, `None` for a singular B.
fn solve(mut rows: Vec<Vec<Rational>>) -> Option<Vec<Rational>> {
    let n = rows.len();
    for column in 0..n {
        let pivot = (column..n).find(|&i| !rows[i][column].is_zero())?;
        rows.swap(column, pivot);
        let scale = rows[column][column].recip()?;
        rows[column].iter_mut().for_each(|v| *v = &*v * &scale);
        let reduced = rows[column].clone();
        for (i, row) in rows.iter_mut().enumerate() {
            if i != column && !row[column].is_zero() {
                let factor = row[column].clone();
                row.iter_mut().zip(&reduced).for_each(|(v, r)| *v -= &(&factor * r));
            }
        }
    }
    Some(rows.into_iter().flat_map(|row| row.into_iter().skip(n)).collect())
}
