//! `certinet barrier duel --solver NAME | --command "..."`: an adversary against a solver of a minimisation problem.

#[cfg(unix)]
mod external;
mod print;

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::super::Run;
use super::super::certificate::spare;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::{count, positive_rational, rational, whole_number};
use super::super::output::write_file;
use crate::arith::Rational;
use crate::barrier::duel::solvers::{Clarabel, Fista, Midpoint, Simplex, Truncated, Unrolled};
use crate::barrier::duel::{
    self, DuelError, EXPONENTS, Family, Limits, MAX_COLUMNS, MOST_BITS, Place, Rules, Solver, Trial, exact_data,
    has_exact_data, shifts, variants, worst,
};
use crate::barrier::l1::{Claims, Solution, write_certificate};

/// The most readings.
const MOST_READINGS: u64 = 100_000;
/// The bits to which the truncated solver reads unless told otherwise.
const BITS: u64 = 24;
/// Exponents k of s = -2^-k, 2^-k on which a program is started once each.
const FEW_EXPONENTS: [u32; 4] = [20, 30, 40, 52];
/// Bits that are enough for the digits of a distance.
const DISTANCE_BITS: u64 = 64;

/// Finds data on which a solver of min |x|_1 subject to |A x - y| <= epsilon is wrong, and certifies by how much.
///
/// Entries are read through an oracle; the problem is chosen afterwards among those that agree with all that was read.
/// Without --solver and --command all built-in solvers have their turn. Exit codes: 1 refuted (of several, one at
/// least), 0 survived, 3 failed: the solver gave no answer.
#[derive(Debug, clap::Args)]
pub struct Duel {
    /// A built-in solver.
    #[arg(long, value_name = "NAME", conflicts_with = "command")]
    solver: Option<SolverName>,
    /// A program that speaks the protocol of examples/duel, with its arguments.
    #[arg(long, value_name = "COMMAND")]
    command: Option<String>,
    /// Rows of the matrix.
    #[arg(long, value_name = "m", default_value = "1", value_parser = count(MAX_COLUMNS as u64 - 1))]
    rows: u64,
    /// Columns of the matrix, more than rows [default: rows + 1].
    #[arg(long, value_name = "N", value_parser = whole_number(2, MAX_COLUMNS as u64))]
    columns: Option<u64>,
    /// The right-hand side is y times the first unit vector.
    #[arg(long, value_name = "Y", default_value = "1", value_parser = positive_rational)]
    y: Rational,
    /// The bound on the residual, below y.
    #[arg(long, value_name = "E", default_value = "1/8", value_parser = rational, allow_hyphen_values = true)]
    epsilon: Rational,
    /// An answer this far from the minimiser is refuted.
    #[arg(long, value_name = "B", default_value = "1/4", value_parser = positive_rational)]
    bar: Rational,
    /// What decides: data behind an oracle, or data that are doubles.
    #[arg(long, value_name = "MODEL", default_value = "oracle")]
    data: DataName,
    /// Bits to which the truncated solver reads [default: 24].
    #[arg(long, value_name = "K", value_parser = whole_number(0, MOST_BITS))]
    bits: Option<u64>,
    /// The most readings.
    #[arg(long, value_name = "Q", default_value = "10000", value_parser = whole_number(0, MOST_READINGS))]
    queries: u64,
    /// The most seconds that a program of --command may take [default: 60].
    #[arg(long, value_name = "S", requires = "command", value_parser = count(86_400))]
    seconds: Option<u64>,
    /// Give the columns in the other order.
    #[arg(long)]
    permute: bool,
    /// Write the certificate of a refutation.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

/// The built-in solvers by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SolverName {
    /// The interior-point solver Clarabel.
    Clarabel,
    /// The simplex method of microlp.
    Simplex,
    /// Accelerated proximal gradients.
    Fista,
    /// Iterative soft thresholding as a network.
    Unrolled,
    /// The exact minimiser of truncated data.
    Truncated,
    /// The midpoint, the best answer there is.
    Midpoint,
}

/// How the data are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DataName {
    /// Approximations, to as many bits as are asked for.
    Oracle,
    /// Data that are doubles, so that no solver rounds them.
    Exact,
}

