//! Reciprocals: 1/x on an interval of positive numbers.
//!
//! With c = (a + b) / 2, h = (b - a) / 2, t = (c - x) / h and l = c / h > 1, the number x = 0 is t = l, so that
//!
//! ```text
//! p(x) = (1 - T_n(t) / T_n(l)) / x
//! ```
//!
//! is a polynomial of degree n - 1, and |p(x) - 1/x| = |T_n(t)| / (x T_n(l)) <= 1 / (a T_n(l)): everything is rational.

use super::certified::{Choice, Family};
use super::chebyshev::{Chebyshev, values};
use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count, positive};
use super::program::Program;
use crate::arith::Rational;
use crate::certify::Target;

/// The largest degree n of the residual T_n.
pub const MAX_RESIDUAL_DEGREE: usize = 1 << 10;
/// The largest number of doublings of the product forms.
pub const MAX_DOUBLINGS: usize = 40;

/// How 1/x is realised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReciprocalMethod {
    /// The Chebyshev residual of degree 2^s in product form: s - 1 squares and s - 1 products.
    ChebyshevProduct,
    /// The Neumann series in product form, alpha prod_k (1 + r^(2^k)) with r = 1 - alpha x: what Newton's iteration computes.
    Newton,
    /// The Chebyshev residual of degree n as a sum of Chebyshev polynomials.
    ChebyshevSum,
}

impl ReciprocalMethod {
    /// All methods, the default first.
    pub const ALL: [Self; 3] = [Self::ChebyshevProduct, Self::Newton, Self::ChebyshevSum];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChebyshevProduct => "chebyshev-product",
            Self::Newton => "newton",
            Self::ChebyshevSum => "chebyshev-sum",
        }
    }
    /// The source, a key of the bibliography.
    pub fn source(self) -> &'static str {
        match self {
            Self::ChebyshevProduct => "certinet",
            Self::Newton => "KPRS22",
            Self::ChebyshevSum => "MH03",
        }
    }
}

/// Builds the network for 1/x on \[a, b\], 0 < a < b, with residual degree n (a power of two for the product forms) and
/// every square and product with m levels.
///
/// # Statement
/// For all a <= x <= b: |R(x) - 1/x| <= q / a + E with q = 1 / T_n(l) for the Chebyshev methods and q = l^(-n) for
/// `Newton`, l = (b + a) / (b - a), and E the error of the squares and products by the rules of
/// [`super::polynomial()`]. The constant term is moved so that E is the same on both sides.
///
/// Proof. |p(x) - 1/x| = |residual(x)| / x. In product form, T_2k = 2 T_k^2 - 1 gives
/// 1 - T_2k(t) / T_2k(l) = (1 - T_k(t) / T_k(l)) (1 + T_k(t) / T_k(l)) 2 T_k(l)^2 / T_2k(l), so with
/// p_k = (1 - T_k(t) / T_k(l)) / x, p_2k = p_k (1 + T_k(t) / T_k(l)) 2 T_k(l)^2 / T_2k(l), and p_1 = 1 / c. For Newton,
/// r = t / l and 1 - r^2k = (1 - r^k)(1 + r^k).
///
/// # Source
/// KPRS22 (the product form of the Neumann series, for matrices), MH03 (Chebyshev polynomials, extremal growth outside
/// \[-1, 1\]); the Chebyshev product form and the explicit errors are ours.
///
/// # Shapes
/// Input \[1\], output \[1\].
///
/// # Size
/// Product forms with n = 2^s: s - 1 squares of about 7m weights and s - 1 products of about 13m. Sum: n - 2 squares and
/// products.
///
/// # Exactness
/// Upper bound.
///
/// # Errors
/// [`ConstructError::Parameter`] unless 0 < a < b, for m = 0, and for a degree that is not a power of two from 2 on (product
/// forms) or out of range.
pub fn reciprocal(
    levels: usize,
    degree: usize,
    domain: (&Rational, &Rational),
    method: ReciprocalMethod,
) -> Result<Construction, ConstructError> {
    build(Choice::Levels(levels), degree, domain, method)
}

