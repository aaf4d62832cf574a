//! Fields on blocks of triangles, orthogonalised in doubles with a proved error.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par};

use super::Fluxes;
use super::cell::Cell;
use super::classes::Classes;
use crate::pde::reduced::Basis;

/// Up to this many classes every one is a block.
const MAX_BLOCKS: usize = 64;

/// The rounding error of a sum of n terms or a product of n factors, relative to the absolute values: n u / (1 - n u) with
/// u = 2^-53 is below this for all n < 2^40, in any order of summation, with or without fused operations.
pub fn gamma(n: usize) -> f64 {
    n as f64 * 1.2e-16
}

/// An upper bound of a sum of squares' root from its computed value.
fn root_upper(sum: f64, terms: usize) -> f64 {
    sum.sqrt() * (1.0 + gamma(terms + 4))
}

/// The 2-norm of a list, rounded up.
pub fn norm_upper(list: &[f64]) -> f64 {
    root_upper(list.iter().map(|x| x * x).sum(), list.len())
}

/// A factor a_0 + sum of a_i y_i of the gradients of a block.
#[derive(Debug, Clone)]
pub struct Term {
    /// Its coefficients in doubles, each off by at most 2^-52 of itself.
    pub affine: Vec<f64>,
}

/// The fields sigma_0, W_1, .., W_q and gradients times coefficients on a block, as the columns of X, with a factor R.
///
/// **Statement.** |X x| <= stretch |R x| + rest |x| for all x.
///
/// *Proof.* For any Q: |X x| <= |Q| |R x| + |X - Q R| |x|, and |Q|^2 <= 1 + |Q^T Q - I|. Both matrices are formed in doubles;
/// what rounding adds is at most gamma |Q|_F |R|_F and gamma |Q|_F^2 in the Frobenius norm.
#[derive(Debug, Clone)]
pub struct Block {
    /// The classes of its triangles.
    pub classes: Vec<usize>,
    /// The factors of the gradients; columns of X from 1 + q on are the gradients of the basis times a number for each
    /// triangle, d for every factor.
    pub terms: Vec<Term>,
    /// The rows of R.
    pub rows: usize,
    /// R, column by column.
    pub factor: Vec<f64>,
    /// An upper bound of |Q|.
    pub stretch: f64,
    /// An upper bound of |X - Q R|.
    pub rest: f64,
}

impl Block {
    /// The blocks of a problem: classes where there are at most 64, all triangles otherwise.
    ///
    /// `gradients` are whole numbers over 2^exponent of the basis. `None` where doubles cannot hold the numbers.
    pub fn all(classes: &Classes, fluxes: &Fluxes, basis: &Basis, gradients: &[Vec<i64>]) -> Option<Vec<Self>> {
        let count = classes.values().len();
        let numbers: Vec<Vec<f64>> =
            classes.values().iter().map(|row| row.iter().map(|a| a.approx_f64()).collect()).collect();
        // Whole numbers up to 2^53 and powers of two in range: the products are exact.
        let scale = |exponent: i64| (exponent.abs() <= 900).then(|| 2f64.powi(-exponent as i32));
        let (flux_unit, gradient_unit) = (scale(fluxes.exponent)?, scale(basis.exponent())?);
        let whole = |list: &[Vec<i64>]| list.iter().flatten().all(|x| x.unsigned_abs() <= 1 << 53);
        if !whole(&fluxes.fields) || !whole(gradients) {
            return None;
        }
        let flux = |j: usize, slot: usize| fluxes.fields[j][slot] as f64 * flux_unit;
        let gradient = |j: usize, slot: usize| gradients[j][slot] as f64 * gradient_unit;
        let (fields, d) = (fluxes.fields.len(), gradients.len());
        if count <= MAX_BLOCKS {
            let mut slots = vec![Vec::new(); count];
            for (element, class) in classes.of_triangles().iter().enumerate() {
                slots[*class].extend([2 * element, 2 * element + 1]);
            }
            let block = |(class, slots): (usize, Vec<usize>)| {
                let matrix = Mat::from_fn(slots.len(), fields + d, |i, j| {
                    if j < fields { flux(j, slots[i]) } else { gradient(j - fields, slots[i]) }
                });
                let terms = vec![Term { affine: numbers[class].clone() }];
                Self::new(vec![class], terms, &matrix, false)
            };
            return slots.into_iter().enumerate().map(block).collect();
        }
        // All in one: the columns carry a_ki, the factors are 1, y_1, .., y_p.
        let p = classes.parameters();
        let of = classes.of_triangles();
        let matrix = Mat::from_fn(2 * of.len(), fields + d * (p + 1), |slot, j| match j.checked_sub(fields) {
            None => flux(j, slot),
            Some(j) => numbers[of[slot / 2]][j / d] * gradient(j % d, slot),
        });
        let unit = |i: usize| Term { affine: (0..=p).map(|k| f64::from(u8::from(k == i))).collect() };
        Some(vec![Self::new((0..count).collect(), (0..=p).map(unit).collect(), &matrix, true)?])
    }

