//! Affine functions that are not negative on a cell.

use super::budget::{WORDS, longest};
use super::integer::{Int, fraction, include};
use crate::lexer::Tokens;
use crate::problem::Problem;
use crate::rules::require;
use crate::statement::Domain;

/// The denominator of a slack.
pub enum Denominator {
    /// That of a stage.
    Stage(usize),
    /// Its own.
    Own(Int),
}

/// An affine function that is not negative on the cell: row / denominator.
pub struct Slack {
    /// The numerators, the constant last.
    pub row: Vec<Int>,
    pub denominator: Denominator,
    /// The size of the largest numerator, in words.
    pub words: u64,
}

impl Slack {
    /// With the size of the row.
    pub fn new(row: Vec<Int>, denominator: Denominator) -> Self {
        let words = longest(&row);
        Self { row, denominator, words }
    }
}

/// The slacks x_1 - lo_1, hi_1 - x_1, ..
pub fn sides(domain: &Domain, n: usize) -> Result<Vec<Slack>, Problem> {
    let mut slacks = Vec::new();
    for j in 0..n {
        let Some((lo, hi)) = domain.side(j as u64) else { break };
        for (end, direction) in [(lo, 1), (hi, -1)] {
            // (d x - p) / d, or (p - d x) / d
            let (p, d) = end.to_weight().into_raw();
            let (direction, d) = (Int::Small(direction), Int::from(d));
            let mut row = vec![Int::ZERO; n + 1];
            row.get_mut(j).into_iter().for_each(|place| *place = d.times(&direction));
            row.last_mut().into_iter().for_each(|place| *place = Int::from(p.clone()).times(&direction).negated());
            slacks.push(Slack::new(row, Denominator::Own(d)));
        }
    }
    Ok(slacks)
}

/// So many rationals, the last ones of the line, as integers over a common denominator, which is returned too.
pub fn point(tokens: &mut Tokens<'_>, count: usize) -> Result<(Vec<Int>, Int), Problem> {
    let (mut values, mut common) = (Vec::new(), Int::ONE);
    for _ in 0..count {
        let (p, r) = fraction(tokens)?;
        include(&mut common, &r);
        require(common.words() <= WORDS, "the common denominator has at most 2^16 bits")?;
        values.push((p, r));
    }
    tokens.clone().end()?;
    let over = |(p, r): (Int, Int)| common.divided_by(&r).map(|rest| p.times(&rest));
    let row: Option<Vec<Int>> = values.into_iter().map(over).collect();
    let row = row.ok_or_else(|| Problem("a denominator does not divide the common one".to_owned()))?;
    Ok((row, common))
}
