//! From the graph to the layered form.
//!
//! Every ReLU of the graph becomes a group of neurons on the earliest level it can have (level 0 is the input). A value
//! between ReLUs is an affine expression in the groups of one level. A value that is used later than it is made is
//! carried: groups of ReLU outputs, which are not negative, by identity rows (one weight a neuron and level), any
//! other value v as max(v, 0) and max(-v, 0), whichever takes fewer neurons. Neighbouring affine maps are merged.

use std::collections::HashMap;
use std::rc::Rc;

use super::{Layer, Layered, LinearMap, Network, NetworkError, Operation, Value};

impl Network {
    /// The layered form of this network, structured.
    ///
    /// Statement: for all inputs x (one vector, the inputs one under another) both compute the same function.
    ///
    /// # Errors
    /// [`NetworkError::Budget`] when two neighbouring affine maps have no common structure and are too large to
    /// be multiplied entry by entry.
    pub fn layered(&self) -> Result<Layered, NetworkError> {
        let mut lowering = Lowering::default();
        let inputs: Vec<Rc<Expression>> =
            self.input_dimensions().iter().map(|&dimension| Rc::new(lowering.input(dimension))).collect();
        let output = lowering.network(self, 1, &inputs)?;
        lowering.finish(&output)
    }
}

/// Neurons of one level that were made by one ReLU.
struct Group {
    dimension: usize,
    /// Pre-activation in the groups of the level below; empty for inputs.
    terms: Vec<(GroupId, LinearMap)>,
    bias: LinearMap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct GroupId {
    level: usize,
    number: usize,
}

/// An affine expression in the groups of one level.
#[derive(Clone)]
struct Expression {
    /// Identity of the value, for the memory of what was carried.
    id: usize,
    level: usize,
    terms: Vec<(GroupId, LinearMap)>,
    bias: LinearMap,
}

#[derive(Default)]
struct Lowering {
    levels: Vec<Vec<Group>>,
    /// What a group became on its own level and each one above, as far as it was carried.
    carried: HashMap<GroupId, Vec<GroupId>>,
    split: HashMap<usize, Rc<Expression>>,
    expressions: usize,
    /// The identities in use, by dimension: they share their tiles.
    identities: HashMap<usize, LinearMap>,
}

impl Lowering {
    fn group(&mut self, level: usize, terms: Vec<(GroupId, LinearMap)>, bias: LinearMap) -> GroupId {
        while self.levels.len() <= level {
            self.levels.push(Vec::new());
        }
        let dimension = bias.rows();
        self.levels[level].push(Group { dimension, terms, bias });
        GroupId { level, number: self.levels[level].len() - 1 }
    }
    fn expression(&mut self, level: usize, terms: Vec<(GroupId, LinearMap)>, bias: LinearMap) -> Expression {
        self.expressions += 1;
        Expression { id: self.expressions, level, terms, bias }
    }
    fn of_group(&mut self, group: GroupId) -> Expression {
        let n = self.dimension(group);
        let identity = self.identity(n);
        self.expression(group.level, vec![(group, identity)], LinearMap::zero(n, 1))
    }
    fn identity(&mut self, n: usize) -> LinearMap {
        self.identities.entry(n).or_insert_with(|| LinearMap::identity(n)).clone()
    }
    fn dimension(&self, group: GroupId) -> usize {
        self.levels[group.level][group.number].dimension
    }
    fn input(&mut self, dimension: usize) -> Expression {
        let group = self.group(0, Vec::new(), LinearMap::zero(dimension, 1));
        self.of_group(group)
    }

