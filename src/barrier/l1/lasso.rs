//! The minimiser for epsilon > 0 by the path of min 1/2 |A x - y|^2 + t |x|_1, exactly, for every rational problem.

use super::complementary::{Path, Step};
use super::definition::Found;
use super::surd_vector::{apply, lift, rational_minus};
use super::{Instance, Surd};
use crate::arith::{Integer, Rational};
use crate::linalg::{Matrix, clear_denominators, dot, norm_squared, sub};

/// A minimiser where |y| > epsilon and some x has |A x - y| < epsilon; `None` elsewhere.
///
/// **Statement.** x minimises 1/2 |A x - y|^2 + t |x|_1 iff its residual r = y - A x has |a_j . r| <= t for all j, with a_j . r = t
/// sign(x_j) where x_j is not 0. With x = u - v, u, v >= 0, this is a complementarity problem with the positive
/// semidefinite matrix [A, -A]^T [A, -A], covering vector 1 and g = (-A^T y, A^T y): its [`Path`] starts at x = 0 with t
/// the largest |a_j . y|. On an edge x is linear in the step, and |r| is continuous and does not grow, as r is unique
/// for each t and [`Path`] does not let t grow. So |r| = epsilon at one step of one edge, the root of a quadratic
/// equation; there p = r / t has |a_j . p| <= 1 and p . A x = |x|_1, hence p . y - epsilon |p| = p . (A x + r) - |r|^2 / t = |x|_1.
pub(super) fn lasso(instance: &Instance) -> Option<Found> {
    let (a, y) = (instance.matrix(), instance.data());
    let square = instance.epsilon() * instance.epsilon();
    let n = a.columns();
    if !square.is_positive() || norm_squared(y) <= square {
        return None;
    }
    // Columns times c_j and data times s are integers: x_j = c_j x'_j / s and t = t' / s, with c in the place of 1 before t.
    let common = |numbers: &[Rational]| Rational::from(clear_denominators(numbers).1);
    let scales: Vec<Rational> = (0..n).map(|j| common(&a.column(j))).collect();
    let scale = common(y);
    let integral = Matrix::from_fn(a.rows(), n, |i, j| &a[(i, j)] * &scales[j]);
    let gram = integral.transpose().product(&integral).ok()?;
    let products = integral.transpose().apply(&y.iter().map(|y| y * &scale).collect::<Vec<_>>()).ok()?;
    let sign = |k: usize| Rational::from(if k < n { 1 } else { -1 });
    let matrix: Vec<Vec<Rational>> =
        (0..2 * n).map(|i| (0..2 * n).map(|j| &gram[(i % n, j % n)] * &(sign(i) * sign(j))).collect()).collect();
    let g: Vec<Surd> = (0..2 * n).map(|i| Surd::from(-(&products[i % n] * &sign(i)))).collect();
    let cover: Vec<Rational> = (0..2 * n).map(|i| scales[i % n].clone()).collect();
    let mut path = Path::new(&matrix, &cover, &g, &Rational::zero())?;
    let corner = |path: &Path| {
        let z = path.point();
        let x: Vec<Rational> = (0..n).map(|j| (&z[j].rational - &z[j + n].rational) * &scales[j] / &scale).collect();
        let residual = a.apply(&x).map(|b| sub(y, &b)).ok()?;
        Some(Corner { x, residual, t: path.cover().rational / &scale })
    };
    let mut last = corner(&path)?;
    loop {
        let step = path.step();
        if step == Step::Ray {
            return None;
        }
        let next = corner(&path)?;
        if norm_squared(&next.residual) <= square {
            return between(a, y, &last, &next, &square);
        }
        if step == Step::Ended {
            return None;
        }
        last = next;
    }
}

struct Corner {
    x: Vec<Rational>,
    residual: Vec<Rational>,
    t: Rational,
}

/// The point of the edge from one corner to the next where |r| = epsilon; |r| is larger at the first, not at the second.
fn between(a: &Matrix, y: &[Rational], from: &Corner, to: &Corner, square: &Rational) -> Option<Found> {
    let change = sub(&to.residual, &from.residual);
    // |r + s e|^2 = epsilon^2 has the smaller root s = (-b - sqrt(b^2 - a c)) / a.
    let (quadratic, half) = (norm_squared(&change), dot(&from.residual, &change));
    let constant = norm_squared(&from.residual) - square;
    let (root, q) = Surd::square_root(&(&half * &half - &quadratic * &constant))?;
    let radicand = Rational::from(&q);
    let step = (&Surd::from(-half) - &root).scaled(&quadratic.recip()?);
    let along = |from: &Rational, to: &Rational| &Surd::from(from.clone()) + &step.scaled(&(to - from));
    let point: Vec<Surd> = from.x.iter().zip(&to.x).map(|(from, to)| along(from, to)).collect();
    let t = along(&from.t, &to.t);
    let residual = rational_minus(y, &apply(a, &point));
    let dual: Option<Vec<Surd>> = residual.iter().map(|r| r.over(&t, &radicand)).collect();
    Some(Found { q, point, dual: dual?, normal: None })
}

/// x = 0 and p = 0, the minimiser where |y| <= epsilon.
pub(super) fn nothing(instance: &Instance) -> Option<Found> {
    let epsilon = instance.epsilon();
    let zeros = |n: usize| lift(&vec![Rational::zero(); n]);
    (norm_squared(instance.data()) <= epsilon * epsilon).then(|| Found {
        q: Integer::zero(),
        point: zeros(instance.matrix().columns()),
        dual: zeros(instance.matrix().rows()),
        normal: None,
    })
}
