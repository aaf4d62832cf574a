//! Matrix Market files: real matrices in text, dense (`array`) or sparse (`coordinate`).
//!
//! ```text
//! %%MatrixMarket matrix array real symmetric      %%MatrixMarket matrix coordinate real general
//! % a comment                                     2 3 2
//! 2 2                                             1 1 0.5
//! 2.0                                             2 3 -1e-3
//! -1.0
//! 2.0
//! ```
//!
//! Accepted are the fields `real`, `double` and `integer` with the symmetries `general`, `symmetric` and
//! `skew-symmetric`; array entries come column by column, of symmetric ones the lower triangle only. Values are read
//! exactly, see [`Decimals`].

mod error;
mod write;

pub use error::{MatrixMarketError, Problem};
pub use write::{NotWritable, approx_write_array, write_array};

use crate::arith::Rational;
use crate::linalg::{Matrix, SparseMatrix};

/// How a decimal of a file is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Decimals {
    /// Each decimal stands for the double nearest to it, and this double is read exactly: what the program that printed
    /// its doubles had in memory. `0.1` is 3602879701896397/2^55.
    #[default]
    AsDoubles,
    /// Each decimal stands for itself: `0.1` is 1/10.
    Exact,
}

/// Bytes that a matrix may take; what would be more is refused before anything is allocated.
pub const MAX_BYTES: usize = 1 << 30;

/// A matrix as the file holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatrixFile {
    /// From an `array` file.
    Dense(Matrix),
    /// From a `coordinate` file.
    Sparse(SparseMatrix),
}

