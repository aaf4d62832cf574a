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
use super::program::{Node, Program};
use super::range::Range;
use crate::arith::Rational;
use crate::certify::Target;

/// The largest degree n of the residual T_n.
pub const MAX_RESIDUAL_DEGREE: usize = 1 << 10;
/// The largest number of doublings of the product forms.
pub const MAX_DOUBLINGS: usize = 40;
/// Beyond this many bits of 1 / residual no further doubling is offered.
const MAX_GROWTH_BITS: i64 = 1 << 16;

/// The most bits of the residual that is asked for, 1 / (a error): about 300 decimals.
const MAX_WANTED_BITS: i64 = 1024;

/// The largest degree at which the sum is tried where no method is asked for.
const AUTOMATIC_SUM_DEGREE: usize = 32;
/// Significant bits with which a degree is chosen.
const DEGREE_BITS: u64 = 200;
/// Bits of the coefficients beyond those of the truncation error.
const COEFFICIENT_BITS: u64 = 12;

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
/// The coefficients are shortened to a few bits more than the truncation needs; what that changes is bounded and part of
/// the error.
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

/// l = (b + a) / (b - a)
fn pole((a, b): (&Rational, &Rational)) -> Rational {
    &(b + a) / &(b - a)
}

/// T_k(l), or l^k for `Newton`, enclosed, for k = 1, 2, 4, .. as long as asked for and not beyond [`MAX_GROWTH_BITS`].
///
/// Each step at most doubles the relative width and adds 2^(1 - bits) to it.
fn growths(l: &Rational, bits: u64, method: ReciprocalMethod) -> impl Iterator<Item = Range> {
    std::iter::successors(Some(Range::point(l.clone())), move |value| {
        if value.lo.floor_log2().is_none_or(|size| size > MAX_GROWTH_BITS) {
            return None;
        }
        let next = match method {
            ReciprocalMethod::Newton => value.square(),
            // T_2k = 2 T_k^2 - 1
            _ => value.square().scale(&Rational::from(2)).add(&Range::point(Rational::from(-1))),
        };
        let next = next.outward(bits);
        // Both sequences increase, as l > 1.
        Some(Range::new(next.lo.max(value.lo.clone()), next.hi))
    })
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
    let Approximation { program, growth, perturbation } = if method == ReciprocalMethod::ChebyshevSum {
        count("degree", degree, 2, MAX_RESIDUAL_DEGREE)?;
        chebyshev_sum(domain, degree)
    } else {
        count("degree", degree, 2, 1 << MAX_DOUBLINGS)?;
        if !degree.is_power_of_two() {
            return Err(ConstructError::parameter("degree", degree, "a power of two"));
        }
        product_form(domain, degree.ilog2() as usize, method)?
    };
    let residual = &Rational::one() / &growth;
    // |program - 1/x| <= |program - p| + |residual| / x
    let truncation = &(&residual / a) + &perturbation;
    // |(residual / x)'| <= |residual'| / a + |residual| / a^2; in t both the residual and program - p are polynomials of
    // degree at most n on [-1, 1], so by Markov's inequality their derivatives are at most n^2 times as large.
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
    };
    family.construct(&program, choice)
}

/// t = (c - x) / h
fn residual_variable(program: &mut Program, (a, b): (&Rational, &Rational)) -> Node {
    let inverse = &Rational::from(2) / &(b - a);
    let x = program.input(a, b);
    program.affine(vec![(x, -&inverse)], pole((a, b)))
}

/// A program for p with shortened coefficients.
struct Approximation {
    program: Program,
    /// A lower bound of 1 / |residual|.
    growth: Rational,
    /// |program - p| on \[a, b\].
    perturbation: Rational,
}

