//! `certinet convert IN --output OUT`: a network from one format into another.

use std::path::PathBuf;

use serde_json::json;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;
use super::network::read_network_file;
use super::options::whole_number;
use crate::format::{WriteNetworkError, write_network};
use crate::report::{Cell, Record};

/// Converts a network: --output NAME.layered.json (every weight), NAME.json (structured), NAME.onnx or NAME.dot (a drawing).
#[derive(Debug, clap::Args)]
pub struct Convert {
    /// The network: .json, structured or layered, or .onnx.
    network: PathBuf,
    /// Write out at most this many weights.
    #[arg(long, value_name = "N", default_value = "100000000", value_parser = whole_number(0, 1 << 32))]
    max_weights: u64,
}

impl Run for Convert {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let path = context.artefact()?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        context.spare(&self.network)?;
        let network = read_network_file(&self.network)?;
        context.write_artefact(|writer| {
            write_network(&name, network, u128::from(self.max_weights), writer).map_err(|error| match error {
                WriteNetworkError::Io(error) => CliError::from(error),
                WriteNetworkError::TooLarge { unit: "weights", .. } => {
                    CliError::new(error).accepted("give a larger --max-weights or keep the structured form")
                }
                other => CliError::new(other),
            })
        })?;
        let output = path.display().to_string();
        context.print(&Record::new(json!({"output": output})).with("output", Cell::text(output)))?;
        Ok(Exit::Done)
    }
}
