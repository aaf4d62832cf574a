//! Reading files, never more than a limit.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::CliError;

/// The largest file a command reads as a whole, in bytes: 1 GiB.
pub const MAX_BYTES: u64 = 1 << 30;

/// What some editors write before UTF-8 text; it says nothing.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a file of UTF-8 text of at most [`MAX_BYTES`], without a byte-order mark.
///
/// # Errors
/// [`CliError`] that names the file: missing, a directory, too large, or no text.
pub fn read_text(path: &Path) -> Result<String, CliError> {
    read_text_up_to(path, MAX_BYTES)
}

/// Reads a file of at most [`MAX_BYTES`].
///
/// # Errors
/// [`CliError`] that names the file: missing, a directory, or too large.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, CliError> {
    read_up_to(path, MAX_BYTES)
}

fn read_text_up_to(path: &Path, limit: u64) -> Result<String, CliError> {
    let mut bytes = read_up_to(path, limit)?;
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    String::from_utf8(bytes).map_err(|error| {
        let line = 1 + error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count();
        CliError::new("the file is no text")
            .at(format!("file {}, line {line}", path.display()))
            .accepted("UTF-8 is accepted")
    })
}

fn read_up_to(path: &Path, limit: u64) -> Result<Vec<u8>, CliError> {
    let place = || format!("file {}", path.display());
    if path.is_dir() {
        return Err(CliError::new("this is a directory").at(place()).accepted("give a path to a file"));
    }
    let file = File::open(path).map_err(|error| CliError::from(error).at(place()))?;
    let mut bytes = Vec::new();
    // One byte more than the limit is asked for: a length that a pipe or device cannot tell beforehand.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| CliError::from(error).at(place()))?;
    if bytes.len() as u64 > limit {
        return Err(CliError::new("the file is too large")
            .at(place())
            .accepted(format!("at most {limit} bytes are accepted")));
    }
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn files_are_read_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read_text(&path), Ok("12345".to_owned()));
        let marked = folder.path().join("b.json");
        fs::write(&marked, b"\xef\xbb\xbf12345").unwrap();
        assert_eq!(read_text(&marked), Ok("12345".to_owned()));
        assert_eq!(read_up_to(&path, 5).map(|bytes| bytes.len()), Ok(5));
        let message = read_up_to(&path, 4).unwrap_err().to_string();
        assert!(message.ends_with("a.json; at most 4 bytes are accepted"), "{message}");
    }

    #[test]
    fn what_is_no_text_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let message = read_text(&path).unwrap_err().to_string();
        assert!(message.starts_with("there is no such file, file ") && message.ends_with("a.json"), "{message}");
        fs::write(&path, b"ab\nc\xff").unwrap();
        let message = read_text(&path).unwrap_err().to_string();
        assert!(message.ends_with("a.json, line 2; UTF-8 is accepted"), "{message}");
        assert!(read_text(folder.path()).unwrap_err().to_string().starts_with("this is a directory"));
    }
}
