//! Squaring: x^2 by sawtooth functions (Yarotsky).
//!
//! With the tooth g(x) = 2 min(x, 1 - x) on \[0, 1\] and its s-fold iterate g_s,
//!
//! ```text
//! f_m(x) = x - sum_{s=1}^{m} g_s(x) / 4^s
//! ```
//!
//! is the piecewise-linear interpolant of x^2 at the points k / 2^m.

use std::sync::Arc;

use super::construction::{Construction, Parameter, Published};
use super::error::{ConstructError, count, positive};
use crate::arith::Rational;
use crate::certify::rules::block;
use crate::certify::{Claim, Domain, ErrorKind, Norm, Proof, Target};
use crate::network::{Block, Layer, Layered, LinearMap, Network};

/// The most levels a squaring network may have.
pub const MAX_LEVELS: usize = 10_000;

/// How x^2 is realised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SquaringMethod {
    /// Two teeth and a delayed accumulator: 7m - 2 weights, 3m - 1 hidden neurons.
    Delayed,
    /// `Delayed` with half the error: the output is shifted by -2^(-2m-3), one weight more.
    Centred,
    /// Three neurons a layer, all weights at most 1 in absolute value: 8m - 1 weights.
    BoundedWeights,
    /// Four neurons a layer, the published form behind nnR: 15m - 5 weights.
    FourWide,
}

impl SquaringMethod {
    /// All methods, the default first.
    pub const ALL: [Self; 4] = [Self::Delayed, Self::Centred, Self::BoundedWeights, Self::FourWide];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Delayed => "delayed",
            Self::Centred => "centred",
            Self::BoundedWeights => "bounded-weights",
            Self::FourWide => "four-wide",
        }
    }
    /// The source, a key of the bibliography.
    pub fn source(self) -> &'static str {
        match self {
            Self::Delayed | Self::Centred => "certinet",
            Self::BoundedWeights => "EPGB21",
            Self::FourWide => "GHJZ22",
        }
    }
}

/// Builds the squaring network with m levels on \[0, 1\] (`bound` = `None`) or on \[-B, B\].
///
/// # Statement
/// For all x in the domain, 0 <= R(x) - x^2 <= B^2 2^(-2m-2) (B = 1 on \[0, 1\]), and the bound is attained; centred,
/// |R(x) - x^2| <= B^2 2^(-2m-3), attained. Almost everywhere |R'(x) - 2x| <= B 2^(-m).
///
/// Proof. On a cell \[a, b\] of length h = 2^-m, f_m(x) - x^2 = (x - a)(b - x), between 0 and h^2/4 = 2^(-2m-2) with
/// equality at the midpoint; the slope there is a + b, and |a + b - 2x| <= h. On \[-B, B\], R(x) = B^2 f_m(|x| / B).
///
/// # Source
/// Yar17, Proposition 2; the `Delayed` form is ours (the accumulator lags one layer behind the teeth).
/// The checker verifies it by the rule `squaring` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Input \[1\], output \[1\].
///
/// # Size
/// m levels on \[0, 1\]: L = m + 1 and, for `Delayed`, 3m - 1 hidden neurons and 7m - 2 weights (`Centred` 7m - 1,
/// `BoundedWeights` 8m - 1 with 3m neurons, `FourWide` 15m - 5 with 4m). On \[-B, B\] one layer, two neurons
/// and 4 weights more (`BoundedWeights` 5, `FourWide` 6).
///
/// # Exactness
/// Exact. Outside the domain the teeth vanish and nothing is claimed.
///
/// # Errors
/// [`ConstructError::Parameter`] for m = 0, m beyond [`MAX_LEVELS`] or a bound that is not positive.
///
/// ```
/// use certinet::construct::{SquaringMethod, squaring};
/// let square = squaring(20, None, SquaringMethod::Delayed).unwrap();
/// assert_eq!(square.network.layered().unwrap().size().unwrap().weights, 7 * 20 - 2);
/// ```
pub fn squaring(
    levels: usize,
    bound: Option<&Rational>,
    method: SquaringMethod,
) -> Result<Construction, ConstructError> {
    let network = Arc::new(squaring_network(levels, bound, method)?);
    let b = bound.cloned().unwrap_or_else(Rational::one);
    let lower = if bound.is_some() { -&b } else { Rational::zero() };
    let length = &b - &lower;
    let m = levels as i64;
    let error = &unit_error(levels, method) * &(&b * &b);
    let mut parameters = vec![("levels", Parameter::Count(levels as u64))];
    if bound.is_some() {
        parameters.push(("bound", Parameter::Number(b.clone())));
    }
    Ok(Construction {
        proof: Proof::new(vec![block::squaring(&network, levels, bound, method.name())]),
        family: "squaring",
        method: method.name(),
        parameters,
        network,
        // The midpoint of the first cell.
        candidates: vec![vec![b.scale_by_power_of_two(-m - 1)]],
        published: Some(Published {
            source: "GHJZ22",
            formula: "L = m + 1, M = 15m - 5 on [0, 1]".to_owned(),
            layers: Some(levels as u128 + 1),
            neurons: None,
            weights: Some(15 * levels as u128 - 5),
            weights_scale: None,
            layers_scale: None,
        }),
        lower_bound: Some(square_neurons_lower(&length, &error)),
        size: None,
        claim: Claim {
            target: Target::Square,
            domain: Domain::Cube { dimension: 1, lower, upper: b.clone() },
            norm: Norm::Maximum,
            error,
            kind: ErrorKind::Exact,
            derivative_error: Some(b.scale_by_power_of_two(-m)),
        },
    })
}

