//! The exchange form `certinet-layered`: every weight written out, for outside scripts.
//!
//! ```json
//! {"format": "certinet-layered", "version": 1, "inputs": 2, "outputs": 1,
//!  "layers": [{"rows": 1, "columns": 2, "weights": [[0, 0, "1/2"], [0, 1, "-3"]], "bias": [[0, "1"]]}]}
//! ```
//!
//! Entries are row, column, value, sorted, without zeros; ReLU acts between layers and not after the last. The writer
//! holds one layer at a time.

use std::io::Write;

use serde::Deserialize;

use super::json_parts::{BiasEntry, Item, List, MAX_ENTRIES, MatrixEntry};
use super::network_error::{ReadNetworkError, WriteNetworkError};
use crate::network::{Block, Layer, Layered, LinearMap, Unrolled};

/// The value of the `format` key.
pub const FORMAT: &str = "certinet-layered";
/// The largest number of rows or columns of a layer that is read.
pub const MAX_DIMENSION: usize = 1 << 26;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    version: u64,
    inputs: usize,
    outputs: usize,
    layers: List<LayerPart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerPart {
    rows: usize,
    columns: usize,
    weights: List<MatrixEntry>,
    bias: List<BiasEntry>,
}

impl Item for LayerPart {
    const LIST: &'static str = "layers";
    fn bits(&self) -> u64 {
        let weights = self.weights.0.iter().map(Item::bits).sum::<u64>();
        weights + self.bias.0.iter().map(Item::bits).sum::<u64>()
    }
}

/// Reads a layered network.
///
/// Values are strings in any exact form (`"1/2"`, `"-3"`, `"1e-3"`, `"2^-20"`) or JSON integers.
///
/// **Exactness.** Exact.
///
/// # Errors
/// [`ReadNetworkError`] with the layer and the entry: malformed or truncated JSON, unknown or missing keys, another
/// format or version, floats, entries that are zero, repeated, out of order or outside their matrix, layers that do not
/// fit together, and sizes beyond [`MAX_DIMENSION`].
///
/// ```
/// use certinet::format::layered_json::read;
/// let text = r#"{"format": "certinet-layered", "version": 1, "inputs": 1, "outputs": 1,
///     "layers": [{"rows": 1, "columns": 1, "weights": [[0, 0, "1/2"]], "bias": []}]}"#;
/// assert_eq!(read(text)?.size()?.weights, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(text: &str) -> Result<Layered, ReadNetworkError> {
    let file: File = serde_json::from_str(text)?;
    if file.format != FORMAT {
        return Err(ReadNetworkError::Format { found: file.format.chars().take(60).collect() });
    }
    if file.version != 1 {
        return Err(ReadNetworkError::Version { found: file.version });
    }
    dimension("inputs", file.inputs)?;
    let entries = |layer: &LayerPart| (layer.weights.0.len() + layer.bias.0.len()) as u128;
    let found = file.layers.0.iter().map(entries).sum();
    if found > MAX_ENTRIES {
        let (place, unit) = ("layers".to_owned(), "weights");
        return Err(ReadNetworkError::TooLarge { place, found, limit: MAX_ENTRIES, unit });
    }
    let mut layers = Vec::new();
    let mut columns = ("inputs".to_owned(), file.inputs);
    for (number, layer) in file.layers.0.into_iter().enumerate() {
        let place = |what: &str| format!("layers[{number}], {what}");
        dimension(&place("rows"), layer.rows)?;
        if layer.columns != columns.1 {
            return Err(mismatch(&place("columns"), layer.columns, &columns.0, columns.1));
        }
        let weights = layer.weights.0.into_iter().map(|entry| (entry.0, entry.1, entry.2)).collect();
        let map = Block::new(layer.rows, layer.columns, weights);
        let map = map.map(LinearMap::literal).map_err(ReadNetworkError::network(place("weights")))?;
        let bias = layer.bias.0.into_iter().map(|entry| (entry.0, 0, entry.1)).collect();
        let bias = Block::new(layer.rows, 1, bias);
        let bias = bias.map(LinearMap::literal).map_err(ReadNetworkError::network(place("bias")))?;
        columns = (place("rows"), layer.rows);
        layers.push(Layer { map, bias });
    }
    if columns.1 != file.outputs && !layers.is_empty() {
        return Err(mismatch("outputs", file.outputs, &columns.0, columns.1));
    }
    Layered::new(layers).map_err(ReadNetworkError::network("layers"))
}

fn dimension(place: &str, n: usize) -> Result<(), ReadNetworkError> {
    if n == 0 {
        return Err(ReadNetworkError::Zero { place: place.to_owned() });
    }
    if n <= MAX_DIMENSION {
        return Ok(());
    }
    let (found, limit) = (n as u128, MAX_DIMENSION as u128);
    Err(ReadNetworkError::TooLarge { place: place.to_owned(), found, limit, unit: "neurons" })
}

fn mismatch(place: &str, found: usize, other: &str, expected: usize) -> ReadNetworkError {
    ReadNetworkError::Mismatch { place: place.to_owned(), found, other: other.to_owned(), expected }
}

/// Writes a layered network, layer by layer.
///
/// The same network gives the same bytes.
///
/// # Complexity
/// Time O(M log w) for M weights in rows of w; memory for one layer.
///
/// # Errors
/// [`WriteNetworkError::TooLarge`] beyond `max_weights`, before anything is written; [`WriteNetworkError::Io`].
pub fn write(network: &Layered, max_weights: u128, writer: &mut dyn Write) -> Result<(), WriteNetworkError> {
    let weights = network.size()?.weights;
    if weights > max_weights {
        return Err(WriteNetworkError::TooLarge { found: weights, limit: max_weights, unit: "weights" });
    }
    let (inputs, outputs) = (network.input_dimension(), network.output_dimension());
    // Tiles that coincide are placed before they are added, so a little more than the weights may pass through memory.
    let budget = max_weights.saturating_mul(4).max(1 << 24);
    write!(writer, "{{\"format\":\"{FORMAT}\",\"version\":1,\"inputs\":{inputs},\"outputs\":{outputs},\"layers\":[")?;
    for (number, layer) in network.layers().iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        let (rows, columns) = (layer.map.rows(), layer.map.columns());
        write!(writer, "{comma}\n{{\"rows\":{rows},\"columns\":{columns},\"weights\":[")?;
        write_entries(&Unrolled::new(&layer.map, budget)?, true, writer)?;
        writer.write_all(b"],\"bias\":[")?;
        write_entries(&Unrolled::new(&layer.bias, budget)?, false, writer)?;
        writer.write_all(b"]}")?;
    }
    writer.write_all(b"]}\n")?;
    Ok(())
}

fn write_entries(map: &Unrolled, with_column: bool, writer: &mut dyn Write) -> Result<(), WriteNetworkError> {
    let weights: Vec<String> = map.weights().iter().map(ToString::to_string).collect();
    let mut comma = "";
    for row in 0..map.rows() {
        for &(column, weight) in map.row_places(row) {
            let weight = &weights[weight as usize];
            if with_column {
                write!(writer, "{comma}[{row},{column},\"{weight}\"]")?;
            } else {
                write!(writer, "{comma}[{row},\"{weight}\"]")?;
            }
            comma = ",";
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
