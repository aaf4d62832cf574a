//! The choice of a format.

use core::fmt;
use core::str::FromStr;

use super::{Table, csv, json, latex, markdown, text};

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Aligned columns for a terminal.
    #[default]
    Text,
    /// JSON, exact numbers as strings.
    Json,
    /// Comma-separated values, exact numbers in full.
    Csv,
    /// A Markdown table.
    Markdown,
    /// A LaTeX tabular.
    Latex,
}

impl Format {
    /// Every format, in the order help lists them.
    pub const ALL: [Self; 5] = [Self::Text, Self::Json, Self::Csv, Self::Markdown, Self::Latex];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Latex => "latex",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{name}' is not a format: accepted are text, json, csv, markdown, latex")]
pub struct UnknownFormat {
    /// The name.
    pub name: String,
}

impl FromStr for Format {
    type Err = UnknownFormat;
    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat { name: name.to_owned() })
    }
}

/// Anything that can be written in every [`Format`].
pub trait Printable {
    /// The whole text, ended by a line end.
    fn print(&self, format: Format) -> String;
}

impl Printable for Table {
    fn print(&self, format: Format) -> String {
        match format {
            Format::Text => text::render(self),
            Format::Json => json::render(self),
            Format::Csv => csv::render(self),
            Format::Markdown => markdown::render(self),
            Format::Latex => latex::render(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::sample;
    use super::*;

    #[test]
    fn names_and_formats_correspond() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(format));
            assert!(sample().print(format).ends_with('\n'));
        }
        assert!("xml".parse::<Format>().is_err());
    }
}
