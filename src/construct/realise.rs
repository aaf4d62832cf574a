//! From a straight-line program to its network.
//!
//! A value that is used later than it is made is carried as relu(y - c) + c, where c <= 0 bounds it from below: one
//! neuron and one weight a layer, where a value of unknown sign would take two of each. The terms of the result are
//! added up as soon as they are there, in one accumulator that is carried in the same way.

use std::collections::HashMap;
use std::sync::Arc;

use super::error::ConstructError;
use super::facts::{Fact, Facts, bound, groups_by_place};
use super::product::product_network;
use super::program::{Node, Program, Step};
use super::squaring::{SquaringMethod, squaring_network};
use crate::arith::Rational;
use crate::certify::rules::{block, scalar};
use crate::certify::{Line, Part, Proof};
use crate::network::{Builder, LinearMap, Network, Value};

/// Significant bits of the offset of a carried value: a weight of the network.
const OFFSET_BITS: u64 = 12;

/// The network of a program, and what proves it.
pub(super) struct Realised {
    pub(super) network: Arc<Network>,
    /// The networks of the squares and products.
    blocks: Vec<Part>,
    /// One line for each number of the network, but for those inside a square or a carried value.
    facts: Vec<Line>,
}

impl Realised {
    /// The proof that the network computes a polynomial in this basis on a box, up to the error of the last fact.
    pub(super) fn proof(self, basis: &scalar::Basis, sides: &[(Rational, Rational)]) -> Proof {
        let mut lines = vec![scalar::scalar(&self.network, basis, sides)];
        lines.extend(self.facts);
        lines.push(scalar::conclude());
        let mut parts = self.blocks;
        parts.push(Part { network: self.network, lines });
        Proof::new(parts)
    }
}

impl Program {
    /// The network of this program at the given levels.
    ///
    /// # Shapes
    /// One input \[n\] for the n inputs of the program; output \[1\].
    ///
    /// # Size
    /// A square of m levels takes 7m - 2 weights beside its input and output maps (4 more where the sign of its argument
    /// is not known), a product 13m + 11, a carried value one weight a layer.
    pub(super) fn realise(&self, levels: &[usize]) -> Result<Realised, ConstructError> {
        let inputs = self.steps.iter().filter(|step| matches!(step, Step::Input)).count();
        let mut builder = Network::builder();
        let input = builder.input(inputs);
        let mut realiser = Realiser {
            program: self,
            known: self.facts(levels),
            builder,
            input,
            values: Vec::new(),
            carried: HashMap::new(),
            squares: HashMap::new(),
            products: HashMap::new(),
            blocks: Vec::new(),
            facts: Vec::new(),
        };
        let mut next_input = 0;
        for (number, step) in self.steps.iter().enumerate() {
            let last = number + 1 == self.steps.len();
            let value = match step {
                Step::Input => {
                    next_input += 1;
                    realiser.number(Node(number), next_input - 1, inputs)?
                }
                Step::Affine { terms, constant } if last => realiser.accumulate(terms, constant)?,
                Step::Affine { terms, constant } => realiser.affine(Node(number), terms, constant)?,
                Step::Square { of, group } => realiser.square(Node(number), *of, levels[*group])?,
                Step::Product { left, right, group } => {
                    realiser.product(Node(number), *left, *right, levels[*group])?
                }
            };
            realiser.values.push(value);
        }
        let Some(&output) = realiser.values.last() else {
            return Err(ConstructError::parameter("program", "empty", "a program with a result"));
        };
        let Realiser { builder, blocks, facts, .. } = realiser;
        Ok(Realised { network: Arc::new(builder.finish(output)), blocks, facts })
    }
}

struct Realiser<'a> {
    program: &'a Program,
    known: Facts,
    builder: Builder,
    input: Value,
    values: Vec<Value>,
    carried: HashMap<Node, Value>,
    /// The networks of squares by levels and bound, of products by levels and both bounds.
    squares: HashMap<(usize, Option<Rational>), Arc<Network>>,
    products: HashMap<(usize, Rational, Rational), Arc<Network>>,
    blocks: Vec<Part>,
    facts: Vec<Line>,
}

