#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::arith::{Integer, Rational};
use crate::evaluate::Evaluator;
use crate::linalg::{Matrix, add};
use crate::network::{Block, Layer, Layered, LinearMap};

type Sides = Vec<(Rational, Rational)>;

/// A network from integer weights over a denominator: small ones make many degenerate positions.
pub(super) fn layered(widths: &[usize], weights: &[i64], denominator: i64) -> Layered {
    let mut next = weights.iter().cycle().map(|&w| Rational::ratio(w, denominator));
    let layer = |pair: &[usize]| {
        let rows: Vec<Vec<Rational>> = (0..pair[1]).map(|_| next.by_ref().take(pair[0]).collect()).collect();
        let bias: Vec<Rational> = next.by_ref().take(pair[1]).collect();
        let rows: Vec<&[Rational]> = rows.iter().map(Vec::as_slice).collect();
        Layer { map: LinearMap::literal(Block::from_rows(&rows)), bias: LinearMap::vector(&bias) }
    };
    Layered::new(widths.windows(2).map(layer).collect()).unwrap()
}

fn network(inputs: usize, outputs: usize) -> impl Strategy<Value = Layered> {
    let weights = prop_oneof![
        prop::collection::vec(-1i64..2, 60),
        prop::collection::vec(-3i64..4, 60),
        prop::collection::vec(-100_000i64..100_000, 60),
    ];
    let hidden = prop::collection::vec(1usize..5, 0..3);
    (hidden, weights, 1i64..4).prop_map(move |(hidden, weights, denominator)| {
        let widths: Vec<usize> = [inputs].into_iter().chain(hidden).chain([outputs]).collect();
        layered(&widths, &weights, denominator)
    })
}

pub(super) fn side() -> impl Strategy<Value = (Rational, Rational)> {
    (-4i64..4, 1i64..6, 1i64..4).prop_map(|(lo, length, q)| (Rational::ratio(lo, q), Rational::ratio(lo + length, q)))
}

fn domain(inputs: usize) -> impl Strategy<Value = Option<Sides>> {
    prop_oneof![Just(None), prop::collection::vec(side(), inputs).prop_map(Some)]
}

fn problems() -> impl Strategy<Value = (Layered, Option<Sides>, Vec<Rational>)> {
    (1usize..4, 1usize..3).prop_flat_map(|(inputs, outputs)| {
        let point = prop::collection::vec((-40i64..40, 1i64..9).prop_map(|(p, q)| Rational::ratio(p, q)), inputs);
        (network(inputs, outputs), domain(inputs), point)
    })
}

fn value(network: &Layered, x: &[Rational]) -> Vec<Rational> {
    Evaluator::<Rational>::new(network).unwrap().evaluate(x).unwrap()
}

