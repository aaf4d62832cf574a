//! A network computes the firing times of the spiking network: minima over sets of arrivals.

use std::collections::HashMap;

use super::super::nodes::{affine, affine_of_one, node, single_call};
use super::super::{Closing, Proof, Section, Specification, require};
use super::affine::Work;
use super::subject;
use crate::count::for_each_position;
use crate::lexer::Tokens;
use crate::network::{Map, Network, Operation, Weight};
use crate::number::Number;
use crate::problem::{Problem, problem};
use crate::spiking::{Neuron, SpikingNetwork};
use crate::statement::{Domain, Target};

/// The most entries of all matrices that are read.
const ENTRIES: u128 = 1 << 24;
/// The most synapses of a neuron whose sets are listed.
const MAX_TREE: usize = 16;

/// What a node of the network holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fact {
    /// The arrivals at a neuron, in the order of its synapses.
    Arrivals(usize),
    /// The firing time of a neuron.
    Time(usize),
}

/// A section about one network.
pub struct Times {
    number: usize,
    /// By node.
    facts: HashMap<usize, Fact>,
    /// The node of the time of a neuron.
    nodes: HashMap<usize, usize>,
    entries: u128,
    work: Work,
}

/// Entries (row, column, value), sorted by place, distinct, not 0.
type Entries = Vec<((u64, u64), Number)>;

impl Times {
    pub(in super::super) fn open(proof: &Proof, number: usize, tokens: Tokens<'_>) -> Result<Self, Problem> {
        tokens.end()?;
        let (spiking, network) = (subject(proof)?, proof.network(number)?);
        let plain = spiking.input_offset.is_zero() && spiking.output_offset.is_zero() && spiking.references.is_empty();
        require(plain, "the coding is 0 0, without reference inputs")?;
        for neuron in &spiking.neurons {
            require(!neuron.synapses.is_empty(), "every neuron has a synapse")?;
            let synapses = || neuron.synapses.iter();
            require(synapses().all(|synapse| synapse.weight.is_positive()), "all weights are positive")?;
            require(synapses().all(|synapse| synapse.window.is_none()), "windows are without end")?;
        }
        let mut inputs = network.nodes.iter().filter_map(|node| match node.operation {
            Operation::Input(n) => Some(n),
            _ => None,
        });
        let one = inputs.next() == Some(spiking.inputs as u64) && inputs.next().is_none();
        require(one, "the network has one input of dimension n")?;
        let (facts, nodes) = (HashMap::new(), HashMap::new());
        Ok(Self { number, facts, nodes, entries: ENTRIES, work: Work::default() })
    }
}

impl Section for Times {
    fn line(&mut self, proof: &Proof, keyword: &str, mut tokens: Tokens<'_>) -> Result<Closing, Problem> {
        let (spiking, network) = (subject(proof)?, proof.network(self.number)?);
        if keyword == "conclude" {
            tokens.end()?;
            self.conclude(spiking, network)?;
            let domain = Domain::Space(spiking.inputs as u64);
            return Ok(Some((self.number, Specification::Exact(Target::Spiking, domain))));
        }
        let v = node(network, &mut tokens)?;
        let u = usize::try_from(tokens.natural()?).unwrap_or(usize::MAX);
        tokens.end()?;
        let Some(neuron) = spiking.neuron(u) else { return problem(format!("there is no neuron {u}")) };
        require(!self.facts.contains_key(&v), "the node has no fact yet")?;
        let fact = match keyword {
            "arrivals" => {
                let rows = neuron.synapses.iter().map(|synapse| (synapse.source, synapse.delay.clone()));
                self.holds(network, v, spiking, rows)?;
                Fact::Arrivals(u)
            }
            "tree" | "sorted" => {
                require(!self.nodes.contains_key(&u), "the neuron has no time yet")?;
                match keyword {
                    "tree" => self.tree(proof, network, v, (u, neuron))?,
                    _ => self.sorted(proof, network, v, (u, neuron))?,
                }
                self.nodes.insert(u, v);
                Fact::Time(u)
            }
            _ => return problem("the first word is not that of a line of this section"),
        };
        self.facts.insert(v, fact);
        Ok(None)
    }
}

