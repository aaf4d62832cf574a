//! The leaves of a cover for a polynomial: E - (R - p) and E + (R - p) are sums of products of slacks.

use std::collections::BTreeMap;

use super::budget::{WORDS, longest};
use super::cells::Cells;
use super::integer::{Int, fraction, include};
use crate::lexer::Tokens;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::rules::polynomial::Monomial;
use crate::rules::{Polynomial, require};

/// The most terms of a sum, of a polynomial and of a product.
const TERMS: usize = 1 << 16;

/// The target and E, as integers over denominators.
pub struct Goal {
    terms: Vec<(Monomial, Int)>,
    denominator: Int,
    error: (Int, Int),
    /// The size of the largest numerator, in words.
    words: u64,
}

/// What it costs to find a term of a sum, in products.
const TERM: u64 = 32;

/// A positive multiple p / r of a product of slacks.
struct Term {
    p: Int,
    r: Int,
    slacks: Vec<usize>,
}

type Sum = BTreeMap<Monomial, Int>;

fn parts(number: &Number) -> Result<(Int, Int), Problem> {
    require(number.bits() <= WORDS * 64, "the numbers of the statement have at most 2^16 bits")?;
    let (p, r) = number.to_weight().into_raw();
    Ok((Int::from(p), Int::from(r)))
}

impl Goal {
    /// |R - p| <= E.
    pub fn new(p: &Polynomial, error: &Number) -> Result<Self, Problem> {
        let (mut list, mut denominator) = (Vec::new(), Int::ONE);
        for (monomial, c) in p.terms() {
            let c = parts(c)?;
            include(&mut denominator, &c.1);
            require(denominator.words() <= WORDS, "the common denominator has at most 2^16 bits")?;
            list.push((monomial.clone(), c));
        }
        let over = |(p, r): &(Int, Int)| denominator.divided_by(r).map(|rest| p.times(&rest));
        let terms = list.into_iter().map(|(monomial, c)| Some((monomial, over(&c)?))).collect::<Option<Vec<_>>>();
        let Some(terms) = terms else { return problem("a denominator does not divide the common one") };
        let words = terms.iter().map(|term| term.1.words()).max().unwrap_or(1);
        Ok(Self { terms, denominator, error: parts(error)?, words })
    }

    /// Both sums of a leaf.
    pub fn leaf(&self, cells: &mut Cells, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        for (upper, side) in [(true, "E - (R - p) is the first sum"), (false, "E + (R - p) is the second sum")] {
            let terms = terms(cells, &mut tokens)?;
            require(self.is_sum(cells, upper, &terms)?, side)?;
        }
        tokens.end()
    }

    /// Whether E - (R - p), or E + (R - p), is the sum of these terms.
    fn is_sum(&self, cells: &mut Cells, upper: bool, terms: &[Term]) -> Result<bool, Problem> {
        let Some(last) = cells.stages.len().checked_sub(1) else { return problem("there is no layer") };
        let Some(whole) = cells.stages.get(last).map(|stage| stage.denominator.clone()) else {
            return problem("there is no layer");
        };
        let mut common = Int::ONE;
        for denominator in
            [&whole, &self.denominator, &self.error.1].into_iter().chain(terms.iter().map(|term| &term.r))
        {
            include(&mut common, denominator);
            require(common.words() <= WORDS, "the common denominator has at most 2^16 bits")?;
        }
        let up = |denominator: &Int| {
            let factor = common.divided_by(denominator);
            factor.ok_or_else(|| Problem("a denominator does not divide the common one".to_owned()))
        };
        // E -+ R +- p, minus the sum
        let mut rest = Sum::new();
        let signed = |factor: Int, minus: bool| if minus { factor.negated() } else { factor };
        cells.budget.spend(TERM * (self.terms.len() + cells.width) as u64, [self.words, common.words()])?;
        add(&mut rest, &[], &up(&self.error.1)?, &self.error.0);
        let factor = signed(up(&self.denominator)?, !upper);
        self.terms.iter().for_each(|(monomial, c)| add(&mut rest, monomial, &factor, c));
        let factor = signed(up(&whole)?, upper);
        cells.budget.spend(TERM * cells.width as u64, [factor.words(), cells.longest(last)])?;
        affine(cells.rows(last)).for_each(|(monomial, c)| add(&mut rest, &monomial, &factor, c));
        for term in terms {
            let factor = term.p.times(&up(&term.r)?).negated();
            let product = product(cells, &term.slacks)?;
            cells.budget.spend(TERM * product.len() as u64, [factor.words(), longest(product.values())])?;
            product.iter().for_each(|(monomial, c)| add(&mut rest, monomial, &factor, c));
            require(rest.len() <= TERMS, "a sum has at most 2^16 terms")?;
        }
        Ok(rest.values().all(Int::is_zero))
    }
}

