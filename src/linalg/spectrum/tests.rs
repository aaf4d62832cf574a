use super::super::matrix::tests::{matrix, symmetric};
use super::super::{Definiteness, definiteness, dot, norm_squared};
use super::*;
use proptest::prelude::*;

fn shifted(a: &Matrix, t: &Rational) -> Matrix {
    Matrix::from_fn(a.rows(), a.rows(), |i, j| if i == j { &a[(i, j)] - t } else { a[(i, j)].clone() })
}
/// Whether every eigenvalue is above t, by exact elimination only.
fn all_above(a: &Matrix, t: &Rational) -> bool {
    // The witness decides exactly; a quick proof is exact as well.
    matches!(definiteness(&shifted(a, t)), Ok(Definiteness::Positive))
}
fn close(lower: &Rational, upper: &Rational, size: &Rational) -> bool {
    upper - lower <= size.scale_by_power_of_two(-36)
}

proptest! {
    #[test]
    fn eigenvalues_are_bracketed(a in symmetric(5).prop_filter("entries", |a| a.rows() > 0), k in -3000i64..3000) {
        let a = a.scale(&Rational::power_of_two(k));
        let b = eigenvalue_bounds(&a).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let size = b.largest_upper.abs().max(b.smallest_lower.abs());
        let step = &size.scale_by_power_of_two(-60) + &Rational::power_of_two(-20_000);
        prop_assert!(all_above(&a, &(&b.smallest_lower - &step)));
        prop_assert!(!all_above(&a, &(&b.smallest_upper + &step)));
        let minus = a.scale(&Rational::from(-1));
        prop_assert!(all_above(&minus, &(-&b.largest_upper - &step)));
        prop_assert!(!all_above(&minus, &(-&b.largest_lower + &step)));
        prop_assert!(close(&b.smallest_lower, &b.smallest_upper, &size), "{:?}", b);
        prop_assert!(close(&b.largest_lower, &b.largest_upper, &size), "{:?}", b);
        for (x, bound) in [(&b.smallest_vector, &b.smallest_upper), (&b.largest_vector, &b.largest_lower)] {
            let image = a.apply(x).map_err(|e| TestCaseError::fail(e.to_string()))?;
            let quotient = dot(x, &image) / norm_squared(x);
            prop_assert!((quotient - bound).abs() <= step);
        }
    }
    #[test]
    fn norms_are_bracketed(a in (1usize..5, 1usize..5).prop_flat_map(|(m, n)| matrix(m, n)), k in -3000i64..3000) {
        let a = a.scale(&Rational::power_of_two(k)).scale(&Rational::ratio(1, 3));
        let (lower, upper) = (spectral_norm_lower(&a, 60), spectral_norm_upper(&a, 60));
        let gram = a.transpose().product(&a).map_err(|e| TestCaseError::fail(e.to_string()))?;
        // upper^2 I - A^T A is positive definite up to rounding, lower^2 I - A^T A is not.
        let above = &upper * &upper * Rational::ratio(1_000_001, 1_000_000) + Rational::power_of_two(-20_000);
        prop_assert!(all_above(&gram.scale(&Rational::from(-1)), &-above));
        let below = &lower * &lower * Rational::ratio(999_999_999, 1_000_000_000);
        prop_assert!(!all_above(&gram.scale(&Rational::from(-1)), &-below));
        prop_assert!(close(&lower, &upper, &upper));
        prop_assert!(upper.numerator().bits() - upper.numerator().trailing_zeros() <= 60);
        let x = spectral_norm_direction(&a);
        let image = a.apply(&x).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert!(norm_squared(&image) * Rational::ratio(1_000_001, 1_000_000) >= &lower * &lower * norm_squared(&x));
        // max entry <= norm <= Frobenius norm
        prop_assert!(a.max_entry() <= upper && &lower * &lower <= a.frobenius_squared());
    }
}

