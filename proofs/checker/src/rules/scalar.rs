//! Functions of numbers: what a node computes, the exact value it stands for, and the error between them.

use std::rc::Rc;

use super::nodes::{affine, affine_of_one, node, operation, relu, single_call};
use super::recognise::{corner, is_zero};
use super::{Basis, Closing, Polynomial, Proof, Section, Specification, require};
use crate::interval::Interval;
use crate::lexer::Tokens;
use crate::network::{Map, Network, Operation, Weight, same};
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::statement::Domain;

/// What a line of the section may begin with.
pub(super) const LINES: [&str; 5] = ["input", "affine", "carry", "square", "product"];

/// The exact value is p(inputs), in `exact`; computed - exact in `error`; computed in `values`.
struct Fact {
    p: Rc<Polynomial>,
    exact: Interval,
    error: Interval,
    values: Interval,
}

/// A section about one network.
pub struct Scalar {
    number: usize,
    basis: Basis,
    domain: Domain,
    dimension: u64,
    facts: Vec<Option<Rc<Fact>>>,
}

fn interval(tokens: &mut Tokens<'_>) -> Result<Interval, Problem> {
    let (lo, hi) = (tokens.dyadic()?, tokens.dyadic()?);
    if lo <= hi { Ok(Interval { lo, hi }) } else { problem("the lower end of a range is above the upper one") }
}

impl Scalar {
    pub(super) fn open(proof: &Proof, number: usize, mut tokens: Tokens<'_>) -> Result<Self, Problem> {
        let basis = match tokens.word()? {
            "powers" => Basis::Powers,
            "chebyshev" => Basis::Chebyshev { factor: tokens.fraction()?, offset: tokens.fraction()? },
            other => return problem(format!("'{other}' is not a basis")),
        };
        let domain = Domain::read(&mut tokens)?;
        tokens.end()?;
        let dimension = match (&domain, domain.box_dimension()) {
            (Domain::Cube(..) | Domain::Box(_), Some(n)) => n,
            _ => return problem("the domain is a cube or a box"),
        };
        if let Basis::Chebyshev { factor, offset } = &basis {
            let Some((lo, hi)) = domain.side(0).filter(|_| dimension == 1) else {
                return problem("the Chebyshev basis is for one variable");
            };
            // -1 <= a lo + b and a hi + b <= 1
            let one = Number::one();
            require(factor.is_positive(), "a > 0")?;
            require(&(factor * lo) + offset >= -&one, "a lo + b >= -1")?;
            require(&(factor * hi) + offset <= one, "a hi + b <= 1")?;
        }
        let network = proof.network(number)?;
        let mut inputs = network.nodes.iter().filter_map(|node| match node.operation {
            Operation::Input(n) => Some(n),
            _ => None,
        });
        require(
            inputs.next() == Some(dimension) && inputs.next().is_none(),
            "the network has one input of dimension n",
        )?;
        let output = network.nodes.get(network.output).map(|node| node.dimension);
        require(output == Some(1), "the network has one output of dimension 1")?;
        let facts = network.nodes.iter().map(|_| None).collect();
        Ok(Self { number, basis, domain, dimension, facts })
    }
}

