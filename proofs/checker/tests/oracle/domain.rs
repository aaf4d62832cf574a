//! Domains and points in them.

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::matrices::{between, in_ball, q, scaled_identity, symmetric};
use super::parse::Words;
use super::{Q, Why};
use crate::draw::Random;

/// The set of all x.
pub enum Domain {
    Space(usize),
    Intervals(Vec<(Q, Q)>),
    Balls(Vec<(usize, usize, Q)>),
    Symmetric(usize, Q, Q),
    System(usize, Q, Q, Q),
}

/// The largest dimension that is sampled.
const DIMENSION: usize = 4096;

fn senseless<T>(why: impl Into<String>) -> Result<T, Why> {
    Err(Why::Senseless(why.into()))
}

/// Reads a domain; an empty one makes no sense.
pub fn read(text: &str) -> Result<Domain, Why> {
    let mut words = Words::new(text);
    let domain = match words.word()? {
        "space" => Domain::Space(words.natural()?),
        "cube" => {
            let (n, lo, hi) = (words.natural()?, words.rational()?, words.rational()?);
            if n > DIMENSION {
                return senseless("a cube of too many dimensions");
            }
            Domain::Intervals(vec![(lo, hi); n])
        }
        "box" => {
            let mut sides = Vec::new();
            while !words.is_empty() {
                sides.push((words.rational()?, words.rational()?));
            }
            Domain::Intervals(sides)
        }
        "balls" => {
            let mut balls = Vec::new();
            while !words.is_empty() {
                balls.push((words.natural()?, words.natural()?, words.rational()?));
            }
            Domain::Balls(balls)
        }
        "symmetric" => Domain::Symmetric(words.natural()?, words.rational()?, words.rational()?),
        "symmetric-system" => Domain::System(words.natural()?, words.rational()?, words.rational()?, words.rational()?),
        other => return senseless(format!("{other:?} is no domain")),
    };
    words.end()?;
    let sensible = match &domain {
        Domain::Space(n) => *n > 0 && *n <= DIMENSION,
        Domain::Intervals(sides) => !sides.is_empty() && sides.iter().all(|side| side.0 <= side.1),
        Domain::Balls(balls) => {
            let fits = |ball: &(usize, usize, Q)| {
                ball.0 > 0 && ball.1 > 0 && ball.0 < DIMENSION && ball.1 < DIMENSION && !ball.2.is_negative()
            };
            !balls.is_empty() && balls.iter().all(fits)
        }
        Domain::Symmetric(d, lo, hi) => *d > 0 && *d < 64 && lo.is_positive() && lo <= hi,
        Domain::System(d, lo, hi, r) => *d > 0 && *d < 64 && lo.is_positive() && lo <= hi && !r.is_negative(),
    };
    if sensible { Ok(domain) } else { senseless("an empty domain, or one without dimension") }
}

impl Domain {
    /// The dimension of its points.
    pub fn dimension(&self) -> usize {
        match self {
            Self::Space(n) => *n,
            Self::Intervals(sides) => sides.len(),
            Self::Balls(balls) => balls.iter().map(|ball| ball.0 * ball.1).sum(),
            Self::Symmetric(d, ..) => d * d,
            Self::System(d, ..) => d * d + d,
        }
    }

    /// Points of the domain. `levels` is the number of layers of the network: grids are that fine.
    pub fn points(&self, levels: usize, random: &mut Random) -> Vec<Vec<Q>> {
        match self {
            Self::Space(n) => space(*n, random),
            Self::Intervals(sides) => intervals(sides, levels, random),
            Self::Balls(balls) => {
                let all: Vec<_> = balls.iter().map(|ball| in_ball(ball.0, ball.1, &ball.2, random)).collect();
                tuples(&all, random)
            }
            Self::Symmetric(d, lo, hi) => symmetrics(*d, lo, hi, random),
            Self::System(d, lo, hi, r) => {
                let vectors = in_ball(*d, 1, r, random);
                let matrices = symmetrics(*d, lo, hi, random);
                let pick = |b: Vec<Q>, random: &mut Random| [b, vectors[random.below(vectors.len())].clone()].concat();
                (0..2).flat_map(|_| matrices.clone()).map(|b| pick(b, random)).collect()
            }
        }
    }
}

fn symmetrics(d: usize, lo: &Q, hi: &Q, random: &mut Random) -> Vec<Vec<Q>> {
    let mut all = vec![scaled_identity(d, lo), scaled_identity(d, hi), scaled_identity(d, &((lo + hi) / q(2, 1)))];
    all.extend((0..20).map(|_| symmetric(d, lo, hi, random)));
    all
}

/// Points with ties, signs and different sizes.
fn space(n: usize, random: &mut Random) -> Vec<Vec<Q>> {
    let mut all = vec![vec![Q::zero(); n]];
    for round in 0..60 {
        let entry = |random: &mut Random| match round % 4 {
            0 => q(random.between(-2, 2), 1),
            1 => q(random.between(-1000, 1000), 7),
            2 => q(random.between(-4, 4), 1) * Q::from(BigInt::from(1) << random.below(70)),
            _ => q(random.between(-3, 3), 1 << random.below(40)),
        };
        all.push((0..n).map(|_| entry(random)).collect());
    }
    all
}

/// Corners, a grid, random points.
fn intervals(sides: &[(Q, Q)], levels: usize, random: &mut Random) -> Vec<Vec<Q>> {
    let n = sides.len();
    let mut all = Vec::new();
    for corner in 0..1usize << n.min(4) {
        let corner = |k: usize, side: &(Q, Q)| if corner >> (k % 4) & 1 == 0 { side.0.clone() } else { side.1.clone() };
        all.push(sides.iter().enumerate().map(|(k, side)| corner(k, side)).collect());
    }
    // Every point of a grid of cells and midpoints, if that are not too many.
    let cells = 1usize << (levels + 1).min(7);
    let steps = if n == 1 { cells } else { cells.min(16) };
    let at = |side: &(Q, Q), k: usize| &side.0 + (&side.1 - &side.0) * q(k as i64, steps as i64);
    if n <= 2 {
        for place in 0..(steps + 1).pow(n as u32) {
            let coordinate = |(k, side): (usize, &(Q, Q))| at(side, place / (steps + 1).pow(k as u32) % (steps + 1));
            all.push(sides.iter().enumerate().map(coordinate).collect());
        }
    }
    for _ in 0..40 {
        all.push(sides.iter().map(|side| between(&side.0, &side.1, random)).collect());
    }
    all
}

/// The same kind in all places, then random tuples.
fn tuples(all: &[Vec<Vec<Q>>], random: &mut Random) -> Vec<Vec<Q>> {
    let most = all.iter().map(Vec::len).max().unwrap_or(0);
    let same = |k: usize| all.iter().flat_map(|matrices| matrices[k % matrices.len()].clone()).collect();
    let mut points: Vec<Vec<Q>> = (0..most).map(same).collect();
    if all.len() > 1 {
        for _ in 0..40 {
            points.push(all.iter().flat_map(|matrices| matrices[random.below(matrices.len())].clone()).collect());
        }
    }
    points
}
