//! Random programs of matrix products: powers, Neumann's series, Newton's iteration.

use certinet_check::generate;
use num_traits::{One, Zero};

use crate::Tally;
use crate::draw::Random;
use crate::oracle::Q;
use crate::write::{Certificate, LAST_PLACE, at_least, dyadic, power_of_two, q, round_up, unit_error};

/// V = X^k + E for one k, or a sum of such; a carried node has the fact of another one.
#[derive(Clone)]
struct Fact {
    node: usize,
    /// The exponent, if the polynomial is a power.
    exponent: Option<usize>,
    n: Q,
    a: Q,
}

/// One network and its section.
struct Walk {
    certificate: Certificate,
    random: Random,
    d: usize,
    q: Q,
    nodes: Vec<String>,
    lines: Vec<String>,
    /// Numbers that a rule bounds from below, and which of them is one unit too small.
    bounds: usize,
    fault: Option<usize>,
}

impl Walk {
    fn new(seed: u64, fault: Option<usize>) -> Self {
        let mut random = Random(seed);
        let d = 1 + random.below(2);
        let q = [q(1, 2), q(1, 4), q(2, 3), q(3, 8), q(1, 1), q(3, 2)][random.below(6)].clone();
        let nodes = vec![format!("input {}", d * d)];
        let certificate = Certificate::default();
        Self { certificate, random, d, q, nodes, lines: Vec::new(), bounds: 0, fault }
    }

    /// At least this number: exactly, or a bit more; in the faulty place a unit less.
    fn at_least(&mut self, least: &Q) -> Q {
        at_least(&mut self.random, &mut self.bounds, self.fault, least)
    }

    fn node(&mut self, line: String) -> usize {
        self.nodes.push(line);
        self.nodes.len() - 1
    }

    /// sum c_i v_i + c I
    fn affine(&mut self, parts: &[(usize, Q)], c: &Q) -> usize {
        let (d, n) = (self.d, self.d * self.d);
        let mut line = format!("affine {n} {}", parts.len());
        for (v, factor) in parts {
            line += &format!(" {v} {}", self.certificate.identity(n, factor));
        }
        let bias = self.certificate.matrix_bias(d, c);
        self.node(format!("{line} {bias}"))
    }

    /// A call of a new product network: the node, and its error.
    fn call(&mut self, left: usize, right: usize, b1: &Q, b2: &Q, limit: Option<&Q>) -> (usize, Q) {
        let (d, m) = (self.d, 1 + self.random.below(3));
        let shape = (d as u64, d as u64, d as u64);
        let mut error = q((d * d) as i64, 1) * b1 * b2 * unit_error(m);
        let number = self.certificate.networks.len();
        let parameters = format!("matrix-product {d} {d} {d} {m} {b1} {b2} {}", dyadic(&q(d as i64, 1)));
        let mut product = if self.random.below(3) == 0 {
            self.certificate.network(&generate::shared_squares(shape, m as u64, (b1, b2)).unwrap());
            self.certificate.step(format!("spec {number} {parameters} shared-squares"));
            error *= q(3, 2);
            number
        } else {
            self.certificate.network(&generate::dot(d as u64, m as u64, b1, b2).unwrap());
            self.certificate.network(&generate::direct(shape, number).unwrap());
            self.certificate.step(format!("spec {number} dot {d} {m} {b1} {b2}"));
            self.certificate.step(format!("spec {} {parameters} direct {number}", number + 1));
            number + 1
        };
        if let Some(c) = limit {
            let carried = generate::carried_product([d as u64; 3], c, product).unwrap();
            let number = self.certificate.network(&carried);
            self.certificate.step(format!("spec {number} carried-product {c} {product}"));
            product = number;
        }
        (self.node(format!("call {product} 1 {left} {right}")), error)
    }

    fn start(&mut self) -> Fact {
        let n = round_up(&self.q);
        self.lines.push(format!("start 0 {}", dyadic(&n)));
        Fact { node: 0, exponent: Some(1), n, a: Q::zero() }
    }