    /// Lowers `copies` copies of a network on the given arguments.
    fn network(
        &mut self,
        network: &Network,
        copies: usize,
        inputs: &[Rc<Expression>],
    ) -> Result<Rc<Expression>, NetworkError> {
        let mut values: Vec<Option<Rc<Expression>>> = vec![None; network.value_count()];
        for (value, input) in network.inputs().zip(inputs) {
            values[network.number(value)] = Some(Rc::clone(input));
        }
        for value in network.values() {
            let find = |argument: &Value| values[network.number(*argument)].clone();
            let arguments: Vec<Rc<Expression>> = network.arguments(value).iter().filter_map(find).collect();
            let expression = match network.operation(value) {
                Operation::Input => continue,
                Operation::Affine { maps, bias } if copies == 1 => Rc::new(self.affine(maps, bias, &arguments)?),
                Operation::Affine { maps, bias } => {
                    let maps: Vec<LinearMap> = maps.iter().map(|map| map.copies(copies)).collect();
                    Rc::new(self.affine(&maps, &bias.repeat(copies), &arguments)?)
                }
                Operation::Relu => {
                    let argument = &arguments[0];
                    let group = self.group(argument.level + 1, argument.terms.clone(), argument.bias.clone());
                    Rc::new(self.of_group(group))
                }
                Operation::Call { copies: inner, network } => {
                    // The arguments meet on one level: what a call adds does not depend on where they come from.
                    let level = arguments.iter().map(|argument| argument.level).max().unwrap_or(0);
                    let raised = arguments.iter().map(|argument| self.raise(argument, level));
                    let raised = raised.collect::<Result<Vec<_>, _>>()?;
                    self.network(network, copies * inner, &raised)?
                }
            };
            values[network.number(value)] = Some(expression);
        }
        values[network.number(network.output())].take().ok_or(NetworkError::Empty)
    }

    fn affine(
        &mut self,
        maps: &[LinearMap],
        bias: &LinearMap,
        arguments: &[Rc<Expression>],
    ) -> Result<Expression, NetworkError> {
        let level = arguments.iter().map(|argument| argument.level).max().unwrap_or(0);
        let mut bias = bias.clone();
        let mut terms: Vec<(GroupId, LinearMap)> = Vec::new();
        for (map, argument) in maps.iter().zip(arguments) {
            let raised = self.raise(argument, level)?;
            if !raised.bias.is_zero() {
                bias = bias.add(&map.product(&raised.bias)?)?;
            }
            for (group, inner) in &raised.terms {
                let product = map.product(inner)?;
                match terms.iter_mut().find(|term| term.0 == *group) {
                    Some(term) => term.1 = term.1.add(&product)?,
                    None => terms.push((*group, product)),
                }
            }
        }
        terms.retain(|term| !term.1.is_zero());
        Ok(self.expression(level, terms, bias))
    }

    /// The same value as an expression on a higher level.
    fn raise(&mut self, expression: &Rc<Expression>, level: usize) -> Result<Rc<Expression>, NetworkError> {
        if expression.level >= level {
            return Ok(Rc::clone(expression));
        }
        if expression.level == 0 {
            // Inputs have any sign: carry the input groups or the value itself, whichever is smaller.
            let inputs: usize = expression.terms.iter().map(|term| self.dimension(term.0)).sum();
            if expression.bias.rows() < inputs {
                let split = self.split_value(expression)?;
                return self.raise(&split, level);
            }
            let mut terms = Vec::new();
            for (group, map) in &expression.terms {
                let input = self.split_input(*group)?;
                for (half, sign) in &input.terms {
                    terms.push((*half, map.product(sign)?));
                }
            }
            let raised = Rc::new(self.expression(1, terms, expression.bias.clone()));
            return self.raise(&raised, level);
        }
        let groups: usize = expression.terms.iter().map(|term| self.dimension(term.0)).sum();
        if groups > 2 * expression.bias.rows() {
            let split = self.split_value(expression)?;
            return self.raise(&split, level);
        }
        let terms = expression.terms.iter().map(|(group, map)| (self.carry(*group, level), map.clone())).collect();
        Ok(Rc::new(self.expression(level, terms, expression.bias.clone())))
    }

