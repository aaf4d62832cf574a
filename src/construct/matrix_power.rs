//! Powers of a matrix by binary powering.
//!
//! ```text
//! stage j:   P_{j+1} = P_j P_j,   Q <- Q P_j where bit j of n is set and lower ones are
//! ```
//!
//! Q starts as the P_j of the lowest set bit; the stages end with an offset ReLU, one neuron an entry.

use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count, positive};
use super::levels::fewest_levels;
use super::matrix_facts::{FactBuilder, Factors, Known};
use super::matrix_inverse::power_of_two_above;
use super::matrix_product::{MAX_DIMENSION, WITNESS_LIMIT};
use super::proved::Proved;
use crate::arith::Rational;
use crate::certify::rules::matrix as rules;
use crate::certify::{Claim, Domain, ErrorKind, Norm, Proof, Target};

/// The largest exponent.
const MAX_EXPONENT: usize = 1 << 20;

/// Builds the network of A -> A^n for spectral norm |A| <= Z, within `error`.
///
/// # Statement
/// For all d x d matrices A with |A| <= Z: |R(A) - A^n| <= the certified error <= `error`, in the spectral norm.
///
/// Proof. Let a bound the distance of the computed P_j to A^(2^j), c that of the computed Q to A^r, r the set bits of n
/// below j. Both are 0 at the start, Q takes over a where it starts, and with e, e' the errors of the products,
///
/// ```text
/// a <- (2 Z^(2^j) + a) a + e,   c <- Z^r a + c (Z^(2^j) + a) + e'.
/// ```
///
/// The products read factors of norm at most Z^(2^j) + a and Z^r + c, so their errors are those of `matrix_product`
/// with these bounds. The recursion is evaluated in rationals rounded upwards for the very levels that are built.
///
/// # Source
/// KPRS22, Propositions A.3 and A.4, with explicit levels, each product with its own.
/// The checker verifies it by the sections `matrix` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Input \[d^2\] (row by row), output \[d^2\].
///
/// # Size
/// floor(log2 n) squarings and one product for each further set bit of n, each of about 12 m d^3 weights.
///
/// # Exactness
/// Exact network, upper bound on the error; exact for n = 1.
///
/// # Errors
/// [`ConstructError::Parameter`] for an empty matrix, an exponent of 0 or above 2^20, or numbers that are not positive.
pub fn matrix_power(
    size: usize,
    exponent: usize,
    bound: &Rational,
    error: &Rational,
) -> Result<Construction, ConstructError> {
    count("size", size, 1, MAX_DIMENSION)?;
    count("exponent", exponent, 1, MAX_EXPONENT)?;
    positive("bound", bound)?;
    positive("error", error)?;
    let steps = steps(exponent);
    let certifies = |levels: &[usize]| certified(&recursion(size, bound, &steps, levels)) <= *error;
    let levels = if steps.is_empty() { Vec::new() } else { fewest_levels(steps.len(), certifies)? };
    let made = recursion(size, bound, &steps, &levels);
    let proved = network(FactBuilder::new(size, bound), &steps, &made, &levels)?;
    Ok(Construction {
        proof: Proof::new(proved.parts),
        family: "matrix-power",
        method: "binary-powering",
        parameters: vec![
            ("size", Parameter::Count(size as u64)),
            ("exponent", Parameter::Count(exponent as u64)),
            ("bound", Parameter::Number(bound.clone())),
            ("levels", Parameter::Numbers(levels.iter().map(|&m| Rational::from(m)).collect())),
        ],
        network: proved.network,
        candidates: candidates(size, bound),
        published: None,
        lower_bound: None,
        size: None,
        claim: Claim {
            target: Target::MatrixPower { size, exponent },
            domain: Domain::SpectralBalls(vec![(size, size, bound.clone())]),
            norm: Norm::Spectral { rows: size, columns: size },
            error: certified(&made),
            kind: if steps.is_empty() { ErrorKind::Exact } else { ErrorKind::UpperBound },
            derivative_error: None,
        },
    })
}

/// One product of the powering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Q <- Q P.
    Multiply,
    /// P <- P P; `copies` when Q becomes the old P first.
    Square {
        /// Whether Q starts as the P that is squared.
        copies: bool,
    },
}

/// The products in order: in each stage first Q P, then P P.
fn steps(exponent: usize) -> Vec<Step> {
    let (top, low) = (exponent.ilog2(), exponent.trailing_zeros());
    let mut steps = Vec::new();
    for j in 0..=top {
        if j > low && exponent >> j & 1 == 1 {
            steps.push(Step::Multiply);
        }
        if j < top {
            steps.push(Step::Square { copies: j == low });
        }
    }
    steps
}

/// One product: the bounds of its factors, what is known of its result, and the bound of that.
struct Made {
    left: Rational,
    right: Rational,
    result: Known,
    bound: Rational,
}

/// What is known of every product; the last one is the power, or X itself without products.
fn recursion(d: usize, bound: &Rational, steps: &[Step], levels: &[usize]) -> Vec<Made> {
    let mut power = Known::input(bound);
    let mut product = power.clone();
    let mut made = Vec::new();
    for (step, &m) in steps.iter().zip(levels) {
        let right = power_of_two_above(&power.bound());
        let (left, factor) = match step {
            Step::Square { copies } => {
                if *copies {
                    product = power.clone();
                }
                (right.clone(), &power)
            }
            Step::Multiply => (power_of_two_above(&product.bound()), &product),
        };
        let result = factor.product(&power, &Factors { levels: m, left: &left, right: &right }.error(d));
        match step {
            Step::Square { .. } => power = result.clone(),
            Step::Multiply => product = result.clone(),
        }
        let bound = power_of_two_above(&result.bound());
        made.push(Made { left, right, result, bound });
    }
    made
}

