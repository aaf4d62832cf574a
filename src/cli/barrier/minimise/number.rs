//! Numbers a + b sqrt(q) as they are printed.

use crate::arith::{Integer, Rational};
use crate::barrier::l1::Surd;
use crate::report::number::{Direction, Printed};

/// Significant digits of a decimal, and bits that make them meaningful.
const DIGITS: u32 = 20;
const BITS: u64 = 80;
/// The longest exact form that people are shown.
const LONGEST: usize = 60;

/// The decimal beside an exact number: its first digits, with dots where more follow.
pub(super) fn decimal(x: &Surd, q: &Integer) -> String {
    let (lower, upper) = x.enclosure(&Rational::from(q), BITS);
    // The end nearer to 0, so that no digit is too large.
    let near = if lower.is_negative() { &upper } else { &lower };
    let printed = Printed::decimal(near, DIGITS, Direction::TowardsZero);
    let exact = lower == upper && printed.is_exact();
    format!("{}{}", positional(&printed), if exact { "" } else { "..." })
}

/// Without a power of ten where that is short to read.
fn positional(printed: &Printed) -> String {
    let Printed::Decimal { negative, digits, exponent, .. } = printed else { return printed.to_string() };
    let sign = if *negative { "-" } else { "" };
    match usize::try_from(exponent.unsigned_abs()) {
        Ok(places @ 1..=6) if *exponent < 0 => format!("{sign}0.{}{digits}", "0".repeat(places - 1)),
        Ok(places @ 0..=18) if *exponent >= 0 && digits.len() > places + 1 => {
            format!("{sign}{}.{}", &digits[..=places], &digits[places + 1..])
        }
        _ => printed.to_string(),
    }
}

/// `a`, `b*sqrt(q)` or `a + b*sqrt(q)`.
pub(super) fn exact(x: &Surd, q: &Integer) -> String {
    let root = || {
        let b = x.root.abs();
        if b == Rational::one() { format!("sqrt({q})") } else { format!("{b}*sqrt({q})") }
    };
    match (x.rational.is_zero(), x.root.signum()) {
        (_, 0) => x.rational.to_string(),
        (true, sign) => format!("{}{}", if sign < 0 { "-" } else { "" }, root()),
        (false, sign) => format!("{} {} {}", x.rational, if sign < 0 { "-" } else { "+" }, root()),
    }
}

/// For people: the exact number where it is short, with its decimal where that says more.
pub(super) fn words(x: &Surd, q: &Integer) -> String {
    let exact = exact(x, q);
    if x.root.is_zero() && x.rational.is_integer() && exact.len() <= LONGEST {
        exact
    } else if exact.len() <= LONGEST {
        format!("{exact} = {}", decimal(x, q))
    } else {
        decimal(x, q)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_exactly_with_digits_cut_off() {
        let x = |a: (i64, i64), b: (i64, i64)| Surd {
            rational: Rational::ratio(a.0, a.1),
            root: Rational::ratio(b.0, b.1),
        };
        let two = Integer::from(2);
        let text = |number: &Surd| words(number, &two);
        assert_eq!(text(&x((3, 1), (0, 1))), "3");
        assert_eq!(text(&x((-3, 8), (0, 1))), "-3/8 = -0.375");
        assert_eq!(text(&x((0, 1), (1, 1))), "sqrt(2) = 1.4142135623730950488...");
        assert_eq!(text(&x((0, 1), (-1, 1))), "-sqrt(2) = -1.4142135623730950488...");
        assert_eq!(text(&x((1, 2), (-3, 2))), "1/2 - 3/2*sqrt(2) = -1.6213203435596425732...");
        assert_eq!(text(&x((1, 3_000_000), (0, 1))), "1/3000000 = 3.3333333333333333333e-7...");
        assert_eq!(text(&x((-1, 30), (0, 1))), "-1/30 = -0.033333333333333333333...");
        assert_eq!(text(&x((1_000_001, 8), (0, 1))), "1000001/8 = 125000.125");
        assert_eq!(decimal(&x((1, 3), (0, 1)), &two), "0.33333333333333333333...");
    }
}
