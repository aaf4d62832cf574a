//! The number systems a network is evaluated over.

use super::Rational;

/// A number system for network evaluation: sums, products with weights, and ReLU.
///
/// Implementors either compute exactly (`Rational`, `Dyadic`) or return an enclosure (`Interval`, `Enclosure`) of the
/// exact value: `from_rational` and every operation must enclose, so that evaluation of a network encloses its output.
/// `f64` is the one implementor without a guarantee, for guesses; its rigorous companion is in `evaluate`.
pub trait Scalar: Clone + Send + Sync {
    /// The form in which a weight is kept for fast repeated products.
    type Weight: Clone + Send + Sync;
    /// The number 0.
    fn zero() -> Self;
    /// The number, or an enclosure of it; `None` when the system cannot hold it (`Dyadic` holds no thirds).
    fn from_rational(x: &Rational) -> Option<Self>;
    /// A weight, prepared once; `None` when the system cannot hold it.
    fn weight(w: &Rational) -> Option<Self::Weight>;
    /// self += w x.
    fn add_product(&mut self, w: &Self::Weight, x: &Self);
    /// self += x.
    fn add(&mut self, x: &Self);
    /// self = max(self, 0).
    fn relu(&mut self);
}

impl Scalar for Rational {
    type Weight = Rational;
    fn zero() -> Self {
        Rational::zero()
    }
    fn from_rational(x: &Rational) -> Option<Self> {
        Some(x.clone())
    }
    fn weight(w: &Rational) -> Option<Rational> {
        Some(w.clone())
    }
    fn add_product(&mut self, w: &Rational, x: &Self) {
        *self += &(w * x);
    }
    fn add(&mut self, x: &Self) {
        *self += x;
    }
    fn relu(&mut self) {
        if self.is_negative() {
            *self = Rational::zero();
        }
    }
}

impl Scalar for f64 {
    type Weight = f64;
    fn zero() -> Self {
        0.0
    }
    fn from_rational(x: &Rational) -> Option<Self> {
        Some(x.approx_f64())
    }
    fn weight(w: &Rational) -> Option<f64> {
        Some(w.approx_f64())
    }
    fn add_product(&mut self, w: &f64, x: &Self) {
        *self += w * x;
    }
    fn add(&mut self, x: &Self) {
        *self += x;
    }
    fn relu(&mut self) {
        *self = self.max(0.0);
    }
}
