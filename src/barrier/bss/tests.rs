//! The field against its definition, programs and runs on small cases.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::arith::Rational;

fn number(text: &str, tower: &mut Tower) -> Number {
    read_number(text, tower).unwrap()
}

/// Q(sqrt 2, sqrt 3, sqrt(2 + sqrt 2)), and an element with these coefficients.
fn element(coefficients: &[i64]) -> (Tower, Number) {
    let mut tower = Tower::new();
    let roots = ["1", "sqrt(2)", "sqrt(3)", "sqrt(2 + sqrt(2))"].map(|text| number(text, &mut tower));
    let mut sum = Number::zero();
    for (b, coefficient) in coefficients.iter().enumerate() {
        let chosen = (0..3).filter(|i| b >> i & 1 == 1).map(|i| &roots[i + 1]);
        let product = chosen.fold(roots[0].clone(), |product, root| tower.multiply(&product, root).unwrap());
        let term = product.scaled(&Rational::ratio(*coefficient, 1 + b as i64));
        sum = tower.add(&sum, &term).unwrap();
    }
    (tower, sum)
}

fn coefficients() -> impl Strategy<Value = Vec<i64>> {
    proptest::collection::vec(-5i64..=5, 8)
}

proptest! {
    #[test]
    fn the_tower_is_an_ordered_field(a in coefficients(), b in coefficients(), c in coefficients()) {
        let ((tower, a), (_, b), (_, c)) = (element(&a), element(&b), element(&c));
        prop_assert_eq!(tower.radicands().len(), 3);
        let product = |x: &Number, y: &Number| tower.product(x, y);
        prop_assert_eq!(product(&a, &b), product(&b, &a));
        prop_assert_eq!(product(&product(&a, &b), &c), product(&a, &product(&b, &c)));
        prop_assert_eq!(product(&a, &b.sum(&c)), product(&a, &b).sum(&product(&a, &c)));
        if !b.is_zero() {
            prop_assert_eq!(product(&tower.divide(&a, &b).unwrap(), &b), a.clone());
            // The sign a second time: from an enclosure that does not hold 0.
            let (lo, hi) = tower.enclosure(&b, 20);
            prop_assert_eq!((lo.signum(), hi.signum()), (tower.sign(&b), tower.sign(&b)));
        }
        prop_assert_eq!(tower.sign(&product(&a, &b)), tower.sign(&a) * tower.sign(&b));
        prop_assert!(tower.sign(&product(&a, &a).sum(&product(&b, &b))) >= 0);
    }

    #[test]
    fn squares_have_their_root_in_the_field(a in coefficients(), extra in 0usize..3) {
        let (mut tower, a) = element(&a);
        let square = tower.product(&a, &a);
        let root = tower.sqrt(&square).unwrap();
        prop_assert_eq!(tower.radicands().len(), 3);
        prop_assert!(tower.sign(&root) >= 0 && (root == a || root == -&a));
        // Over these fields 5, 7 and 11 are no squares, and neither are they times a square.
        let prime = Rational::from([5, 7, 11][extra]);
        let other = square.scaled(&prime);
        if !a.is_zero() {
            let root = tower.sqrt(&other).unwrap();
            prop_assert_eq!(tower.radicands().len(), 4);
            prop_assert_eq!(tower.product(&root, &root), other);
            prop_assert_eq!(tower.sign(&root), 1);
        }
    }

    #[test]
    fn enclosures_hold_the_number_and_are_narrow(a in coefficients(), bits in 1u32..100) {
        let (tower, a) = element(&a);
        let (lo, hi) = tower.enclosure(&a, bits);
        // lo <= a <= hi, decided in the field.
        prop_assert!(tower.sign(&a.difference(&Number::from(lo.clone()))) >= 0);
        prop_assert!(tower.sign(&Number::from(hi.clone()).difference(&a)) >= 0);
        prop_assert!(&hi - &lo <= lo.abs().max(hi.abs()) * Rational::power_of_two(-i64::from(bits)));
    }

    #[test]
    fn text_reads_back(a in coefficients()) {
        let (mut tower, a) = element(&a);
        let text = tower.text(&a);
        prop_assert_eq!(number(&text, &mut tower), a.clone());
        // In a field that is built anew the roots come in another order; the number is the same in decimals.
        let mut fresh = Tower::new();
        let again = number(&text, &mut fresh);
        prop_assert_eq!(fresh.sign(&again), tower.sign(&a));
        let ((lo, hi), (other_lo, other_hi)) = (tower.enclosure(&a, 60), fresh.enclosure(&again, 60));
        prop_assert!(lo <= other_hi && other_lo <= hi);
    }
}

