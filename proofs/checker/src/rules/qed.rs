//! The end: the specification of the last network implies the statement.

use super::function::function;
use super::proved::{Proved, proved};
use super::{Proof, Specification, require};
use crate::lexer::Tokens;
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::statement::{Claim, Domain, Norm, Statement};

/// Whether the domain of a statement lies inside that of a specification.
pub(super) fn is_inside(inner: &Domain, outer: &Domain) -> bool {
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
    if statement.spiking {
        // What is known of networks says nothing about the spiking network.
        return problem("nothing is known of the spiking network");
    }
    let Some(last) = proof.networks.len().checked_sub(1) else { return problem("there is no network") };
    let known = proof.known(last)?;
    if *known == Specification::Statement {
        return tokens.end();
    }
    let Claim::Approximation(claim) = &statement.claim else {
        return problem("regions are proved by a cover");
    };
    let found = match known {
        Specification::Function { basis, domain, polynomial, error } => {
            let wanted = (&claim.target, &statement.domain);
            let size = function(wanted, (basis, domain), polynomial, error, &mut tokens)?;
            Proved {
                target: claim.target.clone(),
                domain: domain.clone(),
                norm: Norm::Maximum,
                error: size,
                attained: false,
            }
        }
        other => proved(other, &claim.target)?,
    };
    tokens.end()?;
    require(claim.target == found.target, "the target is that of the specification")?;
    require(claim.norm == found.norm, "the norm is that of the specification")?;
    require(is_inside(&statement.domain, &found.domain), "the domain lies inside that of the specification")?;
    require(claim.error >= found.error, "E is at least the error of the specification")?;
    if claim.exact && !claim.error.is_zero() {
        // The supremum: attained at points of the domain of the specification.
        require(found.attained, "the error of the specification is attained")?;
        require(is_inside(&found.domain, &statement.domain), "the domain is that of the specification")?;
        require(claim.error == found.error, "E is the error of the specification")?;
    }
    Ok(())
}
