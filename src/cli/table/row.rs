//! One row: the construction, its exact size, and the error seen at a witness.

use crate::arith::Rational;
use crate::certify::{Witness, measure};
use crate::cli::error::CliError;
use crate::cli::family::Family;
use crate::construct::Construction;
use crate::network::{Layered, Size};

/// Weights times layers up to which a witness is evaluated: exact numbers grow with every layer.
const WITNESS_BUDGET: u128 = 300_000_000;

/// A row before it is laid out.
pub(super) struct TableRow {
    pub construction: Construction,
    pub size: Size,
    pub witness: Option<Witness>,
}

impl TableRow {
    pub(super) fn new(family: &Family) -> Result<Self, CliError> {
        let construction = family.construct()?;
        let layered = construction.network.layered().map_err(CliError::new)?;
        let size = layered.size().map_err(CliError::new)?;
        let witness = witness(&construction, &layered)?;
        Ok(Self { construction, size, witness })
    }

    /// The error at the witness as a share of the certified one.
    pub(super) fn ratio(&self) -> Option<Rational> {
        self.witness.as_ref().and_then(|witness| witness.error.checked_div(&self.construction.claim.error))
    }
}

fn witness(construction: &Construction, layered: &Layered) -> Result<Option<Witness>, CliError> {
    let claim = &construction.claim;
    let cost = layered.placed_entries() * layered.layers().len() as u128;
    if claim.error.is_zero() || cost > WITNESS_BUDGET {
        return Ok(None);
    }
    let witness = measure(layered, claim, &construction.candidates).map_err(CliError::new)?;
    if let Some(witness) = &witness {
        // A measured error above the certified one would disprove a theorem of this library.
        assert!(witness.error <= claim.error, "no measured error exceeds the certified one");
    }
    Ok(witness)
}
