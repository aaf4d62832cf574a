//! The distance of a point to the minimisers.

use core::cmp::Ordering;

use super::nearest::nearest;
use super::surd_vector::{lift, norm_squared, rational_dot, rational_minus, surd_dot};
use super::uniqueness::{Uniqueness, only_point};
use super::{Instance, Optimum, Surd};
use crate::arith::Rational;
use crate::linalg::Matrix;

/// Significant bits of the ends of an enclosure of an irrational distance.
const BITS: u64 = 64;

/// The nearest minimiser to a point s, with the reason why none is nearer.
///
/// h = z - s for the nearest minimiser z, and w with t_j (h_j - a_j . w) >= 0 on the face, with equality where z_j is not
/// 0. For every minimiser z', h . z' >= w . A z' = w . A z = h . z, so |h| |z' - s| >= h . (z' - s) >= h . (z - s) = |h|^2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Separation {
    /// |h|^2, the least squared distance.
    pub squared: Surd,
    /// h.
    pub difference: Vec<Surd>,
    /// w.
    pub multipliers: Vec<Surd>,
}

/// The squared Euclidean distance of s to the set of minimisers: (lower, upper), equal where it is rational, else with 64
/// significant bits. `None` where s has another dimension.
///
/// **Exactness.** Enclosure of an exact number of Q(sqrt q).
pub fn distance_squared(instance: &Instance, optimum: &Optimum, s: &[Rational]) -> Option<(Rational, Rational)> {
    Some(separation(instance, optimum, s)?.squared.enclosure(&Rational::from(&optimum.q), BITS))
}

/// Computes the nearest minimiser to s; `None` where s has another dimension.
pub fn separation(instance: &Instance, optimum: &Optimum, s: &[Rational]) -> Option<Separation> {
    let a = instance.matrix();
    let point = optimum.vertices.first()?;
    if s.len() != a.columns() || point.len() != s.len() {
        return None;
    }
    let q = Rational::from(&optimum.q);
    let found = match only_point(a, &optimum.face, point, &q) {
        Some(reason) => from_one(a, &optimum.face, &reason, difference(point, s), &q),
        None => nearest(a, &optimum.face, point, s, &q)?,
    };
    holds(a, &optimum.face, point, s, &found, &q).then_some(found)
}

fn difference(point: &[Surd], s: &[Rational]) -> Vec<Surd> {
    rational_minus(s, point).iter().map(|h| -h).collect()
}

/// Where there is one minimiser: w = the sum of h_j l_j has a_j . w = h_j on the columns that are left. On the others, t_j
/// (a_j . n) >= 0 is positive for the narrowing n, and w - tau n is as wanted from some tau on.
fn from_one(a: &Matrix, face: &[(usize, i32)], reason: &Uniqueness, h: Vec<Surd>, q: &Rational) -> Separation {
    let mut w = vec![Surd::zero(); a.rows()];
    for (j, row) in &reason.left {
        for (w, l) in w.iter_mut().zip(row) {
            *w = &*w + &h[*j].scaled(l);
        }
    }
    if let Some(narrow) = &reason.narrow {
        let narrow = lift(narrow);
        let mut tau = Rational::zero();
        for &(j, sign) in face {
            let gain = column_product(a, j, &narrow).rational.abs();
            if gain.is_positive() {
                let slack = (&h[j] - &column_product(a, j, &w)).scaled(&Rational::from(sign));
                // slack + tau gain >= 0
                tau = tau.max((-&slack).enclosure(q, BITS).1 / gain);
            }
        }
        w = w.iter().zip(&narrow).map(|(w, n)| w - &n.scaled(&tau)).collect();
    }
    Separation { squared: norm_squared(&h, q), difference: h, multipliers: w }
}

/// a_j . w.
fn column_product(a: &Matrix, j: usize, w: &[Surd]) -> Surd {
    rational_dot(&a.column(j), w)
}

/// The conditions of [`Separation`], tested in exact arithmetic: t_j (h_j - a_j . w) >= 0 on the face, and c = w . A x - h . s
/// with c >= |h|^2.
fn holds(a: &Matrix, face: &[(usize, i32)], x: &[Surd], s: &[Rational], found: &Separation, q: &Rational) -> bool {
    let Separation { squared, difference: h, multipliers: w } = found;
    let slopes: Vec<(usize, i32, Surd)> = face.iter().map(|&(j, sign)| (j, sign, column_product(a, j, w))).collect();
    let signs =
        slopes.iter().all(|(j, sign, slope)| (&h[*j] - slope).scaled(&Rational::from(*sign)).sign(q) != Ordering::Less);
    // x is 0 outside the face, so w . A x is the sum of x_j (a_j . w) over it.
    let c = slopes.iter().fold(Surd::zero(), |sum, (j, _, slope)| &sum + &x[*j].times(slope, q));
    let c = h.iter().zip(s).fold(c, |sum, (h, s)| &sum - &h.scaled(s));
    signs && c.compare(squared, q) != Ordering::Less && *squared == surd_dot(h, h, q)
}
