//! Our numbers against num-bigint and num-rational, an implementation that shares nothing with ours.

use core::str::FromStr;

use num_bigint::BigInt;
use num_rational::Ratio;
use proptest::prelude::*;

use super::{ArithError, Integer, Rational};

type Reference = Ratio<BigInt>;

/// Integers with many corners: 0, small, powers of two and their neighbours, huge ones.
fn integer() -> impl Strategy<Value = Integer> {
    let near_power = (0u64..700, -1i64..=1).prop_map(|(k, d)| Integer::power_of_two(k) + Integer::from(d));
    let huge = (any::<i128>(), any::<i128>(), 0u64..400, any::<u64>())
        .prop_map(|(a, b, k, c)| (Integer::from(a) * Integer::from(b)).shl(k) + Integer::from(c));
    let size = prop_oneof![
        Just(Integer::zero()),
        Just(Integer::one()),
        (0i64..100).prop_map(Integer::from),
        any::<i64>().prop_map(Integer::from),
        any::<i128>().prop_map(Integer::from),
        near_power,
        huge
    ];
    (size, any::<bool>()).prop_map(|(n, minus)| if minus { -n } else { n })
}
fn rational() -> impl Strategy<Value = Rational> {
    (integer(), integer()).prop_map(|(p, q)| Rational::new(p.clone(), q).unwrap_or(Rational::from(p)))
}
fn big(n: &Integer) -> BigInt {
    BigInt::from_str(&n.to_string()).unwrap_or_default()
}
fn reference(x: &Rational) -> Reference {
    Ratio::new(big(&x.numerator()), big(&x.denominator()))
}
/// The same value, with the numerator and denominator in the same form.
fn same(x: &Rational, y: &Reference) -> bool {
    big(&x.numerator()) == *y.numer() && big(&x.denominator()) == *y.denom()
}
fn euclid(n: &BigInt, d: &BigInt) -> (BigInt, BigInt) {
    let zero = BigInt::from(0);
    let (q, r) = (n / d, n % d);
    match (r < zero, *d > zero) {
        (false, _) => (q, r),
        (true, true) => (q - 1, r + d),
        (true, false) => (q + 1, r - d),
    }
}
/// By Euclid's algorithm, on the reference's remainders.
fn gcd(mut a: BigInt, mut b: BigInt) -> BigInt {
    let zero = BigInt::from(0);
    while b != zero {
        let r = euclid(&a, &b).1;
        a = b;
        b = r;
    }
    if a < zero { -a } else { a }
}

