//! The certificate of a linear program: the program itself, and the reason of its answer.

use std::io::Write;

use super::CertificateError;
use super::number::{fractions, number};
use crate::arith::Rational;
use crate::programs::{Answer, LinearProgram, Range, Sense};

/// Writes the certificate of an answer, in the format that `proofs/FORMAT.md` defines (Linear programs).
///
/// # Errors
/// [`CertificateError::TooLong`] for numbers beyond the format, [`CertificateError::Io`].
pub fn write_program_certificate(
    program: &LinearProgram,
    answer: &Answer,
    writer: &mut dyn Write,
) -> Result<(), CertificateError> {
    let maximise = program.sense() == Sense::Maximise;
    let (goal, lists) = match answer {
        Answer::Optimal { point, value, multipliers } => {
            let goal = format!("{} {}", if maximise { "maximum" } else { "minimum" }, number(value)?);
            (goal, vec![("point", point), ("multipliers", multipliers)])
        }
        Answer::Infeasible { multipliers } => ("infeasible".to_owned(), vec![("multipliers", multipliers)]),
        Answer::Unbounded { point, ray } => {
            let goal = if maximise { "unbounded-above" } else { "unbounded-below" };
            (goal.to_owned(), vec![("point", point), ("ray", ray)])
        }
    };
    writeln!(writer, "certinet-certificate 1 program\nprogram {goal}\nrows {}", program.rows().len())?;
    for row in program.rows() {
        writeln!(writer, "row {}", ends(&row.range)?)?;
    }
    writeln!(writer, "columns {} {}", program.columns().len(), number(program.constant())?)?;
    for column in program.columns() {
        write!(writer, "column {} {}", number(&column.cost)?, ends(&column.range)?)?;
        for (row, a) in &column.entries {
            write!(writer, " {row} {}", number(a)?)?;
        }
        writeln!(writer)?;
    }
    // The first line, those of the statement, the proof, and `qed`.
    let lines = 4 + program.rows().len() + program.columns().len() + lists.len() + 1;
    for (keyword, list) in lists {
        writeln!(writer, "{}", fractions(keyword, list)?)?;
    }
    writeln!(writer, "qed\nend {lines}")?;
    Ok(())
}

fn ends(range: &Range) -> Result<String, CertificateError> {
    let end = |end: &Option<Rational>| end.as_ref().map_or_else(|| Ok("-".to_owned()), number);
    Ok(format!("{} {}", end(&range.lower)?, end(&range.upper)?))
}
