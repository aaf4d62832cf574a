//! Functions of one matrix (FORMAT.md, section 5).

use std::sync::Arc;

use super::super::proof::Line;
use crate::arith::Rational;
use crate::network::{Network, Value};

/// `matrix i d q`
pub fn matrix(network: &Arc<Network>, size: usize, radius: &Rational) -> Line {
    Line::new("matrix").network(network).count(size as u64).number(radius)
}

/// `start v n`
pub fn start(node: Value, norm: &Rational) -> Line {
    Line::new("start").node(node).claim(norm)
}

/// `combine v n a`
pub fn combine(node: Value, norm: &Rational, error: &Rational) -> Line {
    Line::new("combine").node(node).claim(norm).claim(error)
}

/// `carry v`
pub fn carry(node: Value) -> Line {
    Line::new("carry").node(node)
}

/// `product v n a`
pub fn product(node: Value, norm: &Rational, error: &Rational) -> Line {
    Line::new("product").node(node).claim(norm).claim(error)
}

/// `apply v n a`
pub fn apply(node: Value, norm: &Rational, error: &Rational) -> Line {
    Line::new("apply").node(node).claim(norm).claim(error)
}

/// `power k n`, and ` i j` for k > 1
pub fn power(exponent: u64, norm: &Rational, parts: Option<(u64, u64)>) -> Line {
    let line = Line::new("power").count(exponent).claim(norm);
    match parts {
        None => line,
        Some((i, j)) => line.count(i).count(j),
    }
}

/// `iterate v n r`
pub fn iterate(node: Value, norm: &Rational, residual: &Rational) -> Line {
    Line::new("iterate").node(node).claim(norm).claim(residual)
}

/// `residual v n e`
pub fn residual(node: Value, norm: &Rational, error: &Rational) -> Line {
    Line::new("residual").node(node).claim(norm).claim(error)
}

/// `step v n r`
pub fn step(node: Value, norm: &Rational, residual: &Rational) -> Line {
    Line::new("step").node(node).claim(norm).claim(residual)
}

/// `conclude polynomial`
pub fn conclude_polynomial() -> Line {
    Line::new("conclude").word("polynomial")
}

/// `conclude neumann E`
pub fn conclude_neumann(error: &Rational) -> Line {
    Line::new("conclude").word("neumann").claim(error)
}

/// `conclude newton-schulz E`
pub fn conclude_newton_schulz(error: &Rational) -> Line {
    Line::new("conclude").word("newton-schulz").claim(error)
}
