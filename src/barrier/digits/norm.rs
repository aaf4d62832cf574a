//! The norms in which errors are measured, without roots.

use crate::arith::Rational;

/// Bits of roots.
const BITS: u64 = 60;

/// A norm of vectors: sum, root of the sum of squares, maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Norm {
    /// p = 1.
    One,
    /// p = 2.
    Two,
    /// p = infinity.
    Infinity,
}

impl Norm {
    /// Every norm.
    pub const ALL: [Self; 3] = [Self::One, Self::Two, Self::Infinity];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
            Self::Infinity => "inf",
        }
    }

    /// What is computed instead of the norm: its square for p = 2, else the norm itself. It is rational, and has the
    /// order of the norm.
    pub fn measure(self, x: &[Rational]) -> Rational {
        match self {
            Self::One => x.iter().map(Rational::abs).sum(),
            Self::Two => x.iter().map(|x| x * x).sum(),
            Self::Infinity => x.iter().map(Rational::abs).fold(Rational::zero(), Rational::max),
        }
    }

    /// The measure of a vector whose norm is `bound`.
    pub fn measure_of(self, bound: &Rational) -> Rational {
        if self == Self::Two { bound * bound } else { bound.clone() }
    }

    /// A number at most the norm, from its measure; equal to it unless p = 2.
    pub fn root_down(self, measure: &Rational) -> Rational {
        if self == Self::Two { measure.sqrt_down(BITS) } else { measure.clone() }
    }

    /// A number at least the norm, from its measure; equal to it unless p = 2.
    pub fn root_up(self, measure: &Rational) -> Rational {
        if self == Self::Two { measure.sqrt_up(BITS) } else { measure.clone() }
    }

    /// A rational c with c > 2^(1 - 1/p), near it: then half the distance of c e1 and c e2 exceeds 1.
    pub(super) fn jump(self) -> Rational {
        match self {
            Self::One => Rational::ratio(10_001, 10_000),
            // 14143^2 = 200024449 > 2 10^8.
            Self::Two => Rational::ratio(14_143, 10_000),
            Self::Infinity => Rational::ratio(20_002, 10_000),
        }
    }
}
