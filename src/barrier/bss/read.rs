//! Programs from text.

use std::collections::HashMap;

use super::error::{Problem, ProgramError, cut};
use super::program::{IndexOperand, Instruction, Line, Operand, Operation, Place, Program};
use super::tower::MAX_BITS;
use crate::arith::Rational;

/// The most lines of a program.
const MAX_LINES: usize = 100_000;
/// The longest name.
const MAX_NAME: usize = 60;
/// The array that holds the inputs, and the index register with their count.
pub(super) const INPUT: (&str, &str) = ("in", "count");
/// Words that name nothing.
const RESERVED: [&str; 8] = ["if", "goto", "output", "halt", "real", "index", "sqrt", "root"];

#[derive(Clone, Copy)]
enum Meaning {
    Array(usize),
    Register(usize),
}

/// Reads a program; the grammar is on the page of [`super`].
///
/// # Errors
/// [`ProgramError`] with the line.
pub fn read_program(text: &str) -> Result<Program, ProgramError> {
    let at = |line: usize| move |problem| ProgramError { line, problem };
    let mut reader = Reader::default();
    let mut labels: HashMap<&str, usize> = HashMap::new();
    let mut pending: Vec<(usize, &str)> = Vec::new();
    let mut parts: Vec<(usize, Vec<&str>)> = Vec::new();
    let (mut last_line, mut count) = (1, 0);
    // Labels first, as a jump may go forward.
    for (i, line) in text.lines().enumerate() {
        last_line = i + 1;
        if i >= MAX_LINES {
            return Err(at(last_line)(Problem::Long { limit: MAX_LINES }));
        }
        let all: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
        let mut words = all.as_slice();
        while let Some(label) = words.first().and_then(|word| word.strip_suffix(':')) {
            name(label).map_err(at(last_line))?;
            if labels.insert(label, count).is_some() {
                return Err(at(last_line)(Problem::Twice { name: cut(label) }));
            }
            pending.push((last_line, label));
            words = &words[1..];
        }
        if !words.is_empty() {
            if !declares(words) {
                pending.clear();
                count += 1;
            }
            parts.push((last_line, words.to_vec()));
        }
    }
    let mut lines: Vec<Line> = Vec::new();
    for (line, words) in parts {
        if declares(&words) {
            words[1..].iter().try_for_each(|word| reader.declare(word, words[0] == "real")).map_err(at(line))?;
            continue;
        }
        let instruction = reader.instruction(&words, &labels).map_err(at(line))?;
        lines.push(Line { line, text: words.join(" "), instruction });
    }
    if let Some((line, label)) = pending.first() {
        return Err(at(*line)(Problem::LabelAtEnd { label: cut(label) }));
    }
    match lines.last() {
        None => Err(at(last_line)(Problem::Empty)),
        Some(Line { instruction: Instruction::Halt | Instruction::Goto(_), .. }) => {
            Ok(Program { arrays: reader.arrays, indices: reader.indices, lines })
        }
        Some(Line { line, .. }) => Err(at(*line)(Problem::OpenEnd)),
    }
}

fn declares(words: &[&str]) -> bool {
    matches!(words, ["real" | "index", second, ..] if *second != ":=")
}

fn name(word: &str) -> Result<(), Problem> {
    let letters = word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if letters && word.len() <= MAX_NAME && !RESERVED.contains(&word) {
        Ok(())
    } else {
        Err(Problem::NoName { word: cut(word) })
    }
}

/// The names that are declared so far.
struct Reader {
    names: HashMap<String, Meaning>,
    arrays: Vec<String>,
    indices: Vec<String>,
}

impl Default for Reader {
    /// The input array and the count of inputs, both number 0 of their kind.
    fn default() -> Self {
        let (array, count) = INPUT;
        let names = [(array.to_owned(), Meaning::Array(0)), (count.to_owned(), Meaning::Register(0))];
        Self { names: HashMap::from(names), arrays: vec![array.to_owned()], indices: vec![count.to_owned()] }
    }
}

impl Reader {
    fn declare(&mut self, word: &str, real: bool) -> Result<(), Problem> {
        name(word)?;
        let list = if real { &mut self.arrays } else { &mut self.indices };
        let meaning = if real { Meaning::Array(list.len()) } else { Meaning::Register(list.len()) };
        if self.names.insert(word.to_owned(), meaning).is_some() {
            return Err(Problem::Twice { name: cut(word) });
        }
        list.push(word.to_owned());
        Ok(())
    }

