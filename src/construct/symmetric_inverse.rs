//! The inverse of a symmetric positive definite matrix with known bounds on its spectrum, by scaling.
//!
//! ```text
//! B  ->  A = I - alpha B  ->  (I - A)^-1 = (alpha B)^-1  ->  alpha (alpha B)^-1 = B^-1
//! ```

use std::sync::Arc;

use super::Construction;
use super::error::{ConstructError, positive};
use super::inverse::{InverseMethod, matrix_inverse};
use super::matrix_inverse::check_request;
use crate::arith::Rational;
use crate::certify::rules::block;
use crate::certify::{Claim, Domain, ErrorKind, Proof, Target};
use crate::network::{LinearMap, Network};

/// The bits of alpha and delta.
const BITS: u64 = 16;

/// The network of B -> B^-1 and what is known about it.
#[derive(Debug, Clone)]
pub struct SymmetricInverse {
    /// The network.
    pub network: Arc<Network>,
    /// alpha, dyadic.
    pub scale: Rational,
    /// delta: |I - alpha B| <= 1 - delta.
    pub delta: Rational,
    /// What is proved: in the spectral norm, for all matrices with this spectrum.
    pub claim: Claim,
    /// Why it holds.
    pub proof: Proof,
    /// The inverse of I - A inside.
    pub inner: Construction,
}

/// Builds the network of B -> B^-1 for symmetric B with spectrum in \[c, C\], within `error`.
///
/// # Statement
/// For all such d x d matrices B: |R(B) - B^-1| <= the certified error <= `error`, in the spectral norm.
///
/// Proof. Let alpha be positive and 0 < delta <= min(alpha c, 2 - alpha C). The eigenvalues of A = I - alpha B lie in
/// \[1 - alpha C, 1 - alpha c\], so |A| <= 1 - delta, and B^-1 = alpha (I - A)^-1: an error e of (I - A)^-1 becomes
/// alpha e. Any alpha below 2 / C is sound; 2 / (c + C) makes delta largest.
///
/// # Source
/// The scaling is KPRS22's; the inverses are those of [`matrix_inverse`].
/// The checker verifies it by the rule `symmetric-inverse` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Input \[d^2\] (row by row), output \[d^2\].
///
/// # Size
/// That of the inner network: the two scalings are merged into its first and last layers.
///
/// # Exactness
/// Exact network, upper bound on the error.
///
/// # Errors
/// [`ConstructError::Parameter`] for an empty matrix, 0 < c <= C violated, or an error that is not positive.
pub fn symmetric_inverse(
    size: usize,
    (lower, upper): (&Rational, &Rational),
    error: &Rational,
    method: InverseMethod,
) -> Result<SymmetricInverse, ConstructError> {
    positive("lower", lower)?;
    positive("error", error)?;
    if upper < lower {
        return Err(ConstructError::parameter("upper", upper, format!("a number of at least the lower end {lower}")));
    }
    let scale = (&Rational::from(2) / &(lower + upper)).round_down(BITS);
    // alpha <= 2 / (c + C) < 2 / C; any smaller delta is sound, and it must be below 1.
    let delta = (&scale * lower).min(Rational::from(2) - &scale * upper).min(Rational::ratio(15, 16)).round_down(BITS);
    let inner_error = error / &scale;
    check_request(size, &delta, &inner_error)?;
    let inner = matrix_inverse(size, &delta, &inner_error, method)?;
    let n = size * size;
    let mut builder = Network::builder();
    let b = builder.input(n);
    let identity = LinearMap::strided_constant(n, 0, size, size + 1, Rational::one());
    let a = builder.affine(&[(b, LinearMap::scaled_identity(n, -&scale))], identity)?;
    let inverse = builder.call(1, &inner.network, &[a])?;
    let output = builder.linear(inverse, LinearMap::scaled_identity(n, scale.clone()))?;
    let network = Arc::new(builder.finish(output));
    let mut proof = inner.proof.clone();
    proof.parts.push(block::symmetric_inverse(&network, size, (lower, upper), &scale, &inner.network));
    let claim = Claim {
        target: Target::SymmetricInverse { size },
        domain: Domain::Symmetric { size, lower: lower.clone(), upper: upper.clone() },
        norm: inner.claim.norm,
        error: &scale * &inner.claim.error,
        kind: ErrorKind::UpperBound,
        derivative_error: None,
    };
    Ok(SymmetricInverse { network, scale, delta, claim, proof, inner })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::evaluate::Evaluator;
    use crate::linalg::{Matrix, inverse, spectral_norm_upper};

    #[test]
    fn inverses_are_within_the_bound() {
        let error = Rational::power_of_two(-12);
        // Eigenvalues 1 and 3, scaled; and a multiple of the identity, for which delta would be 1.
        for (scale, c, upper) in [(1, 1, 3), (100, 100, 300), (7, 7, 21)] {
            let b = Matrix::from_fn(2, 2, |i, j| Rational::from(if i == j { 2 * scale } else { scale }));
            check(&b, (c, upper), &error);
        }
        check(&Matrix::identity(3).scale(&Rational::from(5)), (5, 5), &error);
    }

    fn check(b: &Matrix, (lower, upper): (i64, i64), error: &Rational) {
        let (lower, upper) = (Rational::from(lower), Rational::from(upper));
        for method in InverseMethod::ALL {
            let built = symmetric_inverse(b.rows(), (&lower, &upper), error, method).unwrap();
            assert!(built.claim.error <= *error);
            let layered = built.network.layered().unwrap();
            let output = Evaluator::<Rational>::new(&layered).unwrap().evaluate(b.entries()).unwrap();
            let output = Matrix::from_fn(b.rows(), b.rows(), |i, j| output[i * b.rows() + j].clone());
            let distance = output.sub(&inverse(b).unwrap()).unwrap();
            assert!(spectral_norm_upper(&distance, 40) <= built.claim.error);
            // Scaling costs no layer and no neuron.
            let (size, inner) = (layered.size().unwrap(), built.inner.network.layered().unwrap().size().unwrap());
            assert_eq!((size.layers, size.neurons), (inner.layers, inner.neurons));
        }
    }

    #[test]
    fn bounds_in_the_wrong_order_are_refused() {
        let (one, two) = (Rational::one(), Rational::from(2));
        let method = InverseMethod::ProductForm;
        assert!(symmetric_inverse(2, (&two, &one), &one, method).is_err());
        assert!(symmetric_inverse(2, (&Rational::zero(), &one), &one, method).is_err());
        assert!(symmetric_inverse(0, (&one, &two), &one, method).is_err());
        assert!(symmetric_inverse(2, (&one, &two), &Rational::zero(), method).is_err());
    }
}
