//! `certinet build`: one network.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Run;
use super::built::{Built, BuiltSize, write_spiking};
use super::certificate;
use super::context::{Context, Exit};
use super::error::CliError;
use super::family::Family;
use super::result::{construction_json, parameters_text};
use crate::arith::Rational;
use crate::certify::ErrorKind;
use crate::construct::Construction;
use crate::format::{NetworkFile, spiking_json, structured_json, write_network};
use crate::report::{Cell, Record};
use crate::spiking::SpikingConstruction;

/// The most weights that are written out for a `.layered.json`; `certinet convert` takes a limit of its own.
const MAX_WEIGHTS: u128 = 100_000_000;

/// Builds the network of a family and writes it to --output (spiking JSON for spiking networks); prints its size and its
/// claim.
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
        match self.family.construct()? {
            Built::Relu(construction) => self.relu(context, &construction),
            Built::Spiking(construction) => self.spiking(context, &construction),
        }
    }
}

impl Build {
    fn relu(&self, context: &Context, construction: &Construction) -> Result<Exit, CliError> {
        certificate::require(construction, self.certificate.as_deref())?;
        let size = match construction.size {
            Some(size) => size,
            None => construction.network.layered().and_then(|layered| layered.size()).map_err(CliError::new)?,
        };
        let counted = BuiltSize::Relu(size);
        let record = record(construction, &counted, self.certificate.as_deref());
        let claim = match &record.json {
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
            certificate::write_construction(construction, &size, path)?;
        }
        context.print(&record.record)?;
        Ok(Exit::Done)
    }

    fn spiking(&self, context: &Context, construction: &SpikingConstruction) -> Result<Exit, CliError> {
        let path = context.artefact()?;
        let lower = path.to_string_lossy().to_ascii_lowercase();
        if !lower.ends_with(".json") || lower.ends_with(".layered.json") {
            return Err(CliError::new("a spiking network is written as spiking JSON")
                .at(format!("option --output {}", path.display()))
                .accepted("a name that ends in .json is accepted"));
        }
        let size = BuiltSize::of_spiking(&construction.network.network);
        let record = record(construction, &size, self.certificate.as_deref());
        context.write_artefact(|writer| Ok(spiking_json::write(&construction.network.network, writer)?))?;
        if let Some(path) = &self.certificate {
            write_spiking(construction, path)?;
        }
        context.print(&record.record)?;
        Ok(Exit::Done)
    }
}

/// What is printed, and the same as JSON.
struct Printed {
    record: Record,
    json: Value,
}

fn record<N>(construction: &Construction<N>, size: &BuiltSize, certificate: Option<&Path>) -> Printed {
    let json = construction_json(construction, size, None, certificate);
    let claim = &construction.claim;
    let error = |x: &Rational| match claim.kind {
        ErrorKind::Exact => Cell::Exact(x.clone()),
        ErrorKind::UpperBound => Cell::UpperBound(x.clone()),
    };
    let record = Record::new(json.clone())
        .with("family", Cell::text(construction.family))
        .with("method", Cell::text(construction.method))
        .with("parameters", Cell::text(parameters_text(construction)))
        .with("target", Cell::text(claim.target.formula()))
        .with("domain", Cell::text(claim.domain.to_string()))
        .with("layers", Cell::count(size.layers()))
        .with("neurons", Cell::count(size.neurons()))
        .with("weights", Cell::count(size.weights()))
        .with("error", error(&claim.error));
    Printed { record, json }
}
