//! The size of a network, in the notions that the literature uses.

use super::NetworkError;

/// Exact size of a layered network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Layers L: the number of affine maps.
    pub layers: usize,
    /// Neurons N: inputs, hidden neurons and outputs.
    pub neurons: u128,
    /// Weights M: non-zero entries of all matrices and biases.
    pub weights: u128,
    /// Weights of the first layer.
    pub first_layer_weights: u128,
    /// Weights of the last layer.
    pub last_layer_weights: u128,
    /// The largest dimension of a layer, input and output included.
    pub width: u128,
    /// Dense parameter count P: all entries of all matrices and biases, zeros too.
    pub dense_parameters: u128,
}

impl Size {
    /// Adds the entries of a dense layer, bias included.
    pub(super) fn add_dense(&mut self, rows: u128, columns: u128) -> Result<(), NetworkError> {
        let layer = rows.checked_mul(columns + 1);
        let sum = layer.and_then(|layer| self.dense_parameters.checked_add(layer));
        self.dense_parameters = sum.ok_or(NetworkError::Uncountable { what: "the dense parameters" })?;
        Ok(())
    }
    /// Hidden neurons: N without inputs and outputs.
    pub fn hidden_neurons(&self, inputs: usize, outputs: usize) -> u128 {
        self.neurons - inputs as u128 - outputs as u128
    }
}
