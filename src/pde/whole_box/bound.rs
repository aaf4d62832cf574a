//! The bound of one cell, proved in doubles.

use faer::Accum;

use super::blocks::{gamma, norm_upper};
use super::cell::{Cell, Place};
use super::fit::{Fits, multiply};
use super::{Leaf, Norm};

/// Energies and coefficients that doubles square without losing digits; others have no bound.
const MODERATE: core::ops::Range<f64> = 1e-100..1e100;
/// More than underflow takes from a norm: the root of the least positive double is 2e-162.
const UNDERFLOW: f64 = 1e-150;

/// What the bounds of all cells share.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Upper bounds of the 2-norms of f - D sigma_0, D W_1, .., D W_q.
    pub defects: Vec<f64>,
    /// An upper bound of n / 8^(1/2).
    pub cells: f64,
    /// The norm.
    pub norm: Norm,
}

/// Memory for the bounds of one thread.
#[derive(Debug, Clone, Default)]
pub struct BoundMemory {
    c: Vec<f64>,
    s: Vec<f64>,
    z: Vec<f64>,
    product: Vec<f64>,
    /// For every variable how much the coefficients of the highest degrees hold of it: a guess.
    pub scores: Vec<f64>,
}

impl Bounds {
    /// An upper bound of |u_y - u_G| / |u_y| for all y of the cell, from the leaf's polynomials; infinite where the lower
    /// bound of the energy is not positive.
    ///
    /// **Statement.** At least the number that the leaf condition of a certificate needs for rho: with z_k the coefficients of
    /// sigma_0 + sum s_j W_j - a_y dV c and Z = sum over k of |z_k| / 2^(1/2) on a block,
    /// ((sum Z^2 / lo)^(1/2) + g)^2 kappa / m, for the exact z_k, lo and m.
    ///
    /// **Exactness.** Upper bound: every product in doubles is followed by what its rounding may have taken.
    pub fn upper(&self, memory: &mut BoundMemory, fits: &Fits, place: &Place<'_>, leaf: &Leaf) -> f64 {
        let Place { cell, ranges, blocks, indices } = *place;
        let (d, q, count) = (fits.basis, fits.fluxes, indices.count());
        // Whole numbers below 2^53 times a power of two in range: exact.
        let unit = 2f64.powi(leaf.exponent as i32);
        let BoundMemory { c, s, z, product, scores } = memory;
        scores.clear();
        scores.resize(cell.variables.len(), 0.0);
        [&mut *c, s].into_iter().for_each(Vec::clear);
        for numbers in leaf.polynomials.chunks_exact(d + q) {
            c.extend(numbers[..d].iter().map(|x| *x as f64 * unit));
            s.extend(numbers[d..].iter().map(|x| *x as f64 * unit));
        }
        // Sums over k of |c_k| and of |s_k|.
        let norms = |list: &[f64], n: usize| {
            if n == 0 { 0.0 } else { list.chunks_exact(n).map(norm_upper).sum::<f64>() * (1.0 + gamma(count + 2)) }
        };
        let (c_sum, s_sum) = (norms(c, d), norms(s, q));
        // Roundings on the way to an entry of z_k: products of R with s_k or c_k, q or d terms; a number a_0 + sum of a_i m_i
        // or a_i r_i of p + 1 terms, times that; for every factor of the gradients at most 3 p + 1 sums, as a product by
        // tau_i comes from at most three halves.
        let p = cell.low.len();
        let factors = blocks.first().map_or(1, |block| block.terms.len());
        let depth = q + factors * (d + 3 * p + 4) + 2 * p + 16;

        let mut squares = 0.0;
        for (block, range) in blocks.iter().zip(ranges) {
            let r = block.rows;
            z.clear();
            z.resize(r * indices.total(), 0.0);
            product.clear();
            product.resize(r * count, 0.0);
            let columns = |from: usize, n: usize| &block.factor[from * r..(from + n) * r];
            multiply(&mut z[..r * count], Accum::Replace, columns(1, q), s, r, q);
            z[..r].iter_mut().zip(columns(0, 1)).for_each(|(z, x)| *z += x);
            // `size`: a bound of the sum over k of |x_k| for the coefficients x_k that R multiplies. `rounding`: what the
            // 2-norms of the entries' absolute terms sum up to; a product by tau keeps the sum of norms.
            let mut size = 1.0 + s_sum;
            let mut rounding = norm_upper(columns(0, 1)) + norm_upper(columns(1, q)) * s_sum;
            for (t, term) in block.terms.iter().enumerate() {
                let gradients = columns(1 + q + t * d, d);
                multiply(product, Accum::Replace, gradients, c, r, d);
                let (start, slopes) = term.local(cell);
                z.iter_mut().zip(&*product).for_each(|(z, x)| *z -= start * x);
                for (v, slope) in slopes.iter().enumerate() {
                    if *slope != 0.0 {
                        indices.add_product(z, r, v, -slope, product);
                    }
                }
                let factor = term.size(cell) * (1.0 + gamma(2 * p + 8)) * c_sum;
                size += factor;
                rounding += norm_upper(gradients) * factor;
            }
            let sum = z.chunks_exact(r).map(|z| z.iter().map(|x| x * x).sum::<f64>().sqrt()).sum::<f64>();
            let sum = sum * (1.0 + gamma(r + indices.total() + 8)) + gamma(depth) * rounding;
            // |X x| <= stretch |R x| + rest |x|
            // What products lose by underflow is far below the last term, and that below the root of any moderate energy.
            let total = (block.stretch * sum + block.rest * size) * (1.0 + gamma(16)) + UNDERFLOW;
            squares += total * total / (2.0 * range.low);
            for (k, z) in
                indices.list().iter().zip(z.chunks_exact(r)).filter(|(k, _)| k.iter().sum::<u32>() >= indices.degree())
            {
                let weight = total / range.low * z.iter().map(|x| x * x).sum::<f64>().sqrt();
                scores.iter_mut().zip(k).for_each(|(score, k)| *score += f64::from(*k) * weight);
            }
        }
        let least = ranges.iter().map(|range| range.low).fold(f64::INFINITY, f64::min);
        if least.is_nan() || least <= 0.0 {
            return f64::INFINITY;
        }
        // |f - D sigma(y)| <= r_0 + sum over j of r_j sum over k of |s_jk|
        let mut defect = self.defects[0];
        for s in s.chunks_exact(q.max(1)) {
            defect += s.iter().zip(&self.defects[1..]).map(|(s, r)| s.abs() * r).sum::<f64>();
        }
        let defect = defect * (1.0 + gamma(count + q + 8)) * self.cells / least.sqrt();
        let energy = energy_lower(fits, cell, leaf, unit);
        if !MODERATE.contains(&energy) || !MODERATE.contains(&least) {
            return f64::INFINITY;
        }
        let most = ranges.iter().map(|range| range.high).fold(0.0, f64::max);
        let kappa = match self.norm {
            Norm::Energy => 1.0,
            Norm::H1 => most / least,
        };
        let whole = squares.sqrt() + defect;
        // Few operations on positive numbers are left, each off by u; blocks are at most 64.
        let bound = (whole * whole * kappa / energy).sqrt() * (1.0 + gamma(2 * blocks.len() + 32));
        if bound.is_finite() { bound } else { f64::INFINITY }
    }
}

