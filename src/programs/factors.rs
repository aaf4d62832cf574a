//! Sparse elimination with pivots that keep it sparse.

use super::field::Field;

/// A square sparse matrix in factors, L U up to the order of rows and columns.
pub(super) struct Factors<N> {
    steps: Vec<Step<N>>,
}

/// One pivot: what its row subtracts from other rows, and the row when it is used.
struct Step<N> {
    row: usize,
    column: usize,
    pivot: N,
    /// (row, multiplier): this row times the multiplier was subtracted from that row.
    below: Vec<(usize, N)>,
    /// The row's other entries, (column, entry), in columns of later pivots.
    right: Vec<(usize, N)>,
}

/// The columns and rows that are left without pivots, as many of each.
pub(super) struct Deficient {
    pub(super) columns: Vec<usize>,
    pub(super) rows: Vec<usize>,
}

/// The part of the matrix that has no pivots yet.
struct Active<N> {
    rows: Vec<Vec<(usize, N)>>,
    /// Rows that have or had an entry in a column.
    columns: Vec<Vec<usize>>,
    /// Entries of a column in rows without a pivot.
    counts: Vec<usize>,
    row_open: Vec<bool>,
    column_open: Vec<bool>,
    /// Columns that may have one entry, rows that may have one.
    single_columns: Vec<usize>,
    single_rows: Vec<usize>,
}

impl<N: Copy> Factors<N> {
    /// Factors a matrix that is given by columns.
    ///
    /// Columns and rows of one entry go first: they cost nothing, and bases of linear programs consist mostly of them.
    /// Then pivots are sought in the shortest rows, in their shortest column (after Markowitz, Mar57).
    pub(super) fn new<F: Field<Number = N>>(field: &F, columns: &[Vec<(usize, N)>]) -> Result<Self, Deficient> {
        let m = columns.len();
        let mut active = Active::new(field, columns);
        let mut steps = Vec::with_capacity(m);
        let mut work: Vec<Option<N>> = vec![None; m];
        while let Some((row, column)) = active.choose(field) {
            steps.push(active.eliminate(field, row, column, &mut work));
        }
        if steps.len() == m {
            return Ok(Self { steps });
        }
        let open = |flags: &[bool]| (0..m).filter(|&i| flags[i]).collect();
        Err(Deficient { columns: open(&active.column_open), rows: open(&active.row_open) })
    }

    /// Solves B x = b; b is by rows and becomes x by columns.
    pub(super) fn solve<F: Field<Number = N>>(&self, field: &F, b: &mut Vec<N>) {
        for step in &self.steps {
            let top = b[step.row];
            if !field.is_zero(top) {
                for &(i, multiplier) in &step.below {
                    b[i] = field.less_product(b[i], multiplier, top);
                }
            }
        }
        let mut x = vec![F::ZERO; b.len()];
        for step in self.steps.iter().rev() {
            let sum = step.right.iter().fold(b[step.row], |sum, &(j, entry)| field.less_product(sum, entry, x[j]));
            x[step.column] = if field.is_zero(sum) { F::ZERO } else { field.quotient(sum, step.pivot) };
        }
        *b = x;
    }

    /// Solves B^T y = c; c is by columns and becomes y by rows.
    pub(super) fn solve_transposed<F: Field<Number = N>>(&self, field: &F, c: &mut Vec<N>) {
        let mut y = vec![F::ZERO; c.len()];
        for step in &self.steps {
            let rest = c[step.column];
            if !field.is_zero(rest) {
                let z = field.quotient(rest, step.pivot);
                y[step.row] = z;
                for &(j, entry) in &step.right {
                    c[j] = field.less_product(c[j], entry, z);
                }
            }
        }
        for step in self.steps.iter().rev() {
            y[step.row] = step.below.iter().fold(y[step.row], |sum, &(i, l)| field.less_product(sum, l, y[i]));
        }
        *c = y;
    }
}

impl<N: Copy> Active<N> {
    fn new<F: Field<Number = N>>(field: &F, columns: &[Vec<(usize, N)>]) -> Self {
        let m = columns.len();
        let mut rows = vec![Vec::new(); m];
        let mut names = vec![Vec::new(); m];
        for (j, column) in columns.iter().enumerate() {
            for &(i, entry) in column.iter().filter(|entry| !field.is_zero(entry.1)) {
                rows[i].push((j, entry));
                names[j].push(i);
            }
        }
        let counts: Vec<usize> = names.iter().map(Vec::len).collect();
        Self {
            single_columns: (0..m).filter(|&j| counts[j] == 1).collect(),
            single_rows: (0..m).filter(|&i| rows[i].len() == 1).collect(),
            row_open: vec![true; m],
            column_open: vec![true; m],
            rows,
            columns: names,
            counts,
        }
    }

