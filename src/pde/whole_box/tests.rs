//! Covers against the conditions of certificates in exact numbers, and against true errors.

use core::ops::ControlFlow;
use std::collections::BTreeMap;

use super::*;
use crate::arith::SplitMix64;
use crate::linalg::dot;
use crate::pde::reduced::{Checked, Goal, ReducedModel, Setting, approx_greedy, approx_training_set};
use crate::pde::{Certified, Coefficient, Grid, Load, PdeError, Shape, Stiffness};

fn model(shape: Shape, shift: Rational, nodes: usize, dimension: usize) -> ReducedModel {
    let coefficient = Coefficient::new(shape, shift, false, Grid::new(nodes).unwrap()).unwrap();
    let setting = Setting::new(&coefficient, &Load::published()).unwrap();
    let training = approx_training_set(&coefficient, 60, 3);
    let chosen = approx_greedy(&setting, &training, &Goal { dimension, error: None }).unwrap();
    ReducedModel::new(setting, &chosen).unwrap()
}

fn options(target: f64) -> CoverOptions {
    CoverOptions { target, training: 40, cells: 400, ..CoverOptions::default() }
}

fn silent(_: &Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The problems of these tests: blocks and one block, faces and boxes.
fn problems() -> Vec<(ReducedModel, CoverOptions)> {
    let (tenth, one) = (Rational::ratio(1, 10), Rational::one());
    let chessboard = Shape::Chessboard { blocks: 2 };
    vec![
        (model(chessboard, tenth.clone(), 7, 10), options(2e-1)),
        (model(chessboard, one.clone(), 6, 6), CoverOptions { norm: Norm::H1, degree: Some(3), ..options(2e-1) }),
        (model(Shape::Chessboard { blocks: 1 }, tenth.clone(), 6, 1), options(1e-9)),
        (model(Shape::Cookies { blocks: 1 }, tenth.clone(), 7, 3), options(5e-2)),
        (model(Shape::Cookies { blocks: 2 }, one.clone(), 9, 5), CoverOptions { degree: Some(2), ..options(2e-1) }),
        // 2 classes a cell, more than 64.
        (model(Shape::Trigonometric { terms: 1, scaling: 0 }, one.clone(), 8, 4), options(1e-2)),
        (
            model(Shape::Trigonometric { terms: 2, scaling: -1 }, one, 8, 6),
            CoverOptions { degree: Some(4), ..options(2e-2) },
        ),
    ]
}

/// A polynomial in Chebyshev polynomials with vectors as coefficients.
type Polynomial = BTreeMap<Vec<u32>, Vec<Rational>>;

fn add(to: &mut Polynomial, k: Vec<u32>, factor: &Rational, x: &[Rational]) {
    let sum = to.entry(k).or_insert_with(|| vec![Rational::zero(); x.len()]);
    sum.iter_mut().zip(x).for_each(|(sum, x)| *sum += &(factor * x));
}

fn cells(cover: &Cover) -> Vec<(Vec<[Rational; 2]>, &Leaf)> {
    let domain = cover.classes.domain().to_vec();
    let mut open = vec![domain.clone()];
    if cover.mode == Mode::Faces {
        open = (0..domain.len())
            .rev()
            .map(|f| {
                let mut face = domain.clone();
                face[f][0] = face[f][1].clone();
                face
            })
            .collect();
    }
    let mut list = Vec::new();
    for step in &cover.steps {
        let cell = open.pop().expect("a cell waits for every step");
        match step {
            Step::Leaf(leaf) => list.push((cell, leaf)),
            Step::Cut { parameter, at } => {
                assert!(cell[*parameter][0] < *at && *at < cell[*parameter][1] && at.dyadic_exponent().is_some());
                let mut parts = [cell.clone(), cell];
                parts[0][*parameter][1] = at.clone();
                parts[1][*parameter][0] = at.clone();
                let [below, above] = parts;
                open.extend([above, below]);
            }
        }
    }
    assert!(open.is_empty(), "every cell is finished");
    list
}

/// rho^2 / rho_needed^2 for the condition of a leaf, all numbers exact but for roots of 100 bits.
fn margin(model: &ReducedModel, cover: &Cover, cell: &[[Rational; 2]], leaf: &Leaf) -> Rational {
    let grid = model.setting().grid();
    let n = grid.cells();
    let (half, root) = (Rational::ratio(1, 2), |x: &Rational| x.sqrt_up(100));
    let unit = |x: i64, exponent: i64| Rational::from(x).scale_by_power_of_two(exponent);
    let fields: Vec<Vec<Rational>> =
        cover.fluxes.fields.iter().map(|f| f.iter().map(|x| unit(*x, -cover.fluxes.exponent)).collect()).collect();
    let basis: Vec<Vec<Rational>> = model
        .basis()
        .columns()
        .iter()
        .map(|v| v.iter().map(|x| unit(*x, -model.basis().exponent())).collect())
        .collect();
    let (d, q) = (basis.len(), fields.len() - 1);
    // h grad of a nodal function: corners of the triangle, right angle first, then along x1 and x2.
    let gradient = |v: &[Rational]| -> Vec<Rational> {
        let at = |[i, j]: [usize; 2]| grid.unknown(i, j).map_or_else(Rational::zero, |k| v[k].clone());
        let components = grid.triangles().flat_map(|t| {
            let [c, beside, along] = t.corners();
            let sign = if t.upper { Rational::one() } else { Rational::from(-1) };
            [&sign * &(at(beside) - at(c)), &sign * &(at(c) - at(along))]
        });
        components.collect()
    };
    let gradients: Vec<Vec<Rational>> = basis.iter().map(|v| gradient(v)).collect();
    // D w at every node.
    let divergence = |w: &[Rational]| -> Vec<Rational> {
        let hats = (0..grid.unknowns()).map(|k| {
            let mut hat = vec![Rational::zero(); grid.unknowns()];
            hat[k] = Rational::one();
            &dot(&gradient(&hat), w) * &half
        });
        hats.collect()
    };
    let load = model.setting().problem().load();
    let norm = |v: &[Rational]| root(&dot(v, v));
    let mut defects: Vec<Rational> = fields.iter().map(|w| norm(&divergence(w))).collect();
    defects[0] = norm(&load.iter().zip(&divergence(&fields[0])).map(|(f, x)| f - x).collect::<Vec<_>>());

    let variables: Vec<usize> = (0..cell.len()).filter(|i| cell[*i][0] < cell[*i][1]).collect();
    let degree = if variables.is_empty() { 0 } else { leaf.degree };
    let mut list: Vec<Vec<u32>> = vec![Vec::new()];
    for _ in &variables {
        list = list.iter().flat_map(|k| (0..=degree).map(move |e| [k.as_slice(), &[e]].concat())).collect();
    }
    list.retain(|k| k.iter().sum::<u32>() <= degree);
    list.sort_by_key(|k| (k.iter().sum::<u32>(), k.clone()));
    assert_eq!(leaf.polynomials.len(), list.len() * (d + q));
    let numbers: Vec<Rational> = leaf.polynomials.iter().map(|x| unit(*x, leaf.exponent)).collect();

    let elements = 2 * n * n;
    let (mut z, mut sum_s) = (Polynomial::new(), defects[0].clone());
    let zero = vec![0; variables.len()];
    add(&mut z, zero, &Rational::one(), &fields[0]);
    let middle: Vec<Rational> = cell.iter().map(|[l, h]| &(l + h) * &half).collect();
    for (k, numbers) in list.iter().zip(numbers.chunks_exact(d + q)) {
        for (s, (field, defect)) in numbers[d..].iter().zip(fields[1..].iter().zip(&defects[1..])) {
            add(&mut z, k.clone(), s, field);
            sum_s += &(&s.abs() * defect);
        }
        let mut v = vec![Rational::zero(); 2 * elements];
        for (c, g) in numbers[..d].iter().zip(&gradients) {
            v.iter_mut().zip(g).for_each(|(v, g)| *v += &(c * g));
        }
        let times = |coefficient: &dyn Fn(&[Rational]) -> Rational| -> Vec<Rational> {
            let rows = cover.classes.of_triangles().iter().map(|class| &cover.classes.values()[*class]);
            let values: Vec<Rational> = rows.map(|row| coefficient(row)).collect();
            v.iter().enumerate().map(|(slot, v)| v * &values[slot / 2]).collect()
        };
        let start = times(&|row| &row[0] + &dot(&row[1..], &middle));
        add(&mut z, k.clone(), &Rational::from(-1), &start);
        for (v, i) in variables.iter().enumerate() {
            let radius = &(&cell[*i][1] - &cell[*i][0]) * &half;
            let slope = times(&|row| &row[i + 1] * &radius);
            let [mut up, mut down] = [k.clone(), k.clone()];
            up[v] += 1;
            down[v] = k[v].abs_diff(1);
            add(&mut z, up, &-&half, &slope);
            add(&mut z, down, &-&half, &slope);
        }
    }
    let ends = |row: &[Rational]| {
        let mut ends = [row[0].clone(), row[0].clone()];
        for (a, [l, h]) in row[1..].iter().zip(cell) {
            let (x, y) = (a * l, a * h);
            ends[0] += &x.clone().min(y.clone());
            ends[1] += &x.max(y);
        }
        ends
    };
    let ranges: Vec<[Rational; 2]> = cover.classes.values().iter().map(|row| ends(row)).collect();
    let least = ranges.iter().map(|r| &r[0]).min().unwrap();
    let most = ranges.iter().map(|r| &r[1]).max().unwrap();
    let single = ranges.len() > 64;
    let mut squares = Rational::zero();
    for (block, range) in ranges.iter().enumerate().take(if single { 1 } else { ranges.len() }) {
        let of = cover.classes.of_triangles();
        let mut sum = Rational::zero();
        for z in z.values() {
            let inside = z.iter().enumerate().filter(|(slot, _)| single || of[slot / 2] == block);
            sum += &root(&(&inside.map(|(_, z)| z * z).sum::<Rational>() * &half));
        }
        squares += &(&(&sum * &sum) / if single { least } else { &range[0] });
    }
    let g = &sum_s * &(&Rational::from(n) / &(&Rational::from(8) * least).sqrt_down(100));
    let below: Vec<Rational> = leaf.below.iter().map(|x| unit(*x, leaf.exponent)).collect();
    let mut v = vec![Rational::zero(); grid.unknowns()];
    for (c, column) in below.iter().zip(&basis) {
        v.iter_mut().zip(column).for_each(|(v, x)| *v += &(c * x));
    }
    let form = |i: usize| {
        let of = cover.classes.of_triangles().iter();
        let values: Vec<Rational> = of.map(|class| cover.classes.values()[*class][i].clone()).collect();
        dot(&v, &Stiffness::new(grid, &values).apply(&v))
    };
    let mut m = &dot(load, &v) * &Rational::from(2) - form(0);
    for (i, [l, h]) in cell.iter().enumerate() {
        let b = form(i + 1);
        m -= &(l * &b).max(h * &b);
    }
    assert!(m.is_positive() && least.is_positive());
    let kappa = if cover.norm == Norm::H1 { most / least } else { Rational::one() };
    let whole = root(&squares) + g;
    &(&(&cover.rho * &cover.rho) * &m) / &(&(&whole * &whole) * &kappa)
}

#[test]
fn leaves_pass_the_exact_conditions_and_one_of_them_barely() {
    for (model, options) in problems() {
        let cover = cover(&model, &options, &mut silent).unwrap();
        let cells = cells(&cover);
        assert_eq!(cells.len(), cover.cells);
        assert!(cover.rho.approx_f64() <= options.target * (1.0 + 1e-8));
        let margins = cells.iter().map(|(cell, leaf)| margin(&model, &cover, cell, leaf));
        let least = margins.min().unwrap();
        assert!(least >= Rational::one(), "{least}");
        // Rounding in doubles costs little, where the error itself is not of its size.
        let slack = if options.target > 1e-6 { 1e-6 } else { 1e-2 };
        assert!(least.approx_f64() < 1.0 + slack, "{:e} {:?}", least.approx_f64() - 1.0, cover.mode);
    }
}

#[test]
fn bounds_are_above_true_errors() {
    for (model, options) in problems() {
        let cover = cover(&model, &CoverOptions { keep: false, ..options }, &mut silent).unwrap();
        assert!(cover.steps.iter().all(|step| matches!(step, Step::Cut { .. })));
        let problem = model.setting().problem();
        let p = cover.classes.parameters();
        let one = Stiffness::new(problem.grid(), &vec![Rational::one(); problem.grid().elements()]);
        let mut largest = 0.0f64;
        for seed in 0..60 {
            let mut random = SplitMix64::stream(5, seed);
            let corner = seed < 1 << p.min(5);
            let side = |i: usize| {
                if corner { Rational::from(seed >> i & 1) } else { random.between(&Rational::zero(), &Rational::one()) }
            };
            let y: Vec<Rational> = (0..p).map(side).collect();
            let checked = Checked::new(&model, &y).unwrap();
            let certified = Certified::new(problem, &y).unwrap();
            // |u - v|^2 = |u - u_G|^2 + |u_G - v|^2, where v is the rounded u_G.
            let (error, norm) = match options.norm {
                Norm::Energy => (checked.true_error.lo().clone(), certified.compliance.hi().sqrt_up(60)),
                Norm::H1 => {
                    let u: Vec<Rational> = certified.solution.iter().map(|x| Rational::from_f64(*x).unwrap()).collect();
                    let v = checked.reduced.solution.to_rationals();
                    let e: Vec<Rational> = u.iter().zip(&v).map(|(u, v)| u - v).collect();
                    (dot(&e, &one.apply(&e)).sqrt_down(60), dot(&u, &one.apply(&u)).sqrt_up(60))
                }
            };
            assert!(error <= &cover.rho * &norm + Rational::power_of_two(-40), "{y:?}");
            largest = largest.max((error / norm).approx_f64());
        }
        // And they are of use: no more than what cells lose.
        assert!(largest < 1e-9 || cover.rho.approx_f64() < 2e3 * largest.max(1e-4), "{largest}");
    }
}

#[test]
fn covers_do_not_depend_on_threads_and_go_on_where_they_stopped() {
    let (model, options) = problems().swap_remove(0);
    let options = CoverOptions { degree: Some(2), target: 1e-1, ..options };
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| cover(&model, &options, &mut silent).unwrap())
    };
    let whole = with(1);
    assert_eq!(whole, with(3));
    assert!(whole.cells > 12, "{}", whole.cells);
    let estimate = approx_cells(&model, &options, 400).unwrap() / whole.cells as f64;
    assert!((0.7..1.4).contains(&estimate), "{estimate}");
    let mut state = Vec::new();
    let mut stop = |progress: &Progress<'_>| {
        state = progress.decisions.to_vec();
        assert!(progress.open > 0 && progress.share < 1.0);
        if state.len() >= 12 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert_eq!(cover(&model, &options, &mut stop), Err(PdeError::Stopped));
    assert_eq!(resume(&model, &options, &state, &mut silent).unwrap(), whole);
    let bound = CoverOptions { keep: false, ..options };
    assert_eq!(resume(&model, &bound, &state, &mut silent).unwrap().rho, whole.rho);
}

