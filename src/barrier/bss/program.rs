//! Programs as the machine runs them.

use crate::arith::Rational;

/// A program that [`super::read_program`] has accepted: every name is declared, every label has its instruction, and
/// the last instruction does not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    pub(super) arrays: Vec<String>,
    pub(super) indices: Vec<String>,
    pub(super) lines: Vec<Line>,
}

impl Program {
    /// The instructions, each with its line.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}

/// An instruction and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line, from 1.
    pub line: usize,
    /// The instruction as it is written.
    pub text: String,
    /// What it does.
    pub(super) instruction: Instruction,
}

/// The four operations of the field with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A cell of an array: the place an index register points to, and an offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub array: usize,
    pub register: Option<usize>,
    pub offset: i64,
}

/// What a field operation reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    Constant(Rational),
    Cell(Place),
}

/// What an index operation reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IndexOperand {
    Constant(i64),
    Register(usize),
}

/// One instruction; jumps name the number of an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Instruction {
    Compute { target: Place, operation: Operation, left: Operand, right: Operand },
    Sqrt { target: Place, from: Operand },
    Copy { target: Place, from: Operand },
    Index { target: usize, left: IndexOperand, more: Option<(Operation, IndexOperand)> },
    IfNegative { tested: Operand, to: usize },
    IfZero { tested: Operand, to: usize },
    IfIndexLess { left: IndexOperand, right: IndexOperand, to: usize },
    IfIndexEqual { left: IndexOperand, right: IndexOperand, to: usize },
    Goto(usize),
    Output(Operand),
    Halt,
}