    fn new(classes: Vec<usize>, terms: Vec<Term>, x: &Mat<f64>, rounded: bool) -> Option<Self> {
        let qr = x.qr();
        let (q, r) = (qr.compute_thin_Q(), qr.thin_R().to_owned());
        let (n, rows) = (q.nrows(), r.nrows());
        let squares = |matrix: MatRef<'_, f64>| matrix.col_iter().flat_map(|c| c.iter()).map(|x| x * x).sum::<f64>();
        let norm = |matrix: MatRef<'_, f64>| root_upper(squares(matrix), matrix.nrows() * matrix.ncols());
        let (q_norm, r_norm) = (norm(q.as_ref()), norm(r.as_ref()));
        let mut gram = Mat::<f64>::zeros(rows, rows);
        matmul(gram.as_mut(), Accum::Replace, q.transpose(), q.as_ref(), 1.0, Par::Seq);
        (0..rows).for_each(|i| gram[(i, i)] -= 1.0);
        let defect = norm(gram.as_ref()) + gamma(n + 4) * q_norm * q_norm;
        let mut difference = x.clone();
        matmul(difference.as_mut(), Accum::Add, q.as_ref(), r.as_ref(), -1.0, Par::Seq);
        let mut rest = norm(difference.as_ref()) + gamma(rows + 8) * (q_norm * r_norm + norm(x.as_ref()));
        if rounded {
            // |a - fl(a)| <= 2 u |a|, and one product more: the columns are off by less than 4 u of themselves.
            rest += gamma(4) * norm(x.as_ref());
        }
        let (stretch, rest) = ((1.0 + defect).sqrt() * (1.0 + gamma(4)), rest * (1.0 + gamma(8)));
        let factor: Vec<f64> = r.col_iter().flat_map(|c| c.iter().copied().collect::<Vec<_>>()).collect();
        let finite = stretch.is_finite() && rest.is_finite() && factor.iter().all(|x| x.is_finite());
        finite.then_some(Self { classes, terms, rows, factor, stretch, rest })
    }
}

impl Term {
    /// The coefficients of 1 and of tau_1, tau_2, .. over a cell.
    pub fn local(&self, cell: &Cell) -> (f64, Vec<f64>) {
        let start = self.affine[1..].iter().zip(&cell.middle).fold(self.affine[0], |sum, (a, m)| sum + a * m);
        (start, cell.variables.iter().map(|i| self.affine[i + 1] * cell.radius[*i]).collect())
    }
    /// The sum of the absolute values of all products that make up [`Self::local`], in doubles.
    pub fn size(&self, cell: &Cell) -> f64 {
        let sides = cell.middle.iter().zip(&cell.radius);
        self.affine[1..].iter().zip(sides).fold(self.affine[0].abs(), |sum, (a, (m, r))| sum + a.abs() * (m.abs() + r))
    }
}
