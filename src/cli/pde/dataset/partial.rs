//! The file beside the output that rows are kept in until all are there.
//!
//! ```text
//! certinet rows 1\n | length of the text, 8 bytes | text | CRC-32 of the text, 4 bytes | row 0 | row 1 | ..
//! row: index | p parameters | residual | values at the interior nodes | CRC-32 of the row before it; 8 bytes each
//! ```
//!
//! Everything is little-endian. The text says all that rows depend on. A row counts when it is whole, has its index and
//! its checksum, and all rows before it count; what follows the last one is cut off. The crates crc32fast and fs4 enter
//! here.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};

use super::super::super::error::CliError;

const MAGIC: &[u8] = b"certinet rows 1\n";
/// Bytes of a word.
const WORD: usize = 8;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The parameters.
    pub parameters: Vec<f64>,
    /// The relative residual.
    pub residual: f64,
    /// The values at the interior nodes.
    pub solution: Vec<f64>,
}

/// Rows on the disk.
#[derive(Debug)]
pub struct Partial {
    file: File,
    path: PathBuf,
    parameters: usize,
    unknowns: usize,
    header: u64,
    rows: u64,
}

impl Partial {
    /// The bytes of a row.
    pub fn row_bytes(parameters: usize, unknowns: usize) -> usize {
        WORD * (parameters + unknowns + 3)
    }
    /// Where the rows of an output are kept.
    pub fn path(output: &Path) -> PathBuf {
        let mut name = output.as_os_str().to_owned();
        name.push(".partial");
        PathBuf::from(name)
    }

