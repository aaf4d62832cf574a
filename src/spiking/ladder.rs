//! Common denominators that grow with the layers.

use crate::arith::{Integer, Rational};

/// A firing time: a numerator over the common denominator of a rung of a [`Ladder`], times a divisor of its own.
///
/// The divisor is 1 for every time that is read by another neuron.
#[derive(Debug, Clone)]
pub(super) struct Time {
    pub(super) numerator: Integer,
    pub(super) rung: usize,
    pub(super) divisor: Integer,
}

/// Common denominators D_0, D_1, .., each a divisor of the next: one rung for each layer of a network.
///
/// A firing time is (threshold + sum of weights times arrivals) / (sum of weights): the denominators of one layer divide
/// those of the layer before times the sums of weights. Over common denominators no fraction is ever reduced, sums are
/// sums of integers, and times of one layer are compared as integers.
#[derive(Debug, Clone)]
pub(super) struct Ladder {
    denominators: Vec<Integer>,
    /// D_top / D_rung for every rung.
    to_top: Vec<Integer>,
}

impl Ladder {
    /// A ladder of one rung.
    pub(super) fn new(denominator: Integer) -> Self {
        Self { denominators: vec![denominator], to_top: vec![Integer::one()] }
    }
    /// The highest rung.
    pub(super) fn top(&self) -> usize {
        self.denominators.len() - 1
    }
    /// The denominator of the highest rung.
    pub(super) fn denominator(&self) -> &Integer {
        &self.denominators[self.top()]
    }
    /// Adds a rung: the highest denominator times a factor.
    pub(super) fn climb(&mut self, factor: &Integer) {
        let next = self.denominator() * factor;
        if *factor != Integer::one() {
            for to_top in &mut self.to_top {
                *to_top = &*to_top * factor;
            }
        }
        self.denominators.push(next);
        self.to_top.push(Integer::one());
    }
    /// The numerator over the highest denominator of a time that is read.
    pub(super) fn numerator(&self, time: &Time) -> Integer {
        if time.rung == self.top() { time.numerator.clone() } else { &time.numerator * &self.to_top[time.rung] }
    }
    /// The numerator over the highest denominator of a number whose denominator divides D_0.
    pub(super) fn scale(&self, x: &Rational) -> Integer {
        if x.is_zero() {
            return Integer::zero();
        }
        let factor = if x.is_integer() {
            self.denominator().clone()
        } else {
            self.denominator().div_rem_euclid(&x.denominator()).0
        };
        factor * &x.numerator()
    }
    /// The time as a number in lowest terms.
    pub(super) fn value(&self, time: &Time) -> Rational {
        let denominator = &self.denominators[time.rung] * &time.divisor;
        // Denominators are products of positive numbers, so the fraction exists.
        Rational::new(time.numerator.clone(), denominator).unwrap_or_default()
    }
}
