//! Matrices and bounds against other computations.

use proptest::prelude::*;

use super::*;
use crate::arith::Rational;
use crate::linalg::{Matrix, dot, solve_vector};

fn q(p: i64, r: i64) -> Rational {
    Rational::ratio(p, r)
}

/// The stiffness matrix by the textbook: gradients of barycentric coordinates, one triangle after another.
fn textbook(grid: Grid, values: &[Rational]) -> Matrix {
    let h = Rational::one() / Rational::from(grid.cells());
    let mut entries = vec![vec![Rational::zero(); grid.unknowns()]; grid.unknowns()];
    for (triangle, value) in grid.triangles().zip(values) {
        let corners = triangle.corners();
        let x: Vec<[Rational; 2]> = corners.iter().map(|c| c.map(|k| &h * &Rational::from(k))).collect();
        let edge = |a: usize, b: usize| [&x[b][0] - &x[a][0], &x[b][1] - &x[a][1]];
        let (u, v) = (edge(0, 1), edge(0, 2));
        let twice_area = &u[0] * &v[1] - &u[1] * &v[0];
        let gradients: Vec<[Rational; 2]> = (0..3)
            .map(|k| {
                // The opposite side, turned by a right angle, over twice the area.
                let side = edge((k + 1) % 3, (k + 2) % 3);
                [-&side[1] / &twice_area, &side[0] / &twice_area]
            })
            .collect();
        let area = twice_area.abs() / Rational::from(2);
        for a in 0..3 {
            for b in 0..3 {
                let numbers = [a, b].map(|k: usize| grid.unknown(corners[k][0], corners[k][1]));
                if let [Some(i), Some(j)] = numbers {
                    entries[i][j] += &(value * &(&area * &dot(&gradients[a], &gradients[b])));
                }
            }
        }
    }
    Matrix::new(entries).unwrap()
}

fn assembled(stiffness: &Stiffness<Rational>) -> Matrix {
    let n = stiffness.grid().unknowns();
    let mut entries = vec![vec![Rational::zero(); n]; n];
    for (row, column, value) in stiffness.lower_entries() {
        entries[row][column] = value.clone();
        entries[column][row] = value;
    }
    Matrix::new(entries).unwrap()
}

fn cases() -> Vec<(Shape, Vec<Rational>)> {
    let ramp = |n: usize, scale: i64| (0..n).map(|i| q(i as i64 + 1, scale + n as i64)).collect::<Vec<_>>();
    let mut radii = ramp(4, 1);
    radii.extend([q(1, 2), q(9, 10), q(7, 10), q(3, 5)]);
    let signs: Vec<Rational> =
        ramp(6, 0).into_iter().enumerate().map(|(i, y)| if i % 2 == 0 { y } else { -y }).collect();
    vec![
        (Shape::Trigonometric { terms: 5, scaling: -1 }, ramp(5, 0)),
        (Shape::Chessboard { blocks: 2 }, ramp(4, 0)),
        (Shape::Cookies { blocks: 2 }, ramp(4, 2)),
        (Shape::CookiesVariable { blocks: 2 }, radii),
        (Shape::ClippedPolynomial { degree: 2 }, signs),
    ]
}

#[test]
fn solutions_lie_within_their_bounds_of_the_exact_ones() {
    for nodes in [3, 5, 6] {
        let grid = Grid::new(nodes).unwrap();
        let load = Load::published();
        for (shape, y) in cases() {
            for as_published in [false, true] {
                let coefficient = Coefficient::new(shape, q(1, 10), as_published, grid).unwrap();
                let problem = DiscreteProblem::new(coefficient.clone(), &load).unwrap();
                let certified = Certified::new(&problem, &y).unwrap();
                let values = coefficient.values(&y).unwrap();
                let matrix = textbook(grid, &values);
                let right = load.integrals(&grid);
                let u = solve_vector(&matrix, &right).unwrap();
                let e: Vec<Rational> =
                    u.iter().zip(&certified.solution).map(|(u, v)| u - &Rational::from_f64(*v).unwrap()).collect();
                let squared = dot(&e, &matrix.apply(&e).unwrap());
                let bound = &certified.energy_error * &certified.energy_error;
                assert!(squared <= bound && bound < Rational::power_of_two(-80), "{shape:?}");
                let energy = dot(&right, &u);
                assert!(certified.compliance.contains(&energy));
                assert!(&certified.energy_norm * &certified.energy_norm <= energy);
                assert!(certified.relative_error().unwrap() < Rational::power_of_two(-40));
            }
        }
    }
}

