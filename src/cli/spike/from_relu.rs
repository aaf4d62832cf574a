//! `certinet spike from-relu IN --domain .. --output OUT`: a ReLU network as a spiking network.

use std::path::PathBuf;

use serde_json::json;

use super::super::Run;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::network::read_layered;
use super::super::options::DomainOption;
use crate::format::spiking_json;
use crate::report::{Cell, Record};
use crate::spiking::{FromReluMethod, SpikingError, from_relu};

/// Converts a ReLU network into a spiking network that equals it on a box.
#[derive(Debug, clap::Args)]
pub struct FromRelu {
    /// The ReLU network: .json, structured or layered.
    network: PathBuf,
    /// The box, one interval an input: "0:1,-1:1".
    #[arg(long, value_name = "BOX", allow_hyphen_values = true)]
    domain: DomainOption,
    /// compact (two layers a hidden layer) or published (three).
    #[arg(long, value_name = "METHOD", default_value_t = FromReluMethod::Compact)]
    method: FromReluMethod,
}

impl Run for FromRelu {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let path = context.artefact()?;
        context.spare(&self.network)?;
        let layered = read_layered(&self.network)?;
        let relu = layered.size().map_err(CliError::new)?;
        let spiking = from_relu(&layered, &self.domain.0, self.method).map_err(|error| match error {
            SpikingError::Domain { .. } => CliError::new(error).at("option --domain"),
            other => CliError::new(other).at(format!("file {}", self.network.display())),
        })?;
        context.write_artefact(|writer| Ok(spiking_json::write(&spiking, writer)?))?;
        let offsets = spiking.coding().map(|coding| (coding.input_offset.clone(), coding.output_offset.clone()));
        let (input_offset, output_offset) = offsets.unwrap_or_default();
        let json = json!({
            "method": self.method.name(),
            "layers": spiking.layers().to_string(),
            "neurons": spiking.neuron_count().to_string(),
            "synapses": spiking.synapse_count().to_string(),
            "relu_layers": relu.layers.to_string(),
            "relu_neurons": relu.neurons.to_string(),
            "input_offset": input_offset.to_string(),
            "output_offset": output_offset.to_string(),
            "output": path.display().to_string(),
        });
        let record = Record::new(json)
            .with("method", Cell::text(self.method.name()))
            .with("layers", Cell::count(spiking.layers()))
            .with("neurons", Cell::count(spiking.neuron_count()))
            .with("synapses", Cell::count(spiking.synapse_count()))
            .with("layers of the ReLU network", Cell::count(relu.layers))
            .with("neurons of the ReLU network", Cell::count(relu.neurons))
            .with("output offset", Cell::Exact(output_offset));
        context.print(&record)?;
        Ok(Exit::Done)
    }
}
