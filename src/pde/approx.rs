//! Coefficients in doubles: prepared once, evaluated for one parameter after another.

use super::approx_points::{Points, Rule};
use super::{Coefficient, Grid, PdeError};
use crate::arith::Rational;

/// A coefficient whose values on triangles are computed in doubles.
///
/// | case | what a point keeps |
/// |---|---|
/// | trigonometric, clipped polynomial | a(x1, x2) = sum over f of T_f(x1) S_f(x2): S once, T for every parameter |
/// | chessboard, cookies | the parameter that is added to the shift, or none |
/// | cookies with variable radii | its disc, and the distance from the middle |
///
/// **Exactness.** Approximate: rounding of doubles in values; where a point lies (in which square, in a disc or not) is
/// decided exactly, so that no value is that of another piece.
#[derive(Debug, Clone)]
pub struct ApproxCoefficient {
    grid: Grid,
    parameters: usize,
    /// The points of the lower triangles, of the upper ones; or the nodes.
    points: Vec<Points>,
}

/// What values are computed in.
#[derive(Debug, Clone, Default)]
pub struct CoefficientMemory {
    /// Values at nodes.
    nodes: Vec<f64>,
    /// T_f(x1), row f.
    waves: Vec<f64>,
    /// Values at one row of points.
    row: Vec<f64>,
}

impl ApproxCoefficient {
    /// Prepares a coefficient.
    ///
    /// **Complexity.** A few exact operations a point.
    pub fn new(coefficient: &Coefficient) -> Self {
        let grid = coefficient.grid();
        let points = if coefficient.as_published() {
            vec![Points::new(coefficient, grid.nodes(), [0, 0])]
        } else {
            // Midpoints of triangles: the even one of a cell at (2, 1), the odd one at (1, 2) thirds.
            vec![Points::new(coefficient, grid.cells(), [2, 1]), Points::new(coefficient, grid.cells(), [1, 2])]
        };
        Self { grid, parameters: coefficient.shape().parameters(), points }
    }

    /// Approximations of the values of a_y on the triangles.
    ///
    /// # Errors
    /// As [`Self::approx_values_in`].
    pub fn approx_values(&self, y: &[f64]) -> Result<Vec<f64>, PdeError> {
        let mut values = vec![0.0; self.grid.elements()];
        self.approx_values_in(&mut CoefficientMemory::default(), y, &mut values)?;
        Ok(values)
    }

    /// The same, written to `values`; from the second call on with a memory nothing is allocated.
    ///
    /// # Errors
    /// [`PdeError::Length`]; [`PdeError::Coefficient`] where a value is not positive; [`PdeError::Overflow`] where a value
    /// is beyond the range of doubles.
    pub fn approx_values_in(
        &self,
        memory: &mut CoefficientMemory,
        y: &[f64],
        values: &mut [f64],
    ) -> Result<(), PdeError> {
        if y.len() != self.parameters {
            return Err(PdeError::Length { given: y.len(), expected: self.parameters });
        }
        let CoefficientMemory { nodes, waves, row } = memory;
        match self.points.as_slice() {
            [corners] => {
                nodes.resize(self.grid.nodes() * self.grid.nodes(), 0.0);
                corners.evaluate(y, [waves, row], |at, value| nodes[at] = value);
                self.means(nodes, values);
            }
            points => {
                for (odd, points) in points.iter().enumerate() {
                    points.evaluate(y, [waves, row], |at, value| values[2 * at + odd] = value);
                }
            }
        }
        self.accept(values)
    }

    /// The mean of the corners of each triangle.
    fn means(&self, nodes: &[f64], values: &mut [f64]) {
        let (n, cells) = (self.grid.nodes(), self.grid.cells());
        for (j, row) in values.chunks_exact_mut(2 * cells).enumerate() {
            let (lower, upper) = (&nodes[j * n..(j + 1) * n], &nodes[(j + 1) * n..(j + 2) * n]);
            for (i, pair) in row.chunks_exact_mut(2).enumerate() {
                let diagonal = lower[i] + upper[i + 1];
                pair[0] = (diagonal + lower[i + 1]) / 3.0;
                pair[1] = (diagonal + upper[i]) / 3.0;
            }
        }
    }

    fn accept(&self, values: &[f64]) -> Result<(), PdeError> {
        let Some(bad) = values.iter().position(|value| !(*value > 0.0 && value.is_finite())) else { return Ok(()) };
        let triangle = self.grid.triangles().nth(bad);
        let place = triangle.map_or([0, 0], |triangle| triangle.midpoint()).map(|k| self.grid.third(k));
        match Rational::from_f64(values[bad]) {
            Ok(value) => Err(PdeError::Coefficient { value: Box::new(value), place: Box::new(place) }),
            Err(_) => Err(PdeError::Overflow { place: Box::new(place) }),
        }
    }
}

impl Points {
    /// Calls `put` with the number and the value of each point, row by row.
    fn evaluate(&self, y: &[f64], [waves, row]: [&mut Vec<f64>; 2], mut put: impl FnMut(usize, f64)) {
        match &self.rule {
            Rule::Pieces { shift, pieces } => {
                for (at, piece) in pieces.iter().enumerate() {
                    put(at, y.get(*piece as usize).map_or(*shift, |y| shift + y));
                }
            }
            Rule::Discs { shift, discs } => {
                let (heights, radii) = y.split_at(y.len() / 2);
                for (at, disc) in discs.iter().enumerate() {
                    let index = disc.index as usize;
                    put(at, if disc.contains(radii[index]) { shift + heights[index] } else { *shift });
                }
            }
            Rule::Products(products) => {
                products.waves(y, waves);
                row.resize(self.side, 0.0);
                for j in 0..self.side {
                    products.row(j, waves, row);
                    row.iter().enumerate().for_each(|(i, value)| put(j * self.side + i, *value));
                }
            }
        }
    }
}
