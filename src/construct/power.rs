//! Powers: x^n by squares and products.

use super::certified::{Choice, Family};
use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count};
use super::program::Program;
use crate::arith::Rational;
use crate::certify::Target;
use crate::certify::rules::scalar::Basis;

/// The largest exponent of a power network.
pub const MAX_EXPONENT: usize = 1 << 12;

/// How x^n is realised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerMethod {
    /// The bits of n from the bottom: all squares x^2, x^4, .., multiplied where a bit is set.
    RightToLeft,
    /// The bits of n from the top: square, and multiply by x where a bit is set.
    LeftToRight,
    /// x (x (.. x)): n - 1 products.
    Repeated,
}

impl PowerMethod {
    /// All methods, the default first.
    pub const ALL: [Self; 3] = [Self::RightToLeft, Self::LeftToRight, Self::Repeated];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::LeftToRight => "left-to-right",
            Self::RightToLeft => "right-to-left",
            Self::Repeated => "repeated",
        }
    }
    /// The source, a key of the bibliography.
    pub fn source(self) -> &'static str {
        match self {
            Self::LeftToRight | Self::RightToLeft => "Knu97",
            Self::Repeated => "Yar17",
        }
    }
}

/// Builds the network for x^n on \[a, b\], every square and product with m levels.
///
/// # Statement
/// For all a <= x <= b: |R(x) - x^n| <= E, where E is computed with the network: a square of y = t + e adds to t^2 the error
/// e (t + y) + delta with 0 <= delta <= C^2 2^(-2m-2) for |y| <= C; a product of u = s + e and v = t + f adds to s t the
/// error e v + s f + delta with |delta| <= C1 C2 2^(-2m-2). If 0 lies in \[a, b\], R(0) = 0; for n = 1, R(x) = x.
///
/// Proof. The two rules are those of [`super::squaring()`] and [`super::product()`] and the identities
/// y^2 - t^2 = (y - t)(y + t), u v - s t = (u - s) v + s (v - t), in interval arithmetic with outward rounding.
///
/// # Source
/// Knu97, section 4.6.3 (binary powers); Yar17 for squares, products and repeated products.
/// The checker verifies it by the sections `scalar` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Input \[1\], output \[1\].
///
/// # Size
/// With b binary digits, k of them ones: b - 1 squares of about 7m weights and k - 1 products of about 13m, and one weight
/// a layer for each value carried; `Repeated` n - 2 products and one square.
///
/// # Exactness
/// Upper bound.
///
/// # Errors
/// [`ConstructError::Parameter`] for n = 0 or n > 4096, m = 0, or a >= b.
///
/// ```
/// use certinet::{arith::Rational, construct::{PowerMethod, power}};
/// let (a, b) = (Rational::from(-1), Rational::one());
/// let cube = power(10, 3, (&a, &b), PowerMethod::RightToLeft).unwrap();
/// assert!(cube.claim.error <= Rational::power_of_two(-20));
/// ```
pub fn power(
    levels: usize,
    exponent: usize,
    domain: (&Rational, &Rational),
    method: PowerMethod,
) -> Result<Construction, ConstructError> {
    build(Choice::Levels(levels), exponent, domain, method)
}

/// Builds the network for x^n on \[a, b\] with few weights and an error of at most `error`.
///
/// # Errors
/// As [`power`]; also when the error is not positive.
pub fn power_for_error(
    error: &Rational,
    exponent: usize,
    domain: (&Rational, &Rational),
    method: PowerMethod,
) -> Result<Construction, ConstructError> {
    build(Choice::Error(error), exponent, domain, method)
}

fn build(
    choice: Choice<'_>,
    exponent: usize,
    domain: (&Rational, &Rational),
    method: PowerMethod,
) -> Result<Construction, ConstructError> {
    choice.check()?;
    count("degree", exponent, 1, MAX_EXPONENT)?;
    let (a, b) = domain;
    if a >= b {
        return Err(ConstructError::parameter("domain", format!("{a}:{b}"), "a:b with a < b"));
    }
    let family = Family {
        family: "power",
        method: method.name(),
        parameters: vec![
            ("degree", Parameter::Count(exponent as u64)),
            ("domain", Parameter::Word(format!("{a}:{b}"))),
        ],
        target: Target::Power { exponent: exponent as u32 },
        sides: vec![(a.clone(), b.clone())],
        truncation: Rational::zero(),
        derivative_truncation: Rational::zero(),
        // R(0) = 0 is kept: squares and products are 0 where a factor is.
        centred: false,
        basis: Some(Basis::Powers),
    };
    family.construct(program(exponent, domain, method), choice)
}

