//! Covers: a tree of cells on which every ReLU is its pre-activation or 0; on its leaves the network is an affine map.

mod budget;
mod cells;
mod functions;
mod integer;
mod slacks;
mod stages;
mod sums;

use std::collections::HashSet;

use self::cells::Cells;
use self::integer::Int;
use self::slacks::point;
use self::stages::{append, evaluate};
use self::sums::Goal;
use super::function::polynomial_target;
use super::{Basis, Closing, Polynomial, Proof, Section, Specification, require};
use crate::lexer::Tokens;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::statement::{Approximation, Claim, Domain, Norm, Statement, Target};

/// What a line of the section may begin with.
pub(super) const LINES: [&str; 5] = ["on", "off", "split", "cut", "leaf"];
/// The most bytes of all different affine maps.
const MAP_BYTES: usize = 1 << 29;

/// What the leaves show.
enum Aim {
    /// K leaves with D different maps, as bytes.
    Regions { cells: u64, maps: u64, leaves: u64, seen: HashSet<Box<[u8]>>, bytes: usize },
    /// R is the function of another network.
    Same { exact: bool },
    /// |R - p| <= E.
    Near { p: Polynomial, goal: Box<Goal>, error: Number, exact: bool },
}

/// A section about the last network and the statement.
pub struct Cover {
    number: usize,
    domain: Domain,
    aim: Aim,
    /// The number of layers of the last network.
    own: usize,
    cells: Cells,
}

impl Cover {
    pub(super) fn open(proof: &Proof, statement: &Statement, tokens: Tokens<'_>) -> Result<Self, Problem> {
        tokens.end()?;
        require(!statement.spiking, "the statement is about the last network")?;
        let Some(number) = proof.networks.len().checked_sub(1) else { return problem("there is no network") };
        require(proof.known(number).is_err(), "the last network has no specification yet")?;
        let domain = statement.domain.clone();
        let Some(dimension) = domain.box_dimension() else { return problem("the domain is a space, a cube or a box") };
        let mut stages = Vec::new();
        let [inputs, outputs] = append(&proof.networks, &mut stages)?;
        require(inputs as u64 == dimension, "the network has as many inputs as the domain has dimensions")?;
        let own = stages.len();
        let aim = match &statement.claim {
            Claim::Regions { cells, maps } => {
                Aim::Regions { cells: *cells, maps: *maps, leaves: 0, seen: HashSet::new(), bytes: 0 }
            }
            Claim::Approximation(claim) => {
                require(claim.norm == Norm::Maximum, "the norm is maximum")?;
                match claim.target {
                    Target::Network(other) => {
                        let end = usize::try_from(other).ok().and_then(|other| other.checked_add(1));
                        let Some(networks) = end.and_then(|end| proof.networks.get(..end)) else {
                            return problem(format!("there is no network {other}"));
                        };
                        let shape = append(networks, &mut stages)?;
                        require(shape == [inputs, outputs], "both networks have the same dimensions")?;
                        Aim::Same { exact: claim.exact && !claim.error.is_zero() }
                    }
                    _ => near(claim, &domain, outputs)?,
                }
            }
        };
        let cells = Cells::new(stages, &domain, inputs)?;
        Ok(Self { number, domain, aim, own, cells })
    }
}

impl Section for Cover {
    fn line(&mut self, _: &Proof, keyword: &str, tokens: Tokens<'_>) -> Result<Closing, Problem> {
        self.cells.budget.line();
        match keyword {
            "on" => self.cells.sign(true, tokens)?,
            "off" => self.cells.sign(false, tokens)?,
            "split" => self.cells.split(tokens)?,
            // A cell is counted once.
            "cut" if matches!(self.aim, Aim::Regions { .. }) => return problem("regions are not cut"),
            "cut" => self.cells.cut(tokens)?,
            "leaf" => {
                self.cells.unfinished()?;
                require(self.cells.is_decided(), "every neuron is decided")?;
                self.leaf(tokens)?;
                self.cells.leave()?;
            }
            "conclude" => {
                require(self.cells.ended(), "no cell is left")?;
                self.conclude(tokens)?;
                return Ok(Some((self.number, Specification::Statement)));
            }
            other => return problem(format!("'{other}' is not a line of a cover")),
        }
        Ok(None)
    }
}

