//! `certinet apply`: a real matrix in; its inverse or a solution out, by a network, with a certified and a measured error.

mod inverse;
mod solve;
mod system;

use clap::Subcommand;

use super::Run;
use super::context::{Context, Exit};
use super::error::CliError;
use super::network::allow_evaluation;
use crate::arith::{Dyadic, Rational};
use crate::evaluate::{EvaluateError, Evaluator};
use crate::network::Layered;
use crate::report::number::{Direction, Printed};

/// Applies a network to a given matrix, exactly.
#[derive(Debug, clap::Args)]
pub struct Apply {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    MatrixInverse(inverse::MatrixInverse),
    LinearSolve(solve::LinearSolve),
}

impl Run for Apply {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        match self.task {
            Task::MatrixInverse(task) => task.run(context),
            Task::LinearSolve(task) => task.run(context),
        }
    }
}

/// The bits of a measured error.
const ERROR_BITS: u64 = 40;
/// The most products of a weight and a value: one exact product takes some tens of nanoseconds.
const MAX_PRODUCTS: u128 = 1 << 29;
/// The entries that are shown for reading.
const SHOWN: usize = 4;

/// The exact value of a network: in dyadic numbers where weights and input have them, else in rationals.
fn evaluate_exactly(layered: &Layered, input: &[Rational]) -> Result<Vec<Rational>, CliError> {
    allow_evaluation(layered, 1)?;
    let products = layered.placed_entries();
    if products > MAX_PRODUCTS {
        let what = format!("the exact evaluation would take {products} products of a weight and a value");
        return Err(CliError::new(what).accepted(format!("at most {MAX_PRODUCTS} are accepted")));
    }
    let refuse = |error: EvaluateError| CliError::new(error);
    let dyadic: Option<Vec<Dyadic>> = input.iter().map(Dyadic::try_from_rational).collect();
    if let Some(input) = dyadic {
        match Evaluator::<Dyadic>::new(layered) {
            Ok(evaluator) => {
                let output = evaluator.evaluate(&input).map_err(refuse)?;
                return Ok(output.iter().map(Dyadic::to_rational).collect());
            }
            Err(EvaluateError::NotRepresentable { .. }) => {}
            Err(error) => return Err(refuse(error)),
        }
    }
    Evaluator::<Rational>::new(layered).and_then(|evaluator| evaluator.evaluate(input)).map_err(refuse)
}

/// The first entries as decimals, for reading.
fn first_entries(entries: &[Rational]) -> String {
    let decimal = |x: &Rational| Printed::decimal(x, 6, Direction::TowardsZero).to_string();
    let shown: Vec<String> = entries.iter().take(SHOWN).map(decimal).collect();
    let more = if entries.len() > SHOWN { ", .." } else { "" };
    format!("{}{more} (digits cut off)", shown.join(", "))
}
