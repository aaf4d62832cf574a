//! Results for programs.

use serde_json::Value;

use super::Table;

/// An array with one row a line.
pub(super) fn render(table: &Table) -> String {
    let rows: Vec<String> = table.rows().iter().map(|row| format!("  {}", row.json)).collect();
    if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) }
}

/// One object (or any value), one line.
pub(super) fn render_value(value: &Value) -> String {
    format!("{value}\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::table::tests::sample;
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_are_the_objects_that_were_given() {
        let text = render(&sample());
        assert_eq!(text.lines().count(), 4);
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, json!([{"family": "product", "weights": "3012345"}, {"family": "x", "weights": "7"}]));
        assert_eq!(render(&Table::new(Vec::new())), "[]\n");
    }
}
