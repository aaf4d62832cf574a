//! `certinet table`: the certified complexity table, the main job.

mod config;
mod row;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;
use super::input::read_text;
use crate::arith::Rational;
use crate::report::{Cell, Column, Table as Rows};
use row::TableRow;

/// Prints the certified complexity table: construction, exact size, proved error, published bound.
#[derive(Debug, clap::Args)]
pub struct Table {
    /// Only these families.
    #[arg(value_name = "FAMILY")]
    families: Vec<String>,
    /// Choose the rows by this file instead of the built-in list, which has the same form.
    #[arg(long, value_name = "FILE.toml")]
    config: Option<PathBuf>,
    /// Write the certificate of every row into this folder, made if it is missing, for `certinet check`.
    #[arg(long, value_name = "DIR")]
    certificates: Option<PathBuf>,
    /// Print the built-in list of rows in the form that --config reads, and stop.
    #[arg(long)]
    print_config: bool,
}

/// The rows that are printed without --config.
const DEFAULT: &str = include_str!("table/default.toml");

impl Run for Table {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        if self.print_config {
            context.print_line(DEFAULT.trim_end())?;
            return Ok(Exit::Done);
        }
        if let Some(path) = &self.config {
            context.spare(path)?;
        }
        let requests = match &self.config {
            None => config::read(DEFAULT).map_err(|error| error.at("the built-in list"))?,
            Some(path) => config::read(&read_text(path)?).map_err(|error| error.at(path.display()))?,
        };
        let requests = config::select(requests, &self.families)?;
        if let Some(folder) = &self.certificates {
            std::fs::create_dir_all(folder)
                .map_err(|error| CliError::from(error).at(format!("option --certificates {}", folder.display())))?;
        }
        let progress = context.progress("rows", requests.len() as u64);
        let rows: Vec<TableRow> = requests
            .par_iter()
            .enumerate()
            .with_max_len(1)
            .map(|(number, request)| {
                let certificate = self.certificates.as_deref().map(|folder| (folder, number));
                let row = TableRow::new(&request.family, certificate).map_err(|error| error.at(&request.place));
                progress.advance(1);
                row
            })
            .collect::<Result<_, _>>()?;
        drop(progress);
        context.deliver(&lay_out(&rows)?)?;
        Ok(Exit::Done)
    }
}

fn lay_out(rows: &[TableRow]) -> Result<Rows, CliError> {
    let mut columns = vec![
        Column::left("family"),
        Column::left("method"),
        Column::left("parameters"),
        Column::right("layers"),
        Column::right("neurons").with_legend("inputs, hidden neurons and outputs"),
        Column::right("weights")
            .with_legend("non-zero entries of all matrices and biases, or synapses, counted exactly"),
        Column::right("dense").with_legend("all entries of all matrices and biases, zeros too"),
        Column::right("error").with_legend("proved for the whole domain; without <= it is attained"),
        Column::right("seen").with_legend(
            "exact error at a witness input, as a share of the error; 1 proves that the error is attained",
        ),
        Column::right("needed").with_legend("neurons that every ReLU network with this error has, where known"),
        Column::right("published")
            .with_legend("weights of the published construction for the same task, or its neurons"),
        Column::right("C").with_legend(implied_legend(rows)),
    ];
    for column in &mut columns {
        if column.legend.as_deref() == Some("") {
            column.legend = None;
        }
    }
    let mut table = Rows::new(columns);
    for row in rows {
        table.push(row.cells.clone(), row.json.clone())?;
    }
    Ok(table)
}

/// What C means, with its certified maximum for each family, method and source in the table.
fn implied_legend(rows: &[TableRow]) -> String {
    let mut largest: BTreeMap<(&str, &str, &str), &Rational> = BTreeMap::new();
    for implied in rows.iter().filter_map(|row| row.implied.as_ref()) {
        let kept = largest.entry(implied.bound).or_insert(&implied.constant);
        *kept = (*kept).max(&implied.constant);
    }
    if largest.is_empty() {
        return String::new();
    }
    let maxima: Vec<String> = largest
        .into_iter()
        .map(|((family, method, source), c)| {
            format!("{family} {method} {} ({source})", Cell::UpperBound(c.clone()).to_reading())
        })
        .collect();
    format!(
        "weights are at most C times the published bound without its open constant; largest over this table: {}",
        maxima.join(", ")
    )
}
