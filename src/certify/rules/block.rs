//! Block rules: the checker regenerates the network from these parameters (FORMAT.md, section 4).

use std::sync::Arc;

use super::super::proof::{Line, Part};
use crate::arith::Rational;
use crate::network::Network;

fn block(network: &Arc<Network>, rule: &'static str, parameters: impl FnOnce(Line) -> Line) -> Part {
    let line = parameters(Line::new("spec").network(network).word(rule));
    Part { network: Arc::clone(network), lines: vec![line] }
}

/// `squaring m unit|B METHOD`
pub fn squaring(network: &Arc<Network>, levels: usize, bound: Option<&Rational>, method: &'static str) -> Part {
    block(network, "squaring", |line| {
        let line = line.count(levels as u64);
        bound.map_or_else(|| line.clone().word("unit"), |b| line.clone().number(b)).word(method)
    })
}

/// `dot n m B1 B2`
pub fn dot(network: &Arc<Network>, length: usize, levels: usize, bounds: (&Rational, &Rational)) -> Part {
    block(network, "dot", |line| line.count(length as u64).count(levels as u64).number(bounds.0).number(bounds.1))
}

/// What the methods of a matrix product have in common.
pub struct MatrixProduct<'a> {
    /// Rows of the left factor, its columns, columns of the right factor.
    pub shape: (usize, usize, usize),
    /// Levels of the squares.
    pub levels: usize,
    /// Bounds of the spectral norms of the factors.
    pub bounds: (&'a Rational, &'a Rational),
    /// A dyadic number whose square is at least what the method needs.
    pub root: &'a Rational,
}

impl MatrixProduct<'_> {
    fn part(&self, network: &Arc<Network>, method: impl FnOnce(Line) -> Line) -> Part {
        let (d, n, l) = self.shape;
        block(network, "matrix-product", |line| {
            let line = line.count(d as u64).count(n as u64).count(l as u64).count(self.levels as u64);
            method(line.number(self.bounds.0).number(self.bounds.1).claim(self.root))
        })
    }
    /// `matrix-product d n l m B1 B2 r direct j`
    pub fn direct(&self, network: &Arc<Network>, dot: &Arc<Network>) -> Part {
        self.part(network, |line| line.word("direct").network(dot))
    }
    /// `matrix-product d n l m B1 B2 r shared-squares`
    pub fn shared_squares(&self, network: &Arc<Network>) -> Part {
        self.part(network, |line| line.word("shared-squares"))
    }
    /// `matrix-product d d d m B1 B2 r strassen k j`
    pub fn strassen(&self, network: &Arc<Network>, halvings: u32, base: &Arc<Network>) -> Part {
        self.part(network, |line| line.word("strassen").count(u64::from(halvings)).network(base))
    }
}

/// `carried-product c j`
pub fn carried_product(network: &Arc<Network>, bound: &Rational, product: &Arc<Network>) -> Part {
    block(network, "carried-product", |line| line.number(bound).network(product))
}

/// `symmetric-inverse d c C alpha j`
pub fn symmetric_inverse(
    network: &Arc<Network>,
    size: usize,
    (lower, upper): (&Rational, &Rational),
    scale: &Rational,
    inverse: &Arc<Network>,
) -> Part {
    block(network, "symmetric-inverse", |line| {
        line.count(size as u64).number(lower).number(upper).number(scale).network(inverse)
    })
}

/// `minimum`, `maximum` or `median`, then `n two-sided` or `n one-sided B`
pub fn order_statistic(network: &Arc<Network>, rule: &'static str, size: usize, bound: Option<&Rational>) -> Part {
    block(network, rule, |line| {
        let line = line.count(size as u64);
        bound.map_or_else(|| line.clone().word("two-sided"), |b| line.clone().word("one-sided").number(b))
    })
}

/// `absolute-value`
pub fn absolute_value(network: &Arc<Network>) -> Part {
    block(network, "absolute-value", |line| line)
}

/// `sort n`
pub fn sort(network: &Arc<Network>, size: usize) -> Part {
    block(network, "sort", |line| line.count(size as u64))
}

/// `interpolation x_0 y_0 x_1 y_1 ..`
pub fn interpolation(network: &Arc<Network>, points: &[(Rational, Rational)]) -> Part {
    block(network, "interpolation", |line| points.iter().fold(line, |line, (x, y)| line.number(x).number(y)))
}
