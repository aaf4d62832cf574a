//! Functions of one matrix X, |X| <= q: polynomials and Newton's iteration for (I - X)^-1.

use std::collections::BTreeMap;
use std::rc::Rc;

use num_traits::{One, Signed};

use super::nodes::{affine, affine_of_one, node, operation, relu, single_call};
use super::recognise::{constant, identity_bias, identity_factor, is_identity, is_zero};
use super::runs::Runs;
use super::{Closing, Proof, Section, Specification, require};
use crate::lexer::Tokens;
use crate::network::{Network, Operation, Weight, same};
use crate::number::Number;
use crate::problem::{Problem, problem};

/// What a line of the section may begin with.
pub(super) const LINES: [&str; 9] =
    ["start", "combine", "carry", "product", "apply", "power", "iterate", "residual", "step"];

/// V = t(X) + E, |E| <= a, |t(X)| <= n.
#[derive(Clone)]
struct Approximation {
    t: Rc<Runs>,
    n: Number,
    a: Number,
}

/// |V| <= n and |I - (I - X)(I + V)| <= r.
struct Iterate {
    n: Number,
    r: Number,
}

/// |V - (I - (I - X)(I + U))| <= e for the node u, and |V| <= n.
struct Residual {
    u: usize,
    n: Number,
    e: Number,
}

/// What is known about a node.
#[derive(Default)]
struct Facts {
    approximation: Option<Approximation>,
    iterate: Option<Iterate>,
    residual: Option<Residual>,
    /// The node that this one is the same as.
    same: Option<usize>,
}

impl Facts {
    fn none(&self) -> bool {
        self.same.is_none() && self.approximation.is_none() && self.iterate.is_none() && self.residual.is_none()
    }
    /// A bound of |V|.
    fn bound(&self) -> Option<Number> {
        let approximation = self.approximation.as_ref().map(|fact| &fact.n + &fact.a);
        let others = self.iterate.iter().map(|fact| &fact.n).chain(self.residual.iter().map(|fact| &fact.n));
        others.cloned().chain(approximation).min()
    }
}

/// A matrix product that a node calls.
#[derive(Clone)]
struct Product {
    arguments: [usize; 2],
    bounds: [Number; 2],
    error: Number,
    limit: Option<Number>,
}

/// A section about one network.
pub struct Matrix {
    number: usize,
    d: u64,
    q: Number,
    facts: Vec<Facts>,
    powers: BTreeMap<u64, Number>,
}

impl Matrix {
    pub(super) fn open(proof: &Proof, number: usize, mut tokens: Tokens<'_>) -> Result<Self, Problem> {
        let (d, q) = (tokens.natural()?, Number::from(&tokens.positive()?));
        tokens.end()?;
        let network = proof.network(number)?;
        let inputs: Vec<_> =
            network.nodes.iter().filter(|node| matches!(node.operation, Operation::Input(_))).collect();
        require(d > 0 && d.checked_mul(d).is_some(), "the matrix has rows")?;
        require(
            matches!(inputs.as_slice(), [input] if input.dimension == d * d),
            "the network has one input of dimension d^2",
        )?;
        let facts = network.nodes.iter().map(|_| Facts::default()).collect();
        Ok(Self { number, d, q, facts, powers: BTreeMap::new() })
    }
}

impl Section for Matrix {
    fn line(&mut self, proof: &Proof, keyword: &str, mut tokens: Tokens<'_>) -> Result<Closing, Problem> {
        let network = proof.network(self.number)?;
        match keyword {
            "power" => return self.power(tokens).map(|()| None),
            "conclude" => return self.conclude(network, tokens).map(Some),
            _ => {}
        }
        let v = node(network, &mut tokens)?;
        if keyword == "carry" {
            tokens.end()?;
            return self.carry(network, v).map(|()| None);
        }
        if keyword == "start" {
            return self.start(network, v, tokens).map(|()| None);
        }
        let claims = (tokens.size()?, tokens.size()?);
        match keyword {
            "combine" => self.combine(network, v, claims)?,
            "product" => self.product(proof, network, v, claims)?,
            "apply" => self.apply(proof, network, v, claims)?,
            "iterate" => self.iterate(v, claims)?,
            "residual" => self.residual(proof, network, v, claims)?,
            "step" => self.step(proof, network, v, claims)?,
            _ => return problem("the first word is not that of a line of this section"),
        }
        tokens.end()?;
        Ok(None)
    }
}

