//! The stiffness matrix of a coefficient that is constant on triangles: conductances of the sides of the grid.

use core::ops::{Add, Div, Mul, Neg, Sub};

use super::Grid;

/// A field that matrices are assembled over: rationals, or doubles for guesses.
pub trait Field: Clone + Default + From<i8> {
    /// x + y
    fn plus(&self, other: &Self) -> Self;
    /// x - y
    fn minus(&self, other: &Self) -> Self;
    /// x y
    fn times(&self, other: &Self) -> Self;
    /// x / y, y not 0
    fn over(&self, other: &Self) -> Self;
    /// -x
    fn opposite(&self) -> Self;
}

impl<T> Field for T
where
    T: Clone + Default + From<i8>,
    for<'a> &'a T: Add<Output = T> + Sub<Output = T> + Mul<Output = T> + Div<Output = T> + Neg<Output = T>,
{
    fn plus(&self, other: &Self) -> Self {
        self + other
    }
    fn minus(&self, other: &Self) -> Self {
        self - other
    }
    fn times(&self, other: &Self) -> Self {
        self * other
    }
    fn over(&self, other: &Self) -> Self {
        self / other
    }
    fn opposite(&self) -> Self {
        -self
    }
}

/// The matrix A of the form a(u, v) = integral of a_y grad u . grad v on hat functions of interior nodes.
///
/// **Statement.** On a triangle with value a the gradient of a linear function has the two differences along the sides at
/// the right angle, divided by h, as its components, and the area is h^2/2: so the triangle adds a/2 times the squares of
/// the two differences to the form. Thus A is the matrix of a network of conductances: a side between two triangles has
/// their mean, and diagonals have none.
///
/// **Exactness.** As the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stiffness<T> {
    grid: Grid,
    /// Sides (i, j) to (i + 1, j), at j (n - 1) + i.
    horizontal: Vec<T>,
    /// Sides (i, j) to (i, j + 1), at j n + i.
    vertical: Vec<T>,
}

impl<T: Field> Stiffness<T> {
    /// The matrix for one value a triangle, in the order of the triangles.
    pub fn new(grid: Grid, values: &[T]) -> Self {
        let (n, cells) = (grid.nodes(), grid.cells());
        let mut horizontal = vec![T::default(); cells * n];
        let mut vertical = vec![T::default(); n * cells];
        let two = T::from(2);
        for (triangle, value) in grid.triangles().zip(values) {
            let value = value.over(&two);
            let [corner, beside, above] = triangle.corners();
            let side = &mut horizontal[corner[1] * cells + corner[0].min(beside[0])];
            *side = side.plus(&value);
            let side = &mut vertical[corner[1].min(above[1]) * n + corner[0]];
            *side = side.plus(&value);
        }
        Self { grid, horizontal, vertical }
    }
    /// The grid.
    pub fn grid(&self) -> Grid {
        self.grid
    }
    /// The conductances to the left, to the right, below and above an interior node.
    fn around(&self, i: usize, j: usize) -> [&T; 4] {
        let (n, cells) = (self.grid.nodes(), self.grid.cells());
        let row = j * cells;
        [
            &self.horizontal[row + i - 1],
            &self.horizontal[row + i],
            &self.vertical[(j - 1) * n + i],
            &self.vertical[j * n + i],
        ]
    }
    /// Every entry of the lower triangle, column by column: (row, column, value), rows increase.
    pub fn lower_entries(&self) -> impl Iterator<Item = (usize, usize, T)> + '_ {
        let side = self.grid.side();
        (1..=side).flat_map(move |j| (1..=side).map(move |i| (i, j))).flat_map(move |(i, j)| {
            let column = (j - 1) * side + i - 1;
            let [left, right, below, above] = self.around(i, j);
            let diagonal = left.plus(right).plus(below).plus(above);
            let mut entries = vec![(column, column, diagonal)];
            if i < side {
                entries.push((column + 1, column, right.opposite()));
            }
            if j < side {
                entries.push((column + side, column, above.opposite()));
            }
            entries
        })
    }
    /// A u for the values at the interior nodes.
    pub fn apply(&self, u: &[T]) -> Vec<T> {
        let side = self.grid.side();
        let mut product = Vec::with_capacity(u.len());
        for j in 1..=side {
            for i in 1..=side {
                let at = (j - 1) * side + i - 1;
                let neighbours = [
                    (i > 1).then(|| &u[at - 1]),
                    (i < side).then(|| &u[at + 1]),
                    (j > 1).then(|| &u[at - side]),
                    (j < side).then(|| &u[at + side]),
                ];
                let mut sum = T::default();
                for (conductance, neighbour) in self.around(i, j).into_iter().zip(neighbours) {
                    let difference = neighbour.map_or_else(|| u[at].clone(), |v| u[at].minus(v));
                    sum = sum.plus(&conductance.times(&difference));
                }
                product.push(sum);
            }
        }
        product
    }
}
