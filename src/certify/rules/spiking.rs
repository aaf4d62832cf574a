//! Spiking networks (FORMAT.md, section 9). Neurons are named by their places: inputs first, then in order.

use std::sync::Arc;

use super::super::proof::Line;
use crate::arith::Rational;
use crate::network::{Network, Value};

/// `firing i box lo_1 hi_1 ..`
pub fn firing(network: &Arc<Network>, sides: &[(Rational, Rational)]) -> Line {
    let line = Line::new("firing").network(network).word("box");
    sides.iter().fold(line, |line, (lo, hi)| line.number(lo).number(hi))
}

/// `settle v`
pub fn settle(neuron: usize) -> Line {
    Line::new("settle").count(neuron as u64)
}

/// `reflect v l j hi`
pub fn reflect(neuron: usize, level: usize, entry: usize, upper: &Rational) -> Line {
    Line::new("reflect").count(neuron as u64).count(level as u64).count(entry as u64).number(upper)
}

/// `times i`
pub fn times(network: &Arc<Network>) -> Line {
    Line::new("times").network(network)
}

/// `arrivals v u`
pub fn arrivals(node: Value, neuron: usize) -> Line {
    Line::new("arrivals").node(node).count(neuron as u64)
}

/// `tree w u`
pub fn tree(node: Value, neuron: usize) -> Line {
    Line::new("tree").node(node).count(neuron as u64)
}

/// `sorted w u`
pub fn sorted(node: Value, neuron: usize) -> Line {
    Line::new("sorted").node(node).count(neuron as u64)
}

/// `conclude`
pub fn conclude() -> Line {
    Line::new("conclude")
}

/// `approximate-minimum`
pub fn approximate_minimum() -> Line {
    Line::new("approximate-minimum")
}
