//! Polynomials in one variable on an interval.

use std::collections::BTreeMap;

use super::certified::{Choice, Family};
use super::chebyshev::{Chebyshev, from_monomials};
use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count};
use super::program::{Node, Program};
use crate::arith::Rational;
use crate::certify::Target;
use crate::certify::rules::scalar::Basis;

/// The largest degree of a polynomial network.
pub const MAX_DEGREE: usize = 1 << 10;

/// How a polynomial is realised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolynomialMethod {
    /// Chebyshev polynomials of the interval: T_2k = 2 T_k^2 - 1, T_{2k+1} = 2 T_k T_{k+1} - T_1.
    Chebyshev,
    /// Powers of x, shared: x^2k = (x^k)^2, x^{2k+1} = x^k x^{k+1}.
    Monomial,
}

impl PolynomialMethod {
    /// All methods, the default first.
    pub const ALL: [Self; 2] = [Self::Chebyshev, Self::Monomial];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chebyshev => "chebyshev",
            Self::Monomial => "monomial",
        }
    }
    /// The source, a key of the bibliography.
    pub fn source(self) -> &'static str {
        match self {
            Self::Chebyshev => "OS23",
            Self::Monomial => "Yar17",
        }
    }
}

/// Builds the network for c_0 + c_1 x + .. + c_n x^n on \[a, b\], every square and product with m levels.
///
/// # Statement
/// For all a <= x <= b: |R(x) - p(x)| <= E, where E is computed with the network from the rules of the two building
/// blocks: a square of y = t + e adds to t^2 the error e (t + y) + delta, 0 <= delta <= C^2 2^(-2m-2) for |y| <= C; a
/// product of u = s + e and v = t + f adds to s t the error e v + s f + delta, |delta| <= C1 C2 2^(-2m-2). The constant
/// term is moved so that E is the same on both sides. A polynomial of degree at most 1 is exact.
///
/// Proof. The Chebyshev coefficients on \[a, b\] are exact, so both programs compute p where their squares and products
/// are exact; |T_k| <= 1 keeps every scale of `Chebyshev` at 1 plus the errors already made, which are part of C.
///
/// # Source
/// Yar17 (squares and products), OS23 (Chebyshev polynomials by ReLU networks; the recursion is classical, MH03, and the
/// explicit error and size are ours).
/// The checker verifies it by the sections `scalar` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Input \[1\], output \[1\].
///
/// # Size
/// For degree n at most floor(n / 2) squares of about 7m weights and ceil(n / 2) - 1 products of about 13m, fewer where
/// coefficients vanish; L = 1 + sum over the longest chain of m + 1.
///
/// # Exactness
/// Upper bound; exact for degree at most 1.
///
/// # Errors
/// [`ConstructError::Parameter`] for a degree above 1024, no coefficients, a >= b, or m = 0.
pub fn polynomial(
    levels: usize,
    coefficients: &[Rational],
    domain: (&Rational, &Rational),
    method: PolynomialMethod,
) -> Result<Construction, ConstructError> {
    build(Choice::Levels(levels), coefficients, domain, method)
}

/// Builds the network for a polynomial with few weights and an error of at most `error`.
///
/// # Errors
/// As [`polynomial`]; also when the error is not positive.
///
/// ```
/// use certinet::{arith::Rational, construct::{PolynomialMethod, polynomial_for_error}};
/// let (a, b) = (Rational::from(-1), Rational::one());
/// let c: Vec<Rational> = [1, 0, -3, 2].map(Rational::from).to_vec();
/// let error = "1e-3".parse().unwrap();
/// let p = polynomial_for_error(&error, &c, (&a, &b), PolynomialMethod::Chebyshev).unwrap();
/// assert!(p.claim.error <= error);
/// ```
pub fn polynomial_for_error(
    error: &Rational,
    coefficients: &[Rational],
    domain: (&Rational, &Rational),
    method: PolynomialMethod,
) -> Result<Construction, ConstructError> {
    build(Choice::Error(error), coefficients, domain, method)
}

fn build(
    choice: Choice<'_>,
    coefficients: &[Rational],
    (a, b): (&Rational, &Rational),
    method: PolynomialMethod,
) -> Result<Construction, ConstructError> {
    choice.check()?;
    count("coefficients", coefficients.len(), 1, MAX_DEGREE + 1)?;
    if a >= b {
        return Err(ConstructError::parameter("domain", format!("{a}:{b}"), "a:b with a < b"));
    }
    let (program, basis) = match method {
        PolynomialMethod::Monomial => (monomial_program(coefficients, a, b), Basis::Powers),
        PolynomialMethod::Chebyshev => chebyshev_program(coefficients, a, b),
    };
    let family = Family {
        family: "polynomial",
        method: method.name(),
        parameters: vec![
            ("coefficients", Parameter::Numbers(coefficients.to_vec())),
            ("domain", Parameter::Word(format!("{a}:{b}"))),
        ],
        target: Target::Polynomial { coefficients: coefficients.to_vec() },
        sides: vec![(a.clone(), b.clone())],
        truncation: Rational::zero(),
        derivative_truncation: Rational::zero(),
        centred: true,
        basis: Some(basis),
    };
    family.construct(program, choice)
}

