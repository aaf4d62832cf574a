//! The family of problems on which the minimiser jumps.

use super::DuelError;
use crate::arith::{Integer, Rational};
use crate::barrier::l1::{Instance, Optimum, Surd};
use crate::linalg::Matrix;

/// The most columns.
pub const MAX_COLUMNS: usize = 256;
/// The binary logarithm of the largest y.
pub const MAX_HEIGHT: u32 = 40;

/// Minimise |x|_1 subject to |A_s x - Y e_1| <= epsilon, for real s with |s| < 1.
///
/// Row 1 of A_s is (1, 1 + s, 0, .., 0), row i > 1 is the unit row of coordinate i + 1; 1 <= m < N and
/// 0 <= epsilon < Y. With the columns reversed the same problem is given in another order.
///
/// **Statement.** Let K = Y - epsilon. For s < 0 the one minimiser is K e_1, for s > 0 it is K / (1 + s) e_2, for s = 0
/// the minimisers are the points between K e_1 and K e_2.
///
/// *Proof.* Let t = max(1, 1 + s), p = e_1 / t. The columns are a_1 = e_1, a_2 = (1 + s) e_1, unit vectors orthogonal to
/// p, and 0, so |a_j . p| <= 1. Every feasible z has |z|_1 >= p . A z >= p . y - epsilon |p| = K / t, which the points
/// named reach with residual epsilon. Where z is a minimiser, z_j = 0 unless |a_j . p| = 1: the columns with entry t in
/// row 1. One such column leaves one z; two leave the z with z_1 + z_2 = K, z_1, z_2 >= 0.
///
/// So whatever an answer x is, 2 max |x - minimiser| >= |K e_1 - K / (1 + s) e_2| over s = -r, r: the breakdown error of
/// the family is K / sqrt(2), in the limit r -> 0, and (K/2)(e_1 + e_2) attains it. The family is compact for |s| <= 1/2
/// (entries in [0, 3/2], singular values in [1, 2]); so neither large data nor bad conditioning is behind the jump.
///
/// **Source.** BFK23, theorem on non-computability of basis pursuit denoising (bound 1/4); the instance and its constant
/// follow Lemma 11.1 of BHV21, for the constrained problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    rows: usize,
    columns: usize,
    height: Rational,
    epsilon: Rational,
    reversed: bool,
}

impl Family {
    /// The family for matrices of this shape, y = height e_1 and the bound epsilon on the residual.
    ///
    /// # Errors
    /// [`DuelError::Shape`], [`DuelError::Height`].
    pub fn new(rows: usize, columns: usize, height: Rational, epsilon: Rational) -> Result<Self, DuelError> {
        if rows == 0 || rows >= columns || columns > MAX_COLUMNS {
            return Err(DuelError::Shape { rows, columns, limit: MAX_COLUMNS });
        }
        if epsilon.is_negative() || epsilon >= height || height > Rational::power_of_two(i64::from(MAX_HEIGHT)) {
            return Err(DuelError::Height { height, epsilon, limit: MAX_HEIGHT });
        }
        Ok(Self { rows, columns, height, epsilon, reversed: false })
    }
    /// The same problems with the columns in the other order.
    #[must_use]
    pub fn reverse(&self) -> Self {
        Self { reversed: !self.reversed, ..self.clone() }
    }
    /// The same data with another number of rows and columns.
    ///
    /// # Errors
    /// [`DuelError::Shape`].
    pub fn reshape(&self, rows: usize, columns: usize) -> Result<Self, DuelError> {
        let other = Self::new(rows, columns, self.height.clone(), self.epsilon.clone())?;
        Ok(Self { reversed: self.reversed, ..other })
    }
    /// m.
    pub fn rows(&self) -> usize {
        self.rows
    }
    /// N.
    pub fn columns(&self) -> usize {
        self.columns
    }
    /// Y.
    pub fn height(&self) -> &Rational {
        &self.height
    }
    /// The bound on the residual.
    pub fn epsilon(&self) -> &Rational {
        &self.epsilon
    }
    /// Whether the columns are in the other order.
    pub fn is_reversed(&self) -> bool {
        self.reversed
    }
    /// Where column j of the definition stands; the same map takes it back.
    fn place(&self, j: usize) -> usize {
        if self.reversed { self.columns - 1 - j } else { j }
    }
    /// The columns whose first entries are 1 and 1 + s.
    pub fn critical(&self) -> [usize; 2] {
        [self.place(0), self.place(1)]
    }
    /// K = Y - epsilon, the least 1-norm at s = 0.
    pub fn least_norm(&self) -> Rational {
        &self.height - &self.epsilon
    }
    /// The square of the breakdown error: K^2 / 2.
    pub fn breakdown_squared(&self) -> Rational {
        let k = self.least_norm();
        (&k * &k).scale_by_power_of_two(-1)
    }
    /// A quarter of the squared distance of the two minimisers for s = -r and s = r, r > 0: every point is at least that
    /// far from one of them.
    pub fn either_squared(&self, r: &Rational) -> Rational {
        let [a, b] = [self.minimiser_length(&-r), self.minimiser_length(r)];
        // They lie on different coordinates, so the squares add up.
        (&a * &a + &b * &b).scale_by_power_of_two(-2)
    }
    /// K / max(1, 1 + s).
    fn minimiser_length(&self, s: &Rational) -> Rational {
        let k = self.least_norm();
        if s.is_positive() { &k / &(Rational::one() + s) } else { k }
    }
    /// A_s, Y e_1, epsilon.
    ///
    /// # Errors
    /// Never: the shapes fit.
    pub fn instance(&self, s: &Rational) -> Result<Instance, DuelError> {
        let matrix = Matrix::from_fn(self.rows, self.columns, |i, j| match (i, self.place(j)) {
            (0, 0) => Rational::one(),
            (0, 1) => Rational::one() + s,
            (i, j) if i > 0 && j == i + 1 => Rational::one(),
            _ => Rational::zero(),
        });
        let mut data = vec![Rational::zero(); self.rows];
        data[0] = self.height.clone();
        Ok(Instance::new(matrix, data, self.epsilon.clone())?)
    }
    /// The minimisers for |s| < 1, with their reason; see the proof above.
    pub fn optimum(&self, s: &Rational) -> Optimum {
        assert!(s.abs() < Rational::one(), "the formulas are for |s| < 1");
        let critical = self.critical();
        let largest: &[usize] = match s.signum() {
            -1 => &critical[..1],
            0 => &critical,
            _ => &critical[1..],
        };
        let length = self.minimiser_length(s);
        let along = |j: usize| {
            let mut x = vec![Surd::zero(); self.columns];
            x[j] = Surd::from(length.clone());
            x
        };
        let mut dual = vec![Surd::zero(); self.rows];
        // 1 / max(1, 1 + s) is the minimiser's length over K.
        dual[0] = Surd::from(&length / &self.least_norm());
        let mut face: Vec<(usize, i32)> = largest.iter().map(|&j| (j, 1)).collect();
        face.sort_unstable();
        Optimum {
            q: Integer::from(0),
            value: Surd::from(length.clone()),
            dual,
            normal: None,
            face,
            vertices: largest.iter().map(|&j| along(j)).collect(),
            complete: true,
        }
    }
}
