//! One normal as a combination of others, exactly.

use super::Halfspace;
use crate::arith::{Integer, Rational};

/// The w >= 0 with sum w_k normal_k = normal of `target` and sum w_k offset_k <= its offset.
///
/// **Statement.** Then `target` follows from the others (Farkas). `None` says nothing: the normals of `basis` are dependent,
/// or do not span that of the target, or some w is negative, or the offset too large.
/// **Complexity.** O(n^3) integer operations on minors (Bareiss). **Exactness.** Exact.
pub(super) fn nonnegative_combination(basis: &[&Halfspace], target: &Halfspace) -> Option<Vec<Rational>> {
    let k = basis.len();
    // One equation a coordinate: row j is (normal_1[j], .., normal_k[j], target[j]).
    let mut rows: Vec<Vec<Integer>> = (0..target.dimension())
        .map(|j| basis.iter().chain([&target]).map(|half| half.normal()[j].clone()).collect())
        .collect();
    if rows.len() < k {
        return None;
    }
    let mut previous = Integer::one();
    for column in 0..k {
        let found =
            (column..rows.len()).filter(|&i| !rows[i][column].is_zero()).min_by_key(|&i| rows[i][column].bits())?;
        rows.swap(column, found);
        let (done, rest) = rows.split_at_mut(column + 1);
        let top = &done[column];
        for row in rest {
            for j in column + 1..=k {
                // Minors of the rows so far: the division leaves no remainder.
                row[j] = quotient(&(&(&top[column] * &row[j]) - &(&row[column] * &top[j])), &previous);
            }
        }
        previous = top[column].clone();
    }
    // The other equations hold.
    if rows[k..].iter().any(|row| !row[k].is_zero()) {
        return None;
    }
    // w_i = numerator_i / d with d the minor of the first k equations (Cramer).
    let d = previous;
    let mut numerators = vec![Integer::zero(); k];
    for i in (0..k).rev() {
        let mut sum = &d * &rows[i][k];
        for j in i + 1..k {
            sum -= &(&rows[i][j] * &numerators[j]);
        }
        numerators[i] = quotient(&sum, &rows[i][i]);
    }
    let sign = d.signum();
    if numerators.iter().any(|n| n.signum() * sign < 0) {
        return None;
    }
    // sum w_k offset_k <= offset, times d.
    let mut spare = target.offset() * &d;
    for (n, half) in numerators.iter().zip(basis) {
        spare -= &(n * half.offset());
    }
    if spare.signum() * sign < 0 {
        return None;
    }
    numerators.into_iter().map(|n| Rational::new(n, d.clone())).collect()
}

fn quotient(n: &Integer, d: &Integer) -> Integer {
    n.div_rem_euclid(d).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn half(normal: &[i64], offset: i64) -> Halfspace {
        Halfspace::new(normal.iter().map(|&a| Integer::from(a)).collect(), Integer::from(offset))
    }

    proptest! {
        #[test]
        fn combinations_are_what_they_say(
            n in 1usize..5, k in 1usize..5, normals in prop::collection::vec(-4i64..5, 20),
            offsets in prop::collection::vec(-9i64..9, 4), w in prop::collection::vec(-1i64..6, 4), gap in -2i64..4,
        ) {
            let k = k.min(n);
            let basis: Vec<Halfspace> = (0..k).map(|i| half(&normals[i * n..(i + 1) * n], offsets[i])).collect();
            let sum = |part: &dyn Fn(&Halfspace) -> Rational| -> Rational {
                basis.iter().zip(&w).map(|(half, &w)| part(half) * Rational::from(w)).sum()
            };
            let normal: Vec<Rational> = (0..n).map(|j| sum(&|half| Rational::from(&half.normal()[j]))).collect();
            let offset = sum(&|half| Rational::from(half.offset())) + Rational::from(gap);
            let target = Halfspace::from_rationals(&normal, &offset);
            let refs: Vec<&Halfspace> = basis.iter().collect();
            match nonnegative_combination(&refs, &target) {
                Some(found) => {
                    prop_assert!(found.iter().all(|w| !w.is_negative()));
                    for j in 0..n {
                        let sum: Rational =
                            found.iter().zip(&basis).map(|(w, half)| w * Rational::from(&half.normal()[j])).sum();
                        prop_assert_eq!(sum, Rational::from(&target.normal()[j]));
                    }
                    let sum: Rational = found.iter().zip(&basis).map(|(w, half)| w * Rational::from(half.offset())).sum();
                    prop_assert!(sum <= Rational::from(target.offset()));
                }
                // Independent normals have one combination, the one that was made.
                None => {
                    let independent = normals.len() >= k && {
                        let gram = crate::linalg::Matrix::from_fn(k, k, |i, j| {
                            basis[i].normal().iter().zip(basis[j].normal()).map(|(a, b)| Rational::from(&(a * b))).sum()
                        });
                        !crate::linalg::determinant(&gram).is_ok_and(|d| d.is_zero())
                    };
                    let trivial = normal.iter().all(Rational::is_zero);
                    prop_assert!(!independent || trivial || gap < 0 || w[..k].iter().any(|&w| w < 0));
                }
            }
        }
    }
}
