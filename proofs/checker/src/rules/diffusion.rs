//! Parametric diffusion: a network that maps parameters of the coefficient to nodal values of the solution, for all parameters
//! of a box.
//!
//! The coefficients of a reduced basis are iterated for; how far the best function of the basis is from the solution is
//! proved by fluxes, cell by cell of a tree of boxes of parameters.

mod basis;
mod cells;
mod fields;
mod fluxes;
mod indices;
mod iteration;
mod leaf;
mod load;
mod problem;
mod reduced;
mod row;

pub use problem::Diffusion;

use std::rc::Rc;

use self::basis::Basis;
use self::cells::Cells;
use self::fields::Order;
use self::fluxes::{Fluxes, Forms, exponent};
use self::iteration::{Bounds, Given, Iteration, bounds};
use self::leaf::Context;
use self::reduced::Reduced;
use self::row::Budget;
use super::{Closing, Proof, Section, Specification, require};
use crate::generate::{self, same_network};
use crate::lexer::Tokens;
use crate::network::Weight;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::statement::{Claim, Norm, Statement, Target};

/// What a line of the section may begin with.
pub(super) const LINES: [&str; 12] =
    ["form", "load", "bounds", "affine", "first", "second", "squares", "step", "flux", "cells", "cut", "leaf"];
/// The most bits of an entry of the matrices and vectors of the iteration.
const BITS: u64 = 256;

/// What came last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Forms,
    Load,
    Bounds,
    Affine,
    First,
    Second,
    Squares,
    Flux,
    Cells,
}

/// About the last network, the network that it calls, and the statement.
pub struct Parametric {
    /// The last network.
    number: usize,
    /// The network of the coefficients.
    coefficients: usize,
    equation: Rc<Diffusion>,
    sides: Vec<[Weight; 2]>,
    fixed_norm: bool,
    error: Number,
    stage: Stage,
    budget: Budget,
    basis: Basis,
    order: Order,
    reduced: Reduced,
    /// C_0, .., C_p: rows of lower triangles.
    forms: Vec<Vec<Vec<Number>>>,
    /// g
    load: Vec<Number>,
    bounds: Option<Bounds>,
    iteration: Option<Iteration>,
    fluxes: Fluxes,
    tables: Option<Forms>,
    cells: Option<Cells>,
}

/// Integers times 2^e.
fn numbers(tokens: &mut Tokens<'_>, e: i64, count: usize) -> Result<Vec<Number>, Problem> {
    let mut list = Vec::new();
    for _ in 0..count {
        let n = tokens.integer()?;
        require(n.bits() <= BITS, "entries are below 2^256")?;
        list.push(Number::dyadic(n, e));
    }
    Ok(list)
}

/// The part of a section that a line before has made.
fn made<T>(part: Option<&mut T>) -> Result<&mut T, Problem> {
    part.ok_or_else(|| Problem("a line before is missing".to_owned()))
}

impl Parametric {
    pub(super) fn open(
        proof: &Proof,
        statement: &Statement,
        number: usize,
        tokens: Tokens<'_>,
    ) -> Result<Self, Problem> {
        tokens.end()?;
        let Claim::Approximation(claim) = &statement.claim else { return problem("the target is a diffusion") };
        let Target::Diffusion(equation) = &claim.target else { return problem("the target is a diffusion") };
        require(!statement.spiking, "the statement is about the last network")?;
        let fixed_norm = claim.norm == Norm::RelativeH1;
        require(fixed_norm || claim.norm == Norm::RelativeEnergy, "the norm is relative-energy or relative-h1")?;
        require(!claim.exact, "the kind is bound")?;
        require(statement.domain.box_dimension() == Some(equation.parameters as u64), "the domain has p sides")?;
        let mut sides = Vec::new();
        for j in 0..equation.parameters as u64 {
            let Some((l, h)) = statement.domain.side(j) else { return problem("the domain is a cube or a box") };
            require(l < h, "the sides of the domain have positive length")?;
            sides.push([l.to_weight(), h.to_weight()]);
        }
        let ends = sides.iter().flatten().map(|end| end.numer().bits().max(end.denom().bits()));
        require(ends.max().is_some_and(|bits| bits <= BITS), "ends of the domain have at most 2^8 bits")?;
        require(equation.ranges(&sides)?.least() > Weight::default(), "a_y > 0 for all y of the domain")?;
        let last = proof.networks.len().saturating_sub(1);
        require(proof.known(last).is_err(), "the last network has no specification yet")?;
        let mut budget = Budget::new();
        let basis = Basis::read(proof, last, equation, &mut budget)?;
        require(basis.network == number, "the last network calls network i")?;
        let order = Order::new(equation);
        let reduced = Reduced::new(equation, &basis, &order, &mut budget)?;
        require(reduced.delta < Number::one(), "delta < 1")?;
        Ok(Self {
            number: last,
            coefficients: number,
            equation: equation.clone(),
            sides,
            fixed_norm,
            error: claim.error.clone(),
            stage: Stage::Forms,
            budget,
            basis,
            order,
            reduced,
            forms: Vec::new(),
            load: Vec::new(),
            bounds: None,
            iteration: None,
            fluxes: Fluxes::new(),
            tables: None,
            cells: None,
        })
    }
}