impl Times {
    /// The entries of a map.
    fn entries(&mut self, map: &Map) -> Result<Entries, Problem> {
        let map = map.tidy()?;
        let mut all: Vec<((u64, u64), &Weight)> = Vec::new();
        for tile in map.tiles.iter() {
            let placed = tile.positions().and_then(|n| n.checked_mul(tile.block.entries.len() as u128));
            let left = placed.and_then(|placed| self.entries.checked_sub(placed));
            self.entries = left.ok_or_else(|| Problem("the maps have too many entries".to_owned()))?;
            for_each_position(&tile.axes, tile.row, tile.column, &mut |row, column| {
                all.extend(tile.block.entries.iter().map(|(i, j, c)| ((row + i, column + j), c)));
            });
        }
        all.sort_by_key(|entry| entry.0);
        let mut sums: Entries = Vec::new();
        for (place, c) in all {
            match sums.last_mut() {
                // Tiles coincide.
                Some(last) if last.0 == place => last.1 = self.work.sum(&last.1, &Number::from(c))?,
                _ => sums.push((place, Number::from(c))),
            }
        }
        sums.retain(|entry| !entry.1.is_zero());
        Ok(sums)
    }

    /// Tests that row k of an affine node is the firing time of neuron or input s_k plus d_k, for these (s_k, d_k).
    fn holds(
        &mut self,
        network: &Network,
        v: usize,
        spiking: &SpikingNetwork,
        rows: impl ExactSizeIterator<Item = (usize, Number)>,
    ) -> Result<(), Problem> {
        let (terms, bias) = affine(network, v)?;
        require(bias.rows == rows.len() as u64, "the node has as many rows")?;
        // The coefficient of every firing time in every row.
        let mut found: HashMap<(u64, usize), Number> = HashMap::new();
        for (x, map) in terms {
            let is_input = matches!(network.nodes.get(*x).map(|node| &node.operation), Some(Operation::Input(_)));
            let time = match self.facts.get(x) {
                Some(Fact::Time(u)) => Some(*u),
                _ => None,
            };
            require(is_input || time.is_some(), "the terms are the input, and times of neurons")?;
            for ((row, column), c) in self.entries(map)? {
                let source = time.unwrap_or(usize::try_from(column).unwrap_or(usize::MAX));
                let sum = match found.get(&(row, source)) {
                    Some(known) => self.work.sum(known, &c)?,
                    None => c,
                };
                found.insert((row, source), sum);
            }
        }
        found.retain(|_, c| !c.is_zero());
        let count = rows.len();
        let mut delays = self.entries(bias)?.into_iter().peekable();
        for (k, (source, delay)) in (0..).zip(rows) {
            let one = found.get(&(k, source)).is_some_and(|c| *c == Number::one());
            require(one && source < spiking.count(), "a row is the firing time of its source")?;
            let shift = delays.next_if(|entry| entry.0.0 == k).map_or_else(Number::zero, |entry| entry.1);
            require(self.work.equal(&shift, &delay)?, "the bias of a row is its delay")?;
        }
        require(found.len() == count, "a row is one firing time")
    }

    /// The argument of the minimum of q numbers that a node is; of one number, the number itself.
    fn candidates(&self, proof: &Proof, network: &Network, w: usize, q: u64) -> Result<usize, Problem> {
        if q == 1 && matches!(network.nodes.get(w).map(|node| &node.operation), Some(Operation::Affine { .. })) {
            return Ok(w);
        }
        let (callee, arguments) = single_call(network, w)?;
        let minimum = Specification::Exact(Target::Minimum(q), Domain::Space(q));
        require(*proof.known(callee)? == minimum, "the node calls the minimum of as many numbers on R^q")?;
        let &[candidates] = arguments else { return problem("a minimum has one argument") };
        Ok(candidates)
    }

