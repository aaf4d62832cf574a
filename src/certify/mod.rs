//! What is claimed about a network, and how a claim is measured.
//!
//! A [`Claim`] names a [`Target`], a [`Domain`], a [`Norm`] and an error; [`measure`] evaluates a network exactly at
//! candidate inputs and returns the [`Witness`] with the largest error, a lower bound on the error over the domain.
//! The theorems that justify claims are in `construct`, one file each.

mod claim;
mod domain;
mod target;
mod witness;

pub use claim::{Claim, ErrorKind, Norm};
pub use domain::Domain;
pub use target::{Monomial, Target};
pub use witness::{Witness, measure};