impl Section for Scalar {
    fn line(&mut self, proof: &Proof, keyword: &str, mut tokens: Tokens<'_>) -> Result<Closing, Problem> {
        let network = proof.network(self.number)?;
        if keyword == "conclude" {
            tokens.end()?;
            let fact = self.fact(network.output)?;
            return Ok(Some((
                self.number,
                Specification::Function {
                    basis: self.basis.clone(),
                    domain: self.domain.clone(),
                    polynomial: Rc::clone(&fact.p),
                    error: fact.error.clone(),
                },
            )));
        }
        let v = node(network, &mut tokens)?;
        let dimension = network.nodes.get(v).map(|node| node.dimension);
        require(dimension == Some(1), "the node has dimension 1")?;
        require(self.facts.get(v).is_some_and(Option::is_none), "the node has no fact yet")?;
        let fact = if keyword == "carry" {
            tokens.end()?;
            Rc::clone(self.carried(network, v)?)
        } else {
            let found = match keyword {
                "input" => self.input(network, v, tokens.natural()?)?,
                "affine" => self.affine(network, v)?,
                "square" => self.square(proof, network, v)?,
                "product" => self.product(proof, network, v)?,
                _ => return problem("the first word is not that of a line of this section"),
            };
            let (exact, error, values) = (interval(&mut tokens)?, interval(&mut tokens)?, interval(&mut tokens)?);
            tokens.end()?;
            let range = self.basis.range(&found.p).map(|range| found.exact.intersection(&range));
            require(exact.contains(range.as_ref().unwrap_or(&found.exact)), "X contains the exact range")?;
            require(error.contains(&found.error), "E contains the error")?;
            // computed = exact + error
            let both = found.values.intersection(&(&exact + &error));
            require(values.contains(&both), "V contains the values")?;
            Rc::new(Fact { p: found.p, exact, error, values })
        };
        if let Some(place) = self.facts.get_mut(v) {
            *place = Some(fact);
        }
        Ok(None)
    }
}

impl Scalar {
    fn fact(&self, v: usize) -> Result<&Rc<Fact>, Problem> {
        self.facts.get(v).and_then(Option::as_ref).ok_or_else(|| Problem(format!("node {v} has no fact")))
    }

    fn input(&self, network: &Network, v: usize, j: u64) -> Result<Fact, Problem> {
        if !matches!(operation(network, v)?, Operation::Input(_)) {
            let (x, map, bias) = affine_of_one(network, v)?;
            require(matches!(operation(network, x)?, Operation::Input(_)), "the argument is the input")?;
            require(is_zero(bias)?, "there is no bias")?;
            require(j < self.dimension, "there is an input j")?;
            let wanted = Map::slice(self.dimension, j, 1)?;
            require(crate::algebra::equal(map, &wanted)?, "the map reads input j")?;
        }
        let Some((lo, hi)) = self.domain.side(j).filter(|_| j < self.dimension) else {
            return problem("there is no such input");
        };
        let side = Interval { lo: lo.clone(), hi: hi.clone() };
        let error = Interval::point(Number::zero());
        Ok(Fact { p: Rc::new(self.basis.variable(j)), exact: side.clone(), error, values: side })
    }

    fn affine(&self, network: &Network, v: usize) -> Result<Fact, Problem> {
        let (terms, bias) = affine(network, v)?;
        let constant = Number::from(&*corner(bias)?);
        let (mut exact, mut error) = (Interval::point(constant.clone()), Interval::point(Number::zero()));
        let mut values = exact.clone();
        let mut parts = Vec::with_capacity(terms.len());
        for (x, map) in terms {
            if map.columns != 1 || self.fact(*x).is_err() {
                require(is_zero(map)?, "every argument has a fact, or its map is zero")?;
                continue;
            }
            let (c, fact) = (Number::from(&*corner(map)?), self.fact(*x)?);
            exact = &exact + &fact.exact.scale(&c);
            error = &error + &fact.error.scale(&c);
            values = &values + &fact.values.scale(&c);
            parts.push((c, fact));
        }
        let one = Polynomial::constant(Number::one());
        let parts = parts.iter().map(|(c, fact)| (c, &*fact.p)).chain([(&constant, &one)]);
        Ok(Fact { p: Rc::new(Polynomial::sum(parts)?), exact, error, values })
    }

    /// The fact of the node that v carries.
    fn carried(&self, network: &Network, v: usize) -> Result<&Rc<Fact>, Problem> {
        if let Operation::Relu(w) = operation(network, v)? {
            // relu(y) = y for y >= 0
            let fact = self.fact(*w)?;
            require(!fact.values.lo.is_negative(), "v_lo(w) >= 0")?;
            return Ok(fact);
        }
        let (raised, out, back) = affine_of_one(network, v)?;
        let (w, inward, shift) = affine_of_one(network, relu(network, raised)?)?;
        let fact = self.fact(w)?;
        let one = num_traits::One::one();
        require(self.is_number(out, &one)? && self.is_number(inward, &one)?, "the maps are 1")?;
        // relu(y - c) + c = y for y >= c
        let c = corner(back)?;
        require(same(&*corner(shift)?, &-&*c), "what is taken off before the ReLU is added after it")?;
        require(fact.values.lo >= Number::from(&*c), "v_lo(w) >= c")?;
        Ok(fact)
    }

