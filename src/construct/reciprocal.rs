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
use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count, positive};
use super::reciprocal_program::{Approximation, MAX_DOUBLINGS, chebyshev_sum, growths, pole, product_form};
use crate::arith::Rational;
use crate::certify::Target;

/// The largest degree n of the residual T_n.
pub const MAX_RESIDUAL_DEGREE: usize = 1 << 10;
/// The most bits of the residual that is asked for, 1 / (a error): about 300 decimals.
const MAX_WANTED_BITS: i64 = 1024;

/// The largest degree at which the sum is tried where no method is asked for.
const AUTOMATIC_SUM_DEGREE: usize = 32;
/// Significant bits with which a degree is chosen.
const DEGREE_BITS: u64 = 200;

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
/// For all a <= x <= b: |R(x) - 1/x| <= q / a + E with q close to 1 / T_n(l) for the Chebyshev methods and to l^(-n) for
/// `Newton`, l = (b + a) / (b - a), and E the error of the squares and products by the rules of
/// [`super::polynomial()`]. The constant term is moved so that E is the same on both sides.
///
/// The coefficients are shortened to a few bits more than the truncation needs. Up to degree 4096 (`Newton` 2048) and for
/// q >= 2^-4096 the residual of the polynomial p with these coefficients is expanded exactly, 1 - x p(x) = sum_k r_k T_k,
/// and q bounds sum_k |r_k|; this is what the proof says. Beyond, q also bounds what the shortening changes, and the
/// construction carries no proof.
///
/// Proof. |p(x) - 1/x| = |1 - x p(x)| / x, and |T_k| <= 1. In product form, T_2k = 2 T_k^2 - 1 gives
/// 1 - T_2k(t) / T_2k(l) = (1 - T_k(t) / T_k(l)) (1 + T_k(t) / T_k(l)) 2 T_k(l)^2 / T_2k(l), so with
/// p_k = (1 - T_k(t) / T_k(l)) / x, p_2k = p_k (1 + T_k(t) / T_k(l)) 2 T_k(l)^2 / T_2k(l), and p_1 = 1 / c. For Newton,
/// r = t / l and 1 - r^2k = (1 - r^k)(1 + r^k).
///
/// # Source
/// KPRS22 (the product form of the Neumann series, for matrices), MH03 (Chebyshev polynomials, extremal growth outside
/// \[-1, 1\]); the Chebyshev product form and the explicit errors are ours.
/// The checker verifies it by the sections `scalar` (`proofs/FORMAT.md`).
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
/// weights (the sum is then tried up to degree 32).
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
    let methods = method.map_or(ReciprocalMethod::ALL.to_vec(), |method| vec![method]);
    let most = if method.is_some() { MAX_RESIDUAL_DEGREE } else { AUTOMATIC_SUM_DEGREE };
    let mut best: Option<(u128, Construction)> = None;
    let mut failure = None;
    for method in methods {
        for part in [Rational::ratio(1, 2), Rational::ratio(1, 8)] {
            let degree = match degree_for(&(error * &part), domain, method, most) {
                Ok(degree) => degree,
                Err(error) => {
                    failure = Some(error);
                    continue;
                }
            };
            match build(Choice::Error(error), degree, domain, method) {
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

/// The smallest degree with a truncation error of at most `error`; that of a sum is at most `most`.
fn degree_for(
    error: &Rational,
    domain: (&Rational, &Rational),
    method: ReciprocalMethod,
    most: usize,
) -> Result<usize, ConstructError> {
    // 1 / (a growth) <= error
    let wanted = &Rational::one() / &(error * domain.0);
    if wanted.floor_log2().is_some_and(|bits| bits > MAX_WANTED_BITS) {
        let accepted = format!("an error of at least 2^-{} / a", MAX_WANTED_BITS - 4);
        return Err(ConstructError::parameter("error", error, accepted));
    }
    let l = pole(domain);
    if method == ReciprocalMethod::ChebyshevSum {
        // T_{k+1} / T_k = 2 l - T_{k-1} / T_k increases with T_k / T_{k-1}: lower bounds give lower bounds.
        let l = l.round_down(DEGREE_BITS);
        let (mut ratio, mut growth) = (l.clone(), l.clone());
        for degree in 2..=most {
            ratio = (l.scale_by_power_of_two(1) - &Rational::one() / &ratio).round_down(DEGREE_BITS);
            growth = (&growth * &ratio).round_down(DEGREE_BITS);
            if growth >= wanted {
                return Ok(degree);
            }
        }
    } else {
        let mut reached = growths(&l, DEGREE_BITS, method).take(MAX_DOUBLINGS + 1).skip(1);
        if let Some(position) = reached.position(|growth| growth.lo >= wanted) {
            return Ok(1 << (position + 1));
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
    let Approximation { program, basis, residual } = if method == ReciprocalMethod::ChebyshevSum {
        count("degree", degree, 2, MAX_RESIDUAL_DEGREE)?;
        chebyshev_sum(domain, degree)
    } else {
        count("degree", degree, 2, 1 << MAX_DOUBLINGS)?;
        if !degree.is_power_of_two() {
            return Err(ConstructError::parameter("degree", degree, "a power of two"));
        }
        product_form(domain, degree.ilog2() as usize, method)?
    };
    // |program - 1/x| = |residual| / x
    let truncation = (&residual / a).round_up(64);
    // |(residual / x)'| <= |residual'| / a + |residual| / a^2; in t the residual is a polynomial of degree at most n on
    // [-1, 1], so by Markov's inequality its derivative is at most n^2 times as large.
    let h = (b - a).scale_by_power_of_two(-1);
    let markov = &(&Rational::from(degree) * &Rational::from(degree)) / &h;
    let derivative_truncation = &truncation * &markov + &residual / &(a * a);
    let family = Family {
        family: "reciprocal",
        method: method.name(),
        parameters: vec![("domain", Parameter::Word(format!("{a}:{b}"))), ("degree", Parameter::Count(degree as u64))],
        target: Target::Reciprocal,
        sides: vec![(a.clone(), b.clone())],
        truncation,
        derivative_truncation,
        centred: true,
        basis,
    };
    family.construct(program, choice)
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
                    let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
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
                let evaluator = Evaluator::<Rational>::new(&network.network.layered().unwrap()).unwrap();
                let y = evaluator.evaluate(std::slice::from_ref(a)).unwrap().remove(0);
                let l = pole((a, b));
                let square = &l * &l;
                let growth = match method {
                    ReciprocalMethod::Newton => &square * &square,
                    // T_4 = 8 l^4 - 8 l^2 + 1
                    _ => (&square * &square - &square) * Rational::from(8) + Rational::one(),
                };
                let expected = &(&Rational::one() - &(&Rational::one() / &growth)) / a;
                // Shortened coefficients and 60 levels take little beside it.
                let truncation = &Rational::one() / &(&growth * a);
                assert!((&y - &expected).abs() < truncation.scale_by_power_of_two(-6), "{method:?} on [{a}, {b}]");
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
