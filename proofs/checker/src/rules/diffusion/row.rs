//! Vectors of integers with fast exact inner products.

use core::ops::Range;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use crate::problem::{Problem, problem};

/// Bits of a digit: products of two digits, added up to 2^31 times, fit in 128 bits.
const DIGIT: u64 = 48;
/// The most digits of all vectors that are held at once: 8 bytes each.
const HELD: u64 = 1 << 26;
/// The most products of two digits in one section.
const WORK: u64 = 1 << 36;

/// What is left of memory and time.
pub struct Budget {
    held: u64,
    work: u64,
}

impl Budget {
    pub fn new() -> Self {
        Self { held: HELD, work: WORK }
    }
    /// Keeps so many digits.
    pub fn hold(&mut self, digits: u64) -> Result<(), Problem> {
        match self.held.checked_sub(digits) {
            Some(left) => self.held = left,
            None => return problem("the fields take too much memory"),
        }
        Ok(())
    }
    /// Does so many products, or other steps of this size.
    pub fn spend(&mut self, products: u64) -> Result<(), Problem> {
        match self.work.checked_sub(products) {
            Some(left) => self.work = left,
            None => return problem("the section takes too long to check"),
        }
        Ok(())
    }
}

/// A vector of integers, sum over k of 2^(48 k) times vector k of digits between -2^48 and 2^48; vectors of zeros at the end left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    digits: Vec<Vec<i64>>,
}

/// Digit k of |n|.
fn digit(words: &[u64], k: u64) -> i64 {
    let (word, shift) = (usize::try_from(k * DIGIT / 64).unwrap_or(usize::MAX), k * DIGIT % 64);
    let at = |word: usize| words.get(word).copied().unwrap_or(0);
    let high = if shift == 0 { 0 } else { at(word.saturating_add(1)) << (64 - shift) };
    i64::try_from((at(word) >> shift | high) & ((1 << DIGIT) - 1)).unwrap_or(0)
}

impl Row {
    /// The vector of these integers.
    pub fn new(values: &[BigInt]) -> Self {
        let bits = values.iter().map(BigInt::bits).max().unwrap_or(0);
        let mut digits: Vec<Vec<i64>> = (0..bits.div_ceil(DIGIT)).map(|_| Vec::with_capacity(values.len())).collect();
        for value in values {
            let words = value.magnitude().to_u64_digits();
            for (k, place) in (0..).zip(&mut digits) {
                let digit = digit(&words, k);
                place.push(if value.is_negative() { -digit } else { digit });
            }
        }
        Self { digits }
    }
    /// The vector of these numbers.
    pub fn of_machine_numbers(values: &[i128]) -> Self {
        let bits = values.iter().map(|v| 128 - u64::from(v.unsigned_abs().leading_zeros())).max().unwrap_or(0);
        let digit = |v: &i128, k: u64| {
            let digit = i64::try_from((v.unsigned_abs() >> (k * DIGIT)) & ((1 << DIGIT) - 1)).unwrap_or(0);
            if *v < 0 { -digit } else { digit }
        };
        let digits = (0..bits.div_ceil(DIGIT)).map(|k| values.iter().map(|v| digit(v, k)).collect()).collect();
        Self { digits }
    }
    /// How many digits an entry has at most.
    pub fn length(&self) -> u64 {
        self.digits.len() as u64
    }
    /// The inner product of two vectors of one length.
    pub fn dot(&self, other: &Self) -> BigInt {
        self.dot_of(other, 0..usize::MAX)
    }
    /// The inner product of the entries of a range.
    pub fn dot_of(&self, other: &Self, range: Range<usize>) -> BigInt {
        let mut sum = BigInt::ZERO;
        let part = |list: &'_ Vec<i64>| range.start.min(list.len())..range.end.min(list.len());
        for (i, a) in self.digits.iter().enumerate() {
            let a = a.get(part(a)).unwrap_or_default();
            for (j, b) in other.digits.iter().enumerate() {
                let b = b.get(part(b)).unwrap_or_default();
                // At most 2^31 products below 2^96.
                let product = a.iter().zip(b).fold(0i128, |sum, (a, b)| sum + i128::from(*a) * i128::from(*b));
                if product != 0 {
                    sum += BigInt::from(product) << ((i + j) as u64 * DIGIT);
                }
            }
        }
        sum
    }
}

/// The integer as a machine number below 2^bits in absolute value, bits <= 126.
pub fn small(n: &BigInt, bits: u64) -> Result<i128, Problem> {
    let fits = n.to_i128().filter(|_| n.bits() <= bits);
    fits.ok_or_else(|| Problem(format!("an integer of {} bits, at most {bits} are accepted", n.bits())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_products_are_those_of_integers() {
        let mut state = 1u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 11
        };
        for bits in [0u64, 1, 47, 48, 49, 90, 96, 97, 126, 200, 500] {
            let mut list = || -> Vec<BigInt> {
                let mut number = |n: u64| (0..10).fold(BigInt::ZERO, |sum, _| (sum << 53) + n.wrapping_mul(next()));
                (0..9).map(|k| (number(k + 3) >> (530 + 64 - bits)) * (1 - 2 * (k as i64 % 2))).collect()
            };
            let (a, b) = (list(), list());
            let exact = |range: Range<usize>| range.map(|k| &a[k] * &b[k]).sum::<BigInt>();
            let rows = (Row::new(&a), Row::new(&b));
            assert_eq!(rows.0.dot(&rows.1), exact(0..9));
            assert_eq!(rows.0.dot_of(&rows.1, 2..5), exact(2..5));
            if let Some(numbers) = a.iter().map(ToPrimitive::to_i128).collect::<Option<Vec<_>>>() {
                assert_eq!(Row::of_machine_numbers(&numbers), rows.0);
            }
        }
    }
}
