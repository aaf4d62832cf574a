//! The regions of real networks of doubles, of which independent programs know the number.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use certinet::arith::Rational;
use certinet::format::layered_json;
use certinet::network::Layered;
use certinet::polyhedra::{Equality, Polyhedron, equal, flood_fill, regions};

fn network(name: &str) -> Layered {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/networks").join(name);
    layered_json::read(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_known_numbers_of_regions_are_found() {
    for (name, count, maps) in [
        ("relu_2-10-5-1.layered.json", 110, 91),
        ("relu_2-16-16-1.layered.json", 420, 420),
        ("relu_3-16-16-1.layered.json", 6153, 6153),
    ] {
        let all = regions(&network(name), None, 10_000).unwrap();
        assert!(all.is_complete(), "{name}");
        assert_eq!((all.found().len(), all.distinct_maps()), (count, maps), "{name}");
    }
}

#[test]
fn both_enumerations_find_the_same_regions() {
    let network = network("relu_2-10-5-1.layered.json");
    let (cut, flooded) = (regions(&network, None, 1000).unwrap(), flood_fill(&network, None, 1000).unwrap());
    assert_eq!(cut.found().len(), flooded.found().len());
    for (left, right) in cut.found().iter().zip(flooded.found()) {
        assert_eq!((&left.pattern, &left.matrix, &left.offset), (&right.pattern, &right.matrix, &right.offset));
        let sorted = |mut halfspaces: Vec<_>| {
            halfspaces.sort();
            halfspaces
        };
        assert_eq!(sorted(left.halfspaces.clone()), sorted(right.halfspaces.clone()));
    }
}

#[test]
fn areas_of_regions_add_up_to_the_box() {
    let network = network("relu_2-16-16-1.layered.json");
    let side = (Rational::from(-2), Rational::ratio(5, 3));
    let all = regions(&network, Some(&[side.clone(), side]), 10_000).unwrap();
    let area = |halfspaces: &[_]| Polyhedron::new(2, halfspaces.to_vec()).unwrap().volume().unwrap().unwrap();
    let sum: Rational = all.found().iter().map(|region| area(&region.halfspaces)).sum();
    assert!(all.found().len() > 100);
    assert_eq!(sum, Rational::ratio(121, 9));
}

#[test]
fn a_network_equals_itself_and_no_other() {
    let (left, right) = (network("relu_2-16-16-1.layered.json"), network("relu_2-10-5-1.layered.json"));
    assert_eq!(equal(&left, &left, None, 1000), Ok(Equality::Equal { regions: 420 }));
    assert!(matches!(equal(&left, &right, None, 1000), Ok(Equality::Unequal { .. })));
    assert_eq!(equal(&left, &left, None, 100), Ok(Equality::Open { regions: 100 }));
}
