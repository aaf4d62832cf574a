//! Symmetric elimination A = L D L^T and the exact decision of positive definiteness.

use rayon::prelude::*;

use super::congruence::congruence_proves_positive;
use super::elimination::{bareiss, kernel_vector};
use super::integer_form::CommonForm;
use super::{LinalgError, Matrix};
use crate::arith::{Integer, Rational};

/// Whether x^T A x > 0 for all x other than 0.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Definiteness {
    /// It is.
    Positive,
    /// It is not.
    NotPositive {
        /// A vector x, not 0, with x^T A x <= 0.
        witness: Vec<Rational>,
        /// x^T A x.
        value: Rational,
    },
}

/// A = L D L^T with L lower triangular, ones on its diagonal, and D diagonal and positive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ldlt {
    /// L.
    pub lower: Matrix,
    /// The diagonal of D.
    pub diagonal: Vec<Rational>,
}

/// Decides whether a symmetric matrix is positive definite. Exact.
///
/// **Complexity.** For most positive definite matrices n^3/2 products of integers a word longer than the entries: a
/// floating-point Cholesky factor proposes a congruence, and exact arithmetic checks that it makes the matrix diagonally
/// dominant. Where that fails, as it does for every other matrix, n^3/6 exact elimination steps.
///
/// # Errors
/// [`LinalgError::NotSquare`], [`LinalgError::NotSymmetric`].
///
/// ```
/// use certinet::{arith::Rational, linalg::{Definiteness, Matrix, definiteness}};
/// let a = Matrix::from_fn(2, 2, |i, j| Rational::from(if i == j { 1 } else { 2 }));
/// let Definiteness::NotPositive { witness, value } = definiteness(&a)? else { unreachable!() };
/// assert_eq!((witness, value), (vec![Rational::from(-2), Rational::from(1)], Rational::from(-3)));
/// # Ok::<(), certinet::linalg::LinalgError>(())
/// ```
pub fn definiteness(a: &Matrix) -> Result<Definiteness, LinalgError> {
    a.require_symmetric()?;
    let form = CommonForm::of(a);
    if congruence_proves_positive(&form.rows) {
        return Ok(Definiteness::Positive);
    }
    Ok(exact_definiteness(form))
}

/// The decision by elimination alone.
pub(super) fn exact_definiteness(form: CommonForm) -> Definiteness {
    match eliminate_symmetric(form) {
        Elimination::Positive { .. } => Definiteness::Positive,
        Elimination::NotPositive { witness, value } => Definiteness::NotPositive { witness, value },
    }
}

/// Factors a positive definite matrix as L D L^T. Exact.
///
/// # Errors
/// [`LinalgError::NotSquare`], [`LinalgError::NotSymmetric`], [`LinalgError::NotPositiveDefinite`] with a witness.
pub fn ldlt(a: &Matrix) -> Result<Ldlt, LinalgError> {
    a.require_symmetric()?;
    let n = a.rows();
    match eliminate_symmetric(CommonForm::of(a)) {
        Elimination::NotPositive { witness, value } => Err(LinalgError::NotPositiveDefinite { witness, value }),
        Elimination::Positive { upper, denominator } => {
            // U = row k of the eliminated matrix; A = L D L^T with L_ik = u_ki / u_kk, D_k = u_kk / u_(k-1)(k-1).
            let lower = Matrix::from_fn(n, n, |i, k| match i.cmp(&k) {
                core::cmp::Ordering::Less => Rational::zero(),
                core::cmp::Ordering::Equal => Rational::one(),
                core::cmp::Ordering::Greater => {
                    Rational::new(upper[k][i].clone(), upper[k][k].clone()).unwrap_or_default()
                }
            });
            let diagonal = (0..n).map(|k| pivot_quotient(&upper, k, &denominator)).collect();
            Ok(Ldlt { lower, diagonal })
        }
    }
}

enum Elimination {
    Positive { upper: Vec<Vec<Integer>>, denominator: Integer },
    NotPositive { witness: Vec<Rational>, value: Rational },
}

/// m_k / (m_(k-1) denominator) for the leading minors m of the integer matrix.
fn pivot_quotient(upper: &[Vec<Integer>], k: usize, denominator: &Integer) -> Rational {
    let before = if k == 0 { Integer::one() } else { upper[k - 1][k - 1].clone() };
    Rational::new(upper[k][k].clone(), &before * denominator).unwrap_or_default()
}

