//! The f64 evaluator against exact rationals: the bound holds, and it is of use.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::tests::random_layered;
use super::*;
use crate::arith::Rational;
use crate::construct::{SquaringMethod, product_network, squaring_network};
use crate::network::Layered;

/// (observed error, bound), both exact, of every output.
fn observed(network: &Layered, input: &[f64]) -> Option<Vec<(Rational, Rational)>> {
    let x: Vec<Rational> = input.iter().map(|&x| Rational::from_f64(x).unwrap()).collect();
    let exact = Evaluator::<Rational>::new(network).unwrap().evaluate(&x).unwrap();
    let float = FloatNetwork::new(network).unwrap();
    let bounded = float.evaluate_batch(input).ok()?;
    let mut values = Vec::new();
    float.approx_evaluate_batch(input, &mut values).unwrap();
    assert!(values.iter().zip(&bounded).all(|(v, b)| v.to_bits() == b.value.to_bits()), "one order of operations");
    let pairs = exact.iter().zip(&bounded).map(|(y, b)| {
        let error = (&Rational::from_f64(b.value).unwrap() - y).abs();
        (error, Rational::from_f64(b.error_upper).unwrap())
    });
    Some(pairs.collect())
}

/// Fractions, powers of two, numbers next to them, and far exponents.
fn any_weight(a: u8, b: u8) -> Rational {
    let sign = if a & 1 == 0 { 1 } else { -1 };
    match b % 10 {
        0..3 => Rational::ratio(sign * i64::from(a | 1), i64::from(b) + 1),
        3 | 4 => Rational::from(sign).scale_by_power_of_two(i64::from(a % 9) - 4),
        5 => Rational::from(sign) + Rational::power_of_two(-i64::from(a)),
        6 => Rational::ratio(sign, 3).scale_by_power_of_two(i64::from(a) * 2 - 256),
        7 => Rational::ratio(sign, 7).scale_by_power_of_two(-1070 + i64::from(a % 32) - 16),
        8 => Rational::from(sign).scale_by_power_of_two(-1100 + i64::from(a)),
        _ => Rational::from(sign).scale_by_power_of_two(300 - i64::from(a)),
    }
}

fn scaled_weight(a: u8, b: u8) -> Rational {
    Rational::ratio(i64::from(a) - 128, 100 + i64::from(b))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_bound_holds(
        dimensions in prop::collection::vec(1usize..6, 2..7),
        bytes in prop::collection::vec(any::<(u8, u8, u8)>(), 40..120),
        input in prop::collection::vec(prop_oneof![
            Just(0.0), Just(1.0), Just(-0.5), -2.0..2.0f64, -1e-300..1e-300f64, -1e100..1e100f64,
            Just(f64::MIN_POSITIVE), Just(5e-324)], 6),
    ) {
        let network = random_layered(&dimensions, &bytes, any_weight);
        for (error, bound) in observed(&network, &input[..dimensions[0]]).unwrap_or_default() {
            prop_assert!(error <= bound, "{} > {}", error.approx_f64(), bound.approx_f64());
        }
    }

    #[test]
    fn rational_inputs_are_covered(
        bytes in prop::collection::vec(any::<(u8, u8, u8)>(), 40..80),
        input in prop::collection::vec((any::<i64>(), 1i64..i64::MAX), 3),
    ) {
        let network = random_layered(&[3, 5, 4, 2], &bytes, any_weight);
        let x: Vec<Rational> = input.iter().map(|&(p, q)| Rational::ratio(p, q)).collect();
        let exact = Evaluator::<Rational>::new(&network).unwrap().evaluate(&x).unwrap();
        let bounded = FloatNetwork::new(&network).unwrap().evaluate_rational(&x);
        for (y, b) in exact.iter().zip(&bounded.unwrap_or_default()) {
            let error = (&Rational::from_f64(b.value).unwrap() - y).abs();
            prop_assert!(error <= Rational::from_f64(b.error_upper).unwrap());
        }
    }
}

#[test]
fn the_bound_is_of_the_size_of_the_error() {
    // Over many inputs of well-scaled networks the largest bound is below 1000 times the largest error.
    let bytes: Vec<(u8, u8, u8)> =
        (0..977u32).map(|k| ((k * 7 + 1) as u8, (k * k * 13 + k) as u8, (k * 29) as u8)).collect();
    let network = random_layered(&[4, 12, 12, 12, 3], &bytes, scaled_weight);
    let (mut error, mut bound) = (Rational::zero(), Rational::zero());
    for k in 0..200 {
        let input: Vec<f64> = (1..5).map(|j| (f64::from(k * j) * 0.618).fract() * 2.0 - 1.0).collect();
        for (e, b) in observed(&network, &input).unwrap() {
            assert!(e <= b);
            (error, bound) = (error.max(e), bound.max(b));
        }
    }
    assert!(error.is_positive() && bound <= &error * &Rational::from(1000));
}

#[test]
fn exact_operations_cost_nothing() {
    // Powers of two and small dyadic inputs: no rounding happens, and the bound sees it.
    let squaring = squaring_network(12, None, SquaringMethod::Delayed).unwrap().layered().unwrap();
    let product = product_network(9, &Rational::from(1), &Rational::from(1)).unwrap().layered().unwrap();
    for k in 0..64 {
        let x = f64::from(k) / 64.0;
        let errors = [observed(&squaring, &[x]).unwrap(), observed(&product, &[x, -0.375]).unwrap()];
        assert!(errors.iter().flatten().all(|(error, bound)| error.is_zero() && bound.is_zero()));
    }
}

#[test]
fn what_leaves_the_range_is_an_error() {
    let bytes = [(1u8, 0u8, 0u8)];
    let huge = random_layered(&[1, 1, 1], &bytes, |_, _| Rational::power_of_two(1000));
    let float = FloatNetwork::new(&huge).unwrap();
    assert_eq!(float.evaluate_batch(&[0.0, 1.0]), Err(EvaluateError::Overflow { input: 0, output: 0 }));
    assert!(matches!(float.evaluate_batch(&[f64::NAN]), Err(EvaluateError::Overflow { .. })));
    // A negative overflow is not hidden by ReLU.
    let negative = random_layered(&[1, 1, 1], &bytes, |_, _| -Rational::power_of_two(1000));
    let refused = FloatNetwork::new(&negative).unwrap().evaluate_batch(&[1e300]);
    assert!(matches!(refused, Err(EvaluateError::Overflow { .. })));
    let beyond = random_layered(&[1, 1], &bytes, |_, _| Rational::power_of_two(5000));
    assert!(matches!(FloatNetwork::new(&beyond), Err(EvaluateError::WeightRange { layer: 1, exponent: 5000 })));
}
