//! The problem as options give it.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::super::super::context::Context;
use super::super::super::error::CliError;
use super::super::super::input::read_text;
use super::super::super::options::{RationalList, rational};
use crate::arith::Rational;
use crate::format::matrix_market::{Decimals, MatrixMarketError, read};
use crate::linalg::Matrix;

/// The most rows or columns.
const MAX_SIZE: usize = 1000;

/// Reads a matrix whose decimals stand for themselves.
fn read_matrix(path: &Path, context: &Context) -> Result<Matrix, CliError> {
    context.spare(path)?;
    let place = format!("file {}", path.display());
    let error = |error: MatrixMarketError| CliError::new(error).at(&place);
    read(&read_text(path)?, Decimals::Exact).map_err(error)?.into_dense().map_err(error)
}

/// Reads a vector: a matrix of one column or one row.
fn read_vector(path: &Path, context: &Context) -> Result<Vec<Rational>, CliError> {
    let matrix = read_matrix(path, context)?;
    let (rows, columns) = matrix.shape();
    if rows.min(columns) > 1 {
        let what = format!("a {rows} x {columns} matrix is no vector");
        return Err(CliError::new(what).at(format!("file {}", path.display())).accepted("one column is accepted"));
    }
    Ok(matrix.entries().to_vec())
}

/// The matrix of `--matrix` or `--rows`.
pub(super) fn matrix(file: Option<&Path>, rows: Option<&str>, context: &Context) -> Result<Matrix, CliError> {
    let (matrix, place) = match (file, rows) {
        (Some(path), _) => (read_matrix(path, context)?, format!("file {}", path.display())),
        (None, Some(text)) => (rows_of(text)?, "option --rows".to_owned()),
        (None, None) => {
            return Err(
                CliError::new("the matrix is missing").accepted("give --matrix FILE.mtx or --rows \"1 2; 3 4\"")
            );
        }
    };
    let (m, n) = matrix.shape();
    if (1..=MAX_SIZE).contains(&m) && (1..=MAX_SIZE).contains(&n) {
        return Ok(matrix);
    }
    let accepted = format!("from 1 to {MAX_SIZE} rows and columns are accepted");
    Err(CliError::new(format!("the matrix is {m} x {n}")).at(place).accepted(accepted))
}

fn rows_of(text: &str) -> Result<Matrix, CliError> {
    let rows = text.split(';').enumerate().map(|(i, row)| numbers(row, &format!("option --rows, row {}", i + 1)));
    Matrix::new(rows.collect::<Result<_, _>>()?).map_err(|error| CliError::new(error).at("option --rows"))
}

/// Numbers that are separated by spaces or commas.
fn numbers(text: &str, place: &str) -> Result<Vec<Rational>, CliError> {
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    words.map(|word| rational(word).map_err(|error| CliError::new(error).at(place))).collect()
}

/// The right-hand side of `--rhs` or `--data`.
pub(super) fn data(file: Option<&Path>, text: Option<&str>, context: &Context) -> Result<Vec<Rational>, CliError> {
    match (file, text) {
        (Some(path), _) => read_vector(path, context),
        (None, Some(text)) => numbers(text, "option --data"),
        (None, None) => {
            Err(CliError::new("the right-hand side is missing").accepted("give --rhs FILE.mtx or --data \"1 2\""))
        }
    }
}

/// A point of `--point`: a list of numbers, or the name of a file.
pub(super) fn point(text: &str, columns: usize, context: &Context) -> Result<Vec<Rational>, CliError> {
    let point = match RationalList::from_str(text) {
        Ok(RationalList(point)) => point,
        Err(error) => {
            let path = PathBuf::from(text);
            if !path.exists() {
                let accepted = "a list 1,1/2,.. or the name of a file is accepted";
                return Err(CliError::new(error).at("option --point").accepted(accepted));
            }
            read_vector(&path, context)?
        }
    };
    if point.len() == columns {
        return Ok(point);
    }
    let what = format!("the point has {} entries", point.len());
    Err(CliError::new(what).at("option --point").accepted(format!("{columns} are accepted, one for each column")))
}