/// An error along the lowest eigenvector, for a constant coefficient: no smaller bound holds, and the two are near.
#[test]
fn bounds_are_sharp_along_the_lowest_eigenvector() {
    let grid = Grid::new(6).unwrap();
    for (shift, y) in [(q(1, 10), Rational::zero()), (q(1, 10), Rational::one()), (q(7, 1), q(1, 2))] {
        let coefficient = Coefficient::new(Shape::Chessboard { blocks: 1 }, shift, false, grid).unwrap();
        let problem = DiscreteProblem::new(coefficient.clone(), &Load::published()).unwrap();
        let y = [y];
        let matrix = textbook(grid, &coefficient.values(&y).unwrap());
        let u = solve_vector(&matrix, problem.load()).unwrap();
        let sine = |i: usize| (std::f64::consts::PI * i as f64 / 5.0).sin();
        let mode = (1..=4).flat_map(|j| (1..=4).map(move |i| sine(i) * sine(j)));
        let moved: Vec<f64> = u.iter().zip(mode).map(|(u, mode)| u.approx_f64() + mode).collect();
        let certified = Certified::of_solution(&problem, &y, moved.clone()).unwrap();
        let e: Vec<Rational> = u.iter().zip(&moved).map(|(u, v)| u - &Rational::from_f64(*v).unwrap()).collect();
        let squared = dot(&e, &matrix.apply(&e).unwrap());
        let bound = &certified.energy_error * &certified.energy_error;
        assert!(squared <= bound && bound <= squared * q(1_000_001, 1_000_000));
        assert!(certified.compliance.contains(&dot(problem.load(), &u)));
    }
}

#[test]
fn the_least_eigenvalue_is_a_sharp_lower_bound() {
    for nodes in [3, 4, 6, 9] {
        let grid = Grid::new(nodes).unwrap();
        let lambda = least_eigenvalue(grid);
        // The eigenvector is a product of sines; its Rayleigh quotient is nearly lambda, and no quotient is below it.
        let h = 1.0 / grid.cells() as f64;
        let sine = |i: usize| (std::f64::consts::PI * h * i as f64).sin();
        let u: Vec<Rational> = (1..=grid.side())
            .flat_map(|j| (1..=grid.side()).map(move |i| Rational::from_f64(sine(i) * sine(j)).unwrap()))
            .collect();
        let one = Stiffness::new(grid, &vec![Rational::one(); grid.elements()]);
        let quotient = dot(&u, &one.apply(&u)) / dot(&u, &u);
        assert!(quotient >= lambda && &quotient - &lambda < Rational::power_of_two(-40), "{nodes}");
    }
}

#[test]
fn chessboards_follow_the_grid_or_not() {
    let y = [q(1, 4), q(1, 2), q(3, 4), q(1, 1)];
    let on = |nodes: usize, as_published| {
        let grid = Grid::new(nodes).unwrap();
        let coefficient = Coefficient::new(Shape::Chessboard { blocks: 2 }, q(1, 10), as_published, grid).unwrap();
        (coefficient.is_exact(), coefficient.values(&y).unwrap())
    };
    let (exact, values) = on(5, false);
    assert!(exact);
    // Cells 0, 1 | 2, 3 of the lowest row.
    assert_eq!(
        values[0..8].iter().map(|a| a - q(1, 10)).collect::<Vec<_>>(),
        [1, 1, 1, 1, 2, 2, 2, 2].map(|k| q(k, 4))
    );
    assert!(!on(4, false).0);
    // Nodes on sides have the value mu, so walls of low conductance run along them.
    let (exact, walls) = on(5, true);
    assert!(!exact && walls.iter().all(|a| *a < q(11, 10)) && walls.iter().min().unwrap() == &q(1, 10));
}

#[test]
fn refusals() {
    let grid = Grid::new(5).unwrap();
    let new = |shape, shift| Coefficient::new(shape, shift, false, grid).map(|_| ());
    let chessboard = Shape::Chessboard { blocks: 2 };
    assert!(matches!(new(chessboard, Rational::zero()), Err(PdeError::Shift { .. })));
    assert!(matches!(new(Shape::Chessboard { blocks: 0 }, q(1, 1)), Err(PdeError::Size { .. })));
    assert!(matches!(new(Shape::Trigonometric { terms: 2, scaling: 9 }, q(1, 1)), Err(PdeError::Size { .. })));
    let coefficient = Coefficient::new(chessboard, q(1, 10), false, grid).unwrap();
    assert!(matches!(coefficient.values(&[q(1, 2)]), Err(PdeError::Length { given: 1, expected: 4 })));
    let outside = [q(1, 2), q(3, 2), q(0, 1), q(0, 1)];
    assert!(matches!(coefficient.values(&outside), Err(PdeError::Range { index: 2, .. })));
}

proptest! {
    #[test]
    fn conductances_are_the_textbook_matrix(list in prop::collection::vec((1i64..20, 1i64..7), 32), u in prop::collection::vec(-9i64..9, 9)) {
        let grid = Grid::new(5).unwrap();
        let values: Vec<Rational> = list.iter().map(|(p, r)| q(*p, *r)).collect();
        let stiffness = Stiffness::new(grid, &values);
        let matrix = textbook(grid, &values);
        prop_assert_eq!(&assembled(&stiffness), &matrix);
        let u: Vec<Rational> = u.into_iter().map(Rational::from).collect();
        prop_assert_eq!(stiffness.apply(&u), matrix.apply(&u).unwrap());
    }
}
