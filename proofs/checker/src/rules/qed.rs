//! The end: the specification of the last network implies the statement.

use super::{Basis, Polynomial, Proof, Specification, require};
use crate::interval::Interval;
use crate::lexer::Tokens;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::statement::{Domain, Norm, Statement, Target};

/// What a specification says in the words of a statement.
struct Proved {
    target: Target,
    /// The domain on which it holds.
    domain: Domain,
    norm: Norm,
    error: Number,
    attained: bool,
}

/// Whether the domain of a statement lies inside that of a specification.
fn is_inside(inner: &Domain, outer: &Domain) -> bool {
    match (inner, outer) {
        (Domain::Balls(inner), Domain::Balls(outer)) => {
            let inside = |(a, b): (&(u64, u64, Number), &(u64, u64, Number))| (a.0, a.1) == (b.0, b.1) && a.2 <= b.2;
            inner.len() == outer.len() && inner.iter().zip(outer).all(inside)
        }
        (
            Domain::SymmetricSystem { size, lower, upper, rhs },
            Domain::SymmetricSystem { size: d, lower: c, upper: high, rhs: r },
        ) => size == d && c <= lower && upper <= high && rhs <= r,
        (Domain::Symmetric { size, lower, upper }, Domain::Symmetric { size: d, lower: c, upper: high }) => {
            size == d && c <= lower && upper <= high
        }
        _ => inner.is_inside(outer),
    }
}

/// `qed`: tests that the last network satisfies the statement.
///
/// # Errors
/// When it is not implied.
pub fn qed(proof: &Proof, statement: &Statement, mut tokens: Tokens<'_>) -> Result<(), Problem> {
    let Some(last) = proof.networks.len().checked_sub(1) else { return problem("there is no network") };
    let known = proof.known(last)?;
    let found = match known {
        Specification::Function { basis, domain, polynomial, error } => {
            let size = function(statement, (basis, domain), polynomial, error, &mut tokens)?;
            Proved {
                target: statement.target.clone(),
                domain: domain.clone(),
                norm: Norm::Maximum,
                error: size,
                attained: false,
            }
        }
        other => proved(other, &statement.target)?,
    };
    tokens.end()?;
    require(statement.target == found.target, "the target is that of the specification")?;
    require(statement.norm == found.norm, "the norm is that of the specification")?;
    require(is_inside(&statement.domain, &found.domain), "the domain lies inside that of the specification")?;
    require(statement.error >= found.error, "E is at least the error of the specification")?;
    if statement.exact && !statement.error.is_zero() {
        // The supremum: attained at points of the domain of the specification.
        require(found.attained, "the error of the specification is attained")?;
        require(is_inside(&found.domain, &statement.domain), "the domain is that of the specification")?;
        require(statement.error == found.error, "E is the error of the specification")?;
    }
    Ok(())
}

fn proved(known: &Specification, wanted: &Target) -> Result<Proved, Problem> {
    let ball = |d: u64, q: &Number| Domain::Balls(vec![(d, d, q.clone())]);
    Ok(match known {
        Specification::Square { two_sided, bound, error, .. } => {
            let lower = if *two_sided { -bound } else { Number::zero() };
            // x^2 is the square and the second power.
            let target = if *wanted == Target::Power(2) { Target::Power(2) } else { Target::Square };
            let domain = Domain::Box(vec![(lower, bound.clone())]);
            Proved { target, domain, norm: Norm::Maximum, error: error.magnitude(), attained: true }
        }
        Specification::Dot { length: 1, bounds, error, .. } => {
            let domain = Domain::Box(bounds.iter().map(|b| (-b, b.clone())).collect());
            Proved { target: Target::Product(2), domain, norm: Norm::Maximum, error: error.clone(), attained: true }
        }
        Specification::Dot { .. } => return problem("a dot product of more than one product is not a target"),
        Specification::MatrixProduct { shape, bounds: [b1, b2], error, attained, limit, .. } => {
            let [d, n, l] = *shape;
            require(limit.is_none(), "the product has no limit")?;
            Proved {
                target: Target::MatrixProduct(*shape),
                domain: Domain::Balls(vec![(d, n, b1.clone()), (n, l, b2.clone())]),
                norm: Norm::Spectral(d, l),
                error: error.clone(),
                attained: *attained,
            }
        }
        Specification::Exact(target, domain) => Proved {
            target: target.clone(),
            domain: domain.clone(),
            norm: Norm::Maximum,
            error: Number::zero(),
            attained: true,
        },
        Specification::Polynomial { size, radius, polynomial, error, .. } => {
            let &Target::MatrixPower { exponent, .. } = wanted else { return problem("the target is a matrix power") };
            require(polynomial.is_power(exponent), "t = X^k")?;
            let (target, norm) = (Target::MatrixPower { size: *size, exponent }, Norm::Spectral(*size, *size));
            Proved { target, domain: ball(*size, radius), norm, error: error.clone(), attained: false }
        }
        Specification::Inverse { size, radius, error } => Proved {
            target: Target::MatrixInverse(*size),
            domain: ball(*size, radius),
            norm: Norm::Spectral(*size, *size),
            error: error.clone(),
            attained: false,
        },
        Specification::SymmetricInverse { size, lower, upper, error } => Proved {
            target: Target::SymmetricInverse(*size),
            domain: Domain::Symmetric { size: *size, lower: lower.clone(), upper: upper.clone() },
            norm: Norm::Spectral(*size, *size),
            error: error.clone(),
            attained: false,
        },
        Specification::Solution { size, lower, upper, rhs, error } => Proved {
            target: Target::LinearSolve(*size),
            domain: Domain::SymmetricSystem {
                size: *size,
                lower: lower.clone(),
                upper: upper.clone(),
                rhs: rhs.clone(),
            },
            norm: Norm::Euclidean,
            error: error.clone(),
            attained: false,
        },
        Specification::Function { .. } => return problem("a function is compared with its target"),
    })
}

