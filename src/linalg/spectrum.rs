//! Proved bounds on eigenvalues and spectral norms.
//!
//! A matrix A is first rounded to integers N over 2^g, with |A - N 2^-g|_2 <= |A - N 2^-g|_F <= `rounding`; by Weyl's
//! inequality no eigenvalue and no norm moves by more. Floats guess the extreme eigenpairs of N. Then
//!
//! - lambda_max(N) >= v^T N v / v^T v for the guessed v (Rayleigh), exactly;
//! - lambda_max(N) < t when t I - N is proved positive definite, for t a little above the guess.

use super::congruence::{approx_scaled, congruence_proves_positive};
use super::integer_form::{CommonForm, clear_denominators};
use super::jacobi::approx_eigenpairs;
use super::ldlt::{Definiteness, exact_definiteness};
use super::vector::integer_dot;
use super::{LinalgError, Matrix};
use crate::arith::{Integer, Rational};

/// Bits kept of the largest entry before anything else is computed.
const ENTRY_BITS: i64 = 100;
/// Significant bits of the eigenvalue bounds.
const BOUND_BITS: u64 = 80;
/// The largest size for which coarse bounds are bisected by exact elimination.
const BISECTED_SIZE: usize = 24;
/// The largest number of bisections; a singular matrix uses them all.
const BISECTIONS: usize = 60;

/// Proved bounds on the smallest and the largest eigenvalue of a symmetric matrix, with vectors near the eigenvectors.
///
/// **Statement.** `smallest_lower` <= lambda_min <= `smallest_upper`, `largest_lower` <= lambda_max <= `largest_upper`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EigenvalueBounds {
    /// A lower bound on the smallest eigenvalue.
    pub smallest_lower: Rational,
    /// An upper bound on the smallest eigenvalue.
    pub smallest_upper: Rational,
    /// A lower bound on the largest eigenvalue.
    pub largest_lower: Rational,
    /// An upper bound on the largest eigenvalue.
    pub largest_upper: Rational,
    /// A vector, not 0, whose Rayleigh quotient is within the rounding of `smallest_upper`.
    pub smallest_vector: Vec<Rational>,
    /// A vector, not 0, whose Rayleigh quotient is within the rounding of `largest_lower`.
    pub largest_vector: Vec<Rational>,
}

/// Bounds the extreme eigenvalues of a symmetric matrix.
///
/// **Exactness.** Bounds, proved; usually tight to 2^-40 of the eigenvalue or 2^-46 of the largest one in absolute
/// value, whichever is more. Up to size 24 each pair is tight to 2^-24 of the eigenvalue however ill-conditioned the
/// matrix is, down to 2^-80 of the largest entry.
///
/// **Complexity.** About 2 n^3 products of integers of some 160 bits, and a floating-point eigenvalue decomposition;
/// for small ill-conditioned matrices up to 60 exact eliminations more.
///
/// # Errors
/// [`LinalgError::NotSquare`], [`LinalgError::NotSymmetric`], [`LinalgError::Empty`].
///
/// ```
/// use certinet::{arith::Rational, linalg::{Matrix, eigenvalue_bounds}};
/// // The eigenvalues are 1 and 3.
/// let a = Matrix::from_fn(2, 2, |i, j| Rational::from(if i == j { 2 } else { 1 }));
/// let bounds = eigenvalue_bounds(&a)?;
/// assert!(bounds.smallest_lower <= Rational::from(1) && Rational::from(1) <= bounds.smallest_upper);
/// assert!(bounds.largest_upper - bounds.largest_lower <= Rational::power_of_two(-30));
/// # Ok::<(), certinet::linalg::LinalgError>(())
/// ```
pub fn eigenvalue_bounds(a: &Matrix) -> Result<EigenvalueBounds, LinalgError> {
    a.require_symmetric()?;
    if a.rows() == 0 {
        return Err(LinalgError::Empty);
    }
    let Some(Rounded { rows, grid, rounding }) = Rounded::of(a) else {
        let (zero, mut e) = (Rational::zero(), vec![Rational::zero(); a.rows()]);
        e[0] = Rational::one();
        return Ok(EigenvalueBounds {
            smallest_lower: zero.clone(),
            smallest_upper: zero.clone(),
            largest_lower: zero.clone(),
            largest_upper: zero,
            smallest_vector: e.clone(),
            largest_vector: e,
        });
    };
    let negated: Vec<Vec<Integer>> = rows.iter().map(|row| row.iter().map(|x| -x).collect()).collect();
    let Guess { smallest, largest, margin } = Guess::of(&rows);
    let value = |n: Rational| n.scale_by_power_of_two(-grid);
    // lambda_min(N) = -lambda_max(-N)
    let low = largest_pair(&negated, &-&smallest.0, smallest.1, &margin);
    let high = largest_pair(&rows, &largest.0, largest.1, &margin);
    Ok(EigenvalueBounds {
        smallest_lower: (value(Rational::from(-low.upper)) - &rounding).round_down(BOUND_BITS),
        smallest_upper: (value(-low.lower) + &rounding).round_up(BOUND_BITS),
        largest_lower: (value(high.lower) - &rounding).round_down(BOUND_BITS),
        largest_upper: (value(Rational::from(high.upper)) + &rounding).round_up(BOUND_BITS),
        smallest_vector: low.vector.into_iter().map(Rational::from).collect(),
        largest_vector: high.vector.into_iter().map(Rational::from).collect(),
    })
}

