//! Rational rows as integer rows over one denominator, where sums need no greatest common divisors.

use rayon::prelude::*;

use super::Matrix;
use crate::arith::{Integer, Rational};

/// The integers p x_i for the least common denominator p > 0, and p.
pub fn clear_denominators(x: &[Rational]) -> (Vec<Integer>, Integer) {
    let mut common = Integer::one();
    for a in x {
        let d = a.denominator();
        // The common case of doubles: powers of two, where the larger one is the common one.
        if d != common {
            common = if is_power_of_two(&d) && is_power_of_two(&common) { common.max(d) } else { common.lcm(&d) };
        }
    }
    let cleared = x
        .iter()
        .map(|a| {
            let (n, d) = (a.numerator(), a.denominator());
            if d == common { n } else { n * common.div_rem_euclid(&d).0 }
        })
        .collect();
    (cleared, common)
}

fn is_power_of_two(n: &Integer) -> bool {
    n.bits() == n.trailing_zeros() + 1
}

/// Row i of A is `rows[i]` / `denominators[i]`.
pub(super) struct RowForm {
    pub(super) rows: Vec<Vec<Integer>>,
    pub(super) denominators: Vec<Integer>,
}

impl RowForm {
    pub(super) fn of(a: &Matrix) -> Self {
        let (rows, denominators) = (0..a.rows()).map(|i| clear_denominators(a.row(i))).unzip();
        Self { rows, denominators }
    }
}

/// A = `rows` / `denominator`, with one denominator for the whole matrix (symmetry is kept).
pub(super) struct CommonForm {
    pub(super) rows: Vec<Vec<Integer>>,
    pub(super) denominator: Integer,
}

impl CommonForm {
    pub(super) fn of(a: &Matrix) -> Self {
        let (flat, denominator) = clear_denominators(a.entries());
        let columns = a.columns().max(1);
        let mut rows: Vec<Vec<Integer>> = flat.chunks(columns).map(<[Integer]>::to_vec).collect();
        rows.resize(a.rows(), Vec::new());
        Self { rows, denominator }
    }
}

/// Applies f to 0..n, by several threads when `work` is large; the result does not depend on their number.
pub(super) fn map_rows<T: Send>(n: usize, work: usize, f: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    if work >= 1 << 14 { (0..n).into_par_iter().map(f).collect() } else { (0..n).map(f).collect() }
}
