//! `certinet pde reduce`: a reduced basis, with rigorous errors at random parameters.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rayon::prelude::*;

use super::super::Run;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::{count, positive_rational, whole_number};
use super::super::output::write_file;
use super::super::plot::{decay_chart, picture, spare_picture, write_plot};
use super::problem::{Problem, ProblemOptions};
use super::reduce_report::{artefact, report};
use super::solve::draw;
use crate::arith::Rational;
use crate::pde::reduced::{
    Checked, Chosen, Goal, ReducedModel, Setting, approx_greedy, approx_pod, approx_training_set,
};

/// The largest dimension, and the one where neither a dimension nor an error is given.
const MAX_DIMENSION: u64 = 256;
const DEFAULT_DIMENSION: usize = 12;
/// The most training parameters, and checks.
const MAX_TRAINING: u64 = 100_000;
const MAX_CHECKS: u64 = 100_000;
/// The most doubles that snapshots and representers may take.
const MAX_NUMBERS: usize = 1 << 27;
/// Parameters of checks are drawn from another sequence than those of the training.
const CHECK_STREAM: u64 = 0x5851_F42D_4C95_7F2D;

/// Builds a reduced basis of an affine case, and checks it with proved errors at random parameters.
#[derive(Debug, clap::Args)]
pub struct Reduce {
    #[command(flatten)]
    problem: ProblemOptions,
    /// The largest dimension d of the space [default: 12, with --error 256].
    #[arg(long, value_name = "D", value_parser = whole_number(1, MAX_DIMENSION))]
    reduced_dimension: Option<u64>,
    /// Stop at this estimate of the largest relative error over the training set; for pod, of the mean square.
    #[arg(long, value_name = "E", value_parser = positive_rational)]
    error: Option<Rational>,
    /// How snapshots are chosen.
    #[arg(long, value_name = "METHOD", default_value = "greedy")]
    method: Method,
    /// Random training parameters, besides the corners of the box where these are few.
    #[arg(long, value_name = "N", default_value = "256", value_parser = count(MAX_TRAINING))]
    training: u64,
    /// Where the random numbers start.
    #[arg(long, value_name = "SEED", default_value = "1", value_parser = whole_number(0, u64::MAX))]
    seed: u64,
    /// Bound the error at so many random parameters, and enclose the true one.
    #[arg(long, value_name = "COUNT", value_parser = count(MAX_CHECKS))]
    check: Option<u64>,
    /// Draw the decay to this file.
    #[arg(long, value_name = "FILE.svg", value_parser = picture)]
    plot: Option<PathBuf>,
}

/// How a space is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// The solution with the largest estimated error, one after another.
    Greedy,
    /// The leading singular vectors of all solutions.
    Pod,
}

impl Method {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Greedy => "greedy",
            Self::Pod => "pod",
        }
    }
    /// What the decay of the method lists.
    pub fn measure(self) -> &'static str {
        match self {
            Self::Greedy => "largest estimated relative error over the training set",
            Self::Pod => "root of the mean square of the errors over the training set, from singular values",
        }
    }
}

impl Run for Reduce {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        spare_picture(self.plot.as_deref(), context, &[])?;
        let problem = self.problem.problem()?;
        let at = |error: crate::pde::PdeError| CliError::new(error).at("the problem");
        let training = approx_training_set(&problem.coefficient, self.training as usize, self.seed);
        let goal = self.goal(&problem, training.len())?;
        let setting = Setting::new(&problem.coefficient, &problem.load).map_err(at)?;
        let chosen = match self.method {
            Method::Greedy => approx_greedy(&setting, &training, &goal),
            Method::Pod => approx_pod(&setting, &training, &goal),
        };
        let chosen = chosen.map_err(at)?;
        let model = ReducedModel::new(setting, &chosen).map_err(at)?;
        let checks = self.checks(context, &problem, &model)?;
        let report = report(&self, &problem, &model, &chosen, training.len(), &checks)?;
        self.write(context, &problem, &model, &chosen)?;
        context.print(&report)?;
        Ok(self.exit(&chosen, &checks))
    }
}

