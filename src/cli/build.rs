//! `certinet build`: one network.

use std::path::PathBuf;

use serde_json::Value;

use super::Run;
use super::certificate;
use super::context::{Context, Exit};
use super::error::CliError;
use super::family::Family;
use super::result::{construction_json, parameters_text};
use crate::arith::Rational;
use crate::certify::ErrorKind;
use crate::format::{NetworkFile, structured_json, write_network};
use crate::report::{Cell, Record};

/// The most weights that are written out for a `.layered.json`; `certinet convert` takes a limit of its own.
const MAX_WEIGHTS: u128 = 100_000_000;

/// Builds the network of a family and writes it to --output; prints its size and its claim.
#[derive(Debug, clap::Args)]
pub struct Build {
    /// Write the certificate for `certinet check` to this file.
    #[arg(long, global = true, value_name = "FILE.cert")]
    certificate: Option<PathBuf>,
    #[command(subcommand)]
    family: Family,
}

impl Run for Build {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        context.artefact()?;
        certificate::spare(self.certificate.as_deref(), context, &[])?;
        let construction = self.family.construct()?;
        certificate::require(&construction, self.certificate.as_deref())?;
        let size = match construction.size {
            Some(size) => size,
            None => construction.network.layered().and_then(|layered| layered.size()).map_err(CliError::new)?,
        };
        let json = construction_json(&construction, &size, None, self.certificate.as_deref());
        let claim = &construction.claim;
        let count = |n: u128| Cell::count(n);
        let error = |x: &Rational| match claim.kind {
            ErrorKind::Exact => Cell::Exact(x.clone()),
            ErrorKind::UpperBound => Cell::UpperBound(x.clone()),
        };
        let record = Record::new(json.clone())
            .with("family", Cell::text(construction.family))
            .with("method", Cell::text(construction.method))
            .with("parameters", Cell::text(parameters_text(&construction)))
            .with("target", Cell::text(claim.target.formula()))
            .with("domain", Cell::text(claim.domain.to_string()))
            .with("layers", Cell::count(size.layers))
            .with("neurons", count(size.neurons))
            .with("weights", count(size.weights))
            .with("error", error(&claim.error));
        let claim = match &json {
            Value::Object(map) => Some(map),
            _ => None,
        };
        let name = context.artefact()?.to_string_lossy().into_owned();
        let lower = name.to_ascii_lowercase();
        let structured = lower.ends_with(".json") && !lower.ends_with(".layered.json");
        context.write_artefact(|writer| {
            if structured {
                structured_json::write(&construction.network, claim, writer).map_err(CliError::new)
            } else {
                let network = NetworkFile::Structured(construction.network.as_ref().clone());
                write_network(&name, network, MAX_WEIGHTS, writer).map_err(CliError::new)
            }
        })?;
        if let Some(path) = &self.certificate {
            certificate::write_construction(&construction, &size, path)?;
        }
        context.print(&record)?;
        Ok(Exit::Done)
    }
}
