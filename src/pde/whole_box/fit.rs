//! Polynomials for the reduced solution and the flux on a cell, in doubles: guesses.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use super::Leaf;
use super::blocks::Block;
use super::cell::{Cell, Place};
use super::indices::Indices;
use crate::pde::reduced::ReducedModel;

/// Shares of the target that the iteration and the rounding may cost.
const ITERATION: f64 = 4e-3;
const ROUNDING: f64 = 2e-2;
/// The most steps of the iteration.
const MAX_STEPS: usize = 60;
/// Whole numbers of leaves stay below 2^50.
const LEAF_BITS: f64 = 50.0;

/// out = a b or out += a b for matrices column by column, a of size r x n.
pub fn multiply(out: &mut [f64], accum: Accum, a: &[f64], b: &[f64], r: usize, n: usize) {
    if n == 0 || r == 0 {
        if accum == Accum::Replace {
            out.fill(0.0);
        }
        return;
    }
    let k = b.len() / n;
    let a = MatRef::from_column_major_slice(a, r, n);
    let b = MatRef::from_column_major_slice(b, n, k);
    matmul(MatMut::from_column_major_slice_mut(out, r, k), accum, a, b, 1.0, Par::Seq);
}

/// What all fits of a problem share.
#[derive(Debug, Clone)]
pub struct Fits {
    /// d
    pub basis: usize,
    /// q
    pub fluxes: usize,
    /// The norm of sigma_0 and of every W_j, nearly.
    flux_size: f64,
    /// B_0, .., B_p, column by column; each entry is off by at most 2^-50 of itself.
    pub forms: Vec<Vec<f64>>,
    /// f_V, likewise.
    pub load: Vec<f64>,
    /// For every block W^T sigma_0, W^T W and, for every factor, W^T times the gradients.
    products: Vec<Products>,
}

#[derive(Debug, Clone)]
struct Products {
    start: Vec<f64>,
    gram: Vec<f64>,
    mixed: Vec<Vec<f64>>,
}

/// Memory for the fits of one thread.
#[derive(Debug, Clone, Default)]
pub struct FitMemory {
    x: Vec<f64>,
    r: Vec<f64>,
    z: Vec<f64>,
    p: Vec<f64>,
    image: Vec<f64>,
    product: Vec<f64>,
}

impl Fits {
    /// Those of a model and its blocks.
    pub fn new(model: &ReducedModel, blocks: &[Block], fluxes: usize) -> Self {
        let (forms, load) = model.system().approx();
        let d = load.len();
        let constant = model.setting().affine().constant().approx_f64();
        let flat = |(i, form): (usize, &Vec<Vec<f64>>)| {
            let factor = if i == 0 { constant } else { 1.0 };
            form.iter().flatten().map(|x| factor * x).collect()
        };
        let products = blocks.iter().map(|block| {
            let column = |j: usize| &block.factor[j * block.rows..][..block.rows];
            let dot = |i: usize, j: usize| column(i).iter().zip(column(j)).map(|(x, y)| x * y).sum::<f64>();
            let table = |from: usize, count: usize| {
                (from..from + count).flat_map(|j| (1..=fluxes).map(move |i| (i, j))).map(|(i, j)| dot(i, j)).collect()
            };
            let mixed = (0..block.terms.len()).map(|t| table(1 + fluxes + t * d, d)).collect();
            Products { start: table(0, 1), gram: table(1, fluxes), mixed }
        });
        let products: Vec<Products> = products.collect();
        let flux_size =
            blocks.iter().map(|b| b.factor[..b.rows].iter().map(|x| x * x).sum::<f64>()).sum::<f64>().sqrt();
        let forms = forms.iter().enumerate().map(flat).collect();
        Self { basis: d, fluxes, flux_size, forms, load: load.to_vec(), products }
    }