    fn product(&mut self, left: &Fact, right: &Fact) -> Fact {
        let b1 = self.at_least(&(&left.n + &left.a));
        let b2 = self.at_least(&(&right.n + &right.a));
        let n = round_up(&(&left.n * &right.n));
        let known = &left.n * &right.a + &left.a * (&right.n + &right.a);
        // The limit must be known before the network; its error does not depend on it.
        let limited = self.random.below(4) == 0;
        let before = (self.certificate.clone(), self.nodes.len(), Random(self.random.0));
        let (mut node, error) = self.call(left.node, right.node, &b1, &b2, None);
        let a = round_up(&(known + error));
        if limited {
            let c = self.at_least(&(&n + &a));
            (self.certificate, self.random) = (before.0, before.2);
            self.nodes.truncate(before.1);
            node = self.call(left.node, right.node, &b1, &b2, Some(&c)).0;
        }
        self.lines.push(format!("product {node} {} {}", dyadic(&n), dyadic(&a)));
        let exponent = left.exponent.zip(right.exponent).map(|(i, j)| i + j);
        self.sometimes_carried(Fact { node, exponent, n, a })
    }

    fn sometimes_carried(&mut self, fact: Fact) -> Fact {
        if self.random.below(3) > 0 {
            return fact;
        }
        let bound = &fact.n + &fact.a;
        Fact { node: self.carry(fact.node, &bound), ..fact }
    }

    /// relu(v + c) - c
    fn carry(&mut self, v: usize, bound: &Q) -> usize {
        let (n, c) = (self.d * self.d, self.at_least(bound));
        let identity = self.certificate.identity(n, &Q::one());
        let (plus, minus) = (self.certificate.constant(n, &c), self.certificate.constant(n, &-&c));
        let raised = self.node(format!("affine {n} 1 {v} {identity} {plus}"));
        let raised = self.node(format!("relu {raised}"));
        let node = self.node(format!("affine {n} 1 {raised} {identity} {minus}"));
        self.lines.push(format!("carry {node}"));
        node
    }

    fn combine(&mut self, parts: &[(Fact, Q)], c: &Q) -> Fact {
        let places: Vec<(usize, Q)> = parts.iter().map(|(fact, c)| (fact.node, c.clone())).collect();
        let node = self.affine(&places, c);
        let absolute = num_traits::Signed::abs;
        let n = parts.iter().fold(absolute(c), |n, (fact, c)| n + absolute(c) * &fact.n);
        let a = parts.iter().fold(Q::zero(), |a, (fact, c)| a + absolute(c) * &fact.a);
        let (n, a) = (round_up(&n), round_up(&a));
        self.lines.push(format!("combine {node} {} {}", dyadic(&n), dyadic(&a)));
        self.sometimes_carried(Fact { node, exponent: None, n, a })
    }

    /// The certificate, once the section is written.
    fn finish(mut self, output: usize, target: String, error: Q, conclude: String) -> (Certificate, usize) {
        let number = self.certificate.networks.len();
        self.nodes.push(format!("output {output}"));
        self.certificate.networks.push(self.nodes);
        self.certificate.step(format!("matrix {number} {} {}", self.d, self.q));
        self.certificate.steps.extend(self.lines);
        self.certificate.step(conclude);
        self.certificate.target = target;
        self.certificate.domain = format!("balls {0} {0} {1}", self.d, self.q);
        self.certificate.norm = format!("spectral {0} {0}", self.d);
        self.certificate.error = error;
        (self.certificate, self.bounds)
    }
}

