//! The walk through the cells of a cover: what is decided on the current cell, its slacks, and the cells that are left.
//!
//! Everything lies on stacks: a second cell takes back what was done on the first one. Affine functions are rows of
//! integers, the constant last, over a positive denominator: that of their layer, the same on all cells.

use std::collections::HashMap;

use super::budget::{Budget, WORDS, longest};
use super::functions::{Before, Functions};
use super::integer::{Int, fraction, include};
use super::slacks::{Denominator, Slack, point, sides};
use super::stages::Stage;
use crate::lexer::Tokens;
use crate::problem::{Problem, problem};
use crate::rules::require;
use crate::statement::Domain;

/// The most slacks of a cell.
const SLACKS: usize = 1 << 16;
/// The most multipliers of a line.
const MULTIPLIERS: usize = 1 << 12;
/// The most ratios of denominators that are kept.
const RATIOS: usize = 1 << 16;

/// A cell that waits: what is kept for it.
struct Branch {
    trail: usize,
    slacks: usize,
    functions: usize,
    /// The neuron that is split; nothing for a cut.
    neuron: Option<(usize, usize)>,
}

/// The current cell, and what is left of the tree.
pub struct Cells {
    /// The layers of one network, or of two.
    pub stages: Vec<Stage>,
    /// The number of coordinates of a row.
    pub width: usize,
    /// The slacks of the current cell.
    pub slacks: Vec<Slack>,
    /// Of the stages up to the open one.
    functions: Vec<Functions>,
    /// For each stage and neuron: whether its value is its pre-activation or 0, if that is decided.
    decisions: Vec<Vec<Option<bool>>>,
    /// How many neurons of each stage are not decided.
    undecided: Vec<usize>,
    /// The decisions in their order.
    trail: Vec<(usize, usize)>,
    branches: Vec<Branch>,
    ended: bool,
    ratios: HashMap<(usize, usize), (Int, Int)>,
    /// What is left of time and memory.
    pub budget: Budget,
}

impl Cells {
    /// The root.
    pub fn new(stages: Vec<Stage>, domain: &Domain, n: usize) -> Result<Self, Problem> {
        require((n as u64).saturating_mul(n as u64) <= 1 << 21, "there are few inputs")?;
        let slacks = sides(domain, n)?;
        let hidden = |stage: &Stage| if stage.hidden { stage.rows } else { 0 };
        let undecided: Vec<usize> = stages.iter().map(hidden).collect();
        let mut cells = Self {
            decisions: undecided.iter().map(|rows| vec![None; *rows]).collect(),
            undecided,
            stages,
            width: n + 1,
            slacks: Vec::new(),
            functions: Vec::new(),
            trail: Vec::new(),
            branches: Vec::new(),
            ended: false,
            ratios: HashMap::new(),
            budget: Budget::new(),
        };
        for slack in slacks {
            cells.push(slack)?;
        }
        cells.advance()?;
        Ok(cells)
    }

    /// Whether no cell is left.
    pub fn ended(&self) -> bool {
        self.ended
    }
    /// The denominator of a slack.
    pub fn denominator(&self, slack: usize) -> Option<&Int> {
        match &self.slacks.get(slack)?.denominator {
            Denominator::Stage(number) => self.stages.get(*number).map(|stage| &stage.denominator),
            Denominator::Own(denominator) => Some(denominator),
        }
    }
    fn push(&mut self, slack: Slack) -> Result<(), Problem> {
        require(self.slacks.len() < SLACKS, "a cell has at most 2^16 slacks")?;
        self.budget.hold(&slack.row)?;
        self.slacks.push(slack);
        Ok(())
    }
    fn pop(&mut self) -> Option<Slack> {
        let slack = self.slacks.pop()?;
        self.budget.release(&slack.row);
        Some(slack)
    }

    /// The rows of a stage whose values are known on the cell.
    pub fn rows(&self, stage: usize) -> &[Int] {
        self.functions.get(stage).map_or(&[], |functions| functions.rows.as_slice())
    }
    /// The size of the largest integer of a stage, in words.
    pub fn longest(&self, stage: usize) -> u64 {
        self.functions.get(stage).map_or(1, |functions| functions.words)
    }
    fn row(&self, stage: usize, i: usize) -> Result<&[Int], Problem> {
        let row = self.rows(stage).get(i * self.width..(i + 1) * self.width);
        row.ok_or_else(|| Problem("the values of the layer are not known".to_owned()))
    }