/// A bound of |R(x) - target(x)| for a network that computes p within an error, both on the domain of the statement.
fn function(
    statement: &Statement,
    (basis, domain): (&Basis, &Domain),
    p: &Polynomial,
    error: &Interval,
    tokens: &mut Tokens<'_>,
) -> Result<Number, Problem> {
    require(is_inside(&statement.domain, domain), "the domain lies inside that of the specification")?;
    let one = Number::one();
    if statement.target == Target::Reciprocal {
        let shift = tokens.dyadic()?;
        let Some((lo, _)) = statement.domain.side(0).filter(|_| *basis != Basis::Powers) else {
            return problem("a reciprocal is proved in the Chebyshev basis");
        };
        require(lo.is_positive(), "lo > 0")?;
        let Some(largest) = lo.reciprocal() else { return problem("lo is 0") };
        // 1 - x (p - s) = sum r_k T_k, so |p - s - 1 / x| <= sum |r_k| / x
        let constant = Polynomial::constant(one.clone());
        let shifted = Polynomial::sum([(&one, p), (&-&shift, &constant)])?;
        let product = basis.product(&basis.variable(0), &shifted)?;
        let residual = Polynomial::sum([(&one, &constant), (&-&one, &product)])?;
        // R - 1 / x = (R - p) + s + (p - s - 1 / x)
        let moved = error + &Interval::point(shift);
        return Ok(&moved.magnitude() + &(&residual.absolute_sum() * &largest));
    }
    let (target, dimension) = polynomial_target(&statement.target, basis)?;
    require(domain.box_dimension() == Some(dimension), "the target has as many variables as the domain")?;
    let difference = Polynomial::sum([(&one, p), (&-&one, &target)])?;
    // R - target = (R - p) + (p - target)
    Ok((error + &basis.range_over(&difference, &statement.domain)?).magnitude())
}

/// A target in the basis, and its number of variables.
fn polynomial_target(target: &Target, basis: &Basis) -> Result<(Polynomial, u64), Problem> {
    Ok(match target {
        Target::Square => (basis.monomial([(0, 2)])?, 1),
        Target::Power(n) => (basis.monomial([(0, *n)])?, 1),
        Target::Product(n) => {
            require(*n <= 1 << 16, "there are at most 2^16 factors")?;
            (basis.monomial((0..*n).map(|j| (j, 1)))?, *n)
        }
        Target::Polynomial(coefficients) => (basis.horner(coefficients, 0)?, 1),
        Target::MultivariatePolynomial { variables, terms } => {
            let mut parts = Vec::new();
            for (c, exponents) in terms {
                parts.push((c, basis.monomial((0..).zip(exponents.iter().copied()))?));
            }
            (Polynomial::sum(parts.iter().map(|(c, monomial)| (*c, monomial)))?, *variables)
        }
        _ => return problem("the target is not a polynomial or a reciprocal"),
    })
}
