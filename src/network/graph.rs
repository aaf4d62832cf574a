//! Networks: directed acyclic graphs of operations on vectors.

use std::collections::HashMap;
use std::sync::Arc;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use super::{Layered, LinearMap, NetworkError};
use crate::arith::Rational;

/// One operation on vectors.
#[derive(Debug, Clone)]
pub enum Operation {
    /// An input vector.
    Input,
    /// A_1 x_1 + .. + A_k x_k + b, one map for each argument; the bias is a map of one column.
    Affine {
        /// The maps, in the order of the arguments.
        maps: Vec<LinearMap>,
        /// The bias.
        bias: LinearMap,
    },
    /// max(x, 0), entry by entry.
    Relu,
    /// I_n (x) network: each argument is cut into n equal parts, copy k reads part k of each, outputs follow one another.
    Call {
        /// The number n of copies.
        copies: usize,
        /// The network that is copied; shared, never duplicated in memory.
        network: Arc<Network>,
    },
}

#[derive(Debug, Clone)]
struct Node {
    operation: Operation,
    dimension: usize,
}

/// A value inside a network under construction, or of a finished one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value(NodeIndex);

/// A ReLU network: a directed acyclic graph of vector operations with numbered argument ports and one output.
///
/// The graph says which function is computed and keeps its structure: copies, sharing, skip connections. The textbook
/// form, with its layers, neurons and weights, is [`Network::layered`].
#[derive(Debug, Clone)]
pub struct Network {
    // Edge weights are port numbers: petgraph's own order of incoming edges means nothing.
    graph: DiGraph<Node, usize>,
    inputs: Vec<NodeIndex>,
    output: NodeIndex,
}

impl Network {
    /// Starts an empty network.
    pub fn builder() -> Builder {
        Builder { graph: DiGraph::new(), inputs: Vec::new() }
    }
    /// Dimensions of the inputs, in order.
    pub fn input_dimensions(&self) -> Vec<usize> {
        self.inputs.iter().map(|&node| self.graph[node].dimension).collect()
    }
    /// Sum of the input dimensions.
    pub fn input_dimension(&self) -> usize {
        self.input_dimensions().iter().sum()
    }
    /// Dimension of the output.
    pub fn output_dimension(&self) -> usize {
        self.graph[self.output].dimension
    }
    /// The inputs.
    pub fn inputs(&self) -> impl Iterator<Item = Value> {
        self.inputs.iter().map(|&node| Value(node))
    }
    /// The output.
    pub fn output(&self) -> Value {
        Value(self.output)
    }
    /// The values the output depends on, arguments before their users.
    pub fn values(&self) -> Vec<Value> {
        // Nodes are only ever added, with arguments that exist: index order is a topological order.
        let mut needed = vec![false; self.graph.node_count()];
        needed[self.output.index()] = true;
        for index in (0..self.graph.node_count()).rev() {
            if needed[index] {
                for source in self.graph.neighbors_directed(NodeIndex::new(index), Direction::Incoming) {
                    needed[source.index()] = true;
                }
            }
        }
        (0..needed.len()).filter(|&i| needed[i]).map(|i| Value(NodeIndex::new(i))).collect()
    }
    /// The number of a value: below [`Network::value_count`], arguments before their users.
    pub(super) fn number(&self, value: Value) -> usize {
        value.0.index()
    }
    /// The number of values, needed or not.
    pub(super) fn value_count(&self) -> usize {
        self.graph.node_count()
    }
    /// The operation that makes a value.
    pub fn operation(&self, value: Value) -> &Operation {
        &self.graph[value.0].operation
    }
    /// The dimension of a value.
    pub fn dimension(&self, value: Value) -> usize {
        self.graph[value.0].dimension
    }
    /// The arguments of the operation that makes a value, in port order.
    pub fn arguments(&self, value: Value) -> Vec<Value> {
        let mut edges: Vec<(usize, NodeIndex)> =
            self.graph.edges_directed(value.0, Direction::Incoming).map(|e| (*e.weight(), e.source())).collect();
        edges.sort_by_key(|edge| edge.0);
        edges.into_iter().map(|(_, source)| Value(source)).collect()
    }
    /// The number of an input, when the value is one.
    pub fn input_number(&self, value: Value) -> Option<usize> {
        self.inputs.iter().position(|&node| node == value.0)
    }

    /// The networks called, directly or not, each once, callees before callers (this network itself is not listed).
    pub fn called_networks(&self) -> Vec<Arc<Network>> {
        fn visit(network: &Network, seen: &mut HashMap<*const Network, ()>, list: &mut Vec<Arc<Network>>) {
            for node in network.graph.node_weights() {
                if let Operation::Call { network: callee, .. } = &node.operation
                    && seen.insert(Arc::as_ptr(callee), ()).is_none()
                {
                    visit(callee, seen, list);
                    list.push(Arc::clone(callee));
                }
            }
        }
        let mut list = Vec::new();
        visit(self, &mut HashMap::new(), &mut list);
        list
    }
}

impl From<&Layered> for Network {
    /// The chain of affine maps and ReLUs of a layered form.
    fn from(layered: &Layered) -> Self {
        let mut builder = Network::builder();
        let mut x = builder.input(layered.input_dimension());
        for (number, layer) in layered.layers().iter().enumerate() {
            if number > 0 {
                x = builder.relu(x);
            }
            let operation = Operation::Affine { maps: vec![layer.map.clone()], bias: layer.bias.clone() };
            x = builder.push(operation, layer.map.rows(), &[x]);
        }
        builder.finish(x)
    }
}