fn program(n: usize, (a, b): (&Rational, &Rational), method: PowerMethod) -> Program {
    let mut program = Program::default();
    let x = program.input(a, b);
    match method {
        PowerMethod::LeftToRight => {
            // y = x^(the bits read so far)
            let mut y = x;
            for bit in (0..n.ilog2()).rev() {
                y = program.square(y, None);
                if n >> bit & 1 == 1 {
                    y = program.product(y, x, None);
                }
            }
        }
        PowerMethod::RightToLeft => {
            let (mut square, mut y) = (x, None);
            for bit in 0..=n.ilog2() {
                if bit > 0 {
                    square = program.square(square, None);
                }
                if n >> bit & 1 == 1 {
                    y = Some(y.map_or(square, |y| program.product(y, square, None)));
                }
            }
        }
        PowerMethod::Repeated => {
            let mut y = x;
            for _ in 1..n {
                y = program.product(y, x, None);
            }
        }
    }
    program
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::certify::measure;
    use crate::evaluate::{Evaluator, evaluate_graph};

    fn domains() -> [(Rational, Rational); 4] {
        let r = Rational::ratio;
        [(r(-1, 1), r(1, 1)), (r(-3, 2), r(3, 2)), (r(0, 1), r(2, 3)), (r(-1, 3), r(5, 4))]
    }

    #[test]
    fn the_error_is_certified_zero_is_kept_and_both_evaluations_agree() {
        for method in PowerMethod::ALL {
            for n in 1..10 {
                for (a, b) in &domains() {
                    let power = power(3, n, (a, b), method).unwrap();
                    let layered = power.network.layered().unwrap();
                    let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
                    for k in -1..=24 {
                        // 0 first, then a grid of the domain
                        let x = if k < 0 { Rational::zero() } else { a + &(&(b - a) * &Rational::ratio(k, 24)) };
                        let y = evaluator.evaluate(std::slice::from_ref(&x)).unwrap();
                        assert_eq!(evaluate_graph(&power.network, &[vec![x.clone()]]).unwrap(), y);
                        // Repeated multiplication, not Target::evaluate.
                        let exact = (0..n).fold(Rational::one(), |p, _| p * &x);
                        assert!((&y[0] - &exact).abs() <= power.claim.error, "{method:?} {n}");
                        assert!(!x.is_zero() || y[0].is_zero());
                    }
                    assert!((n == 1) == power.claim.error.is_zero());
                }
            }
        }
    }

    #[test]
    fn the_certified_error_is_not_far_from_the_measured_one() {
        let error = "1e-6".parse().unwrap();
        let (a, b) = &domains()[0];
        for method in PowerMethod::ALL {
            for n in [2, 3, 5, 6, 10] {
                let power = power_for_error(&error, n, (a, b), method).unwrap();
                assert!(power.claim.error <= error);
                let layered = power.network.layered().unwrap();
                let witness = measure(&layered, &power.claim, &power.candidates).unwrap().unwrap();
                assert!(witness.error <= power.claim.error);
                assert!(&witness.error * &Rational::from(8) >= power.claim.error, "{method:?} {n}: {}", witness.error);
            }
        }
    }

    #[test]
    fn bad_parameters_are_refused() {
        let (zero, one, method) = (Rational::zero(), Rational::one(), PowerMethod::LeftToRight);
        assert!(power(0, 2, (&zero, &one), method).is_err());
        assert!(power(3, 0, (&zero, &one), method).is_err());
        assert!(power(3, 2, (&one, &one), method).is_err());
        assert!(power_for_error(&zero, 2, (&zero, &one), method).is_err());
    }
}
