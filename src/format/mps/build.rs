//! From lines to a program.

use std::collections::{HashMap, HashSet};

use super::card::{Card, Form, Kind, end, needs_number, number};
use super::{MpsError, MpsFile, Problem, cut};
use crate::arith::Rational;
use crate::programs::{Column, LinearProgram, Range, Row, Sense};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Start,
    Sense,
    Rows,
    Columns,
    RightHandSides,
    Ranges,
    Bounds,
}

/// The type of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Objective,
    Dropped,
    AtMost,
    AtLeast,
    Equal,
}

struct RowCard {
    name: String,
    kind: Type,
    side: Option<Rational>,
    range: Option<Rational>,
}

#[derive(Default)]
struct ColumnCard {
    name: String,
    /// (row card, number)
    entries: Vec<(usize, Rational)>,
    /// What bounds say of the ends: nothing, no end, or a number.
    lower: Option<Option<Rational>>,
    upper: Option<Option<Rational>>,
    integer: bool,
}

#[derive(Default)]
struct Parts {
    name: String,
    sense: Option<Sense>,
    rows: Vec<RowCard>,
    row_names: HashMap<String, usize>,
    columns: Vec<ColumnCard>,
    column_names: HashMap<String, usize>,
    /// Rows in which the last column has an entry.
    touched: HashSet<usize>,
    /// Whether columns are declared integer here.
    integer: bool,
    /// The names of the sets of right-hand sides, ranges and bounds.
    sets: [Option<String>; 3],
    seen: Vec<&'static str>,
}

pub(super) fn read(text: &str, form: Form) -> Result<MpsFile, MpsError> {
    let mut parts = Parts::default();
    let mut section = Section::Start;
    let mut last = 1;
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        last = number;
        let at = |problem: Problem| MpsError { line: number, problem };
        if line.starts_with('*') || line.trim().is_empty() {
            continue;
        }
        if line.starts_with(|c: char| c.is_whitespace()) {
            parts.data(section, line, form).map_err(at)?;
            continue;
        }
        match parts.header(line).map_err(at)? {
            Some(next) => section = next,
            None => return parts.finish().map_err(at),
        }
    }
    Err(MpsError { line: last, problem: Problem::Ends { missing: "ENDATA" } })
}

impl Parts {
    /// The section that a line opens; `None` for the end.
    fn header(&mut self, line: &str) -> Result<Option<Section>, Problem> {
        let mut words = line.split_whitespace();
        let word = words.next().unwrap_or("");
        let (section, name, needs, needs_words) = match word {
            "NAME" => {
                line.trim_start_matches("NAME").trim().clone_into(&mut self.name);
                return self.open("NAME", "", "").map(|()| Some(Section::Start));
            }
            "OBJSENSE" => (Section::Sense, "OBJSENSE", "", ""),
            "ROWS" => (Section::Rows, "ROWS", "", ""),
            "COLUMNS" => (Section::Columns, "COLUMNS", "ROWS", "ROWS before COLUMNS"),
            "RHS" => (Section::RightHandSides, "RHS", "COLUMNS", "COLUMNS before RHS"),
            "RANGES" => (Section::Ranges, "RANGES", "COLUMNS", "COLUMNS before RANGES"),
            "BOUNDS" => (Section::Bounds, "BOUNDS", "COLUMNS", "COLUMNS before BOUNDS"),
            "ENDATA" => {
                return self.open("ENDATA", "COLUMNS", "ROWS and COLUMNS before ENDATA").map(|()| None);
            }
            _ => return Err(Problem::NoSection { word: cut(word) }),
        };
        self.open(name, needs, needs_words)?;
        match (section, words.next()) {
            (Section::Sense, Some(word)) => self.set_sense(word)?,
            (_, Some(word)) => return Err(Problem::NoSection { word: cut(&format!("{name} {word}")) }),
            _ => {}
        }
        Ok(Some(section))
    }

    fn open(&mut self, section: &'static str, needs: &'static str, accepted: &'static str) -> Result<(), Problem> {
        if self.seen.contains(&section) {
            return Err(Problem::Order { section, accepted: "each section once" });
        }
        if !needs.is_empty() && !self.seen.contains(&needs) {
            return Err(Problem::Order { section, accepted });
        }
        self.seen.push(section);
        Ok(())
    }