proptest! {
    #[test]
    fn integer_ring(a in integer(), b in integer(), k in 0u64..300, e in 0u32..6) {
        let (x, y) = (big(&a), big(&b));
        prop_assert_eq!(big(&(&a + &b)), &x + &y);
        prop_assert_eq!(big(&(&a - &b)), &x - &y);
        prop_assert_eq!(big(&(&a * &b)), &x * &y);
        prop_assert_eq!(big(&-&a), -&x);
        prop_assert_eq!(big(&a.abs()), if x < BigInt::from(0) { -&x } else { x.clone() });
        prop_assert_eq!(big(&a.pow(e)), x.pow(e));
        prop_assert_eq!(big(&a.shl(k)), &x << k);
        prop_assert_eq!(big(&a.shr_floor(k)), euclid(&x, &(BigInt::from(1) << k)).0);
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        prop_assert_eq!(a == b, x == y);
        prop_assert_eq!(a.bits(), x.bits());
        prop_assert_eq!(a.trailing_zeros(), x.trailing_zeros().unwrap_or(0));
        let mut sum = a.clone();
        sum += &b;
        sum -= &a;
        prop_assert_eq!(sum, b);
    }
    #[test]
    fn integer_division(a in integer(), b in integer()) {
        let (x, y) = (big(&a), big(&b));
        prop_assert_eq!(big(&a.gcd(&b)), gcd(x.clone(), y.clone()));
        prop_assert_eq!(a.gcd(&b) * a.lcm(&b), (&a * &b).abs());
        if !b.is_zero() {
            let (q, r) = a.div_rem_euclid(&b);
            prop_assert_eq!((big(&q), big(&r)), euclid(&x, &y));
        }
        prop_assert_eq!(big(&a.abs().sqrt_floor()), big(&a.abs()).sqrt());
        prop_assert_eq!(a.to_i128(), i128::try_from(&x).ok());
        prop_assert_eq!(a.to_i64(), i64::try_from(&x).ok());
        prop_assert_eq!(a.to_string(), x.to_string());
        prop_assert_eq!(Integer::parse(&a.to_string()), Some(a));
    }
    #[test]
    fn rational_field(x in rational(), y in rational(), e in -4i32..5) {
        let (p, q) = (reference(&x), reference(&y));
        prop_assert!(same(&x, &p));
        prop_assert!(same(&(&x + &y), &(&p + &q)));
        prop_assert!(same(&(&x - &y), &(&p - &q)));
        prop_assert!(same(&(&x * &y), &(&p * &q)));
        prop_assert!(same(&-&x, &-&p));
        prop_assert_eq!(x.checked_div(&y).is_none(), y.is_zero());
        if let Some(quotient) = x.checked_div(&y) { prop_assert!(same(&quotient, &(&p / &q))); }
        if let Some(inverse) = x.recip() { prop_assert!(same(&inverse, &p.recip())); }
        if let Some(power) = x.pow(e) { prop_assert!(same(&power, &p.pow(e))); }
        prop_assert_eq!(x.cmp(&y), p.cmp(&q));
        prop_assert_eq!(x == y, p == q);
        prop_assert_eq!(x.is_integer(), p.is_integer());
        prop_assert_eq!(x.signum(), p.cmp(&Ratio::from_integer(BigInt::from(0))) as i32);
        let mut sum = x.clone();
        sum += &y;
        sum *= &x;
        sum -= &y;
        prop_assert!(same(&sum, &((&p + &q) * &p - &q)));
    }
    #[test]
    fn rational_rounding(x in rational(), k in -80i64..80) {
        let p = reference(&x);
        prop_assert_eq!(big(&x.floor()), p.floor().to_integer());
        prop_assert_eq!(big(&x.ceil()), p.ceil().to_integer());
        let two = Ratio::from_integer(BigInt::from(2));
        prop_assert!(same(&x.scale_by_power_of_two(k), &(&p * two.pow(k as i32))));
        if let (Some(lo), Some(hi)) = (x.floor_log2(), x.ceil_log2()) {
            let size = reference(&x.abs());
            // 2^lo <= |x| < 2^(lo + 1) and 2^(hi - 1) < |x| <= 2^hi
            prop_assert!(two.pow(lo as i32) <= size && size < two.pow(lo as i32 + 1));
            prop_assert!(two.pow(hi as i32 - 1) < size && size <= two.pow(hi as i32));
        }
        let dyadic = p.denom().trailing_zeros().unwrap_or(0);
        let expected = (p.denom() == &(BigInt::from(1) << dyadic)).then_some(dyadic);
        prop_assert_eq!(x.dyadic_exponent(), expected);
    }
    #[test]
    fn rational_text_round_trips(x in rational(), n in any::<i64>(), places in 0u32..20) {
        prop_assert_eq!(x.to_string(), reference(&x).to_string());
        prop_assert_eq!(x.to_string().parse::<Rational>(), Ok(x.clone()));
        let exponent: Result<Rational, ArithError> = format!("{n}e-{places}").parse();
        prop_assert_eq!(exponent.ok(), Rational::new(Integer::from(n), Integer::from(10).pow(places)));
    }
}