/// A lower bound of 2 f_V . c* - c* . B_0 c* - sum of max(l_i b_i, h_i b_i) with b_i = c* . B_i c*.
fn energy_lower(fits: &Fits, cell: &Cell, leaf: &Leaf, unit: f64) -> f64 {
    let c: Vec<f64> = leaf.below.iter().map(|x| *x as f64 * unit).collect();
    let norm = norm_upper(&c);
    let twice = 2.0 * c.iter().zip(&fits.load).map(|(c, f)| c * f).sum::<f64>();
    let mut value = twice - fits.approx_energy(0, &c);
    // |c . f| <= |c| |f|, |c . B c| <= |c|^2 |B|_F, also for absolute values of all entries.
    let mut size = 2.0 * norm * norm_upper(&fits.load) + norm * norm * norm_upper(&fits.forms[0]);
    for (i, (l, h)) in cell.low.iter().zip(&cell.high).enumerate() {
        let b = fits.approx_energy(i + 1, &c);
        value -= (l * b).max(h * b);
        size += l.abs().max(h.abs()) * norm * norm * norm_upper(&fits.forms[i + 1]);
    }
    // Entries of f_V and B_i are off by a few u themselves.
    value - gamma(2 * c.len() + 2 * cell.low.len() + 32) * size
}
