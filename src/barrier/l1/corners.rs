//! The corners of the set of minimisers.

use std::collections::{BTreeSet, HashSet};

use super::Surd;
use super::ratio::Order;
use super::surd_vector::apply;
use super::tableau::Tableau;
use super::uniqueness::only_point;
use crate::arith::Rational;
use crate::linalg::Matrix;

/// The most bases that are visited.
const MAX_BASES: usize = 4096;

/// Corners of a polytope, and whether they are all.
pub(super) struct Corners {
    pub points: Vec<Vec<Surd>>,
    pub complete: bool,
}

/// The corners of {z : A z = A x, t_j z_j >= 0 on the face, z_j = 0 elsewhere}, which is bounded; x is one of its points.
///
/// In u_j = t_j z_j on the face these are the basic solutions of B u = b, u >= 0. With right-hand sides perturbed as in
/// `ratio` the polytope is simple: each of its corners has one basis, and one edge for every column outside it. The
/// graph of a polytope is connected (Bal61), so a search from one basis meets them all, and every corner of the polytope
/// itself is the limit of one of the perturbed one. `None` where x is no such point.
pub(super) fn corners(a: &Matrix, face: &[(usize, i32)], x: &[Surd], q: &Rational) -> Option<Corners> {
    if only_point(a, face, x, q).is_some() {
        return Some(Corners { points: vec![x.to_vec()], complete: true });
    }
    let k = face.len();
    let b = apply(a, x);
    let rows: Vec<Vec<Rational>> = b
        .iter()
        .enumerate()
        .map(|(i, b)| {
            let signed = face.iter().map(|&(j, t)| a[(i, j)].clone() * Rational::from(t));
            signed.chain([b.rational.clone(), b.root.clone()]).collect()
        })
        .collect();
    let mut tableau = Tableau::of_rows(rows.iter().map(Vec::as_slice));
    // The columns of a corner first: they are independent, and so the basic solution is this corner.
    let corner = to_corner(a, face, x, q)?;
    let (first, rest): (Vec<usize>, Vec<usize>) = (0..k).partition(|&c| corner[face[c].0].sign(q).is_ne());
    let mut basis: Vec<(usize, usize)> = Vec::new();
    for column in first.into_iter().chain(rest) {
        let free: Vec<usize> = (0..rows.len()).filter(|i| basis.iter().all(|(row, _)| row != i)).collect();
        if let Some(row) = tableau.shortest(free.into_iter(), column) {
            tableau.pivot(row, column);
            basis.push((row, column));
        }
    }
    // The other rows are sums of these, and 0 now.
    basis.sort_unstable();
    tableau.retain(&basis.iter().map(|&(row, _)| row).collect::<Vec<_>>());
    let basis: Vec<usize> = basis.into_iter().map(|(_, column)| column).collect();
    let order = Order { right_hand_side: [k, k + 1], radicand: q.clone(), then: basis.clone() };
    Some(search(tableau, basis, &order, face, x.len()))
}

fn search(tableau: Tableau, basis: Vec<usize>, order: &Order, face: &[(usize, i32)], n: usize) -> Corners {
    let key = |basis: &[usize]| {
        let mut key = basis.to_vec();
        key.sort_unstable();
        key
    };
    let mut seen = HashSet::from([key(&basis)]);
    let (mut supports, mut points, mut complete) = (BTreeSet::new(), Vec::new(), true);
    let mut open = vec![(tableau, basis)];
    while let Some((tableau, basis)) = open.pop() {
        let mut point = vec![Surd::zero(); n];
        let mut support = BTreeSet::new();
        for (i, &column) in basis.iter().enumerate() {
            let (j, t) = face[column];
            let number = tableau.right_hand_side(i, order);
            if number.sign(&order.radicand).is_ne() {
                support.insert(j);
                point[j] = number.scaled(&Rational::from(t));
            }
        }
        // A corner is known by where it is not 0.
        if supports.insert(support) {
            points.push(point);
        }
        for entering in (0..face.len()).filter(|c| !basis.contains(c)) {
            let Some(row) = tableau.least_ratio(entering, order) else { continue };
            let mut next = basis.clone();
            next[row] = entering;
            if seen.contains(&key(&next)) {
                continue;
            }
            if seen.len() == MAX_BASES {
                complete = false;
                continue;
            }
            seen.insert(key(&next));
            let mut moved = tableau.clone();
            moved.pivot(row, entering);
            open.push((moved, next));
        }
    }
    Corners { points, complete }
}

/// Moves x along vectors d with A d = 0 inside its support until the columns of the support are independent.
///
/// The sum of t_j d_j is p . A d = 0 for the dual point p of the face, so some t_j d_j is negative, and moving along d
/// ends where the first entry is 0: the support is smaller each time.
fn to_corner(a: &Matrix, face: &[(usize, i32)], x: &[Surd], q: &Rational) -> Option<Vec<Surd>> {
    let mut x = x.to_vec();
    loop {
        let support: Vec<(usize, i32)> = face.iter().copied().filter(|&(j, _)| x[j].sign(q).is_ne()).collect();
        let Some(d) = dependency(a, &support) else { return Some(x) };
        let mut step: Option<Surd> = None;
        for (&(j, t), d) in support.iter().zip(&d) {
            if d.signum() * t < 0 {
                let reach = x[j].abs(q).scaled(&d.abs().recip()?);
                if step.as_ref().is_none_or(|step| reach.compare(step, q).is_lt()) {
                    step = Some(reach);
                }
            }
        }
        let step = step?;
        for (&(j, _), d) in support.iter().zip(&d) {
            x[j] = &x[j] + &step.scaled(d);
        }
    }
}

/// d other than 0 with the sum of d_k a_j over the list 0; `None` where its columns are independent.
fn dependency(a: &Matrix, columns: &[(usize, i32)]) -> Option<Vec<Rational>> {
    let rows: Vec<Vec<Rational>> =
        (0..a.rows()).map(|i| columns.iter().map(|&(j, _)| a[(i, j)].clone()).collect()).collect();
    let mut tableau = Tableau::of_rows(rows.iter().map(Vec::as_slice));
    let mut row_of: Vec<usize> = Vec::new();
    for column in 0..columns.len() {
        match tableau.shortest((0..a.rows()).filter(|i| !row_of.contains(i)), column) {
            Some(row) => {
                tableau.pivot(row, column);
                row_of.push(row);
            }
            // Columns before it are unit vectors, and it is the sum of them that its entries say.
            None => {
                let mut d = vec![Rational::zero(); columns.len()];
                for (k, &row) in row_of.iter().enumerate() {
                    d[k] = -tableau.value(row, column);
                }
                d[column] = Rational::one();
                return Some(d);
            }
        }
    }
    None
}
