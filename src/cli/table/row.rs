//! One row: the construction, its exact size, and the error seen at a witness.

use std::path::Path;

use serde_json::Value;

use crate::arith::Rational;
use crate::certify::{ErrorKind, Witness, measure};
use crate::cli::built::{Built, BuiltSize, write_spiking};
use crate::cli::certificate;
use crate::cli::error::CliError;
use crate::cli::family::Family;
use crate::cli::result::{construction_json, implied_constant, parameters_text};
use crate::construct::{Construction, Published};
use crate::network::{Layered, Size};
use crate::report::Cell;
use crate::spiking::{SpikingConstruction, measure_spiking};

/// Weights times layers up to which a witness is evaluated: exact numbers grow with every layer.
const WITNESS_BUDGET: u128 = 300_000_000;

/// A row as it is printed; the network is gone.
pub(super) struct TableRow {
    /// One for each column of the table.
    pub cells: Vec<Cell>,
    pub json: Value,
    pub implied: Option<Implied>,
}

/// The constant that a row implies for a published bound.
pub(super) struct Implied {
    /// Family, method and source.
    pub bound: (&'static str, &'static str, &'static str),
    pub constant: Rational,
}

impl TableRow {
    /// Builds the row, and writes its certificate into a folder where one is given with the row's number.
    pub(super) fn new(family: &Family, certificate: Option<(&Path, usize)>) -> Result<Self, CliError> {
        match family.construct()? {
            Built::Relu(construction) => Self::relu(&construction, certificate),
            Built::Spiking(construction) => Self::spiking(&construction, certificate),
        }
    }

    fn spiking(construction: &SpikingConstruction, certificate: Option<(&Path, usize)>) -> Result<Self, CliError> {
        let path = certificate.map(|(folder, number)| certificate::row_path(folder, number, construction));
        if let Some(path) = &path {
            write_spiking(construction, path)?;
        }
        let witness = measure_spiking(construction).map_err(CliError::new)?;
        let witness = witness.filter(|_| !construction.claim.error.is_zero());
        let size = BuiltSize::of_spiking(&construction.network.network);
        Self::of(construction, &size, witness.as_ref(), path.as_deref())
    }

    fn relu(construction: &Construction, certificate: Option<(&Path, usize)>) -> Result<Self, CliError> {
        let proved = certificate::exists(&construction.proof);
        let path = certificate.filter(|_| proved);
        let path = path.map(|(folder, number)| certificate::row_path(folder, number, construction));
        let path = path.as_deref();
        let finish = |size: Size, witness: Option<&Witness>| {
            if let Some(path) = path {
                certificate::write_construction(construction, &size, path)?;
            }
            Self::of(construction, &BuiltSize::Relu(size), witness, path)
        };
        // A size that is known beforehand belongs to a network that is too large to lower in passing.
        if let Some(size) = construction.size.filter(|size| !is_evaluated(size.weights, size.layers)) {
            return finish(size, None);
        }
        let layered = construction.network.layered().map_err(CliError::new)?;
        let size = layered.size().map_err(CliError::new)?;
        let witness = witness(construction, &layered)?;
        finish(size, witness.as_ref())
    }

    /// The row of what is built, its certificate being written.
    fn of<N>(
        construction: &Construction<N>,
        size: &BuiltSize,
        witness: Option<&Witness>,
        path: Option<&Path>,
    ) -> Result<Self, CliError> {
        let claim = &construction.claim;
        if let Some(witness) = witness {
            // A measured error above the certified one would disprove a theorem of this library.
            assert!(witness.error <= claim.error, "no measured error exceeds the certified one");
        }
        let published = construction.published.as_ref();
        let constant = published.and_then(|p| implied_constant(size.weights(), p.weights_scale.as_ref()));
        let count = |n: u128| Cell::count(n);
        let seen = witness.and_then(|witness| witness.error.checked_div(&claim.error));
        let cells = vec![
            Cell::text(construction.family),
            Cell::text(construction.method),
            Cell::text(parameters_text(construction)),
            Cell::count(size.layers()),
            count(size.neurons()),
            count(size.weights()),
            size.dense_parameters().map_or(Cell::None, count),
            match claim.kind {
                ErrorKind::Exact => Cell::Exact(claim.error.clone()),
                ErrorKind::UpperBound => Cell::UpperBound(claim.error.clone()),
            },
            seen.map_or(Cell::None, Cell::Exact),
            construction.lower_bound.map_or(Cell::None, count),
            published.map_or(Cell::None, published_cell),
            constant.clone().map_or(Cell::None, Cell::UpperBound),
        ];
        let implied = published.zip(constant).map(|(published, constant)| Implied {
            bound: (construction.family, construction.method, published.source),
            constant,
        });
        Ok(Self { cells, json: construction_json(construction, size, witness, path), implied })
    }
}

/// The published weights; neurons where only those are known.
fn published_cell(published: &Published) -> Cell {
    match (published.weights, published.neurons) {
        (Some(weights), _) => Cell::count(weights),
        (None, Some(neurons)) => Cell::text(format!("{neurons} neurons")),
        (None, None) => Cell::None,
    }
}

/// Whether a network of this size is evaluated at its candidates.
fn is_evaluated(weights: u128, layers: usize) -> bool {
    weights.saturating_mul(layers as u128) <= WITNESS_BUDGET
}

fn witness(construction: &Construction, layered: &Layered) -> Result<Option<Witness>, CliError> {
    let claim = &construction.claim;
    if claim.error.is_zero() || !is_evaluated(layered.placed_entries(), layered.layers().len()) {
        return Ok(None);
    }
    measure(layered, claim, &construction.candidates).map_err(CliError::new)
}
