//! Random straight-line programs of affine maps, squares and products.

use certinet_check::generate::{self, Squaring};
use num_traits::{One, Signed, Zero};

use crate::Tally;
use crate::draw::Random;
use crate::intervals::Interval;
use crate::oracle::Q;
use crate::powers::Polynomial;
use crate::write::{Certificate, LAST_PLACE, at_least, dyadic, power_of_two, q, round_up, unit_error};

#[derive(Clone)]
struct Fact {
    node: usize,
    p: Polynomial,
    x: Interval,
    e: Interval,
    v: Interval,
}

struct Walk {
    certificate: Certificate,
    random: Random,
    sides: Vec<Interval>,
    nodes: Vec<String>,
    lines: Vec<String>,
    facts: Vec<Fact>,
    bounds: usize,
    fault: Option<usize>,
}

impl Walk {
    fn new(seed: u64, fault: Option<usize>, variables: usize, positive: bool) -> Self {
        let mut random = Random(seed);
        let side = |random: &mut Random| {
            let lo = if positive { q(random.between(1, 3), 2) } else { q(random.between(-6, 4), 4) };
            Interval::new(lo.clone(), lo + q(random.between(1, 6), random.between(1, 5)))
        };
        let sides: Vec<Interval> = (0..variables).map(|_| side(&mut random)).collect();
        let nodes = vec![format!("input {variables}")];
        let (lines, facts, certificate) = (Vec::new(), Vec::new(), Certificate::default());
        let mut walk = Self { certificate, random, sides, nodes, lines, facts, bounds: 0, fault };
        for j in 0..variables {
            let mut node = 0;
            if variables > 1 || walk.random.below(2) == 0 {
                let map = walk.certificate.reads(j);
                node = walk.node(format!("affine 1 1 0 {map} 0"));
            }
            let side = walk.sides[j].rounded();
            let zero = Interval::point(&Q::zero());
            let p = Polynomial::variable(j, variables);
            walk.fact(format!("input {node} {j}"), node, p, side.clone(), zero, side);
        }
        walk
    }

    fn node(&mut self, line: String) -> usize {
        self.nodes.push(line);
        self.nodes.len() - 1
    }

    /// States a fact with the rule's exact range, error and values.
    fn fact(&mut self, line: String, node: usize, p: Polynomial, x: Interval, e: Interval, v: Interval) {
        let (x, e) = (x.rounded(), e.rounded());
        let v = v.intersect(&(&x + &e)).rounded();
        self.lines.push(format!("{line} {} {} {}", x.claim(), e.claim(), v.claim()));
        self.facts.push(Fact { node, p, x, e, v });
    }

    fn at_least(&mut self, least: &Q) -> Q {
        at_least(&mut self.random, &mut self.bounds, self.fault, least)
    }

    fn pick(&mut self) -> Fact {
        let number = self.random.below(self.facts.len());
        self.facts[number].clone()
    }

    fn affine(&mut self) {
        let count = 1 + self.random.below(2);
        let parts: Vec<(Fact, Q)> =
            (0..count).map(|_| (self.pick(), q(self.random.between(-4, 4), self.random.between(1, 3)))).collect();
        let k = q(self.random.between(-2, 2), self.random.between(1, 3));
        let mut line = format!("affine 1 {count}");
        let mut p = Polynomial::constant(&k, self.sides.len());
        let (mut x, mut v) = (Interval::point(&k), Interval::point(&k));
        let mut e = Interval::point(&Q::zero());
        for (fact, c) in &parts {
            line += &format!(" {} {}", fact.node, self.certificate.identity(1, c));
            p = p.add(&fact.p, c);
            (x, e, v) = (&x + &fact.x.scale(c), &e + &fact.e.scale(c), &v + &fact.v.scale(c));
        }
        let bias = self.certificate.constant(1, &k);
        let node = self.node(format!("{line} {bias}"));
        self.fact(format!("affine {node}"), node, p, x, e, v);
    }

    fn carry(&mut self) {
        let fact = self.pick();
        let node = if !fact.v.lo.is_negative() && self.random.below(2) == 0 {
            self.node(format!("relu {}", fact.node))
        } else {
            // c <= v_lo
            let c = -self.at_least(&(q(4, 1) - &fact.v.lo)) + q(4, 1);
            let one = self.certificate.identity(1, &Q::one());
            let (minus, plus) = (self.certificate.constant(1, &-&c), self.certificate.constant(1, &c));
            let lowered = self.node(format!("affine 1 1 {} {one} {minus}", fact.node));
            let relu = self.node(format!("relu {lowered}"));
            self.node(format!("affine 1 1 {relu} {one} {plus}"))
        };
        self.lines.push(format!("carry {node}"));
        self.facts.push(Fact { node, ..fact });
    }

