//! Numbers as certificates hold them.

use super::CertificateError;
use crate::arith::{Integer, Rational};
use crate::linalg::clear_denominators;

/// The most bits of an integer that the format holds.
const MAX_BITS: u64 = 1 << 16;

/// A fraction in lowest terms.
///
/// # Errors
/// [`CertificateError::TooLong`] beyond the format.
pub fn number(x: &Rational) -> Result<String, CertificateError> {
    within(x.numerator().bits().max(x.denominator().bits()))?;
    Ok(x.to_string())
}

/// An integer.
///
/// # Errors
/// As [`number`].
pub fn integer(x: &Integer) -> Result<String, CertificateError> {
    within(x.bits())?;
    Ok(x.to_string())
}

/// A keyword, the least common denominator of the numbers, and their numerators over it.
///
/// # Errors
/// As [`number`].
pub fn fractions(keyword: &str, numbers: &[Rational]) -> Result<String, CertificateError> {
    let (numerators, denominator) = clear_denominators(numbers);
    let mut line = format!("{keyword} {}", integer(&denominator)?);
    for numerator in &numerators {
        line.push(' ');
        line.push_str(&integer(numerator)?);
    }
    Ok(line)
}

fn within(bits: u64) -> Result<(), CertificateError> {
    if bits > MAX_BITS { Err(CertificateError::TooLong { bits }) } else { Ok(()) }
}
