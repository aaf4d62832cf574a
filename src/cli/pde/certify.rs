//! `certinet pde certify`: a network for the parametric map, with one error for the whole box.

use core::ops::ControlFlow;
use std::path::PathBuf;

use clap::ValueEnum;
use rayon::prelude::*;

use super::super::Run;
use super::super::certificate;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::{count, positive_rational, whole_number};
use super::certify_report::{Report, Sampled};
use super::problem::{Problem, ProblemOptions};
use super::solve::draw;
use crate::arith::Rational;
use crate::evaluate::Evaluator;
use crate::format::{NetworkFile, structured_json, write_network};
use crate::pde::parametric_map::{CertifiedMap, ComposedMap, ComposedMethod, MapOptions, Stage};
use crate::pde::whole_box::Norm;

/// The largest dimension, and the most training parameters, cells and checks.
const MAX_DIMENSION: u64 = 256;
const MAX_TRAINING: u64 = 100_000;
const MAX_CELLS: u64 = 1 << 20;
const MAX_CHECKS: u64 = 100_000;
/// The most weights that are written out for a `.layered.json`.
const MAX_WEIGHTS: u128 = 100_000_000;
/// Parameters of checks are drawn from another sequence than those of the training.
const CHECK_STREAM: u64 = 0x2545_F491_4F6C_DD1D;

/// Builds a network from parameters to nodal values of an affine case and proves its relative error for all parameters of
/// the box.
#[derive(Debug, clap::Args)]
pub struct Certify {
    #[command(flatten)]
    problem: ProblemOptions,
    /// The largest relative error allowed; the smallest network that certifies it is built.
    #[arg(long, value_name = "E", value_parser = positive_rational, allow_hyphen_values = true)]
    error: Rational,
    /// The norm of errors.
    #[arg(long, value_name = "NORM", default_value = "energy")]
    norm: NormName,
    /// The dimension d of the reduced basis [default: the smallest that serves].
    #[arg(long, value_name = "D", value_parser = whole_number(1, MAX_DIMENSION))]
    reduced_dimension: Option<u64>,
    /// Random training parameters, besides the corners of the box where these are few.
    #[arg(long, value_name = "N", default_value = "256", value_parser = count(MAX_TRAINING))]
    training: u64,
    /// Where the random numbers start.
    #[arg(long, value_name = "SEED", default_value = "1", value_parser = whole_number(0, u64::MAX))]
    seed: u64,
    /// The most cells that the box is cut in.
    #[arg(long, value_name = "COUNT", default_value = "16384", value_parser = count(MAX_CELLS))]
    cells: u64,
    /// Sample the true error at so many random parameters.
    #[arg(long, value_name = "COUNT", value_parser = count(MAX_CHECKS))]
    check: Option<u64>,
    /// Build the networks of other methods with the same certified error, and list the sizes.
    #[arg(long)]
    compare: bool,
    /// Write the certificate for `certinet check` to this file.
    #[arg(long, value_name = "FILE.cert")]
    certificate: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum NormName {
    /// |v|^2 = v . A_y v
    Energy,
    /// |v|^2 = v . (G + M) v: gradient and value.
    H1,
}

impl From<NormName> for Norm {
    fn from(name: NormName) -> Self {
        match name {
            NormName::Energy => Self::Energy,
            NormName::H1 => Self::H1,
        }
    }
}

impl Run for Certify {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        certificate::spare(self.certificate.as_deref(), context, &[])?;
        let problem = self.problem.problem()?;
        let at = |error: crate::pde::PdeError| CliError::new(error).at("the problem");
        let options = MapOptions {
            error: self.error.clone(),
            norm: self.norm.into(),
            dimension: self.reduced_dimension.map(|d| d as usize),
            training: self.training as usize,
            seed: self.seed,
            cells: self.cells as usize,
        };
        let progress = context.progress("covering", 1000);
        let mut shown = 0;
        let mut report = |Stage::Cover { progress: own, .. }: Stage<'_>| {
            let share = (own.share * 1000.0) as u64;
            progress.advance(share.saturating_sub(shown));
            shown = shown.max(share);
            ControlFlow::Continue(())
        };
        let found = CertifiedMap::new(&problem.coefficient, &problem.load, &options, &mut report).map_err(at)?;
        let size = found.map.network.layered().and_then(|layered| layered.size()).map_err(CliError::new)?;
        let sampled = self.sampled(context, &problem, &found)?;
        let others = if self.compare { others(&found, &self.error)? } else { Vec::new() };
        let claim = found.claim();
        if let Some(path) = &self.certificate {
            certificate::write(&found.map.network, &claim, &size, &found.proof(), path)?;
        }
        if let Some(path) = context.output() {
            let name = path.to_string_lossy().into_owned();
            let lower = name.to_ascii_lowercase();
            context.write_artefact(|writer| {
                if lower.ends_with(".json") && !lower.ends_with(".layered.json") {
                    structured_json::write(&found.map.network, None, writer).map_err(CliError::new)
                } else {
                    let network = NetworkFile::Structured(found.map.network.as_ref().clone());
                    write_network(&name, network, MAX_WEIGHTS, writer).map_err(CliError::new)
                }
            })?;
        }
        let report = Report {
            problem: &problem,
            found: &found,
            size,
            sampled: sampled.as_ref(),
            others: &others,
            certificate: self.certificate.as_deref(),
        };
        context.print(&report.summary()?)?;
        let below = sampled.is_none_or(|sampled| sampled.largest <= found.map.budget.total.approx_f64());
        Ok(if below { Exit::Done } else { Exit::Negative })
    }
}

impl Certify {
    /// The largest relative error at random parameters, in doubles.
    fn sampled(&self, context: &Context, problem: &Problem, found: &CertifiedMap) -> Result<Option<Sampled>, CliError> {
        let Some(count) = self.check else { return Ok(None) };
        let layered = found.map.network.layered().map_err(CliError::new)?;
        let evaluator = Evaluator::<f64>::new(&layered).map_err(CliError::new)?;
        let progress = context.progress("checking", count);
        let one = |index: u64| {
            let y = draw(problem, self.seed ^ CHECK_STREAM, index);
            let y: Vec<f64> = y.iter().map(Rational::approx_f64).collect();
            let output = evaluator.evaluate(&y).map_err(CliError::new)?;
            let error = found.approx_relative_error(&y, &output).map_err(CliError::new)?;
            progress.advance(1);
            Ok(error)
        };
        let errors = (0..count).into_par_iter().map(one).collect::<Result<Vec<f64>, CliError>>()?;
        Ok(Some(Sampled { count, largest: errors.into_iter().fold(0.0, f64::max) }))
    }
}

/// The other methods within the same error.
fn others(found: &CertifiedMap, error: &Rational) -> Result<Vec<(ComposedMethod, ComposedMap)>, CliError> {
    let map = &found.map;
    let build = |method: ComposedMethod| {
        let composed = ComposedMap::new(&map.problem, method, map.norm, &found.cover.rho, error);
        composed.map(|composed| (method, composed)).map_err(CliError::new)
    };
    ComposedMethod::ALL.into_iter().map(build).collect()
}
