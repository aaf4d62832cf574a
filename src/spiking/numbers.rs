//! Numbers for tests that are the same on every machine.

use crate::arith::Rational;

/// A small generator.
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    /// A number below n.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
    /// An integer of a range, its ends included.
    pub(super) fn between(&mut self, lower: i64, upper: i64) -> i64 {
        lower + self.below((upper - lower + 1) as u64) as i64
    }
    /// An integer of a range, or half of one.
    pub(super) fn ratio(&mut self, lower: i64, upper: i64) -> Rational {
        let denominator = 1 + self.below(2) as i64;
        Rational::ratio(self.between(lower, upper), denominator)
    }
}