    /// The Galerkin solution at one parameter.
    pub fn approx_solve(&self, y: &[f64]) -> Option<Vec<f64>> {
        let inverse = inverse(&self.form(y), self.basis)?;
        let mut c = vec![0.0; self.basis];
        multiply(&mut c, Accum::Replace, &inverse, &self.load, self.basis, self.basis);
        Some(c)
    }
    /// c . B_i c
    pub fn approx_energy(&self, i: usize, c: &[f64]) -> f64 {
        let columns = self.forms[i].chunks_exact(self.basis);
        columns.zip(c).map(|(column, x)| x * column.iter().zip(c).map(|(b, y)| b * y).sum::<f64>()).sum()
    }
    fn form(&self, y: &[f64]) -> Vec<f64> {
        let mut sum = self.forms[0].clone();
        for (form, y) in self.forms[1..].iter().zip(y) {
            sum.iter_mut().zip(form).for_each(|(sum, x)| *sum += y * x);
        }
        sum
    }

    /// A leaf for a target of the relative error; `None` where doubles break down.
    ///
    /// c(y) is the Galerkin projection in the polynomials for the weight of Chebyshev polynomials, by conjugate gradients.
    /// s_k then makes the sum over the blocks of |z_k|^2 / lo least, for every k by itself.
    pub fn approx_leaf(&self, memory: &mut FitMemory, place: &Place<'_>, target: f64) -> Option<Leaf> {
        let Place { cell, ranges, indices, .. } = *place;
        let (d, q, count) = (self.basis, self.fluxes, indices.count());
        let middle = self.approx_solve(&cell.middle)?;
        // The compliance is least at the corner that all energies point to.
        let corner: Vec<f64> = (0..cell.low.len())
            .map(|i| if self.approx_energy(i + 1, &middle) >= 0.0 { cell.high[i] } else { cell.low[i] })
            .collect();
        let below = self.approx_solve(&corner)?;
        let energy = below.iter().zip(&self.load).map(|(c, f)| c * f).sum::<f64>();
        let allowed = target * energy.sqrt();

        self.approx_projection(memory, indices, cell, ITERATION * allowed)?;
        let least = ranges.iter().map(|r| r.low).fold(f64::INFINITY, f64::min);
        let most = ranges.iter().map(|r| r.high).fold(0.0, f64::max);
        // Rounding moves every z_k by about 0.3 unit (q^(1/2) |W| + d^(1/2) a), and |z|^2 / (2 lo) counts.
        let move_by_one = 0.2
            * count as f64
            * (self.flux_size * (q as f64 / least).sqrt() + (d as f64 * most * (most / least)).sqrt());
        let largest = memory.x.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        let exponent = (ROUNDING * allowed / move_by_one).log2().floor().max(largest.log2() - LEAF_BITS + 1.0);
        if exponent.is_nan() || exponent.abs() > 900.0 {
            return None;
        }
        let unit = 2f64.powi(exponent as i32);
        let round = |x: f64| (x / unit).round();
        memory.x.iter_mut().for_each(|x| *x = round(*x) * unit);

        self.approx_dual(memory, place)?;
        let mut polynomials = Vec::with_capacity(count * (d + q));
        for k in 0..count {
            polynomials.extend(memory.x[k * d..(k + 1) * d].iter().map(|x| round(*x) as i64));
            polynomials.extend(memory.z[k * q..(k + 1) * q].iter().map(|x| round(*x) as i64));
        }
        let below: Vec<i64> = below.iter().map(|x| round(*x) as i64).collect();
        let short = polynomials.iter().chain(&below).all(|x| x.unsigned_abs() <= 1 << 52);
        short.then_some(Leaf { degree: indices.degree(), exponent: exponent as i64, below, polynomials })
    }

