//! The integrals of a polynomial times the hat functions.
//!
//! The hat function of these triangles is the box spline of the directions (1, 0), (0, 1), (1, 1): the integral of g times
//! the hat of the node 0 of the grid of step 1 is that of g(a + c, b + c) over -1/2 <= a, b, c <= 1/2.

use num_bigint::BigInt;
use num_integer::binomial;
use num_traits::{One, Zero};

use super::problem::{Diffusion, common, over};
use super::row::Budget;
use crate::network::Weight;
use crate::problem::Problem;

/// Integral of t^k over -1/2 <= t <= 1/2.
fn moment(k: usize) -> Weight {
    if k % 2 == 1 { Weight::zero() } else { Weight::new(BigInt::one(), (BigInt::one() << k) * (k + 1)) }
}

fn choose(n: usize, k: usize) -> Weight {
    Weight::from(binomial(BigInt::from(n), BigInt::from(k)))
}

/// Integral of x^k y^l times the hat of 0.
fn hat(k: usize, l: usize) -> Weight {
    let mut sum = Weight::zero();
    for r in (0..=k).step_by(2) {
        for s in (0..=l).step_by(2) {
            // a^r b^s c^(k - r + l - s)
            sum += choose(k, r) * choose(l, s) * moment(r) * moment(s) * moment(k - r + l - s);
        }
    }
    sum
}

/// The load vector as integers over one denominator.
pub fn load(equation: &Diffusion, budget: &mut Budget) -> Result<(Vec<BigInt>, BigInt), Problem> {
    let n = equation.cells;
    let degree = equation.load.iter().map(|(_, e)| e[0] + e[1]).max().unwrap_or(0);
    // Integers of some ten words.
    budget.spend(128 * (equation.nodes() as u64) * (degree as u64 + 1))?;
    // x = h (i + a), y = h (j + b): a polynomial in i, j, by powers.
    let h = Weight::new(BigInt::one(), BigInt::from(n));
    let hats: Vec<Vec<Weight>> = (0..=degree).map(|k| (0..=degree - k).map(|l| hat(k, l)).collect()).collect();
    let mut polynomial = vec![vec![Weight::zero(); degree + 1]; degree + 1];
    for (c, [e1, e2]) in &equation.load {
        // Fractions of up to some thousand bits.
        budget.spend((((e1 + 1) * (e2 + 1)) as u64) << 19)?;
        let c = c * num_traits::pow(h.clone(), e1 + e2 + 2);
        for (k, row) in polynomial.iter_mut().enumerate().take(e1 + 1) {
            for (l, place) in row.iter_mut().enumerate().take(e2 + 1) {
                let hat = hats.get(e1 - k).and_then(|hats| hats.get(e2 - l));
                *place += &c * choose(*e1, k) * choose(*e2, l) * hat.unwrap_or(&Weight::zero());
            }
        }
    }
    let denominator = common(polynomial.iter().flatten(), 1 << 16)?;
    let whole: Vec<Vec<BigInt>> =
        polynomial.iter().map(|row| row.iter().map(|c| over(c, &denominator)).collect()).collect();
    let horner = |row: &[BigInt], x: usize| row.iter().rev().fold(BigInt::zero(), |sum, c| sum * x + c);
    let mut values = Vec::with_capacity(equation.nodes());
    for j in 1..n {
        let row: Vec<BigInt> = whole.iter().map(|row| horner(row, j)).collect();
        values.extend((1..n).map(|i| horner(&row, i)));
    }
    Ok((values, denominator))
}
