//! Blocks with random parameters: right ones, with the error lowered, and with one weight changed.

use certinet_check::generate::{self, Extreme, Squaring};
use certinet_check::network::{Network, Operation};
use num_traits::{One, Zero};

use crate::Tally;
use crate::draw::Random;
use crate::oracle::Q;
use crate::write::{Certificate, power_of_two, q, unit_error};

fn bound(random: &mut Random) -> Q {
    q(random.between(1, 6), random.between(1, 4))
}

fn square(random: &mut Random) -> Certificate {
    let m = 1 + random.below(3);
    let bound = if random.below(3) == 0 { None } else { Some(bound(random)) };
    let (method, name) = [
        (Squaring::Delayed, "delayed"),
        (Squaring::Centred, "centred"),
        (Squaring::BoundedWeights, "bounded-weights"),
        (Squaring::FourWide, "four-wide"),
    ][random.below(4)];
    let mut certificate =
        Certificate { target: "square".to_owned(), norm: "maximum".to_owned(), ..Certificate::default() };
    certificate.network(&generate::squaring(m as u64, bound.as_ref(), method).unwrap());
    let word = bound.as_ref().map_or("unit".to_owned(), Q::to_string);
    certificate.step(format!("spec 0 squaring {m} {word} {name}"));
    let high = bound.clone().unwrap_or_else(Q::one);
    let low = bound.map_or_else(Q::zero, |b| -b);
    certificate.domain = format!("cube 1 {low} {high}");
    certificate.error = &high * &high * unit_error(m);
    if name == "centred" {
        certificate.error /= q(2, 1);
    }
    certificate.exact = true;
    certificate
}

fn product(random: &mut Random) -> Certificate {
    let (m, b1, b2) = (1 + random.below(3), bound(random), bound(random));
    let mut certificate = Certificate {
        target: "product 2".to_owned(),
        norm: "maximum".to_owned(),
        exact: true,
        ..Certificate::default()
    };
    certificate.network(&generate::dot(1, m as u64, &b1, &b2).unwrap());
    certificate.step(format!("spec 0 dot 1 {m} {b1} {b2}"));
    certificate.domain = format!("box {} {b1} {} {b2}", -b1.clone(), -b2.clone());
    certificate.error = b1 * b2 * unit_error(m);
    certificate
}

/// Extremes, medians, interpolants.
fn exact(random: &mut Random) -> Certificate {
    let mut certificate = Certificate { norm: "maximum".to_owned(), exact: true, ..Certificate::default() };
    let one_sided = if random.below(2) == 0 { Some(bound(random)) } else { None };
    let sided = one_sided.as_ref().map_or("two-sided".to_owned(), |b| format!("one-sided {b}"));
    let mut n = 1 + random.below(4);
    let (network, name) = match random.below(5) {
        0 => (generate::extreme(Extreme::Minimum, n as u64, one_sided.as_ref()), "minimum"),
        1 => (generate::extreme(Extreme::Maximum, n as u64, one_sided.as_ref()), "maximum"),
        2 => {
            n = 2 * random.below(3) + 1;
            (generate::median(n as u64, one_sided.as_ref()), "median")
        }
        3 => (generate::absolute_value(), "absolute-value"),
        _ => {
            let mut x = q(random.between(-4, 4), 2);
            let points: Vec<(Q, Q)> = (0..n)
                .map(|_| {
                    x += q(random.between(1, 5), random.between(1, 3));
                    (x.clone(), q(random.between(-5, 5), random.between(1, 3)))
                })
                .collect();
            let words: Vec<String> = points.iter().map(|(x, y)| format!("{x} {y}")).collect();
            certificate.target = format!("interpolation {}", words.join(" "));
            (generate::interpolation(&points), "interpolation")
        }
    };
    certificate.network(&network.unwrap());
    match name {
        "absolute-value" | "interpolation" => {
            if name == "absolute-value" {
                certificate.target = name.to_owned();
            }
            certificate.step(format!("spec 0 {}", certificate.target));
            certificate.domain = "space 1".to_owned();
        }
        _ => {
            certificate.target = format!("{name} {n}");
            certificate.step(format!("spec 0 {name} {n} {sided}"));
            certificate.domain = one_sided.map_or(format!("space {n}"), |b| format!("cube {n} {} {b}", -b.clone()));
        }
    }
    certificate
}

/// A rounded root of d l.
fn root(area: usize) -> Q {
    let mut root = Q::from(num_bigint::BigInt::from(area)) * power_of_two(20);
    root = (root * power_of_two(20)).numer().sqrt().into();
    root *= power_of_two(-20);
    let area = q(area as i64, 1);
    if &root * &root < area { root + power_of_two(-20) } else { root }
}

