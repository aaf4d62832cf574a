//! What a row promises, read from its command line alone: the target, the domain, the norm.

use std::collections::BTreeMap;

use num_bigint::{BigInt, Sign};
use num_rational::Ratio;

use crate::layered::Scaled;
use crate::matrix::{Least, Matrix, combine, diagonal, matrix, norm_margin, product, solve, transpose};
use crate::spiking::first_spike;

/// An exact fraction.
pub type Fraction = Ratio<BigInt>;

/// A family with its options.
pub struct Task {
    pub family: String,
    options: BTreeMap<String, String>,
}

enum Domain {
    Space,
    Box(Vec<(Fraction, Fraction)>),
    /// Matrices (rows, columns, bound of the spectral norm), one after another.
    Balls(Vec<(usize, usize, Fraction)>),
    /// A symmetric matrix of this size with its spectrum in [lower, upper], a vector with its 2-norm at most the bound.
    System(usize, Fraction, Fraction, Fraction),
}

impl Task {
    /// Reads `family --option=value ..`.
    pub fn new(arguments: &[String]) -> Self {
        let option = |text: &String| {
            let (key, value) = text.strip_prefix("--").unwrap().split_once('=').unwrap();
            (key.to_owned(), value.to_owned())
        };
        Self { family: arguments[0].clone(), options: arguments[1..].iter().map(option).collect() }
    }

    /// The text of an option.
    pub fn option(&self, key: &str) -> Option<&str> {
        self.options.get(key).map(String::as_str)
    }

    /// The value of a number.
    pub fn number(&self, key: &str) -> Option<Fraction> {
        self.option(key).map(fraction)
    }

    fn count(&self, key: &str) -> usize {
        self.option(key).unwrap().parse().unwrap()
    }

    fn one_or(&self, keys: &[&str]) -> Fraction {
        keys.iter().find_map(|key| self.number(key)).unwrap_or_else(|| fraction("1"))
    }

    fn points(&self) -> Vec<(Fraction, Fraction)> {
        self.option("points").unwrap().split(',').map(pair).collect()
    }

    /// Columns of the output as a matrix for the spectral norm.
    pub fn output_columns(&self) -> Option<usize> {
        match self.family.as_str() {
            "matrix-product" => Some(self.count("columns")),
            "matrix-inverse" | "matrix-power" => Some(self.count("size")),
            _ => None,
        }
    }

