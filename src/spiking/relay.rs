//! Layers of spiking neurons that pass numbers on: time = value + time of a reference neuron.

use super::neuron::{Neuron, Synapse};
use crate::arith::Rational;
use crate::certify::Line;
use crate::certify::rules::spiking as rules;

/// One row of an affine map: entries (column, weight), and the bias.
pub(super) struct Row {
    pub(super) entries: Vec<(usize, Rational)>,
    pub(super) bias: Rational,
}

/// A spiking network under construction whose last layer holds numbers x_1, .., x_n of known ranges.
///
/// The neuron of x_i fires at T + x_i, a reference neuron at T.
pub(super) struct Relay {
    neurons: Vec<Neuron>,
    next: usize,
    values: Vec<usize>,
    ranges: Vec<(Rational, Rational)>,
    reference: usize,
    time: Rational,
    /// The reflecting layers so far.
    level: usize,
    /// What the checker is told about each neuron.
    lines: Vec<Line>,
}

impl Relay {
    /// Starts with inputs 0, .., n - 1 in these ranges and the reference input n, at T = 0.
    pub(super) fn new(ranges: Vec<(Rational, Rational)>) -> Self {
        let n = ranges.len();
        let (neurons, values, lines) = (Vec::new(), (0..n).collect(), Vec::new());
        Self { neurons, next: n + 1, values, ranges, reference: n, time: Rational::zero(), level: 0, lines }
    }

    /// Adds a layer that holds y = W x + b, one neuron a row, and the next reference neuron where wanted.
    ///
    /// # Statement
    /// For x in the ranges each neuron of the layer fires exactly once, at T' + y_j with T' = T + Theta, the reference
    /// neuron at T', and y_j lies in its new range.
    ///
    /// Proof. The weights of row j and the weight 1 - sum_i W_ji from the reference neuron add up to 1. Let H be the
    /// latest possible arrival after T. Up to T + H the potential is at most
    /// bound_j = sum of (positive weight) (H - earliest arrival), since t - T - x_i <= H - lo_i. The threshold
    /// Theta + b_j is greater than that, by the choice of Theta. From T + H on the potential is
    /// (t - T) - sum_i W_ji x_i, of slope 1: it reaches Theta + b_j at T + Theta + y_j and nowhere else.
    pub(super) fn affine(&mut self, rows: &[Row], with_reference: bool) {
        // The reference as a row: y = 0 from the reference alone, with threshold Theta > 0.
        let mut least = Rational::zero();
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let sum: Rational = row.entries.iter().map(|(_, weight)| weight).sum();
            let constant = Rational::one() - sum;
            let zero = (Rational::zero(), Rational::zero());
            let mut terms: Vec<(usize, &Rational, &(Rational, Rational))> =
                row.entries.iter().map(|(i, weight)| (self.values[*i], weight, &self.ranges[*i])).collect();
            if !constant.is_zero() {
                terms.push((self.reference, &constant, &zero));
            }
            let latest = terms.iter().map(|term| &term.2.1).max().cloned().unwrap_or_default();
            // w (t - T - x_i)^+ <= w (H - lo_i) for w > 0 and t <= T + H, and <= 0 for w < 0
            let bound: Rational = terms.iter().map(|(_, w, range)| w.relu() * (&latest - &range.0)).sum();
            least = least.max(bound - &row.bias);
            let end = |upper: bool| -> Rational {
                let term = |(i, w): &(usize, Rational)| {
                    let (lo, hi) = &self.ranges[*i];
                    w * if w.is_positive() == upper { hi } else { lo }
                };
                row.entries.iter().map(term).sum::<Rational>() + &row.bias
            };
            let range = (end(false), end(true));
            let synapses = terms.iter().map(|(from, w, _)| Synapse::new(*from, (*w).clone(), Rational::zero()));
            lines.push((synapses.collect::<Vec<_>>(), range));
        }
        // Theta > bound_j - b_j for all j, and Theta > 0; an integer keeps the numbers short.
        let theta = Rational::from(least.floor()) + Rational::one();
        let (mut values, mut ranges) = (Vec::new(), Vec::new());
        for ((synapses, range), row) in lines.into_iter().zip(rows) {
            values.push(self.push(&theta + &row.bias, synapses));
            self.lines.push(rules::settle(self.next - 1));
            ranges.push(range);
        }
        self.step(values, ranges, &theta, with_reference);
    }

    /// Adds a layer that holds relu(-x), one neuron a number, and the next reference neuron.
    ///
    /// # Statement
    /// For every real x each neuron fires exactly once, at T' + relu(-x_i) with T' = T + 1, the reference neuron at T'.
    ///
    /// Proof. The neuron of x = x_i has threshold 2, weight 2 from the reference, and weight -1 with delay 1 from the
    /// neuron of x, whose spike arrives at T + 1 + x. If x >= 0, the potential is 2 (t - T) up to T + 1 <= T + 1 + x: it
    /// reaches 2 at T + 1. If x < 0, it is at most 0 before T, and at T + 1 + x, where this is later than T, it is
    /// 2 (1 + x) < 2; after both arrivals it is 2 (t - T) - (t - T - 1 - x) = t - T + 1 + x, which reaches 2 at
    /// T + 1 - x, later than both arrivals. The potential rises from the reference's spike on, so it comes up to 2 once.
    pub(super) fn reflect(&mut self) {
        let two = Rational::from(2);
        let reflected = |from: usize, reference: usize| {
            vec![
                Synapse::new(from, Rational::from(-1), Rational::one()),
                Synapse::new(reference, Rational::from(2), Rational::zero()),
            ]
        };
        self.level += 1;
        let sources = core::mem::take(&mut self.values);
        // lo <= x gives 0 <= relu(-x) <= relu(-lo).
        let ranges: Vec<(Rational, Rational)> =
            self.ranges.iter().map(|(lo, _)| (Rational::zero(), (-lo).relu())).collect();
        let mut values = Vec::with_capacity(sources.len());
        for (entry, from) in sources.into_iter().enumerate() {
            let id = self.push(two.clone(), reflected(from, self.reference));
            self.lines.push(rules::reflect(id, self.level, entry, &ranges[entry].1));
            values.push(id);
        }
        self.step(values, ranges, &Rational::one(), true);
    }

    fn push(&mut self, threshold: Rational, synapses: Vec<Synapse>) -> usize {
        let id = self.next;
        self.neurons.push(Neuron::new(id, threshold, synapses));
        self.next += 1;
        id
    }

    /// The layer is complete: its reference neuron (weight 1, threshold `wait`) fires `wait` after the last one.
    fn step(&mut self, values: Vec<usize>, ranges: Vec<(Rational, Rational)>, wait: &Rational, with_reference: bool) {
        if with_reference {
            let synapse = Synapse::new(self.reference, Rational::one(), Rational::zero());
            self.reference = self.push(wait.clone(), vec![synapse]);
            self.lines.push(rules::settle(self.reference));
        }
        (self.values, self.ranges) = (values, ranges);
        self.time += wait;
    }

    /// The number of numbers that the last layer holds.
    pub(super) fn dimension(&self) -> usize {
        self.values.len()
    }

    /// The neurons, the ids of the last layer, T, and the lines of the proof.
    pub(super) fn finish(self) -> (Vec<Neuron>, Vec<usize>, Rational, Vec<Line>) {
        (self.neurons, self.values, self.time, self.lines)
    }
}
