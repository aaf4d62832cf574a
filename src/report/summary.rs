//! A record with a table.

use super::render::{Format, Printable};
use super::{Record, Table};

/// A record with the table that it sums up, below it: JSON is the object of the record, which holds the rows too, CSV is the
/// table only.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The record.
    pub record: Record,
    /// The table.
    pub table: Table,
}

impl Printable for Summary {
    fn print(&self, format: Format) -> String {
        match format {
            Format::Json => self.record.print(format),
            Format::Csv => self.table.print(format),
            _ => format!("{}\n{}", self.record.print(format), self.table.print(format)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Cell, Column};
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_summary_in_every_format() {
        let mut table = Table::new(vec![Column::right("k")]);
        assert!(table.push(vec![Cell::count(7)], Value::Null).is_ok());
        let summary = Summary { record: Record::new(json!({"rows": [7]})).with("sum", Cell::count(7)), table };
        assert_eq!(summary.print(Format::Text), "sum  7\n\nk\n-\n7\n");
        assert_eq!(summary.print(Format::Json), "{\"rows\":[7]}\n");
        assert_eq!(summary.print(Format::Csv), "k\n7\n");
        assert!(summary.print(Format::Markdown).contains("| 7 |"));
        assert!(summary.print(Format::Latex).contains("sum"));
    }
}
