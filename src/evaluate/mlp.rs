//! Fully connected networks of floats over any [`Scalar`].

use super::EvaluateError;
use crate::arith::{Rational, Scalar};
use crate::network::Mlp;

/// A network of floats with its weights prepared for one number system.
///
/// **Exactness.** That of the scalar: exact for `Rational` and `Dyadic`, an enclosure for `Interval` and `Enclosure`.
pub struct MlpEvaluator<S: Scalar> {
    layers: Vec<Prepared<S>>,
    minus: S::Weight,
    /// -s; `None` for s = 0.
    minus_slope: Option<S::Weight>,
    input_dimension: usize,
}

struct Prepared<S: Scalar> {
    inputs: usize,
    weights: Vec<S::Weight>,
    bias: Vec<Rational>,
}

impl<S: Scalar> MlpEvaluator<S> {
    /// Prepares a network.
    ///
    /// # Errors
    /// [`EvaluateError::NotRepresentable`] where the number system cannot hold a weight or the slope.
    pub fn new(network: &Mlp) -> Result<Self, EvaluateError> {
        let weight = |w: &Rational| S::weight(w).ok_or_else(|| EvaluateError::NotRepresentable { weight: w.clone() });
        let mut layers = Vec::new();
        for layer in network.layers() {
            layers.push(Prepared {
                inputs: layer.inputs(),
                weights: layer.weights().iter().map(|w| weight(&exact(*w))).collect::<Result<_, _>>()?,
                bias: layer.bias().iter().map(|b| exact(*b)).collect(),
            });
        }
        let slope = network.slope();
        Ok(Self {
            layers,
            minus: weight(&Rational::from(-1))?,
            minus_slope: if slope.is_zero() { None } else { Some(weight(&-slope)?) },
            input_dimension: network.input_dimension(),
        })
    }

    /// Evaluates at one input.
    ///
    /// # Errors
    /// [`EvaluateError::Dimension`] when the input does not fit, [`EvaluateError::NotRepresentable`].
    pub fn evaluate(&self, input: &[S]) -> Result<Vec<S>, EvaluateError> {
        self.evaluate_scaled(input, &Rational::one())
    }

    /// D times the value at x, for the input D x and D > 0.
    ///
    /// **Statement.** The activation is positively homogeneous, g(D x) = D g(x), so biases times D make every value D times
    /// as large. With D a common denominator of x, dyadic numbers hold what they could not hold at x.
    ///
    /// # Errors
    /// As [`Self::evaluate`].
    pub fn evaluate_scaled(&self, input: &[S], factor: &Rational) -> Result<Vec<S>, EvaluateError> {
        debug_assert!(factor.is_positive());
        if input.len() != self.input_dimension {
            return Err(EvaluateError::Dimension { found: input.len(), expected: self.input_dimension });
        }
        let mut x = input.to_vec();
        for (number, layer) in self.layers.iter().enumerate() {
            if number > 0 {
                x.iter_mut().for_each(|x| self.activate(x));
            }
            let mut y = Vec::with_capacity(layer.bias.len());
            for (row, bias) in layer.weights.chunks_exact(layer.inputs).zip(&layer.bias) {
                let bias = bias * factor;
                let mut sum = S::from_rational(&bias).ok_or(EvaluateError::NotRepresentable { weight: bias })?;
                for (w, x) in row.iter().zip(&x) {
                    sum.add_product(w, x);
                }
                y.push(sum);
            }
            x = y;
        }
        Ok(x)
    }

    /// x -> max(x, 0) - s max(-x, 0): on an interval around 0 the ranges of both parts, which add up to the range.
    pub(super) fn activate(&self, x: &mut S) {
        let below = self.minus_slope.as_ref().map(|minus_slope| {
            let mut below = S::zero();
            below.add_product(&self.minus, x);
            below.relu();
            (minus_slope, below)
        });
        x.relu();
        if let Some((minus_slope, below)) = below {
            x.add_product(minus_slope, &below);
        }
    }
}