/// What a region is, without the choice of the interior point and the order of the facets.
fn essence(regions: &Regions) -> BTreeSet<(Vec<bool>, Vec<Halfspace>, String)> {
    let one = |region: &Region| {
        let mut halfspaces = region.halfspaces.clone();
        halfspaces.sort();
        (region.pattern.clone(), halfspaces, format!("{:?} {:?}", region.matrix.entries(), region.offset))
    };
    regions.found().iter().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn two_enumerations_agree((network, domain, point) in problems()) {
        let cut = regions(&network, domain.as_deref(), 10_000).unwrap();
        let flooded = flood_fill(&network, domain.as_deref(), 10_000).unwrap();
        prop_assert!(cut.is_complete() && flooded.is_complete());
        prop_assert_eq!(essence(&cut), essence(&flooded));
        prop_assert_eq!(essence(&cut).len(), cut.found().len());
        for region in cut.found() {
            // The map is that of the network, at a point strictly inside.
            prop_assert!(region.halfspaces.iter().all(|half| half.slack(&region.interior).is_positive()));
            let mapped = add(&region.matrix.apply(&region.interior).unwrap(), &region.offset);
            prop_assert_eq!(&mapped, &value(&network, &region.interior));
            // None of the halfspaces follows from the others.
            let polyhedron = Polyhedron::new(region.interior.len(), region.halfspaces.clone()).unwrap();
            prop_assert_eq!(&polyhedron.irredundant().unwrap(), &polyhedron);
        }
        // The volumes add up to that of the domain: nothing is missing and nothing is counted twice.
        if let Some(sides) = &domain {
            let volume = |region: &Region| {
                Polyhedron::new(sides.len(), region.halfspaces.clone()).unwrap().volume().unwrap().unwrap()
            };
            let whole: Rational = cut.found().iter().map(volume).sum();
            prop_assert_eq!(whole, sides.iter().fold(Rational::one(), |v, (lo, hi)| v * (hi - lo)));
        }
        // Every point of the domain lies in a region, and all regions around it give its value.
        let inside = domain.is_none_or(|sides| sides.iter().zip(&point).all(|((lo, hi), x)| lo <= x && x <= hi));
        let around: Vec<&Region> =
            cut.found().iter().filter(|region| region.halfspaces.iter().all(|half| half.contains(&point))).collect();
        prop_assert_eq!(!around.is_empty(), inside);
        for region in around {
            prop_assert_eq!(add(&region.matrix.apply(&point).unwrap(), &region.offset), value(&network, &point));
        }
    }
    #[test]
    fn budgets_keep_the_first_regions((network, domain, _) in problems(), limit in 1usize..12) {
        let all = regions(&network, domain.as_deref(), 10_000).unwrap();
        let some = regions(&network, domain.as_deref(), limit).unwrap();
        prop_assert_eq!(some.is_complete(), all.found().len() <= limit);
        prop_assert_eq!(essence(&some), all.found()[..all.found().len().min(limit)].iter().map(|region| {
            essence(&Regions::Complete(vec![region.clone()])).into_iter().next().unwrap()
        }).collect());
        let patterns: Vec<&Vec<bool>> = all.found().iter().map(|region| &region.pattern).collect();
        prop_assert!(patterns.is_sorted());
    }
    #[test]
    fn sweeps_agree_with_regions((network, _, from) in problems(), to in prop::collection::vec(-9i64..9, 3)) {
        let to: Vec<Rational> = from.iter().zip(&to).map(|(_, &x)| Rational::from(x)).collect();
        let along = sweep(&network, &from, &to).unwrap();
        let direction = crate::linalg::sub(&to, &from);
        let line = restrict(&network, &from, &Matrix::column_vector(&direction)).unwrap();
        let unit = [(Rational::zero(), Rational::one())];
        let pieces = regions(&line, Some(&unit), 1000).unwrap();
        prop_assert_eq!(along.breakpoints.len(), pieces.found().len() + 1);
        for (time, value_there) in along.breakpoints.iter().zip(&along.values) {
            let x: Vec<Rational> = from.iter().zip(&direction).map(|(x, d)| x + time * d).collect();
            prop_assert_eq!(&value(&network, &x), value_there);
            prop_assert_eq!(&value(&line, core::slice::from_ref(time)), value_there);
        }
        prop_assert!(along.breakpoints.windows(2).all(|pair| pair[0] < pair[1]));
    }
    #[test]
    fn restrictions_to_planes_are_the_network_there(
        network in network(3, 2), d in prop::collection::vec(-3i64..4, 6), u in prop::collection::vec(-9i64..9, 5),
    ) {
        let u: Vec<Rational> = u.into_iter().map(|u| Rational::ratio(u, 4)).collect();
        let directions = Matrix::from_fn(3, 2, |i, j| Rational::from(d[2 * i + j]));
        let (base, u) = u.split_at(3);
        let plane = restrict(&network, base, &directions).unwrap();
        let x = add(base, &directions.apply(u).unwrap());
        prop_assert_eq!(value(&plane, u), value(&network, &x));
        // Its regions are those of the network on the plane: every one has its own pattern there.
        let patterns = Patterns::new(&network).unwrap();
        for region in regions(&plane, None, 1000).unwrap().found() {
            let x = add(base, &directions.apply(&region.interior).unwrap());
            prop_assert_eq!(&patterns.beside(&x, &vec![Rational::zero(); 3]).unwrap(), &region.pattern);
        }
    }
    #[test]
    fn equality_is_decided((network, domain, point) in problems(), place in 0usize..60, by in -1i64..2) {
        let limit = 10_000;
        // Neurons in another order, scaled: the same function, another network.
        let same = shuffled(&network);
        let answer = equal(&network, &same, domain.as_deref(), limit).unwrap();
        prop_assert!(matches!(answer, Equality::Equal { .. }), "{:?}", answer);
        // One weight of the first layer changed: a witness, or agreement on every region of the other.
        let other = changed(&network, place, by);
        match equal(&network, &other, domain.as_deref(), limit).unwrap() {
            Equality::Unequal { witness, left, right } => {
                prop_assert_ne!(&left, &right);
                prop_assert_eq!(value(&network, &witness), left);
                prop_assert_eq!(value(&other, &witness), right);
                let within = |sides: Sides| sides.iter().zip(&witness).all(|((lo, hi), x)| lo <= x && x <= hi);
                prop_assert!(domain.is_none_or(within));
            }
            Equality::Equal { .. } => {
                if domain.is_none() {
                    prop_assert_eq!(value(&network, &point), value(&other, &point));
                }
                for region in regions(&network, domain.as_deref(), limit).unwrap().found() {
                    prop_assert_eq!(value(&network, &region.interior), value(&other, &region.interior));
                }
            }
            Equality::Open { .. } => prop_assert!(false, "the limit is far"),
        }
    }
    #[test]
    fn filtered_facets_agree_with_programs(
        rows in prop::collection::vec((prop::collection::vec(-3i64..4, 3), 1i64..5), 1..8),
        sums in prop::collection::vec((0usize..8, 0usize..8, -1i64..2), 0..4),
        bits in prop_oneof![Just(0u64), Just(40), Just(70)],
    ) {
        // Rows with 0 strictly inside, and sums of two of them that are needed or not by 1 part in 2^bits.
        let integers = |a: &[i64]| a.iter().map(|&a| Integer::from(a)).collect::<Vec<_>>();
        let mut all: BTreeSet<Halfspace> =
            rows.iter().map(|(a, b)| Halfspace::new(integers(a), Integer::from(*b).shl(bits))).collect();
        for (i, j, e) in sums {
            let ((a, b), (c, d)) = (&rows[i % rows.len()], &rows[j % rows.len()]);
            let normal: Vec<i64> = a.iter().zip(c).map(|(a, c)| a + c).collect();
            all.insert(Halfspace::new(integers(&normal), Integer::from(b + d).shl(bits) + Integer::from(e)));
        }
        all.retain(|half| half.normal().iter().any(|a| !a.is_zero()));
        let rows: Vec<Halfspace> = all.into_iter().collect();
        let mut cell = cell::Cell::new(&rows, vec![Rational::zero(); 3]);
        cell.reduce();
        let facets: Vec<Halfspace> = cell.halfspaces().cloned().collect();
        let exact = Polyhedron::new(3, rows).unwrap().irredundant().unwrap();
        prop_assert_eq!(facets.as_slice(), exact.halfspaces());
    }
}

