//! The problem with equations: min |x|_1 subject to A x = y, by linear programming.

use super::Instance;
use super::definition::Found;
use crate::arith::Rational;
use crate::linalg::{Matrix, norm_squared, solve, sub};
use crate::programs::{Answer, Column, LinearProgram, Range, Row, Sense, solve as solve_program};

/// What linear programming says of A x = y.
pub(super) enum Pursuit {
    /// x of least norm, and p with |a_j . p| <= 1 and p . y = |x|_1.
    Optimal { point: Vec<Rational>, dual: Vec<Rational> },
    /// r with A^T r = 0 and r . y > 0.
    Infeasible { normal: Vec<Rational> },
}

/// Minimises |x|_1 subject to A x = y, or the sum of x >= 0 where `signed` is false.
pub(super) fn pursue(a: &Matrix, y: &[Rational], signed: bool) -> Option<Pursuit> {
    let n = a.columns();
    let program = program(a, y, signed)?;
    Some(match solve_program(&program) {
        Answer::Optimal { point, multipliers, .. } => {
            let x = (0..n).map(|j| if signed { &point[j] - &point[j + n] } else { point[j].clone() });
            Pursuit::Optimal { point: x.collect(), dual: multipliers }
        }
        Answer::Infeasible { multipliers } => Pursuit::Infeasible { normal: multipliers },
        // Costs are positive and variables not negative.
        Answer::Unbounded { .. } => return None,
    })
}

/// min 1 . x subject to A x = y, x >= 0; with `signed` the columns -a_j follow the a_j.
pub(super) fn program(a: &Matrix, y: &[Rational], signed: bool) -> Option<LinearProgram> {
    let rows = y.iter().enumerate().map(|(i, y)| Row { name: format!("y{i}"), range: Range::point(y.clone()) });
    let column = |name: &str, j: usize, sign: i64| Column {
        name: format!("{name}{j}"),
        cost: Rational::one(),
        range: Range::at_least(Rational::zero()),
        entries: (0..a.rows())
            .filter(|&i| !a[(i, j)].is_zero())
            .map(|i| (i, &a[(i, j)] * &Rational::from(sign)))
            .collect(),
    };
    let positive = (0..a.columns()).map(|j| column("x", j, 1));
    let negative = (0..if signed { a.columns() } else { 0 }).map(|j| column("minus x", j, -1));
    LinearProgram::new(Sense::Minimise, Rational::zero(), rows.collect(), positive.chain(negative).collect()).ok()
}

/// What the distance of y to the range of A says for epsilon > 0.
pub(super) enum Reach {
    /// Some A x is nearer than epsilon.
    Inside,
    /// The nearest is at the distance epsilon; r = y - A x for it.
    Touching(Vec<Rational>),
    /// None is as near.
    Outside(Vec<Rational>),
}

/// Compares the distance of y to the range of A with epsilon > 0.
pub(super) fn reach(instance: &Instance) -> Option<Reach> {
    let (a, y) = (instance.matrix(), instance.data());
    let columns = super::uniqueness::independent_columns(a);
    if columns.len() == a.rows() {
        return Some(Reach::Inside);
    }
    // r is orthogonal to a basis of the range: y - B u with B^T B u = B^T y.
    let basis = Matrix::from_fn(a.rows(), columns.len(), |i, k| a[(i, columns[k])].clone());
    let gram = basis.transpose().product(&basis).ok()?;
    let products = basis.transpose().apply(y).ok()?;
    let u = solve(&gram, &Matrix::column_vector(&products)).ok()?;
    let r = sub(y, &basis.apply(u.entries()).ok()?);
    Some(match norm_squared(&r).cmp(&(instance.epsilon() * instance.epsilon())) {
        core::cmp::Ordering::Less => Reach::Inside,
        core::cmp::Ordering::Equal => Reach::Touching(r),
        core::cmp::Ordering::Greater => Reach::Outside(r),
    })
}

/// The minimiser where the feasible x are those with A x = y - r.
pub(super) fn touching(instance: &Instance, r: Vec<Rational>) -> Option<Found> {
    match pursue(instance.matrix(), &sub(instance.data(), &r), true)? {
        Pursuit::Optimal { point, dual } => Some(Found::rational(&point, &dual, Some(r))),
        Pursuit::Infeasible { .. } => None,
    }
}