/// Fraction-free elimination without exchanges, on the upper triangle only.
fn eliminate_symmetric(form: CommonForm) -> Elimination {
    let CommonForm { mut rows, denominator } = form;
    let n = rows.len();
    let mut previous = Integer::one();
    for k in 0..n {
        // The diagonal entry is the leading minor of size k + 1; those before it are positive.
        if rows[k][k].signum() <= 0 {
            // x = (-A_k^-1 a, 1, 0, ..., 0) for the leading block A_k and the column a above the diagonal entry:
            // x^T A x is the Schur complement m_(k+1) / m_k <= 0.
            let value = pivot_quotient(&rows, k, &denominator);
            return Elimination::NotPositive { witness: kernel_vector(&rows, k, n), value };
        }
        let (done, rest) = rows.split_at_mut(k + 1);
        let top = &done[k];
        let work = rest.len() * rest.len();
        let step = |(index, row): (usize, &mut Vec<Integer>)| {
            let i = k + 1 + index;
            for j in i..n {
                row[j] = bareiss(&top[k], &row[j], &top[i], &top[j], &previous);
            }
        };
        if work >= 1 << 10 {
            rest.par_iter_mut().enumerate().for_each(step);
        } else {
            rest.iter_mut().enumerate().for_each(step);
        }
        previous = top[k].clone();
    }
    Elimination::Positive { upper: rows, denominator }
}

#[cfg(test)]
mod tests {
    use super::super::determinant;
    use super::super::dot;
    use super::super::matrix::tests::{matrix, symmetric};
    use super::*;
    use proptest::prelude::*;

    /// Sylvester: all leading minors are positive.
    fn leading_minors_are_positive(a: &Matrix) -> bool {
        (1..=a.rows()).all(|k| {
            let block = Matrix::from_fn(k, k, |i, j| a[(i, j)].clone());
            determinant(&block).is_ok_and(|d| d.is_positive())
        })
    }
    fn quadratic_form(a: &Matrix, x: &[Rational]) -> Rational {
        a.apply(x).map(|y| dot(x, &y)).unwrap_or_default()
    }
    fn check(a: &Matrix) -> Result<(), TestCaseError> {
        let fail = |e: LinalgError| TestCaseError::fail(e.to_string());
        let exact = eliminate_symmetric(CommonForm::of(a));
        let positive = leading_minors_are_positive(a);
        prop_assert_eq!(matches!(exact, Elimination::Positive { .. }), positive);
        // The quick proof is never wrong.
        prop_assert!(positive || !congruence_proves_positive(&CommonForm::of(a).rows));
        match definiteness(a).map_err(fail)? {
            Definiteness::Positive => {
                prop_assert!(positive);
                let Ldlt { lower, diagonal } = ldlt(a).map_err(fail)?;
                let product = lower.product(&Matrix::diagonal(&diagonal)).and_then(|ld| ld.product(&lower.transpose()));
                prop_assert_eq!(product, Ok(a.clone()));
            }
            Definiteness::NotPositive { witness, value } => {
                prop_assert!(!positive && !value.is_positive());
                prop_assert!(witness.iter().any(|x| !x.is_zero()));
                prop_assert_eq!(quadratic_form(a, &witness), value);
                prop_assert!(ldlt(a).is_err());
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn symmetric_matrices_are_decided(a in symmetric(5)) {
            check(&a)?;
        }
        #[test]
        fn gram_matrices_and_their_shifts_are_decided(
            b in (1usize..5, 1usize..5).prop_flat_map(|(m, n)| matrix(m, n)), shift in -1i64..=1, k in 0i64..80,
        ) {
            // B^T B is semidefinite: an arbitrarily small shift decides.
            let gram = b.transpose().product(&b).map_err(|e| TestCaseError::fail(e.to_string()))?;
            let n = gram.rows();
            let small = Matrix::identity(n).scale(&Rational::from(shift).scale_by_power_of_two(-k));
            check(&gram.add(&small).map_err(|e| TestCaseError::fail(e.to_string()))?)?;
        }
    }

    #[test]
    fn the_quick_proof_succeeds_on_ordinary_matrices() {
        let n = 40;
        let a = Matrix::from_fn(n, n, |i, j| {
            let x = 1.0 / (1.0 + (i as f64 - j as f64).abs()) + if i == j { 0.5 } else { 0.0 };
            Rational::from_f64(x).unwrap_or_default()
        });
        assert!(congruence_proves_positive(&CommonForm::of(&a).rows));
        let shifted = a.sub(&Matrix::identity(n).scale(&Rational::from(3)));
        assert!(shifted.is_ok_and(|b| !congruence_proves_positive(&CommonForm::of(&b).rows)));
    }
}