impl Section for Parametric {
    fn line(&mut self, proof: &Proof, keyword: &str, mut tokens: Tokens<'_>) -> Result<Closing, Problem> {
        self.stage = match (self.stage, keyword) {
            (Stage::Forms, "form") if self.forms.len() <= self.equation.parameters => {
                let e = exponent(&mut tokens)?;
                let rows = (1..=self.basis.columns.len()).map(|length| numbers(&mut tokens, e, length));
                let form = rows.collect::<Result<_, _>>()?;
                tokens.end()?;
                self.forms.push(form);
                Stage::Forms
            }
            (Stage::Forms, "load") if self.forms.len() > self.equation.parameters => {
                let e = exponent(&mut tokens)?;
                self.load = numbers(&mut tokens, e, self.basis.columns.len())?;
                tokens.end()?;
                Stage::Load
            }
            (Stage::Load, "bounds") => {
                let known = bounds(&self.given(), tokens)?;
                self.bounds = Some(known);
                Stage::Bounds
            }
            (Stage::Bounds, "affine") => {
                let Some(bounds) = &self.bounds else { return problem("a line before is missing") };
                self.iteration = Some(Iteration::new(&self.given(), bounds, tokens)?);
                Stage::Affine
            }
            (Stage::Affine, "first") => {
                made(self.iteration.as_mut())?.first(made(self.bounds.as_mut())?, tokens)?;
                Stage::First
            }
            (Stage::First, "second") => {
                made(self.iteration.as_mut())?.second(made(self.bounds.as_mut())?, tokens)?;
                Stage::Second
            }
            (Stage::Second, "squares") => {
                made(self.iteration.as_mut())?.squares(proof, tokens)?;
                Stage::Squares
            }
            (Stage::Squares, "step") => {
                made(self.iteration.as_mut())?.step(proof, made(self.bounds.as_mut())?, tokens)?;
                Stage::Squares
            }
            (Stage::Second | Stage::Squares | Stage::Flux, "flux") => {
                if let (Stage::Squares, Some(iteration)) = (self.stage, &self.iteration) {
                    require(!iteration.plan.steps.is_empty(), "squares are followed by a step")?;
                }
                self.fluxes.read(&self.equation, &self.reduced, &self.order, &mut self.budget, tokens)?;
                Stage::Flux
            }
            (Stage::Flux, "cells") => {
                let faces = match tokens.word()? {
                    "faces" => true,
                    "box" => false,
                    other => return problem(format!("cells are those of faces or a box, not of '{other}'")),
                };
                let rho = tokens.size()?;
                tokens.end()?;
                require(rho.is_positive(), "rho > 0")?;
                self.cells = Some(Cells::new(&self.equation, &self.sides, faces)?);
                let norm = (rho, self.fixed_norm);
                self.tables = Some(Forms::new(&self.fluxes, &self.reduced, &self.order, &mut self.budget, norm)?);
                Stage::Cells
            }
            (Stage::Cells, "cut") => {
                made(self.cells.as_mut())?.cut(tokens)?;
                Stage::Cells
            }
            (Stage::Cells, "leaf") => {
                let cells = made(self.cells.as_mut())?;
                let context = Context {
                    equation: &self.equation,
                    basis: &self.basis,
                    reduced: &self.reduced,
                    order: &self.order,
                    fluxes: &self.fluxes,
                    forms: made(self.tables.as_mut())?,
                };
                context.leaf(cells.current()?, tokens, &mut self.budget)?;
                cells.leave();
                Stage::Cells
            }
            (Stage::Cells, "conclude") => {
                self.conclude(proof, tokens)?;
                return Ok(Some((self.number, Specification::Statement)));
            }
            _ => return problem("the lines of this section have another order"),
        };
        Ok(None)
    }
}

impl Parametric {
    /// What the iteration is about.
    fn given(&self) -> Given<'_> {
        let Self { equation, reduced, sides, forms, load, .. } = self;
        Given { equation, reduced, sides, forms, load }
    }

    fn conclude(&self, proof: &Proof, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        let (bound, e) = (tokens.dyadic()?, tokens.size()?);
        tokens.end()?;
        let (Some(bounds), Some(iteration), Some(tables), Some(cells)) =
            (&self.bounds, &self.iteration, &self.tables, &self.cells)
        else {
            return problem("a line before is missing");
        };
        require(cells.ended(), "no cell is left")?;
        // The last network is the one with this V and b.
        require(bound == Number::from(&self.basis.bound), "b is that of the last network")?;
        require(bound >= *iteration.size(), "b >= size")?;
        same_network(&generate::parametric(&iteration.plan)?, proof.network(self.coefficients)?)?;
        let ([_, most], one) = (&bounds.spectrum, Number::one());
        let (rho, decay) = (&tables.rho, &iteration.decay);
        // |V e_2| / |u_y| <= C total / f
        let products = most * &iteration.total;
        if self.fixed_norm {
            let (below, above) = (&one - &self.reduced.delta, &one + &self.reduced.delta);
            let least = &(rho * &below) + &(&(decay * &(&one + rho)) * &above);
            require(&e * &below >= least, "e (1 - delta) >= rho (1 - delta) + decay (1 + rho) (1 + delta)")?;
            // |v|^2 <= (1 + 1 / (2 pi^2)) v . G v, and the root is below 1.02502.
            let friedrichs = Number::from(&Weight::new(51_251.into(), 50_000.into()));
            let least = &friedrichs * &(&(&e * &bounds.least_load) + &products);
            return require(&self.error * &bounds.least_load >= least, "E >= 1.02502 (e + C total / f)");
        }
        require(e.square() >= &rho.square() + &decay.square(), "e^2 >= rho^2 + decay^2")?;
        let least = &(&e * &bounds.least_load) + &products;
        require(&self.error * &bounds.least_load >= least, "E >= e + C total / f")
    }
}
