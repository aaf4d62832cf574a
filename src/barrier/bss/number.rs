//! One element of a tower of square roots.

use core::ops::Neg;

use crate::arith::Rational;

/// An element of Q(g_1, .., g_k) with g_i^2 in Q(g_1, .., g_(i-1)); what the g_i are, the [`super::Tower`] knows.
///
/// Coefficient number b belongs to the product of the g_i for which bit i - 1 of b is set. The count of coefficients is
/// the smallest power of two that holds all that are not zero; so two elements of one tower are equal exactly when
/// their lists are, and an element keeps its meaning when the tower grows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number(Vec<Rational>);

impl Number {
    /// The number 0.
    pub fn zero() -> Self {
        Self(vec![Rational::zero()])
    }
    /// Whether this is 0.
    pub fn is_zero(&self) -> bool {
        self.as_rational().is_some_and(Rational::is_zero)
    }
    /// The number where it is rational.
    pub fn as_rational(&self) -> Option<&Rational> {
        match self.0.as_slice() {
            [x] => Some(x),
            _ => None,
        }
    }
    /// The coefficients.
    pub fn coefficients(&self) -> &[Rational] {
        &self.0
    }
    /// The smallest k for which this lies in Q(g_1, .., g_k).
    pub fn level(&self) -> usize {
        self.0.len().trailing_zeros() as usize
    }
    /// Bits of all numerators and denominators together.
    pub fn bits(&self) -> u64 {
        self.0.iter().map(|x| x.numerator().bits() + x.denominator().bits()).sum()
    }

    /// x and y of this = x + y g_level, for a level that is not below the own one and not 0.
    pub(super) fn split(&self, level: usize) -> (Self, Self) {
        let half = 1 << (level - 1);
        match self.0.split_at_checked(half) {
            Some((x, y)) if !y.is_empty() => (Self(x.to_vec()).trimmed(), Self(y.to_vec()).trimmed()),
            _ => (self.clone(), Self::zero()),
        }
    }
    /// x + y g_level for x and y of lower levels.
    pub(super) fn join(x: Self, y: Self, level: usize) -> Self {
        if y.is_zero() {
            return x;
        }
        let half = 1 << (level - 1);
        let mut all = x.0;
        all.resize(half, Rational::zero());
        all.extend(y.0);
        all.resize(2 * half, Rational::zero());
        Self(all).trimmed()
    }
    /// t times this.
    pub(super) fn scaled(&self, t: &Rational) -> Self {
        Self(self.0.iter().map(|x| x * t).collect()).trimmed()
    }
    /// The sum, coefficient by coefficient.
    pub(super) fn sum(&self, other: &Self) -> Self {
        let (long, short) = if self.0.len() >= other.0.len() { (self, other) } else { (other, self) };
        let mut all = long.0.clone();
        for (x, y) in all.iter_mut().zip(&short.0) {
            *x += y;
        }
        Self(all).trimmed()
    }
    /// The difference.
    pub(super) fn difference(&self, other: &Self) -> Self {
        self.sum(&-other)
    }
    fn trimmed(mut self) -> Self {
        while self.0.len() > 1 && self.0[self.0.len() / 2..].iter().all(Rational::is_zero) {
            self.0.truncate(self.0.len() / 2);
        }
        self
    }
}

impl From<Rational> for Number {
    fn from(x: Rational) -> Self {
        Self(vec![x])
    }
}
impl From<i64> for Number {
    fn from(n: i64) -> Self {
        Self::from(Rational::from(n))
    }
}
impl Neg for &Number {
    type Output = Number;
    fn neg(self) -> Number {
        Number(self.0.iter().map(|x| -x).collect())
    }
}
