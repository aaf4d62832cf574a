//! The layered form by the definition: one flat list of nodes, maps as sparse rows, everything written out.

use std::collections::BTreeMap;

use num_traits::{One, Zero};

use super::evaluate::relu;
use super::parse::{Network, Node};
use super::{Q, Why};

/// Rows of (column, value), no zeros.
pub type Rows = Vec<BTreeMap<usize, Q>>;

/// One layer.
pub struct Layer {
    pub rows: Rows,
    pub bias: Vec<Q>,
}

/// An affine expression in the groups of one level.
#[derive(Clone)]
struct Expression {
    level: usize,
    terms: BTreeMap<usize, Rows>,
    bias: Vec<Q>,
}

struct Group {
    level: usize,
    dimension: usize,
    /// What it is the ReLU of; inputs have none.
    of: Option<Expression>,
    /// The same values one level higher.
    carried: Option<usize>,
    /// An input as the difference of two groups.
    split: Option<(usize, usize)>,
}

struct Value {
    expression: Expression,
    split: Option<(usize, usize)>,
}

struct Lowering<'a> {
    networks: &'a [Network],
    groups: Vec<Group>,
    values: Vec<Value>,
}

/// The most neurons of all calls together.
const BUDGET: usize = 1 << 14;

/// The layers of the last network.
pub fn layers(networks: &[Network]) -> Result<Vec<Layer>, Why> {
    let mut costs: Vec<usize> = Vec::new();
    for network in networks {
        let cost = |(node, dimension): (&Node, &usize)| match node {
            Node::Call { network, copies, .. } => costs[*network].saturating_mul(*copies),
            _ => *dimension,
        };
        costs.push(network.nodes.iter().zip(&network.dimensions).map(cost).fold(0, usize::saturating_add));
    }
    if costs.last().is_none_or(|&cost| cost > BUDGET) {
        return Err(Why::TooLarge);
    }
    let mut lowering = Lowering { networks, groups: Vec::new(), values: Vec::new() };
    let number = networks.len() - 1;
    let mut inputs = Vec::new();
    for dimension in networks[number].inputs() {
        let group = lowering.group(0, dimension, None);
        inputs.push(lowering.of_group(group));
    }
    let output = lowering.network(number, 1, &inputs);
    let output = lowering.values[output].expression.clone();
    let mut layers = Vec::new();
    for level in 1..=output.level {
        let mut layer = Layer { rows: Vec::new(), bias: Vec::new() };
        let groups: Vec<Expression> =
            lowering.groups.iter().filter(|group| group.level == level).filter_map(|group| group.of.clone()).collect();
        for expression in groups {
            lowering.append(&mut layer, &expression);
        }
        layers.push(layer);
    }
    let mut last = Layer { rows: Vec::new(), bias: Vec::new() };
    lowering.append(&mut last, &output);
    layers.push(last);
    Ok(layers)
}

/// Number of layers, neurons (with the inputs) and weights.
pub fn size(inputs: usize, layers: &[Layer]) -> (usize, usize, usize) {
    let neurons = layers.iter().map(|layer| layer.rows.len()).sum::<usize>();
    let of_layer = |layer: &Layer| {
        layer.rows.iter().map(BTreeMap::len).sum::<usize>() + layer.bias.iter().filter(|bias| !bias.is_zero()).count()
    };
    (layers.len(), inputs + neurons, layers.iter().map(of_layer).sum())
}

/// The layered form at a point.
pub fn evaluate(layers: &[Layer], x: &[Q]) -> Vec<Q> {
    let mut x = x.to_vec();
    for (number, layer) in layers.iter().enumerate() {
        let row = |(row, bias): (&BTreeMap<usize, Q>, &Q)| {
            row.iter().fold(bias.clone(), |sum, (&column, weight)| sum + weight * &x[column])
        };
        let y: Vec<Q> = layer.rows.iter().zip(&layer.bias).map(row).collect();
        x = if number + 1 < layers.len() { y.iter().map(relu).collect() } else { y };
    }
    x
}

