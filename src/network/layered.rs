//! The layered form: affine maps with ReLU between them, kept structured.

use super::{LinearMap, NetworkError, Size};
use crate::arith::Rational;

/// One layer x -> A x + b.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// The matrix A.
    pub map: LinearMap,
    /// The bias b, a map of one column.
    pub bias: LinearMap,
}

/// The textbook form ((A_1, b_1), .., (A_L, b_L)) of a network, ReLU between layers and not after the last.
///
/// The matrices are structured [`LinearMap`]s, so that a network of 10^12 weights fits into kilobytes and is counted
/// exactly; [`super::Unrolled`] writes a layer out.
#[derive(Debug, Clone, PartialEq)]
pub struct Layered {
    layers: Vec<Layer>,
}

impl Layered {
    /// Builds the layered form from its layers.
    ///
    /// # Errors
    /// [`NetworkError::Empty`] without layers, [`NetworkError::Dimension`] when neighbours do not fit.
    pub fn new(layers: Vec<Layer>) -> Result<Self, NetworkError> {
        if layers.is_empty() {
            return Err(NetworkError::Empty);
        }
        for (number, layer) in layers.iter().enumerate() {
            let place = |what: &str| format!("layer {}, {what}", number + 1);
            let (rows, found) = (layer.map.rows(), layer.bias.rows());
            if found != rows {
                return Err(NetworkError::Dimension { place: place("bias"), found, expected: rows });
            }
            if layer.bias.columns() != 1 {
                let found = layer.bias.columns();
                return Err(NetworkError::Dimension { place: place("columns of the bias"), found, expected: 1 });
            }
            if number > 0 && layers[number - 1].map.rows() != layer.map.columns() {
                return Err(NetworkError::Dimension {
                    place: place("columns"),
                    found: layer.map.columns(),
                    expected: layers[number - 1].map.rows(),
                });
            }
        }
        Ok(Self { layers })
    }
    /// The layers, first to last.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }
    /// Dimension of the input.
    pub fn input_dimension(&self) -> usize {
        self.layers[0].map.columns()
    }
    /// Dimension of the output.
    pub fn output_dimension(&self) -> usize {
        self.layers[self.layers.len() - 1].map.rows()
    }

    /// The exact size of the layered form.
    ///
    /// # Errors
    /// [`NetworkError::Budget`] when a layer's count cannot be had without writing it out beyond the budget,
    /// [`NetworkError::Uncountable`] when the dense parameters are 2^128 or more.
    pub fn size(&self) -> Result<Size, NetworkError> {
        let mut size = Size { layers: self.layers.len(), ..Size::default() };
        let mut columns = self.input_dimension() as u128;
        size.neurons = columns;
        size.width = columns;
        for (number, layer) in self.layers.iter().enumerate() {
            let rows = layer.map.rows() as u128;
            let weights = layer.map.nonzeros()? + layer.bias.nonzeros()?;
            size.weights += weights;
            size.neurons += rows;
            size.width = size.width.max(rows);
            size.add_dense(rows, columns)?;
            if number == 0 {
                size.first_layer_weights = weights;
            }
            if number + 1 == self.layers.len() {
                size.last_layer_weights = weights;
            }
            columns = rows;
        }
        Ok(size)
    }

    /// Entries that writing out would touch, biases included: an upper bound on the weights, cheap to have.
    pub fn placed_entries(&self) -> u128 {
        let placed = |map: &LinearMap| map.tiles().iter().map(|tile| tile.placed_entries()).sum::<u128>();
        self.layers.iter().map(|layer| placed(&layer.map) + placed(&layer.bias)).sum()
    }

    /// The largest absolute value of a literal block entry, and whether all block entries are dyadic.
    ///
    /// Where tiles coincide, a weight of the written-out form is a sum of block entries.
    pub fn largest_weight(&self) -> Rational {
        self.block_entries().map(Rational::abs).max().unwrap_or_default()
    }
    /// The largest number of bits of a numerator plus denominator among the block entries.
    pub fn weight_bits(&self) -> u64 {
        self.block_entries().map(|w| w.numerator().bits() + w.denominator().bits() - 1).max().unwrap_or(0)
    }
    fn block_entries(&self) -> impl Iterator<Item = &Rational> {
        let maps = self.layers.iter().flat_map(|layer| [&layer.map, &layer.bias]);
        maps.flat_map(|map| map.tiles()).flat_map(|tile| tile.block.entries()).map(|entry| &entry.2)
    }
}
