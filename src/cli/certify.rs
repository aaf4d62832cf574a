//! `certinet certify NET --target square --domain "0:1"`: the largest error of a network against a polynomial.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Run;
use super::certificate;
use super::context::{Context, Exit};
use super::error::CliError;
use super::network::{allow_regions, read_with_layers};
use super::options::{DomainOption, OptionError, count, open_unit_interval, rational};
use super::regions::{MAX_REGIONS, refuse, strings};
use super::target::TargetOption;
use crate::arith::Rational;
use crate::certify::{Claim, Domain, ErrorKind, Norm, Statement, Target};
use crate::network::{Layered, Network};
use crate::polyhedra::{Extremum, ExtremumOptions, Finding, PolyhedraError, extremum, write_error_cover};
use crate::report::{Cell, Record};

/// The most cells `--max-cells` accepts.
const MAX_CELLS: u64 = 1 << 32;

/// Bounds the error of any network of one output against a polynomial, region by region.
///
/// Without --error the largest error is found: exactly for targets of degree at most 2, else between two numbers. With --error
/// the answer is certified, refuted (with an input) or open.
#[derive(Debug, clap::Args)]
pub struct Certify {
    /// The network: .json, structured or layered.
    network: PathBuf,
    /// What it should compute: square, product, "power N", "polynomial C0,C1,..", or in several variables "polynomial C:E1:..:En,.."
    /// with the terms C x_1^E1 .. x_n^En.
    #[arg(long, value_name = "TARGET", allow_hyphen_values = true)]
    target: TargetOption,
    /// The box, one interval an input: "0:1,0:1".
    #[arg(long, value_name = "BOX", allow_hyphen_values = true)]
    domain: DomainOption,
    /// The error to prove.
    #[arg(long, value_name = "E", allow_hyphen_values = true, value_parser = error_bound)]
    error: Option<Rational>,
    /// How far a bound may lie above the largest error found, relatively, where that is not exact.
    #[arg(long, value_name = "GAP", default_value = "1/100", value_parser = open_unit_interval)]
    gap: Rational,
    /// Stop after this many regions (open, exit code 3).
    #[arg(long, value_name = "N", default_value = "1000000", value_parser = count(MAX_REGIONS))]
    max_regions: u64,
    /// Stop after cutting the regions into this many cells more (open, exit code 3).
    #[arg(long, value_name = "N", default_value = "100000", value_parser = count(MAX_CELLS))]
    max_cells: u64,
    /// Write the certificate of what is proved, for `certinet check`, to this file.
    #[arg(long, value_name = "FILE.cert")]
    certificate: Option<PathBuf>,
}

impl Run for Certify {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        context.spare(&self.network)?;
        certificate::spare(self.certificate.as_deref(), context, &[&self.network])?;
        let (graph, network) = read_with_layers(&self.network)?;
        if network.output_dimension() != 1 {
            return Err(CliError::new(format!("the network has {} outputs", network.output_dimension()))
                .at(format!("file {}", self.network.display()))
                .accepted("give a network of one output"));
        }
        let inputs = network.input_dimension();
        let target = self.target.in_variables(inputs)?;
        allow_regions(&network)?;
        let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let options = ExtremumOptions {
            error: self.error.clone(),
            gap: self.gap.clone(),
            max_regions: number(self.max_regions),
            max_cells: number(self.max_cells),
        };
        let found = extremum(&network, &target, &self.domain.0, &options).map_err(|error| match error {
            PolyhedraError::Degree { .. } => CliError::new(error).at("option --target"),
            other => refuse(&other, inputs),
        })?;
        let proved = self.certificate.as_deref().filter(|_| found.finding == Finding::Proved);
        if let (Some(path), Some(error)) = (proved, &found.upper) {
            let claim = self.claim(&target, error, found.is_exact());
            self.write_certificate(&graph, &network, &claim, &found, path)?;
        }
        context.deliver(&self.record(&target, &found, proved))?;
        Ok(match found.finding {
            Finding::Proved => Exit::Done,
            Finding::Refuted => Exit::Negative,
            Finding::OpenRegions | Finding::OpenCells => Exit::Open,
        })
    }
}

