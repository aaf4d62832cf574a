//! `certinet barrier interval`: how far solutions lie apart when data are known to k bits.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};

use super::super::Run;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::whole_number;
use super::super::plot::{Curve, deliver_with_plot, diameter_charts, picture, spare_picture};
use crate::arith::{Integer, Rational};
use crate::barrier::intervals::{Centre, Diameter, IntervalProblem, PROBLEMS, Upper, experiment};
use crate::linalg::Matrix;
use crate::report::number::{Direction, Printed, thousands};
use crate::report::{Cell, Column, Format, Printable, Record, Table};

/// The name that stands for every problem.
const ALL: &str = "all";
/// The most bits.
const MAX_BITS: u64 = 10_000;
/// The most bits of all rows of a problem together.
const MAX_TOTAL: u64 = 2_000_000;
/// Bits to which square roots are rounded.
const ROOT_BITS: u64 = 64;
/// Digits of decimals for programs.
const DIGITS: u32 = 15;
/// What is claimed, and what is not.
const PROVED: &str = "Every number is proved for all data that agree with k bits of the centre. \
    That no algorithm exists at a critical centre is a theorem of the literature, not of this run.";

/// Bounds how far solutions lie apart when the data are known to k bits, at critical and at regular data.
///
/// At a regular centre the diameter of the solution set shrinks like 2^-k, at a critical one it does not shrink.
#[derive(Debug, clap::Args)]
pub struct Interval {
    /// The problem.
    #[arg(long, value_name = "NAME", default_value = ALL, value_parser = names())]
    problem: String,
    /// The smallest k.
    #[arg(long, value_name = "K", default_value = "1", value_parser = whole_number(1, MAX_BITS))]
    from: u64,
    /// The largest k.
    #[arg(long, value_name = "K", default_value = "200", value_parser = whole_number(1, MAX_BITS))]
    to: u64,
    /// The distance of the rows [default: k = 1, 2, 5, 10, 20, 50, ..].
    #[arg(long, value_name = "S", value_parser = whole_number(1, MAX_BITS))]
    step: Option<u64>,
    /// Draw the diameters against k.
    #[arg(long, value_name = "FILE.svg", value_parser = picture)]
    plot: Option<PathBuf>,
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(PROBLEMS.iter().map(|problem| problem.name()).chain([ALL]))
}

/// One problem at one centre, for increasing k.
struct Series {
    problem: &'static dyn IntervalProblem,
    centre: Centre,
    diameters: Vec<Diameter>,
}

impl Run for Interval {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        spare_picture(self.plot.as_deref(), context, &[])?;
        let bits = self.bits()?;
        let problems = PROBLEMS.into_iter().filter(|problem| self.problem == ALL || problem.name() == self.problem);
        let series: Vec<Series> = problems
            .flat_map(|problem| Centre::ALL.map(|centre| (problem, centre)))
            .map(|(problem, centre)| {
                let diameters = bits.iter().map(|&bits| experiment(problem, centre, bits)).collect();
                Series { problem, centre, diameters }
            })
            .collect();
        let charts = self.plot.as_ref().map(|_| diameter_charts(&series.iter().map(curve).collect::<Vec<_>>()));
        let report = Report::new(&series)?;
        let plot = self.plot.as_deref().zip(charts.as_deref());
        deliver_with_plot(context, &report, plot)?;
        Ok(Exit::Done)
    }
}

impl Interval {
    /// The k of the rows, in order.
    fn bits(&self) -> Result<Vec<u32>, CliError> {
        let (from, to) = (self.from, self.to);
        if from > to {
            return Err(CliError::new(format!("the smallest k is {from}, the largest {to}"))
                .at("option --from")
                .accepted("give a number that is not above --to"));
        }
        let mut all: Vec<u64> = match self.step {
            Some(step) => (from..=to).step_by(usize::try_from(step).unwrap_or(usize::MAX)).collect(),
            None => {
                let round = (0..6).flat_map(|power| [1, 2, 5].map(|digit| digit * 10u64.pow(power)));
                [from].into_iter().chain(round.filter(|k| (from + 1..to).contains(k))).collect()
            }
        };
        all.extend(Some(to).filter(|to| all.last() != Some(to)));
        let total: u64 = all.iter().sum();
        if total > MAX_TOTAL {
            let [total, limit] = [total, MAX_TOTAL].map(|n| thousands(&Integer::from(n)));
            return Err(CliError::new(format!("the k of all rows add up to {total}"))
                .at("option --step")
                .accepted(format!("at most {limit} are accepted: give a larger step")));
        }
        Ok(all.into_iter().filter_map(|k| u32::try_from(k).ok()).collect())
    }
}

