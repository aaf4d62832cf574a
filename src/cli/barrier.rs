//! `certinet barrier`: what digital computers cannot do, and what other machines can.

mod bss;

use clap::Subcommand;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;

/// Runs the barriers of computability.
#[derive(Debug, clap::Args)]
pub struct Barrier {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Bss(bss::Bss),
}

impl Run for Barrier {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        match self.task {
            Task::Bss(task) => task.run(context),
        }
    }
}
