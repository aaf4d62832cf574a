//! Kernels of f64 evaluation: one layer on one block, plain or with a running error bound.
//!
//! **Theorem.** Let y be an output of the network in exact arithmetic, and let `value` and `error` be what
//! [`PreparedLayer::bounded`], layer after layer, returns for it. If `error` is finite, then |value - y| <= error.
//!
//! **Proof.** u = 2^-53. By induction every neuron has a value x' and a bound e >= |x' - x|, where e is 0 or at least
//! (1 - u) 2^-1000, or not finite (infinity or NaN, which every operation below passes on).
//!
//! *One product.* Let w' be the weight in f64, |w - w'| <= d, and p = fl(w' x'). Then
//! |p - w x| <= |p - w' x'| + |w'| |x' - x| + |w - w'| |x| <= r |p| + 2^-1075 + |w'| e + d (|x'| + e),
//! where r = u in general (rounding to nearest; 2^-1075 is half the spacing of the subnormals) and r = 0 when w' is a
//! power of two, whose products are exact unless they are subnormal.
//!
//! *One sum.* For s = fl(y' + p) Knuth's two-sum computes y' + p - s exactly, in any order of magnitude, unless
//! something overflows, and then it is infinite or NaN. So the true error of the addition is charged, not a bound on it.
//!
//! *The bound itself* is computed in f64. With t = |w'| e + d (|x'| + e) + r |p| + |y' + p - s|, at most seven roundings of
//! numbers that are not negative, the computed t~ >= (1 - u)^7 t - 4 * 2^-1075. Then
//! fl(fl(t~ (1 + 2^-49)) + 2^-1000) >= (1 - u)^9 (1 + 16u) t + (1 - u) 2^-1000 - 2^-1071 >= t + 2^-1075,
//! for (1 - 9u)(1 + 16u) >= 1. Where the product and the sum are seen to be exact nothing is added. With that term t' the
//! new bound E' = fl(fl(E + t') (1 + 2^-51)) >= (1 - u)^2 (1 + 4u) (E + t') >= E + t', as E + t' is 0 or a normal number.
//!
//! *ReLU* is 1-Lipschitz, so the bound stays; and where e <= -x', both x' and x are at most 0 and ReLU maps both to 0.

// The loops over lanes index arrays of one length at once; this is the form that is vectorised.
#![allow(clippy::needless_range_loop)]

use crate::network::Tile;

/// The largest relative error of one rounding, 2^-53.
const UNIT: f64 = 1.0 / 9_007_199_254_740_992.0;
/// 1 + 2^-49 and 1 + 2^-51.
const TERM_FACTOR: f64 = 1.0 + 16.0 * UNIT;
const SUM_FACTOR: f64 = 1.0 + 4.0 * UNIT;
/// 2^-1000 and 2^-900.
pub(super) const TINY: f64 = f64::from_bits((1023 - 1000) << 52);
const SAFE: f64 = f64::from_bits((1023 - 900) << 52);

/// A layer with weights in f64.
#[derive(Debug, Clone)]
pub(super) struct PreparedLayer {
    pub rows: usize,
    pub bias: Vec<Entry>,
    pub tiles: Vec<(Tile, Vec<Entry>)>,
    pub relu: bool,
}

/// One entry of a block: offsets with steps multiplied in, the weight and a bound on its representation error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub row: usize,
    pub column: usize,
    pub weight: f64,
    pub error: f64,
}

impl Entry {
    /// Whether products with this f64 weight are exact unless they are subnormal.
    fn is_exact(&self) -> bool {
        let fraction = self.weight.to_bits() & ((1 << 52) - 1);
        self.weight.is_normal() && fraction == 0
    }
}

impl PreparedLayer {
    /// Values alone, in the order of operations of [`Self::bounded`].
    pub fn values<const L: usize>(&self, from: &[[f64; L]], to: &mut [[f64; L]]) {
        to[..self.rows].fill([0.0; L]);
        for entry in &self.bias {
            to[entry.row].iter_mut().for_each(|y| *y += entry.weight);
        }
        for (tile, entries) in &self.tiles {
            tile.for_each_position(|row, column| {
                // Entries are sorted: those of one row follow one another, and its sum stays in registers.
                for run in entries.chunk_by(|a, b| a.row == b.row) {
                    let y = &mut to[row + run[0].row];
                    let mut sum = *y;
                    for entry in run {
                        let x = &from[column + entry.column];
                        for l in 0..L {
                            sum[l] += entry.weight * x[l];
                        }
                    }
                    *y = sum;
                }
            });
        }
        if self.relu {
            for y in &mut to[..self.rows] {
                y.iter_mut().for_each(|y| *y = if *y > 0.0 { *y } else { 0.0 });
            }
        }
    }