/// Builds the squaring network with the fewest levels whose error is at most `error`.
///
/// # Errors
/// As [`squaring`]; also when the error is not positive.
pub fn squaring_for_error(
    error: &Rational,
    bound: Option<&Rational>,
    method: SquaringMethod,
) -> Result<Construction, ConstructError> {
    positive("error", error)?;
    let b = bound.cloned().unwrap_or_else(Rational::one);
    positive("bound", &b)?;
    squaring(levels_for(&(error / &(&b * &b)), method)?, bound, method)
}

/// The error on the unit domain: 2^(-2m-2), half of it centred.
fn unit_error(levels: usize, method: SquaringMethod) -> Rational {
    let centred = i64::from(method == SquaringMethod::Centred);
    Rational::power_of_two(-2 * levels as i64 - 2 - centred)
}

/// The fewest levels, at least 1, with 2^(-2m-2) (half of it centred) at most `error`.
fn levels_for(error: &Rational, method: SquaringMethod) -> Result<usize, ConstructError> {
    // 2^(-2m-2) <= error iff 2m + 2 >= -floor(log2(error)).
    let bits = -error.floor_log2().unwrap_or(0) - 2 - i64::from(method == SquaringMethod::Centred);
    let levels = ((bits + 1).div_euclid(2)).max(1) as usize;
    count("levels needed for the error", levels, 1, MAX_LEVELS)?;
    Ok(levels)
}

/// Neurons, input and output counted, that any ReLU network approximating x^2 on an interval needs.
///
/// A function with n affine pieces on an interval of length l has an error of at least l^2 / (8 n^2) against x^2, and a
/// network with H hidden neurons has at most 2^H pieces on a line; so 4^H 8 error >= l^2 (the constant
/// is derived: the best fit on a cell of length h errs by h^2 / 8, and every neuron cuts each piece at most once).
pub fn square_neurons_lower(length: &Rational, error: &Rational) -> u128 {
    let ratio = &(length * length) / &(error * &Rational::from(8));
    // The smallest H >= 0 with 4^H >= ratio.
    let bits = ratio.ceil_log2().unwrap_or(0).max(0);
    (bits as u128).div_ceil(2) + 2
}

/// The network of [`squaring`] alone.
///
/// # Errors
/// As [`squaring`].
pub fn squaring_network(
    levels: usize,
    bound: Option<&Rational>,
    method: SquaringMethod,
) -> Result<Network, ConstructError> {
    count("levels", levels, 1, MAX_LEVELS)?;
    let mut layers = match method {
        SquaringMethod::Delayed | SquaringMethod::Centred => delayed(levels),
        SquaringMethod::BoundedWeights => bounded_weights(levels),
        SquaringMethod::FourWide => four_wide(levels),
    };
    if method == SquaringMethod::Centred
        && let Some(last) = layers.last_mut()
    {
        last.bias = LinearMap::constant(1, -Rational::power_of_two(-2 * levels as i64 - 3));
    }
    if let Some(b) = bound {
        positive("bound", b)?;
        // |x| / B from max(x, 0) and max(-x, 0); the result times B^2.
        let inverse = &Rational::one() / b;
        let absolute = LinearMap::literal(Block::from_ratios(&[[(1, 1), (1, 1)]])).scale(&inverse);
        layers[0].map = layers[0].map.product(&absolute)?;
        if let Some(last) = layers.last_mut() {
            let square = b * b;
            *last = Layer { map: last.map.scale(&square), bias: last.bias.scale(&square) };
        }
        layers.insert(0, ratio_layer(&[[(1, 1)], [(-1, 1)]], &[(0, 1), (0, 1)]));
    }
    Ok(Network::from(&Layered::new(layers)?))
}

