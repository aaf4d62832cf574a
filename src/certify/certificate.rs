//! Writing certificates, the text that `certinet-check` reads. The format is defined in `proofs/FORMAT.md`.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use super::proof::{Proof, Token};
use super::{Claim, Domain, Norm, Target};
use crate::arith::Rational;
use crate::network::{ListedNode, ListedTile, Listing, Network, NetworkError, Size, Value};

/// A certificate that was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// The network has no canonical form.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A claim is no dyadic number.
    #[error("the claim {claim} of a certificate is not dyadic")]
    Claim {
        /// The claim.
        claim: String,
    },
    /// A number beyond the format.
    #[error("a number has {bits} bits where certificates hold up to 65536")]
    TooLong {
        /// Its bits.
        bits: u64,
    },
    /// The system failed to write.
    #[error("writing failed ({0})")]
    Io(#[from] io::Error),
}

/// Writes the certificate of a network: its claim, its exact size, itself, and the proof.
///
/// The same network and proof give the same bytes. Lines about nodes that the output does not depend on are left out.
///
/// # Errors
/// [`CertificateError`]; before anything is written, unless writing fails.
pub fn write_certificate(
    network: &Network,
    claim: &Claim,
    size: &Size,
    proof: &Proof,
    writer: &mut dyn Write,
) -> Result<(), CertificateError> {
    let listing = Listing::of(network);
    let mut lines = statement(claim, size);
    for block in listing.blocks() {
        let denominator = block.denominator()?;
        let mut line = format!("block {} {} {denominator}", block.rows(), block.columns());
        for (row, column, value) in block.entries() {
            let (multiplier, _) = denominator.div_rem_euclid(&value.denominator());
            line.push_str(&format!(" {row} {column} {}", value.numerator() * multiplier));
        }
        lines.push(line);
    }
    for listed in listing.networks() {
        lines.push("network".to_owned());
        lines.extend(listed.nodes.iter().map(node));
        lines.push(format!("output {}", listed.output));
    }
    let mut proved = HashSet::new();
    for part in &proof.parts {
        let Some(number) = listing.find(network, &part.network) else { continue };
        if !proved.insert(number) {
            continue;
        }
        let order = Listing::order(&part.network);
        let nodes: HashMap<Value, usize> =
            order.into_iter().enumerate().map(|(number, value)| (value, number)).collect();
        for line in &part.lines {
            if let Some(text) = proof_line(line.tokens(), &nodes, |other| listing.find(network, other))? {
                lines.push(text);
            }
        }
    }
    lines.push(match &proof.shift {
        None => "qed".to_owned(),
        Some(shift) => format!("qed {}", dyadic(shift)?),
    });
    lines.push(format!("end {}", lines.len()));
    for line in &lines {
        writer.write_all(line.as_bytes())?;
        writer.write_all(b"\n")?;
    }
    Ok(())
}

fn statement(claim: &Claim, size: &Size) -> Vec<String> {
    let norm = match claim.norm {
        Norm::Maximum => "maximum".to_owned(),
        Norm::Euclidean => "euclidean".to_owned(),
        Norm::Spectral { rows, columns } => format!("spectral {rows} {columns}"),
    };
    vec![
        "certinet-certificate 1".to_owned(),
        format!("target {}", target(&claim.target)),
        format!("domain {}", domain(&claim.domain)),
        format!("norm {norm}"),
        format!("error {}", claim.error),
        format!("kind {}", claim.kind.name()),
        format!("size {} {} {}", size.layers, size.neurons, size.weights),
    ]
}

fn target(target: &Target) -> String {
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

fn node(node: &ListedNode) -> String {
    let numbers = |list: &[usize]| list.iter().map(|n| format!(" {n}")).collect::<String>();
    match node {
        ListedNode::Input(dimension) => format!("input {dimension}"),
        ListedNode::Relu(argument) => format!("relu {argument}"),
        ListedNode::Call { network, copies, arguments } => format!("call {network} {copies}{}", numbers(arguments)),
        ListedNode::Affine { rows, terms, bias } => {
            let mut text = format!("affine {rows} {}", terms.len());
            for (argument, tiles) in terms {
                text.push_str(&format!(" {argument}"));
                map(tiles, &mut text);
            }
            map(bias, &mut text);
            text
        }
    }
}

fn map(tiles: &[ListedTile], text: &mut String) {
    text.push_str(&format!(" {}", tiles.len()));
    for tile in tiles {
        let ListedTile { block, row, column, row_step, column_step, axes } = tile;
        text.push_str(&format!(" {block} {row} {column} {row_step} {column_step} {}", axes.len()));
        for axis in axes {
            text.push_str(&format!(" {} {} {}", axis.count, axis.row, axis.column));
        }
    }
}

/// A line in words; `None` when it speaks of a node or network that is not listed.
fn proof_line(
    tokens: &[Token],
    nodes: &HashMap<Value, usize>,
    network: impl Fn(&std::sync::Arc<Network>) -> Option<usize>,
) -> Result<Option<String>, CertificateError> {
    let mut words = Vec::with_capacity(tokens.len());
    for token in tokens {
        let number = match token {
            Token::Word(word) => {
                words.push((*word).to_owned());
                continue;
            }
            Token::Number(x) => {
                words.push(x.to_string());
                continue;
            }
            Token::Claim(x) => {
                words.push(dyadic(x)?);
                continue;
            }
            Token::Count(n) => Some(*n as usize),
            Token::Node(value) => nodes.get(value).copied(),
            Token::Network(other) => network(other),
        };
        let Some(number) = number else { return Ok(None) };
        words.push(number.to_string());
    }
    Ok(Some(words.join(" ")))
}

/// An odd integer times a power of two, in its one spelling.
fn dyadic(x: &Rational) -> Result<String, CertificateError> {
    let Some(fraction_bits) = x.dyadic_exponent() else {
        return Err(CertificateError::Claim { claim: x.to_string() });
    };
    if x.is_zero() {
        return Ok("0".to_owned());
    }
    let zeros = x.numerator().trailing_zeros();
    let odd = x.numerator().shr_floor(zeros);
    let exponent = zeros as i64 - fraction_bits as i64;
    Ok(if exponent == 0 { odd.to_string() } else { format!("{odd}*2^{exponent}") })
}
