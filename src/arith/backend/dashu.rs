//! Big numbers by dashu: pure Rust, the default.

use core::cmp::Ordering;

use dashu_base::{BitTest, DivRemEuclid, Gcd, Sign};
use dashu_int::{IBig, UBig, Word};
use dashu_ratio::RBig;

pub(crate) type Int = IBig;
pub(crate) type Rat = RBig;

pub(crate) fn int_from_i128(n: i128) -> Int {
    IBig::from(n)
}
pub(crate) fn int_to_i128(n: &Int) -> Option<i128> {
    i128::try_from(n).ok()
}
/// The digits of the absolute value base 2^32, the lowest first, are appended.
pub(crate) fn int_digits(n: &Int, digits: &mut Vec<u32>) {
    for word in n.as_sign_words().1 {
        // The low half first; words have 64 bits or 32.
        digits.extend((0..Word::BITS / 32).map(|k| (word >> (32 * k)) as u32));
    }
}
/// The number with these digits base 2^32, the lowest first.
pub(crate) fn int_from_digits(negative: bool, digits: &[u32]) -> Int {
    let places = (Word::BITS / 32) as usize;
    let word = |part: &[u32]| {
        (0..).zip(part).fold(0, |word: Word, (k, &digit): (u32, _)| word | Word::from(digit) << (32 * k))
    };
    let words: Vec<Word> = digits.chunks(places).map(word).collect();
    IBig::from_parts(if negative { Sign::Negative } else { Sign::Positive }, UBig::from_words(&words))
}
/// Decimal digits with an optional sign, already validated by the caller.
pub(crate) fn int_parse(digits: &str) -> Option<Int> {
    IBig::from_str_radix(digits, 10).ok()
}
pub(crate) fn int_signum(n: &Int) -> i32 {
    if n.is_zero() {
        0
    } else if n.sign() == Sign::Positive {
        1
    } else {
        -1
    }
}
/// Bits of the absolute value; 0 for 0.
pub(crate) fn int_bits(n: &Int) -> u64 {
    n.bit_len() as u64
}
pub(crate) fn int_trailing_zeros(n: &Int) -> u64 {
    n.trailing_zeros().map_or(0, |k| k as u64)
}
pub(crate) fn int_shl(n: &Int, k: usize) -> Int {
    n << k
}
/// Floor of n / 2^k.
pub(crate) fn int_shr_floor(n: &Int, k: usize) -> Int {
    n >> k
}
/// Quotient and remainder with 0 <= remainder < |d|; d is not zero.
pub(crate) fn int_div_rem_euclid(n: &Int, d: &Int) -> (Int, Int) {
    let (q, r) = n.div_rem_euclid(d);
    (q, IBig::from(r))
}
pub(crate) fn int_gcd(a: &Int, b: &Int) -> Int {
    IBig::from(a.gcd(b))
}
/// Floor of the square root of n >= 0.
pub(crate) fn int_sqrt(n: &Int) -> Int {
    n.nth_root(2)
}
pub(crate) fn int_pow(n: &Int, k: usize) -> Int {
    n.pow(k)
}
pub(crate) fn int_cmp(a: &Int, b: &Int) -> Ordering {
    a.cmp(b)
}
pub(crate) fn int_add(a: &Int, b: &Int) -> Int {
    a + b
}
pub(crate) fn int_sub(a: &Int, b: &Int) -> Int {
    a - b
}
pub(crate) fn int_mul(a: &Int, b: &Int) -> Int {
    a * b
}
pub(crate) fn int_neg(a: &Int) -> Int {
    -a
}
pub(crate) fn int_add_assign(a: &mut Int, b: &Int) {
    *a += b;
}
pub(crate) fn int_sub_assign(a: &mut Int, b: &Int) {
    *a -= b;
}

/// n / d in lowest terms with a positive denominator; d is not zero.
pub(crate) fn rat_new(n: Int, d: Int) -> Rat {
    RBig::from_parts_signed(n, d)
}
pub(crate) fn rat_numerator(r: &Rat) -> Int {
    r.numerator().clone()
}
pub(crate) fn rat_denominator(r: &Rat) -> Int {
    IBig::from(r.denominator().clone())
}
pub(crate) fn rat_signum(r: &Rat) -> i32 {
    int_signum(r.numerator())
}
pub(crate) fn rat_is_integer(r: &Rat) -> bool {
    r.is_int()
}
pub(crate) fn rat_cmp(a: &Rat, b: &Rat) -> Ordering {
    a.cmp(b)
}
pub(crate) fn rat_add(a: &Rat, b: &Rat) -> Rat {
    a + b
}
pub(crate) fn rat_sub(a: &Rat, b: &Rat) -> Rat {
    a - b
}
pub(crate) fn rat_mul(a: &Rat, b: &Rat) -> Rat {
    a * b
}
/// b is not zero.
pub(crate) fn rat_div(a: &Rat, b: &Rat) -> Rat {
    a / b
}
pub(crate) fn rat_neg(a: &Rat) -> Rat {
    -a
}
