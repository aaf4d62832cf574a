//! Numbers that look random and are the same everywhere.

use super::{Integer, Rational};

/// The generator splitmix64: the state runs through all 64-bit numbers, its bits are mixed for the output.
///
/// **Source.** G. L. Steele, D. Lea, C. H. Flood, *Fast splittable pseudorandom number generators*, OOPSLA 2014.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// The sequence that starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    /// The sequence number `index` of a seed: its own start, far from the others'.
    pub fn stream(seed: u64, index: u64) -> Self {
        let start = Self(seed).next_u64();
        Self(Self(start ^ index).next_u64())
    }
    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    /// A number of [lo, hi]: lo plus a multiple of 2^-32 of the length, all multiples alike.
    pub fn between(&mut self, lo: &Rational, hi: &Rational) -> Rational {
        let share = Rational::from(Integer::from(self.next_u64() >> 32)).scale_by_power_of_two(-32);
        lo + &(&(hi - lo) * &share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_sequence() {
        let mut random = SplitMix64::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn numbers_fill_an_interval() {
        let (lo, hi) = (Rational::from(-1), Rational::from(2));
        let mut random = SplitMix64::stream(1, 7);
        let mut counts = [0; 3];
        for _ in 0..3000 {
            let x = random.between(&lo, &hi);
            assert!(x >= lo && x < hi);
            counts[usize::try_from(x.floor().to_i64().unwrap_or(9) + 1).unwrap_or(9)] += 1;
        }
        assert!(counts.iter().all(|count| (800..1200).contains(count)), "{counts:?}");
        assert_ne!(SplitMix64::stream(1, 8).next_u64(), SplitMix64::stream(1, 7).next_u64());
    }
}
