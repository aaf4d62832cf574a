//! Parametric diffusion, read a second time: dense element matrices by the formulas of textbooks, integrals in barycentric
//! coordinates, solutions by elimination.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use super::domain::{self, Domain};
use super::evaluate::evaluate;
use super::layered;
use super::matrices::q;
use super::parse::{Certificate, Words};
use super::{Q, Why};
use crate::draw::Random;

/// Grids that are written out.
const CELLS: usize = 8;

/// A discrete problem.
pub struct Problem {
    /// Cells a side.
    pub n: usize,
    /// Parameters.
    pub p: usize,
    /// a_k0, .., a_kp
    pub classes: Vec<Vec<Q>>,
    /// Corners of the triangles in h, and their classes.
    pub triangles: Vec<([[i64; 2]; 3], usize)>,
    pub load: Vec<(Q, [usize; 2])>,
}

fn senseless<T>(why: &str) -> Result<T, Why> {
    Err(Why::Senseless(why.to_owned()))
}

/// Reads the words of a target.
pub fn read(text: &str) -> Result<Problem, Why> {
    let mut words = Words::new(text);
    if words.word()? != "diffusion" {
        return senseless("another target");
    }
    let (n, p, count) = (words.natural()?, words.natural()?, words.natural()?);
    if n > CELLS || p > 64 || count > 4096 {
        return Err(Why::TooLarge);
    }
    if n < 2 || p == 0 || count == 0 {
        return senseless("an empty problem");
    }
    let mut classes = Vec::new();
    for _ in 0..count {
        classes.push((0..=p).map(|_| words.rational()).collect::<Result<Vec<Q>, _>>()?);
    }
    let mut of = Vec::new();
    for _ in 0..words.natural()? {
        let (class, length) = (words.natural()?, words.natural()?);
        if class >= count || length == 0 || length > 2 * n * n {
            return senseless("a run that is none");
        }
        of.extend(vec![class; length]);
    }
    let mut load = Vec::new();
    for _ in 0..words.natural()? {
        let c = words.rational()?;
        load.push((c, [words.natural()?, words.natural()?]));
    }
    words.end()?;
    if of.len() != 2 * n * n {
        return senseless("another number of triangles");
    }
    let mut triangles = Vec::new();
    for cell in 0..n * n {
        let (i, j) = ((cell % n) as i64, (cell / n) as i64);
        // The right angle comes first.
        triangles.push(([[i + 1, j], [i, j], [i + 1, j + 1]], of[2 * cell]));
        triangles.push(([[i, j + 1], [i, j], [i + 1, j + 1]], of[2 * cell + 1]));
    }
    Ok(Problem { n, p, classes, triangles, load })
}

pub type Matrix = Vec<Vec<Q>>;

impl Problem {
    /// The number of interior nodes.
    pub fn nodes(&self) -> usize {
        (self.n - 1) * (self.n - 1)
    }
    fn node(&self, [i, j]: [i64; 2]) -> Option<usize> {
        let inside = 1..self.n as i64;
        let (i, j) = (inside.contains(&i).then_some(i)?, inside.contains(&j).then_some(j)?);
        Some(((j - 1) * (self.n as i64 - 1) + i - 1) as usize)
    }
    fn assemble(&self, element: impl Fn(usize, &[[i64; 2]; 3]) -> [[Q; 3]; 3]) -> Matrix {
        let mut matrix = vec![vec![Q::zero(); self.nodes()]; self.nodes()];
        for (number, (corners, _)) in self.triangles.iter().enumerate() {
            let entries = element(number, corners);
            for (a, row) in corners.iter().zip(&entries) {
                for (b, entry) in corners.iter().zip(row) {
                    if let (Some(a), Some(b)) = (self.node(*a), self.node(*b)) {
                        matrix[a][b] += entry;
                    }
                }
            }
        }
        matrix
    }
    /// The matrix of the coefficient with these values: a (b_i b_j + c_i c_j) / (4 area) with the differences b, c of corners.
    pub fn stiffness(&self, value: impl Fn(usize) -> Q) -> Matrix {
        self.assemble(|number, corners| {
            let side = |k: usize, c: usize| corners[(k + 1) % 3][c] - corners[(k + 2) % 3][c];
            let area = (corners[1][0] - corners[0][0]) * (corners[2][1] - corners[0][1])
                - (corners[2][0] - corners[0][0]) * (corners[1][1] - corners[0][1]);
            let entry = |i, j| q(side(i, 0) * side(j, 0) + side(i, 1) * side(j, 1), 2 * area.abs()) * value(number);
            [0, 1, 2].map(|i| [0, 1, 2].map(|j| entry(i, j)))
        })
    }
    /// The integrals of products of two hats: area / 12 (1 + delta_ij).
    pub fn mass(&self) -> Matrix {
        let area = q(1, 2 * (self.n * self.n) as i64);
        self.assemble(|_, _| [0, 1, 2].map(|i| [0, 1, 2].map(|j| &area * q(if i == j { 2 } else { 1 }, 12))))
    }
    /// a_y on triangle `number`.
    pub fn value(&self, number: usize, y: &[Q]) -> Q {
        let class = &self.classes[self.triangles[number].1];
        class[1..].iter().zip(y).fold(class[0].clone(), |sum, (a, y)| sum + a * y)
    }
    /// The integrals of the load times the hats.
    pub fn loads(&self) -> Vec<Q> {
        let mut sums = vec![Q::zero(); self.nodes()];
        for (corners, _) in &self.triangles {
            for (k, corner) in corners.iter().enumerate() {
                let Some(node) = self.node(*corner) else { continue };
                for (c, [e1, e2]) in &self.load {
                    // A polynomial in barycentric coordinates: exponents and coefficient.
                    let mut terms = vec![([0usize; 3], c.clone())];
                    terms[0].0[k] = 1;
                    for axis in std::iter::repeat_n(0, *e1).chain(std::iter::repeat_n(1, *e2)) {
                        let mut next: Vec<([usize; 3], Q)> = Vec::new();
                        for (powers, c) in &terms {
                            for (l, corner) in corners.iter().enumerate() {
                                let mut powers = *powers;
                                powers[l] += 1;
                                let value = c * q(corner[axis], self.n as i64);
                                match next.iter_mut().find(|term| term.0 == powers) {
                                    Some(term) => term.1 += value,
                                    None => next.push((powers, value)),
                                }
                            }
                        }
                        terms = next;
                    }
                    // 2 area a! b! c! / (a + b + c + 2)!
                    let factorial = |n: usize| (1..=n).fold(BigInt::one(), |product, k| product * k);
                    for (powers, c) in terms {
                        let top = powers.iter().fold(BigInt::one(), |product, n| product * factorial(*n));
                        let bottom = factorial(powers.iter().sum::<usize>() + 2) * (self.n * self.n);
                        sums[node] += c * Q::new(top, bottom);
                    }
                }
            }
        }
        sums
    }
}