/// What is drawn: lower bounds where nothing shrinks, upper bounds where something does.
fn curve(series: &Series) -> Curve {
    let critical = series.centre == Centre::Critical;
    let square = |diameter: &Diameter| match &diameter.upper {
        _ if critical => Some(diameter.lower_squared.clone()),
        Upper::Squared(square) => Some(square.clone()),
        Upper::Unbounded | Upper::Open => None,
    };
    let points = series.diameters.iter().filter_map(|diameter| square(diameter).map(|square| (diameter.bits, square)));
    Curve { name: series.problem.name(), critical, points: points.collect() }
}

/// Statements, the diameters row by row, and what they say together.
struct Report {
    statements: Record,
    table: Table,
    rates: Table,
    json: Value,
}

impl Report {
    fn new(series: &[Series]) -> Result<Self, CliError> {
        let mut table = Table::new(vec![
            Column::left("problem"),
            Column::left("centre"),
            Column::right("k"),
            Column::right("diameter at least"),
            Column::right("diameter at most"),
        ]);
        let last = series.iter().flat_map(|series| &series.diameters).map(|diameter| diameter.bits).max().unwrap_or(0);
        let mut rates = Table::new(vec![
            Column::left("problem"),
            Column::right(format!("critical: diameter for every k <= {last}")),
            Column::right(format!("regular: diameter 2^k for k = {last}")),
        ]);
        let mut statements = Record::new(Value::Null);
        for Series { problem, centre, diameters } in series {
            for diameter in diameters {
                let cells = vec![
                    Cell::text(problem.name()),
                    Cell::text(centre.name()),
                    Cell::count(diameter.bits),
                    Cell::LowerBound(diameter.lower(ROOT_BITS)),
                    upper_cell(diameter, diameter.upper(ROOT_BITS)),
                ];
                table.push(cells, row_json(*problem, *centre, diameter))?;
            }
        }
        for pair in series.chunks(Centre::ALL.len()) {
            if let [Series { problem, diameters: critical, .. }, Series { diameters: regular, .. }] = pair
                && let (Some(critical), Some(regular)) = (critical.last(), regular.last())
            {
                statements = statements.with(problem.name(), Cell::text(problem.statement()));
                // Intervals of smaller k hold this one: the two members are theirs, too.
                let least = match &critical.upper {
                    Upper::Unbounded => Cell::text("unbounded"),
                    _ => Cell::LowerBound(critical.lower(ROOT_BITS)),
                };
                let rate = regular.rate(ROOT_BITS);
                let json = json!({
                    "problem": problem.name(),
                    "bits": last,
                    "critical_diameter_lower": decimal(&critical.lower(ROOT_BITS), Direction::Down),
                    "critical_unbounded": critical.upper == Upper::Unbounded,
                    "regular_rate_upper": rate.as_ref().map(|rate| decimal(rate, Direction::Up)),
                });
                rates.push(vec![Cell::text(problem.name()), least, upper_cell(regular, rate)], json)?;
            }
        }
        let rows = |table: &Table| table.rows().iter().map(|row| row.json.clone()).collect::<Vec<_>>();
        let json = json!({"proved": PROVED, "rows": rows(&table), "rates": rows(&rates)});
        Ok(Self { statements, table, rates, json })
    }
}

fn upper_cell(diameter: &Diameter, bound: Option<Rational>) -> Cell {
    match (bound, &diameter.upper) {
        (Some(bound), _) => Cell::UpperBound(bound),
        (None, Upper::Unbounded) => Cell::text("unbounded"),
        (None, _) => Cell::None,
    }
}

fn decimal(x: &Rational, direction: Direction) -> String {
    Printed::decimal(x, DIGITS, direction).to_string()
}

fn row_json(problem: &dyn IntervalProblem, centre: Centre, diameter: &Diameter) -> Value {
    let matrix = |a: &Matrix| -> Vec<Vec<String>> {
        (0..a.rows()).map(|i| a.row(i).iter().map(Rational::to_string).collect()).collect()
    };
    let upper_squared = match &diameter.upper {
        Upper::Squared(square) => Some(square.to_string()),
        Upper::Unbounded | Upper::Open => None,
    };
    json!({
        "problem": problem.name(),
        "centre": centre.name(),
        "bits": diameter.bits,
        "diameter_squared_lower": diameter.lower_squared.to_string(),
        "diameter_squared_upper": upper_squared,
        "diameter_lower": decimal(&diameter.lower(ROOT_BITS), Direction::Down),
        "diameter_upper": diameter.upper(ROOT_BITS).map(|upper| decimal(&upper, Direction::Up)),
        "unbounded": diameter.upper == Upper::Unbounded,
        "members": diameter.members.as_ref().map(|members| members.each_ref().map(matrix)),
    })
}

impl Printable for Report {
    fn print(&self, format: Format) -> String {
        match format {
            Format::Json => Record::new(self.json.clone()).print(format),
            Format::Csv => self.table.print(format),
            _ => {
                let parts = [self.statements.print(format), self.table.print(format), self.rates.print(format)];
                format!("{}\n{PROVED}\n", parts.join("\n"))
            }
        }
    }
}