impl Certify {
    fn claim(&self, target: &Target, error: &Rational, exact: bool) -> Claim {
        Claim {
            target: target.clone(),
            domain: Domain::Box(self.domain.0.clone()),
            norm: Norm::Maximum,
            error: error.clone(),
            kind: if exact { ErrorKind::Exact } else { ErrorKind::UpperBound },
            derivative_error: None,
        }
    }

    fn write_certificate(
        &self,
        graph: &Network,
        network: &Layered,
        claim: &Claim,
        found: &Extremum,
        path: &Path,
    ) -> Result<(), CliError> {
        let size = network.size().map_err(CliError::new)?;
        let steps =
            |write: &mut dyn FnMut(&str) -> io::Result<()>| write_error_cover(network, &self.domain.0, found, write);
        certificate::write_by_cells(graph, &Statement::Claim(claim), &size, steps, path)
    }

    fn record(&self, target: &Target, found: &Extremum, certificate: Option<&Path>) -> Record {
        let exact = found.is_exact();
        let verdict = match (found.finding, &self.error) {
            (Finding::Proved, Some(_)) => "certified",
            (Finding::Proved, None) if exact => "exact",
            (Finding::Proved, None) => "enclosed",
            (Finding::Refuted, _) => "refuted",
            (Finding::OpenRegions | Finding::OpenCells, _) => "open",
        };
        let (witness, path) = (strings(&found.witness), certificate.map(|path| path.to_string_lossy().into_owned()));
        let upper = found.upper.as_ref();
        let mut json = json!({
            "verdict": verdict,
            "target": target.formula(),
            "domain": Domain::Box(self.domain.0.clone()).to_string(),
            "error": self.error.as_ref().map(Rational::to_string),
            "error_lower": found.lower.to_string(),
            "error_upper": upper.map(Rational::to_string),
            "error_kind": if exact { "exact" } else { "bound" },
            "witness": witness,
            "regions": found.regions.len(),
            "cells": found.cells,
        });
        let mut record = Record::new(Value::Null)
            .with("verdict", Cell::text(verdict))
            .with("target", Cell::text(target.formula()))
            .with("domain", Cell::text(Domain::Box(self.domain.0.clone()).to_string()));
        if let Some(error) = &self.error {
            record = record.with("error_asked", Cell::Exact(error.clone()));
        }
        record = if exact {
            record.with("largest_error", Cell::Exact(found.lower.clone()))
        } else {
            let upper = upper.map_or_else(|| Cell::text("no bound was found"), |upper| Cell::UpperBound(upper.clone()));
            let record = record.with("error_lower", Cell::LowerBound(found.lower.clone()));
            if found.finding == Finding::Refuted { record } else { record.with("error_upper", upper) }
        };
        let record = record
            .with("witness", Cell::text(witness.join(", ")))
            .with("regions", Cell::count(found.regions.len()))
            .with("cells", Cell::count(found.cells));
        let open = match found.finding {
            Finding::OpenRegions => Some(format!(
                "there are more than {} regions; a larger --max-regions may find them all",
                found.regions.len()
            )),
            Finding::OpenCells => Some("more cells are needed; a larger --max-cells may decide it".to_owned()),
            Finding::Proved | Finding::Refuted => None,
        };
        let record = match &open {
            Some(words) => record.with("open", Cell::text(words)),
            None => record,
        };
        if self.certificate.is_none() {
            return record.with_json(json);
        }
        json["certificate"] = json!(path);
        let words = path.unwrap_or_else(|| "not written: nothing is proved".to_owned());
        record.with("certificate", Cell::text(words)).with_json(json)
    }
}

/// An error: not negative.
fn error_bound(text: &str) -> Result<Rational, OptionError> {
    let error = rational(text)?;
    if error.is_negative() {
        let range = "numbers of at least 0".to_owned();
        return Err(OptionError::Range { value: text.chars().take(60).collect(), range });
    }
    Ok(error)
}