/// Returns an upper bound on the spectral norm of any matrix, its largest singular value, of at most `bits` bits.
///
/// **Exactness.** Upper bound, proved; usually above the norm by at most 2^-40 + 2^(2-bits) of it.
///
/// **Complexity.** As [`eigenvalue_bounds`] of the smaller Gram matrix. Huge denominators and tiny entries cost nothing
/// more: entries are rounded first, and what that can move is added.
///
/// ```
/// use certinet::{arith::Rational, linalg::{Matrix, spectral_norm_lower, spectral_norm_upper}};
/// // The norm of a matrix of one row is the 2-norm of the row.
/// let a = Matrix::from_fn(1, 2, |_, j| Rational::from(3 + j));
/// let (lower, upper) = (spectral_norm_lower(&a, 50), spectral_norm_upper(&a, 50));
/// assert!(lower <= Rational::from(5) && Rational::from(5) <= upper);
/// assert!(upper - lower <= Rational::power_of_two(-30));
/// ```
pub fn spectral_norm_upper(a: &Matrix, bits: u64) -> Rational {
    let Some(Rounded { rows, grid, rounding }) = Rounded::of(a) else {
        return Rational::zero();
    };
    // |N|^2 = lambda_max(N N^T) = lambda_max(N^T N)
    let gram = gram(&rows).0;
    let Guess { largest, margin, .. } = Guess::of(&gram);
    let square = largest_upper(&gram, &largest.0, &margin);
    let norm = Rational::from(square).sqrt_up(bits.max(2) + 2).scale_by_power_of_two(-grid);
    // |A| <= |N 2^-g| + |A - N 2^-g|
    (norm + rounding).round_up(bits.max(2))
}

/// Returns a lower bound on the spectral norm of any matrix, of at most `bits` bits.
///
/// **Exactness.** Lower bound, proved; usually below the norm by at most 2^-40 + 2^(2-bits) of it.
pub fn spectral_norm_lower(a: &Matrix, bits: u64) -> Rational {
    let Some(Rounded { rows, grid, rounding }) = Rounded::of(a) else {
        return Rational::zero();
    };
    let (norm_squared, _) = direction(&rows);
    let norm = norm_squared.sqrt_down(bits.max(2) + 2).scale_by_power_of_two(-grid);
    // |A| >= |N 2^-g| - |A - N 2^-g|
    (norm - rounding).relu().round_down(bits.max(2))
}