/// What came of one solver.
struct Outcome {
    solver: String,
    decided_by: DataName,
    /// The duel that decides.
    duel: Result<duel::Duel, DuelError>,
    /// The problems of exact data that were tried; `None` where there are none.
    trials: Option<Vec<Trial>>,
}

impl Outcome {
    fn verdict(&self) -> &'static str {
        match &self.duel {
            Ok(duel) if duel.refuted => "refuted",
            Ok(_) => "survived",
            Err(_) => "failed",
        }
    }
    fn exit(&self) -> Exit {
        match &self.duel {
            Ok(duel) if duel.refuted => Exit::Negative,
            Ok(_) => Exit::Done,
            Err(_) => Exit::Open,
        }
    }
}

impl Run for Duel {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        spare(self.certificate.as_deref(), context, &[])?;
        let columns = self.columns.unwrap_or(self.rows + 1);
        let [rows, columns] = [self.rows, columns].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        let family = Family::new(rows, columns, self.y.clone(), self.epsilon.clone()).map_err(CliError::new)?;
        let family = if self.permute { family.reverse() } else { family };
        let limits = Limits { readings: self.queries, bits: MOST_BITS };
        let rules = Rules { bar: self.bar.clone(), limits };
        if self.data == DataName::Exact && !has_exact_data(&family) {
            return Err(CliError::new("y and epsilon are not both doubles, so there are no exact data")
                .at("option --data exact")
                .accepted("give numbers like 1 and 1/8"));
        }
        let truncated = self.command.is_none() && matches!(self.solver, None | Some(SolverName::Truncated));
        if self.bits.is_some() && !truncated {
            return Err(CliError::new("only the truncated solver reads to a number of bits that is set")
                .at("option --bits")
                .accepted("give --solver truncated, or leave the option out"));
        }
        match (&self.command, self.solver) {
            (Some(command), _) => self.play_program(command, &family, &rules, context),
            (None, Some(name)) => {
                if self.data == DataName::Exact && name == SolverName::Midpoint {
                    return Err(CliError::new("the midpoint is answered without reading").at("option --data exact"));
                }
                let outcome = self.play(name, &family, &rules);
                self.deliver(&outcome, &family, &rules, context)
            }
            (None, None) => self.play_all(&family, &rules, context),
        }
    }
}

impl Duel {
    fn built_in(&self, name: SolverName, family: &Family) -> Box<dyn Solver> {
        match name {
            SolverName::Clarabel => Box::new(Clarabel),
            SolverName::Simplex => Box::new(Simplex),
            SolverName::Fista => Box::new(Fista),
            SolverName::Unrolled => Box::new(Unrolled::default()),
            SolverName::Truncated => Box::new(Truncated { bits: self.bits.unwrap_or(BITS) }),
            SolverName::Midpoint => Box::new(Midpoint::new(family)),
        }
    }

    /// One built-in solver, with both kinds of data.
    fn play(&self, name: SolverName, family: &Family, rules: &Rules) -> Outcome {
        let solver = self.built_in(name, family);
        let trials = (name != SolverName::Midpoint && has_exact_data(family))
            .then(|| exact_data(&variants(family), &shifts(EXPONENTS), solver.as_ref(), rules));
        self.decide(solver.as_ref(), family, rules, trials)
    }

    fn decide(&self, solver: &dyn Solver, family: &Family, rules: &Rules, trials: Option<Vec<Trial>>) -> Outcome {
        let duel = match (self.data, &trials) {
            (DataName::Exact, Some(trials)) => decided_by(trials, solver, family),
            _ => duel::duel(family, solver, rules),
        };
        Outcome { solver: solver.name().to_owned(), decided_by: self.data, duel, trials }
    }

