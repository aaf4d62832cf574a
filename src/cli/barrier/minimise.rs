//! `certinet barrier minimise`: the exact minimisers of the 1-norm.

mod input;
mod number;

use std::path::{Path, PathBuf};

use serde_json::json;

use super::super::Run;
use super::super::certificate;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::rational;
use super::super::output::write_file;
use crate::arith::{Integer, Rational};
use crate::barrier::l1::{
    Claims, Instance, Nonnegative, Optimum, Separation, Solution, Surd, nonnegative_answer, separation, solve,
    solve_nonnegative, write_certificate,
};
use crate::certify::write_program_certificate;
use crate::report::{Cell, Record};
use number::{decimal, exact, words};

/// Significant bits of a lower bound that a certificate claims where the distance is irrational.
const BITS: u64 = 64;
/// Corners that people are shown; the JSON has all of them.
const SHOWN: usize = 100;

/// Minimises |x|_1 subject to |A x - y| <= epsilon exactly: the value, all minimisers, and why there are no others.
///
/// Numbers are a + b sqrt(q) for one q; in JSON strings "a", "b*sqrt(q)" or "a + b*sqrt(q)" with "radicand" q beside them, and
/// the first digits under names that end in "_decimal". Rows, columns and entries are counted from 1. Exit code 1: no x is feasible.
#[derive(Debug, clap::Args)]
pub struct Minimise {
    /// A: a Matrix Market file; decimals stand for themselves.
    #[arg(long, value_name = "FILE", conflicts_with = "rows")]
    matrix: Option<PathBuf>,
    /// A, row by row: "1 1001/1000; 0 2^-30".
    #[arg(long, value_name = "ROWS", allow_hyphen_values = true)]
    rows: Option<String>,
    /// y: a Matrix Market file of one column.
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    rhs: Option<PathBuf>,
    /// y: "1 1/2".
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    data: Option<String>,
    /// The bound on the residual in the Euclidean norm.
    #[arg(long, value_name = "E", default_value = "0", allow_hyphen_values = true, value_parser = rational)]
    epsilon: Rational,
    /// Minimise the sum of x subject to A x = y, x >= 0 instead: a linear program.
    #[arg(long)]
    nonnegative: bool,
    /// Also the squared distance of this point to the minimisers: "1,1/2,.." or a Matrix Market file.
    #[arg(long, value_name = "POINT", allow_hyphen_values = true)]
    point: Option<String>,
    /// Also write the certificate to this file, for certinet-check.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

impl Run for Minimise {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let point_file = self.point.as_ref().map(PathBuf::from).filter(|path| path.exists());
        let files: Vec<&Path> =
            [&self.matrix, &self.rhs, &point_file].into_iter().flatten().map(PathBuf::as_path).collect();
        certificate::spare(self.certificate.as_deref(), context, &files)?;
        let a = input::matrix(self.matrix.as_deref(), self.rows.as_deref(), context)?;
        let y = input::data(self.rhs.as_deref(), self.data.as_deref(), context)?;
        let point = self.point.as_ref().map(|text| input::point(text, a.columns(), context)).transpose()?;
        if self.nonnegative && !self.epsilon.is_zero() {
            let what = format!("--nonnegative is about equations, and epsilon is {}", self.epsilon);
            return Err(CliError::new(what).at("option --epsilon").accepted("0 is accepted"));
        }
        let instance = Instance::new(a, y, self.epsilon.clone()).map_err(CliError::new)?;
        let outcome = self.outcome(&instance, point.as_deref())?;
        context.deliver(&self.record(&outcome))?;
        Ok(if outcome.optimum.is_ok() { Exit::Done } else { Exit::Negative })
    }
}

/// What is printed.
struct Outcome {
    /// The minimisers, or the vector that shows that there are none.
    optimum: Result<Optimum, Vec<Rational>>,
    separation: Option<Separation>,
}

impl Minimise {
    /// Solves the problem and writes its certificate.
    fn outcome(&self, instance: &Instance, point: Option<&[Rational]>) -> Result<Outcome, CliError> {
        if self.nonnegative {
            let (a, y) = (instance.matrix(), instance.data());
            let outcome = solve_nonnegative(a, y).map_err(CliError::new)?;
            if let Some(path) = &self.certificate {
                let (program, answer) = nonnegative_answer(a, y, &outcome).map_err(CliError::new)?;
                write_file(path, |writer| write_program_certificate(&program, &answer, writer).map_err(CliError::new))?;
            }
            return match outcome {
                Nonnegative::Infeasible { normal } => Ok(Outcome { optimum: Err(normal), separation: None }),
                Nonnegative::Optimal(optimum) => distance(instance, optimum, point),
            };
        }
        let solution = solve(instance).map_err(CliError::new)?;
        let outcome = match &solution {
            Solution::Infeasible { normal } => Outcome { optimum: Err(normal.clone()), separation: None },
            Solution::Optimal(optimum) => distance(instance, optimum.clone(), point)?,
        };
        if let Some(path) = &self.certificate {
            let claims = claims(&outcome, point);
            write_file(path, |writer| write_certificate(instance, &solution, &claims, writer).map_err(CliError::new))?;
        }
        Ok(outcome)
    }

