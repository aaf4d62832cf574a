//! From the graph to the layered form.
//!
//! Every ReLU becomes a group of neurons on the earliest level it can have; a value between ReLUs is an affine expression
//! in the groups of one level; a value that is used on a later level is carried there. Each step keeps the function:
//! affine maps of affine expressions are multiplied out, identity rows keep ReLU outputs (they are >= 0), and
//! v = max(v, 0) - max(-v, 0) for any v. A called network is lowered once, on unknown inputs of one level, and used
//! wherever the actual arguments cannot change what its lowering decides (see `call.rs`); elsewhere it is written out.

use std::collections::HashMap;
use std::rc::Rc;

use crate::cache::Cache;
use crate::layered::{Body, Event, Expression, Group, Link};
pub use crate::layered::{Layered, Size};
use crate::network::{Map, Network, Operation};
use crate::problem::{Problem, problem};

/// The deepest nesting of calls.
pub const NESTING: usize = 64;
/// The operations that are lowered beyond a few for each node, where calls are written out.
const OPERATIONS: u64 = 1 << 16;

/// The layered form of the last network.
///
/// # Errors
/// When the networks are malformed, nested deeper than 64 calls, or too large.
pub fn layered(networks: &[Network]) -> Result<Layered, Problem> {
    layered_by(networks, true)
}

/// The same; without `reuse` every call is written out, which is slow and must not make a difference.
pub fn layered_by(networks: &[Network], reuse: bool) -> Result<Layered, Problem> {
    crate::shapes::check_shapes(networks)?;
    let Some(main) = networks.len().checked_sub(1) else { return problem("there is no network") };
    let called = called(networks)?;
    let mut lowering = Lowering {
        networks,
        bodies: vec![None; networks.len()],
        cache: Cache::default(),
        frame: Frame::default(),
        expressions: 0,
        operations: OPERATIONS + 8 * networks.iter().map(|network| network.nodes.len() as u64).sum::<u64>(),
    };
    for (number, _) in called.iter().enumerate().filter(|(number, called)| reuse && **called && *number != main) {
        let body = match lowering.body(number, true) {
            Ok(body) => Some(Rc::new(body)),
            Err(Stop::Unknown) => None,
            Err(Stop::Problem(problem)) => return Err(problem.at(format!("network {number}"))),
        };
        lowering.bodies.get_mut(number).into_iter().for_each(|place| *place = body.clone());
    }
    let body = match lowering.body(main, false) {
        Ok(body) => body,
        Err(Stop::Unknown) => return problem("an input has no level"),
        Err(Stop::Problem(problem)) => return Err(problem),
    };
    // What a call was given and did not use may reach beyond the output; it is no part of the network.
    let (neurons, weights) = lowering.count(&body.events, 0, body.output.level)?;
    let size = Size {
        layers: u128::from(body.output.level) + 1,
        neurons: neurons.saturating_add(body.output.bias.rows.into()),
        weights: weights.saturating_add(lowering.weights(&body.output)?),
    };
    if size.neurons.max(size.weights) == u128::MAX {
        return problem("the size is too large");
    }
    Ok(Layered { body, size })
}

/// Which networks the last one calls, directly or not.
fn called(networks: &[Network]) -> Result<Vec<bool>, Problem> {
    let mut called = vec![false; networks.len()];
    let mut depth = vec![0usize; networks.len()];
    called.last_mut().into_iter().for_each(|last| *last = true);
    for (number, network) in networks.iter().enumerate().rev() {
        let (needed, above) = (called.get(number) == Some(&true), depth.get(number).copied().unwrap_or(0));
        for node in network.nodes.iter().filter(|_| needed) {
            if let Operation::Call { network, .. } = &node.operation {
                called.get_mut(*network).into_iter().for_each(|called| *called = true);
                depth.get_mut(*network).into_iter().for_each(|depth| *depth = (*depth).max(above + 1));
            }
        }
    }
    if depth.iter().any(|&depth| depth > NESTING) {
        return problem(format!("calls are nested deeper than {NESTING}"));
    }
    Ok(called)
}

/// Why a lowering ends early.
pub(crate) enum Stop {
    /// What happens depends on the arguments.
    Unknown,
    Problem(Problem),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// The body under construction.
#[derive(Default)]
pub(crate) struct Frame {
    /// Whether the inputs stand for arguments that are not known.
    pub unknown: bool,
    pub inputs: Vec<u64>,
    pub events: Vec<Event>,
    pub carried: HashMap<Group, Vec<Link>>,
    pub split: HashMap<u64, Rc<Expression>>,
    pub split_inputs: HashMap<Group, Rc<Expression>>,
}

pub(crate) struct Lowering<'a> {
    pub networks: &'a [Network],
    /// The bodies of called networks, where they do not depend on the arguments.
    pub bodies: Vec<Option<Rc<Body>>>,
    pub cache: Cache<'a>,
    pub frame: Frame,
    pub expressions: u64,
    operations: u64,
}

