//! Tables for Markdown pages.

use super::text::one_line;
use super::{Alignment, Table};

/// A pipe table; the legends follow as a list.
pub(super) fn render(table: &Table) -> String {
    let mut out = String::new();
    line(&mut out, table.columns().iter().map(|column| escape(&column.header)));
    line(
        &mut out,
        table.columns().iter().map(|column| {
            match column.alignment {
                Alignment::Left => ":--",
                Alignment::Right => "--:",
            }
            .to_owned()
        }),
    );
    for row in table.rows() {
        line(&mut out, row.cells.iter().map(|cell| escape(&cell.to_reading())));
    }
    for (i, (header, legend)) in table.legends().enumerate() {
        out.push_str(if i == 0 { "\n" } else { "" });
        out.push_str(&format!("- {}: {}\n", escape(header), escape(legend)));
    }
    out
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    out.push_str(&format!("| {} |\n", cells.join(" | ")));
}

/// Characters that Markdown would read as markup get a backslash.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).chars() {
        if matches!(c, '\\' | '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '#' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::sample;
    use super::*;

    #[test]
    fn pipes_and_markup_are_escaped() {
        let expected = "\
| family | weights | error |
| :-- | --: | --: |
| product, \"p\\|q\" | 3,012,345 | \\<= 2^-20 |
| x\\_1 & 50% | 7 | - |

- weights: non-zero entries
";
        assert_eq!(render(&sample()), expected);
    }
}
