//! A brute-force oracle: it reads the statement and the networks of a certificate and tries to refute the statement, by
//! evaluation at corners, midpoints and random points, and by an own lowering to dense layers. It shares no code with the
//! checker, ignores the proof, and never says that a statement is proved: `Ok` means "not refuted".

#![allow(dead_code)] // each test needs a part of it

pub mod diffusion;
pub mod domain;
pub mod evaluate;
pub mod layered;
mod matrices;
pub mod parse;
pub mod pieces;
mod refute;
pub mod regions;
pub mod spiking;
mod target;

use std::fmt;

use num_bigint::BigInt;
use num_rational::Ratio;
use num_traits::Zero;

/// An exact number.
pub type Q = Ratio<BigInt>;

/// Why a statement is refuted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The text is not a certificate of the format.
    Unreadable(String),
    /// Networks that are too large to write out: nothing is said.
    TooLarge,
    /// Target, domain, norm, networks do not fit together.
    Senseless(String),
    /// The layered form has another size: layers, neurons, weights as counted here.
    Size(usize, usize, usize),
    /// The error at this point is larger than claimed.
    Error(String),
    /// There are so many activation cells and affine maps.
    Regions(usize, usize),
    /// The error is said to be attained, and no point attains it.
    NotAttained(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "unreadable: {why}"),
            Self::TooLarge => write!(f, "too large to write out"),
            Self::Senseless(why) => write!(f, "senseless: {why}"),
            Self::Size(l, n, m) => write!(f, "the size is {l} {n} {m}"),
            Self::Error(why) => write!(f, "larger error: {why}"),
            Self::Regions(cells, maps) => write!(f, "{cells} cells with {maps} maps"),
            Self::NotAttained(why) => write!(f, "not attained: {why}"),
        }
    }
}

/// Tries to refute the statement of a certificate.
pub fn is_true(text: &str) -> Result<(), Why> {
    refute::refute(&parse::certificate(text)?)
}

/// Whether two certificates have the same networks, written out, and the second one claims at most what the first does:
/// a larger error, a smaller domain, no exactness.
pub fn is_weaker(text: &str, other: &str) -> bool {
    let (Ok(one), Ok(two)) = (parse::certificate(text), parse::certificate(other)) else { return false };
    let read = |words: &[String]| domain::read(&words.join(" "));
    let inside = match (read(&one.domain), read(&two.domain)) {
        (Ok(domain::Domain::Balls(outer)), Ok(domain::Domain::Balls(inner))) => {
            let fits = |(o, i): (&(usize, usize, Q), &(usize, usize, Q))| (o.0, o.1) == (i.0, i.1) && i.2 <= o.2;
            outer.len() == inner.len() && outer.iter().zip(&inner).all(fits)
        }
        (Ok(domain::Domain::Intervals(outer)), Ok(domain::Domain::Intervals(inner))) => {
            let fits = |(o, i): (&(Q, Q), &(Q, Q))| o.0 <= i.0 && i.1 <= o.1;
            // The cells of a part of the domain are others.
            one.target[0] != "regions" && outer.len() == inner.len() && outer.iter().zip(&inner).all(fits)
        }
        _ => false,
    };
    let same = (&one.target, &one.norm, &one.size, &one.networks) == (&two.target, &two.norm, &two.size, &two.networks)
        && (one.about_spiking, &one.spiking) == (two.about_spiking, &two.spiking);
    // An error of 0 is attained everywhere.
    let exact = two.exact && !(one.exact && two.error.is_zero());
    same && (one.domain == two.domain || inside) && two.error >= one.error && !exact
}

/// The certificate with the size that its networks have, if they can be read.
pub fn with_true_size(text: &str) -> Option<String> {
    let certificate = parse::certificate(text).ok()?;
    let (word, (l, n, m)) = match &certificate.spiking {
        Some(spiking) if certificate.about_spiking => ("spiking-size", spiking.size()),
        _ => {
            let inputs = certificate.networks.last()?.inputs().iter().sum();
            ("size", layered::size(inputs, &layered::layers(&certificate.networks).ok()?))
        }
    };
    let size = format!("{word} {l} {n} {m}");
    let line = |line: &str| if line.split(' ').next() == Some(word) { size.clone() } else { line.to_owned() };
    Some(text.lines().map(|text| line(text) + "\n").collect())
}

/// The lines that make the theorem: statement, blocks and networks, without the proof. Certificates with equal theorems
/// are equally true.
pub fn theorem(text: &str) -> String {
    let words = ["target", "regions", "domain", "norm", "error", "kind", "size", "spiking-size", "block"];
    let spiking = ["spiking", "neuron", "coding", "outputs"];
    let nodes = ["network", "input", "affine", "relu", "call", "output"];
    let mut theorem = String::new();
    for line in text.lines() {
        let word = line.split(' ').next().unwrap_or("");
        if ["spec", "assume", "cover", "diffusion"].contains(&word) {
            break;
        }
        if words.contains(&word) || nodes.contains(&word) || spiking.contains(&word) {
            theorem.push_str(line);
            theorem.push('\n');
        }
    }
    theorem
}
