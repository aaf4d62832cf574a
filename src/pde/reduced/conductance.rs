//! Stiffness matrices over integers, applied without rounding and without overflow.

use crate::arith::{Integer, Rational};

use super::super::{Grid, Stiffness};

/// Bits of a limb.
const LIMB: u32 = 56;

/// A stiffness matrix (1 / denominator) S with whole conductances, S = sum over k of 2^(56 k) S_k.
///
/// **Invariant.** The conductances of every S_k are whole and below 2^57 in absolute value: sums of two limbs below 2^56.
///
/// **Exactness.** Exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conductances {
    limbs: Vec<Stiffness<i128>>,
    denominator: Integer,
}

impl Conductances {
    /// The matrix for the values n_e / denominator on triangles.
    pub fn new(grid: Grid, values: &[Integer], denominator: Integer) -> Self {
        // Conductances are means of two values: doubled values give whole ones.
        let mut rest: Vec<Integer> = values.to_vec();
        let mut limbs = Vec::new();
        while limbs.is_empty() || rest.iter().any(|value| !value.is_zero()) {
            let limb: Vec<i128> = rest.iter_mut().map(split_integer).collect();
            limbs.push(Stiffness::new(grid, &limb.iter().map(|value| 2 * value).collect::<Vec<_>>()));
        }
        Self { limbs, denominator: denominator.shl(1) }
    }
    /// The denominator.
    pub fn denominator(&self) -> &Integer {
        &self.denominator
    }
    /// S v.
    ///
    /// **Statement.** With limbs v = sum of 2^(56 l) v_l, |v_l| < 2^56, every S_k v_l is at most 4 2^57 2^57 = 2^116 in
    /// absolute value, and at most three pairs (k, l) share one power as v has three limbs: sums stay below 2^118.
    pub fn apply(&self, v: &[i128]) -> Vec<Integer> {
        let mut sums: Vec<Vec<i128>> = Vec::new();
        for (l, part) in split(v).iter().enumerate() {
            for (k, limb) in self.limbs.iter().enumerate() {
                let product = limb.apply(part);
                match sums.get_mut(k + l) {
                    Some(sum) => sum.iter_mut().zip(product).for_each(|(sum, x)| *sum += x),
                    None => sums.push(product),
                }
            }
        }
        let mut total = vec![Integer::zero(); v.len()];
        for sum in sums.iter().rev() {
            for (total, x) in total.iter_mut().zip(sum) {
                *total =
                    if total.is_zero() { Integer::from(*x) } else { total.shl(u64::from(LIMB)) + Integer::from(*x) };
            }
        }
        total
    }
    /// S v where one limb holds S and one holds v, in machine numbers; at most 2^116 in absolute value.
    pub fn apply_short(&self, v: &[i128]) -> Option<Vec<i128>> {
        let short = v.iter().all(|x| x.unsigned_abs() < 1 << LIMB);
        match self.limbs.as_slice() {
            [limb] if short => Some(limb.apply(v)),
            _ => None,
        }
    }
}

/// The lowest limb, with the sign of the number, which keeps the others.
fn split_integer(x: &mut Integer) -> i128 {
    if x.is_zero() {
        return 0;
    }
    let size = x.abs();
    let high = size.shr_floor(u64::from(LIMB));
    let low = (&size - &high.shl(u64::from(LIMB))).to_i128().unwrap_or_default();
    let negative = x.signum() < 0;
    *x = if negative { -high } else { high };
    if negative { -low } else { low }
}

/// The limbs of a vector, at least one; at most three, as numbers are below 2^127 < 2^168.
fn split(v: &[i128]) -> Vec<Vec<i128>> {
    let base = 1i128 << LIMB;
    let mut rest = v.to_vec();
    let mut limbs = Vec::new();
    while limbs.is_empty() || rest.iter().any(|x| *x != 0) {
        // Quotients round towards 0, so that remainders have the sign of the number.
        limbs.push(rest.iter().map(|x| x % base).collect());
        rest.iter_mut().for_each(|x| *x /= base);
    }
    limbs
}

/// Sum of a_i b_i.
pub fn inner_product(a: &[i128], b: &[i128]) -> Integer {
    let largest = |list: &[i128]| list.iter().map(|x| x.unsigned_abs()).max().unwrap_or(0);
    let bits = |n: u128| u128::BITS - n.leading_zeros();
    // |sum| < 2^(bits of both + bits of the number of terms)
    if bits(largest(a)) + bits(largest(b)) + bits(a.len() as u128) < 127 {
        return Integer::from(a.iter().zip(b).map(|(x, y)| x * y).sum::<i128>());
    }
    let mut sum = Integer::zero();
    for (x, y) in a.iter().zip(b) {
        sum += &(Integer::from(*x) * Integer::from(*y));
    }
    sum
}

/// Sum of a_i b_i for integers of any size.
pub fn long_inner_product(a: &[Integer], b: &[i128]) -> Integer {
    let mut sum = Integer::zero();
    for (x, y) in a.iter().zip(b).filter(|(x, _)| !x.is_zero()) {
        sum += &(x * &Integer::from(*y));
    }
    sum
}

/// The integers over a denominator as a number.
pub fn over(n: &Integer, denominator: &Integer) -> Rational {
    Rational::from(n) / Rational::from(denominator)
}
