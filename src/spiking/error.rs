//! What can go wrong with spiking networks.

use crate::arith::Rational;
use crate::network::NetworkError;

/// Characters of a number that a message shows.
const SHOWN: usize = 60;

/// A spiking network that is refused, or a request it cannot answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpikingError {
    /// A network without outputs or inputs.
    #[error("the network has no {what}: at least one is accepted")]
    Empty {
        /// What is missing.
        what: &'static str,
    },
    /// The id of an input, or of another neuron.
    #[error("neurons[{place}] has the id {id}, which is taken: accepted are distinct ids from {inputs} on")]
    Id {
        /// The place in the list of neurons.
        place: usize,
        /// The id.
        id: usize,
        /// The number of inputs.
        inputs: usize,
    },
    /// A threshold that is not positive.
    #[error("neuron {id} has the threshold {}: accepted are positive numbers", short(found))]
    Threshold {
        /// The neuron.
        id: usize,
        /// The threshold.
        found: Rational,
    },
    /// A negative delay.
    #[error("neuron {id}, synapses[{synapse}] has the delay {}: accepted are numbers from 0 on", short(found))]
    Delay {
        /// The neuron.
        id: usize,
        /// The place in its list of synapses.
        synapse: usize,
        /// The delay.
        found: Rational,
    },
    /// A window without length.
    #[error("neuron {id}, synapses[{synapse}] has the window {}: accepted are positive numbers or none", short(found))]
    Window {
        /// The neuron.
        id: usize,
        /// The place in its list of synapses.
        synapse: usize,
        /// The window.
        found: Rational,
    },
    /// A neuron that reads a neuron the network does not have.
    #[error("neuron {id}, synapses[{synapse}] reads neuron {from}: there is no neuron with this id")]
    Unknown {
        /// The neuron.
        id: usize,
        /// The place in its list of synapses.
        synapse: usize,
        /// The id that is read.
        from: usize,
    },
    /// A neuron that reads one neuron twice.
    #[error("neuron {id}, synapses[{synapse}] reads neuron {from} again: accepted is one synapse from each neuron")]
    Repeated {
        /// The neuron.
        id: usize,
        /// The place in its list of synapses.
        synapse: usize,
        /// The id that is read.
        from: usize,
    },
    /// A neuron that depends on itself.
    #[error("neuron {id} reads neuron {from}, which depends on it: accepted are networks without cycles")]
    Cycle {
        /// The neuron.
        id: usize,
        /// The id that is read.
        from: usize,
    },
    /// A neuron that is listed before one it reads.
    #[error(
        "neuron {id} reads neuron {from}, which is listed after it: accepted are neurons listed after those they read"
    )]
    Order {
        /// The neuron.
        id: usize,
        /// The id that is read.
        from: usize,
    },
    /// An output or a request that names no neuron.
    #[error("{what} names neuron {id}: there is no neuron with this id")]
    NoNeuron {
        /// What names it.
        what: &'static str,
        /// The id.
        id: usize,
    },
    /// A reference input that is no input, or is listed twice.
    #[error("the reference input {id} is repeated or no input: accepted are distinct ids below {inputs}")]
    Reference {
        /// The id.
        id: usize,
        /// The number of inputs.
        inputs: usize,
    },
    /// Another number of firing times than of inputs.
    #[error("{found} input firing times were given, the network has {expected} inputs")]
    Inputs {
        /// Firing times found.
        found: usize,
        /// Inputs of the network.
        expected: usize,
    },
    /// Another number of outputs than those of the network it is compared with.
    #[error("the networks have {expected} and {found} outputs: accepted are networks of the same dimensions")]
    Outputs {
        /// Outputs of the second.
        found: usize,
        /// Outputs of the first.
        expected: usize,
    },
    /// A limit of the simulation.
    #[error(
        "the simulation would pass {limit} machine words of event times at neuron {id}: fewer spikes or shorter numbers are needed"
    )]
    Work {
        /// The neuron at which the limit was met.
        id: usize,
        /// The limit.
        limit: u64,
    },
    /// A question about a neuron that has no answer in closed form.
    #[error("neuron {id} {found}: accepted are {accepted}")]
    Neuron {
        /// The neuron.
        id: usize,
        /// What it has.
        found: String,
        /// What is needed.
        accepted: &'static str,
    },
    /// A box that does not fit the network.
    #[error("the domain has {found} intervals, the network takes {expected} inputs")]
    Domain {
        /// Intervals found.
        found: usize,
        /// Inputs of the network.
        expected: usize,
    },
    /// An interval without points.
    #[error("interval {position} of the domain has its ends in the wrong order: accepted is lower:upper")]
    EndsReversed {
        /// The interval, from 1.
        position: usize,
    },
    /// A parameter outside its range.
    #[error("{name} is {found}: accepted is {accepted}")]
    Parameter {
        /// Name of the parameter.
        name: &'static str,
        /// The value found.
        found: String,
        /// The range accepted.
        accepted: &'static str,
    },
    /// The ReLU network could not be lowered or put together.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// A domain that does not fit.
    #[error(transparent)]
    Polyhedra(#[from] crate::polyhedra::PolyhedraError),
    /// The ReLU network could not be evaluated.
    #[error(transparent)]
    Evaluate(#[from] crate::evaluate::EvaluateError),
    /// A part of the ReLU network could not be built.
    #[error(transparent)]
    Construct(#[from] crate::construct::ConstructError),
}

/// The start of a number: a message is one line that can be read.
fn short(x: &Rational) -> String {
    let text = x.to_string();
    if text.len() <= SHOWN { text } else { format!("{}..", &text[..SHOWN]) }
}
