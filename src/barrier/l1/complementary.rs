//! Linear complementarity problems by Lemke's method, exactly.

use super::Surd;
use super::ratio::Order;
use super::tableau::Tableau;
use crate::arith::Rational;

/// w = M z + t d + g, w >= 0, z >= 0, w_i z_i = 0 for all i, for M positive semidefinite and d > 0, followed from large t
/// down to t = 0.
///
/// **Source.** Lem65; CPS92, chapters 4.4 and 4.5. At every point of the path at most one pair (w_i, z_i) has both numbers
/// outside the basis; the one that has just left it has its partner enter. With the lexicographic ratio test each basis
/// has one predecessor and one successor, so none comes twice, and the path is finite. Along it t does not grow: two
/// solutions (z, t), (z', t') have (z - z') . (w - w') <= 0, so for one t solutions form a convex set; under the
/// perturbation of the right-hand sides they are basic and so just one: the path does not come back to a level of t
/// that it left. It ends with t = 0, or in a ray; as M is positive semidefinite a ray says that t = 0 has no solution.
pub(super) struct Path {
    tableau: Tableau,
    basis: Vec<usize>,
    order: Order,
    entering: usize,
    n: usize,
}

/// What a step of the path did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It reached another corner.
    Moved,
    /// t is 0.
    Ended,
    /// There is no end.
    Ray,
}

impl Path {
    /// The path at its start: z = 0 and the least t with t d + g >= 0; `None` where that is no positive t.
    ///
    /// Entries of g are numbers of Q(sqrt q).
    pub(super) fn new(m: &[Vec<Rational>], d: &[Rational], g: &[Surd], q: &Rational) -> Option<Self> {
        let n = m.len();
        // Variables w (0 to n - 1), z (n to 2n - 1), t (2n): w - M z - t d = g. Scaling a row scales its w.
        let rows: Vec<Vec<Rational>> = (0..n)
            .map(|i| {
                let matrix = m[i].iter().map(|x| -x);
                matrix.chain([-&d[i], g[i].rational.clone(), g[i].root.clone()]).collect()
            })
            .collect();
        let body = Tableau::of_rows(rows.iter().map(Vec::as_slice));
        let tableau = body.with_identity_before();
        let order = Order { right_hand_side: [2 * n + 1, 2 * n + 2], radicand: q.clone(), then: (0..n).collect() };
        let negative = (0..n).any(|i| tableau.right_hand_side(i, &order).sign(q).is_lt());
        if !negative {
            return None;
        }
        let mut path = Self { tableau, basis: (0..n).collect(), order, entering: 0, n };
        // t enters in the row that is least over d: all rows are lexicographically positive then.
        let row = path.tableau.least(0..n, 2 * n, &path.order)?;
        path.exchange(row, 2 * n);
        Some(path)
    }

    fn exchange(&mut self, row: usize, entering: usize) {
        self.tableau.pivot(row, entering);
        let left = core::mem::replace(&mut self.basis[row], entering);
        // The partner of what left.
        self.entering = if left < self.n { left + self.n } else { left - self.n };
    }

    /// Goes to the next corner.
    pub(super) fn step(&mut self) -> Step {
        let Some(row) = self.tableau.least_ratio(self.entering, &self.order) else { return Step::Ray };
        if self.basis[row] == 2 * self.n {
            self.tableau.pivot(row, self.entering);
            self.basis[row] = self.entering;
            return Step::Ended;
        }
        self.exchange(row, self.entering);
        if self.cover().sign(&self.order.radicand).is_eq() { Step::Ended } else { Step::Moved }
    }

    /// t.
    pub(super) fn cover(&self) -> Surd {
        self.value(2 * self.n)
    }

    /// z.
    pub(super) fn point(&self) -> Vec<Surd> {
        (self.n..2 * self.n).map(|j| self.value(j)).collect()
    }

    fn value(&self, variable: usize) -> Surd {
        let row = self.basis.iter().position(|&j| j == variable);
        row.map_or_else(Surd::zero, |i| self.tableau.right_hand_side(i, &self.order))
    }
}
