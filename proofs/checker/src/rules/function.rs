//! A function of numbers against its target: a polynomial, or the reciprocal.

use super::qed::is_inside;
use super::{Basis, Polynomial, require};
use crate::interval::Interval;
use crate::lexer::Tokens;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::statement::{Domain, Target};

/// A bound of |R(x) - target(x)| for a network that computes p within an error, both on the domain of the statement.
pub(super) fn function(
    (wanted, within): (&Target, &Domain),
    (basis, domain): (&Basis, &Domain),
    p: &Polynomial,
    error: &Interval,
    tokens: &mut Tokens<'_>,
) -> Result<Number, Problem> {
    require(is_inside(within, domain), "the domain lies inside that of the specification")?;
    let one = Number::one();
    if *wanted == Target::Reciprocal {
        let shift = tokens.dyadic()?;
        let Some((lo, _)) = within.side(0).filter(|_| *basis != Basis::Powers) else {
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
    let (target, dimension) = polynomial_target(wanted, basis)?;
    require(domain.box_dimension() == Some(dimension), "the target has as many variables as the domain")?;
    let difference = Polynomial::sum([(&one, p), (&-&one, &target)])?;
    // R - target = (R - p) + (p - target)
    Ok((error + &basis.range_over(&difference, within)?).magnitude())
}

/// A target in the basis, and its number of variables.
pub(super) fn polynomial_target(target: &Target, basis: &Basis) -> Result<(Polynomial, u64), Problem> {
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