    /// c(y), written to `x`.
    fn approx_projection(&self, memory: &mut FitMemory, indices: &Indices, cell: &Cell, accuracy: f64) -> Option<()> {
        let (d, length) = (self.basis, self.basis * indices.count());
        let FitMemory { x, r, z, p, image, product } = memory;
        [&mut *x, r, z, p, image, product].into_iter().for_each(|list| {
            list.clear();
            list.resize(length, 0.0);
        });
        let middle = self.form(&cell.middle);
        let inverse = inverse(&middle, d)?;
        let inner = |a: &[f64], b: &[f64]| -> f64 {
            let parts = a.chunks_exact(d).zip(b.chunks_exact(d)).zip(indices.weights());
            parts.map(|((a, b), w)| w * a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>()).sum()
        };
        r[..d].copy_from_slice(&self.load);
        multiply(z, Accum::Replace, &inverse, r, d, d);
        p.copy_from_slice(z);
        let mut energy = inner(r, z);
        for _ in 0..MAX_STEPS {
            multiply(image, Accum::Replace, &middle, p, d, d);
            for (v, i) in cell.variables.iter().enumerate() {
                multiply(product, Accum::Replace, &self.forms[i + 1], p, d, d);
                indices.add_product(image, d, v, cell.radius[*i], product);
            }
            let step = energy / inner(p, image);
            if !step.is_finite() {
                return None;
            }
            x.iter_mut().zip(&*p).for_each(|(x, p)| *x += step * p);
            r.iter_mut().zip(&*image).for_each(|(r, i)| *r -= step * i);
            multiply(z, Accum::Replace, &inverse, r, d, d);
            let next = inner(r, z);
            if next.max(0.0).sqrt() <= accuracy || next >= energy && next <= 1e-28 * inner(x, x) {
                break;
            }
            let ratio = next / energy;
            energy = next;
            p.iter_mut().zip(&*z).for_each(|(p, z)| *p = z + ratio * *p);
        }
        Some(())
    }

    /// s(y) for the c(y) in `x`, written to `z`.
    fn approx_dual(&self, memory: &mut FitMemory, place: &Place<'_>) -> Option<()> {
        let Place { cell, ranges, blocks, indices } = *place;
        let (d, q, count) = (self.basis, self.fluxes, indices.count());
        let FitMemory { x, r, z, image, product, .. } = memory;
        z.clear();
        z.resize(q * count, 0.0);
        if q == 0 {
            return Some(());
        }
        let mut gram = vec![0.0; q * q];
        let mut mixed = vec![vec![0.0; q * d]; cell.variables.len() + 1];
        [&mut *r, image, product].into_iter().for_each(|list| {
            list.clear();
            list.resize(q * count, 0.0);
        });
        for ((block, range), products) in blocks.iter().zip(ranges).zip(&self.products) {
            let weight = 1.0 / range.low;
            let add = |sum: &mut [f64], factor: f64, x: &[f64]| {
                if factor != 0.0 {
                    sum.iter_mut().zip(x).for_each(|(sum, x)| *sum += factor * x);
                }
            };
            add(&mut gram, weight, &products.gram);
            add(&mut r[..q], -weight, &products.start);
            for (term, product) in block.terms.iter().zip(&products.mixed) {
                let (start, slopes) = term.local(cell);
                for (sum, factor) in mixed.iter_mut().zip(std::iter::once(&start).chain(&slopes)) {
                    add(sum, weight * factor, product);
                }
            }
        }
        for (v, matrix) in mixed.iter().enumerate() {
            multiply(product, Accum::Replace, matrix, x, q, d);
            match v.checked_sub(1) {
                None => r.iter_mut().zip(&*product).for_each(|(r, x)| *r += x),
                Some(v) => indices.add_product(r, q, v, 1.0, product),
            }
        }
        let inverse = inverse(&gram, q)?;
        multiply(z, Accum::Replace, &inverse, r, q, q);
        // One step of refinement.
        multiply(r, Accum::Add, &gram.iter().map(|x| -x).collect::<Vec<_>>(), z, q, q);
        multiply(z, Accum::Add, &inverse, r, q, q);
        Some(())
    }
}

/// The inverse of a symmetric positive definite matrix, column by column.
fn inverse(matrix: &[f64], n: usize) -> Option<Vec<f64>> {
    use faer::linalg::solvers::DenseSolveCore;
    let matrix = MatRef::from_column_major_slice(matrix, n, n);
    let inverse = matrix.llt(faer::Side::Lower).ok()?.inverse();
    Some(inverse.col_iter().flat_map(|c| c.iter().copied().collect::<Vec<_>>()).collect())
}
