//! Tables for papers: a plain `tabular`, no package needed.

use super::text::one_line;
use super::{Alignment, Table};

/// A `tabular` with `\hline` rules; the legends follow as comments.
pub(super) fn render(table: &Table) -> String {
    let alignment: String = table
        .columns()
        .iter()
        .map(|column| match column.alignment {
            Alignment::Left => 'l',
            Alignment::Right => 'r',
        })
        .collect();
    let mut out = format!("\\begin{{tabular}}{{{alignment}}}\n\\hline\n");
    line(&mut out, table.columns().iter().map(|column| escape(&column.header)));
    out.push_str("\\hline\n");
    for row in table.rows() {
        line(&mut out, row.cells.iter().map(super::Cell::to_latex));
    }
    out.push_str("\\hline\n\\end{tabular}\n");
    for (header, legend) in table.legends() {
        out.push_str(&format!("% {}: {}\n", one_line(header), one_line(legend)));
    }
    out
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    out.push_str(&format!("{} \\\\\n", cells.join(" & ")));
}

/// Text in which every character with a meaning in LaTeX prints as itself.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => out.extend(['\\', c]),
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\(<\\)"),
            '>' => out.push_str("\\(>\\)"),
            '|' => out.push_str("\\(|\\)"),
            _ => out.push(c),
        }
    }
    // A line of a tabular that starts with [ would be read as the argument of the \\ before it.
    if out.starts_with(['[', '*']) { format!("{{}}{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::sample;
    use super::*;

    #[test]
    fn a_plain_tabular() {
        let expected = "\
\\begin{tabular}{lrr}
\\hline
family & weights & error \\\\
\\hline
product, \"p\\(|\\)q\" & \\(3{,}012{,}345\\) & \\(\\le 2^{-20}\\) \\\\
x\\_1 \\& 50\\% & \\(7\\) & -- \\\\
\\hline
\\end{tabular}
% weights: non-zero entries
";
        assert_eq!(render(&sample()), expected);
    }

    #[test]
    fn special_characters_print_as_themselves() {
        assert_eq!(escape("a\\b{c}~^"), "a\\textbackslash{}b\\{c\\}\\textasciitilde{}\\textasciicircum{}");
        assert_eq!(escape("[0, 1]"), "{}[0, 1]");
    }
}
