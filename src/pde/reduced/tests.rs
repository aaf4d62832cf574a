//! Splits, reduced matrices and bounds against other computations.

use proptest::prelude::*;

use super::*;
use crate::arith::{Integer, Rational, SplitMix64};
use crate::linalg::{Matrix, dot, solve_vector};
use crate::pde::{Certified, Coefficient, DiscreteProblem, Grid, Load, Shape, Stiffness};

fn q(p: i64, r: i64) -> Rational {
    Rational::ratio(p, r)
}

fn coefficient(shape: Shape, as_published: bool, nodes: usize) -> Coefficient {
    Coefficient::new(shape, q(1, 10), as_published, Grid::new(nodes).unwrap()).unwrap()
}

fn shapes() -> [Shape; 4] {
    [
        Shape::Chessboard { blocks: 2 },
        Shape::Cookies { blocks: 2 },
        Shape::Trigonometric { terms: 3, scaling: -1 },
        Shape::Trigonometric { terms: 2, scaling: 2 },
    ]
}

fn random(shape: Shape, seed: u64) -> Vec<Rational> {
    let mut random = SplitMix64::new(seed);
    (0..shape.parameters()).map(|_| random.between(&q(0, 1), &q(1, 1))).collect()
}

fn dense(matrix: &Stiffness<Rational>) -> Matrix {
    let n = matrix.grid().unknowns();
    let mut entries = vec![vec![Rational::zero(); n]; n];
    for (i, j, value) in matrix.lower_entries() {
        entries[i][j] = value.clone();
        entries[j][i] = value;
    }
    Matrix::new(entries).unwrap()
}

fn model(coefficient: &Coefficient, dimension: usize) -> ReducedModel {
    let setting = Setting::new(coefficient, &Load::published()).unwrap();
    let training = approx_training_set(coefficient, 40, 3);
    let chosen = approx_greedy(&setting, &training, &Goal { dimension, error: None }).unwrap();
    ReducedModel::new(setting, &chosen).unwrap()
}

#[test]
fn the_split_gives_the_values_of_the_coefficient() {
    for shape in shapes() {
        for as_published in [false, true] {
            let coefficient = coefficient(shape, as_published, 6);
            let affine = Affine::new(&coefficient).unwrap();
            for seed in 0..3 {
                let y = random(shape, seed);
                let values = coefficient.values(&y).unwrap();
                let exact = Stiffness::new(coefficient.grid(), &values);
                let (whole, least) = affine.at(&y).unwrap();
                assert_eq!(Some(&least), values.iter().min());
                let v: Vec<i128> = (0..16).map(|i| (i * 37 % 11 - 5) << (5 * i)).collect();
                let rational: Vec<Rational> = v.iter().map(|x| Rational::from(*x)).collect();
                let product = whole.apply(&v);
                let product: Vec<Rational> =
                    product.iter().map(|x| Rational::from(x) / Rational::from(whole.denominator())).collect();
                assert_eq!(product, exact.apply(&rational), "{shape:?} {as_published}");
            }
        }
    }
    for shape in [Shape::CookiesVariable { blocks: 2 }, Shape::ClippedPolynomial { degree: 1 }] {
        let refused = Affine::new(&coefficient(shape, false, 4));
        assert!(matches!(refused, Err(PdeError::NotAffine { .. })), "{shape:?}");
    }
}

