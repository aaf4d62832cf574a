//! One value of a table, with the kind of its number.

use super::number::{Direction, Printed, thousands};
use crate::arith::{Integer, Rational};

/// Significant digits of a decimal in a table.
const DIGITS: u32 = 4;

/// One value of a table. The variant says what kind of number it is, and the print says it too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing is known or nothing applies.
    #[default]
    None,
    /// Words.
    Text(String),
    /// A whole number of any size: layers, neurons, weights.
    Count(Integer),
    /// A rational number, exactly; printed with `...` where digits are cut off.
    Exact(Rational),
    /// A proved upper bound; printed behind `<=`, rounded up.
    UpperBound(Rational),
    /// A proved lower bound; printed behind `>=`, rounded down.
    LowerBound(Rational),
}

impl Cell {
    /// A cell of words.
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// A count from any integer type.
    pub fn count(n: impl Into<Integer>) -> Self {
        Self::Count(n.into())
    }

    /// The value for reading: short, with its kind in front.
    pub fn to_reading(&self) -> String {
        match self {
            Self::None => "-".to_owned(),
            Self::Text(words) => words.clone(),
            Self::Count(n) => thousands(n),
            Self::Exact(x) => {
                let printed = Printed::new(x, DIGITS, Direction::TowardsZero);
                let text = printed.to_string();
                match (printed.is_exact(), text.split_once('e')) {
                    (true, _) => text,
                    (false, Some((mantissa, exponent))) => format!("{mantissa}...e{exponent}"),
                    (false, None) => format!("{text}..."),
                }
            }
            Self::UpperBound(x) => format!("<= {}", Printed::new(x, DIGITS, Direction::Up)),
            Self::LowerBound(x) => format!(">= {}", Printed::new(x, DIGITS, Direction::Down)),
        }
    }

    /// The value in full for programs: `p/q`, a count without separators, nothing for [`Cell::None`].
    pub fn to_exact_text(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Text(words) => words.clone(),
            Self::Count(n) => n.to_string(),
            Self::Exact(x) | Self::UpperBound(x) | Self::LowerBound(x) => x.to_string(),
        }
    }

    /// The value as inline LaTeX, special characters escaped.
    pub fn to_latex(&self) -> String {
        match self {
            Self::None => "--".to_owned(),
            Self::Text(words) => super::latex::escape(words),
            Self::Count(n) => format!("\\({}\\)", Printed::Integer(n.clone()).to_latex()),
            Self::Exact(x) => {
                let printed = Printed::new(x, DIGITS, Direction::TowardsZero);
                let latex = printed.to_latex();
                match (printed.is_exact(), latex.split_once(" \\cdot")) {
                    (true, _) => format!("\\({latex}\\)"),
                    (false, Some((mantissa, power))) => format!("\\({mantissa}\\ldots \\cdot{power}\\)"),
                    (false, None) => format!("\\({latex}\\ldots\\)"),
                }
            }
            Self::UpperBound(x) => format!("\\(\\le {}\\)", Printed::new(x, DIGITS, Direction::Up).to_latex()),
            Self::LowerBound(x) => format!("\\(\\ge {}\\)", Printed::new(x, DIGITS, Direction::Down).to_latex()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn number(text: &str) -> Rational {
        text.parse().unwrap()
    }

    #[test]
    fn the_kind_is_in_the_print() {
        for (cell, reading, full, latex) in [
            (Cell::None, "-", "", "--"),
            (Cell::text("a_b"), "a_b", "a_b", "a\\_b"),
            (Cell::count(3_012_345), "3,012,345", "3012345", "\\(3{,}012{,}345\\)"),
            (Cell::Exact(number("2^-20")), "2^-20", "1/1048576", "\\(2^{-20}\\)"),
            (Cell::Exact(number("1/3333")), "3.000...e-4", "1/3333", "\\(3.000\\ldots \\cdot 10^{-4}\\)"),
            (Cell::Exact(number("5000/3333")), "1.500...", "5000/3333", "\\(1.500\\ldots\\)"),
            (Cell::UpperBound(number("1/3333")), "<= 3.001e-4", "1/3333", "\\(\\le 3.001 \\cdot 10^{-4}\\)"),
            (Cell::LowerBound(number("1/3333")), ">= 3.000e-4", "1/3333", "\\(\\ge 3.000 \\cdot 10^{-4}\\)"),
        ] {
            assert_eq!(cell.to_reading(), reading);
            assert_eq!(cell.to_exact_text(), full);
            assert_eq!(cell.to_latex(), latex);
        }
    }
}
