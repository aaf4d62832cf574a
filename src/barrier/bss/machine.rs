//! Runs of programs, with their counts.

use std::collections::BTreeMap;

use super::error::{Fault, FieldError, RunError};
use super::program::{IndexOperand, Instruction, Operand, Operation, Place, Program};
use super::read::INPUT;
use super::{Number, Tower};

/// The most cells in use and the most outputs.
pub const MAX_CELLS: usize = 100_000;
/// The largest index of a cell.
const LAST_CELL: i64 = 1 << 40;

/// How often each kind of instruction was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Sums of reals.
    pub additions: u64,
    /// Differences of reals.
    pub subtractions: u64,
    /// Products of reals.
    pub multiplications: u64,
    /// Quotients of reals.
    pub divisions: u64,
    /// Square roots.
    pub roots: u64,
    /// Copies of reals.
    pub copies: u64,
    /// Branches on the sign of a real.
    pub branches: u64,
    /// Assignments of index registers, branches on them, and jumps.
    pub control: u64,
    /// Outputs.
    pub outputs: u64,
    /// The halt.
    pub halts: u64,
}

impl Counts {
    /// All instructions that were carried out.
    pub fn steps(&self) -> u64 {
        self.named().iter().map(|(_, count)| count).sum()
    }
    /// Every count with its name.
    pub fn named(&self) -> [(&'static str, u64); 10] {
        [
            ("additions", self.additions),
            ("subtractions", self.subtractions),
            ("multiplications", self.multiplications),
            ("divisions", self.divisions),
            ("square roots", self.roots),
            ("copies", self.copies),
            ("branches on reals", self.branches),
            ("index operations and jumps", self.control),
            ("outputs", self.outputs),
            ("halts", self.halts),
        ]
    }
}

/// One step of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The number of the instruction in the program.
    pub instruction: usize,
    /// What it has assigned, tested or printed.
    pub value: Option<Value>,
}

/// A value that a step has worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A real.
    Real(Number),
    /// An index.
    Index(i64),
}

/// How far a run may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunOptions {
    /// The most steps.
    pub steps: u64,
    /// The most steps that are kept for the trace.
    pub trace: usize,
}

/// The limit that ended a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// The steps that were allowed.
    #[error("the program does not halt within {0} steps")]
    Steps(u64),
    /// A limit of the field.
    #[error(transparent)]
    Field(FieldError),
    /// Too many cells.
    #[error("more than {MAX_CELLS} cells in use")]
    Cells,
    /// Too many outputs.
    #[error("more than {MAX_CELLS} outputs")]
    Outputs,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Ending {
    /// The program halted: the outputs are all that it prints.
    Halted,
    /// A limit was met on this line before the program halted.
    Open {
        /// The line of the program, from 1.
        line: usize,
        /// The limit.
        limit: Limit,
    },
}

/// A run: how it ended, what it printed until then, and what it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// How it ended.
    pub ending: Ending,
    /// What was printed, in order.
    pub outputs: Vec<Number>,
    /// How often each kind of instruction was carried out.
    pub counts: Counts,
    /// The first steps, as many as were asked for.
    pub trace: Vec<Step>,
}

enum Stop {
    Fault(Fault),
    Limit(Limit),
}

impl From<FieldError> for Stop {
    fn from(error: FieldError) -> Self {
        if error.is_limit() { Self::Limit(Limit::Field(error)) } else { Self::Fault(error.into()) }
    }
}

/// Runs a program on these inputs. Exact: every branch is decided, every output is the number itself.
///
/// `tower` is the field that the inputs lie in; square roots that the program takes are adjoined to it.
///
/// # Errors
/// [`RunError`] for an instruction without a value: a division by 0, the square root of a negative number, a cell that
/// does not exist, an index beyond 64 bits.
///
/// ```
/// use certinet::arith::Rational;
/// use certinet::barrier::bss::{Number, RunOptions, Tower, read_program, run};
/// let program = read_program("output in[0]\nhalt").map_err(|error| error.to_string())?;
/// let input = [Number::from(Rational::ratio(1, 3))];
/// let run = run(&program, &input, &mut Tower::new(), &RunOptions { steps: 10, trace: 0 })?;
/// assert_eq!((run.outputs.as_slice(), run.counts.steps()), (input.as_slice(), 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn run(program: &Program, input: &[Number], tower: &mut Tower, options: &RunOptions) -> Result<Run, RunError> {
    let cells = input.iter().enumerate().map(|(i, x)| ((0, i as i64), x.clone())).collect();
    let mut registers = vec![0; program.indices.len()];
    debug_assert_eq!(program.indices[0], INPUT.1);
    registers[0] = input.len() as i64;
    let (counts, outputs, trace) = (Counts::default(), Vec::new(), Vec::new());
    let mut machine = Machine { program, tower, cells, registers, counts, outputs };
    let mut run = Run { ending: Ending::Halted, outputs: Vec::new(), counts, trace };
    let mut next = 0;
    for step in 0.. {
        let line = &program.lines[next];
        if step >= options.steps {
            run.ending = Ending::Open { line: line.line, limit: Limit::Steps(options.steps) };
            break;
        }
        match machine.step(&line.instruction, next) {
            Ok((after, value)) => {
                if run.trace.len() < options.trace {
                    run.trace.push(Step { instruction: next, value });
                }
                // A halt goes nowhere.
                let Some(after) = after else { break };
                next = after;
            }
            Err(Stop::Fault(fault)) => return Err(RunError { line: line.line, fault }),
            Err(Stop::Limit(limit)) => {
                run.ending = Ending::Open { line: line.line, limit };
                break;
            }
        }
    }
    run.outputs = machine.outputs;
    run.counts = machine.counts;
    Ok(run)
}

