//! The options that say which problem: case, parameters, grid, load.

use std::str::FromStr;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::super::error::CliError;
use super::super::options::{OptionError, positive_rational, rational, whole_number};
use crate::arith::Rational;
use crate::pde::{Coefficient, Grid, Load, MAX_NODES, Shape};
use crate::report::{Cell, Record};

/// The most parameters that an option names; every case has limits of its own.
const MAX_PARAMETERS: u64 = 1 << 16;
/// The largest exponent of a load.
const MAX_EXPONENT: u32 = 32;

/// The problem.
#[derive(Debug, Clone, clap::Args)]
pub struct ProblemOptions {
    /// The parametrisation of the coefficient.
    #[arg(long, value_name = "CASE", default_value = "chessboard")]
    case: CaseName,
    /// The number p of parameters [default: 4, for clipped-polynomial 6, for cookies-variable 8].
    #[arg(long, value_name = "P", value_parser = whole_number(1, MAX_PARAMETERS), conflicts_with_all = ["blocks", "degree"])]
    parameters: Option<u64>,
    /// The number s of blocks a side: p = s^2, for cookies-variable 2 s^2.
    #[arg(long, value_name = "S", value_parser = whole_number(1, MAX_PARAMETERS), conflicts_with = "degree")]
    blocks: Option<u64>,
    /// The degree k of a clipped polynomial: p = (k+1)(k+2)/2.
    #[arg(long, value_name = "K", value_parser = whole_number(0, MAX_PARAMETERS))]
    degree: Option<u64>,
    /// The shift mu, which keeps the coefficient away from 0.
    #[arg(long, value_name = "MU", default_value = "1/10", allow_hyphen_values = true, value_parser = positive_rational)]
    shift: Rational,
    /// The exponent sigma that scales the terms of a trigonometric polynomial [default: 0].
    #[arg(long, value_name = "SIGMA", allow_negative_numbers = true)]
    scaling: Option<i32>,
    /// Nodes a side, boundary included.
    #[arg(long, value_name = "N", default_value = "101", value_parser = whole_number(3, MAX_NODES as u64))]
    grid: u64,
    /// The load, terms C:E1:E2 for C x1^E1 x2^E2.
    #[arg(long, value_name = "TERMS", default_value = "20:0:0,10:1:0,-5:0:1", allow_hyphen_values = true)]
    load: LoadOption,
    /// Take coefficients as the published code does, where it differs from the paper.
    #[arg(long)]
    as_published_code: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CaseName {
    Trigonometric,
    Chessboard,
    Cookies,
    CookiesVariable,
    ClippedPolynomial,
}

/// A load that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum LoadError {
    #[error("term {position} is '{text}'; accepted are terms C:E1:E2 with whole exponents up to {MAX_EXPONENT}")]
    Term { position: usize, text: String },
    #[error(transparent)]
    Coefficient(#[from] OptionError),
}

/// A polynomial as a list of terms.
#[derive(Debug, Clone)]
struct LoadOption(Load);

impl FromStr for LoadOption {
    type Err = LoadError;
    fn from_str(text: &str) -> Result<Self, LoadError> {
        let term = |(i, term): (usize, &str)| {
            let unread = || LoadError::Term { position: i + 1, text: term.chars().take(60).collect() };
            let parts: Vec<&str> = term.split(':').map(str::trim).collect();
            let &[c, a, b] = parts.as_slice() else { return Err(unread()) };
            let exponent = |e: &str| e.parse().ok().filter(|e| *e <= MAX_EXPONENT).ok_or_else(unread);
            Ok((rational(c)?, exponent(a)?, exponent(b)?))
        };
        Ok(Self(Load::new(text.split(',').enumerate().map(term).collect::<Result<_, _>>()?)))
    }
}

/// The problem that the options stand for.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The coefficient on its grid.
    pub coefficient: Coefficient,
    /// The right-hand side.
    pub load: Load,
    as_published: bool,
}

