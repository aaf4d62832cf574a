//! Writing: files that appear whole or not at all, and standard output.

use std::fs::{self, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

use super::error::CliError;

/// Writes a file atomically: `write` fills a temporary file beside it, which then takes its name.
///
/// An existing file is replaced, at the end of its symbolic link if it is one; its permissions are kept. Until the last
/// step the old content stays, and when anything fails nothing is left behind. A device or a pipe is not replaced but
/// written to.
///
/// # Errors
/// [`CliError`] that names the file: a missing directory, a directory in its place, a full disk, or what `write`
/// returned.
pub fn write_file<F>(path: &Path, write: F) -> Result<(), CliError>
where
    F: FnOnce(&mut dyn Write) -> Result<(), CliError>,
{
    let place = || format!("output file {}", path.display());
    let io_error = |error: io::Error| CliError::from(error).at(place());
    let old = fs::metadata(path).ok();
    if old.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(CliError::new("the output is a directory").at(place()).accepted("give a path to a file"));
    }
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        let device = OpenOptions::new().write(true).open(path).map_err(&io_error)?;
        let mut buffer = BufWriter::new(device);
        write(&mut buffer).map_err(|error| error.at(place()))?;
        return buffer.flush().map_err(&io_error);
    }
    let target = if old.is_some() { fs::canonicalize(path).map_err(&io_error)? } else { path.to_owned() };
    let path = target.as_path();
    let Some(name) = path.file_name() else {
        return Err(CliError::new("the output has no file name").at(place()).accepted("give a path to a file"));
    };
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        let what = format!("the directory {} does not exist", folder.display());
        return Err(CliError::new(what).at(place()).accepted("create it first or choose another path"));
    }
    let mut prefix = std::ffi::OsString::from(".");
    prefix.push(name);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    set_permissions(&mut builder, path);
    let file = builder.tempfile_in(folder).map_err(&io_error)?;
    let mut buffer = BufWriter::new(file);
    write(&mut buffer).map_err(|error| error.at(place()))?;
    let file = buffer.into_inner().map_err(|error| io_error(error.into_error()))?;
    file.as_file().sync_all().map_err(&io_error)?;
    file.persist(path).map_err(|error| io_error(error.error))?;
    Ok(())
}

/// A new file gets what an ordinary create would give, not the private mode of temporary files.
#[cfg(unix)]
fn set_permissions(builder: &mut tempfile::Builder<'_, '_>, path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_or(0o666, |metadata| metadata.permissions().mode() & 0o777);
    // The process's umask is applied on creation.
    builder.permissions(fs::Permissions::from_mode(mode));
}

#[cfg(not(unix))]
fn set_permissions(_: &mut tempfile::Builder<'_, '_>, _: &Path) {}

/// Writes all bytes and flushes. A reader that went away (`certinet table | head`) is no error.
///
/// # Errors
/// [`CliError`] when writing fails in another way.
pub fn write_stdout(stdout: &mut dyn Write, bytes: &[u8]) -> Result<(), CliError> {
    stream_stdout(stdout, |stdout| stdout.write_all(bytes))
}

/// Writes piece by piece and flushes, as forgiving as [`write_stdout`].
///
/// # Errors
/// [`CliError`] when writing fails in another way.
pub fn stream_stdout<F>(stdout: &mut dyn Write, write: F) -> Result<(), CliError>
where
    F: FnOnce(&mut dyn Write) -> io::Result<()>,
{
    let mut buffer = BufWriter::with_capacity(1 << 16, stdout);
    match write(&mut buffer).and_then(|()| buffer.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::from(error).at("standard output")),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn bytes(content: &'static str) -> impl FnOnce(&mut dyn Write) -> Result<(), CliError> {
        move |writer| Ok(writer.write_all(content.as_bytes())?)
    }

    #[test]
    fn files_are_written_and_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net.json");
        write_file(&path, bytes("one")).unwrap();
        write_file(&path, bytes("two")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(names(folder.path()), ["net.json"]);
    }

    #[test]
    fn a_failure_leaves_the_old_file_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net.json");
        fs::write(&path, "old").unwrap();
        let error = write_file(&path, |writer| {
            writer.write_all(b"half")?;
            Err(CliError::new("the matrix is singular"))
        })
        .unwrap_err();
        assert!(error.to_string().starts_with("the matrix is singular, output file "));
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(folder.path()), ["net.json"]);
    }

    #[test]
    fn paths_that_cannot_be_files_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let missing = write_file(&folder.path().join("no/net.json"), bytes("")).unwrap_err().to_string();
        assert!(missing.contains("does not exist") && missing.contains("create it first"), "{missing}");
        let directory = write_file(folder.path(), bytes("")).unwrap_err().to_string();
        assert!(directory.contains("is a directory"), "{directory}");
        assert!(write_file(Path::new(""), bytes("")).is_err());
        assert!(names(folder.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_are_written_through() {
        use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("net.json"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        write_file(&link, bytes("new")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        write_file(Path::new("/dev/null"), bytes("lost")).unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }

    /// A writer that fails in one way.
    struct Failing(ErrorKind);
    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_a_broken_pipe_is_forgiven() {
        assert!(write_stdout(&mut Failing(ErrorKind::BrokenPipe), b"x").is_ok());
        assert!(write_stdout(&mut Failing(ErrorKind::StorageFull), b"x").is_err());
    }
}
