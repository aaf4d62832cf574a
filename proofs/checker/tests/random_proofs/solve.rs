//! Random iterations for linear systems.

use certinet_check::generate::{self, Solve};
use num_traits::{One, Signed, Zero};

use crate::Tally;
use crate::draw::Random;
use crate::oracle::Q;
use crate::write::{Certificate, LAST_PLACE, dyadic, power_of_two, q, round_up};

fn round_down(x: &Q) -> Q {
    -round_up(&-x)
}

/// To a multiple of 2^-8.
fn nearby(x: &Q) -> Q {
    (x * power_of_two(8)).round() * power_of_two(-8)
}

/// The smallest multiple of the last place that is at least the root.
fn root(n: usize) -> Q {
    let unit = power_of_two(LAST_PLACE);
    let square: Q = q(n as i64, 1) / (&unit * &unit);
    let root = Q::from(square.to_integer().sqrt()) * &unit;
    if &root * &root < q(n as i64, 1) { root + unit } else { root }
}

fn make(seed: u64) -> Certificate {
    let mut random = Random(seed);
    let (d, chebyshev) = (1 + random.below(2), random.below(2) == 0);
    let c = q(random.between(1, 5), random.between(2, 4));
    let high = &c + q(random.between(0, 8), 4);
    let rhs = q(random.between(1, 5), random.between(1, 3));
    let gamma = nearby(&(q(2, 1) / (&c + &high)));
    let norm = (Q::one() - &gamma * &c).abs().max((Q::one() - &gamma * &high).abs());
    let x = if norm < q(1, 4) { q(4, 1) } else { round_down(&norm.recip()) };
    let solution = round_up(&(&rhs / &c));
    let bound = round_up(&rhs);
    let (m0, root) = (1 + random.below(3), root(d));
    let mut certificate = Certificate {
        target: format!("linear-solve {d}"),
        domain: format!("symmetric-system {d} {c} {high} {rhs}"),
        norm: "euclidean".to_owned(),
        ..Certificate::default()
    };
    let method = if chebyshev { "chebyshev" } else { "richardson" };
    let words: Vec<String> = [&gamma, &x, &solution, &bound].into_iter().map(dyadic).collect();
    certificate.step(format!("solve 0 {d} {c} {high} {rhs} {method} {} {m0} {}", words.join(" "), dyadic(&root)));
    let first = &gamma * &rhs;
    let (mut start, mut size, mut before) = (round_up(&(&solution / &x)), round_up(&first), Q::zero());
    let (mut sum, mut total, mut lo, mut hi) = (Q::zero(), Q::zero(), x.clone(), x.clone());
    certificate.step(format!("first {} {}", dyadic(&start), dyadic(&size)));
    let mut steps = Vec::new();
    for _ in 0..random.below(4) {
        let m = 1 + random.below(3);
        let b = round_up(&(&size + q(random.between(0, 2), 8)));
        let (mut w, mut slack) = (Q::one(), Q::zero());
        let twice = &x + &x;
        if chebyshev {
            (lo, hi) = (round_down(&(&twice - lo.recip())).max(Q::one()), round_up(&(&twice - hi.recip())));
            w = nearby(&(&twice / &lo));
            slack = round_up(&(&w - &twice / &lo).abs().max((&w - &twice / &hi).abs()));
        }
        let unit = q(5, 1) * power_of_two(-2 * m as i32 - 4) + power_of_two(-2 * m0 as i32 - 3);
        let p = round_up(&(&w * &root * q(d as i64, 1) * &b * unit + &slack * (&size + &first + &before)));
        start = round_up(&(start / &lo));
        if chebyshev {
            sum = round_up(&(sum / &lo + &p));
            total = round_up(&(total / &lo + &sum));
        } else {
            total = round_up(&(total / &lo + &p));
        }
        before = size;
        size = round_up(&(&solution + &start + &total));
        let words: Vec<String> =
            [&w, &b, &lo, &hi, &slack, &p, &start, &sum, &total, &size].into_iter().map(dyadic).collect();
        certificate.step(format!("step {m} {}", words.join(" ")));
        steps.push((m as u64, w, b));
    }
    let error = start + total;
    certificate.step(format!("conclude {}", dyadic(&error)));
    certificate.error = error;
    let plan = Solve { size: d as u64, gamma, rhs: bound, matrix_levels: m0 as u64, steps };
    certificate.network(&generate::solve(&plan).unwrap());
    certificate
}

/// Claims that the rules bound from below, also those of the first line.
fn claims(words: &[&str]) -> Vec<usize> {
    match words[0] {
        // s, F, root
        "solve" => vec![9, 10, 12],
        "first" => vec![1, 2],
        "step" => (5..=11).collect(),
        "conclude" => vec![1],
        _ => vec![],
    }
}

#[test]
fn random_linear_systems() {
    let mut tally = Tally::default();
    let mut random = Random(9);
    for seed in 0..60 {
        let certificate = make(seed);
        tally.accepts(&certificate.text());
        for (what, text) in certificate.lower_claims(claims) {
            tally.rejects(&text, &what);
        }
        let mut other = certificate.clone();
        other.error -= power_of_two(LAST_PLACE);
        tally.rejects(&other.text(), "the error is lower");
        for _ in 0..30 {
            tally.judge(&perturbed(&certificate, &mut random).text());
        }
    }
    tally.print("linear systems");
}

fn perturbed(certificate: &Certificate, random: &mut Random) -> Certificate {
    let mut other = certificate.clone();
    let number = random.below(other.steps.len() + 2);
    let line = match number.checked_sub(other.steps.len()) {
        Some(0) => &mut other.domain,
        Some(_) => {
            let nodes = other.networks[0].len();
            &mut other.networks[0][random.below(nodes)]
        }
        None => &mut other.steps[number],
    };
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let place = random.below(words.len());
    if let Ok(x) = words[place].parse::<Q>() {
        let change = q(random.between(-1, 1), 1 << random.below(6));
        words[place] = (x + change).to_string();
    } else if words[place].contains("*2^") {
        let x = crate::write::read_dyadic(&words[place]);
        words[place] = dyadic(&(x * q(random.between(1, 20), 16)));
    } else if words[place] == "chebyshev" {
        words[place] = "richardson".to_owned();
    }
    *line = words.join(" ");
    other
}