/// The same function: in every hidden layer neurons are reversed and multiplied by 2.
fn shuffled(network: &Layered) -> Layered {
    let last = network.layers().len() - 1;
    let layers = network.layers().iter().enumerate().map(|(number, layer)| {
        let (map, bias) = (written(&layer.map), written(&layer.bias));
        let (rows, columns) = (map.rows(), map.columns());
        let row = |i: usize| if number < last { rows - 1 - i } else { i };
        let column = |j: usize| if number > 0 { columns - 1 - j } else { j };
        let factor = Rational::from(if number < last { 2 } else { 1 });
        let divisor = Rational::from(if number > 0 { 2 } else { 1 });
        let map = Matrix::from_fn(rows, columns, |i, j| &map[(row(i), column(j))] * &factor / &divisor);
        let bias = Matrix::from_fn(rows, 1, |i, j| &bias[(row(i), j)] * &factor);
        Layer { map: literal(&map), bias: literal(&bias) }
    });
    Layered::new(layers.collect()).unwrap()
}

/// The network with one weight of its first layer changed.
fn changed(network: &Layered, place: usize, by: i64) -> Layered {
    let mut layers = network.layers().to_vec();
    let map = written(&layers[0].map);
    let place = place % map.entries().len();
    let by = Rational::from(by);
    let entry = |i: usize, j: usize| {
        let w = &map[(i, j)];
        if i * map.columns() + j == place { w + &by } else { w.clone() }
    };
    layers[0].map = literal(&Matrix::from_fn(map.rows(), map.columns(), entry));
    Layered::new(layers).unwrap()
}

