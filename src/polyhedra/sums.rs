//! Many sums of products of short and long integers, without an allocation a product.

use crate::arith::Integer;

/// Bits of a digit.
const DIGIT: u32 = 32;
/// The most terms of a sum: a short factor has 63 bits, a digit 32, a sum of so many products 127.
const MAX_TERMS: usize = 1 << 31;

/// Long integers in digits base 2^32, all of one length, rows after one another; each digit carries the sign of its number.
pub(super) struct Digits {
    digits: Vec<i64>,
    /// Digits of a number.
    length: usize,
    /// Numbers of a row.
    width: usize,
}

impl Digits {
    /// The digits of rows of this width.
    pub(super) fn new(rows: &[Vec<Integer>], width: usize) -> Self {
        let longest = rows.iter().flatten().map(Integer::bits).max().unwrap_or(0);
        let length = longest.div_ceil(u64::from(DIGIT)) as usize;
        let mut digits = Vec::with_capacity(rows.len() * width * length);
        let mut own = Vec::new();
        for n in rows.iter().flatten() {
            own.clear();
            n.append_digits(&mut own);
            let sign = i64::from(n.signum());
            digits.extend((0..length).map(|k| sign * own.get(k).map_or(0, |&digit| i64::from(digit))));
        }
        Self { digits, length, width }
    }

    /// The sums of factor times row, number by number; `None` when there are too many terms.
    pub(super) fn combine(&self, terms: impl Iterator<Item = (usize, i64)>) -> Option<Vec<Integer>> {
        let size = self.width * self.length;
        let mut sums = vec![0i128; size];
        let mut count = 0;
        for (row, factor) in terms {
            count += 1;
            let row = &self.digits[row * size..(row + 1) * size];
            for (sum, digit) in sums.iter_mut().zip(row) {
                *sum += i128::from(factor) * i128::from(*digit);
            }
        }
        if count > MAX_TERMS {
            return None;
        }
        if size == 0 {
            return Some(vec![Integer::zero(); self.width]);
        }
        Some(sums.chunks(self.length).map(carry).collect())
    }
}

/// The number with these signed digits, each below 2^127.
fn carry(sums: &[i128]) -> Integer {
    let mut digits: Vec<u32> = Vec::with_capacity(sums.len() + 5);
    let mut rest = 0i128;
    for sum in sums {
        // |sum| + |rest| < 2^127: rest is a sum that was shifted by 32 bits.
        let value = sum + rest;
        digits.push(value as u32);
        rest = value >> DIGIT;
    }
    while rest != 0 && rest != -1 {
        digits.push(rest as u32);
        rest >>= DIGIT;
    }
    let negative = rest < 0;
    if negative {
        // The absolute value of what stands there in two's complement.
        let mut one = true;
        for digit in &mut digits {
            let (value, over) = (!*digit).overflowing_add(u32::from(one));
            (*digit, one) = (value, over);
        }
        if one {
            digits.push(1);
        }
    }
    Integer::from_digits(negative, &digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sums_are_those_of_integers(
            entries in prop::collection::vec((any::<i128>(), 0u64..400), 6),
            factors in prop::collection::vec(prop_oneof![any::<i64>(), -3i64..4, Just(i64::MIN)], 3),
        ) {
            let long: Vec<Integer> = entries.iter().map(|&(n, k)| Integer::from(n).shl(k).shr_floor(150)).collect();
            let rows: Vec<Vec<Integer>> = long.chunks(2).map(<[Integer]>::to_vec).collect();
            let digits = Digits::new(&rows, 2);
            let found = digits.combine(factors.iter().copied().enumerate()).unwrap_or_default();
            for (column, found) in found.iter().enumerate() {
                let mut sum = Integer::zero();
                for (row, factor) in rows.iter().zip(&factors) {
                    sum += &(Integer::from(*factor) * &row[column]);
                }
                prop_assert_eq!(found, &sum);
            }
            prop_assert_eq!(found.len(), 2);
        }
    }

    #[test]
    fn nothing_is_zero() {
        let digits = Digits::new(&[vec![Integer::zero(), Integer::zero()]], 2);
        assert_eq!(digits.combine([(0, 5)].into_iter()), Some(vec![Integer::zero(), Integer::zero()]));
        let one = Digits::new(&[vec![Integer::one()]], 1);
        assert_eq!(one.combine([(0, -1), (0, 1)].into_iter()), Some(vec![Integer::zero()]));
    }
}
