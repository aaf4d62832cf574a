//! One line of an MPS text, in both forms.

use super::{Problem, cut};
use crate::arith::Rational;

/// How a line is cut into fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Words between blanks.
    Free,
    /// Columns 2-3, 5-12, 15-22, 25-36, 40-47, 50-61.
    Fixed,
}

/// What a section's lines hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A code and a name.
    Row,
    /// A name and one or two pairs.
    Column,
    /// The name of a set, which may be missing, and one or two pairs.
    Vector,
    /// A code, the name of a set, which may be missing, a name, and a number unless the code needs none.
    Bound,
}

/// A line of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card<'a> {
    pub(super) code: &'a str,
    /// The row, the column, or the set.
    pub(super) name: &'a str,
    /// (name, number) each.
    pub(super) pairs: Vec<(&'a str, &'a str)>,
}

const ROW: &str = "a type and a name";
const COLUMN: &str = "a column, then one or two pairs of a row and a number";
const VECTOR: &str = "the name of the set, then one or two pairs of a row and a number";
const BOUND: &str = "a type, the name of the set, a column and, for LO, UP, FX, LI and UI, a number";

impl<'a> Card<'a> {
    pub(super) fn read(line: &'a str, form: Form, kind: Kind) -> Result<Self, Problem> {
        match form {
            Form::Free => Self::free(line, kind),
            Form::Fixed => Self::fixed(line, kind),
        }
    }

    fn free(line: &'a str, kind: Kind) -> Result<Self, Problem> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let bad = |accepted| Problem::Form { found: words.len(), accepted };
        let card = |code, name, rest: &[&'a str]| {
            let pairs = rest.chunks(2).map(|pair| (pair[0], pair.get(1).copied().unwrap_or(""))).collect();
            Self { code, name, pairs }
        };
        match (kind, &words[..]) {
            (Kind::Row, [code, name]) => Ok(card(code, name, &[])),
            (Kind::Row, _) => Err(bad(ROW)),
            (Kind::Column, [name, rest @ ..]) if matches!(rest.len(), 2 | 4) => Ok(card("", name, rest)),
            (Kind::Column, _) => Err(bad(COLUMN)),
            (Kind::Vector, rest) if matches!(rest.len(), 2 | 4) => Ok(card("", "", rest)),
            (Kind::Vector, [name, rest @ ..]) if matches!(rest.len(), 2 | 4) => Ok(card("", name, rest)),
            (Kind::Vector, _) => Err(bad(VECTOR)),
            (Kind::Bound, [code, rest @ ..]) => {
                let numbers = usize::from(needs_number(code));
                match rest.len() {
                    n if n == 1 + numbers => Ok(card(code, "", rest)),
                    n if n == 2 + numbers => Ok(card(code, rest[0], &rest[1..])),
                    _ => Err(bad(BOUND)),
                }
            }
            (Kind::Bound, []) => Err(bad(BOUND)),
        }
    }

    fn fixed(line: &'a str, kind: Kind) -> Result<Self, Problem> {
        let field = |from: usize, to: usize| {
            // Counted in bytes: fixed files are ASCII; a cut inside a longer letter gives an empty field.
            let end = to.min(line.len());
            line.get(from.min(end)..end).unwrap_or("").trim()
        };
        let fields = [field(1, 3), field(4, 12), field(14, 22), field(24, 36), field(39, 47), field(49, 61)];
        let found = fields.iter().filter(|field| !field.is_empty()).count();
        let [code, name, first, number, second, other] = fields;
        let mut pairs = vec![(first, number)];
        if !second.is_empty() {
            pairs.push((second, other));
        }
        let bad = |accepted| Err(Problem::Form { found, accepted });
        // What stands between the fields belongs to none of them.
        let between = [(0, 1), (3, 4), (12, 14), (22, 24), (36, 39), (47, 49), (61, line.len())];
        if between.iter().any(|&(from, to)| !field(from, to).is_empty()) || line.contains('\t') {
            return bad("fields in columns 2-3, 5-12, 15-22, 25-36, 40-47 and 50-61, or words without blanks");
        }
        match kind {
            Kind::Row if code.is_empty() || name.is_empty() || !first.is_empty() => bad(ROW),
            Kind::Row => Ok(Self { code, name, pairs: Vec::new() }),
            Kind::Column if name.is_empty() || first.is_empty() => bad(COLUMN),
            Kind::Vector if first.is_empty() => bad(VECTOR),
            Kind::Column | Kind::Vector => Ok(Self { code, name, pairs }),
            Kind::Bound if code.is_empty() || first.is_empty() || !second.is_empty() => bad(BOUND),
            Kind::Bound => Ok(Self { code, name, pairs }),
        }
    }
}

/// Whether a bound of this type has a number.
pub(super) fn needs_number(code: &str) -> bool {
    !matches!(code, "FR" | "MI" | "PL" | "BV")
}

/// A decimal, exactly.
pub(super) fn number(word: &str) -> Result<Rational, Problem> {
    let fail = || Problem::NoNumber { word: cut(word) };
    // Fortran writes exponents with D.
    let plain = word.replace(['d', 'D', 'E'], "e");
    let letters = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e'));
    let exponent = plain.split_once('e').map_or(Some(0), |(_, exponent)| exponent.parse::<i32>().ok());
    if !letters || exponent.is_none_or(|k| k.abs() > 1000) {
        return Err(fail());
    }
    plain.parse().map_err(|_| fail())
}

/// The number of a bound; `None` for an infinite one.
pub(super) fn end(word: &str, sign: char) -> Result<Option<Rational>, Problem> {
    let lower = word.to_ascii_lowercase();
    let bare = lower.strip_prefix(sign).or((sign == '+').then_some(lower.as_str()));
    if matches!(bare, Some("inf" | "infinity")) { Ok(None) } else { number(word).map(Some) }
}
