//! The median of an odd number of values by a pruned sorting network: exact.

use super::construction::Construction;
use super::error::{ConstructError, positive};
use super::minimum::{Exact, exact, space_or_cube};
use super::sorting::{compare, pruned};
use crate::arith::Rational;
use crate::certify::Target;
use crate::network::{LinearMap, Network};

/// The most inputs of a median network.
pub const MAX_SIZE: usize = 255;

/// Builds the network for the median of n numbers, n odd: on all of R^n, or on \[-B, B\]^n with fewer weights.
///
/// # Statement
/// R(x) = the ((n + 1) / 2)-th smallest of x_1, .., x_n, for all x in R^n (`bound` = `None`), or for all |x_i| <= B.
///
/// Proof. A comparator maps (x, y) to (min(x, y), max(x, y)) = (y - d, x + d), d = relu(y - x). Merge exchange sorts
/// (Knu98, Algorithm 5.2.2M); outputs on which the middle wire does not depend are left out. A number of any sign is
/// carried as relu(x) - relu(-x), a number x >= -B as relu(x + B) - B.
///
/// # Source
/// Knu98, section 5.2.2 (Batcher's merge exchange); ABMM18 for minima by ReLU networks.
/// The checker verifies it by the rule `median` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Input \[n\], output \[1\].
///
/// # Size
/// One layer for each stage of comparators that the middle depends on, of at most
/// ceil(log2 n) (ceil(log2 n) + 1) / 2, and one more; in a layer one neuron a comparator and one (on \[-B, B\]) or two (on
/// R^n) a number that is read again.
///
/// # Exactness
/// Exact: error 0.
///
/// # Errors
/// [`ConstructError::Parameter`] for n even, n > 255, or a bound that is not positive.
pub fn median(size: usize, bound: Option<&Rational>) -> Result<Construction, ConstructError> {
    if size.is_multiple_of(2) || size > MAX_SIZE {
        return Err(ConstructError::parameter("size", size, format!("an odd number from 1 to {MAX_SIZE}")));
    }
    if let Some(b) = bound {
        positive("bound", b)?;
    }
    let stages = pruned(size, &[size / 2]);
    let mut builder = Network::builder();
    let mut x = builder.input(size);
    for (number, stage) in stages.iter().enumerate() {
        // From the first stage on, what is carried is x + B >= 0.
        let shift = bound.map(|b| if number == 0 { b.clone() } else { Rational::zero() });
        x = compare(&mut builder, x, stage, shift.as_ref())?;
    }
    let back = if stages.is_empty() { Rational::zero() } else { bound.cloned().unwrap_or_default() };
    let middle = LinearMap::slice(size, size / 2, 1);
    let output = builder.affine(&[(x, middle)], LinearMap::constant(1, -back))?;
    let (domain, parameters) = space_or_cube(size, bound);
    Ok(exact(Exact {
        family: "median",
        method: "merge-exchange",
        parameters,
        network: builder.finish(output),
        target: Target::Median { size },
        domain,
        lower_bound: None,
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::evaluate::{Evaluator, evaluate_graph};

    #[test]
    fn the_median_is_the_middle_of_the_sorted_values() {
        let bound = Rational::from(9);
        for n in [1, 3, 5, 7, 9, 11] {
            for bound in [None, Some(&bound)] {
                let network = median(n, bound).unwrap();
                let evaluator = Evaluator::<Rational>::new(&network.network.layered().unwrap()).unwrap();
                let points = (0..1i64 << n.min(9)).map(|bits| -> Vec<Rational> {
                    // Signs from the bits, so that every 0-1 pattern of up to nine wires is met, magnitudes mixed in.
                    let sign = |i: i64| if bits >> i & 1 == 1 { 1 } else { -1 };
                    (0..n as i64).map(|i| Rational::ratio(sign(i) * (1 + (bits * (2 * i + 1)) % 8), 1)).collect()
                });
                for x in points {
                    let y = evaluator.evaluate(&x).unwrap();
                    // The number with (n - 1) / 2 others on each side, counted, not sorted.
                    let below = x.iter().filter(|v| **v < y[0]).count();
                    let above = x.iter().filter(|v| **v > y[0]).count();
                    assert!(x.contains(&y[0]) && below <= n / 2 && above <= n / 2);
                    assert_eq!(evaluate_graph(&network.network, std::slice::from_ref(&x)).unwrap(), y);
                    assert_eq!(network.claim.target.evaluate(&x), Some(y));
                }
            }
        }
    }

    #[test]
    fn small_medians_have_known_sizes() {
        // Three comparators in three stages.
        let size = median(3, Some(&Rational::one())).unwrap().network.layered().unwrap().size().unwrap();
        assert_eq!(size.layers, 4);
        let wide = median(3, None).unwrap().network.layered().unwrap().size().unwrap();
        assert!(wide.weights > size.weights && wide.layers == size.layers);
        for bad in [0, 2, 4, MAX_SIZE + 2] {
            assert!(median(bad, None).is_err());
        }
    }
}
