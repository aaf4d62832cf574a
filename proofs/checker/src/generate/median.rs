//! The median of an odd number of values: sorting, pruned to what the middle wire depends on.
//!
//! Why: the middle of the sorted numbers is the median; see `sorting`.

use num_traits::Zero;

use super::Builder;
use super::sorting::{compare, stages};
use crate::network::{Map, Network, Weight};
use crate::problem::Problem;

/// The network for n numbers, n odd, on R^n (no bound) or \[-B, B\]^n.
///
/// # Errors
/// When it is too large.
pub fn median(n: u64, bound: Option<&Weight>) -> Result<Network, Problem> {
    let middle = n / 2;
    let stages = stages(n, middle..middle + 1);
    let mut builder = Builder::default();
    let mut x = builder.input(n);
    for (number, stage) in stages.iter().enumerate() {
        let shift = bound.map(|b| if number == 0 { b.clone() } else { Weight::zero() });
        x = compare(&mut builder, x, stage, shift.as_ref())?;
    }
    let back = bound.filter(|_| !stages.is_empty()).map_or_else(Weight::zero, |b| -b);
    let output = builder.affine(vec![(x, Map::slice(n, middle, 1)?)], Map::constant(1, back)?);
    Ok(builder.finish(output))
}
