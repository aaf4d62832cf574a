//! A network on a line, a plane or any flat: composed with an affine embedding.

use super::error::{PolyhedraError, expect_dimension};
use crate::arith::Rational;
use crate::linalg::{Matrix, add, dot};
use crate::network::{Block, Layer, Layered, LinearMap, Unrolled};

/// The most entries of a first layer that are written out.
const MAX_ENTRIES: u128 = 1 << 26;

/// Returns the network u -> network(base + D u).
///
/// **Statement.** Equal to the network on the flat base + D u, for every u. The layers behind the first are shared.
/// **Shapes.** base: `[n]`, D: `[n, k]`; the result has k inputs.
/// **Exactness.** Exact.
///
/// # Errors
/// [`PolyhedraError::Dimension`], [`PolyhedraError::Network`] for a first layer too large to write out.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::linalg::Matrix;
/// use certinet::network::{Layer, Layered, LinearMap};
/// use certinet::polyhedra::{regions, restrict};
/// // max(x, 0) and max(y, 0) on the line (t, 1 - t): three regions.
/// let layer = || Layer { map: LinearMap::identity(2), bias: LinearMap::zero(2, 1) };
/// let network = Layered::new(vec![layer(), layer()])?;
/// let direction = Matrix::column_vector(&[Rational::one(), Rational::from(-1)]);
/// let line = restrict(&network, &[Rational::zero(), Rational::one()], &direction)?;
/// assert_eq!(regions(&line, None, 100)?.found().len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn restrict(network: &Layered, base: &[Rational], directions: &Matrix) -> Result<Layered, PolyhedraError> {
    expect_dimension("the base point", base.len(), network.input_dimension())?;
    expect_dimension("the matrix of directions", directions.rows(), base.len())?;
    let (first, rest) = network.layers().split_at(1);
    let mut layers = Vec::with_capacity(network.layers().len());
    for layer in first {
        // A (base + D u) + b = (A D) u + (A base + b)
        let map = Unrolled::new(&layer.map, MAX_ENTRIES)?;
        let bias = Unrolled::new(&layer.bias, MAX_ENTRIES)?;
        let columns: Vec<Vec<Rational>> = (0..directions.columns()).map(|j| directions.column(j)).collect();
        let apply = |x: &[Rational]| -> Vec<Rational> {
            (0..map.rows()).map(|i| map.row(i).map(|(column, w)| w * &x[column]).sum()).collect()
        };
        let images: Vec<Vec<Rational>> = columns.iter().map(|column| apply(column)).collect();
        let constants: Vec<Rational> =
            (0..bias.rows()).map(|i| bias.row(i).next().map_or(Rational::zero(), |(_, b)| b.clone())).collect();
        let offset = add(&apply(base), &constants);
        layers.push(Layer { map: from_columns(map.rows(), &images), bias: LinearMap::vector(&offset) });
    }
    layers.extend(rest.iter().cloned());
    Ok(Layered::new(layers)?)
}

fn from_columns(rows: usize, columns: &[Vec<Rational>]) -> LinearMap {
    if rows == 0 || columns.is_empty() {
        return LinearMap::zero(rows, columns.len());
    }
    let rows: Vec<Vec<Rational>> =
        (0..rows).map(|i| columns.iter().map(|column| column[i].clone()).collect()).collect();
    LinearMap::literal(Block::from_rows(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}

/// A network along a segment: linear between neighbouring breakpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    /// 0, the times in (0, 1) at which the activation pattern changes, 1; increasing.
    pub breakpoints: Vec<Rational>,
    /// The network's values at the breakpoints.
    pub values: Vec<Vec<Rational>>,
}

/// Returns the network along t -> (1 - t) from + t to, for t in [0, 1], by one sweep through its layers.
///
/// **Statement.** Between neighbouring breakpoints every neuron is linear in t and has one sign; at a breakpoint inside
/// (0, 1) some neuron changes sign. **Complexity.** O(weights) rational operations a breakpoint. **Exactness.** Exact.
///
/// # Errors
/// As [`restrict`].
pub fn sweep(network: &Layered, from: &[Rational], to: &[Rational]) -> Result<Sweep, PolyhedraError> {
    expect_dimension("the first end", from.len(), network.input_dimension())?;
    expect_dimension("the second end", to.len(), network.input_dimension())?;
    let mut breakpoints = vec![Rational::zero(), Rational::one()];
    let mut values = vec![from.to_vec(), to.to_vec()];
    let last = network.layers().len() - 1;
    for (number, layer) in network.layers().iter().enumerate() {
        let map = Unrolled::new(&layer.map, MAX_ENTRIES)?;
        let bias = Unrolled::new(&layer.bias, MAX_ENTRIES)?;
        let affine = |x: &Vec<Rational>| -> Vec<Rational> {
            let row = |i: usize| -> Rational {
                let (columns, weights): (Vec<usize>, Vec<Rational>) = map.row(i).map(|(j, w)| (j, w.clone())).unzip();
                let entries: Vec<Rational> = columns.into_iter().map(|j| x[j].clone()).collect();
                dot(&weights, &entries) + bias.row(i).map(|(_, b)| b).sum::<Rational>()
            };
            (0..map.rows()).map(row).collect()
        };
        values = values.iter().map(affine).collect();
        if number < last {
            (breakpoints, values) = split_at_zeros(breakpoints, values);
            for value in values.iter_mut().flatten() {
                *value = value.relu();
            }
        }
    }
    Ok(Sweep { breakpoints, values })
}

/// More breakpoints, where an entry that is linear between two breakpoints changes sign between them.
fn split_at_zeros(times: Vec<Rational>, values: Vec<Vec<Rational>>) -> (Vec<Rational>, Vec<Vec<Rational>>) {
    let (mut new_times, mut new_values): (Vec<Rational>, Vec<Vec<Rational>>) = (Vec::new(), Vec::new());
    for (time, value) in times.into_iter().zip(values) {
        if let (Some(last_time), Some(last)) = (new_times.last().cloned(), new_values.last().cloned()) {
            // u + s (v - u) = 0 at s = u / (u - v), in (0, 1) for u and v of opposite signs.
            let opposite = last.iter().zip(&value).filter(|(u, v)| u.signum() * v.signum() < 0);
            let mut zeros: Vec<Rational> = opposite.map(|(u, v)| u / (u - v)).collect();
            zeros.sort();
            zeros.dedup();
            for s in zeros {
                new_times.push(&last_time + &s * (&time - &last_time));
                new_values.push(last.iter().zip(&value).map(|(u, v)| u + &s * (v - u)).collect());
            }
        }
        new_times.push(time);
        new_values.push(value);
    }
    (new_times, new_values)
}
