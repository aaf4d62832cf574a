//! Piecewise linear functions of one variable, and the absolute value.
//!
//! Why: R(x) = y_0 + sum_i (s_{i+1} - s_i) relu(x - x_i), s_i the slope on \[x_{i-1}, x_i\] and 0 outside, has slope s_{i+1} on
//! \[x_i, x_{i+1}\] by telescoping and R(x_0) = y_0; |x| = relu(x) + relu(-x).

use num_traits::{One, Zero};

use super::{Builder, integers};
use crate::network::{Block, Map, Network, Weight};
use crate::problem::Problem;

/// The network through points with increasing first coordinates, at least one.
///
/// # Errors
/// When it is too large.
pub fn interpolation(points: &[(Weight, Weight)]) -> Result<Network, Problem> {
    let mut builder = Builder::default();
    let x = builder.input(1);
    let start = Map::constant(1, points.first().map_or_else(Weight::zero, |point| point.1.clone()))?;
    let (mut places, mut changes) = (Vec::new(), Vec::new());
    let mut before = Weight::zero();
    for (i, point) in points.iter().enumerate() {
        let slope = match points.get(i + 1) {
            Some(next) => (&next.1 - &point.1) / (&next.0 - &point.0),
            None => Weight::zero(),
        };
        let change = &slope - before;
        before = slope;
        if !change.is_zero() {
            changes.push((0, places.len() as u64, change));
            places.push(-&point.0);
        }
    }
    let n = places.len() as u64;
    let output = if n == 0 {
        builder.affine(vec![(x, Map::zero(1, 1))], start)
    } else {
        let hidden = builder.affine(vec![(x, Map::constant(n, Weight::one())?)], Map::vector(&places)?);
        let hidden = builder.relu(hidden);
        builder.affine(vec![(hidden, Map::literal(Block { rows: 1, columns: n, entries: changes })?)], start)
    };
    Ok(builder.finish(output))
}

/// The network of |x|.
///
/// # Errors
/// Never.
pub fn absolute_value() -> Result<Network, Problem> {
    let mut builder = Builder::default();
    let x = builder.input(1);
    let halves = builder.linear(x, integers(&[[1], [-1]])?);
    let halves = builder.relu(halves);
    let output = builder.linear(halves, integers(&[[1, 1]])?);
    Ok(builder.finish(output))
}