/// Returns a vector x, not 0, along which the matrix stretches the most, about: |A x| / |x| is near the spectral norm.
///
/// Empty for a matrix without columns.
pub fn spectral_norm_direction(a: &Matrix) -> Vec<Rational> {
    if let Some(Rounded { rows, .. }) = Rounded::of(a) {
        return direction(&rows).1.into_iter().map(Rational::from).collect();
    }
    let mut e = vec![Rational::zero(); a.columns()];
    if let Some(first) = e.first_mut() {
        *first = Rational::one();
    }
    e
}

/// Integers N with |A - N 2^-grid|_F <= rounding.
struct Rounded {
    rows: Vec<Vec<Integer>>,
    grid: i64,
    rounding: Rational,
}

impl Rounded {
    /// `None` for a matrix of zeros.
    fn of(a: &Matrix) -> Option<Self> {
        let top = a.entries().iter().filter_map(Rational::floor_log2).max()?;
        let grid = ENTRY_BITS - top;
        let mut exact = true;
        let mut round = |x: &Rational| {
            let scaled = x.scale_by_power_of_two(grid);
            exact &= scaled.is_integer();
            scaled.floor()
        };
        let rows = (0..a.rows()).map(|i| a.row(i).iter().map(&mut round).collect()).collect();
        // Each entry moves by less than 2^-grid: the Frobenius norm by at most sqrt(rows columns) 2^-grid.
        let unit = Rational::from(a.rows().max(a.columns())).scale_by_power_of_two(-grid);
        let rounding = if exact { Rational::zero() } else { unit };
        Some(Self { rows, grid, rounding })
    }
}

/// Guessed eigenpairs of an integer matrix that is symmetric and not zero.
struct Guess {
    smallest: (Integer, Vec<Integer>),
    largest: (Integer, Vec<Integer>),
    /// About 2^-48 of the largest eigenvalue in absolute value.
    margin: Integer,
}

impl Guess {
    fn of(rows: &[Vec<Integer>]) -> Self {
        let (approx, shift) = approx_scaled(rows).unwrap_or_default();
        let pairs = approx_eigenpairs(approx);
        let unscale =
            |x: f64| Rational::from_f64(x).map_or(Integer::zero(), |x| x.scale_by_power_of_two(shift).floor());
        let quantise = |(value, vector): &(f64, Vec<f64>)| {
            let mut vector: Vec<Integer> = vector.iter().map(|x| Integer::from((x * 2f64.powi(60)) as i64)).collect();
            // A guess gone wrong may be zero or not a number; any vector that is not zero is a valid one.
            if vector.iter().all(Integer::is_zero) {
                vector.iter_mut().for_each(|x| *x = Integer::one());
            }
            (unscale(*value), vector)
        };
        let nothing = (0.0, vec![0.0; rows.len()]);
        let smallest = quantise(pairs.first().unwrap_or(&nothing));
        let largest = quantise(pairs.last().unwrap_or(&nothing));
        let margin = smallest.0.abs().max(largest.0.abs()).shr_floor(48) + Integer::one();
        Self { smallest, largest, margin }
    }
}

/// v^T N v / v^T v, at most the largest and at least the smallest eigenvalue.
fn rayleigh(rows: &[Vec<Integer>], v: &[Integer]) -> Rational {
    let image: Vec<Integer> = rows.iter().map(|row| integer_dot(row, v)).collect();
    Rational::new(integer_dot(&image, v), integer_dot(v, v)).unwrap_or_default()
}

/// lower <= lambda_max(N) <= upper, lower being the Rayleigh quotient of the vector.
struct Pair {
    lower: Rational,
    vector: Vec<Integer>,
    upper: Integer,
}

