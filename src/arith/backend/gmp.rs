//! Big numbers by GMP, through rug (feature `gmp`).

use core::cmp::Ordering;

use rug::integer::Order;
use rug::ops::{DivRounding, Pow, RemRounding};
use rug::{Integer, Rational};

pub(crate) type Int = Integer;
pub(crate) type Rat = Rational;

pub(crate) fn int_from_i128(n: i128) -> Int {
    Integer::from(n)
}
pub(crate) fn int_to_i128(n: &Int) -> Option<i128> {
    n.to_i128()
}
/// The digits of the absolute value base 2^32, the lowest first, are appended.
pub(crate) fn int_digits(n: &Int, digits: &mut Vec<u32>) {
    digits.extend(n.to_digits::<u32>(Order::Lsf));
}
/// The number with these digits base 2^32, the lowest first.
pub(crate) fn int_from_digits(negative: bool, digits: &[u32]) -> Int {
    let n = Int::from_digits(digits, Order::Lsf);
    if negative { -n } else { n }
}
/// Decimal digits with an optional sign, already validated by the caller.
pub(crate) fn int_parse(digits: &str) -> Option<Int> {
    Integer::from_str_radix(digits, 10).ok()
}
pub(crate) fn int_signum(n: &Int) -> i32 {
    n.cmp0() as i32
}
/// Bits of the absolute value; 0 for 0.
pub(crate) fn int_bits(n: &Int) -> u64 {
    u64::from(n.significant_bits())
}
pub(crate) fn int_trailing_zeros(n: &Int) -> u64 {
    n.find_one(0).map_or(0, u64::from)
}
pub(crate) fn int_shl(n: &Int, k: usize) -> Int {
    Integer::from(n << k)
}
/// Floor of n / 2^k.
pub(crate) fn int_shr_floor(n: &Int, k: usize) -> Int {
    Integer::from(n >> k)
}
/// Quotient and remainder with 0 <= remainder < |d|; d is not zero.
pub(crate) fn int_div_rem_euclid(n: &Int, d: &Int) -> (Int, Int) {
    (Integer::from(n.div_euc(d)), Integer::from(n.rem_euc(d)))
}
pub(crate) fn int_gcd(a: &Int, b: &Int) -> Int {
    Integer::from(a.gcd_ref(b))
}
/// Floor of the square root of n >= 0.
pub(crate) fn int_sqrt(n: &Int) -> Int {
    Integer::from(n.sqrt_ref())
}
pub(crate) fn int_pow(n: &Int, k: usize) -> Int {
    Integer::from(n.pow(u32::try_from(k).unwrap_or(u32::MAX)))
}
pub(crate) fn int_cmp(a: &Int, b: &Int) -> Ordering {
    a.cmp(b)
}
pub(crate) fn int_add(a: &Int, b: &Int) -> Int {
    Integer::from(a + b)
}
pub(crate) fn int_sub(a: &Int, b: &Int) -> Int {
    Integer::from(a - b)
}
pub(crate) fn int_mul(a: &Int, b: &Int) -> Int {
    Integer::from(a * b)
}
pub(crate) fn int_neg(a: &Int) -> Int {
    Integer::from(-a)
}
pub(crate) fn int_add_assign(a: &mut Int, b: &Int) {
    *a += b;
}
pub(crate) fn int_sub_assign(a: &mut Int, b: &Int) {
    *a -= b;
}

/// n / d in lowest terms with a positive denominator; d is not zero.
pub(crate) fn rat_new(n: Int, d: Int) -> Rat {
    Rational::from((n, d))
}
pub(crate) fn rat_numerator(r: &Rat) -> Int {
    r.numer().clone()
}
pub(crate) fn rat_denominator(r: &Rat) -> Int {
    r.denom().clone()
}
pub(crate) fn rat_signum(r: &Rat) -> i32 {
    r.cmp0() as i32
}
pub(crate) fn rat_is_integer(r: &Rat) -> bool {
    r.is_integer()
}
pub(crate) fn rat_cmp(a: &Rat, b: &Rat) -> Ordering {
    a.cmp(b)
}
pub(crate) fn rat_add(a: &Rat, b: &Rat) -> Rat {
    Rational::from(a + b)
}
pub(crate) fn rat_sub(a: &Rat, b: &Rat) -> Rat {
    Rational::from(a - b)
}
pub(crate) fn rat_mul(a: &Rat, b: &Rat) -> Rat {
    Rational::from(a * b)
}
/// b is not zero.
pub(crate) fn rat_div(a: &Rat, b: &Rat) -> Rat {
    Rational::from(a / b)
}
pub(crate) fn rat_neg(a: &Rat) -> Rat {
    Rational::from(-a)
}
