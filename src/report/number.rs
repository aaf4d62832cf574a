//! Numbers for reading.
//!
//! A rational is printed exactly where a short exact form exists (an integer, a power of two, a small fraction) and
//! otherwise as a decimal of a few digits rounded in a direction the caller names. Everything here is integer
//! arithmetic: no float is involved, so a printed upper bound is an upper bound.

use std::fmt;

use crate::arith::{Integer, Rational};

/// Integers up to this many digits are printed in full.
const LONGEST_INTEGER: usize = 15;
/// Numerators and denominators of at most this size are printed as a fraction.
const LARGEST_IN_FRACTION: i64 = 1000;
/// Denominators 2^k from this k on are printed as a power.
const SMALLEST_POWER: i64 = 4;

/// Which side of the number its print may lie on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// At or below the number: for lower bounds.
    Down,
    /// At or above the number: for upper bounds.
    Up,
    /// Between 0 and the number: digits are cut off, none is changed.
    TowardsZero,
}

/// A number in the form it is read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Printed {
    /// An integer, exactly.
    Integer(Integer),
    /// 2 to this power, exactly. Never for a negative number: `-2^64` is read as (-2)^64 by some, and by our parser.
    PowerOfTwo(i64),
    /// A fraction in lowest terms, exactly.
    Fraction(Integer, Integer),
    /// d.ddd * 10^exponent.
    Decimal {
        /// Whether the number is negative.
        negative: bool,
        /// The significant digits, the first of them not 0.
        digits: String,
        /// The power of ten of the first digit.
        exponent: i64,
        /// Whether the decimal equals the number.
        exact: bool,
    },
}

impl Printed {
    /// Chooses the form of `x`, with at most `digits` significant digits when it is a decimal.
    ///
    /// **Exactness**: every form but an inexact decimal equals x. An inexact decimal y lies on the side that
    /// `direction` names, and |x - y| < 10^(1 - digits) |x|.
    pub fn new(x: &Rational, digits: u32, direction: Direction) -> Self {
        let (numerator, denominator) = (x.numerator(), x.denominator());
        if x.is_integer() && numerator.abs().to_string().len() <= LONGEST_INTEGER {
            return Self::Integer(numerator);
        }
        if let (Some(low), Some(high)) = (x.floor_log2(), x.ceil_log2())
            && low == high
            && low.abs() >= SMALLEST_POWER
            && x.is_positive()
        {
            return Self::PowerOfTwo(low);
        }
        let limit = Integer::from(LARGEST_IN_FRACTION);
        if numerator.abs() <= limit && denominator <= limit {
            return Self::Fraction(numerator, denominator);
        }
        Self::decimal(x, digits, direction)
    }

    /// The decimal form of `x`, whatever shorter forms there are; 0 is the integer 0.
    pub fn decimal(x: &Rational, digits: u32, direction: Direction) -> Self {
        let digits = digits.max(1);
        let negative = x.is_negative();
        let magnitude = x.abs();
        let Some(mut exponent) = floor_log10(&magnitude) else {
            return Self::Integer(Integer::zero());
        };
        // m = floor(|x| 10^(digits-1-exponent)) has exactly `digits` digits, since 10^exponent <= |x| < 10^(exponent+1).
        let scaled = &magnitude * &power_of_ten(i64::from(digits) - 1 - exponent);
        let mut mantissa = scaled.floor();
        let exact = scaled.is_integer();
        let away = match direction {
            Direction::Up => !negative,
            Direction::Down => negative,
            Direction::TowardsZero => false,
        };
        if away && !exact {
            mantissa = mantissa + Integer::one();
            if mantissa == Integer::from(10).pow(digits) {
                mantissa = Integer::from(10).pow(digits - 1);
                exponent += 1;
            }
        }
        let mut text = mantissa.to_string();
        if exact {
            text.truncate(text.trim_end_matches('0').len().max(1));
        }
        Self::Decimal { negative, digits: text, exponent, exact }
    }

    /// Whether the print equals the number.
    pub fn is_exact(&self) -> bool {
        !matches!(self, Self::Decimal { exact: false, .. })
    }

    /// The number for LaTeX mathematics, without the delimiters: `2^{-20}`, `9.54 \cdot 10^{-7}`.
    pub fn to_latex(&self) -> String {
        match self {
            Self::Integer(n) => with_separator(n, "{,}"),
            Self::PowerOfTwo(k) => format!("2^{{{k}}}"),
            Self::Fraction(p, q) => format!("{p}/{q}"),
            Self::Decimal { negative, digits, exponent, .. } => {
                let mantissa = format!("{}{}", sign(*negative), with_point(digits));
                if *exponent == 0 { mantissa } else { format!("{mantissa} \\cdot 10^{{{exponent}}}") }
            }
        }
    }
}

impl fmt::Display for Printed {
    /// The form for terminals: `3,012,345`, `2^-20`, `1/10`, `9.54e-7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(n) => f.write_str(&thousands(n)),
            Self::PowerOfTwo(k) => write!(f, "2^{k}"),
            Self::Fraction(p, q) => write!(f, "{p}/{q}"),
            Self::Decimal { negative, digits, exponent, .. } => {
                write!(f, "{}{}", sign(*negative), with_point(digits))?;
                if *exponent == 0 { Ok(()) } else { write!(f, "e{exponent}") }
            }
        }
    }
}