fn written(map: &LinearMap) -> Matrix {
    let rows = crate::network::Unrolled::new(map, 1 << 20).unwrap();
    Matrix::from_fn(map.rows(), map.columns(), |i, j| {
        rows.row(i).find(|(column, _)| *column == j).map_or(Rational::zero(), |(_, w)| w.clone())
    })
}

fn literal(a: &Matrix) -> LinearMap {
    let rows: Vec<&[Rational]> = (0..a.rows()).map(|i| a.row(i)).collect();
    LinearMap::literal(Block::from_rows(&rows))
}

/// Weights without any pattern, the same on every run.
fn scattered(widths: &[usize]) -> Layered {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 12) as i64 - (1 << 51)
    };
    let weights: Vec<i64> = (0..4000).map(|_| next()).collect();
    layered(widths, &weights, 1 << 51)
}

#[test]
fn arrangements_have_the_known_number_of_cells() {
    // m lines in general position: 1 + m + m (m - 1) / 2 regions; m planes: sum of the binomials up to 3.
    assert_eq!(regions(&scattered(&[2, 12, 1]), None, 1000).unwrap().found().len(), 1 + 12 + 66);
    assert_eq!(regions(&scattered(&[3, 12, 1]), None, 1000).unwrap().found().len(), 1 + 12 + 66 + 220);
    assert_eq!(regions(&scattered(&[1, 12, 1]), None, 1000).unwrap().found().len(), 13);
    // More dimensions than hyperplanes: all sign patterns.
    assert_eq!(regions(&scattered(&[9, 7, 1]), None, 1000).unwrap().found().len(), 128);
}

#[test]
fn wide_and_deep_networks_of_doubles_are_enumerated_twice() {
    for widths in [&[2, 8, 6, 4, 2][..], &[3, 6, 5, 1], &[4, 5, 4, 1]] {
        let network = scattered(widths);
        let cut = regions(&network, None, 10_000).unwrap();
        let flooded = flood_fill(&network, None, 10_000).unwrap();
        assert!(cut.found().len() > 30 && essence(&cut) == essence(&flooded), "{widths:?}");
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let network = scattered(&[3, 8, 6, 1]);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| (regions(&network, None, 10_000).unwrap(), regions(&network, None, 57).unwrap()))
    };
    let one = with(1);
    assert_eq!(one, with(3));
    assert_eq!((one.0.is_complete(), one.1.is_complete(), one.1.found().len()), (true, false, 57));
}

#[test]
fn numbers_far_beyond_doubles_are_decided_exactly() {
    // max(x - 2^-2000, 0) and max(x + 2^-2000, 0): three regions, the middle one thinner than any double.
    let tiny = Rational::power_of_two(-2000);
    let first = Layer {
        map: LinearMap::literal(Block::from_ratios(&[[(1, 1)], [(1, 1)]])),
        bias: LinearMap::vector(&[-&tiny, tiny.clone()]),
    };
    let last = Layer { map: LinearMap::literal(Block::from_ratios(&[[(1, 1), (1, 1)]])), bias: LinearMap::zero(1, 1) };
    let network = Layered::new(vec![first.clone(), last.clone()]).unwrap();
    let unit = [(Rational::from(-1), Rational::one())];
    for domain in [None, Some(&unit[..])] {
        let all = regions(&network, domain, 100).unwrap();
        assert_eq!(all.found().len(), 3);
        assert_eq!(all.found()[1].interior, [Rational::zero()]);
    }
    // A difference of 2^-4000 on one thin region is found.
    let other = Layered::new(vec![Layer { bias: LinearMap::vector(&[-&tiny, tiny]), ..first }, last]).unwrap();
    assert!(matches!(equal(&network, &other, None, 100), Ok(Equality::Equal { .. })));
    let bump = Layer { map: network.layers()[0].map.clone(), bias: LinearMap::zero(2, 1) };
    let bent = Layered::new(vec![bump, network.layers()[1].clone()]).unwrap();
    assert!(matches!(equal(&network, &bent, Some(&unit), 100), Ok(Equality::Unequal { .. })));
}

