//! Networks around networks that have a specification: inverses of symmetric matrices, polynomials that are applied.

use certinet_check::generate;
use num_traits::One;

use crate::Tally;
use crate::draw::Random;
use crate::matrix::{neumann, newton_schulz, power};
use crate::oracle::Q;
use crate::write::{Certificate, LAST_PLACE, dyadic, power_of_two, q, read_dyadic};

/// The words of the section's first line: d and q.
fn section(certificate: &Certificate) -> (usize, Q) {
    let line = certificate.steps.iter().find(|line| line.starts_with("matrix ")).unwrap();
    let words: Vec<&str> = line.split(' ').collect();
    (words[2].parse().unwrap(), words[3].parse().unwrap())
}

/// alpha S(I - alpha B) on the largest spectrum, moved by these numbers.
fn symmetric(inverse: &Certificate, alpha: &Q, (lo, hi): (&Q, &Q)) -> Certificate {
    let mut certificate = inverse.clone();
    let (d, radius) = section(inverse);
    let inner = inverse.networks.len() - 1;
    let number = certificate.network(&generate::symmetric_inverse(d as u64, alpha, inner).unwrap());
    let (c, high) = ((Q::one() - &radius) / alpha + lo, (Q::one() + radius) / alpha + hi);
    certificate.step(format!("spec {number} symmetric-inverse {d} {c} {high} {alpha} {inner}"));
    certificate.target = format!("symmetric-inverse {d}");
    certificate.domain = format!("symmetric {d} {c} {high}");
    certificate.error *= alpha;
    certificate
}

#[test]
fn random_symmetric_inverses() {
    let mut tally = Tally::default();
    let mut random = Random(3);
    let (zero, unit) = (q(0, 1), power_of_two(LAST_PLACE));
    for seed in 0..24 {
        let inverse = if seed % 2 == 0 { neumann(seed, None) } else { newton_schulz(seed, None) }.0;
        let alpha = q(random.between(1, 5), random.between(1, 4));
        let certificate = symmetric(&inverse, &alpha, (&zero, &zero));
        tally.accepts(&certificate.text());
        tally.accepts(&symmetric(&inverse, &alpha, (&unit, &-&unit)).text());
        tally.rejects(&symmetric(&inverse, &alpha, (&-&unit, &zero)).text(), "c is too small");
        tally.rejects(&symmetric(&inverse, &alpha, (&zero, &unit)).text(), "C is too large");
        let mut other = certificate.clone();
        other.error -= &unit;
        tally.rejects(&other.text(), "the error is lower");
        let mut other = certificate.clone();
        let last = other.networks.len() - 1;
        other.networks[last].swap(1, 3);
        tally.rejects(&other.text(), "nodes are exchanged");
        other = certificate.clone();
        other.domain = other.domain.replacen("symmetric", "balls", 1);
        tally.rejects(&other.text(), "the domain is another one");
    }
    tally.print("symmetric inverses");
}

/// A network that calls the last one and carries its value, with this radius and these claims.
fn applied(inner: &Certificate, radius: &Q, n: &Q, a: &Q) -> Certificate {
    let mut certificate = inner.clone();
    let (d, _) = section(inner);
    let (number, called) = (inner.networks.len(), inner.networks.len() - 1);
    let identity = certificate.identity(d * d, &Q::one());
    let lines = [
        format!("input {}", d * d),
        format!("call {called} 1 0"),
        format!("affine {} 1 1 {identity} 0", d * d),
        "output 2".to_owned(),
    ];
    certificate.networks.push(lines.to_vec());
    certificate.step(format!("matrix {number} {d} {radius}"));
    certificate.step(format!("start 0 {}", dyadic(&crate::write::round_up(radius))));
    certificate.step(format!("apply 1 {} {}", dyadic(n), dyadic(a)));
    certificate.step(format!("combine 2 {} {}", dyadic(n), dyadic(a)));
    certificate.step("conclude polynomial".to_owned());
    certificate.domain = format!("balls {d} {d} {radius}");
    certificate
}

#[test]
fn random_applied_polynomials() {
    let mut tally = Tally::default();
    let unit = power_of_two(LAST_PLACE);
    for seed in 0..24 {
        let inner = power(seed, None).0;
        let Some(last) =
            inner.steps.iter().rev().find(|line| line.starts_with("product") || line.starts_with("combine"))
        else {
            continue;
        };
        let words: Vec<&str> = last.split(' ').collect();
        let (n, a) = (read_dyadic(words[2]), read_dyadic(words[3]));
        let (_, radius) = section(&inner);
        tally.accepts(&applied(&inner, &radius, &n, &a).text());
        tally.accepts(&applied(&inner, &(&radius / q(2, 1)), &n, &a).text());
        tally.rejects(&applied(&inner, &(&radius + &unit), &n, &a).text(), "the ball is larger");
        tally.rejects(&applied(&inner, &radius, &(&n - &unit), &a).text(), "n is too small");
        tally.rejects(&applied(&inner, &radius, &n, &(&a - &unit)).text(), "a is too small");
    }
    tally.print("applied polynomials");
}
