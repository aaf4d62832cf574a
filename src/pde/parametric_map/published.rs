//! The published bound of the size.

use crate::arith::Rational;
use crate::construct::{Published, log2_down};

use super::map::ParametricMap;

/// KPRS22, Theorem 4.3 (i), for the network of the reduced coefficients with an error eps relative to the norm: a lower bound of
/// what its constant multiplies, d^2 (d l (log2 l)^2 (l + log2 l + log2 d) + 2) + 2 B + d, l = log2(1/eps). The map y -> B_y is
/// affine here: a network of one layer with B = (p + 1) d^2 weights, and the load is one layer with d of them.
pub(super) fn published(map: &ParametricMap) -> Published {
    let system = &map.problem.system;
    let (d, p) = (Rational::from(system.size()), Rational::from(system.parameters() + 1));
    let zero = Rational::zero;
    let log = log2_down(&(Rational::one() / &map.budget.total)).max(zero());
    let twice = if log.is_positive() { log2_down(&log).max(zero()) } else { zero() };
    let bracket = &log + &twice + log2_down(&d).max(zero());
    let square = &d * &d;
    let two = Rational::from(2);
    let inverse = &(&square * &d) * &(&(&log * &(&twice * &twice)) * &bracket);
    let scale = inverse + &square * &two + &(&square * &p) * &two + &d;
    Published {
        source: "KPRS22",
        formula: "M <= C (d^2 (d l log2(l)^2 (l + log2(l) + log2(d)) + 2) + 2 (p + 1) d^2 + d), l = log2(1/eps)"
            .to_owned(),
        layers: None,
        neurons: None,
        weights: None,
        weights_scale: Some(scale),
        layers_scale: Some(&twice * &bracket),
    }
}