impl MatrixFile {
    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        match self {
            Self::Dense(a) => a.shape(),
            Self::Sparse(a) => a.shape(),
        }
    }
    /// The matrix with its zeros written out.
    ///
    /// # Errors
    /// [`Problem::TooLarge`] beyond [`MAX_BYTES`].
    pub fn into_dense(self) -> Result<Matrix, MatrixMarketError> {
        match self {
            Self::Dense(a) => Ok(a),
            Self::Sparse(a) => {
                check_bytes(a.rows(), a.columns()).map_err(|problem| MatrixMarketError { line: 0, problem })?;
                Ok(a.to_dense())
            }
        }
    }
    /// The matrix without its zeros.
    pub fn into_sparse(self) -> SparseMatrix {
        match self {
            Self::Dense(a) => SparseMatrix::from_dense(&a),
            Self::Sparse(a) => a,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Symmetry {
    General,
    Symmetric,
    Skew,
}

struct Header {
    coordinate: bool,
    integer: bool,
    symmetry: Symmetry,
}

/// Reads a Matrix Market text.
///
/// Explicit zeros of a coordinate file are read and dropped.
///
/// **Exactness.** Exact in the sense of [`Decimals`].
///
/// # Errors
/// [`MatrixMarketError`] with the line: another header, kind or symmetry; sizes beyond [`MAX_BYTES`] or beyond what the
/// text can hold; indices outside 1..rows and 1..columns or above the diagonal of a symmetric matrix; a place given
/// twice; too few or too many entries; values that are no decimals, NaN or infinite.
///
/// ```
/// use certinet::{arith::Rational, format::matrix_market::{Decimals, read}};
/// let text = "%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 0.5\n2 1 -2\n";
/// let a = read(text, Decimals::AsDoubles)?.into_dense()?;
/// assert_eq!(a[(0, 1)], Rational::from(-2));
/// # Ok::<(), certinet::format::matrix_market::MatrixMarketError>(())
/// ```
pub fn read(text: &str, decimals: Decimals) -> Result<MatrixFile, MatrixMarketError> {
    let mut lines = Lines { rest: text.lines().enumerate(), last: 0 };
    let header = read_header(lines.rest.next().map_or("", |(_, line)| line)).map_err(|problem| at(1, problem))?;
    lines.last = 1;
    let expected = if header.coordinate { "'rows columns entries'" } else { "'rows columns'" };
    let (line, words) = lines.next()?.ok_or_else(|| at(lines.last, Problem::NoSize { expected }))?;
    let sizes: Option<Vec<usize>> = words.iter().map(|w| plain_integer(w)).collect();
    let sizes = sizes.filter(|s| s.len() == if header.coordinate { 3 } else { 2 });
    let Some(sizes) = sizes else {
        return Err(at(line, Problem::NoSize { expected }));
    };
    let (rows, columns) = (sizes[0], sizes[1]);
    if header.symmetry != Symmetry::General && rows != columns {
        return Err(at(line, Problem::SymmetricNotSquare { rows, columns }));
    }
    // Each row and each column costs something, even without entries.
    check_bytes(rows, 1).and(check_bytes(1, columns)).map_err(|problem| at(line, problem))?;
    let wanted = match sizes.get(2) {
        Some(&entries) => {
            check_bytes(entries, 2).map_err(|problem| at(line, problem))?;
            if rows.checked_mul(columns).is_some_and(|places| entries > places) {
                return Err(at(line, Problem::MoreEntriesThanPlaces { entries, rows, columns }));
            }
            entries
        }
        None => {
            check_bytes(rows, columns).map_err(|problem| at(line, problem))?;
            match header.symmetry {
                Symmetry::General => rows * columns,
                Symmetry::Symmetric => rows * (rows + 1) / 2,
                Symmetry::Skew => rows * rows.saturating_sub(1) / 2,
            }
        }
    };
    // A digit and a line end an entry: what the text cannot hold is refused before it is allocated.
    if wanted > text.len() / 2 + 1 {
        return Err(at(line, Problem::TooShort { entries: wanted, bytes: text.len() }));
    }
    let body = Body { header, rows, columns, wanted, decimals };
    if body.header.coordinate { body.coordinate(lines) } else { body.array(lines) }
}

fn at(line: usize, problem: Problem) -> MatrixMarketError {
    MatrixMarketError { line, problem }
}

fn check_bytes(rows: usize, columns: usize) -> Result<(), Problem> {
    let bytes = rows.checked_mul(columns).and_then(|n| n.checked_mul(size_of::<Rational>()));
    if bytes.is_some_and(|bytes| bytes <= MAX_BYTES) { Ok(()) } else { Err(Problem::TooLarge { rows, columns }) }
}

/// The lines after the header that say something, split into words.
struct Lines<'a> {
    rest: core::iter::Enumerate<core::str::Lines<'a>>,
    /// The number of the last line read, from 1.
    last: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<Option<(usize, Vec<&'a str>)>, MatrixMarketError> {
        for (index, line) in self.rest.by_ref() {
            self.last = index + 1;
            if line.starts_with('%') || line.trim().is_empty() {
                continue;
            }
            // No line has more than three words; one more is kept to be complained about.
            return Ok(Some((index + 1, line.split_ascii_whitespace().take(4).collect())));
        }
        Ok(None)
    }
}

fn read_header(line: &str) -> Result<Header, Problem> {
    let words: Vec<String> = line.split_ascii_whitespace().take(6).map(str::to_ascii_lowercase).collect();
    let [banner, object, layout, field, symmetry] = words.as_slice() else {
        return Err(Problem::NoHeader);
    };
    if banner != "%%matrixmarket" || object != "matrix" {
        return Err(Problem::NoHeader);
    }
    let unsupported = |word: &str, accepted| Problem::Unsupported { word: cut(word), accepted };
    let coordinate = match layout.as_str() {
        "coordinate" => true,
        "array" => false,
        other => return Err(unsupported(other, "array, coordinate")),
    };
    let integer = match field.as_str() {
        "real" | "double" => false,
        "integer" => true,
        other => return Err(unsupported(other, "real, double, integer")),
    };
    let symmetry = match symmetry.as_str() {
        "general" => Symmetry::General,
        "symmetric" => Symmetry::Symmetric,
        "skew-symmetric" => Symmetry::Skew,
        other => return Err(unsupported(other, "general, symmetric, skew-symmetric")),
    };
    Ok(Header { coordinate, integer, symmetry })
}

/// The start of a text, for a message.
fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Digits only: no sign, no point.
fn plain_integer(word: &str) -> Option<usize> {
    if word.bytes().all(|b| b.is_ascii_digit()) { word.parse().ok() } else { None }
}

struct Body {
    header: Header,
    rows: usize,
    columns: usize,
    wanted: usize,
    decimals: Decimals,
}

impl Body {
    fn value(&self, word: &str) -> Result<Rational, Problem> {
        let integer = self.header.integer;
        let plain =
            |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-') || !integer && matches!(b, b'.' | b'e' | b'E');
        let accepted = if integer { "integers such as -12" } else { "decimals such as -0.25 or 1e-3" };
        let fail = || Problem::NoValue { word: cut(word), accepted };
        if !word.bytes().all(plain) {
            return Err(fail());
        }
        // Integers are exact in either reading.
        if integer || self.decimals == Decimals::Exact {
            return word.parse().map_err(|_| fail());
        }
        let double: f64 = word.parse().map_err(|_| fail())?;
        Rational::from_f64(double).map_err(|_| Problem::BeyondDoubles { word: cut(word) })
    }

    fn coordinate(&self, mut lines: Lines<'_>) -> Result<MatrixFile, MatrixMarketError> {
        let (rows, columns) = (self.rows, self.columns);
        let mut entries: Vec<(usize, usize, usize, Rational)> = Vec::with_capacity(self.wanted);
        while let Some((line, words)) = lines.next()? {
            if entries.len() == self.wanted {
                return Err(at(line, Problem::TooMany { expected: self.wanted }));
            }
            let [i, j, value] = words.as_slice() else {
                return Err(at(line, Problem::NoEntry { found: words.len(), accepted: "'row column value'" }));
            };
            let place = plain_integer(i).zip(plain_integer(j));
            let place = place.filter(|&(i, j)| (1..=rows).contains(&i) && (1..=columns).contains(&j));
            let Some((i, j)) = place else {
                let (row, column) = (cut(i), cut(j));
                return Err(at(line, Problem::BadIndex { row, column, rows, columns }));
            };
            let triangle = match self.header.symmetry {
                Symmetry::General => true,
                Symmetry::Symmetric => i >= j,
                Symmetry::Skew => i > j,
            };
            if !triangle {
                return Err(at(line, Problem::WrongTriangle { row: i, column: j }));
            }
            entries.push((i - 1, j - 1, line, self.value(value).map_err(|problem| at(line, problem))?));
        }
        if entries.len() < self.wanted {
            return Err(at(lines.last, Problem::TooFew { expected: self.wanted, found: entries.len() }));
        }
        entries.sort_by_key(|&(i, j, line, _)| (i, j, line));
        for pair in entries.windows(2) {
            if let [(i, j, _, _), (k, l, line, _)] = pair
                && (i, j) == (k, l)
            {
                return Err(at(*line, Problem::Duplicate { row: i + 1, column: j + 1 }));
            }
        }
        let mut triplets = Vec::with_capacity(entries.len());
        for (i, j, _, value) in entries.into_iter().filter(|(_, _, _, value)| !value.is_zero()) {
            match self.header.symmetry {
                Symmetry::Symmetric if i != j => triplets.push((j, i, value.clone())),
                Symmetry::Skew => triplets.push((j, i, -&value)),
                _ => {}
            }
            triplets.push((i, j, value));
        }
        // The checks above leave the size to refuse.
        let sparse = SparseMatrix::from_triplets(rows, columns, triplets);
        sparse.map(MatrixFile::Sparse).map_err(|_| at(lines.last, Problem::TooLarge { rows, columns }))
    }

    fn array(&self, mut lines: Lines<'_>) -> Result<MatrixFile, MatrixMarketError> {
        let (rows, columns) = (self.rows, self.columns);
        let mut values = Vec::with_capacity(self.wanted);
        while let Some((line, words)) = lines.next()? {
            if values.len() == self.wanted {
                return Err(at(line, Problem::TooMany { expected: self.wanted }));
            }
            let [value] = words.as_slice() else {
                return Err(at(line, Problem::NoEntry { found: words.len(), accepted: "one value" }));
            };
            values.push(self.value(value).map_err(|problem| at(line, problem))?);
        }
        if values.len() < self.wanted {
            return Err(at(lines.last, Problem::TooFew { expected: self.wanted, found: values.len() }));
        }
        // Column j of the lower triangle follows rows + (rows - 1) + ... entries, j of these numbers; one less each
        // without the diagonal.
        let lower = |i: usize, j: usize| &values[j * rows + i - j * (j + 1) / 2];
        let strict = |i: usize, j: usize| &values[j * rows + i - j * (j + 1) / 2 - j - 1];
        let entry = |i: usize, j: usize| match self.header.symmetry {
            Symmetry::General => values[j * rows + i].clone(),
            Symmetry::Symmetric => lower(i.max(j), i.min(j)).clone(),
            Symmetry::Skew => match i.cmp(&j) {
                core::cmp::Ordering::Equal => Rational::zero(),
                core::cmp::Ordering::Greater => strict(i, j).clone(),
                core::cmp::Ordering::Less => -strict(j, i),
            },
        };
        Ok(MatrixFile::Dense(Matrix::from_fn(rows, columns, entry)))
    }
}

#[cfg(test)]
mod tests;
