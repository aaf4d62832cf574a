//! Fully connected networks on boxes of inputs: affine forms with outward rounding.

use super::EvaluateError;
use crate::arith::{Enclosure, Interval, Rational};
use crate::network::{DenseLayer, Mlp};

/// What is known of the values in front of the last layer, for all inputs of a box.
///
/// **Statement.** The inputs are x_k = m_k + r_k e_k with |e_k| <= 1. For every e and every value v of a layer there are
/// numbers c in `centre`, a_k in `slopes`, |d| <= `rest` with v = c + sum of a_k e_k + d. Affine maps keep this line by line;
/// so differences of outputs are bounded with what both share taken out first.
///
/// **Source.** Affine arithmetic (Comba and Stolfi 1993); the line of an activation is the chord of its graph.
///
/// **Exactness.** Enclosure.
pub struct MlpRange<'a> {
    last: &'a DenseLayer,
    forms: Forms,
}

/// One affine form a value, by parts.
struct Forms {
    centre: Vec<Interval>,
    /// For every input with r_k > 0 its factors.
    slopes: Vec<Vec<Interval>>,
    /// Intervals from 0.
    rest: Vec<Interval>,
}

impl<'a> MlpRange<'a> {
    /// Follows the box through all layers but the last.
    ///
    /// **Complexity.** For k inputs that vary, k + 2 evaluations in intervals.
    ///
    /// # Errors
    /// [`EvaluateError::Dimension`] when the box does not fit.
    pub fn new(network: &'a Mlp, inputs: &[Enclosure]) -> Result<Self, EvaluateError> {
        if inputs.len() != network.input_dimension() {
            return Err(EvaluateError::Dimension { found: inputs.len(), expected: network.input_dimension() });
        }
        let mut forms = Forms::of_box(inputs);
        let slope = Interval::from_rational(network.slope());
        let [inner @ .., last] = network.layers() else {
            return Err(EvaluateError::Dimension { found: 0, expected: 1 });
        };
        for layer in inner {
            forms = forms.through(layer);
            (0..layer.outputs()).for_each(|i| forms.activate(i, slope));
        }
        Ok(Self { last, forms })
    }
    /// A range of output i.
    pub fn value(&self, i: usize) -> Interval {
        let row: Vec<Interval> = self.last.row(i).iter().map(|w| point(*w)).collect();
        self.forms.range(&row, point(self.last.bias()[i]))
    }
    /// A range of output i less output j.
    ///
    /// *Why it is narrow.* The rows are subtracted before the forms are bounded.
    pub fn difference(&self, i: usize, j: usize) -> Interval {
        let pairs = self.last.row(i).iter().zip(self.last.row(j));
        let row: Vec<Interval> = pairs.map(|(a, b)| point(*a) - point(*b)).collect();
        self.forms.range(&row, point(self.last.bias()[i]) - point(self.last.bias()[j]))
    }
}

impl Forms {
    fn of_box(inputs: &[Enclosure]) -> Self {
        let middle: Vec<Rational> = inputs.iter().map(Enclosure::midpoint).collect();
        let mut slopes = Vec::new();
        for (k, input) in inputs.iter().enumerate().filter(|(_, input)| input.width().is_positive()) {
            let mut factors = vec![Interval::ZERO; inputs.len()];
            // The middle is exact, so half of the width reaches both ends.
            factors[k] = Interval::from_rational(&input.width().scale_by_power_of_two(-1));
            slopes.push(factors);
        }
        let centre = middle.iter().map(Interval::from_rational).collect();
        Self { centre, slopes, rest: vec![Interval::ZERO; inputs.len()] }
    }

    fn through(&self, layer: &DenseLayer) -> Self {
        let rows: Vec<Vec<Interval>> =
            (0..layer.outputs()).map(|i| layer.row(i).iter().map(|w| point(*w)).collect()).collect();
        let product = |x: &[Interval]| rows.iter().map(|row| dot(row, x)).collect();
        let centre: Vec<Interval> = product(&self.centre);
        Self {
            centre: centre.iter().zip(layer.bias()).map(|(c, b)| *c + point(*b)).collect(),
            slopes: self.slopes.iter().map(|slopes| product(slopes)).collect(),
            // |sum of w d| <= sum of |w| |d|
            rest: rows.iter().map(|row| absolute_dot(row, &self.rest)).collect(),
        }
    }

    /// The range of a combination of the values and a constant.
    fn range(&self, row: &[Interval], constant: Interval) -> Interval {
        let unit = symmetric(point(1.0));
        let centre = dot(row, &self.centre) + constant;
        let sum = self.slopes.iter().fold(centre, |sum, slopes| sum + dot(row, slopes) * unit);
        sum + symmetric(absolute_dot(row, &self.rest))
    }

