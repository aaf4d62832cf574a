//! Emptiness proved in outward-rounded intervals from a guessed basis.

use super::lp::guess::{dot, eliminate};
use super::row::Row;
use crate::arith::Interval;

/// Whether intervals prove that no point of all `basis` halfspaces lies strictly inside `beyond`.
///
/// **Statement.** `true` is proved; `false` says nothing. With n halfspaces normal_i . x <= offset_i and y >= 0 such
/// that sum y_i normal_i = -normal, every common point has -normal . x <= sum y_i offset_i; when that is at most
/// -offset, the slack offset - normal . x of `beyond` is not positive.
/// **Complexity.** O(n^3) interval operations.
pub(super) fn proves_empty(basis: &[&Row], beyond: &Row) -> bool {
    let n = basis.len();
    if n == 0 || n != beyond.normal().len() {
        return false;
    }
    let Some(multipliers) = enclose_multipliers(basis, beyond) else { return false };
    let mut bound = Interval::ZERO;
    for (y, row) in multipliers.iter().zip(basis) {
        // y_i >= 0 for the exact y_i, wherever it lies in its interval.
        if y.lo_f64() < 0.0 {
            return false;
        }
        bound = y.multiply_add(&row.offset(), &bound);
    }
    // sum y_i offset_i <= -offset
    (bound + beyond.offset()).hi_f64() <= 0.0
}

/// Enclosures of the y with sum y_i normal_i = -normal; `None` when the guess is too poor.
fn enclose_multipliers(basis: &[&Row], beyond: &Row) -> Option<Vec<Interval>> {
    let n = basis.len();
    // A y = c with A_ji = normal_i[j], c = -normal of `beyond`; B is a guess of the inverse of A.
    let mut inverse = vec![vec![0.0; n]; n];
    for column in 0..n {
        let entry =
            |j: usize, k: usize| if k < n { basis[k].float.normal[j] } else { f64::from(u8::from(j == column)) };
        let mut system: Vec<Vec<f64>> = (0..n).map(|j| (0..=n).map(|k| entry(j, k)).collect()).collect();
        for (row, value) in inverse.iter_mut().zip(eliminate(&mut system)?) {
            row[column] = value;
        }
    }
    let c: Vec<f64> = beyond.float.normal.iter().map(|a| -a).collect();
    let guess: Vec<f64> = inverse.iter().map(|row| dot(row, &c)).collect();
    let point = |x: f64| Interval::new(x, x);
    let guess_points = guess.iter().map(|&y| point(y)).collect::<Option<Vec<_>>>()?;
    // r = c - A guess
    let mut residual = Vec::with_capacity(n);
    for j in 0..n {
        let product = guess_points
            .iter()
            .zip(basis)
            .fold(beyond.normal()[j], |sum, (y, row)| y.multiply_add(&row.normal()[j], &sum));
        residual.push(-product);
    }
    // y - guess = B r + (I - B A)(y - guess), so |y - guess| <= |B r| / (1 - |I - B A|) in the max norm, when that
    // norm is below 1; then A is regular and y is unique.
    let (mut contraction, mut correction) = (0.0f64, 0.0f64);
    for (k, row) in inverse.iter().enumerate() {
        let row = row.iter().map(|&b| point(b)).collect::<Option<Vec<_>>>()?;
        let mut sum = Interval::ZERO;
        for (i, other) in basis.iter().enumerate() {
            let identity = if i == k { point(-1.0)? } else { Interval::ZERO };
            let entry = row.iter().zip(other.normal()).fold(identity, |sum, (b, a)| b.multiply_add(a, &sum));
            sum = sum + entry.abs();
        }
        contraction = contraction.max(sum.hi_f64());
        let moved = row.iter().zip(&residual).fold(Interval::ZERO, |sum, (b, r)| b.multiply_add(r, &sum));
        correction = correction.max(moved.abs().hi_f64());
    }
    if !(contraction < 1.0 && correction.is_finite()) {
        return None;
    }
    let gap = point(1.0)? - point(contraction)?;
    let radius = point(correction)?.checked_div(&gap)?.hi_f64();
    let ball = Interval::new(-radius, radius)?;
    Some(guess_points.iter().map(|y| *y + ball).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::{Integer, Rational};
    use crate::polyhedra::Halfspace;
    use crate::polyhedra::polyhedron::strict_point;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]
        #[test]
        fn what_is_proved_is_empty(
            n in 1usize..5,
            normals in prop::collection::vec(prop_oneof![-3i64..4, -1_000_000i64..1_000_000], 16),
            offsets in prop::collection::vec(-50i64..50, 4),
            multipliers in prop::collection::vec(prop_oneof![6 => 1i64..9, 1 => -3i64..4, 1 => 1i64..1_000_000], 4),
            gap in prop_oneof![Just(0), Just(1), Just(-1), -200i64..200],
            bits in prop_oneof![Just(0i64), Just(40), Just(55), Just(400)],
        ) {
            // -normal = sum y_i normal_i and -offset = sum y_i offset_i + gap 2^-bits: empty when all y_i >= 0 and the
            // gap is not negative, for regular normals only then.
            let half = |i: usize| {
                let normal = normals[i * n..(i + 1) * n].iter().map(|&a| Integer::from(a)).collect();
                Halfspace::new(normal, Integer::from(offsets[i]))
            };
            let basis: Vec<Halfspace> = (0..n).map(half).collect();
            let combined = |part: &dyn Fn(&Halfspace) -> Rational| -> Rational {
                basis.iter().zip(&multipliers).map(|(half, &y)| part(half) * Rational::from(y)).sum()
            };
            let normal: Vec<Rational> = (0..n).map(|j| -combined(&|half| Rational::from(&half.normal()[j]))).collect();
            let gap = Rational::from(gap).scale_by_power_of_two(-bits);
            let beyond = Halfspace::from_rationals(&normal, &-(combined(&|half| Rational::from(half.offset())) + &gap));
            let rows: Vec<Row> = basis.iter().map(|half| Row::new(half.clone())).collect();
            let proved = proves_empty(&rows.iter().collect::<Vec<_>>(), &Row::new(beyond.clone()));
            let all: Vec<&Halfspace> = basis.iter().chain([&beyond]).collect();
            if proved {
                prop_assert!(strict_point(&all, n, &[]).is_none(), "{:?}", all);
            }
            // Clear cases in two dimensions are proved, not left to the exact method.
            let first = |i: usize, j: usize| Rational::from(&basis[i].normal()[j]);
            if n == 2 && gap >= Rational::one() && multipliers[..n].iter().all(|&y| y > 0) {
                let determinant = first(0, 0) * first(1, 1) - first(0, 1) * first(1, 0);
                prop_assert!(proved || determinant.abs() < Rational::from(1000));
            }
        }
    }
}
