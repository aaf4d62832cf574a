//! `certinet barrier`: what no digital computer can do, or only at a price.

mod blowup;

use clap::Subcommand;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;

/// Shows limits of digital computation on instances, with exact distances.
#[derive(Debug, clap::Args)]
pub struct Barrier {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Blowup(blowup::Blowup),
}

impl Run for Barrier {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        match self.task {
            Task::Blowup(task) => task.run(context),
        }
    }
}