fn product_form(
    domain: (&Rational, &Rational),
    doublings: usize,
    method: ReciprocalMethod,
) -> Result<Approximation, ConstructError> {
    let (a, b) = domain;
    let (one, two) = (Rational::one(), Rational::from(2));
    // So many bits that shortening costs little beside the truncation, of size 1 / growth.
    let list = |bits| growths(&pole(domain), bits, method).take(doublings + 1).collect::<Vec<Range>>();
    let rough = list(DEGREE_BITS);
    if rough.len() <= doublings {
        return Err(ConstructError::parameter("degree", 1u64 << doublings, "a smaller degree: the residual vanishes"));
    }
    let size = rough.last().and_then(|g| g.lo.floor_log2()).unwrap_or(0).unsigned_abs();
    let bits = size + doublings as u64 + COEFFICIENT_BITS;
    let growths = list(bits);
    let mut program = Program::default();
    // v_k = T_k(t), or t^k
    let mut v = residual_variable(&mut program, domain);
    let mut p: Option<Node> = None;
    let mut factor = Range::point(&two / &(a + b));
    // |program / p - 1| <= relative - 1
    let mut relative = one.clone();
    for (k, growth) in growths.iter().take(doublings).enumerate() {
        if k > 0 {
            let square = program.square(v, None);
            v = match method {
                ReciprocalMethod::Newton => square,
                _ => program.affine(vec![(square, two.clone())], Rational::from(-1)),
            };
            // |T_k| <= 1 and |t^k| <= 1 on [-1, 1]
            program.known(v, &Rational::from(-1), &one);
        }
        // p_2k = p_k (1 + v_k / v_k(l)) scale
        let weight = (&one / &growth.hi).round_down(bits);
        // (1 + w v) / (1 + v / v(l)) = 1 + (w - 1 / v(l)) v / (1 + v / v(l)), where |v| <= 1 and 1 + v / v(l) >= 1 - 1 / lo
        let exact = &one / &growth.lo;
        let change = &(&exact - &weight) / &(&one - &exact);
        // |prod (1 + d_k) - 1| <= prod (1 + |d_k|) - 1
        relative *= &(&one + &change).round_up(bits);
        if method != ReciprocalMethod::Newton {
            // scale = 2 T^2 / (2 T^2 - 1) decreases with T
            let scale = |t: &Rational| &(&(t * t) * &two) / &(&(&(t * t) * &two) - &one);
            factor = factor.product(&Range::new(scale(&growth.hi), scale(&growth.lo))).outward(bits);
        }
        let multiplier = program.affine(vec![(v, weight)], one.clone());
        p = Some(match p {
            None => multiplier,
            Some(p) => program.product(p, multiplier, None),
        });
    }
    // The lower end is used in place of some number up to hi: 1 - lo / hi <= hi / lo - 1.
    relative *= &(&factor.hi / &factor.lo);
    let result = p.into_iter().map(|p| (p, factor.lo.clone())).collect();
    program.affine(result, Rational::zero());
    // |program - p| <= (relative - 1) p, and p = (1 - residual) / x <= 2 / a
    let perturbation = &(&relative - &one) * &(&two / a);
    let growth = growths.last().map_or(one, |g| g.lo.clone());
    Ok(Approximation { program, growth, perturbation: perturbation.round_up(64) })
}

/// p = (1 - T_n(t) / T_n(l)) / x = sum_j p_j T_j.
fn chebyshev_sum(domain: (&Rational, &Rational), n: usize) -> Approximation {
    let (a, b) = domain;
    let growth = values(&pole(domain), n).swap_remove(n);
    // (T_n(l) - T_n(t)) / (l - t) = 2 sum'_j U_{n-1-j}(l) T_j(t), the term j = 0 halved; x = h (l - t).
    let second = second_kind(&pole(domain), n);
    let h = (b - a).scale_by_power_of_two(-1);
    let scale = &Rational::from(2) / &(&h * &growth);
    let grid = COEFFICIENT_BITS as i64 + growth.floor_log2().unwrap_or(0) - a.floor_log2().unwrap_or(0).min(0);
    let mut coefficients = Vec::with_capacity(n);
    let mut perturbation = Rational::zero();
    for j in 0..n {
        let exact = (&second[n - 1 - j] * &scale).scale_by_power_of_two(-i64::from(j == 0));
        let short = exact.round_down_to_grid(grid);
        // |T_j| <= 1
        perturbation += &exact - &short;
        coefficients.push(short);
    }
    let mut program = Program::default();
    let t = residual_variable(&mut program, domain);
    Chebyshev::new(t).sum(&mut program, &coefficients);
    Approximation { program, growth: growth.round_down(64), perturbation: perturbation.round_up(64) }
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
