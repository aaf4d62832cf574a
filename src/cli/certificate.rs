//! Writing certificates.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::error::CliError;
use super::output::write_file;
use crate::certify::{Claim, Proof, write_certificate};
use crate::construct::Construction;
use crate::network::{Network, Size};

/// Writes the certificate of a network whose exact size is known.
///
/// # Errors
/// [`CliError`] when the file cannot be written, or when there is no proof.
pub(super) fn write(network: &Network, claim: &Claim, size: &Size, proof: &Proof, path: &Path) -> Result<(), CliError> {
    if proof.parts.is_empty() {
        return Err(CliError::new("this construction is too large for a certificate: its claim has no proof in lines")
            .at(format!("certificate {}", path.display())));
    }
    write_file(path, |writer| write_certificate(network, claim, size, proof, writer).map_err(CliError::new))
}

/// Writes the certificate of a construction.
///
/// # Errors
/// As [`write`].
pub(super) fn write_construction(construction: &Construction, size: &Size, path: &Path) -> Result<(), CliError> {
    write(&construction.network, &construction.claim, size, &construction.proof, path)
}

/// The file of one row of a table: its number, family and method.
pub(super) fn row_path(folder: &Path, number: usize, construction: &Construction) -> PathBuf {
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
