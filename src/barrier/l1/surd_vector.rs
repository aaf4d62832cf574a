//! Vectors of numbers a + b sqrt(q): two rational vectors, multiplied by way of integers.

use super::Surd;
use crate::arith::Rational;
use crate::linalg::{Matrix, dot};

fn parts(x: &[Surd]) -> (Vec<Rational>, Vec<Rational>) {
    x.iter().map(|x| (x.rational.clone(), x.root.clone())).unzip()
}

/// A x; empty where the lengths differ.
pub(super) fn apply(a: &Matrix, x: &[Surd]) -> Vec<Surd> {
    let (rational, root) = parts(x);
    match (a.apply(&rational), a.apply(&root)) {
        (Ok(rational), Ok(root)) => {
            rational.into_iter().zip(root).map(|(rational, root)| Surd { rational, root }).collect()
        }
        _ => Vec::new(),
    }
}

/// x . y for a rational x of the same length.
pub(super) fn rational_dot(x: &[Rational], y: &[Surd]) -> Surd {
    let (rational, root) = parts(y);
    Surd { rational: dot(x, &rational), root: dot(x, &root) }
}

/// x . y for vectors of one length.
pub(super) fn surd_dot(x: &[Surd], y: &[Surd], q: &Rational) -> Surd {
    let ((a, b), (c, d)) = (parts(x), parts(y));
    Surd { rational: dot(&a, &c) + dot(&b, &d) * q, root: dot(&a, &d) + dot(&b, &c) }
}

/// |x|^2.
pub(super) fn norm_squared(x: &[Surd], q: &Rational) -> Surd {
    surd_dot(x, x, q)
}

/// |x|_1.
pub(super) fn one_norm(x: &[Surd], q: &Rational) -> Surd {
    x.iter().filter(|x| **x != Surd::zero()).fold(Surd::zero(), |sum, x| &sum + &x.abs(q))
}

/// y - x.
pub(super) fn rational_minus(y: &[Rational], x: &[Surd]) -> Vec<Surd> {
    y.iter().zip(x).map(|(y, x)| &Surd::from(y.clone()) - x).collect()
}

/// A rational vector.
pub(super) fn lift(x: &[Rational]) -> Vec<Surd> {
    x.iter().cloned().map(Surd::from).collect()
}