#[test]
fn neurons_flip_through_facets() {
    // max(x, 0), max(-x, 0) and the neuron |x| behind them: the first two flip at 0, the third is active on both sides.
    let first =
        Layer { map: LinearMap::literal(Block::from_ratios(&[[(1, 1)], [(-1, 1)]])), bias: LinearMap::zero(2, 1) };
    let sum = Layer { map: LinearMap::literal(Block::from_ratios(&[[(1, 1), (1, 1)]])), bias: LinearMap::zero(1, 1) };
    let last = Layer { map: LinearMap::identity(1), bias: LinearMap::zero(1, 1) };
    let network = Layered::new(vec![first, sum, last]).unwrap();
    let all = regions(&network, None, 10).unwrap();
    let patterns = Patterns::new(&network).unwrap();
    let behind: Vec<_> = all.found().iter().map(|region| patterns.behind(region, 0).unwrap()).collect();
    let (left, right) = (vec![false, true, true], vec![true, false, true]);
    assert_eq!(all.found().iter().map(|region| &region.pattern).collect::<Vec<_>>(), [&left, &right]);
    assert_eq!(behind, [Some(right), Some(left)]);
    assert_eq!(patterns.behind(&all.found()[0], 1), Ok(None));
    // No cell has both inactive.
    assert_eq!(patterns.region(&[false, false, true], None), Ok(None));
}

#[test]
fn bad_questions_are_refused() {
    let network = scattered(&[2, 3, 1]);
    let (zero, one) = (Rational::zero(), Rational::one());
    let unit = (zero.clone(), one.clone());
    let refused = |sides: &[(Rational, Rational)]| regions(&network, Some(sides), 10).err().unwrap();
    assert!(matches!(refused(core::slice::from_ref(&unit)), PolyhedraError::Dimension { found: 1, expected: 2, .. }));
    let reversed = [unit.clone(), (one.clone(), zero.clone())];
    assert_eq!(refused(&reversed), PolyhedraError::EndsReversed { side: 2 });
    let flat = [(one.clone(), one.clone()), unit.clone()];
    assert_eq!(refused(&flat), PolyhedraError::Flat { side: 1 });
    assert!(matches!(flood_fill(&network, Some(&flat), 10), Err(PolyhedraError::Flat { side: 1 })));
    assert!(equal(&network, &scattered(&[3, 3, 1]), None, 10).is_err());
    assert!(equal(&network, &scattered(&[2, 3, 2]), None, 10).is_err());
    assert!(equal(&network, &network, Some(&reversed), 10).is_err());
    assert!(sweep(&network, core::slice::from_ref(&zero), &[zero.clone(), one.clone()]).is_err());
    assert!(restrict(&network, &[zero], &Matrix::zeros(1, 1)).is_err());
    let patterns = Patterns::new(&network).unwrap();
    assert!(patterns.region(&[true], None).is_err());
    assert!(patterns.beside(&[one], &[]).is_err());
}

#[test]
fn flat_domains_are_compared_on_the_flat() {
    // max(x, 0) + y and x + y are equal for x = 1, not for x = -1.
    let relu = Layer {
        map: LinearMap::literal(Block::from_ratios(&[[(1, 1), (0, 1)], [(0, 1), (1, 1)], [(0, 1), (-1, 1)]])),
        bias: LinearMap::zero(3, 1),
    };
    let sum = LinearMap::literal(Block::from_ratios(&[[(1, 1), (1, 1), (-1, 1)]]));
    let bent = Layered::new(vec![relu, Layer { map: sum, bias: LinearMap::zero(1, 1) }]).unwrap();
    let map = LinearMap::literal(Block::from_ratios(&[[(1, 1), (1, 1)]]));
    let plane = Layered::new(vec![Layer { map, bias: LinearMap::zero(1, 1) }]).unwrap();
    let at = |x: i64| (Rational::from(x), Rational::from(x));
    let unit = (Rational::zero(), Rational::one());
    assert!(matches!(equal(&bent, &plane, Some(&[at(1), unit.clone()]), 9), Ok(Equality::Equal { .. })));
    assert!(matches!(equal(&bent, &plane, Some(&[at(1), at(-2)]), 9), Ok(Equality::Equal { .. })));
    let Ok(Equality::Unequal { witness, .. }) = equal(&bent, &plane, Some(&[at(-1), unit]), 9) else {
        panic!("they differ at x = -1")
    };
    assert_eq!(witness[0], Rational::from(-1));
}
