//! `certinet pde`: the parametric diffusion problem.

mod certify;
mod certify_report;
mod dataset;
mod problem;
mod reduce;
mod reduce_report;
mod solve;
mod verify;

use clap::Subcommand;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;

/// Solves parametric diffusion problems, with certified errors.
#[derive(Debug, clap::Args)]
pub struct Pde {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Certify(certify::Certify),
    Dataset(dataset::Dataset),
    Solve(solve::Solve),
    Reduce(reduce::Reduce),
    Verify(verify::Verify),
}

impl Run for Pde {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        match self.task {
            Task::Certify(task) => task.run(context),
            Task::Dataset(task) => task.run(context),
            Task::Solve(task) => task.run(context),
            Task::Reduce(task) => task.run(context),
            Task::Verify(task) => task.run(context),
        }
    }
}