/// v . A v
pub fn energy(matrix: &Matrix, v: &[Q]) -> Q {
    let rows = matrix.iter().map(|row| row.iter().zip(v).filter(|(a, _)| !a.is_zero()).map(|(a, v)| a * v).sum::<Q>());
    rows.zip(v).map(|(row, v)| row * v).sum()
}

/// The solution of A u = f by elimination; A is symmetric and positive, so that no pivot is 0.
pub fn solve(matrix: &Matrix, f: &[Q]) -> Option<Vec<Q>> {
    let mut rows: Matrix = matrix.clone();
    rows.iter_mut().zip(f).for_each(|(row, f)| row.push(f.clone()));
    for k in 0..rows.len() {
        if rows[k][k].is_zero() {
            return None;
        }
        let pivot = rows[k].clone();
        for (i, row) in rows.iter_mut().enumerate() {
            if i != k && !row[k].is_zero() {
                let factor = &row[k] / &pivot[k];
                row.iter_mut().zip(&pivot).skip(k).for_each(|(entry, p)| *entry -= &factor * p);
            }
        }
    }
    Some(rows.iter().enumerate().map(|(k, row)| &row[row.len() - 1] / &row[k]).collect())
}

/// Points of a box: its corners, then points inside.
fn points(sides: &[(Q, Q)], random: &mut Random) -> Vec<Vec<Q>> {
    let mut all = Vec::new();
    for corner in 0..1usize << sides.len().min(3) {
        let end = |i: usize| if corner >> (i % 3) & 1 == 0 { sides[i].0.clone() } else { sides[i].1.clone() };
        all.push((0..sides.len()).map(end).collect());
    }
    for _ in 0..6 {
        let inner = |(lo, hi): &(Q, Q)| lo + (hi - lo) * q(random.between(0, 32), 32);
        all.push(sides.iter().map(inner).collect());
    }
    all
}

/// Looks for a point with a larger error.
pub fn refute(certificate: &Certificate) -> Result<(), Why> {
    let problem = read(&certificate.target.join(" "))?;
    let Domain::Intervals(sides) = domain::read(&certificate.domain.join(" "))? else {
        return senseless("the domain is no box");
    };
    let Some(network) = certificate.networks.last() else { return senseless("no network") };
    let (inputs, outputs) = (network.inputs().iter().sum::<usize>(), network.dimensions[network.output]);
    if sides.len() != problem.p || inputs != problem.p || outputs != problem.nodes() {
        return senseless("a network with other dimensions");
    }
    let (l, n, m) = layered::size(inputs, &layered::layers(&certificate.networks)?);
    if certificate.size != [BigInt::from(l), BigInt::from(n), BigInt::from(m)] {
        return Err(Why::Size(l, n, m));
    }
    let h1 = match certificate.norm.join(" ").as_str() {
        "relative-energy" => false,
        "relative-h1" => true,
        _ => return senseless("a norm of other targets"),
    };
    let f = problem.loads();
    let (laplace, mass) = (problem.stiffness(|_| q(1, 1)), problem.mass());
    for y in points(&sides, &mut Random(11)) {
        if (0..problem.triangles.len()).any(|number| !problem.value(number, &y).is_positive()) {
            return senseless("a coefficient that is not positive");
        }
        let matrix = problem.stiffness(|number| problem.value(number, &y));
        let Some(u) = solve(&matrix, &f) else { return senseless("a singular matrix") };
        let value = evaluate(&certificate.networks, certificate.networks.len() - 1, &y);
        let error: Vec<Q> = value.iter().zip(&u).map(|(a, b)| a - b).collect();
        let square = |v: &[Q]| if h1 { energy(&laplace, v) + energy(&mass, v) } else { energy(&matrix, v) };
        if square(&error).cmp(&(&certificate.error * &certificate.error * square(&u))) == Ordering::Greater {
            return Err(Why::Error(format!("at {y:?}")));
        }
    }
    // A maximum over a box is rarely known.
    if certificate.exact { Err(Why::NotAttained("a relative error".to_owned())) } else { Ok(()) }
}
