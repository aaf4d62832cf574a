//! `certinet equal A B --domain "0:1,0:1"`: exact equality of two networks, or a point where they differ.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::Run;
use super::certificate;
use super::context::{Context, Exit};
use super::error::CliError;
use super::network::{allow_regions, read_layered, read_with_layers};
use super::options::{DomainOption, count};
use super::regions::{MAX_REGIONS, refuse, strings};
use super::spike::read_if_spiking;
use crate::arith::Rational;
use crate::certify::Statement;
use crate::polyhedra::{Equality, PolyhedraError, equal, equal_with_cells, write_equality_cover};
use crate::report::{Cell, Record};
use crate::spiking::{SpikingEquality, SpikingError, equals_relu, equals_spiking, value_inputs};

/// Decides whether two networks are the same function; shows a point where they differ.
#[derive(Debug, clap::Args)]
pub struct Equal {
    /// The first network: .json, structured, layered or spiking.
    left: PathBuf,
    /// The second network.
    right: PathBuf,
    /// The box to compare on, one interval an input: "0:1,0:1". Without it, all of R^n.
    #[arg(long, value_name = "BOX", allow_hyphen_values = true)]
    domain: Option<DomainOption>,
    /// Stop after this many regions (open, exit code 3).
    #[arg(long, value_name = "N", default_value = "1000000", value_parser = count(MAX_REGIONS))]
    max_regions: u64,
    /// Write the certificate that they are equal, for `certinet check`, to this file.
    #[arg(long, value_name = "FILE.cert")]
    certificate: Option<PathBuf>,
}

impl Equal {
    /// The answer where one of the networks is a spiking network.
    fn spiking(&self, context: &Context) -> Result<Option<Exit>, CliError> {
        let (left, right) = (read_if_spiking(&self.left)?, read_if_spiking(&self.right)?);
        if self.certificate.is_some() && (left.is_some() || right.is_some()) {
            return Err(CliError::new("the equality of spiking networks has no certificate")
                .at("option --certificate")
                .accepted("two ReLU networks; spike from-relu and to-relu write certificates of conversions"));
        }
        let domain = self.domain.as_ref().map(|domain| domain.0.as_slice());
        let limit = usize::try_from(self.max_regions).unwrap_or(usize::MAX);
        let (answer, inputs) = match (&left, &right) {
            (None, None) => return Ok(None),
            (Some(left), Some(right)) => (equals_spiking(left, right, domain, limit), value_inputs(left)),
            (Some(left), None) => {
                let right = read_layered(&self.right)?;
                allow_regions(&right)?;
                (equals_relu(left, &right, domain, limit), value_inputs(left))
            }
            (None, Some(right)) => {
                let left = read_layered(&self.left)?;
                allow_regions(&left)?;
                (equals_relu(right, &left, domain, limit), value_inputs(right))
            }
        };
        let answer = answer.map_err(|error| match &error {
            SpikingError::Polyhedra(error) => refuse(error, inputs),
            SpikingError::Outputs { .. } | SpikingError::Inputs { .. } => CliError::new(&error)
                .at(format!("files {} and {}", self.left.display(), self.right.display()))
                .accepted("give two networks of the same dimensions"),
            _ => CliError::new(&error),
        })?;
        let swapped = left.is_none();
        let (record, exit) = match answer {
            SpikingEquality::Equal { regions } => {
                let json = json!({"equal": true, "witness": null, "left": null, "right": null, "regions": regions});
                let record = Record::new(json).with("equal", Cell::text("yes, proved"));
                (record.with("regions", Cell::count(regions)), Exit::Done)
            }
            SpikingEquality::Unequal { witness, left, right } => {
                let (left, right) = if swapped { (right, left) } else { (left, right) };
                let values = |values: &[Option<Rational>]| -> Vec<Option<String>> {
                    values.iter().map(|value| value.as_ref().map(Rational::to_string)).collect()
                };
                let (witness, left, right) = (strings(&witness), values(&left), values(&right));
                let json = json!({"equal": false, "witness": witness, "left": left, "right": right});
                let list = |numbers: &[Option<String>]| {
                    let words = numbers.iter().map(|value| value.as_deref().unwrap_or("no value"));
                    Cell::text(words.collect::<Vec<_>>().join(", "))
                };
                let record = Record::new(json)
                    .with("equal", Cell::text("no"))
                    .with("witness", Cell::text(witness.join(", ")))
                    .with("left", list(&left))
                    .with("right", list(&right));
                (record, Exit::Negative)
            }
            SpikingEquality::Open { regions, why } => {
                let json = json!({"equal": null, "witness": null, "left": null, "right": null, "regions": regions});
                let words = format!("open: {why}, and there is no difference in {regions} regions");
                (Record::new(json).with("equal", Cell::text(words)), Exit::Open)
            }
        };
        context.deliver(&record)?;
        Ok(Some(exit))
    }
}

