//! Floating-point walks over a polyhedron: guesses of points and bases, never decisions.
//!
//! The walk is the null-space active-set method: go along the projection of the objective onto the active boundaries
//! until the next boundary stops it, let go of a boundary whose multiplier is negative.

use crate::arith::Rational;
use crate::polyhedra::Halfspace;
use crate::polyhedra::row::float_row;

/// A halfspace in doubles, scaled; approximate.
#[derive(Debug, Clone)]
pub(in crate::polyhedra) struct FloatRow {
    pub(in crate::polyhedra) normal: Vec<f64>,
    pub(in crate::polyhedra) offset: f64,
}

impl FloatRow {
    pub(in crate::polyhedra) fn approx_slack(&self, x: &[f64]) -> f64 {
        self.offset - dot(&self.normal, x)
    }
}

/// Where a walk ended.
pub(in crate::polyhedra) enum Walk {
    /// Beyond the goal, at what should be an interior point.
    Reached(Vec<f64>),
    /// At what should be a maximum, held by these rows.
    Held(Vec<usize>),
    /// Too many steps, or numbers that are none.
    Lost,
}

/// Directions shorter than this, relative to the objective, count as none.
const NO_DIRECTION: f64 = 1e-9;
/// Multipliers above minus this count as non-negative.
const NO_MULTIPLIER: f64 = 1e-10;

/// Walks from an interior point in the direction of growing c . x until c . x > goal.
pub(in crate::polyhedra) fn walk(rows: &[&FloatRow], start: &[f64], c: &[f64], goal: f64) -> Walk {
    let mut active: Vec<usize> = Vec::new();
    let mut x = start.to_vec();
    let length = dot(c, c).sqrt();
    for _ in 0..20 + 4 * (rows.len() + c.len()) {
        let (direction, multipliers) = project(rows, &active, c);
        let still = active.len() == c.len() || dot(&direction, &direction).sqrt() <= NO_DIRECTION * length;
        if still {
            let worst = (0..active.len()).min_by(|&i, &j| multipliers[i].total_cmp(&multipliers[j]));
            match worst.filter(|&i| multipliers[i] < -NO_MULTIPLIER) {
                Some(i) => {
                    active.swap_remove(i);
                    continue;
                }
                None => return Walk::Held(active),
            }
        }
        let (mut step, mut stop) = (f64::INFINITY, None);
        for (i, row) in rows.iter().enumerate() {
            let speed = dot(&row.normal, &direction);
            if speed > NO_DIRECTION * length && !active.contains(&i) {
                let time = row.approx_slack(&x).max(0.0) / speed;
                if time < step {
                    (step, stop) = (time, Some(i));
                }
            }
        }
        let crossing = (goal - dot(c, &x)).max(0.0) / dot(c, &direction);
        if crossing < step {
            // Half of the way between the goal and the boundary, then half of what is won back towards the start.
            let far = if step.is_finite() { 0.5 * (crossing + step) } else { 2.0 * crossing + 1.0 };
            let beyond: Vec<f64> = x.iter().zip(&direction).map(|(x, d)| x + far * d).collect();
            let (won, lost) = (dot(c, &beyond) - goal, goal - dot(c, start));
            let back = if lost > 0.0 { 0.5 * won / (won + lost) } else { 0.5 };
            return Walk::Reached(beyond.iter().zip(start).map(|(p, s)| p + back * (s - p)).collect());
        }
        let Some(stop) = stop.filter(|_| step.is_finite()) else { return Walk::Lost };
        for (x, d) in x.iter_mut().zip(&direction) {
            *x += step * d;
        }
        active.push(stop);
    }
    Walk::Lost
}

/// The part of c that no active normal sees, and y with c = sum y_i normal_i + that part.
fn project(rows: &[&FloatRow], active: &[usize], c: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let k = active.len();
    let normal = |i: usize| rows[active[i]].normal.as_slice();
    // The normal equations: sum_j (normal_i . normal_j) y_j = normal_i . c.
    let mut system: Vec<Vec<f64>> =
        (0..k).map(|i| (0..k).map(|j| dot(normal(i), normal(j))).chain([dot(normal(i), c)]).collect()).collect();
    let multipliers = eliminate(&mut system).unwrap_or_else(|| vec![0.0; k]);
    let mut rest = c.to_vec();
    for (i, y) in multipliers.iter().enumerate() {
        for (rest, normal) in rest.iter_mut().zip(normal(i)) {
            *rest -= y * normal;
        }
    }
    (rest, multipliers)
}

/// Solves a square system with its right-hand side in the last column; approximate, `None` when it seems singular.
pub(in crate::polyhedra) fn eliminate(system: &mut [Vec<f64>]) -> Option<Vec<f64>> {
    let k = system.len();
    for column in 0..k {
        let pivot = (column..k).max_by(|&i, &j| system[i][column].abs().total_cmp(&system[j][column].abs()))?;
        system.swap(column, pivot);
        let (done, rest) = system.split_at_mut(column + 1);
        let top = &done[column];
        if top[column].abs() < f64::MIN_POSITIVE {
            return None;
        }
        for row in rest {
            let factor = row[column] / top[column];
            for j in column..=k {
                row[j] -= factor * top[j];
            }
        }
    }
    let mut solution = vec![0.0; k];
    for i in (0..k).rev() {
        let rest: f64 = (i + 1..k).map(|j| system[i][j] * solution[j]).sum();
        solution[i] = (system[i][k] - rest) / system[i][i];
    }
    Some(solution)
}

/// The halfspaces that seem active at the maximum of c . x, or that seem to have no common point.
pub(super) fn basis(objective: &[Rational], halfspaces: &[Halfspace]) -> Vec<usize> {
    let c: Vec<f64> = objective.iter().map(Rational::approx_f64).collect();
    let rows: Vec<FloatRow> = halfspaces.iter().map(float_row).collect();
    let refs: Vec<&FloatRow> = rows.iter().collect();
    match interior(&refs, c.len()) {
        Ok(start) => match walk(&refs, &start, &c, f64::INFINITY) {
            Walk::Held(active) => active,
            Walk::Reached(_) | Walk::Lost => Vec::new(),
        },
        Err(active) => active,
    }
}

/// What should be an interior point; else rows that should have no common interior point.
fn interior(rows: &[&FloatRow], n: usize) -> Result<Vec<f64>, Vec<usize>> {
    // One variable more: normal . x + t <= offset; large t > 0 is deep inside.
    let lifted: Vec<FloatRow> = rows
        .iter()
        .map(|row| FloatRow { normal: row.normal.iter().copied().chain([1.0]).collect(), offset: row.offset })
        .collect();
    let depth = rows.iter().map(|row| row.offset).fold(0.0, f64::min) - 1.0;
    let mut start = vec![0.0; n];
    start.push(depth);
    let mut up = vec![0.0; n];
    up.push(1.0);
    match walk(&lifted.iter().collect::<Vec<_>>(), &start, &up, 0.0) {
        Walk::Reached(mut point) => {
            point.truncate(n);
            Ok(point)
        }
        Walk::Held(active) => Err(active),
        Walk::Lost => Err(Vec::new()),
    }
}

pub(in crate::polyhedra) fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}
