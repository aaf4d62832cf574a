//! `certinet spike from-relu IN --domain .. --output OUT`: a ReLU network as a spiking network.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::super::Run;
use super::super::built::write_spiking;
use super::super::certificate;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::network::read_with_layers;
use super::super::options::DomainOption;
use crate::format::spiking_json;
use crate::report::{Cell, Record};
use crate::spiking::{FromReluMethod, SpikingError, computing};

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
    /// Write the certificate for `certinet check` to this file.
    #[arg(long, value_name = "FILE.cert")]
    certificate: Option<PathBuf>,
}

/// The most weights of a ReLU network with a certificate: the entries that the checker reads.
const MAX_PROVED: u128 = 1 << 22;

impl Run for FromRelu {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let path = context.artefact()?;
        context.spare(&self.network)?;
        certificate::spare(self.certificate.as_deref(), context, &[&self.network])?;
        let (graph, layered) = read_with_layers(&self.network)?;
        let relu = layered.size().map_err(CliError::new)?;
        if self.certificate.is_some() && relu.weights > MAX_PROVED {
            return Err(CliError::new(format!("the ReLU network has {} weights", relu.weights))
                .at("option --certificate")
                .accepted(format!("at most {MAX_PROVED} have a certificate")));
        }
        let refuse = |error| match error {
            SpikingError::Domain { .. } => CliError::new(error).at("option --domain"),
            other => CliError::new(other).at(format!("file {}", self.network.display())),
        };
        let built = computing(&Arc::new(graph), &self.domain.0, self.method).map_err(refuse)?;
        let spiking = &built.network.network;
        context.write_artefact(|writer| Ok(spiking_json::write(spiking, writer)?))?;
        if let Some(path) = &self.certificate {
            write_spiking(&built, path)?;
        }
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
            "certificate": self.certificate.as_ref().map(|path| path.display().to_string()),
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
