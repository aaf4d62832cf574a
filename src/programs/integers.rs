//! A linear program in integers, with one more variable for the value of each row.

use super::{LinearProgram, Range, Sense};
use crate::arith::{Integer, Rational};

/// Minimise costs . x over x in `ranges` with M x = 0, where M = (S A, -I): n columns and m values of rows.
///
/// S is diagonal and clears the denominators of each row; the value of row i is (S A x)_i, its range scaled alike.
pub(super) struct Integers {
    pub(super) columns: Vec<Vec<(usize, Integer)>>,
    pub(super) ranges: Vec<Range>,
    pub(super) costs: Vec<Integer>,
    /// The diagonal of S.
    row_scales: Vec<Integer>,
    /// costs = cost_scale c; negative when c is maximised.
    cost_scale: Rational,
    /// m.
    pub(super) rows: usize,
}

impl Integers {
    pub(super) fn new(program: &LinearProgram) -> Self {
        let (m, n) = (program.rows().len(), program.columns().len());
        let mut row_scales = vec![Integer::one(); m];
        for (row, a) in program.columns().iter().flat_map(|column| &column.entries) {
            row_scales[*row] = row_scales[*row].lcm(&a.denominator());
        }
        let all = program.columns().iter().map(|column| column.cost.denominator());
        let common = all.fold(Integer::one(), |common, d| common.lcm(&d));
        let sign = if program.sense() == Sense::Maximise { -1 } else { 1 };
        let cost_scale = Rational::from(common) * Rational::from(sign);
        // Without remainder: the scales are multiples of all denominators.
        let clear = |x: &Rational, scale: &Rational| (x * scale).numerator();
        let scales: Vec<Rational> = row_scales.iter().map(Rational::from).collect();
        let mut columns: Vec<Vec<(usize, Integer)>> = Vec::with_capacity(n + m);
        for column in program.columns() {
            columns.push(column.entries.iter().map(|(row, a)| (*row, clear(a, &scales[*row]))).collect());
        }
        columns.extend((0..m).map(|row| vec![(row, Integer::from(-1))]));
        let scaled = |row: usize, end: &Option<Rational>| end.as_ref().map(|end| end * &scales[row]);
        let row_ranges = program.rows().iter().enumerate();
        let row_ranges =
            row_ranges.map(|(i, row)| Range { lower: scaled(i, &row.range.lower), upper: scaled(i, &row.range.upper) });
        let ranges = program.columns().iter().map(|column| column.range.clone()).chain(row_ranges).collect();
        let mut costs: Vec<Integer> = program.columns().iter().map(|column| clear(&column.cost, &cost_scale)).collect();
        costs.resize(n + m, Integer::zero());
        Self { columns, ranges, costs, row_scales, cost_scale, rows: m }
    }
    /// n + m.
    pub(super) fn variables(&self) -> usize {
        self.columns.len()
    }
    /// Multipliers of the program's rows for c, from those of M x = 0 for the costs.
    pub(super) fn multipliers(&self, y: &[Rational]) -> Vec<Rational> {
        // costs . x = y . (S A x) + d . x for x with values S A x; divided by the scale it is c . x.
        self.farkas(y).into_iter().map(|y| y / &self.cost_scale).collect()
    }
    /// Multipliers of the program's rows for 0, from those of M x = 0.
    pub(super) fn farkas(&self, y: &[Rational]) -> Vec<Rational> {
        self.row_scales.iter().zip(y).map(|(scale, y)| y * Rational::from(scale)).collect()
    }
}
