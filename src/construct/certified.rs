//! From a program and a choice of levels to a construction with its certified claim.

use std::sync::Arc;

use super::construction::{Construction, Parameter};
use super::error::{ConstructError, count, positive};
use super::program::Program;
use super::program_levels::levels_for_error;
use super::range::Range;
use super::squaring::MAX_LEVELS;
use crate::arith::Rational;
use crate::certify::rules::scalar::Basis;
use crate::certify::{Claim, Domain, ErrorKind, Norm, Proof, Target};

/// Significant bits of the constant that centres an error.
const CENTRE_BITS: u64 = 16;

/// The most sawtooth levels of all squares and products together.
const MAX_ALL_LEVELS: usize = 400_000;
/// Levels of a chain whose long weights double its memory.
const LONG_CHAIN: usize = 1 << 14;

/// How the levels of the squares and products are chosen.
#[derive(Debug, Clone, Copy)]
pub(super) enum Choice<'a> {
    /// The same everywhere.
    Levels(usize),
    /// So that the error is certified, with few weights.
    Error(&'a Rational),
}

impl Choice<'_> {
    /// Accepts levels and errors in their ranges.
    pub(super) fn check(self) -> Result<(), ConstructError> {
        match self {
            Self::Levels(m) => count("levels", m, 1, MAX_LEVELS),
            Self::Error(error) => positive("error", error),
        }
    }
}

/// What a family says about its program.
pub(super) struct Family {
    pub(super) family: &'static str,
    pub(super) method: &'static str,
    pub(super) parameters: Vec<(&'static str, Parameter)>,
    pub(super) target: Target,
    /// The box of the inputs.
    pub(super) sides: Vec<(Rational, Rational)>,
    /// |program - target| <= truncation on the box.
    pub(super) truncation: Rational,
    /// The same for every first partial derivative.
    pub(super) derivative_truncation: Rational,
    /// Whether a constant is added to the output so that the certified error is the same on both sides.
    pub(super) centred: bool,
    /// The basis of the proof; without one the construction carries none.
    pub(super) basis: Option<Basis>,
}

impl Family {
    /// The constant added to the output, and the certified error with it.
    fn shift_and_error(&self, error: &Range) -> (Rational, Rational) {
        let shift = if self.centred {
            // -(lo + hi) / 2, shortened: any constant is allowed, the error below is that of the one used.
            -(&error.lo + &error.hi).scale_by_power_of_two(-1).round_down(CENTRE_BITS)
        } else {
            Rational::zero()
        };
        // |computed + shift - target| <= |computed - program + shift| + |program - target|
        let own = error.add(&Range::point(shift.clone())).magnitude();
        (shift, own + &self.truncation)
    }