/// Builds the network for 1/x with few weights and an error of at most `error`; without a method, the one with the fewest
/// weights.
///
/// The degree is the smallest with which half the error, or the smallest with which 7/8 of it, is left to the squares and
/// products, whichever gives fewer weights.
///
/// # Errors
/// As [`reciprocal`]; also when the error is not positive.
pub fn reciprocal_for_error(
    error: &Rational,
    domain: (&Rational, &Rational),
    method: Option<ReciprocalMethod>,
) -> Result<Construction, ConstructError> {
    positive("error", error)?;
    check_domain(domain)?;
    let methods = match method {
        Some(method) => vec![method],
        None => ReciprocalMethod::ALL.to_vec(),
    };
    let mut best: Option<(u128, Construction)> = None;
    let mut failure = None;
    for method in methods {
        for part in [Rational::ratio(1, 2), Rational::ratio(1, 8)] {
            let built = degree_for(&(error * &part), domain, method)
                .and_then(|degree| build(Choice::Error(error), degree, domain, method));
            match built {
                Ok(construction) => {
                    let weights = construction.network.layered()?.size()?.weights;
                    if best.as_ref().is_none_or(|(fewest, _)| weights < *fewest) {
                        best = Some((weights, construction));
                    }
                }
                Err(error) => failure = Some(error),
            }
        }
    }
    match (best, failure) {
        (Some((_, construction)), _) => Ok(construction),
        (None, Some(error)) => Err(error),
        (None, None) => Err(ConstructError::parameter("method", "none", "a method")),
    }
}

fn check_domain((a, b): (&Rational, &Rational)) -> Result<(), ConstructError> {
    if a.is_positive() && a < b {
        Ok(())
    } else {
        Err(ConstructError::parameter("domain", format!("{a}:{b}"), "a:b with 0 < a < b"))
    }
}

/// l = (b + a) / (b - a)
fn pole((a, b): (&Rational, &Rational)) -> Rational {
    &(b + a) / &(b - a)
}

/// T_{2^k}(l), or l^(2^k) for `Newton`, rounded down: the bound 1 / (..) only grows.
fn growth(l: &Rational, doublings: usize, method: ReciprocalMethod) -> Rational {
    let mut value = l.clone();
    for _ in 0..doublings {
        let square = &value * &value;
        // T_2k = 2 T_k^2 - 1 increases with T_k >= 1, and so does the square: a lower bound stays one.
        value = match method {
            ReciprocalMethod::Newton => square,
            _ => square.scale_by_power_of_two(1) - Rational::one(),
        };
        value = value.round_down(200).max(Rational::one());
    }
    value
}

/// The smallest degree with a truncation error of at most `error`.
fn degree_for(
    error: &Rational,
    domain: (&Rational, &Rational),
    method: ReciprocalMethod,
) -> Result<usize, ConstructError> {
    // 1 / (a growth) <= error
    let wanted = &Rational::one() / &(error * domain.0);
    let l = pole(domain);
    if method == ReciprocalMethod::ChebyshevSum {
        let (mut previous, mut current) = (Rational::one(), l.clone());
        for degree in 1..=MAX_RESIDUAL_DEGREE {
            if degree >= 2 && current >= wanted {
                return Ok(degree);
            }
            let next = &(&l * &current).scale_by_power_of_two(1) - &previous;
            (previous, current) = (current, next);
        }
    } else {
        for doublings in 1..=MAX_DOUBLINGS {
            if growth(&l, doublings, method) >= wanted {
                return Ok(1 << doublings);
            }
        }
    }
    Err(ConstructError::parameter("error", error, "an error that the degrees allowed can certify"))
}

fn build(
    choice: Choice<'_>,
    degree: usize,
    domain: (&Rational, &Rational),
    method: ReciprocalMethod,
) -> Result<Construction, ConstructError> {
    choice.check()?;
    check_domain(domain)?;
    let (a, b) = domain;
    let l = pole(domain);
    let (program, growth) = if method == ReciprocalMethod::ChebyshevSum {
        count("degree", degree, 2, MAX_RESIDUAL_DEGREE)?;
        let growth = values(&l, degree).swap_remove(degree);
        (sum_program(domain, degree), growth)
    } else {
        count("degree", degree, 2, 1 << MAX_DOUBLINGS)?;
        if !degree.is_power_of_two() {
            return Err(ConstructError::parameter("degree", degree, "a power of two"));
        }
        let doublings = degree.ilog2() as usize;
        (product_program(domain, doublings, method), growth(&l, doublings, method))
    };
    let residual = &Rational::one() / &growth;
    // |residual / x| <= 1 / (a growth)
    let truncation = &residual / a;
    // |(q / x)'| <= |q'| / a + |q| / a^2, with |T_n'| <= n^2 for the Chebyshev residuals and |(r^n)'| <= n l^(1-n) / c
    // for Newton, where dt/dx = -1/h and l = c/h: n l^(-n) / h bounds it, and so does n^2 l^(-n) / h.
    let h = (b - a).scale_by_power_of_two(-1);
    let squared = &Rational::from(degree) * &Rational::from(degree);
    let derivative_truncation = &(&truncation * &squared) / &h + &truncation / a;
    let family = Family {
        family: "reciprocal",
        method: method.name(),
        parameters: vec![("domain", Parameter::Word(format!("{a}:{b}"))), ("degree", Parameter::Count(degree as u64))],
        target: Target::Reciprocal,
        sides: vec![(a.clone(), b.clone())],
        truncation,
        derivative_truncation,
        centred: true,
    };
    family.construct(&program, choice)
}

