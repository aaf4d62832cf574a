//! Fields that are constant on triangles: h times gradients and fluxes, two numbers a triangle.

use core::ops::{AddAssign, Sub, SubAssign};

use crate::arith::{Integer, Rational};

use super::super::Grid;
use super::super::reduced::Setting;

/// Significant bits of defects.
const BITS: u64 = 64;

/// The components of h grad u on all triangles as differences of two nodal values: u at the first node minus u at the
/// second one, 0 on the boundary.
pub struct Differences {
    pairs: Vec<[Option<usize>; 2]>,
    unknowns: usize,
}

impl Differences {
    /// Those of a grid.
    pub fn new(grid: Grid) -> Self {
        let pairs = grid.triangles().flat_map(|triangle| {
            let [corner, beside, along] = triangle.corners().map(|[i, j]| grid.unknown(i, j));
            // The lower triangle has its right angle at the right end of its horizontal side and at the lower end of its
            // vertical one, the upper triangle at the other ends.
            if triangle.upper { [[beside, corner], [corner, along]] } else { [[corner, beside], [along, corner]] }
        });
        Self { pairs: pairs.collect(), unknowns: grid.unknowns() }
    }
    /// h grad u.
    pub fn gradient<T: Copy + Default + Sub<Output = T>>(&self, u: &[T]) -> Vec<T> {
        let value = |node: Option<usize>| node.map_or_else(T::default, |node| u[node]);
        self.pairs.iter().map(|pair| value(pair[0]) - value(pair[1])).collect()
    }
    /// 2 D w: the sums of w . (h grad phi) for the hat functions of all interior nodes.
    pub fn twice_divergence<T: Copy + Default + AddAssign + SubAssign>(&self, w: impl Iterator<Item = T>) -> Vec<T> {
        let mut sums = vec![T::default(); self.unknowns];
        for (pair, w) in self.pairs.iter().zip(w) {
            if let Some(node) = pair[0] {
                sums[node] += w;
            }
            if let Some(node) = pair[1] {
                sums[node] -= w;
            }
        }
        sums
    }
    /// Upper bounds of the 2-norms of f - D sigma_0, D W_1, .., D W_q for fields of integers over 2^exponent.
    ///
    /// **Exactness.** Sums of squares are exact, roots are rounded up.
    pub fn defects_upper(&self, setting: &Setting, fields: &[Vec<i64>], exponent: i64) -> Vec<f64> {
        let (right, denominator) = setting.right();
        let defect = |(j, field): (usize, &Vec<i64>)| {
            // |2 D w| <= 12 2^63
            let twice = self.twice_divergence(field.iter().map(|w| i128::from(*w)));
            let mut sum = Integer::zero();
            let mut add = |x: Integer| sum += &(&x * &x);
            let unit = if j > 0 {
                twice.iter().for_each(|d| add(Integer::from(*d)));
                Rational::power_of_two(-exponent - 1)
            } else {
                // f - D sigma = (2^k g - F 2^l d) / (F 2^k) with f = g / F, D sigma = d 2^l / 2^k
                let [up, down] = [(exponent + 1).max(0), (-exponent - 1).max(0)].map(|k| k as u64);
                for (f, d) in right.iter().zip(&twice) {
                    add(f.shl(up) - (denominator * &Integer::from(*d)).shl(down));
                }
                Rational::power_of_two(-(up as i64)) / Rational::from(denominator)
            };
            (Rational::from(sum).sqrt_up(BITS) * unit).to_f64_up()
        };
        fields.iter().enumerate().map(defect).collect()
    }
}
