//! The polynomials p close to 1/x: as programs, with a bound of the residual 1 - x p(x).

use super::chebyshev::{Chebyshev, values};
use super::error::ConstructError;
use super::program::{Node, Program};
use super::range::Range;
use super::reciprocal::ReciprocalMethod;
use super::residual::Expansion;
use crate::arith::Rational;
use crate::certify::rules::scalar::Basis;

/// The largest number of doublings of the product forms.
pub(super) const MAX_DOUBLINGS: usize = 40;
/// Beyond this many bits of 1 / residual no further doubling is offered.
const MAX_GROWTH_BITS: i64 = 1 << 16;
/// The most doublings with which the residual is expanded exactly; one fewer for powers of t, whose products have more
/// terms in the basis of the proof.
const MAX_EXPANDED_DOUBLINGS: usize = 12;
/// The most bits of 1 / residual with which it is expanded exactly.
const MAX_EXPANDED_BITS: u64 = 1 << 12;
/// Significant bits with which the size of the residual is estimated.
const ROUGH_BITS: u64 = 200;
/// Bits of the coefficients beyond those of the truncation error.
const COEFFICIENT_BITS: u64 = 12;

/// A program for a polynomial p.
pub(super) struct Approximation {
    pub(super) program: Program,
    /// The basis of a proof, where the residual was expanded exactly.
    pub(super) basis: Option<Basis>,
    /// A bound of |1 - x p(x)|.
    pub(super) residual: Rational,
}

/// l = (b + a) / (b - a)
pub(super) fn pole((a, b): (&Rational, &Rational)) -> Rational {
    &(b + a) / &(b - a)
}

/// T_k(l), or l^k for `Newton`, enclosed, for k = 1, 2, 4, .. as long as asked for and not beyond [`MAX_GROWTH_BITS`].
///
/// Each step at most doubles the relative width and adds 2^(1 - bits) to it.
pub(super) fn growths(l: &Rational, bits: u64, method: ReciprocalMethod) -> impl Iterator<Item = Range> {
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

/// t = (c - x) / h
fn residual_variable(program: &mut Program, (a, b): (&Rational, &Rational)) -> Node {
    let inverse = &Rational::from(2) / &(b - a);
    let x = program.input(a, b);
    program.affine(vec![(x, -&inverse)], pole((a, b)))
}

/// The basis of -t = (x - c) / h.
fn basis(domain: (&Rational, &Rational)) -> Basis {
    let (a, b) = domain;
    Basis::Chebyshev(&Rational::from(2) / &(b - a), -pole(domain))
}

pub(super) fn product_form(
    domain: (&Rational, &Rational),
    doublings: usize,
    method: ReciprocalMethod,
) -> Result<Approximation, ConstructError> {
    let (a, b) = domain;
    let (one, two) = (Rational::one(), Rational::from(2));
    // So many bits that shortening costs little beside the truncation, of size 1 / growth.
    let list = |bits| growths(&pole(domain), bits, method).take(doublings + 1).collect::<Vec<Range>>();
    let rough = list(ROUGH_BITS);
    if rough.len() <= doublings {
        return Err(ConstructError::parameter("degree", 1u64 << doublings, "a smaller degree: the residual vanishes"));
    }
    let size = rough.last().and_then(|g| g.lo.floor_log2()).unwrap_or(0).unsigned_abs();
    let bits = size + doublings as u64 + COEFFICIENT_BITS;
    let growths = list(bits);
    let mut program = Program::default();
    // v_k = T_k(t), or t^k
    let mut v = residual_variable(&mut program, domain);
    program.is_chebyshev(v);
    let mut p: Option<Node> = None;
    let mut weights = Vec::with_capacity(doublings);
    let mut factor = Range::point(&two / &(a + b));
    // |program / p - 1| <= relative - 1 for the p whose coefficients are not shortened
    let mut relative = one.clone();
    for (k, growth) in growths.iter().take(doublings).enumerate() {
        if k > 0 {
            v = program.square(v, None);
            if method != ReciprocalMethod::Newton {
                v = program.affine(vec![(v, two.clone())], Rational::from(-1));
                program.is_chebyshev(v);
            }
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
        let multiplier = program.affine(vec![(v, weight.clone())], one.clone());
        weights.push(weight);
        p = Some(match p {
            None => multiplier,
            Some(p) => program.product(p, multiplier, None),
        });
    }
    let result = p.into_iter().map(|p| (p, factor.lo.clone())).collect();
    program.affine(result, Rational::zero());
    let most = MAX_EXPANDED_DOUBLINGS - usize::from(method == ReciprocalMethod::Newton);
    if doublings <= most && size <= MAX_EXPANDED_BITS {
        let residual = Expansion::product(&weights, method).residual(&factor.lo, domain);
        return Ok(Approximation { program, basis: Some(basis(domain)), residual });
    }
    // The lower end is used in place of some number up to hi: 1 - lo / hi <= hi / lo - 1.
    relative *= &(&factor.hi / &factor.lo);
    // |1 - x program| <= |1 - x p| + |x p| |program / p - 1|, |1 - x p| <= q and |x p| <= 1 + q
    let q = growths.last().map_or_else(|| one.clone(), |growth| &one / &growth.lo);
    let residual = (&q + &(&(&one + &q) * &(&relative - &one))).round_up(64);
    Ok(Approximation { program, basis: None, residual })
}

/// p = (1 - T_n(t) / T_n(l)) / x = sum_j p_j T_j.
pub(super) fn chebyshev_sum(domain: (&Rational, &Rational), n: usize) -> Approximation {
    let (a, b) = domain;
    let growth = values(&pole(domain), n).swap_remove(n);
    // (T_n(l) - T_n(t)) / (l - t) = 2 sum'_j U_{n-1-j}(l) T_j(t), the term j = 0 halved; x = h (l - t).
    let second = second_kind(&pole(domain), n);
    let h = (b - a).scale_by_power_of_two(-1);
    let scale = &Rational::from(2) / &(&h * &growth);
    // Shortening moves the residual by x times what it moves p: up to b / a times as much as at a, where the error is.
    let spread = (b / a).ceil_log2().unwrap_or(0);
    let grid = COEFFICIENT_BITS as i64 + spread + growth.floor_log2().unwrap_or(0) - a.floor_log2().unwrap_or(0).min(0);
    let exact = |j: usize| (&second[n - 1 - j] * &scale).scale_by_power_of_two(-i64::from(j == 0));
    let coefficients: Vec<Rational> = (0..n).map(|j| exact(j).round_down_to_grid(grid)).collect();
    let mut program = Program::default();
    let t = residual_variable(&mut program, domain);
    Chebyshev::new(&mut program, t).sum(&mut program, &coefficients);
    let residual = Expansion::sum(&coefficients, grid.unsigned_abs()).residual(&Rational::one(), domain);
    Approximation { program, basis: Some(basis(domain)), residual }
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