    /// The name of the norm in which the error is measured.
    pub fn norm(&self) -> &'static str {
        match self.family.as_str() {
            "linear-solve" => "euclidean",
            _ if self.output_columns().is_some() => "spectral",
            _ => "maximum",
        }
    }

    fn domain(&self) -> Domain {
        let symmetric = |bound: Fraction| (-bound.clone(), bound);
        match self.family.as_str() {
            "relu-to-spiking" if self.option("of") == Some("product") => {
                Domain::Box(vec![symmetric(self.one_or(&["bound"])); 2])
            }
            "squaring" | "relu-to-spiking" => match self.number("bound") {
                None => Domain::Box(vec![(fraction("0"), fraction("1"))]),
                Some(bound) => Domain::Box(vec![symmetric(bound)]),
            },
            "product" => Domain::Box(vec![
                symmetric(self.one_or(&["bound-left", "bound"])),
                symmetric(self.one_or(&["bound-right", "bound"])),
            ]),
            "product-of-many" => Domain::Box(vec![symmetric(self.one_or(&["bound"])); self.count("size")]),
            "power" | "polynomial" | "reciprocal" => Domain::Box(vec![pair(self.option("domain").unwrap_or("-1:1"))]),
            "matrix-product" => {
                let (bound, inner) = (self.one_or(&["bound"]), self.count("inner"));
                Domain::Balls(vec![(self.count("rows"), inner, bound.clone()), (inner, self.count("columns"), bound)])
            }
            "matrix-inverse" => {
                let (size, bound) = (self.count("size"), fraction("1") - self.number("delta").unwrap());
                Domain::Balls(vec![(size, size, bound)])
            }
            "matrix-power" => {
                let size = self.count("size");
                Domain::Balls(vec![(size, size, self.one_or(&["bound"]))])
            }
            "linear-solve" => {
                let end = |key| self.number(key).unwrap();
                Domain::System(self.count("size"), end("lower"), end("upper"), self.one_or(&["rhs-bound"]))
            }
            _ => Domain::Space,
        }
    }

    /// Whether the input is in the domain.
    pub fn contains(&self, input: &Scaled) -> bool {
        let q = &input.denominator;
        match self.domain() {
            Domain::Space => true,
            Domain::Box(sides) => {
                let x = fractions(input);
                x.len() == sides.len() && x.iter().zip(&sides).all(|(x, (lo, hi))| lo <= x && x <= hi)
            }
            Domain::Balls(balls) => {
                let mut rest = input.numerators.as_slice();
                balls.iter().all(|(rows, columns, bound)| {
                    let (head, tail) = rest.split_at(rows * columns);
                    rest = tail;
                    norm_margin(&matrix(*columns, head), q, (bound.numer(), bound.denom())) != Least::Negative
                }) && rest.is_empty()
            }
            Domain::System(size, lower, upper, bound) => {
                let (b, f) = input.numerators.split_at(size * size);
                let b = matrix(size, b);
                // The spectrum is in [c, C] when that of 2 B - (C + c) I is in [-(C - c), C - c].
                let (middle, radius) = (&upper + &lower, &upper - &lower);
                let centred =
                    combine(&(middle.denom() * 2), &b, &BigInt::from(1), &diagonal(size, &(middle.numer() * q)));
                let scale = q * middle.denom();
                b == transpose(&b)
                    && norm_margin(&centred, &scale, (radius.numer(), radius.denom())) != Least::Negative
                    && f.len() == size
                    && squares(f) * bound.denom() * bound.denom() <= bound.numer() * bound.numer() * q * q
            }
        }
    }

    /// The exact value of the target.
    pub fn target(&self, input: &Scaled) -> Scaled {
        let (n, q) = (&input.numerators, &input.denominator);
        let value = match self.family.as_str() {
            "relu-to-spiking" if self.option("of") == Some("product") => {
                return Scaled { numerators: vec![&n[0] * &n[1]], denominator: q * q };
            }
            "spiking-to-relu" => {
                let weights: Vec<Fraction> = match self.option("weights") {
                    Some(list) => list.split(',').map(fraction).collect(),
                    None => vec![self.one_or(&["weight"]); self.count("size")],
                };
                first_spike(&self.one_or(&["threshold"]), fractions(input).into_iter().zip(weights).collect())
                    .expect("a neuron of positive weights fires")
            }
            "squaring" | "relu-to-spiking" => {
                return Scaled { numerators: vec![&n[0] * &n[0]], denominator: q * q };
            }
            "product" | "product-of-many" => {
                return Scaled { numerators: vec![n.iter().product()], denominator: q.pow(n.len() as u32) };
            }
            "power" => {
                let degree = self.count("degree") as u32;
                return Scaled { numerators: vec![n[0].pow(degree)], denominator: q.pow(degree) };
            }
            "polynomial" => {
                let x = &fractions(input)[0];
                let (mut sum, mut power) = (fraction("0"), fraction("1"));
                for c in self.option("coefficients").unwrap().split(',') {
                    sum += fraction(c) * &power;
                    power *= x;
                }
                sum
            }
            "reciprocal" => Fraction::new(q.clone(), n[0].clone()),
            "minimum" | "spiking-minimum" => fractions(input).into_iter().min().unwrap(),
            "maximum" => fractions(input).into_iter().max().unwrap(),
            "absolute-value" => Fraction::new(BigInt::from(n[0].magnitude().clone()), q.clone()),
            "median" => {
                let mut x = fractions(input);
                x.sort();
                x[x.len() / 2].clone()
            }
            "interpolation" => interpolate(&self.points(), &fractions(input)[0]),
            "matrix-product" => {
                let (a, b) = n.split_at(self.count("rows") * self.count("inner"));
                let product = product(&matrix(self.count("inner"), a), &matrix(self.count("columns"), b));
                return Scaled { numerators: product.concat(), denominator: q * q };
            }
            "matrix-power" => {
                let (size, degree) = (self.count("size"), self.count("degree"));
                let a = matrix(size, n);
                let power = (1..degree).fold(a.clone(), |power, _| product(&power, &a));
                return Scaled { numerators: power.concat(), denominator: q.pow(degree as u32) };
            }
            "matrix-inverse" => {
                // (I - N/q)^-1 = q (q I - N)^-1
                let size = self.count("size");
                let one = BigInt::from(1);
                let difference = combine(&one, &diagonal(size, q), &one, &matrix(size, n));
                return quotient(solve(&difference, &diagonal(size, q)));
            }
            "linear-solve" => {
                // (N/q)^-1 (f/q) = N^-1 f
                let (b, f) = n.split_at(self.count("size").pow(2));
                return quotient(solve(&matrix(self.count("size"), b), &matrix(1, f)));
            }
            family => panic!("the family {family} has no target here: add it"),
        };
        Scaled { numerators: vec![value.numer().clone()], denominator: value.denom().clone() }
    }

    /// An input of the domain, a few bits long, that depends on the seed.
    pub fn input(&self, inputs: usize, seed: &mut u64) -> Scaled {
        let denominator = BigInt::from(1 << 12);
        let mut whole = |lo: i64, hi: i64| lo + (next(seed) % (hi - lo + 1) as u64) as i64;
        match self.domain() {
            // A coarse grid, so that some entries are equal.
            Domain::Space => Scaled {
                numerators: (0..inputs).map(|_| BigInt::from(whole(-40, 40))).collect(),
                denominator: BigInt::from(16),
            },
            Domain::Box(sides) => {
                let grid = |x: &Fraction| i64::try_from((x * &denominator).to_integer()).unwrap();
                // Towards zero is inwards at both ends, or one grid point too low for a positive lower end.
                let end = |lo: &Fraction| grid(lo) + i64::from(*lo > fraction("0"));
                let numerators = sides.iter().map(|(lo, hi)| BigInt::from(whole(end(lo), grid(hi)))).collect();
                Scaled { numerators, denominator }
            }
            Domain::Balls(balls) => {
                // One scale for all matrices: the smallest power of two that is large enough.
                let entries = balls.iter().map(|(rows, columns, _)| rows * columns).sum();
                let numerators: Vec<BigInt> = (0..entries).map(|_| BigInt::from(whole(-16, 16))).collect();
                let scaled =
                    |bits: u32| Scaled { numerators: numerators.clone(), denominator: BigInt::from(1) << bits };
                (0..64).map(scaled).find(|input| self.contains(input)).unwrap()
            }
            Domain::System(size, lower, upper, _) => {
                let half: Vec<Vec<BigInt>> =
                    (0..size).map(|i| (0..=i).map(|_| BigInt::from(whole(-16, 16))).collect()).collect();
                let entry = |i: usize, j: usize| half[i.max(j)][i.min(j)].clone();
                let s: Matrix = (0..size).map(|i| (0..size).map(|j| entry(i, j)).collect()).collect();
                let f: Vec<BigInt> = (0..size).map(|_| BigInt::from(whole(-16, 16))).collect();
                // B = (c + C) / 2 I + S / 2^bits, f / 2^bits.
                let middle = (upper + lower) / BigInt::from(2);
                let scaled = |bits: u32| {
                    let scale = BigInt::from(1) << bits;
                    let b = combine(middle.denom(), &s, &-scale.clone(), &diagonal(size, middle.numer()));
                    let f = f.iter().map(|x| x * middle.denom());
                    Scaled {
                        numerators: b.concat().into_iter().chain(f).collect(),
                        denominator: scale * middle.denom(),
                    }
                };
                (0..64).map(scaled).find(|input| self.contains(input)).unwrap()
            }
        }
    }
}

