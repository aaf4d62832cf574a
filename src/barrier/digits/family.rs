//! The family of linear programs and the numbers that say how well it is conditioned.

use super::Norm;
use crate::arith::Rational;
use crate::linalg::Matrix;

/// The rows and columns of a program.
pub const ROWS: usize = 3;
/// The columns of a program.
pub const COLUMNS: usize = 7;
/// The w that the proof of feasibility starts from.
const SLACK: i64 = 2;
/// Bisections for a bound of an eigenvalue.
const HALVINGS: u32 = 40;

/// The programs for a number K of digits and a norm; the page of [`super`] has the formulas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    digits: u32,
    norm: Norm,
    heights: [Rational; 2],
}

/// A program of the family: the shift s of each block, with |s| <= 1/2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance<'a> {
    family: &'a Family,
    shifts: [Rational; 2],
}

/// Bounds that hold for every program of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// An upper bound of the condition number of A A' in the spectral norm.
    pub gram: Rational,
    /// A lower bound of the distance to infeasibility: all changes of the entries of A and y by at most this keep the
    /// program feasible.
    pub distance: Rational,
    /// An upper bound of Renegar's condition number of feasibility, max(|A|, |y|) / distance, in the largest entry.
    pub feasibility: Rational,
    /// The largest entry of y.
    pub rhs: Rational,
}

impl Family {
    /// The family for K digits, K from 1 on.
    pub fn new(digits: u32, norm: Norm) -> Self {
        let heights = [0, 1].map(|block| &norm.jump() * &power_of_ten(block - i64::from(digits)));
        Self { digits, norm, heights }
    }

    /// The number K.
    pub fn digits(&self) -> u32 {
        self.digits
    }

    /// The norm of errors.
    pub fn norm(&self) -> Norm {
        self.norm
    }

    /// The heights t1 and t2 of the two blocks.
    pub fn heights(&self) -> &[Rational; 2] {
        &self.heights
    }

    /// The error below which K - `fewer` digits are correct: 10^(fewer - K).
    pub fn bar(&self, fewer: u32) -> Rational {
        power_of_ten(i64::from(fewer) - i64::from(self.digits))
    }

    /// The program with these shifts; `None` where one exceeds 1/2 in absolute value.
    pub fn instance(&self, shifts: [Rational; 2]) -> Option<Instance<'_>> {
        let small = shifts.iter().all(|s| s.abs() <= Rational::ratio(1, 2));
        small.then_some(Instance { family: self, shifts })
    }

    /// Bounds of condition numbers over all programs of the family.
    ///
    /// *Proofs.* A A' is the matrix (2 + d1, 1, 1; 1, 2 + d2, 1; 1, 1, 1) with d = (1 + (1 - |s|)^2)/16 in \[5/64, 1/8\] in
    /// each block. It increases with d in the order of symmetric matrices, and so do its eigenvalues: the smallest one
    /// is at least that for d1 = d2 = 5/64, the largest at most that for d1 = d2 = 1/8.
    ///
    /// Feasibility. Keep w1 = w2 = t = 2 and set the variable of the smaller entry of each block to 0. In the larger one
    /// of each block, whose entry is 1/4, and in z the equations are B x = r with B = (1/4, 0, 1; 0, 1/4, 1; 0, 0, 1),
    /// B^-1 = (4, 0, -4; 0, 4, -4; 0, 0, 1), and solution x0 = (t1 + 4 t, t2 + 4 t, 1). After changes of all entries by at
    /// most e they are x = x0 + B^-1 (dr - dB x) with |dr| <= e (1 + 2 t), and |dB x| <= e |x|_1. On the box
    /// 0 <= x <= 2 x0 this is at most e S in each entry, S = 1 + 2 t + 2 |x0|_1. The rows of |B^-1| have the sums 8, 8,
    /// 1: the map takes the box to itself if 8 e S <= t1 + 4 t, 8 e S <= t2 + 4 t and e S <= 1, and has a fixed point in
    /// it (Brouwer), which is a feasible point.
    pub fn condition(&self) -> Condition {
        let (low, high) = (Rational::ratio(5, 64), Rational::ratio(1, 8));
        let gram = largest_eigenvalue_upper(&gram(&high, &high)) / smallest_eigenvalue_lower(&gram(&low, &low));
        let t = Rational::from(SLACK);
        let start = [0, 1].map(|block| &self.heights[block] + &t.scale_by_power_of_two(2));
        let length = &start[0] + &start[1] + Rational::one();
        let s = Rational::one() + t.scale_by_power_of_two(1) + length.scale_by_power_of_two(1);
        let least = start.into_iter().map(|x| x.scale_by_power_of_two(-3)).fold(Rational::one(), Rational::min);
        let distance = least / s;
        let rhs = Rational::one() + self.heights[1].scale_by_power_of_two(-2);
        // The largest entry of A is 1, and y has larger ones.
        Condition { gram, feasibility: &rhs / &distance, distance, rhs }
    }
}