impl ProblemOptions {
    /// The problem.
    ///
    /// # Errors
    /// [`CliError`] for numbers that no case has.
    pub fn problem(&self) -> Result<Problem, CliError> {
        let at = |error: crate::pde::PdeError| CliError::new(error).at("the problem");
        let grid = Grid::new(usize::try_from(self.grid).unwrap_or(usize::MAX)).map_err(at)?;
        let coefficient =
            Coefficient::new(self.shape()?, self.shift.clone(), self.as_published_code, grid).map_err(at)?;
        Ok(Problem { coefficient, load: self.load.0.clone(), as_published: self.as_published_code })
    }

    fn shape(&self) -> Result<Shape, CliError> {
        let foreign = |option: &str, cases: &str| {
            Err(CliError::new(format!("option {option} is for {cases}")).at("option --case"))
        };
        if self.scaling.is_some() && self.case != CaseName::Trigonometric {
            return foreign("--scaling", "the case trigonometric");
        }
        if self.degree.is_some() && self.case != CaseName::ClippedPolynomial {
            return foreign("--degree", "the case clipped-polynomial");
        }
        if self.blocks.is_some() && matches!(self.case, CaseName::Trigonometric | CaseName::ClippedPolynomial) {
            return foreign("--blocks", "the cases chessboard, cookies and cookies-variable");
        }
        let size = |option: Option<u64>| option.and_then(|n| usize::try_from(n).ok());
        let p = size(self.parameters);
        Ok(match self.case {
            CaseName::Trigonometric => {
                Shape::Trigonometric { terms: p.unwrap_or(4), scaling: self.scaling.unwrap_or(0) }
            }
            CaseName::Chessboard => Shape::Chessboard { blocks: self.size(p, size(self.blocks), 2, |s| s * s)? },
            CaseName::Cookies => Shape::Cookies { blocks: self.size(p, size(self.blocks), 2, |s| s * s)? },
            CaseName::CookiesVariable => {
                Shape::CookiesVariable { blocks: self.size(p, size(self.blocks), 2, |s| 2 * s * s)? }
            }
            CaseName::ClippedPolynomial => {
                Shape::ClippedPolynomial { degree: self.size(p, size(self.degree), 2, |k| (k + 1) * (k + 2) / 2)? }
            }
        })
    }

    /// The size itself, or the one whose number of parameters is p.
    fn size(
        &self,
        p: Option<usize>,
        size: Option<usize>,
        default: usize,
        count: impl Fn(usize) -> usize,
    ) -> Result<usize, CliError> {
        let Some(p) = p else { return Ok(size.unwrap_or(default)) };
        // Counts increase with the size.
        let next = (0..).find(|size| count(*size) >= p).unwrap_or(0);
        if count(next) == p {
            return Ok(next);
        }
        Err(CliError::new(format!("no problem of this case has {p} parameters"))
            .at("option --parameters")
            .accepted(format!("the nearest are {} and {}", count(next - 1), count(next))))
    }
}

impl Problem {
    /// The facts about the problem that every result has.
    pub fn json(&self) -> Value {
        let shape = self.coefficient.shape();
        let load: Vec<Value> = self.load.terms().iter().map(|(c, a, b)| json!([c.to_string(), a, b])).collect();
        json!({
            "case": shape.name(),
            "parameters": shape.parameters(),
            "shift": self.coefficient.shift().to_string(),
            "grid": self.coefficient.grid().nodes(),
            "unknowns": self.coefficient.grid().unknowns(),
            "load": load,
            "as_published_code": self.as_published,
            "coefficient": self.discretisation(),
        })
    }
    /// The same for people.
    pub fn record(&self) -> Record {
        let shape = self.coefficient.shape();
        let grid = self.coefficient.grid();
        Record::new(Value::Null)
            .with("case", Cell::text(shape.name()))
            .with("parameters", Cell::count(shape.parameters() as u64))
            .with("shift", Cell::Exact(self.coefficient.shift().clone()))
            .with("grid", Cell::text(format!("{0} x {0} nodes, {1} unknowns", grid.nodes(), grid.unknowns())))
            .with("coefficient", Cell::text(self.discretisation()))
    }
    /// What the discrete problem takes for the coefficient.
    fn discretisation(&self) -> &'static str {
        match (self.as_published, self.coefficient.is_exact()) {
            (true, _) => "interpolated between nodes, as in the published code",
            (false, true) => "exact on the triangles",
            (false, false) => "taken at the midpoints of the triangles",
        }
    }
}
