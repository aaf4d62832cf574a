//! The layered form ((A_1, b_1), .., (A_L, b_L)), ReLU between the layers, kept as the calls that make it.
//!
//! Neurons come in groups, each on one level; level 0 holds the inputs, layer l computes level l from level l - 1. A
//! body lists events in the order of their making; the groups of a level, in their order, are those of the events that
//! reach it. A called network is one event, whatever its levels: only its groups on level 1 read the arguments, and
//! those are listed by the caller.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::network::Map;
use crate::problem::{Problem, problem};

/// The most events on all levels of a body that is written out.
const LISTED: u128 = 1 << 25;

/// A group of neurons: its level, its dimension and the events that lead to it, one for each call it lies in.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its level.
    pub level: u64,
    /// Number of neurons.
    pub dimension: u64,
    /// The number of the event, and of the events inside the called bodies.
    pub path: Rc<[u32]>,
}

impl PartialEq for Group {
    fn eq(&self, other: &Self) -> bool {
        (self.level, &self.path) == (other.level, &other.path)
    }
}
impl Eq for Group {}
impl std::hash::Hash for Group {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.level, &self.path).hash(state);
    }
}

/// An affine expression in the groups of one level.
#[derive(Debug)]
pub struct Expression {
    pub(crate) id: u64,
    /// The level of its groups.
    pub level: u64,
    /// Groups with their maps.
    pub terms: Vec<(Group, Rc<Map>)>,
    /// The constant part, a map of one column.
    pub bias: Rc<Map>,
}

/// What makes groups of neurons.
#[derive(Debug)]
pub enum Event {
    /// An input of this dimension, on level 0.
    Input(u64),
    /// The ReLU of an expression, one level above it.
    Relu(Rc<Expression>),
    /// A group carried through these levels by identity rows: it is not negative, so ReLU leaves it as it is.
    Carry {
        /// What is carried, on level `from - 1`.
        source: Group,
        /// The first level.
        from: u64,
        /// The last level.
        to: u64,
    },
    /// The levels from 2 on of copies of a called body; its level l is level `base + l` here.
    Call {
        /// The body.
        body: Rc<Body>,
        /// Number of copies.
        copies: u64,
        /// The level of the arguments.
        base: u64,
        /// The first of the events that are the body's groups on level 1.
        first: u32,
    },
}

impl Event {
    /// The first and the last level with groups of this event.
    pub fn levels(&self) -> (u64, u64) {
        match self {
            Self::Input(_) => (0, 0),
            Self::Relu(expression) => (expression.level + 1, expression.level + 1),
            Self::Carry { from, to, .. } => (*from, *to),
            Self::Call { body, base, .. } => (base + 2, base + body.levels),
        }
    }
}

/// A run of a carried group: its event's path, first and last level.
pub(crate) type Link = (Rc<[u32]>, u64, u64);

/// The lowered form of a network, relative to its inputs on level 0.
#[derive(Debug)]
pub struct Body {
    /// The events in the order of their making.
    pub events: Vec<Event>,
    /// The events on level 1.
    pub outer: Vec<u32>,
    /// The highest level.
    pub levels: u64,
    /// The result.
    pub output: Rc<Expression>,
    /// The ids of the inputs' expressions.
    pub(crate) inputs: Vec<u64>,
    /// Where groups were carried.
    pub(crate) carried: HashMap<Group, Vec<Link>>,
    /// Expressions v that became max(v, 0) - max(-v, 0), by id.
    pub(crate) split: HashMap<u64, Rc<Expression>>,
    /// Neurons and weights on level 2 and above.
    pub(crate) inner: (u128, u128),
    /// The events that reach each level.
    pub(crate) by_level: OnceCell<Vec<Vec<u32>>>,
}

impl Body {
    /// The numbers of the events that reach a level.
    pub(crate) fn on_level(&self, level: u64) -> Result<&[u32], Problem> {
        let table = match self.by_level.get() {
            Some(table) => table,
            None => {
                let reached =
                    self.events.iter().map(|event| event.levels()).map(|(from, to)| u128::from(to + 1 - from));
                if reached.sum::<u128>() + u128::from(self.levels) > LISTED {
                    return problem("there are too many levels to be written out");
                }
                let mut table = vec![Vec::new(); usize::try_from(self.levels).map_or(0, |n| n.saturating_add(1))];
                for (number, event) in (0u32..).zip(&self.events) {
                    let (from, to) = event.levels();
                    for on_level in (from..=to).filter_map(|level| usize::try_from(level).ok()) {
                        table.get_mut(on_level).into_iter().for_each(|list| list.push(number));
                    }
                }
                self.by_level.get_or_init(|| table)
            }
        };
        Ok(usize::try_from(level).ok().and_then(|level| table.get(level)).map_or(&[], Vec::as_slice))
    }
}

/// The exact size of a layered form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Number of affine maps.
    pub layers: u128,
    /// Number of neurons, inputs and outputs counted.
    pub neurons: u128,
    /// Number of entries of all matrices and biases that are not zero.
    pub weights: u128,
}

/// The layered form of a network.
#[derive(Debug)]
pub struct Layered {
    pub(crate) body: Body,
    /// The exact size.
    pub size: Size,
}