/// A power by random products of powers, with a sum that leaves the power as it is.
pub fn power(seed: u64, fault: Option<usize>) -> (Certificate, usize) {
    let mut walk = Walk::new(seed, fault);
    let mut facts = vec![walk.start()];
    for _ in 0..1 + walk.random.below(3) {
        let pick = |walk: &mut Walk, facts: &[Fact]| facts[walk.random.below(facts.len())].clone();
        let (left, right) = (pick(&mut walk, &facts), pick(&mut walk, &facts));
        if left.exponent.zip(right.exponent).is_some_and(|(i, j)| i + j > 6) {
            continue;
        }
        let mut product = walk.product(&left, &right);
        if walk.random.below(3) == 0 {
            // 3 V / 2 - V / 2
            let exponent = product.exponent;
            product = walk.combine(&[(product.clone(), q(3, 2)), (product, q(-1, 2))], &Q::zero());
            product.exponent = exponent;
        }
        facts.push(product);
    }
    let last = facts[facts.len() - 1].clone();
    let target = format!("matrix-power {} {}", walk.d, last.exponent.unwrap_or(1));
    walk.finish(last.node, target, last.a, "conclude polynomial".to_owned())
}

/// 1 + X + .. by Horner's rule or from the powers.
pub fn neumann(seed: u64, fault: Option<usize>) -> (Certificate, usize) {
    let mut walk = Walk::new(seed, fault);
    if walk.q >= Q::one() {
        walk.q = q(5, 8);
    }
    let one = Q::one();
    let x = walk.start();
    let terms = 2 + walk.random.below(3);
    let sum = if walk.random.below(2) == 0 {
        let mut sum = walk.combine(&[(x.clone(), one.clone())], &one);
        for _ in 2..terms {
            let product = walk.product(&x, &sum);
            sum = walk.combine(&[(product, one.clone())], &one);
        }
        sum
    } else {
        let mut powers = vec![x];
        for k in 2..terms {
            let i = 1 + walk.random.below(k - 1);
            let product = walk.product(&powers[i - 1].clone(), &powers[k - i - 1].clone());
            powers.push(product);
        }
        let parts: Vec<(Fact, Q)> = powers.into_iter().map(|power| (power, one.clone())).collect();
        walk.combine(&parts, &one)
    };
    let mut bounds = vec![round_up(&walk.q)];
    walk.lines.push(format!("power 1 {}", dyadic(&bounds[0])));
    for k in 2..=terms {
        let i = 1 + walk.random.below(k - 1);
        bounds.push(round_up(&(&bounds[i - 1] * &bounds[k - i - 1])));
        walk.lines.push(format!("power {k} {} {i} {}", dyadic(&bounds[k - 1]), k - i));
    }
    let error = round_up(&(&sum.a + &bounds[terms - 1] / (one - &walk.q)));
    let target = format!("matrix-inverse {}", walk.d);
    let conclude = format!("conclude neumann {}", dyadic(&error));
    walk.finish(sum.node, target, error, conclude)
}

pub fn newton_schulz(seed: u64, fault: Option<usize>) -> (Certificate, usize) {
    let mut walk = Walk::new(seed, fault);
    if walk.q >= Q::one() {
        walk.q = q(1, 3);
    }
    let (one, gap) = (Q::one(), Q::one() - &walk.q);
    let x = walk.start();
    let (mut u, mut n, mut r) = (0, round_up(&walk.q), round_up(&(&walk.q * &walk.q)));
    walk.lines.push(format!("iterate 0 {} {}", dyadic(&n), dyadic(&r)));
    for _ in 0..1 + walk.random.below(2) {
        let left = walk.sometimes_carried(x.clone()).node;
        let (b1, b2) = (walk.at_least(&walk.q.clone()), walk.at_least(&n));
        let (p, e) = walk.call(left, u, &b1, &b2, None);
        let parts = [(left, one.clone()), (u, -one.clone()), (p, one.clone())];
        let turn = walk.random.below(3);
        let parts = [0, 1, 2].map(|k| parts[(k + turn) % 3].clone());
        let mut w = walk.affine(&parts, &Q::zero());
        let e = round_up(&e);
        let size = round_up(&(&r + &e));
        walk.lines.push(format!("residual {w} {} {}", dyadic(&size), dyadic(&e)));
        if walk.random.below(2) == 0 {
            w = walk.carry(w, &size);
        }
        let (b1, b2) = (walk.at_least(&n), walk.at_least(&size));
        let (p, own) = walk.call(u, w, &b1, &b2, None);
        u = walk.affine(&[(p, one.clone()), (u, one.clone()), (w, one.clone())], &Q::zero());
        r = round_up(&(&r * &r + (&one + &r) * e + (&one + &walk.q) * own));
        n = round_up(&((&walk.q + &r) / &gap));
        walk.lines.push(format!("step {u} {} {}", dyadic(&n), dyadic(&r)));
    }
    let output = walk.affine(&[(u, one.clone())], &one);
    let error = round_up(&(r / gap));
    let target = format!("matrix-inverse {}", walk.d);
    let conclude = format!("conclude newton-schulz {}", dyadic(&error));
    walk.finish(output, target, error, conclude)
}

