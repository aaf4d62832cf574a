use core::ops::ControlFlow;

use crate::arith::{Rational, SplitMix64};
use crate::evaluate::{Evaluator, evaluate_graph};
use crate::pde::whole_box::Norm;
use crate::pde::{Coefficient, Grid, Load, Shape, Stiffness};

use super::*;

fn small(shape: Shape, norm: Norm, error: Rational) -> CertifiedMap {
    let coefficient = Coefficient::new(shape, Rational::ratio(1, 2), false, Grid::new(7).unwrap()).unwrap();
    let options = MapOptions { error, norm, dimension: None, training: 60, seed: 1, cells: 4096 };
    CertifiedMap::new(&coefficient, &Load::published(), &options, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// Squared norms of nodal values, exactly: v . A v, and v . (G + M) v with M from products of corners on every triangle.
fn squared(grid: Grid, values: &[Rational], norm: Norm, v: &[Rational]) -> Rational {
    let energy = |values: &[Rational]| -> Rational {
        Stiffness::new(grid, values).apply(v).iter().zip(v).map(|(a, b)| a * b).sum()
    };
    if norm == Norm::Energy {
        return energy(values);
    }
    let value = |[i, j]: [usize; 2]| grid.unknown(i, j).map_or_else(Rational::zero, |k| v[k].clone());
    let mass: Rational = grid
        .triangles()
        .map(|triangle| {
            let [a, b, c] = triangle.corners().map(value);
            let sum = &(&a + &b) + &c;
            // 2 (a^2 + b^2 + c^2 + ab + bc + ca) = (a + b + c)^2 + a^2 + b^2 + c^2
            &sum * &sum + &a * &a + &b * &b + &c * &c
        })
        .sum();
    energy(&vec![Rational::one(); grid.elements()]) + mass / Rational::from(24 * grid.cells() * grid.cells())
}

#[test]
fn errors_are_below_the_bound() {
    let mut random = SplitMix64::stream(3, 0);
    for (shape, norm) in [
        (Shape::Chessboard { blocks: 1 }, Norm::Energy),
        (Shape::Chessboard { blocks: 2 }, Norm::Energy),
        (Shape::Chessboard { blocks: 2 }, Norm::H1),
        (Shape::Trigonometric { terms: 2, scaling: 0 }, Norm::H1),
        (Shape::Cookies { blocks: 1 }, Norm::Energy),
    ] {
        let error = Rational::ratio(1, 50);
        let found = small(shape, norm, error.clone());
        let total = &found.map.budget.total;
        assert!(*total <= error);
        let problem = found.model.setting().problem();
        let layered = found.map.network.layered().unwrap();
        let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
        let mut largest = 0.0f64;
        for sample in 0..6usize {
            let y: Vec<Rational> = (0..shape.parameters())
                .map(|i| match sample {
                    // Corners with the largest contrast, then points inside.
                    0..3 => Rational::from((sample >> (i % 2)) & 1),
                    _ => Rational::ratio((random.next_u64() % 33) as i64, 32),
                })
                .collect();
            let output = evaluator.evaluate(&y).unwrap();
            assert_eq!(output, evaluate_graph(&found.map.network, std::slice::from_ref(&y)).unwrap());
            let values = problem.coefficient().values(&y).unwrap();
            let exact = crate::linalg::solve_vector(&dense(problem.grid(), &values), problem.load()).unwrap();
            let difference: Vec<Rational> = output.iter().zip(&exact).map(|(a, b)| a - b).collect();
            let (e, u) =
                (squared(problem.grid(), &values, norm, &difference), squared(problem.grid(), &values, norm, &exact));
            assert!(e <= total * total * &u, "{shape:?} at {y:?}");
            largest = largest.max((e / u).sqrt_up(30).approx_f64());
            let y: Vec<f64> = y.iter().map(Rational::approx_f64).collect();
            let output: Vec<f64> = output.iter().map(Rational::approx_f64).collect();
            assert!(found.approx_relative_error(&y, &output).unwrap() < 1.001 * total.approx_f64());
        }
        assert!(20.0 * largest > total.approx_f64(), "{shape:?}: the bound {total} is far above {largest:e}");
    }
}

fn dense(grid: Grid, values: &[Rational]) -> crate::linalg::Matrix {
    let (matrix, n) = (Stiffness::new(grid, values), grid.unknowns());
    let unit = |k: usize| (0..n).map(|j| Rational::from(i64::from(j == k))).collect::<Vec<_>>();
    let columns: Vec<Vec<Rational>> = (0..n).map(|k| matrix.apply(&unit(k))).collect();
    crate::linalg::Matrix::from_fn(n, n, |i, j| columns[j][i].clone())
}

#[test]
fn the_checker_verifies_what_is_claimed() {
    for (shape, norm) in [
        (Shape::Chessboard { blocks: 2 }, Norm::Energy),
        (Shape::Chessboard { blocks: 1 }, Norm::H1),
        (Shape::Trigonometric { terms: 1, scaling: 1 }, Norm::H1),
        (Shape::Cookies { blocks: 1 }, Norm::H1),
    ] {
        let found = small(shape, norm, Rational::ratio(1, 20));
        let size = found.map.network.layered().unwrap().size().unwrap();
        let mut text = Vec::new();
        crate::certify::write_certificate(&found.map.network, &found.claim(), &size, &found.proof(), &mut text)
            .unwrap();
        let outcome = certinet_check::check(text.as_slice()).unwrap();
        assert_eq!(outcome.verdict.to_string(), "verified", "{shape:?} {norm:?}");
        // A smaller error is not proved.
        let mut claim = found.claim();
        claim.error = claim.error * Rational::ratio(99, 100);
        let mut text = Vec::new();
        crate::certify::write_certificate(&found.map.network, &claim, &size, &found.proof(), &mut text).unwrap();
        assert!(certinet_check::check(text.as_slice()).unwrap().is_rejected());
    }
}

#[test]
fn other_methods_are_within_the_same_error() {
    let found = small(Shape::Chessboard { blocks: 2 }, Norm::Energy, Rational::ratio(1, 20));
    let map = &found.map;
    for method in ComposedMethod::ALL {
        let composed =
            ComposedMap::new(&map.problem, method, map.norm, &found.cover.rho, &Rational::ratio(1, 20)).unwrap();
        assert!(composed.budget.total <= Rational::ratio(1, 20));
        assert!(composed.size.weights > map.reduced_size.weights);
        let y = [(1, 4), (1, 1), (0, 1), (3, 8)].map(|(p, q)| Rational::ratio(p, q));
        let layered = composed.network.layered().unwrap();
        let c = Evaluator::<f64>::new(&layered).unwrap().evaluate(&y.each_ref().map(Rational::approx_f64)).unwrap();
        let nodal: Vec<f64> = (0..found.model.setting().grid().unknowns())
            .map(|row| {
                let unit = 2f64.powi(-found.model.basis().exponent() as i32);
                found.model.basis().columns().iter().zip(&c).map(|(column, c)| column[row] as f64 * unit * c).sum()
            })
            .collect();
        let y: Vec<f64> = y.iter().map(Rational::approx_f64).collect();
        assert!(found.approx_relative_error(&y, &nodal).unwrap() <= composed.budget.total.approx_f64(), "{method:?}");
    }
}

#[test]
fn errors_that_cannot_be_reached_say_what_can() {
    let found = small(Shape::Chessboard { blocks: 2 }, Norm::Energy, Rational::ratio(1, 20));
    let half = &found.cover.rho * &Rational::ratio(1, 2);
    let refused = ParametricMap::new(&found.model, Norm::Energy, &found.cover.rho, &half).unwrap_err();
    assert!(matches!(refused, crate::pde::PdeError::Unreachable { ref reached, .. } if **reached >= found.cover.rho));
}
