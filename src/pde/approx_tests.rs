//! Coefficients, matrices and samples in doubles against the exact ones.

use super::approx_points::{Points, Rule};
use super::*;
use crate::arith::{Rational, SplitMix64};

fn q(p: i64, r: i64) -> Rational {
    Rational::ratio(p, r)
}

fn shapes() -> Vec<Shape> {
    let mut shapes = Vec::new();
    for terms in [1, 2, 5, 12] {
        shapes.extend([-1, 0, 2].map(|scaling| Shape::Trigonometric { terms, scaling }));
    }
    for blocks in [1, 2, 3, 5] {
        shapes.extend([Shape::Chessboard { blocks }, Shape::Cookies { blocks }, Shape::CookiesVariable { blocks }]);
    }
    shapes.extend([0, 1, 3, 8].map(|degree| Shape::ClippedPolynomial { degree }));
    shapes
}

/// Doubles of the box, the ends of the ranges among them.
fn doubles(shape: Shape, seed: u64) -> Vec<f64> {
    let mut random = SplitMix64::new(seed);
    let one = |i| {
        let [least, most] = shape.range(i);
        match random.next_u64() % 4 {
            0 => least.to_f64_up(),
            1 => most.to_f64_down(),
            _ => random.between(&least, &most).approx_f64(),
        }
    };
    (0..shape.parameters()).map(one).collect()
}

#[test]
fn values_are_the_exact_ones_up_to_rounding() {
    for nodes in [3, 4, 6, 11] {
        let grid = Grid::new(nodes).unwrap();
        for shape in shapes() {
            for as_published in [false, true] {
                let coefficient = Coefficient::new(shape, q(1, 1000), as_published, grid).unwrap();
                let approx = ApproxCoefficient::new(&coefficient);
                let (mut memory, mut values) = (CoefficientMemory::default(), vec![f64::NAN; grid.elements()]);
                for seed in 0..4 {
                    let y = doubles(shape, seed);
                    let exact: Vec<Rational> = y.iter().map(|y| Rational::from_f64(*y).unwrap()).collect();
                    let exact = coefficient.values(&exact).unwrap();
                    approx.approx_values_in(&mut memory, &y, &mut values).unwrap();
                    assert_eq!(values, approx.approx_values(&y).unwrap(), "what was computed before does not matter");
                    for (value, exact) in values.iter().zip(&exact) {
                        let error = (Rational::from_f64(*value).unwrap() - exact).abs();
                        // Terms of a sum are at most 1 for polynomials, else at most the value up to the signs of sines.
                        let scale = Rational::from(shape.parameters()) + exact.clone();
                        let bound = scale * Rational::power_of_two(-48);
                        assert!(error <= bound, "{shape:?}, {as_published}, {nodes}: {value} for {exact}");
                    }
                }
            }
        }
    }
}

#[test]
fn points_on_the_rim_of_a_disc_are_inside() {
    // Nodes at the distance 3/5, 4/5 of the radius along the axes from the middle of the only disc.
    let grid = Grid::new(11).unwrap();
    let coefficient = Coefficient::new(Shape::CookiesVariable { blocks: 1 }, q(1, 10), true, grid).unwrap();
    let points = Points::new(&coefficient, 11, [0, 0]);
    let Rule::Discs { discs, .. } = points.rule else { panic!("discs") };
    // (5 + 4, 5 + 0) of 10: at the distance 4/5, no double; (5 + 3, 5 + 4): the distance 1 is one.
    let (axis, rim) = (discs[5 * 11 + 9], discs[9 * 11 + 8]);
    let above = 0.8f64;
    let below = f64::from_bits(above.to_bits() - 1);
    let exact = |r: f64| Rational::from_f64(r).unwrap() >= q(4, 5);
    assert_eq!((axis.contains(above), axis.contains(below)), (exact(above), exact(below)));
    assert_ne!(exact(above), exact(below));
    assert!(rim.contains(1.0) && !rim.contains(f64::from_bits(1.0f64.to_bits() - 1)));
}

