//! Minimum and maximum of n numbers, and the absolute value: exact.

use std::sync::Arc;

use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count, positive};
use crate::arith::Rational;
use crate::certify::rules::block;
use crate::certify::{Claim, Domain, ErrorKind, Norm, Proof, Target};
use crate::network::{Block, Builder, LinearMap, Network, Value};

/// The most inputs of a minimum network.
pub const MAX_SIZE: usize = 1 << 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extreme {
    Minimum,
    Maximum,
}

/// Builds the network for min(x_1, .., x_n): on all of R^n, or on \[-B, B\]^n with fewer weights.
///
/// # Statement
/// R(x) = min(x_1, .., x_n) for all x in R^n (`bound` = `None`), or for all |x_i| <= B.
///
/// Proof. min(x, y) = y - relu(y - x). A number y of any sign is carried as relu(y) - relu(-y), a number y >= -B as
/// relu(y + B) - B, and minima of numbers >= -B are >= -B.
///
/// # Source
/// ABMM18 (binary tree of minima, depth ceil(log2 n) + 1 layers).
/// The checker verifies it by the rule `minimum` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Input \[n\], output \[1\].
///
/// # Size
/// L = ceil(log2 n) + 1. For n = 2^k on R^n: 3 (n - 1) hidden neurons and 4 (n / 2) + 12 (n / 2 - 1) + 3 weights; on
/// \[-B, B\]^n: 2 (n - 1) hidden neurons and, for n >= 4, 4 (n / 2) + 6 (n / 2 - 1) + 3 weights.
///
/// # Exactness
/// Exact: error 0.
///
/// # Errors
/// [`ConstructError::Parameter`] for n = 0 or n > 2^16, or a bound that is not positive.
///
/// ```
/// use certinet::construct::minimum;
/// let network = minimum(4, None).unwrap().network;
/// assert_eq!(network.layered().unwrap().size().unwrap().weights, 8 + 12 + 3);
/// ```
pub fn minimum(size: usize, bound: Option<&Rational>) -> Result<Construction, ConstructError> {
    build(Extreme::Minimum, size, bound)
}

/// Builds the network for max(x_1, .., x_n) = -min(-x_1, .., -x_n).
///
/// # Statement
/// R(x) = max(x_1, .., x_n) for all x in R^n (`bound` = `None`), or for all |x_i| <= B.
///
/// # Source
/// ABMM18.
///
/// # Shapes
/// Input \[n\], output \[1\].
///
/// # Size
/// As [`minimum`].
///
/// # Exactness
/// Exact: error 0.
///
/// # Errors
/// As [`minimum`].
pub fn maximum(size: usize, bound: Option<&Rational>) -> Result<Construction, ConstructError> {
    build(Extreme::Maximum, size, bound)
}

/// Builds the network for |x| = relu(x) + relu(-x).
///
/// # Statement
/// R(x) = |x| for all real x.
///
/// # Shapes
/// Input \[1\], output \[1\].
///
/// # Size
/// L = 2, 2 hidden neurons, 4 weights.
///
/// # Exactness
/// Exact: error 0.
///
/// # Errors
/// Never: the dimensions fit.
pub fn absolute_value() -> Result<Construction, ConstructError> {
    let mut builder = Network::builder();
    let x = builder.input(1);
    let halves = builder.linear(x, LinearMap::literal(Block::from_ratios(&[[(1, 1)], [(-1, 1)]])))?;
    let halves = builder.relu(halves);
    let output = builder.linear(halves, LinearMap::literal(Block::from_ratios(&[[(1, 1), (1, 1)]])))?;
    Ok(exact(Exact {
        family: "absolute-value",
        method: "two-sided",
        parameters: Vec::new(),
        network: builder.finish(output),
        target: Target::AbsoluteValue,
        domain: Domain::Space { dimension: 1 },
        lower_bound: None,
    }))
}

