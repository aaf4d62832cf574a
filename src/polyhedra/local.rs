//! A network in integers, and the affine functions its neurons are on one region.

use super::sums::Digits;
use crate::arith::{Integer, Rational};
use crate::linalg::Matrix;
use crate::network::{Layered, LinearMap, NetworkError, Unrolled};

/// The most entries of a layer that are written out.
const MAX_ENTRIES: u128 = 1 << 26;

/// One layer, its rows and bias over one common denominator.
struct IntegerLayer {
    /// Columns increase.
    rows: Vec<Vec<(usize, Integer)>>,
    bias: Vec<Integer>,
    denominator: Integer,
    /// The rows once more, where all weights are machine integers.
    short: Option<Vec<Vec<(usize, i64)>>>,
}

/// A network whose layers are integers over one denominator each: no greatest common divisors in products.
pub(super) struct IntegerNetwork {
    inputs: usize,
    layers: Vec<IntegerLayer>,
}

/// Affine functions of x over one positive denominator: (coefficients . x + constant) / denominator each.
#[derive(Debug, Clone)]
pub(super) struct Functions {
    /// The coefficients, the constant in the last place.
    pub(super) rows: Vec<Vec<Integer>>,
    pub(super) denominator: Integer,
}

impl IntegerNetwork {
    pub(super) fn new(network: &Layered) -> Result<Self, NetworkError> {
        let layers = network.layers().iter().map(|layer| IntegerLayer::new(&layer.map, &layer.bias));
        Ok(Self { inputs: network.input_dimension(), layers: layers.collect::<Result<_, _>>()? })
    }
    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }
    /// Neurons between the input and the output, layer by layer.
    pub(super) fn hidden(&self) -> impl Iterator<Item = usize> {
        self.layers[..self.layers.len() - 1].iter().map(|layer| layer.rows.len())
    }
    /// The functions before the ReLU of layer `number`, from those of the layer before it and which of them are active.
    pub(super) fn layer(&self, number: usize, before: Option<(&Functions, &[bool])>) -> Functions {
        let layer = &self.layers[number];
        let n = self.inputs;
        let Some((before, active)) = before else {
            let mut rows = vec![vec![Integer::zero(); n + 1]; layer.rows.len()];
            for ((row, entries), bias) in rows.iter_mut().zip(&layer.rows).zip(&layer.bias) {
                for (column, weight) in entries {
                    row[*column] = weight.clone();
                }
                row[n] = bias.clone();
            }
            return Functions { rows, denominator: layer.denominator.clone() };
        };
        if let Some(rows) = layer.combine(before, active, n + 1) {
            return Functions { rows, denominator: &layer.denominator * &before.denominator };
        }
        // W / q applied to Z / Q plus b / q is (W Z + b Q) / (q Q).
        let row = |(entries, bias): (&Vec<(usize, Integer)>, &Integer)| {
            let mut row = vec![Integer::zero(); n + 1];
            for (column, weight) in entries.iter().filter(|(column, _)| active[*column]) {
                for (sum, z) in row.iter_mut().zip(&before.rows[*column]) {
                    *sum += &(weight * z);
                }
            }
            row[n] += &(bias * &before.denominator);
            row
        };
        let rows = layer.rows.iter().zip(&layer.bias).map(row).collect();
        Functions { rows, denominator: &layer.denominator * &before.denominator }
    }
    /// As [`IntegerNetwork::layer`] for the active neurons `to`, from its result for `from`: few differences cost little.
    pub(super) fn layer_beside(
        &self,
        number: usize,
        before: &Functions,
        (from, to): (&[bool], &[bool]),
        result: &Functions,
    ) -> Functions {
        let changed: Vec<usize> = (0..to.len()).filter(|&j| from[j] != to[j]).collect();
        if 2 * changed.len() >= to.iter().filter(|active| **active).count() {
            return self.layer(number, Some((before, to)));
        }
        // W Z over the active neurons: those that are new are added, those that are no longer active subtracted.
        let mut next = result.clone();
        for (sums, entries) in next.rows.iter_mut().zip(&self.layers[number].rows) {
            for &column in &changed {
                let Ok(place) = entries.binary_search_by_key(&column, |entry| entry.0) else { continue };
                for (sum, z) in sums.iter_mut().zip(&before.rows[column]) {
                    let product = &entries[place].1 * z;
                    if to[column] {
                        *sum += &product;
                    } else {
                        *sum -= &product;
                    }
                }
            }
        }
        next
    }
    /// Values and slopes before the ReLU of layer `number`, from those before it.
    pub(super) fn affine(&self, number: usize, inputs: &[(Rational, Rational)]) -> Vec<(Rational, Rational)> {
        let layer = &self.layers[number];
        let row = |(entries, bias): (&Vec<(usize, Integer)>, &Integer)| {
            let mut sum = (Rational::from(bias), Rational::zero());
            for (column, weight) in entries {
                let (value, slope) = &inputs[*column];
                sum.0 += Rational::from(weight) * value;
                sum.1 += Rational::from(weight) * slope;
            }
            let scale = Rational::from(&layer.denominator);
            (sum.0 / &scale, sum.1 / scale)
        };
        layer.rows.iter().zip(&layer.bias).map(row).collect()
    }
    /// The functions before the ReLU of every layer, and at last those of the output, for a pattern of all neurons.
    pub(super) fn all_layers(&self, pattern: &[bool]) -> Vec<Functions> {
        let mut all: Vec<Functions> = Vec::new();
        let mut start = 0;
        for number in 0..self.layers.len() {
            let next = match all.last() {
                None => self.layer(number, None),
                Some(before) => {
                    let end = start + before.rows.len();
                    let next = self.layer(number, Some((before, &pattern[start..end])));
                    start = end;
                    next
                }
            };
            all.push(next);
        }
        all
    }
}

