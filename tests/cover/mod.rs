//! Covers replayed from their text, slowly and by the definition (`proofs/FORMAT.md`, section 8).

#![allow(dead_code)]

use std::collections::HashSet;
use std::fs;

use certinet::arith::Rational;
use certinet::certify::Target;
use certinet::format::read_network;
use certinet::network::{Layered, LinearMap, Unrolled};

/// coefficients . x + constant, the constant last.
type Affine = Vec<Rational>;

/// What the leaves are to show.
pub enum Aim<'a> {
    Regions { count: usize, maps: usize },
    Equal,
    Near { target: &'a Target, error: Rational, witness: Option<Vec<Rational>> },
}

struct Layer {
    rows: Vec<Vec<Rational>>,
    bias: Vec<Rational>,
}

struct Walk<'a> {
    networks: Vec<Vec<Layer>>,
    lines: Vec<Vec<&'a str>>,
    next: usize,
    aim: &'a Aim<'a>,
    dimension: usize,
    leaves: usize,
    maps: HashSet<Vec<Affine>>,
}

/// The layered form of a network file.
pub fn layered(path: &str) -> Layered {
    read_network(path, &fs::read_to_string(path).unwrap()).unwrap().into_network().unwrap().layered().unwrap()
}

/// Replays the cover of a certificate; panics where a condition fails.
pub fn replay(certificate: &str, networks: &[&Layered], domain: Option<&[(Rational, Rational)]>, aim: &Aim<'_>) {
    let text = fs::read_to_string(certificate).unwrap();
    assert!(text.is_ascii() && text.ends_with('\n'));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[lines.len() - 1], format!("end {}", lines.len() - 1));
    assert_eq!(lines[lines.len() - 2], "qed");
    let start = lines.iter().position(|line| *line == "cover").unwrap();
    let steps = &lines[start + 1..lines.len() - 2];
    let dimension = networks[0].input_dimension();
    let mut walk = Walk {
        networks: networks.iter().map(|network| network.layers().iter().map(layer).collect()).collect(),
        lines: steps.iter().map(|line| line.split(' ').collect()).collect(),
        next: 0,
        aim,
        dimension,
        leaves: 0,
        maps: HashSet::new(),
    };
    let mut slacks = Vec::new();
    for (j, (lo, hi)) in domain.unwrap_or_default().iter().enumerate() {
        for (end, sign) in [(lo, 1), (hi, -1)] {
            let mut slack = vec![Rational::zero(); dimension + 1];
            slack[j] = Rational::from(sign);
            slack[dimension] = -end * Rational::from(sign);
            slacks.push(slack);
        }
    }
    walk.cell(&Vec::new(), &slacks);
    let last = walk.lines[walk.next].clone();
    assert_eq!((last[0], walk.next + 1), ("conclude", walk.lines.len()));
    match aim {
        Aim::Regions { count, maps } => assert_eq!((walk.leaves, walk.maps.len()), (*count, *maps)),
        Aim::Equal => assert_eq!(last.len(), 1),
        Aim::Near { witness, .. } => {
            let point: Vec<Rational> = last[1..].iter().map(|word| word.parse().unwrap()).collect();
            assert_eq!(point, witness.clone().unwrap_or_default());
        }
    }
}

fn layer(layer: &certinet::network::Layer) -> Layer {
    let dense = |map: &LinearMap| -> Vec<Vec<Rational>> {
        let map = Unrolled::new(map, 1 << 20).unwrap();
        let mut rows = vec![vec![Rational::zero(); map.columns()]; map.rows()];
        for (i, row) in rows.iter_mut().enumerate() {
            map.row(i).for_each(|(j, w)| row[j] = w.clone());
        }
        rows
    };
    Layer { rows: dense(&layer.map), bias: dense(&layer.bias).concat() }
}

