//! Polynomials in several variables on a box, given by their terms.

use std::collections::{BTreeMap, HashMap};

use super::certified::{Choice, Family};
use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count};
use super::polynomial::{MAX_DEGREE, shared_power};
use super::program::{Node, Program};
use crate::arith::Rational;
use crate::certify::rules::scalar::Basis;
use crate::certify::{Monomial, Target};

/// The most terms of a polynomial network.
pub const MAX_TERMS: usize = 1 << 12;

/// Builds the network for a sum of terms c x_1^(k_1) .. x_n^(k_n) on a box, every square and product with m levels.
///
/// # Statement
/// For all x in the box: |R(x) - p(x)| <= E, computed with the network by the rules of [`super::polynomial()`]. The
/// constant term is moved so that E is the same on both sides.
///
/// # Source
/// Yar17 (squares, products and their composition); the explicit error and size are ours.
/// The checker verifies it by the sections `scalar` (`proofs/FORMAT.md`).
///
/// # Shapes
/// Input \[n\], output \[1\]; each term has n exponents.
///
/// # Size
/// Powers of one variable are computed once (x^2k = (x^k)^2, x^{2k+1} = x^k x^{k+1}); the powers of a term are
/// multiplied from left to right, products of leading powers shared between terms. A square takes about 7m weights, a
/// product about 13m.
///
/// # Exactness
/// Upper bound; exact for degree at most 1.
///
/// # Errors
/// [`ConstructError::Parameter`] for no or too many terms or variables, a term whose number of exponents is not n, an
/// exponent above 1024, a side of the box that is empty or a point, or m = 0.
pub fn multivariate_polynomial(
    levels: usize,
    terms: &[Monomial],
    sides: &[(Rational, Rational)],
) -> Result<Construction, ConstructError> {
    build(Choice::Levels(levels), terms, sides)
}

/// Builds the network for a polynomial in several variables with few weights and an error of at most `error`.
///
/// # Errors
/// As [`multivariate_polynomial`]; also when the error is not positive.
pub fn multivariate_polynomial_for_error(
    error: &Rational,
    terms: &[Monomial],
    sides: &[(Rational, Rational)],
) -> Result<Construction, ConstructError> {
    build(Choice::Error(error), terms, sides)
}

fn build(
    choice: Choice<'_>,
    terms: &[Monomial],
    sides: &[(Rational, Rational)],
) -> Result<Construction, ConstructError> {
    choice.check()?;
    count("terms", terms.len(), 1, MAX_TERMS)?;
    count("variables", sides.len(), 1, MAX_TERMS)?;
    for (_, exponents) in terms {
        count("exponents of a term", exponents.len(), sides.len(), sides.len())?;
        for &exponent in exponents {
            count("exponent", exponent as usize, 0, MAX_DEGREE)?;
        }
    }
    for (a, b) in sides {
        if a >= b {
            return Err(ConstructError::parameter("domain", format!("{a}:{b}"), "sides a:b with a < b"));
        }
    }
    let family = Family {
        family: "polynomial",
        method: "monomial",
        parameters: vec![
            ("variables", Parameter::Count(sides.len() as u64)),
            ("terms", Parameter::Count(terms.len() as u64)),
        ],
        target: Target::MultivariatePolynomial { variables: sides.len(), terms: terms.to_vec() },
        sides: sides.to_vec(),
        truncation: Rational::zero(),
        derivative_truncation: Rational::zero(),
        centred: true,
        basis: Some(Basis::Powers),
    };
    family.construct(program(terms, sides), choice)
}

