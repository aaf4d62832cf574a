//! Formulas in conjunctive normal form, in the DIMACS format.
//!
//! ```text
//! c a comment, anywhere
//! p cnf 3 2           the numbers of variables and of clauses, before the clauses
//! 1 -3 0              x1 or not x3; a clause ends with 0
//! 2 3                 and goes over as many lines as it likes
//! -1 0
//! %                   where it stands, as in the files of SATLIB, the rest is not read
//! ```
//!
//! Accepted are formulas of at most [`Formula::MAX_VARIABLES`] variables; an empty clause (a 0 alone) holds nowhere. The
//! clauses must be as many as the first line says, and the last one must end: a text that was cut off is no formula.

#[cfg(test)]
mod tests;

use crate::barrier::{BarrierError, Formula};

/// The most literals of a text.
pub const MAX_LITERALS: usize = 1 << 26;

/// A text that is no formula: the line and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct DimacsError {
    /// The line, from 1; the last one where something is missing.
    pub line: usize,
    /// What is wrong.
    pub problem: DimacsProblem,
}

/// What is wrong with a line of a DIMACS text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DimacsProblem {
    /// Clauses before the header, or no header.
    #[error("there is no header yet; accepted is 'p cnf VARIABLES CLAUSES' before the clauses")]
    NoHeader,
    /// A header of another form.
    #[error("'{line}' is no header; accepted is one line 'p cnf VARIABLES CLAUSES' with two whole numbers")]
    Header {
        /// The line, cut to 60 characters.
        line: String,
    },
    /// A second header.
    #[error("a second header; accepted is one")]
    SecondHeader,
    /// A word that is no literal.
    #[error(
        "'{word}' is no literal; accepted are numbers from 1 to {variables}, their negatives, and 0 to end a clause"
    )]
    NoLiteral {
        /// The word, cut to 60 characters.
        word: String,
        /// The number of variables.
        variables: u32,
    },
    /// More literals than are read.
    #[error("there are more than {MAX_LITERALS} literals; at most so many are accepted")]
    TooLong,
    /// The last clause does not end.
    #[error("the last clause does not end; accepted is 0 after its literals")]
    OpenClause,
    /// Another number of clauses than the header says.
    #[error("there are {found} clauses; accepted are {expected}, as the header says")]
    Clauses {
        /// Clauses in the text.
        found: usize,
        /// Clauses of the header.
        expected: u64,
    },
    /// The formula is refused.
    #[error(transparent)]
    Formula(#[from] BarrierError),
}

struct Header {
    variables: u32,
    clauses: u64,
}

/// Reads a DIMACS text.
///
/// # Errors
/// [`DimacsError`] with the line.
///
/// ```
/// let formula = certinet::format::dimacs::read("c small\np cnf 2 2\n1 2 0\n-1\n-2 0\n")?;
/// assert_eq!(formula.count(0..4), 2);
/// # Ok::<(), certinet::format::dimacs::DimacsError>(())
/// ```
pub fn read(text: &str) -> Result<Formula, DimacsError> {
    let mut header: Option<Header> = None;
    let mut clauses = Vec::new();
    let mut clause = Vec::new();
    let mut literals = 0usize;
    let mut last = 1;
    for (number, line) in text.lines().enumerate() {
        last = number + 1;
        let fail = |problem: DimacsProblem| DimacsError { line: number + 1, problem };
        let line = line.trim();
        if line.is_empty() || line.starts_with('c') {
            continue;
        }
        if line.starts_with('%') {
            break;
        }
        if line.starts_with('p') {
            if header.is_some() {
                return Err(fail(DimacsProblem::SecondHeader));
            }
            header = Some(read_header(line).map_err(fail)?);
            continue;
        }
        let Some(Header { variables, clauses: expected }) = header else {
            return Err(fail(DimacsProblem::NoHeader));
        };
        for word in line.split_whitespace() {
            match literal(word, variables).map_err(fail)? {
                0 if clauses.len() as u64 == expected => {
                    return Err(fail(DimacsProblem::Clauses { found: clauses.len() + 1, expected }));
                }
                0 => clauses.push(std::mem::take(&mut clause)),
                literal => clause.push(literal),
            }
            literals += 1;
            if literals > MAX_LITERALS {
                return Err(fail(DimacsProblem::TooLong));
            }
        }
    }
    let fail = |problem: DimacsProblem| DimacsError { line: last, problem };
    let Some(Header { variables, clauses: expected }) = header else {
        return Err(fail(DimacsProblem::NoHeader));
    };
    if !clause.is_empty() {
        return Err(fail(DimacsProblem::OpenClause));
    }
    if clauses.len() as u64 != expected {
        return Err(fail(DimacsProblem::Clauses { found: clauses.len(), expected }));
    }
    Formula::new(variables, clauses).map_err(|error| fail(error.into()))
}

fn read_header(line: &str) -> Result<Header, DimacsProblem> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let refuse = || DimacsProblem::Header { line: cut(line) };
    let digits = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    let ["p", "cnf", variables, clauses] = words[..] else { return Err(refuse()) };
    if !digits(variables) || !digits(clauses) {
        return Err(refuse());
    }
    let (Ok(variables), Ok(clauses)) = (variables.parse(), clauses.parse()) else { return Err(refuse()) };
    if variables > Formula::MAX_VARIABLES {
        return Err(BarrierError::Variables { variables, limit: Formula::MAX_VARIABLES }.into());
    }
    Ok(Header { variables, clauses })
}

/// A literal, or 0.
fn literal(word: &str, variables: u32) -> Result<i32, DimacsProblem> {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let refuse = || DimacsProblem::NoLiteral { word: cut(word), variables };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(refuse());
    }
    let literal: i32 = word.parse().map_err(|_| refuse())?;
    if literal.unsigned_abs() <= variables { Ok(literal) } else { Err(refuse()) }
}

/// Words in messages are cut.
fn cut(word: &str) -> String {
    word.chars().take(60).collect()
}