/// The next number of a linear congruential sequence, its upper half.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

/// `p`, `p/q`, `1e-k` or `2^-k`.
pub fn fraction(text: &str) -> Fraction {
    let small = |base: u32, k: &str| Fraction::new(BigInt::from(1), BigInt::from(base).pow(k.parse().unwrap()));
    match (text.strip_prefix("1e-"), text.strip_prefix("2^-")) {
        (Some(k), _) => small(10, k),
        (_, Some(k)) => small(2, k),
        _ => text.parse().unwrap(),
    }
}

fn pair(text: &str) -> (Fraction, Fraction) {
    let (a, b) = text.split_once(':').unwrap();
    (fraction(a), fraction(b))
}

fn fractions(x: &Scaled) -> Vec<Fraction> {
    x.numerators.iter().map(|n| Fraction::new(n.clone(), x.denominator.clone())).collect()
}

/// The sum of squares.
pub fn squares(x: &[BigInt]) -> BigInt {
    x.iter().map(|x| x * x).sum()
}

fn quotient(solution: Option<(Matrix, BigInt)>) -> Scaled {
    let (numerators, denominator) = solution.expect("the domain has invertible matrices only");
    assert!(denominator.sign() == Sign::Plus);
    Scaled { numerators: numerators.concat(), denominator }
}

fn interpolate(points: &[(Fraction, Fraction)], x: &Fraction) -> Fraction {
    for ends in points.windows(2) {
        let ((a, y), (b, z)) = (&ends[0], &ends[1]);
        if a <= x && x <= b {
            return y + (z - y) * (x - a) / (b - a);
        }
    }
    if *x < points[0].0 { points[0].1.clone() } else { points[points.len() - 1].1.clone() }
}
