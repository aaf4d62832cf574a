#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

const TEXT: &str = "\
c a comment
c
p cnf  4 5
1 -3 0
  2 3 -4
c inside a clause
 -1 0 4 0
-2 -2 2
0
0
%
0

anything
";

#[test]
fn everything_is_read() {
    let formula = read(TEXT).unwrap();
    let clauses = [vec![1, -3], vec![2, 3, -4, -1], vec![4], vec![-2, -2, 2], vec![]];
    assert_eq!((formula.variables(), formula.clauses()), (4, &clauses[..]));
    assert_eq!(read("p cnf 0 0\n").unwrap().count(0..1), 1);
    assert_eq!(read("p cnf 2 1\r\n1\t2 0\r\n").unwrap().count(0..4), 3);
}

#[test]
fn errors_name_the_line_and_what_is_accepted() {
    for (text, line, words) in [
        ("", 1, "accepted is 'p cnf VARIABLES CLAUSES'"),
        ("c only\n\n", 2, "no header yet"),
        ("1 2 0\n", 1, "no header yet"),
        ("p cnf 3\n", 1, "'p cnf 3' is no header"),
        ("p cnf 3 2 1\n", 1, "is no header"),
        ("p cnf -3 2\n", 1, "is no header"),
        ("p cnf 3 +2\n", 1, "is no header"),
        ("p cnf 3 99999999999999999999\n", 1, "is no header"),
        ("p dnf 3 2\n", 1, "accepted is one line 'p cnf"),
        ("pcnf 3 2\n", 1, "is no header"),
        ("p cnf 3 0\np cnf 3 0\n", 2, "a second header"),
        ("c\np cnf 63 1\n1 0\n", 2, "63 variables; at most 62"),
        ("p cnf 3 1\n1 4 0\n", 2, "'4' is no literal; accepted are numbers from 1 to 3"),
        ("p cnf 3 1\n1 -4 0\n", 2, "'-4' is no literal"),
        ("p cnf 3 1\n1 x 0\n", 2, "'x' is no literal"),
        ("p cnf 3 1\n1 1.5 0\n", 2, "'1.5' is no literal"),
        ("p cnf 3 1\n1 +2 0\n", 2, "'+2' is no literal"),
        ("p cnf 3 1\n1 -99999999999999 0\n", 2, "is no literal"),
        ("p cnf 3 1\n1 - 0\n", 2, "'-' is no literal"),
        ("p cnf 3 1\n1 2\n", 2, "the last clause does not end"),
        ("p cnf 3 1\n1 2\n%\n0\n", 3, "the last clause does not end"),
        ("p cnf 3 2\n1 2 0\n", 2, "there are 1 clauses; accepted are 2"),
        ("p cnf 3 1\n1 2 0\n3\n0\n", 4, "there are 2 clauses; accepted are 1"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.line == line && error.to_string().contains(words), "{text}\n{error}");
        assert!(!error.to_string().contains('\n'));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]
    #[test]
    fn mutated_texts_never_panic(
        edits in prop::collection::vec((any::<usize>(), 0u8..5, any::<char>(), "[0-9 \\n%pcnf-]{0,12}"), 1..6),
    ) {
        let mut letters: Vec<char> = TEXT.chars().collect();
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
            Ok(formula) => prop_assert!(formula.variables() <= Formula::MAX_VARIABLES),
            Err(e) => prop_assert!(e.line >= 1 && e.line <= text.lines().count().max(1), "{}", e),
        }
    }

    /// A formula written in many ways reads as itself.
    #[test]
    fn written_formulas_are_read(
        clauses in prop::collection::vec(prop::collection::vec((1i32..9, any::<bool>()), 0..5), 0..9),
        separators in prop::collection::vec(prop::sample::select(vec![" ", "\n", "\t ", "\nc 1 2 0\n", "\n\n"]), 60),
    ) {
        let clauses: Vec<Vec<i32>> =
            clauses.into_iter().map(|c| c.into_iter().map(|(j, sign)| if sign { j } else { -j }).collect()).collect();
        let mut text = format!("p cnf 8 {}\n", clauses.len());
        let words = clauses.iter().flat_map(|c| c.iter().map(i32::to_string).chain(["0".to_owned()]));
        for (word, separator) in words.zip(&separators) {
            text.push_str(&word);
            text.push_str(separator);
        }
        prop_assert_eq!(read(&text).unwrap(), Formula::new(8, clauses).unwrap());
    }
}
