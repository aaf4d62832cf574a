//! Slacks: affine functions that are not negative on a cell, and signs of neurons as sums of multiples of them.

use std::fmt::Write;
use std::sync::Arc;

use super::Halfspace;
use super::combination::nonnegative_combination;
use super::local::Functions;
use super::lp::guess::{FloatRow, Walk, walk};
use super::lp::{Solution, maximise_from};
use super::row::Row;
use crate::arith::{Integer, Rational};

/// An affine function (coefficients . x + constant) / denominator that is not negative on a cell.
#[derive(Debug)]
pub(super) struct Slack {
    /// The constant in the last place.
    coefficients: Vec<Integer>,
    denominator: Integer,
    /// On the flat of the domain: the function is `scale` (offset - normal . x) in the coordinates that vary there.
    /// Nothing for a side of the domain that is a point.
    inside: Option<Row>,
    scale: Rational,
}

/// The slacks of one cover: how a domain with sides that are points is handled.
#[derive(Debug)]
pub(super) struct Slacks {
    dimension: usize,
    domain: Vec<(Rational, Rational)>,
    /// The coordinates that vary.
    open: Vec<usize>,
}

impl Slack {
    /// The halfspace in the coordinates that vary, and the factor from its slack to this function.
    pub(super) fn inside(&self) -> Option<(&Halfspace, &Rational)> {
        self.inside.as_ref().map(|row| (&row.halfspace, &self.scale))
    }
}

impl Slacks {
    pub(super) fn new(dimension: usize, domain: Option<&[(Rational, Rational)]>) -> Self {
        let domain = domain.unwrap_or_default().to_vec();
        let open = (0..dimension).filter(|&j| domain.get(j).is_none_or(|(lo, hi)| lo < hi)).collect();
        Self { dimension, domain, open }
    }

    /// x_1 - lo_1, hi_1 - x_1, ..
    pub(super) fn sides(&self) -> Vec<Arc<Slack>> {
        let side = |(j, (lo, hi)): (usize, &(Rational, Rational))| {
            [(lo, 1), (hi, -1)].map(|(end, sign)| {
                // sign (q x - p) / q for the end p / q
                let denominator = end.denominator();
                let mut row = vec![Integer::zero(); self.dimension + 1];
                row[j] = &denominator * &Integer::from(sign);
                row[self.dimension] = end.numerator() * Integer::from(-sign);
                Arc::new(self.slack(row, denominator))
            })
        };
        self.domain.iter().enumerate().flat_map(side).collect()
    }

    /// z_i, or -z_i, for the neuron i of a layer.
    pub(super) fn of_neuron(&self, functions: &Functions, i: usize, on: bool) -> Slack {
        let row = functions.rows[i].iter();
        let row = if on { row.cloned().collect() } else { row.map(|c| -c).collect() };
        self.slack(row, functions.denominator.clone())
    }

    fn slack(&self, coefficients: Vec<Integer>, denominator: Integer) -> Slack {
        let half = self.halfspace(&coefficients);
        let place = (0..self.open.len()).find(|&k| !half.normal()[k].is_zero());
        // On the flat: coefficients . x + constant = t (offset - normal . x), t read from one coordinate.
        let ratio = place.map(|k| -Rational::from(&coefficients[self.open[k]]) / Rational::from(&half.normal()[k]));
        let scale = ratio.map(|t| t / Rational::from(&denominator));
        let inside = scale.is_some().then(|| Row::new(half));
        Slack { coefficients, denominator, inside, scale: scale.unwrap_or_default() }
    }

    /// Where coefficients . x + constant >= 0, in the coordinates that vary.
    fn halfspace(&self, coefficients: &[Integer]) -> Halfspace {
        let n = self.dimension;
        let normal = |j: &usize| -&coefficients[*j];
        if self.open.len() == n {
            return Halfspace::new(self.open.iter().map(normal).collect(), coefficients[n].clone());
        }
        let fixed = (0..n).filter(|j| !self.open.contains(j));
        let offset = fixed.fold(Rational::from(&coefficients[n]), |sum, j| {
            sum + Rational::from(&coefficients[j]) * &self.domain[j].0
        });
        let normal: Vec<Rational> = self.open.iter().map(|j| Rational::from(&normal(j))).collect();
        Halfspace::from_rationals(&normal, &offset)
    }

