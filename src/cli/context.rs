//! What a command is given, and what it answers.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::GlobalOptions;
use super::error::CliError;
use super::output::{stream_stdout, write_file, write_stdout};
use super::progress::Progress;
use crate::report::{Format, Printable};

/// The answer of a command that did its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Exit {
    /// Done, verified, proved, equal: exit code 0.
    Done,
    /// Rejected, refuted, unequal: exit code 1; a witness was printed.
    Negative,
    /// A limit was met during the work: exit code 3; it was said which.
    Open,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Negative => 1,
            Self::Open => 3,
        }
    }
}

/// The global options and the two ways out of a command.
pub struct Context {
    format: Format,
    output: Option<PathBuf>,
    quiet: bool,
    stdout: Mutex<Box<dyn Write + Send>>,
}

impl Context {
    /// The context of one run.
    pub fn new(options: GlobalOptions, stdout: Box<dyn Write + Send>) -> Self {
        let GlobalOptions { format, output, quiet, threads: _ } = options;
        Self { format, output, quiet, stdout: Mutex::new(stdout) }
    }

    /// How results are to be written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The file that `--output` names, where it is given.
    pub fn output(&self) -> Option<&Path> {
        self.output.as_deref()
    }

    /// Delivers the result of a command that makes no artefact: to `--output` where given, else to standard output.
    ///
    /// # Errors
    /// [`CliError`] when writing fails.
    pub fn deliver(&self, result: &dyn Printable) -> Result<(), CliError> {
        match &self.output {
            None => self.print(result),
            Some(path) => {
                let text = result.print(self.format);
                write_file(path, |writer| Ok(writer.write_all(text.as_bytes())?))
            }
        }
    }

    /// Delivers a long result piece by piece: to `--output` where given, else to standard output.
    ///
    /// # Errors
    /// [`CliError`] when writing fails; a closed pipe is no failure.
    pub fn deliver_stream<F>(&self, write: F) -> Result<(), CliError>
    where
        F: FnOnce(&mut dyn Write) -> io::Result<()>,
    {
        if let Some(path) = &self.output {
            return write_file(path, |writer| Ok(write(writer)?));
        }
        let mut stdout = self.stdout.lock().unwrap_or_else(PoisonError::into_inner);
        stream_stdout(&mut *stdout, write)
    }

    /// Prints the result of a command whose `--output` is an artefact: always to standard output.
    ///
    /// # Errors
    /// [`CliError`] when writing fails; a closed pipe is no failure.
    pub fn print(&self, result: &dyn Printable) -> Result<(), CliError> {
        let mut stdout = self.stdout.lock().unwrap_or_else(PoisonError::into_inner);
        write_stdout(&mut *stdout, result.print(self.format).as_bytes())
    }

    /// Prints one line of words to standard output, whatever the format: a verdict, a name.
    ///
    /// # Errors
    /// [`CliError`] when writing fails; a closed pipe is no failure.
    pub fn print_line(&self, words: &str) -> Result<(), CliError> {
        let mut stdout = self.stdout.lock().unwrap_or_else(PoisonError::into_inner);
        write_stdout(&mut *stdout, format!("{words}\n").as_bytes())
    }

    /// The path of the artefact, for commands that must have one.
    ///
    /// # Errors
    /// [`CliError`] when `--output` was not given.
    pub fn artefact(&self) -> Result<&Path, CliError> {
        self.output.as_deref().ok_or_else(|| {
            CliError::new("the file to write is missing").at("option --output").accepted("give --output FILE")
        })
    }

    /// Writes the artefact atomically; `write` streams its content.
    ///
    /// # Errors
    /// [`CliError`] when `--output` was not given, or from writing, or from `write`.
    pub fn write_artefact<F>(&self, write: F) -> Result<(), CliError>
    where
        F: FnOnce(&mut dyn Write) -> Result<(), CliError>,
    {
        write_file(self.artefact()?, write)
    }

    /// Accepts a file to read unless `--output` names the same file, which would then be lost.
    ///
    /// # Errors
    /// [`CliError`] when both are one file, also by another name.
    pub fn spare(&self, input: &Path) -> Result<(), CliError> {
        let Some(output) = &self.output else { return Ok(()) };
        match (output.canonicalize(), input.canonicalize()) {
            (Ok(output), Ok(input)) if output == input => Err(CliError::new("the file to write is the file to read")
                .at(format!("file {}", input.display()))
                .accepted("give another --output")),
            _ => Ok(()),
        }
    }

    /// Says something about the work on stderr, unless `--quiet` was given.
    pub fn note(&self, words: &str) {
        if !self.quiet {
            // Nobody is left to tell when stderr itself is closed.
            let _ = writeln!(io::stderr(), "certinet: {words}");
        }
    }

    /// A progress bar over `total` steps; invisible with `--quiet` or when stderr is no terminal.
    pub fn progress(&self, what: &'static str, total: u64) -> Progress {
        Progress::new(what, total, self.quiet)
    }
}
