//! The simplex method in doubles: a guess of the basis, never a decision.
//!
//! The primal method with bounded variables. While values are outside their ranges, the sum of these distances is
//! minimised; then the objective. The basis is held in sparse factors and the changes since.

use super::Range;
use super::factors::Factors;
use super::field::Doubles;
use super::integers::Integers;
use crate::arith::{Integer, Rational};

/// Where a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Determined by the others.
    Basic,
    /// At its lower end.
    Lower,
    /// At its upper end.
    Upper,
    /// At 0, of a variable without ends.
    Zero,
}

impl Place {
    /// A place to rest for a variable of this range, at the end that is nearer to 0.
    pub(super) fn rest(range: &Range) -> Self {
        match (&range.lower, &range.upper) {
            (Some(lower), Some(upper)) if upper.abs() < lower.abs() => Self::Upper,
            (Some(_), _) => Self::Lower,
            (None, Some(_)) => Self::Upper,
            (None, None) => Self::Zero,
        }
    }
}

/// A basis with a place for every variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) basis: Vec<usize>,
    pub(super) places: Vec<Place>,
}

impl Position {
    /// The values of rows are basic.
    pub(super) fn of_rows(integers: &Integers) -> Self {
        let n = integers.variables() - integers.rows;
        let mut places: Vec<Place> = integers.ranges.iter().map(Place::rest).collect();
        places[n..].fill(Place::Basic);
        Self { basis: (n..n + integers.rows).collect(), places }
    }
}

const FEASIBLE: f64 = 1e-9;
const OPTIMAL: f64 = 1e-9;
/// Entries below this size stop nothing.
const NO_ENTRY: f64 = 1e-9;
/// Pivots below this size are looked at twice.
const POOR_PIVOT: f64 = 1e-7;
/// Changes of the basis between two factorisations.
const CHANGES: usize = 64;

/// The simplex method from the basis of rows; what it believes to be the final basis.
pub(super) fn walk(integers: &Integers) -> Position {
    let mut walk = Walk::new(integers);
    walk.run();
    Position { basis: walk.basis, places: walk.places }
}

/// A change of the basis: in this place there is now a column with these coordinates in the basis before.
struct Change {
    place: usize,
    pivot: f64,
    others: Vec<(usize, f64)>,
}

struct Walk {
    columns: Vec<Vec<(usize, f64)>>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    costs: Vec<f64>,
    /// Squared lengths of columns, for the choice among improving ones.
    lengths: Vec<f64>,
    basis: Vec<usize>,
    places: Vec<Place>,
    x: Vec<f64>,
    factors: Option<Factors<f64>>,
    changes: Vec<Change>,
    /// Steps of no length in a row.
    still: usize,
    noise: u64,
}

impl Walk {
    fn new(integers: &Integers) -> Self {
        let (m, all) = (integers.rows, integers.variables());
        let n = all - m;
        let approx = |a: &Integer| Rational::from(a).approx_f64();
        let mut columns: Vec<Vec<(usize, f64)>> =
            integers.columns[..n].iter().map(|column| column.iter().map(|(i, a)| (*i, approx(a))).collect()).collect();
        let (row_scales, mut scales) = scales(&columns, m);
        for (column, scale) in columns.iter_mut().zip(&scales) {
            column.iter_mut().for_each(|(i, a)| *a *= row_scales[*i] * scale);
        }
        columns.extend((0..m).map(|i| vec![(i, -1.0)]));
        scales.extend(row_scales.iter().map(|r| 1.0 / r));
        let end = |end: &Option<Rational>, none: f64| end.as_ref().map_or(none, Rational::approx_f64);
        let ends = |end_of: &dyn Fn(&Range) -> f64| -> Vec<f64> {
            integers.ranges.iter().zip(&scales).map(|(range, scale)| end_of(range) / scale).collect()
        };
        let lower = ends(&|range| end(&range.lower, f64::NEG_INFINITY));
        let upper = ends(&|range| end(&range.upper, f64::INFINITY));
        let mut costs: Vec<f64> = integers.costs.iter().zip(&scales).map(|(c, scale)| approx(c) * scale).collect();
        let largest = costs.iter().fold(0.0, |largest: f64, c| largest.max(c.abs()));
        if largest > 0.0 {
            costs.iter_mut().for_each(|c| *c *= 100.0 / largest);
        }
        let Position { basis, places } = Position::of_rows(integers);
        let lengths = columns.iter().map(|column| 1.0 + column.iter().map(|(_, a)| a * a).sum::<f64>()).collect();
        let mut walk = Self {
            columns,
            lower,
            upper,
            costs,
            lengths,
            basis,
            places,
            x: vec![0.0; all],
            factors: None,
            changes: Vec::new(),
            still: 0,
            noise: 1,
        };
        for j in 0..all {
            walk.x[j] = walk.resting(j);
        }
        walk
    }

