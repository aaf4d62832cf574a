use super::*;
use proptest::prelude::*;

const DENSE: &str = "%%MatrixMarket matrix array real symmetric\n% a small matrix\n3 3\n0.5\n-0.25\n1e-3\n2\n0\n7.5\n";
const COLUMN: &str = "%%MatrixMarket matrix array real general\n%% a right-hand side\n3 1\n0.1\n-2.5E1\n+3\n";
const SPARSE: &str = "%%MatrixMarket matrix coordinate real general\n2 3 4\n1 1 0.5\n2 3 -1e-3\n1 3 4\n2 1 0.0\n";
const SKEW: &str = "%%MatrixMarket matrix coordinate integer skew-symmetric\n3 3 2\n\n2 1 5\n3 2 -7\n";
const SKEW_ARRAY: &str = "%%MatrixMarket matrix array integer skew-symmetric\n4 4\n21\n31\n41\n32\n42\n43\n";

fn dense(text: &str, decimals: Decimals) -> Matrix {
    read(text, decimals).and_then(MatrixFile::into_dense).unwrap_or_else(|e| unreachable!("{e}"))
}
fn numbers(rows: &[&[&str]]) -> Matrix {
    Matrix::from_fn(rows.len(), rows[0].len(), |i, j| rows[i][j].parse().unwrap_or_default())
}
fn problem(text: &str) -> (usize, Problem) {
    match read(text, Decimals::AsDoubles) {
        Err(MatrixMarketError { line, problem }) => (line, problem),
        Ok(a) => unreachable!("read as {a:?}"),
    }
}

#[test]
fn files_are_read() {
    let symmetric = numbers(&[&["1/2", "-1/4", "1/1000"], &["-1/4", "2", "0"], &["1/1000", "0", "15/2"]]);
    assert_eq!(dense(DENSE, Decimals::Exact), symmetric);
    assert_eq!(dense(COLUMN, Decimals::Exact), numbers(&[&["1/10"], &["-25"], &["3"]]));
    assert_eq!(dense(COLUMN, Decimals::AsDoubles)[(0, 0)], Rational::ratio(3602879701896397, 1 << 55));
    assert_eq!(dense(SPARSE, Decimals::Exact), numbers(&[&["1/2", "0", "4"], &["0", "0", "-1/1000"]]));
    assert!(matches!(read(SPARSE, Decimals::Exact), Ok(MatrixFile::Sparse(a)) if a.nonzeros() == 3));
    assert_eq!(dense(SKEW, Decimals::AsDoubles), numbers(&[&["0", "-5", "0"], &["5", "0", "7"], &["0", "-7", "0"]]));
    let skew = numbers(&[
        &["0", "-21", "-31", "-41"],
        &["21", "0", "-32", "-42"],
        &["31", "32", "0", "-43"],
        &["41", "42", "43", "0"],
    ]);
    assert_eq!(dense(SKEW_ARRAY, Decimals::Exact), skew);
    let large = "%%matrixmarket MATRIX Array Real Symmetric\n4 4\n11\n21\n31\n41\n22\n32\n42\n33\n43\n44\n";
    let entry = |i: usize, j: usize| Rational::from(10 * (i.max(j) + 1) + i.min(j) + 1);
    assert_eq!(dense(large, Decimals::AsDoubles), Matrix::from_fn(4, 4, entry));
    for shape in ["0 0", "0 3", "3 0"] {
        let text = format!("%%MatrixMarket matrix array real general\n{shape}\n");
        assert!(read(&text, Decimals::Exact).is_ok_and(|a| shape == format!("{} {}", a.shape().0, a.shape().1)));
    }
    let symmetric_empty = "%%MatrixMarket matrix array real skew-symmetric\n0 0\n";
    assert!(read(symmetric_empty, Decimals::Exact).is_ok());
}

