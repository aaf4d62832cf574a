//! `certinet spike`: spiking networks, simulated, taken apart, converted.

mod from_relu;
mod regions;
mod run;
mod to_relu;

use std::path::Path;

use clap::Subcommand;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;
use super::input::read_text;
use crate::arith::Rational;
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

/// What the library refuses, with the file it is about.
fn refuse(path: &Path) -> impl Fn(SpikingError) -> CliError {
    let place = format!("file {}", path.display());
    move |error| CliError::new(error).at(&place)
}

fn strings(numbers: &[Rational]) -> Vec<String> {
    numbers.iter().map(Rational::to_string).collect()
}