fn monomial_program(coefficients: &[Rational], a: &Rational, b: &Rational) -> Program {
    let mut program = Program::default();
    let x = program.input(a, b);
    let mut powers = BTreeMap::from([(1, x)]);
    let mut terms = Vec::new();
    for (k, c) in coefficients.iter().enumerate().skip(1).filter(|(_, c)| !c.is_zero()) {
        terms.push((shared_power(&mut program, &mut powers, k), c.clone()));
    }
    program.affine(terms, coefficients[0].clone());
    program
}

/// x^k for k >= 1, x^2k = (x^k)^2 and x^{2k+1} = x^k x^{k+1}, or x^2k x where x^2k is there and x^{k+1} is not.
pub(super) fn shared_power(program: &mut Program, powers: &mut BTreeMap<usize, Node>, k: usize) -> Node {
    if let Some(&node) = powers.get(&k) {
        return node;
    }
    let node = if k.is_multiple_of(2) {
        let half = shared_power(program, powers, k / 2);
        program.square(half, None)
    } else {
        let known = |n: usize| powers.contains_key(&n);
        // A factor that is there already costs nothing.
        let low = if known(k / 2 + 1) || !known(k - 1) { k / 2 } else { 1 };
        let (left, right) = (shared_power(program, powers, low), shared_power(program, powers, k - low));
        program.product(left, right, None)
    };
    powers.insert(k, node);
    node
}

fn chebyshev_program(coefficients: &[Rational], a: &Rational, b: &Rational) -> (Program, Basis) {
    let (c, h) = ((a + b).scale_by_power_of_two(-1), (b - a).scale_by_power_of_two(-1));
    let mut program = Program::default();
    let x = program.input(a, b);
    // t = (x - c) / h
    let (slope, offset) = (&Rational::one() / &h, -(&c / &h));
    let t = program.affine(vec![(x, slope.clone())], offset.clone());
    // x = c + h t
    let coefficients = from_monomials(coefficients, &c, &h);
    Chebyshev::new(&mut program, t).sum(&mut program, &coefficients);
    (program, Basis::Chebyshev(slope, offset))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::certify::measure;
    use crate::evaluate::{Evaluator, evaluate_graph};
    use proptest::prelude::*;

    fn example(degree: i64) -> Vec<Rational> {
        (0..=degree).map(|k| Rational::ratio((k * k * 5 + 3) % 11 - 5, k + 1)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn the_error_and_its_derivative_are_certified(
            coefficients in prop::collection::vec((-9i64..10).prop_map(|k| Rational::ratio(k, 4)), 1..9),
            a in -6i64..6, length in 1i64..6, m in 1usize..5,
            parts in prop::collection::vec(0i64..65, 6),
        ) {
            let (a, b) = (Rational::ratio(a, 3), Rational::ratio(a + length, 3));
            for method in PolynomialMethod::ALL {
                let p = polynomial(m, &coefficients, (&a, &b), method).unwrap();
                let layered = p.network.layered().unwrap();
                let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
                let mut last: Option<(Rational, Rational)> = None;
                for part in &parts {
                    let x = &a + &(&(&b - &a) * &Rational::ratio(*part, 64));
                    let y = evaluator.evaluate(std::slice::from_ref(&x)).unwrap();
                    prop_assert_eq!(&evaluate_graph(&p.network, &[vec![x.clone()]]).unwrap(), &y);
                    // The sum of powers, not Horner's rule.
                    let exact: Rational =
                        coefficients.iter().enumerate().map(|(k, c)| c * &x.pow(k as i32).unwrap()).sum();
                    let error = &y[0] - &exact;
                    prop_assert!(error.abs() <= p.claim.error);
                    if let Some((x2, error2)) = &last {
                        // The mean value theorem for the error, a Lipschitz function.
                        let slope = p.claim.derivative_error.clone().unwrap();
                        prop_assert!((&error - error2).abs() <= &slope * &(&x - x2).abs());
                    }
                    last = Some((x, error));
                }
                prop_assert_eq!(p.claim.error.is_zero(), coefficients.iter().skip(2).all(Rational::is_zero));
            }
        }
    }

    #[test]
    fn the_error_asked_for_is_certified_and_nearly_met() {
        let error: Rational = "1e-4".parse().unwrap();
        let domains = [(Rational::from(-1), Rational::one()), (Rational::ratio(1, 2), Rational::from(2))];
        for method in PolynomialMethod::ALL {
            for degree in [2, 3, 5, 8] {
                for (a, b) in &domains {
                    let p = polynomial_for_error(&error, &example(degree), (a, b), method).unwrap();
                    assert!(p.claim.error <= error);
                    let layered = p.network.layered().unwrap();
                    let witness = measure(&layered, &p.claim, &p.candidates).unwrap().unwrap();
                    assert!(witness.error <= p.claim.error);
                    let slack = &p.claim.error / &witness.error;
                    assert!(slack <= Rational::from(30), "{method:?} {degree} on [{a}, {b}]: {slack}");
                }
            }
        }
    }

    #[test]
    fn bad_parameters_are_refused() {
        let (a, b, method) = (Rational::zero(), Rational::one(), PolynomialMethod::Chebyshev);
        assert!(polynomial(3, &[], (&a, &b), method).is_err());
        assert!(polynomial(3, &example(2), (&b, &a), method).is_err());
        assert!(polynomial(3, &example(2), (&a, &a), method).is_err());
        assert!(polynomial(0, &example(2), (&a, &b), method).is_err());
        assert!(polynomial_for_error(&Rational::from(-1), &example(2), (&a, &b), method).is_err());
    }
}
