//! A network with affine maps or a ReLU around it: a product carried to its end, and the inverse of a symmetric matrix.
//!
//! Why: relu(p + c) - c = p for entries p >= -c, as in a matrix of norm at most c; B^-1 = alpha (I - (I - alpha B))^-1.

use num_traits::One;

use super::{Builder, times};
use crate::network::{Map, Network, Weight};
use crate::problem::Problem;

/// max(P + c, 0) - c for the product P of network `product`, of shape d x n times n x l.
///
/// # Errors
/// When the network is too large.
pub fn carried_product([d, n, l]: [u64; 3], c: &Weight, product: usize) -> Result<Network, Problem> {
    let mut builder = Builder::default();
    let (a, b) = (builder.input(times(d, n)?), builder.input(times(n, l)?));
    let value = builder.call(product, 1, vec![a, b], times(d, l)?);
    let output = builder.carry(value, c)?;
    Ok(builder.finish(output))
}

/// B -> alpha S(I - alpha B) for network `inverse` S of d x d matrices.
///
/// # Errors
/// When the network is too large.
pub fn symmetric_inverse(d: u64, alpha: &Weight, inverse: usize) -> Result<Network, Problem> {
    let n = times(d, d)?;
    let mut builder = Builder::default();
    let b = builder.input(n);
    let identity = Map::strided_constant(n, 0, d, d + 1, Weight::one())?;
    let a = builder.affine(vec![(b, Map::scaled_identity(n, -alpha)?)], identity);
    let inverted = builder.call(inverse, 1, vec![a], n);
    let output = builder.linear(inverted, Map::scaled_identity(n, alpha.clone())?);
    Ok(builder.finish(output))
}
