//! A network as numbered parts: what every file format writes.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::{Axis, Block, LinearMap, Network, Operation, Value};

/// A network with everything it calls, as lists: equal blocks and equal networks once, callees before callers, inputs
/// before other nodes, unused nodes left out.
///
/// The form is canonical: the same network gives the same listing, however its parts are shared in memory.
#[derive(Debug, Default)]
pub struct Listing {
    blocks: Vec<Arc<Block>>,
    /// Numbers of blocks by hash of their content, and by address as a short cut.
    block_numbers: HashMap<u64, Vec<usize>>,
    block_addresses: HashMap<*const Block, usize>,
    networks: Vec<ListedNetwork>,
    network_numbers: HashMap<u64, Vec<usize>>,
    network_addresses: HashMap<*const Network, usize>,
}

/// One network of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListedNetwork {
    /// The nodes, arguments before their users.
    pub nodes: Vec<ListedNode>,
    /// The number of the node that is the output.
    pub output: usize,
}

/// One node of a listed network; numbers refer to nodes of the same network.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ListedNode {
    /// An input of this dimension.
    Input(usize),
    /// An affine map.
    Affine {
        /// Dimension of the value.
        rows: usize,
        /// (argument, tiles of its map).
        terms: Vec<(usize, Vec<ListedTile>)>,
        /// Tiles of the bias, a map of one column.
        bias: Vec<ListedTile>,
    },
    /// max(x, 0) of an argument.
    Relu(usize),
    /// Copies of a network.
    Call {
        /// The number of the network.
        network: usize,
        /// The number of copies.
        copies: usize,
        /// The arguments.
        arguments: Vec<usize>,
    },
}

/// A tile that names its block by number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListedTile {
    /// The number of the block.
    pub block: usize,
    /// Row of the first entry.
    pub row: usize,
    /// Column of the first entry.
    pub column: usize,
    /// Distance between the block's rows.
    pub row_step: usize,
    /// Distance between the block's columns.
    pub column_step: usize,
    /// The axes.
    pub axes: Vec<Axis>,
}

impl Listing {
    /// Lists a network and everything it calls.
    pub fn of(network: &Network) -> Self {
        let mut listing = Self::default();
        listing.add(network);
        listing
    }
    /// Lists two networks, `last` as the last one, and tells the number of the other.
    pub fn of_both(other: &Network, last: &Network) -> (Self, usize) {
        let mut listing = Self::default();
        let number = listing.add(other);
        let own = listing.add(last);
        if own + 1 < listing.networks.len() {
            // The other network calls this one: it is listed a second time, to be the last.
            listing.networks.push(listing.networks[own].clone());
        }
        (listing, number)
    }
    /// The blocks, in the order of their first use.
    pub fn blocks(&self) -> &[Arc<Block>] {
        &self.blocks
    }
    /// The networks, callees before callers; the last is the one that was listed.
    pub fn networks(&self) -> &[ListedNetwork] {
        &self.networks
    }
    /// The number of a network: the one that was listed, or one that it calls.
    pub fn find(&self, listed: &Network, network: &Arc<Network>) -> Option<usize> {
        let called = self.network_addresses.get(&Arc::as_ptr(network)).copied();
        called.or_else(|| core::ptr::eq(listed, Arc::as_ptr(network)).then(|| self.networks.len() - 1))
    }
    fn number(&mut self, network: &Arc<Network>) -> usize {
        match self.network_addresses.get(&Arc::as_ptr(network)) {
            Some(&number) => number,
            None => {
                let number = self.add(network);
                self.network_addresses.insert(Arc::as_ptr(network), number);
                number
            }
        }
    }
    /// The values of a network in the order of its nodes.
    pub fn order(network: &Network) -> Vec<Value> {
        let mut order: Vec<Value> = network.inputs().collect();
        order.extend(network.values().into_iter().filter(|value| network.input_number(*value).is_none()));
        order
    }

    fn add(&mut self, network: &Network) -> usize {
        let order = Self::order(network);
        let mut numbers = vec![0; network.value_count()];
        for (number, value) in order.iter().enumerate() {
            numbers[network.number(*value)] = number;
        }
        let nodes = order.iter().map(|&value| {
            let arguments = network.arguments(value).into_iter().map(|argument| numbers[network.number(argument)]);
            self.node(network, value, arguments.collect())
        });
        let listed = ListedNetwork { nodes: nodes.collect(), output: numbers[network.number(network.output())] };
        let alike = self.network_numbers.entry(hash(&listed)).or_default();
        if let Some(number) = alike.iter().copied().find(|&number| self.networks[number] == listed) {
            return number;
        }
        alike.push(self.networks.len());
        self.networks.push(listed);
        self.networks.len() - 1
    }

    fn node(&mut self, network: &Network, value: Value, arguments: Vec<usize>) -> ListedNode {
        match network.operation(value) {
            Operation::Input => ListedNode::Input(network.dimension(value)),
            Operation::Relu => ListedNode::Relu(arguments[0]),
            Operation::Call { copies, network } => {
                ListedNode::Call { network: self.number(network), copies: *copies, arguments }
            }
            Operation::Affine { maps, bias } => ListedNode::Affine {
                rows: network.dimension(value),
                terms: arguments.into_iter().zip(maps).map(|(argument, map)| (argument, self.map(map))).collect(),
                bias: self.map(bias),
            },
        }
    }

    fn map(&mut self, map: &LinearMap) -> Vec<ListedTile> {
        let listed = map.tiles().iter().map(|tile| ListedTile {
            block: self.block(&tile.block),
            row: tile.row,
            column: tile.column,
            row_step: tile.row_step,
            column_step: tile.column_step,
            axes: tile.axes.clone(),
        });
        listed.collect()
    }

    fn block(&mut self, block: &Arc<Block>) -> usize {
        if let Some(&number) = self.block_addresses.get(&Arc::as_ptr(block)) {
            return number;
        }
        let alike = self.block_numbers.entry(hash(&(block.rows(), block.columns(), block.entries()))).or_default();
        let known = alike.iter().copied().find(|&number| self.blocks[number] == *block);
        let number = known.unwrap_or(self.blocks.len());
        if known.is_none() {
            alike.push(number);
            self.blocks.push(Arc::clone(block));
        }
        self.block_addresses.insert(Arc::as_ptr(block), number);
        number
    }
}

fn hash(content: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}
