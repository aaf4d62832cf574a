//! Affine functions of the entries of one level, in a budget of work.

use std::collections::BTreeMap;

use crate::number::Number;
use crate::problem::{Problem, problem};

/// The most bits of a number, the size of its exponent counted.
const BITS: u64 = 1 << 17;
/// Above so many bits a number is reduced.
const LONG: u64 = 1 << 9;
/// Products of machine words.
const WORK: u64 = 1 << 33;

/// Sums and products that stay short and are few.
pub(super) struct Work {
    left: u64,
}

impl Default for Work {
    fn default() -> Self {
        Self { left: WORK }
    }
}

/// The machine words of a number.
fn words(x: &Number) -> u64 {
    1 + x.bits() / 64
}

impl Work {
    pub fn spend(&mut self, words: u64) -> Result<(), Problem> {
        let left = self.left.checked_sub(words);
        self.left = left.ok_or_else(|| Problem("the section is too large".to_owned()))?;
        Ok(())
    }
    fn keep(&mut self, x: Number) -> Result<Number, Problem> {
        if x.bits() <= LONG {
            return Ok(x);
        }
        // A common divisor takes as many steps as there are bits.
        self.spend(words(&x).saturating_mul(x.bits()))?;
        let x = x.reduced();
        if x.bits() > BITS { problem(format!("a number takes more than {BITS} bits")) } else { Ok(x) }
    }
    pub fn sum(&mut self, x: &Number, y: &Number) -> Result<Number, Problem> {
        self.spend(words(x).saturating_mul(words(y)))?;
        self.keep(x + y)
    }
    pub fn product(&mut self, x: &Number, y: &Number) -> Result<Number, Problem> {
        self.spend(words(x).saturating_mul(words(y)))?;
        self.keep(x * y)
    }
    /// x / y
    pub fn quotient(&mut self, x: &Number, y: &Number) -> Result<Number, Problem> {
        self.spend(words(y).saturating_mul(y.bits()))?;
        let Some(inverse) = y.reciprocal() else { return problem("a division by 0") };
        self.product(x, &inverse)
    }
    /// Whether x = y.
    pub fn equal(&mut self, x: &Number, y: &Number) -> Result<bool, Problem> {
        self.spend(words(x).saturating_mul(words(y)))?;
        Ok(x == y)
    }
}

/// constant + sum of terms times entries of a level; without terms a constant, of any level.
#[derive(Debug, Clone)]
pub(super) struct Affine {
    /// Of no meaning without terms.
    pub level: u64,
    pub constant: Number,
    /// Not 0.
    pub terms: BTreeMap<u64, Number>,
}

impl Affine {
    pub fn constant(c: Number) -> Self {
        Self { level: 0, constant: c, terms: BTreeMap::new() }
    }
    pub fn is_constant(&self) -> bool {
        self.terms.is_empty()
    }
    /// Whether it is a function of this level.
    pub fn is_of(&self, level: u64) -> bool {
        self.is_constant() || self.level == level
    }
    /// Adds c times another one, of the same level.
    pub fn add(&mut self, c: &Number, other: &Self, work: &mut Work) -> Result<(), Problem> {
        if !other.is_constant() {
            if !self.is_of(other.level) {
                return problem("times depend on entries of different levels");
            }
            self.level = other.level;
        }
        let constant = work.product(c, &other.constant)?;
        self.constant = work.sum(&self.constant, &constant)?;
        for (j, x) in &other.terms {
            let product = work.product(c, x)?;
            let sum = match self.terms.get(j) {
                Some(known) => work.sum(known, &product)?,
                None => product,
            };
            if sum.is_zero() {
                self.terms.remove(j);
            } else {
                self.terms.insert(*j, sum);
            }
        }
        Ok(())
    }
    /// c times this.
    pub fn scaled(&self, c: &Number, work: &mut Work) -> Result<Self, Problem> {
        let mut sum = Self::constant(Number::zero());
        sum.add(c, self, work)?;
        Ok(sum)
    }
    /// Whether both are the same, of one level or constant.
    pub fn equals(&self, other: &Self, work: &mut Work) -> Result<bool, Problem> {
        let mut same = (self.is_constant() || other.is_constant() || self.level == other.level)
            && self.terms.len() == other.terms.len()
            && work.equal(&self.constant, &other.constant)?;
        for ((i, x), (j, y)) in self.terms.iter().zip(&other.terms) {
            same = same && i == j && work.equal(x, y)?;
        }
        Ok(same)
    }
}
