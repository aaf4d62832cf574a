//! Tables for a terminal.

use super::{Alignment, Table};

/// Columns padded to their widest cell, two spaces apart, a rule under the headers, legends at the end.
pub(super) fn render(table: &Table) -> String {
    let headers: Vec<String> = table.columns().iter().map(|column| one_line(&column.header)).collect();
    let rows: Vec<Vec<String>> =
        table.rows().iter().map(|row| row.cells.iter().map(|cell| one_line(&cell.to_reading())).collect()).collect();
    let widths: Vec<usize> = headers
        .iter()
        .enumerate()
        .map(|(j, header)| rows.iter().map(|row| width(&row[j])).fold(width(header), Ord::max))
        .collect();
    let mut out = String::new();
    line(&mut out, table, &widths, &headers);
    line(&mut out, table, &widths, &widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>());
    for row in &rows {
        line(&mut out, table, &widths, row);
    }
    for (i, (header, legend)) in table.legends().enumerate() {
        out.push_str(if i == 0 { "\n" } else { "" });
        out.push_str(&format!("{}: {}\n", one_line(header), one_line(legend)));
    }
    out
}

fn line(out: &mut String, table: &Table, widths: &[usize], cells: &[String]) {
    let mut text = String::new();
    for ((cell, column), total) in cells.iter().zip(table.columns()).zip(widths) {
        let padding = " ".repeat(total - width(cell));
        match column.alignment {
            Alignment::Left => text.extend([cell.as_str(), &padding, "  "]),
            Alignment::Right => text.extend([&padding, cell.as_str(), "  "]),
        }
    }
    out.push_str(text.trim_end());
    out.push('\n');
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// Control characters become spaces: a cell cannot break its line or talk to the terminal.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::sample;
    use super::*;

    #[test]
    fn columns_line_up() {
        let expected = "\
family            weights     error
--------------  ---------  --------
product, \"p|q\"  3,012,345  <= 2^-20
x_1 & 50%               7         -

weights: non-zero entries
";
        assert_eq!(render(&sample()), expected);
    }

    #[test]
    fn control_characters_stay_out() {
        assert_eq!(one_line("a\nb\u{1b}[31m"), "a b [31m");
    }
}
