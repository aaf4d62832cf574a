//! The uniform triangulation of the unit square.

use crate::arith::Rational;

use super::PdeError;

/// The most nodes a side.
pub const MAX_NODES: usize = 2049;

/// n x n nodes at (i h, j h), h = 1/(n - 1); every cell is cut in two triangles by its diagonal from the lower left to the
/// upper right corner.
///
/// Triangle 2 c of cell c = j (n - 1) + i has its right angle at the lower right corner, triangle 2 c + 1 at the upper
/// left one. Interior nodes (i, j), 1 <= i, j <= n - 2, are numbered row by row: (j - 1) (n - 2) + i - 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    nodes: usize,
}

/// A triangle: its cell, and where its right angle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Triangle {
    /// The column of the cell, from the left.
    pub i: usize,
    /// The row of the cell, from below.
    pub j: usize,
    /// Whether the right angle is at the upper left corner.
    pub upper: bool,
}

impl Grid {
    /// The grid of n x n nodes, boundary included, 3 <= n.
    ///
    /// # Errors
    /// [`PdeError::Nodes`] outside 3 to [`MAX_NODES`].
    pub fn new(nodes: usize) -> Result<Self, PdeError> {
        if (3..=MAX_NODES).contains(&nodes) { Ok(Self { nodes }) } else { Err(PdeError::Nodes { nodes }) }
    }
    /// n
    pub fn nodes(&self) -> usize {
        self.nodes
    }
    /// Cells a side: n - 1 = 1/h.
    pub fn cells(&self) -> usize {
        self.nodes - 1
    }
    /// Interior nodes a side.
    pub fn side(&self) -> usize {
        self.nodes - 2
    }
    /// The number of unknowns: interior nodes.
    pub fn unknowns(&self) -> usize {
        self.side() * self.side()
    }
    /// The number of triangles.
    pub fn elements(&self) -> usize {
        2 * self.cells() * self.cells()
    }
    /// The triangles in the order of their numbers.
    pub fn triangles(&self) -> impl Iterator<Item = Triangle> + use<> {
        let cells = self.cells();
        (0..2 * cells * cells).map(move |e| Triangle { i: e / 2 % cells, j: e / 2 / cells, upper: e % 2 == 1 })
    }
    /// The number of an interior node; `None` on the boundary and outside.
    pub fn unknown(&self, i: usize, j: usize) -> Option<usize> {
        let inside = 1..=self.side();
        (inside.contains(&i) && inside.contains(&j)).then(|| (j - 1) * self.side() + i - 1)
    }
    /// The coordinate k h / 3 of corners, and of midpoints of triangles.
    pub fn third(&self, k: usize) -> Rational {
        Rational::from(k) / Rational::from(3 * self.cells())
    }
}

impl Triangle {
    /// The barycentre in units of h / 3.
    pub fn midpoint(&self) -> [usize; 2] {
        if self.upper { [3 * self.i + 1, 3 * self.j + 2] } else { [3 * self.i + 2, 3 * self.j + 1] }
    }
    /// The corners (i, j): the one with the right angle first, then its neighbours along a horizontal and a vertical side.
    pub fn corners(&self) -> [[usize; 2]; 3] {
        let Self { i, j, upper } = *self;
        if upper { [[i, j + 1], [i + 1, j + 1], [i, j]] } else { [[i + 1, j], [i, j], [i + 1, j + 1]] }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn triangles_tile_the_square() {
        let grid = Grid::new(6).unwrap();
        assert_eq!((grid.unknowns(), grid.elements()), (16, 50));
        for (e, triangle) in grid.triangles().enumerate() {
            assert_eq!(e, 2 * (triangle.j * grid.cells() + triangle.i) + usize::from(triangle.upper));
            let corners = triangle.corners();
            for axis in 0..2 {
                let sum: usize = corners.iter().map(|corner| corner[axis]).sum();
                assert_eq!(sum, triangle.midpoint()[axis], "a barycentre is the mean of the corners");
            }
            assert_eq!(corners[0][1], corners[1][1]);
            assert_eq!(corners[0][0], corners[2][0]);
        }
        let numbers: Vec<usize> = (0..6).flat_map(|j| (0..6).filter_map(move |i| grid.unknown(i, j))).collect();
        assert_eq!(numbers, (0..16).collect::<Vec<_>>());
        assert!(Grid::new(2).is_err() && Grid::new(MAX_NODES + 1).is_err());
    }
}