impl Reduce {
    /// The options that the result repeats.
    pub fn settings(&self) -> (Method, u64, Option<&Rational>) {
        (self.method, self.seed, self.error.as_ref())
    }

    /// The dimension at which to stop at the latest, which fits the memory.
    fn goal(&self, problem: &Problem, training: usize) -> Result<Goal, CliError> {
        let (p, unknowns) = (problem.coefficient.shape().parameters(), problem.coefficient.grid().unknowns());
        let vectors = MAX_NUMBERS / unknowns;
        let refuse = |what: String, at: &str, accepted: String| Err(CliError::new(what).at(at).accepted(accepted));
        // The decomposition keeps all snapshots, a frame of their span and its images; a greedy step keeps its vector and,
        // with their images, those that G and all A_i add to the residuals.
        if self.method == Method::Pod && 3 * training > vectors {
            let what = format!("{training} snapshots of {unknowns} numbers are too many");
            return refuse(what, "option --training", format!("at most {} with this grid", vectors / 3));
        }
        let affordable = if self.method == Method::Pod { training } else { vectors / (2 * (p + 2)) };
        let dimension = match (self.reduced_dimension, &self.error) {
            (Some(d), _) => d as usize,
            (None, Some(_)) => affordable.clamp(1, MAX_DIMENSION as usize),
            (None, None) => DEFAULT_DIMENSION,
        };
        // No basis is longer than the unknowns or the training parameters are many.
        let dimension = dimension.min(unknowns).min(training);
        if dimension <= affordable {
            return Ok(Goal { dimension, error: self.error.as_ref().map(Rational::approx_f64) });
        }
        let what = format!("{dimension} snapshots with {p} images each of {unknowns} numbers are too many");
        refuse(what, "option --reduced-dimension", format!("at most {affordable} with this grid and these parameters"))
    }

    fn checks(&self, context: &Context, problem: &Problem, model: &ReducedModel) -> Result<Vec<Check>, CliError> {
        let Some(count) = self.check else { return Ok(Vec::new()) };
        let progress = context.progress("checking", count);
        let check = |index: u64| {
            let y = draw(problem, self.seed ^ CHECK_STREAM, index);
            let checked = Checked::new(model, &y);
            progress.advance(1);
            checked.map(|checked| Check { y, checked }).map_err(CliError::new)
        };
        (0..count).into_par_iter().map(check).collect()
    }

    /// The artefact and the picture: both, or neither when a file cannot be written.
    fn write(
        &self,
        context: &Context,
        problem: &Problem,
        model: &ReducedModel,
        chosen: &Chosen,
    ) -> Result<(), CliError> {
        let plot = || match &self.plot {
            Some(path) => write_plot(path, &[decay_chart(self.method.measure(), &chosen.decay)]),
            None => Ok(()),
        };
        let Some(path) = context.output() else { return plot() };
        let text = artefact(self.method, problem, model);
        write_artefact(path, &text, plot)
    }

    fn exit(&self, chosen: &Chosen, checks: &[Check]) -> Exit {
        if checks.iter().any(|check| check.checked.is_violated()) {
            Exit::Negative
        } else if chosen.reached {
            Exit::Done
        } else {
            Exit::Open
        }
    }
}

fn write_artefact(path: &Path, text: &str, plot: impl FnOnce() -> Result<(), CliError>) -> Result<(), CliError> {
    write_file(path, |writer| {
        writer.write_all(text.as_bytes())?;
        plot()
    })
}

/// A parameter with what was found there.
#[derive(Debug)]
pub struct Check {
    /// y
    pub y: Vec<Rational>,
    /// The bound and the true error.
    pub checked: Checked,
}
