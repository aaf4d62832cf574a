//! The walk through the cells of a cover: what is decided on the current cell, its slacks, and the cells that are left.
//!
//! Everything lies on stacks: a second cell takes back what was done on the first one. Affine functions are rows of
//! integers, the constant last, over a positive denominator: that of their layer, the same on all cells.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::integer::{Int, fraction, include};
use super::stages::Stage;
use crate::lexer::Tokens;
use crate::problem::{Problem, problem};
use crate::rules::require;
use crate::statement::Domain;

/// The most words of all functions and slacks that are held at once.
const HELD: u64 = 1 << 24;
/// Words that the place of an integer takes.
const PLACE: u64 = 4;
/// The most slacks of a cell.
const SLACKS: usize = 1 << 16;
/// The most multipliers of a line.
const MULTIPLIERS: usize = 1 << 12;
/// The most words of an integer.
pub const WORDS: u64 = 1 << 10;
/// How much work a cover may take, and how much more with every line.
const WORK: [u64; 2] = [1 << 32, 1 << 12];
/// The most ratios of denominators that are kept.
const RATIOS: usize = 1 << 16;

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
    denominator: Denominator,
    /// The size of the largest numerator, in words.
    pub words: u64,
}

impl Slack {
    fn new(row: Vec<Int>, denominator: Denominator) -> Self {
        let words = words(&row);
        Self { row, denominator, words }
    }
}

/// The values of a stage on the current cell, before ReLU.
struct Functions {
    rows: Vec<Int>,
    /// The size of the largest entry, in words.
    words: u64,
}

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
    /// How much work is left.
    left: u64,
    held: u64,
}

/// Words that a list takes.
fn weight(list: &[Int]) -> u64 {
    list.iter().map(|n| n.words() + PLACE).sum()
}

/// Words of the largest integer.
fn words(row: &[Int]) -> u64 {
    row.iter().map(Int::words).max().unwrap_or(1)
}