    /// The value of a variable that is not basic.
    fn resting(&self, j: usize) -> f64 {
        match self.places[j] {
            Place::Lower => self.lower[j],
            Place::Upper => self.upper[j],
            Place::Basic | Place::Zero => 0.0,
        }
    }

    fn run(&mut self) {
        let mut banned: Vec<usize> = Vec::new();
        for _ in 0..1000 + 20 * self.columns.len() {
            if (self.factors.is_none() || self.changes.len() >= CHANGES) && !self.factor() {
                return;
            }
            let (costs, outside) = self.basic_costs();
            let mut y = costs;
            self.solve_transposed(&mut y);
            let Some((entering, up)) = self.entering(&y, outside, &banned) else {
                if self.changes.is_empty() && banned.is_empty() {
                    return;
                }
                // A second look with fresh factors.
                banned.clear();
                if self.changes.is_empty() || !self.factor() {
                    return;
                }
                continue;
            };
            let mut direction = vec![0.0; self.basis.len()];
            for &(i, a) in &self.columns[entering] {
                direction[i] = a;
            }
            self.solve(&mut direction);
            let sign = if up { 1.0 } else { -1.0 };
            let (step, leaving) = self.leaving(&direction, sign, self.upper[entering] - self.lower[entering]);
            if !step.is_finite() {
                // Unbounded, or lost; exact numbers will tell.
                return;
            }
            if let Some((place, _)) = leaving
                && direction[place].abs() < POOR_PIVOT
            {
                if self.changes.is_empty() {
                    banned.push(entering);
                } else if !self.factor() {
                    return;
                }
                continue;
            }
            banned.clear();
            self.still = if step > 1e-12 { 0 } else { self.still + 1 };
            self.go(entering, sign * step, &direction, leaving);
        }
    }

    /// New factors, and the basic values from them.
    fn factor(&mut self) -> bool {
        for _ in 0..2 {
            let columns: Vec<Vec<(usize, f64)>> = self.basis.iter().map(|&j| self.columns[j].clone()).collect();
            match Factors::new(&Doubles, &columns) {
                Ok(factors) => {
                    self.factors = Some(factors);
                    self.changes.clear();
                    let mut rest = vec![0.0; self.basis.len()];
                    for (j, column) in self.columns.iter().enumerate() {
                        if self.places[j] != Place::Basic && self.x[j].abs() > 0.0 {
                            column.iter().for_each(|&(i, a)| rest[i] -= a * self.x[j]);
                        }
                    }
                    self.solve(&mut rest);
                    for (&j, x) in self.basis.iter().zip(rest) {
                        self.x[j] = x;
                    }
                    return true;
                }
                Err(deficient) => {
                    let n = self.columns.len() - self.basis.len();
                    for (place, row) in deficient.columns.into_iter().zip(deficient.rows) {
                        let left = self.basis[place];
                        self.places[left] = match (self.lower[left].is_finite(), self.upper[left].is_finite()) {
                            (true, _) => Place::Lower,
                            (false, true) => Place::Upper,
                            (false, false) => Place::Zero,
                        };
                        self.x[left] = self.resting(left);
                        self.basis[place] = n + row;
                        self.places[n + row] = Place::Basic;
                    }
                }
            }
        }
        false
    }

    /// The costs of basic variables: those outside their ranges when there are any, and whether there are.
    fn basic_costs(&self) -> (Vec<f64>, bool) {
        let distance = |&j: &usize| match self.side(j) {
            0 => 0.0,
            side => f64::from(side),
        };
        let costs: Vec<f64> = self.basis.iter().map(distance).collect();
        if costs.iter().any(|c| c.abs() > 0.0) {
            return (costs, true);
        }
        (self.basis.iter().map(|&j| self.costs[j]).collect(), false)
    }

    /// -1 below the range, 1 above it, 0 in it.
    fn side(&self, j: usize) -> i8 {
        let (lower, upper, x) = (self.lower[j], self.upper[j], self.x[j]);
        if x < lower - FEASIBLE * (1.0 + lower.abs()) {
            -1
        } else if x > upper + FEASIBLE * (1.0 + upper.abs()) {
            1
        } else {
            0
        }
    }

    /// The variable that enters and whether it grows.
    fn entering(&mut self, y: &[f64], outside: bool, banned: &[usize]) -> Option<(usize, bool)> {
        let mut best: Option<(f64, usize, bool)> = None;
        for j in 0..self.columns.len() {
            if self.places[j] == Place::Basic || self.lower[j] >= self.upper[j] || banned.contains(&j) {
                continue;
            }
            let cost = if outside { 0.0 } else { self.costs[j] };
            let d = self.columns[j].iter().fold(cost, |d, &(i, a)| d - a * y[i]);
            let improves = match self.places[j] {
                Place::Lower => d < -OPTIMAL,
                Place::Upper => d > OPTIMAL,
                Place::Zero => d.abs() > OPTIMAL,
                Place::Basic => false,
            };
            if improves {
                let mut score = d * d / self.lengths[j];
                if self.still > 50 {
                    // Chance leads out of cycles.
                    self.noise =
                        self.noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    score *= 0.1 + (self.noise >> 40) as f64 / (1u64 << 24) as f64;
                }
                if best.is_none_or(|best| score > best.0) {
                    best = Some((score, j, d < 0.0));
                }
            }
        }
        best.map(|(_, j, up)| (j, up))
    }

