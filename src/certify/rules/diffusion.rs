//! Parametric diffusion (FORMAT.md, section 13).

use std::sync::Arc;

use super::super::proof::Line;
use crate::arith::Rational;
use crate::network::Network;

fn claims<'a>(line: Line, claims: impl IntoIterator<Item = &'a Rational>) -> Line {
    claims.into_iter().fold(line, Line::claim)
}

/// `diffusion i`
pub fn diffusion(coefficients: &Arc<Network>) -> Line {
    Line::new("diffusion").network(coefficients)
}

/// `form e m_11 m_21 m_22 ..`, the numbers written out.
pub fn form(numbers: String) -> Line {
    Line::new("form").text(numbers)
}

/// `load e m_1 ..`, the numbers written out.
pub fn load(numbers: String) -> Line {
    Line::new("load").text(numbers)
}

/// `bounds c C f F beta phi`
pub fn bounds(values: [&Rational; 6]) -> Line {
    claims(Line::new("bounds"), values)
}

/// `affine gamma x s S root`
pub fn affine(values: [&Rational; 5]) -> Line {
    claims(Line::new("affine"), values)
}

/// `first decay p size`
pub fn first(values: [&Rational; 3]) -> Line {
    claims(Line::new("first"), values)
}

/// `second w rho_lo rho_hi slack p decay sum total size`
pub fn second(weight: &Rational, values: [&Rational; 8]) -> Line {
    claims(Line::new("second").claim(weight), values)
}

/// `squares j`
pub fn squares(squaring: &Arc<Network>) -> Line {
    Line::new("squares").network(squaring)
}

/// `step j w b rho_lo rho_hi slack p decay sum total size`
pub fn step(squaring: &Arc<Network>, [weight, factor]: [&Rational; 2], values: [&Rational; 8]) -> Line {
    claims(Line::new("step").network(squaring).claim(weight).claim(factor), values)
}

/// `flux e v_1 ..`, the numbers written out.
pub fn flux(numbers: String) -> Line {
    Line::new("flux").text(numbers)
}

/// `cells MODE rho`
pub fn cells(mode: &'static str, rho: &Rational) -> Line {
    Line::new("cells").word(mode).claim(rho)
}

/// `cut i v`
pub fn cut(parameter: usize, at: &Rational) -> Line {
    Line::new("cut").count(parameter as u64).claim(at)
}

/// `leaf t e ..`, the numbers written out.
pub fn leaf(degree: u32, numbers: String) -> Line {
    Line::new("leaf").count(u64::from(degree)).text(numbers)
}

/// `conclude b e`
pub fn conclude(factor: &Rational, error: &Rational) -> Line {
    claims(Line::new("conclude"), [factor, error])
}
