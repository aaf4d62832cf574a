//! Static bounds of the neurons of a network over a box of inputs.
//!
//! Plain interval arithmetic doubles the range of a sawtooth at every level, for it forgets that max(z, 0) and
//! max(z - 1/2, 0) read the same z. Here neurons that read one linear form z, up to sign and bias, are one *form*; what
//! they add to a neuron of the next layer is a piecewise-linear function of z alone, whose extremes over the range of z
//! lie at its ends and breakpoints. Everything is exact or rounded outward.

use std::collections::HashMap;

use crate::arith::Rational;
use crate::network::Unrolled;

/// More neurons of one form than this are bounded one by one.
const JOINT_LIMIT: usize = 8;
/// Ends of ranges keep this many significant bits, rounded outward, so that deep networks do not grow long fractions.
const RANGE_BITS: u64 = 96;

/// A closed range of numbers.
#[derive(Debug, Clone)]
pub(super) struct Range {
    pub lo: Rational,
    pub hi: Rational,
}

impl Range {
    fn outward(self) -> Self {
        Self { lo: self.lo.round_down(RANGE_BITS), hi: self.hi.round_up(RANGE_BITS) }
    }
    /// The range of sign z + bias for z in this range.
    fn shifted(&self, negated: bool, bias: &Rational) -> Self {
        if negated {
            Self { lo: bias - &self.hi, hi: bias - &self.lo }
        } else {
            Self { lo: &self.lo + bias, hi: &self.hi + bias }
        }
    }
    /// The largest absolute value.
    pub fn magnitude(&self) -> Rational {
        self.lo.abs().max(self.hi.abs())
    }
}

/// One neuron: activation(+-z + bias) of form number `form`.
#[derive(Debug, Clone)]
struct Source {
    form: u32,
    negated: bool,
    bias: Rational,
    range: Range,
}

/// The neurons of a layer as functions of linear forms whose ranges are known.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    forms: Vec<Range>,
    sources: Vec<Source>,
    relu: bool,
}

impl Bounds {
    /// The input layer: every input is its own form.
    pub fn inputs(ranges: Vec<Range>) -> Self {
        let source = |(form, range): (usize, &Range)| Source {
            form: form as u32,
            negated: false,
            bias: Rational::zero(),
            range: range.clone(),
        };
        Self { sources: ranges.iter().enumerate().map(source).collect(), forms: ranges, relu: false }
    }

    /// The next layer with ReLU, and the ranges of its neurons before ReLU.
    pub fn next(&self, map: &Unrolled, bias: &[Rational]) -> (Self, Vec<Range>) {
        let negative_ids = negative_ids(map.weights());
        let mut known: HashMap<Vec<(u32, u32)>, u32> = HashMap::new();
        let mut next = Self { forms: Vec::new(), sources: Vec::with_capacity(map.rows()), relu: true };
        let mut before = Vec::with_capacity(map.rows());
        for (row, bias) in bias.iter().enumerate() {
            let (key, negated) = canonical(map.row_places(row), map.weights(), &negative_ids);
            let form = match known.get(&key) {
                Some(&form) => form,
                None => {
                    let form = next.forms.len() as u32;
                    next.forms.push(self.linear(&key, map.weights()).outward());
                    known.insert(key, form);
                    form
                }
            };
            let range = next.forms[form as usize].shifted(negated, bias);
            let after = Range { lo: range.lo.relu(), hi: range.hi.relu() };
            next.sources.push(Source { form, negated, bias: bias.clone(), range: after });
            before.push(range);
        }
        (next, before)
    }

    /// The range of sum_j w_j x_j over the neurons x of this layer.
    fn linear(&self, places: &[(u32, u32)], weights: &[Rational]) -> Range {
        let mut terms: Vec<(u32, u32, u32)> =
            places.iter().map(|&(source, id)| (self.sources[source as usize].form, source, id)).collect();
        terms.sort_unstable();
        let mut sum = Range { lo: Rational::zero(), hi: Rational::zero() };
        for run in terms.chunk_by(|a, b| a.0 == b.0) {
            if run.len() > 1 && run.len() <= JOINT_LIMIT {
                self.add_joint(&mut sum, run, weights);
            } else {
                for &(_, source, id) in run {
                    let (w, x) = (&weights[id as usize], &self.sources[source as usize].range);
                    // w [lo, hi], its ends exchanged for a negative w.
                    let (a, b) = (w * &x.lo, w * &x.hi);
                    let (a, b) = if w.is_negative() { (b, a) } else { (a, b) };
                    sum.lo += a;
                    sum.hi += b;
                }
            }
        }
        sum
    }