    /// min over all sets S of (theta + sum_S w_k a_k) / sum_S w_k
    fn tree(
        &mut self,
        proof: &Proof,
        network: &Network,
        w: usize,
        (u, neuron): (usize, &Neuron),
    ) -> Result<(), Problem> {
        let d = neuron.synapses.len();
        require(d <= MAX_TREE, "the neuron has at most 16 synapses")?;
        let sets = 1u64 << d;
        let candidates = self.candidates(proof, network, w, sets - 1)?;
        let (x, map, bias) = affine_of_one(network, candidates)?;
        require(bias.rows == sets - 1, "there is one candidate for each set")?;
        require(self.facts.get(&x) == Some(&Fact::Arrivals(u)), "the candidates are affine in the arrivals")?;
        let (mut entries, mut shifts) = (self.entries(map)?.into_iter(), self.entries(bias)?.into_iter());
        for set in 1..sets {
            let members = || (0..).zip(&neuron.synapses).filter(|(k, _)| set >> k & 1 == 1);
            let mut sum = Number::zero();
            for (_, synapse) in members() {
                sum = self.work.sum(&sum, &synapse.weight)?;
            }
            for (k, synapse) in members() {
                let entry = entries.next().filter(|entry| entry.0 == (set - 1, k));
                let share = entry.map_or_else(Number::zero, |entry| entry.1);
                // The entry is w_k / sum_S w.
                let share = self.work.product(&share, &sum)?;
                require(self.work.equal(&share, &synapse.weight)?, "row S - 1 has the entries w_k / sum of w")?;
            }
            let shift = shifts.next().filter(|entry| entry.0 == (set - 1, 0));
            let shift = self.work.product(&shift.map_or_else(Number::zero, |entry| entry.1), &sum)?;
            require(self.work.equal(&shift, &neuron.threshold)?, "row S - 1 has the bias theta / sum of w")?;
        }
        require(entries.next().is_none() && shifts.next().is_none(), "there are no other entries")
    }

    /// min over k of (theta / w + the k smallest arrivals) / k
    fn sorted(
        &mut self,
        proof: &Proof,
        network: &Network,
        node: usize,
        (u, neuron): (usize, &Neuron),
    ) -> Result<(), Problem> {
        let d = neuron.synapses.len() as u64;
        let Some(first) = neuron.synapses.first() else { return problem("the neuron has no synapses") };
        let equal = neuron.synapses.iter().all(|synapse| synapse.weight == first.weight);
        require(equal, "the weights are equal")?;
        let candidates = self.candidates(proof, network, node, d)?;
        let (x, map, bias) = affine_of_one(network, candidates)?;
        require(bias.rows == d, "there is one candidate for each number of arrivals")?;
        let x = if d == 1 {
            x
        } else {
            let (callee, arguments) = single_call(network, x)?;
            require(*proof.known(callee)? == Specification::Sort(d), "the candidates are affine in sorted numbers")?;
            let &[arrivals] = arguments else { return problem("sorting has one argument") };
            arrivals
        };
        require(self.facts.get(&x) == Some(&Fact::Arrivals(u)), "what is sorted are the arrivals")?;
        let (mut entries, mut shifts) = (self.entries(map)?.into_iter(), self.entries(bias)?.into_iter());
        for k in 1..=d {
            let share = Number::from(&Weight::new(1.into(), k.into()));
            for j in 0..k {
                let entry = entries.next().filter(|entry| entry.0 == (k - 1, j) && entry.1 == share);
                require(entry.is_some(), "row k - 1 has k entries 1 / k")?;
            }
            let shift = shifts.next().filter(|entry| entry.0 == (k - 1, 0));
            let shift = self.work.product(&shift.map_or_else(Number::zero, |entry| entry.1), &first.weight)?;
            let shift = self.work.product(&shift, &Number::from(k))?;
            require(self.work.equal(&shift, &neuron.threshold)?, "row k - 1 has the bias theta / (w k)")?;
        }
        require(entries.next().is_none() && shifts.next().is_none(), "there are no other entries")
    }

    /// The output of the network are the times of the outputs.
    fn conclude(&mut self, spiking: &SpikingNetwork, network: &Network) -> Result<(), Problem> {
        if let [u] = spiking.outputs.as_slice()
            && self.facts.get(&network.output) == Some(&Fact::Time(*u))
        {
            return Ok(());
        }
        let rows = spiking.outputs.iter().map(|&v| (v, Number::zero()));
        self.holds(network, network.output, spiking, rows)
    }
}
