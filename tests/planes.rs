//! Networks of the size of ACAS Xu (5 inputs, 6 hidden layers of 50, 5 outputs) on planes: all regions of a square.

#![allow(clippy::unwrap_used)]

mod plane;

use certinet::arith::Rational;
use certinet::evaluate::Evaluator;
use certinet::polyhedra::{Polyhedron, regions};
use plane::{coarse_weights, float_weights, plane, square};

#[test]
fn a_square_is_cut_into_all_its_regions() {
    for network in [float_weights(), coarse_weights()] {
        let plane = plane(&network);
        let all = regions(&plane, Some(&square("1/16")), 100_000).unwrap();
        assert!(all.is_complete() && all.found().len() > 50, "{}", all.found().len());
        // The regions do not overlap, and their areas add up to that of the square: none is missing.
        let area = |region: &certinet::polyhedra::Region| {
            Polyhedron::new(2, region.halfspaces.clone()).unwrap().volume().unwrap().unwrap()
        };
        assert_eq!(all.found().iter().map(area).sum::<Rational>(), Rational::ratio(1, 256));
        // Each map is that of the network in space, at the point in space.
        let evaluator = Evaluator::<Rational>::new(&network).unwrap();
        for region in all.found().iter().step_by(40) {
            let mut x = ["0", "0.1", "-0.2", "0.3", "0.05"].map(|x| x.parse::<Rational>().unwrap());
            x[0] += &region.interior[0];
            x[1] += &region.interior[1];
            let image = |i: usize| -> Rational {
                let product: Rational = (0..2).map(|j| &region.matrix[(i, j)] * &region.interior[j]).sum();
                product + &region.offset[i]
            };
            assert_eq!(evaluator.evaluate(&x).unwrap(), (0..5).map(image).collect::<Vec<_>>());
        }
    }
}

#[test]
fn the_first_regions_are_found_when_there_are_more() {
    let plane = plane(&float_weights());
    let all = regions(&plane, Some(&square("1/16")), 100_000).unwrap();
    for limit in [1, 7, all.found().len() - 1] {
        let some = regions(&plane, Some(&square("1/16")), limit).unwrap();
        assert!(!some.is_complete());
        assert_eq!(some.found(), &all.found()[..limit]);
    }
}