impl Matrix {
    /// The node that this one is the same as, or itself.
    fn root(&self, v: usize) -> usize {
        self.facts.get(v).and_then(|facts| facts.same).unwrap_or(v)
    }
    fn of(&self, v: usize) -> Result<&Facts, Problem> {
        self.facts.get(self.root(v)).ok_or_else(|| Problem(format!("there is no node {v}")))
    }
    /// The facts of a node that is not the same as another one, to add one.
    fn own(&mut self, v: usize) -> Result<&mut Facts, Problem> {
        match self.facts.get_mut(v) {
            Some(facts) if facts.same.is_none() => Ok(facts),
            _ => problem(format!("node {v} has the facts of another node")),
        }
    }
    fn approximation(&self, v: usize) -> Result<&Approximation, Problem> {
        let fact = self.of(v)?.approximation.as_ref();
        fact.ok_or_else(|| Problem(format!("node {v} has no approx fact")))
    }
    fn iterate_of(&self, v: usize) -> Result<&Iterate, Problem> {
        self.of(v)?.iterate.as_ref().ok_or_else(|| Problem(format!("node {v} has no iterate fact")))
    }
    /// Whether a node is exactly X.
    fn is_input(&self, v: usize) -> bool {
        let fact = self.of(v).ok().and_then(|facts| facts.approximation.as_ref());
        fact.is_some_and(|fact| fact.a.is_zero() && fact.t.is_power(1))
    }
    fn give(&mut self, v: usize, t: Rc<Runs>, (n, a): (Number, Number)) -> Result<(), Problem> {
        let facts = self.own(v)?;
        if facts.approximation.is_some() {
            return problem(format!("node {v} has an approx fact already"));
        }
        facts.approximation = Some(Approximation { t, n, a });
        Ok(())
    }
    fn give_iterate(&mut self, v: usize, n: Number, r: Number) -> Result<(), Problem> {
        let facts = self.own(v)?;
        if facts.iterate.is_some() {
            return problem(format!("node {v} has an iterate fact already"));
        }
        facts.iterate = Some(Iterate { n, r });
        Ok(())
    }
    /// The d x d matrix product that a node calls once.
    fn called(&self, proof: &Proof, network: &Network, v: usize) -> Result<Product, Problem> {
        let (callee, arguments) = single_call(network, v)?;
        match (proof.known(callee)?, arguments) {
            (Specification::MatrixProduct { shape, bounds, error, limit, .. }, &[x, y]) if *shape == [self.d; 3] => {
                let (bounds, error, limit) = (bounds.clone(), error.clone(), limit.clone());
                Ok(Product { arguments: [x, y], bounds, error, limit })
            }
            _ => problem(format!("node {v} does not call a product of d x d matrices")),
        }
    }

    fn start(&mut self, network: &Network, v: usize, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        let n = tokens.size()?;
        tokens.end()?;
        require(matches!(operation(network, v)?, Operation::Input(_)), "the node is the input")?;
        // |X| <= q
        require(n >= self.q, "n >= q")?;
        self.give(v, Rc::new(Runs::monomial(Number::one(), 1)), (n, Number::zero()))
    }

    fn combine(&mut self, network: &Network, v: usize, (n, a): (Number, Number)) -> Result<(), Problem> {
        let (terms, bias) = affine(network, v)?;
        let constant = Number::from(&*identity_bias(bias, self.d)?);
        let one = Runs::monomial(Number::one(), 0);
        let (mut least_n, mut least_a) = (constant.abs(), Number::zero());
        let mut parts = Vec::with_capacity(terms.len() + 1);
        for (x, map) in terms {
            let c = Number::from(&*identity_factor(map)?);
            let fact = self.approximation(*x)?;
            // |sum c_i t_i + c| <= sum |c_i| n_i + |c|, |sum c_i E_i| <= sum |c_i| a_i
            let size = c.abs();
            least_n = &least_n + &(&size * &fact.n);
            least_a = &least_a + &(&size * &fact.a);
            parts.push((c, &*fact.t));
        }
        parts.push((constant, &one));
        require(n >= least_n, "n >= sum |c_i| n_i + |c|")?;
        require(a >= least_a, "a >= sum |c_i| a_i")?;
        let sum = Rc::new(Runs::sum(parts)?);
        self.give(v, sum, (n, a))
    }

    fn carry(&mut self, network: &Network, v: usize) -> Result<(), Problem> {
        let (raised, out, minus) = affine_of_one(network, v)?;
        let (w, inward, plus) = affine_of_one(network, relu(network, raised)?)?;
        require(is_identity(out)? && is_identity(inward)?, "the maps are the identity")?;
        let c = constant(plus)?;
        require(same(&*constant(minus)?, &-&*c), "what is added before the ReLU is taken off after it")?;
        // |v_ij| <= |V| <= c, so that v + c >= 0
        let Some(bound) = self.of(w)?.bound() else { return problem(format!("node {w} has no fact")) };
        require(Number::from(&*c) >= bound, "c >= b(w)")?;
        let root = self.root(w);
        let facts = self.own(v)?;
        require(facts.none() && v != root, "the node has no fact yet")?;
        facts.same = Some(root);
        Ok(())
    }

