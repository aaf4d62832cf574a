//! Small random maps and networks, and what they mean, worked out the slow way.
#![allow(dead_code, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

use certinet_check::layered::Layered;
use certinet_check::network::{Axis, Block, Map, Network, Node, Operation, Tile, Weight};
use certinet_check::write_out::Weights;
use num_traits::{Signed, Zero};

/// A linear congruential generator: the same cases everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % n
    }
    pub fn chance(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    pub fn weight(&mut self) -> Weight {
        let numerator = [1, 1, -1, 2, -2, 3][self.below(6) as usize];
        Weight::new(numerator.into(), [1, 1, 1, 2, 4][self.below(5) as usize].into())
    }
    pub fn block(&mut self, rows: u64, columns: u64) -> Block {
        let mut entries = Vec::new();
        for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
            if !self.chance(3) {
                entries.push((i, j, self.weight()));
            }
        }
        Block { rows, columns, entries }
    }
    /// A tile with arbitrary steps and axes, inside this matrix.
    pub fn tile(&mut self, rows: u64, columns: u64) -> Tile {
        loop {
            let (r, c) = (1 + self.below(2), 1 + self.below(2));
            let axes = (0..self.below(4)).map(|_| Axis {
                count: 1 + self.below(3),
                row: self.below(5),
                column: self.below(5),
            });
            let axes = axes.collect();
            let block = Rc::new(self.block(r, c));
            let (row, column) = (self.below(3), self.below(3));
            let tile = Tile { block, row, column, row_step: self.below(3), column_step: self.below(3), axes };
            if tile.end().is_some_and(|end| end.0 <= rows && end.1 <= columns) {
                return tile;
            }
        }
    }
    /// A map of arbitrary tiles.
    pub fn tiles(&mut self, rows: u64, columns: u64) -> Map {
        Map { rows, columns, tiles: (0..self.below(4)).map(|_| self.tile(rows, columns)).collect() }
    }
    /// A map of the kinds that constructions use.
    pub fn map(&mut self, rows: u64, columns: u64) -> Map {
        let common = (2..=rows.min(columns)).find(|n| rows.is_multiple_of(*n) && columns.is_multiple_of(*n));
        match (self.below(6), common) {
            (0 | 1, Some(n)) => self.map(rows / n, columns / n).copies(n).unwrap(),
            (2, _) if rows == columns => Map::scaled_identity(rows, self.weight()).unwrap(),
            (3, _) => Map::gather(columns, 0, &[(rows, 0)]).unwrap(),
            (4, _) => self.tiles(rows, columns),
            (5, _) if rows <= columns => Map::slice(columns, self.below(columns - rows + 1), rows).unwrap(),
            _ => Map::literal(self.block(rows, columns)).unwrap(),
        }
    }
    fn affine(&mut self, nodes: &[Node], dimension: u64) -> Node {
        let mut terms = Vec::new();
        for _ in 0..1 + self.below(2) {
            let argument = self.below(nodes.len() as u64) as usize;
            terms.push((argument, self.map(dimension, nodes[argument].dimension)));
        }
        let bias = if self.chance(2) { Map::zero(dimension, 1) } else { self.map(dimension, 1) };
        Node { operation: Operation::Affine { terms, bias }, dimension }
    }
    fn network(&mut self, before: &[Network]) -> Network {
        let mut nodes: Vec<Node> = Vec::new();
        for _ in 0..1 + self.below(3) {
            let dimension = 1 + self.below(4);
            nodes.push(Node { operation: Operation::Input(dimension), dimension });
        }
        for _ in 0..2 + self.below(7) {
            let node = match self.below(5) {
                0 | 1 if !before.is_empty() => {
                    let network = self.below(before.len() as u64) as usize;
                    let (called, copies) = (&before[network], 1 + self.below(3));
                    let mut arguments = Vec::new();
                    for input in called.nodes.iter().filter(|node| matches!(node.operation, Operation::Input(_))) {
                        let dimension = copies * input.dimension;
                        let fits: Vec<usize> = (0..nodes.len()).filter(|&i| nodes[i].dimension == dimension).collect();
                        if fits.is_empty() || self.chance(3) {
                            let node = self.affine(&nodes, dimension);
                            nodes.push(node);
                            arguments.push(nodes.len() - 1);
                        } else {
                            arguments.push(fits[self.below(fits.len() as u64) as usize]);
                        }
                    }
                    let dimension = copies * called.nodes[called.output].dimension;
                    Node { operation: Operation::Call { network, copies, arguments }, dimension }
                }
                2 | 3 => {
                    let argument = self.below(nodes.len() as u64) as usize;
                    Node { operation: Operation::Relu(argument), dimension: nodes[argument].dimension }
                }
                _ => {
                    let dimension = 1 + self.below(4);
                    self.affine(&nodes, dimension)
                }
            };
            nodes.push(node);
        }
        let output = if self.chance(8) { self.below(nodes.len() as u64) as usize } else { nodes.len() - 1 };
        Network { nodes, output }
    }
    /// Networks that call one another.
    pub fn networks(&mut self) -> Vec<Network> {
        let mut networks = Vec::new();
        for _ in 0..1 + self.below(5) {
            let network = self.network(&networks);
            networks.push(network);
        }
        networks
    }
}