impl Run for Equal {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        for path in [&self.left, &self.right] {
            context.spare(path)?;
        }
        certificate::spare(self.certificate.as_deref(), context, &[&self.left, &self.right])?;
        if let Some(exit) = self.spiking(context)? {
            return Ok(exit);
        }
        let ((graph, left), (other, right)) = (read_with_layers(&self.left)?, read_with_layers(&self.right)?);
        for (what, found, expected) in [
            ("inputs", right.input_dimension(), left.input_dimension()),
            ("outputs", right.output_dimension(), left.output_dimension()),
        ] {
            if found != expected {
                return Err(CliError::new(format!("the second network has {found} {what}, the first has {expected}"))
                    .at(format!("file {}", self.right.display()))
                    .accepted("give two networks of the same dimensions"));
            }
        }
        allow_regions(&left)?;
        allow_regions(&right)?;
        let domain = self.domain.as_ref().map(|domain| domain.0.as_slice());
        let limit = usize::try_from(self.max_regions).unwrap_or(usize::MAX);
        let refused = |error: PolyhedraError| refuse(&error, left.input_dimension());
        let (answer, cells) = match &self.certificate {
            Some(_) => equal_with_cells(&left, &right, domain, limit).map_err(refused)?,
            None => (equal(&left, &right, domain, limit).map_err(refused)?, Vec::new()),
        };
        let proved = self.certificate.as_deref().filter(|_| matches!(answer, Equality::Equal { .. }));
        if let Some(path) = proved {
            let (over, other) = (certificate::domain(domain, left.input_dimension()), Arc::new(other));
            let statement = Statement::Equal { other: &other, domain: &over };
            let size = left.size().map_err(CliError::new)?;
            let steps = |write: &mut dyn FnMut(&str) -> io::Result<()>| {
                write_equality_cover(&left, &right, domain, &cells, write)
            };
            certificate::write_by_cells(&graph, &statement, &size, steps, path)?;
        }
        let (mut record, exit) = match answer {
            Equality::Equal { regions } => {
                let json = json!({"equal": true, "witness": null, "left": null, "right": null, "regions": regions});
                let record = Record::new(json).with("equal", Cell::text("yes, proved"));
                (record.with("regions", Cell::count(regions)), Exit::Done)
            }
            Equality::Unequal { witness, left, right } => {
                let (witness, left, right) = (strings(&witness), strings(&left), strings(&right));
                let json = json!({"equal": false, "witness": witness, "left": left, "right": right});
                let list = |numbers: &[String]| Cell::text(numbers.join(", "));
                let record = Record::new(json)
                    .with("equal", Cell::text("no"))
                    .with("witness", list(&witness))
                    .with("left", list(&left))
                    .with("right", list(&right));
                (record, Exit::Negative)
            }
            Equality::Open { regions } => {
                let json = json!({"equal": null, "witness": null, "left": null, "right": null, "regions": regions});
                let words =
                    format!("open: there are more than {limit} regions, and no difference on {regions} of them");
                (Record::new(json).with("equal", Cell::text(words)), Exit::Open)
            }
        };
        if self.certificate.is_some() {
            let path = proved.map(|path| path.to_string_lossy().into_owned());
            let mut json = record.json().clone();
            json["certificate"] = json!(path);
            let words = path.unwrap_or_else(|| "not written: they are not proved equal".to_owned());
            record = record.with("certificate", Cell::text(words)).with_json(json);
        }
        context.deliver(&record)?;
        Ok(exit)
    }
}