impl Instance<'_> {
    /// The entries of a block: ((1 - max(s, 0))/4, (1 - max(-s, 0))/4). The larger one is 1/4.
    pub fn entries(&self, block: usize) -> [Rational; 2] {
        let s = &self.shifts[block];
        [s.relu(), (-s).relu()].map(|part| (Rational::one() - part).scale_by_power_of_two(-2))
    }

    /// The matrix A.
    pub fn matrix(&self) -> Matrix {
        let blocks = [0, 1].map(|block| self.entries(block));
        Matrix::from_fn(ROWS, COLUMNS, |row, column| match (row, column) {
            (_, 6) => Rational::one(),
            (0 | 1, column) if column / 3 == row => match column % 3 {
                2 => -Rational::one(),
                entry => blocks[row][entry].clone(),
            },
            _ => Rational::zero(),
        })
    }

    /// The right-hand side y.
    pub fn rhs(&self) -> [Rational; ROWS] {
        let side = |block: usize| Rational::one() + self.family.heights[block].scale_by_power_of_two(-2);
        [side(0), side(1), Rational::one()]
    }

    /// The solution, where it is one point: no shift is 0.
    pub fn solution(&self) -> Option<Vec<Rational>> {
        let mut x = vec![Rational::zero(); COLUMNS];
        for (block, s) in self.shifts.iter().enumerate() {
            let column = match s.signum() {
                0 => return None,
                1 => 1,
                _ => 0,
            };
            x[3 * block + column] = self.family.heights[block].clone();
        }
        x[6] = Rational::one();
        Some(x)
    }

    /// The measure of the distance of a point from the solution, as for [`Self::solution`].
    pub fn error(&self, point: &[Rational]) -> Option<Rational> {
        let solution = self.solution()?;
        let difference: Vec<Rational> = solution.iter().zip(point).map(|(x, y)| x - y).collect();
        (point.len() == COLUMNS).then(|| self.family.norm.measure(&difference))
    }
}

/// 10^k for any sign of k.
fn power_of_ten(k: i64) -> Rational {
    Rational::from(10).pow(i32::try_from(k).unwrap_or(i32::MAX)).unwrap_or_default()
}

/// A A', from the sums of squares of the two blocks.
fn gram(d1: &Rational, d2: &Rational) -> Matrix {
    let diagonal = [Rational::from(2) + d1, Rational::from(2) + d2, Rational::one()];
    Matrix::from_fn(ROWS, ROWS, |i, j| if i == j { diagonal[i].clone() } else { Rational::one() })
}

/// A lower bound of the smallest eigenvalue of a positive definite matrix of three rows, by bisection.
pub(super) fn smallest_eigenvalue_lower(m: &Matrix) -> Rational {
    // The smallest eigenvalue is at most the smallest diagonal entry, and exceeds mu where M - mu I is definite.
    let (mut low, mut high) = (Rational::zero(), Rational::from(4));
    for _ in 0..HALVINGS {
        let middle = (&low + &high).scale_by_power_of_two(-1);
        if is_definite(&Matrix::from_fn(
            ROWS,
            ROWS,
            |i, j| if i == j { &m[(i, j)] - &middle } else { m[(i, j)].clone() },
        )) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// An upper bound of the largest eigenvalue of a symmetric matrix of three rows, by bisection.
pub(super) fn largest_eigenvalue_upper(m: &Matrix) -> Rational {
    // All eigenvalues are at most the sum of the absolute values of the entries.
    let (mut low, mut high) =
        (Rational::zero(), m.entries().iter().map(Rational::abs).sum::<Rational>() + Rational::one());
    for _ in 0..HALVINGS {
        let middle = (&low + &high).scale_by_power_of_two(-1);
        if is_definite(&Matrix::from_fn(ROWS, ROWS, |i, j| if i == j { &middle - &m[(i, j)] } else { -&m[(i, j)] })) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Whether a symmetric matrix of three rows is positive definite: its three leading minors are positive (Sylvester).
fn is_definite(m: &Matrix) -> bool {
    let minor = |i: usize, j: usize| &m[(1, i)] * &m[(2, j)] - &m[(1, j)] * &m[(2, i)];
    let two = &m[(0, 0)] * &m[(1, 1)] - &m[(0, 1)] * &m[(1, 0)];
    let three = &m[(0, 0)] * &minor(1, 2) - &m[(0, 1)] * &minor(0, 2) + &m[(0, 2)] * &minor(0, 1);
    m[(0, 0)].is_positive() && two.is_positive() && three.is_positive()
}
