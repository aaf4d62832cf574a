//! Writing dense matrices.

use core::fmt::Write;

use super::Decimals;
use crate::arith::{Integer, Rational};
use crate::linalg::Matrix;

/// An entry that no decimal of the wanted kind stands for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry ({row}, {column}) cannot be written exactly: accepted are {accepted}")]
pub struct NotWritable {
    /// Its row, from 0.
    pub row: usize,
    /// Its column, from 0.
    pub column: usize,
    /// What can be written.
    pub accepted: &'static str,
}

/// Writes a dense matrix so that [`read`](super::read) with the same `decimals` gives it back.
///
/// **Exactness.** Exact.
///
/// # Errors
/// [`NotWritable`] for the first entry that is no double ([`Decimals::AsDoubles`]) or has no finite decimal
/// ([`Decimals::Exact`]); [`approx_write_array`] rounds instead.
pub fn write_array(a: &Matrix, decimals: Decimals) -> Result<String, NotWritable> {
    let mut text = header(a);
    for column in 0..a.columns() {
        for row in 0..a.rows() {
            let x = &a[(row, column)];
            let (word, accepted) = match decimals {
                Decimals::AsDoubles => (double(x), "doubles"),
                Decimals::Exact => {
                    (finite_decimal(x), "fractions whose denominator has the prime factors 2 and 5 only")
                }
            };
            text += &word.ok_or(NotWritable { row, column, accepted })?;
            text.push('\n');
        }
    }
    Ok(text)
}

/// Writes the doubles nearest to the entries, up to one unit in the last place.
///
/// **Exactness.** Approximate. Entries beyond the doubles become the largest double.
pub fn approx_write_array(a: &Matrix) -> String {
    let mut text = header(a);
    for column in 0..a.columns() {
        for row in 0..a.rows() {
            let x = a[(row, column)].approx_f64().clamp(f64::MIN, f64::MAX);
            // Writing to a string does not fail.
            let _ = writeln!(text, "{x:e}");
        }
    }
    text
}

fn header(a: &Matrix) -> String {
    format!("%%MatrixMarket matrix array real general\n{} {}\n", a.rows(), a.columns())
}

/// The shortest decimal whose nearest double is x; `None` when x is no double.
fn double(x: &Rational) -> Option<String> {
    let float = x.to_f64_up();
    (Rational::from_f64(float).ok()? == *x).then(|| format!("{float:e}"))
}

/// x as an integer times a power of ten; `None` when there is none.
fn finite_decimal(x: &Rational) -> Option<String> {
    let mut rest = x.denominator();
    let twos = rest.trailing_zeros();
    rest = rest.shr_floor(twos);
    let (five, mut fives) = (Integer::from(5), 0u64);
    while rest > Integer::one() {
        let (quotient, remainder) = rest.div_rem_euclid(&five);
        if !remainder.is_zero() {
            return None;
        }
        rest = quotient;
        fives += 1;
    }
    let places = u32::try_from(twos.max(fives)).ok()?;
    let scaled = x * &Rational::from(Integer::from(10).pow(places));
    Some(if places == 0 { scaled.to_string() } else { format!("{scaled}e-{places}") })
}
