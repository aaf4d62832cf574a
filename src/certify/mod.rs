//! What is claimed about a network, and how a claim is measured.
//!
//! A [`Claim`] names a [`Target`], a [`Domain`], a [`Norm`] and an error; [`measure`] evaluates a network exactly at
//! candidate inputs and returns the [`Witness`] with the largest error, a lower bound on the error over the domain.
//! The theorems that justify claims are in `construct`, one file each; what they prove for one network is a [`Proof`], and
//! [`write_certificate`] writes it for the independent checker; what is proved cell by cell is written by [`write_cover`].

mod certificate;
mod claim;
mod domain;
pub mod number;
mod program_certificate;
mod proof;
pub mod rules;
mod statement;
mod target;
mod witness;

pub use certificate::{CertificateError, write_certificate, write_cover, write_spiking_certificate};
pub use claim::{Claim, ErrorKind, Norm};
pub use domain::Domain;
pub use program_certificate::write_program_certificate;
pub use proof::{Line, Part, Proof, SpikingPart, Token};
pub use statement::Statement;
pub use target::{Monomial, NetworkTarget, Target};
pub use witness::{Witness, measure};
