//! The network of nodal values: coefficients, then the basis.

use std::sync::Arc;

use crate::arith::{Integer, Rational};
use crate::network::{Block, LinearMap, Network, NetworkError};

use super::super::reduced::Basis;

/// y -> V c(y) for |c(y)| <= b: z = c / (2 b) + 1/2 is not negative, so that a ReLU keeps it, and V (2 b z - b) = V c. The layer
/// in between keeps the last layer of the coefficients from being multiplied by V.
///
/// # Errors
/// Never: the dimensions fit.
pub(super) fn nodal_network(
    coefficients: &Arc<Network>,
    basis: &Basis,
    bound: &Rational,
) -> Result<Network, NetworkError> {
    let d = basis.dimension();
    let half = Rational::ratio(1, 2);
    let mut builder = Network::builder();
    let y = builder.input(coefficients.input_dimension());
    let c = builder.call(1, coefficients, &[y])?;
    let z =
        builder.affine(&[(c, LinearMap::scaled_identity(d, &half / bound))], LinearMap::constant(d, half.clone()))?;
    let z = builder.relu(z);
    let (rows, unit) = (basis.grid().unknowns(), bound.scale_by_power_of_two(1 - basis.exponent()));
    let mut entries = Vec::with_capacity(rows * d);
    let mut bias = Vec::with_capacity(rows);
    let half_unit = -(&unit * &half);
    for row in 0..rows {
        let mut sum = Integer::zero();
        for (j, column) in basis.columns().iter().enumerate().filter(|(_, column)| column[row] != 0) {
            let entry = Integer::from(column[row]);
            entries.push((row, j, &unit * &Rational::from(&entry)));
            sum += &entry;
        }
        bias.push(&half_unit * &Rational::from(sum));
    }
    let map = LinearMap::literal(Block::new(rows, d, entries)?);
    let output = builder.affine(&[(z, map)], LinearMap::vector(&bias))?;
    Ok(builder.finish(output))
}