/// What an exact construction says about itself.
pub(super) struct Exact {
    pub(super) family: &'static str,
    pub(super) method: &'static str,
    pub(super) parameters: Vec<(&'static str, Parameter)>,
    pub(super) network: Network,
    pub(super) target: Target,
    pub(super) domain: Domain,
    pub(super) lower_bound: Option<u128>,
}

/// A construction whose network is its target.
pub(super) fn exact(what: Exact) -> Construction {
    let network = Arc::new(what.network);
    let bound = match &what.domain {
        Domain::Cube { upper, .. } => Some(upper),
        _ => None,
    };
    let part = match &what.target {
        Target::Minimum { size } => Some(block::order_statistic(&network, "minimum", *size, bound)),
        Target::Maximum { size } => Some(block::order_statistic(&network, "maximum", *size, bound)),
        Target::Median { size } => Some(block::order_statistic(&network, "median", *size, bound)),
        Target::AbsoluteValue => Some(block::absolute_value(&network)),
        Target::Interpolation { points } => Some(block::interpolation(&network, points)),
        // No other target is realised exactly by a block of its own.
        _ => None,
    };
    Construction {
        proof: Proof::new(part.into_iter().collect()),
        family: what.family,
        method: what.method,
        parameters: what.parameters,
        network,
        candidates: Vec::new(),
        published: None,
        lower_bound: what.lower_bound,
        size: None,
        claim: Claim {
            target: what.target,
            domain: what.domain,
            norm: Norm::Maximum,
            error: Rational::zero(),
            kind: ErrorKind::Exact,
            derivative_error: Some(Rational::zero()),
        },
    }
}

/// The domain and the parameters of an exact construction on n numbers.
pub(super) fn space_or_cube(size: usize, bound: Option<&Rational>) -> (Domain, Vec<(&'static str, Parameter)>) {
    let mut parameters = vec![("size", Parameter::Count(size as u64))];
    let domain = match bound {
        None => Domain::Space { dimension: size },
        Some(b) => {
            parameters.push(("bound", Parameter::Number(b.clone())));
            Domain::Cube { dimension: size, lower: -b, upper: b.clone() }
        }
    };
    (domain, parameters)
}

fn build(extreme: Extreme, size: usize, bound: Option<&Rational>) -> Result<Construction, ConstructError> {
    count("size", size, 1, MAX_SIZE)?;
    if let Some(b) = bound {
        positive("bound", b)?;
    }
    let sign = if extreme == Extreme::Minimum { Rational::one() } else { Rational::from(-1) };
    let mut builder = Network::builder();
    let input = builder.input(size);
    let mut row = builder.linear(input, LinearMap::scaled_identity(size, sign.clone()))?;
    // The values are at least -shift.
    let mut shift = bound.cloned();
    while builder.dimension(row) > 1 {
        row = halve(&mut builder, row, shift.as_ref())?;
        // From the first level on, what is carried is y + B >= 0.
        shift = shift.map(|_| Rational::zero());
    }
    let back = if size > 1 { bound.cloned().unwrap_or_default() } else { Rational::zero() };
    let output = builder
        .affine(&[(row, LinearMap::scaled_identity(1, sign.clone()))], LinearMap::constant(1, -(&back * &sign)))?;
    let (domain, parameters) = space_or_cube(size, bound);
    let (family, target) = match extreme {
        Extreme::Minimum => ("minimum", Target::Minimum { size }),
        Extreme::Maximum => ("maximum", Target::Maximum { size }),
    };
    let method = if bound.is_some() { "one-sided" } else { "two-sided" };
    let network = builder.finish(output);
    Ok(exact(Exact { family, method, parameters, network, target, domain, lower_bound: None }))
}

/// The minima of neighbours; a last value without a neighbour is carried. With a shift b, for values >= -b, the result is
/// that of the values plus b.
fn halve(builder: &mut Builder, x: Value, shift: Option<&Rational>) -> Result<Value, ConstructError> {
    let n = builder.dimension(x);
    let pairs = n / 2;
    // For a pair (x, y): relu(y + b) and relu(y - x), or relu(y), relu(-y) and relu(y - x).
    let (rows, join): (Vec<[(i64, i64); 2]>, Block) = match shift {
        Some(_) => (vec![[(0, 1), (1, 1)], [(-1, 1), (1, 1)]], Block::from_ratios(&[[(1, 1), (-1, 1)]])),
        None => (
            vec![[(0, 1), (1, 1)], [(0, 1), (-1, 1)], [(-1, 1), (1, 1)]],
            Block::from_ratios(&[[(1, 1), (-1, 1), (-1, 1)]]),
        ),
    };
    let mut bias = vec![Rational::zero(); rows.len()];
    bias[0] = shift.cloned().unwrap_or_default();
    let mut maps = vec![LinearMap::literal(Block::from_ratios(&rows)).copies(pairs)];
    let mut joins = vec![LinearMap::literal(join).copies(pairs)];
    let mut biases = vec![LinearMap::vector(&bias).repeat(pairs)];
    if n % 2 == 1 {
        match shift {
            Some(b) => {
                maps.push(LinearMap::identity(1));
                joins.push(LinearMap::identity(1));
                biases.push(LinearMap::constant(1, b.clone()));
            }
            None => {
                maps.push(LinearMap::literal(Block::from_ratios(&[[(1, 1)], [(-1, 1)]])));
                joins.push(LinearMap::literal(Block::from_ratios(&[[(1, 1), (-1, 1)]])));
                biases.push(LinearMap::zero(2, 1));
            }
        }
    }
    // min(x, y) + b = (y + b) - relu(y - x)
    let hidden = builder.affine(&[(x, LinearMap::diagonal(&maps))], LinearMap::stack(&biases))?;
    let hidden = builder.relu(hidden);
    Ok(builder.linear(hidden, LinearMap::diagonal(&joins))?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::evaluate::{Evaluator, evaluate_graph};

    fn inputs(n: usize) -> impl Iterator<Item = Vec<Rational>> {
        (0..200i64).map(move |seed| {
            let entry = |i: i64| Rational::ratio((seed * (i * i + 3 * i + 1) + 5 * i) % 17 - 8, 1 + seed % 3);
            (0..n as i64).map(entry).collect()
        })
    }

    #[test]
    fn exact_on_signs_ties_and_any_number_of_inputs() {
        let bound = Rational::from(8);
        for n in 1..12 {
            for bound in [None, Some(&bound)] {
                for (network, largest) in [(minimum(n, bound), false), (maximum(n, bound), true)] {
                    let network = network.unwrap();
                    let evaluator = Evaluator::<Rational>::new(&network.network.layered().unwrap()).unwrap();
                    for x in inputs(n) {
                        let y = evaluator.evaluate(&x).unwrap();
                        // By sorting, not by Target::evaluate.
                        let mut sorted = x.clone();
                        sorted.sort();
                        assert_eq!(y[0], sorted[if largest { n - 1 } else { 0 }]);
                        assert_eq!(evaluate_graph(&network.network, std::slice::from_ref(&x)).unwrap(), y);
                        assert_eq!(network.claim.target.evaluate(&x), Some(y));
                    }
                }
            }
        }
        let absolute = absolute_value().unwrap();
        let evaluator = Evaluator::<Rational>::new(&absolute.network.layered().unwrap()).unwrap();
        for x in inputs(1) {
            assert_eq!(evaluator.evaluate(&x).unwrap(), vec![x[0].abs()]);
        }
    }

    #[test]
    fn sizes_are_the_formulas() {
        for k in 1..7 {
            let n = 1usize << k;
            let half = n as u128 / 2;
            for build in [minimum, maximum] {
                let size = build(n, None).unwrap().network.layered().unwrap().size().unwrap();
                assert_eq!((size.layers, size.weights), (k + 1, 4 * half + 12 * (half - 1) + 3));
                assert_eq!(size.hidden_neurons(n, 1), 3 * (n as u128 - 1));
                let size = build(n, Some(&Rational::from(2))).unwrap().network.layered().unwrap().size().unwrap();
                assert_eq!((size.layers, size.weights), (k + 1, 4 * half + 6 * (half - 1) + 3));
                assert_eq!(size.hidden_neurons(n, 1), 2 * (n as u128 - 1));
            }
        }
        let size = absolute_value().unwrap().network.layered().unwrap().size().unwrap();
        assert_eq!((size.layers, size.weights), (2, 4));
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert!(minimum(0, None).is_err());
        assert!(maximum(3, Some(&Rational::zero())).is_err());
    }
}