    /// g(v) = max(v, 0) - s max(-v, 0) for value i.
    fn activate(&mut self, i: usize, slope: Interval) {
        let unit = symmetric(point(1.0));
        let range = self.slopes.iter().fold(self.centre[i], |sum, slopes| sum + slopes[i] * unit);
        let range = range + symmetric(self.rest[i]);
        if range.lo_f64() >= 0.0 {
            return;
        }
        let (lo, hi) = (range.lo_f64(), range.hi_f64());
        if hi <= 0.0 {
            return self.scale(i, slope);
        }
        // Any line does; the chord leaves the least rest.
        let chord = (hi - slope.hi_f64() * lo) / (hi - lo);
        let chord = point(if chord.is_finite() { chord } else { 0.0 });
        self.scale(i, chord);
        // g(v) - chord v is linear on both sides of 0: (s - chord) v for v <= 0 and (1 - chord) v for v >= 0.
        let below = (slope - chord) * -(-range).relu();
        let above = (point(1.0) - chord) * range.relu();
        let gap = below.hull(&above);
        let middle = point(gap.approx_midpoint());
        self.centre[i] = self.centre[i] + middle;
        self.rest[i] = self.rest[i] + (gap - middle).abs();
    }

    fn scale(&mut self, i: usize, factor: Interval) {
        self.centre[i] = self.centre[i] * factor;
        self.slopes.iter_mut().for_each(|slopes| slopes[i] = slopes[i] * factor);
        self.rest[i] = self.rest[i] * factor.abs();
    }
}

fn dot(row: &[Interval], x: &[Interval]) -> Interval {
    row.iter().zip(x).fold(Interval::ZERO, |sum, (w, x)| x.multiply_add(w, &sum))
}

fn absolute_dot(row: &[Interval], x: &[Interval]) -> Interval {
    row.iter().zip(x).fold(Interval::ZERO, |sum, (w, x)| x.multiply_add(&w.abs(), &sum))
}

/// The interval of one number; the whole line for what is none.
fn point(x: f64) -> Interval {
    Interval::new(x, x).unwrap_or(Interval::ENTIRE)
}

/// All numbers that are no larger in absolute value than the interval's.
fn symmetric(x: Interval) -> Interval {
    x.hull(&-x)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::arith::SplitMix64;
    use crate::evaluate::MlpEvaluator;
    use crate::evaluate::mlp::tests::random;

    #[test]
    fn values_and_differences_lie_in_their_ranges() {
        let mut source = SplitMix64::new(11);
        for slope in [Rational::zero(), Rational::ratio(1, 4), Rational::from(2), Rational::ratio(-1, 2)] {
            for radius in [Rational::zero(), Rational::ratio(1, 1000), Rational::one()] {
                let network = random(&mut source, &[3, 5, 5, 4], slope.clone());
                let evaluator = MlpEvaluator::<Rational>::new(&network).unwrap();
                let middle: Vec<Rational> =
                    (0..3).map(|_| source.between(&Rational::from(-1), &Rational::one())).collect();
                let inputs: Vec<Enclosure> = middle.iter().map(|m| Enclosure::around(m, &radius)).collect();
                let range = MlpRange::new(&network, &inputs).unwrap();
                for sample in 0..40 {
                    // Corners first, then points between.
                    let coordinate = |(k, x): (usize, &Enclosure)| match sample {
                        0..8 if sample >> k & 1 == 0 => x.lo().clone(),
                        0..8 => x.hi().clone(),
                        _ => source.between(x.lo(), x.hi()),
                    };
                    let x: Vec<Rational> = inputs.iter().enumerate().map(coordinate).collect();
                    let value = evaluator.evaluate(&x).unwrap();
                    for i in 0..4 {
                        assert!(range.value(i).contains(&value[i]), "{slope} {radius}");
                        for j in 0..4 {
                            assert!(range.difference(i, j).contains(&(&value[i] - &value[j])));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn where_no_neuron_changes_sign_the_range_is_attained() {
        let first = DenseLayer::new(1, vec![1.0, -1.0], vec![10.0, -10.0]).unwrap();
        let last = DenseLayer::new(2, vec![1.0, 1.0, 0.5, 1.0], vec![0.0, 1.0]).unwrap();
        let network = Mlp::new(vec![first, last], Rational::ratio(1, 4), crate::network::Precision::Double).unwrap();
        // (10 + x) + (-10 - x)/4 = 7.5 + 0.75 x, and (10 + x)/2 - (10 + x)/4 + 1 = 3.5 + x/4
        let range = MlpRange::new(&network, &[Enclosure::hull(Rational::from(-1), Rational::one())]).unwrap();
        for (interval, lo, hi) in [(range.value(0), 6.75, 8.25), (range.value(1), 3.25, 3.75)] {
            assert!((interval.lo_f64() - lo).abs() < 1e-12 && (interval.hi_f64() - hi).abs() < 1e-12, "{interval:?}");
        }
        assert!(range.difference(0, 1).width_upper() < 1.0 + 1e-12);
    }

    #[test]
    fn numbers_beyond_doubles_still_enclose() {
        let huge = f64::MAX;
        let layer = || DenseLayer::new(1, vec![huge], vec![-huge]).unwrap();
        let network =
            Mlp::new(vec![layer(), layer(), layer()], Rational::ratio(1, 4), crate::network::Precision::Double)
                .unwrap();
        let evaluator = MlpEvaluator::<Rational>::new(&network).unwrap();
        let range = MlpRange::new(&network, &[Enclosure::hull(Rational::from(-1), Rational::from(2))]).unwrap();
        for x in [-1, 0, 1, 2] {
            assert!(range.value(0).contains(&evaluator.evaluate(&[Rational::from(x)]).unwrap()[0]));
        }
    }
}