    fn square(&mut self) {
        let w = self.pick();
        let m = 1 + self.random.below(3);
        let bound = self.at_least(&w.v.magnitude());
        let (method, name) = [
            (Squaring::Delayed, "delayed"),
            (Squaring::Centred, "centred"),
            (Squaring::BoundedWeights, "bounded-weights"),
            (Squaring::FourWide, "four-wide"),
        ][self.random.below(4)];
        let unit = !w.v.lo.is_negative() && self.random.below(2) == 0;
        let network = generate::squaring(m as u64, if unit { None } else { Some(&bound) }, method).unwrap();
        let number = self.certificate.network(&network);
        let word = if unit { "unit".to_owned() } else { bound.to_string() };
        self.certificate.step(format!("spec {number} squaring {m} {word} {name}"));
        let node = if unit {
            let (inner, outer) =
                (self.certificate.identity(1, &bound.recip()), self.certificate.identity(1, &(&bound * &bound)));
            let scaled = self.node(format!("affine 1 1 {} {inner} 0", w.node));
            let call = self.node(format!("call {number} 1 {scaled}"));
            self.node(format!("affine 1 1 {call} {outer} 0"))
        } else {
            self.node(format!("call {number} 1 {}", w.node))
        };
        let most = &bound * &bound * unit_error(m);
        let own =
            if name == "centred" { Interval::symmetric(&(most / q(2, 1))) } else { Interval::new(Q::zero(), most) };
        let e = &(&w.e * &(&w.x + &w.v)) + &own;
        let mut v = &w.v.square() + &own;
        if name != "centred" {
            v = v.intersect(&Interval::new(Q::zero(), &bound * &bound));
        }
        self.fact(format!("square {node}"), node, w.p.product(&w.p), w.x.square(), e, v);
    }

    fn product(&mut self) {
        let (w, z, m) = (self.pick(), self.pick(), 1 + self.random.below(3));
        let (b1, b2) = (self.at_least(&w.v.magnitude()), self.at_least(&z.v.magnitude()));
        let number = self.certificate.network(&generate::dot(1, m as u64, &b1, &b2).unwrap());
        self.certificate.step(format!("spec {number} dot 1 {m} {b1} {b2}"));
        let node = self.node(format!("call {number} 1 {} {}", w.node, z.node));
        let size = &b1 * &b2;
        let own = Interval::symmetric(&(&size * unit_error(m)));
        let (first, second) = (&(&w.e * &z.v) + &(&w.x * &z.e), &(&w.e * &z.x) + &(&w.v * &z.e));
        let e = &first.intersect(&second) + &own;
        let v = (&(&w.v * &z.v) + &own).intersect(&Interval::symmetric(&size));
        self.fact(format!("product {node}"), node, w.p.product(&z.p), &w.x * &z.x, e, v);
    }

    fn walk(&mut self, most: usize) {
        for _ in 0..2 + self.random.below(4) {
            match self.random.below(5) {
                0 => self.affine(),
                1 => self.carry(),
                2 if self.facts.iter().all(|fact| fact.p.degree() * 2 <= most) => self.square(),
                3 | 4 if self.facts.iter().all(|fact| fact.p.degree() * 2 <= most) => self.product(),
                _ => self.affine(),
            }
        }
    }

    /// The scale and shift of the Chebyshev basis.
    fn basis(&self) -> (Q, Q) {
        let Interval { lo, hi } = &self.sides[0];
        (q(2, 1) / (hi - lo), -(lo + hi) / (hi - lo))
    }

    fn finish(mut self, target: Option<String>, chebyshev: bool, error: Q, qed: String) -> Certificate {
        let last = self.facts[self.facts.len() - 1].clone();
        let number = self.certificate.networks.len();
        self.nodes.push(format!("output {}", last.node));
        let basis = if chebyshev {
            let (a, b) = self.basis();
            format!("chebyshev {a} {b}")
        } else {
            "powers".to_owned()
        };
        let sides: Vec<String> = self.sides.iter().map(|side| format!("{} {}", side.lo, side.hi)).collect();
        let domain = format!("box {}", sides.join(" "));
        self.certificate.networks.push(self.nodes);
        self.certificate.step(format!("scalar {number} {basis} {domain}"));
        self.certificate.steps.extend(self.lines);
        self.certificate.step("conclude".to_owned());
        self.certificate.step(qed);
        self.certificate.target = target.unwrap_or_else(|| last.p.target(self.sides.len()));
        self.certificate.domain = domain;
        self.certificate.norm = "maximum".to_owned();
        self.certificate.error = error;
        self.certificate
    }
}

