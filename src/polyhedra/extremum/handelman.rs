//! Bounds of polynomials on polytopes by sums of products of slacks.

use crate::arith::{Integer, Rational};
use crate::polyhedra::lp::{Solution, maximise};
use crate::polyhedra::polynomial::Monomials;
use crate::polyhedra::{Halfspace, Polynomial};

/// A positive multiple of a product of slacks, which are named by their numbers; without slacks a constant.
pub(in crate::polyhedra) type Term = (Rational, Vec<usize>);

/// The most products of slacks in one linear program.
const MAX_PRODUCTS: usize = 1 << 13;

/// value - q is the sum of the terms.
pub(super) struct Bound {
    pub(super) value: Rational,
    pub(super) terms: Vec<Term>,
    /// A point of the polytope, near the maximum where the bound is good.
    pub(super) point: Vec<Rational>,
}

/// Bounds q on the polytope of these halfspaces from above; `None` when there are too many products, or no bound.
///
/// **Statement.** value - q = sum of the terms, all coefficients positive, and slacks are not negative on the polytope: so
/// q <= value there.
/// **Source.** Han88: such sums exist for every bound that is not attained, of some degree. The program is the dual one: L is a
/// linear form on polynomials with L(1) = 1 that is not negative on the products, its maximum L(q) is the value, and the
/// multipliers at the maximum are the coefficients.
/// **Exactness.** Upper bound.
pub(super) fn handelman_bound(monomials: &Monomials, q: &Polynomial, walls: &[&Halfspace]) -> Option<Bound> {
    let products = products(monomials, walls)?;
    let mut rows = Vec::with_capacity(products.len());
    let mut names = Vec::with_capacity(products.len());
    for (row, factors) in products {
        let Some((constant, rest)) = row.split_first() else { continue };
        let Some(place) = rest.iter().position(|c| !c.is_zero()) else { continue };
        // L(product) >= 0; the halfspace is the product divided by a positive number.
        let half = Halfspace::new(rest.iter().map(|c| -c).collect(), constant.clone());
        let scale = -Rational::from(&rest[place]) / Rational::from(&half.normal()[place]);
        rows.push(half);
        names.push((scale, factors));
    }
    let coefficient = |exponents: &Vec<u32>| q.terms.get(exponents).cloned().unwrap_or_default();
    let objective: Vec<Rational> = monomials.list[1..].iter().map(coefficient).collect();
    let Ok(Solution::Optimal { mut point, value, multipliers }) = maximise(&objective, &rows) else { return None };
    point.truncate(q.variables);
    let terms = multipliers.into_iter().map(|(k, y)| (y / &names[k].0, names[k].1.clone())).collect();
    Some(Bound { value: value + coefficient(&monomials.list[0]), terms, point })
}

/// All products of 1 to D slacks.
fn products(monomials: &Monomials, walls: &[&Halfspace]) -> Option<Vec<(Vec<Integer>, Vec<usize>)>> {
    // Binomial(m + D, D) - 1 of them.
    if Monomials::count(walls.len(), monomials.degree) > MAX_PRODUCTS as u128 {
        return None;
    }
    let slack = |half: &&Halfspace| monomials.affine(half.normal().iter().map(|c| -c), half.offset().clone());
    let slacks: Vec<Vec<Integer>> = walls.iter().map(slack).collect();
    let mut all: Vec<(Vec<Integer>, Vec<usize>)> =
        slacks.iter().cloned().enumerate().map(|(k, slack)| (slack, vec![k])).collect();
    let mut start = 0;
    for _ in 1..monomials.degree {
        let end = all.len();
        for i in start..end {
            let last = all[i].1.last().copied().unwrap_or(0);
            for (k, slack) in slacks.iter().enumerate().skip(last) {
                let factors = all[i].1.iter().copied().chain([k]).collect();
                all.push((monomials.product(&all[i].0, slack), factors));
            }
        }
        start = end;
    }
    Some(all)
}
