//! `certinet count NET`: the exact size of a network.

use std::path::PathBuf;

use serde_json::json;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;
use super::network::read_layered;
use crate::arith::Rational;
use crate::network::{Layered, LinearMap, Unrolled};
use crate::report::{Cell, Record};

/// The most entries that are written out to find the largest weight.
const WRITE_OUT_BUDGET: u128 = 1 << 24;

/// Counts the layers, neurons and weights of a network exactly.
#[derive(Debug, clap::Args)]
pub struct Count {
    /// The network: .json, structured or layered, or .onnx.
    network: PathBuf,
}

impl Run for Count {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        context.spare(&self.network)?;
        let layered = read_layered(&self.network)?;
        let place = |error| CliError::new(error).at(format!("file {}", self.network.display()));
        let size = layered.size().map_err(place)?;
        let weights = Weights::of(&layered);
        let text = |n: u128| n.to_string();
        let json = json!({
            "inputs": layered.input_dimension(),
            "outputs": layered.output_dimension(),
            "layers": size.layers.to_string(),
            "neurons": text(size.neurons),
            "weights": text(size.weights),
            "first_layer_weights": text(size.first_layer_weights),
            "last_layer_weights": text(size.last_layer_weights),
            "width": text(size.width),
            "dense_parameters": text(size.dense_parameters),
            "largest_weight": weights.as_ref().map(|weights| weights.largest.to_string()),
            "weight_bits": weights.as_ref().map(|weights| weights.bits.to_string()),
        });
        let count = |n: u128| Cell::count(n);
        let record = Record::new(json)
            .with("inputs", Cell::count(layered.input_dimension()))
            .with("outputs", Cell::count(layered.output_dimension()))
            .with("layers", Cell::count(size.layers))
            .with("neurons", count(size.neurons))
            .with("weights", count(size.weights))
            .with("first_layer_weights", count(size.first_layer_weights))
            .with("last_layer_weights", count(size.last_layer_weights))
            .with("width", count(size.width))
            .with("dense_parameters", count(size.dense_parameters))
            .with("largest_weight", weights.as_ref().map_or(Cell::None, |w| Cell::Exact(w.largest.clone())))
            .with("weight_bits", weights.as_ref().map_or(Cell::None, |w| Cell::count(w.bits)));
        context.deliver(&record)?;
        Ok(Exit::Done)
    }
}

/// What is known about the values of the weights.
struct Weights {
    /// The largest absolute value.
    largest: Rational,
    /// The most bits of a numerator and its denominator 2^k or q, together, less the one bit that 1 takes.
    bits: u64,
}

impl Weights {
    /// Looks at every weight; `None` where tiles coincide and are too many to be added up.
    fn of(network: &Layered) -> Option<Self> {
        let mut weights = Self { largest: Rational::zero(), bits: 0 };
        for map in network.layers().iter().flat_map(|layer| [&layer.map, &layer.bias]) {
            let placed: u128 = map.tiles().iter().map(|tile| tile.placed_entries()).sum();
            if map.nonzeros().ok()? == placed {
                // No two entries meet: every weight is an entry of a block.
                map.tiles().iter().flat_map(|tile| tile.block.entries()).for_each(|(_, _, w)| weights.see(w));
            } else {
                weights.see_all(map)?;
            }
        }
        Some(weights)
    }
    fn see_all(&mut self, map: &LinearMap) -> Option<()> {
        let map = Unrolled::new(map, WRITE_OUT_BUDGET).ok()?;
        // The table of weights also holds summands; only what stands in a row counts.
        let mut used = vec![false; map.weights().len()];
        (0..map.rows()).flat_map(|row| map.row_places(row)).for_each(|&(_, weight)| used[weight as usize] = true);
        map.weights().iter().zip(used).filter(|(_, used)| *used).for_each(|(w, _)| self.see(w));
        Some(())
    }
    fn see(&mut self, w: &Rational) {
        let size = w.abs();
        self.bits = self.bits.max(w.numerator().bits() + w.denominator().bits() - 1);
        if size > self.largest {
            self.largest = size;
        }
    }
}
