//! How long a cover may take, and how much it may keep.

use super::integer::Int;
use crate::problem::{Problem, problem};

/// The most words of all functions and slacks that are held at once.
const HELD: u64 = 1 << 24;
/// Words that the place of an integer takes.
pub const PLACE: u64 = 4;
/// The most words of an integer.
pub const WORDS: u64 = 1 << 10;
/// How much work a cover may take, and how much more with every line.
const WORK: [u64; 2] = [1 << 32, 1 << 12];

/// What is left of time and memory.
pub struct Budget {
    left: u64,
    held: u64,
}

/// Words of the largest integer.
pub fn longest<'a>(list: impl IntoIterator<Item = &'a Int>) -> u64 {
    list.into_iter().map(Int::words).max().unwrap_or(1)
}

/// Words that a list takes.
fn weight(list: &[Int]) -> u64 {
    list.iter().map(|n| n.words() + PLACE).sum()
}

impl Budget {
    /// Nothing is spent.
    pub fn new() -> Self {
        Self { left: WORK[0], held: 0 }
    }
    /// Counts a line.
    pub fn line(&mut self) {
        self.left = self.left.saturating_add(WORK[1]);
    }
    /// Counts work: so many products of integers of so many words.
    pub fn spend(&mut self, products: u64, words: [u64; 2]) -> Result<(), Problem> {
        // Long integers are made anew.
        let made = if words[0].saturating_add(words[1]) > 2 { 16 } else { 0 };
        let cost = words[0].saturating_mul(words[1]).saturating_add(made);
        match self.left.checked_sub(products.saturating_mul(cost)) {
            Some(left) => self.left = left,
            None => return problem("the cover takes too long to check"),
        }
        Ok(())
    }
    /// Whether there is memory for so many words.
    pub fn allow(&self, words: u64) -> Result<(), Problem> {
        let fits = self.held.saturating_add(words) <= HELD;
        if fits { Ok(()) } else { problem("the cells take too much memory") }
    }
    /// Keeps integers.
    pub fn hold(&mut self, list: &[Int]) -> Result<(), Problem> {
        let words = weight(list);
        self.allow(words)?;
        self.held += words;
        Ok(())
    }
    /// Takes back what was kept.
    pub fn release(&mut self, list: &[Int]) {
        self.held = self.held.saturating_sub(weight(list));
    }
}