    /// Opens the file, or makes it, and counts the rows that it has, at most `count`. What follows them is cut off.
    ///
    /// # Errors
    /// [`CliError`] when it belongs to something else than `text`, when another run holds it, and from the system.
    pub fn open(
        path: PathBuf,
        text: &str,
        [parameters, unknowns]: [usize; 2],
        count: u64,
        restart: bool,
    ) -> Result<Self, CliError> {
        let at = |error: CliError| error.at(place(&path));
        let other = |what: &str| at(CliError::new(what)).accepted("remove the file or give --restart");
        if fs::metadata(&path).is_ok_and(|old| !old.is_file()) {
            return Err(
                at(CliError::new("the place of unfinished rows is no file")).accepted("choose another --output")
            );
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| at(error.into()))?;
        match FileExt::try_lock(&file) {
            Err(TryLockError::WouldBlock) => {
                return Err(at(CliError::new("another run writes this file"))
                    .accepted("wait for it, or choose another --output"));
            }
            // Where a file system has no locks, nothing is lost but this warning.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let expected = header(text);
        let io = |error: io::Error| at(error.into());
        if restart {
            file.set_len(0).map_err(io)?;
        }
        let mut found = Vec::new();
        (&file).take(expected.len() as u64).read_to_end(&mut found).map_err(io)?;
        if !expected.starts_with(&found) {
            let ours = found.starts_with(MAGIC);
            return Err(other(if ours {
                "the unfinished rows are those of another problem"
            } else {
                "the file is none of unfinished rows"
            }));
        }
        if found.len() < expected.len() {
            file.set_len(0).map_err(io)?;
            file.rewind().map_err(io)?;
            file.write_all(&expected).map_err(io)?;
        }
        let mut partial =
            Self { file, parameters, unknowns, header: expected.len() as u64, rows: 0, path: path.clone() };
        partial.rows = partial.whole_rows(count).map_err(io)?;
        let end = partial.header + partial.rows * partial.stride();
        partial.file.set_len(end).map_err(io)?;
        partial.file.seek(SeekFrom::Start(end)).map_err(io)?;
        Ok(partial)
    }

    /// The rows that are there.
    pub fn rows(&self) -> u64 {
        self.rows
    }
    fn stride(&self) -> u64 {
        Self::row_bytes(self.parameters, self.unknowns) as u64
    }

    fn whole_rows(&mut self, count: u64) -> io::Result<u64> {
        let mut reader = self.reader(0)?;
        let mut row = vec![0; Self::row_bytes(self.parameters, self.unknowns)];
        for index in 0..count {
            match reader.read_exact(&mut row) {
                Ok(()) if is_whole(&row, index) => {}
                Ok(()) => return Ok(index),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(index),
                Err(error) => return Err(error),
            }
        }
        Ok(count)
    }
    fn reader(&self, index: u64) -> io::Result<BufReader<&File>> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(self.header + index * self.stride()))?;
        Ok(BufReader::with_capacity(1 << 20, file))
    }

    /// Adds rows behind the others. When that fails, the ones that are whole stay.
    ///
    /// # Errors
    /// [`CliError`] from the system.
    pub fn append(&mut self, rows: &[Row]) -> Result<(), CliError> {
        let mut bytes = Vec::with_capacity(rows.len() * Self::row_bytes(self.parameters, self.unknowns));
        for (index, row) in (self.rows..).zip(rows) {
            let start = bytes.len();
            bytes.extend(index.to_le_bytes());
            let words = row.parameters.iter().chain([&row.residual]).chain(&row.solution);
            words.for_each(|word| bytes.extend(word.to_le_bytes()));
            bytes.extend(u64::from(crc32fast::hash(&bytes[start..])).to_le_bytes());
        }
        self.file.write_all(&bytes).map_err(|error| {
            CliError::from(error).at(place(&self.path)).accepted("the rows so far are kept: run the same command again")
        })?;
        self.rows += rows.len() as u64;
        Ok(())
    }

    /// Calls `each` with every row in order; its bytes are tested again.
    ///
    /// # Errors
    /// [`CliError`] from `each`, from the system, and where a row has changed.
    pub fn read(&self, count: u64, mut each: impl FnMut(Row) -> Result<(), CliError>) -> Result<(), CliError> {
        let at = |error: CliError| error.at(place(&self.path));
        let mut reader = self.reader(0).map_err(|error| at(error.into()))?;
        let mut row = vec![0; Self::row_bytes(self.parameters, self.unknowns)];
        for index in 0..count.min(self.rows) {
            reader.read_exact(&mut row).map_err(|error| at(error.into()))?;
            if !is_whole(&row, index) {
                return Err(
                    at(CliError::new(format!("row {index} does not have its checksum"))).accepted("give --restart")
                );
            }
            each(self.row(&row))?;
        }
        Ok(())
    }
    fn row(&self, bytes: &[u8]) -> Row {
        let words: Vec<f64> = bytes.chunks_exact(WORD).map(|word| f64::from_bits(read_word(word))).collect();
        let p = self.parameters;
        Row {
            parameters: words[1..=p].to_vec(),
            residual: words[p + 1],
            solution: words[p + 2..p + 2 + self.unknowns].to_vec(),
        }
    }

    /// Removes the file.
    ///
    /// # Errors
    /// [`CliError`] from the system.
    pub fn remove(self) -> Result<(), CliError> {
        drop(self.file);
        fs::remove_file(&self.path).map_err(|error| CliError::from(error).at(place(&self.path)))
    }
}

fn place(path: &Path) -> String {
    format!("file {}", path.display())
}

fn header(text: &str) -> Vec<u8> {
    let mut header = MAGIC.to_vec();
    header.extend((text.len() as u64).to_le_bytes());
    header.extend(text.as_bytes());
    header.extend(crc32fast::hash(text.as_bytes()).to_le_bytes());
    header
}

fn read_word(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

fn is_whole(row: &[u8], index: u64) -> bool {
    let (content, sum) = row.split_at(row.len() - WORD);
    read_word(&content[..WORD]) == index && read_word(sum) == u64::from(crc32fast::hash(content))
}

/// The bytes that are free in a folder; `None` where the system does not say.
pub fn free_bytes(folder: &Path) -> Option<u64> {
    fs4::available_space(folder).ok()
}
