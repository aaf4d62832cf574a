//! Arrays of numpy, read: doubles and texts of an archive without compression, as [`super::npz`] writes them.

use std::io::{Read, Seek};

use zip::{CompressionMethod, ZipArchive};

/// Bytes of magic, version and length in front of a header.
const PREFIX: usize = 10;

/// An archive that is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadNpzError {
    /// No archive, or a broken one.
    #[error("this is no archive of numpy ({problem})")]
    Archive {
        /// What the reader met.
        problem: String,
    },
    /// An array that is missing or of another form.
    #[error("array {name}: {problem}; accepted is {accepted}")]
    Array {
        /// The array.
        name: String,
        /// What is wrong.
        problem: String,
        /// What is read.
        accepted: &'static str,
    },
}

/// A table of doubles.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubles {
    /// Rows and columns.
    pub shape: [usize; 2],
    /// The numbers, row by row.
    pub values: Vec<f64>,
}

/// An archive that is being read.
pub struct NpzReader<R: Read + Seek> {
    archive: ZipArchive<R>,
}

impl<R: Read + Seek> NpzReader<R> {
    /// Reads the directory.
    ///
    /// # Errors
    /// [`ReadNpzError::Archive`].
    pub fn new(reader: R) -> Result<Self, ReadNpzError> {
        let archive = ZipArchive::new(reader).map_err(|error| ReadNpzError::Archive { problem: error.to_string() })?;
        Ok(Self { archive })
    }

    /// The table of this name.
    ///
    /// # Errors
    /// [`ReadNpzError::Array`] where it is missing, no table of finite doubles, or longer than `limit` bytes.
    pub fn doubles(&mut self, name: &str, limit: u64) -> Result<Doubles, ReadNpzError> {
        let (header, data) = self.bytes(name, limit)?;
        let refuse = |problem: String| ReadNpzError::Array {
            name: name.to_owned(),
            problem,
            accepted: "a table of finite doubles, rows first",
        };
        if !header.contains("'descr': '<f8'") || !header.contains("'fortran_order': False") {
            return Err(refuse(format!("its header is {}", header.trim_end().chars().take(120).collect::<String>())));
        }
        let inner = header.split_once("'shape': (").and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner);
        let sizes: Option<Vec<usize>> =
            inner.and_then(|inner| inner.split(',').map(|n| n.trim().parse().ok()).collect());
        let Some(&[rows, columns]) = sizes.as_deref() else {
            return Err(refuse("it is no table".to_owned()));
        };
        if rows.checked_mul(columns).and_then(|n| n.checked_mul(8)) != Some(data.len()) {
            return Err(refuse(format!("{} bytes for {rows} x {columns} numbers", data.len())));
        }
        let number = |bytes: &[u8]| bytes.try_into().map_or(f64::NAN, f64::from_le_bytes);
        let values: Vec<f64> = data.chunks_exact(8).map(number).collect();
        if values.iter().any(|x| !x.is_finite()) {
            return Err(refuse("a number is not finite".to_owned()));
        }
        Ok(Doubles { shape: [rows, columns], values })
    }

    /// The header's dictionary and what is behind it.
    fn bytes(&mut self, name: &str, limit: u64) -> Result<(String, Vec<u8>), ReadNpzError> {
        let refuse = |problem: String, accepted| ReadNpzError::Array { name: name.to_owned(), problem, accepted };
        let entry = self.archive.by_name(&format!("{name}.npy"));
        let entry = entry.map_err(|error| refuse(error.to_string(), "an array that is not compressed"))?;
        if entry.compression() != CompressionMethod::Stored {
            return Err(refuse("it is compressed".to_owned(), "an array that is not compressed"));
        }
        let mut bytes = Vec::new();
        // The directory may claim any length: no more than the limit is taken.
        entry.take(limit + 1).read_to_end(&mut bytes).map_err(|error| refuse(error.to_string(), "a whole archive"))?;
        if bytes.len() as u64 > limit {
            return Err(refuse(format!("it has more than {limit} bytes"), "a smaller array"));
        }
        let broken = || refuse("its header is broken".to_owned(), "version 1.0 of the npy format");
        if bytes.len() < PREFIX || bytes[..8] != *b"\x93NUMPY\x01\x00" {
            return Err(broken());
        }
        let start = PREFIX + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        let header = bytes.get(PREFIX..start).and_then(|header| std::str::from_utf8(header).ok());
        let header = header.ok_or_else(broken)?.to_owned();
        Ok((header, bytes.split_off(start)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::npz::NpzWriter;
    use super::*;
    use crate::arith::SplitMix64;
    use std::io::{self, Cursor, Write};

    fn archive() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut npz = NpzWriter::new(&mut bytes);
        let all = |w: &mut dyn Write| (0..6).try_for_each(|x| w.write_all(&(f64::from(x) / 3.0).to_le_bytes()));
        npz.doubles::<io::Error>("a", [2, 3], all).unwrap();
        npz.text("b", "words").unwrap();
        npz.finish().unwrap();
        bytes
    }

    fn read(bytes: &[u8], name: &str, limit: u64) -> Result<Doubles, ReadNpzError> {
        NpzReader::new(Cursor::new(bytes))?.doubles(name, limit)
    }

    #[test]
    fn tables_come_back() {
        let table = read(&archive(), "a", 1000).unwrap();
        assert_eq!(table.shape, [2, 3]);
        assert_eq!(table.values, (0..6).map(|x| f64::from(x) / 3.0).collect::<Vec<_>>());
        for (name, limit, words) in [("a", 100, "more than 100 bytes"), ("b", 1000, "'<U5'"), ("c", 1000, "array c")] {
            let error = read(&archive(), name, limit).unwrap_err().to_string();
            assert!(error.contains(words) && !error.contains('\n'), "{error}");
        }
        assert!(matches!(read(b"no archive", "a", 10), Err(ReadNpzError::Archive { .. })));
    }

    #[test]
    fn mutants_are_refused_or_read() {
        let (good, mut random) = (archive(), SplitMix64::new(4));
        for _ in 0..10_000 {
            let mut mutant = good.clone();
            for _ in 0..=random.next_u64() % 3 {
                let at = (random.next_u64() % mutant.len() as u64) as usize;
                match random.next_u64() % 3 {
                    0 => mutant[at] = random.next_u64() as u8,
                    1 => mutant[at] ^= 1 << (random.next_u64() % 8),
                    _ => mutant.truncate(at.max(1)),
                }
            }
            if let Ok(table) = read(&mutant, "a", 1000) {
                assert_eq!(table.values.len(), table.shape[0] * table.shape[1]);
            }
        }
    }
}
