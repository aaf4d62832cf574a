//! Parameters that bases are trained on.

use crate::arith::SplitMix64;

use super::super::Coefficient;

/// The most corners of the box that are taken.
const MAX_CORNERS: usize = 256;

/// The corners of the box where there are at most 256, and `count` random parameters in doubles.
///
/// Every second random parameter is uniform in the box; the others have mu + y_i uniform on a logarithmic scale, as
/// solutions change most where coefficients are small.
pub fn approx_training_set(coefficient: &Coefficient, count: usize, seed: u64) -> Vec<Vec<f64>> {
    let shape = coefficient.shape();
    let p = shape.parameters();
    let shift = coefficient.shift().approx_f64();
    let ranges: Vec<[f64; 2]> = (0..p).map(|i| shape.range(i).map(|end| end.approx_f64())).collect();
    let mut points = Vec::new();
    if p < MAX_CORNERS.ilog2() as usize + 1 {
        for corner in 0..1usize << p {
            points.push(ranges.iter().enumerate().map(|(i, range)| range[corner >> i & 1]).collect());
        }
    }
    for index in 0..count {
        let mut random = SplitMix64::stream(seed, index as u64);
        let one = |&[least, most]: &[f64; 2]| {
            let share = (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
            if index % 2 == 0 {
                return least + share * (most - least);
            }
            let [low, high] = [shift, shift + most - least];
            (least + low * (high / low).powf(share) - shift).clamp(least, most)
        };
        points.push(ranges.iter().map(one).collect());
    }
    points
}
