//! Tables for spreadsheets and scripts (RFC 4180), numbers exact and in full.

use super::Table;

/// A header line and one line a row, ended by `\n`; the kind of a number is the header's business.
pub(super) fn render(table: &Table) -> String {
    let mut out = String::new();
    line(&mut out, table.columns().iter().map(|column| column.header.clone()));
    for row in table.rows() {
        line(&mut out, row.cells.iter().map(super::Cell::to_exact_text));
    }
    out
}

fn line(out: &mut String, fields: impl Iterator<Item = String>) {
    let fields: Vec<String> = fields.map(|field| quote(&field)).collect();
    out.push_str(&fields.join(","));
    out.push('\n');
}

/// A field with a comma, a quote or a line end is quoted, quotes inside are doubled.
fn quote(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) || field != field.trim() {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::sample;
    use super::*;

    #[test]
    fn fields_are_quoted_and_numbers_exact() {
        let expected = "family,weights,error\n\"product, \"\"p|q\"\"\",3012345,1/1048576\nx_1 & 50%,7,\n";
        assert_eq!(render(&sample()), expected);
    }

    #[test]
    fn line_ends_and_outer_spaces_are_quoted() {
        assert_eq!(quote("a\nb"), "\"a\nb\"");
        assert_eq!(quote(" a"), "\" a\"");
        assert_eq!(quote("plain"), "plain");
    }
}