fn program(terms: &[Monomial], sides: &[(Rational, Rational)]) -> Program {
    let mut program = Program::default();
    let mut powers: Vec<BTreeMap<usize, Node>> =
        sides.iter().map(|(a, b)| BTreeMap::from([(1, program.input(a, b))])).collect();
    let mut products: HashMap<(Node, Node), Node> = HashMap::new();
    let mut constant = Rational::zero();
    // Equal monomials are one term.
    let mut sum: BTreeMap<&[u32], Rational> = BTreeMap::new();
    for (c, exponents) in terms {
        *sum.entry(exponents).or_default() += c;
    }
    let mut parts = Vec::new();
    for (exponents, c) in sum.into_iter().filter(|term| !term.1.is_zero()) {
        let mut product: Option<Node> = None;
        for (variable, &k) in exponents.iter().enumerate().filter(|(_, k)| **k > 0) {
            let power = shared_power(&mut program, &mut powers[variable], k as usize);
            product = Some(match product {
                None => power,
                Some(left) => *products.entry((left, power)).or_insert_with(|| program.product(left, power, None)),
            });
        }
        match product {
            None => constant += c,
            Some(node) => parts.push((node, c)),
        }
    }
    program.affine(parts, constant);
    program
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::construct::{PolynomialMethod, polynomial};
    use crate::evaluate::{Evaluator, evaluate_graph};

    fn sides() -> Vec<(Rational, Rational)> {
        vec![
            (Rational::from(-1), Rational::from(2)),
            (Rational::zero(), Rational::one()),
            (Rational::ratio(1, 2), Rational::from(1)),
        ]
    }

    fn terms() -> Vec<Monomial> {
        let list: [(i64, [u32; 3]); 6] =
            [(3, [0, 0, 0]), (-2, [1, 1, 0]), (1, [3, 1, 2]), (4, [0, 0, 1]), (-1, [2, 0, 0]), (5, [1, 1, 3])];
        list.iter().map(|(c, k)| (Rational::ratio(*c, 3), k.to_vec())).collect()
    }

    #[test]
    fn certified_on_a_grid() {
        for m in 1..6 {
            let p = multivariate_polynomial(m, &terms(), &sides()).unwrap();
            check(&p);
        }
        let error = "1e-3".parse().unwrap();
        let p = multivariate_polynomial_for_error(&error, &terms(), &sides()).unwrap();
        assert!(p.claim.error <= error);
        check(&p);
    }

    fn check(p: &Construction) {
        let evaluator = Evaluator::<Rational>::new(&p.network.layered().unwrap()).unwrap();
        for k in 0..125 {
            let digit = [k % 5, k / 5 % 5, k / 25];
            let x: Vec<Rational> =
                sides().iter().zip(digit).map(|((a, b), d)| a + &(&(b - a) * &Rational::ratio(d, 4))).collect();
            let y = evaluator.evaluate(&x).unwrap();
            assert_eq!(evaluate_graph(&p.network, std::slice::from_ref(&x)).unwrap(), y);
            let mut exact = Rational::zero();
            for (c, exponents) in terms() {
                let repeated = x.iter().zip(exponents).flat_map(|(x, k)| std::iter::repeat_n(x, k as usize));
                exact += repeated.fold(c, |product, x| &product * x);
            }
            assert!((&y[0] - &exact).abs() <= p.claim.error);
        }
    }

    #[test]
    fn one_variable_is_the_monomial_method() {
        let (a, b) = (Rational::from(-1), Rational::from(2));
        let coefficients: Vec<Rational> = [1, -2, 0, 3, 1].map(Rational::from).to_vec();
        let terms: Vec<Monomial> = coefficients.iter().cloned().zip((0..).map(|k| vec![k])).collect();
        let several = multivariate_polynomial(4, &terms, &[(a.clone(), b.clone())]).unwrap();
        let one = polynomial(4, &coefficients, (&a, &b), PolynomialMethod::Monomial).unwrap();
        assert_eq!(several.claim.error, one.claim.error);
        assert_eq!(several.network.layered().unwrap(), one.network.layered().unwrap());
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert!(multivariate_polynomial(3, &[], &sides()).is_err());
        assert!(multivariate_polynomial(3, &[(Rational::one(), vec![1, 2])], &sides()).is_err());
        assert!(multivariate_polynomial(3, &terms(), &sides()[..2]).is_err());
        assert!(multivariate_polynomial(3, &[(Rational::one(), vec![1 << 20, 0, 0])], &sides()).is_err());
    }
}
