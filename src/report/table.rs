//! Tables: columns, and rows that carry both their cells and their JSON object.

use serde_json::Value;

use super::Cell;

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// For words.
    Left,
    /// For numbers.
    Right,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What stands above the column.
    pub header: String,
    /// Where its cells stand.
    pub alignment: Alignment,
    /// The unit or one sentence on the meaning, printed once below the table.
    pub legend: Option<String>,
}

impl Column {
    /// A column of words.
    pub fn left(header: impl Into<String>) -> Self {
        Self { header: header.into(), alignment: Alignment::Left, legend: None }
    }

    /// A column of numbers.
    pub fn right(header: impl Into<String>) -> Self {
        Self { header: header.into(), alignment: Alignment::Right, legend: None }
    }

    /// The same column with a line below the table that explains it.
    #[must_use]
    pub fn with_legend(mut self, legend: impl Into<String>) -> Self {
        self.legend = Some(legend.into());
        self
    }
}

/// One line of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The values, one a column.
    pub cells: Vec<Cell>,
    /// The same result for programs, with whatever the columns leave out.
    pub json: Value,
}

/// A row whose length is not the number of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a row has {cells} cells, the table has {columns} columns; accepted is one cell a column")]
pub struct ShapeError {
    /// The cells of the row.
    pub cells: usize,
    /// The columns of the table.
    pub columns: usize,
}

/// Rows of one shape under common headers.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Row>,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`ShapeError`] when there is not one cell a column; the table is unchanged.
    pub fn push(&mut self, cells: Vec<Cell>, json: Value) -> Result<(), ShapeError> {
        if cells.len() != self.columns.len() {
            return Err(ShapeError { cells: cells.len(), columns: self.columns.len() });
        }
        self.rows.push(Row { cells, json });
        Ok(())
    }

    /// The columns, left to right.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows, top to bottom.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// `header: legend` of every column that has a legend.
    pub(super) fn legends(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().filter_map(|column| Some((column.header.as_str(), column.legend.as_deref()?)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::arith::Rational;
    use serde_json::json;

    /// Two rows that need every kind of escaping.
    pub fn sample() -> Table {
        let mut table = Table::new(vec![
            Column::left("family"),
            Column::right("weights").with_legend("non-zero entries"),
            Column::right("error"),
        ]);
        let bound = Cell::UpperBound(Rational::power_of_two(-20));
        let first = vec![Cell::text("product, \"p|q\""), Cell::count(3_012_345), bound];
        assert_eq!(table.push(first, json!({"family": "product", "weights": "3012345"})), Ok(()));
        let second = vec![Cell::text("x_1 & 50%"), Cell::count(7), Cell::None];
        assert_eq!(table.push(second, json!({"family": "x", "weights": "7"})), Ok(()));
        table
    }

    #[test]
    fn rows_of_another_length_are_refused() {
        let mut table = sample();
        assert_eq!(table.push(vec![Cell::None], Value::Null), Err(ShapeError { cells: 1, columns: 3 }));
        assert_eq!(table.rows().len(), 2);
    }
}
