//! The one line a user sees when the input is bad.

use core::fmt;
use std::io::Write;

/// Bad usage or bad input: what was wrong, where, and what would be accepted.
///
/// Printed as `certinet: <what>, <place>; <accepted>`, always one line, exit code 2. Whatever the parts contain, line
/// ends and other control characters are printed escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CliError {
    what: String,
    place: Option<String>,
    accepted: Option<String>,
}

/// The exit code of bad usage and bad input.
pub const BAD_INPUT: u8 = 2;

impl CliError {
    /// An error of which only what went wrong is known yet.
    pub fn new(what: impl fmt::Display) -> Self {
        Self { what: what.to_string(), place: None, accepted: None }
    }

    /// Says where: a file, a line, an option. The innermost place wins; a second call changes nothing.
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.place.get_or_insert_with(|| place.to_string());
        self
    }

    /// Says what would be accepted.
    pub fn accepted(mut self, accepted: impl fmt::Display) -> Self {
        self.accepted = Some(accepted.to_string());
        self
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_line(&self.what))?;
        if let Some(place) = &self.place {
            write!(f, ", {}", one_line(place))?;
        }
        if let Some(accepted) = &self.accepted {
            write!(f, "; {}", one_line(accepted))?;
        }
        Ok(())
    }
}

impl std::error::Error for CliError {}

impl From<crate::report::ShapeError> for CliError {
    fn from(error: crate::report::ShapeError) -> Self {
        Self::new(error)
    }
}

impl From<std::io::Error> for CliError {
    /// The system's reason; the caller adds the place.
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::NotFound => Self::new("there is no such file"),
            ErrorKind::PermissionDenied => Self::new("the system denies access"),
            ErrorKind::StorageFull => Self::new("the disk is full"),
            _ => Self::new(format!("reading or writing failed ({error})")),
        }
    }
}

/// Prints the line and returns the exit code.
pub fn report(error: &CliError, stderr: &mut dyn Write) -> u8 {
    // Nobody is left to tell when stderr itself is closed.
    let _ = writeln!(stderr, "certinet: {error}");
    BAD_INPUT
}

/// Control characters escaped, so that a file name cannot make a second line.
fn one_line(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line() {
        let error = CliError::new("a row has 3 entries").at("file a\nb.mtx, line 2").accepted("2 are accepted");
        let mut stderr = Vec::new();
        assert_eq!(report(&error, &mut stderr), 2);
        assert_eq!(
            String::from_utf8_lossy(&stderr),
            "certinet: a row has 3 entries, file a\\nb.mtx, line 2; 2 are accepted\n"
        );
    }

    #[test]
    fn the_innermost_place_wins() {
        let error = CliError::new("no number").at("line 2").at("file a");
        assert_eq!(error.to_string(), "no number, line 2");
    }
}
