//! Spiking neurons that compute with firing times: the spike response model, exactly.
//!
//! A neuron v reads neurons u through synapses of weight w (any sign), delay d >= 0 and a window delta (finite, or none).
//! A spike of u at time s adds w (t - s - d) to the membrane potential for d <= t - s <= d + delta, and nothing outside
//!
//! ```text
//! response                          /|          v fires when its potential
//!                                 /  |          comes up to its threshold
//!      0 ----------------------/     |----------
//!              s             s+d    s+d+delta
//! ```
//!
//! | file | object |
//! |---|---|
//! | `neuron`, `response`, `network` | [`Neuron`], [`Synapse`], [`Response`], [`SpikingNetwork`]: what a network is, and when it is refused |
//! | `simulate`, `scan`, `ladder` | [`simulate`]: all firing times, neuron by neuron, in integers over common denominators |
//! | `trace` | [`Trace`]: the potential of one neuron as a function of time |
//! | `regions`, `continuity`, `bounds` | one neuron as a function of its arrival times: its pieces, whether it is continuous |
//! | `pieces`, `symbolic` | [`firing_pieces`]: whole networks, weights of any sign, windows: simulated on polyhedra |
//! | `equality` | [`equals_relu`], [`equals_spiking`]: exact equality, or a point where they differ |
//! | `from_relu`, `relay` | [`from_relu`]: a ReLU network on a box as a spiking network |
//! | `to_relu` | [`to_relu`]: a spiking network of positive weights as a ReLU network |
//! | `coding` | [`Coding`]: numbers as firing times, [`evaluate`] |
//! | `minimum` | [`approximate_minimum`], and [`double_kink`], [`windowed_relu`]: what one neuron can |
//! | `impossibility` | [`relu_by_one_layer`]: no layer without windows that end is a ReLU; decided with them |
//! | `conversion`, `construction`, `certificate` | conversions and the minimum with their claim and the lines of their proof |
//!
//! Nothing here sees a float or a clock: times, weights and potentials are rational numbers. A neuron that never fires is
//! *silent*: a value (an empty list of firing times), not an error. Start with [`SpikingNetwork::new`] and [`simulate`].
mod bounds;
mod certificate;
mod coding;
mod construction;
mod continuity;
mod conversion;
mod equality;
mod error;
mod from_relu;
mod impossibility;
mod ladder;
mod minimum;
mod network;
mod neuron;
#[cfg(test)]
mod numbers;
mod pieces;
mod regions;
mod relay;
mod response;
mod scan;
mod simulate;
mod symbolic;
mod to_relu;
mod trace;

pub use bounds::{LayerBounds, layer_bounds};
pub use certificate::write_certificate;
pub use coding::{Coding, evaluate};
pub use construction::{
    SpikingConstruction, SpikingSubject, measure_spiking, spiking_minimum, spiking_minimum_for_error,
};
pub use continuity::{Continuity, Jump, continuity};
pub use conversion::{computing, neuron_to_relu, relu_to_spiking, spiking_to_relu};
pub use equality::{SpikingEquality, equals_relu, equals_spiking, input_functions, value_inputs};
pub use error::SpikingError;
pub use from_relu::{FromReluMethod, from_relu, from_relu_size};
pub use impossibility::{ReluByOneLayer, ReluWitness, relu_by_one_layer};
pub use minimum::{ApproximateMinimum, approximate_minimum, double_kink, windowed_relu};
pub use network::SpikingNetwork;
pub use neuron::{Neuron, Synapse};
pub use pieces::{FiringPiece, FiringPieces, firing_pieces};
pub use regions::{FiringRegion, FiringRegions, MAX_SYNAPSES};
pub use response::Response;
pub use simulate::{Activity, SimulateOptions, Spikes, simulate};
pub use to_relu::{ToReluMethod, to_relu};
pub use trace::{Breakpoint, Trace, trace};
