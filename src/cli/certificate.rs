//! Writing the certificate of a construction.

use std::path::{Path, PathBuf};

use super::error::CliError;
use super::output::write_file;
use crate::certify::write_certificate;
use crate::construct::Construction;
use crate::network::Size;

/// Writes the certificate of a construction whose exact size is known.
///
/// # Errors
/// [`CliError`] when the file cannot be written, or when the construction has no certificate.
pub(super) fn write(construction: &Construction, size: &Size, path: &Path) -> Result<(), CliError> {
    if construction.proof.parts.is_empty() {
        let what = format!("{} by the method {} has no certificate here", construction.family, construction.method);
        return Err(CliError::new(what).at(format!("certificate {}", path.display())));
    }
    write_file(path, |writer| {
        let Construction { network, claim, proof, .. } = construction;
        write_certificate(network, claim, size, proof, writer).map_err(CliError::new)
    })
}

/// The file of one row of a table: its number, family and method.
pub(super) fn row_path(folder: &Path, number: usize, construction: &Construction) -> PathBuf {
    folder.join(format!("{:04}-{}-{}.cert", number + 1, construction.family, construction.method))
}
