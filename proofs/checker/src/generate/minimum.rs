//! Minimum and maximum of n numbers by a binary tree.
//!
//! Why: min(x, y) = y - relu(y - x); a number y is carried as relu(y) - relu(-y), and as relu(y + B) - B if y >= -B, which
//! minima of such numbers are again; max(x) = -min(-x).

use num_traits::{One, Zero};

use super::{Builder, integers, ratio};
use crate::network::{Map, Network, Weight};
use crate::problem::Problem;

/// Which of the numbers is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extreme {
    /// The least.
    Minimum,
    /// The largest.
    Maximum,
}

/// The network for n >= 1 numbers, on R^n (no bound) or \[-B, B\]^n.
///
/// # Errors
/// When it is too large.
pub fn extreme(extreme: Extreme, n: u64, bound: Option<&Weight>) -> Result<Network, Problem> {
    let sign = if extreme == Extreme::Minimum { Weight::one() } else { -Weight::one() };
    let mut builder = Builder::default();
    let input = builder.input(n);
    let mut row = builder.linear(input, Map::scaled_identity(n, sign.clone())?);
    // What is carried is y + raised >= 0 after the first level.
    let mut shift = bound.cloned();
    while builder.dimension(row) > 1 {
        row = halve(&mut builder, row, shift.as_ref())?;
        shift = shift.map(|_| Weight::zero());
    }
    let back = bound.filter(|_| n > 1).map_or_else(Weight::zero, |b| -(b * &sign));
    let output = builder.affine(vec![(row, Map::scaled_identity(1, sign)?)], Map::constant(1, back)?);
    Ok(builder.finish(output))
}

/// The minima of neighbours, a last number without a neighbour being carried; raised by a shift.
fn halve(builder: &mut Builder, x: usize, shift: Option<&Weight>) -> Result<usize, Problem> {
    let n = builder.dimension(x);
    let zero = Weight::zero();
    // (relu(y + b), relu(y - x)) or (relu(y), relu(-y), relu(y - x)) of a pair (x, y)
    let (pair, join, bias) = match shift {
        Some(b) => (integers(&[[0, 1], [-1, 1]])?, integers(&[[1, -1]])?, vec![b.clone(), zero]),
        None => (integers(&[[0, 1], [0, -1], [-1, 1]])?, integers(&[[1, -1, -1]])?, vec![zero; 3]),
    };
    let mut maps = vec![pair.copies(n / 2)?];
    let mut joins = vec![join.copies(n / 2)?];
    let mut biases = vec![Map::vector(&bias)?.repeat(n / 2)?];
    if n % 2 == 1 {
        let (map, join, bias) = match shift {
            Some(b) => (integers(&[[1]])?, integers(&[[1]])?, vec![b.clone()]),
            None => (integers(&[[1], [-1]])?, integers(&[[1, -1]])?, vec![ratio(0, 1); 2]),
        };
        maps.push(map);
        joins.push(join);
        biases.push(Map::vector(&bias)?);
    }
    let hidden = builder.affine(vec![(x, Map::diagonal(&maps)?)], Map::stack(&biases)?);
    let hidden = builder.relu(hidden);
    Ok(builder.linear(hidden, Map::diagonal(&joins)?))
}