/// `T` and T terms; the denominators of the slacks are multiplied in.
fn terms(cells: &Cells, tokens: &mut Tokens<'_>) -> Result<Vec<Term>, Problem> {
    let count = tokens.natural()?;
    let mut terms = Vec::new();
    for _ in 0..count {
        require(terms.len() < TERMS, "a sum has at most 2^16 terms")?;
        let (p, mut r) = fraction(tokens)?;
        require(p.sign().is_gt(), "the factors are positive")?;
        let mut slacks = Vec::new();
        for _ in 0..tokens.natural()? {
            let k = usize::try_from(tokens.natural()?).unwrap_or(usize::MAX);
            let Some(q) = cells.denominator(k) else { return problem(format!("there is no slack {k}")) };
            r = r.times(q);
            require(r.words() <= WORDS && slacks.len() < TERMS, "the common denominator has at most 2^16 bits")?;
            slacks.push(k);
        }
        terms.push(Term { p, r, slacks });
    }
    Ok(terms)
}

/// The terms of an affine function.
fn affine(row: &[Int]) -> impl Iterator<Item = (Monomial, &Int)> {
    let constant = row.len().saturating_sub(1);
    let monomial = move |j: usize| if j == constant { Vec::new() } else { vec![(j as u64, 1)] };
    row.iter().enumerate().filter(|(_, c)| !c.is_zero()).map(move |(j, c)| (monomial(j), c))
}

fn add(sum: &mut Sum, monomial: &[(u64, u64)], factor: &Int, c: &Int) {
    match sum.get_mut(monomial) {
        Some(place) => place.add_product(factor, c),
        None => {
            sum.insert(monomial.to_vec(), factor.times(c));
        }
    }
}

/// The product of the numerators of slacks.
fn product(cells: &mut Cells, slacks: &[usize]) -> Result<Sum, Problem> {
    let mut product = Sum::from([(Vec::new(), Int::ONE)]);
    for k in slacks {
        let Some(slack) = cells.slacks.get(*k) else { return problem(format!("there is no slack {k}")) };
        let work = [slack.words, longest(product.values())];
        let count = (TERM * product.len() as u64).saturating_mul(slack.row.len() as u64);
        let row = slack.row.clone();
        cells.budget.spend(count, work)?;
        let mut next = Sum::new();
        for (j, c) in row.iter().enumerate().filter(|(_, c)| !c.is_zero()) {
            for (monomial, factor) in &product {
                let monomial = if j + 1 == row.len() { monomial.clone() } else { times(monomial, j as u64) };
                add(&mut next, &monomial, factor, c);
            }
        }
        require(
            next.len() <= TERMS && longest(next.values()) <= WORDS,
            "products have at most 2^16 terms of 2^16 bits",
        )?;
        product = next;
    }
    Ok(product)
}

/// A product of powers times a variable.
fn times(monomial: &[(u64, u64)], variable: u64) -> Monomial {
    let mut product = monomial.to_vec();
    match product.binary_search_by_key(&variable, |power| power.0) {
        Ok(place) => product.get_mut(place).into_iter().for_each(|power| power.1 = power.1.saturating_add(1)),
        Err(place) => product.insert(place, (variable, 1)),
    }
    product
}
