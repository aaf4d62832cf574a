//! Polynomials as option values: `square`, `product`, `power 3`, `polynomial 1,0,-1/2`, `polynomial 1:2:0,-1:1:1`.

use std::str::FromStr;

use super::error::CliError;
use super::options::{OptionError, RationalList, rational};
use crate::arith::Rational;
use crate::certify::{Monomial, Target};

/// The largest exponent of a target.
const MAX_EXPONENT: u32 = 256;
/// The forms of a target, for a message.
const FORMS: &str = "square, product, 'power N', 'polynomial C0,C1,..' and, in several variables, 'polynomial C:E1:..:En,..' with terms C x_1^E1 .. x_n^En";

/// A polynomial by name, before the number of variables is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TargetOption {
    Square,
    Product,
    Power(u32),
    Polynomial(Vec<Rational>),
    Terms(Vec<Monomial>),
}

/// A target that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TargetError {
    #[error("'{text}' is no target: accepted are {FORMS}")]
    Unknown { text: String },
    #[error("an exponent of the target exceeds {MAX_EXPONENT}")]
    Exponent,
    #[error("the terms of the target have different numbers of exponents")]
    Variables,
    #[error(transparent)]
    Option(#[from] OptionError),
}

impl FromStr for TargetOption {
    type Err = TargetError;
    fn from_str(text: &str) -> Result<Self, TargetError> {
        let unknown = || TargetError::Unknown { text: text.chars().take(60).collect() };
        let exponent = |digits: &str| match digits.trim().parse::<u32>() {
            Ok(e) if e <= MAX_EXPONENT => Ok(e),
            Ok(_) => Err(TargetError::Exponent),
            Err(_) => Err(unknown()),
        };
        let (name, rest) = text.trim().split_once(' ').map_or((text.trim(), ""), |(name, rest)| (name, rest.trim()));
        match (name, rest) {
            ("square", "") => Ok(Self::Square),
            ("product", "") => Ok(Self::Product),
            ("power", n) if !n.is_empty() => Ok(Self::Power(exponent(n)?)),
            ("polynomial", list) if list.contains(':') => {
                let term = |term: &str| {
                    let (c, exponents) = term.split_once(':').ok_or_else(unknown)?;
                    Ok((rational(c.trim())?, exponents.split(':').map(exponent).collect::<Result<Vec<_>, _>>()?))
                };
                let terms = list.split(',').map(term).collect::<Result<Vec<Monomial>, TargetError>>()?;
                let variables = terms.first().map_or(0, |term| term.1.len());
                if terms.iter().any(|term| term.1.len() != variables) {
                    return Err(TargetError::Variables);
                }
                Ok(Self::Terms(terms))
            }
            ("polynomial", list) if !list.is_empty() => {
                let RationalList(coefficients) = list.parse()?;
                if coefficients.len() > MAX_EXPONENT as usize + 1 {
                    return Err(TargetError::Exponent);
                }
                Ok(Self::Polynomial(coefficients))
            }
            _ => Err(unknown()),
        }
    }
}

impl TargetOption {
    /// The target for a network with so many inputs.
    ///
    /// # Errors
    /// [`CliError`] when it has another number of variables.
    pub(super) fn in_variables(&self, inputs: usize) -> Result<Target, CliError> {
        let (target, variables) = match self {
            Self::Square => (Target::Square, 1),
            Self::Product => (Target::Product { factors: inputs }, inputs),
            Self::Power(exponent) => (Target::Power { exponent: *exponent }, 1),
            Self::Polynomial(coefficients) => (Target::Polynomial { coefficients: coefficients.clone() }, 1),
            Self::Terms(terms) => {
                let variables = terms.first().map_or(0, |term| term.1.len());
                (Target::MultivariatePolynomial { variables, terms: terms.clone() }, variables)
            }
        };
        if variables == inputs {
            return Ok(target);
        }
        Err(CliError::new(format!("the target has {variables} variables, the network {inputs} inputs"))
            .at("option --target")
            .accepted("give a target in as many variables"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read() {
        let read = |text: &str| text.parse::<TargetOption>();
        assert_eq!(read(" square "), Ok(TargetOption::Square));
        assert_eq!(read("power 7"), Ok(TargetOption::Power(7)));
        let list = vec![Rational::ratio(-1, 2), Rational::zero(), Rational::from(3)];
        assert_eq!(read("polynomial -1/2, 0, 3"), Ok(TargetOption::Polynomial(list)));
        let terms = vec![(Rational::ratio(1, 2), vec![2, 1]), (Rational::from(-1), vec![0, 0])];
        assert_eq!(read("polynomial 1/2:2:1, -1:0:0"), Ok(TargetOption::Terms(terms)));
        assert_eq!(read("polynomial 1:1,1:1:1"), Err(TargetError::Variables));
        assert_eq!(read("power 257"), Err(TargetError::Exponent));
        for text in
            ["", "cube", "power", "power x", "power -1", "square 2", "polynomial", "polynomial 1:x", "polynomial 1:1,2"]
        {
            assert!(matches!(read(text), Err(TargetError::Unknown { .. })), "{text}");
        }
        assert!(matches!(read("polynomial 1,,2"), Err(TargetError::Option(OptionError::Empty { position: 2, .. }))));
        assert!(matches!(read("polynomial x"), Err(TargetError::Option(_))));
    }
}