#[test]
fn bounds_against_exact_solutions() {
    for shape in shapes() {
        for as_published in [false, true] {
            let coefficient = coefficient(shape, as_published, 6);
            let right = Load::published().integrals(&coefficient.grid());
            for dimension in 1..=4 {
                let model = model(&coefficient, dimension);
                assert!(model.basis().dimension() <= dimension);
                for seed in 10..13 {
                    let y = random(shape, seed);
                    let matrix = dense(&Stiffness::new(coefficient.grid(), &coefficient.values(&y).unwrap()));
                    let u = solve_vector(&matrix, &right).unwrap();
                    let reduced = Reduced::new(&model, &y).unwrap();
                    let v = reduced.solution.to_rationals();
                    let e: Vec<Rational> = u.iter().zip(&v).map(|(u, v)| u - v).collect();
                    let squared = dot(&e, &matrix.apply(&e).unwrap());
                    let bound = &reduced.energy_error * &reduced.energy_error;
                    assert!(squared <= bound, "{shape:?} {dimension}: {squared} {bound}");
                    // The coefficient lies between 1/10 and its largest value, so the bound is not far off either.
                    let largest = coefficient.values(&y).unwrap().into_iter().max().unwrap();
                    let least = coefficient.values(&y).unwrap().into_iter().min().unwrap();
                    let slack = (&largest / &least) * &squared * q(101, 100) + Rational::power_of_two(-70);
                    assert!(bound <= slack, "{shape:?} {dimension}");
                    let energy = dot(&right, &u);
                    assert!(&reduced.energy_norm * &reduced.energy_norm <= energy);
                    let relative = reduced.relative_error().unwrap();
                    assert!(squared <= &relative * &relative * &energy);
                    // |u|^2 - |u - v|^2, rounded down
                    let gap = &energy - &squared - &reduced.energy_norm * &reduced.energy_norm;
                    assert!(!gap.is_negative() && gap < Rational::power_of_two(-40));
                }
            }
        }
    }
}

#[test]
fn reduced_matrices_are_products() {
    for shape in shapes() {
        let coefficient = coefficient(shape, false, 6);
        let model = model(&coefficient, 3);
        let basis: Vec<Vec<Rational>> = model
            .basis()
            .columns()
            .iter()
            .map(|c| c.iter().map(|m| Rational::from(*m).scale_by_power_of_two(-model.basis().exponent())).collect())
            .collect();
        let zero = vec![Rational::zero(); shape.parameters()];
        let origin = coefficient.values(&zero).unwrap();
        for i in 0..=shape.parameters() {
            // A_i is the difference of the matrices for a unit vector and for 0.
            let values: Vec<Rational> = if i == 0 {
                vec![Rational::one(); origin.len()]
            } else {
                let mut unit = zero.clone();
                unit[i - 1] = Rational::one();
                coefficient.values(&unit).unwrap().iter().zip(&origin).map(|(a, b)| a - b).collect()
            };
            let matrix = Stiffness::new(coefficient.grid(), &values);
            let form = &model.system().forms()[i];
            for (j, v) in basis.iter().enumerate() {
                for (k, w) in basis.iter().enumerate() {
                    let entry = &Rational::from(&form.entries[j][k]) * &form.unit;
                    assert_eq!(entry, dot(v, &matrix.apply(w)), "{shape:?} {i} {j} {k}");
                    if i == 0 {
                        let delta = Rational::from(usize::from(j == k));
                        assert!((entry - delta).abs() < Rational::power_of_two(-40), "nearly orthonormal");
                    }
                }
            }
        }
        let (load, unit) = model.system().load();
        let right = Load::published().integrals(&coefficient.grid());
        for (entry, v) in load.iter().zip(&basis) {
            assert_eq!(&Rational::from(entry) * unit, dot(&right, v));
        }
        // Galerkin orthogonality up to the rounding of c: residuals vanish on the space.
        let y = random(shape, 5);
        let reduced = Reduced::new(&model, &y).unwrap();
        let image = Stiffness::new(coefficient.grid(), &coefficient.values(&y).unwrap())
            .apply(&reduced.solution.to_rationals());
        let residual: Vec<Rational> = right.iter().zip(&image).map(|(f, a)| f - a).collect();
        assert!(basis.iter().all(|v| dot(v, &residual).abs() < Rational::power_of_two(-42)));
    }
}

