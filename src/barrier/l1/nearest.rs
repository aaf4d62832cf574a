//! The point of a face that is nearest to a given one, where there are several minimisers.

use super::complementary::{Path, Step};
use super::surd_vector::{apply, norm_squared, rational_dot, rational_minus};
use super::uniqueness::{independent_columns, left_inverse};
use super::{Separation, Surd};
use crate::arith::Rational;
use crate::linalg::{Matrix, dot};

/// The nearest z to s with A z = A x, t_j z_j >= 0 on the face, z_j = 0 elsewhere; x is one of these points.
///
/// In u_j = t_j z_j, columns B of the face that are a basis of its range, and the others N: u_B = b - K u_N for one matrix K, so
/// |z - s|^2 / 2 is a quadratic function of u_N whose matrix is Q = 1 + K^T K. With multipliers l of u_B >= 0 its minimum
/// over u_N >= 0, u_B >= 0 is the complementarity problem Q u_N + K^T l + g >= 0, b - K u_N >= 0, whose matrix has the
/// symmetric part Q >= 0. Then w with a_j . w = h_j - t_j l_j on B is as [`Separation`] wants it.
pub(super) fn nearest(
    a: &Matrix,
    face: &[(usize, i32)],
    x: &[Surd],
    s: &[Rational],
    q: &Rational,
) -> Option<Separation> {
    let part = Matrix::from_fn(a.rows(), face.len(), |i, k| a[(i, face[k].0)].clone());
    let basis = independent_columns(&part);
    let others: Vec<usize> = (0..face.len()).filter(|k| !basis.contains(k)).collect();
    let left = left_inverse(&part, &basis)?;
    let image = apply(a, x);
    let sign = |k: usize| Rational::from(face[k].1);
    let (p, r) = (basis.len(), others.len());
    let b: Vec<Surd> = left.iter().map(|(k, l)| rational_dot(l, &image).scaled(&sign(*k))).collect();
    let columns: Vec<Vec<Rational>> = others.iter().map(|&c| part.column(c)).collect();
    let k = Matrix::from_fn(p, r, |i, c| dot(&left[i].1, &columns[c]) * (sign(left[i].0) * sign(others[c])));
    let quadratic = k.transpose().product(&k).ok()?;
    let target = |c: usize| &s[face[c].0] * &sign(c);
    // The gradient at u_N = 0: -s_N - K^T (b - s_B).
    let beyond: Vec<Surd> = basis.iter().zip(&b).map(|(&c, b)| b - &Surd::from(target(c))).collect();
    let pulled = apply(&k.transpose(), &beyond);
    let gradient = others.iter().zip(&pulled).map(|(&c, pulled)| -&(&Surd::from(target(c)) + pulled));
    let g: Vec<Surd> = gradient.chain(b.iter().cloned()).collect();
    let zero = Rational::zero();
    let matrix: Vec<Vec<Rational>> = (0..r + p)
        .map(|i| {
            let entry = |j: usize| match (i < r, j < r) {
                (true, true) => &quadratic[(i, j)] + &Rational::from(i32::from(i == j)),
                (true, false) => k[(j - r, i)].clone(),
                (false, true) => -&k[(i - r, j)],
                (false, false) => zero.clone(),
            };
            (0..r + p).map(entry).collect()
        })
        .collect();
    let solution = match Path::new(&matrix, &vec![Rational::one(); r + p], &g, q) {
        None => vec![Surd::zero(); r + p],
        Some(mut path) => loop {
            match path.step() {
                Step::Moved => {}
                Step::Ended => break path.point(),
                Step::Ray => return None,
            }
        },
    };
    let (u, multipliers) = solution.split_at(r);
    let mut z = vec![Surd::zero(); x.len()];
    for (&c, u) in others.iter().zip(u) {
        z[face[c].0] = u.scaled(&sign(c));
    }
    for ((&c, b), moved) in basis.iter().zip(&b).zip(apply(&k, u)) {
        z[face[c].0] = (b - &moved).scaled(&sign(c));
    }
    let h: Vec<Surd> = rational_minus(s, &z).iter().map(|x| -x).collect();
    let mut w = vec![Surd::zero(); a.rows()];
    for ((c, row), l) in left.iter().zip(multipliers) {
        let slope = &h[face[*c].0] - &l.scaled(&sign(*c));
        w = w.iter().zip(row).map(|(w, x)| w + &slope.scaled(x)).collect();
    }
    Some(Separation { squared: norm_squared(&h, q), difference: h, multipliers: w })
}
