//! The command line.
//!
//! | file | object |
//! |---|---|
//! | this one | [`run`], the options every command has, the list of commands |
//! | [`context`] | what a command is given: format, output, progress; and what it answers: [`context::Exit`] |
//! | [`options`] | how option values are read: rationals, domains, points, counts |
//! | [`input`] | reading files, never more than a limit |
//! | [`output`] | writing: atomic files, standard output that forgives a closed pipe |
//! | [`error`] | the one line a user sees when the input is bad |
//! | `network` | reading a network file, refusing evaluations that are too large |
//! | `certificate` | writing the certificate of a construction, or of what is proved cell by cell |
//! | `target` | polynomials as option values |
//! | `apply`, `barrier`, `certify`, `check`, `convert`, `count`, `equal`, `eval`, `lp`, `pde`, `regions`, `spike`, `train` | one command each |
//! | `plot` | pictures: regions, firing times, potentials, spikes |
//! | [`progress`], [`budget`], [`threads`] | progress bars, requests refused beforehand, the number of threads |
//!
//! Exit codes: 0 done, 1 rejected or refuted or unequal, 2 bad usage or bad input, 3 open.
//!
//! A command holds no mathematics: it reads options, calls the library and prints what it returns. clap enters by this
//! folder only. To add a command, write a file with a `clap::Args` struct that implements [`Run`], add a variant to
//! `Command` and an arm to its `run`.

mod apply;
mod barrier;
pub mod budget;
pub mod build;
mod built;
mod certificate;
mod certify;
mod check;
pub mod context;
mod convert;
mod count;
mod equal;
pub mod error;
mod eval;
pub mod family;
pub mod input;
mod lp;
mod network;
pub mod options;
pub mod output;
mod pde;
mod plot;
#[cfg(test)]
mod probe;
pub mod progress;
mod regions;
mod result;
mod spike;
pub mod table;
mod target;
pub mod threads;
mod train;
mod usage;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::report::Format;
use context::{Context, Exit};
use error::CliError;

/// Neural networks you can prove: built from theorems, counted exactly, certified in exact arithmetic.
#[derive(Debug, Parser)]
#[command(name = "certinet", version, propagate_version = true, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: GlobalOptions,
    #[command(subcommand)]
    command: Command,
}

/// The options of every command.
#[derive(Debug, Clone, Args)]
pub struct GlobalOptions {
    /// How results are written: text, json, csv, markdown or latex.
    #[arg(long, global = true, default_value_t = Format::Text, value_name = "FORMAT")]
    pub format: Format,
    /// Write to this file, whole or not at all.
    #[arg(long, global = true, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Show no progress.
    #[arg(long, global = true)]
    pub quiet: bool,
    /// Use at most this many threads; the result does not depend on it.
    #[arg(long, global = true, value_name = "N", value_parser = options::count(threads::MAX_THREADS))]
    pub threads: Option<u64>,
}

/// What a command does once its options are read.
pub trait Run {
    /// Carries the command out.
    ///
    /// # Errors
    /// [`CliError`] for bad input only: rejected, refuted and open are answers, see [`Exit`].
    fn run(self, context: &Context) -> Result<Exit, CliError>;
}

/// The commands.
#[derive(Debug, Subcommand)]
enum Command {
    /// The certified complexity table.
    Table(table::Table),
    /// One network.
    Build(build::Build),
    Apply(apply::Apply),
    Barrier(barrier::Barrier),
    Certify(certify::Certify),
    Check(check::Check),
    Convert(convert::Convert),
    Count(count::Count),
    Equal(equal::Equal),
    Eval(eval::Eval),
    Lp(lp::Lp),
    Pde(pde::Pde),
    Regions(regions::Regions),
    Spike(spike::Spike),
    Train(train::Train),
    /// The frame's own tests speak through this command.
    #[cfg(test)]
    Probe(probe::Probe),
}

impl Run for Command {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        match self {
            Self::Table(command) => command.run(context),
            Self::Build(command) => command.run(context),
            Self::Apply(command) => command.run(context),
            Self::Barrier(command) => command.run(context),
            Self::Certify(command) => command.run(context),
            Self::Check(command) => command.run(context),
            Self::Convert(command) => command.run(context),
            Self::Count(command) => command.run(context),
            Self::Equal(command) => command.run(context),
            Self::Eval(command) => command.run(context),
            Self::Lp(command) => command.run(context),
            Self::Pde(command) => command.run(context),
            Self::Regions(command) => command.run(context),
            Self::Spike(command) => command.run(context),
            Self::Train(command) => command.run(context),
            #[cfg(test)]
            Self::Probe(command) => command.run(context),
        }
    }
}

/// Runs the program on the arguments of this process.
pub fn run() -> ExitCode {
    ExitCode::from(run_with(std::env::args_os(), Box::new(std::io::stdout()), &mut std::io::stderr()))
}

/// Runs the program on these arguments (the first is the program's name) and returns the exit code.
pub fn run_with<I>(arguments: I, stdout: Box<dyn Write + Send>, stderr: &mut dyn Write) -> u8
where
    I: IntoIterator<Item = OsString>,
{
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage::answer(&error, stdout, stderr),
    };
    let threads = cli.global.threads;
    let context = Context::new(cli.global, stdout);
    match threads::with_threads(threads, || cli.command.run(&context)).and_then(|exit| exit) {
        Ok(exit) => exit.code(),
        Err(error) => error::report(&error, stderr),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
