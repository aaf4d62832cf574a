//! `certinet barrier halting`: machines, their real numbers, and what a solver that reads k bits of these says.

mod print;

use core::str::FromStr;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use self::print::{Subject, one, overview};
use super::super::Run as Command;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::input::read_text;
use super::super::options::whole_number;
use crate::barrier::turing::{HaltingReal, Machine, NAMED, Problem, SignedPower, Verdict, machine_named};

/// The steps a machine may take unless more are allowed: enough for the champion of five states.
const STEPS: u64 = 50_000_000;
/// The most that can be allowed.
const MOST_STEPS: u64 = 1_000_000_000_000;
/// The bits that are read unless others are asked for, as far as the steps allow.
const BITS: [u64; 3] = [10, 1000, 1_000_000];
/// The most machines of a file.
const MOST_MACHINES: usize = 10_000;

/// Shows solvers that would decide whether a Turing machine halts, and what they say from finitely many bits.
///
/// A machine that halts at step h has the number s = 2^-h or -2^-h (odd or even count of cells left that are not blank),
/// one that never halts has 0. Reading k bits of s means to run the machine for k steps. A problem with s in its data has
/// a solution that jumps at 0: a solver is right from k = h on, and no k suffices for all machines.
#[derive(Debug, clap::Args)]
pub struct Halting {
    /// One machine: a name of the list that is shown without options, or its text, such as 1RB1LB_1LA1RZ.
    #[arg(long, value_name = "MACHINE", conflicts_with = "file", allow_hyphen_values = true)]
    machine: Option<String>,
    /// A file of machines, one a line; # starts a comment.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The numbers of bits that a solver reads [default: 10,1000,1000000, and for one machine h-1 and h].
    #[arg(long, value_name = "K,K,..")]
    bits: Option<BitsOption>,
    /// The problem [default: l1; for one machine all].
    #[arg(long, value_name = "PROBLEM")]
    problem: Option<ProblemName>,
    /// The most steps of a machine.
    #[arg(long, value_name = "N", default_value_t = STEPS, value_parser = whole_number(1, MOST_STEPS))]
    steps: u64,
}

/// The problems by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProblemName {
    /// l1 minimisation under one inequality.
    L1,
    /// The pseudoinverse of a diagonal matrix.
    Pseudoinverse,
    /// A linear program with one equation.
    Lp,
    /// Minimising a function with two wells.
    Optimiser,
    /// The sign of a number.
    Classifier,
}

impl From<ProblemName> for Problem {
    fn from(name: ProblemName) -> Self {
        match name {
            ProblemName::L1 => Self::L1,
            ProblemName::Pseudoinverse => Self::Pseudoinverse,
            ProblemName::Lp => Self::LinearProgram,
            ProblemName::Optimiser => Self::Optimiser,
            ProblemName::Classifier => Self::Classifier,
        }
    }
}

/// A list of whole numbers, in increasing order without repetition.
#[derive(Debug, Clone)]
struct BitsOption(Vec<u64>);

impl FromStr for BitsOption {
    type Err = CliError;

    fn from_str(text: &str) -> Result<Self, CliError> {
        let read = whole_number(0, MOST_STEPS);
        let mut bits: Vec<u64> = text
            .split(',')
            .enumerate()
            .map(|(i, entry)| read(entry.trim()).map_err(|error| CliError::new(error).at(format!("entry {}", i + 1))))
            .collect::<Result<_, _>>()?;
        bits.sort_unstable();
        bits.dedup();
        Ok(Self(bits))
    }
}