impl Realiser<'_> {
    fn fact(&self, node: Node) -> &Fact {
        &self.known.steps[node.0]
    }

    /// The value of an input.
    fn number(&mut self, node: Node, number: usize, inputs: usize) -> Result<Value, ConstructError> {
        let value = self.builder.linear(self.input, LinearMap::slice(inputs, number, 1))?;
        self.facts.push(scalar::input(value, number, self.fact(node).ranges()));
        Ok(value)
    }

    /// The value of a node for a use on a given layer.
    fn at(&mut self, node: Node, place: usize) -> Result<Value, ConstructError> {
        if self.known.places[node.0] >= place { Ok(self.values[node.0]) } else { self.carry(node) }
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
                let value = self.sum(&[(inner, c)], constant)?;
                self.facts.push(scalar::affine(value, self.fact(node).ranges()));
                value
            }
            _ => self.offset(self.values[node.0], &self.fact(node).clone())?,
        };
        self.carried.insert(node, value);
        Ok(value)
    }

    /// relu(y - c) + c for a value with a fact.
    fn offset(&mut self, y: Value, fact: &Fact) -> Result<Value, ConstructError> {
        // c = 0 where y >= 0, so that no bias is needed.
        let c = fact.value.lo.clone().min(Rational::zero()).round_down(OFFSET_BITS);
        let value = if c.is_zero() {
            self.builder.relu(y)
        } else {
            let raised = self.builder.shift(y, &-&c)?;
            let raised = self.builder.relu(raised);
            self.builder.shift(raised, &c)?
        };
        self.facts.push(scalar::carry(value));
        Ok(value)
    }

    fn affine(&mut self, node: Node, terms: &[(Node, Rational)], constant: &Rational) -> Result<Value, ConstructError> {
        let place = self.known.places[node.0];
        let mut parts = Vec::new();
        for (x, c) in terms {
            parts.push((self.at(*x, place)?, c.clone()));
        }
        let value = self.sum(&parts, constant)?;
        self.facts.push(scalar::affine(value, self.fact(node).ranges()));
        Ok(value)
    }

    fn sum(&mut self, parts: &[(Value, Rational)], constant: &Rational) -> Result<Value, ConstructError> {
        let mut terms: Vec<(Value, LinearMap)> =
            parts.iter().map(|(x, c)| (*x, LinearMap::scaled_identity(1, c.clone()))).collect();
        if terms.is_empty() {
            terms.push((self.input, LinearMap::zero(1, self.builder.dimension(self.input))));
        }
        Ok(self.builder.affine(&terms, LinearMap::constant(1, constant.clone()))?)
    }

    /// An affine combination whose terms are added layer by layer: the result.
    fn accumulate(&mut self, terms: &[(Node, Rational)], constant: &Rational) -> Result<Value, ConstructError> {
        let groups = groups_by_place(terms, &self.known.places);
        let mut parts = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            parts.extend(group.iter().map(|(x, c)| (self.values[x.0], c.clone())));
            if let Some(fact) = self.known.partial_sums.get(number).cloned() {
                let partial = self.sum(&parts, &Rational::zero())?;
                self.facts.push(scalar::affine(partial, fact.ranges()));
                parts = vec![(self.offset(partial, &fact)?, Rational::one())];
            }
        }
        let value = self.sum(&parts, constant)?;
        if let Some(fact) = self.known.steps.last() {
            self.facts.push(scalar::affine(value, fact.ranges()));
        }
        Ok(value)
    }

    fn square(&mut self, node: Node, of: Node, levels: usize) -> Result<Value, ConstructError> {
        let x = self.values[of.0];
        let scale = bound(&self.fact(of).value);
        let value = if self.fact(of).two_sided() {
            let network = self.square_network(levels, Some(scale))?;
            self.builder.call(1, &network, &[x])?
        } else {
            // B^2 f_m(y / B) for 0 <= y <= B
            let network = self.square_network(levels, None)?;
            let x = self.builder.linear(x, LinearMap::scaled_identity(1, &Rational::one() / &scale))?;
            let y = self.builder.call(1, &network, &[x])?;
            self.builder.linear(y, LinearMap::scaled_identity(1, &scale * &scale))?
        };
        self.facts.push(scalar::square(value, self.fact(node).ranges()));
        Ok(value)
    }

    /// The network of a square on \[-B, B\], or on \[0, 1\] without a bound.
    fn square_network(&mut self, levels: usize, bound: Option<Rational>) -> Result<Arc<Network>, ConstructError> {
        let key = (levels, bound);
        if let Some(network) = self.squares.get(&key) {
            return Ok(Arc::clone(network));
        }
        let (method, bound) = (SquaringMethod::Delayed, key.1.as_ref());
        let network = Arc::new(squaring_network(levels, bound, method)?);
        self.blocks.push(block::squaring(&network, levels, bound, method.name()));
        self.squares.insert(key, Arc::clone(&network));
        Ok(network)
    }

    fn product(&mut self, node: Node, left: Node, right: Node, levels: usize) -> Result<Value, ConstructError> {
        let place = self.known.places[left.0].max(self.known.places[right.0]);
        let (x, y) = (self.at(left, place)?, self.at(right, place)?);
        let key = (levels, bound(&self.fact(left).value), bound(&self.fact(right).value));
        let network = match self.products.get(&key) {
            Some(network) => Arc::clone(network),
            None => {
                let network = Arc::new(product_network(levels, &key.1, &key.2)?);
                self.blocks.push(block::dot(&network, 1, levels, (&key.1, &key.2)));
                self.products.insert(key, Arc::clone(&network));
                network
            }
        };
        let value = self.builder.call(1, &network, &[x, y])?;
        self.facts.push(scalar::product(value, self.fact(node).ranges()));
        Ok(value)
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
            let (mut program, sides) = random(&choices);
            program.shift(&Rational::ratio(1, 7));
            let levels = &levels[..program.groups];
            let network = program.realise(levels).unwrap().network;
            let evaluator = Evaluator::<Rational>::new(&network.layered().unwrap()).unwrap();
            let (range, slopes) = (program.error(levels), program.derivative_errors(levels));
            let mut last: Option<(Vec<Rational>, Rational)> = None;
            for (i, j) in parts {
                let at = |k: usize, part: i64| &sides[k].0 + &(&(&sides[k].1 - &sides[k].0) * &Rational::ratio(part, 32));
                let x = vec![at(0, i), at(1, j)];
                let y = evaluator.evaluate(&x).unwrap();
                prop_assert_eq!(&evaluate_graph(&network, std::slice::from_ref(&x)).unwrap(), &y);
                let error = &y[0] - &exact(&program, &x).pop().unwrap();
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
