//! Networks from files, for the commands that take one.

use std::path::Path;

use super::budget::Budget;
use super::error::CliError;
use super::input::{read_bytes, read_text};
use crate::arith::Integer;
use crate::format::{NetworkFile, ReadNetworkError, onnx, read_network};
use crate::network::{Layered, Mlp, Network, NetworkError};

/// The most products of a weight and a value that one command evaluates.
const MAX_PRODUCTS: u128 = 1 << 34;
/// Bytes that are counted for one value of an exact number system.
const VALUE_BYTES: u128 = 64;

/// Reads a network file.
///
/// # Errors
/// [`CliError`] that names the file and the place in it.
pub fn read_network_file(path: &Path) -> Result<NetworkFile, CliError> {
    // The name is looked at before the content.
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    if name.to_ascii_lowercase().ends_with(".onnx") {
        let network = read_mlp(path)?;
        allow_layers(&network)?;
        return Ok(NetworkFile::Dense(network));
    }
    if let Err(error @ ReadNetworkError::Extension { .. }) = read_network(&name, "") {
        return Err(CliError::new(error));
    }
    let text = read_text(path)?;
    read_network(&name, &text).map_err(|error| CliError::new(error).at(format!("file {}", path.display())))
}

/// Reads a fully connected network of floats.
///
/// # Errors
/// [`CliError`] that names the file and what in it is not read.
pub fn read_mlp(path: &Path) -> Result<Mlp, CliError> {
    let network = onnx::read(&read_bytes(path)?);
    network.map_err(|error| CliError::new(error).at(format!("file {}", path.display())))
}

/// Accepts a network of floats that can be written as a ReLU network.
fn allow_layers(network: &Mlp) -> Result<(), CliError> {
    let bytes = network.layered_entries().saturating_mul(VALUE_BYTES);
    Budget::default().allow_memory("the ReLU network", &Integer::from(bytes))
}

/// Reads a network file and lowers it.
///
/// # Errors
/// [`CliError`] that names the file.
pub fn read_layered(path: &Path) -> Result<Layered, CliError> {
    let place = |error: NetworkError| CliError::new(error).at(format!("file {}", path.display()));
    read_network_file(path)?.into_layered().map_err(place)
}

/// Reads a network file as the graph that a certificate writes, and lowers that.
///
/// # Errors
/// [`CliError`] that names the file.
pub fn read_with_layers(path: &Path) -> Result<(Network, Layered), CliError> {
    let place = |error: NetworkError| CliError::new(error).at(format!("file {}", path.display()));
    let network = read_network_file(path)?.into_network().map_err(place)?;
    let layered = network.layered().map_err(place)?;
    Ok((network, layered))
}

/// Accepts a network that can be evaluated at so many inputs.
///
/// # Errors
/// [`CliError`] when values would exceed the memory or products the time that a command takes.
pub fn allow_evaluation(network: &Layered, inputs: usize) -> Result<(), CliError> {
    let rows = network.layers().iter().map(|layer| layer.map.rows()).max().unwrap_or(0);
    let widest = rows.max(network.input_dimension()) as u128;
    Budget::default().allow_memory("the evaluation", &Integer::from(widest.saturating_mul(2 * VALUE_BYTES)))?;
    let products = network.placed_entries().saturating_mul(inputs as u128);
    if products > MAX_PRODUCTS {
        let what = format!("the evaluation would take {products} products of a weight and a value");
        return Err(CliError::new(what).accepted(format!("at most {MAX_PRODUCTS} are accepted")));
    }
    Ok(())
}

/// Accepts a network whose neurons can be written as affine functions of the input.
///
/// # Errors
/// [`CliError`] when these functions, or the layers written out, would exceed the memory that a command takes.
pub fn allow_regions(network: &Layered) -> Result<(), CliError> {
    let columns = network.input_dimension() as u128 + 1;
    let rows = network.layers().iter().map(|layer| layer.map.rows() as u128).max().unwrap_or(0);
    let numbers = rows.saturating_mul(columns).saturating_add(network.placed_entries());
    Budget::default().allow_memory("the list of regions", &Integer::from(numbers.saturating_mul(2 * VALUE_BYTES)))
}
