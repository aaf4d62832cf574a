//! `certinet spike to-relu IN --output OUT`: a spiking network of positive weights as a ReLU network.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::super::Run;
use super::super::certificate;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::result::size_json;
use super::{read_spiking, refuse};
use crate::format::{NetworkFile, WriteNetworkError, write_network};
use crate::report::{Cell, Record};
use crate::spiking::{ToReluMethod, spiking_to_relu};

/// The most weights that a layered file takes.
const MAX_WEIGHTS: u128 = 100_000_000;

/// Converts a spiking network of positive weights without windows into the ReLU network of its firing times.
#[derive(Debug, clap::Args)]
pub struct ToRelu {
    /// The spiking network, a .json file.
    network: PathBuf,
    /// tree (any positive weights) or sorting (equal weights); without it, what fits each neuron.
    #[arg(long, value_name = "METHOD")]
    method: Option<ToReluMethod>,
    /// Write the certificate for `certinet check` to this file.
    #[arg(long, value_name = "FILE.cert")]
    certificate: Option<PathBuf>,
}

impl Run for ToRelu {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let path = context.artefact()?;
        context.spare(&self.network)?;
        certificate::spare(self.certificate.as_deref(), context, &[&self.network])?;
        let spiking = read_spiking(&self.network)?;
        let refuse = refuse(&self.network);
        let built = spiking_to_relu(&spiking, self.method).map_err(&refuse)?;
        let size = built.network.layered().and_then(|layered| layered.size()).map_err(CliError::new)?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        context.write_artefact(|writer| {
            let network = NetworkFile::Structured(built.network.as_ref().clone());
            write_network(&name, network, MAX_WEIGHTS, writer).map_err(|error| match error {
                WriteNetworkError::Io(error) => CliError::from(error),
                other => CliError::new(other),
            })
        })?;
        if let Some(path) = &self.certificate {
            certificate::write_construction(&built, &size, path)?;
        }
        let mut json = size_json(&size);
        json.insert("certificate".to_owned(), json!(self.certificate.as_ref().map(|path| path.display().to_string())));
        json.insert("output".to_owned(), json!(path.display().to_string()));
        json.insert("spiking_neurons".to_owned(), json!(spiking.neuron_count().to_string()));
        let record = Record::new(Value::Object(json))
            .with("layers", Cell::count(size.layers))
            .with("neurons", Cell::count(size.neurons))
            .with("weights", Cell::count(size.weights))
            .with("neurons of the spiking network", Cell::count(spiking.neuron_count()));
        context.print(&record)?;
        Ok(Exit::Done)
    }
}
