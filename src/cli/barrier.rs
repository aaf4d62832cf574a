//! `certinet barrier`: what digital computers cannot do, or only at a price, and what other machines can.

mod blowup;
mod bss;
mod digits;
mod duel;
mod halting;
mod interval;
mod list;
mod minimise;

use clap::Subcommand;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;

/// Shows the limits of digital computation on instances, with exact distances, and a machine that passes them.
#[derive(Debug, clap::Args)]
pub struct Barrier {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Blowup(blowup::Blowup),
    Bss(bss::Bss),
    Digits(digits::Digits),
    Duel(duel::Duel),
    Halting(halting::Halting),
    Interval(interval::Interval),
    List(list::List),
    Minimise(minimise::Minimise),
}

impl Run for Barrier {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        match self.task {
            Task::Blowup(task) => task.run(context),
            Task::Bss(task) => task.run(context),
            Task::Digits(task) => task.run(context),
            Task::Duel(task) => task.run(context),
            Task::Halting(task) => task.run(context),
            Task::Interval(task) => task.run(context),
            Task::List(task) => task.run(context),
            Task::Minimise(task) => task.run(context),
        }
    }
}