    /// How far the entering variable goes, and the basic variable that stops it with the end where it stops.
    fn leaving(&self, direction: &[f64], sign: f64, own: f64) -> (f64, Option<(usize, Place)>) {
        // Values may pass their ends by the tolerance; among those that stop it there the largest pivot is taken (Har73).
        let stops = |k: usize, slack: f64| -> Option<(f64, Place)> {
            let (j, rate) = (self.basis[k], -sign * direction[k]);
            let place = match (rate > NO_ENTRY, rate < -NO_ENTRY, self.side(j)) {
                (true, _, -1) | (_, true, 0) => Place::Lower,
                (true, _, 0) | (_, true, 1) => Place::Upper,
                _ => return None,
            };
            let end = if place == Place::Lower { self.lower[j] } else { self.upper[j] };
            let room = (end - self.x[j]) * rate.signum() + slack * (1.0 + end.abs());
            end.is_finite().then(|| (room.max(0.0) / rate.abs(), place))
        };
        let furthest = (0..direction.len())
            .filter_map(|k| stops(k, FEASIBLE))
            .fold(f64::INFINITY, |least, stop| least.min(stop.0));
        let candidates =
            (0..direction.len()).filter_map(|k| Some((k, stops(k, 0.0)?))).filter(|(_, stop)| stop.0 <= furthest);
        let best = candidates.max_by(|a, b| direction[a.0].abs().total_cmp(&direction[b.0].abs()));
        match best {
            Some((place, (step, end))) if step < own => (step, Some((place, end))),
            _ => (own, None),
        }
    }

    /// Moves the entering variable, and exchanges it with the leaving one.
    fn go(&mut self, entering: usize, step: f64, direction: &[f64], leaving: Option<(usize, Place)>) {
        for (&j, d) in self.basis.iter().zip(direction) {
            self.x[j] -= step * d;
        }
        self.x[entering] += step;
        let Some((place, end)) = leaving else {
            self.places[entering] = if step > 0.0 { Place::Upper } else { Place::Lower };
            self.x[entering] = self.resting(entering);
            return;
        };
        let left = self.basis[place];
        self.places[left] = end;
        self.x[left] = self.resting(left);
        self.basis[place] = entering;
        self.places[entering] = Place::Basic;
        let others = direction.iter().enumerate().filter(|(k, d)| *k != place && d.abs() > 1e-14);
        self.changes.push(Change { place, pivot: direction[place], others: others.map(|(k, d)| (k, *d)).collect() });
    }

    fn solve(&self, b: &mut Vec<f64>) {
        if let Some(factors) = &self.factors {
            factors.solve(&Doubles, b);
        }
        for change in &self.changes {
            let t = b[change.place] / change.pivot;
            b[change.place] = t;
            if t.abs() > 0.0 {
                change.others.iter().for_each(|&(k, d)| b[k] -= d * t);
            }
        }
    }

    fn solve_transposed(&self, c: &mut Vec<f64>) {
        for change in self.changes.iter().rev() {
            let sum = change.others.iter().fold(c[change.place], |sum, &(k, d)| sum - d * c[k]);
            c[change.place] = sum / change.pivot;
        }
        if let Some(factors) = &self.factors {
            factors.solve_transposed(&Doubles, c);
        }
    }
}

/// Powers of two for rows and columns that bring entries near 1.
fn scales(columns: &[Vec<(usize, f64)>], m: usize) -> (Vec<f64>, Vec<f64>) {
    let mut row_scales = vec![1.0; m];
    let mut column_scales = vec![1.0; columns.len()];
    let middle = |least: f64, largest: f64| if largest > 0.0 { 1.0 / (least * largest).sqrt() } else { 1.0 };
    for _ in 0..4 {
        let mut extremes = vec![(f64::INFINITY, 0.0f64); m];
        for (column, scale) in columns.iter().zip(&column_scales) {
            for &(i, a) in column {
                let size = (a * scale).abs();
                extremes[i] = (extremes[i].0.min(size), extremes[i].1.max(size));
            }
        }
        for (scale, (least, largest)) in row_scales.iter_mut().zip(extremes) {
            *scale = middle(least, largest);
        }
        for (column, scale) in columns.iter().zip(&mut column_scales) {
            let sizes = column.iter().map(|&(i, a)| (a * row_scales[i]).abs());
            let (least, largest) =
                sizes.fold((f64::INFINITY, 0.0f64), |(least, largest), size| (least.min(size), largest.max(size)));
            *scale = middle(least, largest);
        }
    }
    let round = |scales: Vec<f64>| -> Vec<f64> { scales.into_iter().map(|s| s.log2().round().exp2()).collect() };
    (round(row_scales), round(column_scales))
}
