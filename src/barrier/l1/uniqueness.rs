//! Why there is one minimiser only.

use super::tableau::Tableau;
use super::{Instance, Optimum, Surd};
use crate::arith::Rational;
use crate::linalg::{Matrix, dot};
use crate::programs::{Answer, Column, LinearProgram, Range, Row, Sense, solve};

/// The reason why a minimiser is the only one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uniqueness {
    /// w with t_j (a_j . w) >= 0 on the face, 0 where the minimiser is not 0; `None` stands for w = 0.
    pub narrow: Option<Vec<Rational>>,
    /// For each column j of the face with a_j . w = 0 an l with l . a_j = 1 that is orthogonal to the other such columns.
    pub left: Vec<(usize, Vec<Rational>)>,
}

/// Decides whether the point is the only minimiser, from the face and its signs.
///
/// **Statement.** With `Some`, the point x is the only z with A z = A x, t_j z_j >= 0 on the face and z_j = 0 elsewhere:
/// w . A z = w . A x = 0 has no negative term, so z_j = 0 where a_j . w is not 0, and the other columns are independent.
/// With `None` there are several. By strict complementarity of linear programs (GT56) exactly one of two systems has
/// a solution: d other than 0 with A d = 0, t_j d_j >= 0 on the face outside the support S of x, d = 0 outside the face;
/// or w with a_j . w = 0 on S, t_j (a_j . w) >= 1 on the face outside S, with independent columns in S.
pub fn uniqueness(instance: &Instance, optimum: &Optimum) -> Option<Uniqueness> {
    only_point(instance.matrix(), &optimum.face, optimum.vertices.first()?, &Rational::from(&optimum.q))
}

/// As [`uniqueness`], for a point of the polytope that the face stands for.
pub(super) fn only_point(a: &Matrix, face: &[(usize, i32)], point: &[Surd], q: &Rational) -> Option<Uniqueness> {
    let all: Vec<usize> = face.iter().map(|&(j, _)| j).collect();
    if let Some(left) = left_inverse(a, &all) {
        return Some(Uniqueness { narrow: None, left });
    }
    let is_zero = |j: usize| point[j].sign(q).is_eq();
    let support: Vec<usize> = all.into_iter().filter(|&j| !is_zero(j)).collect();
    let left = left_inverse(a, &support)?;
    let narrow = narrow(a, face, is_zero)?;
    let holds = face.iter().all(|&(j, sign)| {
        let product = dot(&a.column(j), &narrow).signum();
        if is_zero(j) { product == sign } else { product == 0 }
    });
    holds.then_some(Uniqueness { narrow: Some(narrow), left })
}

/// w with a_j . w = 0 on the face where the point is not 0, t_j (a_j . w) >= 1 on the rest of it.
fn narrow(a: &Matrix, face: &[(usize, i32)], is_zero: impl Fn(usize) -> bool) -> Option<Vec<Rational>> {
    let rows = face.iter().map(|&(j, sign)| {
        let range = match (is_zero(j), sign) {
            (false, _) => Range::point(Rational::zero()),
            (true, 1) => Range::at_least(Rational::one()),
            (true, _) => Range::at_most(-Rational::one()),
        };
        Row { name: j.to_string(), range }
    });
    let columns = (0..a.rows()).map(|i| {
        let entries = face.iter().enumerate().map(|(k, &(j, _))| (k, a[(i, j)].clone()));
        Column {
            name: i.to_string(),
            cost: Rational::zero(),
            range: Range::free(),
            entries: entries.filter(|(_, x)| !x.is_zero()).collect(),
        }
    });
    let program = LinearProgram::new(Sense::Minimise, Rational::zero(), rows.collect(), columns.collect()).ok()?;
    match solve(&program) {
        Answer::Optimal { point, .. } => Some(point),
        Answer::Infeasible { .. } | Answer::Unbounded { .. } => None,
    }
}

/// Rows l_j with l_j . a_i = 1 for i = j and 0 for the other columns of the list; `None` where these are dependent.
pub(super) fn left_inverse(a: &Matrix, columns: &[usize]) -> Option<Vec<(usize, Vec<Rational>)>> {
    let (m, k) = (a.rows(), columns.len());
    // [A_J | I]: row operations that make the left part unit vectors show in the right part.
    let rows: Vec<Vec<Rational>> = (0..m)
        .map(|i| {
            let unit = (0..m).map(|j| Rational::from(i32::from(i == j)));
            columns.iter().map(|&j| a[(i, j)].clone()).chain(unit).collect()
        })
        .collect();
    let mut tableau = Tableau::of_rows(rows.iter().map(Vec::as_slice));
    let mut row_of = Vec::with_capacity(k);
    for column in 0..k {
        let row = tableau.shortest((0..m).filter(|i| !row_of.contains(i)), column)?;
        tableau.pivot(row, column);
        row_of.push(row);
    }
    Some(columns.iter().zip(row_of).map(|(&j, i)| (j, (k..k + m).map(|c| tableau.value(i, c)).collect())).collect())
}

/// Columns that are a basis of the range.
pub(super) fn independent_columns(a: &Matrix) -> Vec<usize> {
    let mut tableau = Tableau::of_rows((0..a.rows()).map(|i| a.row(i)));
    let (mut columns, mut rows) = (Vec::new(), Vec::new());
    for column in 0..a.columns() {
        if let Some(row) = tableau.shortest((0..a.rows()).filter(|i| !rows.contains(i)), column) {
            tableau.pivot(row, column);
            columns.push(column);
            rows.push(row);
        }
    }
    columns
}