impl Command for Halting {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        let bits = self.bits()?;
        let problem = self.problem.map(Problem::from);
        let subjects = match (&self.machine, &self.file) {
            (Some(text), _) => vec![named_or_text(text)?],
            (None, Some(path)) => {
                context.spare(path)?;
                file(path)?
            }
            (None, None) => default_list()?,
        };
        let mut measured = Vec::new();
        let progress = context.progress("machines", subjects.len() as u64);
        for (subject, machine) in &subjects {
            measured.push(self.measure(subject, machine, &bits, subjects.len() == 1)?);
            progress.advance(1);
        }
        drop(progress);
        // An open case among the machines that the list has for being open is no surprise.
        let asked = self.machine.is_some() || self.file.is_some();
        let open = measured.iter().any(|subject| matches!(subject.verdict, Verdict::Unknown { .. }));
        match measured.as_slice() {
            [subject] => context.deliver(&one(subject, problem)?)?,
            subjects => context.deliver(&overview(subjects, &bits, problem.unwrap_or(Problem::L1))?)?,
        }
        Ok(if asked && open { Exit::Open } else { Exit::Done })
    }
}

impl Halting {
    /// The bits to read, none beyond the steps.
    fn bits(&self) -> Result<Vec<u64>, CliError> {
        let Some(BitsOption(bits)) = &self.bits else {
            return Ok(BITS.into_iter().filter(|&bits| bits <= self.steps).collect());
        };
        match bits.last() {
            Some(&most) if most > self.steps => {
                Err(CliError::new(format!("{most} bits take {most} steps of a machine"))
                    .at("option --bits")
                    .accepted(format!("at most {} are accepted, the number of --steps", self.steps)))
            }
            _ => Ok(bits.clone()),
        }
    }

    /// Runs a machine, and reads its number.
    fn measure(&self, subject: &Subject, machine: &Machine, bits: &[u64], alone: bool) -> Result<Subject, CliError> {
        let verdict = Verdict::of(machine, self.steps);
        let mut bits = bits.to_vec();
        if let Verdict::Halts { steps, .. } = verdict
            && alone
            && self.bits.is_none()
        {
            bits.extend([steps - 1, steps]);
            bits.sort_unstable();
            bits.dedup();
        }
        let mut number = HaltingReal::new(machine, self.steps);
        let readings: Vec<(u64, SignedPower)> = bits
            .iter()
            .map(|&bits| Ok((bits, number.read(bits)?)))
            .collect::<Result<_, _>>()
            .map_err(|error: crate::barrier::BarrierError| CliError::new(error).at(format!("machine {machine}")))?;
        Ok(subject.measured(verdict, readings))
    }
}

/// A machine with its name, before it runs.
type Unmeasured = (Subject, Machine);

fn unmeasured(name: Option<&str>, source: Option<&str>, machine: Machine) -> Unmeasured {
    let own = |text: &str| text.to_owned();
    (Subject::new(name.map(own), source.map(own), machine.to_string()), machine)
}

fn named_or_text(text: &str) -> Result<Unmeasured, CliError> {
    if let Some(known) = machine_named(text) {
        return Ok(unmeasured(Some(known.name), Some(known.source), read(known.text)?));
    }
    let names: Vec<&str> = NAMED.iter().map(|known| known.name).collect();
    let machine = read(text).map_err(|error| {
        error.at("option --machine").accepted(format!("also accepted are the names {}", names.join(", ")))
    })?;
    Ok(unmeasured(None, None, machine))
}

fn read(text: &str) -> Result<Machine, CliError> {
    text.parse::<Machine>().map_err(CliError::new)
}

fn default_list() -> Result<Vec<Unmeasured>, CliError> {
    NAMED.iter().map(|known| named_or_text(known.name)).collect()
}

fn file(path: &Path) -> Result<Vec<Unmeasured>, CliError> {
    let place = format!("file {}", path.display());
    let mut machines = Vec::new();
    for (i, line) in read_text(path)?.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        if machines.len() == MOST_MACHINES {
            return Err(CliError::new("there are too many machines")
                .at(format!("{place}, line {}", i + 1))
                .accepted(format!("at most {MOST_MACHINES} are accepted")));
        }
        let machine = read(line).map_err(|error| error.at(format!("{place}, line {}", i + 1)))?;
        machines.push(unmeasured(None, None, machine));
    }
    if machines.is_empty() {
        return Err(CliError::new("there is no machine").at(place).accepted("accepted is one machine a line"));
    }
    Ok(machines)
}