#[test]
fn dual_norms_against_exact_representers() {
    let coefficient = coefficient(Shape::Chessboard { blocks: 1 }, false, 6);
    let setting = Setting::new(&coefficient, &Load::published()).unwrap();
    let one = dense(&Stiffness::new(coefficient.grid(), &vec![Rational::one(); coefficient.grid().elements()]));
    for shift in [0u64, 3, 200] {
        for seed in 0..5 {
            let mut random = SplitMix64::new(seed);
            let r: Vec<Integer> =
                (0..16).map(|_| Integer::from((random.next_u64() >> 40) as i64 - (1 << 23)).shl(shift)).collect();
            let exact: Vec<Rational> = r.iter().map(Rational::from).collect();
            let squared = dot(&exact, &solve_vector(&one, &exact).unwrap());
            let bound = dual_norm_upper(&setting, &r);
            assert!(&bound * &bound >= squared, "{shift} {seed}");
            assert!(&bound * &bound <= squared * q(1_000_001, 1_000_000), "{shift} {seed}");
        }
    }
    assert!(dual_norm_upper(&setting, &vec![Integer::zero(); 16]).is_zero());
}

#[test]
fn both_methods_reach_small_errors() {
    let coefficient = coefficient(Shape::Chessboard { blocks: 2 }, false, 9);
    let load = Load::published();
    let problem = DiscreteProblem::new(coefficient.clone(), &load).unwrap();
    for method in [approx_greedy, approx_pod] {
        let setting = Setting::new(&coefficient, &load).unwrap();
        let training = approx_training_set(&coefficient, 60, 1);
        assert_eq!(training.len(), 76);
        let goal = Goal { dimension: 40, error: Some(1e-6) };
        let chosen = method(&setting, &training, &goal).unwrap();
        assert!(chosen.reached && chosen.basis.len() < 40);
        assert!(chosen.decay.iter().rev().skip(1).all(|x| *x > 1e-6) && *chosen.decay.last().unwrap() <= 1e-6);
        let model = ReducedModel::new(setting, &chosen).unwrap();
        for seed in 0..4 {
            let y = random(coefficient.shape(), seed);
            let checked = Checked::new(&model, &y).unwrap();
            assert!(!checked.is_violated());
            assert!(checked.reduced.relative_error().unwrap() < q(1, 100_000));
            let certified = Certified::new(&problem, &y).unwrap();
            assert!(certified.compliance.hi() >= &(&checked.reduced.energy_norm * &checked.reduced.energy_norm));
        }
    }
}

proptest! {
    #[test]
    fn matrices_of_large_integers(values in prop::collection::vec((any::<i64>(), 0u64..120), 18), v in prop::collection::vec((any::<i64>(), 0u32..62), 4)) {
        let grid = Grid::new(4).unwrap();
        let values: Vec<Integer> = values.iter().map(|(x, k)| Integer::from(*x).shl(*k)).collect();
        let v: Vec<i128> = v.iter().map(|(x, k)| i128::from(*x) << k).collect();
        let rationals = |list: &[Integer]| list.iter().map(Rational::from).collect::<Vec<_>>();
        let exact = Stiffness::new(grid, &rationals(&values));
        let whole = Conductances::new(grid, &values, Integer::one());
        let product: Vec<Rational> = whole.apply(&v).iter().map(|x| Rational::from(x) / Rational::from(2)).collect();
        let right: Vec<Rational> = v.iter().map(|x| Rational::from(*x)).collect();
        prop_assert_eq!(product, exact.apply(&right));
    }
    #[test]
    fn inner_products_of_all_sizes(pairs in prop::collection::vec((any::<i64>(), 0u32..63, any::<i64>(), 0u32..63), 0..9)) {
        let a: Vec<i128> = pairs.iter().map(|p| i128::from(p.0) << p.1).collect();
        let b: Vec<i128> = pairs.iter().map(|p| i128::from(p.2) << p.3).collect();
        let exact: Rational = a.iter().zip(&b).map(|(x, y)| Rational::from(*x) * Rational::from(*y)).sum();
        let long: Vec<Integer> = a.iter().map(|x| Integer::from(*x)).collect();
        prop_assert_eq!(&Rational::from(conductance::inner_product(&a, &b)), &exact);
        prop_assert_eq!(Rational::from(conductance::long_inner_product(&long, &b)), exact);
    }
}
