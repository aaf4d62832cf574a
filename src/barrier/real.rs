//! Computable real numbers as oracles: a number is a program that gives dyadic approximations of any accuracy.
//!
//! A digital solver is a terminating program, so it reads finitely many of them; what it read to accuracy 2^-n does not
//! tell two numbers apart that both agree with it ([`agrees`]). An adversary is a [`Logged`] number and a choice made
//! afterwards among those that agree with the log.

use crate::arith::Rational;

use super::BarrierError;

/// A real number that is given by a program.
pub trait Real {
    /// A dyadic number at a distance of at most 2^-bits.
    ///
    /// # Errors
    /// [`BarrierError::Bits`] from an oracle that knows no more.
    fn approximation(&mut self, bits: u64) -> Result<Rational, BarrierError>;
}

impl Real for Rational {
    /// The number itself where it is a multiple of 2^-bits, else the nearest multiple.
    fn approximation(&mut self, bits: u64) -> Result<Rational, BarrierError> {
        Ok(dyadic(self, bits))
    }
}

/// The nearest multiple of 2^-bits, at a distance of at most 2^-bits / 2.
pub fn dyadic(x: &Rational, bits: u64) -> Rational {
    if x.dyadic_exponent().is_some_and(|exponent| exponent <= bits) {
        return x.clone();
    }
    let bits = i64::try_from(bits).unwrap_or(i64::MAX - 1);
    (x + &Rational::power_of_two(-bits - 1)).round_down_to_grid(bits)
}

/// A real number that is given by a function from the number of bits to the approximation.
#[derive(Debug, Clone)]
pub struct Program<F>(pub F);

impl<F: FnMut(u64) -> Rational> Real for Program<F> {
    fn approximation(&mut self, bits: u64) -> Result<Rational, BarrierError> {
        Ok((self.0)(bits))
    }
}

/// One reading of a real number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The accuracy that was asked for is 2^-bits.
    pub bits: u64,
    /// What was answered.
    pub answer: Rational,
}

impl Reading {
    /// Whether a number could have been what was read: |answer - x| <= 2^-bits.
    pub fn agrees(&self, x: &Rational) -> bool {
        let bits = i64::try_from(self.bits).unwrap_or(i64::MAX);
        (&self.answer - x).abs() <= Rational::power_of_two(-bits)
    }
}

/// Whether a number agrees with all readings: no solver that made only these can tell it from the number it read.
pub fn agrees(log: &[Reading], x: &Rational) -> bool {
    log.iter().all(|reading| reading.agrees(x))
}

/// A real number with the list of what was read of it.
#[derive(Debug, Clone)]
pub struct Logged<R> {
    number: R,
    log: Vec<Reading>,
}

impl<R> Logged<R> {
    /// A number that nobody has read yet.
    pub fn new(number: R) -> Self {
        Self { number, log: Vec::new() }
    }
    /// The readings, in order.
    pub fn log(&self) -> &[Reading] {
        &self.log
    }
    /// The most bits that were asked for; `None` where nothing was read.
    pub fn finest(&self) -> Option<u64> {
        self.log.iter().map(|reading| reading.bits).max()
    }
}

impl<R: Real> Real for Logged<R> {
    fn approximation(&mut self, bits: u64) -> Result<Rational, BarrierError> {
        let answer = self.number.approximation(bits)?;
        self.log.push(Reading { bits, answer: answer.clone() });
        Ok(answer)
    }
}

/// A real number of which only so many bits are known.
#[derive(Debug, Clone)]
pub struct Finite<R> {
    number: R,
    limit: u64,
}

impl<R> Finite<R> {
    /// A number that is known to accuracy 2^-limit.
    pub fn new(number: R, limit: u64) -> Self {
        Self { number, limit }
    }
}

impl<R: Real> Real for Finite<R> {
    fn approximation(&mut self, bits: u64) -> Result<Rational, BarrierError> {
        if bits > self.limit {
            return Err(BarrierError::Bits { asked: bits, limit: self.limit });
        }
        self.number.approximation(bits)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn q(p: i64, r: i64) -> Rational {
        Rational::ratio(p, r)
    }

    #[test]
    fn approximations_are_dyadic_and_near() {
        for x in [q(1, 3), q(-7, 5), q(5, 8), q(0, 1), q(22, 7)] {
            for bits in 0..40 {
                let mut number = x.clone();
                let answer = number.approximation(bits).unwrap();
                assert!(answer.dyadic_exponent().is_some_and(|exponent| exponent <= bits.max(3)));
                assert!(Reading { bits, answer }.agrees(&x));
            }
        }
    }

    #[test]
    fn what_was_read_does_not_tell_neighbours_apart() {
        let mut number = Logged::new(Rational::one());
        assert_eq!(number.finest(), None);
        for bits in [3, 10, 7] {
            assert_eq!(number.approximation(bits).unwrap(), Rational::one());
        }
        assert_eq!(number.finest(), Some(10));
        let near = |k: i64| Rational::one() + Rational::power_of_two(-k);
        assert!(agrees(number.log(), &near(10)) && agrees(number.log(), &Rational::one()));
        assert!(!agrees(number.log(), &near(9)));
    }

    #[test]
    fn a_finite_oracle_refuses_more() {
        let mut number = Finite::new(Program(|bits| dyadic(&q(1, 3), bits)), 8);
        assert_eq!(number.approximation(8).unwrap(), q(85, 256));
        assert_eq!(number.approximation(9), Err(BarrierError::Bits { asked: 9, limit: 8 }));
    }
}