fn claims(words: &[&str]) -> Vec<usize> {
    match words[0] {
        "start" | "power" => vec![2],
        "product" | "combine" | "iterate" | "residual" | "step" => vec![2, 3],
        "conclude" if words.len() == 3 => vec![2],
        _ => vec![],
    }
}

#[test]
fn random_matrix_sections() {
    for (number, (name, make)) in
        [("powers", power as fn(u64, Option<usize>) -> _), ("series", neumann), ("iterations", newton_schulz)]
            .into_iter()
            .enumerate()
    {
        let mut tally = Tally::default();
        let mut random = Random(number as u64);
        for seed in 0..40 {
            let seed = 1000 * number as u64 + seed;
            let (certificate, bounds) = make(seed, None);
            tally.accepts(&certificate.text());
            for (what, text) in certificate.lower_claims(claims) {
                tally.rejects(&text, &what);
            }
            for fault in 0..bounds {
                tally.rejects(&make(seed, Some(fault)).0.text(), "a bound is too small");
            }
            let mut other = certificate.clone();
            other.error -= power_of_two(LAST_PLACE - 1);
            tally.rejects(&other.text(), "the error is lower");
            for _ in 0..12 {
                tally.judge(&perturbed(&certificate, &mut random).text());
            }
        }
        tally.print(name);
    }
}

/// The certificate with one of its parts changed: what that does is for the oracle.
fn perturbed(certificate: &Certificate, random: &mut Random) -> Certificate {
    let mut other = certificate.clone();
    let main = other.networks.len() - 1;
    match random.below(5) {
        0 => {
            // Another target.
            let mut words: Vec<String> = other.target.split(' ').map(str::to_owned).collect();
            let last = words.len() - 1;
            words[last] = (words[last].parse::<i64>().unwrap() + random.between(0, 2) - 1).to_string();
            other.target = words.join(" ");
        }
        1 | 2 => {
            // Arguments of a call or an affine map: exchanged, or another node.
            let line = random.below(other.networks[main].len());
            let mut words: Vec<String> = other.networks[main][line].split(' ').map(str::to_owned).collect();
            match words[0].as_str() {
                "call" if random.below(2) == 0 => words.swap(3, 4),
                "call" => words[1] = random.below(main).to_string(),
                "affine" => words[3] = random.below(line).to_string(),
                "output" => words[1] = random.below(line).to_string(),
                _ => {}
            }
            other.networks[main][line] = words.join(" ");
        }
        3 => {
            // Facts of another node, or in another order.
            let (i, j) = (random.below(other.steps.len()), random.below(other.steps.len()));
            other.steps.swap(i, j);
        }
        _ => {
            // A claim that is larger: weaker, and the rules after it may fail.
            let number = random.below(other.steps.len());
            let mut words: Vec<String> = other.steps[number].split(' ').map(str::to_owned).collect();
            let borrowed: Vec<&str> = words.iter().map(String::as_str).collect();
            if let Some(&place) = claims(&borrowed).first() {
                words[place] = dyadic(&(crate::write::read_dyadic(&words[place]) * q(2, 1)));
            }
            other.steps[number] = words.join(" ");
        }
    }
    other
}
