//! Polynomials of one matrix as runs: c (X^lo + .. + X^hi) is one run, however long.

use super::COEFFICIENT_BITS;
use crate::number::Number;
use crate::problem::{Problem, problem};

/// The most runs of a polynomial.
pub const MAX_RUNS: usize = 1 << 16;

/// A sum of runs (lo, hi, c): sorted, apart, c not 0, neighbours with different c.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Runs(Vec<(u64, u64, Number)>);

impl Runs {
    /// c X^k
    pub fn monomial(c: Number, k: u64) -> Self {
        Self(if c.is_zero() { Vec::new() } else { vec![(k, k, c)] })
    }
    /// 1 + X + .. + X^(k - 1); 0 for k = 0.
    pub fn geometric(k: u64) -> Self {
        Self(k.checked_sub(1).map(|hi| (0, hi, Number::one())).into_iter().collect())
    }
    /// Whether this is c X^k with a number c, 0 included.
    pub fn is_monomial(&self) -> bool {
        match self.0.as_slice() {
            [] => true,
            [(lo, hi, _)] => lo == hi,
            _ => false,
        }
    }
    /// Whether this is X^k.
    pub fn is_power(&self, k: u64) -> bool {
        matches!(self.0.as_slice(), [(lo, hi, c)] if (*lo, *hi) == (k, k) && *c == Number::one())
    }
    /// The sum of c_i t_i.
    ///
    /// # Errors
    /// When it has too many runs or too long numbers.
    pub fn sum<'a>(terms: impl IntoIterator<Item = (Number, &'a Self)>) -> Result<Self, Problem> {
        // The coefficient changes by +c at lo and by -c behind hi.
        let mut changes: Vec<(u64, Number)> = Vec::new();
        for (c, runs) in terms {
            for (lo, hi, v) in &runs.0 {
                let change = &c * v;
                changes.push((hi.saturating_add(1), -&change));
                changes.push((*lo, change));
            }
            if changes.len() > 4 * MAX_RUNS {
                return problem("a sum of polynomials has too many runs");
            }
        }
        changes.sort_by_key(|change| change.0);
        let mut runs: Vec<(u64, u64, Number)> = Vec::new();
        let (mut start, mut value) = (0, Number::zero());
        for group in changes.chunk_by(|a, b| a.0 == b.0) {
            let Some((place, _)) = group.first() else { continue };
            let next = group.iter().fold(value.clone(), |sum, change| (&sum + &change.1).reduced());
            if next == value {
                continue;
            }
            if let Some(hi) = place.checked_sub(1).filter(|_| !value.is_zero()) {
                runs.push((start, hi, value));
            }
            (start, value) = (*place, next);
        }
        Self(runs).checked()
    }
    /// The product when one of the two is a monomial.
    ///
    /// # Errors
    /// When neither is one, or exponents or numbers become too large.
    pub fn product(&self, other: &Self) -> Result<Self, Problem> {
        let (factor, runs) = if self.is_monomial() { (self, other) } else { (other, self) };
        if !factor.is_monomial() {
            return problem("neither factor is a monomial");
        }
        let Some((k, _, c)) = factor.0.first() else { return Ok(Self(Vec::new())) };
        let shifted =
            |(lo, hi, v): &(u64, u64, Number)| Some((lo.checked_add(*k)?, hi.checked_add(*k)?, (v * c).reduced()));
        match runs.0.iter().map(shifted).collect() {
            Some(runs) => Self(runs).checked(),
            None => problem("an exponent is too large"),
        }
    }
    fn checked(self) -> Result<Self, Problem> {
        let fits = |(_, hi, c): &(u64, u64, Number)| *hi < 1 << 62 && c.bits() <= COEFFICIENT_BITS;
        if self.0.len() <= MAX_RUNS && self.0.iter().all(fits) {
            Ok(self)
        } else {
            problem("a polynomial has too many runs, too large exponents or too long coefficients")
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_products_are_those_of_the_coefficients() {
        let number = |k: i64| Number::dyadic(k.into(), 0);
        let dense = |runs: &Runs| {
            (0..40u64)
                .map(|k| runs.0.iter().find(|run| run.0 <= k && k <= run.1).map_or(Number::zero(), |run| run.2.clone()))
                .collect::<Vec<_>>()
        };
        let mut seed = 7u64;
        let mut random = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % n
        };
        for _ in 0..300 {
            let parts: Vec<(Number, Runs)> = (0..4)
                .map(|_| {
                    let (lo, c) = (random(8), random(5) as i64 - 2);
                    let run = Runs(vec![(lo, lo + random(6), number(1))]);
                    (number(c), run)
                })
                .collect();
            let sum = Runs::sum(parts.iter().map(|(c, t)| (c.clone(), t))).unwrap();
            let values = dense(&sum);
            for (k, value) in values.iter().enumerate() {
                let wanted = parts.iter().fold(Number::zero(), |total, (c, t)| &total + &(c * &dense(t)[k]));
                assert_eq!(*value, wanted);
            }
            assert!(sum.0.windows(2).all(|pair| pair[0].1 < pair[1].0));
            let product = sum.product(&Runs::monomial(number(-3), 5)).unwrap();
            for (value, shifted) in values.iter().zip(&dense(&product)[5..]) {
                assert_eq!(*shifted, &number(-3) * value);
            }
        }
        // (1 + X + .. + X^(n-1)) (1 + X^n) in one run each
        let (mut sum, mut k) = (Runs::geometric(1), 1u64);
        while k < 1 << 60 {
            let next = sum.product(&Runs::monomial(Number::one(), k)).unwrap();
            sum = Runs::sum([(Number::one(), &sum), (Number::one(), &next)]).unwrap();
            k *= 2;
            assert_eq!(sum, Runs::geometric(k));
        }
        assert!(Runs::geometric(2).product(&Runs::geometric(2)).is_err());
        assert!(Runs::monomial(Number::one(), 1 << 62).product(&Runs::monomial(Number::one(), 1)).is_err());
    }
}
