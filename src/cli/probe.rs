//! A command for the tests of the frame: it shows how a command is written and takes every way out of one.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use super::context::{Context, Exit};
use super::error::CliError;
use super::options::{DomainOption, positive_rational};
use super::{Run, run_with};
use crate::arith::Rational;
use crate::report::{Cell, Column, Record, Table};

/// Takes one of the ways out of a command.
#[derive(Debug, clap::Args)]
pub struct Probe {
    /// done, negative, open, fail, table or artefact.
    way: String,
    /// A number above 0.
    #[arg(long, value_name = "E", value_parser = positive_rational, default_value = "2^-20", allow_hyphen_values = true)]
    error: Rational,
    /// A box.
    #[arg(long, value_name = "BOX", allow_hyphen_values = true)]
    domain: Option<DomainOption>,
}

impl Run for Probe {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let _progress = context.progress("steps", 1);
        let dimension = self.domain.map_or(0, |domain| domain.0.len());
        let record = Record::new(json!({"error_bound": self.error.to_string(), "dimension": dimension}))
            .with("error", Cell::UpperBound(self.error))
            .with("dimension", Cell::count(dimension));
        match self.way.as_str() {
            "done" => context.deliver(&record).map(|()| Exit::Done),
            "negative" => context.deliver(&record).map(|()| Exit::Negative),
            "open" => context.deliver(&record).map(|()| Exit::Open),
            "artefact" => {
                context.write_artefact(|writer| Ok(writer.write_all(b"net")?))?;
                context.print(&record)?;
                Ok(Exit::Done)
            }
            "table" => {
                let mut table = Table::new(vec![Column::right("n")]);
                table.push(vec![Cell::count(1)], json!({"n": 1}))?;
                context.deliver(&table)?;
                Ok(Exit::Done)
            }
            way => Err(CliError::new(format!("'{way}' is no way out")).accepted("done is accepted")),
        }
    }
}

/// Standard output that the test can read afterwards.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Exit code, standard output, standard error.
fn certinet(arguments: &[&str]) -> (u8, String, String) {
    let (stdout, mut stderr) = (Shared::default(), Vec::new());
    let arguments = ["certinet"].iter().chain(arguments).map(OsString::from);
    let code = run_with(arguments, Box::new(stdout.clone()), &mut stderr);
    let bytes = stdout.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (code, String::from_utf8_lossy(&bytes).into_owned(), String::from_utf8_lossy(&stderr).into_owned())
}

#[test]
fn answers_have_their_exit_codes() {
    for (way, code) in [("done", 0), ("negative", 1), ("open", 3)] {
        let expected = "error      <= 2^-20\ndimension  0\n".to_owned();
        assert_eq!(certinet(&["probe", way]), (code, expected, String::new()));
    }
    let (code, stdout, stderr) = certinet(&["probe", "fail"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert_eq!(stderr, "certinet: 'fail' is no way out; done is accepted\n");
}

#[test]
fn global_options_stand_before_or_after_the_command() {
    let json = "{\"dimension\":2,\"error_bound\":\"1/1000\"}\n";
    let arguments = ["--format", "json", "--quiet", "probe", "done", "--error", "1e-3", "--domain", "-1:1,0:1"];
    assert_eq!(certinet(&arguments).1, json);
    let arguments = ["probe", "done", "--error", "1e-3", "--domain", "-1:1,0:1", "--format", "json", "--threads", "2"];
    assert_eq!(certinet(&arguments).1, json);
    assert_eq!(certinet(&["probe", "table", "--format", "json"]).1, "[\n  {\"n\":1}\n]\n");
}

#[test]
fn bad_usage_is_one_line_and_exit_code_2() {
    for arguments in [
        &[] as &[&str],
        &["probe"],
        &["prove"],
        &["probe", "done", "--format", "xml"],
        &["probe", "done", "--error", "-1"],
        &["probe", "done", "--error"],
        &["probe", "done", "--threads", "0"],
        &["probe", "done", "--domain", "1:0"],
        &["probe", "done", "--no-such-option"],
        &["probe", "done", "more"],
        &["probe", "artefact"],
    ] {
        let (code, stdout, stderr) = certinet(arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
        assert!(stderr.starts_with("certinet: ") && !stderr.contains("error: "), "{stderr}");
    }
    let (_, _, stderr) = certinet(&["probe", "done", "--error", "-1"]);
    assert!(stderr.contains("--error <E>") && stderr.contains("accepted are numbers above 0"), "{stderr}");
}

#[test]
fn help_and_version_are_results() {
    for arguments in [&["--help"] as &[&str], &["--version"], &["probe", "--help"]] {
        let (code, stdout, stderr) = certinet(arguments);
        assert_eq!((code, stderr.as_str()), (0, ""));
        assert!(stdout.contains("certinet") || stdout.contains("--error"), "{stdout}");
    }
}

#[test]
fn output_receives_the_result_or_the_artefact() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("result");
    let name = path.to_string_lossy();
    let (code, stdout, _) = certinet(&["probe", "table", "--format", "csv", "--output", &name]);
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert_eq!(fs::read_to_string(&path)?, "n\n1\n");
    let (code, stdout, _) = certinet(&["probe", "artefact", "--format", "json", "--output", &name]);
    assert_eq!((code, stdout.is_empty()), (0, false));
    assert_eq!(fs::read_to_string(&path)?, "net");
    let inside_a_file = Path::new(&*name).join("x").to_string_lossy().into_owned();
    assert_eq!(certinet(&["probe", "done", "--output", &inside_a_file]).0, 2);
    Ok(())
}