/// Both bounds on the largest eigenvalue from a guess; bisected by exact elimination where the floats were too coarse.
fn largest_pair(rows: &[Vec<Integer>], guess: &Integer, vector: Vec<Integer>, margin: &Integer) -> Pair {
    let upper = largest_upper(rows, guess, margin);
    let mut pair = Pair { lower: rayleigh(rows, &vector), vector, upper };
    if rows.len() > BISECTED_SIZE {
        return pair;
    }
    for _ in 0..BISECTIONS {
        let floor = pair.lower.floor();
        let size = floor.abs().max(pair.upper.abs());
        if (&pair.upper - &floor).shl(24) <= size + Integer::power_of_two(24) {
            break;
        }
        let t = (&pair.upper + &floor).shr_floor(1);
        let form = CommonForm { rows: shifted(rows, &t), denominator: Integer::one() };
        match exact_definiteness(form) {
            Definiteness::Positive => pair.upper = t,
            Definiteness::NotPositive { witness, .. } => {
                // x^T (t I - N) x <= 0: the Rayleigh quotient of x is at least t.
                pair.vector = clear_denominators(&witness).0;
                pair.lower = rayleigh(rows, &pair.vector);
            }
        }
    }
    pair
}

/// t I - N.
fn shifted(rows: &[Vec<Integer>], t: &Integer) -> Vec<Vec<Integer>> {
    let n = rows.len();
    let entry = |i: usize, j: usize| if i == j { t - &rows[i][j] } else { -&rows[i][j] };
    (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
}

/// A t > lambda_max(N), proved: the first of guess + margin, guess + 8 margin, ... that succeeds.
fn largest_upper(rows: &[Vec<Integer>], guess: &Integer, margin: &Integer) -> Integer {
    let n = rows.len();
    // 2^-41 of the eigenvalue itself, or what floats can tell of the largest one.
    let mut margin = (guess.abs().shr_floor(41) + Integer::one()).max(margin.clone());
    for _ in 0..16 {
        let t = guess + &margin;
        if congruence_proves_positive(&shifted(rows, &t)) {
            return t;
        }
        margin = margin.shl(3);
    }
    // Gershgorin: every eigenvalue is at most N_ii + the sum of |N_ij| over j not i, for some i.
    let disc = |i: usize| {
        let others = (0..n).filter(|&j| j != i).fold(Integer::zero(), |sum, j| sum + rows[i][j].abs());
        &rows[i][i] + &others
    };
    (0..n).map(disc).max().unwrap_or(Integer::zero())
}

/// N N^T, or N^T N where that is smaller; whether it is the second.
fn gram(rows: &[Vec<Integer>]) -> (Vec<Vec<Integer>>, bool) {
    let columns = rows.first().map_or(0, Vec::len);
    let tall = rows.len() > columns;
    let transposed: Vec<Vec<Integer>>;
    let factors = if tall {
        transposed = (0..columns).map(|j| rows.iter().map(|row| row[j].clone()).collect()).collect();
        &transposed
    } else {
        rows
    };
    let n = factors.len();
    let work = 4 * n * rows.len() * columns;
    let product = super::integer_form::map_rows(n, work, |i| {
        factors.iter().map(|other| integer_dot(&factors[i], other)).collect::<Vec<_>>()
    });
    (product, tall)
}

/// |N x|^2 / |x|^2 and x, for x about the right singular vector of the largest singular value.
fn direction(rows: &[Vec<Integer>]) -> (Rational, Vec<Integer>) {
    let (gram, tall) = gram(rows);
    let v = Guess::of(&gram).largest.1;
    let columns = rows.first().map_or(0, Vec::len);
    let x = if tall {
        v
    } else {
        // N^T v for the left singular vector v, shortened to 64 bits.
        let image: Vec<Integer> = (0..columns)
            .map(|j| rows.iter().zip(&v).fold(Integer::zero(), |sum, (row, y)| sum + &row[j] * y))
            .collect();
        let bits = image.iter().map(Integer::bits).max().unwrap_or(0);
        let mut x: Vec<Integer> = image.iter().map(|y| y.shr_floor(bits.saturating_sub(64))).collect();
        if x.iter().all(Integer::is_zero) {
            x.iter_mut().for_each(|y| *y = Integer::one());
        }
        x
    };
    let image: Vec<Integer> = rows.iter().map(|row| integer_dot(row, &x)).collect();
    let quotient = Rational::new(integer_dot(&image, &image), integer_dot(&x, &x));
    (quotient.unwrap_or_default(), x)
}

#[cfg(test)]
mod tests;
