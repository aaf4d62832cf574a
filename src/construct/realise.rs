//! From a straight-line program to its network.
//!
//! A value that is used later than it is made is carried as relu(y - c) + c, where c <= 0 bounds it from below: one
//! neuron and one weight a layer, where a value of unknown sign would take two of each. The terms of the result are
//! added up as soon as they are there, in one accumulator that is carried in the same way.

use std::collections::HashMap;
use std::sync::Arc;

use super::error::ConstructError;
use super::product::product_network;
use super::program::{Computed, Node, Program, Step, bound};
use super::range::Range;
use super::squaring::{SquaringMethod, squaring_network};
use crate::arith::Rational;
use crate::network::{Builder, LinearMap, Network, Value};

/// Significant bits of the offset of a carried value: a weight of the network.
const OFFSET_BITS: u64 = 12;

impl Program {
    /// The network of this program at the given levels, plus a constant.
    ///
    /// # Shapes
    /// One input \[n\] for the n inputs of the program; output \[1\].
    ///
    /// # Size
    /// A square of m levels takes 7m - 2 weights beside its input and output maps (4 more where the sign of its argument
    /// is not known), a product 13m + 11, a carried value one weight a layer.
    pub(super) fn realise(&self, levels: &[usize], shift: &Rational) -> Result<Network, ConstructError> {
        let known = self.analyse(levels);
        let inputs = self.steps.iter().filter(|step| matches!(step, Step::Input)).count();
        let mut builder = Network::builder();
        let input = builder.input(inputs);
        let place = self.places(levels, &known);
        let mut realiser =
            Realiser { program: self, known, place, builder, values: Vec::new(), carried: HashMap::new() };
        let mut next_input = 0;
        for (number, step) in self.steps.iter().enumerate() {
            let last = number + 1 == self.steps.len();
            let value = match step {
                Step::Input => {
                    next_input += 1;
                    realiser.builder.linear(input, LinearMap::slice(inputs, next_input - 1, 1))?
                }
                Step::Affine { terms, constant } if last => realiser.accumulate(terms, &(constant + shift), input)?,
                Step::Affine { terms, constant } => realiser.affine(Node(number), terms, constant, input)?,
                Step::Square { of, group } => realiser.square(*of, levels[*group])?,
                Step::Product { left, right, group } => realiser.product(*left, *right, levels[*group])?,
            };
            realiser.values.push(value);
        }
        let Some(&output) = realiser.values.last() else {
            return Err(ConstructError::parameter("program", "empty", "a program with a result"));
        };
        let ends_affine = matches!(self.steps.last(), Some(Step::Affine { .. }));
        let output = if shift.is_zero() || ends_affine { output } else { realiser.builder.shift(output, shift)? };
        Ok(realiser.builder.finish(output))
    }

    /// The layer of ReLU outputs on which each node is an affine expression; 0 is the input.
    pub(super) fn places(&self, levels: &[usize], known: &[Computed]) -> Vec<usize> {
        let mut place: Vec<usize> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            place.push(match step {
                Step::Input => 0,
                Step::Affine { terms, .. } => terms.iter().map(|(x, _)| place[x.0]).max().unwrap_or(0),
                Step::Square { of, group } => place[of.0] + levels[*group] + usize::from(two_sided(&known[of.0])),
                Step::Product { left, right, group } => place[left.0].max(place[right.0]) + levels[*group] + 1,
            });
        }
        place
    }
}

/// Whether the square of a value needs its absolute value first.
pub(super) fn two_sided(x: &Computed) -> bool {
    x.value.lo.is_negative()
}

struct Realiser<'a> {
    program: &'a Program,
    known: Vec<Computed>,
    place: Vec<usize>,
    builder: Builder,
    values: Vec<Value>,
    carried: HashMap<Node, Value>,
}