#[test]
fn roots_are_adjoined_only_where_they_are_new() {
    for (texts, roots, zero) in [
        (vec!["sqrt(8)", "sqrt(2)"], 1, "sqrt(8) - 2*sqrt(2)"),
        (vec!["sqrt(2)", "sqrt(3)", "sqrt(6)"], 2, "sqrt(6) - sqrt(2)*sqrt(3)"),
        (vec!["sqrt(3 + 2*sqrt(2))"], 1, "sqrt(3 + 2*sqrt(2)) - 1 - sqrt(2)"),
        // The field is Q(sqrt 6, sqrt(5 + 2 sqrt 6)), and sqrt 2 and sqrt 3 lie in it.
        (vec!["sqrt(5 + 2*sqrt(6))", "sqrt(2)", "sqrt(3)"], 2, "sqrt(5 + 2*sqrt(6)) - sqrt(2) - sqrt(3)"),
        (vec!["sqrt(4/9)", "sqrt(0)"], 0, "sqrt(4/9) - 2/3"),
        (vec!["sqrt(sqrt(16))"], 0, "sqrt(sqrt(16)) - 2"),
        (vec!["sqrt(1/2)"], 1, "sqrt(1/2)*sqrt(2) - 1"),
        (vec!["sqrt((1 + sqrt(5))/2)"], 2, "sqrt((1 + sqrt(5))/2)*sqrt((1 + sqrt(5))/2) - (1 + sqrt(5))/2"),
    ] {
        let mut tower = Tower::new();
        for text in &texts {
            number(text, &mut tower);
        }
        assert_eq!(tower.radicands().len(), roots, "{texts:?}");
        assert_eq!(number(zero, &mut tower), Number::zero(), "{zero}");
    }
}

#[test]
fn close_numbers_are_told_apart() {
    let mut tower = Tower::new();
    for (text, sign) in [
        ("1414213562373095/10^15 - sqrt(2)", -1),
        ("665857/470832 - sqrt(2)", 1),
        ("sqrt(2) + sqrt(3) - sqrt(5) - 9101964/10^7", -1),
        ("sqrt(2) + sqrt(3) - sqrt(5) - 9101963/10^7", 1),
        ("sqrt(1 + 2^-400) - 1", 1),
        ("1 + 2^-401 - sqrt(1 + 2^-400)", 1),
    ] {
        let a = number(text, &mut tower);
        assert_eq!(tower.sign(&a), sign, "{text}");
    }
}

