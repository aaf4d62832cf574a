//! What each kind of specification says in the words of a statement.

use super::{Specification, require};
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::statement::{Domain, Norm, Target};

/// What a specification says in the words of a statement.
pub(super) struct Proved {
    pub target: Target,
    /// The domain on which it holds.
    pub domain: Domain,
    pub norm: Norm,
    pub error: Number,
    pub attained: bool,
}

/// The statement that a specification makes; where it can be said in two ways, of the target that is wanted.
pub(super) fn proved(known: &Specification, wanted: &Target) -> Result<Proved, Problem> {
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
        Specification::Function { .. } | Specification::Statement => {
            return problem("a function is compared with its target");
        }
    })
}
