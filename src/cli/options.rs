//! How option values are read.
//!
//! Every parser says what was wrong and what would be accepted; the option's name is added by the command line. Types
//! with a `FromStr` are read by `#[arg]` as they are, functions are named by `value_parser`. Options whose values may
//! start with a minus sign need `allow_hyphen_values = true`.

use core::str::FromStr;

use crate::arith::{ArithError, Rational};

/// A value that an option does not accept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptionError {
    /// A number does not read.
    #[error(transparent)]
    Number(#[from] ArithError),
    /// A number outside its range.
    #[error("{value} is out of range: accepted are {range}")]
    Range {
        /// The number as given, cut to 60 characters.
        value: String,
        /// The accepted numbers, in words.
        range: String,
    },
    /// A list with an empty entry, or an empty list.
    #[error("entry {position} is empty: accepted is {form}")]
    Empty {
        /// The entry, from 1.
        position: usize,
        /// The accepted form.
        form: &'static str,
    },
    /// An entry that is no pair `a:b`.
    #[error("entry {position} ('{text}') is no pair: accepted is {form}")]
    NoPair {
        /// The entry, from 1.
        position: usize,
        /// The entry as given, cut to 60 characters.
        text: String,
        /// The accepted form.
        form: &'static str,
    },
    /// An interval whose lower end exceeds its upper end.
    #[error("interval {position} has its ends in the wrong order: accepted is lower:upper")]
    EndsReversed {
        /// The interval, from 1.
        position: usize,
    },
    /// Points whose first coordinates do not increase.
    #[error(
        "point {position} does not lie to the right of the one before it: accepted are points x0:y0,x1:y1,.. with x0 < x1 < .."
    )]
    NotIncreasing {
        /// The point, from 1.
        position: usize,
    },
}

fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}

fn out_of_range(text: &str, range: impl Into<String>) -> OptionError {
    OptionError::Range { value: cut(text), range: range.into() }
}

/// Any rational number, exactly: `7`, `-2/3`, `0.001`, `1e-3`, `2^-20`.
///
/// # Errors
/// [`OptionError::Number`].
pub fn rational(text: &str) -> Result<Rational, OptionError> {
    Ok(text.parse()?)
}

/// A rational number above 0.
///
/// # Errors
/// [`OptionError::Number`], [`OptionError::Range`].
pub fn positive_rational(text: &str) -> Result<Rational, OptionError> {
    let x = rational(text)?;
    if x.is_positive() { Ok(x) } else { Err(out_of_range(text, "numbers above 0")) }
}

/// A rational number strictly between 0 and 1.
///
/// # Errors
/// [`OptionError::Number`], [`OptionError::Range`].
pub fn open_unit_interval(text: &str) -> Result<Rational, OptionError> {
    let x = rational(text)?;
    if x.is_positive() && x < Rational::one() {
        Ok(x)
    } else {
        Err(out_of_range(text, "numbers strictly between 0 and 1"))
    }
}

/// A parser of whole numbers from 1 to `limit`.
pub fn count(limit: u64) -> impl Fn(&str) -> Result<u64, OptionError> + Clone + Send + Sync + 'static {
    whole_number(1, limit)
}

/// A parser of whole numbers from `least` to `limit`.
pub fn whole_number(
    least: u64,
    limit: u64,
) -> impl Fn(&str) -> Result<u64, OptionError> + Clone + Send + Sync + 'static {
    move |text| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match text.parse::<u64>() {
            Ok(n) if digits && (least..=limit).contains(&n) => Ok(n),
            _ => Err(out_of_range(text, format!("whole numbers from {least} to {limit}"))),
        }
    }
}

/// The entries of a comma list with their positions from 1, none of them empty.
fn entries<'a>(
    text: &'a str,
    form: &'static str,
) -> impl Iterator<Item = Result<(usize, &'a str), OptionError>> + use<'a> {
    text.split(',').enumerate().map(move |(i, entry)| match entry.trim() {
        "" => Err(OptionError::Empty { position: i + 1, form }),
        entry => Ok((i + 1, entry)),
    })
}

/// Comma list of pairs `a:b`.
fn pairs(text: &str, form: &'static str) -> Result<Vec<(Rational, Rational)>, OptionError> {
    entries(text, form)
        .map(|entry| {
            let (position, entry) = entry?;
            let no_pair = || OptionError::NoPair { position, text: cut(entry), form };
            let (a, b) = entry.split_once(':').ok_or_else(no_pair)?;
            Ok((rational(a)?, rational(b)?))
        })
        .collect()
}

/// A comma list of rational numbers: `1/3,2/5`; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RationalList(pub Vec<Rational>);

impl FromStr for RationalList {
    type Err = OptionError;
    fn from_str(text: &str) -> Result<Self, OptionError> {
        let numbers = entries(text, "a list 1/3,2/5,..").map(|entry| rational(entry?.1));
        Ok(Self(numbers.collect::<Result<_, _>>()?))
    }
}

/// A box, one interval a coordinate: `0:1,-1/2:1/2`; lower ends at most upper ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainOption(pub Vec<(Rational, Rational)>);

impl FromStr for DomainOption {
    type Err = OptionError;
    fn from_str(text: &str) -> Result<Self, OptionError> {
        let intervals = pairs(text, "a box 0:1,0:1,.. with one interval a coordinate")?;
        match intervals.iter().position(|(lo, hi)| lo > hi) {
            Some(i) => Err(OptionError::EndsReversed { position: i + 1 }),
            None => Ok(Self(intervals)),
        }
    }
}

/// Points of a function of one variable: `0:0,1/2:1,1:0`; first coordinates increase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsOption(pub Vec<(Rational, Rational)>);

impl FromStr for PointsOption {
    type Err = OptionError;
    fn from_str(text: &str) -> Result<Self, OptionError> {
        let points = pairs(text, "a list of points x0:y0,x1:y1,..")?;
        match points.windows(2).position(|pair| pair[0].0 >= pair[1].0) {
            Some(i) => Err(OptionError::NotIncreasing { position: i + 2 }),
            None => Ok(Self(points)),
        }
    }
}

#[cfg(test)]
mod tests;