struct Machine<'a> {
    program: &'a Program,
    tower: &'a mut Tower,
    /// Cells by array and index; a cell that was never written holds 0.
    cells: BTreeMap<(usize, i64), Number>,
    registers: Vec<i64>,
    counts: Counts,
    outputs: Vec<Number>,
}

impl Machine<'_> {
    /// Carries one instruction out: the next one (none after a halt), and the value for the trace.
    fn step(&mut self, instruction: &Instruction, own: usize) -> Result<(Option<usize>, Option<Value>), Stop> {
        let following = own + 1;
        let real = |next, x| Ok((Some(next), Some(Value::Real(x))));
        match instruction {
            Instruction::Compute { target, operation, left, right } => {
                let (x, y) = (self.operand(left)?, self.operand(right)?);
                let (value, count) = match operation {
                    Operation::Add => (self.tower.add(&x, &y), &mut self.counts.additions),
                    Operation::Subtract => (self.tower.subtract(&x, &y), &mut self.counts.subtractions),
                    Operation::Multiply => (self.tower.multiply(&x, &y), &mut self.counts.multiplications),
                    Operation::Divide => (self.tower.divide(&x, &y), &mut self.counts.divisions),
                };
                let value = value?;
                *count += 1;
                self.store(target, value.clone())?;
                real(following, value)
            }
            Instruction::Sqrt { target, from } => {
                let x = self.operand(from)?;
                let value = self.tower.sqrt(&x)?;
                self.counts.roots += 1;
                self.store(target, value.clone())?;
                real(following, value)
            }
            Instruction::Copy { target, from } => {
                let value = self.operand(from)?;
                self.counts.copies += 1;
                self.store(target, value.clone())?;
                real(following, value)
            }
            Instruction::IfNegative { tested, to } => {
                let x = self.operand(tested)?;
                self.counts.branches += 1;
                real(if self.tower.sign(&x) < 0 { *to } else { following }, x)
            }
            Instruction::IfZero { tested, to } => {
                let x = self.operand(tested)?;
                self.counts.branches += 1;
                real(if x.is_zero() { *to } else { following }, x)
            }
            Instruction::Output(x) => {
                let x = self.operand(x)?;
                if self.outputs.len() >= MAX_CELLS {
                    return Err(Stop::Limit(Limit::Outputs));
                }
                self.counts.outputs += 1;
                self.outputs.push(x.clone());
                real(following, x)
            }
            Instruction::Index { target, left, more } => {
                let x = self.index(*left);
                let value = match more {
                    None => Some(x),
                    Some((operation, right)) => {
                        let y = self.index(*right);
                        match operation {
                            Operation::Add => x.checked_add(y),
                            Operation::Subtract => x.checked_sub(y),
                            Operation::Multiply => x.checked_mul(y),
                            Operation::Divide => x.checked_div_euclid(y),
                        }
                    }
                };
                let value = value.ok_or(Stop::Fault(Fault::Index))?;
                self.counts.control += 1;
                self.registers[*target] = value;
                Ok((Some(following), Some(Value::Index(value))))
            }
            Instruction::IfIndexLess { left, right, to } => {
                self.counts.control += 1;
                Ok((Some(if self.index(*left) < self.index(*right) { *to } else { following }), None))
            }
            Instruction::IfIndexEqual { left, right, to } => {
                self.counts.control += 1;
                Ok((Some(if self.index(*left) == self.index(*right) { *to } else { following }), None))
            }
            Instruction::Goto(to) => {
                self.counts.control += 1;
                Ok((Some(*to), None))
            }
            Instruction::Halt => {
                self.counts.halts += 1;
                Ok((None, None))
            }
        }
    }

    fn index(&self, operand: IndexOperand) -> i64 {
        match operand {
            IndexOperand::Constant(n) => n,
            IndexOperand::Register(register) => self.registers[register],
        }
    }

    fn operand(&self, operand: &Operand) -> Result<Number, Stop> {
        match operand {
            Operand::Constant(x) => Ok(Number::from(x.clone())),
            Operand::Cell(place) => Ok(self.cells.get(&self.cell(place)?).cloned().unwrap_or_else(Number::zero)),
        }
    }

    fn store(&mut self, place: &Place, value: Number) -> Result<(), Stop> {
        let cell = self.cell(place)?;
        self.cells.insert(cell, value);
        if self.cells.len() > MAX_CELLS { Err(Stop::Limit(Limit::Cells)) } else { Ok(()) }
    }

    fn cell(&self, place: &Place) -> Result<(usize, i64), Stop> {
        let start = place.register.map_or(0, |register| self.registers[register]);
        match start.checked_add(place.offset) {
            Some(index @ 0..=LAST_CELL) => Ok((place.array, index)),
            index => {
                let array = self.program.arrays[place.array].clone();
                let index = index.unwrap_or(if start < 0 { i64::MIN } else { i64::MAX });
                Err(Stop::Fault(Fault::Cell { array, index, limit: LAST_CELL }))
            }
        }
    }
}
