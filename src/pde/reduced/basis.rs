//! The basis as whoever uses it knows it: integers over a power of two.

use crate::arith::Rational;

use super::super::{Grid, PdeError};

/// Bits of the entries of a basis, and of coefficients.
const BASIS_BITS: i64 = 48;
const COEFFICIENT_BITS: i64 = 50;

/// V: columns of integers, over 2^exponent.
///
/// **Invariant.** |entries| <= 2^48.
///
/// **Exactness.** Exact: V is these numbers, whatever they were rounded from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    grid: Grid,
    columns: Vec<Vec<i64>>,
    exponent: i64,
}

/// A vector of nodal values: integers over 2^exponent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nodal {
    /// The integers.
    pub mantissas: Vec<i128>,
    /// The power of two that divides them.
    pub exponent: i64,
}

impl Basis {
    /// Rounds columns to multiples of 2^-48 of the largest entry, up to a factor 2.
    ///
    /// # Errors
    /// [`PdeError::NoSnapshot`] where no entry is a number other than 0.
    pub fn round(grid: Grid, columns: &[Vec<f64>]) -> Result<Self, PdeError> {
        let exponent = exponent_for(columns.iter().flatten(), BASIS_BITS).ok_or(PdeError::NoSnapshot)?;
        let columns = columns.iter().map(|column| column.iter().map(|x| mantissa(*x, exponent)).collect()).collect();
        Ok(Self { grid, columns, exponent })
    }
    /// The grid.
    pub fn grid(&self) -> Grid {
        self.grid
    }
    /// d
    pub fn dimension(&self) -> usize {
        self.columns.len()
    }
    /// The integers, column by column.
    pub fn columns(&self) -> &[Vec<i64>] {
        &self.columns
    }
    /// The power of two that divides them.
    pub fn exponent(&self) -> i64 {
        self.exponent
    }
    /// V c, for whole c over 2^exponent, without rounding.
    ///
    /// **Statement.** |c_j| <= 2^50, so that d <= 2^16 products of at most 2^98 fit 2^114.
    pub fn combination(&self, c: &Coefficients) -> Nodal {
        let mut sum = vec![0i128; self.grid.unknowns()];
        for (c, column) in c.mantissas.iter().zip(&self.columns) {
            sum.iter_mut().zip(column).for_each(|(sum, m)| *sum += i128::from(*c) * i128::from(*m));
        }
        Nodal { mantissas: sum, exponent: self.exponent + c.exponent }
    }
}

/// Reduced coefficients: integers over 2^exponent.
///
/// **Invariant.** |mantissas| <= 2^50.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coefficients {
    /// The integers.
    mantissas: Vec<i64>,
    /// The power of two that divides them.
    exponent: i64,
}

impl Coefficients {
    /// Rounds; numbers that are not finite, and vectors of zeros, become 0.
    pub fn round(c: &[f64]) -> Self {
        let exponent = exponent_for(c.iter(), COEFFICIENT_BITS).unwrap_or(0);
        Self { mantissas: c.iter().map(|x| mantissa(*x, exponent)).collect(), exponent }
    }
    /// The integers.
    pub fn mantissas(&self) -> &[i64] {
        &self.mantissas
    }
    /// The power of two that divides them.
    pub fn exponent(&self) -> i64 {
        self.exponent
    }
}

impl Nodal {
    /// The numbers.
    pub fn to_rationals(&self) -> Vec<Rational> {
        self.mantissas.iter().map(|m| Rational::from(*m).scale_by_power_of_two(-self.exponent)).collect()
    }
}

/// The k with 2^(bits - 1) <= 2^k max |x| < 2^bits; `None` where all are 0 or not finite.
pub fn exponent_for<'a>(list: impl Iterator<Item = &'a f64>, bits: i64) -> Option<i64> {
    let largest = list.map(|x| x.abs()).filter(|x| x.is_finite()).fold(0.0, f64::max);
    let log = Rational::from_f64(largest).ok()?.floor_log2()?;
    Some(bits - 1 - log)
}

/// The whole number next to 2^k x, 0 for numbers that are not finite.
pub fn mantissa(x: f64, k: i64) -> i64 {
    // Two factors keep the power in range.
    let half = (k / 2) as i32;
    let scaled = x * 2f64.powi(half) * 2f64.powi((k - i64::from(half)) as i32);
    if scaled.is_finite() { scaled.round() as i64 } else { 0 }
}
