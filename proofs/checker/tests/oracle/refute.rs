//! Dimensions, size, error: what can be false about a statement.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::domain::{self, Domain};
use super::layered::{self, Layer};
use super::matrices::{compare_norm, q};
use super::parse::{Certificate, Words};
use super::target::{self, Target};
use super::{Q, Why, diffusion, evaluate::evaluate, pieces, regions, spiking};
use crate::draw::Random;

/// The most pieces of a network of one variable that are looked at one by one.
const PIECES: usize = 600;

enum Norm {
    Maximum,
    Euclidean,
    Spectral(usize, usize),
}

fn senseless<T>(why: impl Into<String>) -> Result<T, Why> {
    Err(Why::Senseless(why.into()))
}

/// Tries to refute the statement.
pub fn refute(certificate: &Certificate) -> Result<(), Why> {
    if let Some(network) = &certificate.spiking {
        return spiking::refute(certificate, network);
    }
    if ["regions", "network"].contains(&certificate.target[0].as_str()) {
        return regions::refute(certificate);
    }
    if certificate.target[0] == "diffusion" {
        return diffusion::refute(certificate);
    }
    let target = target::read(&certificate.target.join(" "))?;
    let domain = domain::read(&certificate.domain.join(" "))?;
    let norm = norm(&certificate.norm.join(" "))?;
    if certificate.error.is_negative() {
        return senseless("a negative error");
    }
    if !target.fits(&domain) {
        return senseless("the target is no function on the domain");
    }
    let Some(network) = certificate.networks.last() else { return senseless("no network") };
    let inputs: usize = network.inputs().iter().sum();
    let outputs = network.dimensions[network.output];
    if inputs != domain.dimension() || outputs != target.outputs() {
        return senseless(format!("a network from {inputs} to {outputs} numbers"));
    }
    if let Norm::Spectral(rows, columns) = norm
        && rows.checked_mul(columns) != Some(outputs)
    {
        return senseless("a norm of matrices of another shape");
    }
    let layers = layered::layers(&certificate.networks)?;
    let (l, n, m) = layered::size(inputs, &layers);
    if certificate.size != [BigInt::from(l), BigInt::from(n), BigInt::from(m)] {
        return Err(Why::Size(l, n, m));
    }
    let attained = errors(certificate, &target, &domain, &norm, &layers)?;
    if certificate.exact && !attained && !certificate.error.is_zero() {
        return Err(Why::NotAttained("at no point that was tried".to_owned()));
    }
    Ok(())
}

fn norm(text: &str) -> Result<Norm, Why> {
    let mut words = Words::new(text);
    let norm = match words.word()? {
        "maximum" => Norm::Maximum,
        "euclidean" => Norm::Euclidean,
        "spectral" => Norm::Spectral(words.natural()?, words.natural()?),
        other => return senseless(format!("{other:?} is no norm")),
    };
    words.end()?;
    Ok(norm)
}

/// Looks for a point with a larger error; whether one has exactly the claimed error.
fn errors(
    certificate: &Certificate,
    target: &Target,
    domain: &Domain,
    norm: &Norm,
    layers: &[Layer],
) -> Result<bool, Why> {
    let claim = &certificate.error;
    let mut random = Random(7);
    let mut points = domain.points(layers.len(), &mut random);
    let mut attained = false;
    if domain.dimension() == 1 && target.outputs() == 1 {
        let (lo, hi) = match domain {
            Domain::Intervals(sides) => sides[0].clone(),
            Domain::Balls(balls) => (-balls[0].2.clone(), balls[0].2.clone()),
            Domain::Symmetric(_, lo, hi) => (lo.clone(), hi.clone()),
            // Beyond every bend that a small network has.
            _ => (q(-1_000_000, 1), q(1_000_000, 1)),
        };
        if let Some(pieces) = pieces::pieces(layers, &lo, &hi, PIECES) {
            if let (Some(coefficients), Domain::Intervals(_)) = (target.quadratic(), domain) {
                let supremum = pieces::supremum(&pieces, &coefficients);
                match supremum.cmp(claim) {
                    Ordering::Greater => return Err(Why::Error(format!("the supremum is {supremum}"))),
                    Ordering::Less if certificate.exact => {
                        return Err(Why::NotAttained(format!("the supremum is {supremum}")));
                    }
                    _ => attained = supremum == *claim,
                }
            }
            let mut ends: Vec<Q> = pieces.into_iter().map(|piece| piece.lo).chain([hi.clone()]).collect();
            ends.extend(target.bends().into_iter().filter(|bend| *bend > lo && *bend < hi));
            ends.sort();
            points.extend(ends.windows(2).map(|pair| vec![(&pair[0] + &pair[1]) / q(2, 1)]));
            points.extend(ends.into_iter().map(|end| vec![end]));
        }
    }
    let last = certificate.networks.len() - 1;
    for (number, x) in points.iter().enumerate() {
        let value = evaluate(&certificate.networks, last, x);
        if number % 16 == 3 {
            assert_eq!(value, layered::evaluate(layers, x), "the oracle's layered form is another function");
        }
        let error: Vec<Q> = value.into_iter().zip(target.evaluate(x)).map(|(value, exact)| value - exact).collect();
        match compare(&error, norm, claim) {
            Ordering::Greater => {
                let show = |values: &[Q]| values.iter().map(Q::to_string).collect::<Vec<_>>().join(" ");
                return Err(Why::Error(format!("at {} the error is {}, {claim} is claimed", show(x), show(&error))));
            }
            Ordering::Equal => attained = true,
            Ordering::Less => {}
        }
    }
    Ok(attained)
}

fn compare(error: &[Q], norm: &Norm, claim: &Q) -> Ordering {
    match norm {
        Norm::Maximum => error.iter().map(Signed::abs).max().unwrap_or_default().cmp(claim),
        Norm::Euclidean => error.iter().map(|x| x * x).fold(Q::zero(), |sum, x| sum + x).cmp(&(claim * claim)),
        Norm::Spectral(rows, columns) => compare_norm(error, *rows, *columns, claim),
    }
}