/// A layer from small fractions.
fn ratio_layer<const C: usize>(rows: &[[(i64, i64); C]], bias: &[(i64, i64)]) -> Layer {
    let bias: Vec<Rational> = bias.iter().map(|&(p, q)| Rational::ratio(p, q)).collect();
    Layer { map: LinearMap::literal(Block::from_ratios(rows)), bias: LinearMap::vector(&bias) }
}

fn layer(rows: &[&[Rational]], bias: &[Rational]) -> Layer {
    Layer { map: LinearMap::literal(Block::from_rows(rows)), bias: LinearMap::vector(bias) }
}

/// Layers carry (g_k, g_k - 1/2, accumulator of the levels before k).
fn delayed(m: usize) -> Vec<Layer> {
    let n = |k: i64| Rational::from(k);
    let mut layers = vec![ratio_layer(&[[(1, 1)], [(1, 1)]], &[(0, 1), (-1, 2)])];
    if m == 1 {
        // x - g_1(x) / 4 = x / 2 + max(x - 1/2, 0)
        layers.push(ratio_layer(&[[(1, 2), (1, 1)]], &[(0, 1)]));
        return layers;
    }
    layers.push(ratio_layer(&[[(2, 1), (-4, 1)], [(2, 1), (-4, 1)], [(1, 1), (0, 1)]], &[(0, 1), (-1, 2), (0, 1)]));
    for k in 3..=m {
        let weight = -Rational::power_of_two(-2 * (k as i64 - 2));
        layers.push(layer(
            &[&[n(2), n(-4), n(0)], &[n(2), n(-4), n(0)], &[weight, n(0), n(1)]],
            &[n(0), Rational::ratio(-1, 2), n(0)],
        ));
    }
    // accumulator - g_{m-1} / 4^(m-1) - g_m / 4^m with g_m = 2 g_{m-1} - 4 max(g_{m-1} - 1/2, 0)
    let unit = Rational::power_of_two(-2 * m as i64);
    layers.push(layer(&[&[&unit * &n(-6), &unit * &n(4), n(1)]], &[n(0)]));
    layers
}

/// Layers carry (4^-k g_k, its part above the fold, f_k), all weights at most 1.
fn bounded_weights(m: usize) -> Vec<Layer> {
    let (half, one) = (Rational::ratio(1, 2), Rational::one());
    let mut layers = vec![ratio_layer(&[[(1, 1)], [(1, 1)], [(1, 1)]], &[(0, 1), (-1, 2), (0, 1)])];
    for k in 2..=m {
        layers.push(layer(
            &[
                &[half.clone(), -&one, Rational::zero()],
                &[half.clone(), -&one, Rational::zero()],
                &[-&half, one.clone(), one.clone()],
            ],
            &[Rational::zero(), -Rational::power_of_two(1 - 2 * k as i64), Rational::zero()],
        ));
    }
    layers.push(ratio_layer(&[[(-1, 2), (1, 1), (1, 1)]], &[(0, 1)]));
    layers
}