impl IntegerLayer {
    /// The rows over the product of both denominators, where the weights are machine integers and the functions are many.
    fn combine(&self, before: &Functions, active: &[bool], width: usize) -> Option<Vec<Vec<Integer>>> {
        let short = self.short.as_ref()?;
        let digits = Digits::new(&before.rows, width);
        let row = |(entries, bias): (&Vec<(usize, i64)>, &Integer)| {
            let mut row = digits.combine(entries.iter().copied().filter(|(column, _)| active[*column]))?;
            if let Some(constant) = row.last_mut() {
                *constant += &(bias * &before.denominator);
            }
            Some(row)
        };
        short.iter().zip(&self.bias).map(row).collect()
    }
    fn new(map: &LinearMap, bias: &LinearMap) -> Result<Self, NetworkError> {
        let (map, bias) = (Unrolled::new(map, MAX_ENTRIES)?, Unrolled::new(bias, MAX_ENTRIES)?);
        let weights = map.weights().iter().chain(bias.weights());
        let denominator = weights.fold(Integer::one(), |common, w| common.lcm(&w.denominator()));
        let clear = |w: &Rational| w.numerator() * denominator.div_rem_euclid(&w.denominator()).0;
        let rows = (0..map.rows()).map(|i| map.row(i).map(|(column, w)| (column, clear(w))).collect()).collect();
        let bias = (0..bias.rows()).map(|i| bias.row(i).next().map_or(Integer::zero(), |(_, b)| clear(b))).collect();
        let short = |row: &Vec<(usize, Integer)>| row.iter().map(|(j, w)| Some((*j, w.to_i64()?))).collect();
        let rows: Vec<Vec<(usize, Integer)>> = rows;
        let short = rows.iter().map(short).collect();
        Ok(Self { rows, bias, denominator, short })
    }
}

impl Functions {
    /// The matrix and the offset of x -> matrix x + offset. Exact.
    pub(super) fn affine_map(&self) -> (Matrix, Vec<Rational>) {
        let ratio = |n: &Integer| Rational::new(n.clone(), self.denominator.clone()).unwrap_or_default();
        let inputs = self.rows.first().map_or(0, |row| row.len() - 1);
        let matrix = Matrix::from_fn(self.rows.len(), inputs, |i, j| ratio(&self.rows[i][j]));
        (matrix, self.rows.iter().map(|row| ratio(&row[inputs])).collect())
    }
}
