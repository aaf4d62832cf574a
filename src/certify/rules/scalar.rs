//! Functions of numbers (FORMAT.md, section 6).

use std::sync::Arc;

use super::super::proof::Line;
use crate::arith::Rational;
use crate::network::{Network, Value};

/// The ends of the ranges of the exact value, of the error and of the computed value: six claims.
pub type Ranges<'a> = [(&'a Rational, &'a Rational); 3];

/// The basis of the polynomials of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// Powers of the inputs.
    Powers,
    /// Chebyshev polynomials of a x + b, a > 0.
    Chebyshev(Rational, Rational),
}

/// `scalar i BASIS box lo_1 hi_1 ..`
pub fn scalar(network: &Arc<Network>, basis: &Basis, sides: &[(Rational, Rational)]) -> Line {
    let line = Line::new("scalar").network(network);
    let line = match basis {
        Basis::Powers => line.word("powers"),
        Basis::Chebyshev(a, b) => line.word("chebyshev").number(a).number(b),
    };
    sides.iter().fold(line.word("box"), |line, (lo, hi)| line.number(lo).number(hi))
}

fn ranges(line: Line, ranges: Ranges<'_>) -> Line {
    ranges.iter().fold(line, |line, (lo, hi)| line.claim(lo).claim(hi))
}

/// `input v j ..`
pub fn input(node: Value, number: usize, known: Ranges<'_>) -> Line {
    ranges(Line::new("input").node(node).count(number as u64), known)
}

/// `affine v ..`
pub fn affine(node: Value, known: Ranges<'_>) -> Line {
    ranges(Line::new("affine").node(node), known)
}

/// `carry v`
pub fn carry(node: Value) -> Line {
    Line::new("carry").node(node)
}

/// `square v ..`
pub fn square(node: Value, known: Ranges<'_>) -> Line {
    ranges(Line::new("square").node(node), known)
}

/// `product v ..`
pub fn product(node: Value, known: Ranges<'_>) -> Line {
    ranges(Line::new("product").node(node), known)
}

/// `conclude`
pub fn conclude() -> Line {
    Line::new("conclude")
}