    fn largest<F: Field<Number = N>>(&self, field: &F, row: usize) -> f64 {
        self.rows[row].iter().map(|entry| field.size(entry.1)).fold(0.0, f64::max)
    }

    /// The next pivot; `None` when there is none.
    fn choose<F: Field<Number = N>>(&mut self, field: &F) -> Option<(usize, usize)> {
        while let Some(column) = self.single_columns.pop() {
            if self.column_open[column] && self.counts[column] == 1 {
                let row = self.columns[column].iter().copied().find(|&i| self.entry(i, column).is_some());
                // No other row is changed by this pivot: it need not be large.
                if let Some(row) = row.filter(|&i| self.entry(i, column).is_some_and(|x| field.may_divide(x, 0.0))) {
                    return Some((row, column));
                }
            }
        }
        while let Some(row) = self.single_rows.pop() {
            if self.row_open[row]
                && let [(column, entry)] = self.rows[row][..]
                && field.may_divide(entry, 0.0)
            {
                return Some((row, column));
            }
        }
        let mut open: Vec<usize> =
            (0..self.rows.len()).filter(|&i| self.row_open[i] && !self.rows[i].is_empty()).collect();
        open.sort_by_key(|&i| (self.rows[i].len(), i));
        let mut best: Option<(usize, usize, usize)> = None;
        for (seen, &row) in open.iter().enumerate() {
            if seen >= 4 && best.is_some() {
                break;
            }
            let largest = self.largest(field, row);
            for &(column, entry) in &self.rows[row] {
                let fill = (self.rows[row].len() - 1) * (self.counts[column] - 1);
                if field.may_divide(entry, largest) && best.is_none_or(|best| fill < best.0) {
                    best = Some((fill, row, column));
                }
            }
        }
        best.map(|(_, row, column)| (row, column))
    }

    fn entry(&self, row: usize, column: usize) -> Option<N> {
        if !self.row_open[row] {
            return None;
        }
        self.rows[row].iter().find(|entry| entry.0 == column).map(|entry| entry.1)
    }

    /// Removes a pivot's row and column and subtracts the row from the others of the column.
    fn eliminate<F: Field<Number = N>>(
        &mut self,
        field: &F,
        row: usize,
        column: usize,
        work: &mut [Option<N>],
    ) -> Step<N> {
        let mut top = core::mem::take(&mut self.rows[row]);
        let place = top.iter().position(|entry| entry.0 == column);
        // The pivot was found in this row.
        let pivot = place.map_or(F::ZERO, |place| top.swap_remove(place).1);
        self.row_open[row] = false;
        self.column_open[column] = false;
        for &(j, _) in &top {
            self.leave(j);
        }
        let mut below = Vec::new();
        for i in core::mem::take(&mut self.columns[column]) {
            let place = self.rows[i].iter().position(|entry| entry.0 == column);
            let (true, Some(place)) = (self.row_open[i], place) else { continue };
            let (_, entry) = self.rows[i].swap_remove(place);
            let multiplier = field.quotient(entry, pivot);
            below.push((i, multiplier));
            for &(j, x) in &top {
                work[j] = Some(x);
            }
            let mut entries = core::mem::take(&mut self.rows[i]);
            entries.retain_mut(|(j, x)| {
                if let Some(subtracted) = work[*j].take() {
                    *x = field.less_product(*x, multiplier, subtracted);
                }
                let kept = !field.is_zero(*x);
                if !kept {
                    self.leave(*j);
                }
                kept
            });
            for &(j, _) in &top {
                if let Some(x) = work[j].take() {
                    let fill = field.less_product(F::ZERO, multiplier, x);
                    if !field.is_zero(fill) {
                        entries.push((j, fill));
                        self.columns[j].push(i);
                        self.counts[j] += 1;
                    }
                }
            }
            if entries.len() == 1 {
                self.single_rows.push(i);
            }
            self.rows[i] = entries;
        }
        Step { row, column, pivot, below, right: top }
    }

    /// One entry less in a column.
    fn leave(&mut self, column: usize) {
        self.counts[column] -= 1;
        if self.counts[column] == 1 {
            self.single_columns.push(column);
        }
    }
}