    fn set_sense(&mut self, word: &str) -> Result<(), Problem> {
        let sense = match word.to_ascii_uppercase().as_str() {
            "MIN" | "MINIMIZE" | "MINIMISE" => Sense::Minimise,
            "MAX" | "MAXIMIZE" | "MAXIMISE" => Sense::Maximise,
            _ => return Err(Problem::Word { word: cut(word), what: "no sense", accepted: "MIN and MAX" }),
        };
        if self.sense.replace(sense).is_some() {
            return Err(Problem::Repeated { what: "the sense", name: cut(word) });
        }
        Ok(())
    }

    fn data(&mut self, section: Section, line: &str, form: Form) -> Result<(), Problem> {
        match section {
            Section::Start => Err(Problem::NoSection { word: cut(line.trim()) }),
            Section::Sense => self.set_sense(line.trim()),
            Section::Rows => self.row(&Card::read(line, form, Kind::Row)?),
            Section::Columns => self.column(&Card::read(line, form, Kind::Column)?),
            Section::RightHandSides => self.vector(&Card::read(line, form, Kind::Vector)?, false),
            Section::Ranges => self.vector(&Card::read(line, form, Kind::Vector)?, true),
            Section::Bounds => self.bound(&Card::read(line, form, Kind::Bound)?),
        }
    }

    fn row(&mut self, card: &Card<'_>) -> Result<(), Problem> {
        let has_objective = self.rows.iter().any(|row| row.kind == Type::Objective);
        let kind = match card.code {
            "N" | "n" if has_objective => Type::Dropped,
            "N" | "n" => Type::Objective,
            "L" | "l" => Type::AtMost,
            "G" | "g" => Type::AtLeast,
            "E" | "e" => Type::Equal,
            code => return Err(Problem::Word { word: cut(code), what: "no type of a row", accepted: "N, L, G and E" }),
        };
        let row = RowCard { name: card.name.to_owned(), kind, side: None, range: None };
        if self.row_names.insert(row.name.clone(), self.rows.len()).is_some() {
            return Err(Problem::Repeated { what: "row", name: cut(&row.name) });
        }
        self.rows.push(row);
        Ok(())
    }

    fn find_row(&self, name: &str) -> Result<usize, Problem> {
        let unknown = || Problem::Unknown { what: "row", name: cut(name), section: "ROWS" };
        self.row_names.get(name).copied().ok_or_else(unknown)
    }

    fn column(&mut self, card: &Card<'_>) -> Result<(), Problem> {
        if card.pairs[0].0 == "'MARKER'" {
            let word = [card.pairs[0].1, card.pairs.get(1).map_or("", |pair| pair.0)].concat();
            self.integer = match word.as_str() {
                "'INTORG'" => true,
                "'INTEND'" => false,
                _ => {
                    return Err(Problem::Word {
                        word: cut(&word),
                        what: "no marker",
                        accepted: "'INTORG' and 'INTEND'",
                    });
                }
            };
            return Ok(());
        }
        if self.columns.last().is_none_or(|last| last.name != card.name) {
            let (name, integer) = (card.name.to_owned(), self.integer);
            if self.column_names.insert(name.clone(), self.columns.len()).is_some() {
                return Err(Problem::Repeated { what: "column", name: cut(card.name) });
            }
            self.columns.push(ColumnCard { name, integer, ..ColumnCard::default() });
            self.touched.clear();
        }
        for (name, word) in &card.pairs {
            let (row, value) = (self.find_row(name)?, number(word)?);
            if !self.touched.insert(row) {
                return Err(Problem::Repeated { what: "a number of this column in row", name: cut(name) });
            }
            if let Some(column) = self.columns.last_mut() {
                column.entries.push((row, value));
            }
        }
        Ok(())
    }

    /// One set of each kind is read.
    fn same_set(&mut self, place: usize, what: &'static str, found: &str) -> Result<(), Problem> {
        let first = self.sets[place].get_or_insert_with(|| found.to_owned());
        if first == found {
            return Ok(());
        }
        Err(Problem::SecondSet { what, first: cut(first), found: cut(found) })
    }

    fn vector(&mut self, card: &Card<'_>, ranges: bool) -> Result<(), Problem> {
        let (place, what) = if ranges { (1, "ranges") } else { (0, "right-hand sides") };
        self.same_set(place, what, card.name)?;
        for (name, word) in &card.pairs {
            let (row, value) = (self.find_row(name)?, number(word)?);
            let row = &mut self.rows[row];
            let old = if ranges { row.range.replace(value) } else { row.side.replace(value) };
            if old.is_some() {
                let what = if ranges { "the range of row" } else { "the right-hand side of row" };
                return Err(Problem::Repeated { what, name: cut(name) });
            }
        }
        Ok(())
    }

