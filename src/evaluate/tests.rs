//! Every evaluator against the rational ones, on random networks and at corners.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::arith::Rational;
use crate::construct::{SquaringMethod, product_network, squaring_network};
use crate::network::{Block, Layer, Layered, LinearMap, Network};

const WIDTHS: [Width; 3] = [Width::Narrow, Width::Wide, Width::Big];

/// A layered network from a stream of bytes: sparse rows, each weight made by `weight` from two bytes.
pub(super) fn random_layered(
    dimensions: &[usize],
    bytes: &[(u8, u8, u8)],
    weight: impl Fn(u8, u8) -> Rational,
) -> Layered {
    let mut stream = bytes.iter().cycle();
    let mut layers = Vec::new();
    for pair in dimensions.windows(2) {
        let mut block = |rows: usize, columns: usize| {
            let mut entry = || match stream.next() {
                Some(&(kind, a, b)) if kind % 3 != 0 => weight(a, b),
                _ => Rational::zero(),
            };
            let rows: Vec<Vec<Rational>> = (0..rows).map(|_| (0..columns).map(|_| entry()).collect()).collect();
            LinearMap::literal(Block::from_rows(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>()))
        };
        layers.push(Layer { map: block(pair[1], pair[0]), bias: block(pair[1], 1) });
    }
    Layered::new(layers).unwrap()
}

/// Dyadic weights: powers of two, small odd factors, and now and then a long mantissa or a far exponent.
fn dyadic_weight(a: u8, b: u8) -> Rational {
    let sign = if a & 1 == 0 { 1 } else { -1 };
    match b % 8 {
        0..4 => Rational::from(sign).scale_by_power_of_two(i64::from(a % 7) - 3),
        4 | 5 => Rational::from(sign * i64::from(b | 1)).scale_by_power_of_two(-i64::from(a % 9)),
        6 => Rational::from(sign * (i64::from(a) * 0x0123_4567_89ab + i64::from(b))).scale_by_power_of_two(-40),
        _ => Rational::from(sign).scale_by_power_of_two(i64::from(a % 41) - 20),
    }
}

fn unscaled(row: &[i64], fraction_bits: u32) -> Vec<Rational> {
    row.iter().map(|&n| Rational::from(n).scale_by_power_of_two(-i64::from(fraction_bits))).collect()
}

