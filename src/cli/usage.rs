//! Answers of the option parser: help, version, and bad usage in one line.

use std::io::Write;

use clap::error::ErrorKind;

use super::error::{CliError, report};
use super::output::write_stdout;

/// Prints what the parser stopped for and returns the exit code: 0 for help and version, 2 for bad usage.
pub(super) fn answer(error: &clap::Error, mut stdout: Box<dyn Write + Send>, stderr: &mut dyn Write) -> u8 {
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match write_stdout(&mut stdout, text.as_bytes()) {
            Ok(()) => 0,
            Err(error) => report(&error, stderr),
        },
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            report(&CliError::new("no command was given").accepted("see certinet --help"), stderr)
        }
        _ => report(&CliError::new(shorten(&text)), stderr),
    }
}

/// The parser's message on one line, for option values that did not come from the command line.
pub(super) fn first_line(error: &clap::Error) -> String {
    shorten(&error.render().to_string())
}

/// The parser's message without its label, its usage block and its advice, on one line.
fn shorten(text: &str) -> String {
    let mut line = String::new();
    for part in text.lines().map(str::trim) {
        if part.starts_with("Usage:") || part.starts_with("For more information") {
            break;
        }
        let part = part.strip_prefix("error: ").unwrap_or(part);
        let part = part.strip_prefix('[').and_then(|part| part.strip_suffix(']')).unwrap_or(part);
        if part.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push_str(if line.ends_with(':') { " " } else { "; " });
        }
        line.push_str(part);
    }
    line.push_str("; see certinet --help");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_errors_become_one_line() {
        let text = "error: the following required arguments were not provided:\n  <FAMILY>\n\nUsage: certinet build\n";
        assert_eq!(shorten(text), "the following required arguments were not provided: <FAMILY>; see certinet --help");
        let text = "error: invalid value 'x' for '--format'\n  [possible values: a, b]\n\nFor more information, ...";
        assert_eq!(shorten(text), "invalid value 'x' for '--format'; possible values: a, b; see certinet --help");
    }
}