/// t = (c - x) / h
fn residual_variable(program: &mut Program, (a, b): (&Rational, &Rational)) -> super::program::Node {
    let inverse = &Rational::from(2) / &(b - a);
    let x = program.input(a, b);
    program.affine(vec![(x, -&inverse)], pole((a, b)))
}

fn product_program(domain: (&Rational, &Rational), doublings: usize, method: ReciprocalMethod) -> Program {
    let (a, b) = domain;
    let one = Rational::one();
    let l = pole(domain);
    let mut program = Program::default();
    // v_k: T_k(t) with its value at l, or t^k with l^k; p_1 = 1 / c.
    let (mut v, mut at_pole) = (residual_variable(&mut program, domain), l);
    let mut p: Option<super::program::Node> = None;
    let mut factor = &Rational::from(2) / &(a + b);
    let mut degree = 1;
    for _ in 0..doublings {
        if degree > 1 {
            let square = program.square(v, None);
            v = if method == ReciprocalMethod::Newton {
                square
            } else {
                program.affine(vec![(square, Rational::from(2))], Rational::from(-1))
            };
            // |T_k| <= 1 and |t^k| <= 1 on [-1, 1]
            program.known(v, &Rational::from(-1), &one);
        }
        // p_2k = p_k (1 + v_k / v_k(l)) scale, scale = 2 T_k(l)^2 / T_2k(l), or 1 for Newton
        let square = &at_pole * &at_pole;
        let (next, scale) = if method == ReciprocalMethod::Newton {
            (square, one.clone())
        } else {
            let next = square.scale_by_power_of_two(1) - &one;
            let scale = square.scale_by_power_of_two(1) / &next;
            (next, scale)
        };
        factor *= &scale;
        let multiplier = program.affine(vec![(v, &one / &at_pole)], one.clone());
        p = Some(match p {
            None => multiplier,
            Some(p) => program.product(p, multiplier, None),
        });
        // The product of the first k multipliers is (1 - residual) / (x factor), at most (1 + 1) / (a factor).
        if let Some(p) = p {
            let most = &Rational::from(2) / &(a * &factor);
            program.known(p, &Rational::zero(), &most);
        }
        (at_pole, degree) = (next, 2 * degree);
    }
    let result = p.into_iter().map(|p| (p, factor.clone())).collect();
    program.affine(result, Rational::zero());
    program
}

/// p = (1 - T_n(t) / T_n(l)) / x = sum_j p_j T_j.
fn sum_program(domain: (&Rational, &Rational), n: usize) -> Program {
    let (a, b) = domain;
    let at_pole = values(&pole(domain), n);
    // (T_n(l) - T_n(t)) / (l - t) = 2 sum'_j U_{n-1-j}(l) T_j(t), the term j = 0 halved; x = h (l - t).
    let second = second_kind(&pole(domain), n);
    let h = (b - a).scale_by_power_of_two(-1);
    let scale = &Rational::from(2) / &(&h * &at_pole[n]);
    let mut coefficients: Vec<Rational> = (0..n).map(|j| &second[n - 1 - j] * &scale).collect();
    coefficients[0] = coefficients[0].scale_by_power_of_two(-1);
    let mut program = Program::default();
    let t = residual_variable(&mut program, domain);
    Chebyshev::new(t).sum(&mut program, &coefficients);
    program
}