    /// Values and bounds on their errors; see the theorem above.
    pub fn bounded<const L: usize>(&self, from: &[RunningLane<L>], to: &mut [RunningLane<L>]) {
        to[..self.rows].fill(RunningLane::default());
        for entry in &self.bias {
            // A bias is the weight of a constant input 1, and a product with 1 is exact.
            let one = RunningLane { value: [1.0; L], error: [0.0; L] };
            accumulate(&mut to[entry.row], &one, entry, true);
        }
        for (tile, entries) in &self.tiles {
            tile.for_each_position(|row, column| {
                for entry in entries {
                    accumulate(&mut to[row + entry.row], &from[column + entry.column], entry, entry.is_exact());
                }
            });
        }
        if self.relu {
            for RunningLane { value, error } in &mut to[..self.rows] {
                for l in 0..L {
                    // An infinite or NaN bound is never forgotten.
                    let zero = (error[l] <= -value[l]) & (error[l] < f64::INFINITY);
                    error[l] = if zero { 0.0 } else { error[l] };
                    value[l] = if value[l] > 0.0 { value[l] } else { 0.0 };
                }
            }
        }
    }
}

/// A computed value and a bound on its distance to the exact one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Running {
    pub value: f64,
    pub error: f64,
}

/// [`Running`] for every lane, values and bounds apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunningLane<const L: usize> {
    value: [f64; L],
    error: [f64; L],
}

impl<const L: usize> Default for RunningLane<L> {
    fn default() -> Self {
        Self { value: [0.0; L], error: [0.0; L] }
    }
}

/// The values of one neuron on the L inputs of a block.
pub(super) trait LaneOf<T>: Clone + Send {
    /// Zeros.
    fn zero() -> Self;
    /// Sets one lane.
    fn set(&mut self, lane: usize, value: T);
    /// Reads one lane.
    fn get(&self, lane: usize) -> T;
}

impl<const L: usize> LaneOf<f64> for [f64; L] {
    fn zero() -> Self {
        [0.0; L]
    }
    fn set(&mut self, lane: usize, value: f64) {
        self[lane] = value;
    }
    fn get(&self, lane: usize) -> f64 {
        self[lane]
    }
}

impl<const L: usize> LaneOf<Running> for RunningLane<L> {
    fn zero() -> Self {
        Self::default()
    }
    fn set(&mut self, lane: usize, value: Running) {
        (self.value[lane], self.error[lane]) = (value.value, value.error);
    }
    fn get(&self, lane: usize) -> Running {
        Running { value: self.value[lane], error: self.error[lane] }
    }
}

/// y += w x with the bounds of the theorem; `exact` when the product w' x' is exact unless it is subnormal.
fn accumulate<const L: usize>(y: &mut RunningLane<L>, x: &RunningLane<L>, entry: &Entry, exact: bool) {
    let (w, size, d) = (entry.weight, entry.weight.abs(), entry.error);
    let r = if exact { 0.0 } else { UNIT };
    let sure_product = exact && d <= 0.0;
    for l in 0..L {
        let (value, error) = (x.value[l], x.error[l]);
        let p = w * value;
        let (sum, lost) = two_sum(y.value[l], p);
        let t = size * error + d * (value.abs() + error) + r * p.abs() + lost.abs();
        // 0 times the exact 0 is exact, and so is a power of two times x' unless the product may be subnormal.
        let sure = (value.abs() <= 0.0) | (sure_product & (p.abs() >= SAFE));
        let nothing = sure & (error <= 0.0) & (lost.abs() <= 0.0);
        let term = if nothing { 0.0 } else { t * TERM_FACTOR + TINY };
        y.error[l] = (y.error[l] + term) * SUM_FACTOR;
        y.value[l] = sum;
    }
}

/// fl(a + b) and its exact error.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let s = a + b;
    let a_part = s - b;
    let b_part = s - a_part;
    (s, (a - a_part) + (b - b_part))
}
