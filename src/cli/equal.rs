//! `certinet equal A B --domain "0:1,0:1"`: exact equality of two networks, or a point where they differ.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::Run;
use super::certificate;
use super::context::{Context, Exit};
use super::error::CliError;
use super::network::{allow_regions, read_with_layers};
use super::options::{DomainOption, count};
use super::regions::{MAX_REGIONS, refuse, strings};
use crate::certify::Statement;
use crate::polyhedra::{Equality, PolyhedraError, equal, equal_with_cells, write_equality_cover};
use crate::report::{Cell, Record};

/// Decides whether two networks are the same function; shows a point where they differ.
#[derive(Debug, clap::Args)]
pub struct Equal {
    /// The first network: .json, structured or layered.
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

impl Run for Equal {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        for path in [&self.left, &self.right] {
            context.spare(path)?;
        }
        certificate::spare(self.certificate.as_deref(), context, &[&self.left, &self.right])?;
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
