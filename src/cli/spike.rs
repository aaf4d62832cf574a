//! `certinet spike`: spiking networks, simulated, taken apart, converted.

mod from_relu;
mod picture;
pub mod pieces;
mod regions;
mod run;
mod to_relu;

use std::path::Path;

use clap::Subcommand;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;
use super::input::read_text;
use super::regions::strings;
use crate::format::spiking_json;
use crate::spiking::{SpikingError, SpikingNetwork};

/// Runs spiking networks, lists the regions of a neuron, converts from and to ReLU networks; all exactly.
#[derive(Debug, clap::Args)]
pub struct Spike {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Run(run::RunSpikes),
    Regions(regions::Regions),
    FromRelu(from_relu::FromRelu),
    ToRelu(to_relu::ToRelu),
}

impl Run for Spike {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        match self.task {
            Task::Run(task) => task.run(context),
            Task::Regions(task) => task.run(context),
            Task::FromRelu(task) => task.run(context),
            Task::ToRelu(task) => task.run(context),
        }
    }
}

/// Reads a spiking network.
fn read_spiking(path: &Path) -> Result<SpikingNetwork, CliError> {
    let text = read_text(path)?;
    spiking_json::read(&text).map_err(|error| CliError::new(error).at(format!("file {}", path.display())))
}

/// Reads a spiking network from a file whose `format` key says that it is one; `None` for other files.
pub fn read_if_spiking(path: &Path) -> Result<Option<SpikingNetwork>, CliError> {
    let json = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    if !json || !spiking_json::is_spiking(&read_text(path)?) {
        return Ok(None);
    }
    read_spiking(path).map(Some)
}

/// What the library refuses, with the file it is about.
pub fn refuse(path: &Path) -> impl Fn(SpikingError) -> CliError {
    let place = format!("file {}", path.display());
    move |error| CliError::new(error).at(&place)
}