    /// The group carried up to a level by identity rows: ReLU outputs are not negative, so ReLU leaves them as they are.
    fn carry(&mut self, group: GroupId, level: usize) -> GroupId {
        let mut chain = self.carried.remove(&group).unwrap_or_else(|| vec![group]);
        let n = self.dimension(group);
        while group.level + chain.len() <= level {
            let last = chain[chain.len() - 1];
            let identity = self.identity(n);
            chain.push(self.group(last.level + 1, vec![(last, identity)], LinearMap::zero(n, 1)));
        }
        let carried = chain[level - group.level];
        self.carried.insert(group, chain);
        carried
    }

    fn split_input(&mut self, group: GroupId) -> Result<Rc<Expression>, NetworkError> {
        // Group ids of inputs are distinct from expression ids by the offset of the high bit.
        let key = group.number | 1 << (usize::BITS - 1);
        if let Some(split) = self.split.get(&key) {
            return Ok(Rc::clone(split));
        }
        let input = self.of_group(group);
        let split = Rc::new(self.split_uncached(&input)?);
        self.split.insert(key, Rc::clone(&split));
        Ok(split)
    }

    /// v = max(v, 0) - max(-v, 0), one level higher.
    fn split_value(&mut self, expression: &Expression) -> Result<Rc<Expression>, NetworkError> {
        if let Some(split) = self.split.get(&expression.id) {
            return Ok(Rc::clone(split));
        }
        let split = Rc::new(self.split_uncached(expression)?);
        self.split.insert(expression.id, Rc::clone(&split));
        Ok(split)
    }

    fn split_uncached(&mut self, expression: &Expression) -> Result<Expression, NetworkError> {
        let n = expression.bias.rows();
        let minus = expression.terms.iter().map(|(group, map)| (*group, map.negate())).collect();
        let positive = self.group(expression.level + 1, expression.terms.clone(), expression.bias.clone());
        let negative = self.group(expression.level + 1, minus, expression.bias.negate());
        let identity = self.identity(n);
        let minus = identity.negate();
        let terms = vec![(positive, identity), (negative, minus)];
        Ok(self.expression(expression.level + 1, terms, LinearMap::zero(n, 1)))
    }

    /// Lays the groups of each level one under another.
    fn finish(&self, output: &Expression) -> Result<Layered, NetworkError> {
        let mut layers = Vec::new();
        let mut offsets: Vec<usize> = Vec::new();
        let mut columns = 0;
        for (level, groups) in self.levels.iter().enumerate().take(output.level + 1) {
            let mut next = Vec::new();
            let mut rows = 0;
            for group in groups {
                next.push(rows);
                rows += group.dimension;
            }
            if level > 0 {
                let placed = groups.iter().zip(&next).map(|(group, &row)| (row, &group.terms, &group.bias));
                layers.push(layer(rows, columns, &offsets, placed));
            }
            (offsets, columns) = (next, rows);
        }
        let rows = output.bias.rows();
        layers.push(layer(rows, columns, &offsets, [(0, &output.terms, &output.bias)]));
        Layered::new(layers)
    }
}

fn layer<'a>(
    rows: usize,
    columns: usize,
    offsets: &[usize],
    groups: impl IntoIterator<Item = (usize, &'a Vec<(GroupId, LinearMap)>, &'a LinearMap)>,
) -> Layer {
    let (mut tiles, mut bias) = (Vec::new(), Vec::new());
    for (row, terms, shift) in groups {
        for (source, map) in terms {
            let column = offsets[source.number];
            tiles.extend(map.tiles().iter().map(|t| super::Tile {
                row: t.row + row,
                column: t.column + column,
                ..t.clone()
            }));
        }
        bias.extend(shift.tiles().iter().map(|t| super::Tile { row: t.row + row, ..t.clone() }));
    }
    // Tiles of different groups lie apart, and those of one group come from a finished map.
    Layer { map: LinearMap::from_tiles_apart(rows, columns, tiles), bias: LinearMap::from_tiles_apart(rows, 1, bias) }
}