/// A network under construction.
#[derive(Debug, Clone)]
pub struct Builder {
    graph: DiGraph<Node, usize>,
    inputs: Vec<NodeIndex>,
}

impl Builder {
    fn push(&mut self, operation: Operation, dimension: usize, arguments: &[Value]) -> Value {
        let node = self.graph.add_node(Node { operation, dimension });
        for (port, argument) in arguments.iter().enumerate() {
            self.graph.add_edge(argument.0, node, port);
        }
        Value(node)
    }
    /// The dimension of a value.
    pub fn dimension(&self, value: Value) -> usize {
        self.graph[value.0].dimension
    }
    /// Adds an input vector.
    pub fn input(&mut self, dimension: usize) -> Value {
        let value = self.push(Operation::Input, dimension, &[]);
        self.inputs.push(value.0);
        value
    }
    /// Adds A_1 x_1 + .. + A_k x_k + b.
    ///
    /// # Errors
    /// [`NetworkError::Dimension`] when a map or the bias does not fit, [`NetworkError::Arguments`] without a term.
    pub fn affine(&mut self, terms: &[(Value, LinearMap)], bias: LinearMap) -> Result<Value, NetworkError> {
        if terms.is_empty() {
            return Err(NetworkError::Arguments { place: "affine map".to_owned(), found: 0, expected: 1 });
        }
        let rows = bias.rows();
        let check = |what: &str, port: usize, found: usize, expected: usize| {
            if found == expected {
                Ok(())
            } else {
                Err(NetworkError::Dimension { place: format!("affine map, {what} {port}"), found, expected })
            }
        };
        if bias.columns() != 1 {
            let place = "affine map, columns of the bias".to_owned();
            return Err(NetworkError::Dimension { place, found: bias.columns(), expected: 1 });
        }
        for (port, (argument, map)) in terms.iter().enumerate() {
            check("rows of map", port, map.rows(), rows)?;
            check("columns of map", port, map.columns(), self.dimension(*argument))?;
        }
        let arguments: Vec<Value> = terms.iter().map(|term| term.0).collect();
        let maps = terms.iter().map(|term| term.1.clone()).collect();
        Ok(self.push(Operation::Affine { maps, bias }, rows, &arguments))
    }
    /// Adds A x.
    ///
    /// # Errors
    /// [`NetworkError::Dimension`] when the map does not fit.
    pub fn linear(&mut self, x: Value, map: LinearMap) -> Result<Value, NetworkError> {
        let bias = LinearMap::zero(map.rows(), 1);
        self.affine(&[(x, map)], bias)
    }
    /// Adds x + c (1, .., 1).
    ///
    /// # Errors
    /// Never: the dimensions fit.
    pub fn shift(&mut self, x: Value, c: &Rational) -> Result<Value, NetworkError> {
        let n = self.dimension(x);
        self.affine(&[(x, LinearMap::identity(n))], LinearMap::constant(n, c.clone()))
    }
    /// Adds the vectors one under another.
    ///
    /// # Errors
    /// [`NetworkError::Arguments`] for an empty list.
    pub fn concatenate(&mut self, values: &[Value]) -> Result<Value, NetworkError> {
        let rows = values.iter().map(|value| self.dimension(*value)).sum();
        let mut row = 0;
        let mut terms = Vec::new();
        for &value in values {
            let n = self.dimension(value);
            terms.push((value, LinearMap::identity(n).embed(rows, n, row, 0)));
            row += n;
        }
        self.affine(&terms, LinearMap::zero(rows, 1))
    }
    /// Adds the sum of c_i x_i of vectors of one dimension.
    ///
    /// # Errors
    /// [`NetworkError::Dimension`] when dimensions differ, [`NetworkError::Arguments`] for an empty list.
    pub fn combination(&mut self, terms: &[(Value, Rational)]) -> Result<Value, NetworkError> {
        let n = terms.first().map_or(0, |term| self.dimension(term.0));
        let terms: Vec<(Value, LinearMap)> =
            terms.iter().map(|(x, c)| (*x, LinearMap::scaled_identity(self.dimension(*x), c.clone()))).collect();
        self.affine(&terms, LinearMap::zero(n, 1))
    }
    /// Adds max(x, 0).
    pub fn relu(&mut self, x: Value) -> Value {
        let dimension = self.dimension(x);
        self.push(Operation::Relu, dimension, &[x])
    }
    /// Adds n copies of a network, copy k on part k of each argument.
    ///
    /// # Errors
    /// [`NetworkError::Arguments`] and [`NetworkError::Dimension`] when the arguments do not fit.
    pub fn call(&mut self, copies: usize, network: &Arc<Network>, arguments: &[Value]) -> Result<Value, NetworkError> {
        let expected = network.input_dimensions();
        if expected.len() != arguments.len() {
            let (place, found) = ("call of a network".to_owned(), arguments.len());
            return Err(NetworkError::Arguments { place, found, expected: expected.len() });
        }
        for (port, (&argument, dimension)) in arguments.iter().zip(&expected).enumerate() {
            if self.dimension(argument) != dimension * copies {
                return Err(NetworkError::Dimension {
                    place: format!("call of a network, argument {port}"),
                    found: self.dimension(argument),
                    expected: dimension * copies,
                });
            }
        }
        let dimension = network.output_dimension() * copies;
        Ok(self.push(Operation::Call { copies, network: Arc::clone(network) }, dimension, arguments))
    }
    /// The finished network with this output.
    pub fn finish(self, output: Value) -> Network {
        Network { graph: self.graph, inputs: self.inputs, output: output.0 }
    }
}
