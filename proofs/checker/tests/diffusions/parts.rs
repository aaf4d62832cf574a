//! The two parts of an error by themselves, at some parameters, exactly: the iteration for the coefficients, and the reduced basis.

use crate::case::Case;
use crate::common::sized;
use crate::draw::Random;
use crate::numbers::{float, int, number};
use crate::oracle::diffusion::{Matrix, energy, solve};
use crate::oracle::evaluate::evaluate;
use crate::oracle::{Q, parse};
use crate::writer::{Exact, write};
use num_traits::Zero;

#[test]
fn both_parts_of_the_error_hold() {
    let mut random = Random(3);
    let mut largest = [0f64; 2];
    for case in crate::cases() {
        let lines = sized(&write(&case, 1.0).lines());
        let words = |keyword: &str| -> Vec<&str> {
            lines
                .iter()
                .rev()
                .find(|line| line.split(' ').next() == Some(keyword))
                .map_or(Vec::new(), |line| line.split(' ').collect())
        };
        let last = if case.levels.len() > 1 { words("step") } else { words("second") };
        let (decay, total) = (number(last[last.len() - 4]), number(last[last.len() - 2]));
        let bound = number(words("affine")[3]) * decay + total;
        let rho = number(words("cells")[2]);
        let exact = Exact::new(&case);
        let certificate = parse::certificate(&crate::common::file(&lines)).unwrap();
        let f = exact.problem.loads();
        for _ in 0..6 {
            let y: Vec<Q> =
                case.sides.iter().map(|[l, h]| l + (h - l) * Q::new(random.between(0, 64).into(), 64.into())).collect();
            // The reduced solution, and what the network has in its place.
            let mut matrix: Matrix = exact.matrices[0].clone();
            for (y, term) in y.iter().zip(&exact.matrices[1..]) {
                let rows = matrix.iter_mut().zip(term);
                rows.for_each(|(row, term)| row.iter_mut().zip(term).for_each(|(a, b)| *a += y * b));
            }
            let c = solve(&matrix, &exact.load).unwrap();
            let found = evaluate(&certificate.networks, case.levels.len(), &y);
            let error: Q = found.iter().zip(&c).map(|(a, b)| (a - b) * (a - b)).sum();
            assert!(error <= &bound * &bound, "{} {}", float(&error).sqrt(), float(&bound));
            largest[0] = largest[0].max(float(&error).sqrt() / float(&bound));
            // The reduced solution and the solution, in the norm of the claim (that of G for the H^1 norm).
            let stiffness = exact.problem.stiffness(|number| exact.problem.value(number, &y));
            let u = solve(&stiffness, &f).unwrap();
            let mut difference = u.clone();
            for (column, c) in exact.basis.iter().zip(&c) {
                difference.iter_mut().zip(column).for_each(|(u, v)| *u -= c * v);
            }
            let norm = if case.h1 { exact.problem.stiffness(|_| int(1)) } else { stiffness };
            let (error, size) = (energy(&norm, &difference), energy(&norm, &u));
            assert!(error <= &rho * &rho * &size);
            if !error.is_zero() {
                largest[1] = largest[1].max((float(&error) / float(&size)).sqrt() / float(&rho));
            }
        }
    }
    println!("the largest shares of the bounds: {largest:?}");
    // The bounds are not far away.
    assert!(largest[0] > 0.1 && largest[1] > 0.1);
}

/// Few cells and few terms prove less.
#[test]
fn finer_cells_prove_more() {
    let mut random = Random(8);
    let mut case = Case::random(&mut random, true);
    while case.parameters() < 2 || case.n < 3 {
        case = Case::random(&mut random, true);
    }
    (case.h1, case.fluxes) = (false, 3);
    let rho = |case: &Case| {
        let lines = write(case, 1.0).lines();
        let line = lines.iter().find(|line| line.starts_with("cells ")).unwrap().clone();
        float(&number(line.split(' ').nth(2).unwrap()))
    };
    let mut of = |degree: usize, cuts: usize| {
        (case.degree, case.cuts) = (degree, cuts);
        rho(&case)
    };
    let (coarse, fine) = (of(0, 0), of(2, 3));
    println!("rho {coarse} and {fine}");
    assert!(fine < coarse);
}
