//! Polynomials on intervals: sums of products of x - a and b - x in closed form.

use super::handelman::Term;
use super::prove::{Attempt, CellProof, MAX_DEPTH, short_middle};
use crate::arith::Rational;
use crate::polyhedra::{Halfspace, Polynomial};

/// The coefficients c_0, .., c_D of a polynomial in one variable.
pub(super) fn coefficients(q: &Polynomial) -> Vec<Rational> {
    let degree = q.degree();
    (0..=degree).map(|e| q.terms.get(&vec![e]).cloned().unwrap_or_default()).collect()
}

/// Where the derivative of c_0 + c_1 x + c_2 x^2 is 0, when that is one point.
pub(super) fn vertex(c: &[Rational]) -> Option<Rational> {
    let [_, linear, square] = c else { return None };
    (-linear).checked_div(&(square * Rational::from(2)))
}

/// The Bernstein coefficients on [a, b]: q(x) = sum over k of beta_k binomial(D, k) (x - a)^k (b - x)^(D - k) / (b - a)^D.
pub(super) fn bernstein(c: &[Rational], a: &Rational, b: &Rational) -> Vec<Rational> {
    let (d, width) = (c.len() - 1, b - a);
    // The coefficients in t = (x - a) / (b - a): shifts by Horner's scheme, then powers of the width.
    let mut shifted = c.to_vec();
    for i in 0..d {
        for j in (i..d).rev() {
            let next = &shifted[j + 1] * a;
            shifted[j] += &next;
        }
    }
    let mut power = Rational::one();
    for c in &mut shifted {
        *c *= &power;
        power *= &width;
    }
    // beta_k = sum over j <= k of binomial(k, j) / binomial(D, j) c_j
    let mut row = vec![Rational::one()];
    let top = binomials(d);
    let mut beta = Vec::with_capacity(d + 1);
    for _ in 0..=d {
        beta.push(row.iter().zip(&shifted).zip(&top).map(|((k, c), d)| k * c / d).sum());
        let mut next = vec![Rational::one()];
        next.extend(row.windows(2).map(|pair| &pair[0] + &pair[1]));
        next.push(Rational::one());
        row = next;
    }
    beta
}

/// binomial(d, 0), .., binomial(d, d).
pub(super) fn binomials(d: usize) -> Vec<Rational> {
    let step = |c: &Rational, k: usize| c * Rational::from(d - k) / Rational::from(k + 1);
    let mut row = vec![Rational::one()];
    for k in 0..d {
        row.push(step(&row[k], k));
    }
    row
}

/// error - q as a sum of products of the slacks x - a (number 0) and b - x (number 1), for the bound error on [a, b].
///
/// `None` when this sum has negative terms: then error is too small, or [a, b] too long. For degree at most 2 it fails only
/// when error - q is negative somewhere, or convex with its vertex strictly inside and its value there close to 0.
pub(super) fn sum_on_interval(c: &[Rational], a: &Rational, b: &Rational, error: &Rational) -> Option<Vec<Term>> {
    let mut g: Vec<Rational> = c.iter().map(|c| -c).collect();
    g[0] += error;
    let terms = if g.len() <= 3 {
        g.resize(3, Rational::zero());
        quadratic(&g, a, b)
    } else {
        by_bernstein(&g, a, b)
    };
    if terms.iter().any(|(c, _)| c.is_negative()) {
        return None;
    }
    Some(terms.into_iter().filter(|(c, _)| !c.is_zero()).collect())
}

