//! The list of rows, as TOML.
//!
//! ```toml
//! [[rows]]
//! family = "squaring"
//! method = ["delayed", "centred"]
//! error = ["2^-10", "2^-20"]
//! ```
//!
//! Every key but `family` is an option of that family on the command line; a list stands for one row for each of its
//! entries, several lists for all combinations, the last one running fastest.

use clap::{Parser, Subcommand};
use toml::{Table, Value};

use crate::cli::error::CliError;
use crate::cli::family::Family;
use crate::cli::usage::first_line;

/// The most rows a list may stand for.
const MAX_ROWS: usize = 10_000;

/// One row of the table that is asked for.
#[derive(Debug)]
pub(super) struct Request {
    pub family: Family,
    /// The options as they would be given to `certinet build`.
    pub place: String,
    name: String,
}

/// A row as a command line, read by the same parser as `certinet build`.
#[derive(Debug, Parser)]
#[command(name = "row", disable_help_flag = true, disable_help_subcommand = true)]
struct RowOptions {
    #[command(subcommand)]
    family: Family,
}

/// Reads a list of rows.
///
/// # Errors
/// [`CliError`] for text that is not TOML, keys other than `rows`, unknown families and options, values out of range.
pub(super) fn read(text: &str) -> Result<Vec<Request>, CliError> {
    let document: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        CliError::new(error.message()).at(format!("line {line}")).accepted("TOML with [[rows]] is accepted")
    })?;
    if let Some(key) = document.keys().find(|key| *key != "rows") {
        return Err(CliError::new(format!("unknown key '{key}'")).accepted("[[rows]] is accepted"));
    }
    let Some(Value::Array(groups)) = document.get("rows") else {
        return Err(CliError::new("there are no rows").accepted("[[rows]] with a family and its options is accepted"));
    };
    let mut requests = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        for arguments in expand(group).map_err(|error| error.at(format!("rows entry {}", number + 1)))? {
            if requests.len() == MAX_ROWS {
                return Err(CliError::new(format!("more than {MAX_ROWS} rows")).accepted("fewer are accepted"));
            }
            let place = arguments.join(" ");
            let options =
                RowOptions::try_parse_from(std::iter::once("row").chain(arguments.iter().map(String::as_str)))
                    .map_err(|error| CliError::new(first_line(&error)).at(format!("row '{place}'")))?;
            requests.push(Request { family: options.family, place, name: arguments[0].clone() });
        }
    }
    Ok(requests)
}

/// Keeps the rows of the named families, all for an empty list.
///
/// # Errors
/// [`CliError`] for a name that is no family.
pub(super) fn select(requests: Vec<Request>, families: &[String]) -> Result<Vec<Request>, CliError> {
    for name in families {
        if !Family::has_subcommand(name) {
            return Err(CliError::new(format!("'{}' is no family", name.chars().take(60).collect::<String>()))
                .accepted(format!("accepted are {}", names().join(", "))));
        }
    }
    if families.is_empty() {
        return Ok(requests);
    }
    Ok(requests.into_iter().filter(|request| families.contains(&request.name)).collect())
}

fn names() -> Vec<String> {
    use clap::CommandFactory;
    RowOptions::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

/// All command lines that one entry stands for.
fn expand(group: &Value) -> Result<Vec<Vec<String>>, CliError> {
    let Value::Table(group) = group else {
        return Err(CliError::new("an entry of rows is no table").accepted("[[rows]] is accepted"));
    };
    let Some(Value::String(family)) = group.get("family") else {
        return Err(CliError::new("the family is missing").accepted("family = \"squaring\" and so on is accepted"));
    };
    let mut lines = vec![vec![family.clone()]];
    for (key, value) in group.iter().filter(|(key, _)| *key != "family") {
        let values: Vec<String> = match value {
            Value::Array(list) => list.iter().map(|value| word(key, value)).collect::<Result<_, _>>()?,
            value => vec![word(key, value)?],
        };
        if lines.len().saturating_mul(values.len()) > MAX_ROWS {
            return Err(CliError::new(format!("more than {MAX_ROWS} rows")).accepted("fewer are accepted"));
        }
        lines = lines
            .iter()
            .flat_map(|line| values.iter().map(|value| [line.as_slice(), &[format!("--{key}={value}")]].concat()))
            .collect();
    }
    Ok(lines)
}

fn word(key: &str, value: &Value) -> Result<String, CliError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(n) => Ok(n.to_string()),
        _ => Err(CliError::new(format!("'{key}' is neither text nor a whole number"))
            .accepted("texts such as \"1/1000\", whole numbers and lists of them are accepted")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_multiplied_out_in_order() {
        let text =
            "[[rows]]\nfamily = \"squaring\"\nmethod = [\"delayed\", \"centred\"]\nerror = [\"2^-3\", \"1e-2\"]\n";
        let places: Vec<String> = read(text).unwrap().into_iter().map(|request| request.place).collect();
        assert_eq!(places[1], "squaring --method=delayed --error=1e-2");
        assert_eq!(places[2], "squaring --method=centred --error=2^-3");
        assert_eq!(places.len(), 4);
    }

    #[test]
    fn bad_lists_are_one_line() {
        for text in [
            "rows = 3",
            "",
            "[[rows]]",
            "[[rows]]\nfamily = \"cubing\"",
            "[[rows]]\nfamily = \"squaring\"",
            "[[rows]]\nfamily = \"squaring\"\nerror = 0.5",
            "[[rows]]\nfamily = \"squaring\"\nerror = \"-1\"",
            "[[rows]]\nfamily = \"squaring\"\nerror = \"1/0\"",
            "[[rows]]\nfamily = \"squaring\"\nerror = \"1e-3\"\nmethod = \"x\"",
            "[[rows]]\nfamily = \"squaring\"\nerror = \"1e-3\"\ncolour = \"x\"",
            "[[row]]\nfamily = \"squaring\"",
            "[[rows",
        ] {
            let error = read(text).unwrap_err().to_string();
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }

    #[test]
    fn families_are_selected_by_name() {
        let rows = || read(super::super::DEFAULT).unwrap();
        let squares = select(rows(), &["squaring".to_owned()]).unwrap();
        assert!(!squares.is_empty() && squares.len() < rows().len());
        assert!(select(rows(), &["cubing".to_owned()]).unwrap_err().to_string().contains("linear-solve"));
    }
}
