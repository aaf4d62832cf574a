//! Full-dimensional polyhedra that are split: floats guess, intervals prove, exact arithmetic settles the rest.

use std::sync::Arc;

use super::Halfspace;
use super::lp::guess::{FloatRow, Walk, dot, walk};
use super::point::{Point, shorten};
use super::polyhedron::strict_point;
use super::proof::proves_empty;
use super::row::Row;
use crate::arith::Rational;

/// A polyhedron with a point strictly inside it.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    rows: Vec<Arc<Row>>,
    point: Point,
    /// The number of rows after they were last reduced.
    reduced: usize,
}

/// How a hyperplane lies to a cell.
pub(super) enum Split {
    /// The cell lies on the side of the row.
    Inside,
    /// The cell lies on the other side.
    Outside,
    /// Both sides have interior points: of the cell inside the row, and of the cell outside.
    Both(Point, Point),
}

impl Cell {
    /// The cell with these halfspaces around a point that is strictly inside all of them.
    pub(super) fn new(halfspaces: &[Halfspace], point: Vec<Rational>) -> Self {
        let rows: Vec<Arc<Row>> = halfspaces.iter().map(|half| Arc::new(Row::new(half.clone()))).collect();
        let reduced = rows.len();
        let point = settle(point, &rows.iter().map(|row| &**row).collect::<Vec<_>>());
        Self { rows, point, reduced }
    }

    pub(super) fn halfspaces(&self) -> impl Iterator<Item = &Halfspace> {
        self.rows.iter().map(|row| &row.halfspace)
    }

    pub(super) fn float_rows(&self) -> Vec<&FloatRow> {
        self.rows.iter().map(|row| &row.float).collect()
    }

    /// A point strictly inside; approximate.
    pub(super) fn approx_point(&self) -> &[f64] {
        &self.point.float
    }

    /// A point strictly inside with short coordinates.
    pub(super) fn short_point(&self) -> Vec<Rational> {
        shorten(&self.point, self.rows.iter().map(|row| &**row))
    }

    /// Whether a halfspace (not trivial) holds on the cell, or its opposite, or neither. Exact.
    pub(super) fn split(&self, inside: &Row, outside: &Row) -> Split {
        // A hyperplane that bounds the cell: the common case when two networks share neurons.
        for row in &self.rows {
            if row.halfspace == inside.halfspace {
                return Split::Inside;
            }
            if row.halfspace == outside.halfspace {
                return Split::Outside;
            }
        }
        match self.point.side(inside) {
            1 => match self.beyond(None, outside) {
                Some(point) => Split::Both(self.point.clone(), point),
                None => Split::Inside,
            },
            -1 => match self.beyond(None, inside) {
                Some(point) => Split::Both(point, self.point.clone()),
                None => Split::Outside,
            },
            // A hyperplane through an interior point has interior points on both sides.
            _ => match (self.beyond(None, inside), self.beyond(None, outside)) {
                (Some(inner), Some(outer)) => Split::Both(inner, outer),
                (Some(_), None) => Split::Inside,
                (None, _) => Split::Outside,
            },
        }
    }

    /// On which side of a row the cell lies, where intervals prove it: `Some(true)` inside. `None` says nothing.
    pub(super) fn quick_side(&self, row: &Row) -> Option<bool> {
        let inside = match self.point.quick_side(row)? {
            1 => true,
            -1 => false,
            _ => return None,
        };
        let opposite = inside.then(|| row.opposite());
        let beyond = opposite.as_ref().unwrap_or(row);
        let floats: Vec<&FloatRow> = self.rows.iter().map(|row| &row.float).collect();
        let c: Vec<f64> = beyond.float.normal.iter().map(|a| -a).collect();
        let Walk::Held(active) = walk(&floats, &self.point.float, &c, -beyond.float.offset) else { return None };
        let basis: Vec<&Row> = active.iter().map(|&i| &*self.rows[i]).collect();
        proves_empty(&basis, beyond).then_some(inside)
    }

    /// The part of the cell inside one more row, around a point strictly inside.
    pub(super) fn with(&self, row: &Arc<Row>, point: Point) -> Self {
        let rows = self.rows.iter().chain([row]).cloned().collect();
        let mut cell = Self { rows, point, reduced: self.reduced };
        // Reducing when the rows have doubled keeps both the rows and the work few.
        if cell.rows.len() > 2 * (cell.reduced + cell.point.float.len()) {
            cell.reduce();
        }
        cell
    }