    /// Adds the exact range of z -> sum w_i activation(+-z + b_i) over the range of z.
    fn add_joint(&self, sum: &mut Range, run: &[(u32, u32, u32)], weights: &[Rational]) {
        let z = &self.forms[run[0].0 as usize];
        let mut points = vec![z.lo.clone(), z.hi.clone()];
        if self.relu {
            for &(_, source, _) in run {
                let source = &self.sources[source as usize];
                // +-z + b = 0 at z = -+b.
                let kink = if source.negated { source.bias.clone() } else { -&source.bias };
                if kink > z.lo && kink < z.hi {
                    points.push(kink);
                }
            }
        }
        // Between neighbouring points the function is affine: its extremes are taken at points.
        let values = points.iter().map(|z| {
            let mut value = Rational::zero();
            for &(_, source, id) in run {
                let source = &self.sources[source as usize];
                let x = if source.negated { &source.bias - z } else { &source.bias + z };
                value += &weights[id as usize] * &(if self.relu { x.relu() } else { x });
            }
            value
        });
        let mut range: Option<Range> = None;
        for value in values {
            range = Some(match range {
                None => Range { lo: value.clone(), hi: value },
                Some(r) => Range { lo: r.lo.min(value.clone()), hi: r.hi.max(value) },
            });
        }
        if let Some(range) = range {
            sum.lo += range.lo;
            sum.hi += range.hi;
        }
    }
}

/// The number of -w in the table, for each w.
fn negative_ids(weights: &[Rational]) -> Vec<Option<u32>> {
    let ids: HashMap<&Rational, u32> = weights.iter().enumerate().map(|(id, w)| (w, id as u32)).collect();
    weights.iter().map(|w| ids.get(&-w).copied()).collect()
}

/// The row or its negative, the one that starts with a positive weight where both can be written with the table.
fn canonical(places: &[(u32, u32)], weights: &[Rational], negative: &[Option<u32>]) -> (Vec<(u32, u32)>, bool) {
    if places.first().is_some_and(|&(_, id)| weights[id as usize].is_negative()) {
        // If r and -r are both rows of the layer, the table holds all weights of both, so both come to the same key.
        let negated: Option<Vec<(u32, u32)>> =
            places.iter().map(|&(source, id)| negative[id as usize].map(|id| (source, id))).collect();
        if let Some(key) = negated {
            return (key, true);
        }
    }
    (places.to_vec(), false)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::construct::{SquaringMethod, squaring_network};
    use crate::network::Layered;

    /// The ranges before ReLU of every layer over \[lo, hi\]^n.
    fn ranges(network: &Layered, lo: &Rational, hi: &Rational) -> Vec<Vec<Range>> {
        let input = Range { lo: lo.clone(), hi: hi.clone() };
        let mut bounds = Bounds::inputs(vec![input; network.input_dimension()]);
        let mut all = Vec::new();
        for layer in network.layers() {
            let map = Unrolled::new(&layer.map, 1 << 20).unwrap();
            let bias = crate::evaluate::function::apply(&layer.bias, &[Rational::one()]);
            let (next, before) = bounds.next(&map, &bias);
            bounds = next;
            all.push(before);
        }
        all
    }

    /// Whether the values at x lie in the ranges.
    fn covers(network: &Layered, ranges: &[Vec<Range>], x: &[Rational]) -> bool {
        let mut x = x.to_vec();
        network.layers().iter().zip(ranges).all(|(layer, ranges)| {
            let bias = crate::evaluate::function::apply(&layer.bias, &[Rational::one()]);
            let y = crate::evaluate::function::apply(&layer.map, &x);
            let y: Vec<Rational> = y.iter().zip(&bias).map(|(y, b)| y + b).collect();
            x = y.iter().map(Rational::relu).collect();
            y.len() == ranges.len() && y.iter().zip(ranges).all(|(y, range)| range.lo <= *y && *y <= range.hi)
        })
    }

    proptest! {
        #[test]
        fn ranges_cover_all_values(
            bytes in prop::collection::vec(any::<(u8, u8, u8)>(), 30..90),
            inputs in 1usize..3,
            points in prop::collection::vec((0i64..65, 0i64..65), 20),
        ) {
            // Few distinct weights: many neurons share a form, up to sign.
            let weight = |a: u8, b: u8| Rational::ratio(i64::from(a % 5) - 2, 1 + i64::from(b % 2));
            let network = crate::evaluate::tests::random_layered(&[inputs, 6, 4, 7, 3], &bytes, weight);
            let ranges = ranges(&network, &Rational::from(-1), &Rational::from(1));
            for (a, b) in points {
                let x = [Rational::ratio(a - 32, 32), Rational::ratio(b - 32, 32)];
                prop_assert!(covers(&network, &ranges, &x[..inputs]));
            }
        }
    }

    #[test]
    fn teeth_stay_in_the_unit_interval() {
        let network = squaring_network(30, None, SquaringMethod::Delayed).unwrap().layered().unwrap();
        let ranges = ranges(&network, &Rational::zero(), &Rational::one());
        for layer in &ranges[..29] {
            assert_eq!((layer[0].lo.clone(), layer[0].hi.clone()), (Rational::zero(), Rational::one()));
        }
    }
}
