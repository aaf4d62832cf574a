//! The machine of Blum, Shub and Smale: programs that compute with real numbers as if each were one letter.
//!
//! A digital computer reads finitely many digits of its input; it cannot decide x = 0, and therefore not solve the
//! problems whose answer jumps there. The machine here has exact numbers, + - * / and square roots on them, and branches
//! on their signs. On such a machine the same problems are solved by short programs (`examples/bss`).
//!
//! **The field.** Inputs are rational numbers and square roots of what is there already: an ordered field [`Tower`],
//! in which every operation and every comparison is exact. That is the part of the real numbers that a file can hold.
//! Limits: [`MAX_ROOTS`] independent square roots, [`MAX_BITS`] bits a number.
//!
//! **The programs.** One instruction a line, words between blanks, `#` starts a comment.
//!
//! ```text
//! real a x tmp          declares arrays of reals; x stands for x[0]; the input is in[0], in[1], ..
//! index i j             declares registers of integers; count is the number of inputs
//! loop:                 a label, on a line of its own or before an instruction
//! x := a[i]             a copy; reals are rational constants or cells x, x[2], x[i], x[i+2], x[i-2]
//! x := a[i] + 1/2       + - * / of two reals
//! x := sqrt a[i]        the square root that is not negative
//! i := j + 1            integers: a copy, or + - * of two
//! if x < 0 goto loop    branches on reals: < 0 and = 0
//! if i < count goto l   branches on integers: < and =
//! goto loop
//! output x              prints one real
//! halt
//! ```
//!
//! All cells and registers hold 0 at the start. Names are declared before the first line that uses them, labels
//! anywhere. The last instruction is a halt or a goto. Every instruction is one step. Sums and products of integers stand
//! for loops that count; real numbers never become integers other than by a loop that subtracts 1.
//!
//! An instruction without a value (division by 0, the square root of a negative number) is an error of the run; a limit
//! that is met ends the run as open.
//!
//! | file | object |
//! |---|---|
//! | `number`, `tower` | [`Number`], [`Tower`]: the field |
//! | `enclose` | decimals and text of numbers |
//! | `expression` | [`read_number`]: numbers from text |
//! | `program`, `read` | [`Program`], [`read_program`] |
//! | `machine` | [`run`] |
//!
//! Source: \[BSS89\] L. Blum, M. Shub, S. Smale, *On a theory of computation and complexity over the real numbers*, Bull.
//! AMS 21 (1989). Start at [`run()`].

mod enclose;
mod error;
mod expression;
mod machine;
mod number;
mod program;
mod read;
#[cfg(test)]
mod tests;
mod tower;

pub use error::{ExpressionError, Fault, FieldError, Problem, ProgramError, RunError};
pub use expression::read_number;
pub use machine::{Counts, Ending, Limit, MAX_CELLS, Run, RunOptions, Step, Value, run};
pub use number::Number;
pub use program::{Line, Program};
pub use read::read_program;
pub use tower::{MAX_BITS, MAX_ROOTS, Tower};