fn matrix_product(random: &mut Random) -> Certificate {
    let [d, n, l] = [0; 3].map(|_| 1 + random.below(2));
    let (m, b1, b2) = (1 + random.below(2), bound(random), bound(random));
    let mut certificate = Certificate { target: format!("matrix-product {d} {n} {l}"), ..Certificate::default() };
    let r = root(d * l);
    let word = crate::write::dyadic(&r);
    let unit = &b1 * &b2 * unit_error(m);
    let shape = (d as u64, n as u64, l as u64);
    match random.below(3) {
        0 => {
            certificate.network(&generate::dot(n as u64, m as u64, &b1, &b2).unwrap());
            certificate.network(&generate::direct(shape, 0).unwrap());
            certificate.step(format!("spec 0 dot {n} {m} {b1} {b2}"));
            certificate.step(format!("spec 1 matrix-product {d} {n} {l} {m} {b1} {b2} {word} direct 0"));
            certificate.error = &r * q(n as i64, 1) * unit;
            let attained = [d * n, n * l].iter().all(|&area| area <= 4usize.pow(m as u32 + 1));
            certificate.exact = attained && &r * &r == q((d * l) as i64, 1);
        }
        1 => {
            certificate.network(&generate::shared_squares(shape, m as u64, (&b1, &b2)).unwrap());
            certificate.step(format!("spec 0 matrix-product {d} {n} {l} {m} {b1} {b2} {word} shared-squares"));
            certificate.error = r * q(3 * n as i64, 2) * unit;
        }
        _ => {
            // Strassen's product of 2 x 2 blocks.
            let base = 1 + random.below(2);
            let (d, b, r) = (2 * base, base as u64, q(18, 1));
            let one = crate::write::dyadic(&root(base * base));
            certificate.target = format!("matrix-product {d} {d} {d}");
            certificate.network(&generate::shared_squares((b, b, b), m as u64, (&b1, &b2)).unwrap());
            certificate.network(&generate::strassen((1, b), m as u64, (&b1, &b2), 0).unwrap());
            certificate.step(format!("spec 0 matrix-product {b} {b} {b} {m} {b1} {b2} {one} shared-squares"));
            let word = crate::write::dyadic(&r);
            certificate.step(format!("spec 1 matrix-product {d} {d} {d} {m} {b1} {b2} {word} strassen 1 0"));
            certificate.error = r * q(3 * (base * base) as i64, 2) * unit;
            certificate.domain = format!("balls {d} {d} {b1} {d} {d} {b2}");
            certificate.norm = format!("spectral {d} {d}");
            return certificate;
        }
    }
    certificate.domain = format!("balls {d} {n} {b1} {n} {l} {b2}");
    certificate.norm = format!("spectral {d} {l}");
    certificate
}

#[test]
fn blocks_with_random_parameters() {
    let mut random = Random(1);
    let mut tally = Tally::default();
    for round in 0..240 {
        let make = [square, product, exact, matrix_product][round % 4];
        let certificate = make(&mut random);
        let text = certificate.text();
        tally.accepts(&text);
        // The error is that of the rule, not less.
        if !certificate.error.is_zero() {
            let mut lower = certificate.clone();
            lower.error -= power_of_two(-60);
            tally.rejects(&lower.text(), "the error is lower than that of the rule");
            lower.exact = false;
            tally.rejects(&lower.text(), "the error is lower than that of the rule");
            let mut higher = certificate.clone();
            higher.error += power_of_two(-60);
            higher.exact = true;
            tally.rejects(&higher.text(), "this error is not attained");
            higher.exact = false;
            tally.accepts(&higher.text());
        }
        for _ in 0..4 {
            tally.rejects(&one_weight_changed(&text, &mut random), "a weight is changed");
        }
    }
    tally.print("blocks");
}

/// The text with one entry of one block changed and the size corrected.
fn one_weight_changed(text: &str, random: &mut Random) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let blocks: Vec<usize> = (0..lines.len()).filter(|&n| lines[n].starts_with("block ")).collect();
    let number = blocks[random.below(blocks.len())];
    let mut words: Vec<String> = lines[number].split(' ').map(str::to_owned).collect();
    let place = 6 + 3 * random.below((words.len() - 4) / 3);
    let old: i64 = words[place].parse().unwrap();
    let denominator: i64 = words[3].parse().unwrap();
    // A finer denominator, so that the change may be small.
    let fine = 1i64 << random.below(12);
    for k in (6..words.len()).step_by(3) {
        words[k] = (words[k].parse::<i64>().unwrap() * fine).to_string();
    }
    words[3] = (denominator * fine).to_string();
    let new = old * fine + [1, -1, -old * fine * 2][random.below(3)];
    words[place] = if new == 0 { "1".to_owned() } else { new.to_string() };
    let common = (6..words.len())
        .step_by(3)
        .fold(denominator * fine, |gcd, k| num_integer::gcd(gcd, words[k].parse::<i64>().unwrap()));
    for k in [3].into_iter().chain((6..words.len()).step_by(3)) {
        words[k] = (words[k].parse::<i64>().unwrap() / common).to_string();
    }
    let line = words.join(" ");
    if line == lines[number] {
        return one_weight_changed(text, random);
    }
    let all: Vec<&str> = lines.iter().enumerate().map(|(n, old)| if n == number { &line } else { *old }).collect();
    let text = all.join("\n") + "\n";
    crate::oracle::with_true_size(&text).unwrap_or(text)
}

#[test]
fn a_changed_node_is_rejected() {
    // The same block with the arguments of a node exchanged is another network.
    let dot = generate::dot(1, 2, &Q::one(), &Q::one()).unwrap();
    let mut tally = Tally::default();
    for (number, node) in dot.nodes.iter().enumerate() {
        let mut changed: Network = dot.clone();
        match (&node.operation, &mut changed.nodes[number].operation) {
            (Operation::Affine { terms, .. }, Operation::Affine { terms: new, .. }) if terms.len() > 1 => {
                new.swap(0, 1)
            }
            (Operation::Relu(argument), Operation::Relu(new)) if *argument > 3 => *new = argument - 2,
            _ => continue,
        }
        let mut certificate = Certificate {
            target: "product 2".to_owned(),
            domain: "box -1 1 -1 1".to_owned(),
            norm: "maximum".to_owned(),
            error: unit_error(2),
            ..Certificate::default()
        };
        certificate.network(&changed);
        certificate.step("spec 0 dot 1 2 1 1".to_owned());
        let accepted = tally.judge(&certificate.text());
        assert!(!accepted || changed == dot);
    }
    tally.print("changed nodes");
}