#[test]
fn limits_and_values_that_do_not_exist_are_said() {
    let mut tower = Tower::new();
    for (i, prime) in [2, 3, 5, 7, 11, 13, 17].into_iter().enumerate() {
        let root = tower.sqrt(&Number::from(prime));
        assert_eq!(root.err(), (i >= MAX_ROOTS).then_some(FieldError::Roots));
    }
    assert_eq!(tower.sqrt(&Number::from(-1)), Err(FieldError::NegativeRadicand));
    assert_eq!(tower.divide(&Number::from(1), &Number::zero()), Err(FieldError::DivisionByZero));
    let large = Number::from(Rational::power_of_two(MAX_BITS as i64 - 10));
    assert_eq!(tower.multiply(&large, &large), Err(FieldError::Bits));
    for (text, words) in [
        ("", "character 1"),
        ("1 +", "character 4"),
        ("sqrt 2", "character 6"),
        ("(1", "character 3"),
        ("1)", "character 2"),
        ("1/0", "division by zero"),
        ("sqrt(1 - sqrt(2))", "negative number"),
        ("2^40000", "bits"),
        ("1e400000", "no number"),
        ("x", "accepted are 1/2"),
    ] {
        let error = read_number(text, &mut Tower::new()).unwrap_err().to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
    let deep = format!("{}1{}", "(".repeat(40), ")".repeat(40));
    assert!(matches!(read_number(&deep, &mut tower), Err(ExpressionError::Depth { .. })));
}

#[test]
fn programs_are_refused_with_their_line() {
    for (text, line, words) in [
        ("", 1, "no instruction"),
        ("# nothing\n", 1, "no instruction"),
        ("real x\nx := 1", 2, "past its end"),
        ("real x\nx = 1\nhalt", 2, "'x = 1' is no instruction"),
        ("y := 1\nhalt", 1, "'y' is not declared"),
        ("real x x\nhalt", 1, "'x' is declared twice"),
        ("index in\nhalt", 1, "'in' is declared twice"),
        ("real 2x\nhalt", 1, "'2x' is no name"),
        ("real if\nhalt", 1, "'if' is no name"),
        ("goto there\nhalt", 1, "no line has the label 'there'"),
        ("a:\na: halt", 2, "'a' is declared twice"),
        ("halt\nend:\n", 2, "stands before no instruction"),
        ("real x\nif x < 1 goto a\na: halt", 2, "'1' is no bound of a branch"),
        ("real x\nindex i\ni := x\nhalt", 3, "'x' is no index"),
        ("real x\nindex i\nx := i\nhalt", 3, "'i' is no cell"),
        ("real x\nindex i\ni := i / 2\nhalt", 3, "is no instruction"),
        ("real x\nx := x[j]\nhalt", 2, "'j' is not declared"),
        ("real x\nx := x[1\nhalt", 2, "'x[1' is no cell"),
        ("real x\nx := 1/0\nhalt", 2, "'1/0' is no real"),
        ("real x\nx := 2^40000\nhalt", 2, "'2^40000' is no real"),
    ] {
        let error = read_program(text).unwrap_err();
        assert!(error.line == line && error.to_string().contains(words), "{text:?}: {error}");
        assert!(!error.to_string().contains('\n'));
    }
    assert!(matches!(read_program(&"\n".repeat(100_001)).unwrap_err().problem, Problem::Long { .. }));
}

fn run_text(text: &str, input: &[i64], steps: u64) -> Result<Run, RunError> {
    let input: Vec<Number> = input.iter().map(|n| Number::from(*n)).collect();
    run(&read_program(text).unwrap(), &input, &mut Tower::new(), &RunOptions { steps, trace: 3 })
}

#[test]
fn every_instruction_does_what_it_says() {
    // The sum of the inputs, twice, by cells before and behind a register; cells start with 0.
    let text = "real s x\nindex i j\nj := count * 2\nj := j - count\nloop: if i = j goto done\ns := s + in[i]\n\
                x[i+1] := s\ni := i + 1\ngoto loop\ndone: output x[i]\noutput x[i-1]\noutput x[9]\n\
                x := s / 4\nx := x - 1/4\nx := x * x\nx := sqrt x\noutput x\nif 1 < i goto end\noutput 77\nend: halt";
    let run = run_text(text, &[3, 4, 6], 100).unwrap();
    assert_eq!(run.ending, Ending::Halted);
    assert_eq!(run.outputs, [13, 7, 0, 3].map(Number::from));
    let counts = Counts {
        additions: 3,
        subtractions: 1,
        multiplications: 1,
        divisions: 1,
        roots: 1,
        copies: 3,
        branches: 0,
        // Two assignments, four tests, three increments, three jumps, the last test.
        control: 13,
        outputs: 4,
        halts: 1,
    };
    assert_eq!((run.counts, counts.steps()), (counts, 28));
    assert_eq!(run.trace.len(), 3);
    assert_eq!(run.trace[0], Step { instruction: 0, value: Some(Value::Index(6)) });
}

#[test]
fn runs_end_as_open_or_as_errors_with_their_line() {
    let open = |text: &str, steps| run_text(text, &[2], steps).unwrap().ending;
    assert_eq!(open("l: goto l", 50), Ending::Open { line: 1, limit: Limit::Steps(50) });
    assert_eq!(open("output 1\nhalt", 1), Ending::Open { line: 2, limit: Limit::Steps(1) });
    assert_eq!(open("output 1\nhalt", 2), Ending::Halted);
    let squares = "l:\nin[0] := in[0] * in[0]\ngoto l";
    assert_eq!(open(squares, 1000), Ending::Open { line: 2, limit: Limit::Field(FieldError::Bits) });
    let roots = "l:\nin[0] := sqrt in[0]\ngoto l";
    assert_eq!(open(roots, 1000), Ending::Open { line: 2, limit: Limit::Field(FieldError::Roots) });
    let cells = "index i\nl:\ni := i + 1\nin[i] := 1\ngoto l";
    assert_eq!(open(cells, 1_000_000), Ending::Open { line: 4, limit: Limit::Cells });
    for (text, line, words) in [
        ("real x\nx := 1 / x\nhalt", 2, "division by zero"),
        ("real x\nx := sqrt -2\nhalt", 2, "square root of a negative"),
        ("\n\nin[-1] := 2\nhalt", 3, "in[-1] is no cell"),
        ("index i\ni := 9223372036854775807\noutput in[i+9]\nhalt", 3, "is no cell"),
        ("index i\ni := 9223372036854775807\ni := i * i\nhalt", 3, "64 bits"),
    ] {
        let error = run_text(text, &[], 10).unwrap_err();
        assert!(error.line == line && error.to_string().contains(words), "{error}");
    }
}

#[test]
fn mutated_programs_and_numbers_do_not_panic() {
    let programs = [
        include_str!("../../../examples/bss/l1.bss"),
        include_str!("../../../examples/bss/pseudoinverse.bss"),
        include_str!("../../../examples/bss/spectral_norm.bss"),
        include_str!("../../../examples/bss/classifier.bss"),
    ]
    .map(|text| text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n"));
    let numbers = ["1/2 + 3/4*sqrt(2 + sqrt(3))", "-(1e-3 - 2^-20)/sqrt(5)", "sqrt(2)*sqrt(6)"];
    let mut state = 7u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let (mut accepted, mut ended) = (0, 0);
    for case in 0..10_000 {
        let (mut text, is_number) =
            if case % 4 == 3 { (numbers[random(3)].to_owned(), true) } else { (programs[random(4)].clone(), false) };
        for _ in 0..1 + random(3) {
            let at = |index| text.char_indices().nth(index).map_or(text.len(), |(at, _)| at);
            let length = text.chars().count();
            let (from, to) = (at(random(length)), random(length));
            let end = at((text[..from].chars().count() + random(4)).min(length));
            let piece: String = text.chars().skip(to).take(random(6)).collect();
            match random(3) {
                0 => text.replace_range(from..end, ""),
                1 => text.insert_str(from, &piece),
                _ => text.replace_range(from..end, ["0", "-", "[", "]", "i", "\n", " ", "9", "é", "sqrt("][random(10)]),
            }
        }
        let mut tower = Tower::new();
        if is_number {
            accepted += usize::from(read_number(&text, &mut tower).is_ok());
        } else if let Ok(program) = read_program(&text) {
            accepted += 1;
            let root = tower.sqrt(&Number::from(2)).unwrap();
            let input = [Number::from(2), Number::from(1), root, Number::from(-3)];
            ended += usize::from(run(&program, &input, &mut tower, &RunOptions { steps: 300, trace: 0 }).is_ok());
        }
    }
    // Many texts stay programs, so that runs are tested too.
    assert!(accepted > 500 && ended > 400, "{accepted} {ended}");
}
