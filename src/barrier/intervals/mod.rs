//! The interval experiment: how far solutions of one problem lie apart when its data are known to k bits only.
//!
//! An [`IntervalMatrix`] is a centre with a radius 2^-k on its entries: all data that agree with k bits of the centre.
//! The solution set over it is the union of the solution sets of its members. [`experiment`] bounds the diameter of this
//! union from both sides, exactly, for a problem of the table [`PROBLEMS`] and one of two centres:
//!
//! | problem | data | critical centre | regular centre |
//! |---|---|---|---|
//! | `l1` | a, y: minimise the sum of abs x_j over abs(a.x - y) <= 1/8 | a = (1, 1), y = 1: never below 7/8 sqrt 2 | a = (1, 1/2) |
//! | `pseudoinverse` | a matrix of size 2 | diag(1, 0): unbounded | diag(1, 1/2) |
//! | `lp` | a, y: minimise the sum of x_j over a.x = y, x >= 0 | a = (1, 1), y = 1: never below sqrt 2 | a = (1, 1/2) |
//! | `optimiser` | s: minimise (x^2 - 1)^2 + s x over [-2, 2] | s = 0: never below 2 | s = 1/2 |
//! | `classifier` | w, x: the label, whether w.x >= 0 | w.x = 0: both labels | w.x = 1/2: one label from k = 3 on |
//!
//! At a regular centre the diameter shrinks like 2^-k, at a critical one it does not shrink at all.
//!
//! **Lower bound.** Two members with *one* solution each, and the distance of these. So the bound also holds for every
//! function that selects one of the solutions where there are several. **Upper bound.** Boxes whose convex hull holds
//! every solution of every member ([`Cover`]), or a proof that there is no bound. Intervals of larger k lie in those of
//! smaller k: a lower bound holds for all smaller k, an upper bound for all larger ones.
//!
//! **What this proves.** Every number is a theorem about all members of an interval. That no algorithm exists is the
//! theorem of the papers (BFK23, BHV21), of which this is the mechanism: who reads a critical centre to k bits cannot
//! tell its members apart, and is wrong by half the lower bound or more on one of two.
//!
//! | file | object |
//! |---|---|
//! | `interval_matrix` | [`IntervalMatrix`] |
//! | `diameter` | [`Cover`], [`Diameter`], [`experiment`]: what all problems share |
//! | `axes` | points on the axes that minimise a sum: what `l1` and `lp` share |
//! | `l1`, `pseudoinverse`, `lp`, `optimiser`, `classifier` | one problem each |
//!
//! No float enters. To add a problem, write a file with an [`IntervalProblem`] and add it to [`PROBLEMS`].

mod axes;
mod classifier;
mod diameter;
mod interval_matrix;
mod l1;
mod lp;
mod optimiser;
mod pseudoinverse;
#[cfg(test)]
mod tests;

pub use classifier::Classifier;
pub use diameter::{Cover, Diameter, Upper, diameter, experiment};
pub use interval_matrix::IntervalMatrix;
pub use l1::L1;
pub use lp::Lp;
pub use optimiser::Optimiser;
pub use pseudoinverse::{Pseudoinverse, pseudoinverse};

use crate::arith::Enclosure;
use crate::linalg::Matrix;

/// The problems of the experiment.
pub static PROBLEMS: [&dyn IntervalProblem; 5] = [&L1, &Pseudoinverse, &Lp, &Optimiser, &Classifier];

/// Which of the two centres of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Centre {
    /// Solutions jump there.
    Critical,
    /// Solutions are unique and depend on the data without a jump.
    Regular,
}

impl Centre {
    /// Both centres.
    pub const ALL: [Self; 2] = [Self::Critical, Self::Regular];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Regular => "regular",
        }
    }
}

/// A point, each coordinate known exactly or enclosed.
pub type Point = Vec<Enclosure>;

/// A problem whose data are a matrix, with exact solutions.
///
/// Matrices of other shapes than a problem says have no solutions that are known: [`Cover::Open`] and no points.
pub trait IntervalProblem: core::fmt::Debug + Sync {
    /// The name on the command line.
    fn name(&self) -> &'static str;

    /// Data and question, in one line.
    fn statement(&self) -> &'static str;

    /// The data at the centre.
    fn centre(&self, centre: Centre) -> Matrix;

    /// Solutions for these data, in each coordinate known to within 2^-bits: each point is one, and their convex hull
    /// holds all. A single point is the only solution.
    fn solutions(&self, member: &Matrix, bits: u64) -> Vec<Point>;

    /// Members of the interval whose solutions may lie far apart: guesses, of which the experiment takes the best.
    fn candidates(&self, interval: &IntervalMatrix) -> Vec<Matrix>;

    /// Where the solutions of all members lie; coordinates that are not rational to within 2^-bits.
    fn cover(&self, interval: &IntervalMatrix, bits: u64) -> Cover;
}
