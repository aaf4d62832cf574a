//! Linear systems (FORMAT.md, section 7).

use std::sync::Arc;

use super::super::proof::Line;
use crate::arith::Rational;
use crate::network::Network;

/// The opening line of a section.
pub struct Opening<'a> {
    /// Rows d of the matrix.
    pub size: usize,
    /// Smallest and largest eigenvalue, largest 2-norm of the right-hand side.
    pub domain: (&'a Rational, &'a Rational, &'a Rational),
    /// `chebyshev` or `richardson`.
    pub method: &'static str,
    /// gamma, x, s, F: dyadic.
    pub constants: [&'a Rational; 4],
    /// Levels of the squares of the matrix.
    pub matrix_levels: usize,
    /// A dyadic number whose square is at least d.
    pub root: &'a Rational,
}

/// `solve i d c C R METHOD gamma x s F m0 root`
pub fn solve(network: &Arc<Network>, opening: &Opening<'_>) -> Line {
    let (lower, upper, rhs) = opening.domain;
    let line = Line::new("solve").network(network).count(opening.size as u64);
    let line = line.number(lower).number(upper).number(rhs).word(opening.method);
    let line = opening.constants.iter().fold(line, |line, x| line.claim(x));
    line.count(opening.matrix_levels as u64).claim(opening.root)
}

/// `first start size`
pub fn first(start: &Rational, size: &Rational) -> Line {
    Line::new("first").claim(start).claim(size)
}

/// `step m w b rho_lo rho_hi slack p start sum total size`
pub fn step(levels: usize, claims: [&Rational; 10]) -> Line {
    claims.iter().fold(Line::new("step").count(levels as u64), |line, x| line.claim(x))
}

/// `conclude E`
pub fn conclude(error: &Rational) -> Line {
    Line::new("conclude").claim(error)
}