impl Walk<'_> {
    /// One cell: `decided` are the neurons, layer by layer, the last list that of the open layer.
    fn cell(&mut self, decided: &[Vec<Option<bool>>], slacks: &[Affine]) {
        let mut decided = decided.to_vec();
        loop {
            let open = self.open(&mut decided);
            let line = self.lines[self.next].clone();
            self.next += 1;
            let number = |word: &str| word.parse::<usize>().unwrap();
            let rational = |word: &&str| word.parse::<Rational>().unwrap();
            match line[0] {
                "on" | "off" => {
                    let (functions, i) = (open.unwrap(), number(line[1]));
                    let on = line[0] == "on";
                    let mut rest = signed(&functions[i], on);
                    for pair in line[2..].chunks(2) {
                        let y = rational(&pair[1]);
                        assert!(y.is_positive());
                        rest.iter_mut().zip(&slacks[number(pair[0])]).for_each(|(r, s)| *r = &*r - &y * s);
                    }
                    let constant = rest.pop().unwrap();
                    assert!(rest.iter().all(Rational::is_zero) && !constant.is_negative(), "{line:?}");
                    let place = &mut decided.last_mut().unwrap()[i];
                    assert!(place.replace(on).is_none());
                }
                "split" => {
                    let (functions, i) = (open.unwrap(), number(line[1]));
                    assert!(decided.last().unwrap()[i].is_none());
                    for on in [false, true] {
                        let mut part = decided.clone();
                        part.last_mut().unwrap()[i] = Some(on);
                        let further = signed(&functions[i], on);
                        self.cell(&part, &[slacks, &[further]].concat());
                    }
                    return;
                }
                "cut" => {
                    let mut wall: Affine = line[1..].iter().map(rational).collect();
                    assert_eq!(wall.len(), self.dimension + 1);
                    let b = wall.pop().unwrap();
                    wall.push(-b);
                    for side in [false, true] {
                        self.cell(&decided, &[slacks, &[signed(&wall, side)]].concat());
                    }
                    return;
                }
                "leaf" => {
                    assert!(open.is_none(), "a neuron is not decided");
                    self.leaf(&line[1..], &decided, slacks);
                    return;
                }
                other => panic!("{other}"),
            }
        }
    }

    /// Opens layers until one has undecided neurons; its functions, or nothing.
    fn open(&self, decided: &mut Vec<Vec<Option<bool>>>) -> Option<Vec<Affine>> {
        loop {
            if decided.last().is_some_and(|layer| layer.contains(&None)) {
                let (network, layer) = self.place(decided.len() - 1).unwrap();
                return Some(self.functions(network, layer, decided));
            }
            let (network, layer) = self.place(decided.len())?;
            decided.push(vec![None; self.networks[network][layer].rows.len()]);
        }
    }

    /// The network and layer of the k-th layer of neurons.
    fn place(&self, k: usize) -> Option<(usize, usize)> {
        let all = self.networks.iter().enumerate();
        all.flat_map(|(number, layers)| (0..layers.len() - 1).map(move |layer| (number, layer))).nth(k)
    }

    /// The pre-activations of a layer, from the decisions before it.
    fn functions(&self, network: usize, layer: usize, decided: &[Vec<Option<bool>>]) -> Vec<Affine> {
        let first: usize = self.networks[..network].iter().map(|layers| layers.len() - 1).sum();
        let unit = |j: usize| (0..=self.dimension).map(|i| Rational::from(i64::from(i == j))).collect::<Affine>();
        let mut values: Vec<Affine> = (0..self.dimension).map(unit).collect();
        for number in 0..=layer {
            let Layer { rows, bias } = &self.networks[network][number];
            values = rows
                .iter()
                .zip(bias)
                .map(|(row, b)| {
                    let mut sum = vec![Rational::zero(); self.dimension + 1];
                    for (w, value) in row.iter().zip(&values) {
                        sum.iter_mut().zip(value).for_each(|(s, v)| *s += &(w * v));
                    }
                    sum[self.dimension] += b;
                    sum
                })
                .collect();
            if number < layer {
                for (value, on) in values.iter_mut().zip(&decided[first + number]) {
                    if !on.unwrap() {
                        value.iter_mut().for_each(|v| *v = Rational::zero());
                    }
                }
            }
        }
        values
    }

    /// What follows `leaf`.
    fn leaf(&mut self, words: &[&str], decided: &[Vec<Option<bool>>], slacks: &[Affine]) {
        self.leaves += 1;
        let output = |network: usize| self.functions(network, self.networks[network].len() - 1, decided);
        let map = output(0);
        match self.aim {
            Aim::Regions { .. } => {
                let point: Vec<Rational> = words.iter().map(|word| word.parse().unwrap()).collect();
                assert!(slacks.iter().all(|slack| value(slack, &point).is_positive()));
                self.maps.insert(map);
            }
            Aim::Equal => {
                assert!(words.is_empty());
                assert_eq!(map, output(1));
            }
            Aim::Near { target, error, .. } => {
                let mut words = words.iter();
                let sums = [0, 1].map(|_| {
                    let terms: usize = words.next().unwrap().parse().unwrap();
                    let term = |_| {
                        let c: Rational = words.next().unwrap().parse().unwrap();
                        let k: usize = words.next().unwrap().parse().unwrap();
                        assert!(c.is_positive());
                        (c, (0..k).map(|_| words.next().unwrap().parse().unwrap()).collect::<Vec<usize>>())
                    };
                    (0..terms).map(term).collect::<Vec<_>>()
                });
                assert!(words.next().is_none());
                identity(target, error, &map[0], &sums, slacks);
            }
        }
    }
}

/// E - (R - p) and E + (R - p) are the sums: equal at all points of a grid that is finer than their degrees.
fn identity(
    target: &Target,
    error: &Rational,
    map: &Affine,
    sums: &[Vec<(Rational, Vec<usize>)>; 2],
    slacks: &[Affine],
) {
    let n = map.len() - 1;
    let degree = match target {
        Target::Square => 2,
        Target::Power { exponent } => *exponent as usize,
        Target::Product { .. } => 1,
        Target::Polynomial { coefficients } => coefficients.len() - 1,
        Target::MultivariatePolynomial { terms, .. } => {
            terms.iter().flat_map(|term| &term.1).max().copied().unwrap_or(0) as usize
        }
        _ => panic!("no polynomial"),
    };
    let degree = sums.iter().flatten().map(|term| term.1.len()).fold(degree, usize::max);
    let points = degree + 1;
    for number in 0..points.pow(n as u32) {
        let x: Vec<Rational> = (0..n).map(|j| Rational::from(number / points.pow(j as u32) % points)).collect();
        let difference = value(map, &x) - &target.evaluate(&x).unwrap()[0];
        for (sum, sign) in sums.iter().zip([-1, 1]) {
            let term = |(c, factors): &(Rational, Vec<usize>)| {
                factors.iter().fold(c.clone(), |product, &k| product * value(&slacks[k], &x))
            };
            let total: Rational = sum.iter().map(term).sum();
            assert_eq!(total, error + Rational::from(sign) * &difference);
        }
    }
}

fn value(affine: &Affine, x: &[Rational]) -> Rational {
    let terms: Rational = affine.iter().zip(x).map(|(a, x)| a * x).sum();
    terms + affine.last().unwrap()
}

fn signed(affine: &Affine, positive: bool) -> Affine {
    affine.iter().map(|a| if positive { a.clone() } else { -a }).collect()
}