    fn bound(&mut self, card: &Card<'_>) -> Result<(), Problem> {
        self.same_set(2, "bounds", card.name)?;
        let (name, word) = card.pairs[0];
        let unknown = || Problem::Unknown { what: "column", name: cut(name), section: "COLUMNS" };
        let column = *self.column_names.get(name).ok_or_else(unknown)?;
        let column = &mut self.columns[column];
        if !needs_number(card.code) && !word.is_empty() {
            number(word)?;
        }
        let (lower, upper) = match card.code {
            "LO" | "LI" => (Some(end(word, '-')?), None),
            "UP" | "UI" => (None, Some(end(word, '+')?)),
            "FX" => (Some(Some(number(word)?)), Some(Some(number(word)?))),
            "FR" => (Some(None), Some(None)),
            "MI" => (Some(None), None),
            "PL" => (None, Some(None)),
            "BV" => (Some(Some(Rational::zero())), Some(Some(Rational::one()))),
            code => {
                return Err(Problem::Word {
                    word: cut(code),
                    what: "no type of a bound",
                    accepted: "LO, UP, FX, FR, MI, PL, BV, LI and UI",
                });
            }
        };
        column.integer |= matches!(card.code, "LI" | "UI" | "BV");
        let twice = (lower.is_some() && column.lower.is_some()) || (upper.is_some() && column.upper.is_some());
        if twice {
            return Err(Problem::Repeated { what: "an end of column", name: cut(name) });
        }
        column.lower = lower.or(column.lower.take());
        column.upper = upper.or(column.upper.take());
        Ok(())
    }

    fn finish(self) -> Result<MpsFile, Problem> {
        let objective = self.rows.iter().position(|row| row.kind == Type::Objective).ok_or(Problem::NoObjective)?;
        // Numbers of rows without objective and dropped rows.
        let mut places = vec![None; self.rows.len()];
        let mut rows = Vec::new();
        for (i, row) in self.rows.iter().enumerate() {
            if let Some(range) = row_range(row) {
                places[i] = Some(rows.len());
                rows.push(Row { name: row.name.clone(), range });
            }
        }
        // The objective is c . x - b.
        let constant = -self.rows[objective].side.clone().unwrap_or_default();
        let integers = (0..self.columns.len()).filter(|&j| self.columns[j].integer).collect();
        let column = |card: ColumnCard| {
            let range = column_range(card.lower, card.upper);
            let mut column = Column { name: card.name, cost: Rational::zero(), range, entries: Vec::new() };
            for (row, value) in card.entries {
                match places[row] {
                    Some(row) => column.entries.push((row, value)),
                    None if row == objective => column.cost = value,
                    None => {}
                }
            }
            column
        };
        let columns = self.columns.into_iter().map(column).collect();
        let program = LinearProgram::new(self.sense.unwrap_or_default(), constant, rows, columns)?;
        Ok(MpsFile { name: self.name, objective: self.rows[objective].name.clone(), program, integers })
    }
}

/// The values that a row may take; `None` for rows without a constraint.
fn row_range(row: &RowCard) -> Option<Range> {
    let b = row.side.clone().unwrap_or_default();
    let wide = row.range.as_ref().map(Rational::abs);
    Some(match (row.kind, wide) {
        (Type::Objective | Type::Dropped, _) => return None,
        (Type::AtMost, None) => Range::at_most(b),
        (Type::AtMost, Some(r)) => Range { lower: Some(&b - r), upper: Some(b) },
        (Type::AtLeast, None) => Range::at_least(b),
        (Type::AtLeast, Some(r)) => Range { upper: Some(&b + r), lower: Some(b) },
        (Type::Equal, None) => Range::point(b),
        (Type::Equal, Some(r)) if row.range.as_ref().is_some_and(Rational::is_negative) => {
            Range { lower: Some(&b - r), upper: Some(b) }
        }
        (Type::Equal, Some(r)) => Range { upper: Some(&b + r), lower: Some(b) },
    })
}

fn column_range(lower: Option<Option<Rational>>, upper: Option<Option<Rational>>) -> Range {
    let upper = upper.flatten();
    let lower = match lower {
        Some(lower) => lower,
        // An upper bound below 0 alone removes the lower bound 0.
        None if upper.as_ref().is_some_and(Rational::is_negative) => None,
        None => Some(Rational::zero()),
    };
    Range { lower, upper }
}
