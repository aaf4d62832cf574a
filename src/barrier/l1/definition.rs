//! The test of a solution from the definition, in exact arithmetic and independent of how it was found.

use core::cmp::Ordering;

use super::surd_vector::{apply, lift, norm_squared, one_norm, rational_dot, rational_minus};
use super::{Instance, Optimum, Solution, Surd};
use crate::arith::{Integer, Rational};
use crate::linalg::{self, dot};

/// Whether a solution passes the test of its definition: the conditions that `proofs/FORMAT.md` states (Minimisation of the
/// 1-norm), and every corner a minimiser. Whether there are more corners is not part of it.
pub fn holds(instance: &Instance, solution: &Solution) -> bool {
    match solution {
        Solution::Optimal(optimum) => optimal(instance, optimum).unwrap_or(false),
        Solution::Infeasible { normal } => is_infeasible(instance, normal),
    }
}

/// A^T r = 0, r . y > 0 and (r . y)^2 > epsilon^2 |r|^2: a feasible x would have r . y = r . (y - A x) <= |r| epsilon.
pub(super) fn is_infeasible(instance: &Instance, r: &[Rational]) -> bool {
    let (y, epsilon) = (instance.data(), instance.epsilon());
    if r.len() != y.len() || !is_normal(instance, r) {
        return false;
    }
    let product = dot(r, y);
    product.is_positive() && &product * &product > epsilon * epsilon * linalg::norm_squared(r)
}

fn is_normal(instance: &Instance, r: &[Rational]) -> bool {
    instance.matrix().transpose().apply(r).is_ok_and(|products| products.iter().all(Rational::is_zero))
}

fn optimal(instance: &Instance, optimum: &Optimum) -> Option<bool> {
    let (a, y, epsilon) = (instance.matrix(), instance.data(), instance.epsilon());
    let q = Rational::from(&optimum.q);
    if optimum.q.signum() < 0 || optimum.dual.len() != a.rows() {
        return Some(false);
    }
    let square = Surd::from(epsilon * epsilon);
    let x = optimum.vertices.first()?;
    if optimum.vertices.iter().any(|x| x.len() != a.columns()) {
        return Some(false);
    }
    let b = apply(a, x);
    if norm_squared(&rational_minus(y, &b), &q).compare(&square, &q) == Ordering::Greater {
        return Some(false);
    }
    // |a_j . p| <= 1, and the face where it is 1.
    if face(instance, &optimum.dual, &q)? != optimum.face {
        return Some(false);
    }
    let bound = match &optimum.normal {
        // p . y - V >= epsilon |p|.
        None => {
            let gap = &rational_dot(y, &optimum.dual) - &optimum.value;
            let least = norm_squared(&optimum.dual, &q).scaled(&(epsilon * epsilon));
            gap.sign(&q) != Ordering::Less && gap.times(&gap, &q).compare(&least, &q) != Ordering::Less
        }
        // p . (y - r) >= V.
        Some(r) => {
            let touches = r.len() == y.len()
                && is_normal(instance, r)
                && linalg::norm_squared(r) == epsilon * epsilon
                && dot(r, y) == epsilon * epsilon;
            touches && {
                let bound = rational_dot(&linalg::sub(y, r), &optimum.dual);
                bound.compare(&optimum.value, &q) != Ordering::Less
            }
        }
    };
    let corners = optimum.vertices.iter().all(|x| {
        let on_face = |j: usize| optimum.face.iter().any(|&(k, _)| k == j);
        one_norm(x, &q) == optimum.value
            && differs_not(&apply(a, x), &b, &q)
            && (0..x.len()).all(|j| on_face(j) || x[j].sign(&q) == Ordering::Equal)
            && optimum.face.iter().all(|&(j, t)| x[j].scaled(&Rational::from(t)).sign(&q) != Ordering::Less)
    });
    Some(bound && corners)
}

fn differs_not(x: &[Surd], y: &[Surd], q: &Rational) -> bool {
    x.len() == y.len() && x.iter().zip(y).all(|(x, y)| x.compare(y, q) == Ordering::Equal)
}

/// The columns with |a_j . p| = 1, with signs; `None` where some |a_j . p| is larger.
pub(super) fn face(instance: &Instance, dual: &[Surd], q: &Rational) -> Option<Vec<(usize, i32)>> {
    let one = Surd::from(Rational::one());
    let mut face = Vec::new();
    for (j, product) in apply(&instance.matrix().transpose(), dual).into_iter().enumerate() {
        match product.abs(q).compare(&one, q) {
            Ordering::Greater => return None,
            Ordering::Equal => face.push((j, if product.sign(q) == Ordering::Less { -1 } else { 1 })),
            Ordering::Less => {}
        }
    }
    Some(face)
}

/// The parts of an optimum that follow from a minimiser and a dual point, with one corner; `None` where they are none.
pub(super) fn assemble(instance: &Instance, found: Found) -> Option<Optimum> {
    let Found { q, point, dual, normal } = found;
    let radicand = Rational::from(&q);
    let face = face(instance, &dual, &radicand)?;
    let value = one_norm(&point, &radicand);
    Some(Optimum { q, value, dual, normal, face, vertices: vec![point], complete: false })
}

/// A minimiser with its reason.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The radicand.
    pub q: Integer,
    /// x.
    pub point: Vec<Surd>,
    /// p.
    pub dual: Vec<Surd>,
    /// r, where the range of A touches the ball.
    pub normal: Option<Vec<Rational>>,
}

impl Found {
    /// Rational points.
    pub(super) fn rational(point: &[Rational], dual: &[Rational], normal: Option<Vec<Rational>>) -> Self {
        Self { q: Integer::zero(), point: lift(point), dual: lift(dual), normal }
    }
}