/// The value of a float of a network, which is finite.
pub(super) fn exact(x: f64) -> Rational {
    Rational::from_f64(x).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;
    use crate::arith::{Dyadic, Enclosure, Interval, SplitMix64};
    use crate::evaluate::Evaluator;
    use crate::network::{DenseLayer, Precision};

    /// A network with numbers k / 8 and slope s, all from one generator.
    pub fn random(random: &mut SplitMix64, widths: &[usize], slope: Rational) -> Mlp {
        let mut number = || (random.next_u64() % 33) as f64 / 8.0 - 2.0;
        let layers = widths.windows(2).map(|pair| {
            let weights = (0..pair[0] * pair[1]).map(|_| number()).collect();
            DenseLayer::new(pair[0], weights, (0..pair[1]).map(|_| number()).collect()).unwrap()
        });
        Mlp::new(layers.collect(), slope, Precision::Single).unwrap()
    }

    /// The definition: sums and a case distinction.
    fn by_definition(network: &Mlp, x: &[Rational]) -> Vec<Rational> {
        let mut x = x.to_vec();
        for (number, layer) in network.layers().iter().enumerate() {
            if number > 0 {
                x.iter_mut().filter(|x| x.is_negative()).for_each(|x| *x = &*x * network.slope());
            }
            let row = |i: usize| {
                let products = layer.row(i).iter().zip(&x).map(|(w, x)| &exact(*w) * x);
                products.sum::<Rational>() + exact(layer.bias()[i])
            };
            x = (0..layer.outputs()).map(row).collect();
        }
        x
    }

    #[test]
    fn every_number_system_agrees_with_the_definition() {
        let mut source = SplitMix64::new(3);
        for slope in [Rational::zero(), Rational::ratio(1, 4), Rational::from(2), Rational::ratio(-1, 2)] {
            let network = random(&mut source, &[3, 4, 5, 2], slope);
            let layered = network.to_layered().unwrap();
            for _ in 0..20 {
                let x: Vec<Rational> =
                    (0..3).map(|_| source.between(&Rational::from(-2), &Rational::from(2))).collect();
                let expected = by_definition(&network, &x);
                assert_eq!(MlpEvaluator::<Rational>::new(&network).unwrap().evaluate(&x).unwrap(), expected);
                // The doubled ReLU network is another way to the same numbers.
                assert_eq!(Evaluator::<Rational>::new(&layered).unwrap().evaluate(&x).unwrap(), expected);
                let dyadic: Vec<Dyadic> = x.iter().map(|x| Dyadic::from_rational(x).unwrap()).collect();
                let values = MlpEvaluator::<Dyadic>::new(&network).unwrap().evaluate(&dyadic).unwrap();
                assert_eq!(values.iter().map(Dyadic::to_rational).collect::<Vec<_>>(), expected);
                let points: Vec<Interval> = x.iter().map(Interval::from_rational).collect();
                let values = MlpEvaluator::<Interval>::new(&network).unwrap().evaluate(&points).unwrap();
                assert!(values.iter().zip(&expected).all(|(range, value)| range.contains(value)));
            }
        }
    }

    #[test]
    fn thirds_are_scaled_away() {
        let mut source = SplitMix64::new(5);
        let network = random(&mut source, &[2, 3, 3, 1], Rational::ratio(1, 4));
        let x = [Rational::ratio(1, 3), Rational::ratio(-2, 5)];
        let factor = Rational::from(15);
        let scaled: Vec<Dyadic> = x.iter().map(|x| Dyadic::from_rational(&(x * &factor)).unwrap()).collect();
        let value = MlpEvaluator::<Dyadic>::new(&network).unwrap().evaluate_scaled(&scaled, &factor).unwrap();
        assert_eq!(value[0].to_rational() / factor, by_definition(&network, &x)[0]);
    }

    #[test]
    fn the_activation_of_an_interval_is_its_range() {
        let mut source = SplitMix64::new(1);
        let network = random(&mut source, &[1, 1, 1], Rational::ratio(1, 4));
        let evaluator = MlpEvaluator::<Enclosure>::new(&network).unwrap();
        let mut x = Enclosure::hull(Rational::from(-2), Rational::from(3));
        evaluator.activate(&mut x);
        assert_eq!(x, Enclosure::hull(Rational::ratio(-1, 2), Rational::from(3)));
    }
}