type Shared = Rc<Expression>;

impl Lowering<'_> {
    /// Lowers a network on its own inputs.
    fn body(&mut self, number: usize, unknown: bool) -> Result<Body, Stop> {
        self.frame = Frame { unknown, ..Frame::default() };
        let network = self.networks.get(number).ok_or(Stop::Unknown)?;
        let mut inputs = Vec::new();
        for node in &network.nodes {
            if let Operation::Input(dimension) = node.operation {
                let group = self.event(Event::Input(dimension), 0, dimension)?;
                inputs.push(self.of_group(group)?);
            }
        }
        self.frame.inputs = inputs.iter().map(|input| input.id).collect();
        let output = self.network(number, 1, &inputs, 0)?;
        let frame = std::mem::take(&mut self.frame);
        let inner = self.count(&frame.events, 2, u64::MAX)?;
        let outer = (0u32..).zip(&frame.events).filter(|(_, event)| event.levels().0 == 1).map(|(n, _)| n).collect();
        let levels = frame.events.iter().map(|event| event.levels().1).max().unwrap_or(0);
        let Frame { inputs, events, carried, split, .. } = frame;
        let by_level = std::cell::OnceCell::new();
        Ok(Body { events, outer, levels, output, inputs, carried, split, inner, by_level })
    }

    fn spend(&mut self, operations: usize) -> Result<(), Problem> {
        let left = self.operations.checked_sub(operations as u64);
        self.operations = left.ok_or_else(|| Problem("too many operations, calls written out".to_owned()))?;
        Ok(())
    }

    /// Neurons and weights on the levels from `first` to `last`, of what these events make.
    fn count(&mut self, events: &[Event], first: u64, last: u64) -> Result<(u128, u128), Problem> {
        let mut sum = (0u128, 0u128);
        for event in events {
            let (from, to) = event.levels();
            let (from, to) = (from.max(first), to.min(last));
            if from > to {
                continue;
            }
            let (neurons, weights) = match event {
                Event::Input(dimension) => ((*dimension).into(), 0),
                Event::Relu(expression) => (expression.bias.rows.into(), self.weights(expression)?),
                // One weight 1 for each neuron and level.
                Event::Carry { source, .. } => {
                    let neurons = u128::from(source.dimension) * u128::from(to - from + 1);
                    (neurons, neurons)
                }
                Event::Call { body, copies, base, .. } => {
                    let whole = to == event.levels().1;
                    let one = if whole {
                        body.inner
                    } else {
                        self.spend(body.events.len())?;
                        self.count(&body.events, 2, to - base)?
                    };
                    (one.0.saturating_mul((*copies).into()), one.1.saturating_mul((*copies).into()))
                }
            };
            sum = (sum.0.saturating_add(neurons), sum.1.saturating_add(weights));
        }
        Ok(sum)
    }

    /// The weights of one group, or of the output: its maps lie in different columns.
    fn weights(&mut self, expression: &Expression) -> Result<u128, Problem> {
        let mut sum = self.cache.nonzeros(&expression.bias)?;
        for (_, map) in &expression.terms {
            sum = sum.saturating_add(self.cache.nonzeros(map)?);
        }
        Ok(sum)
    }

    pub fn event(&mut self, event: Event, level: u64, dimension: u64) -> Result<Group, Problem> {
        let number = u32::try_from(self.frame.events.len()).map_err(|_| Problem("too many events".to_owned()))?;
        self.frame.events.push(event);
        Ok(Group { level, dimension, path: Rc::new([number]) })
    }
    pub fn expression(&mut self, level: u64, terms: Vec<(Group, Rc<Map>)>, bias: Rc<Map>) -> Shared {
        self.expressions += 1;
        Rc::new(Expression { id: self.expressions, level, terms, bias })
    }
    pub fn of_group(&mut self, group: Group) -> Result<Shared, Problem> {
        let (identity, zero) = (self.cache.identity(group.dimension)?, self.cache.zero(group.dimension)?);
        Ok(self.expression(group.level, vec![(group, identity)], zero))
    }
    /// The group max(expression, 0).
    pub fn relu(&mut self, expression: &Shared) -> Result<Group, Problem> {
        self.event(Event::Relu(Rc::clone(expression)), expression.level + 1, expression.bias.rows)
    }

    /// Lowers `copies` copies of a network on the given arguments into the frame.
    pub fn network(&mut self, number: usize, copies: u64, inputs: &[Shared], nesting: usize) -> Result<Shared, Stop> {
        let network = self.networks.get(number).filter(|_| nesting <= NESTING).ok_or(Stop::Unknown)?;
        let needed = needed(network);
        let mut values: Vec<Option<Shared>> = inputs.iter().cloned().map(Some).collect();
        for (node, needed) in network.nodes.iter().zip(needed).skip(inputs.len()) {
            if !needed {
                values.push(None);
                continue;
            }
            self.spend(1)?;
            let find = |argument: usize| {
                let value = values.get(argument).cloned().flatten();
                value.ok_or_else(|| Problem(format!("node {argument} is used before it is made")))
            };
            let value = match &node.operation {
                Operation::Input(_) => return Err(Problem("an input after other nodes".to_owned()).into()),
                Operation::Affine { terms, bias } => {
                    let mut placed = Vec::new();
                    for (argument, map) in terms {
                        let map = self.cache.tidy(map)?;
                        placed.push((self.cache.copies(&map, copies)?, find(*argument)?));
                    }
                    let bias = self.cache.tidy(bias)?;
                    let bias = self.cache.repeat(&bias, copies)?;
                    self.affine(&placed, bias, 0)?
                }
                Operation::Relu(argument) => {
                    let group = self.relu(&find(*argument)?)?;
                    self.of_group(group)?
                }
                Operation::Call { network, copies: inner, arguments } => {
                    let mut arguments =
                        arguments.iter().map(|&argument| find(argument)).collect::<Result<Vec<_>, _>>()?;
                    let level = arguments.iter().map(|argument| argument.level).max().unwrap_or(0);
                    for argument in &mut arguments {
                        *argument = self.raise(argument, level)?;
                    }
                    let copies = copies.checked_mul(*inner).ok_or_else(|| Problem("too many copies".to_owned()))?;
                    match self.call(*network, copies, &arguments)? {
                        Some(value) => value,
                        None => self.network(*network, copies, &arguments, nesting + 1)?,
                    }
                }
            };
            values.push(Some(value));
        }
        let output = values.get(network.output).cloned().flatten();
        output.ok_or_else(|| Problem("the output is no node".to_owned()).into())
    }

    /// The sum of maps of expressions and a bias, on the highest level among the arguments and `least`.
    pub fn affine(&mut self, placed: &[(Rc<Map>, Shared)], mut bias: Rc<Map>, least: u64) -> Result<Shared, Stop> {
        let level = placed.iter().map(|term| term.1.level).fold(least, u64::max);
        let mut terms: Vec<(Group, Rc<Map>)> = Vec::new();
        for (map, argument) in placed {
            let raised = self.raise(argument, level)?;
            // A (sum M g + c) = sum (A M) g + A c.
            if !raised.bias.tiles.is_empty() {
                let shift = self.cache.product(map, &raised.bias)?;
                bias = self.cache.sum(&bias, &shift)?;
            }
            // Each term is looked for among the others.
            self.spend((raised.terms.len() * terms.len()) >> 8)?;
            for (group, inner) in &raised.terms {
                let product = self.cache.product(map, inner)?;
                match terms.iter_mut().find(|term| term.0 == *group) {
                    Some(term) => term.1 = self.cache.sum(&term.1, &product)?,
                    None => terms.push((group.clone(), product)),
                }
            }
        }
        terms.retain(|term| !term.1.tiles.is_empty());
        Ok(self.expression(level, terms, bias))
    }
}

/// The nodes that the output depends on.
fn needed(network: &Network) -> Vec<bool> {
    let mut needed = vec![false; network.nodes.len()];
    needed.get_mut(network.output).into_iter().for_each(|output| *output = true);
    for (number, node) in network.nodes.iter().enumerate().rev() {
        if needed.get(number) == Some(&true) {
            let mut need = |argument: usize| needed.get_mut(argument).into_iter().for_each(|place| *place = true);
            match &node.operation {
                Operation::Input(_) => {}
                Operation::Affine { terms, .. } => terms.iter().for_each(|term| need(term.0)),
                Operation::Relu(argument) => need(*argument),
                Operation::Call { arguments, .. } => arguments.iter().for_each(|&argument| need(argument)),
            }
        }
    }
    needed
}
