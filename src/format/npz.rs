//! Arrays for numpy: an uncompressed zip archive of npy files. Written only; the crate zip enters here.
//!
//! Source: the numpy documentation, *The .npy format*, version 1.0. The archive is written front to back, without dates,
//! so that equal arrays give equal bytes.

use std::io::{self, Write};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Sizes that need the long form of zip, with room for the header.
const LONG: u64 = (1 << 32) - (1 << 16);
/// Headers are padded to a multiple of this.
const ALIGNMENT: usize = 64;

/// An archive that is being written.
pub struct NpzWriter<W: Write> {
    archive: ZipWriter<StreamWriter<W>>,
}

impl<W: Write> NpzWriter<W> {
    /// An archive without arrays.
    pub fn new(writer: W) -> Self {
        Self { archive: ZipWriter::new_stream(writer) }
    }

    /// Adds an array of doubles; `write` gives its entries, the last index first, as little-endian bytes.
    ///
    /// # Errors
    /// From writing, or from `write`; [`io::ErrorKind::InvalidData`] when it gives more or fewer bytes than the shape has.
    pub fn doubles<E: From<io::Error>>(
        &mut self,
        name: &str,
        shape: [u64; 2],
        write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<(), E> {
        let bytes = shape[0].saturating_mul(shape[1]).saturating_mul(8);
        self.start(name, "<f8", &format!("({}, {})", shape[0], shape[1]), bytes)?;
        let mut counted = Counted { inner: &mut self.archive, left: Some(bytes) };
        write(&mut counted)?;
        if counted.left == Some(0) { Ok(()) } else { Err(wrong_length(name).into()) }
    }

    /// Adds a text, an array of no dimension.
    ///
    /// # Errors
    /// From writing.
    pub fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        let units: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        // numpy knows no text of length 0.
        let length = (units.len() / 4).max(1);
        self.start(name, &format!("<U{length}"), "()", 4 * length as u64)?;
        self.archive.write_all(&units)?;
        self.archive.write_all(&vec![0; 4 * length - units.len()])
    }

    /// Writes the directory of the archive.
    ///
    /// # Errors
    /// From writing.
    pub fn finish(self) -> io::Result<()> {
        self.archive.finish().map_err(io::Error::from)?.into_inner().flush()
    }

    fn start(&mut self, name: &str, kind: &str, shape: &str, bytes: u64) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644)
            .large_file(bytes >= LONG);
        self.archive.start_file(format!("{name}.npy"), options)?;
        self.archive.write_all(&header(kind, shape))
    }
}

/// The bytes before the entries of an array in C order.
fn header(kind: &str, shape: &str) -> Vec<u8> {
    let dictionary = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
    // Magic, version and length take 10 bytes, the end of the line 1.
    let padding = (ALIGNMENT - (dictionary.len() + 11) % ALIGNMENT) % ALIGNMENT;
    let length = (dictionary.len() + padding + 1) as u16;
    let mut header = b"\x93NUMPY\x01\x00".to_vec();
    header.extend(length.to_le_bytes());
    header.extend(dictionary.into_bytes());
    header.extend(std::iter::repeat_n(b' ', padding));
    header.push(b'\n');
    header
}

/// The bytes of an archive of doubles of these shapes and one text, up to the directory's few hundred.
pub fn approx_bytes(shapes: &[[u64; 2]], text: &str) -> u64 {
    let doubles: u64 = shapes.iter().map(|s| s[0].saturating_mul(s[1]).saturating_mul(8)).fold(0, u64::saturating_add);
    doubles.saturating_add(4 * text.chars().count() as u64 + 1024)
}

fn wrong_length(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("array {name} does not have the bytes of its shape"))
}

/// A writer that counts down.
struct Counted<'a> {
    inner: &'a mut dyn Write,
    /// `None` once there were too many.
    left: Option<u64>,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.left = self.left.and_then(|left| left.checked_sub(written as u64));
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read};

    fn archive() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut npz = NpzWriter::new(&mut bytes);
        npz.doubles("a", [2, 3], |w| (0..6).try_for_each(|x| w.write_all(&f64::from(x).to_le_bytes()))).unwrap();
        npz.text("b", "µ").unwrap();
        npz.finish().unwrap();
        bytes
    }

    #[test]
    fn arrays_are_read_back() {
        let mut zip = zip::ZipArchive::new(Cursor::new(archive())).unwrap();
        let mut entry = |name: &str| {
            let mut bytes = Vec::new();
            zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
            assert_eq!((10 + length) % 64, 0);
            (String::from_utf8(bytes[10..10 + length].to_vec()).unwrap(), bytes[10 + length..].to_vec())
        };
        let (header, data) = entry("a.npy");
        assert_eq!(header.trim_end(), "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }");
        assert_eq!(data, (0..6).flat_map(|x| f64::from(x).to_le_bytes()).collect::<Vec<u8>>());
        let (header, data) = entry("b.npy");
        assert!(header.contains("'<U1'") && header.contains("'shape': ()"), "{header}");
        assert_eq!(data, [0xb5, 0, 0, 0]);
        assert_eq!(archive(), archive());
    }

    #[test]
    fn wrong_lengths_are_refused() {
        for count in [0, 5, 7] {
            let mut npz = NpzWriter::new(Vec::new());
            let result: io::Result<()> = npz.doubles("a", [2, 3], |w| w.write_all(&vec![0; 8 * count]));
            assert_eq!(result.unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
    }
}
