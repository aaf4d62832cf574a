//! What is known of the spiking network: that it computes what a network does, or the minimum approximately; and networks
//! that compute its firing times.

mod affine;
mod approximate_minimum;
mod firing;
mod times;

pub use approximate_minimum::approximate_minimum;
pub use firing::Firing;
pub use times::Times;

use super::qed::is_inside;
use super::{Proof, Specification, require};
use crate::problem::{Problem, problem};
use crate::spiking::SpikingNetwork;
use crate::statement::{Claim, Statement, Target};

/// What a line of these sections may begin with.
pub(super) const LINES: [&str; 5] = ["settle", "reflect", "arrivals", "tree", "sorted"];

/// The spiking network.
fn subject(proof: &Proof) -> Result<&SpikingNetwork, Problem> {
    proof.spiking.as_ref().ok_or_else(|| Problem("the certificate has no spiking network".to_owned()))
}

/// The specification that proves a statement about the spiking network: its own, or that of the network it computes.
pub(super) fn known<'p>(proof: &'p Proof, statement: &Statement) -> Result<&'p Specification, Problem> {
    let Claim::Approximation(claim) = &statement.claim else { return problem("regions are those of a network") };
    let own = proof.known(proof.networks.len())?;
    let Specification::Computes { network, domain } = own else { return Ok(own) };
    if claim.target == Target::Network(*network as u64) {
        return Ok(own);
    }
    // On this domain the spiking network has the values of the network, so that it has its specification there.
    require(is_inside(&statement.domain, domain), "the domain lies inside that of the section")?;
    proof.known(*network)
}