    /// Chooses the levels, builds the network, states the claim.
    pub(super) fn construct(
        mut self,
        mut program: Program,
        choice: Choice<'_>,
    ) -> Result<Construction, ConstructError> {
        choice.check()?;
        let levels = match choice {
            Choice::Levels(m) => program.uniform(m),
            Choice::Error(wanted) => levels_for_error(&program, wanted, |error| self.shift_and_error(error).1)?,
        };
        let (shift, error) = self.shift_and_error(&program.error(&levels));
        // Level k has weights of 2k bits: a level of a long chain counts for more than one.
        let load = program.sum_over_products(&levels, |m| m + m * m / LONG_CHAIN);
        count("sawtooth levels of all squares and products", load, 0, MAX_ALL_LEVELS)?;
        let derivative = program.derivative_errors(&levels).into_iter().max().unwrap_or_default();
        program.shift(&shift);
        let realised = program.realise(&levels)?;
        let network = Arc::clone(&realised.network);
        let mut proof = self.basis.as_ref().map_or_else(Proof::default, |basis| realised.proof(basis, &self.sides));
        // A polynomial target is itself in the basis: the constant is seen there.
        proof.shift = (self.basis.is_some() && self.target == Target::Reciprocal).then_some(shift);
        self.parameters.push((
            "levels",
            match choice {
                Choice::Levels(m) => Parameter::Count(m as u64),
                Choice::Error(_) => Parameter::Numbers(levels.iter().map(|&m| Rational::from(m)).collect()),
            },
        ));
        let kind = if error.is_zero() { ErrorKind::Exact } else { ErrorKind::UpperBound };
        Ok(Construction {
            proof,
            family: self.family,
            method: self.method,
            parameters: self.parameters,
            network,
            candidates: candidates(&self.sides, &levels),
            published: None,
            lower_bound: None,
            size: None,
            claim: Claim {
                target: self.target,
                domain: Domain::Box(self.sides),
                norm: Norm::Maximum,
                error,
                kind,
                derivative_error: Some(derivative + &self.derivative_truncation),
            },
        })
    }
}

/// Points of a box: near its ends and a few nodes between, half a cell away from them, where squares err most.
fn candidates(sides: &[(Rational, Rational)], levels: &[usize]) -> Vec<Vec<Rational>> {
    // Parts t of \[0, 1\]: k / 16, and k / 16 a half cell inwards for the levels that occur.
    let mut parts: Vec<Rational> = (0..=16).map(|k| Rational::ratio(k, 16)).collect();
    let mut cells: Vec<usize> = levels.to_vec();
    cells.sort_unstable();
    cells.dedup();
    for m in cells.into_iter().take(4) {
        for extra in [1, 2] {
            let half_cell = Rational::power_of_two(-(m as i64) - extra);
            for k in 0..16 {
                parts.push(&Rational::ratio(k, 16) + &half_cell);
                parts.push(&Rational::ratio(k + 1, 16) - &half_cell);
            }
        }
    }
    parts.retain(|t| !t.is_negative() && *t <= Rational::one());
    let at = |(lo, hi): &(Rational, Rational), t: &Rational| lo + &(&(hi - lo) * t);
    let mut points: Vec<Vec<Rational>> = parts.iter().map(|t| sides.iter().map(|side| at(side, t)).collect()).collect();
    if sides.len() > 1 {
        // Beside the diagonal: coordinate i takes part p + 5 i, one after another.
        for p in 0..parts.len() {
            let point = sides.iter().enumerate().map(|(i, side)| at(side, &parts[(p + 5 * i) % parts.len()]));
            points.push(point.collect());
        }
    }
    points
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{
        PolynomialMethod, PowerMethod, ReciprocalMethod, multivariate_polynomial, polynomial, power, product_of_many,
        reciprocal,
    };
    use super::*;
    use crate::certify::write_certificate;
    use crate::network::Operation;

    fn examples() -> Vec<Construction> {
        let r = Rational::ratio;
        let domains = [(r(-1, 3), r(5, 4)), (r(1, 7), r(2, 1))];
        let coefficients = [r(1, 3), r(-2, 5), r(7, 11), r(5, 1), Rational::zero(), r(1, 9)];
        let mut list = vec![product_of_many(3, 1, &r(5, 3)).unwrap(), product_of_many(3, 7, &r(5, 3)).unwrap()];
        for (a, b) in &domains {
            list.extend(PowerMethod::ALL.map(|method| power(3, 13, (a, b), method).unwrap()));
            for count in [1, 2, 6] {
                list.extend(
                    PolynomialMethod::ALL.map(|method| polynomial(3, &coefficients[..count], (a, b), method).unwrap()),
                );
            }
        }
        let (a, b) = &domains[1];
        list.extend(ReciprocalMethod::ALL.map(|method| reciprocal(5, 8, (a, b), method).unwrap()));
        let terms = [(r(1, 3), vec![1, 2]), (r(2, 1), vec![3, 0]), (r(-1, 1), vec![0, 0])];
        list.push(multivariate_polynomial(3, &terms, &domains).unwrap());
        list
    }

    #[test]
    fn every_number_of_a_network_has_its_line() {
        for construction in examples() {
            let network = &construction.network;
            let size = network.layered().unwrap().size().unwrap();
            let mut text = Vec::new();
            // Fails unless all claims are dyadic.
            write_certificate(network, &construction.claim, &size, &construction.proof, &mut text).unwrap();
            let text = String::from_utf8(text).unwrap();
            let facts: Vec<&str> = text
                .lines()
                .skip_while(|line| !line.starts_with("scalar "))
                .take_while(|line| *line != "conclude")
                .collect();
            let carried = facts.iter().filter(|line| line.starts_with("carry ")).count();
            let values = network.values();
            let count =
                |test: &dyn Fn(&Operation) -> bool| values.iter().filter(|v| test(network.operation(**v))).count();
            assert_eq!(carried, count(&|operation| matches!(operation, Operation::Relu)));
            // Without a line: the input; y / B and its square f(y / B) inside B^2 f(y / B); y - c and its ReLU inside
            // relu(y - c) + c, c < 0.
            let units = count(&|operation| match operation {
                Operation::Call { network, .. } => construction.proof.parts.iter().any(|part| {
                    let words = part.lines[0].tokens().iter();
                    Arc::ptr_eq(&part.network, network)
                        && words.filter(|token| matches!(token, crate::certify::Token::Word("unit"))).count() == 1
                }),
                _ => false,
            });
            let plain = values.iter().filter(|value| {
                let line = format!(
                    "carry {}",
                    crate::network::Listing::order(network).iter().position(|v| v == *value).unwrap()
                );
                matches!(network.operation(**value), Operation::Relu) && facts.contains(&line.as_str())
            });
            let raised = carried - plain.count();
            // The opening line stands for the input.
            assert_eq!(facts.len() + 2 * units + 2 * raised, values.len(), "{}", construction.method);
            assert_eq!(text.lines().any(|line| line.starts_with("qed ")), construction.family == "reciprocal");
        }
    }
}