    /// Whether a 1 x 1 map is this number.
    fn is_number(&self, map: &Map, c: &Weight) -> Result<bool, Problem> {
        Ok((map.rows, map.columns) == (1, 1) && same(&*corner(map)?, c))
    }

    fn square(&self, proof: &Proof, network: &Network, v: usize) -> Result<Fact, Problem> {
        // B^2 R(y / B), or the network itself.
        let (call, scaled) = match operation(network, v)? {
            Operation::Affine { .. } => {
                let (call, map, bias) = affine_of_one(network, v)?;
                require(is_zero(bias)? && map.columns == 1, "there is no bias")?;
                (call, Some(corner(map)?))
            }
            _ => (v, None),
        };
        let (callee, arguments) = single_call(network, call)?;
        let (Specification::Square { two_sided, bound, error, centred }, &[x]) = (proof.known(callee)?, arguments)
        else {
            return problem(format!("node {call} does not call a square"));
        };
        let (w, bound, factor) = match scaled {
            None => (x, bound.clone(), Number::one()),
            Some(outer) => {
                require(!two_sided, "the square is that on [0, 1]")?;
                let (w, map, bias) = affine_of_one(network, x)?;
                require(is_zero(bias)? && (map.rows, map.columns) == (1, 1), "there is no bias")?;
                let inner = corner(map)?;
                let (inner, outer) = (Number::from(&*inner), Number::from(&*outer));
                // 1 / B and B^2
                require(
                    inner.is_positive() && &outer * &inner.square() == Number::one(),
                    "the maps are 1 / B and B^2",
                )?;
                let Some(bound) = inner.reciprocal() else { return problem("B is not a number") };
                (w, bound, outer)
            }
        };
        let y = self.fact(w)?;
        let lowest = if *two_sided { -&bound } else { Number::zero() };
        require(y.values.lo >= lowest && y.values.hi <= bound, "v(w) lies in the domain of the square")?;
        // B^2 R(y / B) - y^2 = B^2 (R(y / B) - (y / B)^2)
        let own = error.scale(&factor);
        // y^2 - x^2 = e (x + y)
        let difference = &(&y.error * &(&y.exact + &y.values)) + &own;
        let mut values = &y.values.square() + &own;
        if !centred {
            values = values.intersection(&Interval { lo: Number::zero(), hi: bound.square() });
        }
        let p = Rc::new(self.basis.product(&y.p, &y.p)?);
        Ok(Fact { p, exact: y.exact.square(), error: difference, values })
    }

    fn product(&self, proof: &Proof, network: &Network, v: usize) -> Result<Fact, Problem> {
        let (callee, arguments) = single_call(network, v)?;
        let (Specification::Dot { length: 1, bounds: [b1, b2], error, .. }, &[w, z]) =
            (proof.known(callee)?, arguments)
        else {
            return problem(format!("node {v} does not call a product"));
        };
        let (y, z) = (self.fact(w)?, self.fact(z)?);
        let symmetric = |b: &Number| Interval::around(&Number::zero(), b);
        require(symmetric(b1).contains(&y.values), "v(w) lies in [-B1, B1]")?;
        require(symmetric(b2).contains(&z.values), "v(z) lies in [-B2, B2]")?;
        let own = symmetric(error);
        // y z - x u = e z + x f = e u + y f
        let first = &(&y.error * &z.values) + &(&y.exact * &z.error);
        let second = &(&y.error * &z.exact) + &(&y.values * &z.error);
        let difference = &first.intersection(&second) + &own;
        let values = (&(&y.values * &z.values) + &own).intersection(&symmetric(&(b1 * b2)));
        let p = Rc::new(self.basis.product(&y.p, &z.p)?);
        Ok(Fact { p, exact: &y.exact * &z.exact, error: difference, values })
    }
}
