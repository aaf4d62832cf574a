//! `certinet pde solve`: solutions for single parameters, with certified errors.

use std::path::PathBuf;

use rayon::prelude::*;
use serde_json::{Value, json};

use super::super::Run;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::{RationalList, count, whole_number};
use super::super::output::write_file;
use super::problem::{Problem, ProblemOptions};
use crate::arith::{Rational, SplitMix64};
use crate::pde::{Certified, DiscreteProblem};
use crate::report::number::{Direction, Printed};
use crate::report::{Cell, Column, Table};

/// The most parameters that are drawn.
const MAX_RANDOM: u64 = 100_000;
/// Significant digits of the ends of a compliance.
const DIGITS: u32 = 16;

/// Solves the discrete problem in doubles and certifies the error of what comes out, for one parameter or several.
#[derive(Debug, clap::Args)]
pub struct Solve {
    #[command(flatten)]
    problem: ProblemOptions,
    /// The parameters y_1,..,y_p [default: the middle of the box].
    #[arg(long, value_name = "LIST", allow_hyphen_values = true, conflicts_with = "random")]
    at: Option<RationalList>,
    /// Draw so many parameters from the box instead.
    #[arg(long, value_name = "COUNT", value_parser = count(MAX_RANDOM))]
    random: Option<u64>,
    /// Where the random numbers start.
    #[arg(long, value_name = "SEED", requires = "random", default_value = "1", value_parser = whole_number(0, u64::MAX))]
    seed: u64,
    /// Also write the values at all nodes to this file, lines x1,x2,u.
    #[arg(long, value_name = "FILE", conflicts_with = "random")]
    solution: Option<PathBuf>,
}

impl Run for Solve {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        if let Some(path) = &self.solution {
            context.spare(path)?;
        }
        let problem = self.problem.problem()?;
        let discrete = DiscreteProblem::new(problem.coefficient.clone(), &problem.load).map_err(CliError::new)?;
        let solve = |y: &[Rational]| Certified::new(&discrete, y).map_err(CliError::new);
        let Some(random) = self.random else {
            let y = self.at.as_ref().map_or_else(|| middle(&problem), |list| list.0.clone());
            let certified = solve(&y)?;
            if let Some(path) = &self.solution {
                write_solution(&problem, &certified, path)?;
            }
            context.deliver(&record(&problem, &y, &certified))?;
            return Ok(Exit::Done);
        };
        let progress = context.progress("solving", random);
        let rows: Result<Vec<(Vec<Rational>, Certified)>, CliError> = (0..random)
            .into_par_iter()
            .map(|index| {
                let y = draw(&problem, self.seed, index);
                let certified = solve(&y)?;
                progress.advance(1);
                Ok((y, certified))
            })
            .collect();
        context.deliver(&table(&problem, &rows?)?)?;
        Ok(Exit::Done)
    }
}

/// The middle of the box of parameters.
pub fn middle(problem: &Problem) -> Vec<Rational> {
    let shape = problem.coefficient.shape();
    let middle = |i| {
        let [least, most] = shape.range(i);
        (least + most).scale_by_power_of_two(-1)
    };
    (0..shape.parameters()).map(middle).collect()
}

/// The parameter with this number in the sequence of a seed.
pub fn draw(problem: &Problem, seed: u64, index: u64) -> Vec<Rational> {
    let shape = problem.coefficient.shape();
    let mut random = SplitMix64::stream(seed, index);
    let one = |i| {
        let [least, most] = shape.range(i);
        random.between(&least, &most)
    };
    (0..shape.parameters()).map(one).collect()
}

/// The values at all nodes, zeros on the boundary included, row by row.
fn write_solution(problem: &Problem, certified: &Certified, path: &std::path::Path) -> Result<(), CliError> {
    let grid = problem.coefficient.grid();
    let coordinate = |k: usize| k as f64 / grid.cells() as f64;
    write_file(path, |writer| {
        writeln!(writer, "x1,x2,u")?;
        for j in 0..grid.nodes() {
            for i in 0..grid.nodes() {
                let u = grid.unknown(i, j).map_or(0.0, |at| certified.solution[at]);
                writeln!(writer, "{},{},{u}", coordinate(i), coordinate(j))?;
            }
        }
        Ok(())
    })
}

fn ends(certified: &Certified) -> [Printed; 2] {
    let compliance = &certified.compliance;
    [
        Printed::decimal(compliance.lo(), DIGITS, Direction::Down),
        Printed::decimal(compliance.hi(), DIGITS, Direction::Up),
    ]
}

fn result(y: &[Rational], certified: &Certified) -> Value {
    json!({
        "y": y.iter().map(Rational::to_string).collect::<Vec<_>>(),
        "coefficient_range": certified.coefficient.iter().map(Rational::to_string).collect::<Vec<_>>(),
        "compliance": [certified.compliance.lo().to_string(), certified.compliance.hi().to_string()],
        "energy_error_bound": certified.energy_error.to_string(),
        "relative_error_bound": certified.relative_error().map(|x| x.to_string()),
        "error_kind": "bound",
    })
}

fn cells(certified: &Certified) -> [(&'static str, Cell); 5] {
    let [least, largest] = certified.coefficient.clone();
    let [low, high] = ends(certified);
    let relative = certified.relative_error().map_or(Cell::None, Cell::UpperBound);
    [
        ("least coefficient", Cell::Exact(least)),
        ("largest coefficient", Cell::Exact(largest)),
        ("compliance", Cell::text(format!("[{low}, {high}]"))),
        ("energy error", Cell::UpperBound(certified.energy_error.clone())),
        ("relative", relative),
    ]
}

fn record(problem: &Problem, y: &[Rational], certified: &Certified) -> crate::report::Record {
    let mut json = problem.json();
    json["result"] = result(y, certified);
    let record = cells(certified).into_iter().fold(problem.record(), |record, (name, cell)| record.with(name, cell));
    record.with_json(json)
}

fn table(problem: &Problem, rows: &[(Vec<Rational>, Certified)]) -> Result<Table, CliError> {
    let names = ["least coefficient", "largest coefficient", "compliance", "energy error", "relative"];
    let columns = std::iter::once("sample").chain(names).map(Column::right).collect();
    let mut table = Table::new(columns);
    for (index, (y, certified)) in rows.iter().enumerate() {
        let mut json = problem.json();
        json["result"] = result(y, certified);
        let cells = cells(certified).into_iter().map(|(_, cell)| cell);
        table.push(std::iter::once(Cell::count(index as u64 + 1)).chain(cells).collect(), json)?;
    }
    Ok(table)
}