/// The error of the last product; 0 without products.
fn certified(made: &[Made]) -> Rational {
    made.last().map_or_else(Rational::zero, |last| last.result.error.clone())
}

fn network(mut facts: FactBuilder, steps: &[Step], made: &[Made], levels: &[usize]) -> Result<Proved, ConstructError> {
    let input = facts.input();
    let (mut power, mut product) = (input, input);
    let (mut last, mut known) = (input, facts.known_input());
    for (number, ((step, made), &m)) in steps.iter().zip(made).zip(levels).enumerate() {
        let Made { left, right, result, bound } = made;
        let factors = match step {
            Step::Square { copies } => {
                if *copies && steps.contains(&Step::Multiply) {
                    // The input may have any sign: it is carried with an offset, one neuron an entry.
                    product = if number == 0 { facts.carry(power, right)? } else { power };
                }
                (power, power)
            }
            Step::Multiply => (product, power),
        };
        let called = Factors { levels: m, left, right }.build(facts.size())?;
        last = facts.product(&called, factors, result)?;
        known = result.clone();
        if number + 1 < steps.len() {
            last = facts.carry(last, bound)?;
        }
        match step {
            Step::Square { .. } => power = last,
            Step::Multiply => product = last,
        }
    }
    let output = facts.sum(&[last], &known)?;
    Ok(facts.finish(output, rules::conclude_polynomial()))
}

/// Matrices of norm Z with large errors: multiples of the identity and of the constant matrix.
fn candidates(d: usize, bound: &Rational) -> Vec<Vec<Rational>> {
    if d * d > WITNESS_LIMIT {
        return Vec::new();
    }
    let diagonal = |c: Rational| {
        (0..d * d).map(|e| if e % (d + 1) == 0 { c.clone() } else { Rational::zero() }).collect::<Vec<_>>()
    };
    let part = bound * &Rational::ratio(5, 7);
    vec![diagonal(bound.clone()), diagonal(-&part), vec![bound / &Rational::from(d); d * d]]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::certify::measure;
    use crate::evaluate::{Evaluator, evaluate_graph};

    #[test]
    fn powers_are_within_the_bound_two_ways() {
        for exponent in [1, 2, 3, 4, 5, 6, 7, 8, 12, 13] {
            for (d, bound, error) in [(1, (3, 2), -6), (2, (1, 1), -8), (3, (2, 3), -10), (2, (2, 1), 0)] {
                let (bound, wanted) = (Rational::ratio(bound.0, bound.1), Rational::power_of_two(error));
                let power = matrix_power(d, exponent, &bound, &wanted).unwrap();
                assert!(power.claim.error <= wanted);
                assert_eq!(power.claim.error.is_zero(), exponent == 1);
                let layered = power.network.layered().unwrap();
                let mut candidates = power.candidates.clone();
                // Row and column sums at most Z.
                let entry = |e: usize| Rational::ratio(((e * 29) % 11) as i64 - 5, 5) * &bound / Rational::from(d);
                candidates.push((0..d * d).map(entry).collect());
                let witness = measure(&layered, &power.claim, &candidates).unwrap().unwrap();
                assert!(witness.error <= power.claim.error, "d {d} n {exponent}");
                let other = &candidates[candidates.len() - 1];
                let graph = evaluate_graph(&power.network, std::slice::from_ref(other)).unwrap();
                assert_eq!(graph, Evaluator::<Rational>::new(&layered).unwrap().evaluate(other).unwrap());
            }
        }
    }

    #[test]
    fn the_number_of_products_is_that_of_binary_powering() {
        for n in 1..200usize {
            assert_eq!(steps(n).len(), n.ilog2() as usize + n.count_ones() as usize - 1);
        }
    }

    #[test]
    fn no_level_can_go() {
        let (bound, error) = (Rational::one(), Rational::power_of_two(-12));
        let steps = steps(13);
        let power = matrix_power(2, 13, &bound, &error).unwrap();
        let Parameter::Numbers(numbers) = &power.parameters[3].1 else { panic!("numbers") };
        let levels: Vec<usize> = numbers.iter().map(|m| (1..99).find(|&k| Rational::from(k) == *m).unwrap()).collect();
        assert_eq!(certified(&recursion(2, &bound, &steps, &levels)), power.claim.error);
        for i in 0..levels.len() {
            let mut fewer = levels.clone();
            fewer[i] -= 1;
            assert!(certified(&recursion(2, &bound, &steps, &fewer)) > error);
        }
    }

    #[test]
    fn requests_outside_are_refused() {
        let one = Rational::one();
        assert!(matrix_power(0, 2, &one, &one).is_err());
        assert!(matrix_power(2, 0, &one, &one).is_err());
        assert!(matrix_power(2, 2, &Rational::zero(), &one).is_err());
        assert!(matrix_power(2, 2, &one, &-&one).is_err());
    }
}