#[test]
fn what_cannot_be_reached_is_said() {
    let (model, options) = problems().swap_remove(0);
    let gap = cover(&model, &CoverOptions { target: 1e-6, ..options.clone() }, &mut silent);
    assert!(matches!(gap, Err(PdeError::Gap { gap, .. }) if gap > 1e-6), "{gap:?}");
    let few = CoverOptions { cells: 5, degree: Some(2), target: 1e-1, ..options };
    let few = cover(&model, &few, &mut silent);
    assert!(matches!(few, Err(PdeError::Cells { share, bound, .. }) if share < 1.0 && bound > 1e-1), "{few:?}");
}

#[test]
fn options_out_of_range() {
    let (model, options) = problems().swap_remove(0);
    let refused = |options: CoverOptions| cover(&model, &options, &mut silent).err();
    for target in [0.0, -1.0, 2.0, f64::NAN] {
        assert!(matches!(refused(CoverOptions { target, ..options.clone() }), Some(PdeError::Target { .. })));
    }
    for degree in [0, 65, u32::MAX] {
        let size = refused(CoverOptions { degree: Some(degree), ..options.clone() });
        assert!(matches!(size, Some(PdeError::Size { least: 1, .. })), "{size:?}");
    }
}

#[test]
fn faces_are_for_coefficients_that_scale() {
    let mode = |shape, as_published| {
        let coefficient = Coefficient::new(shape, Rational::ratio(1, 10), as_published, Grid::new(9).unwrap()).unwrap();
        Classes::new(&coefficient).unwrap().mode()
    };
    assert_eq!(mode(Shape::Chessboard { blocks: 2 }, false), Mode::Faces);
    assert_eq!(mode(Shape::Chessboard { blocks: 2 }, true), Mode::Box);
    assert_eq!(mode(Shape::Cookies { blocks: 2 }, false), Mode::Box);
    assert_eq!(mode(Shape::Trigonometric { terms: 2, scaling: 0 }, false), Mode::Box);
}
