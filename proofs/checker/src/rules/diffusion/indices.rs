//! Multi-indices of polynomials in Chebyshev form.

use std::collections::HashMap;

use num_bigint::BigInt;

use crate::problem::Problem;
use crate::rules::require;

/// The most multi-indices of a leaf, and the most entries of them all.
const INDICES: u128 = 1 << 16;
const ENTRIES: u128 = 1 << 22;

/// Multi-indices with |k| <= t + 1, by |k|, then lexicographically.
pub struct Indices {
    pub list: Vec<Vec<u16>>,
    /// How many have |k| <= t.
    pub count: usize,
    places: HashMap<Vec<u16>, usize>,
}

/// All multi-indices of this sum that begin so, lexicographically.
fn compositions(sum: u16, sides: usize, begin: &mut Vec<u16>, list: &mut Vec<Vec<u16>>) {
    match sides - begin.len() {
        0 => list.push(begin.clone()),
        rest => {
            for entry in if rest == 1 { sum } else { 0 }..=sum {
                begin.push(entry);
                compositions(sum - entry, sides, begin, list);
                begin.pop();
            }
        }
    }
}

impl Indices {
    /// `t` is at most 2^8.
    pub fn new(sides: usize, t: u16) -> Result<Self, Problem> {
        let degree = if sides == 0 { 0 } else { t + 1 };
        // C(sides + degree, degree)
        let mut all = 1u128;
        for k in 1..=u128::from(degree) {
            all = (all * (sides as u128 + k) / k).min(u128::from(u64::MAX));
        }
        require(all <= INDICES, "there are at most 2^16 multi-indices of degree up to t + 1")?;
        require(all * sides as u128 <= ENTRIES, "these multi-indices have at most 2^22 entries")?;
        let (mut list, mut count) = (Vec::new(), 0);
        for sum in 0..=degree {
            compositions(sum, sides, &mut Vec::new(), &mut list);
            if sum <= t {
                count = list.len();
            }
        }
        let places = list.iter().cloned().zip(0..).collect();
        Ok(Self { list, count, places })
    }
    /// The place of a multi-index with entry i one more or less, if the sum is then at most t.
    fn moved(&self, k: &[u16], i: usize, up: bool) -> Option<usize> {
        let mut k = k.to_vec();
        let entry = k.get_mut(i)?;
        *entry = if up { *entry + 1 } else { entry.checked_sub(1)? };
        self.places.get(&k).copied().filter(|place| *place < self.count)
    }
    /// Coefficient k of 2 tau_i c for a polynomial c with these coefficients, as a sum of multiples of those of c:
    /// 2 T_1 T_k = T_(k+1) + T_|k-1|.
    pub fn neighbours(&self, k: &[u16], i: usize) -> impl Iterator<Item = (usize, BigInt)> {
        let twice = if k.get(i) == Some(&1) { 2 } else { 1 };
        let below = self.moved(k, i, false).map(|place| (place, BigInt::from(twice)));
        below.into_iter().chain(self.moved(k, i, true).map(|place| (place, BigInt::from(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multi_indices_come_by_their_sum_and_then_in_order() {
        let indices = Indices::new(2, 1).ok();
        let expected: [&[u16]; 6] = [&[0, 0], &[0, 1], &[1, 0], &[0, 2], &[1, 1], &[2, 0]];
        assert!(indices.as_ref().is_some_and(|indices| indices.count == 3 && indices.list == expected));
        assert!(Indices::new(0, 200).is_ok_and(|indices| (indices.list.len(), indices.count) == (1, 1)));
        assert!(Indices::new(1000, 1).is_err() && Indices::new(5000, 0).is_err());
        // 2 T_1 T_0 = 2 T_1, 2 T_1 T_2 = T_3 + T_1
        let indices = Indices::new(1, 2).ok();
        let of = |k: u16| indices.as_ref().map(|indices| indices.neighbours(&[k], 0).collect::<Vec<_>>());
        let (one, two) = (BigInt::from(1), BigInt::from(2));
        assert_eq!(of(0), Some(vec![(1, one.clone())]));
        assert_eq!(of(1), Some(vec![(0, two), (2, one.clone())]));
        assert_eq!(of(3), Some(vec![(2, one)]));
    }
}
