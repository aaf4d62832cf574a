//! Functions on the grid of which only ranges are known, boundary included.

use crate::arith::Interval;

use super::Grid;
use super::grid::Triangle;

/// Piecewise linear functions on the whole square: a range for every node, and for every side the range of the difference of
/// its ends, which may be far narrower than the ranges of both.
///
/// **Exactness.** Enclosure.
#[derive(Debug, Clone)]
pub struct NodalRange {
    grid: Grid,
    /// Node (i, j) at j n + i.
    values: Vec<Interval>,
    /// v(i + 1, j) - v(i, j) at j (n - 1) + i.
    horizontal: Vec<Interval>,
    /// v(i, j + 1) - v(i, j) at j n + i.
    vertical: Vec<Interval>,
}

impl NodalRange {
    /// The function with these ranges; `difference` of nodes a and b is one of v(a) - v(b).
    pub fn new(
        grid: Grid,
        value: impl Fn([usize; 2]) -> Interval,
        difference: impl Fn([usize; 2], [usize; 2]) -> Interval,
    ) -> Self {
        let (n, cells) = (grid.nodes(), grid.cells());
        let rows = |n: usize, columns: usize| (0..n).flat_map(move |j| (0..columns).map(move |i| [i, j]));
        Self {
            grid,
            values: rows(n, n).map(&value).collect(),
            horizontal: rows(n, cells).map(|[i, j]| difference([i + 1, j], [i, j])).collect(),
            vertical: rows(cells, n).map(|[i, j]| difference([i, j + 1], [i, j])).collect(),
        }
    }
    /// The function with these values, which nothing else is known of.
    pub fn of_values(grid: Grid, value: impl Fn([usize; 2]) -> Interval) -> Self {
        Self::new(grid, &value, |a, b| value(a) - value(b))
    }
    /// The function of doubles at the interior nodes, 0 on the boundary.
    pub fn of_solution(grid: Grid, solution: &[f64]) -> Self {
        Self::of_values(grid, |[i, j]| {
            // A number that is none is any.
            grid.unknown(i, j)
                .map_or(Interval::ZERO, |at| Interval::new(solution[at], solution[at]).unwrap_or(Interval::ENTIRE))
        })
    }
    /// The difference of two functions.
    pub fn minus(&self, other: &Self) -> Self {
        let minus = |a: &[Interval], b: &[Interval]| a.iter().zip(b).map(|(a, b)| *a - *b).collect();
        Self {
            grid: self.grid,
            values: minus(&self.values, &other.values),
            horizontal: minus(&self.horizontal, &other.horizontal),
            vertical: minus(&self.vertical, &other.vertical),
        }
    }

    /// For every triangle the integral of |grad v|^2, in the order of the triangles.
    ///
    /// **Statement.** The two differences along the sides at the right angle, over h, are the gradient, and the area is
    /// h^2 / 2: half of the sum of their squares.
    pub fn gradients_squared(&self) -> Vec<Interval> {
        let (n, cells) = (self.grid.nodes(), self.grid.cells());
        let one = |triangle: Triangle| {
            let [corner, beside, above] = triangle.corners();
            let across = self.horizontal[corner[1] * cells + corner[0].min(beside[0])];
            let along = self.vertical[corner[1].min(above[1]) * n + corner[0]];
            (across.square() + along.square()) * half()
        };
        self.grid.triangles().map(one).collect()
    }

    /// The integral of v^2.
    ///
    /// **Statement.** On a triangle of area T the integral of the square of a linear function with the values a, b, c at
    /// its corners is T/12 ((a + b + c)^2 + a^2 + b^2 + c^2); T = h^2 / 2.
    pub fn square_integral(&self) -> Interval {
        let n = self.grid.nodes();
        let mut sum = Interval::ZERO;
        for triangle in self.grid.triangles() {
            let [a, b, c] = triangle.corners().map(|[i, j]| self.values[j * n + i]);
            sum = sum + (a + b + c).square() + a.square() + b.square() + c.square();
        }
        let cells = self.grid.cells() as f64;
        // 24 / h^2 = 24 (n - 1)^2 is a whole number far below 2^53.
        let scale = Interval::new(24.0 * cells * cells, 24.0 * cells * cells);
        scale.and_then(|scale| sum.checked_div(&scale)).unwrap_or(Interval::ENTIRE)
    }
}

fn half() -> Interval {
    Interval::new(0.5, 0.5).unwrap_or(Interval::ENTIRE)
}

/// The sum of a_T times the integral over T.
pub fn weighted_sum(weights: &[Interval], integrals: &[Interval]) -> Interval {
    weights.iter().zip(integrals).fold(Interval::ZERO, |sum, (a, x)| x.multiply_add(a, &sum))
}