#[test]
fn matrices_in_doubles_are_the_exact_ones() {
    for nodes in [3, 4, 7] {
        let grid = Grid::new(nodes).unwrap();
        let mut random = SplitMix64::new(7);
        // Small whole numbers: halves of their sums are exact.
        let mut list = |n: usize| (0..n).map(|_| (random.next_u64() % 100 + 1) as f64).collect::<Vec<f64>>();
        let (values, u, f) = (list(grid.elements()), list(grid.unknowns()), list(grid.unknowns()));
        let exact = Stiffness::new(grid, &values);
        let mut approx = ApproxStiffness::new(grid);
        approx.fill(&list(grid.elements()));
        approx.fill(&values);
        let entries: Vec<f64> = exact.lower_entries().map(|(_, _, value)| value).collect();
        assert_eq!(approx.lower_entries(), entries);
        let mut residual = vec![f64::NAN; grid.unknowns()];
        approx.residual(&f, &u, &mut residual);
        let expected: Vec<f64> = f.iter().zip(exact.apply(&u)).map(|(f, a)| f - a).collect();
        assert_eq!(residual, expected);
    }
}

#[test]
fn samples_depend_on_their_numbers_only() {
    let grid = Grid::new(9).unwrap();
    for shape in shapes() {
        let coefficient = Coefficient::new(shape, q(1, 10), false, grid).unwrap();
        let dataset = Dataset::new(&coefficient, &Load::published(), 5).unwrap();
        let p = shape.parameters();
        let mut memory = dataset.memory().unwrap();
        let mut sample = |index| {
            let (mut y, mut u) = (vec![f64::NAN; p], vec![f64::NAN; grid.unknowns()]);
            let residual = dataset.approx_sample(&mut memory, index, &mut y, &mut u).unwrap();
            assert!(residual < 1e-13);
            (y, u)
        };
        let (first, second) = (sample(3), sample(4));
        assert_ne!(first.0, second.0);
        assert_eq!(sample(3), first);
        // What a vector of another parameter is worth shows in its bound.
        let exact: Vec<Rational> = first.0.iter().map(|y| Rational::from_f64(*y).unwrap()).collect();
        let problem = DiscreteProblem::new(coefficient, &Load::published()).unwrap();
        let bound = |u: Vec<f64>| Certified::of_solution(&problem, &exact, u).unwrap().energy_error;
        let own = bound(first.1.clone());
        assert!(own < Rational::power_of_two(-36));
        // A polynomial of degree 0 may be clipped for both.
        if shape != (Shape::ClippedPolynomial { degree: 0 }) {
            assert!(bound(second.1) > own.scale_by_power_of_two(10), "{shape:?}");
        }
        let short = Certified::of_solution(&problem, &exact, first.1[1..].to_vec());
        assert_eq!(short, Err(PdeError::Solution));
    }
}

#[test]
fn loads_of_zero_and_coefficients_out_of_range() {
    let grid = Grid::new(4).unwrap();
    let new = |shift, load: &Load| {
        let coefficient = Coefficient::new(Shape::Chessboard { blocks: 1 }, shift, false, grid).unwrap();
        Dataset::new(&coefficient, load, 1).unwrap()
    };
    let sample = |dataset: &Dataset| {
        let (mut y, mut u) = ([0.0], [1.0; 4]);
        dataset.approx_sample(&mut dataset.memory().unwrap(), 0, &mut y, &mut u).map(|residual| (residual, u))
    };
    assert_eq!(sample(&new(q(1, 1), &Load::new(Vec::new()))), Ok((0.0, [0.0; 4])));
    let huge = Rational::power_of_two(2000);
    assert!(matches!(sample(&new(huge.clone(), &Load::published())), Err(PdeError::Overflow { .. })));
    let huge_load = Load::new(vec![(huge, 0, 0)]);
    assert_eq!(sample(&new(q(1, 1), &huge_load)), Err(PdeError::Solution));
}