/// The entries of a map, position by position.
pub fn dense(map: &Map) -> BTreeMap<(u64, u64), Weight> {
    let mut sum: BTreeMap<(u64, u64), Weight> = BTreeMap::new();
    for tile in map.tiles.iter() {
        let mut places = vec![(tile.row, tile.column)];
        for axis in &tile.axes {
            let steps = |(row, column)| (0..axis.count).map(move |k| (row + k * axis.row, column + k * axis.column));
            places = places.into_iter().flat_map(steps).collect();
        }
        for (row, column) in places {
            for (i, j, v) in &tile.block.entries {
                *sum.entry((row + i * tile.row_step, column + j * tile.column_step)).or_insert_with(Weight::zero) += v;
            }
        }
    }
    sum.retain(|_, v| !v.is_zero());
    sum
}

/// A B, entry by entry.
pub fn dense_product(a: &Map, b: &Map) -> BTreeMap<(u64, u64), Weight> {
    let mut sum: BTreeMap<(u64, u64), Weight> = BTreeMap::new();
    let right = dense(b);
    for ((i, k), v) in dense(a) {
        for ((_, j), w) in right.range((k, 0)..(k + 1, 0)) {
            *sum.entry((i, *j)).or_insert_with(Weight::zero) += &v * w;
        }
    }
    sum.retain(|_, v| !v.is_zero());
    sum
}

fn apply(map: &Map, x: &[Weight], y: &mut [Weight]) {
    for ((i, j), v) in dense(map) {
        y[i as usize] += v * &x[j as usize];
    }
}

fn rectified(x: &[Weight]) -> Vec<Weight> {
    x.iter().map(|v| if v.is_negative() { Weight::zero() } else { v.clone() }).collect()
}

/// The value of network number `number`, node by node.
pub fn evaluate(networks: &[Network], number: usize, inputs: &[Vec<Weight>]) -> Vec<Weight> {
    let mut values: Vec<Vec<Weight>> = inputs.to_vec();
    for node in &networks[number].nodes[inputs.len()..] {
        values.push(match &node.operation {
            Operation::Input(_) => unreachable!("inputs come first"),
            Operation::Affine { terms, bias } => {
                let mut sum = vec![Weight::zero(); node.dimension as usize];
                apply(bias, &[Weight::from_integer(1.into())], &mut sum);
                terms.iter().for_each(|(argument, map)| apply(map, &values[*argument], &mut sum));
                sum
            }
            Operation::Relu(argument) => rectified(&values[*argument]),
            Operation::Call { network, copies, arguments } => {
                let part = |k: usize, x: &Vec<Weight>| {
                    let n = x.len() / *copies as usize;
                    x[k * n..(k + 1) * n].to_vec()
                };
                let copy = |k| arguments.iter().map(|&i| part(k, &values[i])).collect::<Vec<_>>();
                (0..*copies as usize).flat_map(|k| evaluate(networks, *network, &copy(k))).collect()
            }
        });
    }
    values.swap_remove(networks[number].output)
}

/// Rows, columns and the entries (row, column, text) of matrix and bias of a layer.
pub type Written = (u64, u64, Vec<(u32, u32, String)>, Vec<(u32, u32, String)>);

/// The layered form, written out.
pub fn written(layered: &Layered) -> Vec<Written> {
    let mut weights = Weights::default();
    let entries = |number: u64, bias: bool, weights: &mut Weights| {
        let (level, below) = (layered.level(number).unwrap(), layered.level(number - 1).unwrap());
        let mut list = Vec::new();
        let mut visit = |row, column, id, weights: &Weights| {
            list.push((row, column, weights.get(id).unwrap().0.to_string()));
            Ok(())
        };
        level.entries(&below, bias, weights, &mut visit).unwrap();
        (level.dimension, below.dimension, list)
    };
    let layer = |number| {
        let (rows, columns, matrix) = entries(number, false, &mut weights);
        let bias = entries(number, true, &mut weights).2;
        (rows, columns, matrix, bias)
    };
    (1..=layered.layers()).map(layer).collect()
}

