//! The matrix of a task: read, checked, its spectrum bounded.

use std::path::Path;

use super::super::error::CliError;
use super::super::input::read_text;
use crate::arith::Rational;
use crate::format::matrix_market::{Decimals, read};
use crate::linalg::{Definiteness, Matrix, definiteness, dot, eigenvalue_bounds};

/// The bits of the bounds on the spectrum that the network is built for.
const BITS: u64 = 20;
/// The largest size that is inverted exactly for comparison.
const MAX_SIZE: usize = 200;

/// A symmetric positive definite matrix with certified bounds on its spectrum.
pub(super) struct Definite {
    pub matrix: Matrix,
    /// c: no eigenvalue is below it.
    pub lower: Rational,
    /// C: no eigenvalue is above it.
    pub upper: Rational,
}

/// Reads a Matrix Market file; its decimals are the doubles nearest to them.
pub(super) fn read_matrix(path: &Path) -> Result<Matrix, CliError> {
    let place = || format!("file {}", path.display());
    let text = read_text(path)?;
    let error = |error: crate::format::matrix_market::MatrixMarketError| CliError::new(error).at(place());
    read(&text, Decimals::AsDoubles).map_err(error)?.into_dense().map_err(error)
}

impl Definite {
    /// Reads a matrix and bounds its spectrum.
    ///
    /// # Errors
    /// [`CliError`] for a matrix that is not square, empty, too large, not symmetric (with the entries that differ) or
    /// not positive definite (with a vector that shows it).
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let matrix = read_matrix(path)?;
        Self::new(matrix).map_err(|error| error.at(format!("file {}", path.display())))
    }

    fn new(matrix: Matrix) -> Result<Self, CliError> {
        let accepted = "a symmetric positive definite matrix is accepted";
        let (rows, columns) = matrix.shape();
        if rows != columns || rows == 0 {
            return Err(CliError::new(format!("the matrix is {rows} x {columns}")).accepted(accepted));
        }
        if rows > MAX_SIZE {
            let what = format!("the matrix has {rows} rows");
            return Err(CliError::new(what).accepted(format!("at most {MAX_SIZE} rows are accepted")));
        }
        if let Some((i, j)) = matrix.first_asymmetry() {
            let (left, right) = (matrix[(i, j)].approx_f64(), matrix[(j, i)].approx_f64());
            let (i, j) = (i + 1, j + 1);
            let what = format!("entry ({i}, {j}) is {left} and entry ({j}, {i}) is {right}");
            return Err(CliError::new(what).accepted(accepted));
        }
        let bounds = eigenvalue_bounds(&matrix).map_err(CliError::new)?;
        let (lower, upper) = (bounds.smallest_lower.round_down(BITS), bounds.largest_upper.round_up(BITS));
        if lower.is_positive() {
            return Ok(Self { matrix, lower, upper });
        }
        let form = |x: &[Rational]| matrix.apply(x).map(|y| dot(x, &y)).ok();
        // A short witness is looked for near the eigenvector of the smallest eigenvalue; elimination finds a long one.
        let short = [2, 4, 8, 16, 32, 64].into_iter().map(|bits| shorten(&bounds.smallest_vector, bits));
        let short = short.filter(|x| x.iter().any(|x| !x.is_zero()));
        let found = short.map(|x| (form(&x), x)).find(|(value, _)| value.as_ref().is_some_and(|v| !v.is_positive()));
        let (value, witness) = match found {
            Some((Some(value), witness)) => (value, witness),
            _ => match definiteness(&matrix).map_err(CliError::new)? {
                Definiteness::NotPositive { witness, value } => (value, witness),
                Definiteness::Positive => {
                    let what = "the matrix is positive definite, but no positive bound below its spectrum was found";
                    return Err(CliError::new(what).accepted("condition numbers up to about 2^60 are accepted"));
                }
            },
        };
        let entries: Vec<String> = witness.iter().map(ToString::to_string).collect();
        let value = value.approx_f64();
        let what = format!("the matrix is not positive definite: x^T B x = {value:e} for x = ({})", entries.join(", "));
        Err(CliError::new(what).accepted(accepted))
    }

    /// The condition number is at most this.
    pub(super) fn condition_upper(&self) -> Rational {
        (&self.upper / &self.lower).round_up(BITS)
    }
}

/// The vector over its largest power of two, rounded to a grid of so many bits, as integers.
fn shorten(x: &[Rational], bits: i64) -> Vec<Rational> {
    let scale = x.iter().filter_map(Rational::floor_log2).max().unwrap_or(0);
    let half = Rational::ratio(1, 2);
    x.iter().map(|x| Rational::from((x.scale_by_power_of_two(bits - scale) + &half).floor())).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn matrix(rows: &[&[i64]]) -> Matrix {
        Matrix::from_fn(rows.len(), rows[0].len(), |i, j| Rational::from(rows[i][j]))
    }

    #[test]
    fn spectra_are_bounded() {
        let definite = Definite::new(matrix(&[&[2, 1], &[1, 2]])).map_err(|e| e.to_string()).ok().unwrap();
        assert!(definite.lower <= Rational::one() && definite.upper >= Rational::from(3));
        assert!(definite.condition_upper() < Rational::ratio(301, 100));
        let message = |rows: &[&[i64]]| Definite::new(matrix(rows)).err().unwrap().to_string();
        assert!(message(&[&[1, 2, 3], &[4, 5, 6]]).starts_with("the matrix is 2 x 3; a symmetric"));
        assert!(message(&[&[1, 2], &[3, 4]]).starts_with("entry (1, 2) is 2 and entry (2, 1) is 3"));
        let indefinite = message(&[&[1, 2], &[2, 1]]);
        assert!(indefinite.contains("x^T B x = -") && indefinite.contains("for x = ("), "{indefinite}");
        let singular = message(&[&[1, 1], &[1, 1]]);
        assert!(singular.contains("x^T B x = 0e0 for x = ("), "{singular}");
        assert!(message(&[&[0]]).contains("not positive definite"));
    }
}
