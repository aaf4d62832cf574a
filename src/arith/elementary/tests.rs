use super::*;
use proptest::prelude::*;

fn rational() -> impl Strategy<Value = Rational> {
    let p = prop_oneof![Just(0i64), Just(1), Just(-1), -300i64..300, any::<i64>()];
    let q = prop_oneof![Just(1i64), 1i64..300, 1..i64::MAX];
    (p, q).prop_map(|(p, q)| Rational::ratio(p, q))
}
fn positive() -> impl Strategy<Value = Rational> {
    (rational(), -60i64..60).prop_filter_map("positive", |(x, k)| {
        let x = x.abs().scale_by_power_of_two(k);
        x.is_positive().then_some(x)
    })
}
/// The width that the module promises.
fn narrow(value: &Enclosure, bits: u64) -> bool {
    value.width() <= value.abs().hi().clone().max(Rational::one()).scale_by_power_of_two(-(bits as i64))
}
/// An enclosure at more bits meets one at fewer, and both are narrow.
fn consistent(f: impl Fn(u64) -> Enclosure, bits: u64, more: u64) -> bool {
    let (coarse, fine) = (f(bits), f(bits + more));
    coarse.intersect(&fine).is_some() && narrow(&coarse, bits) && narrow(&fine, bits + more)
}
/// Agreement with a float up to a few units in the last place.
fn near(value: &Enclosure, float: f64, relative: f64) -> bool {
    (value.midpoint().approx_f64() - float).abs() <= relative * float.abs().max(1.0)
}

proptest! {
    #[test]
    fn enclosures_are_narrow_and_meet(x in rational(), y in positive(), bits in 1u64..200, more in 0u64..300) {
        prop_assert!(consistent(|b| sqrt(&y, b), bits, more));
        prop_assert!(consistent(|b| ln(&y, b), bits, more));
        prop_assert!(consistent(|b| sin(&x, b), bits, more));
        prop_assert!(consistent(|b| cos(&x, b), bits, more));
        let small = &x - &Rational::from(x.floor());
        let small = small + Rational::from(bits) - Rational::from(more);
        prop_assert!(consistent(|b| exp(&small, b).unwrap_or(Enclosure::point(Rational::power_of_two(999))), bits, more));
    }
    #[test]
    fn identities_hold(x in rational(), a in positive(), b in positive(), bits in 1u64..150) {
        let square = &sin(&x, bits).square() + &cos(&x, bits).square();
        prop_assert!(square.contains(&Rational::one()));
        prop_assert!(sqrt(&a, bits).square().contains(&a));
        // ln(ab) = ln a + ln b
        prop_assert!(ln(&(&a * &b), bits).intersect(&(&ln(&a, bits) + &ln(&b, bits))).is_some());
        // sin 2x = 2 sin x cos x
        let double = (&sin(&x, bits) * &cos(&x, bits)).scale(&Rational::from(2));
        prop_assert!(sin(&(&x + &x), bits).intersect(&double).is_some());
        // exp(ln a) = a
        let log = ln(&a, bits + 8);
        prop_assert!(exp_of(&log, bits + 8).is_some_and(|e| e.contains(&a)));
    }
    #[test]
    fn enclosures_of_enclosures_contain_the_values(a in positive(), b in positive(), t in 0i64..=4, bits in 1u64..80) {
        let range = Enclosure::hull(a, b);
        let x = range.lo() + range.width() * Rational::ratio(t, 4);
        prop_assert!(sqrt_of(&range, bits).encloses(&sqrt(&x, bits + 40)) || range.lo() == range.hi());
        prop_assert!(ln_of(&range, bits).intersect(&ln(&x, bits + 40)).is_some());
        prop_assert!(sin_of(&range, bits).intersect(&sin(&x, bits + 40)).is_some());
        prop_assert!(cos_of(&range, bits).intersect(&cos(&x, bits + 40)).is_some());
    }
    #[test]
    fn floats_agree(p in -3000i64..3000, q in 1i64..300) {
        let (x, f) = (Rational::ratio(p, q), p as f64 / q as f64);
        // The argument is rounded once: an error of 2^-53 |x| for sin and cos, and relative for exp.
        let slack = 1e-15 * f.abs().max(1.0) + 1e-15;
        prop_assert!(near(&sin(&x, 70), f.sin(), slack));
        prop_assert!(near(&cos(&x, 70), f.cos(), slack));
        if p > 0 {
            prop_assert!(near(&ln(&x, 70), f.ln(), 1e-14));
            prop_assert!(near(&sqrt(&x, 70), f.sqrt(), 1e-14));
        }
        if f.abs() < 100.0 {
            prop_assert!(exp(&x, 70).is_some_and(|e| near(&e, f.exp(), 1e-13)));
        }
    }
}

