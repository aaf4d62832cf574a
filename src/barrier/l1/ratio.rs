//! The lexicographic ratio test.
//!
//! Rows of a tableau in basic form are compared by their right-hand sides, then by the columns of the first basis. The
//! rows of these columns are independent, so no two rows are equal, even over positive numbers: the test has one winner,
//! and rows that are lexicographically positive at the start stay so. This is the perturbation of the right-hand sides
//! by powers of an infinitely small number (DOW55): nothing is degenerate, and no basis comes twice.

use core::cmp::Ordering;

use super::Surd;
use super::tableau::Tableau;
use crate::arith::Rational;

/// In which columns rows are compared.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// The two columns of the right-hand side a + b sqrt(q).
    pub right_hand_side: [usize; 2],
    /// q.
    pub radicand: Rational,
    /// The columns that decide where right-hand sides are equal: those of the first basis, in order.
    pub then: Vec<usize>,
}

impl Tableau {
    /// The row that leaves the basis when column `entering` enters: of those with a positive entry there the one whose
    /// row, over this entry, is lexicographically least in the columns of `order`; `None` where no entry is positive.
    pub(super) fn least_ratio(&self, entering: usize, order: &Order) -> Option<usize> {
        self.least((0..self.height()).filter(|&i| self.sign(i, entering) > 0), entering, order)
    }
    /// Of these rows the one that is lexicographically least over the absolute value of its entry in column `over`.
    pub(super) fn least(&self, rows: impl Iterator<Item = usize>, over: usize, order: &Order) -> Option<usize> {
        rows.reduce(|best, i| if self.compare(i, best, over, order) == Ordering::Less { i } else { best })
    }
    fn compare(&self, i: usize, k: usize, over: usize, order: &Order) -> Ordering {
        let (a, b) = (self.entry(i, over).abs(), self.entry(k, over).abs());
        // x / a < y / b iff x b < y a, as a and b are positive.
        let difference = |j: usize| self.entry(i, j) * &b - self.entry(k, j) * &a;
        let [first, second] = order.right_hand_side;
        let number = Surd { rational: Rational::from(difference(first)), root: Rational::from(difference(second)) };
        number.sign(&order.radicand).then_with(|| {
            let mut signs = order.then.iter().map(|&j| difference(j).signum().cmp(&0));
            signs.find(|sign| sign.is_ne()).unwrap_or(Ordering::Equal)
        })
    }
    /// The right-hand side of row i.
    pub(super) fn right_hand_side(&self, i: usize, order: &Order) -> Surd {
        let [first, second] = order.right_hand_side;
        Surd { rational: self.value(i, first), root: self.value(i, second) }
    }
}
