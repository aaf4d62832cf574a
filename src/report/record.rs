//! One result with named values.

use serde_json::Value;

use super::render::{Format, Printable};
use super::{Cell, Column, Table, csv, json};

/// One result: `certinet count` and its like. A table of two columns for people, one object for programs.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    fields: Vec<(String, Cell)>,
    json: Value,
}

impl Record {
    /// A record without fields whose JSON form is `json`.
    pub fn new(json: Value) -> Self {
        Self { fields: Vec::new(), json }
    }

    /// The record with one field more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: Cell) -> Self {
        self.fields.push((name.into(), value));
        self
    }

    /// The record with this JSON form.
    #[must_use]
    pub fn with_json(mut self, json: Value) -> Self {
        self.json = json;
        self
    }

    /// The fields in order.
    pub fn fields(&self) -> &[(String, Cell)] {
        &self.fields
    }

    /// The JSON form.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Fields side by side, as CSV wants them.
    fn across(&self) -> Table {
        let mut table = Table::new(self.fields.iter().map(|(name, _)| Column::left(name)).collect());
        // The row has one cell a column because both come from `fields`.
        let _ = table.push(self.fields.iter().map(|(_, cell)| cell.clone()).collect(), Value::Null);
        table
    }

    /// Fields below each other, as people read them.
    fn down(&self) -> Table {
        let mut table = Table::new(vec![Column::left("quantity"), Column::left("value")]);
        for (name, cell) in &self.fields {
            let _ = table.push(vec![Cell::text(name), cell.clone()], Value::Null);
        }
        table
    }
}

impl Printable for Record {
    fn print(&self, format: Format) -> String {
        match format {
            Format::Json => json::render_value(&self.json),
            Format::Csv => csv::render(&self.across()),
            Format::Text => {
                let widest = self.fields.iter().map(|(name, _)| name.chars().count()).fold(0, Ord::max);
                self.fields
                    .iter()
                    .map(|(name, cell)| format!("{name:widest$}  {}\n", super::text::one_line(&cell.to_reading())))
                    .collect()
            }
            Format::Markdown | Format::Latex => self.down().print(format),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_record_in_every_format() {
        let record =
            Record::new(json!({"layers": 3})).with("layers", Cell::count(3)).with("largest weight", Cell::None);
        assert_eq!(record.print(Format::Text), "layers          3\nlargest weight  -\n");
        assert_eq!(record.print(Format::Json), "{\"layers\":3}\n");
        assert_eq!(record.print(Format::Csv), "layers,largest weight\n3,\n");
        assert!(record.print(Format::Markdown).contains("| layers | 3 |"));
        assert!(record.print(Format::Latex).contains("layers & \\(3\\) \\\\"));
    }
}