/// The number given by its digits, with one unit of the last one on either side.
fn digits(text: &str) -> Enclosure {
    let value: Rational = text.parse().unwrap_or_default();
    let places = text.split_once('.').map_or(0, |(_, tail)| tail.len());
    let unit = Rational::new(Integer::one(), Integer::from(10).pow(places as u32)).unwrap_or_default();
    Enclosure::around(&value, &unit)
}

#[test]
fn constants_have_the_published_digits() {
    let pi_digits =
        digits("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706");
    assert!(pi_digits.encloses(&pi(340)));
    assert!(
        digits("0.69314718055994530941723212145817656807550013436025525412068").encloses(&ln(&Rational::from(2), 210))
    );
    let e = exp(&Rational::one(), 210).unwrap_or(Enclosure::point(Rational::zero()));
    assert!(digits("2.71828182845904523536028747135266249775724709369995957496697").encloses(&e));
    assert!(digits("1.41421356237309504880168872420969807856967187537694").encloses(&sqrt(&Rational::from(2), 180)));
}

#[test]
fn far_arguments_are_reduced_correctly() {
    // sin(k pi) for a huge k through an enclosure of k pi of width 2^-40.
    let k = Rational::power_of_two(200);
    let multiple = pi(260).scale(&k);
    let value = sin(&multiple.midpoint(), 50);
    assert!(value.abs().hi() <= &Rational::power_of_two(-40));
    assert!(cos(&multiple.midpoint(), 50).lo() >= &Rational::ratio(9, 10));
    assert!(exp(&Rational::from(MAX_EXPONENT_ARGUMENT + 1), 10).is_none());
    let (tiny, huge) = (Rational::from(-MAX_EXPONENT_ARGUMENT), Rational::from(MAX_EXPONENT_ARGUMENT));
    assert!(exp(&tiny, 10).is_some_and(|e| e.lo().is_positive() && narrow(&e, 10)));
    assert!(exp(&huge, 10).is_some_and(|e| narrow(&e, 10)));
}

#[test]
fn exponentials_near_powers_of_two_are_reduced_correctly() {
    // At x = k ln 2 up to 2^-300 the reduced argument cannot be told from 0, on either side of it.
    let ln2 = ln(&Rational::from(2), 320);
    for k in [-900i64, -3, -1, 1, 2, 1000] {
        for nudge in [-1, 0, 1] {
            let x = &ln2.midpoint() * &Rational::from(k) + Rational::from(nudge).scale_by_power_of_two(-300);
            // |x - k ln 2| <= 2^-299, so e^x is 2^k up to a relative 2^-298.
            let power = Rational::power_of_two(k);
            let near = Enclosure::around(&power, &power.scale_by_power_of_two(-298));
            for bits in [5, 60] {
                assert!(exp(&x, bits).is_some_and(|e| e.encloses(&near) && narrow(&e, bits)), "{k} {nudge} {bits}");
            }
        }
    }
}

#[test]
fn exact_values_are_found() {
    assert_eq!(sqrt(&Rational::ratio(9, 4), 20), Enclosure::point(Rational::ratio(3, 2)));
    assert!(sin(&Rational::zero(), 30).contains(&Rational::zero()));
    assert!(cos(&Rational::zero(), 30).contains(&Rational::one()));
    assert!(ln(&Rational::one(), 30).contains(&Rational::zero()));
    assert!(exp(&Rational::zero(), 30).is_some_and(|e| e.contains(&Rational::one())));
}