    fn product(&mut self, proof: &Proof, network: &Network, v: usize, (n, a): (Number, Number)) -> Result<(), Problem> {
        let Product { arguments: [x, y], bounds: [b1, b2], error, limit } = self.called(proof, network, v)?;
        let (left, right) = (self.approximation(x)?, self.approximation(y)?);
        require(&left.n + &left.a <= b1, "n1 + a1 <= B1")?;
        let size = &right.n + &right.a;
        require(size <= b2, "n2 + a2 <= B2")?;
        // |t1 t2| <= |t1| |t2|
        require(n >= &left.n * &right.n, "n >= n1 n2")?;
        // V W - t1 t2 = t1 E2 + E1 (t2 + E2), and the network errs by E
        let least = &(&(&left.n * &right.a) + &(&left.a * &size)) + &error;
        require(a >= least, "a >= n1 a2 + a1 (n2 + a2) + E")?;
        // The product as computed has norm at most n + a.
        require(limit.is_none_or(|c| &n + &a <= c), "n + a <= c")?;
        let t = Rc::new(left.t.product(&right.t)?);
        self.give(v, t, (n, a))
    }

    fn apply(&mut self, proof: &Proof, network: &Network, v: usize, (n, a): (Number, Number)) -> Result<(), Problem> {
        let (callee, arguments) = single_call(network, v)?;
        let &Specification::Polynomial { size, ref radius, ref polynomial, ref norm, ref error } =
            proof.known(callee)?
        else {
            return problem(format!("network {callee} has no polynomial specification"));
        };
        require(size == self.d && *radius >= self.q, "q' >= q")?;
        require(matches!(arguments, [x] if self.is_input(*x)), "the argument is X")?;
        require(n >= *norm && a >= *error, "n >= n' and a >= a'")?;
        self.give(v, Rc::clone(polynomial), (n, a))
    }

    fn power(&mut self, mut tokens: Tokens<'_>) -> Result<(), Problem> {
        let (k, n) = (tokens.natural()?, tokens.size()?);
        require(k >= 1 && !self.powers.contains_key(&k), "k >= 1 is stated for the first time")?;
        if k == 1 {
            require(n >= self.q, "n >= q")?;
        } else {
            let (i, j) = (tokens.natural()?, tokens.natural()?);
            require(i.checked_add(j) == Some(k), "i + j = k")?;
            let (Some(left), Some(right)) = (self.powers.get(&i), self.powers.get(&j)) else {
                return problem("it does not hold that both powers are stated before");
            };
            // |X^(i+j)| <= |X^i| |X^j|
            require(n >= left * right, "n >= n_i n_j")?;
        }
        tokens.end()?;
        self.powers.insert(k, n);
        Ok(())
    }

    fn iterate(&mut self, v: usize, (n, r): (Number, Number)) -> Result<(), Problem> {
        require(self.is_input(v), "the node is X")?;
        // I - (I - X)(I + X) = X^2
        require(r >= self.q.square(), "r >= q^2")?;
        require(n >= self.q, "n >= q")?;
        self.give_iterate(self.root(v), n, r)
    }

    /// Whether an affine node has no bias and these arguments, in any order, with these factors of the identity.
    fn is_sum(&self, network: &Network, v: usize, parts: &[(usize, i64)]) -> Result<bool, Problem> {
        let (terms, bias) = affine(network, v)?;
        let mut rest = parts.to_vec();
        for (x, map) in terms {
            let c = identity_factor(map)?;
            let x = self.root(*x);
            let place = rest.iter().position(|(y, k)| x == *y && same(&c, &Weight::from(num_bigint::BigInt::from(*k))));
            match place {
                Some(place) => rest.swap_remove(place),
                None => return Ok(false),
            };
        }
        Ok(rest.is_empty() && is_zero(bias)?)
    }