    /// Opens stages until one has neurons that are not decided, or all are known.
    fn advance(&mut self) -> Result<(), Problem> {
        while self.functions.len() < self.stages.len()
            && self.functions.len().checked_sub(1).is_none_or(|last| self.undecided.get(last) == Some(&0))
        {
            let number = self.functions.len();
            let missing = || Problem("a layer reads one that is not known".to_owned());
            let stage = self.stages.get(number).ok_or_else(missing)?;
            let before = match stage.reads {
                None => None,
                Some(reads) => Some(Before {
                    functions: self.functions.get(reads).ok_or_else(missing)?,
                    decisions: self.decisions.get(reads).ok_or_else(missing)?,
                    denominator: &self.stages.get(reads).ok_or_else(missing)?.denominator,
                }),
            };
            let functions = Functions::new(stage, before, self.width, &mut self.budget)?;
            self.functions.push(functions);
        }
        Ok(())
    }

    /// The open layer and a neuron of it that is not decided.
    fn neuron(&self, tokens: &mut Tokens<'_>) -> Result<(usize, usize), Problem> {
        self.unfinished()?;
        let i = usize::try_from(tokens.natural()?).unwrap_or(usize::MAX);
        let stage = self.functions.len().saturating_sub(1);
        match self.decisions.get(stage).and_then(|decisions| decisions.get(i)) {
            _ if self.is_decided() => problem("every neuron is decided on this cell"),
            None => problem(format!("the open layer has no neuron {i}")),
            Some(Some(_)) => problem(format!("neuron {i} of the open layer is decided")),
            Some(None) => Ok((stage, i)),
        }
    }
    /// Whether every neuron is decided on the current cell.
    pub fn is_decided(&self) -> bool {
        self.functions.len() == self.stages.len() && self.undecided.last().is_none_or(|left| *left == 0)
    }
    /// Fails when no cell is left.
    pub fn unfinished(&self) -> Result<(), Problem> {
        if self.ended { problem("no cell is left") } else { Ok(()) }
    }

    fn decide(&mut self, (stage, i): (usize, usize), on: bool) -> Result<(), Problem> {
        let place = self.decisions.get_mut(stage).and_then(|decisions| decisions.get_mut(i));
        place.into_iter().for_each(|place| *place = Some(on));
        self.undecided.get_mut(stage).into_iter().for_each(|left| *left = left.saturating_sub(1));
        self.trail.push((stage, i));
        self.advance()
    }

    /// The factor that takes multiples of a slack to the denominator of a stage, as a fraction.
    fn ratio(&mut self, stage: usize, slack: usize) -> Option<(Int, Int)> {
        let top = &self.stages.get(stage)?.denominator;
        let number = match &self.slacks.get(slack)?.denominator {
            Denominator::Own(denominator) => return Some((top.clone(), denominator.clone())),
            Denominator::Stage(number) if *number == stage => return Some((Int::ONE, Int::ONE)),
            Denominator::Stage(number) => *number,
        };
        if self.ratios.len() >= RATIOS {
            self.ratios.clear();
        }
        let below = &self.stages.get(number)?.denominator;
        Some(self.ratios.entry((stage, number)).or_insert_with(|| top.reduced(below)).clone())
    }