/// The value of a layered form.
pub fn evaluate_written(layers: &[Written], input: &[Weight]) -> Vec<Weight> {
    let mut x = input.to_vec();
    for (number, (rows, columns, matrix, bias)) in layers.iter().enumerate() {
        assert_eq!(*columns, x.len() as u64);
        let below = if number == 0 { x } else { rectified(&x) };
        x = vec![Weight::zero(); *rows as usize];
        matrix.iter().for_each(|(i, j, v)| x[*i as usize] += v.parse::<Weight>().unwrap() * &below[*j as usize]);
        bias.iter().for_each(|(i, _, v)| x[*i as usize] += v.parse::<Weight>().unwrap());
    }
    x
}

/// Structured JSON, every tile with a block of its own.
pub fn structured_json(networks: &[Network]) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let mut map = |map: &Map| {
        let tiles = map.tiles.iter().map(|tile| {
            let common = 4;
            let entries = tile
                .block
                .entries
                .iter()
                .map(|(i, j, v)| format!("[{i},{j},\"{}\"]", v * Weight::from_integer(common.into())));
            let entries: Vec<String> = entries.collect();
            blocks.push(format!(
                "{{\"rows\":{},\"columns\":{},\"denominator\":\"{common}\",\"entries\":[{}]}}",
                tile.block.rows,
                tile.block.columns,
                entries.join(",")
            ));
            let axes: Vec<String> = tile.axes.iter().map(|a| format!("[{},{},{}]", a.count, a.row, a.column)).collect();
            format!(
                "{{\"block\":{},\"row\":{},\"column\":{},\"row_step\":{},\"column_step\":{},\"axes\":[{}]}}",
                blocks.len() - 1,
                tile.row,
                tile.column,
                tile.row_step,
                tile.column_step,
                axes.join(",")
            )
        });
        format!("[{}]", tiles.collect::<Vec<_>>().join(","))
    };
    let mut parts = Vec::new();
    for network in networks {
        let nodes = network.nodes.iter().map(|node| match &node.operation {
            Operation::Input(n) => format!("{{\"input\":{n}}}"),
            Operation::Relu(i) => format!("{{\"relu\":{i}}}"),
            Operation::Call { network, copies, arguments } => {
                format!("{{\"call\":{{\"network\":{network},\"copies\":{copies},\"arguments\":{arguments:?}}}}}")
            }
            Operation::Affine { terms, bias } => {
                let terms: Vec<String> =
                    terms.iter().map(|(i, m)| format!("{{\"argument\":{i},\"map\":{}}}", map(m))).collect();
                let (rows, bias) = (node.dimension, map(bias));
                format!("{{\"affine\":{{\"rows\":{rows},\"terms\":[{}],\"bias\":{bias}}}}}", terms.join(","))
            }
        });
        let nodes: Vec<String> = nodes.collect();
        parts.push(format!("{{\"nodes\":[{}],\"output\":{}}}", nodes.join(","), network.output));
    }
    let (blocks, parts) = (blocks.join(",\n"), parts.join(",\n"));
    format!("{{\"format\":\"certinet-structured\",\"version\":1,\n\"blocks\":[{blocks}],\n\"networks\":[{parts}]}}\n")
}

/// Layered JSON.
pub fn layered_json(layers: &[Written]) -> String {
    let (inputs, outputs) = (layers[0].1, layers[layers.len() - 1].0);
    let mut text = format!("{{\"format\":\"certinet-layered\",\"version\":1,\"inputs\":{inputs},\"outputs\":{outputs}");
    text.push_str(",\"layers\":[");
    for (number, (rows, columns, matrix, bias)) in layers.iter().enumerate() {
        let matrix: Vec<String> = matrix.iter().map(|(i, j, v)| format!("[{i},{j},\"{v}\"]")).collect();
        let bias: Vec<String> = bias.iter().map(|(i, _, v)| format!("[{i},\"{v}\"]")).collect();
        let comma = if number > 0 { "," } else { "" };
        let (matrix, bias) = (matrix.join(","), bias.join(","));
        let head = format!("{comma}\n{{\"rows\":{rows},\"columns\":{columns}");
        write!(text, "{head},\"weights\":[{matrix}],\"bias\":[{bias}]}}").unwrap();
    }
    text.push_str("]}\n");
    text
}