impl Lowering<'_> {
    fn group(&mut self, level: usize, dimension: usize, of: Option<Expression>) -> usize {
        self.groups.push(Group { level, dimension, of, carried: None, split: None });
        self.groups.len() - 1
    }

    fn value(&mut self, expression: Expression) -> usize {
        self.values.push(Value { expression, split: None });
        self.values.len() - 1
    }

    fn of_group(&mut self, group: usize) -> usize {
        let expression = self.identity(group);
        self.value(expression)
    }

    fn identity(&self, group: usize) -> Expression {
        let Group { level, dimension, .. } = self.groups[group];
        let rows = (0..dimension).map(|row| BTreeMap::from([(row, Q::one())])).collect();
        Expression { level, terms: BTreeMap::from([(group, rows)]), bias: vec![Q::zero(); dimension] }
    }

    fn network(&mut self, number: usize, copies: usize, inputs: &[usize]) -> usize {
        let networks = self.networks;
        let network = &networks[number];
        // Only what the output depends on.
        let mut needed = vec![false; network.nodes.len()];
        needed[network.output] = true;
        for node in (0..network.nodes.len()).rev() {
            if !needed[node] {
                continue;
            }
            match &network.nodes[node] {
                Node::Input => {}
                Node::Affine { terms, .. } => terms.iter().for_each(|term| needed[term.0] = true),
                Node::Relu(argument) => needed[*argument] = true,
                Node::Call { arguments, .. } => arguments.iter().for_each(|&argument| needed[argument] = true),
            }
        }
        let mut values: Vec<usize> = inputs.to_vec();
        for (node, needed) in network.nodes.iter().zip(needed).skip(inputs.len()) {
            let value = match node {
                _ if !needed => usize::MAX,
                Node::Input => unreachable!("inputs come first"),
                Node::Affine { terms, bias } => {
                    let mut all = Expression { level: 0, terms: BTreeMap::new(), bias: Vec::new() };
                    (0..copies).for_each(|_| all.bias.extend_from_slice(bias));
                    all.level =
                        terms.iter().map(|term| self.values[values[term.0]].expression.level).max().unwrap_or(0);
                    for (argument, entries) in terms {
                        let raised = self.raise(values[*argument], all.level);
                        let (rows, columns) = (bias.len(), network.dimensions[*argument]);
                        let mut map: Rows = vec![BTreeMap::new(); rows * copies];
                        for copy in 0..copies {
                            for (row, column, weight) in entries {
                                add(&mut map[copy * rows + row], copy * columns + column, weight);
                            }
                        }
                        all.accumulate(&map, &raised);
                    }
                    // Terms that cancel depend on nothing.
                    all.terms.retain(|_, rows| rows.iter().any(|row| !row.is_empty()));
                    self.value(all)
                }
                Node::Relu(argument) => {
                    let expression = self.values[values[*argument]].expression.clone();
                    let group = self.group(expression.level + 1, expression.bias.len(), Some(expression));
                    self.of_group(group)
                }
                Node::Call { network, copies: inner, arguments } => {
                    // The arguments meet on the highest level among them.
                    let inputs: Vec<usize> = arguments.iter().map(|&argument| values[argument]).collect();
                    let level = inputs.iter().map(|&input| self.values[input].expression.level).max().unwrap_or(0);
                    let mut raised = Vec::new();
                    for input in inputs {
                        let expression = self.raise(input, level);
                        let same = self.values[input].expression.level == level;
                        raised.push(if same { input } else { self.value(expression) });
                    }
                    self.network(*network, copies * inner, &raised)
                }
            };
            values.push(value);
        }
        values[network.output]
    }

    fn raise(&mut self, value: usize, level: usize) -> Expression {
        let expression = self.values[value].expression.clone();
        if expression.level >= level {
            return expression;
        }
        let groups: usize = expression.terms.keys().map(|&group| self.groups[group].dimension).sum();
        let dimension = expression.bias.len();
        if expression.level >= 1 && groups <= 2 * dimension {
            return self.carry(&expression, level);
        }
        if expression.level == 0 && dimension >= groups {
            let mut raised = Expression { level: 1, terms: BTreeMap::new(), bias: expression.bias.clone() };
            for (&input, map) in &expression.terms {
                let (plus, minus) = match self.groups[input].split {
                    Some(split) => split,
                    None => {
                        let split = self.split(&self.identity(input));
                        self.groups[input].split = Some(split);
                        split
                    }
                };
                raised.accumulate(map, &self.difference(plus, minus));
            }
            return self.carry(&raised, level);
        }
        let (plus, minus) = match self.values[value].split {
            Some(split) => split,
            None => {
                let split = self.split(&expression);
                self.values[value].split = Some(split);
                split
            }
        };
        self.carry(&self.difference(plus, minus), level)
    }

    /// One group minus another one.
    fn difference(&self, plus: usize, minus: usize) -> Expression {
        let mut difference = self.identity(plus);
        let rows = (0..difference.bias.len()).map(|row| BTreeMap::from([(row, -Q::one())])).collect();
        difference.terms.insert(minus, rows);
        difference
    }

    /// max(v, 0) and max(-v, 0) as groups.
    fn split(&mut self, expression: &Expression) -> (usize, usize) {
        let mut negative = expression.clone();
        negative.bias.iter_mut().for_each(|bias| *bias = -bias.clone());
        let rows = negative.terms.values_mut().flatten();
        rows.for_each(|row| row.values_mut().for_each(|value| *value = -value.clone()));
        let (level, dimension) = (expression.level + 1, expression.bias.len());
        let plus = self.group(level, dimension, Some(expression.clone()));
        (plus, self.group(level, dimension, Some(negative)))
    }

    fn carry(&mut self, expression: &Expression, level: usize) -> Expression {
        let mut terms = BTreeMap::new();
        for (&group, map) in &expression.terms {
            let mut group = group;
            while self.groups[group].level < level {
                group = match self.groups[group].carried {
                    Some(next) => next,
                    None => {
                        let identity = self.identity(group);
                        let next = self.group(identity.level + 1, identity.bias.len(), Some(identity));
                        self.groups[group].carried = Some(next);
                        next
                    }
                };
            }
            terms.insert(group, map.clone());
        }
        Expression { level, terms, bias: expression.bias.clone() }
    }

    /// Appends the rows of an expression, whose groups are those of one level, to a layer.
    fn append(&self, layer: &mut Layer, expression: &Expression) {
        let mut rows: Rows = vec![BTreeMap::new(); expression.bias.len()];
        let mut offset = 0;
        for (number, group) in self.groups.iter().enumerate().filter(|(_, group)| group.level == expression.level) {
            for (row, of_group) in rows.iter_mut().zip(expression.terms.get(&number).into_iter().flatten()) {
                row.extend(of_group.iter().map(|(&column, value)| (offset + column, value.clone())));
            }
            offset += group.dimension;
        }
        layer.rows.extend(rows);
        layer.bias.extend_from_slice(&expression.bias);
    }
}

impl Expression {
    /// Adds map times another expression.
    fn accumulate(&mut self, map: &Rows, other: &Self) {
        for (row, bias) in map.iter().zip(&mut self.bias) {
            for (&column, weight) in row {
                *bias += weight * &other.bias[column];
            }
        }
        for (&group, inner) in &other.terms {
            let terms = self.terms.entry(group).or_insert_with(|| vec![BTreeMap::new(); map.len()]);
            for (row, sum) in map.iter().zip(terms) {
                for (&middle, weight) in row {
                    for (&column, value) in &inner[middle] {
                        add(sum, column, &(weight * value));
                    }
                }
            }
        }
    }
}

fn add(row: &mut BTreeMap<usize, Q>, column: usize, value: &Q) {
    let sum = row.entry(column).or_insert_with(Q::zero);
    *sum += value;
    if sum.is_zero() {
        row.remove(&column);
    }
}