/// An integer with a comma between groups of three digits: `3,012,345`.
pub fn thousands(n: &Integer) -> String {
    with_separator(n, ",")
}

/// The largest e with 10^e <= x, for x > 0; `None` for 0.
fn floor_log10(x: &Rational) -> Option<i64> {
    // 30103/100000 is log10(2) to five digits: the guess is near, two exact comparisons settle it.
    let mut e = (x.floor_log2()? * 30103).div_euclid(100_000);
    while power_of_ten(e) > *x {
        e -= 1;
    }
    while power_of_ten(e + 1) <= *x {
        e += 1;
    }
    Some(e)
}

/// 10^k for any sign of k.
fn power_of_ten(k: i64) -> Rational {
    let power = Integer::from(10).pow(u32::try_from(k.unsigned_abs()).unwrap_or(u32::MAX));
    let power = Rational::from(power);
    if k >= 0 { power } else { Rational::one() / power }
}

fn sign(negative: bool) -> &'static str {
    if negative { "-" } else { "" }
}

/// `954` becomes `9.54`, `9` stays.
fn with_point(digits: &str) -> String {
    match digits.split_at_checked(1) {
        Some((first, rest)) if !rest.is_empty() => format!("{first}.{rest}"),
        _ => digits.to_owned(),
    }
}

fn with_separator(n: &Integer, separator: &str) -> String {
    let digits = n.abs().to_string();
    let mut text = String::from(sign(n.signum() < 0));
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, digits: u32, direction: Direction) -> String {
        Printed::new(&text.parse().unwrap(), digits, direction).to_string()
    }

    #[test]
    fn short_numbers_are_exact() {
        for (x, printed) in [
            ("0", "0"),
            ("-7", "-7"),
            ("3012345", "3,012,345"),
            ("-100", "-100"),
            ("1024", "1,024"),
            ("2^60", "2^60"),
            ("2^-20", "2^-20"),
            ("1/8", "1/8"),
            ("1/16", "2^-4"),
            ("-1/16", "-1/16"),
            ("0.1", "1/10"),
            ("999/1000", "999/1000"),
            ("1e20", "1e20"),
            ("0.00123", "1.23e-3"),
        ] {
            assert_eq!(read(x, 3, Direction::Up), printed, "{x}");
            assert_eq!(read(x, 3, Direction::Down), printed, "{x}");
        }
    }

    #[test]
    fn decimals_round_to_the_named_side() {
        assert_eq!(read("1/3333", 3, Direction::Up), "3.01e-4");
        assert_eq!(read("1/3333", 3, Direction::Down), "3.00e-4");
        assert_eq!(read("-1/3333", 3, Direction::Up), "-3.00e-4");
        assert_eq!(read("-1/3333", 3, Direction::Down), "-3.01e-4");
        assert_eq!(read("-1/3333", 3, Direction::TowardsZero), "-3.00e-4");
        // A carry through all digits moves the exponent.
        assert_eq!(read("9999/10007", 2, Direction::Up), "1.0");
        assert_eq!(read("9999/10007", 2, Direction::Down), "9.9e-1");
        assert_eq!(read("100001/3", 1, Direction::Up), "4e4");
    }

    #[test]
    fn latex_forms() {
        let latex = |x: &str| Printed::new(&x.parse().unwrap(), 3, Direction::Up).to_latex();
        assert_eq!(latex("2^-20"), "2^{-20}");
        assert_eq!(latex("3012345"), "3{,}012{,}345");
        assert_eq!(latex("-1/3333"), "-3.00 \\cdot 10^{-4}");
    }

    fn rational() -> impl Strategy<Value = Rational> {
        let corner = prop_oneof![Just(1i64), Just(9), Just(10), Just(99_999), Just(i64::MAX), 1..i64::MAX, 1..1000i64];
        (corner.clone(), corner, any::<bool>(), -400..400i64).prop_map(|(p, q, negative, k)| {
            let x = Rational::ratio(p, q).scale_by_power_of_two(k);
            if negative { -x } else { x }
        })
    }

    proptest! {
        #[test]
        fn prints_are_directed_and_tight(x in rational(), digits in 1u32..30) {
            let slack = x.abs() * power_of_ten(1 - i64::from(digits));
            for direction in [Direction::Down, Direction::Up, Direction::TowardsZero] {
                for printed in [Printed::new(&x, digits, direction), Printed::decimal(&x, digits, direction)] {
                    let y: Rational = printed.to_string().replace(',', "").parse().unwrap();
                    prop_assert_eq!(printed.is_exact(), y == x);
                    prop_assert!(x == y || (&x - &y).abs() < slack, "{} printed as {}", x, y);
                    match direction {
                        Direction::Down => prop_assert!(y <= x),
                        Direction::Up => prop_assert!(y >= x),
                        Direction::TowardsZero => prop_assert!(y.abs() <= x.abs()),
                    }
                }
            }
        }
        #[test]
        fn separators_only_separate(n in any::<i128>()) {
            let text = thousands(&Integer::from(n));
            prop_assert_eq!(text.replace(',', ""), n.to_string());
            let groups: Vec<&str> = text.trim_start_matches('-').split(',').collect();
            prop_assert!(groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
        }
    }
}