    fn record(&self, outcome: &Outcome) -> Record {
        let epsilon = self.epsilon.to_string();
        let certificate = json!(self.certificate.as_ref().map(|path| path.to_string_lossy()));
        let optimum = match &outcome.optimum {
            Ok(optimum) => optimum,
            Err(normal) => {
                let entries: Vec<String> = normal.iter().map(Rational::to_string).collect();
                let reason = self.reason();
                let json = json!({
                    "status": "infeasible",
                    "epsilon": epsilon,
                    "normal": entries,
                    "reason": reason,
                    "certificate": certificate,
                });
                return Record::new(json)
                    .with("status", Cell::text("infeasible"))
                    .with("epsilon", Cell::Exact(self.epsilon.clone()))
                    .with("r", Cell::text(entries.join(", ")))
                    .with("reason", Cell::text(reason));
            }
        };
        let q = &optimum.q;
        let list = |x: &[Surd]| x.iter().map(|x| exact(x, q)).collect::<Vec<_>>();
        let digits = |x: &[Surd]| x.iter().map(|x| decimal(x, q)).collect::<Vec<_>>();
        let distance = outcome.separation.as_ref().map(|found| &found.squared);
        let normal = optimum.normal.as_ref().map(|r| r.iter().map(Rational::to_string).collect::<Vec<_>>());
        let face = optimum.face.iter().map(|(j, sign)| json!({"column": j + 1, "sign": sign})).collect::<Vec<_>>();
        let json = json!({
            "status": "optimal",
            "epsilon": epsilon,
            "radicand": q.to_string(),
            "value": exact(&optimum.value, q),
            "value_decimal": decimal(&optimum.value, q),
            "unique": optimum.is_unique(),
            "complete": optimum.complete,
            "minimisers": optimum.vertices.iter().map(|x| list(x)).collect::<Vec<_>>(),
            "minimisers_decimal": optimum.vertices.iter().map(|x| digits(x)).collect::<Vec<_>>(),
            "dual": list(&optimum.dual),
            "normal": normal,
            "face": face,
            "distance_squared": distance.map(|x| exact(x, q)),
            "distance_squared_decimal": distance.map(|x| decimal(x, q)),
            "certificate": certificate,
        });
        let yes = |condition: bool| Cell::text(if condition { "yes" } else { "no" });
        let mut record = Record::new(json)
            .with("status", Cell::text("optimal"))
            .with("epsilon", Cell::Exact(self.epsilon.clone()))
            .with("value", Cell::text(words(&optimum.value, q)))
            .with("unique", yes(optimum.is_unique()));
        if !optimum.is_unique() {
            let (count, all) = (optimum.vertices.len(), if optimum.complete { "all" } else { "not all" });
            record = record.with("corners", Cell::text(format!("{count}, {all} of the set of minimisers")));
        }
        for (i, x) in optimum.vertices.iter().take(SHOWN).enumerate() {
            record = record.with(format!("minimiser {}", i + 1), Cell::text(entries("x", x, q)));
        }
        let columns: Vec<String> = optimum.face.iter().map(|(j, _)| (j + 1).to_string()).collect();
        record = record
            .with("dual", Cell::text(entries("p", &optimum.dual, q)))
            .with("face", Cell::text(if columns.is_empty() { "-".to_owned() } else { columns.join(", ") }));
        if let Some(found) = &outcome.separation {
            record = record.with("distance squared", Cell::text(words(&found.squared, q)));
        }
        record
    }

    fn reason(&self) -> &'static str {
        if self.nonnegative {
            "a_j . r <= 0 for all columns and r . y > 0, so no x >= 0 has A x = y"
        } else {
            "A^T r = 0 and r . y > epsilon |r|, so r . (y - A x) > epsilon |r| for every x"
        }
    }
}

fn distance(instance: &Instance, optimum: Optimum, point: Option<&[Rational]>) -> Result<Outcome, CliError> {
    let missing = || CliError::new("no nearest minimiser was found that passes the test of its definition");
    let found = point.map(|s| separation(instance, &optimum, s).ok_or_else(missing)).transpose()?;
    Ok(Outcome { optimum: Ok(optimum), separation: found })
}

/// All that is known is claimed: uniqueness, and the distance rounded down to a short number where it is irrational.
fn claims(outcome: &Outcome, point: Option<&[Rational]>) -> Claims {
    let Ok(optimum) = &outcome.optimum else { return Claims::default() };
    let q = Rational::from(&optimum.q);
    let answer = point.zip(outcome.separation.as_ref());
    let answer = answer.map(|(s, found)| (s.to_vec(), found.squared.enclosure(&q, BITS).0));
    Claims { unique: optimum.is_unique(), answer, readings: Vec::new() }
}

/// The entries other than 0 with their names.
fn entries(name: &str, x: &[Surd], q: &Integer) -> String {
    let listed = x.iter().enumerate().filter(|(_, x)| **x != Surd::zero());
    let listed: Vec<String> = listed.map(|(i, x)| format!("{name}{} = {}", i + 1, words(x, q))).collect();
    if listed.is_empty() { "0".to_owned() } else { listed.join(", ") }
}
