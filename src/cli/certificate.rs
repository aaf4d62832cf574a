//! Writing certificates.

use std::io;
use std::path::{Path, PathBuf};

use super::context::Context;
use super::error::CliError;
use super::output::write_file;
use crate::arith::Rational;
use crate::certify::{Claim, Domain, Proof, Statement, write_certificate, write_cover};
use crate::construct::Construction;
use crate::network::{Network, Size};

/// Writes the certificate of a network whose exact size is known.
///
/// # Errors
/// [`CliError`] when the file cannot be written.
pub(super) fn write(network: &Network, claim: &Claim, size: &Size, proof: &Proof, path: &Path) -> Result<(), CliError> {
    write_file(path, |writer| write_certificate(network, claim, size, proof, writer).map_err(CliError::new))
}

/// Writes the certificate of a network that is proved by a cover; `steps` writes its section.
///
/// # Errors
/// [`CliError`] when the file cannot be written.
pub(super) fn write_by_cells(
    network: &Network,
    statement: &Statement<'_>,
    size: &Size,
    steps: impl FnOnce(&mut dyn FnMut(&str) -> io::Result<()>) -> io::Result<()>,
    path: &Path,
) -> Result<(), CliError> {
    write_file(path, |writer| write_cover(network, statement, size, steps, writer).map_err(CliError::new))
}

/// The domain of a statement: a box, or all of R^n.
pub(super) fn domain(sides: Option<&[(Rational, Rational)]>, dimension: usize) -> Domain {
    sides.map_or(Domain::Space { dimension }, |sides| Domain::Box(sides.to_vec()))
}

/// Whether a claim is proved in lines; the few that are not are named at their constructions.
pub(super) fn exists(proof: &Proof) -> bool {
    !proof.parts.is_empty() || proof.spiking.as_ref().is_some_and(|spiking| !spiking.lines.is_empty())
}

/// Accepts a construction that has a certificate, where one is asked for.
///
/// # Errors
/// [`CliError`] that says which construction has none.
pub(super) fn require<N>(construction: &Construction<N>, certificate: Option<&Path>) -> Result<(), CliError> {
    match certificate {
        Some(path) if !exists(&construction.proof) => {
            let Construction { family, method, .. } = construction;
            Err(CliError::new(format!("this {family} by the method {method} is too large for a certificate"))
                .at(format!("option --certificate {}", path.display()))
                .accepted("ask for a larger error or leave the option out"))
        }
        _ => Ok(()),
    }
}

/// Writes the certificate of a construction.
///
/// # Errors
/// As [`write()`].
pub(super) fn write_construction(construction: &Construction, size: &Size, path: &Path) -> Result<(), CliError> {
    write(&construction.network, &construction.claim, size, &construction.proof, path)
}

/// The file of one row of a table: its number, family and method.
pub(super) fn row_path<N>(folder: &Path, number: usize, construction: &Construction<N>) -> PathBuf {
    folder.join(format!("{:04}-{}-{}.cert", number + 1, construction.family, construction.method))
}

/// Accepts the path of a certificate unless it is a file that is read, or the file that --output names.
///
/// # Errors
/// [`CliError`] when two are one file.
pub(super) fn spare(certificate: Option<&Path>, context: &Context, inputs: &[&Path]) -> Result<(), CliError> {
    let Some(path) = certificate else { return Ok(()) };
    let same = |other: &Path| {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        real(path) == real(other)
    };
    let output = context.output();
    match inputs.iter().copied().chain(output).find(|other| same(other)) {
        None => Ok(()),
        Some(other) => Err(CliError::new(format!("the certificate would be written over {}", other.display()))
            .at(format!("option --certificate {}", path.display()))
            .accepted("give another file")),
    }
}