/// g_0 + g_1 x + g_2 x^2 by the slacks of [a, b].
fn quadratic(g: &[Rational], a: &Rational, b: &Rational) -> Vec<Term> {
    let value = |x: &Rational| &g[0] + x * (&g[1] + x * &g[2]);
    let slope = |x: &Rational| &g[1] + Rational::from(2) * &g[2] * x;
    if !g[2].is_positive() {
        // g = -g_2 (x - a) (b - x) + (g(a) (b - x) + g(b) (x - a)) / (b - a)
        let width = b - a;
        return vec![(-&g[2], vec![0, 1]), (value(a) / &width, vec![1]), (value(b) / &width, vec![0])];
    }
    if !slope(a).is_negative() {
        // g = g_2 (x - a)^2 + g'(a) (x - a) + g(a)
        return vec![(g[2].clone(), vec![0, 0]), (slope(a), vec![0]), (value(a), vec![])];
    }
    if !slope(b).is_positive() {
        // g = g_2 (b - x)^2 - g'(b) (b - x) + g(b)
        return vec![(g[2].clone(), vec![1, 1]), (-slope(b), vec![1]), (value(b), vec![])];
    }
    by_bernstein(g, a, b)
}

/// g by the products of as many slacks of [a, b] as its degree.
fn by_bernstein(g: &[Rational], a: &Rational, b: &Rational) -> Vec<Term> {
    let (d, width) = (g.len() - 1, b - a);
    let scale = (0..d).fold(Rational::one(), |power, _| power * &width);
    let term = |(k, (beta, binomial)): (usize, (Rational, Rational))| {
        (beta * binomial / &scale, [vec![0; k], vec![1; d - k]].concat())
    };
    bernstein(g, a, b).into_iter().zip(binomials(d)).enumerate().map(term).collect()
}

/// An end of an interval: the slack with this number is `scale` times the distance from it.
#[derive(Debug, Clone)]
pub(super) struct End {
    pub(super) x: Rational,
    pub(super) wall: usize,
    pub(super) scale: Rational,
}

/// q and -q on intervals.
pub(super) struct Line<'a> {
    pub(super) sides: [Vec<Rational>; 2],
    pub(super) error: &'a Rational,
}

impl Line<'_> {
    /// Tries to prove |q| <= E on an interval. Cuts are numbered from `next`.
    pub(super) fn prove(&self, ends: &[End; 2], next: usize, left: &mut usize) -> Attempt {
        let [a, b] = ends;
        let sums = self.sides.each_ref().map(|c| sum_on_interval(c, &a.x, &b.x, self.error));
        let upper = || self.sides.iter().flat_map(|c| bernstein(c, &a.x, &b.x)).max();
        if let [Some(up), Some(down)] = sums {
            let named = |(c, factors): Term| {
                let c = factors.iter().fold(c, |c, &k| c / &ends[k].scale);
                (c, factors.into_iter().map(|k| ends[k].wall).collect())
            };
            let sums = [up, down].map(|terms| terms.into_iter().map(named).collect());
            return Attempt { proof: Some(CellProof::Leaf(sums)), upper: Some(self.error.clone()), beyond: None };
        }
        let inside = |x: &Rational| a.x < *x && *x < b.x;
        let cut = vertex(&self.sides[0]).filter(inside).unwrap_or_else(|| short_middle(&a.x, &b.x));
        let horner = |x: &Rational| self.sides[0].iter().rev().fold(Rational::zero(), |sum, c| sum * x + c);
        if let Some(x) = [&cut, &a.x, &b.x].into_iter().find(|x| horner(x).abs() > *self.error) {
            return Attempt::beyond(vec![x.clone()]);
        }
        if *left < 2 || next > MAX_DEPTH {
            return Attempt { proof: None, upper: upper(), beyond: None };
        }
        *left -= 2;
        // The cut q x <= p, its slacks p - q x and q x - p.
        let wall = Halfspace::from_rationals(&[Rational::one()], &cut);
        let end = End { scale: Rational::from(&cut.denominator()), x: cut, wall: next };
        let first = self.prove(&[a.clone(), end.clone()], next + 1, left);
        if first.beyond.is_some() {
            return first;
        }
        let second = self.prove(&[end, b.clone()], next + 1, left);
        Attempt::join(wall, first, second)
    }
}