/// Layers carry (g_k, g_k - 1/2, g_k - 1, f_k): three neurons a tooth.
fn four_wide(m: usize) -> Vec<Layer> {
    let n = |k: i64| Rational::from(k);
    let tooth: [Rational; 4] = [n(2), n(-4), n(2), n(0)];
    let accumulate = |k: i64| {
        let c = Rational::power_of_two(1 - 2 * k);
        [-&c, &c * &n(2), -&c, n(1)]
    };
    let shifts = [n(0), Rational::ratio(-1, 2), n(-1), n(0)];
    let ones = [n(1)];
    let mut layers = vec![layer(&[&ones, &ones, &ones, &ones], &shifts)];
    for k in 1..m as i64 {
        layers.push(layer(&[&tooth, &tooth, &tooth, &accumulate(k)], &shifts));
    }
    layers.push(layer(&[&accumulate(m as i64)], &[n(0)]));
    layers
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::certify::measure;
    use crate::evaluate::Evaluator;

    #[test]
    fn sizes_are_the_formulas() {
        for m in 1..40 {
            for (method, weights, hidden, extra) in [
                (SquaringMethod::Delayed, 7 * m - 2, 3 * m - 1, 4),
                (SquaringMethod::Centred, 7 * m - 1, 3 * m - 1, 4),
                (SquaringMethod::BoundedWeights, 8 * m - 1, 3 * m, 5),
                (SquaringMethod::FourWide, 15 * m - 5, 4 * m, 6),
            ] {
                let size = squaring(m, None, method).unwrap().network.layered().unwrap().size().unwrap();
                assert_eq!((size.layers, size.weights), (m + 1, weights as u128), "{method:?}");
                assert_eq!(size.hidden_neurons(1, 1), hidden as u128, "{method:?}");
                let wide = squaring(m, Some(&Rational::from(3)), method).unwrap();
                let size = wide.network.layered().unwrap().size().unwrap();
                assert_eq!((size.layers, size.weights), (m + 2, (weights + extra) as u128), "{method:?}");
                assert_eq!(size.hidden_neurons(1, 1), hidden as u128 + 2, "{method:?}");
            }
        }
    }

    #[test]
    fn every_method_interpolates_and_attains_its_bound() {
        for method in SquaringMethod::ALL {
            for bound in [None, Some(Rational::ratio(7, 3))] {
                for m in 1..6 {
                    let square = squaring(m, bound.as_ref(), method).unwrap();
                    let layered = square.network.layered().unwrap();
                    let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
                    let b = bound.clone().unwrap_or_else(Rational::one);
                    let shift =
                        if method == SquaringMethod::Centred { unit_error(m, method) } else { Rational::zero() };
                    for k in 0..=(1i64 << m) {
                        let x = &b * &Rational::ratio(k, 1 << m);
                        for x in if bound.is_some() { vec![x.clone(), -x] } else { vec![x] } {
                            let y = evaluator.evaluate(std::slice::from_ref(&x)).unwrap();
                            assert_eq!(&y[0] + &(&shift * &(&b * &b)), &x * &x, "{method:?} interpolates");
                        }
                    }
                    let witness = measure(&layered, &square.claim, &square.candidates).unwrap().unwrap();
                    assert_eq!(witness.error, square.claim.error, "{method:?} attains its bound");
                }
            }
        }
    }

    #[test]
    fn slopes_are_within_the_derivative_bound_and_attain_it() {
        for method in SquaringMethod::ALL {
            for m in 1..6 {
                let square = squaring(m, None, method).unwrap();
                let evaluator = Evaluator::<Rational>::new(&square.network.layered().unwrap()).unwrap();
                let h = Rational::power_of_two(-(m as i64));
                let at = |x: &Rational| evaluator.evaluate(std::slice::from_ref(x)).unwrap().remove(0);
                for k in 0..1i64 << m {
                    let (a, b) = (&h * &Rational::from(k), &h * &Rational::from(k + 1));
                    let middle = (&a + &b).scale_by_power_of_two(-1);
                    // Affine on the cell: both halves have one slope, and 2x is farthest from it at the ends.
                    let slope = &(&at(&b) - &at(&a)) / &h;
                    assert_eq!(&(&at(&middle) - &at(&a)) / &h.scale_by_power_of_two(-1), slope);
                    let farthest = (&slope - &(&a + &a)).abs().max((&slope - &(&b + &b)).abs());
                    assert_eq!(Some(farthest), square.claim.derivative_error, "{method:?}");
                }
            }
        }
    }

    #[test]
    fn fewest_levels_are_chosen() {
        for k in 1..60 {
            let error = Rational::ratio(3, 2).scale_by_power_of_two(-k);
            for method in SquaringMethod::ALL {
                let m = levels_for(&error, method).unwrap();
                assert!(unit_error(m, method) <= error);
                assert!(m == 1 || unit_error(m - 1, method) > error);
            }
        }
    }
}
