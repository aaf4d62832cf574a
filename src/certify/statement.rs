//! What a certificate states about its last network, and the lines that say it.

use std::sync::Arc;

use super::{Claim, Domain, Norm, Target};
use crate::arith::Rational;
use crate::network::Network;

/// The statement of a certificate.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Statement<'a> {
    /// The network approximates a target.
    Claim(&'a Claim),
    /// The network is the function of another one on a domain.
    Equal {
        /// The other network, of the same dimensions.
        other: &'a Arc<Network>,
        /// Where they are equal.
        domain: &'a Domain,
    },
    /// The number of activation cells with interior points, and of affine maps on them.
    Regions {
        /// A box with inner points, or a space.
        domain: &'a Domain,
        /// The cells.
        count: usize,
        /// The different affine maps.
        distinct_maps: usize,
    },
}

impl Statement<'_> {
    /// The lines of the statement, that of the size given; `other` is the number of the network that is a target.
    pub(super) fn lines(&self, size: String, other: usize) -> Vec<String> {
        let mut lines = vec!["certinet-certificate 1".to_owned()];
        match self {
            Self::Claim(claim) => {
                lines.push(format!("target {}", target(&claim.target, other)));
                lines.push(format!("domain {}", domain(&claim.domain)));
                lines.push(format!("norm {}", norm(claim.norm)));
                lines.push(format!("error {}", claim.error));
                lines.push(format!("kind {}", claim.kind.name()));
            }
            Self::Equal { domain: on, .. } => {
                lines.push(format!("target network {other}"));
                lines.push(format!("domain {}", domain(on)));
                lines.extend(["norm maximum", "error 0", "kind exact"].map(str::to_owned));
            }
            Self::Regions { domain: over, count, distinct_maps } => {
                lines.push(format!("regions {count} {distinct_maps}"));
                lines.push(format!("domain {}", domain(over)));
            }
        }
        lines.push(size);
        lines
    }
}

fn norm(norm: Norm) -> String {
    match norm {
        Norm::Maximum => "maximum".to_owned(),
        Norm::Euclidean => "euclidean".to_owned(),
        Norm::RelativeEnergy => "relative-energy".to_owned(),
        Norm::RelativeH1 => "relative-h1".to_owned(),
        Norm::Spectral { rows, columns } => format!("spectral {rows} {columns}"),
    }
}

fn target(target: &Target, other: usize) -> String {
    let list =
        |numbers: &mut dyn Iterator<Item = &Rational>| numbers.map(Rational::to_string).collect::<Vec<_>>().join(" ");
    match target {
        Target::Square => "square".to_owned(),
        Target::Product { factors } => format!("product {factors}"),
        Target::Power { exponent } => format!("power {exponent}"),
        Target::Polynomial { coefficients } => format!("polynomial {}", list(&mut coefficients.iter())),
        Target::MultivariatePolynomial { variables, terms } => {
            let mut text = format!("multivariate-polynomial {variables} {}", terms.len());
            for (c, exponents) in terms {
                text.push_str(&format!(" {c}"));
                exponents.iter().for_each(|e| text.push_str(&format!(" {e}")));
            }
            text
        }
        Target::Reciprocal => "reciprocal".to_owned(),
        Target::MatrixProduct { rows, inner, columns } => format!("matrix-product {rows} {inner} {columns}"),
        Target::MatrixInverse { size } => format!("matrix-inverse {size}"),
        Target::SymmetricInverse { size } => format!("symmetric-inverse {size}"),
        Target::MatrixPower { size, exponent } => format!("matrix-power {size} {exponent}"),
        Target::LinearSolve { size } => format!("linear-solve {size}"),
        Target::Minimum { size } => format!("minimum {size}"),
        Target::Maximum { size } => format!("maximum {size}"),
        Target::AbsoluteValue => "absolute-value".to_owned(),
        Target::Median { size } => format!("median {size}"),
        Target::Interpolation { points } => {
            format!("interpolation {}", list(&mut points.iter().flat_map(|(x, y)| [x, y])))
        }
        Target::Network(_) => format!("network {other}"),
        Target::Spiking { .. } => "spiking".to_owned(),
        Target::Diffusion { problem, .. } => format!("diffusion {problem}"),
    }
}

fn domain(domain: &Domain) -> String {
    match domain {
        Domain::Space { dimension } => format!("space {dimension}"),
        Domain::Cube { dimension, lower, upper } => format!("cube {dimension} {lower} {upper}"),
        Domain::Box(sides) => {
            let sides: Vec<String> = sides.iter().map(|(lo, hi)| format!(" {lo} {hi}")).collect();
            format!("box{}", sides.concat())
        }
        Domain::SpectralBalls(balls) => {
            let balls: Vec<String> = balls.iter().map(|(r, c, b)| format!(" {r} {c} {b}")).collect();
            format!("balls{}", balls.concat())
        }
        Domain::Symmetric { size, lower, upper } => format!("symmetric {size} {lower} {upper}"),
        Domain::SymmetricSystem { size, lower, upper, rhs_bound } => {
            format!("symmetric-system {size} {lower} {upper} {rhs_bound}")
        }
    }
}
