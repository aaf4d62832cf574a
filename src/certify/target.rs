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
        }
    }
    /// The formula, for reading.
    pub fn formula(&self) -> String {
        match self {
            Self::Square => "x^2".to_owned(),
            Self::Product { factors: 2 } => "x y".to_owned(),
            Self::Product { factors } => format!("x_1 .. x_{factors}"),
            Self::MatrixProduct { .. } => "A B".to_owned(),
        }
    }
}