    /// `on i ..` and `off i ..`: z_i, or -z_i, is a sum of multiples of slacks and a constant that is not negative.
    pub fn sign(&mut self, on: bool, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        let (stage, i) = self.neuron(&mut tokens)?;
        let (mut terms, mut common) = (Vec::new(), Int::ONE);
        while !tokens.is_empty() {
            let k = usize::try_from(tokens.natural()?).unwrap_or(usize::MAX);
            let (p, r) = fraction(&mut tokens)?;
            require(p.sign().is_gt(), "the multipliers are positive")?;
            require(terms.len() < MULTIPLIERS, "a line has at most 2^12 multipliers")?;
            // y s = (p / r) (row / q), and (p / r) (Q / q) row over the denominator Q of the layer
            let Some((up, down)) = self.ratio(stage, k) else { return problem(format!("there is no slack {k}")) };
            let (p, r) = (p.times(&up), r.times(&down));
            include(&mut common, &r);
            require(common.words() <= WORDS, "the common denominator has at most 2^16 bits")?;
            terms.push((k, p, r));
        }
        let side = if on { common.clone() } else { common.negated() };
        let mut rest = vec![Int::ZERO; self.width];
        self.budget.spend(self.width as u64, [self.longest(stage), side.words()])?;
        rest.iter_mut().zip(self.row(stage, i)?).for_each(|(rest, z)| rest.add_product(&side, z));
        for (k, p, r) in terms {
            let Some(factor) = common.divided_by(&r).map(|rest| p.times(&rest).negated()) else {
                return problem("a denominator does not divide the common one");
            };
            let Some(slack) = self.slacks.get(k) else { return problem(format!("there is no slack {k}")) };
            rest.iter_mut().zip(&slack.row).for_each(|(rest, s)| rest.add_product(&factor, s));
            let size = [slack.words, factor.words()];
            self.budget.spend(self.width as u64, size)?;
        }
        let constant = rest.pop().unwrap_or(Int::ZERO);
        require(rest.iter().all(Int::is_zero), "the difference is a constant")?;
        require(constant.sign().is_ge(), "the constant is not negative")?;
        self.decide((stage, i), on)
    }

    fn branch(&mut self, slack: Slack, neuron: Option<(usize, usize)>) -> Result<(), Problem> {
        let (trail, slacks, functions) = (self.trail.len(), self.slacks.len(), self.functions.len());
        self.branches.push(Branch { trail, slacks, functions, neuron });
        self.push(slack)
    }

    /// `split i`
    pub fn split(&mut self, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        let (stage, i) = self.neuron(&mut tokens)?;
        tokens.end()?;
        let row = self.row(stage, i)?.iter().map(Int::negated).collect();
        self.budget.spend(self.width as u64, [1, 1])?;
        self.branch(Slack::new(row, Denominator::Stage(stage)), Some((stage, i)))?;
        self.decide((stage, i), false)
    }

    /// `cut a_1 .. a_n b`
    pub fn cut(&mut self, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        self.unfinished()?;
        let (mut row, common) = point(&mut tokens, self.width)?;
        // b - a . x
        let places = row.len().saturating_sub(1);
        row.iter_mut().take(places).for_each(|place| *place = place.negated());
        self.budget.spend(self.width as u64, [common.words(), 1])?;
        self.branch(Slack::new(row, Denominator::Own(common)), None)
    }

    /// The end of a cell: goes on with the second cell of the last branch.
    pub fn leave(&mut self) -> Result<(), Problem> {
        let Some(Branch { trail, slacks, functions, neuron }) = self.branches.pop() else {
            self.ended = true;
            return Ok(());
        };
        for (stage, i) in self.trail.split_off(trail) {
            let place = self.decisions.get_mut(stage).and_then(|decisions| decisions.get_mut(i));
            place.into_iter().for_each(|place| *place = None);
            self.undecided.get_mut(stage).into_iter().for_each(|left| *left += 1);
        }
        for Functions { rows, .. } in self.functions.split_off(functions) {
            self.budget.release(&rows);
        }
        while self.slacks.len() > slacks + 1 {
            self.pop();
        }
        let Some(mut slack) = self.pop() else { return problem("a branch has no slack") };
        slack.row.iter_mut().for_each(|place| *place = place.negated());
        self.push(slack)?;
        match neuron {
            Some(neuron) => self.decide(neuron, true),
            None => Ok(()),
        }
    }

    /// Whether all slacks are positive at a point x / denominator, given as x and the denominator.
    pub fn is_interior(&mut self, point: &[Int]) -> Result<bool, Problem> {
        let most = self.slacks.iter().map(|slack| slack.words).max().unwrap_or(1);
        self.budget.spend((self.slacks.len() * self.width) as u64, [most, longest(point)])?;
        Ok(self.slacks.iter().all(|slack| {
            let mut sum = Int::ZERO;
            slack.row.iter().zip(point).for_each(|(a, x)| sum.add_product(a, x));
            sum.sign().is_gt()
        }))
    }
}