/// Decimals with the point at every place, and texts near the accepted forms.
#[test]
fn accepted_and_rejected_texts() {
    let accepted = [("7", 7, 1), ("+7", 7, 1), ("-2/3", -2, 3), ("0.001", 1, 1000), ("-.5", -1, 2), ("5.", 5, 1)];
    for (text, p, q) in accepted {
        assert_eq!(text.parse(), Ok(Rational::ratio(p, q)), "{text}");
    }
    assert_eq!("-0.25e2".parse(), Ok(Rational::from(-25)));
    assert_eq!(" 3^-2 ".parse(), Ok(Rational::ratio(1, 9)));
    for text in [
        "", ".", "-", "1/", "/2", "1 /2", "1/2/3", "1e", "e5", "--1", "+-1", "1.-5", "0x1", "nan", "inf", "1_0", "2^",
        "^2", "1e5.5", "\u{0663}",
    ] {
        assert!(matches!(text.parse::<Rational>(), Err(ArithError::NotANumber { .. })), "{text}");
    }
    assert_eq!("1/0".parse::<Rational>(), Err(ArithError::ZeroDenominator));
    assert_eq!("0^-1".parse::<Rational>(), Err(ArithError::ZeroDenominator));
    for text in ["1e100001", "1e-100001", "2^100001", "99999999999999999999999^2", "1e99999999999999999999999999"] {
        assert_eq!(text.parse::<Rational>(), Err(ArithError::TooLarge), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]
    #[test]
    fn parser_survives_random_texts(text in "\\PC{0,24}", numeric in "[-+0-9./^eE ]{0,12}") {
        for text in [text, numeric] {
            // A number that is read prints to a text that reads as the same number.
            if let Ok(x) = text.parse::<Rational>() { prop_assert_eq!(x.to_string().parse::<Rational>(), Ok(x)); }
        }
    }
    #[test]
    fn parser_survives_mutated_texts(
        seed in prop_oneof![Just("-2/3"), Just("0.001"), Just("1e-3"), Just("2^-20"), Just("123456789012345678901234567890")],
        place in 0usize..32, change in any::<char>(), kind in 0u8..3,
    ) {
        let mut letters: Vec<char> = seed.chars().collect();
        let place = place % letters.len();
        match kind {
            0 => letters[place] = change,
            1 => letters.insert(place, change),
            _ => { letters.remove(place); }
        }
        let text: String = letters.into_iter().collect();
        if let Ok(x) = text.parse::<Rational>() { prop_assert_eq!(x.to_string().parse::<Rational>(), Ok(x)); }
    }
}

/// The two backends, both compiled under the feature, on the same inputs.
#[cfg(feature = "gmp")]
mod against_one_another {
    use super::super::backend::{dashu, gmp};
    use super::*;

    fn both(n: &Integer) -> Option<(dashu::Int, gmp::Int)> {
        let text = n.to_string();
        Some((dashu::int_parse(&text)?, gmp::int_parse(&text)?))
    }
    macro_rules! agree {
        ($left:expr, $right:expr) => {
            prop_assert_eq!($left.to_string(), $right.to_string())
        };
    }

    proptest! {
        #[test]
        fn integers(a in integer(), b in integer(), k in 0usize..200, e in 0usize..5) {
            let (Some((x, u)), Some((y, v))) = (both(&a), both(&b)) else { return Err(TestCaseError::fail("not read")) };
            agree!(x, u);
            agree!(dashu::int_add(&x, &y), gmp::int_add(&u, &v));
            agree!(dashu::int_sub(&x, &y), gmp::int_sub(&u, &v));
            agree!(dashu::int_mul(&x, &y), gmp::int_mul(&u, &v));
            agree!(dashu::int_neg(&x), gmp::int_neg(&u));
            agree!(dashu::int_shl(&x, k), gmp::int_shl(&u, k));
            agree!(dashu::int_shr_floor(&x, k), gmp::int_shr_floor(&u, k));
            agree!(dashu::int_pow(&x, e), gmp::int_pow(&u, e));
            prop_assert_eq!(dashu::int_cmp(&x, &y), gmp::int_cmp(&u, &v));
            prop_assert_eq!(dashu::int_bits(&x), gmp::int_bits(&u));
            prop_assert_eq!(dashu::int_trailing_zeros(&x), gmp::int_trailing_zeros(&u));
            prop_assert_eq!(dashu::int_signum(&x), gmp::int_signum(&u));
            prop_assert_eq!(dashu::int_to_i128(&x), gmp::int_to_i128(&u));
            if !b.is_zero() {
                let ((q, r), (s, t)) = (dashu::int_div_rem_euclid(&x, &y), gmp::int_div_rem_euclid(&u, &v));
                agree!(q, s);
                agree!(r, t);
                if !a.is_zero() { agree!(dashu::int_gcd(&x, &y), gmp::int_gcd(&u, &v)); }
            }
            if a.signum() >= 0 { agree!(dashu::int_sqrt(&x), gmp::int_sqrt(&u)); }
        }
        #[test]
        fn rationals(a in integer(), b in integer(), c in integer(), d in integer()) {
            prop_assume!(!b.is_zero() && !d.is_zero());
            let (Some((a, a_)), Some((b, b_)), Some((c, c_)), Some((d, d_))) = (both(&a), both(&b), both(&c), both(&d)) else {
                return Err(TestCaseError::fail("not read"))
            };
            let (x, u) = (dashu::rat_new(a, b), gmp::rat_new(a_, b_));
            let (y, v) = (dashu::rat_new(c, d), gmp::rat_new(c_, d_));
            agree!(x, u);
            agree!(dashu::rat_add(&x, &y), gmp::rat_add(&u, &v));
            agree!(dashu::rat_sub(&x, &y), gmp::rat_sub(&u, &v));
            agree!(dashu::rat_mul(&x, &y), gmp::rat_mul(&u, &v));
            agree!(dashu::rat_neg(&x), gmp::rat_neg(&u));
            agree!(dashu::rat_numerator(&x), gmp::rat_numerator(&u));
            agree!(dashu::rat_denominator(&x), gmp::rat_denominator(&u));
            prop_assert_eq!(dashu::rat_cmp(&x, &y), gmp::rat_cmp(&u, &v));
            prop_assert_eq!(dashu::rat_signum(&x), gmp::rat_signum(&u));
            prop_assert_eq!(dashu::rat_is_integer(&x), gmp::rat_is_integer(&u));
            if dashu::rat_signum(&y) != 0 { agree!(dashu::rat_div(&x, &y), gmp::rat_div(&u, &v)); }
        }
    }
}