    /// Removes the rows that follow from the others. Exact.
    ///
    /// **Statement.** In a full-dimensional polyhedron without repeated halfspaces, row i is needed exactly when a
    /// point violates it that is strictly inside all others: such a point shows it, and if row i is needed, then a
    /// point that violates only it, moved a little towards the interior, is one.
    pub(super) fn reduce(&mut self) {
        let mut needed = self.seen_from_inside();
        let mut i = 0;
        while i < self.rows.len() {
            if !needed[i] && self.beyond(Some(i), &self.rows[i].opposite()).is_none() {
                self.rows.remove(i);
                needed.remove(i);
            } else {
                i += 1;
            }
        }
        self.reduced = self.rows.len();
    }

    /// Rows that rays from the point along the normals meet first, each proved to be needed by a point behind it.
    fn seen_from_inside(&self) -> Vec<bool> {
        let mut needed = vec![false; self.rows.len()];
        let start = &self.point.float;
        let slacks: Vec<f64> = self.rows.iter().map(|row| row.float.approx_slack(start)).collect();
        for target in &self.rows {
            let direction = &target.float.normal;
            let (mut first, mut second) = ((f64::INFINITY, None), f64::INFINITY);
            for (i, row) in self.rows.iter().enumerate() {
                let speed = dot(&row.float.normal, direction);
                let time = slacks[i] / speed;
                if speed > 0.0 && time < first.0 {
                    second = first.0;
                    first = (time, Some(i));
                } else if speed > 0.0 && time < second {
                    second = time;
                }
            }
            let (time, Some(hit)) = first else { continue };
            if needed[hit] {
                continue;
            }
            let behind = if second.is_finite() { 0.5 * (time + second) } else { 2.0 * time + 1.0 };
            let point = Point::from_floats(start.iter().zip(direction).map(|(x, d)| x + behind * d).collect());
            needed[hit] = point.is_some_and(|point| {
                let expected = |i: usize| if i == hit { -1 } else { 1 };
                self.rows.iter().enumerate().all(|(i, row)| point.quick_side(row) == Some(expected(i)))
            });
        }
        needed
    }

    /// A point strictly inside all rows but `without` and strictly inside `beyond`; `None` when there is none. Exact.
    fn beyond(&self, without: Option<usize>, beyond: &Row) -> Option<Point> {
        let mut rows: Vec<&Row> =
            self.rows.iter().enumerate().filter(|(i, _)| Some(*i) != without).map(|(_, row)| &**row).collect();
        let floats: Vec<&FloatRow> = rows.iter().map(|row| &row.float).collect();
        let c: Vec<f64> = beyond.float.normal.iter().map(|a| -a).collect();
        let mut hint = Vec::new();
        match walk(&floats, &self.point.float, &c, -beyond.float.offset) {
            Walk::Reached(point) => {
                if let Some(point) = Point::from_floats(point)
                    && rows.iter().chain([&beyond]).all(|row| point.quick_side(row) == Some(1))
                {
                    return Some(point);
                }
            }
            Walk::Held(active) => {
                let basis: Vec<&Row> = active.iter().map(|&i| rows[i]).collect();
                if proves_empty(&basis, beyond) {
                    return None;
                }
                hint = active;
            }
            Walk::Lost => {}
        }
        hint.push(rows.len());
        let halfspaces: Vec<&Halfspace> = rows.iter().chain([&beyond]).map(|row| &row.halfspace).collect();
        let point = strict_point(&halfspaces, beyond.normal().len(), &hint)?;
        rows.push(beyond);
        Some(settle(point, &rows))
    }
}

/// The point, replaced by its doubles when these are strictly inside all rows as well.
fn settle(point: Vec<Rational>, rows: &[&Row]) -> Point {
    let near = Point::from_floats(point.iter().map(Rational::approx_f64).collect());
    match near.filter(|near| rows.iter().all(|row| near.side(row) > 0)) {
        Some(near) => near,
        None => Point::from_rationals(point),
    }
}
