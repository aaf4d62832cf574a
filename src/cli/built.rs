//! What a family builds: a ReLU network or a spiking network, each with its claim; and its exact size.

use std::path::Path;

use serde_json::{Map, Value};

use super::error::CliError;
use super::output::write_file;
use super::result::size_json;
use crate::construct::Construction;
use crate::network::Size;
use crate::spiking::{SpikingConstruction, SpikingNetwork, write_certificate};

/// A construction of a family.
#[derive(Debug)]
pub enum Built {
    /// A ReLU network.
    Relu(Box<Construction>),
    /// A spiking network.
    Spiking(Box<SpikingConstruction>),
}

/// The exact size of what is built.
#[derive(Debug, Clone)]
pub(super) enum BuiltSize {
    /// Of a ReLU network.
    Relu(Size),
    /// Of a spiking network.
    Spiking { layers: usize, neurons: usize, synapses: usize },
}

impl BuiltSize {
    /// The size of a spiking network.
    pub(super) fn of_spiking(network: &SpikingNetwork) -> Self {
        let (neurons, synapses) = (network.neuron_count(), network.synapse_count());
        Self::Spiking { layers: network.layers(), neurons, synapses }
    }
    /// Number of layers.
    pub(super) fn layers(&self) -> usize {
        match self {
            Self::Relu(size) => size.layers,
            Self::Spiking { layers, .. } => *layers,
        }
    }
    /// Number of neurons, inputs counted.
    pub(super) fn neurons(&self) -> u128 {
        match self {
            Self::Relu(size) => size.neurons,
            Self::Spiking { neurons, .. } => *neurons as u128,
        }
    }
    /// Number of weights: non-zero entries, or synapses.
    pub(super) fn weights(&self) -> u128 {
        match self {
            Self::Relu(size) => size.weights,
            Self::Spiking { synapses, .. } => *synapses as u128,
        }
    }
    /// All entries of all matrices and biases, which spiking networks have none of.
    pub(super) fn dense_parameters(&self) -> Option<u128> {
        match self {
            Self::Relu(size) => Some(size.dense_parameters),
            Self::Spiking { .. } => None,
        }
    }
    /// The keys that every result has; null where a spiking network has no such number.
    pub(super) fn json(&self) -> Map<String, Value> {
        match self {
            Self::Relu(size) => size_json(size),
            Self::Spiking { .. } => {
                let mut map = size_json(&Size::default());
                map.values_mut().for_each(|value| *value = Value::Null);
                for (key, n) in
                    [("layers", self.layers() as u128), ("neurons", self.neurons()), ("weights", self.weights())]
                {
                    map.insert(key.to_owned(), Value::String(n.to_string()));
                }
                map
            }
        }
    }
}

/// Writes the certificate of a spiking network.
///
/// # Errors
/// [`CliError`] when the file cannot be written.
pub(super) fn write_spiking(construction: &SpikingConstruction, path: &Path) -> Result<(), CliError> {
    write_file(path, |writer| write_certificate(construction, writer).map_err(CliError::new))
}