fn check_fixed(network: &Layered, format: &InputFormat, inputs: &[i64]) {
    let exact = Evaluator::<Rational>::new(network).unwrap();
    let rows: Vec<&[i64]> = inputs.chunks(format.bounds.len()).collect();
    let expected: Vec<Rational> =
        rows.iter().flat_map(|row| exact.evaluate(&unscaled(row, format.fraction_bits)).unwrap()).collect();
    for narrowest in WIDTHS {
        let plan = FixedPlan::new(network, format, PlanOptions { narrowest, ..PlanOptions::default() }).unwrap();
        assert_eq!(plan.evaluate_batch_rational(inputs).unwrap(), expected, "{narrowest:?}");
        let mut scaled = Vec::new();
        match plan.evaluate_batch(inputs, &mut scaled) {
            Ok(()) => {
                let scale = -plan.output_fraction_bits();
                let values = scaled.iter().map(|&n| Rational::from(n).scale_by_power_of_two(scale));
                assert!(values.eq(expected.iter().cloned()));
            }
            Err(e) => assert!(matches!(e, EvaluateError::OutputWidth { .. })),
        }
        if narrowest == Width::Big {
            let [narrow, wide, _] = plan.neurons_by_width();
            assert_eq!((narrow, wide), (0, 0));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn fixed_width_evaluation_is_exact(
        dimensions in prop::collection::vec(1usize..6, 2..7),
        bytes in prop::collection::vec(any::<(u8, u8, u8)>(), 40..120),
        fraction_bits in 0u32..70,
        ends in prop::collection::vec((any::<i64>(), any::<i64>(), 0u32..63), 6),
        picks in prop::collection::vec((0u8..4, any::<u64>()), 40),
    ) {
        let network = random_layered(&dimensions, &bytes, dyadic_weight);
        let bounds: Vec<(i64, i64)> =
            ends[..dimensions[0]].iter().map(|&(a, b, s)| ((a >> s).min(b >> s), (a >> s).max(b >> s))).collect();
        let pick = |(kind, r): (u8, u64), (lo, hi): (i64, i64)| match kind {
            0 => lo,
            1 => hi,
            2 => 0.clamp(lo, hi),
            _ => lo + (r as u128 % (hi as i128 - lo as i128 + 1) as u128) as i64 * i64::from(hi as i128 - lo as i128 <= i64::MAX as i128),
        };
        let count = picks.len() / bounds.len() * bounds.len();
        let inputs: Vec<i64> = picks[..count].iter().zip(bounds.iter().cycle()).map(|(&p, &b)| pick(p, b)).collect();
        check_fixed(&network, &InputFormat { fraction_bits, bounds: bounds.clone() }, &inputs);
        // The graph of the same layers agrees.
        let graph = Network::from(&network);
        let x = unscaled(&inputs[..bounds.len()], fraction_bits);
        prop_assert_eq!(evaluate_graph(&graph, std::slice::from_ref(&x)), Evaluator::<Rational>::new(&network).unwrap().evaluate(&x));
    }
}

/// 0, 1, the smallest dyadics, midpoints, all-ones mantissas, and a few in between.
fn corners(fraction_bits: u32) -> Vec<i64> {
    let one = 1i64 << fraction_bits;
    let mut points = vec![0, 1, 2, 3, one, one - 1, one / 2, one / 2 - 1, one / 2 + 1, one / 3];
    points.extend((0..fraction_bits).map(|k| one >> k));
    points.extend((0..fraction_bits).map(|k| (one - 1) >> k));
    points
}

#[test]
fn squaring_is_exact_at_corners() {
    for method in SquaringMethod::ALL {
        for levels in [1, 2, 3, 9, 20, 37, 60, 90] {
            let network = squaring_network(levels, None, method).unwrap().layered().unwrap();
            for fraction_bits in [3, 24, 53, 62] {
                check_fixed(&network, &InputFormat::unit(1, fraction_bits), &corners(fraction_bits));
            }
        }
        let wide = squaring_network(12, Some(&Rational::from(4)), method).unwrap().layered().unwrap();
        let inputs: Vec<i64> = corners(53).iter().flat_map(|&x| [4 * x, -4 * x]).collect();
        check_fixed(&wide, &InputFormat::symmetric(1, 53, 1 << 55), &inputs);
    }
}

#[test]
fn products_are_exact_at_corners() {
    for levels in [1, 2, 11, 20] {
        let network = product_network(levels, &Rational::from(1), &Rational::from(2)).unwrap().layered().unwrap();
        let format = InputFormat { fraction_bits: 53, bounds: vec![(-(1 << 53), 1 << 53), (-(1 << 54), 1 << 54)] };
        let points = corners(53);
        let pairs = points.iter().enumerate().step_by(3).flat_map(|(i, &x)| {
            let y = points[(i * 7 + 3) % points.len()];
            [x, 2 * y, -x, y, y, -x]
        });
        check_fixed(&network, &format, &pairs.collect::<Vec<_>>());
    }
}

#[test]
fn squaring_stays_narrow_but_for_its_accumulator() {
    let network = squaring_network(20, None, SquaringMethod::Delayed).unwrap().layered().unwrap();
    let plan = FixedPlan::new(&network, &InputFormat::unit(1, 53), PlanOptions::default()).unwrap();
    let [narrow, wide, big] = plan.neurons_by_width();
    assert_eq!((narrow + wide, big), (3 * 20, 0));
    assert!(wide <= 12, "{wide} neurons of 128 bits");
}

#[test]
fn what_a_plan_refuses() {
    let network = squaring_network(5, None, SquaringMethod::Delayed).unwrap().layered().unwrap();
    let plan = FixedPlan::new(&network, &InputFormat::unit(1, 10), PlanOptions::default()).unwrap();
    let outside = plan.evaluate_batch(&[3, 1025], &mut Vec::new());
    assert_eq!(outside, Err(EvaluateError::Outside { input: 1, entry: 0, value: 1025, lo: 0, hi: 1024 }));
    assert!(matches!(
        FixedPlan::new(&network, &InputFormat::unit(2, 10), PlanOptions::default()),
        Err(EvaluateError::Dimension { .. })
    ));
    let format = InputFormat { fraction_bits: 1, bounds: vec![(1, 0)] };
    assert!(matches!(FixedPlan::new(&network, &format, PlanOptions::default()), Err(EvaluateError::Range { .. })));
    let small = PlanOptions { budget: 3, ..PlanOptions::default() };
    assert!(matches!(FixedPlan::new(&network, &InputFormat::unit(1, 10), small), Err(EvaluateError::Network(_))));
    let third = squaring_network(5, Some(&Rational::from(3)), SquaringMethod::Delayed).unwrap().layered().unwrap();
    match FixedPlan::new(&third, &InputFormat::unit(1, 10), PlanOptions::default()) {
        Err(EvaluateError::NotDyadic { layer, weight, .. }) => {
            assert_eq!((layer, weight), (2, Rational::ratio(1, 3)));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn threads_do_not_change_results() {
    let network = squaring_network(20, None, SquaringMethod::Delayed).unwrap().layered().unwrap();
    let plan = FixedPlan::new(&network, &InputFormat::unit(1, 53), PlanOptions::default()).unwrap();
    let inputs: Vec<i64> = (0..20_011i64).map(|k| (k * 0x1_2345_6789_abcd) & ((1 << 53) - 1)).collect();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut outputs = Vec::new();
        pool.install(|| plan.evaluate_batch(&inputs, &mut outputs)).unwrap();
        outputs
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(7));
}

#[test]
fn batches_of_any_scalar_keep_their_order() {
    let network = squaring_network(6, None, SquaringMethod::Delayed).unwrap().layered().unwrap();
    let evaluator = Evaluator::<Rational>::new(&network).unwrap();
    let inputs: Vec<Vec<Rational>> = (0..100).map(|k| vec![Rational::ratio(k, 99)]).collect();
    let one_by_one: Vec<Vec<Rational>> = inputs.iter().map(|x| evaluator.evaluate(x).unwrap()).collect();
    assert_eq!(evaluator.evaluate_batch(&inputs), Ok(one_by_one));
    let short = [vec![Rational::one()], vec![]];
    assert_eq!(evaluator.evaluate_batch(&short), Err(EvaluateError::Dimension { found: 0, expected: 1 }));
}
