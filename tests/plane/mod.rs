//! Networks of the size of ACAS Xu with numbers that look random, on a plane; the tests and a bench cut it.

use certinet::arith::Rational;
use certinet::linalg::Matrix;
use certinet::network::{Block, Layer, Layered, LinearMap};
use certinet::polyhedra::restrict;

/// Numbers that look random and are the same everywhere (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// About normal with this standard deviation: a sum of four uniform numbers.
    fn normal(&mut self, deviation: f64) -> f64 {
        let sum: f64 = (0..4).map(|_| (self.next() >> 11) as f64 / (1u64 << 53) as f64 - 0.5).sum();
        sum * 3f64.sqrt() * deviation
    }
}

/// The shape of ACAS Xu with weights of variance 2 / inputs and small biases, each rounded by `round`.
pub fn network(seed: u64, round: impl Fn(f64) -> f64) -> Layered {
    let mut numbers = Numbers(seed);
    let widths = [5, 50, 50, 50, 50, 50, 50, 5];
    let layer = |pair: &[usize]| {
        let mut entries = |count: usize, deviation: f64| -> Vec<Rational> {
            (0..count).map(|_| Rational::from_f64(round(numbers.normal(deviation))).unwrap()).collect()
        };
        let deviation = (2.0 / pair[0] as f64).sqrt();
        let rows: Vec<Vec<Rational>> = (0..pair[1]).map(|_| entries(pair[0], deviation)).collect();
        let bias = entries(pair[1], 0.1);
        let rows: Vec<&[Rational]> = rows.iter().map(Vec::as_slice).collect();
        Layer { map: LinearMap::literal(Block::from_rows(&rows)), bias: LinearMap::vector(&bias) }
    };
    Layered::new(widths.windows(2).map(layer).collect()).unwrap()
}

/// The plane through two inputs of five, as the figures of the literature show it.
pub fn plane(network: &Layered) -> Layered {
    let base = ["0", "0.1", "-0.2", "0.3", "0.05"].map(|x| x.parse::<Rational>().unwrap());
    let columns = Matrix::from_fn(5, 2, |i, j| Rational::from(i64::from(i == j)));
    restrict(network, &base, &columns).unwrap()
}

/// The weights of a program that computes in single precision.
pub fn float_weights() -> Layered {
    network(1, |x| f64::from(x as f32))
}

/// Multiples of 1/16.
pub fn coarse_weights() -> Layered {
    network(2, |x| (x * 16.0).round() / 16.0)
}

/// The square around 0 of the plane's coordinates with sides of this length.
pub fn square(side: &str) -> [(Rational, Rational); 2] {
    let half = side.parse::<Rational>().unwrap() * Rational::ratio(1, 2);
    [(-&half, half.clone()), (-&half, half)]
}
