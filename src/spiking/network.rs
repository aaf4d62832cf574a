//! Spiking networks: neurons listed after those they read.

use std::collections::{HashMap, HashSet};

use super::coding::Coding;
use super::error::SpikingError;
use super::neuron::Neuron;

/// A spiking network: a directed graph without cycles.
///
/// Ids 0, .., inputs - 1 are the input neurons, whose firing times are given; every other neuron has an id of its own and
/// is listed after those it reads. See [`Neuron`] for what a neuron does.
#[derive(Debug, Clone)]
pub struct SpikingNetwork {
    inputs: usize,
    neurons: Vec<Neuron>,
    outputs: Vec<usize>,
    coding: Option<Coding>,
    /// The place of every id: the inputs, then the neurons in order.
    places: HashMap<usize, usize>,
    /// For every place the places it reads, in the order of its synapses.
    sources: Vec<Vec<usize>>,
}

impl PartialEq for SpikingNetwork {
    fn eq(&self, other: &Self) -> bool {
        // Places and sources follow from the rest.
        (self.inputs, &self.neurons, &self.outputs, &self.coding)
            == (other.inputs, &other.neurons, &other.outputs, &other.coding)
    }
}

impl SpikingNetwork {
    /// Builds a network from its neurons.
    ///
    /// # Complexity
    /// Time and space O(neurons + synapses).
    ///
    /// # Errors
    /// [`SpikingError`]: no input or output, ids that are taken, thresholds that are not positive, negative delays,
    /// windows without length, synapses from unknown neurons, repeated synapses, cycles, neurons listed before those
    /// they read, outputs or reference inputs that do not exist.
    ///
    /// ```
    /// use certinet::arith::Rational;
    /// use certinet::spiking::{Neuron, SpikingNetwork, Synapse, simulate, SimulateOptions};
    /// // The toy neuron of the slides: delays 2 and 1, everything else 1.
    /// let synapse = |from, delay: i64| Synapse::new(from, Rational::one(), Rational::from(delay));
    /// let neuron = Neuron::new(2, Rational::one(), vec![synapse(0, 2), synapse(1, 1)]);
    /// let network = SpikingNetwork::new(2, vec![neuron], vec![2])?;
    /// let times = |list: &[i64]| list.iter().map(|&t| vec![Rational::from(t)]).collect::<Vec<_>>();
    /// // t_2 = (t_0 + t_1) / 2 + 2 when t_0 < t_1 < t_0 + 2.
    /// let activity = simulate(&network, &times(&[0, 1]), &SimulateOptions::default())?;
    /// assert_eq!(activity.firing_times(2), Some(vec![Rational::ratio(5, 2)]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(inputs: usize, neurons: Vec<Neuron>, outputs: Vec<usize>) -> Result<Self, SpikingError> {
        if inputs == 0 {
            return Err(SpikingError::Empty { what: "inputs" });
        }
        if outputs.is_empty() {
            return Err(SpikingError::Empty { what: "outputs" });
        }
        let mut places: HashMap<usize, usize> = HashMap::with_capacity(neurons.len());
        for (place, neuron) in neurons.iter().enumerate() {
            if neuron.id < inputs || places.insert(neuron.id, inputs + place).is_some() {
                return Err(SpikingError::Id { place, id: neuron.id, inputs });
            }
        }
        let mut network = Self { inputs, neurons, outputs, coding: None, places, sources: vec![Vec::new(); inputs] };
        let checked = network.neurons.iter().enumerate().map(|(number, neuron)| network.check(neuron, inputs + number));
        let checked = checked.collect::<Result<Vec<_>, _>>()?;
        network.sources.extend(checked);
        match network.outputs.iter().find(|id| network.place(**id).is_none()) {
            Some(&id) => Err(SpikingError::NoNeuron { what: "the list of outputs", id }),
            None => Ok(network),
        }
    }

    /// The network with this coding of numbers.
    ///
    /// # Errors
    /// [`SpikingError::Reference`] for reference inputs that are repeated or no inputs.
    pub fn with_coding(mut self, coding: Coding) -> Result<Self, SpikingError> {
        let mut seen = HashSet::new();
        match coding.reference_inputs.iter().find(|(id, _)| *id >= self.inputs || !seen.insert(*id)) {
            Some(&(id, _)) => Err(SpikingError::Reference { id, inputs: self.inputs }),
            None => {
                self.coding = Some(coding);
                Ok(self)
            }
        }
    }

    /// Checks one neuron; returns the places it reads.
    fn check(&self, neuron: &Neuron, place: usize) -> Result<Vec<usize>, SpikingError> {
        let id = neuron.id;
        if !neuron.threshold.is_positive() {
            return Err(SpikingError::Threshold { id, found: neuron.threshold.clone() });
        }
        let mut seen = HashSet::new();
        let mut sources = Vec::with_capacity(neuron.synapses.len());
        for (number, synapse) in neuron.synapses.iter().enumerate() {
            let from = synapse.from;
            if synapse.delay.is_negative() {
                return Err(SpikingError::Delay { id, synapse: number, found: synapse.delay.clone() });
            }
            if let Some(window) = synapse.window.as_ref().filter(|window| !window.is_positive()) {
                return Err(SpikingError::Window { id, synapse: number, found: window.clone() });
            }
            let Some(source) = self.place(from) else {
                return Err(SpikingError::Unknown { id, synapse: number, from });
            };
            if !seen.insert(from) {
                return Err(SpikingError::Repeated { id, synapse: number, from });
            }
            if source >= place {
                let cycle = self.depends(source, place);
                return Err(if cycle { SpikingError::Cycle { id, from } } else { SpikingError::Order { id, from } });
            }
            sources.push(source);
        }
        Ok(sources)
    }

    /// Whether the neuron at one place reads, directly or not, the neuron at another.
    fn depends(&self, from: usize, on: usize) -> bool {
        let mut seen = HashSet::from([from]);
        let mut left = vec![from];
        while let Some(place) = left.pop() {
            if place == on {
                return true;
            }
            let Some(number) = place.checked_sub(self.inputs) else { continue };
            let read = self.neurons[number].synapses.iter().filter_map(|synapse| self.place(synapse.from));
            left.extend(read.filter(|place| seen.insert(*place)));
        }
        false
    }

    /// The number of input neurons.
    pub fn inputs(&self) -> usize {
        self.inputs
    }
    /// The neurons that are no inputs, each after those it reads.
    pub fn neurons(&self) -> &[Neuron] {
        &self.neurons
    }
    /// The ids of the outputs.
    pub fn outputs(&self) -> &[usize] {
        &self.outputs
    }
    /// How numbers are written in firing times, where that was said.
    pub fn coding(&self) -> Option<&Coding> {
        self.coding.as_ref()
    }
    /// The neuron with this id; `None` for inputs and unknown ids.
    pub fn neuron(&self, id: usize) -> Option<&Neuron> {
        self.places.get(&id).map(|place| &self.neurons[place - self.inputs])
    }
    /// The place of an id: inputs first, then the neurons in order.
    pub fn place(&self, id: usize) -> Option<usize> {
        if id < self.inputs { Some(id) } else { self.places.get(&id).copied() }
    }
    /// The places that the neuron at a place reads, in the order of its synapses; none for inputs.
    pub fn sources(&self, place: usize) -> &[usize] {
        &self.sources[place]
    }
    /// The number of neurons, inputs counted.
    pub fn neuron_count(&self) -> usize {
        self.inputs + self.neurons.len()
    }
    /// The number of synapses.
    pub fn synapse_count(&self) -> usize {
        self.sources.iter().map(Vec::len).sum()
    }
    /// The layer of every place: 0 for inputs, else one more than the highest layer that is read (1 when none is).
    pub fn levels(&self) -> Vec<usize> {
        let mut levels = vec![0; self.inputs];
        for sources in &self.sources[self.inputs..] {
            let highest = sources.iter().map(|&source| levels[source]).fold(0, Ord::max);
            levels.push(highest + 1);
        }
        levels
    }
    /// The number of layers, the layer of inputs not counted.
    pub fn layers(&self) -> usize {
        self.levels().into_iter().fold(0, Ord::max)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::neuron::Synapse;
    use super::*;
    use crate::arith::Rational;

    fn neuron(id: usize, from: &[usize]) -> Neuron {
        let synapse = |&from: &usize| Synapse::new(from, Rational::one(), Rational::zero());
        Neuron::new(id, Rational::one(), from.iter().map(synapse).collect())
    }

    #[test]
    fn a_network_knows_its_layers() {
        let network =
            SpikingNetwork::new(2, vec![neuron(7, &[0]), neuron(3, &[7, 1]), neuron(4, &[])], vec![3, 0]).unwrap();
        assert_eq!((network.layers(), network.neuron_count(), network.synapse_count()), (2, 5, 3));
        assert_eq!(network.sources(3), [2, 1]);
        assert_eq!(network.levels(), [0, 0, 1, 2, 1]);
        assert_eq!(network.neuron(3).map(|neuron| neuron.id), Some(3));
        assert!(network.neuron(0).is_none() && network.neuron(9).is_none());
    }

    #[test]
    fn bad_networks_are_refused() {
        let with = |change: fn(&mut Synapse)| {
            let mut bad = neuron(2, &[0, 1]);
            change(&mut bad.synapses[1]);
            vec![bad]
        };
        let threshold = vec![Neuron { threshold: Rational::zero(), ..neuron(2, &[0]) }];
        for (neurons, outputs, expected) in [
            (vec![], vec![], "the network has no outputs"),
            (vec![neuron(1, &[0])], vec![1], "neurons[0] has the id 1, which is taken"),
            (vec![neuron(2, &[0]), neuron(2, &[0])], vec![2], "neurons[1] has the id 2, which is taken"),
            (threshold, vec![2], "neuron 2 has the threshold 0: accepted are positive numbers"),
            (with(|s| s.delay = Rational::from(-1)), vec![2], "neuron 2, synapses[1] has the delay -1"),
            (with(|s| s.window = Some(Rational::zero())), vec![2], "neuron 2, synapses[1] has the window 0"),
            (with(|s| s.from = 9), vec![2], "neuron 2, synapses[1] reads neuron 9: there is no neuron"),
            (with(|s| s.from = 0), vec![2], "neuron 2, synapses[1] reads neuron 0 again"),
            (with(|s| s.from = 2), vec![2], "neuron 2 reads neuron 2, which depends on it"),
            (vec![neuron(2, &[3]), neuron(3, &[2])], vec![2], "neuron 2 reads neuron 3, which depends on it"),
            (vec![neuron(2, &[3]), neuron(3, &[0])], vec![2], "neuron 2 reads neuron 3, which is listed after it"),
            (vec![neuron(2, &[0])], vec![5], "the list of outputs names neuron 5"),
        ] {
            let message = SpikingNetwork::new(2, neurons, outputs).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{message}");
        }
        assert!(SpikingNetwork::new(0, vec![], vec![0]).is_err());
        let network = SpikingNetwork::new(2, vec![neuron(2, &[0])], vec![2]).unwrap();
        for ids in [vec![2], vec![0, 0]] {
            let reference_inputs = ids.into_iter().map(|id| (id, Rational::zero())).collect();
            let coding = Coding { input_offset: Rational::zero(), output_offset: Rational::zero(), reference_inputs };
            assert!(network.clone().with_coding(coding).is_err());
        }
    }
}