    #[cfg(unix)]
    fn play_program(&self, command: &str, family: &Family, rules: &Rules, context: &Context) -> Result<Exit, CliError> {
        let words = shlex::split(command).filter(|words| !words.is_empty()).ok_or_else(|| {
            CliError::new("the command is empty or has a quote that is not closed")
                .at("option --command")
                .accepted("give a program with its arguments, quoted as in a shell")
        })?;
        let seconds = self.seconds.unwrap_or(60);
        let solver = external::Program { command: command.to_owned(), words, seconds };
        // A program is started for every problem: few of them, and only where they decide.
        let trials = (self.data == DataName::Exact)
            .then(|| exact_data(std::slice::from_ref(family), &shifts(FEW_EXPONENTS), &solver, rules));
        self.deliver(&self.decide(&solver, family, rules, trials), family, rules, context)
    }

    #[cfg(not(unix))]
    fn play_program(&self, _: &str, _: &Family, _: &Rules, _: &Context) -> Result<Exit, CliError> {
        Err(CliError::new("programs take part on Unix systems only").at("option --command").accepted("give --solver"))
    }

    fn deliver(&self, outcome: &Outcome, family: &Family, rules: &Rules, context: &Context) -> Result<Exit, CliError> {
        if let Err(error @ (DuelError::Unsuitable { .. } | DuelError::NotStarted { .. })) = &outcome.duel {
            return Err(CliError::new(error));
        }
        let written = match (&self.certificate, &outcome.duel) {
            (Some(path), Ok(duel)) if duel.refuted => {
                certify(duel, path)?;
                Some(path.as_path())
            }
            _ => None,
        };
        context.deliver(&print::record(outcome, family, rules, written))?;
        Ok(outcome.exit())
    }

    fn play_all(&self, family: &Family, rules: &Rules, context: &Context) -> Result<Exit, CliError> {
        if let Some(path) = &self.certificate {
            return Err(CliError::new("a certificate is about one duel")
                .at(format!("option --certificate {}", path.display()))
                .accepted("give --solver or --command"));
        }
        let names = SolverName::value_variants();
        let takes_part = |name: &SolverName| self.data == DataName::Oracle || *name != SolverName::Midpoint;
        let outcomes: Vec<Outcome> = names
            .iter()
            .filter(|name| takes_part(name))
            .map(|&name| self.play(name, family, rules))
            // A solver that does not take the problem is no participant.
            .filter(|outcome| !matches!(outcome.duel, Err(DuelError::Unsuitable { .. })))
            .collect();
        context.deliver(&print::table(&outcomes, family, rules)?)?;
        let exits: Vec<Exit> = outcomes.iter().map(Outcome::exit).collect();
        let first = [Exit::Negative, Exit::Open].into_iter().find(|exit| exits.contains(exit));
        Ok(first.unwrap_or(Exit::Done))
    }
}

/// The worst trial; where none has an answer, the first reason.
fn decided_by(trials: &[Trial], solver: &dyn Solver, family: &Family) -> Result<duel::Duel, DuelError> {
    if let Some(duel) = worst(trials) {
        return Ok(duel.clone());
    }
    let reason = trials.iter().find_map(|trial| trial.outcome.as_ref().err().cloned());
    Err(reason.unwrap_or_else(|| DuelError::Unsuitable { solver: solver.name().to_owned(), rows: family.rows() }))
}

/// Writes the certificate: the minimiser is the only one, the answer is that far from it, and all readings agree.
fn certify(duel: &duel::Duel, path: &Path) -> Result<(), CliError> {
    let columns = duel.instance.matrix().columns();
    let reading = |reading: &duel::Reading| {
        let entry = reading.place.entry(&duel.instance)?;
        let (row, column) = match reading.place {
            Place::Matrix { row, column } => (row, column),
            // The format counts the right-hand side as one column more.
            Place::Data { row } => (row, columns),
        };
        Some((row, column, reading.bits(entry), reading.answer.clone()))
    };
    let claims = Claims {
        unique: true,
        answer: Some((duel.answer.point.clone(), duel.distance_squared.clone())),
        readings: duel.readings.iter().filter_map(reading).collect(),
    };
    let solution = Solution::Optimal(duel.optimum.clone());
    write_file(path, |writer| write_certificate(&duel.instance, &solution, &claims, writer).map_err(CliError::new))
}

/// A lower bound on the distance of which this is the square.
fn root_lower(squared: &Rational) -> Rational {
    squared.sqrt_down(DISTANCE_BITS)
}
