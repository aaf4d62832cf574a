//! Writing certificates, the text that `certinet-check` reads. The format is defined in `proofs/FORMAT.md`.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::sync::Arc;

use super::proof::{Proof, Token};
use super::{Claim, NetworkTarget, Statement, Target};
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
    /// The target is a network that is not in the certificate.
    #[error("the network that is the target of a certificate is not part of it")]
    Target,
    /// A number beyond the format.
    #[error("a number has {bits} bits where certificates hold up to 65536")]
    TooLong {
        /// Its bits.
        bits: u64,
    },
    /// A claim that its writer cannot prove.
    #[error("no certificate holds {what}")]
    Unproved {
        /// What is claimed.
        what: String,
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
    write(Some(network), claim, size_line(size), proof, writer)
}

fn size_line(size: &Size) -> String {
    format!("size {} {} {}", size.layers, size.neurons, size.weights)
}

/// Writes the certificate of a claim about the spiking network of a proof, of so many layers, neurons and synapses;
/// `network` is the network that it computes, where there is one.
///
/// # Errors
/// As [`write_certificate`].
pub fn write_spiking_certificate(
    network: Option<&Network>,
    claim: &Claim,
    size: [usize; 3],
    proof: &Proof,
    writer: &mut dyn Write,
) -> Result<(), CertificateError> {
    let [layers, neurons, synapses] = size;
    write(network, claim, format!("spiking-size {layers} {neurons} {synapses}"), proof, writer)
}

fn write(
    network: Option<&Network>,
    claim: &Claim,
    size: String,
    proof: &Proof,
    writer: &mut dyn Write,
) -> Result<(), CertificateError> {
    let listing = network.map(Listing::of).unwrap_or_default();
    let find = |other: &Arc<Network>| network.and_then(|network| listing.find(network, other));
    let other = match &claim.target {
        Target::Network(NetworkTarget(other)) => find(other).ok_or(CertificateError::Target)?,
        _ => 0,
    };
    let mut lines = Statement::Claim(claim).lines(size, other);
    networks(&listing, &mut lines)?;
    lines.extend(proof.spiking.iter().flat_map(|spiking| spiking.network.iter().cloned()));
    let mut proved = HashSet::new();
    for part in &proof.parts {
        let Some(number) = find(&part.network) else { continue };
        if !proved.insert(number) {
            continue;
        }
        let order = Listing::order(&part.network);
        let nodes: HashMap<Value, usize> =
            order.into_iter().enumerate().map(|(number, value)| (value, number)).collect();
        for line in &part.lines {
            if let Some(text) = proof_line(line.tokens(), &nodes, find)? {
                lines.push(text);
            }
        }
    }
    for line in proof.spiking.iter().flat_map(|spiking| &spiking.lines) {
        lines.extend(proof_line(line.tokens(), &HashMap::new(), find)?);
    }
    lines.push(match &proof.shift {
        None => "qed".to_owned(),
        Some(shift) => format!("qed {}", dyadic(shift)?),
    });
    lines.push(format!("end {}", lines.len()));
    write_lines(&lines, writer)?;
    Ok(())
}

/// Writes the certificate of a network that is proved by a cover (`proofs/FORMAT.md`, section 8).
///
/// `steps` writes the lines of the section, from `cover` to `conclude`, each with its line feed, piece by piece: they may be
/// too many to be held.
///
/// # Errors
/// [`CertificateError`].
pub fn write_cover(
    network: &Network,
    statement: &Statement<'_>,
    size: &Size,
    steps: impl FnOnce(&mut dyn FnMut(&str) -> io::Result<()>) -> io::Result<()>,
    writer: &mut dyn Write,
) -> Result<(), CertificateError> {
    let (listing, other) = match statement {
        Statement::Equal { other, .. } => Listing::of_both(other, network),
        Statement::Claim(_) | Statement::Regions { .. } => (Listing::of(network), 0),
    };
    let mut lines = statement.lines(size_line(size), other);
    networks(&listing, &mut lines)?;
    write_lines(&lines, writer)?;
    let mut count = lines.len();
    steps(&mut |text| {
        count += text.bytes().filter(|&byte| byte == b'\n').count();
        writer.write_all(text.as_bytes())
    })?;
    writeln!(writer, "qed\nend {}", count + 1)?;
    Ok(())
}

fn write_lines(lines: &[String], writer: &mut dyn Write) -> io::Result<()> {
    lines.iter().try_for_each(|line| writeln!(writer, "{line}"))
}

/// The lines of blocks and networks.
fn networks(listing: &Listing, lines: &mut Vec<String>) -> Result<(), CertificateError> {
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
    Ok(())
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
    network: impl Fn(&Arc<Network>) -> Option<usize>,
) -> Result<Option<String>, CertificateError> {
    let mut words = Vec::with_capacity(tokens.len());
    for token in tokens {
        let number = match token {
            Token::Word(word) => {
                words.push((*word).to_owned());
                continue;
            }
            Token::Text(text) => {
                words.push(text.to_string());
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
