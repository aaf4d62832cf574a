//! `certinet check FILE..`: certificates, by the independent checker.

use std::path::PathBuf;

use certinet_check::command::{check_files, overall};
use certinet_check::{Outcome, Verdict};
use rayon::prelude::*;
use serde_json::json;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;
use crate::report::{Cell, Column, Format, Printable, Table};

/// Checks certificates; the first line is the verdict: verified, holey N, or rejected step S rule R: why.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The certificates.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Compare this network file, structured, layered or spiking, with the network that the certificate is about.
    #[arg(long, value_name = "NET.json")]
    network: Option<PathBuf>,
    /// Compare this network file with the network that the certificate proves it to be equal to.
    #[arg(long, value_name = "NET.json")]
    target: Option<PathBuf>,
}

impl Run for Check {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        for (option, file) in [("--network", &self.network), ("--target", &self.target)] {
            if file.is_some() && self.files.len() > 1 {
                return Err(CliError::new(format!("{} certificates and one network", self.files.len()))
                    .at(format!("option {option}"))
                    .accepted("give one certificate with it"));
            }
        }
        for path in self.files.iter().chain(&self.network).chain(&self.target) {
            context.spare(path)?;
        }
        let progress = context.progress("certificates", self.files.len() as u64);
        let outcomes = self
            .files
            .par_iter()
            .with_max_len(1)
            .map(|file| {
                let outcome =
                    check_files(file, [self.network.as_deref(), self.target.as_deref()]).map_err(|error| {
                        let error = CliError::new(error);
                        if file.is_dir() { error.accepted("give paths to files") } else { error }
                    })?;
                progress.advance(1);
                let statement = outcome.claim();
                let Outcome { verdict, .. } = outcome;
                Ok(Checked { file: file.display().to_string(), verdict, statement })
            })
            .collect::<Result<Vec<_>, CliError>>()?;
        drop(progress);
        let verdict = overall(outcomes.iter().map(|checked| &checked.verdict));
        let exit = match verdict {
            Verdict::Verified => Exit::Done,
            Verdict::Rejected { .. } => Exit::Negative,
            Verdict::Holey(_) => Exit::Open,
        };
        context.deliver(&Report { verdict, outcomes })?;
        Ok(exit)
    }
}

/// One certificate.
struct Checked {
    file: String,
    verdict: Verdict,
    /// What it states, as far as it could be read.
    statement: Option<String>,
}

/// What is printed.
struct Report {
    verdict: Verdict,
    outcomes: Vec<Checked>,
}

impl Printable for Report {
    fn print(&self, format: Format) -> String {
        match (format, self.outcomes.as_slice()) {
            // The words that scripts read, the same as those of the standalone checker.
            (Format::Text, [Checked { statement: Some(statement), .. }]) => {
                format!("{}\n{statement}\n", self.verdict)
            }
            (Format::Text, [_]) => format!("{}\n", self.verdict),
            (Format::Text, outcomes) => {
                let lines = outcomes.iter().map(|checked| format!("{}: {}\n", checked.file, checked.verdict));
                format!("{}\n{}", self.verdict, lines.collect::<String>())
            }
            _ => self.table().print(format),
        }
    }
}

impl Report {
    fn table(&self) -> Table {
        let columns = ["file", "verdict", "step", "rule", "why"].map(Column::left).to_vec();
        let mut table = Table::new(columns);
        for Checked { file, verdict, statement } in &self.outcomes {
            let (word, holes, rejection) = match verdict {
                Verdict::Verified => ("verified", Some(0), None),
                Verdict::Holey(count) => ("holey", Some(*count), None),
                Verdict::Rejected { step, rule, why } => ("rejected", None, Some((*step, *rule, why.as_str()))),
            };
            let text = |word: Option<String>| word.map_or(Cell::None, Cell::text);
            let cells = vec![
                Cell::text(file),
                Cell::text(word),
                text(rejection.map(|(step, ..)| step.to_string())),
                text(rejection.map(|(_, rule, _)| rule.to_owned())),
                text(rejection.map(|(.., why)| why.to_owned())),
            ];
            let json = json!({
                "file": file,
                "verdict": word,
                "holes": holes,
                "step": rejection.map(|(step, ..)| step),
                "rule": rejection.map(|(_, rule, _)| rule),
                "why": rejection.map(|(.., why)| why),
                "statement": statement,
            });
            // A row has one cell a column, as both lists are written here.
            let _ = table.push(cells, json);
        }
        table
    }
}