#[test]
fn wrong_files_are_refused_at_their_line() {
    assert_eq!(problem(""), (1, Problem::NoHeader));
    assert_eq!(problem("3 3\n1\n"), (1, Problem::NoHeader));
    let header = |line: &str| problem(&DENSE.replace("array real symmetric", line));
    for (line, word) in [
        ("array complex general", "complex"),
        ("coordinate pattern general", "pattern"),
        ("array real hermitian", "hermitian"),
        ("vector real general", "vector"),
    ] {
        assert!(matches!(header(line), (1, Problem::Unsupported { word: found, .. }) if found == word));
    }
    let edit = |text: &str, old: &str, new: &str| {
        assert!(text.contains(old), "{old:?} is in the example");
        problem(&text.replacen(old, new, 1))
    };
    assert!(matches!(edit(DENSE, "3 3", "3"), (3, Problem::NoSize { .. })));
    assert!(matches!(edit(DENSE, "3 3", "3 -3"), (3, Problem::NoSize { .. })));
    assert!(matches!(edit(SPARSE, "2 3 4", "2 3"), (2, Problem::NoSize { .. })));
    assert_eq!(edit(DENSE, "3 3", "3 2"), (3, Problem::SymmetricNotSquare { rows: 3, columns: 2 }));
    assert_eq!(edit(DENSE, "7.5\n", ""), (8, Problem::TooFew { expected: 6, found: 5 }));
    assert_eq!(edit(DENSE, "7.5\n", "7.5\n% end\n1\n"), (11, Problem::TooMany { expected: 6 }));
    assert!(matches!(edit(DENSE, "7.5", "7.5 1"), (9, Problem::NoEntry { found: 2, .. })));
    for word in ["nan", "inf", "-Infinity", "1/2", "0x10", "1d3", "--1", ".", "e5", "2^3", "1e", "\u{661}"] {
        assert!(matches!(edit(DENSE, "7.5", word), (9, Problem::NoValue { .. })), "{word}");
    }
    assert!(matches!(edit(DENSE, "7.5", "1e400"), (9, Problem::BeyondDoubles { .. })));
    assert!(matches!(edit(SKEW, "1 5", "1 5.5"), (4, Problem::NoValue { .. })));
    for place in ["0 3", "3 3", "2 4", "2 0", "-1 3", "x 3", "99999999999999999999999 1"] {
        assert!(matches!(edit(SPARSE, "2 3 -1e-3", &format!("{place} 1")), (4, Problem::BadIndex { .. })), "{place}");
    }
    assert_eq!(edit(SPARSE, "1 3 4", "1 1 4"), (5, Problem::Duplicate { row: 1, column: 1 }));
    assert_eq!(edit(SKEW, "2 1 5", "1 2 5"), (4, Problem::WrongTriangle { row: 1, column: 2 }));
    assert_eq!(edit(SKEW, "2 1 5", "2 2 5"), (4, Problem::WrongTriangle { row: 2, column: 2 }));
    assert_eq!(edit(SPARSE, "2 3 4", "2 3 7"), (2, Problem::MoreEntriesThanPlaces { entries: 7, rows: 2, columns: 3 }));
}

#[test]
fn absurd_sizes_are_refused_before_allocation() {
    for sizes in ["99999999 99999999", "18446744073709551615 2", "4294967296 4294967296", "1000000000 1"] {
        let text = format!("%%MatrixMarket matrix array real general\n{sizes}\n1\n");
        assert!(matches!(problem(&text), (2, Problem::TooLarge { .. })), "{sizes}");
    }
    let text = "%%MatrixMarket matrix array real general\n3000 3000\n1\n";
    assert!(matches!(problem(text), (2, Problem::TooShort { entries: 9_000_000, .. })));
    for sizes in ["99999999999 2 1", "2 99999999999 1", "5 5 18446744073709551615", "1000 1000 900000"] {
        let text = format!("%%MatrixMarket matrix coordinate real general\n{sizes}\n1 1 1\n");
        assert!(matches!(problem(&text), (2, Problem::TooLarge { .. } | Problem::TooShort { .. })), "{sizes}");
    }
    // Sparse it fits, dense it does not.
    let text = "%%MatrixMarket matrix coordinate real general\n1000000 1000000 1\n1 1 1\n";
    let sparse = read(text, Decimals::Exact);
    assert!(sparse.as_ref().is_ok_and(|a| a.shape() == (1_000_000, 1_000_000)));
    assert!(sparse.and_then(MatrixFile::into_dense).is_err_and(|e| matches!(e.problem, Problem::TooLarge { .. })));
}