    /// The line that decides a neuron whose sign on a cell is known; `point` lies strictly inside the cell.
    ///
    /// # Panics
    /// Panics when the neuron does not have this sign on the cell.
    pub(super) fn sign_line(
        &self,
        functions: &Functions,
        i: usize,
        on: bool,
        slacks: &[Arc<Slack>],
        point: &[Rational],
    ) -> String {
        let target = self.of_neuron(functions, i, on);
        let mut multipliers = self.multipliers(&target, slacks, point);
        self.correct(&target, slacks, &mut multipliers);
        multipliers.sort_by_key(|entry| entry.0);
        let mut line = format!("{} {i}", if on { "on" } else { "off" });
        for (k, y) in multipliers {
            let _ = write!(line, " {k} {y}");
        }
        line.push('\n');
        line
    }

    /// y > 0 for which target - sum y_k s_k is, on the flat, a constant that is not negative.
    fn multipliers(&self, target: &Slack, slacks: &[Arc<Slack>], point: &[Rational]) -> Vec<(usize, Rational)> {
        // A constant function needs none; that it is not negative is what the caller knows.
        let Some(goal) = &target.inside else { return Vec::new() };
        let usable: Vec<(usize, &Row, &Rational)> = slacks
            .iter()
            .enumerate()
            .filter_map(|(k, slack)| slack.inside.as_ref().map(|row| (k, row, &slack.scale)))
            .collect();
        let floats: Vec<&FloatRow> = usable.iter().map(|(_, row, _)| &row.float).collect();
        let start: Vec<f64> = self.open.iter().map(|&j| point[j].approx_f64()).collect();
        // The smallest slack of the goal is where normal . x is largest.
        let active = match walk(&floats, &start, &goal.float.normal, f64::INFINITY) {
            Walk::Held(active) => active,
            Walk::Reached(_) | Walk::Lost => Vec::new(),
        };
        let basis: Vec<&Halfspace> = active.iter().map(|&k| &usable[k].1.halfspace).collect();
        let combination: Vec<(usize, Rational)> = match nonnegative_combination(&basis, &goal.halfspace) {
            Some(w) => active.into_iter().zip(w).collect(),
            None => {
                let all: Vec<Halfspace> = usable.iter().map(|(_, row, _)| row.halfspace.clone()).collect();
                let objective: Vec<Rational> = goal.halfspace.normal().iter().map(Rational::from).collect();
                match maximise_from(&objective, &all, &active) {
                    Solution::Optimal { value, multipliers, .. }
                        if value <= Rational::from(goal.halfspace.offset()) =>
                    {
                        multipliers
                    }
                    _ => panic!("a neuron that is not negative on all regions of a cell is not negative on the cell"),
                }
            }
        };
        // goal = t (offset - normal . x) = t (constant + sum w_k (offset_k - normal_k . x)), slack k is t_k times its part.
        let scaled = |(k, w): (usize, Rational)| (usable[k].0, &target.scale * &w / usable[k].2);
        combination.into_iter().filter(|(_, w)| w.is_positive()).map(scaled).collect()
    }

    /// Adds sides that are points, until the coefficients of their coordinates agree as well.
    fn correct(&self, target: &Slack, slacks: &[Arc<Slack>], multipliers: &mut Vec<(usize, Rational)>) {
        let entry =
            |slack: &Slack, j: usize| Rational::from(&slack.coefficients[j]) / Rational::from(&slack.denominator);
        let fixed = (0..self.dimension).filter(|j| !self.open.contains(j));
        let added: Vec<(usize, Rational)> = fixed
            .filter_map(|j| {
                let sum: Rational = multipliers.iter().map(|(k, y)| y * entry(&slacks[*k], j)).sum();
                let rest = entry(target, j) - sum;
                // x_j - lo_j and lo_j - x_j are both slacks, and 0 on the domain.
                match rest.signum() {
                    1 => Some((2 * j, rest)),
                    -1 => Some((2 * j + 1, -rest)),
                    _ => None,
                }
            })
            .collect();
        multipliers.extend(added);
    }
}
