#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn message<T>(result: Result<T, OptionError>) -> String {
    result.err().unwrap().to_string()
}

#[test]
fn numbers_are_read_exactly_and_ranges_are_open_where_they_say_so() {
    assert_eq!(positive_rational("1e-3"), Ok(Rational::ratio(1, 1000)));
    assert_eq!(open_unit_interval("2^-20"), Ok(Rational::power_of_two(-20)));
    assert_eq!(message(positive_rational("0")), "0 is out of range: accepted are numbers above 0");
    for end in ["0", "1", "-1/2", "1.5"] {
        assert!(open_unit_interval(end).is_err(), "{end}");
    }
    assert_eq!(message(rational("one")), "'one' is not a number: accepted are 7, -2/3, 0.001, 1e-3, 2^-20");
}

#[test]
fn counts_have_both_ends() {
    let size = count(4096);
    assert_eq!(size("1"), Ok(1));
    assert_eq!(size("4096"), Ok(4096));
    for text in ["0", "4097", "-1", "+1", "1.0", "", "99999999999999999999999"] {
        assert!(message(size(text)).ends_with("accepted are whole numbers from 1 to 4096"), "{text}");
    }
    assert_eq!(whole_number(0, 3)("0"), Ok(0));
}

#[test]
fn lists() {
    let list: RationalList = "1/3, 2/5,-1".parse().unwrap();
    assert_eq!(list.0, [Rational::ratio(1, 3), Rational::ratio(2, 5), Rational::from(-1)]);
    assert_eq!(message("1,,2".parse::<RationalList>()), "entry 2 is empty: accepted is a list 1/3,2/5,..");
    assert!("".parse::<RationalList>().is_err());
    assert!("1/0".parse::<RationalList>().is_err());
}

#[test]
fn domains() {
    let domain: DomainOption = "0:1,-1/2:1/2,3:3".parse().unwrap();
    assert_eq!(domain.0.len(), 3);
    assert_eq!(domain.0[1], (Rational::ratio(-1, 2), Rational::ratio(1, 2)));
    let reversed = message("0:1,1:0".parse::<DomainOption>());
    assert_eq!(reversed, "interval 2 has its ends in the wrong order: accepted is lower:upper");
    assert!(message("0:1,2".parse::<DomainOption>()).starts_with("entry 2 ('2') is no pair"));
    assert!("0:1:2".parse::<DomainOption>().is_err());
}

#[test]
fn points() {
    let points: PointsOption = "0:0,1/2:1,1:0".parse().unwrap();
    assert_eq!(points.0[1], (Rational::ratio(1, 2), Rational::one()));
    assert!(message("0:0,1:1,1:2".parse::<PointsOption>()).starts_with("point 3 does not lie to the right"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn no_text_panics(text in "[-+0-9a/.,:^e ]{0,24}|\\PC{0,40}") {
        let _ = rational(&text);
        let _ = positive_rational(&text);
        let _ = open_unit_interval(&text);
        let _ = count(10)(&text);
        let _ = text.parse::<RationalList>();
        let _ = text.parse::<DomainOption>();
        let _ = text.parse::<PointsOption>();
    }
    #[test]
    fn lists_round_trip(numbers in prop::collection::vec((any::<i32>(), 1..1000i64), 1..8)) {
        let numbers: Vec<Rational> = numbers.into_iter().map(|(p, q)| Rational::ratio(i64::from(p), q)).collect();
        let text = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        prop_assert_eq!(text.parse::<RationalList>().unwrap().0, numbers);
    }
}
