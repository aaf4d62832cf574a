//! `certinet apply linear-solve --matrix FILE.mtx --rhs FILE.mtx --error E`.

use std::path::PathBuf;

use serde_json::json;

use super::super::Run;
use super::super::certificate;
use super::super::context::{Context, Exit};
use super::super::error::CliError;
use super::super::options::positive_rational;
use super::system::{Definite, read_matrix};
use super::{ERROR_BITS, evaluate_exactly, first_entries};
use crate::arith::Rational;
use crate::construct::{SolveMethod, SolveRequest, linear_solve};
use crate::linalg::{norm_upper, solve_vector, sub};
use crate::report::{Cell, Record};

/// Bits of the bound on the right-hand side.
const RHS_BITS: u64 = 20;

/// Solves a linear system with a symmetric positive definite matrix by a network.
#[derive(Debug, clap::Args)]
pub struct LinearSolve {
    /// The matrix, a Matrix Market file; its decimals are read as doubles.
    #[arg(long, value_name = "FILE.mtx")]
    matrix: PathBuf,
    /// The right-hand side, a Matrix Market file of one column.
    #[arg(long, value_name = "FILE.mtx")]
    rhs: PathBuf,
    /// The largest error in the 2-norm.
    #[arg(long, value_name = "E", value_parser = positive_rational, allow_hyphen_values = true)]
    error: Rational,
    /// chebyshev or richardson.
    #[arg(long, value_name = "METHOD", default_value = "chebyshev")]
    method: SolveMethod,
    /// Write the certificate of the network for `certinet check` to this file.
    #[arg(long, value_name = "FILE.cert")]
    certificate: Option<PathBuf>,
}

impl Run for LinearSolve {
    fn run(self, context: &Context) -> Result<Exit, CliError> {
        context.spare(&self.matrix)?;
        context.spare(&self.rhs)?;
        certificate::spare(self.certificate.as_deref(), context, &[&self.matrix, &self.rhs])?;
        let definite = Definite::read(&self.matrix)?;
        let d = definite.matrix.rows();
        let rhs = read_matrix(&self.rhs)?;
        if rhs.shape() != (d, 1) {
            let (rows, columns) = rhs.shape();
            return Err(CliError::new(format!("the right-hand side is {rows} x {columns}"))
                .at(format!("file {}", self.rhs.display()))
                .accepted(format!("{d} x 1 is accepted, as the matrix has {d} rows")));
        }
        let rhs = rhs.entries().to_vec();
        // Any positive bound serves a right-hand side of zeros.
        let rhs_bound = norm_upper(&rhs, RHS_BITS);
        let rhs_bound = if rhs_bound.is_positive() { rhs_bound } else { Rational::one() };
        let request = SolveRequest {
            size: d,
            lower: definite.lower.clone(),
            upper: definite.upper.clone(),
            rhs_bound: rhs_bound.clone(),
            error: self.error.clone(),
        };
        let built = linear_solve(&request, self.method).map_err(CliError::new)?;
        let bound = &built.claim.error;
        let layered = built.network.layered().map_err(CliError::new)?;
        let size = layered.size().map_err(CliError::new)?;
        let input: Vec<Rational> = definite.matrix.entries().iter().chain(&rhs).cloned().collect();
        let output = evaluate_exactly(&layered, &input)?;
        let exact = solve_vector(&definite.matrix, &rhs).map_err(CliError::new)?;
        let error = norm_upper(&sub(&output, &exact), ERROR_BITS);
        let json = json!({
            "solution": output.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "size": d,
            "method": self.method.name(),
            "error": error.to_string(),
            "error_bound": bound.to_string(),
            "layers": size.layers.to_string(),
            "neurons": size.neurons.to_string(),
            "weights": size.weights.to_string(),
            "eigenvalue_lower": definite.lower.to_string(),
            "eigenvalue_upper": definite.upper.to_string(),
            "condition_upper": definite.condition_upper().to_string(),
            "rhs_bound": rhs_bound.to_string(),
            "certificate": self.certificate.as_ref().map(|path| path.to_string_lossy()),
        });
        let record = Record::new(json)
            .with("size", Cell::count(d))
            .with("method", Cell::text(self.method.name()))
            .with("smallest eigenvalue", Cell::LowerBound(definite.lower.clone()))
            .with("largest eigenvalue", Cell::UpperBound(definite.upper.clone()))
            .with("condition number", Cell::UpperBound(definite.condition_upper()))
            .with("right-hand side", Cell::UpperBound(rhs_bound))
            .with("layers", Cell::count(size.layers))
            .with("neurons", Cell::count(size.neurons))
            .with("weights", Cell::count(size.weights))
            .with("certified error", Cell::UpperBound(bound.clone()))
            .with("measured error", Cell::UpperBound(error.clone()))
            .with("measured / certified", Cell::UpperBound((&error / bound).round_up(ERROR_BITS)))
            .with("solution", Cell::text(first_entries(&output)));
        if let Some(path) = &self.certificate {
            certificate::write(&built.network, &built.claim, &size, &built.proof, path)?;
        }
        context.deliver(&record)?;
        Ok(Exit::Done)
    }
}