fn polynomial(seed: u64, fault: Option<usize>) -> (Certificate, usize) {
    let variables = 1 + (seed % 3 / 2) as usize;
    let mut walk = Walk::new(seed, fault, variables, false);
    walk.walk(4);
    let chebyshev = variables == 1 && walk.random.below(2) == 0;
    let bounds = walk.bounds;
    let error = walk.facts[walk.facts.len() - 1].e.magnitude();
    (walk.finish(None, chebyshev, error, "qed".to_owned()), bounds)
}

fn reciprocal(seed: u64, fault: Option<usize>) -> (Certificate, usize) {
    let mut walk = Walk::new(seed, fault, 1, true);
    walk.walk(2);
    let (last, bounds) = (walk.facts[walk.facts.len() - 1].clone(), walk.bounds);
    let shift = if walk.random.below(2) == 0 { Q::zero() } else { q(walk.random.between(-8, 8), 16) };
    let (one, lo, (a, b)) = (Q::one(), walk.sides[0].lo.clone(), walk.basis());
    // 1 - x (p - s)
    let shifted = last.p.clone().add(&Polynomial::constant(&shift, 1), &-Q::one());
    let residual = Polynomial::constant(&one, 1).add(&Polynomial::variable(0, 1).product(&shifted), &-one);
    let error = (&last.e + &Interval::point(&shift)).magnitude() + residual.chebyshev_sum(&a, &b) / lo;
    (walk.finish(Some("reciprocal".to_owned()), true, error, format!("qed {}", dyadic(&shift))), bounds)
}

#[test]
fn random_scalar_sections() {
    for (name, make) in [("polynomials", polynomial as fn(u64, Option<usize>) -> _), ("reciprocals", reciprocal)] {
        let mut tally = Tally::default();
        let mut random = Random(5);
        for seed in 0..60 {
            let (certificate, bounds) = make(seed, None);
            tally.accepts(&certificate.text());
            for (what, text) in narrower_errors(&certificate) {
                tally.rejects(&text, &what);
            }
            for fault in 0..bounds {
                tally.rejects(&make(seed, Some(fault)).0.text(), "a bound is too small");
            }
            let mut other = certificate.clone();
            other.error -= power_of_two(LAST_PLACE);
            if !other.error.is_negative() {
                tally.rejects(&other.text(), "the error is lower");
            }
            for _ in 0..12 {
                tally.judge(&perturbed(&certificate, &mut random).text());
            }
        }
        tally.print(name);
    }
}

/// Certificates in which one end of one range of errors lies one unit inside.
fn narrower_errors(certificate: &Certificate) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (number, step) in certificate.steps.iter().enumerate() {
        let words: Vec<&str> = step.split(' ').collect();
        if words.len() < 8 || !["input", "affine", "square", "product"].contains(&words[0]) {
            continue;
        }
        // .. e_lo e_hi v_lo v_hi
        for (place, unit) in [(3, power_of_two(LAST_PLACE)), (4, -power_of_two(LAST_PLACE))] {
            let place = words.len() - place;
            let mut changed: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            changed[place] = dyadic(&(crate::write::read_dyadic(words[place]) - &unit));
            let mut other = certificate.clone();
            other.steps[number] = changed.join(" ");
            all.push((format!("{step}: word {place} lies inside"), other.text()));
        }
    }
    all
}

fn perturbed(certificate: &Certificate, random: &mut Random) -> Certificate {
    let mut other = certificate.clone();
    let main = other.networks.len() - 1;
    let word_of = |line: &str, random: &mut Random| {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let place = 1 + random.below(words.len() - 1);
        let number = crate::write::round_up(&words[place].parse::<Q>().unwrap_or_else(|_| q(1, 2)));
        words[place] = match random.below(4) {
            0 => dyadic(&(number + power_of_two(-6))),
            1 => dyadic(&(number - power_of_two(-6))),
            2 => random.below(6).to_string(),
            _ => words[1 + random.below(words.len() - 1)].clone(),
        };
        words.join(" ")
    };
    match random.below(6) {
        0 => {
            other.target = word_of(&other.target.clone().replacen("reciprocal", "reciprocal 1", 1), random).replacen(
                "reciprocal 1",
                "reciprocal",
                1,
            )
        }
        1 => other.domain = word_of(&other.domain.clone(), random),
        2 => {
            let line = random.below(other.networks[main].len());
            other.networks[main][line] = word_of(&other.networks[main][line].clone(), random);
        }
        3 => {
            let (i, j) = (random.below(other.steps.len()), random.below(other.steps.len()));
            other.steps.swap(i, j);
        }
        _ => {
            let line = random.below(other.steps.len());
            if other.steps[line].contains(' ') {
                other.steps[line] = word_of(&other.steps[line].clone(), random);
            }
        }
    }
    other.error = round_up(&(other.error * q(17, 16)));
    other
}