/// U_0(l), .., U_n(l): U_0 = 1, U_1 = 2l, U_{k+1} = 2 l U_k - U_{k-1}.
fn second_kind(l: &Rational, n: usize) -> Vec<Rational> {
    let twice = l.scale_by_power_of_two(1);
    let mut values = vec![Rational::one(), twice.clone()];
    while values.len() <= n {
        let k = values.len();
        values.push(&(&twice * &values[k - 1]) - &values[k - 2]);
    }
    values
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::certify::measure;
    use crate::evaluate::{Evaluator, evaluate_graph};

    fn domains() -> [(Rational, Rational); 3] {
        [
            (Rational::ratio(1, 2), Rational::from(2)),
            (Rational::one(), Rational::from(10)),
            (Rational::ratio(3, 7), Rational::ratio(1, 2)),
        ]
    }

    #[test]
    fn the_error_and_its_derivative_are_certified() {
        for (a, b) in &domains() {
            for method in ReciprocalMethod::ALL {
                for degree in [2, 4, 8] {
                    let network = reciprocal(8, degree, (a, b), method).unwrap();
                    let layered = network.network.layered().unwrap();
                    let evaluator = Evaluator::<Rational>::new(&layered);
                    let slope = network.claim.derivative_error.clone().unwrap();
                    let mut last: Option<Rational> = None;
                    for k in 0..=40 {
                        let x = a + &(&(b - a) * &Rational::ratio(k, 40));
                        let y = evaluator.evaluate(std::slice::from_ref(&x)).unwrap();
                        assert_eq!(evaluate_graph(&network.network, &[vec![x.clone()]]).unwrap(), y);
                        let error = &y[0] - &(&Rational::one() / &x);
                        assert!(error.abs() <= network.claim.error, "{method:?} {degree} at {x}");
                        if let Some(last) = last {
                            assert!((&error - &last).abs() <= &slope * &(&(b - a) * &Rational::ratio(1, 40)));
                        }
                        last = Some(error);
                    }
                }
            }
        }
    }

    #[test]
    fn with_exact_arithmetic_only_the_truncation_is_left() {
        // Many levels: the measured error at the left end is 1 / (a T_n(l)), as T_n(1) = 1.
        for (a, b) in &domains() {
            for method in ReciprocalMethod::ALL {
                let n = 4;
                let network = reciprocal(60, n, (a, b), method).unwrap();
                let evaluator = Evaluator::<Rational>::new(&network.network.layered().unwrap());
                let y = evaluator.evaluate(std::slice::from_ref(a)).unwrap().remove(0);
                let l = pole((a, b));
                let square = &l * &l;
                let growth = match method {
                    ReciprocalMethod::Newton => &square * &square,
                    // T_4 = 8 l^4 - 8 l^2 + 1
                    _ => (&square * &square - &square) * Rational::from(8) + Rational::one(),
                };
                let expected = &(&Rational::one() - &(&Rational::one() / &growth)) / a;
                assert!((&y - &expected).abs() < Rational::power_of_two(-80), "{method:?}");
            }
        }
    }

    #[test]
    fn the_error_asked_for_is_certified_and_nearly_met() {
        for (a, b) in &domains() {
            for error in ["1e-2", "1e-4"] {
                let error: Rational = error.parse().unwrap();
                let mut fewest = u128::MAX;
                for method in ReciprocalMethod::ALL {
                    let network = reciprocal_for_error(&error, (a, b), Some(method)).unwrap();
                    assert!(network.claim.error <= error);
                    let layered = network.network.layered().unwrap();
                    let witness = measure(&layered, &network.claim, &network.candidates).unwrap().unwrap();
                    assert!(witness.error <= network.claim.error);
                    fewest = fewest.min(layered.size().unwrap().weights);
                }
                let best = reciprocal_for_error(&error, (a, b), None).unwrap();
                assert_eq!(best.network.layered().unwrap().size().unwrap().weights, fewest);
            }
        }
    }

    #[test]
    fn bad_parameters_are_refused() {
        let (zero, one, two) = (Rational::zero(), Rational::one(), Rational::from(2));
        let method = ReciprocalMethod::ChebyshevProduct;
        assert!(reciprocal(4, 4, (&zero, &one), method).is_err());
        assert!(reciprocal(4, 4, (&two, &one), method).is_err());
        assert!(reciprocal(4, 6, (&one, &two), method).is_err());
        assert!(reciprocal(0, 4, (&one, &two), method).is_err());
        assert!(reciprocal_for_error(&zero, (&one, &two), None).is_err());
    }
}