impl Realiser<'_> {
    /// The value of a node for a use on a given layer.
    fn at(&mut self, node: Node, place: usize) -> Result<Value, ConstructError> {
        if self.place[node.0] >= place { Ok(self.values[node.0]) } else { self.carry(node) }
    }

    /// relu(y - c) + c = y for c <= y, one layer later.
    fn carry(&mut self, node: Node) -> Result<Value, ConstructError> {
        if let Some(&value) = self.carried.get(&node) {
            return Ok(value);
        }
        let value = match &self.program.steps[node.0] {
            // A multiple of another value: carry that one, once for all its multiples.
            Step::Affine { terms, constant } if terms.len() == 1 => {
                let (inner, c) = (terms[0].0, terms[0].1.clone());
                let inner = self.carry(inner)?;
                let map = LinearMap::scaled_identity(1, c);
                self.builder.affine(&[(inner, map)], LinearMap::constant(1, constant.clone()))?
            }
            _ => self.offset(self.values[node.0], &self.known[node.0].value.clone())?,
        };
        self.carried.insert(node, value);
        Ok(value)
    }

    /// relu(y - c) + c for a value in a range.
    fn offset(&mut self, y: Value, range: &Range) -> Result<Value, ConstructError> {
        // c = 0 where y >= 0, so that no bias is needed.
        let c = range.lo.clone().min(Rational::zero()).round_down(OFFSET_BITS);
        if c.is_zero() {
            return Ok(self.builder.relu(y));
        }
        let raised = self.builder.shift(y, &-&c)?;
        let raised = self.builder.relu(raised);
        Ok(self.builder.shift(raised, &c)?)
    }

    fn affine(
        &mut self,
        node: Node,
        terms: &[(Node, Rational)],
        constant: &Rational,
        input: Value,
    ) -> Result<Value, ConstructError> {
        let place = self.place[node.0];
        let mut parts = Vec::new();
        for (x, c) in terms {
            parts.push((self.at(*x, place)?, LinearMap::scaled_identity(1, c.clone())));
        }
        self.sum(parts, constant, input)
    }

    fn sum(
        &mut self,
        mut parts: Vec<(Value, LinearMap)>,
        constant: &Rational,
        input: Value,
    ) -> Result<Value, ConstructError> {
        if parts.is_empty() {
            parts.push((input, LinearMap::zero(1, self.builder.dimension(input))));
        }
        Ok(self.builder.affine(&parts, LinearMap::constant(1, constant.clone()))?)
    }

    /// An affine combination whose terms are added layer by layer.
    fn accumulate(
        &mut self,
        terms: &[(Node, Rational)],
        constant: &Rational,
        input: Value,
    ) -> Result<Value, ConstructError> {
        let mut terms = terms.to_vec();
        terms.sort_by_key(|(x, _)| self.place[x.0]);
        let last = terms.last().map_or(0, |(x, _)| self.place[x.0]);
        let (mut parts, mut range) = (Vec::new(), Range::zero());
        for (number, (x, c)) in terms.iter().enumerate() {
            parts.push((self.values[x.0], LinearMap::scaled_identity(1, c.clone())));
            range = range.add(&self.known[x.0].value.scale(c));
            let place = self.place[x.0];
            if place < last && terms.get(number + 1).is_some_and(|(next, _)| self.place[next.0] > place) {
                let partial = self.sum(std::mem::take(&mut parts), &Rational::zero(), input)?;
                parts.push((self.offset(partial, &range)?, LinearMap::identity(1)));
            }
        }
        self.sum(parts, constant, input)
    }

    fn square(&mut self, of: Node, levels: usize) -> Result<Value, ConstructError> {
        let x = self.values[of.0];
        let bound = bound(&self.known[of.0].value);
        if two_sided(&self.known[of.0]) {
            let network = squaring_network(levels, Some(&bound), SquaringMethod::Delayed)?;
            return Ok(self.builder.call(1, &Arc::new(network), &[x])?);
        }
        // B^2 f_m(y / B) for 0 <= y <= B
        let network = squaring_network(levels, None, SquaringMethod::Delayed)?;
        let x = self.builder.linear(x, LinearMap::scaled_identity(1, &Rational::one() / &bound))?;
        let y = self.builder.call(1, &Arc::new(network), &[x])?;
        Ok(self.builder.linear(y, LinearMap::scaled_identity(1, &bound * &bound))?)
    }

    fn product(&mut self, left: Node, right: Node, levels: usize) -> Result<Value, ConstructError> {
        let place = self.place[left.0].max(self.place[right.0]);
        let (x, y) = (self.at(left, place)?, self.at(right, place)?);
        let network = product_network(levels, &bound(&self.known[left.0].value), &bound(&self.known[right.0].value))?;
        Ok(self.builder.call(1, &Arc::new(network), &[x, y])?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::program_levels::levels_for_error;
    use super::*;
    use crate::evaluate::{Evaluator, evaluate_graph};
    use proptest::prelude::*;

    /// A random program on two inputs, and its exact value as a function.
    fn random(choices: &[(u8, u8, u8)]) -> (Program, Vec<(Rational, Rational)>) {
        let sides = vec![(Rational::from(-1), Rational::ratio(1, 2)), (Rational::zero(), Rational::ratio(3, 2))];
        let mut program = Program::default();
        let mut nodes: Vec<Node> = sides.iter().map(|(lo, hi)| program.input(lo, hi)).collect();
        for &(kind, i, j) in choices {
            let (x, y) = (nodes[i as usize % nodes.len()], nodes[j as usize % nodes.len()]);
            let c = Rational::ratio(i64::from(kind) - 120, 150);
            nodes.push(match kind % 4 {
                0 => program.square(x, None),
                1 => program.product(x, y, None),
                2 => program.affine(vec![(x, c.clone()), (y, Rational::ratio(-1, 2))], c),
                _ => program.affine(vec![(x, c)], Rational::ratio(1, 3)),
            });
        }
        let terms = nodes.iter().rev().take(4).map(|&x| (x, Rational::ratio(2, 3))).collect();
        program.affine(terms, Rational::from(-1));
        (program, sides)
    }

    /// The exact value of every node.
    fn exact(program: &Program, inputs: &[Rational]) -> Vec<Rational> {
        let mut inputs = inputs.iter();
        let mut values: Vec<Rational> = Vec::new();
        for step in &program.steps {
            let value = match step {
                Step::Input => inputs.next().unwrap().clone(),
                Step::Affine { terms, constant } => {
                    terms.iter().fold(constant.clone(), |sum, (x, c)| sum + c * &values[x.0])
                }
                Step::Square { of, .. } => &values[of.0] * &values[of.0],
                Step::Product { left, right, .. } => &values[left.0] * &values[right.0],
            };
            values.push(value);
        }
        values
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn every_error_is_enclosed_and_every_derivative_bounded(
            choices in prop::collection::vec(any::<(u8, u8, u8)>(), 1..8),
            levels in prop::collection::vec(1usize..5, 8),
            parts in prop::collection::vec((0i64..33, 0i64..33), 4),
        ) {
            let (program, sides) = random(&choices);
            let levels = &levels[..program.groups];
            let network = program.realise(levels, &Rational::ratio(1, 7)).unwrap();
            let evaluator = Evaluator::<Rational>::new(&network.layered().unwrap()).unwrap();
            let (range, slopes) = (program.error(levels), program.derivative_errors(levels));
            let mut last: Option<(Vec<Rational>, Rational)> = None;
            for (i, j) in parts {
                let at = |k: usize, part: i64| &sides[k].0 + &(&(&sides[k].1 - &sides[k].0) * &Rational::ratio(part, 32));
                let x = vec![at(0, i), at(1, j)];
                let y = evaluator.evaluate(&x).unwrap();
                prop_assert_eq!(&evaluate_graph(&network, std::slice::from_ref(&x)).unwrap(), &y);
                let error = &y[0] - &(exact(&program, &x).pop().unwrap() + Rational::ratio(1, 7));
                prop_assert!(range.lo <= error && error <= range.hi, "{} not in [{}, {}]", error, range.lo, range.hi);
                if let Some((x2, error2)) = last {
                    // |e(x) - e(x')| <= sum_i sup |d_i e| |x_i - x_i'|
                    let most: Rational =
                        slopes.iter().zip(x.iter().zip(&x2)).map(|(s, (a, b))| s * &(a - b).abs()).sum();
                    prop_assert!((&error - &error2).abs() <= most);
                }
                last = Some((x, error));
            }
        }

        #[test]
        fn levels_found_certify_and_no_single_group_can_be_lowered(
            choices in prop::collection::vec(any::<(u8, u8, u8)>(), 1..6),
            bits in 3i64..30,
        ) {
            let (program, _) = random(&choices);
            let error = Rational::power_of_two(-bits);
            let levels = levels_for_error(&program, &error, |range| range.magnitude());
            if program.groups == 0 {
                prop_assert!(levels.is_err() || levels.unwrap().is_empty());
                return Ok(());
            }
            let levels = levels.unwrap();
            prop_assert!(program.error(&levels).magnitude() <= error);
            for group in (0..levels.len()).filter(|&group| levels[group] > 1) {
                let mut fewer = levels.clone();
                fewer[group] -= 1;
                prop_assert!(program.error(&fewer).magnitude() > error);
            }
        }
    }
}
