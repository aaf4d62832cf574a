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
        // A size that is known beforehand belongs to a network that is too large to lower in passing.
        let known = construction.size.filter(|size| !is_evaluated(size.weights, size.layers));
        if let Some(size) = known {
            return Ok(Self { construction, size, witness: None });
        }
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

/// Whether a network of this size is evaluated at its candidates.
fn is_evaluated(weights: u128, layers: usize) -> bool {
    weights.saturating_mul(layers as u128) <= WITNESS_BUDGET
}

fn witness(construction: &Construction, layered: &Layered) -> Result<Option<Witness>, CliError> {
    let claim = &construction.claim;
    if claim.error.is_zero() || !is_evaluated(layered.placed_entries(), layered.layers().len()) {
        return Ok(None);
    }
    let witness = measure(layered, claim, &construction.candidates).map_err(CliError::new)?;
    if let Some(witness) = &witness {
        // A measured error above the certified one would disprove a theorem of this library.
        assert!(witness.error <= claim.error, "no measured error exceeds the certified one");
    }
    Ok(witness)
}