    fn residual(
        &mut self,
        proof: &Proof,
        network: &Network,
        v: usize,
        (n, e): (Number, Number),
    ) -> Result<(), Problem> {
        // Among the terms, p is the call, -u has a negative factor, and x is the third.
        let (terms, _) = affine(network, v)?;
        let mut found = None;
        for (number, (p, _)) in terms.iter().enumerate() {
            let Ok(product) = self.called(proof, network, *p) else { continue };
            let [x, u] = product.arguments;
            let others = terms
                .iter()
                .enumerate()
                .filter(|(other, (_, map))| *other != number && identity_factor(map).is_ok_and(|c| c.is_positive()));
            for (_, (other, _)) in others {
                let parts = [(self.root(*other), 1), (self.root(u), -1), (self.root(*p), 1)];
                if self.is_input(x) && self.is_input(*other) && self.is_sum(network, v, &parts)? {
                    found = Some((u, product.clone()));
                }
            }
        }
        let Some((u, product)) = found else { return problem("the node is not x - u + p with p a product of x and u") };
        let Iterate { n: size, r } = self.iterate_of(u)?;
        let [b1, b2] = &product.bounds;
        require(product.limit.is_none(), "the product has no limit")?;
        require(self.q <= *b1, "q <= B1")?;
        require(size <= b2, "n' <= B2")?;
        // X - U + X U = R with R = I - (I - X)(I + U), and the product errs by E
        require(e >= product.error, "e >= E")?;
        // |V| <= |R| + e
        require(n >= r + &e, "n >= r + e")?;
        let u = self.root(u);
        let facts = self.own(v)?;
        require(facts.residual.is_none(), "the node has no residual fact yet")?;
        facts.residual = Some(Residual { u, n, e });
        Ok(())
    }

    fn step(&mut self, proof: &Proof, network: &Network, v: usize, (n, r): (Number, Number)) -> Result<(), Problem> {
        let (terms, _) = affine(network, v)?;
        let mut found = None;
        for (p, _) in terms {
            let Ok(product) = self.called(proof, network, *p) else { continue };
            let [u, w] = product.arguments;
            if self.is_sum(network, v, &[(self.root(u), 1), (self.root(w), 1), (self.root(*p), 1)])? {
                found = Some((u, w, product));
            }
        }
        let Some((u, w, product)) = found else {
            return problem("the node is not u + w + p with p a product of u and w");
        };
        let Iterate { n: size, r: before } = self.iterate_of(u)?;
        let Some(residual) = &self.of(w)?.residual else { return problem(format!("node {w} has no residual fact")) };
        require(residual.u == self.root(u), "the residual is that of u")?;
        let (one, [b1, b2]) = (Number::one(), &product.bounds);
        require(product.limit.is_none(), "the product has no limit")?;
        require(size <= b1, "n' <= B1")?;
        require(residual.n <= *b2, "n'' <= B2")?;
        require(self.q < one, "q < 1")?;
        // I - (I - R)(I + R + E) - (I - X) F = R^2 - (I - R) E - (I - X) F
        let least = &before.square() + &(&(&one + before) * &residual.e);
        require(r >= &least + &(&(&one + &self.q) * &product.error), "r >= r'^2 + (1 + r') e + (1 + q) E")?;
        // V = (I - X)^-1 (X - R)
        require(&n * &(&one - &self.q) >= &self.q + &r, "n (1 - q) >= q + r")?;
        self.give_iterate(v, n, r)
    }

    fn conclude(&mut self, network: &Network, mut tokens: Tokens<'_>) -> Result<(usize, Specification), Problem> {
        let (size, radius, one) = (self.d, self.q.clone(), Number::one());
        let specification = match tokens.word()? {
            "polynomial" => {
                let Approximation { t, n, a } = self.approximation(network.output)?.clone();
                Specification::Polynomial { size, radius, polynomial: t, norm: n, error: a }
            }
            "neumann" => {
                let error = tokens.size()?;
                let Approximation { t, a, .. } = self.approximation(network.output)?;
                let power = self.powers.iter().find(|(k, _)| Runs::geometric(**k) == **t);
                let Some((_, p)) = power else { return problem("no stated power X^k ends 1 + X + .. + X^(k-1)") };
                require(radius < one, "q < 1")?;
                // The series without its first k terms is X^k (I - X)^-1.
                let rest = &one - &radius;
                require(&error * &rest >= &(a * &rest) + p, "E >= a + p / (1 - q)")?;
                Specification::Inverse { size, radius, error }
            }
            "newton-schulz" => {
                let error = tokens.size()?;
                let (u, map, bias) = affine_of_one(network, network.output)?;
                require(is_identity(map)? && identity_bias(bias, size)?.is_one(), "the output is I + u")?;
                let Iterate { r, .. } = self.iterate_of(u)?;
                require(radius < one, "q < 1")?;
                // |X' - (I - X)^-1| = |(I - X)^-1 R| <= r / (1 - q)
                require(&error * &(&one - &radius) >= *r, "E (1 - q) >= r")?;
                Specification::Inverse { size, radius, error }
            }
            _ => return problem("a matrix section concludes polynomial, neumann or newton-schulz"),
        };
        tokens.end()?;
        Ok((self.number, specification))
    }
}
