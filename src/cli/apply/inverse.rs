//! `certinet apply matrix-inverse --matrix FILE.mtx --error E`.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::super::Run;
use super::super::certificate;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::positive_rational;
use super::system::Definite;
use super::{ERROR_BITS, evaluate_exactly, first_entries};
use crate::arith::Rational;
use crate::construct::{InverseMethod, symmetric_inverse};
use crate::linalg::{Matrix, inverse, spectral_norm_upper};
use crate::report::{Cell, Record};

/// Inverts a symmetric positive definite matrix by a network.
#[derive(Debug, clap::Args)]
pub struct MatrixInverse {
    /// The matrix, a Matrix Market file; its decimals are read as doubles.
    #[arg(long, value_name = "FILE.mtx")]
    matrix: PathBuf,
    /// The largest error in the spectral norm.
    #[arg(long, value_name = "E", value_parser = positive_rational, allow_hyphen_values = true)]
    error: Rational,
    /// product-form, newton-schulz or published.
    #[arg(long, value_name = "METHOD", default_value = "product-form")]
    method: InverseMethod,
    /// Write the certificate of the network for `certinet check` to this file.
    #[arg(long, value_name = "FILE.cert")]
    certificate: Option<PathBuf>,
}

impl Run for MatrixInverse {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        context.spare(&self.matrix)?;
        certificate::spare(self.certificate.as_deref(), context, &[&self.matrix])?;
        let definite = Definite::read(&self.matrix)?;
        let d = definite.matrix.rows();
        let ends = (&definite.lower, &definite.upper);
        let built = symmetric_inverse(d, ends, &self.error, self.method).map_err(CliError::new)?;
        let layered = built.network.layered().map_err(CliError::new)?;
        let size = layered.size().map_err(CliError::new)?;
        let output = evaluate_exactly(&layered, definite.matrix.entries())?;
        let output = Matrix::from_fn(d, d, |i, j| output[i * d + j].clone());
        let distance = inverse(&definite.matrix).and_then(|exact| output.sub(&exact)).map_err(CliError::new)?;
        let error = spectral_norm_upper(&distance, ERROR_BITS);
        let rows = (0..d).map(|i| Value::from(output.row(i).iter().map(ToString::to_string).collect::<Vec<_>>()));
        let json = json!({
            "inverse": rows.collect::<Vec<_>>(),
            "size": d,
            "method": self.method.name(),
            "error": error.to_string(),
            "error_bound": built.claim.error.to_string(),
            "layers": size.layers.to_string(),
            "neurons": size.neurons.to_string(),
            "weights": size.weights.to_string(),
            "eigenvalue_lower": definite.lower.to_string(),
            "eigenvalue_upper": definite.upper.to_string(),
            "condition_upper": definite.condition_upper().to_string(),
            "scale": built.scale.to_string(),
            "delta": built.delta.to_string(),
            "certificate": self.certificate.as_ref().map(|path| path.to_string_lossy()),
        });
        let record = Record::new(json)
            .with("size", Cell::count(d))
            .with("method", Cell::text(self.method.name()))
            .with("smallest eigenvalue", Cell::LowerBound(definite.lower.clone()))
            .with("largest eigenvalue", Cell::UpperBound(definite.upper.clone()))
            .with("condition number", Cell::UpperBound(definite.condition_upper()))
            .with("layers", Cell::count(size.layers))
            .with("neurons", Cell::count(size.neurons))
            .with("weights", Cell::count(size.weights))
            .with("certified error", Cell::UpperBound(built.claim.error.clone()))
            .with("measured error", Cell::UpperBound(error.clone()))
            .with("measured / certified", Cell::UpperBound((&error / &built.claim.error).round_up(ERROR_BITS)))
            .with("inverse", Cell::text(first_entries(output.entries())));
        if let Some(path) = &self.certificate {
            certificate::write(&built.network, &built.claim, &size, &built.proof, path)?;
        }
        context.deliver(&record)?;
        Ok(Exit::Done)
    }
}