proptest! {
    #[test]
    fn rounding_is_counted(a in (1usize..5, 1usize..5).prop_flat_map(|(m, n)| matrix(m, n)), q in 1i64..99, k in -300i64..300) {
        let a = a.scale(&Rational::ratio(1, q).scale_by_power_of_two(k));
        let Some(Rounded { rows, grid, rounding }) = Rounded::of(&a) else {
            prop_assert!(a.max_entry().is_zero());
            return Ok(());
        };
        let rounded = Matrix::from_fn(a.rows(), a.columns(), |i, j| {
            Rational::from(&rows[i][j]).scale_by_power_of_two(-grid)
        });
        let moved = a.sub(&rounded).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert!(moved.frobenius_squared() <= &rounding * &rounding);
        prop_assert!(rounding <= a.max_entry().scale_by_power_of_two(-90));
    }
}

#[test]
fn known_spectra() {
    // The second difference matrix of size n: the eigenvalues are 2 - 2 cos(k pi / (n + 1)).
    let n = 48;
    let a = Matrix::from_fn(n, n, |i, j| Rational::from(if i == j { 2 } else { -i64::from(i.abs_diff(j) == 1) }));
    let bounds = eigenvalue_bounds(&a).unwrap_or_else(|e| unreachable!("{e}"));
    let angle = core::f64::consts::PI / (n + 1) as f64;
    let expected = 2.0 - 2.0 * angle.cos();
    assert!((bounds.smallest_lower.approx_f64() / expected - 1.0).abs() < 1e-10);
    assert!((bounds.smallest_upper.approx_f64() / expected - 1.0).abs() < 1e-10);
    assert!((bounds.largest_upper.approx_f64() + expected - 4.0).abs() < 1e-10);
    assert!((bounds.largest_lower.approx_f64() + expected - 4.0).abs() < 1e-10);
}

#[test]
fn ill_conditioned_matrices_keep_their_smallest_eigenvalue() {
    // The Hilbert matrix: smallest eigenvalues 1.0828e-7 (size 6) and 1.0932e-13 (size 10), condition up to 1.6e13.
    for (n, smallest) in [(6, 1.082_799_484_565e-7), (10, 1.093_153_819_38e-13)] {
        let a = Matrix::from_fn(n, n, |i, j| Rational::ratio(1, (i + j + 1) as i64));
        let bounds = eigenvalue_bounds(&a).unwrap_or_else(|e| unreachable!("{e}"));
        let (lower, upper) = (bounds.smallest_lower.approx_f64(), bounds.smallest_upper.approx_f64());
        assert!(lower <= smallest * (1.0 + 1e-9) && upper >= smallest * (1.0 - 1e-9), "{lower:e} {upper:e}");
        assert!((upper - lower) / upper < 1e-6);
        assert!(all_above(&a, &(&bounds.smallest_lower * &Rational::ratio(999_999, 1_000_000))));
    }
}

#[test]
fn empty_and_zero_matrices() {
    assert_eq!(eigenvalue_bounds(&Matrix::zeros(0, 0)), Err(LinalgError::Empty));
    let zero = eigenvalue_bounds(&Matrix::zeros(2, 2));
    assert!(zero.is_ok_and(|b| b.largest_upper.is_zero() && b.smallest_lower.is_zero()));
    assert!(eigenvalue_bounds(&Matrix::zeros(1, 2)).is_err());
    for (rows, columns) in [(0, 0), (0, 3), (3, 0), (2, 3)] {
        let a = Matrix::zeros(rows, columns);
        assert!(spectral_norm_upper(&a, 30).is_zero() && spectral_norm_lower(&a, 30).is_zero());
        assert_eq!(spectral_norm_direction(&a).len(), columns);
    }
}

#[test]
fn tiny_entries_with_huge_denominators_are_quick_and_tight() {
    let odd = Integer::from(3).pow(2000);
    let a = Matrix::from_fn(12, 12, |i, j| {
        Rational::new(Integer::from(i * 5 + j * j) - Integer::from(60), odd.clone() + Integer::from(i + 7 * j))
            .unwrap_or_default()
    });
    let (lower, upper) = (spectral_norm_lower(&a, 50), spectral_norm_upper(&a, 50));
    assert!(lower.is_positive() && close(&lower, &upper, &upper));
    assert!(&lower * &lower <= a.frobenius_squared());
}
