//! The stiffness matrix in doubles, filled again for one coefficient after another.

use super::Grid;

/// The matrix of [`super::Stiffness`] in doubles, its entries in the order in which the solver reads them.
///
/// **Exactness.** Approximate: sums of doubles.
#[derive(Debug, Clone, PartialEq)]
pub struct ApproxStiffness {
    grid: Grid,
    /// Sides (i, j) to (i + 1, j), at j n + i; those of the boundary are 0 and never read.
    horizontal: Vec<f64>,
    /// Sides (i, j) to (i, j + 1), at j n + i.
    vertical: Vec<f64>,
    /// The lower triangle, column by column.
    lower: Vec<f64>,
}

impl ApproxStiffness {
    /// The matrix of zeros.
    pub fn new(grid: Grid) -> Self {
        let (nodes, side) = (grid.nodes() * grid.nodes(), grid.side());
        let entries = side * side + 2 * side * (side - 1);
        Self { grid, horizontal: vec![0.0; nodes], vertical: vec![0.0; nodes], lower: vec![0.0; entries] }
    }
    /// The grid.
    pub fn grid(&self) -> Grid {
        self.grid
    }

    /// Takes one value a triangle, in the order of the triangles.
    pub fn fill(&mut self, values: &[f64]) {
        let (n, cells, side) = (self.grid.nodes(), self.grid.cells(), self.grid.side());
        debug_assert_eq!(values.len(), self.grid.elements());
        // The conductance of a side is the mean of the triangles it lies between: above a horizontal side the one with
        // the right angle below (even), below it the other (odd); left of a vertical side the even one, right the odd one.
        for j in 1..=side {
            let (below, above) = (&values[2 * (j - 1) * cells..], &values[2 * j * cells..]);
            for i in 0..cells {
                self.horizontal[j * n + i] = 0.5 * (above[2 * i] + below[2 * i + 1]);
            }
        }
        for j in 0..cells {
            let row = &values[2 * j * cells..2 * (j + 1) * cells];
            for i in 1..=side {
                self.vertical[j * n + i] = 0.5 * (row[2 * i - 2] + row[2 * i + 1]);
            }
        }
        let mut at = 0;
        let mut push = |value| {
            self.lower[at] = value;
            at += 1;
        };
        for j in 1..=side {
            for i in 1..=side {
                let node = j * n + i;
                let (right, above) = (self.horizontal[node], self.vertical[node]);
                push(self.horizontal[node - 1] + right + self.vertical[node - n] + above);
                if i < side {
                    push(-right);
                }
                if j < side {
                    push(-above);
                }
            }
        }
    }
    /// The entries of the lower triangle, column by column, rows increase.
    pub fn lower_entries(&self) -> &[f64] {
        &self.lower
    }
    /// f - A u, written to `residual`.
    pub fn residual(&self, load: &[f64], u: &[f64], residual: &mut [f64]) {
        let (n, side) = (self.grid.nodes(), self.grid.side());
        for j in 1..=side {
            for i in 1..=side {
                let (node, at) = (j * n + i, (j - 1) * side + i - 1);
                let x = u[at];
                let left = if i > 1 { u[at - 1] } else { 0.0 };
                let right = if i < side { u[at + 1] } else { 0.0 };
                let below = if j > 1 { u[at - side] } else { 0.0 };
                let above = if j < side { u[at + side] } else { 0.0 };
                residual[at] = load[at]
                    - (self.horizontal[node - 1] * (x - left)
                        + self.horizontal[node] * (x - right)
                        + self.vertical[node - n] * (x - below)
                        + self.vertical[node] * (x - above));
            }
        }
    }
}
