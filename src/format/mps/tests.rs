#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::arith::Rational;
use crate::programs::{Answer, Range, Sense, solve};

const FREE: &str = "\
* a comment
NAME small one
OBJSENSE
    MAX
ROWS
 N profit
 L lim
 G least
 E same
 N other
COLUMNS
 x profit 1.5 lim 1
 x same -.5e1
 y profit -2D-1 other 7
 M1 'MARKER' 'INTORG'
 z lim 2. least 1
 M2 'MARKER' 'INTEND'
 w same 1
RHS
 rhs lim 4 profit 10
 rhs least -3
RANGES
 rng lim 2.5 least -4
 rng same -2
BOUNDS
 UP b x -1
 MI b y
 UP b y 3
 BV b z
 FX b w 0.1
ENDATA
anything
";

/// Names with blanks, no names of sets.
const FIXED: &str = "\
NAME          TWO WORDS
ROWS
 N  COST 1
 L  ROW A
 E  ROW B
COLUMNS
    COL 1     COST 1              1.   ROW A              1.
    COL 1     ROW B               2.
    COL 2     COST 1             -1.   ROW A             .5
RHS
              ROW A               4.   ROW B             3.0
BOUNDS
 UP           COL 2              10.
ENDATA
";

fn r(text: &str) -> Rational {
    text.parse().unwrap()
}

#[test]
fn everything_is_read() {
    let file = read(FREE).unwrap();
    assert_eq!((file.name.as_str(), file.objective.as_str(), &file.integers[..]), ("small one", "profit", &[2][..]));
    let program = &file.program;
    assert_eq!((program.sense(), program.constant()), (Sense::Maximise, &r("-10")));
    let between = |lower: &str, upper: &str| Range { lower: Some(r(lower)), upper: Some(r(upper)) };
    let rows: Vec<(&str, &Range)> = program.rows().iter().map(|row| (row.name.as_str(), &row.range)).collect();
    assert_eq!(rows, [("lim", &between("1.5", "4")), ("least", &between("-3", "1")), ("same", &between("-2", "0"))]);
    let columns: Vec<_> = program
        .columns()
        .iter()
        .map(|c| (c.name.as_str(), c.cost.clone(), c.range.clone(), c.entries.clone()))
        .collect();
    assert_eq!(
        columns,
        [
            ("x", r("3/2"), Range::at_most(r("-1")), vec![(0, r("1")), (2, r("-5"))]),
            ("y", r("-1/5"), Range::at_most(r("3")), vec![]),
            ("z", r("0"), between("0", "1"), vec![(0, r("2")), (1, r("1"))]),
            ("w", r("0"), Range::point(r("1/10")), vec![(2, r("1"))]),
        ]
    );
}

#[test]
fn fixed_fields_may_hold_blanks() {
    let file = read(FIXED).unwrap();
    assert_eq!(file.program.columns()[1].range, Range { lower: Some(r("0")), upper: Some(r("10")) });
    assert_eq!(file.program.rows()[1].name, "ROW B");
    // x = 3/2, 3/2 + y / 2 <= 4: y = 5, and 3/2 - 5.
    assert!(matches!(solve(&file.program), Answer::Optimal { value, .. } if value == r("-7/2")));
}

/// Bounds and what they make of a column.
#[test]
fn ends_of_columns() {
    let between = |lower: &str, upper: &str| Range { lower: Some(r(lower)), upper: Some(r(upper)) };
    for (bounds, range) in [
        ("", Range::at_least(r("0"))),
        (" UP b x 0\n", between("0", "0")),
        (" UP b x -2\n", Range::at_most(r("-2"))),
        (" UP b x -2\n LO b x -3\n", between("-3", "-2")),
        (" LO b x -3\n UP b x -2\n", between("-3", "-2")),
        (" MI b x\n", Range::free()),
        (" MI b x\n UP b x 5\n", Range::at_most(r("5"))),
        (" FR b x\n", Range::free()),
        (" PL b x\n", Range::at_least(r("0"))),
        (" LO b x -inf\n", Range::free()),
        (" UP b x Infinity\n", Range::at_least(r("0"))),
        (" UP x 1e30\n", between("0", "1e30")),
        (" FR x\n", Range::free()),
        (" LI b x 2\n UI b x 7\n", between("2", "7")),
    ] {
        let text = format!("ROWS\n N c\nCOLUMNS\n x c 1\nBOUNDS\n{bounds}ENDATA\n");
        let file = read(&text).unwrap();
        assert_eq!(file.program.columns()[0].range, range, "{bounds}");
        assert_eq!(file.integers.is_empty(), !bounds.contains("LI"), "{bounds}");
    }
}

