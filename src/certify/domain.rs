//! Domains: the inputs for which a claim holds.

use core::fmt;

use crate::arith::Rational;

/// A set of inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// All of R^n.
    Space {
        /// Number of inputs.
        dimension: usize,
    },
    /// A product of closed intervals.
    Box(Vec<(Rational, Rational)>),
    /// One interval for each of `dimension` inputs.
    Cube {
        /// Number of inputs.
        dimension: usize,
        /// Lower end.
        lower: Rational,
        /// Upper end.
        upper: Rational,
    },
    /// Matrices, row by row and one after another, each (rows, columns, bound) with spectral norm at most its bound.
    SpectralBalls(Vec<(usize, usize, Rational)>),
    /// A symmetric size x size matrix with all eigenvalues in [lower, upper].
    Symmetric {
        /// Rows of the matrix.
        size: usize,
        /// Smallest eigenvalue allowed, positive.
        lower: Rational,
        /// Largest eigenvalue allowed.
        upper: Rational,
    },
    /// A symmetric size x size matrix with all eigenvalues in [lower, upper], then a vector of 2-norm at most
    /// `rhs_bound`.
    SymmetricSystem {
        /// Rows of the matrix.
        size: usize,
        /// Smallest eigenvalue allowed, positive.
        lower: Rational,
        /// Largest eigenvalue allowed.
        upper: Rational,
        /// Largest 2-norm of the right-hand side.
        rhs_bound: Rational,
    },
}

impl Domain {
    /// Number of inputs.
    pub fn dimension(&self) -> usize {
        match self {
            Self::Box(sides) => sides.len(),
            Self::Cube { dimension, .. } | Self::Space { dimension } => *dimension,
            Self::SpectralBalls(balls) => balls.iter().map(|(rows, columns, _)| rows * columns).sum(),
            Self::Symmetric { size, .. } => size * size,
            Self::SymmetricSystem { size, .. } => size * size + size,
        }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Space { dimension } => write!(f, "R^{dimension}"),
            Self::Box(sides) => {
                let sides: Vec<String> = sides.iter().map(|(lo, hi)| format!("[{lo}, {hi}]")).collect();
                f.write_str(&sides.join(" x "))
            }
            Self::Cube { dimension: 1, lower, upper } => write!(f, "[{lower}, {upper}]"),
            Self::Cube { dimension, lower, upper } => write!(f, "[{lower}, {upper}]^{dimension}"),
            Self::SpectralBalls(balls) => {
                let ball = |(rows, columns, bound): &(usize, usize, Rational)| {
                    format!("{{{rows} x {columns} matrices, spectral norm <= {bound}}}")
                };
                f.write_str(&balls.iter().map(ball).collect::<Vec<_>>().join(" x "))
            }
            Self::Symmetric { size, lower, upper } => {
                write!(f, "{{symmetric {size} x {size} matrices, spectrum in [{lower}, {upper}]}}")
            }
            Self::SymmetricSystem { size, lower, upper, rhs_bound } => write!(
                f,
                "{{symmetric {size} x {size} matrices, spectrum in [{lower}, {upper}]}} x {{2-norm <= {rhs_bound}}}"
            ),
        }
    }
}
