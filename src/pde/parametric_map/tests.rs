use crate::arith::Rational;
use crate::evaluate::Evaluator;
use crate::pde::reduced::{Goal, ReducedModel, Setting, approx_greedy, approx_training_set};
use crate::pde::{Coefficient, Grid, Load, Shape};

use super::*;

fn model(shape: Shape, shift: Rational, nodes: usize, dimension: usize) -> ReducedModel {
    let coefficient = Coefficient::new(shape, shift, false, Grid::new(nodes).unwrap()).unwrap();
    let setting = Setting::new(&coefficient, &Load::published()).unwrap();
    let training = approx_training_set(&coefficient, 200, 1);
    let chosen = approx_greedy(&setting, &training, &Goal { dimension, error: None }).unwrap();
    ReducedModel::new(setting, &chosen).unwrap()
}

#[test]
#[ignore]
fn sizes() {
    for (d, eps, rho, norm) in [
        (16, Rational::ratio(1, 100), Rational::ratio(2, 1000), Norm::Energy),
        (17, Rational::ratio(1, 1000), Rational::ratio(4, 10_000), Norm::Energy),
        (18, Rational::ratio(1, 1000), Rational::ratio(3, 10_000), Norm::Energy),
        (20, Rational::ratio(1, 1000), Rational::ratio(28, 100_000), Norm::H1),
    ] {
        let start = std::time::Instant::now();
        let model = model(Shape::Chessboard { blocks: 2 }, Rational::ratio(1, 10), 101, d);
        let offline = start.elapsed();
        let map = ParametricMap::new(&model, norm, &rho, &eps).unwrap();
        let all = map.network.layered().unwrap().size().unwrap();
        println!(
            "d {d} eps {eps}: K {} levels {:?} M {} L {} total {:.4e} iteration {:.3e} products {:.3e}; with V {}; {:?} {:?}",
            map.solution.iterates,
            map.solution.levels,
            map.reduced_size.weights,
            map.reduced_size.layers,
            map.budget.total.approx_f64(),
            map.budget.iteration.approx_f64(),
            map.budget.products.approx_f64(),
            all.weights,
            offline,
            start.elapsed() - offline,
        );
        for method in ComposedMethod::ALL {
            let start = std::time::Instant::now();
            let other = ComposedMap::new(&map.problem, method, norm, &rho, &eps).unwrap();
            println!(
                "  {} {} L {} ratio {:.1} total {:.3e} {:?}",
                method.name(),
                other.size.weights,
                other.size.layers,
                other.size.weights as f64 / map.reduced_size.weights as f64,
                other.budget.total.approx_f64(),
                start.elapsed()
            );
        }
        let layered = map.solution.network.layered().unwrap();
        let evaluator = Evaluator::<f64>::new(&layered).unwrap();
        let y = [0.25, 0.5, 0.125, 1.0];
        println!("{:?}", &evaluator.evaluate(&y).unwrap()[..3]);
        let c = model.system().approx_solve(&[(1, 4), (1, 2), (1, 8), (1, 1)].map(|(p, q)| Rational::ratio(p, q)));
        let scale = 2f64.powi(-c.exponent() as i32);
        println!("{:?}", c.mantissas()[..3].iter().map(|m| *m as f64 * scale).collect::<Vec<_>>());
    }
}
