//! Small exact matrices, row by row in a vector.

use std::cmp::Ordering;

use num_traits::{One, Signed, Zero};

use super::Q;
use crate::draw::Random;

/// A small integer or a quotient of such.
pub fn q(top: i64, bottom: i64) -> Q {
    Q::new(top.into(), bottom.into())
}

/// The product of an r x k and a k x c matrix.
pub fn product(a: &[Q], b: &[Q], r: usize, k: usize, c: usize) -> Vec<Q> {
    let entry = |i: usize, j: usize| (0..k).fold(Q::zero(), |sum, m| sum + &a[i * k + m] * &b[m * c + j]);
    (0..r * c).map(|place| entry(place / c, place % c)).collect()
}

/// c I.
pub fn scaled_identity(d: usize, c: &Q) -> Vec<Q> {
    (0..d * d).map(|place| if place / d == place % d { c.clone() } else { Q::zero() }).collect()
}

/// The r x c matrix with these entries on its diagonal.
pub fn diagonal(r: usize, c: usize, values: &[Q]) -> Vec<Q> {
    let entry = |i: usize, j: usize| if i == j { values[i].clone() } else { Q::zero() };
    (0..r * c).map(|place| entry(place / c, place % c)).collect()
}

/// A reflection: orthogonal, symmetric and rational.
pub fn reflection(d: usize, random: &mut Random) -> Vec<Q> {
    let mut v: Vec<i64> = (0..d).map(|_| random.between(-2, 2)).collect();
    if v.iter().all(|&x| x == 0) {
        v[0] = 1;
    }
    let square: i64 = v.iter().map(|x| x * x).sum();
    let entry = |i: usize, j: usize| q(i64::from(i == j), 1) - q(2 * v[i] * v[j], square);
    (0..d * d).map(|place| entry(place / d, place % d)).collect()
}

/// B x = f for a regular matrix, f with c columns; nothing for a singular one.
pub fn solve(b: &[Q], f: &[Q], d: usize, c: usize) -> Option<Vec<Q>> {
    let mut rows: Vec<Vec<Q>> =
        (0..d).map(|i| [&b[i * d..(i + 1) * d], &f[i * c..(i + 1) * c]].concat().to_vec()).collect();
    for k in 0..d {
        let pivot = (k..d).find(|&i| !rows[i][k].is_zero())?;
        rows.swap(k, pivot);
        let scale = rows[k][k].clone();
        rows[k].iter_mut().for_each(|x| *x /= &scale);
        let top = rows[k].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != k) {
            let factor = row[k].clone();
            row.iter_mut().zip(&top).for_each(|(x, t)| *x -= &factor * t);
        }
    }
    Some(rows.into_iter().flat_map(|row| row[d..].to_vec()).collect())
}

/// How the spectral norm of an r x c matrix compares with a bound: by the definiteness of bound^2 I - V^T V.
pub fn compare_norm(v: &[Q], r: usize, c: usize, bound: &Q) -> Ordering {
    let transposed: Vec<Q> = (0..r * c).map(|place| v[place % r * c + place / r].clone()).collect();
    let mut gap = product(&transposed, v, c, r, c);
    gap.iter_mut().for_each(|x| *x = -x.clone());
    (0..c).for_each(|i| gap[i * c + i] += bound * bound);
    let mut left: Vec<usize> = (0..c).collect();
    let mut answer = Ordering::Less;
    while !left.is_empty() {
        if left.iter().any(|&i| gap[i * c + i].is_negative()) {
            return Ordering::Greater;
        }
        let Some(at) = left.iter().position(|&i| gap[i * c + i].is_positive()) else {
            let zero = left.iter().all(|&i| left.iter().all(|&j| gap[i * c + j].is_zero()));
            return if zero { Ordering::Equal } else { Ordering::Greater };
        };
        let k = left.swap_remove(at);
        for &i in &left {
            let factor = &gap[i * c + k] / &gap[k * c + k];
            for &j in &left {
                let change = &factor * &gap[k * c + j];
                gap[i * c + j] -= change;
            }
        }
        if left.iter().any(|&i| gap[i * c + i].is_zero()) {
            answer = Ordering::Equal;
        }
    }
    answer
}

/// A number from lo to hi: often an end, otherwise a dyadic fraction between them.
pub fn between(lo: &Q, hi: &Q, random: &mut Random) -> Q {
    match random.below(5) {
        0 => lo.clone(),
        1 => hi.clone(),
        2 => {
            let level = 1 << random.between(1, 5);
            lo + (hi - lo) * q(2 * random.between(0, level - 1) + 1, 2 * level)
        }
        _ => lo + (hi - lo) * q(random.between(0, 1024), 1024),
    }
}

/// Matrices of spectral norm at most `bound`, the same kinds in the same places for every shape.
pub fn in_ball(r: usize, c: usize, bound: &Q, random: &mut Random) -> Vec<Vec<Q>> {
    let least = r.min(c);
    let scaled = |m: Vec<Q>| -> Vec<Q> { m.into_iter().map(|x| x * bound).collect() };
    let mut all = vec![vec![Q::zero(); r * c]];
    // Constant matrices: Frobenius norm 2^-j sqrt(r c) <= 1.
    for j in (0..7u32).filter(|&j| 4usize.pow(j) >= r * c) {
        let entry = q(1, 2i64.pow(j));
        all.push(scaled(vec![entry.clone(); r * c]));
        all.push(scaled(vec![-entry; r * c]));
    }
    for sign in [1, -1] {
        all.push(scaled(diagonal(r, c, &vec![q(sign, 1); least])));
    }
    // Nilpotent ones: one entry in a corner, the shift.
    let mut corner = vec![Q::zero(); r * c];
    corner[c - 1] = Q::one();
    all.push(scaled(corner));
    let shift = (0..r * c).map(|place| q(i64::from(place % c == place / c + 1), 1)).collect();
    all.push(scaled(shift));
    // Rotations by 3/5, 4/5.
    let turned = |place: usize| match (place / c, place % c) {
        (0, 0) | (1, 1) => q(3, 5),
        (0, 1) => q(4, 5),
        (1, 0) => q(-4, 5),
        _ => Q::zero(),
    };
    all.push(scaled((0..r * c).map(turned).collect()));
    for _ in 0..16 {
        all.push(scaled(with_singular_values(r, c, random)));
    }
    all
}

fn with_singular_values(r: usize, c: usize, random: &mut Random) -> Vec<Q> {
    let values: Vec<Q> = (0..r.min(c)).map(|_| between(&q(-1, 1), &q(1, 1), random)).collect();
    let (left, right) = (reflection(r, random), reflection(c, random));
    product(&product(&left, &diagonal(r, c, &values), r, r, c), &right, r, c, c)
}

/// A symmetric matrix with spectrum in [lo, hi].
pub fn symmetric(d: usize, lo: &Q, hi: &Q, random: &mut Random) -> Vec<Q> {
    let values: Vec<Q> = (0..d).map(|_| between(lo, hi, random)).collect();
    let turn = reflection(d, random);
    product(&product(&turn, &diagonal(d, d, &values), d, d, d), &turn, d, d, d)
}