    fn instruction(&self, words: &[&str], labels: &HashMap<&str, usize>) -> Result<Instruction, Problem> {
        let no_instruction = || Problem::NoInstruction { line: cut(&words.join(" ")) };
        let jump = |label: &str| labels.get(label).copied().ok_or_else(|| Problem::NoLabel { label: cut(label) });
        match *words {
            ["halt"] => Ok(Instruction::Halt),
            ["goto", label] => Ok(Instruction::Goto(jump(label)?)),
            ["output", x] => Ok(Instruction::Output(self.operand(x)?)),
            ["if", x, relation @ ("<" | "="), y, "goto", label] => {
                let to = jump(label)?;
                if self.is_index(x) || self.is_index(y) {
                    let (left, right) = (self.index_operand(x)?, self.index_operand(y)?);
                    return Ok(match relation {
                        "<" => Instruction::IfIndexLess { left, right, to },
                        _ => Instruction::IfIndexEqual { left, right, to },
                    });
                }
                if y != "0" {
                    return Err(Problem::Kind { word: cut(y), expected: "bound of a branch", accepted: "0 for reals" });
                }
                let tested = self.operand(x)?;
                Ok(match relation {
                    "<" => Instruction::IfNegative { tested, to },
                    _ => Instruction::IfZero { tested, to },
                })
            }
            [target, ":=", ref right @ ..] => match self.names.get(target) {
                Some(Meaning::Register(target)) => self.index(*target, right)?.ok_or_else(no_instruction),
                _ => self.compute(self.place(target)?, right)?.ok_or_else(no_instruction),
            },
            _ => Err(no_instruction()),
        }
    }

    fn compute(&self, target: Place, right: &[&str]) -> Result<Option<Instruction>, Problem> {
        Ok(Some(match *right {
            [x] => Instruction::Copy { target, from: self.operand(x)? },
            ["sqrt", x] => Instruction::Sqrt { target, from: self.operand(x)? },
            [x, sign, y] => {
                let Some(operation) = operation(sign) else { return Ok(None) };
                Instruction::Compute { target, operation, left: self.operand(x)?, right: self.operand(y)? }
            }
            _ => return Ok(None),
        }))
    }

    fn index(&self, target: usize, right: &[&str]) -> Result<Option<Instruction>, Problem> {
        Ok(Some(match *right {
            [x] => Instruction::Index { target, left: self.index_operand(x)?, more: None },
            [x, sign @ ("+" | "-" | "*"), y] => {
                let Some(operation) = operation(sign) else { return Ok(None) };
                let more = Some((operation, self.index_operand(y)?));
                Instruction::Index { target, left: self.index_operand(x)?, more }
            }
            _ => return Ok(None),
        }))
    }

    fn is_index(&self, word: &str) -> bool {
        matches!(self.names.get(word), Some(Meaning::Register(_)))
    }

    fn index_operand(&self, word: &str) -> Result<IndexOperand, Problem> {
        if word.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return self.register(word).map(IndexOperand::Register);
        }
        let kind = Problem::Kind { word: cut(word), expected: "index", accepted: "integers and index registers" };
        word.parse().map(IndexOperand::Constant).map_err(|_| kind)
    }

    fn register(&self, word: &str) -> Result<usize, Problem> {
        match self.names.get(word) {
            Some(Meaning::Register(number)) => Ok(*number),
            Some(Meaning::Array(_)) => {
                Err(Problem::Kind { word: cut(word), expected: "index", accepted: "integers and index registers" })
            }
            None => Err(Problem::Undeclared { name: cut(word) }),
        }
    }

    fn operand(&self, word: &str) -> Result<Operand, Problem> {
        if word.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return self.place(word).map(Operand::Cell);
        }
        let accepted = "rational constants, x, x[2], x[i], x[i+2]";
        let kind = Problem::Kind { word: cut(word), expected: "real", accepted };
        let constant: Rational = word.parse().map_err(|_| kind.clone())?;
        let short = constant.numerator().bits() + constant.denominator().bits() <= MAX_BITS;
        if short { Ok(Operand::Constant(constant)) } else { Err(kind) }
    }

    /// `x`, `x[2]`, `x[i]`, `x[i+2]`, `x[i-2]`.
    fn place(&self, word: &str) -> Result<Place, Problem> {
        let accepted = "x, x[2], x[i], x[i+2]";
        let kind = || Problem::Kind { word: cut(word), expected: "cell", accepted };
        let (array, index) = match word.split_once('[') {
            None => (word, "0"),
            Some((array, rest)) => (array, rest.strip_suffix(']').ok_or_else(kind)?),
        };
        let array = match self.names.get(array) {
            Some(Meaning::Array(number)) => *number,
            Some(Meaning::Register(_)) => return Err(kind()),
            None => return Err(Problem::Undeclared { name: cut(array) }),
        };
        if !index.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let offset = index.parse().map_err(|_| kind())?;
            return Ok(Place { array, register: None, offset });
        }
        let end = index.find(['+', '-']).unwrap_or(index.len());
        let (register, offset) = index.split_at(end);
        let offset = if offset.is_empty() { 0 } else { offset.parse().map_err(|_| kind())? };
        Ok(Place { array, register: Some(self.register(register)?), offset })
    }
}

fn operation(sign: &str) -> Option<Operation> {
    Some(match sign {
        "+" => Operation::Add,
        "-" => Operation::Subtract,
        "*" => Operation::Multiply,
        "/" => Operation::Divide,
        _ => return None,
    })
}