#[test]
fn only_what_can_be_written_exactly_is() {
    let third = Matrix::from_fn(1, 2, |_, j| Rational::ratio(1, 1 + 2 * j as i64));
    for decimals in [Decimals::AsDoubles, Decimals::Exact] {
        assert!(write_array(&third, decimals).is_err_and(|e| (e.row, e.column) == (0, 1)));
    }
    let tenth = Matrix::from_fn(1, 1, |_, _| Rational::ratio(1, 10));
    assert!(write_array(&tenth, Decimals::AsDoubles).is_err());
    assert_eq!(write_array(&tenth, Decimals::Exact).map(|text| dense(&text, Decimals::Exact)), Ok(tenth.clone()));
    let near = dense(&approx_write_array(&tenth), Decimals::AsDoubles);
    assert!((&near[(0, 0)] - &tenth[(0, 0)]).abs() <= Rational::power_of_two(-55));
}

proptest! {
    #[test]
    fn written_matrices_read_back(
        (rows, columns, bits) in (0usize..4, 0usize..4)
            .prop_flat_map(|(m, n)| (Just(m), Just(n), proptest::collection::vec(any::<u64>(), m * n))),
    ) {
        let a = Matrix::from_fn(rows, columns, |i, j| {
            Rational::from_f64(f64::from_bits(bits[i * columns + j])).unwrap_or_default()
        });
        for decimals in [Decimals::AsDoubles, Decimals::Exact] {
            let text = write_array(&a, decimals).map_err(|e| TestCaseError::fail(e.to_string()))?;
            let back = read(&text, decimals).and_then(MatrixFile::into_dense);
            prop_assert_eq!(back.as_ref(), Ok(&a));
        }
        let back = read(&approx_write_array(&a), Decimals::AsDoubles).and_then(MatrixFile::into_dense);
        prop_assert_eq!(back.as_ref(), Ok(&a));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]
    #[test]
    fn mutated_files_never_panic(
        text in prop_oneof![Just(DENSE), Just(COLUMN), Just(SPARSE), Just(SKEW), Just(SKEW_ARRAY)],
        edits in proptest::collection::vec((any::<usize>(), 0u8..5, any::<char>(), "[0-9 .eE\\n%+-]"), 1..6),
        exact in any::<bool>(),
    ) {
        let mut letters: Vec<char> = text.chars().collect();
        for (place, kind, letter, near) in edits {
            if letters.is_empty() { break; }
            let place = place % letters.len();
            match kind {
                0 => letters[place] = letter,
                1 => letters.insert(place, letter),
                2 => { letters.remove(place); }
                3 => letters.splice(place..place, near.chars()).for_each(drop),
                _ => letters.truncate(place),
            }
        }
        let text: String = letters.into_iter().collect();
        let decimals = if exact { Decimals::Exact } else { Decimals::AsDoubles };
        match read(&text, decimals) {
            // What is read is a matrix of the announced shape, and an error names a line of the text.
            Ok(a) => { let _ = a.into_sparse(); }
            Err(e) => prop_assert!(e.line >= 1 && e.line <= text.lines().count().max(1), "{}", e),
        }
    }
    #[test]
    fn random_texts_never_panic(text in "\\PC{0,60}", body in "[0-9 .eE\\n%+-]{0,60}") {
        let _ = read(&text, Decimals::AsDoubles);
        for start in ["array real general", "coordinate real symmetric", "array integer skew-symmetric"] {
            let _ = read(&format!("%%MatrixMarket matrix {start}\n{body}"), Decimals::Exact);
        }
    }
}