impl Cover {
    fn leaf(&mut self, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        let (cells, last) = (&mut self.cells, self.own.saturating_sub(1));
        match &mut self.aim {
            Aim::Regions { leaves, seen, bytes, .. } => {
                let (mut x, denominator) = point(&mut tokens, cells.width.saturating_sub(1))?;
                x.push(denominator);
                require(cells.is_interior(&x)?, "all slacks are positive at the point")?;
                // Over the denominator of the last layer, the same on all cells.
                let mut map = Vec::new();
                cells.rows(last).iter().for_each(|n| n.write(&mut map));
                let length = map.len();
                if seen.insert(map.into()) {
                    *bytes = bytes.saturating_add(length);
                }
                require(*bytes <= MAP_BYTES, "the affine maps take at most 2^29 bytes")?;
                *leaves += 1;
                Ok(())
            }
            Aim::Same { .. } => {
                tokens.end()?;
                let other = cells.stages.len().saturating_sub(1);
                let (Some(own), Some(others)) = (cells.stages.get(last), cells.stages.get(other)) else {
                    return problem("a network has no layer");
                };
                // a / q = b / r
                let (q, r) = own.denominator.reduced(&others.denominator);
                let mut pairs = cells.rows(last).iter().zip(cells.rows(other));
                require(pairs.all(|(a, b)| a.times(&r) == b.times(&q)), "both affine maps are the same")?;
                let work = [cells.longest(last), q.words() + r.words()];
                cells.budget.spend(cells.rows(last).len() as u64, work)
            }
            Aim::Near { goal, .. } => goal.leaf(cells, tokens),
        }
    }

    fn conclude(&self, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        match &self.aim {
            Aim::Regions { cells, maps, leaves, seen, .. } => {
                tokens.end()?;
                if (*leaves, seen.len() as u64) != (*cells, *maps) {
                    return problem(format!("there are {leaves} cells and {} affine maps", seen.len()));
                }
                Ok(())
            }
            Aim::Same { exact } => {
                tokens.end()?;
                require(!exact, "the error of equal functions is 0")
            }
            Aim::Near { exact, .. } if tokens.is_empty() => require(!exact, "an exact error is attained at a point"),
            Aim::Near { p, error, .. } => {
                let mut ahead = tokens.clone();
                let (row, denominator) = point(&mut tokens, self.cells.width.saturating_sub(1))?;
                let mut x = Vec::new();
                for j in 0..row.len() as u64 {
                    let value = ahead.fraction()?;
                    let inside = self.domain.side(j).is_some_and(|(lo, hi)| *lo <= value && value <= *hi);
                    require(inside, "the point lies in the domain")?;
                    x.push(value);
                }
                let own = self.cells.stages.get(..self.own).unwrap_or_default();
                let scale = own.last().map_or(Int::ONE, |stage| stage.denominator.times(&denominator));
                let value = evaluate(own, &row, &denominator)?.first().map(|value| value.over(&scale));
                let Some(value) = value else { return problem("the network has no output") };
                require((&value - &p.value_of_powers(&x)?).abs() == *error, "|R - p| is E at the point")
            }
        }
    }
}

/// |R - p| <= E for a polynomial p.
fn near(claim: &Approximation, domain: &Domain, outputs: usize) -> Result<Aim, Problem> {
    if matches!(claim.target, Target::Reciprocal) {
        return problem("a cover is about regions, a network or a polynomial");
    }
    let (p, variables) = polynomial_target(&claim.target, &Basis::Powers)?;
    require(outputs == 1, "the network has one output")?;
    require(!matches!(domain, Domain::Space(_)), "the domain is bounded")?;
    require(domain.box_dimension() == Some(variables), "the target has as many variables as the domain")?;
    let goal = Box::new(Goal::new(&p, &claim.error)?);
    Ok(Aim::Near { p, goal, error: claim.error.clone(), exact: claim.exact && !claim.error.is_zero() })
}
