//! File formats, one file each: texts in, exact objects out.
//!
//! | file | what |
//! |---|---|
//! | [`matrix_market`] | real matrices, dense and sparse |
//!
//! A reader takes a text, never a path; it checks sizes before it allocates, and its errors say the line, what was wrong
//! and what would be accepted. No reader panics, whatever the text. To add a format, give it a file, its own error with
//! a line number, and a test on 10,000 random and mutated texts.

pub mod matrix_market;
