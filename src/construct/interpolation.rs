//! Exact piecewise-linear interpolation by one hidden layer.

use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count};
use super::minimum::{Exact, exact};
use crate::arith::Rational;
use crate::certify::{Domain, Target};
use crate::network::{LinearMap, Network};

/// The most points of an interpolation network.
pub const MAX_POINTS: usize = 1 << 16;

/// Builds the network that interpolates points (x_0, y_0), .., (x_n, y_n), x increasing, and is constant outside.
///
/// # Statement
/// For all real x: R(x) is the linear interpolant on each \[x_i, x_{i+1}\], y_0 for x <= x_0 and y_n for x >= x_n.
///
/// Proof. R(x) = y_0 + sum_i (s_{i+1} - s_i) relu(x - x_i), where s_i is the slope on \[x_{i-1}, x_i\] for 1 <= i <= n and
/// s_0 = s_{n+1} = 0: on \[x_i, x_{i+1}\] the slope is the telescoping sum s_{i+1}, and R(x_0) = y_0.
///
/// # Source
/// DDFHP22, section 3 (continuous piecewise-linear functions of one variable).
/// The checker verifies it by the rule `interpolation` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Input \[1\], output \[1\].
///
/// # Size
/// With k points at which the slope changes (at most n + 1): L = 2, k hidden neurons, 3k + 1 weights, one less for each
/// breakpoint at 0 and for y_0 = 0; L = 1 when all y are equal.
///
/// # Exactness
/// Exact: error 0 against the interpolant. What the interpolant itself approximates is not a matter of this network.
///
/// # Errors
/// [`ConstructError::Parameter`] without points, with more than 2^16, or when x does not increase strictly.
///
/// ```
/// use certinet::{arith::Rational, construct::interpolation};
/// let hat: Vec<_> = [(0, 0), (1, 1), (2, 0)].map(|(x, y)| (Rational::from(x), Rational::from(y))).to_vec();
/// let size = interpolation(&hat).unwrap().network.layered().unwrap().size().unwrap();
/// assert_eq!((size.layers, size.neurons, size.weights), (2, 5, 3 + 2 + 3));
/// ```
pub fn interpolation(points: &[(Rational, Rational)]) -> Result<Construction, ConstructError> {
    count("points", points.len(), 1, MAX_POINTS)?;
    if let Some(pair) = points.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
        let found = format!("{} after {}", pair[1].0, pair[0].0);
        return Err(ConstructError::parameter("points", found, "points whose first coordinates increase strictly"));
    }
    // s_0, .., s_{n+1}
    let mut slopes = vec![Rational::zero()];
    slopes.extend(points.windows(2).map(|pair| &(&pair[1].1 - &pair[0].1) / &(&pair[1].0 - &pair[0].0)));
    slopes.push(Rational::zero());
    let changes = slopes.windows(2).map(|pair| &pair[1] - &pair[0]);
    let breaks: Vec<(Rational, Rational)> =
        points.iter().zip(changes).filter(|(_, change)| !change.is_zero()).map(|(p, c)| (p.0.clone(), c)).collect();
    let mut builder = Network::builder();
    let x = builder.input(1);
    let start = LinearMap::constant(1, points[0].1.clone());
    let output = if breaks.is_empty() {
        builder.affine(&[(x, LinearMap::zero(1, 1))], start)?
    } else {
        let places: Vec<Rational> = breaks.iter().map(|(place, _)| -place).collect();
        let weights: Vec<LinearMap> =
            breaks.iter().map(|(_, change)| LinearMap::scaled_identity(1, change.clone())).collect();
        let n = breaks.len();
        let hidden = builder.affine(&[(x, LinearMap::identity(1).repeat(n))], LinearMap::vector(&places))?;
        let hidden = builder.relu(hidden);
        builder.affine(&[(hidden, LinearMap::beside(&weights))], start)?
    };
    Ok(exact(Exact {
        family: "interpolation",
        method: "one-hidden-layer",
        parameters: vec![("points", Parameter::Count(points.len() as u64))],
        network: builder.finish(output),
        target: Target::Interpolation { points: points.to_vec() },
        domain: Domain::Space { dimension: 1 },
        lower_bound: None,
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::evaluate::{Evaluator, evaluate_graph};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn interpolates_and_is_constant_outside(
            start in -5i64..6,
            steps in prop::collection::vec((1i64..4, -4i64..5), 0..9),
            y0 in -3i64..4,
            x in -60i64..60,
        ) {
            let mut points = vec![(Rational::ratio(start, 2), Rational::from(y0))];
            for (step, y) in steps {
                let last = points[points.len() - 1].0.clone();
                points.push((last + Rational::ratio(step, 3), Rational::ratio(y, 2)));
            }
            let network = interpolation(&points).unwrap();
            let layered = network.network.layered().unwrap();
            let evaluator = Evaluator::<Rational>::new(&layered).unwrap();
            let value = |x: &Rational| evaluator.evaluate(std::slice::from_ref(x)).unwrap().remove(0);
            for (x, y) in &points {
                prop_assert_eq!(&value(x), y);
            }
            for pair in points.windows(2) {
                let middle = (&pair[0].0 + &pair[1].0) * Rational::ratio(1, 2);
                prop_assert_eq!(value(&middle), (&pair[0].1 + &pair[1].1) * Rational::ratio(1, 2));
            }
            prop_assert_eq!(value(&Rational::from(-1000)), points[0].1.clone());
            prop_assert_eq!(value(&Rational::from(1000)), points[points.len() - 1].1.clone());
            let x = Rational::ratio(x, 7);
            let y = value(&x);
            prop_assert_eq!(network.claim.target.evaluate(std::slice::from_ref(&x)), Some(vec![y.clone()]));
            prop_assert_eq!(evaluate_graph(&network.network, &[vec![x]]).unwrap(), vec![y]);
            // The size is the formula.
            let size = layered.size().unwrap();
            let hidden = size.hidden_neurons(1, 1);
            if size.layers == 2 {
                let zero_break = points.iter().any(|(x, _)| x.is_zero());
                let full = 3 * hidden + u128::from(y0 != 0);
                prop_assert!(size.weights == full || (zero_break && size.weights == full - 1));
                prop_assert!(hidden <= points.len() as u128);
            } else {
                prop_assert_eq!(hidden, 0);
            }
        }
    }

    #[test]
    fn bad_points_are_refused() {
        let p = |x: i64, y: i64| (Rational::from(x), Rational::from(y));
        assert!(interpolation(&[]).is_err());
        assert!(interpolation(&[p(0, 1), p(0, 2)]).is_err());
        assert!(interpolation(&[p(1, 1), p(0, 2)]).is_err());
    }
}
