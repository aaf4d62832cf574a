//! The command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    certinet::cli::run()
}