/// The slacks x_1 - lo_1, hi_1 - x_1, ..
fn sides(domain: &Domain, n: usize) -> Result<Vec<Slack>, Problem> {
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

impl Cells {
    /// The root.
    pub fn new(stages: Vec<Stage>, domain: &Domain, n: usize) -> Result<Self, Problem> {
        if (n as u64).saturating_mul(n as u64) > HELD / 8 {
            return problem("there are too many inputs for a cover");
        }
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
            left: WORK[0],
            held: 0,
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
    pub fn denominator<'a>(&'a self, slack: &'a Slack) -> &'a Int {
        match &slack.denominator {
            Denominator::Stage(number) => self.stages.get(*number).map_or(&Int::ONE, |stage| &stage.denominator),
            Denominator::Own(denominator) => denominator,
        }
    }
    /// Counts a line.
    pub fn line(&mut self) {
        self.left = self.left.saturating_add(WORK[1]);
    }
    /// Counts work: so many products of integers of so many words.
    pub fn spend(&mut self, products: u64, words: [u64; 2]) -> Result<(), Problem> {
        // Long integers are made anew.
        let cost = words[0].saturating_mul(words[1]).saturating_add(if words[0] + words[1] > 2 { 16 } else { 0 });
        match self.left.checked_sub(products.saturating_mul(cost)) {
            Some(left) => self.left = left,
            None => return problem("the cover takes too long to check"),
        }
        Ok(())
    }
    fn hold(&mut self, words: u64) -> Result<(), Problem> {
        self.held = self.held.saturating_add(words);
        if self.held > HELD { problem("the cells take too much memory") } else { Ok(()) }
    }
    fn push(&mut self, slack: Slack) -> Result<(), Problem> {
        require(self.slacks.len() < SLACKS, "a cell has at most 2^16 slacks")?;
        self.hold(weight(&slack.row))?;
        self.slacks.push(slack);
        Ok(())
    }
    fn pop(&mut self) -> Option<Slack> {
        let slack = self.slacks.pop()?;
        self.held = self.held.saturating_sub(weight(&slack.row));
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
    fn row(&self, stage: usize, i: usize) -> &[Int] {
        self.rows(stage).get(i * self.width..(i + 1) * self.width).unwrap_or_default()
    }

    /// Opens stages until one has neurons that are not decided, or all are known.
    fn advance(&mut self) -> Result<(), Problem> {
        while self.functions.len() < self.stages.len()
            && self.functions.len().checked_sub(1).is_none_or(|last| self.undecided.get(last) == Some(&0))
        {
            self.compute(self.functions.len())?;
        }
        Ok(())
    }

    /// Whether there is time and memory for the functions of a stage.
    fn allow(&mut self, number: usize) -> Result<(), Problem> {
        let Some(stage) = self.stages.get(number) else { return problem("there is no such layer") };
        let width = self.width as u64;
        let (before, columns) = match stage.reads.and_then(|reads| self.functions.get(reads)) {
            Some(functions) => (functions.words, width),
            None => (1, 1),
        };
        let places = (stage.rows as u64).saturating_mul(width);
        let size = places.saturating_mul(before.saturating_add(stage.words).saturating_add(PLACE));
        require(self.held.saturating_add(size) <= HELD, "the cells take little memory")?;
        let products = stage.weights().saturating_mul(columns).saturating_add(places.saturating_mul(2 * PLACE));
        let words = [before, stage.words];
        self.spend(products, words)
    }

    /// z_i = (sum of the entries times the values of the neurons that are on + bias) / denominator.
    fn compute(&mut self, number: usize) -> Result<(), Problem> {
        let (rows, width) = (self.stages.get(number).map_or(0, |stage| stage.rows), self.width);
        self.allow(number)?;
        let Some(stage) = self.stages.get(number) else { return problem("there is no such layer") };
        let before = stage
            .reads
            .and_then(|reads| Some((self.stages.get(reads)?, self.functions.get(reads)?, self.decisions.get(reads)?)));
        let one = Int::ONE;
        let mut list = vec![Int::ZERO; rows.saturating_mul(width)];
        for (i, row) in list.chunks_exact_mut(width).enumerate() {
            let (entries, bias) = stage.row(i);
            match before {
                None => entries.iter().for_each(|(column, weight)| {
                    row.get_mut(*column).into_iter().for_each(|place| *place = weight.clone());
                }),
                Some((_, functions, decisions)) => {
                    for (column, weight) in entries {
                        // A neuron that is off has the value 0.
                        if decisions.get(*column) == Some(&Some(true)) {
                            let values = functions.rows.get(column * width..(column + 1) * width).unwrap_or_default();
                            row.iter_mut().zip(values).for_each(|(sum, value)| sum.add_product(weight, value));
                        }
                    }
                }
            }
            let scale = before.map_or(&one, |(stage, ..)| &stage.denominator);
            row.last_mut().into_iter().for_each(|place| place.add_product(bias, scale));
        }
        let most = words(&list);
        require(most <= WORDS, "the numbers of a cell have at most 2^16 bits")?;
        self.hold(weight(&list))?;
        self.functions.push(Functions { rows: list, words: most });
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
        self.spend(self.width as u64, [self.longest(stage), side.words()])?;
        rest.iter_mut().zip(self.row(stage, i)).for_each(|(rest, z)| rest.add_product(&side, z));
        for (k, p, r) in terms {
            let Some(factor) = common.divided_by(&r).map(|rest| p.times(&rest).negated()) else {
                return problem("a denominator does not divide the common one");
            };
            let Some(slack) = self.slacks.get(k) else { return problem(format!("there is no slack {k}")) };
            rest.iter_mut().zip(&slack.row).for_each(|(rest, s)| rest.add_product(&factor, s));
            let size = [slack.words, factor.words()];
            self.spend(self.width as u64, size)?;
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
        let row = self.row(stage, i).iter().map(Int::negated).collect();
        self.spend(self.width as u64, [1, 1])?;
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
        self.spend(self.width as u64, [common.words(), 1])?;
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
            self.held = self.held.saturating_sub(weight(&rows));
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
        let size = words(point);
        for number in 0..self.slacks.len() {
            let Some(slack) = self.slacks.get(number) else { break };
            let mut sum = Int::ZERO;
            slack.row.iter().zip(point).for_each(|(a, x)| sum.add_product(a, x));
            if sum.sign() != Ordering::Greater {
                return Ok(false);
            }
            let work = [slack.words, size];
            self.spend(self.width as u64, work)?;
        }
        Ok(true)
    }
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
