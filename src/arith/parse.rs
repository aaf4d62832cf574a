//! Rationals from text, exactly: `7`, `-2/3`, `0.001`, `1e-3`, `2^-20`.

use core::str::FromStr;

use super::{ArithError, Integer, Rational};

/// The largest exponent read, in absolute value: beyond it a short text would ask for unbounded memory.
pub const MAX_EXPONENT: i64 = 100_000;
/// The longest text read, in bytes.
pub const MAX_LENGTH: usize = 1_000_000;

impl FromStr for Rational {
    type Err = ArithError;

    /// Reads an integer, a fraction `p/q`, a decimal with an optional exponent, or a power `b^k` of an integer, exactly.
    ///
    /// # Errors
    /// [`ArithError::NotANumber`] for any other text, [`ArithError::ZeroDenominator`], and
    /// [`ArithError::TooLarge`] beyond [`MAX_EXPONENT`] or [`MAX_LENGTH`].
    ///
    /// ```
    /// use certinet::arith::Rational;
    /// assert_eq!("1e-3".parse::<Rational>(), "1/1000".parse());
    /// assert_eq!("2^-20".parse::<Rational>(), Ok(Rational::power_of_two(-20)));
    /// assert_eq!("-2^4".parse::<Rational>(), Ok(Rational::from(-16)));
    /// ```
    fn from_str(text: &str) -> Result<Self, ArithError> {
        let text = text.trim();
        if text.len() > MAX_LENGTH {
            return Err(ArithError::TooLarge);
        }
        let fail = || ArithError::NotANumber { text: text.chars().take(60).collect() };
        if let Some((numerator, denominator)) = text.split_once('/') {
            let p = Integer::parse(numerator).ok_or_else(fail)?;
            let q = Integer::parse(denominator).ok_or_else(fail)?;
            return Rational::new(p, q).ok_or(ArithError::ZeroDenominator);
        }
        if let Some((base, exponent)) = text.split_once('^') {
            // As on paper, -2^4 is -(2^4).
            let (negative, base) = match base.strip_prefix('-') {
                Some(base) if !base.starts_with(['-', '+']) => (true, base),
                _ => (false, base),
            };
            let base = Integer::parse(base).ok_or_else(fail)?;
            if base.bits() > 64 {
                return Err(ArithError::TooLarge);
            }
            let k = parse_exponent(exponent)?.ok_or_else(fail)?;
            let power = Rational::from(base).pow(k as i32).ok_or(ArithError::ZeroDenominator)?;
            return Ok(if negative { -power } else { power });
        }
        parse_decimal(text)?.ok_or_else(fail)
    }
}

/// An exponent, `None` when the text is no integer.
fn parse_exponent(text: &str) -> Result<Option<i64>, ArithError> {
    let Some(n) = Integer::parse(text) else {
        return Ok(None);
    };
    match n.to_i64() {
        Some(k) if k.abs() <= MAX_EXPONENT => Ok(Some(k)),
        _ => Err(ArithError::TooLarge),
    }
}

fn parse_decimal(text: &str) -> Result<Option<Rational>, ArithError> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => match parse_exponent(exponent)? {
            Some(k) => (mantissa, k),
            None => return Ok(None),
        },
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let bare = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    if (bare.is_empty() && fraction.is_empty()) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let Some(n) = Integer::parse(&format!("{whole}{fraction}")) else {
        return Ok(None);
    };
    let k = exponent - fraction.len() as i64;
    let power = Integer::from(10).pow(k.unsigned_abs() as u32);
    Ok(if k >= 0 { Some(Rational::from(n * power)) } else { Rational::new(n, power) })
}
