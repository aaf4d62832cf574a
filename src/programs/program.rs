//! Linear programs with named rows and columns.

use std::collections::HashSet;

use crate::arith::Rational;

/// What is asked of the objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sense {
    /// The smallest value.
    #[default]
    Minimise,
    /// The largest value.
    Maximise,
}

/// The numbers from `lower` to `upper`; an end that is `None` is no bound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Range {
    /// The lower end.
    pub lower: Option<Rational>,
    /// The upper end.
    pub upper: Option<Rational>,
}

impl Range {
    /// All numbers.
    pub fn free() -> Self {
        Self::default()
    }
    /// One number.
    pub fn point(x: Rational) -> Self {
        Self { lower: Some(x.clone()), upper: Some(x) }
    }
    /// All numbers from x up.
    pub fn at_least(x: Rational) -> Self {
        Self { lower: Some(x), upper: None }
    }
    /// All numbers up to x.
    pub fn at_most(x: Rational) -> Self {
        Self { lower: None, upper: Some(x) }
    }
    /// Whether x lies between the ends.
    pub fn contains(&self, x: &Rational) -> bool {
        self.lower.as_ref().is_none_or(|lower| lower <= x) && self.upper.as_ref().is_none_or(|upper| x <= upper)
    }
    /// Whether there is no number between the ends.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self { lower: Some(lower), upper: Some(upper) } if lower > upper)
    }
    /// Whether the two ends are one number.
    pub fn is_point(&self) -> bool {
        self.lower.is_some() && self.lower == self.upper
    }
}

/// A constraint: a linear form (its coefficients are with the columns) that lies in a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The name.
    pub name: String,
    /// The values that are allowed.
    pub range: Range,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The name.
    pub name: String,
    /// The coefficient in the objective.
    pub cost: Rational,
    /// The values that are allowed.
    pub range: Range,
    /// The coefficients in the rows, (row, coefficient), each row at most once.
    pub entries: Vec<(usize, Rational)>,
}

/// Minimise or maximise constant + c . x over all x in the columns' ranges with A x in the rows' ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinearProgram {
    sense: Sense,
    constant: Rational,
    rows: Vec<Row>,
    columns: Vec<Column>,
}

/// What is wrong with a linear program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProgramError {
    /// A range without a number.
    #[error("{what} {name} has its lower bound above its upper bound; accepted are bounds lower <= upper")]
    EmptyRange {
        /// "row" or "column".
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A coefficient in a row that does not exist.
    #[error("column {column} has a coefficient in row number {row}; accepted are rows 0 to {rows}, {rows} excluded")]
    NoRow {
        /// The column's name.
        column: String,
        /// The row, from 0.
        row: usize,
        /// The number of rows.
        rows: usize,
    },
    /// Two coefficients in one place.
    #[error("column {column} has two coefficients in row {row}; accepted is one")]
    Repeated {
        /// The column's name.
        column: String,
        /// The row's name.
        row: String,
    },
}

impl LinearProgram {
    /// The program with these rows and columns; coefficients 0 are dropped.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub fn new(
        sense: Sense,
        constant: Rational,
        rows: Vec<Row>,
        mut columns: Vec<Column>,
    ) -> Result<Self, ProgramError> {
        let ranges = rows.iter().map(|row| ("row", &row.name, &row.range));
        for (what, name, range) in ranges.chain(columns.iter().map(|column| ("column", &column.name, &column.range))) {
            if range.is_empty() {
                return Err(ProgramError::EmptyRange { what, name: name.clone() });
            }
        }
        for column in &mut columns {
            let mut seen = HashSet::new();
            for &(row, _) in &column.entries {
                let Some(named) = rows.get(row) else {
                    return Err(ProgramError::NoRow { column: column.name.clone(), row, rows: rows.len() });
                };
                if !seen.insert(row) {
                    return Err(ProgramError::Repeated { column: column.name.clone(), row: named.name.clone() });
                }
            }
            column.entries.retain(|(_, a)| !a.is_zero());
            column.entries.sort_by_key(|entry| entry.0);
        }
        Ok(Self { sense, constant, rows, columns })
    }
    /// Whether the objective is minimised or maximised.
    pub fn sense(&self) -> Sense {
        self.sense
    }
    /// The constant of the objective.
    pub fn constant(&self) -> &Rational {
        &self.constant
    }
    /// The rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
    /// The columns, their entries in the order of rows, none of them 0.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }
    /// The number of coefficients that are not 0, without the objective.
    pub fn nonzeros(&self) -> usize {
        self.columns.iter().map(|column| column.entries.len()).sum()
    }
    /// constant + c . x.
    pub fn value(&self, x: &[Rational]) -> Rational {
        &self.constant + self.columns.iter().zip(x).map(|(column, x)| &column.cost * x).sum::<Rational>()
    }
    /// A x.
    pub fn row_values(&self, x: &[Rational]) -> Vec<Rational> {
        let mut values = vec![Rational::zero(); self.rows.len()];
        for (column, x) in self.columns.iter().zip(x) {
            if !x.is_zero() {
                for (row, a) in &column.entries {
                    values[*row] += a * x;
                }
            }
        }
        values
    }
}