#[test]
fn errors_name_the_line_and_what_is_accepted() {
    let frame = |rows: &str, columns: &str, rest: &str| {
        format!("ROWS\n N c\n L r\n{rows}COLUMNS\n x c 1 r 1\n{columns}{rest}ENDATA\n")
    };
    for (text, line, words) in [
        (frame(" Q q\n", "", ""), 4, "accepted are N, L, G and E"),
        (frame(" L r\n", "", ""), 4, "row 'r' is given a second time"),
        (frame(" L\n", "", ""), 4, "a type and a name"),
        (frame("", " x q 1\n", ""), 6, "no row 'q'"),
        (frame("", " x r 1\n", ""), 6, "a number of this column in row 'r' is given a second time"),
        (frame("", " y r 1\n x r 1\n", ""), 7, "column 'x' is given a second time"),
        (frame("", " y r one\n", ""), 6, "'one' is no number"),
        (frame("", " y r 1/3\n", ""), 6, "'1/3' is no number"),
        (frame("", " y r 1e2000\n", ""), 6, "exponents up to 1000"),
        (frame("", " y r\n", ""), 6, "one or two pairs"),
        (frame("", " M 'MARKER' 'INTO'\n", ""), 6, "'INTORG' and 'INTEND'"),
        (frame("", "", "RHS\n a r 1\n b r 2\n"), 8, "'b' is a second set of right-hand sides besides 'a'"),
        (frame("", "", "RHS\n a r 1\n a r 2\n"), 8, "the right-hand side of row 'r' is given a second time"),
        (frame("", "", "RANGES\n a q 1\n"), 7, "no row 'q'"),
        (frame("", "", "BOUNDS\n SC a x 1\n"), 7, "'SC' is no type of a bound"),
        (frame("", "", "BOUNDS\n UP a y 1\n"), 7, "no column 'y'"),
        (frame("", "", "BOUNDS\n UP a x\n"), 7, "'a'"),
        (frame("", "", "BOUNDS\n UP a x 1\n FX a x 1\n"), 8, "an end of column 'x' is given a second time"),
        (frame("", "", "BOUNDS\n LO a x 1\n UP a x 0\n"), 9, "column x has its lower bound above its upper bound"),
        (frame("", "", "SOS1\n"), 6, "'SOS1' is no section"),
        (frame("", "", "RHS\nRHS\n"), 7, "each section once"),
        ("COLUMNS\n".to_owned(), 1, "ROWS before COLUMNS"),
        ("NAME a\nROWS\n L r\nCOLUMNS\nENDATA\n".to_owned(), 5, "accepted is one row of type N"),
        ("ROWS\n N c\nCOLUMNS\n".to_owned(), 3, "without ENDATA"),
        ("OBJSENSE MORE\n".to_owned(), 1, "accepted are MIN and MAX"),
        (String::new(), 1, "without ENDATA"),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.line == line && error.to_string().contains(words), "{text}\n{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]
    #[test]
    fn mutated_texts_never_panic(
        fixed in any::<bool>(),
        edits in prop::collection::vec((any::<usize>(), 0u8..5, any::<char>(), "[0-9 .eE\\n'xNLR-]"), 1..6),
    ) {
        let mut letters: Vec<char> = if fixed { FIXED } else { FREE }.chars().collect();
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
        match read(&text) {
            Ok(file) => prop_assert!(file.integers.iter().all(|&j| j < file.program.columns().len())),
            Err(e) => prop_assert!(e.line >= 1 && e.line <= text.lines().count().max(1), "{}", e),
        }
    }
}
